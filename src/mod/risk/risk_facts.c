/* mod/risk/risk_facts.c - from rows of the registers to the facts of targets, a page at a time */
#include <string.h>

#include "core/calendar.h"
#include "mod/followup_sql.h"
#include "mod/json.h"
#include "mod/lead_sql.h"
#include "mod/result_sql.h"
#include "mod/risk/risk_int.h"
#include "mod/target/target.h"

enum { CODES_MAX = 32, CODE_BYTES = 32, REASON_BYTES = 128 };

/* A page of targets, walked along with rows that come in the order of the codes. */
struct page {
    struct ctx *c;
    const struct risk_scheme *scheme;
    const struct target_facts *const *targets;
    struct risk_facts *facts;
    size_t count, at;
};

/* The facts of a target of the page; NULL for another, as of a merged duplicate or of another scope. */
static struct risk_facts *
facts_of(struct page *p, struct str target)
{
    while (p->at < p->count && str_cmp(p->targets[p->at]->code, target) < 0)
        p->at++;
    return p->at < p->count && str_eq(p->targets[p->at]->code, target) ? &p->facts[p->at] : NULL;
}

static void
more(struct risk_facts *f, enum risk_fact fact, int64_t n)
{
    f->v[fact] += n;
}

static bool
any_of(const struct texts *codes, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (texts_have(codes, str_of(words[i])))
            return true;
    return false;
}

/* One result may count for several facts. */
static void
count_result(struct risk_facts *f, const struct texts *codes, int64_t n)
{
    static const struct {
        enum risk_fact fact;
        const char *codes[6];
        size_t count;
    } SAYS[] = {{RISK_CLEAN, {"no_problem", "qualified"}, 2},
                {RISK_PROBLEMS, {"not_disclosed", "false_disclosure", "rectification", "uncooperative", "pending", "unqualified"}, 6},
                {RISK_UNDISCLOSED, {"not_disclosed"}, 1},
                {RISK_FALSE, {"false_disclosure"}, 1},
                {RISK_UNCOOPERATIVE, {"uncooperative"}, 1}};

    more(f, RISK_RESULTS, n);
    for (size_t i = 0; i < sizeof SAYS / sizeof *SAYS; i++)
        if (any_of(codes, SAYS[i].codes, SAYS[i].count))
            more(f, SAYS[i].fact, n);
}

static enum err
on_result(void *arg, const struct result_facts_row *r)
{
    struct page *p = arg;
    struct risk_facts *f = facts_of(p, r->target);
    size_t mark = arena_mark(p->c->arena);
    struct texts codes = {0};
    enum err e = f == NULL ? OK : json_texts_of(p->c, r->codes, CODES_MAX, CODE_BYTES, &codes);

    if (e == OK && f != NULL)
        count_result(f, &codes, r->count);
    arena_rewind(p->c->arena, mark);
    return e;
}

static enum err
on_followup(void *arg, const struct followup_facts_row *r)
{
    struct risk_facts *f = facts_of(arg, r->target);

    if (f != NULL) {
        more(f, RISK_FOLLOWUPS_OPEN, r->open);
        more(f, RISK_FOLLOWUPS_OVERDUE, r->overdue);
    }
    return OK;
}

static enum err
on_lead(void *arg, const struct lead_facts_row *r)
{
    struct risk_facts *f = facts_of(arg, r->target);

    if (f != NULL)
        more(f, RISK_COMPLAINTS, r->count);
    return OK;
}

static enum err
on_external(void *arg, const struct risk_external_facts_row *r)
{
    struct page *p = arg;
    struct risk_facts *f = facts_of(p, r->target);

    for (size_t i = 0; f != NULL && i < p->scheme->rule_count; i++)
        if (p->scheme->rules[i].fact == RISK_EXTERNAL && str_eq(p->scheme->rules[i].external, r->name)) {
            f->external[i] = r->value;
            f->external_known |= UINT64_C(1) << i;
        }
    return OK;
}

/* What the registry itself says. */
static void
from_registry(struct risk_facts *f, const struct target_facts *t, int64_t today)
{
    *f = (struct risk_facts){0};
    risk_know(f, RISK_STATUS, str_eq(t->status, STR("revoked")) || str_eq(t->status, STR("rescinded")));
    risk_know(f, RISK_LICENCE, t->licence_day.set && t->licence_day.v < today);
    risk_know(f, RISK_UNREACHABLE, (t->gaps & GAP_UNREACHABLE) != 0);
    if (t->established_day.set)
        risk_know(f, RISK_AGE_MONTHS, risk_months(t->established_day.v, today));
    if (t->last_visit_day.set)
        risk_know(f, RISK_VISIT_MONTHS, risk_months(t->last_visit_day.v, today));
    for (unsigned fact = RISK_RESULTS; fact < RISK_FACT_COUNT; fact++)
        risk_know(f, (enum risk_fact) fact, 0);
}

