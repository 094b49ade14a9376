/* mod/plan/plan.c - rules and transactions of annual plans */
#include "mod/plan/plan_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/item/item.h"
#include "mod/journal/journal.h"
#include "mod/target/target.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const NAMES[PLAN_STATE_COUNT] = {"draft", "approved",  "conference", "adopted",
                                                    "filed", "published", "running",    "closed"};

/* ALLOWED[from]: bits of the states that may follow. */
#define TO(s) (1u << (s))
static const unsigned ALLOWED[PLAN_STATE_COUNT] = {
    [PLAN_DRAFT] = TO(PLAN_APPROVED),
    [PLAN_APPROVED] = TO(PLAN_CONFERENCE) | TO(PLAN_FILED) | TO(PLAN_DRAFT),
    [PLAN_CONFERENCE] = TO(PLAN_ADOPTED) | TO(PLAN_DRAFT),
    [PLAN_ADOPTED] = TO(PLAN_FILED) | TO(PLAN_DRAFT),
    [PLAN_FILED] = TO(PLAN_PUBLISHED) | TO(PLAN_DRAFT),
    [PLAN_PUBLISHED] = TO(PLAN_RUNNING),
    [PLAN_RUNNING] = TO(PLAN_CLOSED),
    [PLAN_CLOSED] = 0,
};

bool
plan_may_move(enum plan_state from, enum plan_state to)
{
    return from < PLAN_STATE_COUNT && to < PLAN_STATE_COUNT && (ALLOWED[from] & TO(to)) != 0;
}

const char *
plan_state_name(enum plan_state s)
{
    return s < PLAN_STATE_COUNT ? NAMES[s] : "";
}

enum err
plan_state_parse(struct str s, enum plan_state *out)
{
    for (unsigned i = 0; i < PLAN_STATE_COUNT; i++)
        if (str_eq(s, str_of(NAMES[i]))) {
            *out = (enum plan_state) i;
            return OK;
        }
    return ERR_INPUT;
}

/* --- checks
 * ------------------------------------------------------------------------------------------------------ */

void
plan_take_cap(const struct item_current_row *item, struct opt_i64 *cap_bp)
{
    if (!str_eq(item->class, STR("GENERAL")) || !item->cap_bp.set)
        return;
    if (!cap_bp->set || item->cap_bp.v < cap_bp->v)
        *cap_bp = item->cap_bp;
}

enum err
plan_check_items(struct ctx *c, const struct texts *items, const struct sampling *s, struct opt_i64 *cap_bp)
{
    uint32_t least = RATIO_BP_MAX;
    enum err e = OK;

    *cap_bp = (struct opt_i64){0};
    for (size_t i = 0; e == OK && i < items->count; i++) {
        struct item_current_row item;

        e = item_current(c->db, c->arena, &(struct item_current_in){items->v[i]}, &item);
        if (e == ERR_NOT_FOUND)
            e = ctx_refuse(c, ERR_STATE, "item %s is not published: an unpublished item may not be inspected",
                           items->v[i].p);
        if (e == OK)
            plan_take_cap(&item, cap_bp);
    }
    for (size_t i = 0; i < s->count; i++)
        least = s->strata[i].ratio_bp < least ? s->strata[i].ratio_bp : least;
    if (e == OK && cap_bp->set && cap_bp->v < (int64_t) least)
        e = ctx_refuse(c, ERR_CAP, "the lowest ratio is %u/10000, the cap of its general items %lld/10000",
                       least, (long long) cap_bp->v);
    return e;
}

/* --- a line from JSON
 * ------------------------------------------------------------------------------------------------ */

static const char *const LINE_FIELDS[] = {"name",        "items",  "scope",        "scope_words",
                                          "ratio_words", "strata", "risk_words",   "from",
                                          "to",          "lead",   "participants", "mode",
                                          "filter",      "bundle"};

