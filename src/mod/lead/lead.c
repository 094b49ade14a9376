/* mod/lead/lead.c - rules and transactions of leads */
#include "mod/lead/lead.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/calendar.h"
#include "core/person.h"
#include "mod/followup/followup.h"
#include "mod/inspector/inspector.h"
#include "mod/journal/journal.h"
#include "mod/lead/lead_int.h"
#include "mod/org/org.h"
#include "mod/scope.h"
#include "mod/target/target.h"
#include "mod/workday/workday.h"

enum { SERIAL_MAX = 9999 };

static const struct str NONE;
static const char *const NAMES[LEAD_STATE_COUNT] = {"received", "triage", "inspecting", "disposed", "replied", "closed"};

/* ALLOWED[from]: bits of the states that may follow. */
#define TO(s) (1u << (s))
static const unsigned ALLOWED[LEAD_STATE_COUNT] = {
    [LEAD_RECEIVED] = TO(LEAD_TRIAGE),
    [LEAD_TRIAGE] = TO(LEAD_RECEIVED) | TO(LEAD_INSPECTING) | TO(LEAD_DISPOSED),
    [LEAD_INSPECTING] = TO(LEAD_INSPECTING) | TO(LEAD_DISPOSED),
    [LEAD_DISPOSED] = TO(LEAD_REPLIED) | TO(LEAD_CLOSED),
    [LEAD_REPLIED] = TO(LEAD_CLOSED),
    [LEAD_CLOSED] = 0,
};

bool
lead_may_move(enum lead_state from, enum lead_state to)
{
    return from < LEAD_STATE_COUNT && to < LEAD_STATE_COUNT && (ALLOWED[from] & TO(to)) != 0;
}

const char *
lead_state_name(enum lead_state s)
{
    return s < LEAD_STATE_COUNT ? NAMES[s] : "";
}

enum err
lead_state_parse(struct str s, enum lead_state *out)
{
    for (unsigned i = 0; i < LEAD_STATE_COUNT; i++)
        if (str_eq(s, str_of(NAMES[i]))) {
            *out = (enum lead_state) i;
            return OK;
        }
    return ERR_INPUT;
}

bool
lead_source_ok(struct str s)
{
    return str_eq(s, STR("assigned")) || str_eq(s, STR("complaint")) || str_eq(s, STR("patrol")) ||
           str_eq(s, STR("monitoring"));
}

/* --- shared ------------------------------------------------------------------------------------------------------- */

enum err
lead_serial(struct ctx *c, char kind, struct str region, enum err (*last)(struct ctx *c, struct str after, struct str below, struct str *code),
            struct str *out)
{
    struct civil d = civil_from_day(day_of_us(c->now_us));
    char stem[32], after[40], below[40], text[40];
    struct str newest = NONE;
    unsigned long serial = 0;
    enum err e;

    snprintf(stem, sizeof stem, "%c%.6s%04u%02u%02u", kind, region.p, (unsigned) d.year % 10000, (unsigned) d.month % 100,
             (unsigned) d.day % 100);
    snprintf(after, sizeof after, "%s0000", stem);
    snprintf(below, sizeof below, "%s:", stem); /* behind every digit */
    e = last(c, str_of(after), str_of(below), &newest);
    if (e == OK && newest.n == LEAD_CODE_BYTES)
        serial = strtoul(newest.p + LEAD_CODE_BYTES - 4, NULL, 10);
    else if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (serial >= SERIAL_MAX)
        return ctx_refuse(c, ERR_BUSY, "all numbers of this day are given");
    snprintf(text, sizeof text, "%s%04lu", stem, serial + 1);
    *out = str_copy(c->arena, str_of(text));
    return out->p == NULL ? ERR_MEMORY : OK;
}

static enum err
last_lead(struct ctx *c, struct str after, struct str below, struct str *code)
{
    struct lead_last_row r;
    enum err e = lead_last(c->db, c->arena, &(struct lead_last_in){after, below}, &r);

    if (e == OK)
        *code = r.code;
    return e;
}

