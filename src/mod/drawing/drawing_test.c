/* The ceremony: once only, in order, nothing after the fact; and whatever is published verifies. */
#include "mod/drawing/drawing.h"

#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/calendar.h"
#include "mod/drawing/frame.h"
#include "mod/flow_testing.h"
#include "mod/followup/followup.h"
#include "mod/item/item.h"
#include "mod/journal/journal.h"
#include "mod/target/target.h"
#include "mod/task/task.h"
#include "mod/visit/visit.h"

#define RISK_TASK                                                                                                    \
    "{\"adhoc_reason\":\"x\",\"name\":\"分类抽查\",\"items\":[\"K1\"],\"scope\":{},\"strata\":{\"by\":\"risk\",\"strata\":[{\"label\":"  \
    "\"A\",\"ratio_bp\":1000},{\"label\":\"B\",\"ratio_bp\":2000},{\"label\":\"D\",\"ratio_bp\":10000}],\"rule\":\"pareto\","     \
    "\"suite\":\"sm3\"},\"lead\":\"scjgj\",\"participants\":[\"scjgj\"],\"from\":\"2026-03-02\",\"to\":\"2026-06-30\"}"

static enum drawing_state
state_of(struct ctx *c, struct str task)
{
    struct drawing_current_row d;
    enum drawing_state s = DRAWING_STATE_COUNT;

    EXPECT_INT(drawing_find(c, task, &d, &s), OK);
    return s;
}

static struct str
city_with_task(struct ctx *c)
{
    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    return flow_task(c, FLOW_TASK);
}

/* The published files give the published result. */
static void
verify(struct ctx *c, struct drawing_key k)
{
    struct draw_env env = draw_env_serial();
    struct draw_files files;
    struct fault f;
    struct str result;
    void *block;
    size_t need;
    struct arena a;

    for (int i = 0; i < DRAW_FILE_COUNT; i++)
        EXPECT_INT(drawing_map(c, k, draw_file_name((enum draw_file) i), &files.file[i]), OK);
    need = draw_arena_bytes(&files);
    block = malloc(need);
    a = arena_over(block, need);
    EXPECT_INT(draw_recompute(&files, &env, &a, &result, &f), OK);
    EXPECT(str_eq(result, files.file[DRAW_RESULT]));
    for (int i = 0; i < DRAW_FILE_COUNT; i++)
        drawing_unmap(files.file[i]);
    free(block);
}

static void
damage(struct ctx *c, struct drawing_key k, const char *name)
{
    char path[FILE_PATH_BYTES];
    FILE *f;
    int ch;

    EXPECT_INT(drawing_path(c, k, name, path), OK);
    f = fopen(path, "r+");
    EXPECT(f != NULL);
    ch = fgetc(f);
    rewind(f);
    fputc(ch == 'x' ? 'y' : 'x', f);
    fclose(f);
}

TEST(a_draw_moves_only_along_its_table)
{
    static const struct {
        enum drawing_state from, to;
    } MOVES[] = {{DRAWING_OPEN, DRAWING_SEALED},   {DRAWING_SEALED, DRAWING_LOCKED}, {DRAWING_LOCKED, DRAWING_BEACON},
                 {DRAWING_BEACON, DRAWING_DRAWN}, {DRAWING_SEALED, DRAWING_VOID},   {DRAWING_LOCKED, DRAWING_VOID},
                 {DRAWING_BEACON, DRAWING_VOID},  {DRAWING_DRAWN, DRAWING_VOID}};

    for (int from = 0; from <= DRAWING_STATE_COUNT; from++)
        for (int to = 0; to <= DRAWING_STATE_COUNT; to++) {
            bool listed = false;

            for (size_t i = 0; i < sizeof MOVES / sizeof *MOVES; i++)
                listed |= (int) MOVES[i].from == from && (int) MOVES[i].to == to;
            EXPECT(drawing_may_move((enum drawing_state) from, (enum drawing_state) to) == listed);
        }
}

/* --- frame --------------------------------------------------------------------------------------------------------- */

enum { TODAY = 20000 };

static enum frame_exclusion
excludes(const struct target_scan_row *t, const struct frame_visits *v, uint64_t *left)
{
    *left = 3; /* departments 0 and 1 would go */
    return frame_excludes(t, v, TODAY, left);
}

TEST(a_target_is_excluded_by_status_visits_and_observation)
{
    struct target_scan_row t = {.status = STR("active"), .risk_class = STR("B")};
    struct frame_visits v = {0};
    uint64_t mask;

    EXPECT_INT(excludes(&t, &v, &mask), FRAME_IN);
    t.status = STR("revoked");
    EXPECT_INT(excludes(&t, &v, &mask), FRAME_REVOKED);
    t.status = STR("active");
    frame_count(&v, 1, true);
    EXPECT_INT(excludes(&t, &v, &mask), FRAME_IN);
    EXPECT_INT(mask, 3);
    t.risk_class = STR("A");
    EXPECT_INT(excludes(&t, &v, &mask), FRAME_LOW_RISK);
    t.risk_class = STR("B");
    t.tags = STR("包容审慎\n食品");
    EXPECT_INT(excludes(&t, &v, &mask), FRAME_OBSERVATION);
    t.risk_class = STR("D"); /* never exempt */
    EXPECT_INT(excludes(&t, &v, &mask), FRAME_IN);
    mask = 0;
    EXPECT_INT(frame_excludes(&t, &v, TODAY, &mask), FRAME_NO_DEPARTMENT);
}

TEST(an_observation_period_ends_by_itself)
{
    struct target_scan_row t = {.status = STR("active"), .observed_to_day = {true, TODAY + 1}};
    struct frame_visits v = {0};
    uint64_t mask;

    EXPECT_INT(excludes(&t, &v, &mask), FRAME_OBSERVATION);
    t.risk_class = STR("E"); /* never exempt */
    EXPECT_INT(excludes(&t, &v, &mask), FRAME_IN);
    t.risk_class = STR("C");
    t.observed_to_day.v = TODAY;
    EXPECT_INT(excludes(&t, &v, &mask), FRAME_IN);
}

TEST(each_organ_comes_twice_a_year_and_all_together_four_times)
{
    struct target_scan_row t = {.status = STR("active"), .risk_class = STR("B")};
    struct frame_visits v = {0};
    uint64_t mask;

    frame_count(&v, 1, true);
    frame_count(&v, 1, false); /* the county's organ is another one */
    EXPECT_INT(excludes(&t, &v, &mask), FRAME_IN);
    EXPECT_INT(mask, 3);
    frame_count(&v, 1, true);
    EXPECT_INT(excludes(&t, &v, &mask), FRAME_IN);
    EXPECT_INT(mask, 2); /* department 1 may still come */
    frame_count(&v, 4, true);
    EXPECT_INT(excludes(&t, &v, &mask), FRAME_VISIT_CAP); /* four visits of all */
    v = (struct frame_visits) {0};
    frame_count(&v, 3, true);
    frame_count(&v, 3, true);
    EXPECT_INT(excludes(&t, &v, &mask), FRAME_VISIT_CAP); /* two visits, both departments */
    t.risk_class = STR("D");
    EXPECT_INT(excludes(&t, &v, &mask), FRAME_IN);
    EXPECT_INT(mask, 3);
}

