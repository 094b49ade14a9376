/* mod/result/follow.c - what follows a result, and its recognition by others (regulation 二(六)) */
#include "mod/result/result_int.h"

static struct followup_origin
origin_of(const struct result_row *row)
{
    return (struct followup_origin){row->target, row->task, row->item, row->department, row->region, row->id};
}

static enum err
follow(struct ctx *c, const struct result_key *k, struct str measure, const struct followup_say *say, int64_t *id)
{
    struct result_row row;
    struct followup_origin o;
    enum result_state state;
    enum err e = result_find(c, k, &row, &state);

    if (e == OK && state != RESULT_APPROVED && state != RESULT_PUBLISHED && state != RESULT_WITHHELD)
        e = ctx_refuse(c, ERR_STATE, "a follow-up begins once the result is reviewed; this one is %s", row.state.p);
    if (e != OK)
        return e;
    o = origin_of(&row);
    return followup_start(c, &o, measure, say, id);
}

enum err
result_follow(struct ctx *c, const struct result_key *k, struct str measure, const struct followup_say *say, int64_t *id)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, follow(c, k, measure, say, id)) : e;
}

static enum err
offer(struct ctx *c, const struct result_key *k, const struct recognition_say *say, int64_t *id)
{
    struct result_row row;
    struct followup_origin o;
    enum result_state state;
    enum err e = result_find(c, k, &row, &state);

    if (e == OK && state != RESULT_PUBLISHED)
        e = ctx_refuse(c, ERR_STATE, "others rely on published results; this one is %s", row.state.p);
    if (e != OK)
        return e;
    o = origin_of(&row);
    return recognition_offer(c, &o, say, id);
}

enum err
result_offer(struct ctx *c, const struct result_key *k, const struct recognition_say *say, int64_t *id)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, offer(c, k, say, id)) : e;
}
