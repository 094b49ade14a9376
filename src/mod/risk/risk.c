/* mod/risk/risk.c - schemes in versions, and the states of a run */
#include "mod/risk/risk.h"

#include <stdio.h>

#include "core/calendar.h"
#include "core/hash.h"
#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/risk/risk_int.h"

#define NONE ((struct str){NULL, 0})

/* Does the scope of a scheme hold that of c? */
static bool
holds(const struct ctx *c, struct str department, struct str region)
{
    return (department.n == 0 || str_eq(department, c->department)) && (region.n == 0 || str_starts(c->region, region));
}

static struct str
digest_of(struct str content, char hex[static 2 * HASH_LEN])
{
    unsigned char digest[HASH_LEN];

    hash_of(HASH_SHA256, content.p, content.n, digest);
    hex_encode(digest, HASH_LEN, hex);
    return (struct str){hex, 2 * HASH_LEN};
}

enum err
risk_note(struct ctx *c, const char *act, const struct risk_entry *entry)
{
    char subject[64], reason[2 * HASH_LEN];
    struct buf s = buf_over(subject, sizeof subject), d;
    enum err e = buf_in(c, 512, &d);

    if (e != OK)
        return e;
    buf_z(&s, entry->noun);
    buf_z(&s, "/");
    buf_i64(&s, entry->id);
    buf_z(&d, "{");
    if (entry->digest.n > 0) {
        json_put_name(&d, "digest");
        json_put_text(&d, entry->digest);
    }
    if (entry->changes > 0) {
        json_put_name(&d, "changes");
        buf_i64(&d, entry->changes);
    }
    if (entry->words.n > 0) {
        json_put_name(&d, "reason");
        json_put_text(&d, digest_of(entry->words, reason));
    }
    buf_z(&d, "}");
    return d.overflow ? ERR_MEMORY : journal_add(c, &(struct journal_act){str_of(act), buf_view(&s), buf_view(&d)});
}

enum err
risk_words_ok(struct ctx *c, struct str words)
{
    if (str_trim(words).n == 0)
        return ctx_refuse(c, ERR_INPUT, "a reason is required");
    if (words.n > RISK_REASON_MAX)
        return ERR_LENGTH;
    return utf8_valid(words) ? OK : ERR_ENCODING;
}

/* --- schemes ---------------------------------------------------------------------------------------------------------- */

static enum err
well_said(struct ctx *c, const struct risk_say *say, struct risk_scheme *s, struct risk_fault *f)
{
    *f = (struct risk_fault){.zh = "", .en = ""};
    if (risk_parse(say->content, s, f) != OK)
        return ctx_refuse(c, ERR_INPUT, "line %zu, column %zu: %s", f->line, f->column, f->en);
    return risk_words_ok(c, say->reason);
}

static enum err
draft(struct ctx *c, const struct risk_say *say, struct str name, int64_t *version)
{
    char hex[2 * HASH_LEN];
    struct str digest = digest_of(say->content, hex);
    struct risk_scheme_newest_row last;
    enum err e = risk_scheme_newest(c->db, c->arena, &last);

    if (e != OK)
        return e;
    *version = last.version + 1;
    e = risk_scheme_put(c->db, &(struct risk_scheme_put_in){*version, risk_own(c->department), risk_own(c->region), name,
                                                            say->content, digest, say->reason, c->actor, c->now_us});
    return e == OK ? risk_note(c, "risk.draft", &(struct risk_entry){"risk", *version, digest, say->reason, 0}) : e;
}

enum err
risk_draft(struct ctx *c, const struct risk_say *say, int64_t *version, struct risk_fault *f)
{
    struct risk_scheme *s = arena_alloc(c->arena, sizeof *s);
    enum err e = s == NULL ? ERR_MEMORY : well_said(c, say, s, f);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, draft(c, say, s->name, version)) : e;
}

enum err
risk_scheme_see(struct ctx *c, int64_t version, struct risk_scheme_row *out)
{
    struct risk_scheme_get_row r;
    enum err e = risk_scheme_get(c->db, c->arena, &(struct risk_scheme_get_in){version}, &r);

    if (e == OK && !risk_covers(c, r.s.department, r.s.region) && !holds(c, r.s.department, r.s.region))
        e = ERR_NOT_FOUND;
    if (e == OK)
        *out = r.s;
    return e;
}

/* One that c may change. */
static enum err
own_scheme(struct ctx *c, int64_t version, struct risk_scheme_row *out)
{
    enum err e = risk_scheme_see(c, version, out);

    return e == OK && !risk_covers(c, out->department, out->region) ? ctx_refuse(c, ERR_PERMISSION, "it belongs to a wider scope") : e;
}

