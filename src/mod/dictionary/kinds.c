/* mod/dictionary/kinds.c - what each dictionary consists of, and reading one from a file */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "format/csv.h"
#include "mod/dict/dict.h"
#include "mod/dictionary/dictionary_int.h"

/* --- what is wrong with a row ------------------------------------------------------------------------------------------ */

static bool
of(struct str s, const char *first, const char *rest)
{
    for (size_t i = 0; i < s.n; i++)
        if (strchr(i == 0 ? first : rest, s.p[i]) == NULL)
            return false;
    return s.n > 0;
}

#define DIGITS "0123456789"
#define SMALL "abcdefghijklmnopqrstuvwxyz"

static enum err
check_region(struct ctx *c, const struct str *cells, size_t *at)
{
    if (!of(cells[0], DIGITS, DIGITS) || (cells[0].n != 6 && cells[0].n != 9))
        return ctx_refuse(c, ERR_CHARSET, "6 digits, or 9 below a county");
    *at = 2;
    if (cells[2].n > 0 && (!of(cells[2], DIGITS, DIGITS) || str_eq(cells[2], cells[0])))
        return ERR_REGION;
    return OK;
}

static enum err
check_industry(struct ctx *c, const struct str *cells, size_t *at)
{
    *at = 0;
    if (!of(cells[0], "ABCDEFGHIJKLMNOPQRST", DIGITS) || cells[0].n > 5)
        return ctx_refuse(c, ERR_CHARSET, "a letter A to T and up to 4 digits");
    return OK;
}

static enum err
check_day(struct ctx *c, const struct str *cells, size_t *at)
{
    int64_t day;
    enum err e = day_parse(cells[0], &day);

    *at = 0;
    if (e != OK)
        return ctx_refuse(c, e, "YYYY-MM-DD");
    *at = 1;
    if (!str_eq(cells[1], STR("0")) && !str_eq(cells[1], STR("1")))
        return ctx_refuse(c, ERR_INPUT, "%s", "1 = 休, 0 = 班");
    return OK;
}

static enum err
check_word(struct ctx *c, const struct str *cells, size_t *at)
{
    *at = 0;
    if (!of(cells[0], SMALL, SMALL DIGITS "_") || cells[0].n > 32)
        return ctx_refuse(c, ERR_CHARSET, "1 to 32 of a-z 0-9 _");
    return OK;
}

/* Places of the document templates 文书模板: what the platform can fill in. */
static const char *const PLACES[] = {
    "target_name", "target_code", "target_address", "legal_rep", "contact", "department_name", "issue_date", "task_code",
    "task_name", "plan_name", "draw_no", "item_names", "item_table", "legal_basis", "methods", "window_from", "window_to",
    "inspectors", "papers", "visit_number", "portal_address", "complaint_phone", "started_at", "ended_at", "result_names",
    "remarks", "target_signature", "witness", "population_count", "sample_count", "roster_root", "seed", "result_digest",
    "problems", "due_date", "document_no"};

/* What a document must name, by the rules it follows. */
static const struct {
    const char *code, *places;
} NEEDED[] = {{"notice", "target_name item_names window_from window_to inspectors department_name"},
              {"record", "task_code target_name target_code item_table inspectors target_signature"},
              {"certificate", "draw_no roster_root seed result_digest"},
              {"rectification", "target_name problems legal_basis due_date department_name"},
              {"result", "target_name result_names department_name"}};

static bool
known_place(struct str s)
{
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
        if (str_eq(s, str_of(PLACES[i])))
            return true;
    return false;
}

static bool
has_place(struct str text, struct str place)
{
    for (size_t i = 0; i + place.n + 2 <= text.n; i++)
        if (text.p[i] == '{' && memcmp(text.p + i + 1, place.p, place.n) == 0 && text.p[i + 1 + place.n] == '}')
            return true;
    return false;
}

static enum err
check_places(struct ctx *c, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        const char *end;
        struct str place;

        if (text.p[i] == '}')
            return ctx_refuse(c, ERR_SYNTAX, "} without {");
        if (text.p[i] != '{')
            continue;
        end = memchr(text.p + i, '}', text.n - i);
        if (end == NULL)
            return ctx_refuse(c, ERR_SYNTAX, "{ without }");
        place = (struct str){text.p + i + 1, (size_t) (end - text.p) - i - 1};
        if (!known_place(place))
            return ctx_refuse(c, ERR_INPUT, "{%.*s}", (int) (place.n > 60 ? 60 : place.n), place.p);
        i += place.n + 1;
    }
    return OK;
}

static enum err
check_template(struct ctx *c, const struct str *cells, size_t *at)
{
    enum err e = check_word(c, cells, at);

    if (e != OK)
        return e;
    *at = 2;
    e = check_places(c, cells[2]);
    for (size_t i = 0; e == OK && i < sizeof NEEDED / sizeof *NEEDED; i++) {
        struct str rest = str_of(NEEDED[i].places), one;

        for (bool more = str_eq(cells[0], str_of(NEEDED[i].code)); more && e == OK;) {
            more = str_split(rest, ' ', &one, &rest);
            if (!has_place(cells[2], one))
                e = ctx_refuse(c, ERR_MISSING, "{%.*s}", (int) one.n, one.p);
        }
    }
    return e;
}

