/* core/staff_derive.c - from the registry to the instance (spec 5.5): a pure function of the frozen documents
 */
#include "core/staff.h"

#include <string.h>

#include "core/calendar.h"

enum { REGION_OF_ID_AT = 2, REGION_OF_ID_LEN = 6, USCC_LEN = 18, NOT_FORBIDDEN = STAFF_REASONS };
enum { STATIC_CELLS_MAX = 1 << 24 }; /* classes times batches */
#define NO_INDEX UINT32_MAX

/* A list of members of one class that cannot come in one batch, whatever the target. */
struct absent {
    uint32_t first, count; /* in the sheet of absences */
    bool used, made;
};

struct derive {
    struct arena *a;
    const struct staff *s;
    const struct staff_target *targets;
    size_t target_count;
    const struct staff_change *change; /* never NULL */
    struct staff_derived *out;
    uint32_t *by_id;                        /* targets ascending by id */
    uint32_t *recusal_first, *recusal_rows; /* by target: rows of forbidden.tsv in file order */
    uint32_t *inspector_of_row;             /* by row of forbidden.tsv */
    uint32_t *class_key, *class_order;      /* group -> key; keys in their order */
    uint32_t key_count;
    uint32_t *member_first, *members; /* by department: its inspectors */
    struct absent *absent;            /* class times week_count plus batch */
};

/* --- lists as text --- */

static bool
list_next(struct str *rest, struct str *element)
{
    if (rest->p == NULL || str_eq(*rest, STR("-")))
        return false;
    if (!str_split(*rest, ',', element, rest))
        *rest = (struct str){0};
    return true;
}

/* Does an ascending list contain all of another? */
static bool
list_contains(struct str all, struct str wanted)
{
    struct str have = {0}, want;

    while (list_next(&wanted, &want)) {
        int order = have.p == NULL ? -1 : str_cmp(have, want);

        while (order < 0 && list_next(&all, &have))
            order = str_cmp(have, want);
        if (order != 0)
            return false;
    }
    return true;
}

/* An element covers every region that begins with it. */
bool
staff_covers(struct str regions, struct str region)
{
    struct str element;

    if (str_eq(regions, STR("*")) || str_eq(region, STR("*")))
        return true;
    while (list_next(&regions, &element))
        if (str_starts(region, element))
            return true;
    return false;
}

static bool
list_has(struct str list, struct str wanted)
{
    struct str element;

    while (list_next(&list, &element))
        if (str_eq(element, wanted))
            return true;
    return false;
}

/* --- targets by id --- */

static int
id_cmp(const struct derive *d, uint32_t x, uint32_t y)
{
    int order = str_cmp(d->targets[x].id, d->targets[y].id);

    return order != 0 ? order : (x > y) - (x < y);
}

static void
sift(const struct derive *d, uint32_t *heap, size_t at, size_t n)
{
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        uint32_t t = heap[at];

        if (child + 1 < n && id_cmp(d, heap[child], heap[child + 1]) < 0)
            child++;
        if (id_cmp(d, heap[at], heap[child]) >= 0)
            return;
        heap[at] = heap[child];
        heap[child] = t;
    }
}

static enum err
sort_targets(struct derive *d, size_t *bad_target)
{
    size_t n = d->target_count;

    d->by_id = arena_array(d->a, n, sizeof *d->by_id);
    if (!d->by_id)
        return ERR_MEMORY;
    for (size_t t = 0; t < n; t++)
        d->by_id[t] = (uint32_t) t;
    for (size_t k = n / 2; k-- > 0;)
        sift(d, d->by_id, k, n);
    for (size_t k = n; k-- > 1;) {
        uint32_t t = d->by_id[0];

        d->by_id[0] = d->by_id[k];
        d->by_id[k] = t;
        sift(d, d->by_id, 0, k);
    }
    for (size_t k = 1; k < n; k++)
        if (str_eq(d->targets[d->by_id[k - 1]].id, d->targets[d->by_id[k]].id)) {
            *bad_target = d->by_id[k];
            return ERR_DUPLICATE;
        }
    return OK;
}

