/* mod/import/export.c - lists out: the registers as their import reads them, and what else has a page */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/calendar.h"
#include "core/uscc.h"
#include "mod/account/account.h"
#include "mod/expert/expert.h"
#include "mod/import/importer.h"
#include "mod/import/sheets.h"
#include "mod/inspector/inspector.h"
#include "mod/item/item.h"
#include "mod/job/job.h"
#include "mod/json.h"
#include "mod/plan/plan.h"
#include "mod/scope.h"
#include "mod/target/target.h"
#include "mod/task/task.h"

enum { PAGE = 200, STALE_DAYS = 365 };

static const struct str NONE;

struct exporter {
    struct ctx *c;
    const struct export_order *o;
    struct sheet *sheet;
    struct show_words words;
    json_t *filters;
    uint64_t rows;
};

static struct str
filter(const struct exporter *x, const char *name)
{
    const json_t *v = json_object_get(x->filters, name);

    return json_is_string(v) && json_string_length(v) > 0 ? (struct str) {json_string_value(v), json_string_length(v)} : NONE;
}

static enum err
put(struct exporter *x, const struct str *cells, size_t count)
{
    enum err e = sheet_row(x->sheet, cells, count);

    x->rows++;
    if (x->rows % 64 == 0 && x->o->progress != NULL)
        x->o->progress(x->o->progress_ctx, x->rows);
    return e == OK && x->o->stop != NULL && *x->o->stop ? ERR_CANCELLED : e;
}

/* registers ------------------------------------------------------------------------------------------------------- */

/* Risk classes are for those who may see them: their columns are missing, so that the file can come back. */
static bool
shown(const struct exporter *x, const struct import_column *k)
{
    return k->show != SHOW_NOT && (x->o->risk || strncmp(k->id, "risk_", 5) != 0);
}

/* The columns of a register that are written, the row version last. */
static size_t
order_of(const struct exporter *x, enum import_kind kind, size_t order[static SHOW_CELLS_MAX], int *version)
{
    size_t count, n = 0;
    const struct import_column *k = import_columns(kind, &count);

    *version = -1;
    for (size_t i = 0; i < count; i++)
        if (strcmp(k[i].id, "row_version") == 0)
            *version = (int) i;
        else if (shown(x, &k[i]))
            order[n++] = i;
    if (*version >= 0) {
        order[n] = (size_t) *version;
        *version = (int) n++;
    }
    return n;
}

static enum err
put_snapshot(struct exporter *x, enum import_kind kind, const json_t *snapshot)
{
    struct str cells[SHOW_CELLS_MAX], out[SHOW_CELLS_MAX];
    size_t order[SHOW_CELLS_MAX], mark = arena_mark(x->c->arena);
    int version;
    size_t n = order_of(x, kind, order, &version);
    enum err e = OK;

    for (size_t nth = 0; e == OK && import_show(x->c->arena, &x->words, kind, snapshot, nth, cells); nth++) {
        for (size_t i = 0; i < n; i++)
            out[i] = cells[order[i]];
        e = put(x, out, n);
    }
    arena_rewind(x->c->arena, mark);
    return e;
}

static enum err
put_key(struct exporter *x, enum import_kind kind, struct str key)
{
    json_t *snapshot;
    size_t mark = arena_mark(x->c->arena);
    enum err e = snapshot_take(x->c, kind, key, &snapshot);

    if (e == OK && snapshot != NULL)
        e = put_snapshot(x, kind, snapshot);
    json_decref(snapshot);
    arena_rewind(x->c->arena, mark);
    return e;
}

static enum err
put_target(struct exporter *x, struct str code)
{
    struct target_page_row t;
    json_t *snapshot;
    enum err e = target_see(x->c, code, &t);

    if (e != OK)
        return e == ERR_NOT_FOUND ? OK : e;
    snapshot = snapshot_row(target_page_query.out, target_page_query.out_count, &t);
    e = snapshot == NULL ? ERR_MEMORY : put_snapshot(x, IMPORT_TARGETS, snapshot);
    json_decref(snapshot);
    return e;
}

