/* Pools frozen before the seed, matched once, changed only through reserves. */
#include "mod/assignment/assignment.h"

#include "core/calendar.h"
#include "mod/flow_testing.h"
#include "mod/inspector/inspector.h"
#include "mod/task/task.h"
#include "mod/visit/visit.h"

static const struct assignment_rules RULES = {.slack = MATCH_SLACK_DEFAULT};

/* A task whose draw is sealed, with a frozen pool, drawn. */
static struct str
drawn_task(struct ctx *c, int people)
{
    struct draw_env env = draw_env_serial();
    struct assignment_frozen frozen;
    struct drawing_drawn drawn;
    struct str task;

    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    flow_people(c, people);
    task = flow_task(c, FLOW_TASK);
    flow_draw(c, task, false, DRAWING_SEALED);
    EXPECT_INT(assignment_freeze(c, task, &RULES, &frozen), OK);
    EXPECT_INT(frozen.inspector_count, 2 * people);
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    EXPECT_INT(drawing_reveal(c, task, STR("sthjj"), flow_secret(c, "sthjj")), OK);
    EXPECT_INT(drawing_lock(c, task), OK);
    EXPECT_INT(drawing_run(c, task, &env, &drawn), OK);
    return task;
}

TEST_DB(every_drawn_target_gets_its_team_a_lead_and_reserves)
{
    struct str task = drawn_task(c, 6);
    struct assignment_outcome out;
    struct assignment_list_row *rows;
    struct visit_list_row *visits;
    struct task t;
    size_t count, team = 0, leads = 0, reserves = 0;

    EXPECT_INT(assignment_assign(c, task, &out), OK);
    EXPECT(out.feasible && !out.again);
    EXPECT_INT(out.group_count, 8); /* four targets, two departments */
    EXPECT_INT(out.place_count, 12);
    EXPECT(out.most_load <= 3); /* 8 places for 6 people: 2, and a slack of 1 */
    EXPECT_INT(task_load(c, task, &t), OK);
    EXPECT_INT(t.state, TASK_ASSIGNED);
    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {task, STR(" "), 100}, &visits, &count), OK);
    EXPECT_INT(count, 4);
    EXPECT_INT(assignment_list(c->db, c->arena, &(struct assignment_list_in) {visits[0].target, out.key.draw, 1}, &rows, &count), OK);
    for (size_t i = 0; i < count; i++) {
        team += rows[i].rank == 0;
        leads += str_eq(rows[i].role, STR("lead"));
        reserves += str_eq(rows[i].role, STR("reserve"));
    }
    EXPECT_INT(team, 3);
    EXPECT_INT(leads, 2);
    EXPECT_INT(reserves, 9);
}

TEST_DB(a_second_matching_gives_the_stored_outcome)
{
    struct str task = drawn_task(c, 6);
    struct assignment_outcome first, second;

    EXPECT_INT(assignment_assign(c, task, &first), OK);
    EXPECT_INT(assignment_assign(c, task, &second), OK);
    EXPECT(second.again && second.feasible);
    EXPECT_STR(first.digest.p, second.digest.p);
}

TEST_DB(too_few_inspectors_are_proved_with_remedies_and_nobody_is_assigned)
{
    struct str task = drawn_task(c, 1);
    struct assignment_outcome out;
    struct visit_list_row *visits;
    struct task t;
    size_t count;

    EXPECT_INT(assignment_assign(c, task, &out), OK);
    EXPECT(!out.feasible);
    EXPECT(strstr(out.diagnosis.p, "\"need\":") != NULL);
    EXPECT(strstr(out.diagnosis.p, "\"remedies\":[") != NULL);
    EXPECT_INT(task_load(c, task, &t), OK);
    EXPECT_INT(t.state, TASK_DRAWN);
    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {task, STR(" "), 100}, &visits, &count), OK);
    EXPECT_INT(count, 0);
    EXPECT_INT(assignment_void(c, task, STR("检查人员不足")), OK);
}

