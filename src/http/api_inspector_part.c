/* http/api_inspector_part.c - certificates, leave, recusals 回避, secondment 借调, training 业务培训 of one inspector. What is changed or taken
 * away needs If-Match; what is added looks at it when it is there. */
#include "api_person.h"
#include "core/calendar.h"
#include "mod/assignment/assignment.h"
#include "mod/inspector/inspector.h"
#include "mod/recusal/recusal.h"

/* Which inspector, as the caller saw it. */
static enum err
at_of(const struct api *q, bool must, struct inspector_at *at)
{
    *at = (struct inspector_at){q->params[0], -1};
    return must || q->call->if_match.n > 0 ? api_if_match(q, &at->row_version) : OK;
}

static enum err
given(struct api *q, enum err e, int status)
{
    if (e != OK)
        return e;
    q->status = status;
    return api_give_inspector(q, q->params[0]);
}

enum err
api_inspector_certificate(struct api *q)
{
    struct inspector_certificate_put_in say = {q->params[0], inspector_certificate_kind(api_text(q, "kind")),
                                               api_text(q, "no"), api_text(q, "issuer"), 0};
    struct inspector_at at;
    struct opt_i64 valid_to;
    enum err e = at_of(q, true, &at);

    if (e == OK)
        e = api_day(q, "valid_to", &valid_to);
    if (e != OK)
        return e;
    say.valid_to_day = valid_to.v;
    e = inspector_certify(q->ctx, at, &say);
    return given(q, e == ERR_INPUT || e == ERR_LENGTH ? api_wrong_field(q, e == ERR_INPUT ? "kind" : "no", e) : e, 200);
}

enum err
api_inspector_uncertify(struct api *q)
{
    struct inspector_at at;
    enum err e = at_of(q, true, &at);

    if (e == OK)
        e = inspector_uncertify(q->ctx, at, q->params[1], api_text(q, "reason"));
    return given(q, e == ERR_LENGTH ? api_wrong_field(q, "reason", e) : e, 200);
}

static enum err
read_leave(struct api *q, struct inspector_leave_put_in *say)
{
    struct opt_i64 from = {false, 0}, to = {false, 0};
    enum err e = api_day(q, "from", &from);

    if (e == OK)
        e = api_day(q, "to", &to);
    *say = (struct inspector_leave_put_in){q->params[0], from.v, to.v, api_text(q, "reason")};
    return e;
}

static enum err
wrong_leave(struct api *q, enum err e)
{
    const char *field = e == ERR_DUPLICATE ? "from" : e == ERR_ORDER || e == ERR_RANGE ? "to" : e == ERR_LENGTH ? "reason" : NULL;

    return api_wrong_field(q, field, e);
}

enum err
api_inspector_leave_post(struct api *q)
{
    struct inspector_leave_put_in say;
    struct inspector_at at;
    enum err e = at_of(q, false, &at);

    if (e == OK)
        e = read_leave(q, &say);
    if (e == OK && (e = inspector_away(q->ctx, at, NULL, &say)) != OK)
        e = wrong_leave(q, e);
    return given(q, e, 201);
}

/* The day in the address: the one a leave begins on. */
static enum err
day_of_address(const struct api *q, int64_t *day)
{
    return day_parse(q->params[1], day) == OK ? OK : ERR_NOT_FOUND;
}

enum err
api_inspector_leave_put(struct api *q)
{
    struct inspector_leave_put_in say;
    struct inspector_at at;
    int64_t day;
    enum err e = at_of(q, true, &at);

    if (e == OK)
        e = day_of_address(q, &day);
    if (e == OK)
        e = read_leave(q, &say);
    if (e == OK && (e = inspector_away(q->ctx, at, &day, &say)) != OK)
        e = wrong_leave(q, e);
    return given(q, e, 200);
}

