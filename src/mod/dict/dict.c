/* mod/dict/dict.c */
#include "mod/dict/dict.h"

#include <string.h>

static enum err
check_name(struct ctx *c, struct str name)
{
    if (name.n == 0 || name.n > DICT_NAME_MAX)
        return ctx_refuse(c, ERR_LENGTH, "a name has 1 to %d bytes", DICT_NAME_MAX);
    return utf8_valid(name) ? OK : ERR_ENCODING;
}

static bool
digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

enum err
dict_add_region(struct ctx *c, struct str code, struct str name, struct str parent)
{
    enum err e = check_name(c, name);

    if (e != OK)
        return e;
    if (code.n < 2 || code.n > DICT_CODE_MAX)
        return ctx_refuse(c, ERR_LENGTH, "a region code has 2 to %d digits", DICT_CODE_MAX);
    if (!digits(code) || !digits(parent) || parent.n > DICT_CODE_MAX)
        return ctx_refuse(c, ERR_CHARSET, "a region code has 2 to %d digits", DICT_CODE_MAX);
    return dict_region_put(c->db, &(struct dict_region_put_in){code, name, parent});
}

enum err
dict_add_industry(struct ctx *c, struct str code, struct str name)
{
    enum err e = check_name(c, name);

    if (e != OK)
        return e;
    if (code.n < 1 || code.n > 5)
        return ctx_refuse(c, ERR_LENGTH, "an industry code has 1 to 5 characters");
    if (code.p[0] < 'A' || code.p[0] > 'T' || !digits((struct str){code.p + 1, code.n - 1}))
        return ctx_refuse(c, ERR_CHARSET, "an industry code is a letter A to T and up to 4 digits");
    return dict_industry_put(c->db, &(struct dict_industry_put_in){code, name});
}

enum err
dict_word_allowed(struct ctx *c, struct str dict, struct str code, bool shipped, bool *allowed)
{
    struct dict_word_get_row word;
    enum err e = dict_word_get(c->db, c->arena, &(struct dict_word_get_in){dict, code}, &word);

    *allowed = e == OK ? word.retired == 0 : shipped;
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err
dict_load_regions(struct ctx *c, struct dict *out)
{
    struct dict_region_list_row *rows = NULL;
    enum err e = dict_region_list(c->db, c->arena, &rows, &out->count);

    if (e == OK && (out->entries = arena_array(c->arena, out->count + 1, sizeof *out->entries)) == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < out->count; i++)
        out->entries[i] = (struct dict_entry){rows[i].code, rows[i].name, rows[i].parent};
    return e;
}

enum err
dict_load_industries(struct ctx *c, struct dict *out)
{
    struct dict_industry_list_row *rows = NULL;
    enum err e = dict_industry_list(c->db, c->arena, &rows, &out->count);

    if (e == OK && (out->entries = arena_array(c->arena, out->count + 1, sizeof *out->entries)) == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < out->count; i++)
        out->entries[i] = (struct dict_entry){rows[i].code, rows[i].name, {NULL, 0}};
    return e;
}

const struct dict_entry *
dict_find(const struct dict *d, struct str code)
{
    size_t low = 0, high = d->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(d->entries[middle].code, code);

        if (order == 0)
            return &d->entries[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Equal, or equal but for one ending of the kind of region. */
static bool
same_region_name(struct str entry, struct str name)
{
    static const struct str ENDS[] = {{"市", 3}, {"县", 3}, {"区", 3}, {"省", 3}};

    if (str_eq(entry, name))
        return true;
    if (!str_starts(entry, name) || name.n < 6) /* two characters at least: 新 is not 新县 */
        return false;
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++)
        if (entry.n == name.n + 3 && memcmp(entry.p + name.n, ENDS[i].p, 3) == 0)
            return true;
    return false;
}

/* The level of a region: 1 province, 2 city, 3 county, 4 below. */
static int
level(struct str code)
{
    if (code.n != 6)
        return 4;
    return memcmp(code.p + 2, "0000", 4) == 0 ? 1 : memcmp(code.p + 4, "00", 2) == 0 ? 2 : 3;
}

const struct dict_entry *
dict_find_name(const struct dict *d, struct str name, bool *ambiguous)
{
    const struct dict_entry *found = NULL;

    *ambiguous = false;
    for (size_t i = 0; i < d->count; i++) {
        const struct dict_entry *e = &d->entries[i];

        if (!same_region_name(e->name, name) || (found != NULL && level(e->code) > level(found->code)))
            continue;
        *ambiguous = found != NULL && level(e->code) == level(found->code);
        found = e;
    }
    return *ambiguous ? NULL : found;
}

bool
dict_inside(const struct dict *d, struct str code, struct str of)
{
    enum { DEPTH_MAX = 8 };

    for (int i = 0; i < DEPTH_MAX && code.n > 0; i++) {
        const struct dict_entry *e = dict_find(d, code);

        if (str_eq(code, of))
            return true;
        if (e == NULL)
            return false;
        code = e->parent;
    }
    return false;
}