static enum err
seen_scheme(struct ctx *c, int64_t version, int64_t row_version, struct risk_scheme_row *out)
{
    enum err e = own_scheme(c, version, out);

    return e == OK && out->row_version != row_version ? ERR_CONFLICT : e;
}

static enum err
redraft(struct ctx *c, int64_t version, int64_t row_version, const struct risk_say *say, struct str name)
{
    char hex[2 * HASH_LEN];
    struct str digest = digest_of(say->content, hex);
    struct risk_scheme_row old;
    enum err e = seen_scheme(c, version, row_version, &old);

    if (e == OK)
        e = risk_scheme_edit(c->db, &(struct risk_scheme_edit_in){version, row_version, name, say->content, digest, say->reason,
                                                                  c->actor});
    return e == OK ? risk_note(c, "risk.draft", &(struct risk_entry){"risk", version, digest, say->reason, 0}) : e;
}

enum err
risk_redraft(struct ctx *c, int64_t version, int64_t row_version, const struct risk_say *say, struct risk_fault *f)
{
    struct risk_scheme *s = arena_alloc(c->arena, sizeof *s);
    enum err e = s == NULL ? ERR_MEMORY : well_said(c, say, s, f);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, redraft(c, version, row_version, say, s->name)) : e;
}

static const struct step {
    const char *from, *to, *act;
    bool reason;
} STEPS[] = {{"draft", "approved", "risk.approve", false},
             {"approved", "in_force", "risk.force", false},
             {"draft", "withdrawn", "risk.withdraw", true},
             {"approved", "withdrawn", "risk.withdraw", true}};

static const struct step *
step_of(struct str from, struct str to)
{
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
        if (str_eq(from, str_of(STEPS[i].from)) && str_eq(to, str_of(STEPS[i].to)))
            return &STEPS[i];
    return NULL;
}

static enum err
move(struct ctx *c, const struct risk_scheme_row *s, const struct step *step, struct str note)
{
    bool approves = str_eq(str_of(step->to), STR("approved")), forces = str_eq(str_of(step->to), STR("in_force"));
    struct opt_i64 now = {true, c->now_us}, never = {0};
    enum err e = OK;

    if (approves && ctx_is_own(c, s->drafted_by))
        return ctx_refuse(c, ERR_PERMISSION, "who drafted it does not approve it");
    if (step->reason || note.n > 0)
        e = risk_words_ok(c, note);
    if (e == OK && forces)
        e = risk_scheme_supersede(c->db, &(struct risk_scheme_supersede_in){s->version, risk_own(s->department), risk_own(s->region)});
    if (e == OK)
        e = risk_scheme_move(c->db, &(struct risk_scheme_move_in){s->version, s->row_version, s->state, str_of(step->to), risk_own(note),
                                                                  approves ? c->actor : NONE, approves ? now : never,
                                                                  forces ? now : never});
    return e == OK ? risk_note(c, step->act, &(struct risk_entry){"risk", s->version, s->digest, note, 0}) : e;
}

static enum err
move_on(struct ctx *c, int64_t version, int64_t row_version, struct str to, struct str note)
{
    struct risk_scheme_row s;
    const struct step *step;
    enum err e = seen_scheme(c, version, row_version, &s);

    if (e != OK)
        return e;
    step = step_of(s.state, to);
    return step == NULL ? ctx_refuse(c, ERR_STATE, "it is %.*s", (int) s.state.n, s.state.p) : move(c, &s, step, note);
}

enum err
risk_move(struct ctx *c, int64_t version, int64_t row_version, struct str to, struct str note)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, move_on(c, version, row_version, to, note)) : e;
}

/* Is a run of this scope not decided yet? */
static enum err
open_run(struct ctx *c, struct str department, struct str region, bool *open)
{
    struct risk_run_open_row *r;
    size_t n = 0;
    enum err e = risk_run_open(c->db, c->arena, &r, &n);

    *open = false;
    for (size_t i = 0; e == OK && i < n; i++)
        *open |= risk_same(r[i].department, department) && risk_same(r[i].region, region);
    return e;
}

