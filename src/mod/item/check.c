/* mod/item/check.c - is an item well-formed, and its one canonical form (regulation 二(二): 依据、主体、内容和方式) */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/item/item_int.h"
#include "mod/json.h"
#include "mod/org/org.h"
#include "mod/words.h"

enum { LIST_MAX = 64, WORD_MAX = 200, POINTER_BYTES = 64 };

static const struct str NONE;

void
item_fault(struct item_checking *k, enum err e, const char *format, ...)
{
    char pointer[POINTER_BYTES];
    va_list args;

    va_start(args, format);
    vsnprintf(pointer, sizeof pointer, format, args);
    va_end(args);
    if (k->e == OK)
        k->e = ctx_refuse(k->c, e, "%s", pointer);
    if (k->wrong != NULL)
        k->wrong(k->wrong_ctx, pointer, e);
}

static bool
has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char) s.p[i] < 0x20 && s.p[i] != '\n')
            return true;
    return false;
}

void
item_text_check(struct item_checking *k, const char *name, struct str s, size_t max_bytes, bool required)
{
    if (s.n == 0 && required)
        item_fault(k, ERR_MISSING, "%s", name);
    else if (s.n > max_bytes)
        item_fault(k, ERR_LENGTH, "%s", name);
    else if (has_control(s))
        item_fault(k, ERR_CHARSET, "%s", name);
}

static json_t *
load(struct item_checking *k, const char *name, struct str list)
{
    json_t *v = list.n == 0 ? json_array() : json_loadb(list.p, list.n, 0, NULL);

    if (json_is_array(v) && json_array_size(v) <= LIST_MAX)
        return v;
    item_fault(k, json_is_array(v) ? ERR_TOO_LARGE : ERR_INPUT, "%s", name);
    json_decref(v);
    return json_array();
}

static void
store(struct item_checking *k, json_t *v, struct str *out)
{
    char *text = json_array_size(v) == 0 ? NULL : json_dumps(v, JSON_COMPACT);

    *out = text == NULL ? NONE : str_copy(k->c->arena, str_of(text));
    free(text);
    json_decref(v);
}

static struct str
value_of(const json_t *v)
{
    return json_is_string(v) && json_string_length(v) > 0
               ? str_trim((struct str){json_string_value(v), json_string_length(v)})
               : NONE;
}

/* Put the text where it belongs among those already there; false when it is one of them. */
static bool
insert(json_t *sorted, struct str s, bool in_order)
{
    size_t at = json_array_size(sorted);

    for (size_t i = 0; i < json_array_size(sorted); i++) {
        int way = str_cmp(s, value_of(json_array_get(sorted, i)));

        if (way == 0)
            return false;
        if (!in_order && way < 0 && i < at)
            at = i;
    }
    json_array_insert_new(sorted, at, json_stringn(s.p, s.n));
    return true;
}

void
item_texts_check(struct item_checking *k, const char *name, struct str *list, struct str (*id_of)(struct str),
                 bool in_order)
{
    json_t *v = load(k, name, *list), *out = json_array();

    for (size_t i = 0; i < json_array_size(v); i++) {
        struct str s = value_of(json_array_get(v, i)), id = id_of == NULL || s.n == 0 ? s : id_of(s);

        if (id.n == 0 || id.n > WORD_MAX || has_control(id))
            item_fault(k, id.n > WORD_MAX ? ERR_LENGTH : ERR_INPUT, "%s/%zu", name, i);
        else
            (void) insert(out, id, in_order);
    }
    json_decref(v);
    store(k, out, list);
}

void
item_partners_check(struct item_checking *k, struct str lead, struct str *partners)
{
    struct texts t = {0};
    unsigned bit;

    item_texts_check(k, "partners", partners, NULL, false);
    if (partners->n == 0 || json_texts_of(k->c, *partners, LIST_MAX, WORD_MAX, &t) != OK)
        return;
    for (size_t i = 0; i < t.count; i++)
        if (str_eq(t.v[i], lead) || org_bit(k->c, t.v[i], &bit) != OK)
            item_fault(k, str_eq(t.v[i], lead) ? ERR_DUPLICATE : ERR_NOT_FOUND, "partners/%zu", i);
}

/* One text of an object of a list, into its canonical object. */
static void
take(struct item_checking *k, const char *list, size_t i, const json_t *from, const char *name, bool required, json_t *to)
{
    char pointer[POINTER_BYTES];
    struct str s = value_of(json_object_get(from, name));

    snprintf(pointer, sizeof pointer, "%s/%zu/%s", list, i, name);
    item_text_check(k, pointer, s, ITEM_POINT_MAX, required);
    if (s.n > 0)
        json_object_set_new(to, name, json_stringn(s.p, s.n));
}

static void
check_points(struct item_checking *k, struct str *points)
{
    json_t *v = load(k, "points", *points), *out = json_array();

    for (size_t i = 0; i < json_array_size(v); i++) {
        const json_t *from = json_array_get(v, i);
        json_t *to = json_object();

        take(k, "points", i, from, "content", true, to);
        take(k, "points", i, from, "how", false, to);
        json_array_append_new(out, to);
    }
    json_decref(v);
    store(k, out, points);
}

static bool
take_day(struct item_checking *k, size_t i, const json_t *from, const char *name, json_t *to, int64_t *day)
{
    struct str s = value_of(json_object_get(from, name));

    if (s.n == 0)
        return false;
    if (day_parse(s, day) != OK) {
        item_fault(k, ERR_DATE, "legal_basis/%zu/%s", i, name);
        return false;
    }
    json_object_set_new(to, name, json_stringn(s.p, s.n));
    return true;
}

