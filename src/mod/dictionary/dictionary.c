/* mod/dictionary/dictionary.c - proposals, differences, effects */
#include "mod/dictionary/dictionary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "data/data.h"
#include "mod/dictionary/dictionary_int.h"
#include "mod/journal/journal.h"
#include "mod/json.h"

static enum err
note(struct ctx *c, const char *act, const struct dictionary_kind *k, int64_t version, struct str content)
{
    char subject[64], detail[128] = "{\"sha256\":\"";
    unsigned char digest[HASH_LEN];
    int n = snprintf(subject, sizeof subject, "dictionary/%s/%lld", k->id, (long long) version);
    size_t at = strlen(detail);

    if (content.n == 0)
        return journal_add(c, &(struct journal_act){str_of(act), {subject, (size_t) n}, {NULL, 0}});
    hash_of(HASH_SHA256, content.p, content.n, digest);
    hex_encode(digest, HASH_LEN, detail + at);
    memcpy(detail + at + HASH_HEX_LEN, "\"}", 3);
    return journal_add(c, &(struct journal_act){str_of(act), {subject, (size_t) n}, str_of(detail)});
}

enum err
dictionary_rows(struct str content, json_t **rows)
{
    *rows = json_loadb(content.p, content.n, 0, NULL);
    return *rows == NULL ? ERR_INTERNAL : OK;
}

static enum err
content_of(struct ctx *c, const json_t *rows, struct str *out)
{
    char *text = json_dumps(rows, JSON_COMPACT);

    if (text == NULL)
        return ERR_MEMORY;
    *out = str_copy(c->arena, str_of(text));
    free(text);
    return out->p == NULL ? ERR_MEMORY : OK;
}

/* --- proposals ------------------------------------------------------------------------------------------------------ */

static enum err
check_new(struct ctx *c, const struct dictionary_kind *k, int64_t in_force, struct str content)
{
    struct dictionary_get_row now;
    enum err e;

    if (in_force == 0)
        return OK;
    e = dictionary_get(c->db, c->arena, &(struct dictionary_get_in){str_of(k->id), in_force}, &now);
    if (e == OK && str_eq(now.content, content))
        return ctx_refuse(c, ERR_STATE, "version %lld already says so", (long long) in_force);
    return e;
}

static enum err
propose(struct ctx *c, const struct dictionary_kind *k, const json_t *rows, int64_t *version)
{
    struct dictionary_in_force_row now;
    struct dictionary_newest_row newest;
    struct str content;
    enum err e = content_of(c, rows, &content);

    if (e == OK)
        e = dictionary_in_force(c->db, c->arena, &(struct dictionary_in_force_in){str_of(k->id)}, &now);
    if (e == OK)
        e = dictionary_newest(c->db, c->arena, &(struct dictionary_newest_in){str_of(k->id)}, &newest);
    if (e == OK)
        e = check_new(c, k, now.version, content);
    if (e != OK)
        return e;
    *version = newest.version + 1;
    e = dictionary_put(c->db, &(struct dictionary_put_in){str_of(k->id), *version, now.version, content,
                                                          (int64_t) json_array_size(rows), c->actor, c->now_us});
    return e == OK ? note(c, "dictionary.propose", k, *version, content) : e;
}

enum err
dictionary_propose(struct ctx *c, const struct dictionary_kind *k, const json_t *rows, int64_t *version)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, propose(c, k, rows, version)) : e;
}

/* --- decisions ------------------------------------------------------------------------------------------------------ */

static enum err
check_reason(struct ctx *c, struct str reason)
{
    if (reason.n == 0 || reason.n > DICTIONARY_REASON_MAX || !utf8_valid(reason))
        return ctx_refuse(c, ERR_MISSING, "a reason of 1 to %d bytes", DICTIONARY_REASON_MAX);
    return OK;
}

static enum err
decide(struct ctx *c, const struct dictionary_kind *k, int64_t version, const char *state, struct str reason)
{
    enum err e = dictionary_decide(c->db, &(struct dictionary_decide_in){str_of(k->id), version, str_of(state), reason,
                                                                         c->actor, c->now_us});

    return e == ERR_STATE ? ctx_refuse(c, e, "version %lld is no proposal", (long long) version) : e;
}

