/* Credit-risk classes: schemes, a run against a model written here independently, review, application, observation. */
#include "mod/risk/risk.h"

#include <stdio.h>

#include "core/calendar.h"
#include "core/hash.h"
#include "mod/followup_sql.h"
#include "mod/journal_sql.h"
#include "mod/lead_sql.h"
#include "mod/result_sql.h"
#include "mod/target/target.h"
#include "mod/testing.h"

enum { TARGETS = 1300, TODAY = 20514 }; /* 2026-03-02: two pages */
#define NOBODY ((struct str){NULL, 0})
#define SCHEME                                                                                                       \
    "mingqian-risk/v1\nname 某市\nwindow 365\nclass A 0\nclass B 10\nclass C 30\nclass D 60\n"                        \
    "rule revoked status >= 1 points 40 times 1 weight 100 吊销\n"                                                    \
    "rule lost unreachable >= 1 points 25 times 1 weight 100 失联\n"                                                  \
    "rule problems problems each 1 points 8 times 3 weight 150 问题\n"                                                \
    "rule overdue followups_overdue >= 1 points 20 times 1 weight 100 逾期\n"                                         \
    "rule upheld complaints each 2 points 10 times 2 weight 100 投诉\n"                                               \
    "rule clean clean_results >= 2 points -6 times 1 weight 50 良好\n"                                                \
    "rule tax external:tax >= 1000 points 15 times 1 weight 100 欠税\n"                                               \
    "rule young age_months <= 6 points 3 times 1 weight 100 新设\n"                                                   \
    "observe platform 12 industry I64 平台\n"

static void
as(struct ctx *c, const char *actor)
{
    c->actor = str_of(actor);
}

static enum err
here(void *ctx, struct ctx *c, risk_act fn, void *arg)
{
    (void) ctx;
    return fn(c, arg);
}

/* --- a city ----------------------------------------------------------------------------------------------------------- */

/* What is true of target i, by plain arithmetic. */
struct plain {
    bool revoked, lost, classed, overdue, platform;
    int problems, clean, complaints, old_problems;
    int64_t tax, age_days;
};

static struct plain
plain_of(int i)
{
    unsigned x = (unsigned) i * 2654435761u;

    return (struct plain){.revoked = x % 17 == 0,
                          .lost = x / 7 % 13 == 0,
                          .classed = i % 3 != 0,
                          .overdue = x / 3 % 11 == 0,
                          .platform = x / 5 % 9 == 0,
                          .problems = (int) (x / 64 % 40) - 35,
                          .clean = (int) (x / 128 % 20) - 17,
                          .complaints = (int) (x / 4096 % 50) - 45,
                          .old_problems = i % 29 == 0,
                          .tax = i % 23 == 0 ? 1000 : i % 23 == 1 ? 999 : -1,
                          .age_days = 10 + (int64_t) (x / 16 % 900)};
}

/* The model: points in hundredths, said once more without a table. */
static int64_t
model_score(const struct plain *p)
{
    int64_t score = 0;
    int problems = p->problems > 3 ? 3 : p->problems, complaints = p->complaints / 2 > 2 ? 2 : p->complaints / 2;
    struct civil born = civil_from_day(TODAY - p->age_days);

    score += p->revoked ? 4000 : 0;
    score += p->lost ? 2500 : 0;
    score += problems > 0 ? problems * 1200 : 0;
    score += p->overdue ? 2000 : 0;
    score += complaints > 0 ? complaints * 1000 : 0;
    score -= p->clean >= 2 ? 300 : 0;
    score += p->tax >= 1000 ? 1500 : 0;
    /* not yet seven months old on 2 March 2026: born after 2 August 2025 */
    score += born.year == 2026 || (born.year == 2025 && (born.month > 8 || (born.month == 8 && born.day > 2))) ? 300 : 0;
    return score < 0 ? 0 : score;
}

static char
model_class(int64_t score)
{
    return score >= 6000 ? 'D' : score >= 3000 ? 'C' : score >= 1000 ? 'B' : 'A';
}

static const char *
code_of(int i)
{
    static char code[16];

    snprintf(code, sizeof code, "T%07d", i);
    return code;
}

