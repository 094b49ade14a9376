/* A register is accepted without losing what it does not mention; recusals stay. */
#include "mod/inspector/inspector.h"

#include "mod/testing.h"

static struct inspector_say
say(const char *code)
{
    return (struct inspector_say){
        .row = {.code = str_of(code),
                .name = STR("检查员-0001"),
                .department = STR("scjgj"),
                .cap_count = 8,
                .updated_us = 1},
        .certificate = {str_of(code), STR("national"), STR("Z1"), {NULL, 0}, 21000},
    };
}

static enum inspector_effect
accept(struct ctx *c, const struct inspector_say *s, bool dry_run)
{
    enum inspector_effect effect = INSPECTOR_UNCHANGED;

    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, inspector_accept(c, s, dry_run, &effect)) == OK);
    return effect;
}

TEST_DB(an_inspector_is_new_then_unchanged_then_changed)
{
    struct inspector_say s = say("ZF-1");
    struct inspector_get_row row;

    EXPECT(accept(c, &s, true) == INSPECTOR_NEW);
    EXPECT(accept(c, &s, false) == INSPECTOR_NEW);
    EXPECT(accept(c, &s, false) == INSPECTOR_UNCHANGED);
    s.row.cap_count = 3; /* not said: kept */
    EXPECT(accept(c, &s, false) == INSPECTOR_UNCHANGED);
    s.cap_said = true;
    EXPECT(accept(c, &s, false) == INSPECTOR_CHANGED);
    s.certificate.valid_to_day = 22000;
    EXPECT(accept(c, &s, false) == INSPECTOR_CHANGED);
    s.leave = (struct inspector_leave_put_in){STR("ZF-1"), 20000, 20010, {NULL, 0}};
    s.leave_said = true;
    EXPECT(accept(c, &s, false) == INSPECTOR_CHANGED);
    EXPECT(accept(c, &s, false) == INSPECTOR_UNCHANGED);
    s.recusals[s.recusal_count++] = STR("P-1");
    EXPECT(accept(c, &s, false) == INSPECTOR_CHANGED);
    EXPECT(accept(c, &s, false) == INSPECTOR_UNCHANGED);
    EXPECT(inspector_get(c->db, c->arena, &(struct inspector_get_in){STR("ZF-1")}, &row) == OK);
    EXPECT(row.cap_count == 3 && str_eq(row.state, STR("active")) && row.row_version == 2);
}

TEST_DB(a_recusal_is_declared_once_with_a_known_kind_for_a_known_inspector)
{
    struct inspector_say s = say("ZF-1");

    accept(c, &s, false);
    EXPECT(inspector_recuse(c, STR("ZF-1"), STR("P-1"), STR("relative"), STR("配偶任职")) == OK);
    EXPECT(inspector_recuse(c, STR("ZF-1"), STR("P-1"), STR("interest"), STR("")) == ERR_EXISTS);
    EXPECT(inspector_recuse(c, STR("ZF-1"), STR("P-2"), STR("friend"), STR("")) == ERR_INPUT);
    EXPECT(inspector_recuse(c, STR("ZF-2"), STR("P-1"), STR("other"), STR("")) == ERR_NOT_FOUND);
}

TEST_DB(expired_certificates_of_those_at_work_are_listed)
{
    struct inspector_say s = say("ZF-1"), left = say("ZF-2");
    struct inspector_expired_row *rows;
    size_t count;

    left.row.state = STR("left");
    accept(c, &s, false);
    accept(c, &left, false);
    EXPECT(inspector_expired(c->db, c->arena, &(struct inspector_expired_in){21000, 10}, &rows, &count) ==
           OK);
    EXPECT_INT(count, 0);
    EXPECT(inspector_expired(c->db, c->arena, &(struct inspector_expired_in){21001, 10}, &rows, &count) ==
           OK);
    EXPECT(count == 1 && str_eq(rows[0].code, STR("ZF-1")));
}

TEST(words_become_ids)
{
    EXPECT(str_eq(inspector_state(STR("在岗")), STR("active")) && inspector_state(STR("?")).p == NULL);
    EXPECT(str_eq(inspector_certificate_kind(STR("行政执法证")), STR("national")));
}

TEST_MAIN(T(an_inspector_is_new_then_unchanged_then_changed),
          T(a_recusal_is_declared_once_with_a_known_kind_for_a_known_inspector),
          T(expired_certificates_of_those_at_work_are_listed), T(words_become_ids))
