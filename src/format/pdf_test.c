/* Documents on paper: Chinese text can be selected, pages are counted, the same input gives the same bytes. The texts are
 * read back by pdftotext (poppler-utils), which shares no code with cairo. */
#include "base/test.h"
#include "format/pdf.h"

#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { OUT_BYTES = 4 << 20, TEXT_BYTES = 1 << 20 };

static char *out;
static size_t out_n;
static char text[TEXT_BYTES];

static enum err
make(pdf_fn fn, void *arg)
{
    struct pdf_config c = {.title = STR("测试文书"), .author = STR("某市双随机办公室"), .footer = STR("编号 1"),
                           .created_us = INT64_C(1772416800000000)};
    enum err e;

    free(out);
    out = NULL;
    c.out = open_memstream(&out, &out_n);
    e = pdf_make(&c, fn, arg);
    fclose(c.out);
    return e;
}

/* What a reader of the file can select. */
static const char *
select_all(const char *options)
{
    char name[] = "/tmp/pdf-test-XXXXXX", command[200];
    int fd = mkstemp(name);
    FILE *from;
    size_t n;

    EXPECT(fd >= 0 && write(fd, out, out_n) == (ssize_t) out_n);
    close(fd);
    (void) snprintf(command, sizeof command, "pdftotext %s %s -", options, name);
    from = popen(command, "r");
    EXPECT(from != NULL);
    n = fread(text, 1, sizeof text - 1, from);
    text[n] = '\0';
    EXPECT_INT(pclose(from), 0);
    unlink(name);
    return text;
}

static size_t
count(const char *needle)
{
    size_t n = 0;

    for (const char *s = text; (s = strstr(s, needle)) != NULL; s += strlen(needle))
        n++;
    return n;
}

