/* mod/plan/terms.c - scope, sampling, participants: strict JSON in, canonical JSON out */
#include "mod/plan/terms.h"

#include <string.h>

#include "core/calendar.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define OPTIONAL(name) ((struct json_field){name, false})
#define REQUIRED(name) ((struct json_field){name, true})

static const char *const BY[STRATA_BY_COUNT] = {"one", "risk", "tag", "region"};
static const char *const ROUNDING[] = {"ceil", "floor", "half_up"};
static const char *const RULE[] = {"uniform", "pareto"};
static const char *const SUITE[] = {"sha256", "sm3"};

/* One of `count` words as its index; an absent field leaves *out. */
static enum err
word(struct ctx *c, const json_t *o, const char *name, const char *const *words, size_t count, unsigned *out)
{
    struct str s = {0};
    enum err e = json_text(c, o, OPTIONAL(name), TERMS_TEXT_MAX, &s);

    if (e != OK || s.p == NULL)
        return e;
    for (size_t i = 0; i < count; i++)
        if (str_eq(s, str_of(words[i]))) {
            *out = (unsigned) i;
            return OK;
        }
    return ctx_refuse(c, ERR_INPUT, "field \"%s\": unknown word \"%.60s\"", name, s.p);
}

/* --- scope
 * --------------------------------------------------------------------------------------------------- */

static const char *const SCOPE_FIELDS[] = {"kinds",    "regions",  "entity_types", "tags",        "departments", "industries",
                                           "statuses", "tags_all", "tags_none",    "risk_classes"};
static const char *const SCOPE_DAYS[] = {"established_from", "established_to", "visited_before", "licence_before"};
static const char *const SCOPE_NAMES[] = {"kinds",          "regions",        "entity_types",    "tags",
                                          "departments",    "industries",     "statuses",        "tags_all",
                                          "tags_none",      "risk_classes",   "established_from", "established_to",
                                          "visited_before", "licence_before"};

/* The list that SCOPE_FIELDS[i] names. */
static struct texts *
scope_list(struct scope *s, size_t i)
{
    struct texts *const lists[] = {&s->kinds,       &s->regions,    &s->entity_types, &s->tags,
                                   &s->departments, &s->industries, &s->statuses,     &s->tags_all,
                                   &s->tags_none,   &s->risk_classes};

    return lists[i];
}

/* The day that SCOPE_DAYS[i] names. */
static struct opt_i64 *
scope_day(struct scope *s, size_t i)
{
    struct opt_i64 *const days[] = {&s->established_from, &s->established_to, &s->visited_before, &s->licence_before};

    return days[i];
}

static enum err
scope_fields(struct ctx *c, const json_t *o, struct scope *s)
{
    enum err e = json_only(c, o, SCOPE_NAMES, COUNT(SCOPE_NAMES));

    for (size_t i = 0; e == OK && i < COUNT(SCOPE_FIELDS); i++)
        e = json_texts(c, o, OPTIONAL(SCOPE_FIELDS[i]), TERMS_LIST_MAX, TERMS_TEXT_MAX, scope_list(s, i));
    for (size_t i = 0; e == OK && i < COUNT(SCOPE_DAYS); i++) {
        const json_t *v = json_object_get(o, SCOPE_DAYS[i]);

        scope_day(s, i)->set = v != NULL && !json_is_null(v);
        e = json_day(c, o, OPTIONAL(SCOPE_DAYS[i]), &scope_day(s, i)->v);
    }
    return e;
}

enum err
terms_scope(struct ctx *c, struct str json, struct scope *out)
{
    struct scope s = {0};
    json_t *o;
    enum err e = json_read(c, json, &o);

    if (e != OK)
        return e;
    e = scope_fields(c, o, &s);
    json_decref(o);
    if (e == OK)
        *out = s;
    return e;
}

static size_t
texts_bytes(const struct texts *t)
{
    size_t n = 64;

    for (size_t i = 0; i < t->count; i++)
        n += 6 * t->v[i].n + 8;
    return n;
}

