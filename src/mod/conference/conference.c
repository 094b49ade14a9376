/* mod/conference/conference.c */
#include "mod/conference/conference.h"

#include "mod/journal/journal.h"
#include "mod/json.h"
#include "mod/plan/plan.h"

enum { SUBJECT_BYTES = 24 };

/* The entry of an act at a meeting: detail of up to three texts, in the order of their names. */
struct said {
    const char *name;
    struct str text;
};
static enum err
log_act(struct ctx *c, const char *act, int64_t id, const struct said *v, size_t count)
{
    char subject[SUBJECT_BYTES];
    struct buf s = buf_over(subject, sizeof subject), b;
    struct str detail = {0};
    size_t n = 64;
    bool any = false;
    enum err e;

    for (size_t i = 0; i < count; i++)
        n += 64 + 6 * v[i].text.n;
    e = buf_in(c, n, &b);
    if (e != OK)
        return e;
    buf_i64(&s, id);
    buf_z(&b, "{");
    for (size_t i = 0; i < count; i++)
        if (v[i].text.p != NULL) {
            json_put_name(&b, v[i].name);
            json_put_text(&b, v[i].text);
            any = true;
        }
    buf_z(&b, "}");
    e = any ? buf_take(c, &b, &detail) : OK;
    return e == OK ? journal_add(c, &(struct journal_act){str_of(act), buf_view(&s), detail}) : e;
}

static enum err
check_opening(struct ctx *c, const struct conference_opening *o)
{
    if (o->region.n != 6 || !str_starts(o->region, c->region))
        return ctx_refuse(c, ERR_REGION, "the conference of a government you do not serve");
    if (str_trim(o->name).n == 0 || o->name.n > CONFERENCE_NAME_MAX || o->place.n > CONFERENCE_NAME_MAX)
        return ctx_refuse(c, ERR_LENGTH, "a name of 1 to %d bytes", CONFERENCE_NAME_MAX);
    return OK;
}

enum err
conference_see(struct ctx *c, int64_t id, struct conference_get_row *out)
{
    enum err e = conference_get(c->db, c->arena, &(struct conference_get_in){id}, out);

    return e == OK && !str_starts(out->region, c->region) ? ERR_NOT_FOUND : e;
}

enum err
conference_open(struct ctx *c, const struct conference_opening *o, int64_t *id)
{
    enum err e = check_opening(c, o);

    if (e == OK)
        e = ctx_new_id(c, id);
    if (e != OK)
        return e;
    e = db_begin(c->db);
    if (e != OK)
        return e;
    e = conference_put(c->db, &(struct conference_put_in){*id, o->region, o->name, o->held_day, o->place, c->now_us});
    if (e == OK)
        e = log_act(c, "conference.open", *id, (struct said[]){{"name", o->name}, {"region", o->region}}, 2);
    return db_end(c->db, e);
}

/* The open meeting. */
static enum err
hold(struct ctx *c, int64_t id, struct conference_get_row *m)
{
    enum err e = conference_see(c, id, m);

    return e == OK && !str_eq(m->state, STR("open")) ? ctx_refuse(c, ERR_STATE, "the meeting is closed") : e;
}

static enum err
move(struct ctx *c, int64_t id, int64_t row_version, const struct conference_opening *o)
{
    struct conference_get_row m;
    struct conference_opening said = *o;
    enum err e = hold(c, id, &m);

    if (e == OK && m.row_version != row_version)
        e = ERR_CONFLICT;
    said.region = m.region;
    if (e == OK)
        e = check_opening(c, &said);
    if (e == OK)
        e = conference_change(c->db, &(struct conference_change_in){id, row_version, o->name, o->held_day, o->place});
    return e == OK ? log_act(c, "conference.move", id, (struct said[]){{"name", o->name}, {"place", o->place}}, 2) : e;
}

enum err
conference_move(struct ctx *c, int64_t id, int64_t row_version, const struct conference_opening *o)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, move(c, id, row_version, o)) : e;
}

/* --- topics ------------------------------------------------------------------------------------------------------- */

static enum err
topics(struct ctx *c, int64_t id, struct conference_topic_list_row **rows, size_t *count)
{
    return conference_topic_list(c->db, c->arena, &(struct conference_topic_list_in){id}, rows, count);
}

/* The undecided topic of a plan. */
static enum err
hold_topic(struct ctx *c, int64_t id, struct str plan)
{
    struct conference_get_row m;
    struct conference_topic_list_row *rows;
    size_t count = 0;
    enum err e = hold(c, id, &m);

    if (e == OK)
        e = topics(c, id, &rows, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        if (str_eq(rows[i].plan, plan))
            return rows[i].decision.p == NULL ? OK : ctx_refuse(c, ERR_STATE, "plan %s is decided", plan.p);
    return e == OK ? ERR_NOT_FOUND : e;
}

static enum err
add(struct ctx *c, int64_t id, struct str plan)
{
    struct conference_get_row m;
    struct conference_topic_list_row *rows;
    size_t count = 0;
    enum err e = hold(c, id, &m);

    if (e == OK && !str_starts(plan, m.region))
        e = ctx_refuse(c, ERR_REGION, "each level has its own conference: plan %.20s is of another", plan.p);
    if (e == OK)
        e = topics(c, id, &rows, &count);
    if (e == OK && count >= CONFERENCE_TOPICS_MAX)
        e = ERR_TOO_LARGE;
    if (e == OK)
        e = conference_topic_put(c->db, &(struct conference_topic_put_in){id, plan, (int64_t) count + 1});
    if (e == OK)
        e = plan_advance(c, plan, PLAN_CONFERENCE, (struct str){0}, (struct str){0});
    return e == OK ? log_act(c, "conference.add", id, (struct said[]){{"plan", plan}}, 1) : e;
}

enum err
conference_add(struct ctx *c, int64_t id, struct str plan)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, add(c, id, plan)) : e;
}