enum err
api_inspector_leave_delete(struct api *q)
{
    struct inspector_at at;
    int64_t day;
    enum err e = at_of(q, true, &at);

    if (e == OK)
        e = day_of_address(q, &day);
    if (e == OK)
        e = inspector_back(q->ctx, at, day);
    return given(q, e, 200);
}

enum err
api_inspector_recusal(struct api *q)
{
    struct str kind = inspector_recusal_kind(api_text(q, "kind"));
    struct inspector_at at;
    size_t asked;
    enum err e = at_of(q, false, &at);

    if (e == OK && kind.n == 0)
        return api_wrong_field(q, "kind", ERR_INPUT);
    if (e == OK)
        e = recusal_declare(q->ctx, at, api_text(q, "target"), kind, api_text(q, "evidence"), &asked);
    if (e == ERR_CHARSET || e == ERR_CHECK || e == ERR_EXISTS || (e == ERR_LENGTH && q->ctx->why[0] == '\0'))
        e = api_wrong_field(q, "target", e);
    else if (e == ERR_LENGTH)
        e = api_wrong_field(q, "evidence", e);
    return given(q, e, 201);
}

enum err
api_inspector_unrecuse(struct api *q)
{
    struct inspector_at at;
    enum err e = at_of(q, true, &at);

    if (e == OK)
        e = inspector_unrecuse(q->ctx, at, q->params[1], api_text(q, "reason"));
    return given(q, e == ERR_LENGTH ? api_wrong_field(q, "reason", e) : e, 200);
}

enum err
api_inspector_second(struct api *q)
{
    const struct inspector_secondment_put_in SAY = {.task = api_text(q, "task"),
                                                    .department = api_text(q, "department"),
                                                    .anywhere = json_is_true(json_object_get(q->in, "anywhere")),
                                                    .reason = api_text(q, "reason")};
    struct inspector_get_row seen;
    struct inspector_at at;
    enum err e = at_of(q, false, &at);

    if (e == OK)
        e = inspector_see(q->ctx, at.code, &seen);
    if (e != OK)
        return e;
    e = assignment_second(q->ctx, at, &SAY);
    if (e == ERR_NOT_FOUND)
        e = api_wrong_field(q, "task", e);
    else if (e == ERR_INPUT)
        e = api_wrong_field(q, "department", e);
    else if (e == ERR_LENGTH)
        e = api_wrong_field(q, "reason", e);
    return given(q, e, 201);
}

enum err
api_inspector_unsecond(struct api *q)
{
    struct inspector_get_row seen;
    struct inspector_at at;
    enum err e = at_of(q, true, &at);

    if (e == OK)
        e = inspector_see(q->ctx, at.code, &seen);
    if (e == OK)
        e = assignment_unsecond(q->ctx, at, q->params[1], api_text(q, "reason"));
    return given(q, e == ERR_LENGTH ? api_wrong_field(q, "reason", e) : e, 200);
}

enum err
api_inspector_training_post(struct api *q)
{
    struct inspector_training_put_in say = {.name = api_text(q, "name"),
                                            .organiser = api_text(q, "organiser"),
                                            .result = api_text(q, "result"),
                                            .hours_count = api_number(q, "hours").v};
    struct inspector_at at;
    struct opt_i64 day;
    enum err e = at_of(q, false, &at);

    if (e == OK)
        e = api_day(q, "day", &day);
    if (e != OK)
        return e;
    say.day = day.v;
    e = inspector_train(q->ctx, at, &say);
    if (e == ERR_LENGTH || e == ERR_RANGE || e == ERR_INPUT)
        e = api_wrong_field(q, e == ERR_LENGTH ? "name" : e == ERR_RANGE ? "hours" : "result", e);
    return given(q, e, 201);
}

enum err
api_inspector_training_delete(struct api *q)
{
    struct inspector_at at;
    int64_t id;
    enum err e = at_of(q, true, &at);

    if (e == OK)
        e = api_number_of(q->params[1], &id);
    if (e == OK)
        e = inspector_untrain(q->ctx, at, id);
    return given(q, e, 200);
}