TEST(the_weight_is_the_years_since_the_last_visit_between_one_and_ten)
{
    EXPECT_INT(frame_weight((struct opt_i64) {false, 0}, 20000), 10);
    EXPECT_INT(frame_weight((struct opt_i64) {true, 20000}, 20000), 1);
    EXPECT_INT(frame_weight((struct opt_i64) {true, 20000 - 729}, 20000), 1);
    EXPECT_INT(frame_weight((struct opt_i64) {true, 20000 - 730}, 20000), 2);
    EXPECT_INT(frame_weight((struct opt_i64) {true, 20000 - 3649}, 20000), 9);
    EXPECT_INT(frame_weight((struct opt_i64) {true, 20000 - 36500}, 20000), 10);
}

/* --- the ceremony ---------------------------------------------------------------------------------------------------- */

TEST_DB(a_draw_goes_from_opening_to_a_result_that_verifies)
{
    struct str task = city_with_task(c);
    struct drawing_key k = flow_draw(c, task, true, DRAWING_DRAWN);
    struct drawing_target_list_row *rows;
    struct drawing_current_row d;
    struct task t;
    size_t count;
    enum drawing_state s;

    EXPECT_STR(k.draw.p, "411500/2026/0001");
    EXPECT_INT(k.attempt, 1);
    EXPECT_INT(drawing_target_list(c->db, c->arena, &(struct drawing_target_list_in) {k.draw, k.attempt}, &rows, &count), OK);
    EXPECT_INT(count, 4); /* 10 % of 40, the same for both departments */
    for (size_t i = 0; i < count; i++) {
        EXPECT_INT(rows[i].position, i + 1);
        EXPECT_INT(rows[i].mask, 3);
        EXPECT_INT(rows[i].batch, 1 + i / 2);
    }
    EXPECT_INT(drawing_find(c, task, &d, &s), OK);
    EXPECT_INT(d.population_count.v, FLOW_TARGETS);
    EXPECT_INT(d.result_digest.n, 64);
    EXPECT_INT(task_load(c, task, &t), OK);
    EXPECT_INT(t.state, TASK_DRAWN);
    verify(c, k);
}

static void
visited(struct ctx *c, const char *target, const char *task, const char *draw, uint64_t mask, const char *exempt)
{
    EXPECT_INT(visit_open(c, &(struct visit_plan) {str_of(target), str_of(task), str_of(draw), 1, mask,
                                                   exempt == NULL ? (struct str) {0} : str_of(exempt)}), OK);
    EXPECT_INT(visit_submit(c, str_of(target), str_of(task), day_of_us(c->now_us), (struct str) {0}, VISIT_END_SIGNED), OK);
}

/* The line of a target in the roster of an attempt. */
static struct str
roster_line_of(struct ctx *c, struct drawing_key k, const char *target)
{
    struct str text, line, rest;

    EXPECT_INT(drawing_map(c, k, "roster.tsv", &text), OK);
    for (rest = str_copy(c->arena, text); str_split(rest, '\n', &line, &rest);)
        if (line.n > 9 && memcmp(line.p, target, 8) == 0)
            break;
    drawing_unmap(text);
    return (struct str) {line.p + 9, line.n - 9};
}

#define CITY "411500/2026/0801"
#define COUNTY "411525/2026/0801"

TEST_DB(visits_of_the_year_count_by_organ_and_the_exempt_ones_do_not)
{
    struct str task = city_with_task(c);
    struct drawing_key k;

    visited(c, "T0000001", "V1", CITY, 1, NULL); /* department 0 of the city twice, class B */
    visited(c, "T0000001", "V2", CITY, 1, NULL);
    visited(c, "T0000002", "V1", CITY, 1, NULL); /* once the city, once the county */
    visited(c, "T0000002", "V2", COUNTY, 1, NULL);
    visited(c, "T0000003", "V1", CITY, 3, NULL); /* class C: both departments twice */
    visited(c, "T0000003", "V2", CITY, 3, NULL);
    visited(c, "T0000004", "V1", CITY, 3, NULL); /* class D */
    visited(c, "T0000004", "V2", CITY, 3, NULL);
    visited(c, "T0000000", "V1", CITY, 1, "complaint"); /* class A */
    visited(c, "T0000005", "V1", CITY, 2, NULL);        /* class A */
    k = flow_draw(c, task, false, DRAWING_SEALED);
    EXPECT(str_eq(roster_line_of(c, k, "T0000000"), STR("all\t1\t3\t-")));
    EXPECT(str_eq(roster_line_of(c, k, "T0000001"), STR("all\t1\t2\t-")));
    EXPECT(str_eq(roster_line_of(c, k, "T0000002"), STR("all\t1\t3\t-")));
    EXPECT(str_eq(roster_line_of(c, k, "T0000003"), STR("!visit-cap\t0\t0\t-")));
    EXPECT(str_eq(roster_line_of(c, k, "T0000004"), STR("all\t1\t3\t-")));
    EXPECT(str_eq(roster_line_of(c, k, "T0000005"), STR("!low-risk\t0\t0\t-")));
}

/* sthjj checked there, and scjgj recognises it for its item, in place of a visit or only as something to know. */
static void
recognised(struct ctx *c, const char *target, int64_t result, const char *item, int64_t days, bool avoided)
{
    struct followup_origin o = {str_of(target), STR("411500202602020001"), STR("G1"), STR("sthjj"), STR("411525"), result};
    struct followup_at at = {o.target, 0, 1};

    EXPECT_INT(recognition_offer(c, &o, &(struct recognition_say){STR("scjgj"), str_of(item), day_of_us(c->now_us) + days}, &at.id), OK);
    EXPECT_INT(recognition_decide(c, at, true, avoided, (struct str){NULL, 0}), OK);
}

#define RECOGNISED STR("!recognised\t0\t0\t-")

TEST_DB(a_recognised_result_keeps_a_target_out_of_the_frame_by_itself)
{
    static const char EXEMPT[] = "{\"cap_exempt\":\"complaint\"," /* and the rest of FLOW_TASK */;
    char json[2048];
    struct str task = city_with_task(c), exempt;
    struct drawing_key k;

    recognised(c, "T0000002", 1, "G1", 30, true);
    recognised(c, "T0000004", 2, "G1", 0, true);   /* until today; class D too: the department itself accepted it */
    recognised(c, "T0000006", 3, "G1", 30, false); /* known, but it spares no visit */
    recognised(c, "T0000008", 4, "K1", 30, true);  /* another item than the task's */
    recognised(c, "T0000010", 5, "G1", 30, true);
    EXPECT_INT(recognition_lapse(c, STR("T0000010"), 5), OK); /* its result left the public */
    k = flow_draw(c, task, false, DRAWING_SEALED);
    EXPECT(str_eq(roster_line_of(c, k, "T0000002"), RECOGNISED));
    EXPECT(str_eq(roster_line_of(c, k, "T0000004"), RECOGNISED));
    EXPECT(str_eq(roster_line_of(c, k, "T0000006"), STR("all\t1\t3\t-")));
    EXPECT(str_eq(roster_line_of(c, k, "T0000008"), STR("all\t1\t3\t-")));
    EXPECT(str_eq(roster_line_of(c, k, "T0000010"), STR("all\t1\t3\t-")));
    snprintf(json, sizeof json, "%s%s", EXEMPT, &FLOW_TASK[1]);
    exempt = flow_task(c, json); /* a complaint is looked into whatever somebody else found */
    k = flow_draw(c, exempt, false, DRAWING_SEALED);
    EXPECT(str_eq(roster_line_of(c, k, "T0000002"), STR("all\t1\t3\t-")));
}