const struct dictionary_kind dictionary_kinds[] = {
    {"regions", "行政区划", "Regions", {{"code", true, "代码 区划代码 行政区划代码"}, {"name", true, "名称 区划名称"}, {"parent", false, "上级 上级代码"}}, 3, check_region},
    {"industries", "行业分类", "Industries", {{"code", true, "代码 行业代码"}, {"name", true, "名称 行业名称"}}, 2, check_industry},
    {"holidays", "工作日历", "Working-day calendar", {{"date", true, "日期"}, {"off", true, "休 是否放假"}, {"name", false, "名称 节日"}}, 3, check_day},
    {"results", "检查结果", "Result codes", {{"code", true, "代码"}, {"zh", true, "名称 中文"}, {"en", true, "英文"}}, 3, check_word},
    {"methods", "检查方式", "Inspection methods", {{"code", true, "代码"}, {"zh", true, "名称 中文"}, {"en", true, "英文"}}, 3, check_word},
    {"followups", "后续处置", "Follow-ups", {{"code", true, "代码"}, {"zh", true, "名称 中文"}, {"en", true, "英文"}}, 3, check_word},
    {"exchange", "公示系统结果名称", "Names of the publicity system", {{"code", true, "代码"}, {"zh", true, "名称 公示系统名称"}, {"en", true, "英文"}}, 3, check_word},
    {"templates", "文书模板", "Document templates", {{"code", true, "代码"}, {"name", true, "名称"}, {"text", true, "正文 内容"}}, 3, check_template},
};
const size_t dictionary_kind_count = sizeof dictionary_kinds / sizeof *dictionary_kinds;