static void
result(struct ctx *c, const char *code, const char *codes, int64_t day, const char *state)
{
    static int64_t id = 1;
    char task[24];
    struct str t = str_of(code);

    snprintf(task, sizeof task, "K%lld", (long long) ++id);
    EXPECT_INT(result_put(c->db, &(struct result_put_in){.target = t, .id = id, .task = str_of(task), .item = STR("G1"), .item_version = 1,
                                                         .department = STR("scjgj"), .codes = str_of(codes), .produced_day = day,
                                                         .entered_by = STR("x"), .entered_us = 1}),
               OK);
    if (state != NULL)
        EXPECT_INT(result_move(c->db, &(struct result_move_in){.target = t, .id = id, .old_state = STR("entered"), .new_state = str_of(state)}), OK);
}

static void
facts(struct ctx *c, int i, const struct plain *p)
{
    const char *code = code_of(i);
    char lead[32];

    for (int k = 0; k < p->problems; k++)
        result(c, code, k == 0 ? "[\"rectification\"]" : "[\"unqualified\",\"pending\"]", TODAY - 365, "approved");
    for (int k = 0; k < p->clean; k++)
        result(c, code, "[\"no_problem\"]", TODAY - 1, "approved");
    if (p->old_problems) {
        result(c, code, "[\"uncooperative\"]", TODAY - 366, "approved"); /* before the window */
        result(c, code, "[\"uncooperative\"]", TODAY, NULL);             /* not approved yet */
    }
    if (p->overdue || p->old_problems)
        EXPECT_INT(followup_put(c->db, &(struct followup_put_in){.target = str_of(code), .id = i + 1, .result = 1, .task = STR("K"),
                                                                 .item = STR("G1"), .department = STR("scjgj"), .measure = STR("correct"),
                                                                 .state = STR("ordered"), .due_day = {true, p->overdue ? TODAY - 1 : TODAY},
                                                                 .opened_by = STR("x"), .opened_us = 1}),
                   OK);
    for (int k = 0; k < p->complaints; k++) {
        snprintf(lead, sizeof lead, "X%07d-%d", i, k);
        EXPECT_INT(lead_put(c->db, &(struct lead_put_in){.code = str_of(lead), .source = STR("complaint"), .channel = STR("office"),
                                                         .region = STR("411525"), .target = str_of(code), .content = STR("x"),
                                                         .received_day = TODAY - 3, .received_us = 1}),
                   OK);
        EXPECT_INT(lead_move(c->db, &(struct lead_move_in){.code = str_of(lead), .row_version = 1, .old_state = STR("received"),
                                                           .new_state = STR("disposed"), .outcome = STR("violation")}),
                   OK);
    }
    if (p->tax >= 0)
        EXPECT_INT(risk_external_put(c->db, &(struct risk_external_put_in){str_of(code), STR("tax"), p->tax, TODAY, STR("x")}), OK);
}

static void
city(struct ctx *c, int count)
{
    as(c, "user:1");
    EXPECT_INT(db_begin(c->db), OK);
    for (int i = 0; i < count; i++) {
        struct plain p = plain_of(i);
        struct target_insert_in t = {.code = str_of(code_of(i)), .kind = STR("entity"), .name = STR("模拟企业"), .updated_us = 1,
                                     .region = i % 2 == 0 ? STR("411525") : STR("411502"), .departments = i % 5 == 0 ? STR("sthjj") : STR("scjgj"),
                                     .industry = p.platform ? STR("I6432") : STR("F5211"), .status = p.revoked ? STR("revoked") : STR("active"),
                                     .established_day = {true, TODAY - p.age_days}, .gaps = p.lost ? GAP_UNREACHABLE : 0,
                                     .risk_class = p.classed ? STR("B") : NOBODY};

        EXPECT_INT(target_insert(c->db, &t), OK);
        facts(c, i, &p);
    }
    EXPECT_INT(db_end(c->db, OK), OK);
}

static int64_t
in_force(struct ctx *c, const char *text)
{
    struct risk_fault f;
    int64_t version = 0;

    as(c, "user:1");
    EXPECT_INT(risk_draft(c, &(struct risk_say){str_of(text), STR("年度修订")}, &version, &f), OK);
    as(c, "user:2");
    EXPECT_INT(risk_move(c, version, 1, STR("approved"), NOBODY), OK);
    EXPECT_INT(risk_move(c, version, 2, STR("in_force"), NOBODY), OK);
    as(c, "user:1");
    return version;
}

static int64_t
proposed(struct ctx *c, int64_t scheme)
{
    struct risk_work w = {.write = here};

    as(c, "user:1");
    EXPECT_INT(risk_start(c, scheme, &w.run), OK);
    EXPECT_INT(risk_compute(c, &w), OK);
    return w.run;
}

