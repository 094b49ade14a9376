/* format/csv_test.c - what is read is what was written, and nothing broken is read at all */
#include "base/test.h"

#include "format/csv.h"

static FILE *
file_of(const void *p, size_t n)
{
    FILE *f = tmpfile();

    EXPECT(f != NULL && fwrite(p, 1, n, f) == n && fseek(f, 0, SEEK_SET) == 0);
    return f;
}

/* Rows as "line:cell|cell;" with ~ for absent cells; ends with "!ERR_NAME@line" on an error. */
static const char *
dump(const void *p, size_t n)
{
    static char out[1 << 16];
    struct buf b = buf_over(out, sizeof out - 1);
    FILE *f = file_of(p, n);
    struct csv_reader *r = NULL;
    struct table_row row = {.count = 1};
    enum err e = csv_open(f, &r);

    while (e == OK && (e = csv_next(r, &row)) == OK && row.count > 0) {
        buf_u64(&b, row.line);
        for (size_t i = 0; i < row.count; i++) {
            buf_z(&b, i == 0 ? ":" : "|");
            buf_str(&b, row.cells[i].p == NULL ? STR("~") : row.cells[i]);
        }
        buf_z(&b, row.problem != OK ? "?;" : ";");
    }
    if (e != OK) {
        buf_z(&b, "!");
        buf_z(&b, err_name(e));
        buf_z(&b, "@");
        buf_u64(&b, row.line);
    }
    csv_close(r);
    fclose(f);
    out[b.n] = 0;
    return out;
}

#define DUMP(literal) dump(literal, sizeof(literal) - 1)

TEST(rows_keep_their_physical_line_numbers)
{
    EXPECT_STR(DUMP("a,b\n\n1,2\n"), "1:a|b;3:1|2;");
    EXPECT_STR(DUMP("a,b\r\n\"x\r\ny\",2\r\n3,4"), "1:a|b;2:x\r\ny|2;4:3|4;");
    EXPECT_STR(DUMP("a\r1\r2\r"), "1:a;2:1;3:2;");
    EXPECT_STR(DUMP(" \n,,\nx,\n"), "3:x|~;");
}

TEST(quotes_are_read_and_loose_ones_refused_with_their_line)
{
    EXPECT_STR(DUMP("\"a \"\"b\"\"\",\"\"\n"), "1:a \"b\"|~;");
    EXPECT_STR(DUMP("a\nx,b\"c,d\ne\n"), "1:a;2:x|~?;3:e;"); /* one line: that row alone is bad */
    EXPECT_STR(DUMP("a\nx,b\"c,d"), "1:a;2:x|~?;");
    EXPECT_STR(DUMP("a\n\"x\ny\"z,b\n"), "1:a;!ERR_SYNTAX@2"); /* several: nobody knows where rows end */
    EXPECT_STR(DUMP("a\n\"b\nc\n"), "1:a;!ERR_SYNTAX@2");
}

TEST(a_byte_order_mark_is_not_part_of_the_first_cell)
{
    EXPECT_STR(DUMP("\xEF\xBB\xBF名称,码\n"), "1:名称|码;");
}

TEST(gb18030_is_recognised_with_its_four_byte_characters_and_the_euro_sign)
{
    EXPECT_STR(DUMP("\xC3\xFB\xB3\xC6,\xA2\xE3\n\x95\x32\x82\x36,1\n"), "1:名称|€;2:𠀀|1;");
}

TEST(tabs_separate_when_the_header_has_no_comma)
{
    EXPECT_STR(DUMP("a\tb\n1,5\t2\n"), "1:a|b;2:1,5|2;");
}

TEST(broken_bytes_are_refused_with_their_line)
{
    EXPECT_STR(DUMP("名称名称名称\n好\x80\n"), "1:名称名称名称;!ERR_ENCODING@2"); /* mostly UTF-8 */
    EXPECT_STR(DUMP("\xC3\xFB\xB3\xC6\n\xC3\xFB\xFF\xFF\n"), "1:名称;!ERR_ENCODING@2");
    EXPECT_STR(DUMP("\xC3\xFB\xB3\xC6\n\xC3\xFB\xC3"), "1:名称;!ERR_ENCODING@2"); /* cut in the middle */
    EXPECT_STR(DUMP("a\nb\0c\n"), "1:a;!ERR_CHARSET@2");
    EXPECT_STR(DUMP("\xFF\xFE"
                    "a\0b\0"),
               "!ERR_ENCODING@0");
    EXPECT_STR(DUMP("名称名称\n\xE0\x80\xAF\n"), "1:名称名称;!ERR_ENCODING@2"); /* overlong */
}