void
item_basis_split(struct str words, struct str *law, struct str *article)
{
    static const struct str END = {"》", 3}, NUMBER = {"第", 3};

    *law = str_trim(words);
    *article = NONE;
    for (size_t i = 0; i + END.n < law->n; i++) {
        struct str rest = {law->p + i + END.n, law->n - i - END.n};

        if (!str_starts((struct str){law->p + i, law->n - i}, END) || !str_starts(str_trim(rest), NUMBER))
            continue;
        *article = str_trim(rest);
        law->n = i + END.n;
        return;
    }
}

/* {law, article, text, from, to}; "《…法》第三条" in one field is told apart. */
static json_t *
check_law(struct item_checking *k, size_t i, const json_t *from)
{
    struct str law, article, said = value_of(json_object_get(from, "article"));
    json_t *to = json_object();
    int64_t first = 0, last = 0;
    bool has_first, has_last;

    take(k, "legal_basis", i, from, "law", true, to);
    take(k, "legal_basis", i, from, "article", false, to);
    item_basis_split(value_of(json_object_get(from, "law")), &law, &article);
    if (said.n == 0 && article.n > 0) {
        json_object_set_new(to, "law", json_stringn(law.p, law.n));
        json_object_set_new(to, "article", json_stringn(article.p, article.n));
    }
    take(k, "legal_basis", i, from, "text", false, to);
    has_first = take_day(k, i, from, "from", to, &first);
    has_last = take_day(k, i, from, "to", to, &last);
    if (has_first && has_last && last < first)
        item_fault(k, ERR_ORDER, "legal_basis/%zu/to", i);
    return to;
}

static void
check_basis(struct item_checking *k, struct str *basis)
{
    json_t *v = load(k, "legal_basis", *basis), *out = json_array();

    for (size_t i = 0; i < json_array_size(v); i++)
        json_array_append_new(out, check_law(k, i, json_array_get(v, i)));
    json_decref(v);
    store(k, out, basis);
}

enum err
item_check(struct ctx *c, struct item_put_in *say, item_wrong wrong, void *wrong_ctx)
{
    struct item_checking k = {c, wrong, wrong_ctx, OK};
    bool key = str_eq(say->class, STR("KEY"));

    item_text_check(&k, "domain", say->domain, ITEM_NAME_MAX, true);
    item_text_check(&k, "name", say->name, ITEM_NAME_MAX, true);
    item_text_check(&k, "target_scope", say->target_scope, ITEM_TEXT_MAX, false);
    item_text_check(&k, "frequency", say->frequency, ITEM_NAME_MAX, false);
    item_text_check(&k, "reason", say->reason, ITEM_TEXT_MAX, false);
    if (!key && !str_eq(say->class, STR("GENERAL")))
        item_fault(&k, ERR_INPUT, "class");
    if (say->cap_bp.set && (key || say->cap_bp.v < 1 || say->cap_bp.v > 10000))
        item_fault(&k, key ? ERR_INPUT : ERR_RANGE, "cap_bp");
    if (say->valid_from_day.set && say->valid_to_day.set && say->valid_to_day.v < say->valid_from_day.v)
        item_fault(&k, ERR_ORDER, "valid_to");
    item_partners_check(&k, say->department, &say->partners);
    item_texts_check(&k, "levels", &say->levels, item_level, false);
    item_texts_check(&k, "methods", &say->methods, item_method, false);
    item_texts_check(&k, "skills", &say->skills, NULL, false);
    item_texts_check(&k, "target_tags", &say->target_tags, NULL, false);
    check_points(&k, &say->points);
    check_basis(&k, &say->legal_basis);
    return k.e;
}

bool
item_lacks(const struct item_latest_row *r, item_wrong wrong, void *wrong_ctx)
{
    const struct {
        const char *name;
        bool lacks;
    } NEEDED[] = {
        {"target_scope", r->target_scope.n == 0 && r->target_tags.n == 0},
        {"points", r->points.n == 0},
        {"methods", r->methods.n == 0},
        {"legal_basis", r->legal_basis.n == 0},
        {"cap_bp", str_eq(r->class, STR("GENERAL")) && !r->cap_bp.set},
    };
    bool lacks = false;

    for (size_t i = 0; i < sizeof NEEDED / sizeof *NEEDED; i++)
        if (NEEDED[i].lacks) {
            lacks = true;
            if (wrong != NULL)
                wrong(wrong_ctx, NEEDED[i].name, ERR_MISSING);
        }
    return lacks;
}

/* basis again
 * ---------------------------------------------------------------------------------------------------------------------- */

static bool
same_text(const json_t *a, const json_t *b, const char *name)
{
    return str_eq(value_of(json_object_get(a, name)), value_of(json_object_get(b, name)));
}

static bool
same_heads(const json_t *said, const json_t *old)
{
    if (json_array_size(said) != json_array_size(old))
        return false;
    for (size_t i = 0; i < json_array_size(said); i++) {
        const json_t *a = json_array_get(said, i), *b = json_array_get(old, i);

        if (!same_text(a, b, "law") || !same_text(a, b, "article") || json_object_get(a, "text") != NULL ||
            json_object_get(a, "from") != NULL || json_object_get(a, "to") != NULL)
            return false;
    }
    return true;
}

struct str
item_basis_kept(struct str said, struct str old)
{
    json_t *a = said.n == 0 ? NULL : json_loadb(said.p, said.n, 0, NULL);
    json_t *b = old.n == 0 ? NULL : json_loadb(old.p, old.n, 0, NULL);
    bool keep = a != NULL && b != NULL && same_heads(a, b);

    json_decref(a);
    json_decref(b);
    return keep ? old : said;
}