static void
agree(struct ctx *c, int64_t run)
{
    struct risk_change_samples_row *r;
    size_t n = 0;

    as(c, "user:2");
    EXPECT_INT(risk_change_samples(c->db, c->arena, &(struct risk_change_samples_in){run}, &r, &n), OK);
    for (size_t i = 0; i < n; i++)
        EXPECT_INT(risk_review(c, run, r[i].c.target, STR("agreed"), NOBODY), OK);
}

static int64_t
entries(struct ctx *c, struct str act)
{
    struct journal_count_act_row r;

    EXPECT_INT(journal_count_act(c->db, c->arena, &(struct journal_count_act_in){0, act}, &r), OK);
    return r.count;
}

/* The last entry: its bytes. */
static struct str
newest(struct ctx *c)
{
    struct journal_last_id_row last;
    struct journal_get_row entry;

    EXPECT_INT(journal_last_id(c->db, c->arena, &last), OK);
    EXPECT_INT(journal_get(c->db, c->arena, &(struct journal_get_in){last.id}, &entry), OK);
    return entry.entry;
}

/* --- schemes ---------------------------------------------------------------------------------------------------------- */

TEST_DB(a_scheme_is_approved_by_somebody_else_and_supersedes_the_one_of_its_scope)
{
    struct risk_scheme_row s;
    struct risk_fault f;
    int64_t one, two = 0;

    one = in_force(c, SCHEME);
    EXPECT_INT(risk_draft(c, &(struct risk_say){STR(SCHEME), STR("再改")}, &two, &f), OK);
    EXPECT_INT(two, one + 1);
    EXPECT_INT(risk_move(c, two, 1, STR("approved"), NOBODY), ERR_PERMISSION);
    EXPECT_INT(risk_move(c, two, 1, STR("in_force"), NOBODY), ERR_STATE);
    as(c, "user:2");
    EXPECT_INT(risk_move(c, two, 9, STR("approved"), NOBODY), ERR_CONFLICT);
    EXPECT_INT(risk_move(c, two, 1, STR("approved"), NOBODY), OK);
    EXPECT_INT(risk_move(c, two, 1, STR("approved"), NOBODY), ERR_CONFLICT);
    EXPECT_INT(risk_redraft(c, two, 2, &(struct risk_say){STR(SCHEME), STR("晚了")}, &f), ERR_STATE);
    EXPECT_INT(risk_move(c, two, 2, STR("in_force"), NOBODY), OK);
    EXPECT_INT(risk_scheme_see(c, one, &s), OK);
    EXPECT_STR(s.state.p, "superseded");
    EXPECT_INT(risk_move(c, one, s.row_version, STR("withdrawn"), STR("x")), ERR_STATE);
    EXPECT_INT(entries(c, STR("risk.force")), 2);
}

TEST_DB(a_wrong_scheme_is_refused_with_its_place)
{
    struct risk_fault f;
    int64_t version = 0;

    as(c, "user:1");
    EXPECT_INT(risk_draft(c, &(struct risk_say){STR("mingqian-risk/v1\nname x\nwindow 0\n"), STR("x")}, &version, &f), ERR_INPUT);
    EXPECT(f.err == ERR_RANGE && f.line == 3 && f.column == 8);
    EXPECT_INT(risk_draft(c, &(struct risk_say){STR(SCHEME), STR(" ")}, &version, &f), ERR_INPUT);
    EXPECT_INT(f.err, OK);
    EXPECT_INT(entries(c, STR("risk.draft")), 0);
}

TEST_DB(a_county_sees_the_scheme_of_the_city_and_changes_its_own_alone)
{
    struct risk_scheme_row s;
    int64_t citys = in_force(c, SCHEME), countys, run;

    c->region = STR("411525");
    c->department = STR("scjgj");
    EXPECT_INT(risk_scheme_see(c, citys, &s), OK);
    EXPECT_INT(risk_move(c, citys, s.row_version, STR("withdrawn"), STR("x")), ERR_PERMISSION);
    EXPECT_INT(risk_start(c, citys, &run), ERR_PERMISSION);
    countys = in_force(c, SCHEME);
    c->region = STR("411502");
    EXPECT_INT(risk_scheme_see(c, countys, &s), ERR_NOT_FOUND);
    c->region = NOBODY;
    c->department = STR("sthjj");
    EXPECT_INT(risk_scheme_see(c, countys, &s), ERR_NOT_FOUND);
    c->department = NOBODY;
    EXPECT(risk_scheme_see(c, citys, &s) == OK && str_eq(s.state, STR("in_force")));
}