static enum err
canonical_terms(struct ctx *c, struct plan_line_put_in *line)
{
    struct scope scope;
    struct sampling sampling;
    struct participants participants;
    struct texts items;
    enum err e = terms_scope(c, line->scope, &scope);

    if (e == OK)
        e = terms_scope_text(c, &scope, &line->scope);
    if (e == OK)
        e = terms_sampling(c, line->strata, &sampling);
    if (e == OK)
        e = terms_sampling_text(c, &sampling, &line->strata);
    if (e == OK)
        e = terms_participants(c, line->participants, &participants);
    if (e == OK && !participants_have(&participants, line->lead))
        e = ctx_refuse(c, ERR_INPUT, "the lead %s is not among the participants", line->lead.p);
    if (e == OK)
        e = terms_participants_text(c, &participants, &line->participants);
    if (e == OK)
        e = terms_items(c, line->items, &items);
    if (e == OK)
        e = terms_texts_text(c, &items, &line->items);
    if (e == OK && line->to_day < line->from_day)
        e = ctx_refuse(c, ERR_DATE, "the window ends before it begins");
    return e;
}

enum err
plan_read_scope(struct ctx *c, const json_t *o, struct str *scope)
{
    struct str filter = {0};
    enum err e = json_text(c, o, (struct json_field){"filter", false}, TARGET_FILTER_NAME_MAX, &filter);

    if (e != OK || filter.p == NULL)
        return e == OK ? json_nested(c, o, "scope", scope) : e;
    if (json_object_get(o, "scope") != NULL)
        return ctx_refuse(c, ERR_INPUT, "a scope or a filter, not both");
    return target_filter_scope(c, filter, scope);
}

/* The items themselves, or those of a published joint item or bundle 综合查一次, 一业一查. */
static enum err
read_items(struct ctx *c, const json_t *o, struct str *items)
{
    struct item_joint_current_row joint;
    struct str bundle = {0};
    enum err e = json_text(c, o, (struct json_field){"bundle", false}, TERMS_TEXT_MAX, &bundle);

    if (e != OK || bundle.p == NULL)
        return e == OK ? json_nested(c, o, "items", items) : e;
    if (json_object_get(o, "items") != NULL)
        return ctx_refuse(c, ERR_INPUT, "items or a bundle, not both");
    e = item_joint_current(c->db, c->arena, &(struct item_joint_current_in){bundle}, &joint);
    if (e == ERR_NOT_FOUND || (e == OK && joint.items.n == 0))
        return ctx_refuse(c, ERR_NOT_FOUND, "no published bundle %s", bundle.p);
    *items = joint.items;
    return e;
}

enum err
plan_read_line(struct ctx *c, const json_t *o, struct plan_line_put_in *line)
{
    enum err e;

    if (!json_is_object(o))
        return ctx_refuse(c, ERR_INPUT, "a line of a plan is an object");
    e = json_only(c, o, LINE_FIELDS, COUNT(LINE_FIELDS));
    if (e == OK)
        e = json_text(c, o, (struct json_field){"name", true}, PLAN_NAME_MAX, &line->name);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"lead", line->lead.p == NULL}, TERMS_LABEL_MAX, &line->lead);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"scope_words", false}, PLAN_WORDS_MAX, &line->scope_words);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"ratio_words", false}, PLAN_WORDS_MAX, &line->ratio_words);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"risk_words", false}, PLAN_WORDS_MAX, &line->risk_words);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"mode", false}, PLAN_NAME_MAX, &line->mode);
    if (e == OK)
        e = json_day(c, o, (struct json_field){"from", true}, &line->from_day);
    if (e == OK)
        e = json_day(c, o, (struct json_field){"to", true}, &line->to_day);
    if (e == OK)
        e = read_items(c, o, &line->items);
    if (e == OK)
        e = plan_read_scope(c, o, &line->scope);
    if (e == OK)
        e = json_nested(c, o, "strata", &line->strata);
    if (e == OK)
        e = json_nested(c, o, "participants", &line->participants);
    return e == OK ? canonical_terms(c, line) : e;
}

/* --- create
 * ------------------------------------------------------------------------------------------------------------
 */

