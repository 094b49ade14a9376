/* format/xlsx_test.c - a spreadsheet gives its text, or a clear refusal; never its formulas, entities or
 * bombs */
#include "base/test.h"

#include <minizip/zip.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "format/csv.h"
#include "format/table.h"
#include "format/xlsx.h"

#define WORKBOOK                                                                                             \
    "<workbook xmlns:r='x'><sheets><sheet name='一' sheetId='1' r:id='a'/><sheet name='二' sheetId='2' "   \
    "r:id='b'/></sheets></workbook>"
#define RELATIONS                                                                                            \
    "<Relationships><Relationship Id='a' Type='http://x/worksheet' Target='worksheets/sheet1.xml'/>"         \
    "<Relationship Id='b' Type='http://x/worksheet' Target='/xl/worksheets/sheet2.xml'/>"                    \
    "<Relationship Id='c' Type='http://x/styles' Target='styles.xml'/>"                                      \
    "<Relationship Id='d' Type='http://x/sharedStrings' Target='sharedStrings.xml'/></Relationships>"
#define STYLES                                                                                               \
    "<styleSheet><numFmts><numFmt numFmtId='170' "                                                           \
    "formatCode='yyyy\"年\"m\"月\"d\"日\"'/></numFmts><cellStyleXfs><xf "                                 \
    "numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf "                       \
    "numFmtId='170'/></cellXfs></styleSheet>"
#define STRINGS "<sst><si><t>名称</t></si><si><r><t>甲</t></r><r><t>乙</t></r><rPh><t>x</t></rPh></si></sst>"
#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"

static char path[] = "/tmp/mq-xlsx-XXXXXX";

static void
add(zipFile z, const char *name, const char *text, size_t n)
{
    EXPECT(zipOpenNewFileInZip(z, name, NULL, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 6) == ZIP_OK);
    EXPECT(zipWriteInFileInZip(z, text, (unsigned) n) == ZIP_OK && zipCloseFileInZip(z) == ZIP_OK);
}

static void
make(const char *workbook, const char *strings, const char *sheet, size_t sheet_n)
{
    zipFile z = zipOpen(path, APPEND_STATUS_CREATE);

    EXPECT(z != NULL);
    add(z, "xl/workbook.xml", workbook, strlen(workbook));
    add(z, "xl/_rels/workbook.xml.rels", RELATIONS, strlen(RELATIONS));
    add(z, "xl/styles.xml", STYLES, strlen(STYLES));
    add(z, "xl/sharedStrings.xml", strings, strlen(strings));
    add(z, "xl/worksheets/sheet1.xml", sheet, sheet_n);
    add(z, "xl/worksheets/sheet2.xml", SHEET("<row><c t='b'><v>1</v></c></row>"),
        strlen(SHEET("<row><c t='b'><v>1</v></c></row>")));
    EXPECT(zipClose(z, NULL) == ZIP_OK);
}

/* Rows as "line:cell|cell;", "?ERR@column" after a row with a problem, "!ERR" at the end for a refused file.
 */
static const char *
dump(const char *sheet_name)
{
    static char out[1 << 16];
    struct buf b = buf_over(out, sizeof out - 1);
    struct table_reader *r = NULL;
    struct table_row row = {.count = 1};
    enum err e = table_open(path, sheet_name, &r);

    while (e == OK && (e = table_next(r, &row)) == OK && row.count > 0) {
        buf_u64(&b, row.line);
        for (size_t i = 0; i < row.count; i++) {
            buf_z(&b, i == 0 ? ":" : "|");
            buf_str(&b, row.cells[i].p == NULL ? STR("~") : row.cells[i]);
        }
        if (row.problem != OK) {
            buf_z(&b, "?");
            buf_z(&b, err_name(row.problem));
            buf_z(&b, "@");
            buf_u64(&b, row.problem_cell);
        }
        buf_z(&b, ";");
    }
    if (e != OK) {
        buf_z(&b, "!");
        buf_z(&b, err_name(e));
    }
    table_close(r);
    out[b.n] = 0;
    return out;
}

