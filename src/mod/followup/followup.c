/* mod/followup/followup.c - measures and their steps */
#include "mod/followup/followup_int.h"

#include <string.h>

#include "core/calendar.h"
#include "data/data.h"
#include "mod/dict/dict.h"
#include "mod/journal/journal.h"
#include "mod/org/org.h"
#include "mod/scope.h"

static const char *const NAMES[FOLLOWUP_STATE_COUNT] = {"open",     "ordered",    "recheck",    "closed",
                                                        "referred", "case_filed", "transferred"};

/* ALLOWED[from]: bits of the states that may follow. */
#define TO(s) (1u << (s))
#define HANDED_ON (TO(FOLLOWUP_REFERRED) | TO(FOLLOWUP_CASE_FILED) | TO(FOLLOWUP_TRANSFERRED))
static const unsigned ALLOWED[FOLLOWUP_STATE_COUNT] = {
    [FOLLOWUP_OPEN] = TO(FOLLOWUP_ORDERED) | TO(FOLLOWUP_CLOSED) | HANDED_ON,
    [FOLLOWUP_ORDERED] = TO(FOLLOWUP_RECHECK) | HANDED_ON,
    [FOLLOWUP_RECHECK] = TO(FOLLOWUP_ORDERED) | TO(FOLLOWUP_CLOSED) | HANDED_ON,
    [FOLLOWUP_CLOSED] = 0,
    [FOLLOWUP_REFERRED] = TO(FOLLOWUP_CLOSED) | TO(FOLLOWUP_CASE_FILED) | TO(FOLLOWUP_TRANSFERRED),
    [FOLLOWUP_CASE_FILED] = TO(FOLLOWUP_CLOSED) | TO(FOLLOWUP_TRANSFERRED),
    [FOLLOWUP_TRANSFERRED] = TO(FOLLOWUP_CLOSED),
};

/* What a step to a state must say. */
enum { CONTENT = 1, DUE = 2, DAY = 4, NOTE = 8, EVIDENCE = 16, DOCUMENT = 32 };
static const unsigned NEEDS[FOLLOWUP_STATE_COUNT] = {
    [FOLLOWUP_ORDERED] = CONTENT | DUE,
    [FOLLOWUP_RECHECK] = DAY | EVIDENCE,
    [FOLLOWUP_CLOSED] = NOTE,
    [FOLLOWUP_CASE_FILED] = DOCUMENT,
    [FOLLOWUP_TRANSFERRED] = DOCUMENT | NOTE,
};

bool
followup_may_move(enum followup_state from, enum followup_state to)
{
    return from < FOLLOWUP_STATE_COUNT && to < FOLLOWUP_STATE_COUNT && (ALLOWED[from] & TO(to)) != 0;
}

const char *
followup_state_name(enum followup_state s)
{
    return s < FOLLOWUP_STATE_COUNT ? NAMES[s] : "";
}

enum err
followup_state_parse(struct str s, enum followup_state *out)
{
    for (unsigned i = 0; i < FOLLOWUP_STATE_COUNT; i++)
        if (str_eq(s, str_of(NAMES[i]))) {
            *out = (enum followup_state) i;
            return OK;
        }
    return ERR_INPUT;
}

enum err
followup_measure_ok(struct ctx *c, struct str measure, bool *allowed)
{
    struct str rest = data_find(STR("followups.csv")), line, head, tail;
    bool shipped = false;

    (void) data_line(&rest, &line); /* the names of the columns */
    while (data_line(&rest, &line))
        shipped |= str_split(line, ',', &head, &tail) && str_eq(head, measure);
    *allowed = str_eq(measure, FOLLOWUP_ABNORMAL);
    return *allowed ? OK : dict_word_allowed(c, STR("followups"), measure, shipped, allowed);
}

/* --- shared ------------------------------------------------------------------------------------------------------- */

enum err
followup_words(struct ctx *c, struct str s, size_t max, bool required)
{
    if ((required && str_trim(s).n == 0) || s.n > max)
        return ctx_refuse(c, ERR_LENGTH, "a text of %d to %zu bytes", required, max);
    return s.n == 0 || utf8_valid(s) ? OK : ERR_ENCODING;
}