enum err
terms_texts_text(struct ctx *c, const struct texts *t, struct str *out)
{
    struct buf b;
    enum err e = buf_in(c, texts_bytes(t), &b);

    if (e != OK)
        return e;
    json_put_texts(&b, t);
    return buf_take(c, &b, out);
}

static void
put_day(struct buf *b, const char *name, struct opt_i64 day)
{
    char text[DAY_TEXT + 1];

    if (!day.set)
        return;
    day_format(day.v, text);
    json_put_name(b, name);
    json_put_text(b, str_of(text));
}

enum err
terms_scope_text(struct ctx *c, const struct scope *s, struct str *out)
{
    struct scope copy = *s;
    struct buf b;
    size_t n = COUNT(SCOPE_DAYS) * 40;
    enum err e;

    for (size_t i = 0; i < COUNT(SCOPE_FIELDS); i++)
        n += texts_bytes(scope_list(&copy, i));
    e = buf_in(c, n, &b);
    if (e != OK)
        return e;
    buf_z(&b, "{");
    for (size_t i = 0; i < COUNT(SCOPE_FIELDS); i++)
        if (scope_list(&copy, i)->count > 0) {
            json_put_name(&b, SCOPE_FIELDS[i]);
            json_put_texts(&b, scope_list(&copy, i));
        }
    for (size_t i = 0; i < COUNT(SCOPE_DAYS); i++)
        put_day(&b, SCOPE_DAYS[i], *scope_day(&copy, i));
    buf_z(&b, "}");
    return buf_take(c, &b, out);
}

bool
lines_have(struct str lines, struct str entry)
{
    struct str head, tail = lines;

    while (tail.n > 0) {
        (void) str_split(tail, '\n', &head, &tail);
        if (str_eq(head, entry))
            return true;
    }
    return false;
}

static bool
exact(const struct texts *list, struct str value)
{
    return list->count == 0 || texts_have(list, value);
}

static bool
prefix(const struct texts *list, struct str value)
{
    for (size_t i = 0; i < list->count; i++)
        if (value.p != NULL && str_starts(value, list->v[i]))
            return true;
    return list->count == 0;
}

struct str
terms_region(struct str region)
{
    while (region.n > 2 && region.n % 2 == 0 && region.p[region.n - 1] == '0' && region.p[region.n - 2] == '0')
        region.n -= 2;
    return region;
}

static bool
inside(const struct texts *regions, struct str value)
{
    for (size_t i = 0; i < regions->count; i++)
        if (value.p != NULL && str_starts(value, terms_region(regions->v[i])))
            return true;
    return regions->count == 0;
}

static bool
each_of(const struct texts *list, struct str lines)
{
    for (size_t i = 0; i < list->count; i++)
        if (!lines_have(lines, list->v[i]))
            return false;
    return true;
}

static bool
any_of(const struct texts *list, struct str lines)
{
    for (size_t i = 0; i < list->count; i++)
        if (lines_have(lines, list->v[i]))
            return true;
    return list->count == 0;
}

static bool
days_fit(const struct scope *s, const struct terms_target *t)
{
    if (s->established_from.set && !(t->established_day.set && t->established_day.v >= s->established_from.v))
        return false;
    if (s->established_to.set && !(t->established_day.set && t->established_day.v <= s->established_to.v))
        return false;
    if (s->visited_before.set && t->last_visit_day.set && t->last_visit_day.v >= s->visited_before.v)
        return false;
    return !s->licence_before.set || (t->licence_day.set && t->licence_day.v < s->licence_before.v);
}

bool
scope_takes(const struct scope *s, const struct terms_target *t)
{
    return exact(&s->kinds, t->kind) && exact(&s->entity_types, t->entity_type) &&
           exact(&s->statuses, t->status) && exact(&s->risk_classes, t->risk_class) && inside(&s->regions, t->region) &&
           prefix(&s->industries, t->industry) && any_of(&s->tags, t->tags) && each_of(&s->tags_all, t->tags) &&
           (s->tags_none.count == 0 || !any_of(&s->tags_none, t->tags)) && any_of(&s->departments, t->departments) &&
           days_fit(s, t);
}