static bool
takes_part(struct ctx *c, struct str plan, struct str department, enum err *e)
{
    struct plan_line_list_row *lines;
    size_t count = 0;

    *e = plan_line_list(c->db, c->arena, &(struct plan_line_list_in){plan}, &lines, &count);
    for (size_t i = 0; *e == OK && i < count; i++) {
        struct participants p;

        *e = terms_participants(c, lines[i].participants, &p);
        if (*e == OK && participants_have(&p, department))
            return true;
    }
    return false;
}

static enum err
say(struct ctx *c, int64_t id, const struct conference_opinion_put_in *put)
{
    enum err e = hold_topic(c, id, put->plan);

    if (e == OK && !takes_part(c, put->plan, put->department, &e) && e == OK)
        e = ctx_refuse(c, ERR_PERMISSION, "%s takes no part in plan %s", put->department.p, put->plan.p);
    if (e == OK)
        e = conference_opinion_put(c->db, put);
    return e == OK ? log_act(c, "conference.say", id,
                             (struct said[]){{"department", put->department},
                                             {"opinion", put->opinion},
                                             {"plan", put->plan},
                                             {"stance", put->stance}},
                             4)
                   : e;
}

enum err
conference_say(struct ctx *c, int64_t id, struct str plan, struct str department, struct str stance, struct str opinion)
{
    bool agree = str_eq(stance, STR("agree"));
    enum err e;

    if (!agree && !str_eq(stance, STR("amend")) && !str_eq(stance, STR("oppose")))
        return ctx_refuse(c, ERR_INPUT, "stance: agree, amend or oppose");
    if (!agree && str_trim(opinion).n == 0)
        return ctx_refuse(c, ERR_INPUT, "who does not simply agree says why");
    if (opinion.n > PLAN_WORDS_MAX)
        return ctx_refuse(c, ERR_LENGTH, "an opinion of at most %d bytes", PLAN_WORDS_MAX);
    e = db_begin(c->db);
    if (e != OK)
        return e;
    return db_end(c->db, say(c, id, &(struct conference_opinion_put_in){id, plan, department, stance, opinion, c->actor,
                                                                        c->now_us}));
}

static enum err
decide(struct ctx *c, int64_t id, struct str plan, bool adopted, struct str opinion)
{
    struct str decision = adopted ? STR("adopted") : STR("returned");
    enum err e = hold_topic(c, id, plan);

    if (e == OK)
        e = conference_topic_decide(c->db,
                                    &(struct conference_topic_decide_in){id, plan, decision, opinion, c->now_us});
    if (e == OK)
        e = plan_advance(c, plan, adopted ? PLAN_ADOPTED : PLAN_DRAFT, opinion, (struct str){0});
    return e == OK ? log_act(c, "conference.decide", id,
                             (struct said[]){{"decision", decision}, {"opinion", opinion}, {"plan", plan}}, 3)
                   : e;
}

enum err
conference_decide(struct ctx *c, int64_t id, struct str plan, bool adopted, struct str opinion)
{
    enum err e;

    if (!adopted && str_trim(opinion).n == 0)
        return ctx_refuse(c, ERR_INPUT, "a plan is returned with an opinion");
    if (opinion.n > PLAN_WORDS_MAX)
        return ctx_refuse(c, ERR_LENGTH, "an opinion of at most %d bytes", PLAN_WORDS_MAX);
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, decide(c, id, plan, adopted, opinion)) : e;
}

static enum err
close_it(struct ctx *c, int64_t id, struct str minutes)
{
    struct conference_get_row m;
    struct conference_topic_list_row *rows;
    size_t count = 0;
    enum err e = hold(c, id, &m);

    if (e == OK)
        e = topics(c, id, &rows, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        if (rows[i].decision.p == NULL)
            e = ctx_refuse(c, ERR_STATE, "plan %s is not decided", rows[i].plan.p);
    if (e == OK)
        e = conference_end(c->db, &(struct conference_end_in){id, minutes});
    return e == OK ? log_act(c, "conference.close", id, NULL, 0) : e;
}

enum err
conference_close(struct ctx *c, int64_t id, struct str minutes)
{
    enum err e;

    if (str_trim(minutes).n == 0 || minutes.n > CONFERENCE_MINUTES_MAX)
        return ctx_refuse(c, ERR_INPUT, "minutes of 1 to %d bytes", CONFERENCE_MINUTES_MAX);
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, close_it(c, id, minutes)) : e;
}