enum err
lead_words(struct ctx *c, struct str s, size_t max, bool required)
{
    if ((required && str_trim(s).n == 0) || s.n > max)
        return ctx_refuse(c, ERR_LENGTH, "a text of %d to %zu bytes", required, max);
    return s.n == 0 || utf8_valid(s) ? OK : ERR_ENCODING;
}

enum err
lead_department_ok(struct ctx *c, struct str code)
{
    struct org_department_get_row d;
    enum err e = org_department_get(c->db, c->arena, &(struct org_department_get_in){code}, &d);

    if (e == ERR_NOT_FOUND || (e == OK && d.retired_us.set))
        return ctx_refuse(c, ERR_INPUT, "no department %.*s", (int) code.n, code.p);
    return e;
}

/* {"name":"value"} or absent */
static enum err
note(struct ctx *c, const char *act, struct str code, const char *name, struct str value)
{
    struct str detail = NONE;
    struct buf b;
    enum err e = buf_in(c, 64 + 6 * value.n, &b);

    if (e == OK && value.n > 0) {
        buf_z(&b, "{");
        json_put_name(&b, name);
        json_put_text(&b, value);
        buf_z(&b, "}");
        e = buf_take(c, &b, &detail);
    }
    return e == OK ? journal_add(c, &(struct journal_act){str_of(act), code, detail}) : e;
}

enum err
lead_see(struct ctx *c, struct str code, struct lead_get_row *out)
{
    enum err e = lead_get(c->db, c->arena, &(struct lead_get_in){code}, out);

    if (e == ERR_NOT_FOUND || (e == OK && !scope_sees(c, out->department, out->region)))
        return ctx_refuse(c, ERR_NOT_FOUND, "lead %.*s", (int) code.n, code.p);
    return e;
}

/* One that stands as the user saw it, for a move to `to`. */
static enum err
hold(struct ctx *c, struct lead_at at, enum lead_state to, struct lead_get_row *row)
{
    enum lead_state from = LEAD_CLOSED;
    enum err e = lead_see(c, at.code, row);

    if (e == OK && row->row_version != at.row_version)
        return ERR_CONFLICT;
    if (e == OK)
        e = lead_state_parse(row->state, &from);
    if (e == OK && !lead_may_move(from, to))
        e = ctx_refuse(c, ERR_STATE, "lead %s is %s", row->code.p, row->state.p);
    return e;
}

/* The move itself, its step and its entry. m: what changes beside the state. */
static enum err
move(struct ctx *c, const struct lead_get_row *row, enum lead_state to, struct lead_move_in m, const char *act, struct str words)
{
    enum err e;

    m.code = row->code;
    m.row_version = row->row_version;
    m.old_state = row->state;
    m.new_state = str_of(NAMES[to]);
    e = lead_move(c->db, &m);
    if (e == OK)
        e = lead_step_put(c->db, &(struct lead_step_put_in){row->code, row->state, m.new_state, words, c->actor, c->now_us});
    return e == OK ? note(c, act, row->code, "department", m.department) : e;
}

/* --- receive ------------------------------------------------------------------------------------------------------ */

static enum err
wrong(const char **field, const char *name, enum err e)
{
    if (e != OK)
        *field = name;
    return e;
}

static enum err
check_words(struct ctx *c, const struct lead_say *s, const char **field)
{
    char phone[PERSON_PHONE_MAX + 1];
    enum err e = wrong(field, "content", lead_words(c, s->content, LEAD_CONTENT_MAX, true));

    if (e == OK)
        e = wrong(field, "target_name", lead_words(c, s->target_name, LEAD_WORDS_MAX, false));
    if (e == OK)
        e = wrong(field, "place", lead_words(c, s->place, LEAD_WORDS_MAX, false));
    if (e == OK)
        e = wrong(field, "reporter_name", lead_words(c, s->reporter.name, LEAD_WORDS_MAX, false));
    if (e == OK)
        e = wrong(field, "reporter_address", lead_words(c, s->reporter.address, LEAD_WORDS_MAX, false));
    if (e == OK && s->reporter.phone.n > 0)
        e = wrong(field, "reporter_phone", person_phone_parse(s->reporter.phone, phone));
    return e;
}

