/* ZIP files: what goes in comes out, names stay inside, the same content gives the same bytes. */
#include "base/test.h"
#include "format/zip.h"

#include <minizip/unzip.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BIG_BYTES = 3 << 20 };

static char path[] = "/tmp/zip-test-XXXXXX";

static enum err
make(struct str big)
{
    struct zip *z = NULL;
    enum err e = zip_open(path, &z);

    if (e != OK)
        return e;
    e = zip_add(z, "index.html", STR("<p>一案一档</p>"));
    if (e == OK)
        e = zip_add(z, "draws/411500-2026-0001/1/roster.tsv", big);
    if (e == OK)
        e = zip_add(z, "empty", (struct str){NULL, 0});
    return zip_close(z, e);
}

static struct str
whole(char *room, size_t room_bytes)
{
    FILE *f = fopen(path, "rb");
    size_t n = f == NULL ? 0 : fread(room, 1, room_bytes, f);

    if (f != NULL)
        fclose(f);
    return (struct str){room, n};
}

TEST(what_goes_in_comes_out_and_the_same_content_gives_the_same_bytes)
{
    static char big[BIG_BYTES], out[BIG_BYTES], first[1 << 20], second[1 << 20];
    struct str a, b;
    unzFile u;

    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (char) (i * 7 % 251);
    EXPECT_INT(make((struct str){big, sizeof big}), OK);
    a = whole(first, sizeof first);
    EXPECT_INT(make((struct str){big, sizeof big}), OK);
    b = whole(second, sizeof second);
    EXPECT(a.n > 0 && str_eq(a, b));
    EXPECT((u = unzOpen64(path)) != NULL);
    EXPECT_INT(unzLocateFile(u, "draws/411500-2026-0001/1/roster.tsv", 1), UNZ_OK);
    EXPECT_INT(unzOpenCurrentFile(u), UNZ_OK);
    EXPECT_INT(unzReadCurrentFile(u, out, sizeof out), BIG_BYTES);
    EXPECT(memcmp(big, out, sizeof out) == 0);
    EXPECT_INT(unzCloseCurrentFile(u), UNZ_OK);
    EXPECT_INT(unzLocateFile(u, "empty", 1), UNZ_OK);
    unzClose(u);
}

TEST(a_name_that_leaves_the_archive_or_is_not_plain_is_refused)
{
    static const char *const BAD[] = {"/etc/passwd", "../x", "a/../../x", "a b", "a\\b", "c:x", "文", "a\n"};
    char longest[ZIP_NAME_BYTES_MAX + 2];
    struct zip *z = NULL;

    memset(longest, 'a', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    EXPECT_INT(zip_open(path, &z), OK);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        EXPECT_INT(zip_add(z, BAD[i], STR("x")), ERR_CHARSET);
    EXPECT_INT(zip_add(z, "", STR("x")), ERR_LENGTH);
    EXPECT_INT(zip_add(z, longest, STR("x")), ERR_LENGTH);
    EXPECT_INT(zip_close(z, OK), OK);
}

TEST(where_nothing_can_be_written_it_is_told)
{
    struct zip *z = NULL;

    EXPECT_INT(zip_open("/nowhere/at/all.zip", &z), ERR_IO);
    EXPECT_INT(zip_open(path, &z), OK);
    EXPECT_INT(zip_close(z, ERR_CANCELLED), ERR_CANCELLED);
    unlink(path);
}

int
main(void)
{
    int fd = mkstemp(path);
    const struct CMUnitTest tests[] = {T(what_goes_in_comes_out_and_the_same_content_gives_the_same_bytes),
                                       T(a_name_that_leaves_the_archive_or_is_not_plain_is_refused),
                                       T(where_nothing_can_be_written_it_is_told)};

    if (fd < 0)
        return 1;
    close(fd);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