TEST_DB(a_department_stays_at_home_when_all_its_items_are_recognised_and_the_others_go)
{
    static const char TWO[] = "{\"adhoc_reason\":\"x\",\"name\":\"联合抽查\",\"items\":[\"G1\",\"E1\"],\"scope\":{},\"strata\":"
                              "{\"by\":\"one\",\"strata\":[{\"label\":\"all\",\"ratio_bp\":1000}]},\"lead\":\"scjgj\",\"participants\":"
                              "[\"scjgj\",\"sthjj\"],\"from\":\"2026-03-02\",\"to\":\"2026-06-30\"}";
    struct str task;
    struct drawing_key k;

    flow_city(c);
    flow_targets(c, FLOW_TARGETS);
    EXPECT_INT(item_put(c->db, &(struct item_put_in){.code = STR("E1"), .version = 1, .state = STR("published"), .name = STR("排污检查"),
                                                     .class = STR("KEY"), .domain = STR("环境"), .track = STR("random"),
                                                     .department = STR("sthjj")}), OK);
    task = flow_task(c, TWO);
    recognised(c, "T0000002", 1, "G1", 30, true);
    k = flow_draw(c, task, false, DRAWING_SEALED);
    EXPECT(str_eq(roster_line_of(c, k, "T0000002"), STR("all\t1\t2\t-")));
    EXPECT(str_eq(roster_line_of(c, k, "T0000004"), STR("all\t1\t3\t-")));
}

TEST_DB(a_task_that_the_caps_do_not_bind_draws_from_all)
{
    static const char EXEMPT[] = "{\"cap_exempt\":\"complaint\"," /* and the rest of FLOW_TASK */;
    char json[2048];
    struct str task = city_with_task(c);
    struct drawing_key k;

    snprintf(json, sizeof json, "%s%s", EXEMPT, &FLOW_TASK[1]);
    task = flow_task(c, json);
    visited(c, "T0000005", "V1", CITY, 3, NULL);
    visited(c, "T0000005", "V2", CITY, 3, NULL);
    k = flow_draw(c, task, false, DRAWING_SEALED);
    EXPECT(str_eq(roster_line_of(c, k, "T0000005"), STR("all\t1\t3\t-")));
    snprintf(json, sizeof json, "{\"cap_exempt\":\"because\",%s", &FLOW_TASK[1]);
    EXPECT_INT(task_create(c, STR("411500"), str_of(json), &task), ERR_INPUT);
    EXPECT(strstr(c->why, "because") != NULL);
}

TEST_DB(without_a_beacon_all_parties_must_open)
{
    struct str task = city_with_task(c);
    struct drawing_key k = flow_draw(c, task, false, DRAWING_SEALED);

    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    EXPECT_INT(drawing_lock(c, task), ERR_MISSING);
    EXPECT_INT(state_of(c, task), DRAWING_SEALED);
    EXPECT_INT(drawing_reveal(c, task, STR("sthjj"), flow_secret(c, "sthjj")), OK);
    EXPECT_INT(drawing_lock(c, task), OK);
    EXPECT_INT(state_of(c, task), DRAWING_BEACON);
    EXPECT_INT(drawing_run(c, task, &(struct draw_env) {.runner = runner_serial(), .lanes = 1}, &(struct drawing_drawn) {0}), OK);
    verify(c, k);
}

TEST_DB(with_a_strong_beacon_a_silent_party_is_absent_and_gains_nothing)
{
    struct str task = city_with_task(c);
    struct draw_env env = draw_env_serial();
    struct drawing_drawn drawn;
    struct drawing_key k = flow_draw(c, task, true, DRAWING_SEALED);

    EXPECT_INT(drawing_lock(c, task), ERR_MISSING); /* nobody at all */
    EXPECT_INT(drawing_reveal(c, task, STR("sthjj"), flow_secret(c, "sthjj")), OK);
    EXPECT_INT(drawing_lock(c, task), OK);
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), ERR_STATE); /* too late */
    EXPECT_INT(drawing_beacon(c, task, STR("cwl-ssq"), FLOW_SSQ, (struct str) {0}), OK);
    EXPECT_INT(drawing_run(c, task, &env, &drawn), ERR_STATE);
    EXPECT_INT(drawing_beacon(c, task, STR("sports-dlt"), FLOW_DLT, (struct str) {0}), OK);
    EXPECT_INT(drawing_run(c, task, &env, &drawn), OK);
    verify(c, k);
}

static bool
file_is_there(struct ctx *c, struct drawing_key k, const char *name)
{
    char path[FILE_PATH_BYTES];

    EXPECT_INT(drawing_path(c, k, name, path), OK);
    return access(path, F_OK) == 0;
}

/* An unannounced check, drawn. */
static struct drawing_key
unannounced(struct ctx *c, struct str task)
{
    static struct str parties[] = {{"scjgj", 5}, {"sthjj", 5}};
    struct draw_env env = draw_env_serial();
    struct drawing_sealed sealed;
    struct drawing_drawn drawn;
    struct drawing_key k = {0};

    EXPECT_INT(drawing_open(c, &(struct drawing_opening) {.task = task, .parties = {parties, 2}, .unannounced = true}, &k),
               OK);
    for (int i = 0; i < 2; i++)
        EXPECT_INT(drawing_commit(c, task, parties[i], flow_commitment(c, k, parties[i].p)), OK);
    EXPECT_INT(drawing_seal(c, task, &env, &sealed), OK);
    for (int i = 0; i < 2; i++)
        EXPECT_INT(drawing_reveal(c, task, parties[i], flow_secret(c, parties[i].p)), OK);
    EXPECT_INT(drawing_lock(c, task), OK);
    EXPECT_INT(drawing_run(c, task, &env, &drawn), OK);
    return k;
}

TEST_DB(secrets_of_an_unannounced_check_are_encrypted_until_their_day)
{
    struct str task = city_with_task(c), secret = flow_secret(c, "scjgj");
    struct drawing_key k = unannounced(c, task);
    struct draw_env env = draw_env_serial();
    struct drawing_party_list_in of = {k.draw, k.attempt};
    struct drawing_party_list_row *rows;
    struct drawing_current_row d;
    struct drawing_drawn again;
    enum drawing_state s;
    size_t count, disclosed;

    EXPECT_INT(drawing_party_list(c->db, c->arena, &of, &rows, &count), OK);
    EXPECT(rows[0].secret.p == NULL && rows[0].sealed_secret.n > 2 * secret.n);
    EXPECT(memmem(rows[0].sealed_secret.p, rows[0].sealed_secret.n, secret.p, secret.n) == NULL);
    EXPECT(!file_is_there(c, k, "reveal.json"));
    EXPECT_INT(drawing_run(c, task, &env, &again), OK); /* recomputed without the file */
    EXPECT(again.again);
    EXPECT_INT(drawing_disclose(c, &disclosed), OK);
    EXPECT_INT(disclosed, 0);
    EXPECT_INT(drawing_find(c, task, &d, &s), OK);
    EXPECT(d.publish_day.set);
    c->now_us = d.publish_day.v * INT64_C(86400000000) - INT64_C(8 * 3600000000);
    EXPECT_INT(drawing_disclose(c, &disclosed), OK);
    EXPECT_INT(disclosed, 1);
    EXPECT_INT(drawing_party_list(c->db, c->arena, &of, &rows, &count), OK);
    EXPECT(str_eq(rows[0].secret, secret) && rows[0].sealed_secret.p == NULL);
    EXPECT_INT(drawing_disclose(c, &disclosed), OK);
    EXPECT_INT(disclosed, 0);
    verify(c, k);
}