/* "lacks" of the page: what is missing. */
static void
lacking(const struct exporter *x, struct target_where *w)
{
    static const struct {
        const char *word;
        int64_t gap;
    } GAPS[] = {{"region", GAP_REGION},         {"derived_region", GAP_DERIVED}, {"industry", GAP_INDUSTRY},
                {"address", GAP_ADDRESS},       {"department", GAP_DEPARTMENT},  {"unreachable", GAP_UNREACHABLE}};
    struct str lacks = filter(x, "lacks");

    for (size_t i = 0; i < sizeof GAPS / sizeof *GAPS; i++)
        if (str_eq(lacks, str_of(GAPS[i].word)))
            w->gaps = (struct opt_i64) {true, GAPS[i].gap};
    if (str_eq(lacks, STR("stale")))
        w->stale_before_us = (struct opt_i64) {true, x->c->now_us - STALE_DAYS * INT64_C(86400000000)};
    if (str_eq(lacks, STR("expired_licence")))
        w->licence_before_day = (struct opt_i64) {true, day_of_us(x->c->now_us)};
}

/* The scope and the short forms of the page of targets; `short_forms` holds the words while the filter is used. */
static enum err
targets_asked(struct exporter *x, struct str short_forms[static 6], struct target_ask *ask)
{
    static const char *const NAMES[6] = {"region", "status", "entity_type", "industry", "tag", "department"};
    struct scope scope;
    struct str said = filter(x, "scope");
    enum err e = terms_scope(x->c, said.n == 0 ? STR("{}") : said, &scope);
    struct texts *const LISTS[6] = {&scope.regions, &scope.statuses, &scope.entity_types, &scope.industries, &scope.tags, &scope.departments};

    if (e != OK)
        return e;
    if (scope.risk_classes.count > 0 && !x->o->risk)
        return ERR_PERMISSION;
    for (size_t i = 0; i < 6; i++) {
        short_forms[i] = filter(x, NAMES[i]);
        if (short_forms[i].n > 0 && LISTS[i]->count == 0)
            *LISTS[i] = (struct texts) {&short_forms[i], 1};
    }
    *ask = (struct target_ask) {.words = filter(x, "q"), .limit = PAGE};
    e = target_where_of(x->c, &scope, &ask->where);
    if (e == OK)
        lacking(x, &ask->where);
    return e;
}

static enum err
each_target(struct exporter *x)
{
    struct str short_forms[6];
    struct target_ask ask;
    char after[TARGET_CODE_MAX + 1];
    size_t n = PAGE;
    enum err e = targets_asked(x, short_forms, &ask);

    while (e == OK && n == PAGE) {
        struct target_line *rows;
        size_t mark = arena_mark(x->c->arena);

        e = target_rows(x->c, &ask, &rows, &n);
        for (size_t i = 0; e == OK && i < n; i++)
            e = put_target(x, rows[i].code);
        if (e == OK && n > 0 && rows[n - 1].code.n < sizeof after) {
            memcpy(after, rows[n - 1].code.p, rows[n - 1].code.n);
            ask.after = (struct str) {after, rows[n - 1].code.n};
        }
        arena_rewind(x->c->arena, mark);
    }
    return e;
}

/* The version that may be seen, which is not always the newest. */
static enum err
put_item(struct exporter *x, struct str code, int64_t version)
{
    struct item_version_row row;
    json_t *snapshot;
    size_t mark = arena_mark(x->c->arena);
    enum err e = item_version(x->c->db, x->c->arena, &(struct item_version_in) {code, version}, &row);

    if (e != OK)
        return e;
    snapshot = snapshot_row(item_version_query.out, item_version_query.out_count, &row);
    e = snapshot == NULL ? ERR_MEMORY : put_snapshot(x, IMPORT_ITEMS, snapshot);
    json_decref(snapshot);
    arena_rewind(x->c->arena, mark);
    return e;
}

