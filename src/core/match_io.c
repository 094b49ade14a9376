/* core/match_io.c - the text form of an instance (spec 1) and of its owners (spec 4) */
#include "core/match_int.h"

#include <string.h>

enum { TOKEN_SHOWN_MAX = 32 };

struct reader {
    const char *p, *end;
    size_t line;
    uint32_t *list; /* all lists, one after the other */
    uint32_t list_count;
    struct match_fault *fault;
};

static bool
blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void
skip_blank(struct reader *r)
{
    for (; r->p < r->end && blank(*r->p); r->p++)
        r->line += *r->p == '\n';
}

/* Refuse the token that starts at p. */
static enum err
refuse(struct reader *r, const char *p, enum err e, const char *what)
{
    size_t n = 0;

    while (p + n < r->end && !blank(p[n]) && n < TOKEN_SHOWN_MAX)
        n++;
    *r->fault = (struct match_fault){r->line, {p, n}, what};
    return e;
}

static enum err
number(struct reader *r, uint64_t max, const char *what, uint64_t *out)
{
    const char *start;
    uint64_t v = 0;

    skip_blank(r);
    start = r->p;
    if (start == r->end)
        return refuse(r, start, ERR_SYNTAX, what);
    for (; r->p < r->end && !blank(*r->p); r->p++) {
        if (*r->p < '0' || *r->p > '9')
            return refuse(r, start, ERR_SYNTAX, "not a decimal number");
        if (r->p == start + 1 && *start == '0')
            return refuse(r, start, ERR_SYNTAX, "a leading zero");
        v = v * 10 + (uint64_t) (*r->p - '0');
        if (v > max)
            return refuse(r, start, ERR_RANGE, "above the limit");
    }
    *out = v;
    return OK;
}

static enum err
number32(struct reader *r, uint32_t max, const char *what, uint32_t *out)
{
    uint64_t v = 0;
    enum err e = number(r, max, what, &v);

    *out = (uint32_t) v;
    return e;
}

/* A count, then that many inspectors, strictly ascending. */
static enum err
list(struct reader *r, uint32_t inspectors, const char *what)
{
    uint32_t n, before = 0;
    enum err e = number32(r, inspectors, what, &n);

    for (uint32_t k = 0; e == OK && k < n; k++) {
        uint32_t id = 0;

        e = number32(r, inspectors - 1, "a list ends too early", &id); /* n > 0, so inspectors > 0 */
        if (e == OK && k > 0 && id <= before) {
            const char *start = r->p;

            while (!blank(start[-1]))
                start--;
            return refuse(r, start, ERR_ORDER, "the list is not strictly ascending");
        }
        if (e == OK)
            r->list[r->list_count++] = before = id;
    }
    return e;
}

static enum err
read_inspectors(struct reader *r, struct arena *a, struct match_instance *in)
{
    enum err e = number32(r, MATCH_INSPECTORS_MAX, "the number of inspectors is missing", &in->inspectors);

    if (e != OK)
        return e;
    in->base = arena_array(a, in->inspectors, sizeof *in->base);
    in->cap = arena_array(a, in->inspectors, sizeof *in->cap);
    if (!in->base || !in->cap)
        return ERR_MEMORY;
    for (uint32_t i = 0; e == OK && i < in->inspectors; i++) {
        e = number32(r, MATCH_LEVEL_MAX, "a prior load is missing", &in->base[i]);
        if (e == OK)
            e = number32(r, MATCH_LEVEL_MAX, "a cap is missing", &in->cap[i]);
    }
    return e;
}

static enum err
read_classes(struct reader *r, struct arena *a, struct match_instance *in)
{
    enum err e = number32(r, MATCH_CLASSES_MAX, "the number of classes is missing", &in->classes);

    if (e != OK)
        return e;
    in->class_first = arena_array(a, (size_t) in->classes + 1, sizeof *in->class_first);
    if (!in->class_first)
        return ERR_MEMORY;
    for (uint32_t c = 0; e == OK && c < in->classes; c++) {
        e = list(r, in->inspectors, "the size of a class is missing");
        in->class_first[c + 1] = r->list_count;
    }
    return e;
}

static enum err
read_group(struct reader *r, struct match_instance *in, uint32_t g, uint64_t *places)
{
    enum err e = number(r, MATCH_TARGET_MAX, "the target of a group is missing", &in->target[g]);

    if (e == OK && in->classes == 0)
        e = refuse(r, r->p, ERR_RANGE, "a group without any class");
    if (e == OK)
        e = number32(r, in->classes - 1, "the class of a group is missing", &in->class_of[g]);
    if (e == OK)
        e = number32(r, MATCH_DEMAND_MAX, "the demand of a group is missing", &in->demand[g]);
    if (e == OK && (*places += in->demand[g]) > MATCH_PLACES_MAX)
        e = refuse(r, r->p, ERR_TOO_LARGE, "too many places");
    if (e == OK)
        e = list(r, in->inspectors, "the size of a forbidden list is missing");
    in->forbidden_first[g + 1] = r->list_count;
    return e;
}

