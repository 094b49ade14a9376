/* mod/plan/layout.c */
#include "mod/plan/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "format/table.h"
#include "mod/plan/plan_int.h"

enum { HEADER_ROWS = 10, NUMBERS_MAX = 6, CLASSES = 4 };

const struct str plan_columns[PLAN_COLUMN_COUNT] = {
    {"序号", 6},          {"任务名称", 12},         {"抽查事项", 12}, {"对象范围", 12}, {"比例及频次", 15},
    {"信用风险分类要求", 24}, {"起止时间", 12}, {"发起部门", 12}, {"配合部门", 12}, {"模式", 6}};

/* --- words -------------------------------------------------------------------------------------------------------- */

/* The whole numbers of a text in their order; 20 % and 2次 alike. */
static size_t
numbers(struct str s, int out[static NUMBERS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < s.n && count < NUMBERS_MAX;) {
        int v = 0;

        if (s.p[i] < '0' || s.p[i] > '9') {
            i++;
            continue;
        }
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && v < 100000)
            v = 10 * v + (s.p[i++] - '0');
        out[count++] = v;
    }
    return count;
}

static int
days_of_month(int year, int month)
{
    int64_t first = 0, next = 0;

    if (day_from_civil(year, month, 1, &first) != OK)
        return 0;
    if (day_from_civil(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1, &next) != OK)
        return 0;
    return (int) (next - first);
}

static enum err
months(int year, int from, int to, int64_t *from_day, int64_t *to_day)
{
    enum err e = from < 1 || to > 12 || from > to ? ERR_DATE : day_from_civil(year, from, 1, from_day);

    return e == OK ? day_from_civil(year, to, days_of_month(year, to), to_day) : ERR_DATE;
}

static bool
has(struct str s, struct str part)
{
    return s.n >= part.n && memmem(s.p, s.n, part.p, part.n) != NULL;
}

enum err
plan_window_words(struct str words, int year, int64_t *from_day, int64_t *to_day)
{
    int v[NUMBERS_MAX];
    size_t n = numbers(words, v), i = 0;
    int y = year, y2;
    bool days = has(words, STR("日")) || has(words, STR("-")) || has(words, STR("/")) || has(words, STR("."));
    enum err e;

    if (n == 0)
        return has(words, STR("全年")) ? months(year, 1, 12, from_day, to_day) : ERR_DATE;
    if (n > 1 && v[0] > 1000)
        y = v[i++];
    n -= i;
    if (n == 1)
        return months(y, v[i], v[i], from_day, to_day);
    if (n == 2) /* 3—12月, 2026年3—12月 */
        return months(y, v[i], v[i + 1], from_day, to_day);
    if (!days || (n != 4 && n != 5))
        return ERR_DATE;
    y2 = n == 5 ? v[i + 2] : y;
    e = day_from_civil(y, v[i], v[i + 1], from_day);
    if (e == OK)
        e = day_from_civil(y2, v[i + n - 2], v[i + n - 1], to_day);
    return e != OK || *to_day < *from_day ? ERR_DATE : OK;
}

/* The first percentage at or after *at: 3 %, 0.5%, 3％. Moves *at behind it; 0 when there is none. */
static uint32_t
percentage(struct str s, size_t *at)
{
    for (size_t i = *at; i < s.n; i++) {
        uint32_t bp = 0, scale = 100;
        bool point = false;
        size_t k = i;

        if (s.p[i] < '0' || s.p[i] > '9' || (i > 0 && (s.p[i - 1] == '.' || (s.p[i - 1] >= '0' && s.p[i - 1] <= '9'))))
            continue;
        for (; k < s.n && ((s.p[k] >= '0' && s.p[k] <= '9') || (s.p[k] == '.' && !point)); k++) {
            if (s.p[k] == '.')
                point = true;
            else if (point)
                bp += (uint32_t) (s.p[k] - '0') * (scale /= 10);
            else if (bp <= RATIO_BP_MAX)
                bp = 10 * bp + (uint32_t) (s.p[k] - '0') * 100;
        }
        while (k < s.n && s.p[k] == ' ')
            k++;
        if (k < s.n && (s.p[k] == '%' || (k + 3 <= s.n && memcmp(s.p + k, "％", 3) == 0))) {
            *at = k + 1;
            return bp;
        }
    }
    *at = s.n;
    return 0;
}