static const char *
dump_sheet(const char *rows)
{
    make(WORKBOOK, STRINGS, rows, strlen(rows));
    return dump(NULL);
}

TEST(cells_of_all_kinds_are_read)
{
    EXPECT_STR(dump_sheet(SHEET("<row r='2'><c r='A2' t='s'><v>0</v></c><c r='C2' t='s'><v>1</v></c></row>"
                                "<row r='5'><c t='inlineStr'><is><t>a&amp;b</t></is></c><c t='n'><v>3</v></c>"
                                "<c><v>0.59999999999999998</v></c><c t='b'><v>0</v></c></row>")),
               "2:名称|~|甲乙;5:a&b|3|0.6|FALSE;");
}

TEST(dates_are_told_by_their_style)
{
    EXPECT_STR(
        dump_sheet(SHEET("<row><c s='1'><v>43585</v></c><c s='2'><v>1</v></c><c s='0'><v>43585</v></c>"
                         "<c s='1'><v>61</v></c><c s='1'><v>59</v></c><c s='1'><v>43585.5</v></c></row>")),
        "1:2019-04-30|1900-01-01|43585|1900-03-01|1900-02-28|2019-04-30 12:00:00;");
    EXPECT_STR(dump_sheet(SHEET("<row><c s='1'><v>60</v></c></row>")), "1:60?ERR_DATE@0;");
}

TEST(formulas_errors_and_lost_digits_are_named_by_cell)
{
    EXPECT_STR(dump_sheet(SHEET(
                   "<row><c><v>1</v></c><c><f>1+1</f><v>2</v></c></row>"
                   "<row><c t='e'><v>#REF!</v></c></row><row><c><v>9.1411500176920448E+17</v></c></row>")),
               "1:1|2?ERR_FORMULA@1;2:#REF!?ERR_INPUT@0;3:9.1411500176920448E+17?ERR_PRECISION@0;");
}

TEST(a_sheet_is_found_by_name_or_not_at_all)
{
    dump_sheet(SHEET(""));
    EXPECT_STR(dump("二"), "1:TRUE;");
    EXPECT_STR(dump("三"), "!ERR_NOT_FOUND");
    EXPECT_STR(dump("一"), "");
}

TEST(document_types_and_so_entities_are_refused)
{
    EXPECT_STR(dump_sheet("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" SHEET(
                   "<row><c t='inlineStr'><is><t>&a;</t></is></c></row>")),
               "!ERR_SYNTAX");
    make(WORKBOOK, "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><sst><si><t>&b;</t></si></sst>",
         SHEET(""), strlen(SHEET("")));
    EXPECT_STR(dump(NULL), "!ERR_SYNTAX");
}

TEST(damaged_archives_and_xml_are_refused)
{
    static const char *bad[] = {"<worksheet><sheetData><row>",
                                "",
                                "<worksheet></worksheet",
                                "no xml",
                                SHEET("<row><c t='s'><v>2</v></c></row>"),
                                SHEET("<row><c t='s'><v>-1</v></c></row>"),
                                SHEET("<row><c t='zz'><v>2</v></c></row>")};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(strstr(dump_sheet(bad[i]), "!ERR_SYNTAX") != NULL);
    dump_sheet(SHEET("<row><c><v>1</v></c></row>"));
    EXPECT(truncate(path, 600) == 0);
    EXPECT_STR(dump(NULL), "!ERR_SYNTAX");
}