/* Joint 联合 as soon as one line has several departments. */
static bool
is_joint(const struct plan_line_put_in *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(lines[i].participants.p, "},{") != NULL)
            return true;
    return false;
}

enum err
plan_read(struct ctx *c, const json_t *o, struct plan_put_in *plan, struct plan_line_put_in **lines, size_t *count)
{
    static const char *const FIELDS[] = {"code", "year", "name", "lead", "document_no", "lines"};
    const json_t *list = json_object_get(o, "lines");
    enum err e = json_only(c, o, FIELDS, COUNT(FIELDS));

    *count = json_array_size(list);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"code", false}, TERMS_LABEL_MAX, &plan->code);
    if (e == OK)
        e = json_i64(c, o, (struct json_field){"year", true}, 2000, 9999, &plan->year);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"name", true}, PLAN_NAME_MAX, &plan->name);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"lead", true}, TERMS_LABEL_MAX, &plan->lead);
    if (e == OK)
        e = json_text(c, o, (struct json_field){"document_no", false}, PLAN_NAME_MAX, &plan->document_no);
    if (e == OK && (!json_is_array(list) || *count > PLAN_LINES_MAX))
        e = ctx_refuse(c, ERR_INPUT, "field \"lines\": at most %d lines", PLAN_LINES_MAX);
    *lines = arena_array(c->arena, *count + 1, sizeof **lines);
    if (e == OK && *lines == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < *count; i++) {
        (*lines)[i] = (struct plan_line_put_in){.line = (int64_t) i + 1, .lead = plan->lead};
        e = plan_read_line(c, json_array_get(list, i), &(*lines)[i]);
        if (e != OK)
            return ctx_refuse(c, e, "line %zu: %s", i + 1, str_copy(c->arena, str_of(c->why)).p);
    }
    if (e == OK)
        plan->joint = is_joint(*lines, *count);
    return e;
}

/* region 6 + year 4 + the next of 0001 … 9999 */
static enum err
next_code(struct ctx *c, struct str region, int64_t year, struct str *code)
{
    char from[PLAN_CODE_BYTES + 1], to[PLAN_CODE_BYTES + 1], text[PLAN_CODE_BYTES + 1];
    struct plan_last_code_row last;
    uint64_t serial = 0;
    enum err e;

    if (region.n != 6)
        return ctx_refuse(c, ERR_REGION, "a plan needs a code or a six-digit region");
    snprintf(from, sizeof from, "%.6s%04d0000", region.p, (int) year);
    snprintf(to, sizeof to, "%.6s%04d9999", region.p, (int) year);
    e = plan_last_code(c->db, c->arena, &(struct plan_last_code_in){str_of(from), str_of(to)}, &last);
    if (e == OK && last.code.n == PLAN_CODE_BYTES)
        serial = strtoull(last.code.p + 10, NULL, 10);
    else if (e != ERR_NOT_FOUND)
        return e;
    if (serial >= 9999)
        return ERR_RANGE;
    snprintf(text, sizeof text, "%.6s%04d%04u", region.p, (int) year, (unsigned) serial + 1);
    *code = str_copy(c->arena, str_of(text));
    return code->p == NULL ? ERR_MEMORY : OK;
}

enum err
plan_put_lines(struct ctx *c, struct str code, struct plan_line_put_in *lines, size_t count)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < count; i++) {
        lines[i].plan = code;
        e = plan_line_put(c->db, &lines[i]);
    }
    return e;
}

static enum err
put_plan(struct ctx *c, struct str region, struct plan_put_in *plan, struct plan_line_put_in *lines,
         size_t count)
{
    enum err e = plan->code.p == NULL ? next_code(c, region, plan->year, &plan->code) : OK;

    plan->row_version = 1;
    plan->created_by = c->actor;
    if (e == OK)
        e = plan_put(c->db, plan);
    if (e == ERR_EXISTS)
        return ctx_refuse(c, e, "plan %s", plan->code.p);
    if (e == OK)
        e = plan_put_lines(c, plan->code, lines, count);
    return e == OK ? journal_add(c, &(struct journal_act){STR("plan.create"), plan->code, {0}}) : e;
}