static enum err
each_item(struct exporter *x)
{
    struct item_search_in in = {.after = STR("!"),
                                .words = filter(x, "q"),
                                .state = filter(x, "state"),
                                .class = filter(x, "class"),
                                .department = filter(x, "department"),
                                .own = x->c->department,
                                .limit = PAGE};
    size_t n = PAGE;
    enum err e = OK;

    while (e == OK && n == PAGE) {
        struct item_search_row *rows;

        e = item_search(x->c->db, x->c->arena, &in, &rows, &n);
        for (size_t i = 0; i < n && e == OK; i++)
            e = put_item(x, rows[i].code, rows[i].version);
        if (e == OK && n > 0)
            in.after = rows[n - 1].code;
    }
    return e;
}

static enum err
put_joint(struct exporter *x, struct str code, int64_t version)
{
    struct item_joint_version_row row;
    json_t *snapshot;
    size_t mark = arena_mark(x->c->arena);
    enum err e = item_joint_version(x->c->db, x->c->arena, &(struct item_joint_version_in) {code, version}, &row);

    if (e != OK)
        return e;
    snapshot = snapshot_row(item_joint_version_query.out, item_joint_version_query.out_count, &row);
    e = snapshot == NULL ? ERR_MEMORY : put_snapshot(x, IMPORT_JOINT, snapshot);
    json_decref(snapshot);
    arena_rewind(x->c->arena, mark);
    return e;
}

static enum err
each_joint(struct exporter *x)
{
    struct item_joint_search_in in = {.after = STR("!"),
                                      .words = filter(x, "q"),
                                      .state = filter(x, "state"),
                                      .kind = filter(x, "kind"),
                                      .department = filter(x, "department"),
                                      .own = x->c->department,
                                      .limit = PAGE};
    size_t n = PAGE;
    enum err e = OK;

    while (e == OK && n == PAGE) {
        struct item_joint_search_row *rows;

        e = item_joint_search(x->c->db, x->c->arena, &in, &rows, &n);
        for (size_t i = 0; i < n && e == OK; i++)
            e = put_joint(x, rows[i].code, rows[i].version);
        if (e == OK && n > 0)
            in.after = rows[n - 1].code;
    }
    return e;
}

/* "90" of a filter: what ends within so many days, today counted; 0: what is over. */
static struct opt_i64
ends_before(const struct exporter *x, const char *name)
{
    uint64_t days = 0;
    struct str said = filter(x, name);
    bool set = said.n > 0 && str_u64(said, 100000, &days) == OK;

    return (struct opt_i64) {set, day_of_us(x->c->now_us) + (int64_t) days + (days > 0)};
}

/* A text as JSON writes it, to be looked for in an array. */
static struct str
quoted(struct exporter *x, struct str s)
{
    struct buf b;

    if (s.n == 0 || buf_in(x->c, 6 * s.n + 2, &b) != OK)
        return NONE;
    json_put_text(&b, s);
    return buf_view(&b);
}

/* What the page of inspectors asks for, within the row scope. */
static enum err
inspectors_asked(struct exporter *x, struct inspector_search_in *in, bool *none)
{
    struct scope_regions regions;
    enum err e = scope_regions(x->c, filter(x, "region"), &regions);

    *none = e == OK && regions.none;
    *in = (struct inspector_search_in) {.after = STR("!"),
                                        .words = filter(x, "q"),
                                        .department = filter(x, "department"),
                                        .own = x->c->department,
                                        .state = filter(x, "state"),
                                        .region_from = regions.from,
                                        .region_below = regions.below,
                                        .team = filter(x, "team"),
                                        .skill = quoted(x, filter(x, "skill")),
                                        .ends_before = ends_before(x, "expiring"),
                                        .today = day_of_us(x->c->now_us),
                                        .limit = PAGE};
    return e;
}

static enum err
through_inspectors(struct exporter *x, enum err (*fn)(struct exporter *x, struct str code))
{
    struct inspector_search_in in;
    size_t n = PAGE;
    bool none;
    enum err e = inspectors_asked(x, &in, &none);

    while (e == OK && !none && n == PAGE) {
        struct inspector_search_row *rows;

        e = inspector_search(x->c->db, x->c->arena, &in, &rows, &n);
        for (size_t i = 0; i < n && e == OK; i++)
            e = fn(x, rows[i].code);
        if (e == OK && n > 0)
            in.after = rows[n - 1].code;
    }
    return e;
}

