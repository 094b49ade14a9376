/* Requests that an inspector steps back: asked in time, decided once, and granted only together with the reserve who comes */
#include "mod/recusal/recusal.h"

#include "core/calendar.h"
#include "mod/assignment/assignment.h"
#include "mod/flow_testing.h"
#include "mod/journal/journal.h"
#include "mod/journal_sql.h"
#include "mod/visit/visit.h"

#define NONE ((struct str) {NULL, 0})

struct scene {
    struct str task;
    struct visit_list_row visit;
    struct drawing_key k;
    struct str lead;        /* of scjgj */
    struct str reserves[2]; /* of scjgj, in their order */
};

static struct scene
open_scene(struct ctx *c)
{
    struct scene s = {.task = flow_assigned(c)};
    struct visit_list_row *v;
    struct assignment_list_row *rows;
    size_t n;

    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {s.task, STR(" "), 1}, &v, &n), OK);
    s.visit = v[0];
    s.k = (struct drawing_key) {v[0].draw, v[0].attempt};
    EXPECT_INT(assignment_list(c->db, c->arena, &(struct assignment_list_in) {v[0].target, v[0].draw, v[0].attempt}, &rows, &n), OK);
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(rows[i].department, STR("scjgj")))
            continue;
        if (str_eq(rows[i].role, STR("lead")))
            s.lead = rows[i].inspector;
        if (rows[i].rank == 1 || rows[i].rank == 2)
            s.reserves[rows[i].rank - 1] = rows[i].inspector;
    }
    EXPECT(s.lead.n > 0 && s.reserves[0].n > 0 && s.reserves[1].n > 0);
    return s;
}

static struct recusal_same_row
request_of(struct ctx *c, const struct scene *s, struct str whom)
{
    struct recusal_same_row r = {0};

    EXPECT_INT(recusal_same(c->db, c->arena, &(struct recusal_same_in) {s->visit.target, s->visit.id, STR("scjgj"), whom}, &r), OK);
    return r;
}

static struct str
role_of(struct ctx *c, const struct scene *s, struct str inspector)
{
    struct assignment_list_row *rows;
    size_t n;

    EXPECT_INT(assignment_list(c->db, c->arena, &(struct assignment_list_in) {s->visit.target, s->k.draw, s->k.attempt}, &rows, &n), OK);
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].inspector, inspector))
            return rows[i].role;
    return NONE;
}

/* Does the last entry of the log name the target? */
static bool
last_entry_names(struct ctx *c, struct str target)
{
    struct journal_last_id_row last;
    struct journal_get_row entry;

    EXPECT_INT(journal_last_id(c->db, c->arena, &last), OK);
    EXPECT_INT(journal_get(c->db, c->arena, &(struct journal_get_in) {last.id}, &entry), OK);
    EXPECT(memmem(entry.subject.p, entry.subject.n, "recusal-request/", 16) != NULL);
    return memmem(entry.entry.p, entry.entry.n, target.p, target.n) != NULL ||
           memmem(entry.subject.p, entry.subject.n, target.p, target.n) != NULL;
}

TEST_DB(a_target_asks_before_its_visit_and_once_about_each_inspector)
{
    struct scene s = open_scene(c);
    struct recusal_say say = {s.visit.target, s.visit.id, STR("scjgj"), NONE, NONE};

    EXPECT_INT(recusal_ask(c, &say), ERR_LENGTH);
    say.reason = STR("检查人员是股东的亲属");
    say.visit++;
    EXPECT_INT(recusal_ask(c, &say), ERR_NOT_FOUND);
    say.visit--;
    say.target = STR("T9999999");
    EXPECT_INT(recusal_ask(c, &say), ERR_NOT_FOUND);
    say.target = s.visit.target;
    say.inspector = s.reserves[0];
    EXPECT_INT(recusal_ask(c, &say), ERR_INPUT); /* he does not come */
    say.inspector = NONE;
    EXPECT_INT(recusal_ask(c, &say), OK);
    EXPECT_INT(recusal_ask(c, &say), OK);
    EXPECT(!last_entry_names(c, s.visit.target));
    say.reason = STR("另一理由");
    EXPECT_INT(recusal_ask(c, &say), ERR_EXISTS);
    say.inspector = s.lead;
    EXPECT_INT(recusal_ask(c, &say), OK);
    EXPECT_INT(visit_submit(c, s.visit.target, s.task, day_of_us(c->now_us), NONE, VISIT_END_SIGNED), OK);
    say.department = STR("sthjj");
    say.inspector = NONE;
    EXPECT_INT(recusal_ask(c, &say), ERR_STATE);
}