static enum err
notice(struct pdf *p, void *arg)
{
    static const struct pdf_column COLUMNS[] = {{1, true, false, false, false}, {3, false, false, false, false}};

    (void) arg;
    pdf_text(p, PDF_TITLE, STR("双随机检查通知书"));
    pdf_text(p, PDF_PARAGRAPH, STR("根据《中华人民共和国行政处罚法》，现对你单位进行检查。"));
    pdf_table(p, COLUMNS, 2, NULL);
    pdf_row(p, (struct str[]){STR("检查事项"), STR("年报公示信息的检查")});
    pdf_row_wide(p, STR("备注"), (struct str){NULL, 0});
    pdf_table_end(p);
    pdf_text(p, PDF_CODE, STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    pdf_qr(p, STR("http://127.0.0.1:8080/v/0123456789ABCDEF/"), 30, STR("扫码核验"));
    return OK;
}

TEST(chinese_text_can_be_selected)
{
    EXPECT_INT(make(notice, NULL), OK);
    select_all("-layout");
    EXPECT(strstr(text, "双随机检查通知书") != NULL);
    EXPECT(strstr(text, "根据《中华人民共和国行政处罚法》") != NULL);
    EXPECT(strstr(text, "年报公示信息的检查") != NULL && strstr(text, "扫码核验") != NULL);
    EXPECT(strstr(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") != NULL);
    EXPECT(strstr(text, "第1页") != NULL && strstr(text, "共1页") != NULL && strstr(text, "编号 1") != NULL);
}

TEST(the_same_document_gives_the_same_bytes)
{
    char *first;
    size_t first_n;

    EXPECT_INT(make(notice, NULL), OK);
    first = out;
    first_n = out_n;
    out = NULL;
    EXPECT_INT(make(notice, NULL), OK);
    EXPECT(first_n == out_n && memcmp(first, out, out_n) == 0);
    free(first);
}

static enum err
long_table(struct pdf *p, void *arg)
{
    static const struct pdf_column COLUMNS[] = {{1, false, true, false, false}, {4, false, false, false, false}};
    static const struct str HEADER[] = {STR("序号"), STR("对象名称")};

    (void) arg;
    pdf_table(p, COLUMNS, 2, HEADER);
    for (int i = 1; i <= 120; i++) {
        char number[16];

        (void) snprintf(number, sizeof number, "r%d.", i);
        pdf_row(p, (struct str[]){str_of(number), STR("某某有限公司")});
    }
    pdf_table_end(p);
    return OK;
}

TEST(a_long_table_repeats_its_header_and_loses_no_row)
{
    size_t pages;

    EXPECT_INT(make(long_table, NULL), OK);
    select_all("-layout");
    pages = count("\f");
    EXPECT(pages >= 3);
    EXPECT_INT((int) count("对象名称"), (int) pages);
    EXPECT_INT((int) count("某某有限公司"), 120);
    for (int i = 1; i <= 120; i++) {
        char number[16];

        (void) snprintf(number, sizeof number, "r%d.", i);
        EXPECT_INT((int) count(number), 1);
    }
}

static enum err
tall_row(struct pdf *p, void *arg)
{
    static const struct pdf_column COLUMNS[] = {{1, true, false, false, false}, {4, false, false, false, false}};
    static char lines[400 * 8];
    size_t n = 0;

    (void) arg;
    for (int i = 0; i < 400; i++)
        n += (size_t) snprintf(lines + n, sizeof lines - n, "<%03d>\n", i);
    pdf_table(p, COLUMNS, 2, (struct str[]){STR("项"), STR("容")});
    pdf_row(p, (struct str[]){STR("情况"), {lines, n}});
    pdf_row_wide(p, STR("又"), (struct str){lines, n});
    pdf_table_end(p);
    pdf_text(p, PDF_BODY, (struct str){lines, n});
    return OK;
}

TEST(a_row_or_paragraph_taller_than_a_page_is_cut_between_its_lines)
{
    EXPECT_INT(make(tall_row, NULL), OK);
    select_all("-layout");
    for (int i = 0; i < 400; i++) {
        char mark[8];

        (void) snprintf(mark, sizeof mark, "<%03d>", i);
        EXPECT_INT((int) count(mark), 3);
    }
}

/* 8 × 8 grey JPEG: one block, all of one value. */
static const unsigned char JPEG[] = {
    0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
    0xFF, 0xC4, 0, 20, 0x00, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0xFF, 0xDA, 0, 8, 1, 1, 0x00, 0, 63, 0, 0x3F, 0xFF, 0xD9};

static cairo_status_t
keep(void *arg, const unsigned char *data, unsigned n)
{
    struct buf *b = arg;

    buf_add(b, data, n);
    return CAIRO_STATUS_SUCCESS;
}

static struct str
png(char *room, size_t room_bytes)
{
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 40, 20);
    struct buf b = buf_over(room, room_bytes);

    EXPECT_INT(cairo_surface_write_to_png_stream(s, keep, &b), CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(s);
    return buf_view(&b);
}

static enum err
album(struct pdf *p, void *arg)
{
    const struct pdf_image *images = arg;

    pdf_images(p, images, 2, 60);
    return OK;
}

static size_t
find_bytes(const void *needle, size_t n)
{
    size_t found = 0;

    for (size_t i = 0; i + n <= out_n; i++)
        found += memcmp(out + i, needle, n) == 0;
    return found;
}

TEST(photographs_stand_side_by_side_and_a_jpeg_goes_in_as_it_is)
{
    char room[4096];
    struct pdf_image images[] = {{{(const char *) JPEG, sizeof JPEG}, STR("左图")}, {png(room, sizeof room), STR("右图")}};

    EXPECT_INT(make(album, images), OK);
    EXPECT_INT((int) find_bytes(JPEG, sizeof JPEG), 1);
    select_all("-layout");
    EXPECT(strstr(text, "左图") != NULL && strstr(text, "右图") != NULL);
}

TEST(what_is_no_image_is_refused)
{
    char room[4096];
    unsigned char bad[sizeof JPEG];
    struct str good = png(room, sizeof room);
    struct pdf_image images[2] = {{good, {NULL, 0}}, {good, {NULL, 0}}};

    images[1].bytes = STR("GIF89a and more of it");
    EXPECT_INT(make(album, images), ERR_SYNTAX);
    EXPECT_INT(pdf_image_check(images[1].bytes), ERR_SYNTAX);
    EXPECT_INT(pdf_image_check(good), OK);
    EXPECT_INT(pdf_image_check((struct str){(const char *) JPEG, sizeof JPEG}), OK);
    EXPECT_INT(pdf_image_check((struct str){good.p, good.n - 20}), ERR_SYNTAX);
    images[1].bytes = (struct str){NULL, 0};
    EXPECT_INT(make(album, images), ERR_SYNTAX);
    images[1].bytes = (struct str){good.p, good.n - 20}; /* cut off */
    EXPECT_INT(make(album, images), ERR_SYNTAX);
    for (size_t n = 0; n < 80; n++) { /* a JPEG that ends before its frame header says how large it is */
        images[1].bytes = (struct str){(const char *) JPEG, n};
        EXPECT_INT(make(album, images), ERR_SYNTAX);
    }
    memcpy(bad, JPEG, sizeof JPEG);
    bad[76] = bad[77] = 0xFF, bad[78] = bad[79] = 0xFF; /* 65535 × 65535 */
    images[1].bytes = (struct str){(const char *) bad, sizeof bad};
    EXPECT(make(album, images) != OK);
    memcpy(room + 16, "\0\1\0\0\0\1\0\0", 8); /* 65536 × 65536 */
    images[1].bytes = good;
    EXPECT_INT(make(album, images), ERR_TOO_LARGE);
}

static enum err
bad_text(struct pdf *p, void *arg)
{
    pdf_text(p, PDF_BODY, *(struct str *) arg);
    return OK;
}

static enum err
without_table(struct pdf *p, void *arg)
{
    (void) arg;
    pdf_row(p, (struct str[]){STR("a")});
    return OK;
}

static enum err
endless(struct pdf *p, void *arg)
{
    (void) arg;
    for (int i = 0; i <= PDF_PAGES_MAX; i++) {
        pdf_text(p, PDF_BODY, STR("页"));
        pdf_break(p);
    }
    return OK;
}

static enum err
fails(struct pdf *p, void *arg)
{
    (void) arg;
    pdf_text(p, PDF_BODY, STR("页"));
    return ERR_STATE;
}

TEST(errors_stick_and_come_back)
{
    static char big[PDF_TEXT_BYTES_MAX + 1];
    struct str latin = STR("\xE4"), long_one = {big, sizeof big};

    memset(big, 'a', sizeof big);
    EXPECT_INT(make(bad_text, &latin), ERR_ENCODING);
    EXPECT_INT(make(bad_text, &long_one), ERR_TOO_LARGE);
    EXPECT_INT(make(without_table, NULL), ERR_USAGE);
    EXPECT_INT(make(endless, NULL), ERR_TOO_LARGE);
    EXPECT_INT(make(fails, NULL), ERR_STATE);
}

TEST(a_full_disk_is_told)
{
    struct pdf_config c = {.title = STR("x"), .out = fopen("/dev/full", "w")};
    enum err e;

    EXPECT(c.out != NULL);
    setbuf(c.out, NULL);
    e = pdf_make(&c, notice, NULL);
    EXPECT(e == ERR_NO_SPACE || e == ERR_IO);
    fclose(c.out);
}

TEST(the_chinese_font_has_a_name)
{
    char name[100], none[1];

    EXPECT_INT(pdf_font(name, sizeof name), OK);
    EXPECT(strlen(name) > 2);
    EXPECT_INT(pdf_font(none, sizeof none), ERR_TOO_LARGE);
}

TEST_MAIN(T(chinese_text_can_be_selected), T(the_same_document_gives_the_same_bytes),
          T(a_long_table_repeats_its_header_and_loses_no_row),
          T(a_row_or_paragraph_taller_than_a_page_is_cut_between_its_lines),
          T(photographs_stand_side_by_side_and_a_jpeg_goes_in_as_it_is), T(what_is_no_image_is_refused),
          T(errors_stick_and_come_back), T(a_full_disk_is_told), T(the_chinese_font_has_a_name))