/* Where a class is named: A级 1%, A类、 A 1 %. The letter stands alone. */
static bool
class_ratio(struct str s, char class, uint32_t *bp)
{
    for (size_t i = 0; i < s.n; i++) {
        size_t at = i + 1;

        if (s.p[i] != class || (i > 0 && s.p[i - 1] >= 'A' && s.p[i - 1] <= 'Z'))
            continue;
        *bp = percentage(s, &at);
        return *bp > 0 && *bp <= RATIO_BP_MAX;
    }
    return false;
}

enum err
plan_ratio_words(struct ctx *c, struct str words, struct str *strata)
{
    uint32_t bp[CLASSES] = {0};
    size_t known = 0, at = 0;
    struct buf b;
    enum err e = buf_in(c, 512, &b);

    if (e != OK)
        return e;
    for (int i = 0; i < CLASSES; i++)
        known += class_ratio(words, (char) ('A' + i), &bp[i]);
    buf_z(&b, known >= 2 ? "{\"by\":\"risk\",\"strata\":[" : "{\"by\":\"one\",\"strata\":[{\"label\":\"all\",\"ratio_bp\":");
    if (known < 2) {
        bp[0] = percentage(words, &at);
        if (bp[0] == 0 || bp[0] > RATIO_BP_MAX)
            return ERR_RANGE;
        buf_i64(&b, bp[0]);
        buf_z(&b, "}");
    }
    for (int i = 0; known >= 2 && i < CLASSES; i++) {
        if (bp[i] == 0)
            continue;
        buf_z(&b, b.p[b.n - 1] == '[' ? "" : ",");
        buf_z(&b, "{\"label\":\"");
        buf_str(&b, (struct str){&"ABCD"[i], 1});
        buf_z(&b, "\",\"ratio_bp\":");
        buf_i64(&b, bp[i]);
        buf_z(&b, "}");
    }
    buf_z(&b, "]}");
    return buf_take(c, &b, strata);
}

/* --- a file ------------------------------------------------------------------------------------------------------- */

struct reader {
    struct ctx *c;
    int year;
    int at[PLAN_COLUMN_COUNT]; /* place of each column in a row; -1: not in the file */
    struct item_in_force_row *items;
    size_t item_count;
    struct org_department_list_row *departments;
    size_t department_count;
    struct plan_layout_row *row; /* the one in work */
};

static void
problem(struct reader *r, enum plan_column column, enum err why, struct str value)
{
    if (r->row->problem_count < PLAN_LAYOUT_PROBLEMS_MAX)
        r->row->problems[r->row->problem_count++] = (struct plan_layout_problem){column, why, value};
}

/* The header row, if this is one: both columns that a line cannot do without. */
static bool
is_header(struct reader *r, const struct table_row *row)
{
    for (int i = 0; i < PLAN_COLUMN_COUNT; i++) {
        r->at[i] = -1;
        for (size_t k = 0; k < row->count; k++)
            if (str_eq(str_trim(row->cells[k]), plan_columns[i]))
                r->at[i] = (int) k;
    }
    return r->at[PLAN_COLUMN_TASK] >= 0 && r->at[PLAN_COLUMN_ITEMS] >= 0;
}

static struct str
cell(struct reader *r, const struct table_row *row, enum plan_column i)
{
    struct str s = r->at[i] < 0 || (size_t) r->at[i] >= row->count ? (struct str){0} : str_trim(row->cells[r->at[i]]);

    return s.n == 0 ? (struct str){0} : str_copy(r->c->arena, s);
}

