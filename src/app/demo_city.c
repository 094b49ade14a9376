/* app/demo_city.c - a year of a city that does not exist, told with the office's own operations */
#include "demo_city.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/calendar.h"
#include "data/data.h"
#include "demo/city.h"
#include "mod/assignment/assignment.h"
#include "mod/drawing/drawing.h"
#include "mod/file.h"
#include "mod/import/import.h"
#include "mod/org/org.h"
#include "mod/plan/plan.h"
#include "mod/report/report.h"
#include "mod/result/result.h"
#include "mod/task/task.h"
#include "mod/workday/workday.h"
#include "threads.h"

enum { LINE_PARTIES_MAX = 3, RESERVE_PERCENT = 20 };

/* How far the story takes a task. */
enum chapter { UNTIL_LOCKED, UNTIL_DRAWN, UNTIL_PUBLISHED };

/* One line of the plan and what becomes of it. Days are ISO dates of the story. */
struct line {
    const char *name, *items, *scope, *scope_words, *ratio_words, *strata, *risk_words, *from, *to, *participants;
    const char *parties[LINE_PARTIES_MAX];
    const char *draw_day;
    const char *redraw_day; /* the first attempt is voided, this is the day of the second; NULL: no such thing */
    enum chapter until;
    unsigned pending_percent; /* results that are still waiting for review */
};

static const struct line LINES[] = {
    {"学校食堂食品安全联合检查", "[\"SCJGJ-07\",\"JYTY-02\"]", "{\"tags\":[\"学校食堂\"],\"statuses\":[\"active\"]}",
     "全市学校、幼儿园食堂", "30%;2次/年",
     "{\"by\":\"one\",\"strata\":[{\"label\":\"canteen\",\"ratio_bp\":3000}]}", "不按风险分类", "2026-03-01", "2026-06-30",
     "[{\"department\":\"scjgj\",\"places\":2},{\"department\":\"jyty\",\"places\":1}]", {"scjgj", "jyty"},
     "2026-03-09", NULL, UNTIL_PUBLISHED, 0},
    {"餐饮服务提供者联合检查", "[\"SCJGJ-06\",\"WJW-01\"]", "{\"tags\":[\"餐饮服务\"],\"statuses\":[\"active\"]}",
     "全市餐饮服务提供者", "3%;1次/年",
     "{\"by\":\"region\",\"rule\":\"pareto\",\"strata\":[{\"label\":\"411502\",\"ratio_bp\":300},{\"label\":\"411503\","
     "\"ratio_bp\":300},{\"label\":\"411525\",\"ratio_bp\":300},{\"label\":\"other\",\"ratio_bp\":300}]}",
     "按距上次检查年数加权", "2026-04-01", "2026-08-31",
     "[{\"department\":\"scjgj\",\"places\":2},{\"department\":\"wjw\",\"places\":1}]", {"scjgj", "wjw"},
     "2026-04-13", NULL, UNTIL_PUBLISHED, 4},
    {"工业企业质量、环保、安全联合检查", "[\"SCJGJ-12\",\"STHJJ-02\",\"YJJ-01\"]",
     "{\"entity_types\":[\"enterprise\"],\"tags\":[\"工业产品生产\"],\"statuses\":[\"active\"]}", "全市工业产品生产企业",
     "A类1%、B类3%、C类25%、D类60%;1次/年",
     "{\"by\":\"risk\",\"strata\":[{\"label\":\"A\",\"ratio_bp\":100},{\"label\":\"B\",\"ratio_bp\":300},{\"label\":\"C\","
     "\"ratio_bp\":2500},{\"label\":\"D\",\"ratio_bp\":6000}]}",
     "按信用风险分类递加", "2026-06-01", "2026-10-31",
     "[{\"department\":\"scjgj\",\"places\":2},{\"department\":\"sthjj\",\"places\":1},{\"department\":\"yjj\",\"places\":1}]",
     {"scjgj", "sthjj", "yjj"}, "2026-06-08", NULL, UNTIL_PUBLISHED, 8},
    {"药品零售企业检查", "[\"SCJGJ-19\",\"SCJGJ-08\"]", "{\"tags\":[\"药品零售\"],\"statuses\":[\"active\"]}", "全市零售药店",
     "20%;1次/年", "{\"by\":\"one\",\"strata\":[{\"label\":\"pharmacy\",\"ratio_bp\":2000}],\"suite\":\"sm3\"}", "不按风险分类",
     "2026-09-01", "2026-12-31", "[{\"department\":\"scjgj\",\"places\":2}]", {"scjgj", "wjw"}, "2026-09-07",
     "2026-09-14", UNTIL_DRAWN, 0},
    {"危险化学品生产经营单位分批检查", "[\"YJJ-02\"]", "{\"tags\":[\"危化品\"],\"statuses\":[\"active\"]}",
     "全市危险化学品生产、经营单位", "100%,分4批", "{\"by\":\"one\",\"batches\":4,\"strata\":[{\"label\":\"key\",\"ratio_bp\":10000}]}",
     "重点检查事项,不设上限", "2026-10-08", "2026-12-31",
     "[{\"department\":\"yjj\",\"places\":2},{\"department\":\"gaj\",\"places\":1}]", {"yjj", "gaj"}, "2026-10-19", NULL,
     UNTIL_LOCKED, 0},
};
enum { LINE_COUNT = sizeof LINES / sizeof *LINES };