TEST_DB(who_is_lent_is_matched_for_the_department_that_borrows)
{
    struct inspector_secondment_put_in say = {.department = STR("scjgj"), .anywhere = 1, .reason = STR("借调函〔2026〕3号")};
    struct inspector_at who = {STR("ZF-sthjj-003"), -1};
    struct draw_env env = draw_env_serial();
    struct assignment_frozen frozen;
    struct assignment_outcome out;
    struct assignment_list_row *rows;
    struct visit_list_row *visits;
    struct drawing_drawn drawn;
    size_t count, lent = 0;

    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    flow_people(c, 3);
    say.task = flow_task(c, FLOW_TASK);
    say.department = STR("sthjj");
    EXPECT_INT(assignment_second(c, who, &say), ERR_INPUT); /* his own */
    say.department = STR("gaj");
    EXPECT_INT(assignment_second(c, who, &say), ERR_INPUT); /* takes no part */
    say.department = STR("scjgj");
    say.reason = STR("");
    EXPECT_INT(assignment_second(c, who, &say), ERR_LENGTH);
    say.reason = STR("借调函〔2026〕3号");
    EXPECT_INT(assignment_second(c, who, &say), OK);
    EXPECT_INT(assignment_second(c, who, &say), ERR_STATE);
    EXPECT_INT(assignment_unsecond(c, who, say.task, STR("另有任务")), OK);
    EXPECT_INT(assignment_unsecond(c, who, say.task, STR("另有任务")), ERR_STATE);
    EXPECT_INT(assignment_second(c, who, &say), OK);
    flow_draw(c, say.task, false, DRAWING_SEALED);
    EXPECT_INT(assignment_unsecond(c, who, say.task, STR("另有任务")), ERR_STATE); /* the list is sealed */
    EXPECT_INT(assignment_freeze(c, say.task, &RULES, &frozen), OK);
    EXPECT_INT(frozen.inspector_count, 6);
    EXPECT_INT(drawing_reveal(c, say.task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    EXPECT_INT(drawing_reveal(c, say.task, STR("sthjj"), flow_secret(c, "sthjj")), OK);
    EXPECT_INT(drawing_lock(c, say.task), OK);
    EXPECT_INT(drawing_run(c, say.task, &env, &drawn), OK);
    EXPECT_INT(assignment_assign(c, say.task, &out), OK);
    EXPECT(out.feasible);
    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {say.task, STR(" "), 100}, &visits, &count), OK);
    EXPECT_INT(assignment_list(c->db, c->arena, &(struct assignment_list_in) {visits[0].target, out.key.draw, 1}, &rows, &count), OK);
    for (size_t i = 0; i < count; i++) {
        lent += str_eq(rows[i].inspector, who.code) && str_eq(rows[i].department, STR("scjgj"));
        EXPECT(!str_eq(rows[i].inspector, who.code) || str_eq(rows[i].department, STR("scjgj")));
    }
    EXPECT_INT(lent, 1); /* in the team or among its reserves */
}

static struct staff_tried
tried(struct ctx *c, struct str task, uint32_t inspectors, uint32_t raise)
{
    struct staff_more more = {.inspectors = inspectors, .cap = 10, .raise = raise};
    struct staff_trial t = {.more = &more, .more_count = 1, .slack = 1};
    struct str department = STR("scjgj");
    struct staff_tried out = {0};

    EXPECT_INT(assignment_try(c, task, &t, &department, &out), OK);
    return out;
}

TEST_DB(a_remedy_on_trial_tells_what_it_costs_and_changes_nothing)
{
    struct str task = drawn_task(c, 1), stranger = STR("gaj");
    struct staff_more more = {.inspectors = STAFF_TRIAL_INSPECTORS_MAX + 1};
    struct staff_trial t = {.more = &more, .more_count = 1};
    struct assignment_outcome out;
    struct visit_list_row *visits;
    struct staff_tried now = tried(c, task, 0, 0);
    size_t count;

    EXPECT(!now.feasible);
    EXPECT_INT(now.places, 12); /* 4 targets, 2 + 1 places */
    EXPECT(now.need > now.capacity);
    EXPECT(!tried(c, task, 0, 5).feasible); /* one person cannot be two */
    now = tried(c, task, 1, 0);
    EXPECT(now.feasible);
    EXPECT_INT(now.new_places, 4);
    EXPECT_INT(now.raised_places, 0);
    EXPECT_INT(now.most_load, 4);
    EXPECT_INT(assignment_try(c, task, &t, &stranger, &now), ERR_NOT_FOUND);
    EXPECT_INT(assignment_try(c, task, &t, &(struct str) {"scjgj", 5}, &now), ERR_RANGE);
    EXPECT_INT(assignment_assign(c, task, &out), OK);
    EXPECT(!out.feasible); /* what was tried is not what is frozen */
    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {task, STR(" "), 100}, &visits, &count), OK);
    EXPECT_INT(count, 0);
    EXPECT(tried(c, task, 1, 0).feasible); /* and after the proof too */
}

