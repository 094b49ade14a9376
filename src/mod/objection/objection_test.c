/* Objections: to a public result, once, answered by its department, corrected when it was wrong */
#include "mod/objection/objection.h"

#include "core/calendar.h"
#include "mod/flow_testing.h"
#include "mod/report/report.h"
#include "mod/result/result.h"

#define NONE ((struct str) {NULL, 0})

/* A published result: its key, and in *id its number. */
static struct result_key
published(struct ctx *c, int64_t *id)
{
    struct str task = flow_assigned(c), code = STR("rectification");
    struct result_row row;
    struct visit_list_row *v;
    struct opt_i64 due;
    bool changed;
    size_t n;

    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {task, STR(" "), 1}, &v, &n), OK);
    {
        struct result_key k = {task, v[0].target, STR("G1")};
        struct result_entry r = {.key = k, .codes = {&code, 1}, .produced_day = day_of_us(c->now_us)};

        EXPECT_INT(result_enter_paper(c, &r, &due), OK);
        EXPECT_INT(result_review(c, &k, true, NONE, &changed), OK);
        EXPECT_INT(result_see_key(c, &k, &row), OK);
        *id = row.id;
        EXPECT_INT(objection_file(c, &(struct objection_say) {k.target, *id, STR("未发现"), true, false}, &(struct objection_filed) {0}),
                   ERR_STATE); /* nothing is public yet */
        EXPECT_INT(result_publish(c, &k, &changed), OK);
        return k;
    }
}

TEST_DB(an_objection_that_is_right_corrects_the_result_and_stands_beside_it)
{
    struct objection_filed f, again;
    struct report_target_objections_row *shown;
    struct str code = STR("no_problem");
    struct result_row row;
    int64_t id;
    size_t n;
    struct result_key k = published(c, &id);
    struct objection_say say = {k.target, id, STR("已当场出示许可证，不存在问题"), true, false};
    struct objection_reply reply = {.target = k.target, .row_version = 1, .upheld = true, .codes = {&code, 1}, .answer = STR("核实属实，予以更正")};

    EXPECT_INT(objection_file(c, &say, &f), OK);
    EXPECT(!f.again && f.due.set && f.due.v > day_of_us(c->now_us) + OBJECTION_WORKING_DAYS);
    EXPECT_INT(objection_file(c, &say, &again), OK);
    EXPECT(again.again && again.id == f.id);
    say.content = STR("另一种说法");
    EXPECT_INT(objection_file(c, &say, &again), ERR_EXISTS);
    EXPECT(report_target_objections(c->db, c->arena, &(struct report_target_objections_in) {k.target}, &shown, &n) == OK && n == 0);
    reply.id = f.id;
    EXPECT_INT(objection_reply(c, &reply), OK);
    EXPECT(result_see_key(c, &k, &row) == OK && str_eq(row.codes, STR("[\"no_problem\"]")));
    EXPECT(report_target_objections(c->db, c->arena, &(struct report_target_objections_in) {k.target}, &shown, &n) == OK && n == 1);
    EXPECT(str_eq(shown[0].outcome, STR("upheld")));
    EXPECT_INT(objection_reply(c, &reply), ERR_STATE);
}

TEST_DB(an_answer_needs_words_the_newest_version_and_the_right_department)
{
    struct objection_filed f;
    struct objection_of_row o;
    struct result_row row;
    int64_t id;
    struct result_key k = published(c, &id);
    struct objection_reply reply = {.target = k.target, .row_version = 1, .answer = STR("检查记录和照片一致，维持原结果")};
    struct objection_reply silent = reply, uncorrected = reply, stale = reply;

    EXPECT_INT(objection_file(c, &(struct objection_say) {k.target, id, NONE, false, true}, &f), ERR_LENGTH);
    EXPECT_INT(objection_file(c, &(struct objection_say) {k.target, id + 1, STR("x"), false, true}, &f), ERR_NOT_FOUND);
    EXPECT_INT(objection_file(c, &(struct objection_say) {k.target, id, STR("不同意"), false, true}, &f), OK);
    reply.id = silent.id = uncorrected.id = stale.id = f.id;
    silent.answer = NONE;
    uncorrected.upheld = true;
    stale.row_version = 7;
    EXPECT_INT(objection_reply(c, &silent), ERR_LENGTH);
    EXPECT_INT(objection_reply(c, &uncorrected), ERR_MISSING);
    EXPECT_INT(objection_reply(c, &stale), ERR_CONFLICT);
    c->department = STR("sthjj");
    EXPECT_INT(objection_reply(c, &reply), ERR_NOT_FOUND);
    c->department = NONE;
    EXPECT_INT(objection_reply(c, &reply), OK);
    EXPECT(objection_of(c->db, c->arena, &(struct objection_of_in) {k.target, id}, &o) == OK && str_eq(o.outcome, STR("rejected")));
    EXPECT(result_see_key(c, &k, &row) == OK && str_eq(row.codes, STR("[\"rectification\"]")));
}

TEST_MAIN(T(an_objection_that_is_right_corrects_the_result_and_stands_beside_it),
          T(an_answer_needs_words_the_newest_version_and_the_right_department))