/* The story while it is told. */
struct story {
    const struct cli_args *args;
    struct app *app;
    struct ctx *c;
    uint64_t seed;
    struct city city;
    struct draw_env env;
    struct calendar calendar;
    struct str plan;
};

static void
say(const struct story *s, const char *zh, const char *en, const char *what)
{
    if (!s->args->json)
        fprintf(stderr, "%s %s\n", cli_text(zh, en), what);
}

/* The clock of the story: an ISO day at 9 o'clock in China plus minutes. */
static enum err
at(struct story *s, const char *day, int64_t minutes)
{
    int64_t d;
    enum err e = day_parse(str_of(day), &d);

    if (e == OK)
        s->c->now_us = ((d * 24 + 1) * 60 + minutes) * INT64_C(60000000);
    return e;
}

/* --- registers -------------------------------------------------------------------------------------------------------- */

/* One generated register as a CSV file in the data directory, as an office would hand it in. */
static enum err
write_register(struct story *s, enum city_kind kind, char path[static APP_PATH_BYTES])
{
    char row[CITY_ROW_BYTES];
    uint64_t count = city_count(&s->city, kind);
    FILE *f;

    snprintf(path, APP_PATH_BYTES, "%.900s/demo-%s.csv", s->app->dir, city_kind_name(kind));
    if ((f = fopen(path, "w")) == NULL)
        return ERR_IO;
    fwrite(city_header(kind).p, 1, city_header(kind).n, f);
    for (uint64_t i = 0; i < count; i++) {
        struct buf b = buf_over(row, sizeof row);

        city_row(&s->city, kind, i, &b);
        fwrite(b.p, 1, b.n, f);
    }
    return fclose(f) == 0 ? OK : ERR_NO_SPACE;
}

static enum err
import_file(struct story *s, enum import_kind kind, const char *path)
{
    struct threads threads = {.count = threads_available()};
    struct import_options o = {.kind = kind, .path = path, .chinese = cli_chinese(), .runner = threads_runner(&threads),
                               .cancelled = cli_cancelled};
    struct import_report report;
    char line[160];
    enum err e = import_run(s->c, &o, &report);

    if (e != OK)
        return e;
    snprintf(line, sizeof line, "%s: %llu / %llu", import_kind_name(kind), (unsigned long long) report.added,
             (unsigned long long) report.read);
    say(s, "导入", "imported", line);
    return report.rejected == 0 ? OK : ctx_refuse(s->c, ERR_INTERNAL, "%s: %llu rejected", path,
                                                  (unsigned long long) report.rejected);
}

/* A list that comes with the program, as an office would hand it in. */
static enum err
import_list(struct story *s, enum import_kind kind, const char *name)
{
    char path[APP_PATH_BYTES];
    struct str bytes = data_find(str_of(name));
    FILE *f;
    enum err e;

    snprintf(path, sizeof path, "%.900s/demo-%s", s->app->dir, name);
    if ((f = fopen(path, "w")) == NULL)
        return ERR_IO;
    fwrite(bytes.p, 1, bytes.n, f);
    if (fclose(f) != 0)
        return ERR_NO_SPACE;
    e = import_file(s, kind, path);
    (void) unlink(path);
    return e;
}