enum err
plan_create(struct ctx *c, struct str region, struct str json, struct str *code)
{
    struct plan_put_in plan = {0};
    struct plan_line_put_in *lines = NULL;
    size_t count = 0;
    json_t *o;
    enum err e = json_read(c, json, &o);

    if (e != OK)
        return e;
    e = plan_read(c, o, &plan, &lines, &count);
    json_decref(o);
    if (e != OK)
        return e;
    e = db_begin(c->db);
    if (e != OK)
        return e;
    e = db_end(c->db, put_plan(c, region, &plan, lines, count));
    if (e == OK)
        *code = plan.code;
    return e;
}

/* --- the way through the reviews
 * ------------------------------------------------------------------------------------------ */

static enum err
check_lines(struct ctx *c, struct str code)
{
    struct plan_line_list_row *lines;
    size_t count;
    enum err e = plan_line_list(c->db, c->arena, &(struct plan_line_list_in){code}, &lines, &count);

    for (size_t i = 0; e == OK && i < count; i++) {
        struct sampling sampling;
        struct texts items;
        struct opt_i64 cap_bp;

        e = terms_sampling(c, lines[i].strata, &sampling);
        if (e == OK)
            e = terms_items(c, lines[i].items, &items);
        if (e == OK)
            e = plan_check_items(c, &items, &sampling, &cap_bp);
    }
    return e;
}

static enum err
has_lines(struct ctx *c, struct str code)
{
    struct plan_line_list_row *lines;
    size_t count;
    enum err e = plan_line_list(c->db, c->arena, &(struct plan_line_list_in){code}, &lines, &count);

    return e == OK && count == 0 ? ctx_refuse(c, ERR_STATE, "plan %s has no line", code.p) : e;
}

/* A filing has its number and its document. */
static enum err
has_filing(struct ctx *c, struct str code, struct str document_no)
{
    struct plan_filing_list_row *rows;
    size_t count;
    enum err e = plan_filing_list(c->db, c->arena, &(struct plan_filing_list_in){code}, &rows, &count);

    if (e == OK && str_trim(document_no).n == 0)
        e = ctx_refuse(c, ERR_MISSING, "a filing has a document number");
    if (e == OK && count == 0)
        e = ctx_refuse(c, ERR_MISSING, "hand in the document that is filed first");
    return e;
}

static enum err
put_review(struct ctx *c, const struct plan_move_in *move, struct str opinion)
{
    struct plan_review_put_in put = {.plan = move->code,
                                     .from_state = move->old_state,
                                     .to_state = move->new_state,
                                     .opinion = opinion,
                                     .document_no = move->document_no,
                                     .actor = c->actor,
                                     .reviewed_us = c->now_us};
    struct plan_last_review_row last = {0};
    enum err e = plan_last_review(c->db, c->arena, &(struct plan_last_review_in){move->code}, &last);

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    put.step = last.step + 1;
    return plan_review_put(c->db, &put);
}

static enum err
advance(struct ctx *c, struct str code, enum plan_state to, struct str opinion, struct str document_no)
{
    struct plan_move_in move = {
        .code = code, .new_state = str_of(plan_state_name(to)), .document_no = document_no};
    struct plan_get_row plan;
    enum plan_state from = PLAN_DRAFT;
    enum err e = plan_get(c->db, c->arena, &(struct plan_get_in){code}, &plan);

    if (e == OK)
        e = plan_state_parse(plan.state, &from);
    if (e == OK && !plan_may_move(from, to))
        e = ctx_refuse(c, ERR_STATE, "plan %s is %s, not on the way to %s", code.p, plan_state_name(from),
                       plan_state_name(to));
    if (e == OK && from == PLAN_APPROVED && to == PLAN_FILED && plan.joint != 0)
        e = ctx_refuse(c, ERR_STATE, "plan %s is a joint one: the conference comes first", code.p);
    if (e == OK && to == PLAN_APPROVED && ctx_is_own(c, plan.created_by))
        e = ctx_refuse(c, ERR_PERMISSION, "who drafted a plan does not approve it");
    if (e == OK && to == PLAN_FILED)
        e = has_filing(c, code, document_no.p == NULL ? plan.document_no : document_no);
    if (e == OK && to == PLAN_DRAFT && str_trim(opinion).n == 0)
        e = ctx_refuse(c, ERR_INPUT, "a plan is returned with an opinion");
    if (e == OK && to == PLAN_PUBLISHED) {
        e = check_lines(c, code);
        move.published_us = (struct opt_i64){true, c->now_us};
    }
    if (e == OK && to == PLAN_APPROVED)
        e = has_lines(c, code);
    move.old_state = plan.state;
    if (e == OK)
        e = plan_move(c->db, &move);
    return e == OK ? put_review(c, &move, opinion) : e;
}