static enum err
check(struct ctx *c, const struct lead_say *s, const char **field)
{
    struct target_get_row t;
    bool digits = s->region.n == 6;
    enum err e;

    for (size_t i = 0; digits && i < 6; i++)
        digits = s->region.p[i] >= '0' && s->region.p[i] <= '9';
    if (!lead_source_ok(s->source))
        return wrong(field, "source", ctx_refuse(c, ERR_INPUT, "assigned, complaint, patrol or monitoring"));
    if (!digits)
        return wrong(field, "region", ERR_REGION);
    e = check_words(c, s, field);
    if (e == OK && s->department.n > 0)
        e = wrong(field, "department", lead_department_ok(c, s->department));
    if (e == OK && s->target.n > 0) {
        e = wrong(field, "target", target_get(c->db, c->arena, &(struct target_get_in){s->target}, &t));
        if (e == ERR_NOT_FOUND)
            return ctx_refuse(c, e, "target %.*s", (int) s->target.n, s->target.p);
    }
    if (e == OK && !s->portal && !scope_sees(c, s->department, s->region))
        e = wrong(field, s->department.n > 0 ? "region" : "department", ERR_PERMISSION);
    return e;
}

static enum err
bound_to(struct ctx *c, struct str code, struct str *out)
{
    struct buf b;
    enum err e = buf_in(c, code.n + 32, &b);

    if (e != OK)
        return e;
    buf_z(&b, "lead\n");
    buf_str(&b, code);
    buf_z(&b, "\nreporter");
    *out = buf_view(&b);
    return OK;
}

static void
put_field(struct buf *b, const char *name, struct str value)
{
    if (value.n == 0)
        return;
    json_put_name(b, name);
    json_put_text(b, value);
}

static enum err
seal(struct ctx *c, struct str code, const struct lead_reporter *r, struct str *sealed)
{
    struct str plain, bound;
    struct buf b;
    enum err e;

    *sealed = NONE;
    if (r->name.n + r->phone.n + r->address.n == 0)
        return OK;
    e = buf_in(c, 64 + 6 * (r->name.n + r->phone.n + r->address.n), &b);
    if (e != OK)
        return e;
    buf_z(&b, "{");
    put_field(&b, "name", r->name);
    put_field(&b, "phone", r->phone);
    put_field(&b, "address", r->address);
    buf_z(&b, "}");
    e = buf_take(c, &b, &plain);
    if (e == OK)
        e = bound_to(c, code, &bound);
    return e == OK ? secret_seal(c, SECRET_PERSON_KEY, bound, plain, sealed) : e;
}

static enum err
unseal(struct ctx *c, struct str code, struct str sealed, struct lead_reporter *out)
{
    struct str bound, plain;
    json_t *o;
    enum err e = bound_to(c, code, &bound);

    *out = (struct lead_reporter){NONE, NONE, NONE};
    if (e == OK)
        e = secret_open(c, SECRET_PERSON_KEY, bound, sealed, &plain);
    if (e == ERR_NOT_FOUND || e == ERR_DIGEST)
        return ctx_refuse(c, ERR_DIGEST, "keys/person.key is not the key this was sealed with: restore it from a backup");
    if (e == OK)
        e = json_read(c, plain, &o);
    if (e != OK)
        return e;
    e = json_text(c, o, (struct json_field){"name", false}, LEAD_WORDS_MAX, &out->name);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"phone", false}, LEAD_WORDS_MAX, &out->phone);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"address", false}, LEAD_WORDS_MAX, &out->address);
    json_decref(o);
    return e;
}