TEST_DB(without_its_key_an_unannounced_secret_is_not_disclosed_and_nothing_changes)
{
    struct str task = city_with_task(c);
    struct drawing_key k = unannounced(c, task);
    char path[FILE_PATH_BYTES];
    struct drawing_undisclosed_row *rows;
    size_t count;

    c->now_us += INT64_C(365) * 86400000000;
    EXPECT_INT(file_path(path, c->dir, STR("keys/draw.key")), OK);
    EXPECT_INT(file_write(path, (struct str) {"another key of thirty-two bytes.", 32}, 0600), OK);
    EXPECT_INT(drawing_disclose(c, &count), ERR_DIGEST);
    EXPECT_INT(unlink(path), 0);
    EXPECT_INT(drawing_disclose(c, &count), ERR_NOT_FOUND);
    EXPECT(access(path, F_OK) != 0 && !file_is_there(c, k, "reveal.json"));
    EXPECT_INT(drawing_undisclosed(c->db, c->arena, &(struct drawing_undisclosed_in) {day_of_us(c->now_us)}, &rows, &count),
               OK);
    EXPECT_INT(count, 1);
}

TEST_DB(a_second_run_gives_the_stored_result_and_never_a_second_draw)
{
    struct str task = city_with_task(c);
    struct draw_env env = draw_env_serial();
    struct drawing_drawn first, second;
    struct drawing_target_list_row *rows;
    size_t count;
    struct drawing_key k = flow_draw(c, task, true, DRAWING_BEACON);

    EXPECT_INT(drawing_run(c, task, &env, &first), OK);
    EXPECT(!first.again);
    EXPECT_INT(drawing_run(c, task, &env, &second), OK);
    EXPECT(second.again);
    EXPECT_STR(first.digest.p, second.digest.p);
    EXPECT_INT(drawing_target_list(c->db, c->arena, &(struct drawing_target_list_in) {k.draw, k.attempt}, &rows, &count), OK);
    EXPECT_INT(count, first.target_count);
    damage(c, k, "result.txt");
    EXPECT_INT(drawing_run(c, task, &env, &second), ERR_MISMATCH);
}

TEST_DB(a_frame_is_sealed_once)
{
    struct str task = city_with_task(c);
    struct draw_env env = draw_env_serial();
    struct drawing_sealed sealed;
    struct drawing_opening o = {.task = task};
    struct drawing_key k;
    struct str two[] = {{"scjgj", 5}, {"x", 1}};

    flow_draw(c, task, true, DRAWING_SEALED);
    EXPECT_INT(drawing_seal(c, task, &env, &sealed), ERR_STATE);
    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), flow_commitment(c, (struct drawing_key) {STR("x"), 1}, "scjgj")), ERR_STATE);
    o.parties = (struct texts) {two, 2};
    EXPECT_INT(drawing_open(c, &o, &k), ERR_STATE);
    EXPECT_INT(drawing_run(c, task, &env, &(struct drawing_drawn) {0}), ERR_STATE);
    EXPECT_INT(drawing_beacon(c, task, STR("cwl-ssq"), FLOW_SSQ, (struct str) {0}), ERR_STATE); /* before the lock */
}

TEST_DB(nothing_is_sealed_before_every_party_has_committed)
{
    struct str task = city_with_task(c);
    struct draw_env env = draw_env_serial();
    struct drawing_sealed sealed;
    struct drawing_key k = flow_open(c, task, true);

    EXPECT_INT(drawing_seal(c, task, &env, &sealed), ERR_STATE);
    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), flow_commitment(c, k, "scjgj")), OK);
    EXPECT_INT(drawing_seal(c, task, &env, &sealed), ERR_STATE);
    EXPECT_INT(state_of(c, task), DRAWING_OPEN);
}

TEST_DB(commitments_are_given_once_by_known_parties_and_never_copied)
{
    struct str task = city_with_task(c);
    struct drawing_key k = flow_open(c, task, true);
    struct str mine = flow_commitment(c, k, "scjgj");

    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), STR("abc")), ERR_LENGTH);
    EXPECT_INT(drawing_commit(c, task, STR("gaj"), mine), ERR_NOT_FOUND);
    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), mine), OK);
    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), mine), OK); /* sent twice */
    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), flow_commitment(c, k, "sthjj")), ERR_STATE);
    EXPECT_INT(drawing_commit(c, task, STR("sthjj"), mine), ERR_DUPLICATE);
}

TEST_DB(a_secret_must_open_its_commitment)
{
    struct str task = city_with_task(c);

    flow_draw(c, task, true, DRAWING_SEALED);
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "sthjj")), ERR_COMMITMENT);
    EXPECT_INT(drawing_reveal(c, task, STR("gaj"), flow_secret(c, "gaj")), ERR_NOT_FOUND);
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), STR("00")), ERR_LENGTH);
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
}

TEST_DB(weak_openings_are_refused)
{
    struct str task = city_with_task(c), parties[] = {{"scjgj", 5}, {"sthjj", 5}}, twice[] = {{"a", 1}, {"a", 1}};
    struct drawing_beacon weak = {STR("cwl-3d"), STR("2026083")};
    struct drawing_beacon past = {STR("drand-quicknet"),
                                  STR("52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971:657413")};
    struct drawing_opening o = {.task = task, .parties = {parties, 1}};
    struct drawing_key k;

    EXPECT_INT(drawing_open(c, &o, &k), ERR_POLICY); /* one party */
    o.parties = (struct texts) {twice, 2};
    EXPECT_INT(drawing_open(c, &o, &k), ERR_DUPLICATE);
    o.parties = (struct texts) {parties, 2};
    o.min_parties = 1; /* below 48 bits one must not stay silent */
    o.beacons = &weak;
    o.beacon_count = 1;
    EXPECT_INT(drawing_open(c, &o, &k), ERR_POLICY);
    o.beacons = &past;
    EXPECT_INT(drawing_open(c, &o, &k), ERR_POLICY);
    o.beacon_count = 0;
    o.min_parties = 3;
    EXPECT_INT(drawing_open(c, &o, &k), ERR_RANGE);
    o.min_parties = 0;
    o.number = STR("411500-2026-0001");
    EXPECT_INT(drawing_open(c, &o, &k), ERR_SYNTAX);
    o.number = (struct str) {0};
    o.task = STR("none");
    EXPECT_INT(drawing_open(c, &o, &k), ERR_NOT_FOUND);
}

TEST_DB(an_opening_may_be_replaced_until_it_is_sealed)
{
    struct str task = city_with_task(c), three[] = {{"gaj", 3}, {"scjgj", 5}, {"sthjj", 5}};
    struct drawing_key k = flow_open(c, task, true), again = flow_open(c, task, true);
    struct drawing_opening o = {.task = task, .parties = {three, 3}};

    EXPECT_STR(again.draw.p, k.draw.p);
    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), flow_commitment(c, k, "scjgj")), OK);
    EXPECT_INT(drawing_open(c, &o, &again), OK);
    EXPECT_INT(again.attempt, 1);
    EXPECT_INT(drawing_commit(c, task, STR("gaj"), flow_commitment(c, k, "gaj")), OK);
    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), flow_commitment(c, k, "other")), OK); /* the old one is forgotten */
}