TEST(of_a_shared_target_one_scheme_decides_whoever_runs_first)
{
    const struct risk_scheme_in_force_row all[] = {{.s = {.version = 1, .department = STR("sthjj")}},
                                                   {.s = {.version = 2, .department = STR("scjgj")}},
                                                   {.s = {.version = 3, .department = STR("sthjj"), .region = STR("411525")}},
                                                   {.s = {.version = 4}}};
    static const struct {
        const char *region, *departments;
        size_t count;
        int64_t decides; /* 0: none */
    } CASES[] = {{"411502", "scjgj", 4, 2},        {"411502", "sthjj", 4, 1}, {"411502", "scjgj\nsthjj", 4, 4}, {"411502", "scjgj\nsthjj", 3, 2},
                 {"411502", "", 4, 4},             {"411502", "", 2, 2},      {"411525", "scjgj\nsthjj", 4, 3}, {"411525100", "sthjj", 4, 3},
                 {"411525", "scjgj", 4, 2},        {"411502", "wjw", 4, 4},   {"411502", "wjw", 3, 0},          {"411502", "wjw\nyjj", 2, 0},
                 {"411502", "scj\nsthjj2", 2, 0}, {"", "sthjj", 4, 1}};

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct risk_scheme_row *s = risk_decider(all, CASES[i].count, str_of(CASES[i].region), str_of(CASES[i].departments));

        EXPECT_INT(s == NULL ? 0 : s->version, CASES[i].decides);
    }
}

/* --- runs ------------------------------------------------------------------------------------------------------------- */

TEST_DB(a_run_gives_every_target_the_class_of_the_model)
{
    struct target_facts_of_row t;
    int64_t run, changed = 0;

    city(c, TARGETS);
    run = proposed(c, in_force(c, SCHEME));
    for (int i = 0; i < TARGETS; i++) {
        struct plain p = plain_of(i);
        int64_t score = model_score(&p);
        bool observed = p.platform && risk_month_on(TODAY - p.age_days, 12) > TODAY;
        struct risk_change_get_row r;
        size_t mark = arena_mark(c->arena);
        enum err e = risk_change_get(c->db, c->arena, &(struct risk_change_get_in){str_of(code_of(i)), run}, &r);

        EXPECT_INT(e, p.classed && model_class(score) == 'B' && !observed ? ERR_NOT_FOUND : OK);
        EXPECT(e != OK || (r.c.score_c == score && r.c.after.p[0] == model_class(score) && r.c.observed_to_day.set == observed));
        changed += e == OK;
        arena_rewind(c->arena, mark);
    }
    EXPECT_INT(risk_begin_apply(c, run), ERR_PERMISSION); /* who started it */
    agree(c, run);
    EXPECT_INT(risk_begin_apply(c, run), OK);
    EXPECT_INT(risk_begin_apply(c, run), OK); /* once more */
    EXPECT_INT(entries(c, STR("risk.apply")), 1);
    EXPECT_INT(risk_apply_all(c, &(struct risk_work){.run = run, .write = here}), OK);
    EXPECT_INT(risk_apply_all(c, &(struct risk_work){.run = run, .write = here}), ERR_STATE);
    for (int i = 0; i < TARGETS; i++) {
        struct plain p = plain_of(i);
        size_t mark = arena_mark(c->arena);

        EXPECT_INT(target_facts_of(c->db, c->arena, &(struct target_facts_of_in){str_of(code_of(i))}, &t), OK);
        EXPECT_INT(t.t.risk_class.p[0], model_class(model_score(&p)));
        arena_rewind(c->arena, mark);
    }
    EXPECT(changed > TARGETS / 2);
    run = proposed(c, 1);
    EXPECT_INT(risk_change_get(c->db, c->arena, &(struct risk_change_get_in){STR("T0000000"), run}, &(struct risk_change_get_row){0}),
               ERR_NOT_FOUND); /* nothing changes a second time */
}

TEST_DB(a_run_looks_at_its_own_scope_alone)
{
    struct risk_change_page_row *r;
    struct risk_run_row run;
    size_t n = 0;
    int64_t id;

    city(c, 60);
    c->region = STR("411525");
    c->department = STR("scjgj");
    id = proposed(c, in_force(c, SCHEME));
    EXPECT_INT(risk_run_see(c, id, &run), OK);
    EXPECT_INT(run.target_count, 24); /* every second, but for every fifth */
    EXPECT_INT(risk_change_page(c->db, c->arena, &(struct risk_change_page_in){id, STR("!"), NOBODY, NOBODY, 100}, &r, &n), OK);
    EXPECT_INT(n, run.change_count);
    for (size_t i = 0; i < n; i++)
        EXPECT((r[i].c.target.p[7] - '0') % 2 == 0 && r[i].c.target.p[7] != '0');
    c->region = STR("411502");
    EXPECT_INT(risk_run_see(c, id, &run), ERR_NOT_FOUND);
    EXPECT_INT(risk_discard(c, id, STR("x")), ERR_NOT_FOUND);
}