static enum err
put(struct ctx *c, const struct lead_say *s, struct lead_receipt *out)
{
    char hash[SECRET_TOKEN_CHARS + 1];
    struct lead_put_in p = {.source = s->source,
                            .channel = s->portal ? STR("portal") : STR("office"),
                            .region = s->region,
                            .department = s->department,
                            .target = s->target,
                            .target_name = s->target_name,
                            .place = s->place,
                            .content = s->content,
                            .received_day = day_of_us(c->now_us),
                            .received_us = c->now_us};
    struct str version;
    enum err e = lead_serial(c, 'X', s->region, last_lead, &p.code);

    if (e == OK)
        e = secret_token(c, out->token);
    if (e == OK)
        e = seal(c, p.code, &s->reporter, &p.reporter);
    if (e == OK)
        e = workday_due(c, p.received_day, LEAD_WORKING_DAYS, &p.due_day, &version);
    if (e != OK)
        return e;
    secret_token_hash(str_of(out->token), hash);
    p.token_hash = str_of(hash);
    e = lead_put(c->db, &p);
    if (e == OK)
        e = lead_step_put(c->db, &(struct lead_step_put_in){p.code, STR("-"), STR("received"), NONE, c->actor, c->now_us});
    out->code = p.code;
    out->due = p.due_day;
    return e == OK ? note(c, "lead.receive", p.code, "source", p.source) : e;
}

enum err
lead_receive(struct ctx *c, const struct lead_say *say, struct lead_receipt *out, const char **field)
{
    enum err e;

    *field = NULL;
    e = check(c, say, field);
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, put(c, say, out)) : e;
}

enum err
lead_check(struct ctx *c, struct str code, struct str token, struct lead_standing *out)
{
    char hash[SECRET_TOKEN_CHARS + 1];
    struct lead_get_row row;
    enum err e = lead_get(c->db, c->arena, &(struct lead_get_in){code}, &row);

    secret_token_hash(token, hash);
    if (e == OK && !str_eq(row.token_hash, str_of(hash)))
        return ERR_NOT_FOUND;
    if (e == OK)
        *out = (struct lead_standing){row.state, row.reply, row.received_day, row.due_day};
    return e;
}

/* --- who reported ------------------------------------------------------------------------------------------------- */

static enum err
reveal(struct ctx *c, struct str code, struct str reason, struct lead_reporter *out)
{
    struct lead_get_row row;
    struct lead_reporter_get_row sealed;
    enum err e = lead_see(c, code, &row);

    if (e == OK && (c->department.n == 0 || !str_eq(c->department, row.department)))
        return ctx_refuse(c, ERR_PERMISSION, "only the department that handles it knows who reported");
    if (e == OK)
        e = lead_reporter_get(c->db, c->arena, &(struct lead_reporter_get_in){code}, &sealed);
    if (e == OK && sealed.reporter.n == 0)
        return ctx_refuse(c, ERR_NOT_FOUND, "it was reported anonymously");
    if (e == OK)
        e = unseal(c, code, sealed.reporter, out);
    return e == OK ? note(c, "lead.reveal", code, "reason", reason) : e;
}

enum err
lead_reveal(struct ctx *c, struct str code, struct str reason, struct lead_reporter *out)
{
    enum err e = lead_words(c, reason, LEAD_WORDS_MAX, true);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, reveal(c, code, reason, out)) : e;
}

/* --- moves -------------------------------------------------------------------------------------------------------- */

static enum err
assign(struct ctx *c, struct lead_at at, struct str department, struct str words)
{
    struct lead_get_row row;
    enum err e = hold(c, at, LEAD_TRIAGE, &row);

    if (e == OK)
        e = lead_department_ok(c, department);
    if (e == OK && !scope_sees(c, department, row.region))
        e = ctx_refuse(c, ERR_PERMISSION, "a department that is not one's own");
    return e == OK ? move(c, &row, LEAD_TRIAGE, (struct lead_move_in){.department = department}, "lead.assign", words) : e;
}

enum err
lead_assign(struct ctx *c, struct lead_at at, struct str department, struct str words)
{
    enum err e = lead_words(c, words, LEAD_WORDS_MAX, false);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, assign(c, at, department, words)) : e;
}

static enum err
pass(struct ctx *c, struct lead_at at, struct str department, struct str reason)
{
    struct lead_get_row row;
    enum err e = hold(c, at, LEAD_RECEIVED, &row);

    if (e == OK)
        e = lead_department_ok(c, department);
    if (e == OK && str_eq(department, row.department))
        e = ctx_refuse(c, ERR_INPUT, "it is this department's already");
    return e == OK ? move(c, &row, LEAD_RECEIVED, (struct lead_move_in){.department = department}, "lead.pass", reason) : e;
}

