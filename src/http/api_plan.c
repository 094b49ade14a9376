/* http/api_plan.c - annual plans 年度抽查计划 (regulation 二(四)) */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_file.h"
#include "api_handlers.h"
#include "core/calendar.h"
#include "mod/file.h"
#include "mod/job/job.h"
#include "mod/plan/check.h"
#include "mod/plan/layout.h"

#define CHECK_SUBJECT "plan/"

static struct str
own(const struct api *q)
{
    return q->ctx->department.n == 0 ? NO_STR : q->ctx->department;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static json_t *
head_json(const struct plan_see_row *r)
{
    return json_pack("{s:o, s:I, s:o, s:b, s:o, s:o, s:o, s:I, s:o, s:I, s:I}", "code", api_str(r->code), "year",
                     (json_int_t) r->year, "name", api_str(r->name), "joint", r->joint != 0, "lead", api_str(r->lead),
                     "state", api_str(r->state), "document_no", api_str(r->document_no), "revision",
                     (json_int_t) r->revision, "published", api_time(r->published_us), "row_version",
                     (json_int_t) r->row_version, "line_count", (json_int_t) r->line_count);
}

enum err
api_plans_get(struct api *q)
{
    struct str after = api_query(q, "cursor"), year = api_query(q, "year");
    struct plan_search_in in = {.after = after.n == 0 ? STR("!") : after,
                                .words = api_query(q, "q"),
                                .state = api_query(q, "state"),
                                .own = own(q),
                                .region = q->ctx->region.n == 0 ? NO_STR : q->ctx->region};
    struct plan_search_row *r;
    size_t n;
    json_t *rows;
    enum err e = api_limit(q, &in.limit_count);

    if (e == OK && year.n > 0) {
        e = api_number_of(year, &in.year.v);
        in.year.set = true;
    }
    in.limit_count++;
    if (e == OK)
        e = plan_search(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i + 1 < (size_t) in.limit_count; i++)
        json_array_append_new(rows, head_json(&(struct plan_see_row){r[i].code, r[i].year, r[i].name, r[i].joint, r[i].lead,
                                                                    r[i].state, r[i].document_no, r[i].revision,
                                                                    r[i].published_us, r[i].row_version, r[i].line_count}));
    if (n == (size_t) in.limit_count)
        api_more(q, r[n - 2].code);
    return OK;
}

/* The plan of the address, within the row scope. ERR_NOT_FOUND. */
static enum err
see(struct api *q, struct plan_see_row *out)
{
    struct str region = q->ctx->region.n == 0 ? NO_STR : q->ctx->region;

    return plan_see(q->ctx->db, q->ctx->arena, &(struct plan_see_in){q->params[0], own(q), region}, out);
}

/* A stored object, or null. */
static json_t *
object(struct str json)
{
    json_t *v = json.n == 0 ? NULL : json_loadb(json.p, json.n, 0, NULL);

    return v == NULL ? json_null() : v;
}

static json_t *
line_json(const struct plan_line_list_row *l)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "line", (json_int_t) l->line,
                     "name", api_str(l->name), "items", api_list(l->items), "scope", object(l->scope), "scope_words",
                     api_str(l->scope_words), "ratio_words", api_str(l->ratio_words), "strata", object(l->strata),
                     "risk_words", api_str(l->risk_words), "from", api_date(OPT(l->from_day)), "to",
                     api_date(OPT(l->to_day)), "lead", api_str(l->lead), "participants", api_list(l->participants),
                     "mode", api_str(l->mode));
}

static enum err
put_lines(struct api *q, struct str code)
{
    struct plan_line_list_row *r;
    size_t n;
    json_t *rows = json_array();
    enum err e = plan_line_list(q->ctx->db, q->ctx->arena, &(struct plan_line_list_in){code}, &r, &n);

    json_object_set_new(q->out, "lines", rows);
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(rows, line_json(&r[i]));
    return e;
}

static enum err
put_reviews(struct api *q, struct str code)
{
    struct plan_review_list_row *r;
    size_t n;
    json_t *rows = json_array();
    enum err e = plan_review_list(q->ctx->db, q->ctx->arena, &(struct plan_review_list_in){code}, &r, &n);

    json_object_set_new(q->out, "reviews", rows);
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "from", api_str(r[i].from_state), "to",
                                              api_str(r[i].to_state), "opinion", api_str(r[i].opinion), "document_no",
                                              api_str(r[i].document_no), "actor", api_str(r[i].actor), "at",
                                              api_time(OPT(r[i].reviewed_us))));
    return e;
}