static enum err
put_inspector(struct exporter *x, struct str code)
{
    return put_key(x, IMPORT_INSPECTORS, code);
}

static enum err
each_inspector(struct exporter *x)
{
    return through_inspectors(x, put_inspector);
}

static enum err
each_expert(struct exporter *x)
{
    struct scope_regions regions;
    struct expert_search_in in;
    size_t n = PAGE;
    enum err e = scope_regions(x->c, filter(x, "region"), &regions);

    in = (struct expert_search_in) {.after = STR("!"),
                                    .words = filter(x, "q"),
                                    .department = filter(x, "department"),
                                    .own = x->c->department,
                                    .region_from = regions.from,
                                    .region_below = regions.below,
                                    .state = filter(x, "state"),
                                    .specialty = quoted(x, filter(x, "specialty")),
                                    .ends_before = ends_before(x, "ending"),
                                    .limit = PAGE};
    while (e == OK && !regions.none && n == PAGE) {
        struct expert_search_row *rows;

        e = expert_search(x->c->db, x->c->arena, &in, &rows, &n);
        for (size_t i = 0; i < n && e == OK; i++)
            e = put_key(x, IMPORT_EXPERTS, rows[i].code);
        if (e == OK && n > 0)
            in.after = rows[n - 1].code;
    }
    return e;
}

static enum err
put_recusals(struct exporter *x, struct str inspector)
{
    struct inspector_recusals_of_row *rows;
    size_t n;
    enum err e =
        inspector_recusals_of(x->c->db, x->c->arena, &(struct inspector_recusals_of_in) {inspector}, &rows, &n);

    for (size_t i = 0; i < n && e == OK; i++) {
        struct import_column kind = import_recusal_columns[2];

        if (rows[i].ended_us.set)
            continue;
        e = put(x, (struct str[]) {inspector, rows[i].target, import_show_stored(x->c->arena, &x->words, &kind, rows[i].kind)}, 3);
    }
    return e;
}

static enum err
each_recusal(struct exporter *x)
{
    return through_inspectors(x, put_recusals);
}

/* other lists ------------------------------------------------------------------------------------------------------- */

static struct str
day_cell(struct exporter *x, int64_t day)
{
    static const struct import_column DAY = {.show = SHOW_DAY};
    json_t *v = json_integer(day);
    struct str s = import_show_value(x->c->arena, &x->words, &DAY, v);

    json_decref(v);
    return s;
}

static struct str
moment(struct exporter *x, int64_t us)
{
    return day_cell(x, day_of_us(us));
}

static struct str
department_cell(struct exporter *x, struct str code)
{
    static const struct import_column DEPARTMENT = {.show = SHOW_DEPARTMENT};

    return import_show_stored(x->c->arena, &x->words, &DEPARTMENT, code);
}

static enum err
each_account(struct exporter *x)
{
    struct account_page_in in = {STR("-"), filter(x, "q"), PAGE};
    size_t n = PAGE;
    enum err e = OK;

    while (e == OK && n == PAGE) {
        struct account_page_row *rows;

        e = account_page(x->c->db, x->c->arena, &in, &rows, &n);
        for (size_t i = 0; i < n && e == OK; i++)
            e = put(x,
                    (struct str[]) {rows[i].login, rows[i].name, rows[i].kind,
                                    department_cell(x, rows[i].department), rows[i].region, rows[i].state, rows[i].has_totp != 0 ? STR("是") : STR("否"),
                                    moment(x, rows[i].created_us)},
                    8);
        if (n > 0)
            in.after = rows[n - 1].login;
    }
    return e;
}

static struct str
count_cell(struct exporter *x, int64_t n)
{
    char text[24];

    return str_copy(x->c->arena, (struct str) {text, (size_t) snprintf(text, sizeof text, "%" PRId64, n)});
}

