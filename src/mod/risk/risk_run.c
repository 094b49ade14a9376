/* mod/risk/risk_run.c - a scheme over every target of its scope, page after page: what would change, and why */
#include <string.h>

#include "core/calendar.h"
#include "core/hash.h"
#include "mod/json.h"
#include "mod/risk/risk_int.h"

enum { CODE_BYTES = 64, CLASSES = 7, COUNTS_BYTES = 8192 }; /* of counts: A … E, none, other */
static const char *const LABELS[CLASSES] = {"A", "B", "C", "D", "E", "-", "?"};

/* A change that may be looked at: those with the smallest hash under a salt of this run are taken. */
struct sampled {
    unsigned char rank[HASH_LEN];
    char code[CODE_BYTES];
};
struct run {
    struct ctx *c;
    const struct risk_work *work;
    struct risk_run_row row;
    struct risk_scheme scheme;
    const struct risk_scheme_in_force_row *schemes; /* one of each scope: which decides on a target? */
    size_t scheme_count;
    unsigned char salt[HASH_LEN];
    struct sampled sample[RISK_SAMPLE_MAX];
    size_t sample_count;
    struct hash list;
    int64_t before[CLASSES], after[CLASSES], moves[CLASSES][CLASSES];
    int64_t observed, observe_changes, targets, changes;
    uint64_t seen, total; /* seen: with those on which another scheme decides */
    char last[CODE_BYTES];
    /* of the page in work */
    struct risk_change_put_in *put;
    size_t put_count;
};

static size_t
class_index(struct str label)
{
    for (size_t i = 0; i < CLASSES - 2; i++)
        if (label.n == 1 && label.p[0] == LABELS[i][0])
            return i;
    return label.n == 0 ? CLASSES - 2 : CLASSES - 1;
}

static bool
same_day(struct opt_i64 a, struct opt_i64 b)
{
    return a.set == b.set && (!a.set || a.v == b.v);
}

/* --- the sample ------------------------------------------------------------------------------------------------------- */

static void
offer_sample(struct run *r, struct str code)
{
    struct sampled one = {.code = ""};
    struct hash h;
    size_t worst = 0;

    if (code.n >= CODE_BYTES)
        return;
    memcpy(one.code, code.p, code.n);
    hash_init(&h, HASH_SHA256);
    hash_update(&h, r->salt, sizeof r->salt);
    hash_update(&h, code.p, code.n);
    hash_final(&h, one.rank);
    if (r->sample_count < RISK_SAMPLE_MAX) {
        r->sample[r->sample_count++] = one;
        return;
    }
    for (size_t i = 1; i < RISK_SAMPLE_MAX; i++)
        if (memcmp(r->sample[i].rank, r->sample[worst].rank, HASH_LEN) > 0)
            worst = i;
    if (memcmp(one.rank, r->sample[worst].rank, HASH_LEN) < 0)
        r->sample[worst] = one;
}

/* --- one target ------------------------------------------------------------------------------------------------------- */

/* The line of a change in the list whose digest the journal holds (risk-1 §5). */
static void
into_list(struct run *r, const struct risk_change_put_in *p)
{
    char text[256];
    struct buf b = buf_over(text, sizeof text);

    buf_str(&b, p->target);
    buf_z(&b, "\t");
    buf_str(&b, p->before);
    buf_z(&b, "\t");
    buf_str(&b, p->after);
    buf_z(&b, "\t");
    buf_i64(&b, p->score_c);
    buf_z(&b, "\t");
    if (p->observed_to_day.set)
        buf_i64(&b, p->observed_to_day.v);
    buf_z(&b, "\n");
    hash_update(&r->list, text, b.n);
}

/* The period the scheme gives; one that a person set or ended stays. */
static struct opt_i64
period_of(const struct run *r, const struct target_facts *t, bool by_hand, struct str *rule)
{
    const struct risk_newcomer n = {t->industry, t->tags, t->established_day.v, t->established_day.set};
    int64_t until = 0;
    size_t which = 0;

    *rule = (struct str){NULL, 0};
    if (by_hand)
        return t->observed_to_day;
    if (!risk_observed(&r->scheme, &n, &which, &until) || until <= r->row.day)
        return (struct opt_i64){0};
    *rule = r->scheme.observe[which].code;
    return (struct opt_i64){true, until};
}