enum err
lead_pass(struct ctx *c, struct lead_at at, struct str department, struct str reason)
{
    enum err e = lead_words(c, reason, LEAD_WORDS_MAX, true);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, pass(c, at, department, reason)) : e;
}

/* No certificate, no inspection: national or provincial, valid on the day. */
static enum err
certified(struct ctx *c, struct str inspector, int64_t day)
{
    struct inspector_certificates_of_row *q;
    size_t n;
    enum err e = inspector_certificates_of(c->db, c->arena, &(struct inspector_certificates_of_in){inspector}, &q, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        if (q[i].valid_to_day >= day && !str_eq(q[i].kind, STR("technical")))
            return OK;
    return e == OK ? ctx_refuse(c, ERR_INPUT, "%s has no certificate that is valid on that day", inspector.p) : e;
}

static enum err
may_go(struct ctx *c, const struct lead_get_row *row, struct str code, int64_t day)
{
    struct inspector_get_row i;
    struct inspector_leave_overlapping_row *away;
    struct inspector_recusal_get_row r;
    size_t n = 0;
    enum err e = inspector_get(c->db, c->arena, &(struct inspector_get_in){code}, &i);

    if (e == ERR_NOT_FOUND || (e == OK && !str_eq(i.department, row->department)))
        return ctx_refuse(c, ERR_INPUT, "no inspector %.*s in the department", (int) code.n, code.p);
    if (e == OK && !str_eq(i.state, STR("active")))
        return ctx_refuse(c, ERR_INPUT, "%s is not at work", i.code.p);
    if (e == OK)
        e = certified(c, i.code, day);
    if (e == OK)
        e = inspector_leave_overlapping(c->db, c->arena,
                                        &(struct inspector_leave_overlapping_in){code, day, day, {false, 0}}, &away, &n);
    if (e == OK && n > 0)
        return ctx_refuse(c, ERR_INPUT, "%s is on leave that day", i.code.p);
    if (e != OK || row->target.n == 0)
        return e;
    e = inspector_recusal_get(c->db, c->arena, &(struct inspector_recusal_get_in){code, row->target}, &r);
    if (e == OK && !r.ended_us.set)
        return ctx_refuse(c, ERR_INPUT, "%s is recused from this target", i.code.p);
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
inspect(struct ctx *c, struct lead_at at, const struct lead_inspection *s)
{
    struct lead_get_row row;
    struct str list;
    struct buf b;
    enum err e = hold(c, at, LEAD_INSPECTING, &row);

    if (e == OK && (s->day < row.received_day || s->day > day_of_us(c->now_us)))
        e = ctx_refuse(c, ERR_DATE, "not before the day of receipt, not in the future");
    for (size_t i = 0; e == OK && i < s->inspectors.count; i++) {
        e = may_go(c, &row, s->inspectors.v[i], s->day);
        for (size_t j = 0; e == OK && j < i; j++)
            if (str_eq(s->inspectors.v[i], s->inspectors.v[j]))
                e = ERR_DUPLICATE;
    }
    if (e == OK)
        e = buf_in(c, 16 + (6 * INSPECTOR_CODE_MAX + 4) * s->inspectors.count, &b);
    if (e != OK)
        return e;
    json_put_texts(&b, &s->inspectors);
    e = buf_take(c, &b, &list);
    if (e == OK)
        e = lead_inspection_put(c->db, &(struct lead_inspection_put_in){row.code, s->day, list, s->methods, s->remarks});
    return e == OK ? move(c, &row, LEAD_INSPECTING, (struct lead_move_in){.department = NONE}, "lead.inspect", s->remarks) : e;
}

enum err
lead_inspect(struct ctx *c, struct lead_at at, const struct lead_inspection *say)
{
    enum err e = lead_words(c, say->remarks, LEAD_CONTENT_MAX, false);

    if (say->inspectors.count < LEAD_INSPECTORS_MIN || say->inspectors.count > LEAD_INSPECTORS_MAX)
        return ctx_refuse(c, ERR_INPUT, "at least %d inspectors go", LEAD_INSPECTORS_MIN);
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, inspect(c, at, say)) : e;
}

static enum err
check_disposal(struct ctx *c, const struct lead_get_row *row, const struct lead_disposal *s)
{
    bool inspected = str_eq(row->state, STR("inspecting")), violation = str_eq(s->outcome, STR("violation")), allowed;
    enum err e = OK;

    if (inspected ? !violation && !str_eq(s->outcome, STR("unfounded")) : !str_eq(s->outcome, STR("unaccepted")))
        return ctx_refuse(c, ERR_INPUT, "violation or unfounded after an inspection, unaccepted before one");
    if (violation != (s->measure.n > 0))
        return ctx_refuse(c, ERR_INPUT, "a violation has a measure, nothing else has one");
    if (violation) {
        e = followup_measure_ok(c, s->measure, &allowed);
        if (e == OK && !allowed)
            e = ctx_refuse(c, ERR_INPUT, "unknown measure %.*s", (int) s->measure.n, s->measure.p);
    }
    return e;
}

static enum err
dispose(struct ctx *c, struct lead_at at, const struct lead_disposal *s)
{
    struct lead_get_row row;
    struct lead_move_in m = {
        .outcome = s->outcome, .measure = s->measure, .document_no = s->document_no, .findings = s->findings};
    enum err e = hold(c, at, LEAD_DISPOSED, &row);

    if (e == OK)
        e = check_disposal(c, &row, s);
    return e == OK ? move(c, &row, LEAD_DISPOSED, m, "lead.dispose", s->outcome) : e;
}

enum err
lead_dispose(struct ctx *c, struct lead_at at, const struct lead_disposal *say)
{
    enum err e = lead_words(c, say->findings, LEAD_CONTENT_MAX, true);

    if (e == OK)
        e = lead_words(c, say->document_no, LEAD_WORDS_MAX, false);
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, dispose(c, at, say)) : e;
}

