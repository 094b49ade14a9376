/* mod/lead/campaign.c */
#include "mod/lead/campaign.h"

#include <stdlib.h>

#include "core/calendar.h"
#include "mod/journal/journal.h"
#include "mod/lead/lead_int.h"
#include "mod/scope.h"
#include "mod/task/task.h"

static const struct str NONE;

enum err
campaign_see(struct ctx *c, struct str code, struct lead_campaign_get_row *out)
{
    enum err e = lead_campaign_get(c->db, c->arena, &(struct lead_campaign_get_in){code}, out);

    if (e == ERR_NOT_FOUND || (e == OK && !scope_sees(c, out->department, out->region)))
        return ctx_refuse(c, ERR_NOT_FOUND, "campaign %.*s", (int) code.n, code.p);
    return e;
}

static enum err
last_campaign(struct ctx *c, struct str after, struct str below, struct str *code)
{
    struct lead_campaign_last_row r;
    enum err e = lead_campaign_last(c->db, c->arena, &(struct lead_campaign_last_in){after, below}, &r);

    if (e == OK)
        *code = r.code;
    return e;
}

/* The terms with name, lead department and reason: what task_create reads. */
static enum err
task_json(struct ctx *c, struct str terms, struct str name, struct str department, struct str reason, struct str *out)
{
    static const char *const FIELDS[] = {"items", "scope", "filter", "strata", "participants", "from", "to"};
    json_t *o;
    char *text;
    enum err e = json_read(c, terms, &o);

    if (e != OK)
        return e;
    e = json_only(c, o, FIELDS, sizeof FIELDS / sizeof *FIELDS);
    if (e == OK) {
        json_object_set_new(o, "name", json_stringn(name.p, name.n));
        json_object_set_new(o, "lead", json_stringn(department.p, department.n));
        json_object_set_new(o, "adhoc_reason", json_stringn(reason.p, reason.n));
        text = json_dumps(o, JSON_COMPACT);
        *out = text == NULL ? NONE : str_copy(c->arena, str_of(text));
        free(text);
        e = out->p == NULL ? ERR_MEMORY : OK;
    }
    json_decref(o);
    return e;
}

/* A task is made of the terms and taken back: they are checked by the rules of tasks. */
static enum err
try_terms(struct ctx *c, const struct campaign_say *s)
{
    struct str json, code;
    enum err e = task_json(c, s->terms, s->name, s->department, s->reason, &json), undone;

    if (e == OK)
        e = db_begin(c->db);
    if (e != OK)
        return e;
    e = task_create(c, s->region, json, &code);
    undone = db_end(c->db, e == OK ? ERR_CANCELLED : e);
    return e == OK && undone == ERR_CANCELLED ? OK : undone;
}

static enum err
check(struct ctx *c, const struct campaign_say *s, const char **field)
{
    enum err e;

    *field = "name";
    if ((e = lead_words(c, s->name, TASK_NAME_MAX, true)) != OK)
        return e;
    *field = "reason";
    if ((e = lead_words(c, s->reason, TASK_REASON_MAX - LEAD_WORDS_MAX, true)) != OK)
        return e;
    *field = "region";
    if (s->region.n != 6)
        return ERR_REGION;
    *field = "department";
    if ((e = lead_department_ok(c, s->department)) != OK)
        return e;
    if (!scope_sees(c, s->department, s->region))
        return ERR_PERMISSION;
    *field = "leads";
    if (s->leads.count == 0 || s->leads.count > CAMPAIGN_LEADS_MAX)
        return ctx_refuse(c, ERR_LENGTH, "1 to %d leads", CAMPAIGN_LEADS_MAX);
    *field = "terms";
    return s->terms.n > CAMPAIGN_TERMS_MAX ? ERR_TOO_LARGE : try_terms(c, s);
}

static enum err
draft(struct ctx *c, const struct campaign_say *s, struct str *code, const char **field)
{
    enum err e = check(c, s, field);

    if (e == OK) {
        *field = NULL;
        e = lead_serial(c, 'Z', s->region, last_campaign, code);
    }
    if (e == OK)
        e = lead_campaign_put(c->db, &(struct lead_campaign_put_in){*code, s->name, s->reason, s->region, s->department,
                                                                    s->terms, c->actor, c->now_us});
    for (size_t i = 0; e == OK && i < s->leads.count; i++)
        if ((e = lead_join(c, s->leads.v[i], *code)) != OK)
            *field = "leads";
    return e == OK ? journal_add(c, &(struct journal_act){STR("campaign.draft"), *code, NONE}) : e;
}