static enum err
registers(struct story *s)
{
    static const struct {
        enum city_kind city;
        enum import_kind import;
    } kinds[] = {{CITY_TARGETS, IMPORT_TARGETS},
                 {CITY_INSPECTORS, IMPORT_INSPECTORS},
                 {CITY_EXPERTS, IMPORT_EXPERTS},
                 {CITY_RECUSALS, IMPORT_RECUSALS}};
    char path[APP_PATH_BYTES];
    enum err e = import_list(s, IMPORT_ITEMS, "items.csv");

    if (e == OK)
        e = import_list(s, IMPORT_JOINT, "joint-items.csv");

    for (size_t i = 0; e == OK && i < sizeof kinds / sizeof *kinds; i++) {
        e = write_register(s, kinds[i].city, path);
        if (e == OK)
            e = import_file(s, kinds[i].import, path);
        (void) unlink(path);
    }
    return e;
}

/* --- plan --------------------------------------------------------------------------------------------------------------- */

static void
line_json(const struct line *l, struct buf *b)
{
    const char *const fields[][2] = {{"name", l->name},     {"scope_words", l->scope_words}, {"ratio_words", l->ratio_words},
                                     {"risk_words", l->risk_words}, {"from", l->from},       {"to", l->to},
                                     {"mode", "市抽县查"}};

    buf_z(b, "{\"items\":");
    buf_z(b, l->items);
    buf_z(b, ",\"scope\":");
    buf_z(b, l->scope);
    buf_z(b, ",\"strata\":");
    buf_z(b, l->strata);
    buf_z(b, ",\"participants\":");
    buf_z(b, l->participants);
    buf_z(b, ",\"lead\":\"");
    buf_z(b, l->parties[0]);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        buf_z(b, "\",\"");
        buf_z(b, fields[i][0]);
        buf_z(b, "\":\"");
        buf_z(b, fields[i][1]);
    }
    buf_z(b, "\"}");
}

#define FILED_TEXT                                                                                                          \
    "模拟〔2026〕1号\n\n市人民政府:\n    2026年度部门联合双随机、一公开抽查计划已经联席会议审议通过,现报请备案。\n\n(模拟文件)\n"

static enum err
make_plan(struct story *s)
{
    static const struct {
        const char *day, *opinion, *document_no;
        enum plan_state to;
    } steps[] = {{"2026-01-12", "同意", NULL, PLAN_APPROVED},
                 {"2026-01-15", NULL, NULL, PLAN_CONFERENCE},
                 {"2026-01-20", "联席会议审议通过", NULL, PLAN_ADOPTED},
                 {"2026-01-23", NULL, "模拟〔2026〕1号", PLAN_FILED},
                 {"2026-01-26", NULL, NULL, PLAN_PUBLISHED}};
    char *text = arena_alloc(s->c->arena, 16384);
    struct buf b = buf_over(text, text == NULL ? 0 : 16384);
    struct str digest;
    enum err e = at(s, "2026-01-09", 0);

    buf_z(&b, "{\"year\":2026,\"name\":\"2026年度部门联合双随机、一公开抽查计划(模拟)\",\"lead\":\"scjgj\",\"lines\":[");
    for (size_t i = 0; i < LINE_COUNT; i++) {
        buf_z(&b, i == 0 ? "" : ",");
        line_json(&LINES[i], &b);
    }
    buf_z(&b, "]}");
    if (e == OK)
        e = b.overflow ? ERR_MEMORY : plan_create(s->c, STR("411500"), buf_view(&b), &s->plan);
    for (size_t i = 0; e == OK && i < sizeof steps / sizeof *steps; i++) {
        e = at(s, steps[i].day, 0);
        if (e == OK && steps[i].to == PLAN_FILED)
            e = plan_attach(s->c, s->plan, STR("关于2026年度部门联合抽查计划备案的报告.txt"), STR(FILED_TEXT), &digest);
        if (e == OK)
            e = plan_advance(s->c, s->plan, steps[i].to, str_of(steps[i].opinion), str_of(steps[i].document_no));
    }
    return e;
}

