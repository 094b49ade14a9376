/* http/api_desk.c - what else waits on the desk 工作台: results and their last days, imports, accounts, dictionaries,
 * refusals; and what one did last */
#include "api_desk.h"

#include "core/calendar.h"
#include "mod/dictionary/dictionary.h"
#include "mod/job/job.h"
#include "mod/journal_sql.h"
#include "mod/merging/merging.h"
#include "mod/result/result.h"
#include "mod/target/target.h"
#include "mod/workday/workday.h"

enum { OPEN_MAX = 5000, IMPORTS_MAX = 100, RECENT_MAX = 8, DUE_CLASSES = 6 };
#define DAY_US (INT64_C(86400) * 1000000)

static void
add(json_t *list, const char *id, const char *level, int64_t count, const char *link)
{
    if (count > 0)
        json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:s?}", "id", id, "level", level, "count",
                                              (json_int_t) count, "link", link));
}

/* --- results -------------------------------------------------------------------------------------------------------------- */

struct results {
    int64_t entered, returned, approved;
    int64_t due[DUE_CLASSES]; /* overdue, today, 2, 5, 10 working days, without a day */
};

/* Is the target within the region of the one who looks? */
static enum err
is_mine(struct api *q, struct str target, bool *mine)
{
    struct target_get_row t;
    enum err e = OK;

    *mine = q->ctx->region.n == 0;
    if (!*mine)
        e = target_get(q->ctx->db, q->ctx->arena, &(struct target_get_in){target}, &t);
    if (e == OK && !*mine)
        *mine = str_starts(t.region, q->ctx->region);
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
count_due(const struct calendar *cal, int64_t today, struct opt_i64 due, struct results *r)
{
    static const unsigned LIMITS[] = {0, 2, 5, 10};
    unsigned left;
    enum err e;

    if (!due.set || due.v < today) {
        r->due[due.set ? 0 : DUE_CLASSES - 1]++;
        return OK;
    }
    e = calendar_working_days_between(cal, today, due.v, &left);
    for (size_t i = 0; e == OK && i < sizeof LIMITS / sizeof *LIMITS; i++)
        if (left <= LIMITS[i]) {
            r->due[i + 1]++;
            break;
        }
    return e == ERR_CALENDAR ? OK : e; /* far away */
}

static enum err
count_results(struct api *q, struct results *r)
{
    struct result_open_list_row *rows;
    struct calendar cal;
    int64_t today = day_of_us(q->ctx->now_us);
    size_t n = 0;
    bool mine;
    enum err e = workday_calendar(q->ctx, &cal);

    if (e == OK)
        e = result_open_list(q->ctx->db, q->ctx->arena, &(struct result_open_list_in){q->ctx->department, OPEN_MAX}, &rows, &n);
    for (size_t i = 0; e == OK && i < n; i++) {
        if ((e = is_mine(q, rows[i].target, &mine)) != OK || !mine)
            continue;
        r->entered += str_eq(rows[i].state, STR("entered"));
        r->returned += str_eq(rows[i].state, STR("returned"));
        r->approved += str_eq(rows[i].state, STR("approved"));
        e = count_due(&cal, today, rows[i].due_day, r);
    }
    return e;
}

static enum err
results(struct api *q, json_t *todos, json_t *warnings)
{
    static const struct {
        const char *id, *level;
    } DUE[DUE_CLASSES] = {{"result.overdue", "error"}, {"result.0", "error"}, {"result.2", "warning"},
                          {"result.5", "warning"},     {"result.10", "info"}, {"result.undated", "warning"}};
    struct results r = {0};
    bool enters = roles_may(q->who.roles, PERMIT_RESULT_ENTER), reviews = roles_may(q->who.roles, PERMIT_RESULT_REVIEW);
    enum err e = enters || reviews ? count_results(q, &r) : OK;

    add(todos, "result.returned", "warning", enters ? r.returned : 0, NULL);
    add(todos, "result.review", "info", reviews ? r.entered : 0, NULL);
    add(todos, "result.publish", "info", reviews ? r.approved : 0, NULL);
    for (size_t i = 0; i < DUE_CLASSES; i++)
        add(warnings, DUE[i].id, DUE[i].level, r.due[i], NULL);
    return e;
}

/* --- the rest --------------------------------------------------------------------------------------------------------------- */

static enum err
imports(struct api *q, json_t *todos)
{
    struct job_upload_list_row *r;
    size_t n = 0;
    int64_t waiting = 0;
    enum err e = OK;

    if (!roles_may(q->who.roles, PERMIT_IMPORT))
        return OK;
    e = job_upload_list(q->ctx->db, q->ctx->arena, &(struct job_upload_list_in){q->who.account, INT64_MAX, IMPORTS_MAX}, &r, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        waiting += str_eq(r[i].state, STR("checked"));
    add(todos, "import.waiting", "info", waiting, "/import");
    return e;
}

static enum err
administrators(struct api *q, json_t *todos)
{
    struct account_waiting_row w = {0, 0};
    struct dictionary_waiting_row d = {0};
    enum err e = OK;

    if (roles_may(q->who.roles, PERMIT_ACCOUNT_READ))
        e = account_waiting(q->ctx->db, q->ctx->arena, &w);
    if (e == OK && roles_may(q->who.roles, PERMIT_DICT_MANAGE))
        e = dictionary_waiting(q->ctx->db, q->ctx->arena, &d);
    add(todos, "account.invited", "info", roles_may(q->who.roles, PERMIT_ACCOUNT_MANAGE) ? w.invited : 0, "/system/accounts");
    add(todos, "account.norole", "info", roles_may(q->who.roles, PERMIT_ROLE_GRANT) ? w.roleless : 0, "/system/accounts");
    add(todos, "dictionary.proposed", "info", d.count, "/system/dictionaries");
    return e;
}

/* Visits that could be made together, for their lead; decisions, for those who go along. */
static enum err
mergings(struct api *q, json_t *todos)
{
    struct merging_waiting_row w = {0, 0};
    enum err e = OK;

    if (q->who.department.n == 0 || !roles_may(q->who.roles, PERMIT_PLAN_READ))
        return OK;
    e = merging_waiting(q->ctx->db, q->ctx->arena, &(struct merging_waiting_in){q->who.department}, &w);
    add(todos, "merging.open", "info", roles_may(q->who.roles, PERMIT_PLAN_EDIT) ? w.open : 0, "/mergings?state=proposed");
    add(todos, "merging.news", "info", w.news, "/mergings");
    return e;
}

static enum err
refusals(struct api *q, json_t *warnings)
{
    struct journal_count_act_row access = {0}, session = {0};
    int64_t after = (q->ctx->now_us - DAY_US) / 1000 << 20; /* ids begin with their millisecond (ctx_new_id) */
    enum err e = OK;

    if (!roles_may(q->who.roles, PERMIT_JOURNAL_READ))
        return OK;
    e = journal_count_act(q->ctx->db, q->ctx->arena, &(struct journal_count_act_in){after, STR("access.refuse")}, &access);
    if (e == OK)
        e = journal_count_act(q->ctx->db, q->ctx->arena, &(struct journal_count_act_in){after, STR("session.refuse")}, &session);
    add(warnings, "access.refused", "warning", access.count, "/journal?act=access.");
    add(warnings, "session.refused", "warning", session.count, "/journal?act=session.refuse");
    return e;
}

static enum err
recent(struct api *q)
{
    struct journal_recent_row *r;
    size_t n;
    json_t *rows = json_array();
    enum err e = journal_recent(q->ctx->db, q->ctx->arena,
                                &(struct journal_recent_in){q->ctx->actor, q->ctx->now_us - 7 * DAY_US, RECENT_MAX}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(rows, json_pack("{s:o, s:o, s:o}", "act", api_str(r[i].act), "subject", api_str(r[i].subject),
                                              "time", api_time(OPT(r[i].time_us))));
    json_object_set_new(q->out, "recent", rows);
    return e;
}

enum err
desk_more(struct api *q, json_t *todos, json_t *warnings)
{
    enum err e = results(q, todos, warnings);

    if (e == OK)
        e = imports(q, todos);
    if (e == OK)
        e = mergings(q, todos);
    if (e == OK)
        e = administrators(q, todos);
    if (e == OK)
        e = refusals(q, warnings);
    return e == OK ? recent(q) : e;
}