enum err
campaign_draft(struct ctx *c, const struct campaign_say *say, struct str *code, const char **field)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, draft(c, say, code, field)) : e;
}

/* --- its way ------------------------------------------------------------------------------------------------------ */

static enum err
hold(struct ctx *c, struct lead_at at, struct str state, struct lead_campaign_get_row *row)
{
    enum err e = campaign_see(c, at.code, row);

    if (e == OK && row->row_version != at.row_version)
        return ERR_CONFLICT;
    return e == OK && !str_eq(row->state, state) ? ctx_refuse(c, ERR_STATE, "the campaign is %s", row->state.p) : e;
}

static enum err
move(struct ctx *c, const struct lead_campaign_get_row *row, struct str to, struct lead_campaign_move_in m, const char *act)
{
    struct str detail = NONE, words = m.document_no.n > 0 ? m.document_no : m.task;
    struct buf b;
    enum err e;

    m.code = row->code;
    m.row_version = row->row_version;
    m.old_state = row->state;
    m.new_state = to;
    e = lead_campaign_move(c->db, &m);
    if (e == OK)
        e = buf_in(c, 64 + 6 * words.n, &b);
    if (e == OK && words.n > 0) {
        buf_z(&b, "{");
        json_put_name(&b, m.document_no.n > 0 ? "document_no" : "task");
        json_put_text(&b, words);
        buf_z(&b, "}");
        e = buf_take(c, &b, &detail);
    }
    return e == OK ? journal_add(c, &(struct journal_act){str_of(act), row->code, detail}) : e;
}

enum err
campaign_approve(struct ctx *c, struct lead_at at)
{
    struct lead_campaign_get_row row;
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = hold(c, at, STR("draft"), &row);
    if (e == OK && str_starts(c->actor, STR("user:")) && str_eq(c->actor, row.drafted_by))
        e = ctx_refuse(c, ERR_PERMISSION, "who drafted it does not approve it");
    if (e == OK)
        e = move(c, &row, STR("approved"), (struct lead_campaign_move_in){.approved_by = c->actor}, "campaign.approve");
    return db_end(c->db, e);
}

enum err
campaign_file(struct ctx *c, struct lead_at at, struct str document_no, int64_t day)
{
    struct lead_campaign_get_row row;
    struct lead_campaign_move_in m = {.document_no = document_no, .filed_day = {true, day}};
    enum err e = lead_words(c, document_no, LEAD_WORDS_MAX, true);

    if (e == OK && day > day_of_us(c->now_us))
        e = ctx_refuse(c, ERR_DATE, "a filing does not lie in the future");
    if (e == OK)
        e = db_begin(c->db);
    if (e != OK)
        return e;
    e = hold(c, at, STR("approved"), &row);
    if (e == OK)
        e = move(c, &row, STR("filed"), m, "campaign.file");
    return db_end(c->db, e);
}

/* 专项检查:<reason>(<document number>,<code>) */
static enum err
reason_of(struct ctx *c, const struct lead_campaign_get_row *row, struct str *out)
{
    struct buf b;
    enum err e = buf_in(c, row->reason.n + row->document_no.n + row->code.n + 64, &b);

    if (e != OK)
        return e;
    buf_z(&b, "专项检查：");
    buf_str(&b, row->reason);
    buf_z(&b, "（");
    buf_str(&b, row->document_no);
    buf_z(&b, "，");
    buf_str(&b, row->code);
    buf_z(&b, "）");
    return buf_take(c, &b, out);
}

static enum err
start(struct ctx *c, struct lead_at at, struct str *task)
{
    struct lead_campaign_get_row row;
    struct str reason, json;
    enum err e = hold(c, at, STR("filed"), &row);

    if (e == OK)
        e = reason_of(c, &row, &reason);
    if (e == OK)
        e = task_json(c, row.terms, row.name, row.department, reason, &json);
    if (e == OK)
        e = task_create(c, row.region, json, task);
    return e == OK ? move(c, &row, STR("running"), (struct lead_campaign_move_in){.task = *task}, "campaign.start") : e;
}

enum err
campaign_start(struct ctx *c, struct lead_at at, struct str *task)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, start(c, at, task)) : e;
}