TEST_DB(the_forecast_warns_of_teams_that_anybody_could_name)
{
    struct draw_env env = draw_env_serial();
    struct drawing_simulation sim;
    struct assignment_forecast f;
    struct str task;

    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    task = flow_task(c, FLOW_TASK);
    EXPECT_INT(drawing_simulate(c, task, 1, &env, (struct drawing_watch) {NULL, NULL}, &sim), OK);
    EXPECT_INT(assignment_forecast(c, task, &RULES, sim.first, sim.first_count, (struct drawing_watch) {NULL, NULL}, &f), ERR_MISSING);
    flow_people(c, 2); /* scjgj sends two of its two, sthjj one of two */
    EXPECT_INT(assignment_forecast(c, task, &RULES, sim.first, sim.first_count, (struct drawing_watch) {NULL, NULL}, &f), OK);
    EXPECT(f.feasible);
    EXPECT_INT(f.runs, ASSIGNMENT_FORECAST_RUNS);
    EXPECT_INT(f.places, 12);
    EXPECT_INT(f.pair_count, 8);
    EXPECT_INT(f.pairs[0].share_bp, 10000);
    EXPECT_STR(f.pairs[0].department.p, "scjgj");
    EXPECT_INT(f.tight_count, 8); /* nobody to spare, and one to spare */
    EXPECT_INT(f.tight[0].candidates, 2);
}

TEST_DB(a_pool_is_frozen_once_after_the_seal_and_before_the_first_secret)
{
    struct assignment_frozen frozen;
    struct assignment_outcome out;
    struct str task;

    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    task = flow_task(c, FLOW_TASK);
    EXPECT_INT(assignment_freeze(c, task, &RULES, &frozen), ERR_NOT_FOUND);
    flow_open(c, task, false);
    EXPECT_INT(assignment_freeze(c, task, &RULES, &frozen), ERR_STATE);
    flow_draw(c, task, false, DRAWING_SEALED);
    EXPECT_INT(assignment_freeze(c, task, &RULES, &frozen), ERR_MISSING); /* nobody there */
    flow_people(c, 3);
    EXPECT_INT(assignment_freeze(c, task, &RULES, &frozen), OK);
    EXPECT_INT(assignment_freeze(c, task, &RULES, &frozen), ERR_EXISTS);
    EXPECT_INT(assignment_assign(c, task, &out), ERR_STATE); /* not drawn */
    EXPECT_INT(drawing_void(c, task, STR("重来")), OK);
    flow_draw(c, task, false, DRAWING_SEALED);
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    EXPECT_INT(assignment_freeze(c, task, &RULES, &frozen), ERR_STATE); /* too late */
}

TEST_DB(without_a_frozen_pool_nothing_is_matched)
{
    struct assignment_outcome out;
    struct str task;

    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    flow_people(c, 6);
    task = flow_task(c, FLOW_TASK);
    flow_draw(c, task, false, DRAWING_DRAWN);
    EXPECT_INT(assignment_assign(c, task, &out), ERR_STATE);
}

TEST_DB(an_altered_pool_is_noticed)
{
    static const char *const NAMES[] = {"rules.txt", "staff.tsv", "staff.txt"};
    struct str task = drawn_task(c, 6), text;
    struct assignment_outcome out;
    struct drawing_current_row d;
    enum drawing_state state;

    EXPECT_INT(drawing_find(c, task, &d, &state), OK);
    for (size_t i = 0; i < 3; i++) {
        struct drawing_key k = {d.draw, d.attempt};
        struct str good;

        EXPECT_INT(drawing_map(c, k, NAMES[i], &text), OK);
        good = str_copy(c->arena, text);
        drawing_unmap(text);
        EXPECT_INT(drawing_write(c, k, NAMES[i], (struct str) {good.p, good.n - 1}), OK);
        EXPECT_INT(assignment_assign(c, task, &out), ERR_DIGEST);
        EXPECT_INT(drawing_write(c, k, NAMES[i], good), OK);
    }
    EXPECT_INT(assignment_assign(c, task, &out), OK);
}