TEST_DB(a_lock_after_the_event_of_a_beacon_is_refused)
{
    struct str task = city_with_task(c), parties[] = {{"scjgj", 5}, {"sthjj", 5}};
    struct drawing_beacon b = {STR("drand-quicknet"),
                               STR("52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971:30000000")};
    struct drawing_opening o = {.task = task, .parties = {parties, 2}, .beacons = &b, .beacon_count = 1};
    struct draw_env env = draw_env_serial();
    struct drawing_sealed sealed;
    struct drawing_key k;
    struct str value = flow_secret(c, "any 64 digits");
    int64_t start = c->now_us;

    EXPECT_INT(drawing_open(c, &o, &k), OK);
    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), flow_commitment(c, k, "scjgj")), OK);
    EXPECT_INT(drawing_commit(c, task, STR("sthjj"), flow_commitment(c, k, "sthjj")), OK);
    EXPECT_INT(drawing_seal(c, task, &env, &sealed), OK);
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    EXPECT_INT(drawing_reveal(c, task, STR("sthjj"), flow_secret(c, "sthjj")), OK);
    c->now_us = INT64_C(1782803367000000); /* 30 million rounds of 3 s after the genesis */
    EXPECT_INT(drawing_lock(c, task), ERR_POLICY);
    c->now_us = start;
    EXPECT_INT(drawing_lock(c, task), OK);
    EXPECT_INT(drawing_beacon(c, task, STR("drand-quicknet"), value, (struct str) {0}), ERR_POLICY); /* too early */
    c->now_us = INT64_C(1782803367000000);
    EXPECT_INT(drawing_beacon(c, task, STR("drand-quicknet"), STR("7"), (struct str) {0}), ERR_SYNTAX);
    EXPECT_INT(drawing_beacon(c, task, STR("drand-quicknet"), value, STR("00")), ERR_DIGEST);
    EXPECT_INT(drawing_beacon(c, task, STR("drand-quicknet"), value, STR("0")), ERR_SYNTAX);
    EXPECT_INT(drawing_beacon(c, task, STR("drand-quicknet"), value, (struct str) {0}), OK);
    EXPECT_INT(state_of(c, task), DRAWING_BEACON);
}

TEST_DB(a_beacon_has_one_value)
{
    struct str task = city_with_task(c);

    flow_draw(c, task, true, DRAWING_LOCKED);
    EXPECT_INT(drawing_beacon(c, task, STR("drand-quicknet"), FLOW_SSQ, (struct str) {0}), ERR_NOT_FOUND);
    EXPECT_INT(drawing_beacon(c, task, STR("cwl-ssq"), STR("1,2,3"), (struct str) {0}), ERR_SYNTAX);
    EXPECT_INT(drawing_beacon(c, task, STR("cwl-ssq"), STR(""), (struct str) {0}), ERR_SYNTAX);
    EXPECT_INT(drawing_beacon(c, task, STR("cwl-ssq"), FLOW_SSQ, (struct str) {0}), OK);
    EXPECT_INT(drawing_beacon(c, task, STR("cwl-ssq"), FLOW_SSQ, (struct str) {0}), OK);
    EXPECT_INT(drawing_beacon(c, task, STR("cwl-ssq"), STR("03,07,12,18,25,33+10"), (struct str) {0}), ERR_CONFLICT);
}

TEST_DB(a_draw_is_voided_with_a_reason_and_the_next_attempt_names_it)
{
    struct str task = city_with_task(c);
    struct drawing_current_row first, second;
    enum drawing_state s;
    struct drawing_key k = flow_open(c, task, true);

    EXPECT_INT(drawing_void(c, task, STR("x")), ERR_STATE); /* nothing was promised yet */
    flow_draw(c, task, true, DRAWING_DRAWN);
    EXPECT_INT(drawing_find(c, task, &first, &s), OK);
    EXPECT_INT(drawing_void(c, task, STR(" \n")), ERR_INPUT);
    EXPECT_INT(drawing_void(c, task, STR("a\nb")), ERR_INPUT);
    EXPECT_INT(drawing_void(c, task, STR("名录库有误")), OK);
    EXPECT_INT(drawing_void(c, task, STR("名录库有误")), ERR_STATE);
    k = flow_draw(c, task, true, DRAWING_DRAWN);
    EXPECT_INT(k.attempt, 2);
    EXPECT_STR(k.draw.p, first.draw.p);
    EXPECT_INT(drawing_find(c, task, &second, &s), OK);
    EXPECT_STR(second.prev.p, first.draw_digest.p);
    verify(c, (struct drawing_key) {first.draw, 1}); /* both stay public */
    verify(c, k);
}

TEST_DB(files_that_were_altered_are_noticed_at_the_next_step)
{
    struct str task = city_with_task(c);
    struct draw_env env = draw_env_serial();
    struct drawing_key k = flow_draw(c, task, true, DRAWING_SEALED);

    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    damage(c, k, "draw.txt");
    EXPECT(drawing_lock(c, task) != OK);
    EXPECT_INT(state_of(c, task), DRAWING_SEALED);
    EXPECT_INT(drawing_void(c, task, STR("文件被改动")), OK);
    k = flow_draw(c, task, true, DRAWING_BEACON);
    damage(c, k, "roster.tsv");
    EXPECT(drawing_run(c, task, &env, &(struct drawing_drawn) {0}) != OK);
    EXPECT_INT(state_of(c, task), DRAWING_BEACON);
}

enum { SALTED_TARGETS = 5 * 523 }; /* two whole tiles of the tree and a part */

/* A line of opened.tsv proves that its row stands in the sealed roster. */
static void
check_opened(struct str row, const unsigned char *root)
{
    struct str fields[7];
    unsigned char leaf[HASH_LEN];
    struct merkle_proof proof = {0};
    uint64_t index = 0;

    for (int i = 0; i < 7; i++)
        (void) str_split(row, '\t', &fields[i], &row);
    EXPECT_INT(fields[5].n, 32);
    EXPECT(str_u64(fields[0], SALTED_TARGETS, &index) == OK);
    merkle_leaf(HASH_SM3, fields[1].p, (size_t) (fields[5].p + 32 - fields[1].p), leaf);
    for (row = fields[6]; row.n > 0; proof.count++) {
        struct str hash;

        (void) str_split(row, ',', &hash, &row);
        EXPECT(hex_decode(hash, proof.hash[proof.count], HASH_LEN) == OK);
    }
    EXPECT_INT(merkle_check_inclusion(HASH_SM3, index, SALTED_TARGETS, leaf, &proof, root), OK);
}

