/* mod/target/target_unite.c - two records of one target become one (regulation 二(三): kept current) */
#include <stdlib.h>

#include "core/calendar.h"
#include "mod/json.h"
#include "mod/target/target_int.h"

/* ["…","…"] of both and the name of the duplicate, each once, without the name that is kept. */
static enum err
names_of_both(struct ctx *c, const struct target_page_row *keep, const struct target_page_row *drop, struct str *out)
{
    json_t *all = keep->former_names.n == 0 ? json_array() : json_loadb(keep->former_names.p, keep->former_names.n, 0, NULL);
    json_t *theirs = drop->former_names.n == 0 ? json_array() : json_loadb(drop->former_names.p, drop->former_names.n, 0, NULL);
    const json_t *one, *two;
    size_t i, k;
    char *text;

    json_array_append_new(theirs, json_stringn(drop->name.p, drop->name.n));
    json_array_foreach(theirs, i, one)
    {
        bool known = str_eq(str_of(json_string_value(one)), keep->name);

        json_array_foreach(all, k, two) known = known || json_equal(one, two);
        if (!known)
            json_array_append(all, (json_t *) (uintptr_t) one);
    }
    text = json_array_size(all) == 0 ? NULL : json_dumps(all, JSON_COMPACT);
    *out = text == NULL ? (struct str){NULL, 0} : str_copy(c->arena, str_of(text));
    free(text);
    json_decref(theirs);
    json_decref(all);
    return text != NULL && out->p == NULL ? ERR_MEMORY : OK;
}

/* What only the duplicate knows. */
static struct str
either(struct str kept, struct str other)
{
    return kept.n > 0 ? kept : other;
}

static struct target_insert_in
what_is_missing(const struct target_page_row *keep, const struct target_page_row *drop)
{
    return (struct target_insert_in){
        .holder = either(keep->holder, drop->holder),
        .entity_type = either(keep->entity_type, drop->entity_type),
        .legal_rep = either(keep->legal_rep, drop->legal_rep),
        .address = either(keep->address, drop->address),
        .business_address = either(keep->business_address, drop->business_address),
        .contact = either(keep->contact, drop->contact),
        .industry = either(keep->industry, drop->industry),
        .authority = either(keep->authority, drop->authority),
        .station = either(keep->station, drop->station),
        .capital = either(keep->capital, drop->capital),
        .established_day = keep->established_day.set ? keep->established_day : drop->established_day,
        .risk_class = either(keep->risk_class, drop->risk_class),
        .risk_as_of_day = keep->risk_class.n > 0 ? keep->risk_as_of_day : drop->risk_as_of_day,
        .licences = either(keep->licences, drop->licences),
    };
}

static int64_t
year_of(struct opt_i64 day)
{
    return day.set ? civil_from_day(day.v).year : -1;
}

/* The visits of both, counted in the year of the last one. */
static struct target_merge_visits_in
visits_of_both(const struct target_page_row *a, const struct target_page_row *b)
{
    const struct target_page_row *last = year_of(b->last_visit_day) > year_of(a->last_visit_day) ? b : a;
    struct opt_i64 day = a->last_visit_day;
    int64_t visits = last->visits_year;

    if (year_of(a->last_visit_day) == year_of(b->last_visit_day))
        visits = a->visits_year + b->visits_year;
    if (!day.set || (b->last_visit_day.set && b->last_visit_day.v > day.v))
        day = b->last_visit_day;
    return (struct target_merge_visits_in){a->code, day, visits};
}

enum err
target_unite(struct ctx *c, const struct target_page_row *keep, const struct target_page_row *drop)
{
    struct target_insert_in say = what_is_missing(keep, drop);
    const struct target_merge_visits_in visits = visits_of_both(keep, drop);
    const struct str none = {NULL, 0};
    struct target_update_in to;
    struct str others;
    bool changed;
    enum err e;

    say.updated_us = c->now_us;
    if ((e = target_merge(c->arena, keep, &say, &to, &changed)) != OK)
        return e;
    to.source = keep->source;
    e = names_of_both(c, keep, drop, &to.former_names);
    if (e == OK)
        e = target_merge_lines(c, keep->tags, drop->tags, none, &to.tags);
    if (e == OK)
        e = target_merge_lines(c, keep->departments, drop->departments, none, &to.departments);
    if (e == OK) /* those of the duplicate alone go on as departments that took it on */
        e = target_merge_lines(c, none, drop->departments, keep->departments, &others);
    if (e == OK && keep->departments.n > 0)
        e = target_merge_lines(c, keep->claimed, others, none, &to.claimed);
    if (e == OK)
        e = target_settle(c->arena, keep, &to);
    if (e == OK)
        e = target_change(c, keep, &to, STR("target.merge"));
    if (e == OK)
        e = target_merge_visits(c->db, &visits);
    if (e == OK)
        e = target_merge_away(c->db, &(struct target_merge_away_in){drop->code, drop->row_version, keep->code, c->now_us});
    return e == OK ? target_merge_again(c->db, &(struct target_merge_again_in){drop->code, keep->code}) : e;
}