static enum err
put_revisions(struct api *q, struct str code)
{
    struct plan_revision_list_row *r;
    size_t n;
    json_t *rows = json_array();
    enum err e = plan_revision_list(q->ctx->db, q->ctx->arena, &(struct plan_revision_list_in){code}, &r, &n);

    json_object_set_new(q->out, "revisions", rows);
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(rows, json_pack("{s:I, s:I, s:o, s:o, s:o, s:o}", "revision", (json_int_t) r[i].revision,
                                              "line", (json_int_t) r[i].line, "before", object(r[i].before), "after",
                                              object(r[i].after), "reason", api_str(r[i].reason), "at",
                                              api_time(OPT(r[i].revised_us))));
    return e;
}

static enum err
put_filings(struct api *q, struct str code)
{
    struct plan_filing_list_row *r;
    size_t n;
    json_t *rows = json_array();
    enum err e = plan_filing_list(q->ctx->db, q->ctx->arena, &(struct plan_filing_list_in){code}, &r, &n);

    json_object_set_new(q->out, "filings", rows);
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(rows, json_pack("{s:o, s:o, s:I, s:o}", "name", api_str(r[i].name), "digest", api_str(r[i].digest),
                                              "bytes", (json_int_t) r[i].bytes_count, "at", api_time(OPT(r[i].filed_us))));
    return e;
}

static enum err
give(struct api *q, struct str code)
{
    struct plan_see_row r;
    enum err e;

    q->params[0] = code;
    e = see(q, &r);
    if (e != OK)
        return e;
    q->etag = r.row_version;
    q->out = head_json(&r);
    e = put_lines(q, code);
    if (e == OK)
        e = put_reviews(q, code);
    if (e == OK)
        e = put_filings(q, code);
    return e == OK ? put_revisions(q, code) : e;
}

enum err
api_plan_get(struct api *q)
{
    return give(q, q->params[0]);
}

/* --- the check ---------------------------------------------------------------------------------------------------- */

static json_t *
estimate_json(const struct plan_line_estimate *l)
{
    json_t *strata = json_array();

    for (size_t h = 0; h < l->stratum_count; h++)
        json_array_append_new(strata, json_pack("{s:o, s:I, s:I, s:I}", "label", api_str(l->strata[h].label), "ratio_bp",
                                                (json_int_t) l->strata[h].ratio_bp, "population",
                                                (json_int_t) l->by_stratum[h], "sample",
                                                (json_int_t) l->drawn_of_stratum[h]));
    return json_pack("{s:I, s:I, s:I, s:o}", "line", (json_int_t) l->line, "population", (json_int_t) l->population,
                     "sample", (json_int_t) l->sample, "strata", strata);
}

static bool
tell_rows(void *arg, uint64_t done, uint64_t total)
{
    struct office_job *job = arg;

    atomic_store(&job->done, done);
    atomic_store(&job->total, total);
    return !atomic_load(&job->cancelled);
}

/* The check as the API gives it. */
static json_t *
check_json(const struct plan_check *k)
{
    json_t *lines = json_array(), *findings = json_array();

    for (size_t i = 0; i < k->line_count; i++)
        json_array_append_new(lines, estimate_json(&k->lines[i]));
    for (size_t i = 0; i < k->finding_count; i++) {
        const struct plan_finding *f = &k->findings[i];

        json_array_append_new(findings, json_pack("{s:s, s:I, s:I, s:o, s:I, s:I}", "kind", plan_finding_name(f->kind), "line",
                                                  (json_int_t) f->line, "other", (json_int_t) f->other, "text", api_str(f->text),
                                                  "a", (json_int_t) f->a, "b", (json_int_t) f->b));
    }
    return json_pack("{s:o, s:o, s:b, s:I, s:I, s:I}", "lines", lines, "findings", findings, "cut", k->findings_cut, "share_bp",
                     (json_int_t) k->share_bp, "enterprises", (json_int_t) k->enterprises, "expected",
                     (json_int_t) k->expected_enterprises);
}