static uint32_t
find_target(const struct derive *d, struct str id)
{
    size_t low = 0, high = d->target_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(d->targets[d->by_id[mid]].id, id);

        if (order == 0)
            return d->by_id[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NO_INDEX;
}

/* Deal the rows of forbidden.tsv to the drawn targets. Within a target they stay in file order: inspectors
 * ascend. */
static enum err
deal_recusals(struct derive *d)
{
    size_t rows = d->s->forbidden_count, i = 0;
    uint32_t *target_of_row = arena_array(d->a, rows, sizeof *target_of_row);

    d->inspector_of_row = arena_array(d->a, rows, sizeof *d->inspector_of_row);
    d->recusal_first = arena_array(d->a, d->target_count + 2, sizeof *d->recusal_first);
    d->recusal_rows = arena_array(d->a, rows, sizeof *d->recusal_rows);
    if (!target_of_row || !d->inspector_of_row || !d->recusal_first || !d->recusal_rows)
        return ERR_MEMORY;
    for (size_t k = 0; k < rows; k++) {
        const struct staff_forbidden *row = &d->s->forbidden[k];

        while (!str_eq(d->s->inspectors[i].pseudonym, row->pseudonym))
            i++; /* both files ascend, staff_parse saw that it is there */
        d->inspector_of_row[k] = (uint32_t) i;
        target_of_row[k] = find_target(d, row->id);
        if (target_of_row[k] != NO_INDEX)
            d->recusal_first[target_of_row[k] + 2]++;
    }
    for (size_t t = 1; t < d->target_count + 1; t++)
        d->recusal_first[t + 1] += d->recusal_first[t];
    for (size_t k = 0; k < rows; k++)
        if (target_of_row[k] != NO_INDEX)
            d->recusal_rows[d->recusal_first[target_of_row[k] + 1]++] = (uint32_t) k;
    return OK;
}

/* --- groups and classes --- */

static const struct staff_places *
find_places(const struct staff_rules *r, uint32_t department, struct str stratum)
{
    size_t low = 0, high = r->places_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct staff_places *p = &r->places[mid];
        int order = p->department < department   ? -1
                    : p->department > department ? 1
                                                 : str_cmp(p->stratum, stratum);

        if (order == 0)
            return p;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return str_eq(stratum, STR("*")) ? NULL : find_places(r, department, STR("*"));
}

/* Bytes 3 to 8 of a social credit code or of "R-" and an old registration number; "*" otherwise. */
static struct str
region_of_id(struct str id)
{
    struct str region = {id.p + REGION_OF_ID_AT, REGION_OF_ID_LEN};

    if (id.n != USCC_LEN && !(id.n >= REGION_OF_ID_AT + REGION_OF_ID_LEN && str_starts(id, STR("R-"))))
        return STR("*");
    for (size_t k = 0; k < region.n; k++)
        if (region.p[k] < '0' || region.p[k] > '9')
            return STR("*");
    return region;
}

static int
class_cmp(const struct staff_class *x, const struct staff_class *y)
{
    int order = (x->department > y->department) - (x->department < y->department);

    if (order == 0)
        order = str_cmp(x->region, y->region);
    if (order == 0)
        order = str_cmp(x->skills, y->skills);
    return order != 0 ? order : (int) x->widened - (int) y->widened;
}

/* The key of this class, made if it is new. out->classes holds them in the order of making, class_order
 * sorted. */
static enum err
class_key(struct derive *d, const struct staff_class *wanted, uint32_t *key)
{
    size_t low = 0, high = d->key_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = class_cmp(&d->out->classes[d->class_order[mid]], wanted);

        if (order == 0) {
            *key = d->class_order[mid];
            return OK;
        }
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (d->key_count == STAFF_CLASSES_MAX)
        return ERR_TOO_LARGE;
    memmove(d->class_order + low + 1, d->class_order + low, (d->key_count - low) * sizeof *d->class_order);
    *key = d->class_order[low] = d->key_count;
    d->out->classes[d->key_count++] = *wanted;
    return OK;
}

static enum err
add_group(struct derive *d, uint32_t t, uint32_t department, uint32_t *places)
{
    struct match_instance *in = &d->out->instance;
    const struct staff_places *p = find_places(&d->s->rules, department, d->targets[t].stratum);
    struct staff_class wanted;
    uint32_t g = in->groups;

    if (p == NULL)
        return ERR_NOT_FOUND;
    if (p->places == 0)
        return OK;
    wanted = (struct staff_class){.department = department,
                                  .region = str_eq(p->region, STR("id")) ? region_of_id(d->targets[t].id)
                                                                         : p->region,
                                  .skills = p->skills,
                                  .widened = d->change->widen != NULL && d->change->widen[g]};
    in->target[g] = t;
    in->demand[g] = p->places;
    d->out->groups[g] = (struct staff_group){t, department};
    in->groups++;
    *places += p->places;
    return class_key(d, &wanted, &d->class_key[g]);
}

static enum err
add_target(struct derive *d, uint32_t t)
{
    uint32_t places = 0, before = d->out->instance.groups;
    enum err e = OK;

    if (d->targets[t].batch == 0)
        return ERR_RANGE;
    if (d->targets[t].batch > d->s->rules.week_count)
        return ERR_NOT_FOUND;
    for (uint32_t q = 0; e == OK && q < STAFF_DEPARTMENTS; q++)
        if (d->targets[t].mask >> q & 1)
            e = add_group(d, t, q, &places);
    if (e == OK && d->out->instance.groups > before && places < d->s->rules.team)
        e = ERR_POLICY; /* the law asks for at least two inspectors at a target */
    return e;
}

static enum err
add_groups(struct derive *d, size_t *bad_target)
{
    struct match_instance *in = &d->out->instance;
    size_t most = 0;
    enum err e = OK;

    for (size_t t = 0; t < d->target_count; t++)
        most += (size_t) __builtin_popcountll(d->targets[t].mask);
    if (most > MATCH_GROUPS_MAX)
        return ERR_TOO_LARGE;
    in->target = arena_array(d->a, most, sizeof *in->target);
    in->demand = arena_array(d->a, most, sizeof *in->demand);
    in->class_of = arena_array(d->a, most, sizeof *in->class_of);
    in->forbidden_first = arena_array(d->a, most + 1, sizeof *in->forbidden_first);
    d->out->groups = arena_array(d->a, most, sizeof *d->out->groups);
    d->class_key = arena_array(d->a, most, sizeof *d->class_key);
    d->class_order = arena_array(d->a, STAFF_CLASSES_MAX, sizeof *d->class_order);
    d->out->classes = arena_array(d->a, STAFF_CLASSES_MAX, sizeof *d->out->classes);
    if (!in->target || !in->demand || !in->class_of || !in->forbidden_first || !d->out->groups ||
        !d->class_key || !d->class_order || !d->out->classes)
        return ERR_MEMORY;
    for (size_t t = 0; e == OK && t < d->target_count; t++) {
        *bad_target = t;
        e = add_target(d, (uint32_t) t);
    }
    return e;
}

/* Put the classes into their order. */
static enum err
number_classes(struct derive *d)
{
    struct match_instance *in = &d->out->instance;
    struct staff_class *sorted = arena_array(d->a, d->key_count, sizeof *sorted);
    uint32_t *rank = arena_array(d->a, d->key_count, sizeof *rank);

    if (!sorted || !rank)
        return ERR_MEMORY;
    for (uint32_t c = 0; c < d->key_count; c++) {
        sorted[c] = d->out->classes[d->class_order[c]];
        rank[d->class_order[c]] = c;
    }
    for (uint32_t g = 0; g < in->groups; g++)
        in->class_of[g] = rank[d->class_key[g]];
    d->out->classes = sorted;
    in->classes = d->key_count;
    return OK;
}

static enum err
deal_departments(struct derive *d)
{
    uint32_t n = (uint32_t) d->s->inspector_count, at[STAFF_DEPARTMENTS];

    d->member_first = arena_array(d->a, STAFF_DEPARTMENTS + 1, sizeof *d->member_first);
    d->members = arena_array(d->a, n, sizeof *d->members);
    if (!d->member_first || !d->members)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < n; i++)
        d->member_first[d->s->inspectors[i].department + 1]++;
    for (uint32_t q = 0; q < STAFF_DEPARTMENTS; q++) {
        d->member_first[q + 1] += d->member_first[q];
        at[q] = d->member_first[q];
    }
    for (uint32_t i = 0; i < n; i++)
        d->members[at[d->s->inspectors[i].department]++] = i;
    return OK;
}