enum err
followup_other(struct ctx *c, struct str department, struct str own)
{
    struct org_department_get_row d;
    enum err e = org_department_get(c->db, c->arena, &(struct org_department_get_in){department}, &d);

    if (e == ERR_NOT_FOUND || (e == OK && (d.retired_us.set || str_eq(department, own))))
        return ctx_refuse(c, ERR_INPUT, "another department that exists");
    return e;
}

enum err
followup_note(struct ctx *c, const char *act, struct str target, int64_t id, const char *name, struct str value)
{
    struct str subject, detail = {NULL, 0};
    struct buf s, d;
    enum err e = buf_in(c, target.n + 24, &s);

    if (e == OK)
        e = buf_in(c, 64 + 6 * value.n, &d);
    if (e != OK)
        return e;
    buf_str(&s, target);
    buf_z(&s, "/");
    buf_i64(&s, id);
    e = buf_take(c, &s, &subject);
    if (e == OK && value.n > 0) {
        buf_z(&d, "{");
        json_put_name(&d, name);
        json_put_text(&d, value);
        buf_z(&d, "}");
        e = buf_take(c, &d, &detail);
    }
    return e == OK ? journal_add(c, &(struct journal_act){str_of(act), subject, detail}) : e;
}

static enum err
check_words(struct ctx *c, const struct followup_say *s, bool late_ok)
{
    enum err e = followup_words(c, s->content, FOLLOWUP_TEXT_MAX, false);

    if (e == OK)
        e = followup_words(c, s->note, FOLLOWUP_TEXT_MAX, false);
    if (e == OK)
        e = followup_words(c, s->evidence, FOLLOWUP_TEXT_MAX, false);
    if (e == OK)
        e = followup_words(c, s->document_no, FOLLOWUP_WORDS_MAX, false);
    if (e == OK && !late_ok && s->due_day.set && s->due_day.v < day_of_us(c->now_us))
        e = ctx_refuse(c, ERR_DATE, "a last day that is over");
    if (e == OK && s->day.set && s->day.v > day_of_us(c->now_us))
        e = ctx_refuse(c, ERR_DATE, "a day in the future");
    return e;
}