TEST_DB(class_strata_are_salted_and_the_selected_rows_open_with_their_proofs)
{
    struct draw_env env = draw_env_serial();
    struct str task, opened, row, rest;
    struct drawing_drawn drawn;
    struct drawing_exclusion_list_row *excluded;
    struct drawing_sealed sealed;
    unsigned char root[HASH_LEN];
    struct drawing_key k;
    size_t count, lines = 0;

    flow_city(c);
    flow_targets(c, SALTED_TARGETS);
    task = flow_task(c, RISK_TASK);
    k = flow_open(c, task, false);
    for (int i = 0; i < 2; i++) { /* the suite is SM3 here */
        const char *party = i == 0 ? "scjgj" : "sthjj";
        unsigned char secret[DRAW_SECRET_BYTES], digest[HASH_LEN];
        char hex[HASH_HEX_LEN];

        EXPECT(hex_decode(flow_secret(c, party), secret, sizeof secret) == OK);
        draw_commitment(HASH_SM3, k.draw, 1, str_of(party), secret, digest);
        hex_encode(digest, HASH_LEN, hex);
        EXPECT_INT(drawing_commit(c, task, str_of(party), (struct str) {hex, sizeof hex}), OK);
    }
    EXPECT_INT(drawing_seal(c, task, &env, &sealed), OK);
    EXPECT_INT(sealed.rows, SALTED_TARGETS);
    EXPECT_INT(sealed.excluded, SALTED_TARGETS / 5); /* class C has no stratum, and says so */
    EXPECT_INT(drawing_exclusion_list(c->db, c->arena, &(struct drawing_exclusion_list_in) {k.draw, 1}, &excluded, &count), OK);
    EXPECT_INT(count, 1);
    EXPECT_STR(excluded[0].reason.p, "no-stratum");
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    EXPECT_INT(drawing_reveal(c, task, STR("sthjj"), flow_secret(c, "sthjj")), OK);
    EXPECT_INT(drawing_lock(c, task), OK);
    EXPECT_INT(drawing_run(c, task, &env, &drawn), OK);
    verify(c, k);

    EXPECT_INT(drawing_map(c, k, "opened.tsv", &opened), OK);
    EXPECT(hex_decode(sealed.root, root, HASH_LEN) == OK);
    for (rest = opened; str_split(rest, '\n', &row, &rest); lines++)
        check_opened(row, root);
    EXPECT_INT(lines, drawn.target_count);
    drawing_unmap(opened);
}

TEST_DB(an_empty_frame_is_not_sealed_and_nothing_stays_behind)
{
    struct draw_env env = draw_env_serial();
    struct drawing_sealed sealed;
    struct drawing_key k;
    struct str task;
    struct task t;

    flow_city(c);
    task = flow_task(c, FLOW_TASK);
    k = flow_open(c, task, true);
    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), flow_commitment(c, k, "scjgj")), OK);
    EXPECT_INT(drawing_commit(c, task, STR("sthjj"), flow_commitment(c, k, "sthjj")), OK);
    EXPECT_INT(drawing_seal(c, task, &env, &sealed), ERR_QUOTA);
    EXPECT_INT(state_of(c, task), DRAWING_OPEN);
    EXPECT_INT(task_load(c, task, &t), OK);
    EXPECT_INT(t.state, TASK_APPROVED);
    flow_targets(c, 10); /* the files of the failed sealing do not stand in the way */
    EXPECT_INT(drawing_seal(c, task, &env, &sealed), OK);
    EXPECT_INT(sealed.rows, 10);
}

TEST_DB(sealing_without_entropy_or_without_a_place_for_files_changes_nothing)
{
    struct draw_env env = draw_env_serial();
    struct drawing_sealed sealed;
    const char *dir = c->dir;
    struct str task = city_with_task(c);

    flow_draw(c, task, true, DRAWING_OPEN);
    c->dir = "/dev/null";
    EXPECT(drawing_seal(c, task, &env, &sealed) != OK);
    c->dir = dir;
    c->entropy = testing_no_entropy; /* the journal needs an id */
    EXPECT(drawing_seal(c, task, &env, &sealed) != OK);
    c->entropy = testing_entropy;
    EXPECT_INT(state_of(c, task), DRAWING_OPEN);
    EXPECT_INT(drawing_seal(c, task, &env, &sealed), OK);
}

/* Hears how far a sealing is: breaks it off at one time, or writes on another connection at the first. */
struct watching {
    struct ctx *c;
    int told, stop_at;
    uint64_t done, total;
    bool write;
};

static bool
watch(void *arg, uint64_t done, uint64_t total)
{
    struct watching *w = arg;

    w->done = done;
    w->total = total;
    if (w->write && w->told == 0) { /* the registry is being read: nobody waits for it */
        struct ctx other = *w->c;

        EXPECT_INT(db_open(testing_url(w->c), false, &other.db), OK);
        EXPECT_INT(db_begin(other.db), OK);
        EXPECT_INT(db_end(other.db, target_add(&other, &(struct target_insert_in){.code = STR("Z0000000"), .name = STR("后来登记的企业"),
                                                                                  .kind = STR("entity"), .status = STR("active"),
                                                                                  .entity_type = STR("enterprise"), .region = STR("411525"),
                                                                                  .departments = STR("scjgj")})), OK);
        db_close(other.db);
    }
    return ++w->told != w->stop_at;
}

/* Opened, and all have committed. */
static struct drawing_key
committed(struct ctx *c, struct str task)
{
    struct drawing_key k = flow_open(c, task, true);

    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), flow_commitment(c, k, "scjgj")), OK);
    EXPECT_INT(drawing_commit(c, task, STR("sthjj"), flow_commitment(c, k, "sthjj")), OK);
    return k;
}

TEST_DB(a_sealing_that_is_broken_off_leaves_nothing)
{
    struct draw_env env = draw_env_serial();
    struct str task = city_with_task(c);
    struct drawing_key k = committed(c, task);
    struct drawing_sealed sealed;

    for (int stop_at = 1; stop_at <= 2; stop_at++) { /* while reading; after hashing */
        struct watching w = {.c = c, .stop_at = stop_at};
        struct drawing_sealing *s;

        EXPECT_INT(drawing_prepare(c, task, &env, (struct drawing_watch){watch, &w}, &s), ERR_CANCELLED);
        drawing_abandon(s);
        EXPECT_INT(w.told, stop_at);
        EXPECT(w.total == FLOW_TARGETS && w.done <= w.total);
        EXPECT(!file_is_there(c, k, "roster.tsv") && !file_is_there(c, k, "roster.tsv.new") && !file_is_there(c, k, "draw.txt"));
        EXPECT_INT(state_of(c, task), DRAWING_OPEN);
    }
    EXPECT_INT(drawing_seal(c, task, &env, &sealed), OK);
}

TEST_DB(others_save_while_a_frame_is_made_and_come_after_it)
{
    struct draw_env env = draw_env_serial();
    struct str task = city_with_task(c);
    struct watching w = {.c = c, .write = true};
    struct drawing_sealing *s;
    struct drawing_sealed sealed;
    struct target_get_row late;

    committed(c, task);
    EXPECT_INT(drawing_prepare(c, task, &env, (struct drawing_watch){watch, &w}, &s), OK);
    EXPECT_INT(drawing_seal_prepared(c, s, &sealed), OK);
    drawing_abandon(s);
    EXPECT_INT(sealed.rows, FLOW_TARGETS);
    EXPECT_INT(target_get(c->db, c->arena, &(struct target_get_in){STR("Z0000000")}, &late), OK);
}