TEST_DB(a_second_run_waits_for_the_first)
{
    int64_t scheme, run, other;

    city(c, 20);
    scheme = in_force(c, SCHEME);
    run = proposed(c, scheme);
    EXPECT_INT(risk_start(c, scheme, &other), ERR_STATE);
    EXPECT_INT(risk_discard(c, run, STR("")), ERR_INPUT);
    EXPECT_INT(risk_discard(c, run, STR("数据有误")), OK);
    EXPECT_INT(risk_discard(c, run, STR("数据有误")), ERR_STATE);
    EXPECT_INT(risk_begin_apply(c, run), ERR_STATE);
    EXPECT_INT(risk_start(c, scheme, &other), OK);
}

TEST_DB(a_cancelled_run_leaves_nothing)
{
    _Atomic bool stop = true;
    struct risk_work w = {.write = here, .stop = &stop};
    struct risk_run_get_row r;
    struct risk_change_page_row *rows;
    size_t n = 9;

    city(c, 30);
    EXPECT_INT(risk_start(c, in_force(c, SCHEME), &w.run), OK);
    EXPECT_INT(risk_compute(c, &w), ERR_CANCELLED);
    EXPECT(risk_run_get(c->db, c->arena, &(struct risk_run_get_in){w.run}, &r) == OK && str_eq(r.r.state, STR("cancelled")));
    EXPECT_INT(risk_change_page(c->db, c->arena, &(struct risk_change_page_in){w.run, STR("!"), NOBODY, NOBODY, 9}, &rows, &n), OK);
    EXPECT_INT(n, 0);
}

TEST_DB(a_run_leaves_out_what_another_scheme_decides_on)
{
    struct risk_run_row run;
    struct risk_scheme_row s;
    int64_t general, own;

    city(c, 60);
    general = in_force(c, SCHEME);
    c->department = STR("sthjj");
    own = in_force(c, SCHEME);
    EXPECT(risk_scheme_of(c, str_of(code_of(5)), &s) == OK && s.version == own);
    EXPECT(risk_scheme_of(c, str_of(code_of(6)), &s) == OK && s.version == general);
    EXPECT(risk_run_see(c, proposed(c, own), &run) == OK && run.target_count == 12); /* every fifth */
    c->department = NOBODY;
    EXPECT(risk_run_see(c, proposed(c, general), &run) == OK && run.target_count == 48);
}

TEST_DB(a_run_that_a_stop_of_the_server_broke_off_is_taken_back_and_another_can_begin)
{
    struct risk_work w = {.write = here};
    struct risk_change_page_row *rows;
    struct risk_scheme_row *due;
    struct risk_run_get_row r;
    int64_t scheme, next;
    size_t n = 0;

    city(c, 30);
    EXPECT_INT(risk_start(c, scheme = in_force(c, SCHEME), &w.run), OK);
    EXPECT_INT(risk_change_put(c->db, &(struct risk_change_put_in){.target = STR("T0000001"), .run = w.run, .after = STR("B"), .reasons = STR("[]")}), OK);
    EXPECT_INT(risk_start(c, scheme, &next), ERR_STATE);
    EXPECT_INT(risk_sweep(c), OK);
    EXPECT(risk_scheme_due(c, &due, &n) == OK && n == 1); /* the run of the month is still to be made */
    EXPECT_INT(risk_compute(c, &w), ERR_STATE);
    EXPECT_INT(risk_start(c, scheme, &next), OK);
    EXPECT_INT(risk_clean(c, &w, 1), OK);
    EXPECT(risk_run_get(c->db, c->arena, &(struct risk_run_get_in){w.run}, &r) == OK && str_eq(r.r.state, STR("broken")));
    EXPECT_INT(risk_clean(c, &w, 9), OK);
    EXPECT(risk_run_get(c->db, c->arena, &(struct risk_run_get_in){w.run}, &r) == OK && str_eq(r.r.state, STR("cancelled")));
    EXPECT_INT(risk_change_page(c->db, c->arena, &(struct risk_change_page_in){w.run, STR("!"), NOBODY, NOBODY, 9}, &rows, &n), OK);
    EXPECT_INT(n, 0);
    EXPECT(risk_run_get(c->db, c->arena, &(struct risk_run_get_in){next}, &r) == OK && str_eq(r.r.state, STR("running")));
}