TEST_DB(recusals_expired_certificates_and_the_last_visit_keep_people_out)
{
    struct str task, text;
    struct assignment_frozen frozen;
    struct drawing_key k;

    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    flow_people(c, 3);
    EXPECT_INT(inspector_recusal_put(c->db, &(struct inspector_recusal_put_in) {STR("ZF-scjgj-001"), STR("T0000007"),
                                                                                STR("relative"), STR("x"), 1}), OK);
    EXPECT_INT(assignment_put(c->db, &(struct assignment_put_in) {STR("T0000007"), STR("411500/2025/0001"), 1, STR("scjgj"),
                                                                  STR("ZF-scjgj-001"), STR("lead"), 0}), OK);
    EXPECT_INT(assignment_put(c->db, &(struct assignment_put_in) {STR("T0000007"), STR("411500/2024/0001"), 1, STR("scjgj"),
                                                                  STR("ZF-scjgj-002"), STR("lead"), 0}), OK);
    task = flow_task(c, FLOW_TASK);
    k = flow_draw(c, task, false, DRAWING_SEALED);
    EXPECT_INT(assignment_freeze(c, task, &RULES, &frozen), OK);
    EXPECT_INT(frozen.forbidden_count, 2);
    EXPECT_INT(drawing_map(c, k, "forbidden.tsv", &text), OK);
    EXPECT(str_starts(text, STR("ZF-scjgj-001\tT0000007\tlast\t")));
    EXPECT(memmem(text.p, text.n, "\nZF-scjgj-001\tT0000007\trecusal\t", 31) != NULL);
    drawing_unmap(text);
    EXPECT_INT(drawing_map(c, k, "staff.tsv", &text), OK);
    EXPECT(str_starts(text, STR("ZF-scjgj-001\t0\t*\t-\t*\t")));
    drawing_unmap(text);
}

TEST_DB(who_steps_back_is_followed_by_the_first_reserve_with_reason_evidence_and_approver)
{
    struct str task = drawn_task(c, 6), entered;
    struct assignment_outcome out;
    struct assignment_list_row *rows, *after;
    struct visit_list_row *visits;
    struct assignment_replacement_list_row *list;
    struct assignment_change change = {.task = task, .department = STR("scjgj"), .reason = STR("relative"),
                                       .evidence = STR("本人申报"), .approver = STR("分管领导")};
    size_t count, after_count, lead = 0, first_reserve = 0;
    bool has_lead = false;

    EXPECT_INT(assignment_assign(c, task, &out), OK);
    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {task, STR(" "), 100}, &visits, &count), OK);
    change.target = visits[0].target;
    EXPECT_INT(assignment_list(c->db, c->arena, &(struct assignment_list_in) {change.target, out.key.draw, 1}, &rows, &count), OK);
    for (size_t i = count; i-- > 0;) {
        if (str_eq(rows[i].department, STR("scjgj")) && str_eq(rows[i].role, STR("lead")))
            lead = i;
        if (str_eq(rows[i].department, STR("scjgj")) && rows[i].rank == 1)
            first_reserve = i;
    }
    change.inspector = rows[lead].inspector;
    change.evidence = STR(" ");
    EXPECT_INT(assignment_replace(c, &change, &entered), ERR_INPUT);
    change.evidence = STR("本人申报");
    change.reason = STR("busy");
    EXPECT_INT(assignment_replace(c, &change, &entered), ERR_INPUT);
    change.reason = STR("relative");
    EXPECT_INT(assignment_replace(c, &change, &entered), OK);
    EXPECT(str_eq(entered, rows[first_reserve].inspector));
    EXPECT_INT(assignment_replace(c, &change, &entered), ERR_NOT_FOUND); /* not in the team any more */
    EXPECT_INT(assignment_list(c->db, c->arena, &(struct assignment_list_in) {change.target, out.key.draw, 1}, &after, &after_count),
               OK);
    EXPECT_INT(after_count, count); /* the one who stepped back stays listed */
    for (size_t i = 0; i < after_count; i++)
        has_lead |= str_eq(after[i].department, STR("scjgj")) && str_eq(after[i].role, STR("lead"));
    EXPECT(has_lead);
    EXPECT_INT(assignment_replacement_list(c->db, c->arena,
                                           &(struct assignment_replacement_list_in) {change.target, out.key.draw, 1}, &list, &count),
               OK);
    EXPECT_INT(count, 1);
}