/* The latest check. current: it looked at the plan as it is, today. Never made: lines and findings are empty. */
enum err
api_plan_check(struct api *q)
{
    struct plan_see_row r;
    struct plan_check_get_row k;
    enum err e = see(q, &r);

    if (e != OK)
        return e;
    e = plan_check_get(q->ctx->db, q->ctx->arena, &(struct plan_check_get_in){r.code}, &k);
    if (e == ERR_NOT_FOUND) {
        q->out = json_pack("{s:[], s:[], s:n, s:b}", "lines", "findings", "checked", "current", 0);
        return OK;
    }
    if (e != OK)
        return e;
    q->out = json_loadb(k.content.p, k.content.n, 0, NULL);
    if (q->out == NULL)
        return ERR_INTERNAL;
    json_object_set_new(q->out, "checked", api_time(OPT(k.checked_us)));
    json_object_set_new(q->out, "current", json_boolean(k.row_version == r.row_version &&
                                                        day_of_us(k.checked_us) == day_of_us(q->ctx->now_us)));
    return OK;
}

struct checking {
    struct str code;
    int64_t row_version, job;
    char *content;
    bool live;
};

static enum err
keep_check(struct ctx *c, void *arg)
{
    struct checking *k = arg;

    return plan_check_put(c->db, &(struct plan_check_put_in){k->code, k->row_version, str_of(k->content), c->now_us});
}

static enum err
check_job(struct ctx *c, struct office_job *job)
{
    struct job_get_row j;
    struct plan_get_row plan;
    struct plan_check found;
    struct checking k = {0};
    json_t *out;
    enum err e = job_get(c->db, c->arena, &(struct job_get_in){job->id}, &j);

    if (e == OK)
        e = plan_get(c->db, c->arena,
                     &(struct plan_get_in){{j.subject.p + strlen(CHECK_SUBJECT), j.subject.n - strlen(CHECK_SUBJECT)}}, &plan);
    if (e == OK)
        e = plan_check(c, plan.code, (struct plan_watch){tell_rows, job}, &found);
    if (e != OK)
        return e;
    out = check_json(&found);
    k = (struct checking){.code = plan.code, .row_version = plan.row_version, .content = json_dumps(out, JSON_COMPACT)};
    json_decref(out);
    e = k.content == NULL ? ERR_MEMORY : office_write(job->office, c, keep_check, &k);
    free(k.content);
    return e;
}

static enum err
place_check(struct api *q, void *arg)
{
    struct checking *k = arg;
    struct job_live_row live;
    char text[64];
    struct buf b = buf_over(text, sizeof text);
    enum err e;

    buf_z(&b, CHECK_SUBJECT);
    buf_str(&b, k->code);
    if (b.overflow)
        return ERR_NOT_FOUND;
    e = job_live(q->ctx->db, q->ctx->arena, &(struct job_live_in){STR("plan.check"), buf_view(&b)}, &live);
    k->live = e == OK && live.account == q->who.account;
    k->job = k->live ? live.id : 0;
    return e == OK && k->live ? OK
           : e == OK || e == ERR_NOT_FOUND
               ? job_add(q->ctx, STR("plan.check"), buf_view(&b), q->who.account, &k->job)
               : e;
}

/* Check now, over the whole registry. */
enum err
api_plan_check_post(struct api *q)
{
    struct plan_see_row r;
    struct checking k = {0};
    enum err e = see(q, &r);

    k.code = r.code;
    if (e == OK)
        e = api_write(q, place_check, &k);
    if (e != OK)
        return e;
    return k.live ? api_job_give(q, k.job) : api_job_begin(q, &(struct office_job){.id = k.job, .fn = check_job});
}

/* --- changing ----------------------------------------------------------------------------------------------------- */