/* The size fields of the sheet in both headers become n. */
static void
declare_size(uint32_t n)
{
    static char p[1 << 20];
    FILE *f = fopen(path, "r+b");
    size_t size = fread(p, 1, sizeof p, f);

    for (size_t i = 0; i + 70 < size; i++) {
        size_t name = memcmp(p + i, "PK\3\4", 4) == 0 ? 30 : memcmp(p + i, "PK\1\2", 4) == 0 ? 46 : 0;

        if (name != 0 && memcmp(p + i + name, "xl/worksheets/sheet1", 20) == 0)
            memcpy(p + i + name - (name == 30 ? 8 : 22), &n, 4);
    }
    rewind(f);
    EXPECT(fwrite(p, 1, size, f) == size);
    fclose(f);
}

TEST(a_bomb_fails_fast_in_little_memory)
{
    size_t n = (size_t) 100 << 20;
    char *p = malloc(n);
    clock_t start;

    memset(p, ' ', n);
    make(WORKBOOK, STRINGS, p, n);
    free(p);
    start = clock();
    EXPECT_STR(dump(NULL), "!ERR_TOO_LARGE");
    declare_size(UINT32_MAX - 1);
    EXPECT_STR(dump(NULL), "!ERR_TOO_LARGE");
    declare_size(1000); /* a lie: no more than it says is unpacked */
    EXPECT_STR(dump(NULL), "!ERR_SYNTAX");
    EXPECT(clock() - start < 2 * CLOCKS_PER_SEC);
}

TEST(one_endless_tag_or_deep_nesting_is_refused)
{
    size_t n = 3 << 20;
    char *p = malloc(n);

    for (size_t i = 0; i < n; i++)
        p[i] = (char) ('a' + (i * 7919 >> 5) % 26);
    memcpy(p, "<worksheet a='", 14);
    make(WORKBOOK, STRINGS, p, n);
    EXPECT_STR(dump(NULL), "!ERR_TOO_LARGE");
    for (size_t i = 0; i + 3 <= 300; i += 3)
        memcpy(p + i, "<a>", 3);
    make(WORKBOOK, STRINGS, p, 300);
    EXPECT_STR(dump(NULL), "!ERR_TOO_LARGE");
    free(p);
    EXPECT_STR(dump_sheet(SHEET("<row><c r='ZZ1'><v>1</v></c></row>")), "!ERR_TOO_LARGE");
}

TEST(what_is_written_is_read_back_as_text)
{
    const struct str cells[] = {STR("91411500176920441C"), STR("=1+1"), {NULL, 0}, STR("012"), STR("名"),
                                STR("123456789012345678")};
    struct xlsx_writer *w = NULL;

    EXPECT(xlsx_writer_open(path, "表", &w) == OK && xlsx_writer_row(w, cells, 6) == OK);
    EXPECT(xlsx_writer_comment(w, 0, 1, STR("为什么")) == OK && xlsx_writer_row(w, cells, 1) == OK);
    EXPECT(xlsx_writer_close(w) == OK);
    EXPECT_STR(dump("表"), "1:91411500176920441C|=1+1|~|012|名|123456789012345678;2:91411500176920441C;");
}

TEST(a_file_without_the_archive_mark_is_csv)
{
    FILE *f = fopen(path, "w");

    fputs("a,b\n1,2\n", f);
    fclose(f);
    EXPECT_STR(dump(NULL), "1:a|b;2:1|2;");
    EXPECT(unlink(path) == 0);
    EXPECT_STR(dump(NULL), "!ERR_NOT_FOUND");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(cells_of_all_kinds_are_read),
        T(dates_are_told_by_their_style),
        T(formulas_errors_and_lost_digits_are_named_by_cell),
        T(a_sheet_is_found_by_name_or_not_at_all),
        T(document_types_and_so_entities_are_refused),
        T(damaged_archives_and_xml_are_refused),
        T(a_bomb_fails_fast_in_little_memory),
        T(one_endless_tag_or_deep_nesting_is_refused),
        T(what_is_written_is_read_back_as_text),
        T(a_file_without_the_archive_mark_is_csv),
    };
    int fd = mkstemp(path), failed;

    if (fd < 0)
        return 1;
    close(fd);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
