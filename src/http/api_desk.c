/* http/api_desk.c - what else waits on the desk 工作台: results and their last days, imports, accounts, dictionaries,
 * refusals; and what one did last */
#include "api_desk.h"

#include "core/calendar.h"
#include <stdio.h>

#include "api_target.h"
#include "core/calendar.h"
#include "mod/dictionary/dictionary.h"
#include "mod/job/job.h"
#include "mod/journal_sql.h"
#include "mod/lead/lead.h"
#include "mod/merging/merging.h"
#include "mod/publication/publication.h"
#include "mod/recusal/recusal.h"
#include "mod/result/result.h"
#include "mod/scope.h"

enum { IMPORTS_MAX = 100, RECENT_MAX = 8, LICENCE_DAYS = 30, REVOKED_MAX = 1000, SOON_DAYS = 7 };
#define DAY_US (INT64_C(86400) * 1000000)

static void
add(json_t *list, const char *id, const char *level, int64_t count, const char *link)
{
    if (count > 0)
        json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:s?}", "id", id, "level", level, "count",
                                              (json_int_t) count, "link", link));
}

/* --- results -------------------------------------------------------------------------------------------------------------- */

static enum err
results(struct api *q, json_t *todos, json_t *warnings)
{
    struct result_warnings w = {0};
    bool enters = roles_may(q->who.roles, PERMIT_RESULT_ENTER), reviews = roles_may(q->who.roles, PERMIT_RESULT_REVIEW);
    bool reads = enters || reviews || roles_may(q->who.roles, PERMIT_RESULT_READ);
    enum err e = reads ? result_warn(q->ctx, &w) : OK;

    add(todos, "result.returned", "warning", enters ? w.returned : 0, "/results?state=returned");
    add(todos, "result.review", "info", reviews ? w.entered : 0, "/results?state=entered");
    add(todos, "result.publish", "info", reviews ? w.approved : 0, "/results?state=approved");
    add(warnings, "result.overdue", "error", w.overdue, "/results?due=overdue");
    add(warnings, "result.0", "error", w.today, "/results?due=0");
    add(warnings, "result.2", "warning", w.within_2, "/results?due=2");
    add(warnings, "result.5", "warning", w.within_5, "/results?due=5");
    add(warnings, "result.10", "info", w.within_10, "/results?due=10");
    add(warnings, "result.undated", "warning", w.undated, "/results");
    return e;
}

/* --- what follows a result, leads -------------------------------------------------------------------------------------- */

/* Results that are still public though their decision was revoked. */
static enum err
revocations(struct api *q, json_t *warnings)
{
    struct result_revocation_open_row *r;
    size_t n = 0;
    enum err e = OK;

    if (roles_may(q->who.roles, PERMIT_RESULT_READ))
        e = result_revocation_open(q->ctx->db, q->ctx->arena, &(struct result_revocation_open_in){q->ctx->department, REVOKED_MAX},
                                   &r, &n);
    add(warnings, "revocation.open", "error", (int64_t) n, n == 0 ? NULL : "/results?state=published");
    return e;
}

/* Requests of others to take a publication down. */
static enum err
takedowns(struct api *q, json_t *todos)
{
    struct publication_takedown_waiting_row w = {0};
    enum err e = OK;

    if (roles_may(q->who.roles, PERMIT_RESULT_REVIEW))
        e = publication_takedown_waiting(
            q->ctx->db, q->ctx->arena, &(struct publication_takedown_waiting_in){q->ctx->department, q->ctx->region, q->ctx->actor}, &w);
    add(todos, "takedown.asked", "warning", w.count, "/takedowns?state=asked");
    return e;
}

static enum err
followups(struct api *q, json_t *todos, json_t *warnings)
{
    static const char *const STATES[] = {"open", "ordered", "recheck"};
    struct followup_count_row c;
    struct followup_referral_waiting_row w = {0};
    struct scope_regions in;
    int64_t today = day_of_us(q->ctx->now_us), overdue = 0;
    enum err e = scope_regions(q->ctx, NO_STR, &in);

    if (e != OK || !roles_may(q->who.roles, PERMIT_RESULT_READ))
        return e;
    for (size_t i = 0; e == OK && i < sizeof STATES / sizeof *STATES; i++) {
        e = followup_count(q->ctx->db, q->ctx->arena,
                           &(struct followup_count_in){str_of(STATES[i]), today, today + SOON_DAYS, q->ctx->department, in.from, in.below}, &c);
        if (e != OK)
            return e;
        overdue += c.overdue;
        if (i == 0 && roles_may(q->who.roles, PERMIT_FOLLOWUP))
            add(todos, "followup.open", "info", c.open, "/followups");
    }
    add(warnings, "followup.overdue", "error", overdue, "/followups?due=overdue");
    if (q->ctx->department.n > 0 && roles_may(q->who.roles, PERMIT_FOLLOWUP))
        e = followup_referral_waiting(q->ctx->db, q->ctx->arena,
                                      &(struct followup_referral_waiting_in){q->ctx->department, in.from, in.below}, &w);
    add(todos, "referral.waiting", "info", w.sent + w.received, "/referrals");
    return e;
}