static enum err
effect(struct ctx *c, const struct dictionary_kind *k, int64_t version, struct str reason, uint64_t *redated)
{
    struct dictionary_get_row next;
    struct dictionary_in_force_row now;
    json_t *rows = NULL;
    enum err e = dictionary_get(c->db, c->arena, &(struct dictionary_get_in){str_of(k->id), version}, &next);

    if (e == OK)
        e = dictionary_in_force(c->db, c->arena, &(struct dictionary_in_force_in){str_of(k->id)}, &now);
    if (e == OK)
        e = decide(c, k, version, "effective", reason);
    if (e == OK && now.version != next.base)
        e = ctx_refuse(c, ERR_CONFLICT, "version %lld took effect meanwhile", (long long) now.version);
    if (e == OK)
        e = dictionary_supersede(c->db, &(struct dictionary_supersede_in){str_of(k->id), version});
    if (e == OK)
        e = dictionary_rows(next.content, &rows);
    if (e == OK)
        e = dictionary_apply(c, k, rows, redated);
    json_decref(rows);
    return e == OK ? note(c, "dictionary.effect", k, version, next.content) : e;
}

enum err
dictionary_effect(struct ctx *c, const struct dictionary_kind *k, int64_t version, struct str reason, uint64_t *redated)
{
    enum err e = check_reason(c, reason);

    *redated = 0;
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, effect(c, k, version, reason, redated)) : e;
}

static enum err
withdraw(struct ctx *c, const struct dictionary_kind *k, int64_t version, struct str reason)
{
    enum err e = decide(c, k, version, "withdrawn", reason);

    return e == OK ? note(c, "dictionary.withdraw", k, version, (struct str){NULL, 0}) : e;
}

enum err
dictionary_withdraw(struct ctx *c, const struct dictionary_kind *k, int64_t version, struct str reason)
{
    enum err e = check_reason(c, reason);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, withdraw(c, k, version, reason)) : e;
}

/* --- the tables that ship --------------------------------------------------------------------------------------------- */

static enum err
start(struct ctx *c, const struct dictionary_kind *k)
{
    char file[64];
    int n = snprintf(file, sizeof file, "%s.csv", k->id);
    struct dictionary_problems *problems = arena_alloc(c->arena, sizeof *problems);
    json_t *rows = NULL;
    int64_t version;
    enum err e = problems == NULL ? ERR_MEMORY : OK;

    if (e == OK)
        e = dictionary_read_text(c, k, data_find((struct str){file, (size_t) n}), &rows, problems);
    if (e == OK)
        e = propose(c, k, rows, &version);
    if (e == OK)
        e = decide(c, k, version, "effective", STR("init"));
    if (e == OK)
        e = dictionary_apply_first(c, k, rows);
    json_decref(rows);
    return e;
}

enum err
dictionary_start(struct ctx *c)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < dictionary_kind_count; i++)
        e = start(c, &dictionary_kinds[i]);
    return e;
}

/* --- differences ------------------------------------------------------------------------------------------------------ */

static const char *
key_of(const json_t *row)
{
    return json_string_value(json_array_get(row, 0));
}

/* Rows by key; the values are borrowed from rows. */
static json_t *
index_of(const json_t *rows)
{
    json_t *index = json_object(), *row;
    size_t i;

    json_array_foreach(rows, i, row) json_object_set(index, key_of(row), row);
    return index;
}

static void
put_difference(json_t *out, size_t max, const char *kind, json_t *before, json_t *after)
{
    if (json_array_size(out) < max)
        json_array_append_new(out, json_pack("{s:s, s:s, s:O?, s:O?}", "key", key_of(after != NULL ? after : before), "kind",
                                             kind, "before", before, "after", after));
}

enum err
dictionary_diff(const json_t *before, const json_t *after, size_t max, json_t **out, struct dictionary_counts *counts)
{
    json_t *old = index_of(before), *new = index_of(after), *row;
    size_t i;

    *out = json_array();
    *counts = (struct dictionary_counts){0};
    json_array_foreach(after, i, row)
    {
        json_t *was = json_object_get(old, key_of(row));

        if (was == NULL)
            counts->added++;
        else if (json_equal(was, row))
            counts->unchanged++;
        else
            counts->changed++;
        if (was == NULL || !json_equal(was, row))
            put_difference(*out, max, was == NULL ? "added" : "changed", was, row);
    }
    json_array_foreach(before, i, row) if (json_object_get(new, key_of(row)) == NULL)
    {
        counts->removed++;
        put_difference(*out, max, "removed", row, NULL);
    }
    json_decref(old);
    json_decref(new);
    return *out == NULL ? ERR_MEMORY : OK;
}