/* The next part of a list in words; separators: 、 , ， ; ； and line ends. */
static bool
next_part(struct str *rest, struct str *part)
{
    static const char *const MARKS[] = {"、", "，", "；", ",", ";", "\n"};
    size_t cut = rest->n, skip = 0;

    if (rest->n == 0)
        return false;
    for (size_t m = 0; m < sizeof MARKS / sizeof *MARKS; m++) {
        const char *p = memmem(rest->p, rest->n, MARKS[m], strlen(MARKS[m]));

        if (p != NULL && (size_t) (p - rest->p) < cut) {
            cut = (size_t) (p - rest->p);
            skip = strlen(MARKS[m]);
        }
    }
    *part = str_trim((struct str){rest->p, cut});
    *rest = (struct str){rest->p + cut + skip, rest->n - cut - skip};
    return true;
}

static struct str
item_code(const struct reader *r, struct str words)
{
    for (size_t i = 0; i < r->item_count; i++)
        if (str_eq(r->items[i].code, words) || str_eq(r->items[i].name, words))
            return r->items[i].code;
    return (struct str){0};
}

/* A department by its code or name; 市教育局 is also 教育局. */
static struct str
department_code(const struct reader *r, struct str words)
{
    for (size_t i = 0; i < r->department_count; i++) {
        struct str name = r->departments[i].name;
        bool city = name.n > 3 && memcmp(name.p, "市", 3) == 0;

        if (str_eq(r->departments[i].code, words) || str_eq(name, words) ||
            (city && str_eq((struct str){name.p + 3, name.n - 3}, words)))
            return r->departments[i].code;
    }
    return (struct str){0};
}

/* Whole cells first: names of items hold 、 themselves. */
static enum err
read_items(struct reader *r, struct str words)
{
    struct str whole = item_code(r, words), part, rest = words;
    struct texts codes = {arena_array(r->c->arena, TERMS_ITEMS_MAX, sizeof(struct str)), 0};

    if (codes.v == NULL)
        return ERR_MEMORY;
    if (words.n == 0)
        problem(r, PLAN_COLUMN_ITEMS, ERR_MISSING, words);
    if (whole.n > 0)
        codes.v[codes.count++] = whole;
    while (whole.n == 0 && next_part(&rest, &part) && codes.count < TERMS_ITEMS_MAX) {
        struct str code = item_code(r, part);

        if (code.n > 0 && !texts_have(&codes, code))
            codes.v[codes.count++] = code;
        else if (code.n == 0 && part.n > 0)
            problem(r, PLAN_COLUMN_ITEMS, ERR_NOT_FOUND, part);
    }
    return terms_texts_text(r->c, &codes, &r->row->line.items);
}

static enum err
read_departments(struct reader *r, struct str lead, struct str partners)
{
    struct participant v[TERMS_PARTICIPANTS_MAX];
    struct participants p = {v, 0};
    struct str code = department_code(r, lead), part, rest = partners;

    if (code.n == 0)
        problem(r, PLAN_COLUMN_LEAD, lead.n == 0 ? ERR_MISSING : ERR_NOT_FOUND, lead);
    else
        v[p.count++] = (struct participant){code, 2};
    r->row->line.lead = code;
    while (next_part(&rest, &part) && p.count < TERMS_PARTICIPANTS_MAX) {
        code = department_code(r, part);
        if (code.n > 0 && !participants_have(&p, code))
            v[p.count++] = (struct participant){code, 1};
        else if (code.n == 0 && part.n > 0)
            problem(r, PLAN_COLUMN_PARTNERS, ERR_NOT_FOUND, part);
    }
    return terms_participants_text(r->c, &p, &r->row->line.participants);
}