static enum err
read_groups(struct reader *r, struct arena *a, struct match_instance *in)
{
    uint64_t places = 0;
    enum err e = number32(r, MATCH_GROUPS_MAX, "the number of groups is missing", &in->groups);

    if (e != OK)
        return e;
    in->target = arena_array(a, in->groups, sizeof *in->target);
    in->class_of = arena_array(a, in->groups, sizeof *in->class_of);
    in->demand = arena_array(a, in->groups, sizeof *in->demand);
    in->forbidden_first = arena_array(a, (size_t) in->groups + 1, sizeof *in->forbidden_first);
    if (!in->target || !in->class_of || !in->demand || !in->forbidden_first)
        return ERR_MEMORY;
    in->forbidden_first[0] = r->list_count;
    for (uint32_t g = 0; e == OK && g < in->groups; g++)
        e = read_group(r, in, g, &places);
    return e;
}

static size_t
count_numbers(struct str text)
{
    size_t n = 0;
    bool inside = false;

    for (size_t k = 0; k < text.n; k++) {
        n += !inside && !blank(text.p[k]);
        inside = !blank(text.p[k]);
    }
    return n;
}

/* Do two ascending lists share an element? */
static bool
lists_meet(const uint32_t *x, uint32_t nx, const uint32_t *y, uint32_t ny)
{
    uint32_t i = 0, j = 0;

    while (i < nx && j < ny && x[i] != y[j]) {
        if (x[i] < y[j])
            i++;
        else
            j++;
    }
    return i < nx && j < ny;
}

static bool
classes_meet(const struct match_instance *in, uint32_t c, uint32_t d)
{
    return lists_meet(in->class_ids + in->class_first[c], in->class_first[c + 1] - in->class_first[c],
                      in->class_ids + in->class_first[d], in->class_first[d + 1] - in->class_first[d]);
}

/* Groups of one target stand together and have disjoint classes. */
static enum err
targets_ok(struct arena *a, const struct match_instance *in, const char **what)
{
    size_t mark = arena_mark(a);
    uint32_t *apart =
        arena_array(a, in->classes, sizeof *apart); /* c: one class + 1 known to be apart from c */
    uint32_t run = 0;
    enum err e = apart ? OK : ERR_MEMORY;

    for (uint32_t g = 1; e == OK && g < in->groups; g++) {
        uint32_t c = in->class_of[g];

        if (in->target[g] != in->target[g - 1])
            run = g;
        if (in->target[g] < in->target[g - 1]) {
            *what = "the targets are not in ascending order";
            e = ERR_ORDER;
        }
        for (uint32_t h = run; e == OK && h < g; h++) {
            if (apart[c] == in->class_of[h] + 1)
                continue;
            if (classes_meet(in, c, in->class_of[h])) {
                *what = "two groups of one target share an inspector";
                e = ERR_ORDER;
            }
            apart[c] = in->class_of[h] + 1;
        }
    }
    arena_rewind(a, mark);
    return e;
}

enum err
match_parse(struct arena *a, struct str text, struct match_instance *out, struct match_fault *fault)
{
    struct match_instance in = {0};
    struct reader r = {text.p, text.p + text.n, 1, NULL, 0, fault};
    size_t numbers = count_numbers(text);
    enum err e;

    if (numbers > (size_t) MATCH_ENTRIES_MAX)
        return refuse(&r, r.p, ERR_TOO_LARGE, "too many numbers");
    r.list = arena_array(a, numbers, sizeof *r.list);
    if (!r.list)
        return ERR_MEMORY;
    in.class_ids = in.forbidden_ids = r.list;
    e = read_inspectors(&r, a, &in);
    if (e == OK)
        e = read_classes(&r, a, &in);
    if (e == OK)
        e = read_groups(&r, a, &in);
    if (e != OK)
        return e;
    skip_blank(&r);
    if (r.p < r.end)
        return refuse(&r, r.p, ERR_SYNTAX, "something follows the last group");
    e = targets_ok(a, &in, &fault->what);
    if (e != OK) {
        fault->line = r.line;
        fault->token = (struct str){r.p, 0};
        return e;
    }
    *out = in;
    return OK;
}

