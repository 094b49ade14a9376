/* http/api_person.c - what inspectors, experts and teams share */
#include "api_person.h"

#include "core/entry.h"
#include "mod/journal_sql.h"
#include "mod/json.h"

enum { DAYS_MAX = 3660, CHANGES_MAX = 1000 };

enum err
api_wrong_field(struct api *q, const char *field, enum err e)
{
    return field == NULL ? e : api_wrong(q, field, e, q->ctx->why);
}

enum err
api_query_days(struct api *q, const char *name, struct opt_i64 *out)
{
    struct str said = api_query(q, name);
    uint64_t days = 0;

    if (said.n > 0 && str_u64(said, DAYS_MAX, &days) != OK)
        return ctx_refuse(q->ctx, ERR_RANGE, "%s: 0 to %d", name, DAYS_MAX);
    *out = (struct opt_i64){said.n > 0, (int64_t) days};
    return OK;
}

struct str
api_quoted(struct api *q, struct str s)
{
    struct buf b;

    if (s.n == 0 || buf_in(q->ctx, 6 * s.n + 3, &b) != OK)
        return NO_STR;
    json_put_text(&b, s);
    return buf_view(&b);
}

struct person_say
api_private(const struct api *q)
{
    return (struct person_say){api_has(q, "phone"), api_has(q, "id_no"), api_text(q, "phone"), api_text(q, "id_no")};
}

static json_t *
shown(const char *mask)
{
    return *mask == '\0' ? json_null() : json_string(mask);
}

void
api_give_masked(struct api *q, const struct person_masked *masked)
{
    json_object_set_new(q->out, "phone_masked", shown(masked->phone));
    json_object_set_new(q->out, "id_no_masked", shown(masked->id_no));
}

/* Who acted: the login and name of an account, else as the journal has it. */
static json_t *
actor_json(struct api *q, struct str actor)
{
    struct account_by_id_row a;
    uint64_t id;
    struct str head, digits;

    if (!str_split(actor, ':', &head, &digits) || !str_eq(head, STR("user")) || str_u64(digits, INT64_MAX, &id) != OK ||
        account_by_id(q->ctx->db, q->ctx->arena, &(struct account_by_id_in){(int64_t) id}, &a) != OK)
        return api_str(actor);
    return json_sprintf("%.*s (%.*s)", (int) a.name.n, a.name.p, (int) a.login.n, a.login.p);
}

static json_t *
change_json(struct api *q, const struct journal_list_subject_row *r)
{
    struct entry entry;
    json_t *detail = NULL;

    if (entry_parse(r->entry, &entry) == OK && entry.detail.n > 0)
        detail = json_loadb(entry.detail.p, entry.detail.n, 0, NULL);
    return json_pack("{s:o, s:o, s:o, s:o}", "time", api_time(OPT(r->time_us)), "act", api_str(r->act), "actor",
                     actor_json(q, r->actor), "detail", detail == NULL ? json_null() : detail);
}

enum err
api_give_changes(struct api *q, struct str acts, json_t *list)
{
    struct journal_list_subject_row *r;
    size_t n;
    enum err e = journal_list_subject(q->ctx->db, q->ctx->arena,
                                      &(struct journal_list_subject_in){q->params[0], 0, CHANGES_MAX}, &r, &n);

    for (size_t i = n; e == OK && i-- > 0;)
        if (str_starts(r[i].act, acts))
            json_array_append_new(list, change_json(q, &r[i]));
    return e;
}