TEST_DB(a_granted_request_brings_the_next_reserve_and_stands_in_the_register_for_later_draws)
{
    struct scene s = open_scene(c);
    struct recusal_say say = {s.visit.target, s.visit.id, STR("scjgj"), s.lead, STR("检查人员是股东的亲属，附户籍证明")};
    struct recusal_reply reply = {.target = s.visit.target, .row_version = 1, .granted = true, .answer = STR("属实，已更换"),
                                  .reason = STR("relative"), .approver = STR("局长")};
    struct assignment_replacement_list_row *list;
    struct inspector_recusal_get_row kept;
    struct str substitute;
    size_t n;

    EXPECT_INT(recusal_ask(c, &say), OK);
    reply.id = request_of(c, &s, s.lead).id;
    c->department = STR("sthjj");
    EXPECT_INT(recusal_answer(c, &reply, &substitute), ERR_NOT_FOUND); /* another department's */
    c->department = NONE;
    reply.row_version = 2;
    EXPECT_INT(recusal_answer(c, &reply, &substitute), ERR_CONFLICT);
    EXPECT(str_eq(role_of(c, &s, s.lead), STR("lead"))); /* nothing of it happened */
    reply.row_version = 1;
    reply.reason = STR("busy");
    EXPECT_INT(recusal_answer(c, &reply, &substitute), ERR_INPUT);
    reply.reason = STR("leave");
    EXPECT_INT(recusal_answer(c, &reply, &substitute), ERR_INPUT);
    reply.reason = STR("relative");
    EXPECT_INT(recusal_answer(c, &reply, &substitute), OK);
    EXPECT(str_eq(substitute, s.reserves[0]));
    EXPECT(str_eq(role_of(c, &s, s.lead), STR("recused")) && !str_eq(role_of(c, &s, substitute), STR("reserve")));
    EXPECT_INT(assignment_replacement_list(c->db, c->arena, &(struct assignment_replacement_list_in) {s.visit.target, s.k.draw, s.k.attempt}, &list, &n), OK);
    EXPECT(n == 1 && str_eq(list[0].reason, STR("relative")) && str_eq(list[0].approver, STR("局长")) && list[0].rank == 1);
    EXPECT_INT(inspector_recusal_get(c->db, c->arena, &(struct inspector_recusal_get_in) {s.lead, s.visit.target}, &kept), OK);
    EXPECT(str_eq(kept.kind, STR("relative")) && !kept.ended_us.set);
    reply.row_version = 2;
    EXPECT_INT(recusal_answer(c, &reply, &substitute), ERR_STATE); /* decided once */
}

TEST_DB(a_reserve_on_leave_expired_or_recused_is_passed_over_with_the_reason)
{
    struct scene s = open_scene(c);
    struct recusal_reply reply = {.target = s.visit.target, .row_version = 1, .granted = true, .answer = STR("同意"),
                                  .reason = STR("declared"), .approver = STR("局长")};
    struct inspector_leave_put_in leave = {s.reserves[0], day_of_us(c->now_us) - 1, day_of_us(c->now_us) + 300, NONE};
    struct assignment_replacement_list_row *list;
    struct str substitute;
    size_t n, asked;

    EXPECT_INT(inspector_away(c, (struct inspector_at) {s.reserves[0], -1}, NULL, &leave), OK);
    EXPECT_INT(inspector_recusal_put(c->db, &(struct inspector_recusal_put_in) {s.reserves[1], s.visit.target, STR("interest"), STR("持股"), c->now_us}), OK);
    EXPECT_INT(recusal_declare(c, (struct inspector_at) {s.lead, -1}, STR("R-411502000000001"), STR("declared"), STR("配偶任职"), &asked), OK);
    EXPECT_INT(asked, 0); /* he is to visit another target */
    EXPECT_INT(recusal_declare_own(c, s.lead, s.visit.target, STR("配偶任职"), &asked), OK);
    EXPECT_INT(asked, 1);
    reply.id = request_of(c, &s, s.lead).id;
    EXPECT_INT(recusal_answer(c, &reply, &substitute), OK);
    EXPECT(!str_eq(substitute, s.reserves[0]) && !str_eq(substitute, s.reserves[1]));
    EXPECT_INT(assignment_replacement_list(c->db, c->arena, &(struct assignment_replacement_list_in) {s.visit.target, s.k.draw, s.k.attempt}, &list, &n), OK);
    EXPECT(n == 1 && list[0].rank == 3 && strstr(list[0].passed.p, "\"why\":\"leave\"") != NULL &&
           strstr(list[0].passed.p, "\"why\":\"recusal\"") != NULL);
    EXPECT(str_eq(role_of(c, &s, s.reserves[0]), STR("reserve"))); /* he stays where the draw put him */
}