static bool
belongs(const struct derive *d, const struct staff_class *c, const struct staff_inspector *i)
{
    if (!list_contains(i->skills, c->skills))
        return false;
    return staff_covers(i->regions, c->region) || (c->widened && list_has(i->regions, d->change->region));
}

static enum err
fill_classes(struct derive *d)
{
    struct match_instance *in = &d->out->instance;
    uint32_t used = 0;

    in->class_first = arena_array(d->a, (size_t) in->classes + 1, sizeof *in->class_first);
    if (!in->class_first)
        return ERR_MEMORY;
    for (int pass = 0; pass < 2; pass++) { /* count, then write */
        used = 0;
        for (uint32_t c = 0; c < in->classes; c++) {
            const struct staff_class *k = &d->out->classes[c];

            for (uint32_t m = d->member_first[k->department]; m < d->member_first[k->department + 1]; m++) {
                if (!belongs(d, k, &d->s->inspectors[d->members[m]]))
                    continue;
                if (pass == 1)
                    in->class_ids[used] = d->members[m];
                if (++used > MATCH_ENTRIES_MAX)
                    return ERR_TOO_LARGE;
            }
            in->class_first[c + 1] = used;
        }
        if (pass == 0 && !(in->class_ids = arena_array(d->a, used, sizeof *in->class_ids)))
            return ERR_MEMORY;
    }
    return OK;
}

