/* mod/inspector/inspector_part.c - what belongs to an inspector: certificates, leave, recusals 回避, training 业务培训.
 * Each act counts as a change of the inspector: its row version moves on. */
#include "core/calendar.h"
#include "core/uscc.h"
#include "mod/inspector/inspector_int.h"

static struct str
day_text(int64_t day, char text[static DAY_TEXT + 1])
{
    day_format(day, text);
    return (struct str){text, DAY_TEXT};
}

static bool
text_ok(struct str s, size_t min_bytes, size_t max_bytes)
{
    return s.n >= min_bytes && s.n <= max_bytes && utf8_valid(s);
}

/* The steps that all acts share: look, act, move the row version on, note. */
struct act {
    struct inspector_at at;
    enum err (*fn)(struct ctx *c, const void *say);
    const void *say;
    struct str name;
    const struct inspector_note_field *fields;
    size_t field_count;
};

static enum err
inside(struct ctx *c, const struct act *a)
{
    struct inspector_get_row row;
    enum err e = inspector_at_check(c, a->at, &row);

    if (e == OK)
        e = a->fn(c, a->say);
    if (e == OK)
        e = inspector_touch(c->db, &(struct inspector_touch_in){a->at.code, row.row_version, c->now_us});
    return e == OK ? inspector_note(c, a->name, a->at.code, a->fields, a->field_count) : e;
}

static enum err
run(struct ctx *c, const struct act *a)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, inside(c, a)) : e;
}

/* --- certificates ---------------------------------------------------------------------------------------------------------- */

const char *
inspector_level(int64_t days_left)
{
    if (days_left < 0)
        return "expired";
    return days_left <= 7 ? "7" : days_left <= 30 ? "30" : days_left <= 90 ? "90" : "";
}

static enum err
certify(struct ctx *c, const void *say)
{
    return inspector_certificate_put(c->db, say);
}

enum err
inspector_certify(struct ctx *c, struct inspector_at at, const struct inspector_certificate_put_in *say)
{
    struct inspector_certificate_put_in to = *say;
    char text[DAY_TEXT + 1];
    const struct inspector_note_field FIELDS[] = {{"kind", say->kind}, {"valid_to", day_text(say->valid_to_day, text)}};

    if (say->kind.n == 0 || !str_eq(inspector_certificate_kind(say->kind), say->kind))
        return ctx_refuse(c, ERR_INPUT, "kind: national, provincial or technical");
    if (!text_ok(say->no, 1, INSPECTOR_CODE_MAX) || !text_ok(say->issuer, 0, INSPECTOR_NAME_MAX))
        return ERR_LENGTH;
    to.inspector = at.code;
    return run(c, &(struct act){at, certify, &to, STR("inspector.certificate"), FIELDS, 2});
}

static enum err
uncertify(struct ctx *c, const void *say)
{
    const struct inspector_certificate_delete_in *in = say;
    struct inspector_certificate_get_row old;
    enum err e = inspector_certificate_get(c->db, c->arena,
                                           &(struct inspector_certificate_get_in){in->inspector, in->kind}, &old);

    return e == OK ? inspector_certificate_delete(c->db, in) : e;
}

enum err
inspector_uncertify(struct ctx *c, struct inspector_at at, struct str kind, struct str reason)
{
    const struct inspector_certificate_delete_in in = {at.code, kind};
    const struct inspector_note_field FIELDS[] = {{"kind", kind}, {"reason", reason}};
    enum err e = inspector_reason_ok(c, reason);

    return e == OK ? run(c, &(struct act){at, uncertify, &in, STR("inspector.uncertify"), FIELDS, 2}) : e;
}

/* --- leave ----------------------------------------------------------------------------------------------------------------- */

struct leave {
    struct inspector_leave_put_in row;
    const int64_t *old_from_day;
};

static enum err
away(struct ctx *c, const void *say)
{
    const struct leave *l = say;
    struct opt_i64 except = {l->old_from_day != NULL, l->old_from_day != NULL ? *l->old_from_day : 0};
    struct inspector_leave_overlapping_row *other;
    struct inspector_leave_get_row old;
    char from[DAY_TEXT + 1], to[DAY_TEXT + 1];
    size_t count;
    enum err e = OK;

    if (except.set)
        e = inspector_leave_get(c->db, c->arena, &(struct inspector_leave_get_in){l->row.inspector, except.v}, &old);
    if (e == OK)
        e = inspector_leave_overlapping(
            c->db, c->arena,
            &(struct inspector_leave_overlapping_in){l->row.inspector, l->row.from_day, l->row.to_day, except}, &other,
            &count);
    if (e == OK && count > 0) {
        day_format(other[0].from_day, from);
        day_format(other[0].to_day, to);
        return ctx_refuse(c, ERR_DUPLICATE, "%s / %s", from, to);
    }
    if (e == OK && except.set)
        e = inspector_leave_delete(c->db, &(struct inspector_leave_delete_in){l->row.inspector, except.v});
    return e == OK ? inspector_leave_put(c->db, &l->row) : e;
}