TEST_DB(a_frame_made_before_targets_were_merged_or_the_opening_was_replaced_is_made_again)
{
    struct draw_env env = draw_env_serial();
    struct str task = city_with_task(c);
    const struct drawing_watch nobody = {0};
    struct drawing_sealing *s;
    struct drawing_sealed sealed;

    committed(c, task);
    EXPECT_INT(drawing_prepare(c, task, &env, nobody, &s), OK);
    EXPECT_INT(journal_add(c, &(struct journal_act){STR("target.merge"), STR("T0000000"), STR("{\"dropped\":\"T0000001\"}")}), OK);
    EXPECT_INT(drawing_seal_prepared(c, s, &sealed), ERR_CONFLICT);
    drawing_abandon(s);
    EXPECT_INT(state_of(c, task), DRAWING_OPEN);

    EXPECT_INT(drawing_prepare(c, task, &env, nobody, &s), OK);
    flow_open(c, task, false); /* its parties have not committed yet */
    EXPECT_INT(drawing_seal_prepared(c, s, &sealed), ERR_STATE);
    drawing_abandon(s);

    committed(c, task);
    EXPECT_INT(drawing_prepare(c, task, &env, nobody, &s), OK);
    EXPECT_INT(drawing_seal(c, task, &env, &sealed), OK);
    EXPECT_INT(drawing_seal_prepared(c, s, &sealed), ERR_STATE); /* another was faster */
    drawing_abandon(s);
}

TEST(capital_is_read_with_its_unit_or_not_at_all)
{
    static const struct {
        const char *text, *band;
    } CASES[] = {{"5 万元", "c1"},      {"10万元", "c2"},         {"99 万元人民币", "c2"}, {"2,000(万元)", "c4"}, {"999万元", "c3"},
                 {"1 亿元", "c5"},      {"100000 元", "c2"},      {"99999元", "c1"},       {"500", "-"},          {"万元", "-"},
                 {"", "-"},             {"一百万元", "-"},        {"99999999999999999999 元", "-"}};

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        EXPECT_STR(drawing_capital_band(str_of(CASES[i].text)), CASES[i].band);
}

TEST_DB(a_dry_run_expects_what_it_counts_and_leaves_no_trace)
{
    struct draw_env env = draw_env_serial();
    struct drawing_simulation sim;
    struct drawing_current_row d;
    struct str task = city_with_task(c);
    uint64_t expected = 0;

    EXPECT_INT(drawing_simulate(c, task, 0, &env, (struct drawing_watch){NULL, NULL}, &sim), ERR_RANGE);
    EXPECT_INT(drawing_simulate(c, task, 200, &env, (struct drawing_watch){NULL, NULL}, &sim), OK);
    EXPECT_INT(sim.rows, FLOW_TARGETS);
    EXPECT_INT(sim.sample, 4);
    EXPECT_INT(sim.by[DRAWING_BY_STRATUM].count, 1);
    EXPECT_INT(sim.by[DRAWING_BY_STRATUM].v[0].sum, 800);
    EXPECT_INT(sim.by[DRAWING_BY_STRATUM].v[0].least, 4);
    EXPECT_INT(sim.by[DRAWING_BY_STRATUM].v[0].expected_numerator, 4000000);
    EXPECT_INT(sim.by[DRAWING_BY_REGION].count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct drawing_simulated *r = &sim.by[DRAWING_BY_REGION].v[i];

        expected += r->expected_numerator;
        EXPECT(r->sum > 320 && r->sum < 480); /* 400 expected, deviation about 13 */
        EXPECT(r->least < r->most);
    }
    EXPECT_INT(expected, 4000000);
    EXPECT_INT(sim.by[DRAWING_BY_CLASS].count, 4);
    EXPECT_INT(sim.by[DRAWING_BY_ENTITY].v[0].sum, 800);
    EXPECT_STR(sim.by[DRAWING_BY_CAPITAL].v[0].label.p, "-"); /* not known, not guessed */
    EXPECT_INT(sim.first_count, 4);
    EXPECT_INT(sim.first[0].mask, 3);
    EXPECT_INT(drawing_current(c->db, c->arena, &(struct drawing_current_in) {task}, &d), ERR_NOT_FOUND);
    flow_draw(c, task, true, DRAWING_SEALED);
    EXPECT_INT(drawing_simulate(c, task, 1, &env, (struct drawing_watch){NULL, NULL}, &sim), ERR_STATE);
}

static bool
stop_at_three(void *arg, uint64_t done, uint64_t total)
{
    EXPECT_INT(total, 100);
    *(uint64_t *) arg = done;
    return done < 3;
}

TEST_DB(a_dry_run_is_told_of_and_can_be_stopped)
{
    struct draw_env env = draw_env_serial();
    struct drawing_simulation sim;
    struct str task = city_with_task(c);
    uint64_t seen = 0;

    EXPECT_INT(drawing_simulate(c, task, 100, &env, (struct drawing_watch){stop_at_three, &seen}, &sim), ERR_CANCELLED);
    EXPECT_INT(seen, 3);
}

static void
one_more(struct ctx *c, struct str code, struct str status)
{
    EXPECT_INT(target_insert(c->db, &(struct target_insert_in){.code = code, .kind = STR("entity"), .updated_us = 1, .name = STR("模拟企业"),
                                                               .entity_type = STR("enterprise"), .region = STR("411525"),
                                                               .status = status, .risk_class = STR("B")}), OK);
}

TEST_DB(a_preview_shows_quotas_and_chances_and_after_the_seal_what_was_sealed)
{
    struct drawing_preview p;
    struct drawing_current_row d;
    struct str task = city_with_task(c);

    EXPECT_INT(drawing_preview(c, task, &p), OK);
    EXPECT_INT(p.rows, FLOW_TARGETS);
    EXPECT_INT(p.quota_count, 2);
    for (size_t i = 0; i < p.quota_count; i++) {
        EXPECT_INT(p.quotas[i].population, FLOW_TARGETS);
        EXPECT_INT(p.quotas[i].n, 4);
        EXPECT_INT(p.quotas[i].least_ppm, 100000);
        EXPECT_INT(p.quotas[i].most_ppm, 100000);
    }
    EXPECT_INT(drawing_current(c->db, c->arena, &(struct drawing_current_in) {task}, &d), ERR_NOT_FOUND);
    one_more(c, STR("U0000000"), STR("cancelled"));
    flow_draw(c, task, true, DRAWING_SEALED);
    one_more(c, STR("U0000001"), STR("active"));
    EXPECT_INT(drawing_preview(c, task, &p), OK);
    EXPECT_INT(p.rows, FLOW_TARGETS + 1);
    EXPECT_INT(p.excluded, 1);
    EXPECT_INT(p.reasons[FRAME_CANCELLED].count, 1);
    EXPECT(str_eq(p.reasons[FRAME_CANCELLED].codes[0], STR("U0000000")) && p.reasons[FRAME_CANCELLED].codes[1].n == 0);
    EXPECT_INT(p.quota_count, 2);
    EXPECT(str_eq(p.quotas[0].department, STR("scjgj")) && str_eq(p.quotas[1].department, STR("sthjj")));
    EXPECT_INT(p.quotas[1].least_ppm, p.quotas[1].n * 1000000 / FLOW_TARGETS);
}