TEST_DB(what_is_known_of_a_merged_duplicate_counts_for_the_record_that_is_kept)
{
    struct target_facts_of_row t;
    struct risk_change_get_row r;
    struct risk_verdict v;
    struct risk_scheme s;
    struct risk_fault f;
    int64_t run, score;

    EXPECT_INT(risk_parse(STR(SCHEME), &s, &f), OK);
    city(c, 60);
    EXPECT_INT(risk_today(c, &s, str_of(code_of(2)), &v), OK);
    score = v.score_c;
    result(c, code_of(4), "[\"rectification\"]", TODAY, "approved");
    EXPECT(risk_today(c, &s, str_of(code_of(2)), &v) == OK && v.score_c == score);
    run = proposed(c, in_force(c, SCHEME));
    EXPECT_INT(risk_change_get(c->db, c->arena, &(struct risk_change_get_in){str_of(code_of(4)), run}, &r), OK);
    EXPECT_INT(target_merge_away(c->db, &(struct target_merge_away_in){str_of(code_of(4)), 1, str_of("T0000002"), 1}), OK);
    EXPECT(risk_today(c, &s, str_of(code_of(2)), &v) == OK && v.score_c >= score + 1200);
    agree(c, run);
    EXPECT_INT(risk_begin_apply(c, run), OK);
    EXPECT_INT(risk_apply_all(c, &(struct risk_work){.run = run, .write = here}), OK);
    EXPECT(risk_change_get(c->db, c->arena, &(struct risk_change_get_in){str_of(code_of(4)), run}, &r) == OK && str_eq(r.c.outcome, STR("kept")));
    EXPECT(target_facts_of(c->db, c->arena, &(struct target_facts_of_in){str_of(code_of(4))}, &t) == OK && t.t.risk_source.n == 0);
}

TEST_DB(the_sample_is_reviewed_before_anything_is_applied)
{
    struct risk_change_samples_row *r;
    struct target_facts_of_row t;
    size_t n = 0;
    int64_t run;

    city(c, 60);
    run = proposed(c, in_force(c, SCHEME));
    EXPECT_INT(risk_change_samples(c->db, c->arena, &(struct risk_change_samples_in){run}, &r, &n), OK);
    EXPECT_INT(n, RISK_SAMPLE_MAX);
    EXPECT_INT(risk_review(c, run, r[0].c.target, STR("agreed"), NOBODY), ERR_PERMISSION);
    as(c, "user:2");
    EXPECT_INT(risk_begin_apply(c, run), ERR_STATE);
    EXPECT_INT(risk_review(c, run, r[0].c.target, STR("refused"), NOBODY), ERR_INPUT);
    EXPECT_INT(risk_review(c, run, r[0].c.target, STR("maybe"), NOBODY), ERR_INPUT);
    EXPECT_INT(risk_review(c, run, STR("T9999999"), STR("agreed"), NOBODY), ERR_NOT_FOUND);
    agree(c, run);
    for (size_t i = 0; i < 4; i++)
        EXPECT_INT(risk_review(c, run, r[i].c.target, STR("refused"), STR("已整改")), OK);
    EXPECT_INT(risk_begin_apply(c, run), ERR_STATE); /* four of thirty: more than a tenth */
    EXPECT_INT(risk_review(c, run, r[3].c.target, STR("agreed"), NOBODY), OK);
    EXPECT_INT(risk_begin_apply(c, run), OK);
    EXPECT_INT(risk_apply_all(c, &(struct risk_work){.run = run, .write = here}), OK);
    EXPECT_INT(target_facts_of(c->db, c->arena, &(struct target_facts_of_in){r[0].c.target}, &t), OK);
    EXPECT(str_eq(t.t.risk_class, r[0].c.before)); /* what was refused is not applied */
    EXPECT_INT(target_facts_of(c->db, c->arena, &(struct target_facts_of_in){r[3].c.target}, &t), OK);
    EXPECT(str_eq(t.t.risk_class, r[3].c.after));
    EXPECT(str_eq(r[3].c.before, r[3].c.after) || str_eq(t.t.risk_source, STR("run")));
}