TEST(an_empty_file_has_no_rows)
{
    EXPECT_STR(DUMP(""), "");
    EXPECT_STR(DUMP("\xEF\xBB\xBF"), "");
    EXPECT_STR(DUMP("\n\n\r\n"), "");
}

TEST(a_character_cut_by_the_chunk_is_carried_over)
{
    enum { CHARACTERS = 100000 };
    char *p = malloc(2 * CHARACTERS + 1);
    FILE *f;
    struct csv_reader *r = NULL;
    struct table_row row;

    for (size_t i = 0; i < CHARACTERS; i++)
        memcpy(p + 1 + 2 * i, "\xC3\xFB", 2);
    p[0] = 'x'; /* odd, so that a chunk of even size ends inside a character */
    f = file_of(p, 2 * CHARACTERS + 1);
    EXPECT(csv_open(f, &r) == OK && csv_next(r, &row) == OK);
    EXPECT_STR(csv_encoding(r), "GB18030");
    EXPECT(row.count == 1 && row.cells[0].n == 1 + 3 * CHARACTERS);
    for (size_t i = 0; i < CHARACTERS; i++)
        EXPECT(memcmp(row.cells[0].p + 1 + 3 * i, "名", 3) == 0);
    csv_close(r);
    fclose(f);
    free(p);
}

TEST(rows_and_columns_have_limits)
{
    size_t n = TABLE_ROW_BYTES_MAX + 10;
    char *p = malloc(n);

    memset(p, 'x', n);
    memcpy(p, "a\n\"", 3);
    EXPECT_STR(dump(p, n), "1:a;!ERR_TOO_LARGE@2");
    memset(p, ',', TABLE_CELLS_MAX + 1);
    EXPECT_STR(dump(p, TABLE_CELLS_MAX + 1), "!ERR_TOO_LARGE@1");
    free(p);
}

TEST(the_digest_is_that_of_the_file)
{
    static const unsigned char abc[] = {0xba, 0x78, 0x16, 0xbf,
                                        0x8f, 0x01, 0xcf, 0xea}; /* FIPS 180-4 "abc" */
    unsigned char got[TABLE_SHA256_BYTES];
    FILE *f = file_of("abc", 3);
    struct csv_reader *r = NULL;
    struct table_row row;

    EXPECT(csv_open(f, &r) == OK && csv_next(r, &row) == OK && row.count == 1);
    EXPECT(csv_next(r, &row) == OK && row.count == 0);
    csv_sha256(r, got);
    EXPECT_BYTES(got, abc, sizeof abc);
    csv_close(r);
    fclose(f);
}

TEST(no_written_cell_can_run_as_a_formula)
{
    const struct str cells[] = {STR("=1+1"), STR("+cmd"), STR("-x"),      STR("@a"), STR("\tb"),
                                STR("\rc"),  STR("-3.5"), STR("a,\"b\""), {NULL, 0}};
    char got[256] = {0};
    FILE *f = tmpfile();

    EXPECT(csv_write_bom(f) == OK && csv_write_row(f, cells, 9) == OK && fseek(f, 0, SEEK_SET) == 0);
    EXPECT(fread(got, 1, sizeof got - 1, f) > 0);
    EXPECT_STR(got, "\xEF\xBB\xBF'=1+1,'+cmd,'-x,'@a,\"'\tb\",\"'\rc\",-3.5,\"a,\"\"b\"\"\",\r\n");
    fclose(f);
}

TEST(a_full_disk_is_reported)
{
    FILE *f = fopen("/dev/full", "w");

    EXPECT(f != NULL && setvbuf(f, NULL, _IONBF, 0) == 0);
    EXPECT(csv_write_row(f, &STR("a"), 1) == ERR_NO_SPACE);
    fclose(f);
}

TEST_MAIN(T(rows_keep_their_physical_line_numbers), T(quotes_are_read_and_loose_ones_refused_with_their_line),
          T(a_byte_order_mark_is_not_part_of_the_first_cell),
          T(gb18030_is_recognised_with_its_four_byte_characters_and_the_euro_sign),
          T(tabs_separate_when_the_header_has_no_comma), T(broken_bytes_are_refused_with_their_line),
          T(an_empty_file_has_no_rows), T(a_character_cut_by_the_chunk_is_carried_over),
          T(rows_and_columns_have_limits), T(the_digest_is_that_of_the_file),
          T(no_written_cell_can_run_as_a_formula), T(a_full_disk_is_reported))