static enum err
lists_ok(const struct match_instance *in, const uint32_t *first, uint32_t count, const uint32_t *ids)
{
    for (uint32_t c = 0; c < count; c++)
        for (uint32_t k = first[c]; k < first[c + 1]; k++) {
            if (ids[k] >= in->inspectors)
                return ERR_RANGE;
            if (k > first[c] && ids[k] <= ids[k - 1])
                return ERR_ORDER;
        }
    return OK;
}

enum err
match_validate(struct arena *a, const struct match_instance *in)
{
    const char *what;
    uint64_t places = 0;
    enum err e;

    if (in->inspectors > MATCH_INSPECTORS_MAX || in->classes > MATCH_CLASSES_MAX ||
        in->groups > MATCH_GROUPS_MAX)
        return ERR_TOO_LARGE;
    for (uint32_t i = 0; i < in->inspectors; i++)
        if (in->base[i] > MATCH_LEVEL_MAX || in->cap[i] > MATCH_LEVEL_MAX)
            return ERR_RANGE;
    for (uint32_t g = 0; g < in->groups; g++) {
        if (in->target[g] > MATCH_TARGET_MAX || in->class_of[g] >= in->classes ||
            in->demand[g] > MATCH_DEMAND_MAX)
            return ERR_RANGE;
        places += in->demand[g];
    }
    if (places > MATCH_PLACES_MAX)
        return ERR_TOO_LARGE;
    e = lists_ok(in, in->class_first, in->classes, in->class_ids);
    if (e == OK)
        e = lists_ok(in, in->forbidden_first, in->groups, in->forbidden_ids);
    return e == OK ? targets_ok(a, in, &what) : e;
}

static void
write_list(struct buf *b, const uint32_t *ids, uint32_t n)
{
    buf_u64(b, n);
    for (uint32_t k = 0; k < n; k++) {
        buf_z(b, " ");
        buf_u64(b, ids[k]);
    }
    buf_z(b, "\n");
}

static void
write_pair(struct buf *b, uint64_t x, uint64_t y, const char *end)
{
    buf_u64(b, x);
    buf_z(b, " ");
    buf_u64(b, y);
    buf_z(b, end);
}

void
match_write(struct buf *b, const struct match_instance *in)
{
    buf_u64(b, in->inspectors);
    buf_z(b, "\n");
    for (uint32_t i = 0; i < in->inspectors; i++)
        write_pair(b, in->base[i], in->cap[i], "\n");
    buf_u64(b, in->classes);
    buf_z(b, "\n");
    for (uint32_t c = 0; c < in->classes; c++)
        write_list(b, in->class_ids + in->class_first[c], in->class_first[c + 1] - in->class_first[c]);
    buf_u64(b, in->groups);
    buf_z(b, "\n");
    for (uint32_t g = 0; g < in->groups; g++) {
        write_pair(b, in->target[g], in->class_of[g], " ");
        buf_u64(b, in->demand[g]);
        buf_z(b, " ");
        write_list(b, in->forbidden_ids + in->forbidden_first[g],
                   in->forbidden_first[g + 1] - in->forbidden_first[g]);
    }
}

void
match_write_owners(struct buf *b, const struct match_instance *in, const struct match_result *r)
{
    buf_z(b, "owners ");
    for (uint32_t g = 0; g < in->groups; g++) {
        if (g > 0)
            buf_z(b, ";");
        for (uint32_t k = r->team_first[g]; k < r->team_first[g + 1]; k++) {
            if (k > r->team_first[g])
                buf_z(b, " ");
            buf_u64(b, r->team[k]);
        }
    }
}

bool
match_forbidden(const struct match_instance *in, uint32_t g, uint32_t i)
{
    return match_holds(in->forbidden_ids + in->forbidden_first[g],
                       in->forbidden_first[g + 1] - in->forbidden_first[g], i);
}

bool
match_eligible(const struct match_instance *in, uint32_t g, uint32_t i)
{
    uint32_t c = in->class_of[g];

    return match_holds(in->class_ids + in->class_first[c], in->class_first[c + 1] - in->class_first[c], i) &&
           !match_forbidden(in, g, i);
}

void
match_seed(const unsigned char subkey[static 32], const unsigned char staff_digest[static 32],
           unsigned char out[static MATCH_SEED_LEN])
{
    struct hash h;

    hash_init(&h, HASH_SHA256);
    hash_text(&h, "mingqian-match/v1\n");
    hash_hex(&h, subkey, 32);
    hash_text(&h, "\n");
    hash_hex(&h, staff_digest, 32);
    hash_text(&h, "\n");
    hash_final(&h, out);
}