static enum err
journal_step(struct ctx *c, struct str code, enum plan_state to, struct str opinion, struct str document_no)
{
    struct str detail = {0};
    struct buf b;
    enum err e = buf_in(c, 128 + 6 * (opinion.n + document_no.n), &b);

    if (e != OK)
        return e;
    buf_z(&b, "{");
    if (document_no.p != NULL) {
        json_put_name(&b, "document_no");
        json_put_text(&b, document_no);
    }
    if (opinion.p != NULL) {
        json_put_name(&b, "opinion");
        json_put_text(&b, opinion);
    }
    json_put_name(&b, "state");
    json_put_text(&b, str_of(plan_state_name(to)));
    buf_z(&b, "}");
    e = buf_take(c, &b, &detail);
    return e == OK ? journal_add(c, &(struct journal_act){STR("plan.move"), code, detail}) : e;
}

enum err
plan_advance(struct ctx *c, struct str code, enum plan_state to, struct str opinion, struct str document_no)
{
    enum err e;

    if (opinion.n > PLAN_WORDS_MAX || document_no.n > PLAN_NAME_MAX)
        return ERR_LENGTH;
    e = db_begin(c->db);
    if (e != OK)
        return e;
    e = advance(c, code, to, opinion, document_no);
    if (e == OK)
        e = journal_step(c, code, to, opinion, document_no);
    return db_end(c->db, e);
}

/* --- numbered revisions
 * ------------------------------------------------------------------------------------------------------ */

static void
put_field(struct buf *b, const char *name, struct str text, bool raw)
{
    if (text.p == NULL)
        return;
    json_put_name(b, name);
    if (raw)
        buf_str(b, text);
    else
        json_put_text(b, text);
}

static void
put_day(struct buf *b, const char *name, int64_t day)
{
    char text[DAY_TEXT + 1];

    day_format(day, text);
    json_put_name(b, name);
    json_put_text(b, str_of(text));
}

/* A line as the JSON that plan_create reads, in the order of LINE_FIELDS. */
static enum err
line_text(struct ctx *c, const struct plan_line_put_in *l, struct str *out)
{
    struct buf b;
    enum err e =
        buf_in(c,
               1024 + 6 * (l->name.n + l->scope_words.n + l->ratio_words.n + l->risk_words.n + l->mode.n) +
                   l->items.n + l->scope.n + l->strata.n + l->participants.n,
               &b);

    if (e != OK)
        return e;
    buf_z(&b, "{");
    put_field(&b, "name", l->name, false);
    put_field(&b, "items", l->items, true);
    put_field(&b, "scope", l->scope, true);
    put_field(&b, "scope_words", l->scope_words, false);
    put_field(&b, "ratio_words", l->ratio_words, false);
    put_field(&b, "strata", l->strata, true);
    put_field(&b, "risk_words", l->risk_words, false);
    put_day(&b, "from", l->from_day);
    put_day(&b, "to", l->to_day);
    put_field(&b, "lead", l->lead, false);
    put_field(&b, "participants", l->participants, true);
    put_field(&b, "mode", l->mode, false);
    buf_z(&b, "}");
    return buf_take(c, &b, out);
}