const struct dictionary_kind *
dictionary_find(struct str id)
{
    for (size_t i = 0; i < dictionary_kind_count; i++)
        if (str_eq(id, str_of(dictionary_kinds[i].id)))
            return &dictionary_kinds[i];
    return NULL;
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

struct reading {
    struct ctx *c;
    const struct dictionary_kind *kind;
    struct dictionary_problems *problems;
    json_t *rows, *seen; /* keys so far */
    size_t place[DICTIONARY_COLUMNS_MAX]; /* column of the file, from 1; 0 = not there */
    struct str previous;
};

static void
complain(struct reading *r, uint64_t line, const char *column, enum err e)
{
    struct dictionary_problems *p = r->problems;

    if (p->count < DICTIONARY_PROBLEMS_MAX)
        p->list[p->count] = (struct dictionary_problem){line, column, e, str_copy(r->c->arena, str_of(r->c->why))};
    p->count++;
    r->c->why[0] = '\0';
}

static bool
is_named(const struct dictionary_column *column, struct str name)
{
    struct str rest = str_of(column->names), one;

    if (str_eq(name, str_of(column->id)))
        return true;
    for (bool more = rest.n > 0; more;) {
        more = str_split(rest, ' ', &one, &rest);
        if (str_eq(one, name))
            return true;
    }
    return false;
}

static enum err
read_header(struct reading *r, const struct table_row *row)
{
    for (size_t k = 0; k < r->kind->column_count; k++) {
        for (size_t i = 0; i < row->count && r->place[k] == 0; i++)
            if (is_named(&r->kind->columns[k], str_trim(row->cells[i])))
                r->place[k] = i + 1;
        if (r->place[k] == 0 && r->kind->columns[k].required)
            return ctx_refuse(r->c, ERR_MISSING, "%s", r->kind->columns[k].id);
    }
    return OK;
}

/* Lengths and characters of one cell. */
static enum err
check_cell(struct reading *r, size_t column, struct str s)
{
    bool text = strcmp(r->kind->columns[column].id, "text") == 0;

    if (s.n == 0)
        return r->kind->columns[column].required ? ERR_MISSING : OK;
    if (s.n > (text ? DICTIONARY_TEXT_MAX : DICT_NAME_MAX))
        return ERR_LENGTH;
    if (!utf8_valid(s))
        return ERR_ENCODING;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char) s.p[i] < ' ' && !(text && (s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t')))
            return ERR_CHARSET;
    return OK;
}

static bool
row_ok(struct reading *r, const struct table_row *row, struct str cells[static DICTIONARY_COLUMNS_MAX])
{
    size_t at = 0;
    enum err e = row->problem;

    for (size_t k = 0; e == OK && k < r->kind->column_count; k++) {
        size_t i = r->place[k];

        cells[k] = i == 0 || i > row->count ? (struct str){"", 0} : str_trim(row->cells[i - 1]);
        if (cells[k].p == NULL)
            cells[k] = (struct str){"", 0};
        at = k;
        e = check_cell(r, k, cells[k]);
    }
    if (e == OK) {
        at = 0;
        e = r->kind->check(r->c, cells, &at);
    }
    if (e == OK && json_object_get(r->seen, str_z(r->c->arena, cells[0])) != NULL)
        at = 0, e = ERR_DUPLICATE;
    if (e != OK)
        complain(r, row->line, row->problem != OK ? NULL : r->kind->columns[at].id, e);
    return e == OK;
}

static enum err
read_row(struct reading *r, const struct table_row *row)
{
    struct str cells[DICTIONARY_COLUMNS_MAX];
    json_t *out;

    if (!row_ok(r, row, cells))
        return OK;
    if (json_array_size(r->rows) >= DICTIONARY_ROWS_MAX)
        return ERR_TOO_LARGE;
    out = json_array();
    for (size_t k = 0; k < r->kind->column_count; k++)
        json_array_append_new(out, json_stringn(cells[k].p, cells[k].n));
    json_object_set_new(r->seen, str_z(r->c->arena, cells[0]), json_true());
    return json_array_append_new(r->rows, out) == 0 ? OK : ERR_MEMORY;
}

/* Calendars, regions and industries are kept by their keys; words and templates in the order of the file. */
static int
by_key(const void *a, const void *b)
{
    return strcmp(json_string_value(json_array_get(*(json_t *const *) a, 0)),
                  json_string_value(json_array_get(*(json_t *const *) b, 0)));
}

static enum err
sort_rows(struct reading *r)
{
    size_t n = json_array_size(r->rows);
    json_t **list = arena_array(r->c->arena, n + 1, sizeof(json_t *)), *sorted = json_array();

    if (list == NULL || sorted == NULL) {
        json_decref(sorted);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++)
        list[i] = json_array_get(r->rows, i);
    qsort(list, n, sizeof *list, by_key);
    for (size_t i = 0; i < n; i++)
        json_array_append(sorted, list[i]);
    json_decref(r->rows);
    r->rows = sorted;
    return OK;
}

/* A parent of a region must be a region of the same file. */
static void
check_parents(struct reading *r)
{
    const json_t *row;
    size_t i;

    json_array_foreach(r->rows, i, row)
    {
        const char *parent = json_string_value(json_array_get(row, 2));

        if (*parent == '\0' || json_object_get(r->seen, parent) != NULL)
            continue;
        (void) !ctx_refuse(r->c, ERR_REGION, "%s", parent);
        complain(r, i + 2, "parent", ERR_REGION);
    }
}

static enum err
finish(struct reading *r, enum err e, json_t **rows)
{
    if (e == OK && json_array_size(r->rows) == 0 && r->problems->count == 0)
        e = ERR_MISSING;
    if (e == OK && (strcmp(r->kind->columns[1].id, "zh") != 0 && strcmp(r->kind->id, "templates") != 0))
        e = sort_rows(r);
    if (e == OK && strcmp(r->kind->id, "regions") == 0)
        check_parents(r);
    if (e == OK && r->problems->count > 0)
        e = ERR_INPUT;
    json_decref(r->seen);
    if (e != OK) {
        json_decref(r->rows);
        r->rows = NULL;
    }
    *rows = r->rows;
    return e;
}

enum err
dictionary_read(struct ctx *c, const struct dictionary_kind *k, const char *path, json_t **rows,
                struct dictionary_problems *problems)
{
    struct reading r = {.c = c, .kind = k, .problems = problems, .rows = json_array(), .seen = json_object()};
    struct table_reader *table = NULL;
    struct table_row row;
    enum err e;

    problems->count = 0;
    if ((e = table_open(path, NULL, &table)) == OK && (e = table_next(table, &row)) == OK)
        e = row.count == 0 ? ERR_MISSING : read_header(&r, &row);
    while (e == OK && (e = table_next(table, &row)) == OK && row.count > 0)
        e = read_row(&r, &row);
    table_close(table);
    return finish(&r, e, rows);
}

enum err
dictionary_read_text(struct ctx *c, const struct dictionary_kind *k, struct str csv, json_t **rows,
                     struct dictionary_problems *problems)
{
    struct reading r = {.c = c, .kind = k, .problems = problems, .rows = json_array(), .seen = json_object()};
    FILE *f = csv.n == 0 ? NULL : fmemopen((void *) (uintptr_t) csv.p, csv.n, "r");
    struct csv_reader *table = NULL;
    struct table_row row;
    enum err e = f == NULL ? ERR_MISSING : csv_open(f, &table);

    problems->count = 0;
    if (e == OK && (e = csv_next(table, &row)) == OK)
        e = row.count == 0 ? ERR_MISSING : read_header(&r, &row);
    while (e == OK && (e = csv_next(table, &row)) == OK && row.count > 0)
        e = read_row(&r, &row);
    if (table != NULL)
        csv_close(table);
    if (f != NULL)
        fclose(f);
    return finish(&r, e, rows);
}