/* Is all said that a step to this state needs? attached: evidence is there already. */
static enum err
check_needs(struct ctx *c, enum followup_state to, unsigned needs, const struct followup_say *s, bool attached)
{
    unsigned said = (attached ? EVIDENCE : 0u) | (str_trim(s->content).n > 0 ? CONTENT : 0u) | (s->due_day.set ? DUE : 0u) | (s->day.set ? DAY : 0u) |
                    (str_trim(s->note).n > 0 ? NOTE : 0u) | (str_trim(s->evidence).n > 0 ? EVIDENCE : 0u) |
                    (str_trim(s->document_no).n > 0 ? DOCUMENT : 0u);
    static const char *const WORDS[] = {"content", "due", "day", "note", "evidence", "document_no"};

    for (unsigned i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if ((needs & ~said & 1u << i) != 0)
            return ctx_refuse(c, ERR_INPUT, "%s: %s is needed", NAMES[to], WORDS[i]);
    return OK;
}

/* --- begin -------------------------------------------------------------------------------------------------------- */

static enum followup_state
first_state(struct str measure)
{
    return str_eq(measure, STR("none"))            ? FOLLOWUP_CLOSED
           : str_eq(measure, STR("rectification")) ? FOLLOWUP_ORDERED
           : str_eq(measure, STR("case_filed"))    ? FOLLOWUP_CASE_FILED
           : str_eq(measure, STR("transferred"))   ? FOLLOWUP_TRANSFERRED
                                                   : FOLLOWUP_OPEN;
}

static enum err
start(struct ctx *c, const struct followup_origin *o, struct str measure, const struct followup_say *s, int64_t *id)
{
    enum followup_state to = first_state(measure);
    struct followup_of_row old;
    struct followup_put_in p = {.target = o->target,
                                .result = o->result,
                                .task = o->task,
                                .item = o->item,
                                .department = o->department,
                                .region = o->region,
                                .measure = measure,
                                .state = str_of(NAMES[to]),
                                .content = s->content,
                                .due_day = s->due_day,
                                .document_no = s->document_no,
                                .opened_by = c->actor,
                                .opened_us = c->now_us,
                                .closed_us = {to == FOLLOWUP_CLOSED, c->now_us}};
    enum err e = followup_of(c->db, c->arena, &(struct followup_of_in){o->target, o->result, measure}, &old);

    if (e == OK)
        *id = old.id;
    if (e != ERR_NOT_FOUND)
        return e;
    e = ctx_new_id(c, &p.id);
    *id = p.id;
    if (e == OK)
        e = followup_put(c->db, &p);
    if (e == OK)
        e = followup_step_put(c->db, &(struct followup_step_put_in){.target = o->target,
                                                                    .followup = p.id,
                                                                    .from_state = STR("-"),
                                                                    .to_state = p.state,
                                                                    .note = s->note,
                                                                    .document_no = s->document_no,
                                                                    .actor = c->actor,
                                                                    .stepped_us = c->now_us});
    return e == OK ? followup_note(c, "followup.open", o->target, p.id, "measure", measure) : e;
}

enum err
followup_start(struct ctx *c, const struct followup_origin *o, struct str measure, const struct followup_say *say, int64_t *id)
{
    enum followup_state to = first_state(measure);
    bool allowed;
    enum err e = followup_measure_ok(c, measure, &allowed);

    if (e == OK && !allowed)
        e = ctx_refuse(c, ERR_INPUT, "unknown measure %.*s", (int) measure.n, measure.p);
    if (e == OK)
        e = check_words(c, say, str_eq(measure, FOLLOWUP_ABNORMAL)); /* its term began with the result */
    if (e == OK)
        e = check_needs(c, to, to == FOLLOWUP_CLOSED ? 0 : to == FOLLOWUP_TRANSFERRED ? DOCUMENT : NEEDS[to], say, false);
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, start(c, o, measure, say, id)) : e;
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

enum err
followup_see(struct ctx *c, struct str target, int64_t id, struct followup_get_row *out)
{
    enum err e = followup_get(c->db, c->arena, &(struct followup_get_in){target, id}, out);

    if (e == ERR_NOT_FOUND || (e == OK && !scope_sees(c, out->department, out->region)))
        return ctx_refuse(c, ERR_NOT_FOUND, "follow-up %lld", (long long) id);
    return e;
}

enum err
followup_pass(struct ctx *c, const struct followup_get_row *row, enum followup_state to, const struct followup_say *s)
{
    struct str state = str_of(NAMES[to]);
    enum err e = followup_move_state(c->db, &(struct followup_move_state_in){row->target, row->id, row->row_version, row->state,
                                                                             state, s->content, s->due_day, s->document_no,
                                                                             s->evidence, s->day,
                                                                             {to == FOLLOWUP_CLOSED, c->now_us}});

    return e == OK ? followup_step_put(c->db, &(struct followup_step_put_in){row->target, row->id, row->state, state, s->day,
                                                                             s->note, s->evidence, s->document_no, c->actor,
                                                                             c->now_us})
                   : e;
}

/* A re-check that ends well has its day; one that fails a further last day and what was found. */
static unsigned
needs_of(enum followup_state from, enum followup_state to)
{
    if (from == FOLLOWUP_RECHECK && to == FOLLOWUP_CLOSED)
        return NOTE | DAY;
    if (from == FOLLOWUP_RECHECK && to == FOLLOWUP_ORDERED)
        return NOTE | DAY | DUE;
    return NEEDS[to];
}

static enum err
step(struct ctx *c, struct followup_at at, enum followup_state to, const struct followup_say *s)
{
    struct followup_file_since_row files = {0};
    struct followup_get_row row;
    enum followup_state from = FOLLOWUP_CLOSED;
    enum err e = followup_see(c, at.target, at.id, &row);

    if (e == OK && row.row_version != at.row_version)
        return ERR_CONFLICT;
    if (e == OK)
        e = followup_state_parse(row.state, &from);
    if (e == OK && (!followup_may_move(from, to) || to == FOLLOWUP_REFERRED))
        e = ctx_refuse(c, ERR_STATE, "it is %s", row.state.p);
    if (e == OK)
        e = followup_file_since(c->db, c->arena, &(struct followup_file_since_in){row.target, row.id}, &files);
    if (e == OK)
        e = check_needs(c, to, needs_of(from, to), s, files.count > 0);
    if (e == OK)
        e = followup_pass(c, &row, to, s);
    return e == OK ? followup_note(c, "followup.move", row.target, row.id, "state", str_of(NAMES[to])) : e;
}

enum err
followup_move(struct ctx *c, struct followup_at at, enum followup_state to, const struct followup_say *say)
{
    enum err e = check_words(c, say, false);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, step(c, at, to, say)) : e;
}