enum err
lead_answer(struct ctx *c, struct lead_at at, struct str reply)
{
    struct lead_get_row row;
    enum err e = lead_words(c, reply, LEAD_CONTENT_MAX, true);

    if (e == OK)
        e = db_begin(c->db);
    if (e != OK)
        return e;
    e = hold(c, at, LEAD_REPLIED, &row);
    if (e == OK)
        e = move(c, &row, LEAD_REPLIED, (struct lead_move_in){.reply = reply}, "lead.answer", NONE);
    return db_end(c->db, e);
}

enum err
lead_close(struct ctx *c, struct lead_at at, struct str words)
{
    struct lead_get_row row;
    enum err e = lead_words(c, words, LEAD_WORDS_MAX, false);

    if (e == OK)
        e = db_begin(c->db);
    if (e != OK)
        return e;
    e = hold(c, at, LEAD_CLOSED, &row);
    if (e == OK && str_eq(row.state, STR("disposed")) && row.has_reporter)
        e = ctx_refuse(c, ERR_STATE, "somebody waits for a reply");
    if (e == OK)
        e = move(c, &row, LEAD_CLOSED, (struct lead_move_in){.reply = NONE}, "lead.close", words);
    return db_end(c->db, e);
}

enum err
lead_join(struct ctx *c, struct str code, struct str campaign)
{
    struct lead_get_row row;
    struct lead_move_in m = {.campaign = campaign};
    bool triage, disposed;
    enum err e = lead_see(c, code, &row);

    if (e != OK)
        return e;
    triage = str_eq(row.state, STR("triage"));
    disposed = !triage && !str_eq(row.state, STR("received")) && !str_eq(row.state, STR("inspecting"));
    if (row.campaign.n > 0 || (!triage && !disposed))
        return ctx_refuse(c, ERR_STATE, "lead %s is %s, or part of a campaign", row.code.p, row.state.p);
    m.code = row.code;
    m.row_version = row.row_version;
    m.old_state = row.state;
    m.new_state = triage ? STR("disposed") : row.state;
    if (triage)
        m.outcome = STR("campaign");
    e = lead_move(c->db, &m);
    return e == OK ? lead_step_put(c->db, &(struct lead_step_put_in){row.code, row.state, m.new_state, campaign, c->actor,
                                                                    c->now_us})
                   : e;
}