static enum err
make_task(struct story *s, size_t line, struct str *task)
{
    char text[256];
    int n = snprintf(text, sizeof text, "{\"plan\":\"%.*s\",\"line\":%zu}", (int) s->plan.n, s->plan.p, line + 1);
    enum err e = task_create(s->c, STR("411500"), (struct str) {text, (size_t) n}, task);

    return e != OK ? e : task_approve(s->c, *task);
}

/* --- ceremony ------------------------------------------------------------------------------------------------------------ */

/* 32 bytes that stand for a party's secret or for chance, the same in every run of the story. */
static void
simulated_bytes(const struct story *s, const struct drawing_key *key, const char *what, unsigned char out[static HASH_LEN])
{
    struct hash h;
    char text[160];
    int n = snprintf(text, sizeof text, "mingqian demo\n%llu\n%.*s\n%lld\n%s\n", (unsigned long long) s->seed,
                     (int) key->draw.n, key->draw.p, (long long) key->attempt, what);

    hash_init(&h, HASH_SHA256);
    hash_update(&h, text, (size_t) n);
    hash_final(&h, out);
}

/* count different numbers 1..max, ascending, two digits each. */
static void
lottery_numbers(const unsigned char bytes[static HASH_LEN], unsigned count, unsigned max, struct buf *out)
{
    bool taken[64] = {false};
    char text[16];

    for (unsigned i = 0, got = 0; got < count; i++) {
        unsigned v = (bytes[i % HASH_LEN] + 7 * (i / HASH_LEN)) % max;

        got += !taken[v];
        taken[v] = true;
    }
    for (unsigned v = 0, first = 1; v < max; v++)
        if (taken[v]) {
            snprintf(text, sizeof text, "%s%02u", first ? "" : ",", v + 1);
            buf_z(out, text);
            first = 0;
        }
}

/* A value of one of the two lotteries: 双色球 6 of 33 + 1 of 16, 大乐透 5 of 35 + 2 of 12. */
static enum err
give_lottery(struct story *s, struct str task, const struct drawing_key *key, const char *name)
{
    bool ssq = strcmp(name, "cwl-ssq") == 0;
    unsigned char main_bytes[HASH_LEN], extra_bytes[HASH_LEN];
    char text[64];
    struct buf b = buf_over(text, sizeof text);

    simulated_bytes(s, key, name, main_bytes);
    simulated_bytes(s, key, ssq ? "blue" : "back", extra_bytes);
    lottery_numbers(main_bytes, ssq ? 6 : 5, ssq ? 33 : 35, &b);
    buf_z(&b, "+");
    lottery_numbers(extra_bytes, ssq ? 1 : 2, ssq ? 16 : 12, &b);
    return drawing_beacon(s->c, task, str_of(name), buf_view(&b), STR("模拟号码"));
}

static size_t
party_count(const struct line *l)
{
    size_t n = 0;

    while (n < LINE_PARTIES_MAX && l->parties[n] != NULL)
        n++;
    return n;
}

static enum err
open_draw(struct story *s, const struct line *l, struct str task, struct drawing_key *key)
{
    struct str parties[LINE_PARTIES_MAX];
    const struct drawing_beacon beacons[] = {{STR("cwl-ssq"), STR("simulated-2026001")},
                                             {STR("sports-dlt"), STR("simulated-26001")}};
    struct drawing_opening o = {.task = task, .beacons = beacons, .beacon_count = 2, .min_parties = 2};

    for (size_t i = 0; i < party_count(l); i++)
        parties[i] = str_of(l->parties[i]);
    o.parties.v = parties;
    o.parties.count = party_count(l);
    return drawing_open(s->c, &o, key);
}

/* Each party commits, or shows its secret. */
static enum err
each_party(struct story *s, const struct line *l, struct str task, const struct drawing_key *key, enum hash_suite suite,
           bool reveal)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < party_count(l); i++) {
        unsigned char secret[HASH_LEN], commitment[HASH_LEN];
        char hex[HASH_HEX_LEN];

        simulated_bytes(s, key, l->parties[i], secret);
        draw_commitment(suite, key->draw, (uint32_t) key->attempt, str_of(l->parties[i]), secret, commitment);
        hex_encode(reveal ? secret : commitment, HASH_LEN, hex);
        e = reveal ? drawing_reveal(s->c, task, str_of(l->parties[i]), (struct str) {hex, HASH_HEX_LEN})
                   : drawing_commit(s->c, task, str_of(l->parties[i]), (struct str) {hex, HASH_HEX_LEN});
    }
    return e;
}

