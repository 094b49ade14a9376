/* mod/objection/objection.c - see objection.h */
#include "mod/objection/objection.h"

#include <stdio.h>

#include "core/calendar.h"
#include "mod/journal/journal.h"
#include "mod/result/result.h"
#include "mod/scope.h"
#include "mod/target/target.h"
#include "mod/workday/workday.h"

static enum err
note(struct ctx *c, const char *act, struct str target, int64_t id, struct str detail)
{
    char subject[128];
    int n = snprintf(subject, sizeof subject, "objection/%.*s/%lld", (int) target.n, target.p, (long long) id);

    return journal_add(c, &(struct journal_act) {str_of(act), {subject, (size_t) n}, detail});
}

static enum err
text_ok(struct ctx *c, struct str s)
{
    if (s.n == 0 || s.n > OBJECTION_TEXT_MAX)
        return ctx_refuse(c, ERR_LENGTH, "1 to %d bytes", OBJECTION_TEXT_MAX);
    return utf8_valid(s) ? OK : ERR_ENCODING;
}

static enum err
file_new(struct ctx *c, const struct objection_say *say, const struct result_row *r, struct objection_filed *out)
{
    struct target_get_row t;
    struct str version;
    enum err e = target_get(c->db, c->arena, &(struct target_get_in) {say->target}, &t);

    if (e == OK)
        e = ctx_new_id(c, &out->id);
    if (e == OK)
        e = workday_due(c, day_of_us(c->now_us), OBJECTION_WORKING_DAYS, &out->due, &version);
    if (e == OK)
        e = objection_put(c->db, &(struct objection_put_in) {say->target, out->id, say->result, r->task, r->item, r->department,
                                                             t.region, say->account ? STR("account") : STR("code"), say->content,
                                                             say->publish, out->due, c->now_us});
    return e == OK ? note(c, "objection.file", say->target, out->id, (struct str) {NULL, 0}) : e;
}

static enum err
file(struct ctx *c, const struct objection_say *say, struct objection_filed *out)
{
    struct objection_of_row there;
    struct result_row r;
    enum err e = result_see(c, say->target, say->result, &r);

    if (e != OK)
        return e;
    if (!str_eq(r.state, STR("published")))
        return ERR_STATE;
    e = objection_of(c->db, c->arena, &(struct objection_of_in) {say->target, say->result}, &there);
    if (e != OK)
        return e == ERR_NOT_FOUND ? file_new(c, say, &r, out) : e;
    if (!str_eq(there.content, say->content))
        return ERR_EXISTS;
    *out = (struct objection_filed) {there.id, there.due_day, true};
    return OK;
}

enum err
objection_file(struct ctx *c, const struct objection_say *say, struct objection_filed *out)
{
    enum err e = text_ok(c, say->content);

    *out = (struct objection_filed) {0};
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, file(c, say, out)) : e;
}

static enum err
reply(struct ctx *c, const struct objection_reply *say)
{
    struct objection_get_row o;
    enum err e = objection_get(c->db, c->arena, &(struct objection_get_in) {say->target, say->id}, &o);

    if (e == OK && !scope_sees(c, o.department, o.region))
        e = ERR_NOT_FOUND;
    if (e == OK && !str_eq(o.state, STR("received")))
        e = ERR_STATE;
    if (e == OK && say->upheld)
        e = result_correct(c, &(struct result_key) {o.task, o.target, o.item}, &say->codes, say->answer);
    if (e != OK)
        return e;
    e = objection_answer_put(c->db, &(struct objection_answer_put_in) {say->target, say->id, say->row_version,
                                                                       say->upheld ? STR("upheld") : STR("rejected"), say->answer,
                                                                       c->actor, c->now_us});
    if (e != OK)
        return e == ERR_STATE ? ERR_CONFLICT : e;
    return note(c, "objection.answer", say->target, say->id,
                say->upheld ? STR("{\"outcome\":\"upheld\"}") : STR("{\"outcome\":\"rejected\"}"));
}

enum err
objection_reply(struct ctx *c, const struct objection_reply *say)
{
    enum err e = text_ok(c, say->answer);

    if (e == OK && say->upheld && say->codes.count == 0)
        return ctx_refuse(c, ERR_MISSING, "codes");
    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, reply(c, say)) : e;
}