TEST_DB(reserves_beyond_the_stored_ones_come_from_the_logged_file_in_their_order)
{
    struct str task = drawn_task(c, 26), entered;
    struct assignment_outcome out;
    struct assignment_list_row *rows;
    struct visit_list_row *visits;
    struct assignment_change change = {.task = task, .department = STR("sthjj"), .reason = STR("declared"),
                                       .evidence = STR("本人申报"), .approver = STR("分管领导")};
    size_t count;
    char seen[26][16] = {{0}};

    EXPECT_INT(assignment_assign(c, task, &out), OK);
    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {task, STR(" "), 100}, &visits, &count), OK);
    change.target = visits[0].target;
    EXPECT_INT(assignment_list(c->db, c->arena, &(struct assignment_list_in) {change.target, out.key.draw, 1}, &rows, &count), OK);
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].department, STR("sthjj")) && str_eq(rows[i].role, STR("lead")))
            change.inspector = rows[i].inspector;
    for (size_t n = 0; n < 25; n++) { /* one in the team, 25 reserves, 20 of them stored */
        EXPECT_INT(assignment_replace(c, &change, &entered), OK);
        for (size_t i = 0; i < n; i++)
            EXPECT(strcmp(seen[i], entered.p) != 0);
        snprintf(seen[n], sizeof seen[n], "%s", entered.p);
        change.inspector = entered;
    }
    EXPECT_INT(assignment_replace(c, &change, &entered), ERR_QUOTA);
}

TEST_DB(a_substituted_target_takes_the_team_of_the_original_and_its_own_visit)
{
    struct str task = drawn_task(c, 6);
    struct assignment_outcome out;
    struct visit_list_row *visits;
    struct drawing_substitution_list_row *subs;
    struct assignment_list_row *mine, *original;
    size_t count, entered, mine_count, original_count;

    EXPECT_INT(assignment_follow(c, task, &count), ERR_STATE);
    EXPECT_INT(assignment_substitute(c, task, STR("T0000000"), STR("cancelled"), STR("x"), STR("局长"), &entered) != OK, true);
    EXPECT_INT(assignment_assign(c, task, &out), OK);
    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {task, STR(" "), 100}, &visits, &count), OK);
    EXPECT_INT(assignment_substitute(c, task, visits[0].target, STR("cancelled"), STR("x"), STR("局长"), &entered), OK);
    EXPECT_INT(entered, 2); /* once for each department */
    EXPECT_INT(assignment_follow(c, task, &count), OK);
    EXPECT_INT(count, 0);
    EXPECT_INT(drawing_substitution_list(c->db, c->arena, &(struct drawing_substitution_list_in) {out.key.draw, 1}, &subs, &count), OK);
    EXPECT_INT(assignment_list(c->db, c->arena, &(struct assignment_list_in) {subs[0].substitute, out.key.draw, 1}, &mine, &mine_count), OK);
    EXPECT_INT(assignment_list(c->db, c->arena, &(struct assignment_list_in) {subs[0].target, out.key.draw, 1}, &original, &original_count), OK);
    EXPECT_INT(mine_count, original_count);
    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in) {task, STR(" "), 100}, &visits, &count), OK);
    EXPECT_INT(count, 5);
}

TEST_DB(a_department_confirms_its_teams_once_they_are_matched)
{
    struct str task = drawn_task(c, 6);
    struct assignment_outcome out;
    struct assignment_confirmation_list_row *rows;
    size_t count;

    EXPECT_INT(assignment_confirm(c, task, STR("scjgj")), ERR_STATE);
    EXPECT_INT(assignment_assign(c, task, &out), OK);
    EXPECT_INT(assignment_confirm(c, task, STR("wjw")), ERR_NOT_FOUND);
    EXPECT_INT(assignment_confirm(c, task, STR("scjgj")), OK);
    EXPECT_INT(assignment_confirm(c, task, STR("scjgj")), OK);
    EXPECT_INT(assignment_confirmation_list(c->db, c->arena, &(struct assignment_confirmation_list_in) {out.key.draw, 1}, &rows,
                                            &count), OK);
    EXPECT_INT(count, 1);
}

static bool
stop(void *arg, uint64_t done, uint64_t total)
{
    int *told = arg;

    EXPECT(done <= total && total == 8); /* groups */
    return --*told > 0;
}