/* The content as the JSON of a module; `lead` may be absent. */
static enum err
plan_text(struct api *q, struct str lead, struct str *out)
{
    json_t *o = json_pack("{s:O, s:O}", "year", json_object_get(q->in, "year"), "name", json_object_get(q->in, "name"));
    json_t *lines = json_object_get(q->in, "lines"), *number = json_object_get(q->in, "document_no");
    char *text;

    json_object_set_new(o, "lines", lines == NULL ? json_array() : json_incref(lines));
    if (json_is_string(number) && json_string_length(number) > 0)
        json_object_set(o, "document_no", number);
    if (lead.n > 0)
        json_object_set_new(o, "lead", api_str(lead));
    text = json_dumps(o, JSON_COMPACT);
    json_decref(o);
    if (text == NULL)
        return ERR_MEMORY;
    *out = str_copy(q->ctx->arena, str_of(text));
    free(text);
    return out->p == NULL ? ERR_MEMORY : OK;
}

enum err
api_plans_post(struct api *q)
{
    struct str lead = api_text(q, "department"), region = api_text(q, "region"), text, code = {0};
    enum err e;

    if (lead.n == 0)
        lead = q->ctx->department;
    if (lead.n == 0)
        return api_wrong(q, "department", ERR_MISSING, NULL);
    if (q->ctx->department.n > 0 && !str_eq(lead, q->ctx->department))
        return ERR_PERMISSION;
    if (region.n == 0)
        region = api_level(q);
    if (region.n != 6 || !str_starts(region, q->ctx->region))
        return api_wrong(q, "region", ERR_REGION, NULL);
    e = plan_text(q, lead, &text);
    if (e == OK)
        e = plan_create(q->ctx, region, text, &code);
    if (e == OK)
        q->status = 201;
    return e == OK ? give(q, code) : e;
}

/* The plan of the address, if it is one's own to work on. */
static enum err
hold(struct api *q, struct plan_see_row *r)
{
    enum err e = see(q, r);

    if (e == OK && q->ctx->department.n > 0 && !str_eq(r->lead, q->ctx->department))
        return ctx_refuse(q->ctx, ERR_PERMISSION, "plan %s is led by another department", r->code.p);
    return e;
}

enum err
api_plan_put(struct api *q)
{
    struct plan_see_row r;
    struct str text;
    int64_t version = 0;
    enum err e = hold(q, &r);

    if (e == OK)
        e = api_if_match(q, &version);
    if (e == OK)
        e = plan_text(q, NO_STR, &text);
    if (e == OK)
        e = plan_edit(q->ctx, r.code, version, text);
    return e == OK ? give(q, r.code) : e;
}

/* Whose step it is: the department's up to approved, the conference's secretary's after it; of a department's own plan
 * its head's to the end. */
static enum permission
needed(const struct plan_see_row *r, enum plan_state to)
{
    if (to == PLAN_APPROVED || (to == PLAN_DRAFT && str_eq(r->state, STR("approved"))) || r->joint == 0)
        return PERMIT_PLAN_APPROVE;
    return PERMIT_CONFERENCE;
}

enum err
api_plan_move(struct api *q)
{
    struct plan_see_row r;
    enum plan_state to = PLAN_DRAFT;
    enum err e = see(q, &r);

    if (e == OK && plan_state_parse(api_text(q, "state"), &to) != OK)
        e = api_wrong(q, "state", ERR_INPUT, NULL);
    if (e == OK && !roles_may(q->who.roles, needed(&r, to)))
        e = ERR_PERMISSION;
    if (e == OK && needed(&r, to) == PERMIT_PLAN_APPROVE)
        e = hold(q, &r);
    if (e == OK && to == PLAN_CONFERENCE)
        e = ctx_refuse(q->ctx, ERR_STATE, "put it on the agenda of a meeting");
    if (e == OK)
        e = plan_advance(q->ctx, r.code, to, api_text(q, "opinion"), api_text(q, "document_no"));
    return e == OK ? give(q, r.code) : e;
}

static enum err
attach(struct api *q, void *arg)
{
    struct str bytes, digest;
    enum err e = file_read(q->ctx->arena, q->call->upload_path, PLAN_FILING_BYTES, &bytes);

    (void) arg;
    if (e == OK)
        e = plan_attach(q->ctx, q->params[0], api_query(q, "name"), bytes, &digest);
    return e;
}