static enum err
look_at(struct run *r, const struct target_facts *t, const struct risk_facts *facts, bool by_hand)
{
    struct risk_verdict v;
    struct risk_change_put_in p = {.target = t->code, .run = r->row.id, .before = t->risk_class, .observed_before_day = t->observed_to_day};
    char *label = arena_alloc(r->c->arena, 2);
    bool over = t->observed_to_day.set && t->observed_to_day.v <= r->row.day;
    enum err e;

    if (label == NULL)
        return ERR_MEMORY;
    risk_apply(&r->scheme, facts, &v);
    label[0] = v.label;
    p.after = (struct str){label, 1};
    p.score_c = v.score_c;
    p.observed_to_day = period_of(r, t, by_hand, &p.observed_rule);
    r->before[class_index(p.before)]++;
    r->after[class_index(p.after)]++;
    r->observed += p.observed_to_day.set && p.observed_to_day.v > r->row.day;
    if (over && !p.observed_to_day.set) /* it ended by itself */
        p.observed_to_day = t->observed_to_day;
    if (str_eq(p.before, p.after) && same_day(p.observed_before_day, p.observed_to_day))
        return OK;
    r->moves[class_index(p.before)][class_index(p.after)]++;
    r->observe_changes += !same_day(p.observed_before_day, p.observed_to_day);
    offer_sample(r, t->code);
    into_list(r, &p);
    e = risk_reasons(r->c, &r->scheme, &v, &p.reasons);
    r->put[r->put_count++] = p;
    return e;
}

/* --- a page ----------------------------------------------------------------------------------------------------------- */

static enum err
put_page(struct run *r)
{
    struct risk_run_get_row now;
    enum err e = risk_run_get(r->c->db, r->c->arena, &(struct risk_run_get_in){r->row.id}, &now);

    if (e == OK && !str_eq(now.r.state, STR("running")))
        return ERR_STATE;
    for (size_t i = 0; e == OK && i < r->put_count; i++)
        e = risk_change_put(r->c->db, &r->put[i]);
    return e;
}

static enum err
write_page(struct ctx *c, void *arg)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, put_page(arg)) : e;
}

/* Does the scheme of the run decide on it, or another one that takes it in? */
static bool
is_ours(const struct run *r, const struct target_facts *t)
{
    const struct risk_scheme_row *s = risk_decider(r->schemes, r->scheme_count, t->region, t->departments);

    return s != NULL && risk_same(s->department, r->row.department) && risk_same(s->region, r->row.region);
}

/* t: those of the page that are ours. */
static enum err
look_at_page(struct run *r, const struct target_facts **t, size_t count)
{
    struct risk_observation_hands_row *hands;
    struct risk_facts *facts;
    size_t hand_count = 0, hand = 0;
    enum err e = risk_gather(r->c, &r->scheme, r->row.day, t, count, &facts);

    if (e == OK)
        e = risk_observation_hands(r->c->db, r->c->arena, &(struct risk_observation_hands_in){t[0]->code, t[count - 1]->code}, &hands,
                                   &hand_count);
    for (size_t i = 0; e == OK && i < count; i++) {
        while (hand < hand_count && str_cmp(hands[hand].target, t[i]->code) < 0)
            hand++;
        e = look_at(r, t[i], &facts[i], hand < hand_count && str_eq(hands[hand].target, t[i]->code));
    }
    return e;
}

