/* Telephone and identity number: sealed at rest, masked, opened only with a reason. The numbers stand for nobody. */
#include "mod/person/person.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mod/file.h"
#include "mod/journal_sql.h"
#include "mod/testing.h"

#define PHONE "13800001234"
#define ID "11010519491231002X"
static const struct person_key WHO = {{"inspector", 9}, {"ZF-1", 4}};

static bool
put(struct ctx *c, struct person_key key, const struct person_say *say, bool dry_run)
{
    bool changed = false;

    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, person_put(c, key, say, dry_run, &changed)) == OK);
    return changed;
}

static struct person_say
both(void)
{
    return (struct person_say){true, true, STR("138-0000 1234"), STR("11010519491231002x")};
}

TEST_DB(what_is_stored_is_sealed_and_shown_masked)
{
    struct person_say say = both();
    struct person_private_get_row row;
    struct person_masked masked;
    char path[FILE_PATH_BYTES];
    struct stat st;

    EXPECT(put(c, WHO, &say, true));
    EXPECT(person_private_get(c->db, c->arena, &(struct person_private_get_in){WHO.registry, WHO.code}, &row) ==
           ERR_NOT_FOUND);
    EXPECT(put(c, WHO, &say, false));
    EXPECT(!put(c, WHO, &say, false));
    EXPECT(person_private_get(c->db, c->arena, &(struct person_private_get_in){WHO.registry, WHO.code}, &row) == OK);
    EXPECT(memmem(row.phone.p, row.phone.n, "0000", 4) == NULL && memmem(row.id_no.p, row.id_no.n, "1949", 4) == NULL);
    EXPECT(person_masked(c, WHO, &masked) == OK);
    EXPECT_STR(masked.phone, "138****1234");
    EXPECT_STR(masked.id_no, "1101**********002X");
    EXPECT(file_path(path, c->dir, STR("keys/person.key")) == OK && stat(path, &st) == 0 && (st.st_mode & 077) == 0);
}

TEST_DB(what_is_not_said_stays_and_what_is_said_to_be_nothing_goes)
{
    struct person_say say = both(), phone = {.phone_said = true, .phone = STR("0376-6201234")}, gone = {.id_said = true};
    struct person_masked masked;

    put(c, WHO, &say, false);
    EXPECT(put(c, WHO, &phone, false));
    EXPECT(person_masked(c, WHO, &masked) == OK);
    EXPECT_STR(masked.phone, "0376****234");
    EXPECT_STR(masked.id_no, "1101**********002X");
    EXPECT(put(c, WHO, &gone, false));
    EXPECT(!put(c, WHO, &gone, false));
    EXPECT(person_masked(c, WHO, &masked) == OK);
    EXPECT_STR(masked.id_no, "");
    EXPECT_STR(masked.phone, "0376****234");
}

TEST_DB(each_look_has_a_reason_and_an_entry)
{
    struct person_say say = both();
    struct person_plain plain;
    struct journal_list_subject_row *rows;
    size_t count;

    put(c, WHO, &say, false);
    EXPECT(person_reveal(c, WHO, (struct str){NULL, 0}, &plain) == ERR_LENGTH);
    EXPECT(journal_list_subject(c->db, c->arena, &(struct journal_list_subject_in){WHO.code, 0, 9}, &rows, &count) == OK);
    EXPECT_INT(count, 0);
    EXPECT(person_reveal(c, WHO, STR("核对抽查通知"), &plain) == OK);
    EXPECT(str_eq(plain.phone, STR(PHONE)) && str_eq(plain.id_no, STR(ID)));
    EXPECT(journal_list_subject(c->db, c->arena, &(struct journal_list_subject_in){WHO.code, 0, 9}, &rows, &count) == OK);
    EXPECT(count == 1 && str_eq(rows[0].act, STR("inspector.reveal")));
    EXPECT(memmem(rows[0].entry.p, rows[0].entry.n, "核对抽查通知", strlen("核对抽查通知")) != NULL);
    EXPECT(memmem(rows[0].entry.p, rows[0].entry.n, PHONE, strlen(PHONE)) == NULL);
}