/* The document that is filed with the government; who takes the step to `filed` hands it in. */
enum err
api_plan_filing(struct api *q)
{
    struct plan_see_row r;
    enum err e = see(q, &r);

    if (e == OK && plan_filing_type(api_query(q, "name")) == NULL)
        return api_wrong(q, "name", ERR_INPUT, "pdf ofd doc docx xls xlsx wps jpg png txt");
    if (e == OK && !roles_may(q->who.roles, needed(&r, PLAN_FILED)))
        e = ERR_PERMISSION;
    if (e == OK && r.joint == 0)
        e = hold(q, &r);
    if (e == OK && q->call->upload_path == NULL)
        e = ERR_MISSING;
    if (e == OK)
        e = api_write(q, attach, NULL);
    return e == OK ? give(q, r.code) : e;
}

enum err
api_plan_filing_get(struct api *q)
{
    struct plan_see_row r;
    struct plan_filing_get_row f;
    enum err e = see(q, &r);

    if (e == OK)
        e = plan_filing_get(q->ctx->db, q->ctx->arena, &(struct plan_filing_get_in){r.code, q->params[1]}, &f);
    if (e != OK)
        return e;
    q->reply->status = 200;
    q->reply->type = f.type.p;
    q->reply->body = f.content;
    q->reply->disposition = STR("attachment");
    return OK;
}

enum err
api_plan_revise(struct api *q)
{
    struct plan_see_row r;
    struct opt_i64 line = api_number(q, "line");
    struct str text;
    int64_t revision;
    enum err e = hold(q, &r);

    if (e == OK)
        e = api_json(q, "content", &text);
    if (e == OK)
        e = plan_revise(q->ctx, r.code, line.v, text, api_text(q, "reason"), &revision);
    return e == OK ? give(q, r.code) : e;
}

/* --- the published layout ----------------------------------------------------------------------------------------- */

static json_t *
problem_json(const struct plan_layout_problem *p)
{
    return json_pack("{s:o, s:s, s:s, s:s, s:o}", "column", api_str(plan_columns[p->column]), "code", err_name(p->why), "zh",
                     err_zh(p->why), "en", err_en(p->why), "value", api_str(p->value));
}

static json_t *
layout_json(const struct plan_layout_row *r)
{
    const struct plan_line_put_in *l = &r->line;
    json_t *problems = json_array();

    for (size_t i = 0; i < r->problem_count; i++)
        json_array_append_new(problems, problem_json(&r->problems[i]));
    return json_pack("{s:I, s:o, s:{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}}", "row",
                     (json_int_t) r->row, "problems", problems, "line", "name", api_str(l->name), "items",
                     api_list(l->items), "scope", object(l->scope), "scope_words", api_str(l->scope_words), "ratio_words",
                     api_str(l->ratio_words), "strata", object(l->strata), "risk_words", api_str(l->risk_words), "from",
                     api_date((struct opt_i64){l->from_day != 0, l->from_day}), "to",
                     api_date((struct opt_i64){l->to_day != 0, l->to_day}), "lead", api_str(l->lead), "participants",
                     api_list(l->participants), "mode", api_str(l->mode));
}

enum err
api_plan_layout(struct api *q)
{
    struct plan_layout_row *r;
    int64_t year;
    size_t n;
    json_t *rows;
    enum err e;

    if (api_number_of(api_query(q, "year"), &year) != OK || year < 2000 || year > 9999)
        return api_wrong(q, "year", ERR_RANGE, NULL);
    if (q->call->upload_path == NULL)
        return ERR_MISSING;
    e = plan_layout_read(q->ctx, q->call->upload_path, (int) year, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, layout_json(&r[i]));
    return OK;
}

enum err
api_plan_export(struct api *q)
{
    struct plan_see_row r;
    enum sheet_format format = SHEET_XLSX;
    struct str wanted = api_query(q, "format");
    char path[IMPORT_PATH_MAX], name[80];
    enum err e = see(q, &r);

    if (e == OK && wanted.n > 0 && sheet_format_parse(wanted, &format) != OK)
        e = api_wrong(q, "format", ERR_INPUT, "csv, xlsx");
    if (e == OK)
        e = api_file_place(q->ctx, path);
    if (e != OK)
        return e;
    snprintf(name, sizeof name, "plan-%.20s.%s", r.code.p, sheet_format_name(format));
    e = plan_layout_write(q->ctx, r.code, format, path);
    return api_file_give(q, e, path, sheet_format_type(format), name);
}