/* *last: there is no further page. */
static enum err
one_page(struct run *r, bool *last)
{
    struct target_facts_page_row *rows;
    const struct target_facts **ours;
    size_t count = 0, n = 0;
    enum err e = target_facts_page(r->c->db, r->c->arena,
                                   &(struct target_facts_page_in){str_of(r->last), risk_own(r->row.department),
                                                                  risk_own(r->row.region), RISK_PAGE},
                                   &rows, &count);

    *last = e != OK || count < RISK_PAGE;
    r->put_count = 0;
    if (e != OK || count == 0)
        return e;
    r->put = arena_array(r->c->arena, count, sizeof *r->put);
    ours = arena_array(r->c->arena, count, sizeof *ours);
    if (r->put == NULL || ours == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        if (is_ours(r, &rows[i].t))
            ours[n++] = &rows[i].t;
    if (n > 0)
        e = look_at_page(r, ours, n);
    if (e == OK && r->put_count > 0)
        e = r->work->write(r->work->write_ctx, r->c, write_page, r);
    if (e != OK)
        return e;
    if (rows[count - 1].t.code.n >= CODE_BYTES)
        return ERR_LENGTH;
    memcpy(r->last, rows[count - 1].t.code.p, rows[count - 1].t.code.n);
    r->last[rows[count - 1].t.code.n] = '\0';
    r->targets += (int64_t) n;
    r->seen += count;
    r->changes += (int64_t) r->put_count;
    return OK;
}

/* --- the whole -------------------------------------------------------------------------------------------------------- */

static void
put_counts(struct buf *b, const char *name, const int64_t counts[static CLASSES])
{
    json_put_name(b, name);
    buf_z(b, "{");
    for (size_t i = 0; i < CLASSES; i++)
        if (counts[i] > 0) {
            json_put_name(b, LABELS[i]);
            buf_i64(b, counts[i]);
        }
    buf_z(b, "}");
}

/* {"before":{"A":1,…,"-":3},"after":{…},"moves":{"A":{"C":2},…},"observed":n,"observe_changes":n} */
static enum err
counts_of(struct run *r, struct str *out)
{
    struct buf b;
    enum err e = buf_in(r->c, COUNTS_BYTES, &b);

    if (e != OK)
        return e;
    buf_z(&b, "{");
    put_counts(&b, "before", r->before);
    put_counts(&b, "after", r->after);
    json_put_name(&b, "moves");
    buf_z(&b, "{");
    for (size_t i = 0; i < CLASSES; i++)
        put_counts(&b, LABELS[i], r->moves[i]);
    buf_z(&b, "}");
    json_put_name(&b, "observed");
    buf_i64(&b, r->observed);
    json_put_name(&b, "observe_changes");
    buf_i64(&b, r->observe_changes);
    buf_z(&b, "}");
    *out = buf_view(&b);
    return b.overflow ? ERR_MEMORY : OK;
}

static enum err
propose(struct run *r)
{
    unsigned char digest[HASH_LEN];
    char hex[2 * HASH_LEN], salt[2 * HASH_LEN];
    struct str counts;
    enum err e = counts_of(r, &counts);

    for (size_t i = 0; e == OK && i < r->sample_count; i++)
        e = risk_change_sample(r->c->db, &(struct risk_change_sample_in){str_of(r->sample[i].code), r->row.id});
    hash_final(&r->list, digest);
    hex_encode(digest, HASH_LEN, hex);
    hex_encode(r->salt, HASH_LEN, salt);
    if (e == OK)
        e = risk_run_propose(r->c->db, &(struct risk_run_propose_in){r->row.id, r->targets, r->changes, (int64_t) r->sample_count,
                                                                     counts, {salt, sizeof salt}, {hex, sizeof hex}, r->c->now_us});
    return e == OK ? risk_note(r->c, "risk.propose", &(struct risk_entry){"risk-run", r->row.id, {hex, sizeof hex}, {NULL, 0}, r->changes})
                   : e;
}

static enum err
finish(struct ctx *c, void *arg)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, propose(arg)) : e;
}

/* --- taking back ------------------------------------------------------------------------------------------------------ */

struct dropping {
    int64_t run;
    struct str state; /* running | broken */
    struct str to; /* absent: nothing is left */
};

static enum err
drop_part(struct ctx *c, void *arg)
{
    const struct dropping *d = arg;

    if (d->to.n > 0)
        return risk_change_drop(c->db, &(struct risk_change_drop_in){d->run, d->to});
    return risk_run_move(c->db, &(struct risk_run_move_in){d->run, d->state, STR("cancelled"), {NULL, 0}, {false, 0}, {NULL, 0}});
}