TEST_DB(without_a_reserve_who_may_go_nothing_is_granted)
{
    struct scene s = open_scene(c);
    struct recusal_say say = {s.visit.target, s.visit.id, STR("scjgj"), NONE, STR("组长与我有纠纷")};
    struct recusal_reply reply = {.target = s.visit.target, .row_version = 1, .granted = true, .answer = STR("同意"),
                                  .reason = STR("interest"), .approver = STR("局长")};
    struct assignment_list_row *rows;
    struct str substitute;
    size_t n;

    EXPECT_INT(recusal_ask(c, &say), OK);
    reply.id = request_of(c, &s, STR("-")).id;
    EXPECT_INT(recusal_answer(c, &reply, &substitute), ERR_MISSING); /* nobody is named */
    EXPECT_INT(assignment_list(c->db, c->arena, &(struct assignment_list_in) {s.visit.target, s.k.draw, s.k.attempt}, &rows, &n), OK);
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].role, STR("reserve")))
            EXPECT_INT(inspector_move(c, (struct inspector_at) {rows[i].inspector, -1}, STR("suspended"), STR("调查")), OK);
    reply.inspector = s.lead;
    EXPECT_INT(recusal_answer(c, &reply, &substitute), ERR_QUOTA);
    EXPECT(str_eq(role_of(c, &s, s.lead), STR("lead")));
    reply.granted = false;
    reply.answer = STR("理由不成立");
    EXPECT_INT(recusal_answer(c, &reply, &substitute), OK);
    EXPECT(substitute.n == 0 && str_eq(request_of(c, &s, STR("-")).state, STR("refused")));
}

TEST_DB(an_inspector_declares_of_himself_only_where_he_is_to_go_and_counts_once)
{
    struct scene s = open_scene(c);
    size_t asked;

    EXPECT_INT(recusal_declare_own(c, s.reserves[0], s.visit.target, STR("配偶任职"), &asked), ERR_NOT_FOUND);
    EXPECT_INT(recusal_declare_own(c, s.lead, STR("T9999999"), STR("配偶任职"), &asked), ERR_NOT_FOUND);
    EXPECT_INT(recusal_declare_own(c, s.lead, s.visit.target, NONE, &asked), ERR_LENGTH);
    EXPECT_INT(recusal_declare_own(c, s.lead, s.visit.target, STR("配偶任职"), &asked), OK);
    EXPECT_INT(asked, 1);
    EXPECT_INT(recusal_declare_own(c, s.lead, s.visit.target, STR("配偶任职"), &asked), OK);
    EXPECT_INT(asked, 0);
    EXPECT(str_eq(request_of(c, &s, s.lead).reason, STR("配偶任职")));
}

TEST_MAIN(T(a_target_asks_before_its_visit_and_once_about_each_inspector),
          T(a_granted_request_brings_the_next_reserve_and_stands_in_the_register_for_later_draws),
          T(a_reserve_on_leave_expired_or_recused_is_passed_over_with_the_reason), T(without_a_reserve_who_may_go_nothing_is_granted),
          T(an_inspector_declares_of_himself_only_where_he_is_to_go_and_counts_once))