static struct plan_line_put_in
line_of_row(const struct plan_line_get_row *r)
{
    return (struct plan_line_put_in){.plan = r->plan,
                                     .line = r->line,
                                     .name = r->name,
                                     .items = r->items,
                                     .scope = r->scope,
                                     .scope_words = r->scope_words,
                                     .ratio_words = r->ratio_words,
                                     .strata = r->strata,
                                     .risk_words = r->risk_words,
                                     .from_day = r->from_day,
                                     .to_day = r->to_day,
                                     .lead = r->lead,
                                     .participants = r->participants,
                                     .mode = r->mode};
}

/* Takes the old line out, if there is one, and keeps its text. */
static enum err
take_out(struct ctx *c, const struct plan_line_put_in *line, struct str *before)
{
    struct plan_line_get_row row;
    struct plan_line_put_in old;
    enum err e = plan_line_get(c->db, c->arena, &(struct plan_line_get_in){line->plan, line->line}, &row);

    if (e == ERR_NOT_FOUND)
        return OK;
    if (e != OK)
        return e;
    old = line_of_row(&row);
    e = line_text(c, &old, before);
    return e == OK ? plan_line_remove(c->db, &(struct plan_line_remove_in){line->plan, line->line}) : e;
}

static enum err
revise(struct ctx *c, const struct plan_line_put_in *line, struct str reason, int64_t *revision)
{
    struct plan_revision_put_in put = {.plan = line->plan, .line = line->line, .reason = reason};
    struct plan_get_row plan;
    enum plan_state state = PLAN_DRAFT;
    enum err e = plan_get(c->db, c->arena, &(struct plan_get_in){line->plan}, &plan);

    if (e == OK)
        e = plan_state_parse(plan.state, &state);
    if (e == OK && state != PLAN_PUBLISHED && state != PLAN_RUNNING)
        e = ctx_refuse(c, ERR_STATE, "only a published plan has revisions; this one is %s",
                       plan_state_name(state));
    if (e == OK)
        e = plan_number_revision(c->db, &(struct plan_number_revision_in){line->plan, plan.revision});
    if (e == OK)
        e = take_out(c, line, &put.before);
    if (e == OK)
        e = plan_line_put(c->db, line);
    if (e == OK)
        e = check_lines(c, line->plan);
    if (e == OK)
        e = line_text(c, line, &put.after);
    put.revision = *revision = plan.revision + 1;
    put.revised_us = c->now_us;
    return e == OK ? plan_revision_put(c->db, &put) : e;
}

static enum err
journal_revision(struct ctx *c, struct str code, int64_t revision, int64_t line, struct str reason)
{
    struct str detail = {0};
    struct buf b;
    enum err e = buf_in(c, 128 + 6 * reason.n, &b);

    if (e != OK)
        return e;
    buf_z(&b, "{\"line\":");
    buf_i64(&b, line);
    json_put_name(&b, "reason");
    json_put_text(&b, reason);
    json_put_name(&b, "revision");
    buf_i64(&b, revision);
    buf_z(&b, "}");
    e = buf_take(c, &b, &detail);
    return e == OK ? journal_add(c, &(struct journal_act){STR("plan.revise"), code, detail}) : e;
}

enum err
plan_revise(struct ctx *c, struct str code, int64_t line, struct str json, struct str reason,
            int64_t *revision)
{
    struct plan_line_put_in put = {.plan = code, .line = line};
    json_t *o;
    enum err e;

    if (str_trim(reason).n == 0 || reason.n > PLAN_WORDS_MAX)
        return ctx_refuse(c, ERR_INPUT, "a revision has a reason of at most %d bytes", PLAN_WORDS_MAX);
    if (line < 1 || line > PLAN_LINES_MAX)
        return ERR_RANGE;
    e = json_read(c, json, &o);
    if (e != OK)
        return e;
    e = plan_read_line(c, o, &put);
    json_decref(o);
    if (e != OK)
        return e;
    e = db_begin(c->db);
    if (e != OK)
        return e;
    e = revise(c, &put, reason, revision);
    if (e == OK)
        e = journal_revision(c, code, *revision, line, reason);
    return db_end(c->db, e);
}