TEST_DB(sealed_bytes_open_for_nobody_else_and_not_with_another_key)
{
    struct person_say say = both();
    struct person_key other = {STR("inspector"), STR("ZF-2")};
    struct person_private_get_row row;
    struct person_masked masked;
    struct person_plain plain;
    char path[FILE_PATH_BYTES];

    put(c, WHO, &say, false);
    EXPECT(person_private_get(c->db, c->arena, &(struct person_private_get_in){WHO.registry, WHO.code}, &row) == OK);
    EXPECT(person_private_put(c->db, &(struct person_private_put_in){other.registry, other.code, row.phone, row.id_no,
                                                                     1}) == OK);
    EXPECT(person_reveal(c, other, STR("x"), &plain) == ERR_DIGEST);
    EXPECT(file_path(path, c->dir, STR("keys/person.key")) == OK && unlink(path) == 0);
    EXPECT(person_reveal(c, WHO, STR("x"), &plain) == ERR_DIGEST);
    EXPECT(person_masked(c, WHO, &masked) == OK);
    EXPECT_STR(masked.phone, "****");
    EXPECT(put(c, WHO, &say, false)); /* typed in again, it counts again */
    EXPECT(person_reveal(c, WHO, STR("x"), &plain) == OK && str_eq(plain.phone, STR(PHONE)));
}

TEST_DB(bad_numbers_are_refused_and_named)
{
    const char *field;
    bool changed;

    EXPECT(person_check(&(struct person_say){true, false, STR("12345678901"), {NULL, 0}}, &field) == ERR_INPUT);
    EXPECT_STR(field, "phone");
    EXPECT(person_check(&(struct person_say){false, true, {NULL, 0}, STR("110105194912310021")}, &field) == ERR_CHECK);
    EXPECT_STR(field, "id_no");
    EXPECT(person_check(&(struct person_say){true, true, {NULL, 0}, {NULL, 0}}, &field) == OK);
    EXPECT(person_put(c, WHO, &(struct person_say){.id_said = true, .id_no = STR("1")}, false, &changed) == ERR_LENGTH);
}

TEST_DB(a_file_lies_sealed_and_is_opened_whole_or_not_at_all)
{
    enum { BYTES = 200000 };
    char plain[FILE_PATH_BYTES], sealed[FILE_PATH_BYTES], *bytes = arena_alloc(c->arena, BYTES), *back = arena_alloc(c->arena, BYTES);
    struct stat st;
    int fd;

    EXPECT(bytes != NULL && back != NULL);
    for (size_t i = 0; i < BYTES; i++)
        bytes[i] = (char) ('0' + i * 7919 % 75);
    EXPECT(file_path(plain, c->dir, STR("in.csv")) == OK && file_path(sealed, c->dir, STR("sealed")) == OK);
    EXPECT(file_write(plain, (struct str){bytes, BYTES}, 0600) == OK);
    EXPECT(person_seal_file(c, 7, plain, sealed) == OK && stat(plain, &st) != 0);
    EXPECT(person_open_file(c, 7, sealed, &fd) == OK);
    EXPECT(pread(fd, back, BYTES, 0) == BYTES && memcmp(back, bytes, BYTES) == 0 && close(fd) == 0);
    EXPECT(person_open_file(c, 8, sealed, &fd) == ERR_DIGEST && fd == -1);
    EXPECT(stat(sealed, &st) == 0 && truncate(sealed, 2 * (65536 + 44)) == 0);
    EXPECT(person_open_file(c, 7, sealed, &fd) == ERR_DIGEST);
    EXPECT(file_write(plain, (struct str){"", 0}, 0600) == OK && person_seal_file(c, 9, plain, sealed) == OK);
    EXPECT(person_open_file(c, 9, sealed, &fd) == OK && fstat(fd, &st) == 0 && st.st_size == 0 && close(fd) == 0);
}

TEST_DB(a_line_is_sealed_and_one_without_the_mark_stays)
{
    struct str line, other = STR("{\"line\":2}");

    EXPECT(person_seal_line(c, STR("{\"cells\":[\"" PHONE "\"]}"), &line) == OK);
    EXPECT(memmem(line.p, line.n, "1380", 4) == NULL && memchr(line.p, '\n', line.n) == NULL);
    EXPECT(person_open_line(c, &line) == OK && str_eq(line, STR("{\"cells\":[\"" PHONE "\"]}")));
    EXPECT(person_open_line(c, &other) == OK && str_eq(other, STR("{\"line\":2}")));
    other = STR("~AAAA");
    EXPECT(person_open_line(c, &other) == ERR_DIGEST);
}

TEST_MAIN(T(a_file_lies_sealed_and_is_opened_whole_or_not_at_all), T(a_line_is_sealed_and_one_without_the_mark_stays),
          T(what_is_stored_is_sealed_and_shown_masked), T(what_is_not_said_stays_and_what_is_said_to_be_nothing_goes),
          T(each_look_has_a_reason_and_an_entry), T(sealed_bytes_open_for_nobody_else_and_not_with_another_key),
          T(bad_numbers_are_refused_and_named))