/* --- forbidden lists --- */

/* Is every day of the week in a leave period? */
static bool
away(struct str leave, const struct staff_week *w)
{
    struct str period, from, to;
    int64_t first, last, open = w->first_day; /* all days before are covered */

    while (open <= w->last_day && list_next(&leave, &period)) {
        (void) str_split(period, '/', &from, &to);
        if (day_parse(from, &first) != OK || day_parse(to, &last) != OK)
            return false; /* staff_parse refuses such a list */
        if (first <= open && last >= open)
            open = last + 1;
    }
    return open > w->last_day;
}

static bool
expired(struct str valid_to, const struct staff_week *w)
{
    int64_t day;

    return day_parse(valid_to, &day) != OK || day < w->last_day; /* "-": no certificate */
}

static struct str
items_of(const struct staff_rules *r, uint32_t department)
{
    for (size_t k = 0; k < r->items_count; k++)
        if (r->items[k].department == department)
            return r->items[k].items;
    return STR("-");
}

static unsigned
absence(const struct staff_inspector *i, const struct staff_week *w, struct str items)
{
    if (expired(i->valid_to, w))
        return STAFF_EXPIRED;
    if (away(i->leave, w))
        return STAFF_LEAVE;
    if (!str_eq(i->range, STR("*")) && !list_contains(i->range, items))
        return STAFF_RANGE;
    return NOT_FORBIDDEN;
}

/* Where forbidden lists are written; grows only at the end of the arena's use. */
struct sheet {
    uint32_t *ids;
    unsigned char *reasons;
    size_t count, most;
};

static bool
put_forbidden(struct sheet *s, uint32_t id, unsigned reason)
{
    if (s->count == s->most)
        return false;
    s->ids[s->count] = id;
    s->reasons[s->count++] = (unsigned char) reason;
    return true;
}