TEST_DB(a_class_that_somebody_else_changed_is_kept)
{
    struct risk_change_get_row r;
    struct target_facts_of_row t;
    int64_t run;
    int i = 0;

    city(c, 60);
    run = proposed(c, in_force(c, SCHEME));
    while (i < 60 && (risk_change_get(c->db, c->arena, &(struct risk_change_get_in){str_of(code_of(i)), run}, &r) != OK ||
                      str_eq(r.c.before, r.c.after)))
        i++;
    EXPECT_INT(target_classify_put(c->db, &(struct target_classify_put_in){r.c.target, r.c.before, STR("E"), TODAY}), OK);
    agree(c, run);
    EXPECT_INT(risk_begin_apply(c, run), OK);
    EXPECT_INT(risk_apply_all(c, &(struct risk_work){.run = run, .write = here}), OK);
    EXPECT_INT(target_facts_of(c->db, c->arena, &(struct target_facts_of_in){str_of(code_of(i))}, &t), OK);
    EXPECT_STR(t.t.risk_class.p, "E");
    EXPECT_STR(t.t.risk_source.p, "run");
    EXPECT_INT(risk_change_get(c->db, c->arena, &(struct risk_change_get_in){str_of(code_of(i)), run}, &r), OK);
    EXPECT_STR(r.c.outcome.p, "kept");
}

TEST_DB(a_scheme_in_force_is_due_once_a_month)
{
    struct risk_scheme_row *due;
    size_t n = 0;
    int64_t run;

    city(c, 5);
    EXPECT(risk_scheme_due(c, &due, &n) == OK && n == 0);
    (void) in_force(c, SCHEME);
    EXPECT(risk_scheme_due(c, &due, &n) == OK && n == 1);
    run = proposed(c, due[0].version);
    EXPECT(risk_scheme_due(c, &due, &n) == OK && n == 0);
    c->now_us += INT64_C(31) * 86400 * 1000000;
    EXPECT(risk_scheme_due(c, &due, &n) == OK && n == 0); /* the last one is not decided yet */
    EXPECT_INT(risk_discard(c, run, STR("x")), OK);
    EXPECT(risk_scheme_due(c, &due, &n) == OK && n == 1);
}

/* --- observation ------------------------------------------------------------------------------------------------------ */

/* The digest of risk-1 §5, from what the house keeps. */
static void
opened(const char *target, const struct risk_observing_list_row *act, char hex[static 2 * HASH_LEN])
{
    unsigned char digest[HASH_LEN];
    char text[256], day[DAY_TEXT + 1];

    day_format(act->until_day.v, day);
    snprintf(text, sizeof text, "%.*s\n%s\n%s\n%.*s", (int) act->salt.n, act->salt.p, target, day, (int) act->reason.n, act->reason.p);
    hash_of(HASH_SHA256, text, strlen(text), digest);
    hex_encode(digest, HASH_LEN, hex);
}

TEST_DB(an_observation_period_set_by_a_person_stays)
{
    struct risk_observation_get_row o;
    struct target_facts_of_row t;
    struct risk_observing_list_row *acts;
    char hex[2 * HASH_LEN];
    size_t n = 0;
    struct opt_i64 never = {0}, later = {true, TODAY + 30};
    int64_t run;
    int i = 0;

    city(c, 60);
    while (!plain_of(i).platform || plain_of(i).age_days > 300)
        i++;
    EXPECT_INT(risk_observe(c, str_of(code_of(i)), later, STR("")), ERR_INPUT);
    EXPECT_INT(risk_observe(c, str_of(code_of(i)), (struct opt_i64){true, TODAY}, STR("x")), ERR_DATE);
    EXPECT_INT(risk_observe(c, str_of(code_of(i)), never, STR("有投诉")), OK);
    run = proposed(c, in_force(c, SCHEME));
    agree(c, run);
    EXPECT_INT(risk_begin_apply(c, run), OK);
    EXPECT_INT(risk_apply_all(c, &(struct risk_work){.run = run, .write = here}), OK);
    EXPECT_INT(target_facts_of(c->db, c->arena, &(struct target_facts_of_in){str_of(code_of(i))}, &t), OK);
    EXPECT(!t.t.observed_to_day.set);
    for (i++; !plain_of(i).platform || plain_of(i).age_days > 300;)
        i++;
    EXPECT_INT(risk_observation_get(c->db, c->arena, &(struct risk_observation_get_in){str_of(code_of(i))}, &o), OK);
    EXPECT(str_eq(o.source, STR("rule")) && str_eq(o.rule_name, STR("平台")) && o.run.v == run);
    EXPECT_INT(risk_observe(c, str_of(code_of(i)), later, STR("延长观察")), OK);
    EXPECT_INT(risk_observation_get(c->db, c->arena, &(struct risk_observation_get_in){str_of(code_of(i))}, &o), OK);
    EXPECT(str_eq(o.source, STR("hand")) && o.until_day.v == TODAY + 30 && o.row_version == 2);
    EXPECT_INT(entries(c, STR("risk.observe")), 2);
    EXPECT_INT(risk_observing_list(c->db, c->arena, &(struct risk_observing_list_in){str_of(code_of(i)), 9}, &acts, &n), OK);
    EXPECT(n == 1 && str_eq(acts[0].reason, STR("延长观察")));
    opened(code_of(i), &acts[0], hex);
    EXPECT(memmem(newest(c).p, newest(c).n, hex, sizeof hex) != NULL); /* whoever has the row opens it */
}