static struct str
plan_state_cell(struct str state)
{
    static const char *const ZH[PLAN_STATE_COUNT] = {"草稿", "部门已审批", "提交联席会议", "联席会议通过",
                                                     "已备案", "已公布", "执行中", "已结束"};
    enum plan_state s;

    return plan_state_parse(state, &s) == OK ? str_of(ZH[s]) : state;
}

static struct str
task_state_cell(struct str state)
{
    static const char *const ZH[TASK_STATE_COUNT] = {"草稿", "已审批", "名单已封存", "已抽取",
                                                     "已匹配", "已通知", "检查中", "已结束"};
    enum task_state s;

    return task_state_parse(state, &s) == OK ? str_of(ZH[s]) : state;
}

static enum err
each_plan(struct exporter *x)
{
    struct plan_search_in in = {.after = STR("!"),
                                .words = filter(x, "q"),
                                .state = filter(x, "state"),
                                .own = x->c->department.n == 0 ? NONE : x->c->department,
                                .region = x->c->region.n == 0 ? NONE : x->c->region,
                                .limit_count = PAGE};
    uint64_t year;
    size_t n = PAGE;
    enum err e = OK;

    if (filter(x, "year").n > 0 && (e = str_u64(filter(x, "year"), 9999, &year)) == OK)
        in.year = (struct opt_i64) {.set = true, .v = (int64_t) year};
    while (e == OK && n == PAGE) {
        struct plan_search_row *r;

        e = plan_search(x->c->db, x->c->arena, &in, &r, &n);
        for (size_t i = 0; i < n && e == OK; i++)
            e = put(x,
                    (struct str[]) {r[i].code, count_cell(x, r[i].year), r[i].name,
                                    r[i].joint != 0 ? STR("联合计划") : STR("部门计划"), department_cell(x, r[i].lead),
                                    plan_state_cell(r[i].state), r[i].document_no, count_cell(x, r[i].revision),
                                    r[i].published_us.set ? moment(x, r[i].published_us.v) : NONE,
                                    count_cell(x, r[i].line_count)},
                    10);
        if (e == OK && n > 0)
            in.after = r[n - 1].code;
    }
    return e;
}

static enum err
each_task(struct exporter *x)
{
    struct str own = x->c->department.n == 0 ? NONE : x->c->department;
    struct task_search_in in = {.below = STR("~"),
                                .words = filter(x, "q"),
                                .state = filter(x, "state"),
                                .lead = filter(x, "department"),
                                .plan = filter(x, "plan"),
                                .own = own,
                                .region = x->c->region,
                                .limit = PAGE};
    size_t n = PAGE;
    enum err e = task_own_entry(x->c, own, &in.own_entry);

    while (e == OK && n == PAGE) {
        struct task_search_row *r;

        e = task_search(x->c->db, x->c->arena, &in, &r, &n);
        for (size_t i = 0; i < n && e == OK; i++)
            e = put(x,
                    (struct str[]) {r[i].code, r[i].name, task_state_cell(r[i].state), r[i].plan, r[i].adhoc_reason,
                                    department_cell(x, r[i].lead), r[i].directed != 0 ? STR("定向") : STR("不定向"),
                                    day_cell(x, r[i].from_day), day_cell(x, r[i].to_day), moment(x, r[i].created_us)},
                    10);
        if (e == OK && n > 0)
            in.below = r[n - 1].code;
    }
    return e;
}

/* A number out of a report. */
static struct str
number(struct exporter *x, const json_t *report, const char *name)
{
    static const struct import_column NUMBER = {.show = SHOW_TEXT};

    return import_show_value(x->c->arena, &x->words, &NUMBER, json_object_get(report, name));
}