/* --- sampling
 * ------------------------------------------------------------------------------------------------ */

static bool
alnum(char ch)
{
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

static bool
is_label(struct str s)
{
    if (s.n == 0 || s.n > TERMS_LABEL_MAX || !alnum(s.p[0]))
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (!alnum(s.p[i]) && strchr("._-", s.p[i]) == NULL)
            return false;
    return true;
}

static enum err
read_stratum(struct ctx *c, const json_t *o, enum strata_by by, struct stratum *out)
{
    static const char *const FIELDS[] = {"label", "tag", "ratio_bp"};
    struct stratum s = {.label = by == STRATA_ONE ? STR("all") : (struct str){0}};
    int64_t ratio_bp = 0;
    enum err e;

    if (!json_is_object(o))
        return ctx_refuse(c, ERR_INPUT, "field \"strata\": expected objects");
    e = json_only(c, o, FIELDS, COUNT(FIELDS));
    if (e == OK)
        e = json_text(c, o, (struct json_field){"label", by != STRATA_ONE}, TERMS_LABEL_MAX, &s.label);
    if (e == OK && !is_label(s.label))
        e = ctx_refuse(c, ERR_CHARSET, "stratum \"%.40s\": letters, digits, . _ - only", s.label.p);
    if (e == OK)
        e = json_i64(c, o, REQUIRED("ratio_bp"), 1, RATIO_BP_MAX, &ratio_bp);
    if (e == OK)
        e = json_text(c, o, OPTIONAL("tag"), TERMS_TEXT_MAX, &s.tag);
    if (e == OK && (s.tag.p != NULL) != (by == STRATA_TAG && !str_eq(s.label, STR("other"))))
        e = ctx_refuse(c, ERR_INPUT, "stratum \"%.40s\": a tag belongs to strata by tag only", s.label.p);
    s.ratio_bp = (uint32_t) ratio_bp;
    if (e == OK)
        *out = s;
    return e;
}

static bool
label_seen(const struct sampling *s, struct str label)
{
    for (size_t i = 0; i < s->count; i++)
        if (str_eq(s->strata[i].label, label))
            return true;
    return false;
}

static enum err
read_strata(struct ctx *c, const json_t *o, struct sampling *s)
{
    const json_t *list = json_object_get(o, "strata");
    size_t n = json_array_size(list);
    enum err e = OK;

    if (n == 0 || n > TERMS_STRATA_MAX || (s->by == STRATA_ONE && n != 1))
        return ctx_refuse(c, ERR_INPUT,
                          "field \"strata\": 1 to %d entries, exactly 1 when there is one stratum",
                          TERMS_STRATA_MAX);
    s->strata = arena_array(c->arena, n, sizeof *s->strata);
    if (s->strata == NULL)
        return ERR_MEMORY;
    while (e == OK && s->count < n) {
        struct stratum next;

        e = read_stratum(c, json_array_get(list, s->count), s->by, &next);
        if (e == OK && label_seen(s, next.label))
            e = ctx_refuse(c, ERR_DUPLICATE, "stratum \"%.40s\" twice", next.label.p);
        if (e == OK)
            s->strata[s->count++] = next;
    }
    return e;
}

static enum err
sampling_fields(struct ctx *c, const json_t *o, struct sampling *s)
{
    static const char *const FIELDS[] = {"by",   "strata", "rounding", "reserve_bp",
                                         "rule", "suite",  "batches"};
    unsigned by = STRATA_ONE, rounding = RATIO_CEIL, rule = 0, suite = 0;
    int64_t reserve_bp = 2000, batches = 1;
    enum err e = json_only(c, o, FIELDS, COUNT(FIELDS));

    if (e == OK)
        e = word(c, o, "by", BY, COUNT(BY), &by);
    if (e == OK)
        e = word(c, o, "rounding", ROUNDING, COUNT(ROUNDING), &rounding);
    if (e == OK)
        e = word(c, o, "rule", RULE, COUNT(RULE), &rule);
    if (e == OK)
        e = word(c, o, "suite", SUITE, COUNT(SUITE), &suite);
    if (e == OK)
        e = json_i64(c, o, OPTIONAL("reserve_bp"), 0, RATIO_BP_MAX * 10, &reserve_bp);
    if (e == OK)
        e = json_i64(c, o, OPTIONAL("batches"), 1, TERMS_BATCHES_MAX, &batches);
    s->by = (enum strata_by) by;
    s->rounding = (enum ratio_rounding) rounding;
    s->pareto = rule == 1;
    s->sm3 = suite == 1;
    s->reserve_bp = (uint32_t) reserve_bp;
    s->batches = (uint32_t) batches;
    return e == OK ? read_strata(c, o, s) : e;
}

enum err
terms_sampling(struct ctx *c, struct str json, struct sampling *out)
{
    struct sampling s = {0};
    json_t *o;
    enum err e = json_read(c, json, &o);

    if (e != OK)
        return e;
    e = sampling_fields(c, o, &s);
    json_decref(o);
    if (e == OK)
        *out = s;
    return e;
}

static void
put_word(struct buf *b, const char *name, const char *value)
{
    json_put_name(b, name);
    json_put_text(b, str_of(value));
}

static void
put_number(struct buf *b, const char *name, uint64_t value)
{
    json_put_name(b, name);
    buf_u64(b, value);
}

static void
put_stratum(struct buf *b, const struct stratum *s)
{
    buf_z(b, "{");
    json_put_name(b, "label");
    json_put_text(b, s->label);
    if (s->tag.p != NULL) {
        json_put_name(b, "tag");
        json_put_text(b, s->tag);
    }
    put_number(b, "ratio_bp", s->ratio_bp);
    buf_z(b, "}");
}

enum err
terms_sampling_text(struct ctx *c, const struct sampling *s, struct str *out)
{
    struct buf b;
    enum err e = buf_in(c, 512 + s->count * (128 + 6 * TERMS_TEXT_MAX), &b);

    if (e != OK)
        return e;
    buf_z(&b, "{");
    put_word(&b, "by", BY[s->by]);
    json_put_name(&b, "strata");
    buf_z(&b, "[");
    for (size_t i = 0; i < s->count; i++) {
        buf_z(&b, i == 0 ? "" : ",");
        put_stratum(&b, &s->strata[i]);
    }
    buf_z(&b, "]");
    put_word(&b, "rounding", ROUNDING[s->rounding]);
    put_number(&b, "reserve_bp", s->reserve_bp);
    put_word(&b, "rule", RULE[s->pareto]);
    put_word(&b, "suite", SUITE[s->sm3]);
    put_number(&b, "batches", s->batches);
    buf_z(&b, "}");
    return buf_take(c, &b, out);
}

static bool
stratum_takes(const struct sampling *s, const struct stratum *h, const struct terms_target *t)
{
    switch (s->by) {
    case STRATA_ONE:
        return true;
    case STRATA_RISK:
        return str_eq(h->label, t->risk_class.p == NULL ? STR("N") : t->risk_class);
    case STRATA_TAG:
        return h->tag.p != NULL && lines_have(t->tags, h->tag);
    case STRATA_REGION:
        return t->region.p != NULL && str_eq(h->label, t->region);
    case STRATA_BY_COUNT:
        break;
    }
    return false;
}

int
sampling_stratum(const struct sampling *s, const struct terms_target *t)
{
    int other = -1;

    for (size_t i = 0; i < s->count; i++) {
        if (stratum_takes(s, &s->strata[i], t))
            return (int) i;
        if (s->by != STRATA_ONE && str_eq(s->strata[i].label, STR("other")))
            other = (int) i;
    }
    return other;
}

enum err
sampling_check_cap(const struct sampling *s, const uint64_t *counts, uint32_t cap_bp)
{
    uint64_t asked = 0, allowed = 0;

    for (size_t i = 0; i < s->count; i++) {
        if (counts[i] > RATIO_POPULATION_MAX)
            return ERR_RANGE;
        asked += counts[i] * s->strata[i].ratio_bp; /* < 2^40 * 2^14 each, at most 64 of them: no overflow */
        allowed += counts[i] * cap_bp;
    }
    return asked > allowed ? ERR_CAP : OK;
}

/* --- participants, items
 * ----------------------------------------------------------------------------------------- */

bool
terms_department(struct str code)
{
    for (size_t i = 0; i < code.n; i++)
        if (!((code.p[i] >= 'a' && code.p[i] <= 'z') || (code.p[i] >= '0' && code.p[i] <= '9')))
            return false;
    return code.n >= 1 && code.n <= TERMS_LABEL_MAX;
}

bool
participants_have(const struct participants *p, struct str department)
{
    for (size_t i = 0; i < p->count; i++)
        if (str_eq(p->v[i].department, department))
            return true;
    return false;
}

/* {"department":"scjgj","places":2} or only "scjgj" */
static enum err
read_participant(struct ctx *c, const json_t *v, struct participant *out)
{
    static const char *const FIELDS[] = {"department", "places"};
    struct participant p = {.places = 2};
    int64_t places = 2;
    enum err e = OK;

    if (json_is_string(v)) {
        p.department = str_copy(c->arena, (struct str){json_string_value(v), json_string_length(v)});
    } else if (json_is_object(v)) {
        e = json_only(c, v, FIELDS, COUNT(FIELDS));
        if (e == OK)
            e = json_text(c, v, REQUIRED("department"), TERMS_LABEL_MAX, &p.department);
        if (e == OK)
            e = json_i64(c, v, OPTIONAL("places"), 1, TERMS_PLACES_MAX, &places);
    }
    if (e == OK && !terms_department(p.department))
        e = ctx_refuse(c, ERR_CHARSET, "a participant is a department code of a-z and 0-9");
    p.places = (uint32_t) places;
    if (e == OK)
        *out = p;
    return e;
}

static enum err
read_participants(struct ctx *c, const json_t *list, struct participants *out)
{
    struct participants p = {0};
    size_t n = json_array_size(list);
    uint32_t places = 0;
    enum err e = OK;

    if (n == 0 || n > TERMS_PARTICIPANTS_MAX)
        return ctx_refuse(c, ERR_INPUT, "1 to %d participants", TERMS_PARTICIPANTS_MAX);
    p.v = arena_array(c->arena, n, sizeof *p.v);
    if (p.v == NULL)
        return ERR_MEMORY;
    for (; e == OK && p.count < n; p.count++) {
        e = read_participant(c, json_array_get(list, p.count), &p.v[p.count]);
        for (size_t i = 0; e == OK && i < p.count; i++)
            if (str_eq(p.v[i].department, p.v[p.count].department))
                e = ctx_refuse(c, ERR_DUPLICATE, "participant \"%s\" twice", p.v[i].department.p);
        places += p.v[p.count].places;
    }
    if (e == OK && places < 2)
        e = ctx_refuse(c, ERR_RANGE, "at least two inspectors must go to each target");
    if (e == OK)
        *out = p;
    return e;
}

enum err
terms_participants(struct ctx *c, struct str json, struct participants *out)
{
    json_t *list;
    enum err e = json_read_list(c, json, &list);

    if (e != OK)
        return e;
    e = read_participants(c, list, out);
    json_decref(list);
    return e;
}

enum err
terms_participants_text(struct ctx *c, const struct participants *p, struct str *out)
{
    struct buf b;
    enum err e = buf_in(c, 16 + p->count * 96, &b);

    if (e != OK)
        return e;
    buf_z(&b, "[");
    for (size_t i = 0; i < p->count; i++) {
        buf_z(&b, i == 0 ? "{" : ",{");
        json_put_name(&b, "department");
        json_put_text(&b, p->v[i].department);
        put_number(&b, "places", p->v[i].places);
        buf_z(&b, "}");
    }
    buf_z(&b, "]");
    return buf_take(c, &b, out);
}

enum err
terms_items(struct ctx *c, struct str json, struct texts *out)
{
    enum err e = json_texts_of(c, json, TERMS_ITEMS_MAX, TERMS_TEXT_MAX, out);

    return e == OK && out->count == 0 ? ctx_refuse(c, ERR_INPUT, "at least one item") : e;
}