TEST_DB(a_matching_that_is_broken_off_leaves_nothing)
{
    struct str task = drawn_task(c, 6), owners;
    const struct drawing_watch nobody = {0};
    struct drawing_current_row d;
    enum drawing_state state;
    struct assignment_staffing_row staffing;
    struct assignment_outcome out;
    struct assignment_teams_of_row *teams;
    struct matching *m;
    size_t count;
    int told = 1;

    EXPECT_INT(assignment_prepare(c, task, (struct drawing_watch) {stop, &told}, &m), ERR_CANCELLED);
    assignment_abandon(m);
    told = 1;
    EXPECT_INT(assignment_prepare(c, task, nobody, &m), OK);
    EXPECT_INT(assignment_store(c, m, (struct drawing_watch) {stop, &told}, &out), ERR_CANCELLED);
    assignment_abandon(m);
    EXPECT_INT(drawing_find(c, task, &d, &state), OK);
    EXPECT_INT(drawing_map(c, (struct drawing_key) {d.draw, d.attempt}, "owners.txt", &owners), ERR_NOT_FOUND);
    EXPECT_INT(drawing_map(c, (struct drawing_key) {d.draw, d.attempt}, "owners.txt.new", &owners), ERR_NOT_FOUND);
    EXPECT_INT(assignment_staffing(c->db, c->arena, &(struct assignment_staffing_in) {d.draw, d.attempt}, &staffing), OK);
    EXPECT_STR(staffing.state.p, "frozen");
    EXPECT_INT(assignment_teams_of(c->db, c->arena, &(struct assignment_teams_of_in) {d.draw, d.attempt}, &teams, &count), OK);
    EXPECT_INT(count, 0);
    EXPECT_INT(assignment_assign(c, task, &out), OK);
    EXPECT(out.feasible && !out.again);
}

TEST_DB(who_is_slower_gets_the_stored_matching)
{
    struct str task = drawn_task(c, 6);
    const struct drawing_watch nobody = {0};
    struct assignment_outcome slow, fast;
    struct matching *first, *second;

    EXPECT_INT(assignment_prepare(c, task, nobody, &first), OK);
    EXPECT_INT(assignment_prepare(c, task, nobody, &second), OK);
    EXPECT_INT(assignment_store(c, second, nobody, &fast), OK);
    EXPECT_INT(assignment_store(c, first, nobody, &slow), OK);
    EXPECT(!fast.again && slow.again && slow.feasible && str_eq(slow.digest, fast.digest));
    assignment_abandon(first);
    assignment_abandon(second);
}

TEST_DB(a_draw_that_was_voided_meanwhile_is_not_matched)
{
    struct str task = drawn_task(c, 6);
    const struct drawing_watch nobody = {0};
    struct assignment_outcome out;
    struct matching *m;

    EXPECT_INT(assignment_prepare(c, task, nobody, &m), OK);
    EXPECT_INT(assignment_void(c, task, STR("公证员不能继续")), OK);
    EXPECT_INT(assignment_store(c, m, nobody, &out), ERR_STATE);
    assignment_abandon(m);
}

TEST_MAIN(T(a_matching_that_is_broken_off_leaves_nothing), T(who_is_slower_gets_the_stored_matching),
          T(a_draw_that_was_voided_meanwhile_is_not_matched), T(a_department_confirms_its_teams_once_they_are_matched), T(every_drawn_target_gets_its_team_a_lead_and_reserves), T(a_second_matching_gives_the_stored_outcome),
          T(too_few_inspectors_are_proved_with_remedies_and_nobody_is_assigned),
          T(who_is_lent_is_matched_for_the_department_that_borrows), T(a_remedy_on_trial_tells_what_it_costs_and_changes_nothing), T(the_forecast_warns_of_teams_that_anybody_could_name),
          T(a_pool_is_frozen_once_after_the_seal_and_before_the_first_secret), T(without_a_frozen_pool_nothing_is_matched),
          T(an_altered_pool_is_noticed), T(recusals_expired_certificates_and_the_last_visit_keep_people_out),
          T(who_steps_back_is_followed_by_the_first_reserve_with_reason_evidence_and_approver),
          T(reserves_beyond_the_stored_ones_come_from_the_logged_file_in_their_order),
          T(a_substituted_target_takes_the_team_of_the_original_and_its_own_visit))