static enum err
leads(struct api *q, json_t *todos)
{
    struct lead_open_list_row *r;
    size_t n = 0;
    int64_t mine = 0;
    enum err e = OK;

    if (roles_may(q->who.roles, PERMIT_LEAD_HANDLE))
        e = lead_open_list(q->ctx->db, q->ctx->arena, &(struct lead_open_list_in){STR("received"), q->ctx->department, REVOKED_MAX}, &r, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        mine += scope_sees(q->ctx, r[i].department, r[i].region);
    add(todos, "lead.received", "warning", mine, "/leads?state=received");
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

/* Requests that an inspector steps back, for those who decide them. */
static enum err
recusals(struct api *q, json_t *todos, json_t *warnings)
{
    struct recusal_waiting_row w = {0, 0};
    enum err e = OK;

    if (roles_may(q->who.roles, PERMIT_OBJECTION))
        e = recusal_waiting(q->ctx->db, q->ctx->arena,
                            &(struct recusal_waiting_in){q->ctx->department, q->ctx->region, day_of_us(q->ctx->now_us)}, &w);
    add(todos, "recusal.open", "info", w.open, "/recusals?state=asked");
    add(warnings, "recusal.late", "warning", w.late, "/recusals?state=asked");
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

/* The list of targets at work with a licence that ends before a day. */
static enum err
licences(struct api *q, json_t *warnings, const char *id, const char *level, int64_t days)
{
    char link[160], day[DAY_TEXT + 1];
    int64_t count = 0;
    enum err e = target_licences_ending(q, days, &count);

    day_format(day_of_us(q->ctx->now_us) + days, day);
    snprintf(link, sizeof link, "/targets?scope=%%7B%%22statuses%%22:%%5B%%22active%%22%%5D,%%22licence_before%%22:%%22%s%%22%%7D", day);
    add(warnings, id, level, count, link);
    return e;
}

/* What the registry lacks, for those who keep it; each with its list. */
static enum err
registry(struct api *q, json_t *warnings)
{
    static const struct {
        const char *finding, *id, *level, *link;
    } FINDINGS[] = {{"region", "registry.region", "warning", "/targets?lacks=region"},
                    {"department", "registry.department", "warning", "/targets?lacks=department"},
                    {"unreachable", "registry.unreachable", "warning", "/targets?lacks=unreachable"},
                    {"stale", "registry.stale", "info", "/targets?lacks=stale"}};
    json_t *h = NULL;
    enum err e;

    if (!roles_may(q->who.roles, PERMIT_TARGET_EDIT))
        return OK;
    e = target_health_json(q, &h);
    for (size_t i = 0; e == OK && i < sizeof FINDINGS / sizeof *FINDINGS; i++)
        add(warnings, FINDINGS[i].id, FINDINGS[i].level, json_integer_value(json_object_get(h, FINDINGS[i].finding)),
            FINDINGS[i].link);
    json_decref(h);
    if (e == OK)
        e = licences(q, warnings, "licence.ended", "warning", 0);
    return e == OK ? licences(q, warnings, "licence.ending", "info", LICENCE_DAYS) : e;
}

enum err
desk_more(struct api *q, json_t *todos, json_t *warnings)
{
    enum err e = results(q, todos, warnings);

    if (e == OK)
        e = revocations(q, warnings);
    if (e == OK)
        e = takedowns(q, todos);
    if (e == OK)
        e = followups(q, todos, warnings);
    if (e == OK)
        e = leads(q, todos);
    if (e == OK)
        e = imports(q, todos);
    if (e == OK)
        e = mergings(q, todos);
    if (e == OK)
        e = recusals(q, todos, warnings);
    if (e == OK)
        e = administrators(q, todos);
    if (e == OK)
        e = refusals(q, warnings);
    if (e == OK)
        e = registry(q, warnings);
    return e == OK ? recent(q) : e;
}