enum err
risk_scheme_due(struct ctx *c, struct risk_scheme_row **out, size_t *count)
{
    struct civil today = civil_from_day(day_of_us(c->now_us));
    struct risk_scheme_in_force_row *r;
    struct risk_run_since_row runs;
    int64_t first = 0;
    size_t n = 0;
    enum err e = day_from_civil(today.year, today.month, 1, &first);

    *count = 0;
    if (e == OK)
        e = risk_scheme_in_force(c->db, c->arena, &r, &n);
    if (e == OK && (*out = arena_array(c->arena, n + 1, sizeof **out)) == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < n; i++) {
        bool open = false;

        e = risk_run_since(c->db, c->arena, &(struct risk_run_since_in){r[i].s.version, first}, &runs);
        if (e == OK)
            e = open_run(c, r[i].s.department, r[i].s.region, &open);
        if (e == OK && runs.count == 0 && !open)
            (*out)[(*count)++] = r[i].s;
    }
    return e;
}

/* --- runs ------------------------------------------------------------------------------------------------------------- */

static enum err
start(struct ctx *c, int64_t scheme, int64_t *run)
{
    struct risk_scheme_row s;
    bool open = false;
    enum err e = own_scheme(c, scheme, &s);

    if (e != OK)
        return e;
    if (!str_eq(s.state, STR("in_force")))
        return ctx_refuse(c, ERR_STATE, "the scheme is %.*s", (int) s.state.n, s.state.p);
    e = open_run(c, s.department, s.region, &open);
    if (e == OK && open)
        return ctx_refuse(c, ERR_STATE, "an earlier run of this scope waits to be applied or discarded");
    if (e == OK)
        e = ctx_new_id(c, run);
    if (e == OK)
        e = risk_run_put(c->db, &(struct risk_run_put_in){*run, scheme, risk_own(s.department), risk_own(s.region),
                                                          day_of_us(c->now_us), c->actor, c->now_us});
    return e == OK ? risk_note(c, "risk.run", &(struct risk_entry){"risk-run", *run, s.digest, NONE, 0}) : e;
}

enum err
risk_start(struct ctx *c, int64_t scheme, int64_t *run)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, start(c, scheme, run)) : e;
}

enum err
risk_run_see(struct ctx *c, int64_t run, struct risk_run_row *out)
{
    struct risk_run_get_row r;
    enum err e = risk_run_get(c->db, c->arena, &(struct risk_run_get_in){run}, &r);

    if (e == OK && !risk_covers(c, r.r.department, r.r.region))
        e = ERR_NOT_FOUND;
    if (e == OK)
        *out = r.r;
    return e;
}

static enum err
discard(struct ctx *c, int64_t run, struct str reason)
{
    struct risk_run_row r;
    enum err e = risk_run_see(c, run, &r);

    if (e == OK && !str_eq(r.state, STR("running")) && !str_eq(r.state, STR("proposed")))
        e = ctx_refuse(c, ERR_STATE, "it is %.*s", (int) r.state.n, r.state.p);
    if (e == OK)
        e = risk_run_move(c->db, &(struct risk_run_move_in){run, r.state, STR("discarded"), c->actor, {true, c->now_us}, reason});
    return e == OK ? risk_note(c, "risk.discard", &(struct risk_entry){"risk-run", run, r.digest, reason, 0}) : e;
}

enum err
risk_discard(struct ctx *c, int64_t run, struct str reason)
{
    enum err e = risk_words_ok(c, reason);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, discard(c, run, reason)) : e;
}

static enum err
review(struct ctx *c, int64_t run, struct str target, const struct risk_change_review_in *say)
{
    struct risk_run_row r;
    enum err e = risk_run_see(c, run, &r);

    if (e == OK && !str_eq(r.state, STR("proposed")))
        e = ctx_refuse(c, ERR_STATE, "it is %.*s", (int) r.state.n, r.state.p);
    if (e == OK && ctx_is_own(c, r.started_by))
        e = ctx_refuse(c, ERR_PERMISSION, "who started a run does not review it");
    if (e == OK) {
        e = risk_change_review(c->db, say);
        e = e == ERR_STATE ? ERR_NOT_FOUND : e;
    }
    /* which target is not said: the log is public, and a change tells that there is a class */
    return e == OK ? risk_note(c, "risk.review", &(struct risk_entry){"risk-run", run, NONE, NONE, target.n > 0}) : e;
}

enum err
risk_review(struct ctx *c, int64_t run, struct str target, struct str verdict, struct str note)
{
    const struct risk_change_review_in say = {target, run, verdict, risk_own(note), c->actor};
    bool refused = str_eq(verdict, STR("refused"));
    enum err e = OK;

    if (!refused && !str_eq(verdict, STR("agreed")))
        return ctx_refuse(c, ERR_INPUT, "agreed or refused");
    if (refused || note.n > 0)
        e = risk_words_ok(c, note);
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, review(c, run, target, &say)) : e;
}