static enum err
read_row(struct reader *r, const struct table_row *row)
{
    struct plan_line_put_in *l = &r->row->line;
    struct str window = cell(r, row, PLAN_COLUMN_WINDOW);
    enum err e;

    r->row->row = row->line;
    l->name = cell(r, row, PLAN_COLUMN_TASK);
    l->scope = STR("{}");
    l->scope_words = cell(r, row, PLAN_COLUMN_SCOPE);
    l->ratio_words = cell(r, row, PLAN_COLUMN_RATIO);
    l->risk_words = cell(r, row, PLAN_COLUMN_RISK);
    l->mode = cell(r, row, PLAN_COLUMN_MODE);
    if (row->problem != OK)
        problem(r, PLAN_COLUMN_NUMBER, row->problem, (struct str){0});
    if (l->name.n == 0)
        problem(r, PLAN_COLUMN_TASK, ERR_MISSING, l->name);
    if (plan_window_words(window, r->year, &l->from_day, &l->to_day) != OK) {
        l->from_day = l->to_day = 0;
        problem(r, PLAN_COLUMN_WINDOW, window.n == 0 ? ERR_MISSING : ERR_DATE, window);
    }
    e = plan_ratio_words(r->c, l->ratio_words, &l->strata);
    if (e == ERR_RANGE) {
        problem(r, PLAN_COLUMN_RATIO, l->ratio_words.n == 0 ? ERR_MISSING : ERR_RANGE, l->ratio_words);
        e = OK;
    }
    if (e == OK)
        e = read_items(r, cell(r, row, PLAN_COLUMN_ITEMS));
    return e == OK ? read_departments(r, cell(r, row, PLAN_COLUMN_LEAD), cell(r, row, PLAN_COLUMN_PARTNERS)) : e;
}

static enum err
read_table(struct reader *r, struct table_reader *table, struct plan_layout_row *rows, size_t *count)
{
    struct table_row row;
    bool header = false;
    enum err e = table_next(table, &row);

    for (size_t i = 0; e == OK && row.count > 0; i++) {
        if (header && *count == PLAN_LINES_MAX)
            return ERR_TOO_LARGE;
        if (header) {
            r->row = &rows[(*count)++];
            e = read_row(r, &row);
        } else if (i == HEADER_ROWS) {
            return ctx_refuse(r->c, ERR_INPUT, "the first %d rows hold no header 任务名称, 抽查事项", HEADER_ROWS);
        } else {
            header = is_header(r, &row);
        }
        if (e == OK)
            e = table_next(table, &row);
    }
    return e == OK && !header ? ctx_refuse(r->c, ERR_INPUT, "no header 任务名称, 抽查事项") : e;
}

enum err
plan_layout_read(struct ctx *c, const char *path, int year, struct plan_layout_row **rows, size_t *count)
{
    struct reader r = {.c = c, .year = year};
    struct table_reader *table = NULL;
    enum err e = item_in_force(c->db, c->arena, &(struct item_in_force_in){{0}}, &r.items, &r.item_count);

    *count = 0;
    *rows = arena_array(c->arena, PLAN_LINES_MAX, sizeof **rows);
    if (e == OK && *rows == NULL)
        e = ERR_MEMORY;
    if (e == OK)
        e = org_department_list(c->db, c->arena, &r.departments, &r.department_count);
    if (e == OK)
        e = table_open(path, NULL, &table);
    if (e == OK)
        e = read_table(&r, table, *rows, count);
    table_close(table);
    return e;
}

/* --- out ---------------------------------------------------------------------------------------------------------- */

static struct str
department_name(const struct org_department_list_row *d, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(d[i].code, code))
            return d[i].name;
    return code;
}