/* The members of class c that cannot come in this week, made once. */
static bool
make_absent(const struct derive *d, uint32_t c, const struct staff_week *w, struct absent *cell,
            struct sheet *s)
{
    const struct match_instance *in = &d->out->instance;
    struct str items = items_of(&d->s->rules, d->out->classes[c].department);

    cell->first = (uint32_t) s->count;
    for (uint32_t k = in->class_first[c]; k < in->class_first[c + 1]; k++) {
        unsigned reason = absence(&d->s->inspectors[in->class_ids[k]], w, items);

        if (reason != NOT_FORBIDDEN && !put_forbidden(s, in->class_ids[k], reason))
            return false;
    }
    cell->count = (uint32_t) s->count - cell->first;
    cell->made = true;
    return true;
}

static bool
in_class(const struct match_instance *in, uint32_t c, uint32_t i)
{
    uint32_t low = in->class_first[c], high = in->class_first[c + 1];

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (in->class_ids[mid] == i)
            return true;
        if (in->class_ids[mid] < i)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

/* The next inspector that forbidden.tsv keeps from this group; NO_INDEX at the end. Rows of one inspector
 * stand together, `last` before `recusal`; a recusal is the reason that counts. */
static uint32_t
next_recusal(const struct derive *d, uint32_t g, uint32_t *row, uint32_t end, unsigned *reason)
{
    const struct match_instance *in = &d->out->instance;
    bool rotation = d->s->rules.rotation && !d->change->lift_rotation;

    while (*row < end) {
        uint32_t i = d->inspector_of_row[d->recusal_rows[*row]];

        *reason = NOT_FORBIDDEN;
        for (; *row < end && d->inspector_of_row[d->recusal_rows[*row]] == i; ++*row) {
            unsigned r = d->s->forbidden[d->recusal_rows[*row]].reason;

            if ((r == STAFF_RECUSAL || rotation) && r < *reason)
                *reason = r;
        }
        if (*reason != NOT_FORBIDDEN && in_class(in, in->class_of[g], i))
            return i;
    }
    return NO_INDEX;
}

/* The absent members of the class and those of forbidden.tsv, merged. */
static bool
fill_group(struct derive *d, uint32_t g, const struct absent *cell, const struct sheet *absent,
           struct sheet *out)
{
    uint32_t t = d->out->groups[g].target, k = cell->first, end = cell->first + cell->count;
    uint32_t row = d->recusal_first[t], row_end = d->recusal_first[t + 1];
    unsigned reason = NOT_FORBIDDEN;
    uint32_t i = next_recusal(d, g, &row, row_end, &reason);
    bool ok = true;

    while (ok && (k < end || i != NO_INDEX)) {
        uint32_t a = k < end ? absent->ids[k] : NO_INDEX;

        if (a <= i) {
            ok = put_forbidden(out, a, absent->reasons[k++]);
            d->out->reason_count[absent->reasons[k - 1]]++;
        } else {
            ok = put_forbidden(out, i, reason);
            d->out->reason_count[reason]++;
        }
        if (i != NO_INDEX && i <= a)
            i = next_recusal(d, g, &row, row_end, &reason);
    }
    return ok;
}

/* Room for n entries. */
static enum err
make_sheet(struct arena *a, size_t n, struct sheet *out)
{
    *out = (struct sheet){arena_array(a, n, sizeof *out->ids), arena_array(a, n, 1), 0, n};
    return out->ids && out->reasons ? OK : ERR_MEMORY;
}

static struct absent *
cell_of(const struct derive *d, uint32_t g)
{
    uint32_t batch = d->targets[d->out->groups[g].target].batch;

    return &d->absent[d->out->instance.class_of[g] * d->s->rules.week_count + batch - 1];
}

/* Mark the cells in use; returns the room their lists need at most. */
static size_t
mark_cells(struct derive *d)
{
    const struct match_instance *in = &d->out->instance;
    size_t room = 0;

    for (uint32_t g = 0; g < in->groups; g++) {
        uint32_t c = in->class_of[g];

        if (cell_of(d, g)->used)
            continue;
        cell_of(d, g)->used = true;
        room += in->class_first[c + 1] - in->class_first[c];
    }
    return room;
}

/* Make the lists of absent members; *entries: how many entries the forbidden lists can have. */
static enum err
make_cells(struct derive *d, struct sheet *sheet, size_t *entries)
{
    const struct match_instance *in = &d->out->instance;
    size_t cells = (size_t) in->classes * d->s->rules.week_count;
    enum err e;

    if (cells > STATIC_CELLS_MAX)
        return ERR_TOO_LARGE;
    d->absent = arena_array(d->a, cells, sizeof *d->absent);
    if (!d->absent)
        return ERR_MEMORY;
    e = make_sheet(d->a, mark_cells(d), sheet);
    for (uint32_t g = 0; e == OK && g < in->groups; g++) {
        uint32_t t = d->out->groups[g].target;
        const struct staff_week *w = &d->s->rules.weeks[d->targets[t].batch - 1];
        struct absent *cell = cell_of(d, g);

        if (!cell->made && !make_absent(d, in->class_of[g], w, cell, sheet))
            e = ERR_INTERNAL;
        *entries += cell->count + d->recusal_first[t + 1] - d->recusal_first[t];
    }
    return e;
}

static enum err
fill_forbidden(struct derive *d)
{
    struct match_instance *in = &d->out->instance;
    struct sheet absent, out;
    size_t entries = 0;
    enum err e = make_cells(d, &absent, &entries);

    if (e == OK && entries > MATCH_ENTRIES_MAX)
        e = ERR_TOO_LARGE;
    if (e == OK)
        e = make_sheet(d->a, entries, &out);
    if (e != OK)
        return e;
    for (uint32_t g = 0; g < in->groups; g++) {
        if (!fill_group(d, g, cell_of(d, g), &absent, &out))
            return ERR_INTERNAL;
        in->forbidden_first[g + 1] = (uint32_t) out.count;
    }
    in->forbidden_ids = out.ids;
    d->out->reasons = out.reasons;
    return OK;
}

/* --- all --- */

static enum err
add_inspectors(struct derive *d)
{
    struct match_instance *in = &d->out->instance;
    unsigned char *lead = arena_array(d->a, d->s->inspector_count, 1);

    in->inspectors = (uint32_t) d->s->inspector_count;
    in->base = arena_array(d->a, in->inspectors, sizeof *in->base);
    in->cap = arena_array(d->a, in->inspectors, sizeof *in->cap);
    if (!lead || !in->base || !in->cap)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < in->inspectors; i++) {
        in->cap[i] = d->s->inspectors[i].cap + (d->change->raise != NULL && d->change->raise[i] ? 1 : 0);
        lead[i] = d->s->inspectors[i].lead;
    }
    in->lead = lead;
    return OK;
}

enum err
staff_derive(struct arena *a, const struct staff *s, const struct staff_target *targets, size_t target_count,
             const struct staff_change *change, struct staff_derived *out, size_t *bad_target)
{
    static const struct staff_change none = {0};
    struct derive d = {.a = a,
                       .s = s,
                       .targets = targets,
                       .target_count = target_count,
                       .change = change != NULL ? change : &none,
                       .out = out};
    enum err e;

    *out = (struct staff_derived){0};
    *bad_target = 0;
    if (target_count > STAFF_TARGETS_MAX)
        return ERR_TOO_LARGE;
    e = add_inspectors(&d);
    if (e == OK)
        e = sort_targets(&d, bad_target);
    if (e == OK)
        e = add_groups(&d, bad_target);
    if (e == OK)
        e = number_classes(&d);
    if (e == OK)
        e = deal_departments(&d);
    if (e == OK)
        e = fill_classes(&d);
    if (e == OK)
        e = deal_recusals(&d);
    if (e == OK)
        e = fill_forbidden(&d);
    return e;
}