static bool
asks_outside(const struct risk_scheme *s)
{
    for (size_t i = 0; i < s->rule_count; i++)
        if (s->rules[i].fact == RISK_EXTERNAL)
            return true;
    return false;
}

static enum err
from_registers(struct page *p, int64_t today)
{
    struct str from = p->targets[0]->code, to = p->targets[p->count - 1]->code;
    int64_t since = today - (int64_t) p->scheme->window_days;
    struct db *db = p->c->db;
    enum err e = result_facts_each(db, &(struct result_facts_in){from, to, since}, on_result, p);

    p->at = 0;
    if (e == OK)
        e = followup_facts_each(db, &(struct followup_facts_in){from, to, today}, on_followup, p);
    p->at = 0;
    if (e == OK)
        e = lead_facts_each(db, &(struct lead_facts_in){from, to, since}, on_lead, p);
    p->at = 0;
    if (e == OK && asks_outside(p->scheme))
        e = risk_external_facts_each(db, &(struct risk_external_facts_in){from, to}, on_external, p);
    return e;
}

/* What is known under the codes of merged duplicates counts for the record that is kept. */
static void
add_facts(struct risk_facts *to, const struct risk_facts *of, size_t rules)
{
    for (unsigned fact = RISK_RESULTS; fact < RISK_FACT_COUNT; fact++)
        to->v[fact] += of->v[fact];
    for (size_t i = 0; i < rules; i++)
        if ((of->external_known >> i & 1) != 0 && (to->external_known >> i & 1) == 0) {
            to->external[i] = of->external[i];
            to->external_known |= UINT64_C(1) << i;
        }
}

static enum err
from_duplicates(struct page *p, int64_t today)
{
    struct target_duplicates_row *d;
    size_t n = 0;
    enum err e = target_duplicates(p->c->db, p->c->arena,
                                   &(struct target_duplicates_in){p->targets[0]->code, p->targets[p->count - 1]->code}, &d, &n);

    p->at = 0;
    for (size_t i = 0; e == OK && i < n; i++) {
        const struct target_facts dropped = {.code = d[i].code}, *one = &dropped;
        struct risk_facts facts = {0}, *kept = facts_of(p, d[i].merged_into);
        struct page its = {.c = p->c, .scheme = p->scheme, .targets = &one, .facts = &facts, .count = 1};

        if (kept == NULL)
            continue;
        e = from_registers(&its, today);
        add_facts(kept, &facts, p->scheme->rule_count);
    }
    return e;
}

enum err
risk_gather(struct ctx *c, const struct risk_scheme *s, int64_t today, const struct target_facts *const *targets, size_t count,
            struct risk_facts **out)
{
    struct page p = {.c = c, .scheme = s, .targets = targets, .count = count};
    enum err e = OK;

    p.facts = arena_array(c->arena, count + 1, sizeof *p.facts);
    if (p.facts == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        from_registry(&p.facts[i], targets[i], today);
    *out = p.facts;
    if (count > 0)
        e = from_registers(&p, today);
    return e == OK && count > 0 ? from_duplicates(&p, today) : e;
}

enum err
risk_reasons(struct ctx *c, const struct risk_scheme *s, const struct risk_verdict *v, struct str *out)
{
    struct buf b;
    enum err e = buf_in(c, v->count * REASON_BYTES + 3, &b);

    if (e != OK)
        return e;
    buf_z(&b, "[");
    for (size_t i = 0; i < v->count; i++) {
        const struct risk_counted *n = &v->counted[i];

        buf_z(&b, i == 0 ? "{" : ",{");
        json_put_name(&b, "rule");
        json_put_text(&b, s->rules[n->rule].code);
        json_put_name(&b, "value");
        buf_i64(&b, n->value);
        json_put_name(&b, "times");
        buf_u64(&b, n->times);
        json_put_name(&b, "points_c");
        buf_i64(&b, n->points_c);
        buf_z(&b, "}");
    }
    buf_z(&b, "]");
    *out = buf_view(&b);
    return b.overflow ? ERR_MEMORY : OK;
}