/* From the opening to the lock. */
static enum err
seal_and_lock(struct story *s, const struct line *l, struct str task, struct drawing_key *key)
{
    const struct assignment_rules rules = {.slack = MATCH_SLACK_DEFAULT};
    enum hash_suite suite = strstr(l->strata, "sm3") != NULL ? HASH_SM3 : HASH_SHA256;
    struct assignment_frozen frozen;
    struct drawing_sealed sealed;
    enum err e = open_draw(s, l, task, key);

    if (e == OK)
        e = each_party(s, l, task, key, suite, false);
    if (e == OK)
        e = drawing_seal(s->c, task, &s->env, &sealed);
    if (e == OK)
        e = assignment_freeze(s->c, task, &rules, &frozen);
    if (e == OK)
        e = each_party(s, l, task, key, suite, true);
    return e != OK ? e : drawing_lock(s->c, task);
}

/* --- visits and results ---------------------------------------------------------------------------------------------------- */

/* A number 0..99 that belongs to a target and a purpose. */
static unsigned
percent_of(const struct story *s, struct str target, const char *purpose)
{
    unsigned char bytes[HASH_LEN];
    const struct drawing_key key = {target, 0};

    simulated_bytes(s, &key, purpose, bytes);
    return (unsigned) (bytes[0] << 8 | bytes[1]) % 100;
}

/* The clock of the story: 10 o'clock, so many working days after a day. */
static enum err
working_days_after(struct story *s, int64_t day, unsigned n)
{
    int64_t then;
    enum err e = calendar_add_working_days(&s->calendar, day, n, &then);

    if (e == OK)
        s->c->now_us = (then * 24 + 2) * INT64_C(3600000000);
    return e;
}

/* One result from the paper form to its publication; the days follow from the target. */
static enum err
one_result(struct story *s, const struct line *l, const struct result_key *k, int64_t visit_day)
{
    struct str code = str_of(city_result(s->seed, k->target, k->item));
    struct result_entry entry = {.key = *k, .codes = {&code, 1}, .methods = STR("[\"on_site\"]"), .produced_day = visit_day};
    struct opt_i64 due;
    bool changed;
    enum err e = result_enter_paper(s->c, &entry, &due);

    if (e != OK || percent_of(s, k->target, "pending") < l->pending_percent)
        return e;
    e = working_days_after(s, visit_day, 1 + percent_of(s, k->target, "review") / 5);
    if (e == OK)
        e = result_review(s->c, k, true, STR("同意"), &changed);
    return e != OK ? e : result_publish(s->c, k, &changed);
}

static enum err
one_visit(struct story *s, const struct line *l, const struct task *task, struct str target)
{
    int64_t draw_day, visit_day;
    enum err e = day_parse(str_of(l->draw_day), &draw_day);

    for (size_t i = 0; e == OK && i < task->items.count; i++) {
        const struct result_key key = {task->row.code, target, task->items.v[i]};

        e = working_days_after(s, draw_day, 5 + percent_of(s, target, "visit") / 4);
        visit_day = day_of_us(s->c->now_us);
        if (e == OK)
            e = one_result(s, l, &key, visit_day);
    }
    return e;
}

static enum err
visits(struct story *s, const struct line *l, struct str code, const struct drawing_key *key)
{
    struct drawing_target_list_row *rows;
    struct task task;
    size_t count, mark;
    enum err e = task_load(s->c, code, &task);

    if (e == OK)
        e = drawing_target_list(s->c->db, s->c->arena, &(struct drawing_target_list_in) {key->draw, key->attempt}, &rows,
                                &count);
    mark = arena_mark(s->c->arena);
    for (size_t i = 0; e == OK && i < count; i++) {
        e = one_visit(s, l, &task, rows[i].target);
        arena_rewind(s->c->arena, mark);
    }
    return e;
}

/* --- the story ---------------------------------------------------------------------------------------------------------------- */