enum err
inspector_away(struct ctx *c, struct inspector_at at, const int64_t *old_from_day, const struct inspector_leave_put_in *say)
{
    struct leave l = {{at.code, say->from_day, say->to_day, say->reason}, old_from_day};
    char from[DAY_TEXT + 1], to[DAY_TEXT + 1], old[DAY_TEXT + 1];
    const struct inspector_note_field FIELDS[] = {
        {"from", day_text(say->from_day, from)},
        {"to", day_text(say->to_day, to)},
        {"instead_of", old_from_day == NULL ? (struct str){NULL, 0} : day_text(*old_from_day, old)},
    };

    if (say->to_day < say->from_day)
        return ERR_ORDER;
    if (say->to_day - say->from_day >= INSPECTOR_LEAVE_MAX)
        return ctx_refuse(c, ERR_RANGE, "at most %d days", INSPECTOR_LEAVE_MAX);
    if (!text_ok(say->reason, 0, INSPECTOR_NAME_MAX))
        return ERR_LENGTH;
    return run(c, &(struct act){at, away, &l, STR("inspector.leave"), FIELDS, 3});
}

static enum err
back(struct ctx *c, const void *say)
{
    const struct inspector_leave_delete_in *in = say;
    struct inspector_leave_get_row old;
    enum err e = inspector_leave_get(c->db, c->arena, &(struct inspector_leave_get_in){in->inspector, in->from_day}, &old);

    return e == OK ? inspector_leave_delete(c->db, in) : e;
}

enum err
inspector_back(struct ctx *c, struct inspector_at at, int64_t from_day)
{
    const struct inspector_leave_delete_in in = {at.code, from_day};
    char from[DAY_TEXT + 1];
    const struct inspector_note_field FIELDS[] = {{"from", day_text(from_day, from)}};

    return run(c, &(struct act){at, back, &in, STR("inspector.leave_cancel"), FIELDS, 1});
}

/* --- secondment 借调 -------------------------------------------------------------------------------------------------------- */

static enum err
second(struct ctx *c, const void *say)
{
    const struct inspector_secondment_put_in *in = say;
    struct inspector_get_row row;
    enum err e = inspector_get(c->db, c->arena, &(struct inspector_get_in){in->inspector}, &row);

    if (e == OK && str_eq(row.department, in->department))
        return ctx_refuse(c, ERR_INPUT, "%.*s is the inspector's own department", (int) row.department.n, row.department.p);
    return e == OK ? inspector_secondment_put(c->db, in) : e;
}

enum err
inspector_second(struct ctx *c, struct inspector_at at, const struct inspector_secondment_put_in *say)
{
    struct inspector_secondment_put_in to = *say;
    const struct inspector_note_field FIELDS[] = {{"task", say->task}, {"department", say->department}};
    enum err e = inspector_reason_ok(c, say->reason);

    to.inspector = at.code;
    to.lent_us = c->now_us;
    return e == OK ? run(c, &(struct act){at, second, &to, STR("inspector.second"), FIELDS, 2}) : e;
}

static enum err
unsecond(struct ctx *c, const void *say)
{
    return inspector_secondment_finish(c->db, say);
}

enum err
inspector_unsecond(struct ctx *c, struct inspector_at at, struct str task, struct str reason)
{
    const struct inspector_secondment_finish_in in = {task, at.code, c->now_us, reason};
    const struct inspector_note_field FIELDS[] = {{"task", task}};
    enum err e = inspector_reason_ok(c, reason);

    return e == OK ? run(c, &(struct act){at, unsecond, &in, STR("inspector.unsecond"), FIELDS, 1}) : e;
}

/* --- recusals -------------------------------------------------------------------------------------------------------------- */