static enum err
each_import(struct exporter *x)
{
    struct job_upload_list_in in = {x->o->account, INT64_MAX, PAGE};
    size_t n = PAGE;
    enum err e = OK;

    while (e == OK && n == PAGE) {
        struct job_upload_list_row *rows;

        e = job_upload_list(x->c->db, x->c->arena, &in, &rows, &n);
        for (size_t i = 0; i < n && e == OK; i++) {
            json_t *r = rows[i].report.n == 0 ? NULL : json_loadb(rows[i].report.p, rows[i].report.n, 0, NULL);

            e = put(x,
                    (struct str[]) {rows[i].name, rows[i].kind, rows[i].state, number(x, r, "read"), number(x, r, "added"),
                                    number(x, r, "changed"), number(x, r, "rejected"), moment(x, rows[i].created_us)},
                    8);
            json_decref(r);
        }
        if (n > 0)
            in.below = rows[n - 1].id;
    }
    return e;
}

/* lists --------------------------------------------------------------------------------------------------------------- */

/* A list: its name, its columns if it is no register (else NULL), its rows. A further list is one more line. */
static const struct list {
    const char *name;
    enum import_kind kind;
    const char *titles; /* joined by | */
    enum err (*each)(struct exporter *x);
} LISTS[] = {
    {"targets", IMPORT_TARGETS, NULL, each_target},
    {"items", IMPORT_ITEMS, NULL, each_item},
    {"joint-items", IMPORT_JOINT, NULL, each_joint},
    {"inspectors", IMPORT_INSPECTORS, NULL, each_inspector},
    {"experts", IMPORT_EXPERTS, NULL, each_expert},
    {"recusals", IMPORT_RECUSALS, NULL, each_recusal},
    {"plans", IMPORT_KIND_COUNT, "计划编号|年度|名称|类别|牵头部门|状态|文号|修订次数|公布日期|任务行数", each_plan},
    {"tasks", IMPORT_KIND_COUNT, "任务编号|名称|状态|计划|临时任务理由|牵头部门|定向|开始|截止|拟定日期", each_task},
    {"accounts", IMPORT_KIND_COUNT, "账号|姓名|类别|部门|地区|状态|第二因素|开设日期", each_account},
    {"imports", IMPORT_KIND_COUNT, "文件|种类|状态|读到|新增|变更|退回|日期", each_import},
};

static const struct list *
find_list(struct str name)
{
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++)
        if (str_eq(str_of(LISTS[i].name), name))
            return &LISTS[i];
    return NULL;
}

bool
export_list_known(struct str list)
{
    return find_list(list) != NULL;
}

static size_t
titles(const struct exporter *x, const struct list *l, struct str cells[static SHOW_CELLS_MAX], int *version)
{
    size_t n = 0, count, order[SHOW_CELLS_MAX];
    const struct import_column *k;
    struct str rest = str_of(l->titles);

    *version = -1;
    for (bool more = l->titles != NULL; more && n < SHOW_CELLS_MAX; n++)
        more = str_split(rest, '|', &cells[n], &rest);
    if (l->titles != NULL)
        return n;
    k = import_columns(l->kind, &count);
    n = order_of(x, l->kind, order, version);
    for (size_t i = 0; i < n; i++)
        cells[i] = import_column_title(&k[order[i]]);
    return n;
}

static enum err
write_all(struct exporter *x, const struct list *l)
{
    struct str cells[SHOW_CELLS_MAX];
    int version;
    size_t n = titles(x, l, cells, &version);
    enum err e = sheet_open(x->o->path, x->o->format, l->name, version, &x->sheet), ended;

    if (e != OK)
        return e;
    e = sheet_row(x->sheet, cells, n);
    if (e == OK)
        e = l->each(x);
    ended = sheet_close(x->sheet);
    return e == OK ? ended : e;
}

enum err
export_run(struct ctx *c, const struct export_order *o, uint64_t *rows_count)
{
    struct exporter x = {.c = c, .o = o};
    struct org_department_list_row *departments;
    const struct list *l = find_list(o->list);
    enum err e = l == NULL ? ERR_INPUT : org_department_list(c->db, c->arena, &departments, &x.words.department_count);

    if (e != OK)
        return e;
    x.words.departments = departments;
    x.filters = o->filters.n == 0 ? NULL : json_loadb(o->filters.p, o->filters.n, 0, NULL);
    e = write_all(&x, l);
    json_decref(x.filters);
    *rows_count = x.rows;
    return e;
}