TEST_DB(a_typed_beacon_counts_when_two_accounts_agree)
{
    struct str task = city_with_task(c), ssq = STR("cwl-ssq"), none = {0};
    enum drawing_typed how;

    flow_draw(c, task, true, DRAWING_SEALED);
    c->actor = STR("user:1");
    EXPECT_INT(drawing_type_beacon(c, task, ssq, FLOW_SSQ, none, &how), ERR_STATE);
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    EXPECT_INT(drawing_reveal(c, task, STR("sthjj"), flow_secret(c, "sthjj")), OK);
    EXPECT_INT(drawing_lock(c, task), OK);
    EXPECT_INT(drawing_type_beacon(c, task, ssq, STR("1,2"), none, &how), ERR_SYNTAX);
    EXPECT_INT(drawing_type_beacon(c, task, ssq, FLOW_SSQ, none, &how), OK);
    EXPECT_INT(how, DRAWING_TYPED_ALONE);
    EXPECT_INT(drawing_type_beacon(c, task, ssq, FLOW_SSQ, none, &how), OK);
    EXPECT_INT(how, DRAWING_TYPED_ALONE); /* the same account twice is one */
    c->actor = STR("user:2");
    EXPECT_INT(drawing_type_beacon(c, task, ssq, STR("01,02,03,04,05,06+07"), none, &how), OK);
    EXPECT_INT(how, DRAWING_TYPED_DIFFERS);
    EXPECT_INT(drawing_type_beacon(c, task, ssq, FLOW_SSQ, none, &how), OK);
    EXPECT_INT(how, DRAWING_TYPED_COUNTS);
    EXPECT_INT(drawing_type_beacon(c, task, ssq, STR("01,02,03,04,05,06+07"), none, &how), ERR_CONFLICT);
    EXPECT_INT(drawing_type_beacon(c, task, STR("cwl-3d"), STR("1,2,3"), none, &how), ERR_NOT_FOUND);
}

TEST_DB(a_target_is_substituted_only_for_listed_reasons_by_the_next_reserve)
{
    struct str task = city_with_task(c), who;
    struct drawing_substitution_list_row *list;
    struct drawing_target_list_row *rows;
    size_t count, entered;
    struct drawing_key k = flow_draw(c, task, true, DRAWING_DRAWN);

    EXPECT_INT(drawing_target_list(c->db, c->arena, &(struct drawing_target_list_in) {k.draw, 1}, &rows, &count), OK);
    who = rows[0].target;
    EXPECT_INT(drawing_substitute(c, task, who, STR("unreachable"), STR("x"), STR("局长"), &entered), ERR_INPUT);
    EXPECT_INT(drawing_substitute(c, task, who, STR("cancelled"), STR("x"), STR(" "), &entered), ERR_INPUT);
    EXPECT_INT(drawing_substitute(c, task, STR("T9999999"), STR("cancelled"), STR("x"), STR("局长"), &entered), ERR_NOT_FOUND);
    EXPECT_INT(drawing_substitute(c, task, who, STR("cancelled"), STR("x"), STR("局长"), &entered), OK);
    EXPECT_INT(entered, 2); /* for both departments */
    EXPECT_INT(drawing_substitute(c, task, who, STR("cancelled"), STR("x"), STR("局长"), &entered), ERR_EXISTS);
    EXPECT_INT(drawing_substitution_list(c->db, c->arena, &(struct drawing_substitution_list_in) {k.draw, 1}, &list, &count),
               OK);
    EXPECT_INT(count, 2);
    EXPECT_INT(list[0].rank, 1);
    EXPECT_STR(list[0].substitute.p, list[1].substitute.p);
    EXPECT_INT(drawing_target_list(c->db, c->arena, &(struct drawing_target_list_in) {k.draw, 1}, &rows, &count), OK);
    EXPECT_INT(count, 5); /* the original stays listed */
    EXPECT_STR(rows[4].target.p, list[0].substitute.p);
    EXPECT_INT(rows[4].mask, 3);
    EXPECT_INT(drawing_substitute(c, task, rows[1].target, STR("moved"), STR("x"), STR("局长"), &entered), ERR_QUOTA);
    verify(c, k); /* the published result stays what it was */
}

TEST_DB(twenty_thousand_targets_are_sealed_in_a_stream)
{
    struct draw_env env = draw_env_serial();
    struct drawing_sealed sealed;
    struct drawing_drawn drawn;
    struct drawing_key k;
    struct str task;

    flow_city(c);
    flow_targets(c, 20000);
    task = flow_task(c, FLOW_TASK);
    k = flow_open(c, task, false);
    EXPECT_INT(drawing_commit(c, task, STR("scjgj"), flow_commitment(c, k, "scjgj")), OK);
    EXPECT_INT(drawing_commit(c, task, STR("sthjj"), flow_commitment(c, k, "sthjj")), OK);
    EXPECT_INT(drawing_seal(c, task, &env, &sealed), OK);
    EXPECT_INT(sealed.rows, 20000);
    EXPECT_INT(drawing_reveal(c, task, STR("scjgj"), flow_secret(c, "scjgj")), OK);
    EXPECT_INT(drawing_reveal(c, task, STR("sthjj"), flow_secret(c, "sthjj")), OK);
    EXPECT_INT(drawing_lock(c, task), OK);
    EXPECT_INT(drawing_run(c, task, &env, &drawn), OK);
    EXPECT_INT(drawn.target_count, 2000);
    verify(c, k);
}

TEST_MAIN(T(a_draw_moves_only_along_its_table), T(a_target_is_excluded_by_status_visits_and_observation),
          T(an_observation_period_ends_by_itself),
          T(each_organ_comes_twice_a_year_and_all_together_four_times),
          T(visits_of_the_year_count_by_organ_and_the_exempt_ones_do_not),
          T(a_recognised_result_keeps_a_target_out_of_the_frame_by_itself),
          T(a_department_stays_at_home_when_all_its_items_are_recognised_and_the_others_go),
          T(a_task_that_the_caps_do_not_bind_draws_from_all),
          T(the_weight_is_the_years_since_the_last_visit_between_one_and_ten),
          T(a_draw_goes_from_opening_to_a_result_that_verifies), T(without_a_beacon_all_parties_must_open),
          T(with_a_strong_beacon_a_silent_party_is_absent_and_gains_nothing),
          T(secrets_of_an_unannounced_check_are_encrypted_until_their_day),
          T(without_its_key_an_unannounced_secret_is_not_disclosed_and_nothing_changes),
          T(a_second_run_gives_the_stored_result_and_never_a_second_draw), T(a_frame_is_sealed_once),
          T(nothing_is_sealed_before_every_party_has_committed),
          T(commitments_are_given_once_by_known_parties_and_never_copied), T(a_secret_must_open_its_commitment),
          T(weak_openings_are_refused), T(an_opening_may_be_replaced_until_it_is_sealed),
          T(a_lock_after_the_event_of_a_beacon_is_refused), T(a_beacon_has_one_value),
          T(a_draw_is_voided_with_a_reason_and_the_next_attempt_names_it),
          T(files_that_were_altered_are_noticed_at_the_next_step),
          T(class_strata_are_salted_and_the_selected_rows_open_with_their_proofs),
          T(an_empty_frame_is_not_sealed_and_nothing_stays_behind),
          T(sealing_without_entropy_or_without_a_place_for_files_changes_nothing),
          T(a_sealing_that_is_broken_off_leaves_nothing), T(others_save_while_a_frame_is_made_and_come_after_it),
          T(a_frame_made_before_targets_were_merged_or_the_opening_was_replaced_is_made_again),
          T(capital_is_read_with_its_unit_or_not_at_all), T(a_dry_run_expects_what_it_counts_and_leaves_no_trace), T(a_dry_run_is_told_of_and_can_be_stopped),
          T(a_preview_shows_quotas_and_chances_and_after_the_seal_what_was_sealed), T(a_typed_beacon_counts_when_two_accounts_agree),
          T(a_target_is_substituted_only_for_listed_reasons_by_the_next_reserve),
          T(twenty_thousand_targets_are_sealed_in_a_stream))