/* *pages: how many may still be taken back. Once nothing is left the run is cancelled. */
static enum err
take_back(struct ctx *c, const struct risk_work *w, int64_t run, struct str state, size_t *pages)
{
    struct dropping d = {.run = run, .state = state};
    size_t n = 1;
    enum err e = OK;

    for (; e == OK && n > 0 && *pages > 0; --*pages) {
        size_t mark = arena_mark(c->arena);
        struct risk_change_page_row *rows;

        e = risk_change_page(c->db, c->arena, &(struct risk_change_page_in){run, STR("!"), {NULL, 0}, {NULL, 0}, RISK_PAGE}, &rows, &n);
        d.to = e == OK && n > 0 ? rows[n - 1].c.target : (struct str){NULL, 0};
        if (e == OK)
            e = w->write(w->write_ctx, c, drop_part, &d);
        arena_rewind(c->arena, mark);
    }
    return e;
}

enum err
risk_sweep(struct ctx *c)
{
    return risk_run_break(c->db);
}

enum err
risk_clean(struct ctx *c, const struct risk_work *w, size_t pages)
{
    struct risk_run_broken_row *r;
    size_t n = 0;
    enum err e = risk_run_broken(c->db, c->arena, &r, &n);

    for (size_t i = 0; e == OK && i < n && pages > 0; i++)
        e = take_back(c, w, r[i].id, STR("broken"), &pages);
    return e;
}

/* How many targets there are to look at. */
static enum err
count_targets(struct run *r)
{
    const struct target_class_counts_in in = {risk_own(r->row.department), risk_own(r->row.region)};
    struct target_class_counts_row n;
    enum err e = target_class_counts(r->c->db, r->c->arena, &in, &n);

    r->total = e == OK ? (uint64_t) n.n.total : 0;
    return e;
}

static enum err
open_work(struct ctx *c, const struct risk_work *w, struct run **out)
{
    struct run *r = arena_alloc(c->arena, sizeof *r);
    struct risk_run_get_row row;
    struct risk_scheme_get_row scheme;
    struct risk_scheme_in_force_row *all;
    struct risk_fault fault;
    enum err e = r == NULL ? ERR_MEMORY : risk_run_get(c->db, c->arena, &(struct risk_run_get_in){w->run}, &row);

    if (e == OK && !str_eq(row.r.state, STR("running")))
        e = ERR_STATE;
    if (e == OK)
        e = risk_scheme_get(c->db, c->arena, &(struct risk_scheme_get_in){row.r.scheme}, &scheme);
    if (e == OK)
        e = risk_parse(scheme.s.content, &r->scheme, &fault);
    if (e == OK)
        e = c->entropy(r->salt, sizeof r->salt);
    if (e == OK)
        e = risk_scheme_in_force(c->db, c->arena, &all, &r->scheme_count);
    if (e != OK)
        return e;
    r->c = c;
    r->work = w;
    r->row = row.r;
    r->schemes = all;
    r->last[0] = '!'; /* before every code */
    hash_init(&r->list, HASH_SHA256);
    hash_update(&r->list, r->salt, sizeof r->salt);
    *out = r;
    return count_targets(r);
}

enum err
risk_compute(struct ctx *c, const struct risk_work *w)
{
    struct run *r;
    size_t pages = SIZE_MAX;
    bool last = false;
    enum err e = open_work(c, w, &r);

    while (e == OK && !last) {
        size_t mark = arena_mark(c->arena);

        e = one_page(r, &last);
        arena_rewind(c->arena, mark);
        if (e == OK && w->progress != NULL)
            w->progress(w->progress_ctx, r->seen, r->total);
        if (e == OK && w->stop != NULL && atomic_load(w->stop))
            e = ERR_CANCELLED;
    }
    if (e == OK)
        return w->write(w->write_ctx, c, finish, r);
    if (e != ERR_STATE && take_back(c, w, w->run, STR("running"), &pages) != OK)
        return ERR_STATE;
    return e;
}