static enum err
finish_draw(struct story *s, const struct line *l, struct str task, const struct drawing_key *key)
{
    struct assignment_outcome outcome;
    struct drawing_drawn drawn;
    enum err e = at(s, l->redraw_day != NULL ? l->redraw_day : l->draw_day, 12 * 60 + 30);

    if (e == OK)
        e = give_lottery(s, task, key, "cwl-ssq");
    if (e == OK)
        e = give_lottery(s, task, key, "sports-dlt");
    if (e == OK)
        e = drawing_run(s->c, task, &s->env, &drawn);
    if (e == OK)
        e = assignment_assign(s->c, task, &outcome);
    if (e == OK && !outcome.feasible)
        e = ctx_refuse(s->c, ERR_INFEASIBLE, "%.*s", (int) outcome.diagnosis.n, outcome.diagnosis.p);
    return e != OK || l->until == UNTIL_DRAWN ? e : visits(s, l, task, key);
}

/* The beacon of the first attempt is cancelled in the evening; a week later everybody meets again. */
static enum err
void_and_seal(struct story *s, const struct line *l, struct str task, struct drawing_key *key)
{
    enum err e = at(s, l->draw_day, 12 * 60 + 30);

    if (e == OK)
        e = assignment_void(s->c, task, STR("彩票中心公告本期开奖延期，信标取消"));
    if (e == OK)
        e = at(s, l->redraw_day, 0);
    return e != OK ? e : seal_and_lock(s, l, task, key);
}

static enum err
tell_line(struct story *s, size_t index)
{
    const struct line *l = &LINES[index];
    struct drawing_key key;
    struct str task;
    enum err e = at(s, l->draw_day, 0);

    say(s, "任务", "task", l->name);
    if (e == OK)
        e = make_task(s, index, &task);
    if (e == OK)
        e = seal_and_lock(s, l, task, &key);
    if (e == OK && l->redraw_day != NULL)
        e = void_and_seal(s, l, task, &key);
    return e != OK || l->until == UNTIL_LOCKED ? e : finish_draw(s, l, task, &key);
}

enum err
demo_city(const struct cli_args *args, struct app *app, uint64_t seed, uint64_t scale)
{
    struct threads threads = {.count = threads_available()};
    struct story *s = arena_alloc(&app->arena, sizeof *s);
    size_t mark;
    enum err e;

    if (s == NULL)
        return ERR_MEMORY;
    *s = (struct story) {.args = args, .app = app, .c = &app->ctx, .seed = seed,
                         .env = draw_env_serial()};
    s->env.runner = threads_runner(&threads);
    app->ctx.actor = STR("demo");
    if ((e = city_init(&s->city, seed, scale)) == OK)
        e = at(s, "2026-01-05", 0);
    if (e == OK)
        e = org_set(s->c, STR("demo"), STR("1"));
    if (e == OK)
        e = registers(s);
    if (e == OK)
        e = workday_calendar(s->c, &s->calendar);
    if (e == OK)
        e = make_plan(s);
    mark = arena_mark(s->c->arena);
    for (size_t i = 0; e == OK && i < LINE_COUNT; i++) {
        e = tell_line(s, i);
        arena_rewind(s->c->arena, mark);
    }
    return e;
}

enum err
demo_team(struct ctx *c, struct str team[static DEMO_TEAM])
{
    struct report_draws_row *draws;
    struct visit_list_row *visits;
    struct assignment_list_row *people;
    size_t n, found = 0;
    enum err e = report_draws(c->db, c->arena, &(struct report_draws_in) {LINE_COUNT}, &draws, &n);

    for (size_t i = 0; e == OK && i < n && found < DEMO_TEAM; i++) {
        size_t count, members;

        e = visit_list(c->db, c->arena, &(struct visit_list_in) {draws[i].task, STR("-"), 1}, &visits, &count);
        if (e != OK || count == 0 || !str_eq(visits[0].state, STR("assigned")))
            continue;
        e = assignment_list(c->db, c->arena,
                            &(struct assignment_list_in) {visits[0].target, visits[0].draw, visits[0].attempt}, &people,
                            &members);
        for (size_t k = 0; e == OK && k < members && found < DEMO_TEAM; k++)
            if (str_eq(people[k].role, STR("lead")) || str_eq(people[k].role, STR("member")))
                team[found++] = people[k].inspector;
    }
    return e == OK && found < DEMO_TEAM ? ERR_NOT_FOUND : e;
}