static enum err
partner_names(struct ctx *c, const struct plan_line_list_row *l, struct str *lead, struct str *out)
{
    struct org_department_list_row *d;
    struct participants p;
    struct buf b;
    size_t n;
    enum err e = org_department_list(c->db, c->arena, &d, &n);

    if (e == OK)
        e = terms_participants(c, l->participants, &p);
    if (e == OK)
        e = buf_in(c, TERMS_PARTICIPANTS_MAX * 256, &b);
    if (e != OK)
        return e;
    *lead = department_name(d, n, l->lead);
    for (size_t i = 0; i < p.count; i++) {
        if (str_eq(p.v[i].department, l->lead))
            continue;
        buf_z(&b, b.n > 0 ? "、" : "");
        buf_str(&b, department_name(d, n, p.v[i].department));
    }
    return buf_take(c, &b, out);
}

/* Names where each can be read back alone, otherwise codes. */
static enum err
item_words(struct ctx *c, struct str json, struct str *out)
{
    struct texts codes;
    struct buf b;
    enum err e = terms_items(c, json, &codes);

    if (e == OK)
        e = buf_in(c, TERMS_ITEMS_MAX * 300, &b);
    for (size_t i = 0; e == OK && i < codes.count; i++) {
        struct item_current_row item;
        struct str part, rest;

        e = item_current(c->db, c->arena, &(struct item_current_in){codes.v[i]}, &item);
        if (e != OK && e != ERR_NOT_FOUND)
            return e;
        rest = e == OK ? item.name : codes.v[i];
        buf_z(&b, b.n > 0 ? "；" : "");
        buf_str(&b, next_part(&rest, &part) && rest.n > 0 ? codes.v[i] : part);
        e = OK;
    }
    return e == OK ? buf_take(c, &b, out) : e;
}

enum err
plan_layout_cells(struct ctx *c, const struct plan_line_list_row *l, struct str out[static PLAN_COLUMN_COUNT])
{
    char number[24], from[DAY_TEXT + 1], to[DAY_TEXT + 1], window[64];
    struct buf n = buf_over(number, sizeof number);
    enum err e = item_words(c, l->items, &out[PLAN_COLUMN_ITEMS]);

    buf_i64(&n, l->line);
    day_format(l->from_day, from);
    day_format(l->to_day, to);
    snprintf(window, sizeof window, "%s至%s", from, to);
    out[PLAN_COLUMN_NUMBER] = str_copy(c->arena, buf_view(&n));
    out[PLAN_COLUMN_TASK] = l->name;
    out[PLAN_COLUMN_SCOPE] = l->scope_words;
    out[PLAN_COLUMN_RATIO] = l->ratio_words;
    out[PLAN_COLUMN_RISK] = l->risk_words;
    out[PLAN_COLUMN_WINDOW] = str_copy(c->arena, str_of(window));
    out[PLAN_COLUMN_MODE] = l->mode;
    return e == OK ? partner_names(c, l, &out[PLAN_COLUMN_LEAD], &out[PLAN_COLUMN_PARTNERS]) : e;
}

static enum err
write_lines(struct ctx *c, struct str plan, struct sheet *sheet)
{
    struct plan_line_list_row *lines;
    size_t count = 0;
    enum err e = plan_line_list(c->db, c->arena, &(struct plan_line_list_in){plan}, &lines, &count);

    if (e == OK)
        e = sheet_row(sheet, plan_columns, PLAN_COLUMN_COUNT);
    for (size_t i = 0; e == OK && i < count; i++) {
        struct str cells[PLAN_COLUMN_COUNT];

        e = plan_layout_cells(c, &lines[i], cells);
        if (e == OK)
            e = sheet_row(sheet, cells, PLAN_COLUMN_COUNT);
    }
    return e;
}

enum err
plan_layout_write(struct ctx *c, struct str plan, enum sheet_format format, const char *path)
{
    struct sheet *sheet = NULL;
    enum err e = sheet_open(path, format, "抽查计划", -1, &sheet), closed;

    if (e != OK)
        return e;
    e = write_lines(c, plan, sheet);
    closed = sheet_close(sheet);
    return e == OK ? closed : e;
}