TEST_DB(no_entry_of_the_journal_names_a_class_or_a_classed_target)
{
    struct journal_waiting_row *r;
    struct journal_get_row entry;
    size_t n = 0;
    int64_t run;

    city(c, 40);
    run = proposed(c, in_force(c, SCHEME));
    EXPECT_INT(risk_discard(c, run, STR("某某公司失联")), OK);
    run = proposed(c, 1);
    agree(c, run);
    EXPECT_INT(risk_begin_apply(c, run), OK);
    EXPECT_INT(risk_apply_all(c, &(struct risk_work){.run = run, .write = here}), OK);
    EXPECT_INT(risk_observe(c, str_of(code_of(7)), (struct opt_i64){true, TODAY + 30}, STR("某某公司失联")), OK);
    EXPECT_INT(journal_waiting(c->db, c->arena, &(struct journal_waiting_in){200}, &r, &n), OK);
    EXPECT(n > 30);
    for (size_t i = 0; i < n; i++) {
        EXPECT_INT(journal_get(c->db, c->arena, &(struct journal_get_in){r[i].id}, &entry), OK);
        EXPECT(memmem(entry.entry.p, entry.entry.n, "T00000", 6) == NULL);
        EXPECT(memmem(entry.entry.p, entry.entry.n, "class", 5) == NULL);
        EXPECT(memmem(entry.entry.p, entry.entry.n, "失联", strlen("失联")) == NULL);
    }
    EXPECT_INT(entries(c, STR("risk.observe")) + entries(c, STR("risk.discard")), 2);
}

TEST_DB(one_target_is_explained_as_of_today)
{
    struct risk_fault f;
    struct risk_scheme s;
    struct risk_verdict v;
    struct str why;

    city(c, 40);
    EXPECT_INT(risk_parse(STR(SCHEME), &s, &f), OK);
    for (int i = 0; i < 40; i++) {
        struct plain p = plain_of(i);

        EXPECT_INT(risk_today(c, &s, str_of(code_of(i)), &v), OK);
        EXPECT(v.score_c == model_score(&p) && v.label == model_class(v.score_c));
    }
    EXPECT_INT(risk_today(c, &s, STR("T0000000"), &v), OK); /* revoked, unreachable … */
    EXPECT_INT(risk_reasons(c, &s, &v, &why), OK);
    EXPECT(str_starts(why, STR("[{\"rule\":\"revoked\",\"value\":1,\"times\":1,\"points_c\":4000}")));
    EXPECT_INT(risk_today(c, &s, STR("T9999999"), &v), ERR_NOT_FOUND);
}

TEST_MAIN(T(a_scheme_is_approved_by_somebody_else_and_supersedes_the_one_of_its_scope), T(a_wrong_scheme_is_refused_with_its_place),
          T(a_county_sees_the_scheme_of_the_city_and_changes_its_own_alone), T(of_a_shared_target_one_scheme_decides_whoever_runs_first),
          T(a_run_leaves_out_what_another_scheme_decides_on),
          T(a_run_that_a_stop_of_the_server_broke_off_is_taken_back_and_another_can_begin),
          T(what_is_known_of_a_merged_duplicate_counts_for_the_record_that_is_kept), T(a_run_gives_every_target_the_class_of_the_model),
          T(a_run_looks_at_its_own_scope_alone), T(a_second_run_waits_for_the_first), T(a_cancelled_run_leaves_nothing),
          T(the_sample_is_reviewed_before_anything_is_applied), T(a_class_that_somebody_else_changed_is_kept),
          T(a_scheme_in_force_is_due_once_a_month), T(an_observation_period_set_by_a_person_stays),
          T(no_entry_of_the_journal_names_a_class_or_a_classed_target), T(one_target_is_explained_as_of_today))