enum err
inspector_recusal_keep(struct ctx *c, const struct inspector_recusal_put_in *in)
{
    struct inspector_recusal_get_row old;
    enum err e =
        inspector_recusal_get(c->db, c->arena, &(struct inspector_recusal_get_in){in->inspector, in->target}, &old);

    if (e == ERR_NOT_FOUND)
        return inspector_recusal_put(c->db, in);
    if (e != OK || !old.ended_us.set)
        return e == OK ? ERR_EXISTS : e;
    return inspector_recusal_again(c->db, &(struct inspector_recusal_again_in){in->inspector, in->target, in->kind,
                                                                               in->evidence, in->declared_us});
}

static enum err
recuse(struct ctx *c, const void *say)
{
    return inspector_recusal_keep(c, say);
}

enum err
inspector_recuse(struct ctx *c, struct inspector_at at, struct str target, struct str kind, struct str evidence)
{
    struct inspector_recusal_put_in in = {at.code, {NULL, 0}, kind, evidence, c->now_us};
    struct inspector_note_field fields[] = {{"kind", kind}, {"target", {NULL, 0}}};
    struct target_code code;
    enum err e = target_code_parse(target, &code);

    if (e != OK)
        return e;
    if (kind.n == 0 || !str_eq(inspector_recusal_kind(kind), kind))
        return ctx_refuse(c, ERR_INPUT, "kind of recusal: relative, interest, declared, requested or other");
    if (!text_ok(evidence, 1, INSPECTOR_TEXT_MAX))
        return ctx_refuse(c, ERR_LENGTH, "evidence of 1 to %d bytes", INSPECTOR_TEXT_MAX);
    in.target = fields[1].value = str_of(code.text);
    return run(c, &(struct act){at, recuse, &in, STR("inspector.recuse"), fields, 2});
}

static enum err
unrecuse(struct ctx *c, const void *say)
{
    const struct inspector_recusal_finish_in *in = say;
    struct inspector_recusal_get_row old;
    enum err e =
        inspector_recusal_get(c->db, c->arena, &(struct inspector_recusal_get_in){in->inspector, in->target}, &old);

    return e == OK ? inspector_recusal_finish(c->db, in) : e;
}

enum err
inspector_unrecuse(struct ctx *c, struct inspector_at at, struct str target, struct str reason)
{
    const struct inspector_recusal_finish_in in = {at.code, target, c->now_us, reason};
    const struct inspector_note_field FIELDS[] = {{"target", target}}; /* the log is public: reasons may be personal */
    enum err e = inspector_reason_ok(c, reason);

    return e == OK ? run(c, &(struct act){at, unrecuse, &in, STR("inspector.unrecuse"), FIELDS, 1}) : e;
}

/* --- training -------------------------------------------------------------------------------------------------------------- */

static enum err
train(struct ctx *c, const void *say)
{
    struct inspector_training_put_in in = *(const struct inspector_training_put_in *) say;
    enum err e = ctx_new_id(c, &in.id);

    return e == OK ? inspector_training_put(c->db, &in) : e;
}

static bool
result_ok(struct str result)
{
    return str_eq(result, STR("passed")) || str_eq(result, STR("failed")) || str_eq(result, STR("attended"));
}

enum err
inspector_train(struct ctx *c, struct inspector_at at, const struct inspector_training_put_in *say)
{
    struct inspector_training_put_in in = *say;
    char day[DAY_TEXT + 1];
    const struct inspector_note_field FIELDS[] = {{"day", day_text(say->day, day)}, {"name", say->name}};

    if (!text_ok(say->name, 1, INSPECTOR_NAME_MAX) || !text_ok(say->organiser, 0, INSPECTOR_NAME_MAX))
        return ERR_LENGTH;
    if (say->hours_count < 1 || say->hours_count > INSPECTOR_HOURS_MAX)
        return ctx_refuse(c, ERR_RANGE, "1 to %d hours", INSPECTOR_HOURS_MAX);
    if (!result_ok(say->result))
        return ctx_refuse(c, ERR_INPUT, "result: passed, failed or attended");
    in.inspector = at.code;
    return run(c, &(struct act){at, train, &in, STR("inspector.train"), FIELDS, 2});
}

static enum err
untrain(struct ctx *c, const void *say)
{
    enum err e = inspector_training_delete(c->db, say);

    return e == ERR_STATE ? ERR_NOT_FOUND : e;
}

enum err
inspector_untrain(struct ctx *c, struct inspector_at at, int64_t id)
{
    const struct inspector_training_delete_in in = {at.code, id};

    return run(c, &(struct act){at, untrain, &in, STR("inspector.untrain"), NULL, 0});
}
