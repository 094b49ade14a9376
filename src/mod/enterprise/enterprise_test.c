/* The enterprise itself: one account for one target, its own row with a proof that holds */
#include "mod/enterprise/enterprise.h"

#include <stdio.h>

#include "mod/flow_testing.h"
#include "mod/visit/visit.h"

static struct visit_list_row
first_visit(struct ctx *c, struct str task)
{
    struct visit_list_row *v;
    size_t n;

    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {task, STR(" "), 1}, &v, &n), OK);
    return v[0];
}

TEST_DB(an_enterprise_has_one_account_that_speaks_for_it_alone)
{
    char token[SECRET_TOKEN_CHARS + 1], again[SECRET_TOKEN_CHARS + 1];
    struct account_get_row a;
    struct account_new none = {.login = STR("e-none"), .name = STR("x"), .kind = STR("enterprise")},
                       clerk = {.login = STR("clerk"), .name = STR("x"), .kind = STR("business"), .target = STR("T0000000")};
    struct str login, second, target;
    uint32_t roles;
    int64_t id;

    flow_city(c);
    flow_targets(c, 4);
    EXPECT_INT(account_create(c, &none, &id), ERR_INPUT);
    EXPECT_INT(account_create(c, &clerk, &id), ERR_INPUT);
    EXPECT_INT(enterprise_invite(c, STR("T9999999"), &login, token), ERR_NOT_FOUND);
    EXPECT_INT(enterprise_invite(c, STR("T0000000"), &login, token), OK);
    EXPECT_INT(enterprise_invite(c, STR("T0000000"), &second, again), OK);
    EXPECT(str_eq(login, second) && strcmp(token, again) != 0); /* a further link, no further account */
    EXPECT(account_get(c->db, c->arena, &(struct account_get_in) {login}, &a) == OK && str_eq(a.kind, STR("enterprise")));
    EXPECT(account_roles(c, a.id, &roles) == OK && roles == UINT32_C(1) << ACCOUNT_ROLE_ENTERPRISE);
    EXPECT(enterprise_target(c, a.id, &target) == OK && str_eq(target, STR("T0000000")));
    EXPECT_INT(account_set_roles(c, login, UINT32_C(1) << ACCOUNT_ROLE_CLERK), ERR_INPUT); /* never a role of the office */
    c->region = STR("411502");
    EXPECT_INT(enterprise_invite(c, STR("T0000000"), &login, token), ERR_NOT_FOUND); /* it lies in 411525 */
}

TEST_DB(an_enterprise_gets_its_own_row_and_a_proof_that_holds)
{
    struct str task = flow_assigned(c);
    struct visit_list_row v = first_visit(c, task);
    struct enterprise_leaf l;
    struct drawing_key k = {v.draw, v.attempt};

    for (int i = 0; i < FLOW_TARGETS; i++) {
        char code[16];
        int n = snprintf(code, sizeof code, "T%07d", i);

        EXPECT_INT(enterprise_leaf(c, k, (struct str) {code, (size_t) n}, &l), OK);
        EXPECT(l.held && l.count == FLOW_TARGETS && l.index == (uint64_t) i && str_eq(l.row.id, (struct str) {code, (size_t) n}));
    }
    EXPECT(enterprise_leaf(c, k, STR("T00"), &l) == OK && !l.held);
    EXPECT_INT(enterprise_leaf(c, (struct drawing_key) {STR("411500/2026/9999"), 1}, STR("T0000000"), &l), ERR_NOT_FOUND);
}

TEST_MAIN(T(an_enterprise_has_one_account_that_speaks_for_it_alone),
          T(an_enterprise_gets_its_own_row_and_a_proof_that_holds))
