/* mod/inspector/inspector.c */
#include "mod/inspector/inspector.h"

#include "mod/words.h"

struct str
inspector_state(struct str words)
{
    static const struct word TABLE[] = {
        WORD("在岗", "active"),    WORD("在职", "active"), WORD("正常", "active"), WORD("暂停", "suspended"),
        WORD("停职", "suspended"), WORD("离职", "left"),   WORD("退休", "left"),   WORD("调离", "left"),
    };

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
}

struct str
inspector_certificate_kind(struct str words)
{
    static const struct word TABLE[] = {
        WORD("行政执法证", "national"),
        WORD("省执法证", "provincial"),
        WORD("技术资格证", "technical"),
    };

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
}

struct str
inspector_recusal_kind(struct str words)
{
    static const struct word TABLE[] = {
        WORD("近亲属", "relative"),    WORD("利害关系", "interest"), WORD("本人申报", "declared"),
        WORD("对象申请", "requested"), WORD("其他", "other"),
    };

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
}

/* What will stand in the register: the old row with what is newly said. */
static struct inspector_put_in
merged(const struct inspector_get_row *old, const struct inspector_say *say, bool *changed)
{
    const struct inspector_put_in *s = &say->row;
    struct inspector_put_in to = {
        .code = s->code,
        .name = newer(s->name, old->name, changed),
        .department = newer(s->department, old->department, changed),
        .level = newer(s->level, old->level, changed),
        .region = newer(s->region, old->region, changed),
        .regions = newer(s->regions, old->regions, changed),
        .skills = newer(s->skills, old->skills, changed),
        .items = newer(s->items, old->items, changed),
        .cap_count = say->cap_said ? s->cap_count : old->cap_count,
        .lead = say->lead_said ? s->lead : old->lead,
        .state = newer(s->state, old->state, changed),
        .updated_us = s->updated_us,
    };

    if (to.cap_count != old->cap_count || to.lead != old->lead)
        *changed = true;
    return to;
}

static enum err
certificate_differs(struct ctx *c, const struct inspector_say *say, bool *differs)
{
    const struct inspector_certificate_put_in *s = &say->certificate;
    struct inspector_certificate_get_row old;
    enum err e;

    *differs = false;
    if (s->no.n == 0)
        return OK;
    e = inspector_certificate_get(c->db, c->arena,
                                  &(struct inspector_certificate_get_in){s->inspector, s->kind}, &old);
    *differs =
        e == ERR_NOT_FOUND || (e == OK && (!str_eq(old.no, s->no) || old.valid_to_day != s->valid_to_day ||
                                           (s->issuer.n > 0 && !str_eq(old.issuer, s->issuer))));
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
leave_differs(struct ctx *c, const struct inspector_say *say, bool *differs)
{
    struct inspector_leave_get_row old;
    enum err e;

    *differs = false;
    if (!say->leave_said)
        return OK;
    e = inspector_leave_get(
        c->db, c->arena, &(struct inspector_leave_get_in){say->leave.inspector, say->leave.from_day}, &old);
    *differs = e == ERR_NOT_FOUND || (e == OK && old.to_day != say->leave.to_day);
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
recusals_differ(struct ctx *c, const struct inspector_say *say, bool *differ)
{
    enum err e = OK;

    *differ = false;
    for (size_t i = 0; i < say->recusal_count && e == OK && !*differ; i++) {
        struct inspector_recusal_get_row old;

        e = inspector_recusal_get(c->db, c->arena,
                                  &(struct inspector_recusal_get_in){say->row.code, say->recusals[i]}, &old);
        *differ = e == ERR_NOT_FOUND;
        e = e == ERR_NOT_FOUND ? OK : e;
    }
    return e;
}

struct decision {
    struct inspector_put_in to;
    bool is_new, row, certificate, leave, recusals;
};

static enum err
decide(struct ctx *c, const struct inspector_say *say, struct decision *d)
{
    struct inspector_get_row old;
    enum err e = inspector_get(c->db, c->arena, &(struct inspector_get_in){say->row.code}, &old);

    *d = (struct decision){.to = say->row, .is_new = e == ERR_NOT_FOUND};
    if (d->is_new) {
        if (d->to.state.n == 0)
            d->to.state = STR("active");
        d->row = true;
    } else if (e == OK) {
        d->to = merged(&old, say, &d->row);
    } else {
        return e;
    }
    e = certificate_differs(c, say, &d->certificate);
    if (e == OK)
        e = leave_differs(c, say, &d->leave);
    return e == OK ? recusals_differ(c, say, &d->recusals) : e;
}

static enum err
store(struct ctx *c, const struct inspector_say *say, const struct decision *d)
{
    enum err e = d->row ? inspector_put(c->db, &d->to) : OK;

    if (e == OK && d->certificate)
        e = inspector_certificate_put(c->db, &say->certificate);
    if (e == OK && d->leave)
        e = inspector_leave_put(c->db, &say->leave);
    for (size_t i = 0; i < say->recusal_count && e == OK && d->recusals; i++)
        e = inspector_recusal_put(
            c->db, &(struct inspector_recusal_put_in){
                       say->row.code, say->recusals[i], STR("declared"), {NULL, 0}, c->now_us});
    return e;
}

enum err
inspector_accept(struct ctx *c, const struct inspector_say *say, bool dry_run, enum inspector_effect *effect)
{
    struct decision d;
    enum err e = decide(c, say, &d);

    if (e != OK)
        return e;
    *effect = d.is_new                                          ? INSPECTOR_NEW
              : d.row || d.certificate || d.leave || d.recusals ? INSPECTOR_CHANGED
                                                                : INSPECTOR_UNCHANGED;
    return dry_run ? OK : store(c, say, &d);
}
