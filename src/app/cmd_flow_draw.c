/* app/cmd_flow_draw.c - the ceremony of a draw and the matching on the command line (docs/spec/draw-1.md, "Protocol") */
#include <string.h>
#include <unistd.h>

#include "cmd_flow.h"
#include "mod/assignment/assignment.h"
#include "mod/drawing/frame.h"
#include "mod/file.h"
#include "mod/merging/merging.h"
#include "mod/panel/panel.h"
#include "threads.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* All threads, the best lanes; t must outlive it. */
static struct draw_env
env_on(struct threads *t)
{
    struct draw_env env = draw_env_serial();

    t->count = threads_available();
    env.runner = threads_runner(t);
    return env;
}

static void
say_key(struct flow_answer *a, struct drawing_key k)
{
    flow_say(a, "draw", k.draw);
    flow_say_number(a, "attempt", k.attempt);
}

/* --- open ---------------------------------------------------------------------------------------------------------- */

static const struct cli_option OPEN_OPTIONS[] = {
    {"party", "NAME", "参与方(部门代码),至少两个", "a party (department code), at least two"},
    {"beacon", "'NAME EVENT'", "公开随机信标:名称 将来的事件", "a public beacon: its name and the future event"},
    {"number", "NUMBER", "抽取编号,如 411500/2026/0017(默认取下一号)", "number of the draw (default: the next one)"},
    {"min-parties", "N", "至少几方揭示(默认全部)", "how many must reveal (default: all)"},
    {"unannounced", NULL, "突击检查:结果 20 个工作日后公布", "unannounced: result published after 20 working days"},
};

static enum err
read_opening(struct flow *f, struct drawing_opening *o)
{
    size_t parties, beacons;
    const char *const *party = cli_values(&f->args, "party", &parties);
    const char *const *beacon = cli_values(&f->args, "beacon", &beacons);
    struct drawing_beacon *list = arena_array(f->app.ctx.arena, beacons + 1, sizeof *list);
    uint64_t min;

    o->parties.v = arena_array(f->app.ctx.arena, parties + 1, sizeof *o->parties.v);
    if (list == NULL || o->parties.v == NULL)
        return ERR_MEMORY;
    if (!cli_number(&f->args, "min-parties", DRAW_PARTY_MAX, 0, &min))
        return ERR_USAGE;
    for (size_t i = 0; i < parties; i++)
        o->parties.v[i] = str_of(party[i]);
    for (size_t i = 0; i < beacons; i++)
        if (!str_split(str_of(beacon[i]), ' ', &list[i].name, &list[i].event))
            return ctx_refuse(&f->app.ctx, ERR_USAGE, "--beacon 'NAME EVENT': %s", beacon[i]);
    o->parties.count = parties;
    o->beacons = list;
    o->beacon_count = beacons;
    o->min_parties = (uint32_t) min;
    o->task = flow_arg(f, 0);
    o->number = flow_value(f, "number");
    o->unannounced = cli_has(&f->args, "unannounced");
    return OK;
}

int
cmd_draw_open(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct drawing_opening o = {0};
    struct drawing_key k = {0};
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {OPEN_OPTIONS, COUNT(OPEN_OPTIONS), 1, 1}, argc, argv, &status))
        return status;
    e = read_opening(&f, &o);
    if (e == OK)
        e = drawing_open(&f.app.ctx, &o, &k);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        say_key(&a, k);
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

/* --- secrets --------------------------------------------------------------------------------------------------------- */

/* A new secret of 32 random bytes, hex with LF, only for its owner. ERR_EXISTS: never overwritten. */
static enum err
new_secret(const char *path, char hex[static 2 * DRAW_SECRET_BYTES])
{
    unsigned char secret[DRAW_SECRET_BYTES];
    char line[2 * DRAW_SECRET_BYTES + 1];
    enum err e = access(path, F_OK) == 0 ? ERR_EXISTS : app_entropy(secret, sizeof secret);

    if (e != OK)
        return e;
    hex_encode(secret, sizeof secret, hex);
    memcpy(line, hex, sizeof line - 1);
    line[sizeof line - 1] = '\n';
    return file_create(path, (struct str) {line, sizeof line}, 0600);
}

static enum err
read_secret(struct arena *a, const char *path, struct str *hex)
{
    enum err e = file_read(a, path, 256, hex);

    if (e == OK)
        *hex = str_trim(*hex);
    return e;
}

/* The commitment to the secret in a file, which is made when it is not there. */
static enum err
commitment_of(struct arena *a, const char *path, enum hash_suite suite, struct str number, uint32_t attempt, struct str party,
              char hex[static HASH_HEX_LEN])
{
    unsigned char secret[DRAW_SECRET_BYTES], digest[HASH_LEN];
    char fresh[2 * DRAW_SECRET_BYTES];
    struct str text;
    enum err e = new_secret(path, fresh);

    text = (struct str) {fresh, sizeof fresh};
    if (e == ERR_EXISTS)
        e = read_secret(a, path, &text);
    if (e == OK)
        e = hex_decode(text, secret, sizeof secret);
    if (e != OK)
        return e;
    draw_commitment(suite, number, attempt, party, secret, digest);
    hex_encode(digest, sizeof digest, hex);
    return OK;
}

static const struct cli_option SECRET_OPTIONS[] = {
    {"draw", "NUMBER", "抽取编号", "number of the draw"},
    {"attempt", "N", "第几次(默认 1)", "attempt (default 1)"},
    {"party", "NAME", "参与方", "name of the party"},
    {"suite", "sha256|sm3", "杂凑算法(默认 sha256)", "hash (default sha256)"},
};

/* Pure: a party makes its secret on its own machine and hands in only the commitment. */
int
cmd_draw_secret(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    char block[1024], hex[HASH_HEX_LEN];
    struct arena a = arena_over(block, sizeof block);
    enum hash_suite suite = HASH_SHA256;
    uint64_t attempt;
    int status = 0;
    enum err e = OK;

    if (!cli_parse(self, SECRET_OPTIONS, COUNT(SECRET_OPTIONS), 1, 1, argc, argv, &args, &status))
        return status;
    if (!cli_has(&args, "draw") || !cli_has(&args, "party"))
        return cli_fail(&args, ERR_USAGE, "--draw --party", NULL);
    if (!cli_number(&args, "attempt", DRAW_ATTEMPT_MAX, 1, &attempt))
        return err_exit_status(ERR_USAGE);
    if (cli_has(&args, "suite"))
        e = hash_suite_parse(str_of(cli_value(&args, "suite")), &suite);
    if (e == OK)
        e = commitment_of(&a, args.positional[0], suite, str_of(cli_value(&args, "draw")), (uint32_t) attempt,
                          str_of(cli_value(&args, "party")), hex);
    if (e != OK)
        return cli_fail(&args, e, args.positional[0], NULL);
    printf(args.json ? "{\"commitment\":\"%.*s\"}\n" : "%.*s\n", HASH_HEX_LEN, hex);
    return 0;
}

static const struct cli_option COMMIT_OPTIONS[] = {
    {"party", "NAME", "参与方", "name of the party"},
    {"commitment", "HEX", "只交承诺(秘密留在自己手里)", "hand in only the commitment"},
    {"secret-file", "FILE", "秘密文件(没有就新建,只有本人可读)", "file of the secret (made when it is not there)"},
};

static enum err
commit_from_file(struct flow *f, char hex[static HASH_HEX_LEN])
{
    struct drawing_current_row d;
    enum drawing_state state;
    enum hash_suite suite;
    enum err e = drawing_find(&f->app.ctx, flow_arg(f, 0), &d, &state);

    if (e == OK)
        e = hash_suite_parse(d.suite, &suite);
    if (e == OK)
        e = commitment_of(f->app.ctx.arena, cli_value(&f->args, "secret-file"), suite, d.draw, (uint32_t) d.attempt,
                          flow_value(f, "party"), hex);
    return e;
}

int
cmd_draw_commit(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct str commitment;
    char hex[HASH_HEX_LEN];
    int status = 0;
    enum err e = OK;

    if (!flow_open(&f, self, (struct flow_options) {COMMIT_OPTIONS, COUNT(COMMIT_OPTIONS), 1, 1}, argc, argv, &status))
        return status;
    commitment = flow_value(&f, "commitment");
    if (!cli_has(&f.args, "party") || (commitment.p == NULL) == !cli_has(&f.args, "secret-file"))
        e = ctx_refuse(&f.app.ctx, ERR_USAGE, "--party and one of --commitment, --secret-file");
    if (e == OK && commitment.p == NULL) {
        e = commit_from_file(&f, hex);
        commitment = (struct str) {hex, sizeof hex};
    }
    if (e == OK)
        e = drawing_commit(&f.app.ctx, flow_arg(&f, 0), flow_value(&f, "party"), commitment);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say(&a, "party", flow_value(&f, "party"));
        flow_say(&a, "commitment", commitment);
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

/* --- seal and freeze ------------------------------------------------------------------------------------------------- */

static const struct cli_option SEAL_OPTIONS[] = {
    {"no-staff", NULL, "不冻结检查人员(以后不能匹配)", "freeze no inspectors (nothing can be matched later)"},
    {"any-region", NULL, "不限检查人员的区域", "inspectors of any region"},
    {"skilled", NULL, "每个检查人员都要有事项要求的专长", "every inspector has all skills that the items ask for"},
    {"no-rotation", NULL, "不要求轮换", "who was there last time may come again"},
    {"slack", "N", "负荷浮动(默认 1)", "how far loads may differ (default 1)"},
};

static enum err
read_rules(struct flow *f, struct assignment_rules *r)
{
    uint64_t slack;

    if (!cli_number(&f->args, "slack", MATCH_SLACK_MAX, MATCH_SLACK_DEFAULT, &slack))
        return ERR_USAGE;
    *r = (struct assignment_rules) {.slack = (int) slack,
                                    .any_region = cli_has(&f->args, "any-region"),
                                    .skilled = cli_has(&f->args, "skilled"),
                                    .no_rotation = cli_has(&f->args, "no-rotation")};
    return OK;
}

static void
say_frozen(struct flow_answer *a, const struct assignment_frozen *frozen)
{
    flow_say_number(a, "inspectors", (int64_t) frozen->inspector_count);
    flow_say_number(a, "forbidden", (int64_t) frozen->forbidden_count);
    flow_say(a, "staff_digest", frozen->digest);
}

int
cmd_draw_seal(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct threads threads;
    struct draw_env env = env_on(&threads);
    struct assignment_rules rules;
    struct assignment_frozen frozen = {0};
    struct drawing_sealed sealed = {0};
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {SEAL_OPTIONS, COUNT(SEAL_OPTIONS), 1, 1}, argc, argv, &status))
        return status;
    e = read_rules(&f, &rules);
    if (e == OK)
        e = drawing_seal(&f.app.ctx, flow_arg(&f, 0), &env, &sealed);
    if (e == OK && !cli_has(&f.args, "no-staff")) /* an act of its own: `assign freeze` repeats it after a failure */
        e = assignment_freeze(&f.app.ctx, flow_arg(&f, 0), &rules, &frozen);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        say_key(&a, sealed.key);
        flow_say_number(&a, "rows", (int64_t) sealed.rows);
        flow_say_number(&a, "excluded", (int64_t) sealed.excluded);
        flow_say_number(&a, "sample", (int64_t) sealed.sample);
        flow_say(&a, "roster_root", sealed.root);
        flow_say(&a, "draw_digest", sealed.digest);
        if (frozen.digest.p != NULL)
            say_frozen(&a, &frozen);
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

int
cmd_assign_freeze(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct assignment_rules rules;
    struct assignment_frozen frozen;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {SEAL_OPTIONS + 1, COUNT(SEAL_OPTIONS) - 1, 1, 1}, argc, argv, &status))
        return status;
    e = read_rules(&f, &rules);
    if (e == OK)
        e = assignment_freeze(&f.app.ctx, flow_arg(&f, 0), &rules, &frozen);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        say_key(&a, frozen.key);
        say_frozen(&a, &frozen);
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

/* --- reveal, lock, beacon, run, void ---------------------------------------------------------------------------------- */

static void
say_state(struct flow *f)
{
    struct drawing_current_row d;
    enum drawing_state state;
    struct flow_answer a = flow_answer(f);

    if (drawing_find(&f->app.ctx, flow_arg(f, 0), &d, &state) == OK) {
        say_key(&a, (struct drawing_key) {d.draw, d.attempt});
        flow_say(&a, "state", d.state);
        flow_say(&a, "suite", d.suite);
        flow_say(&a, "rule", d.rule);
        flow_say(&a, "draw_digest", d.draw_digest);
        flow_say(&a, "lock_digest", d.lock_digest);
        flow_say(&a, "result_digest", d.result_digest);
        flow_say(&a, "void_reason", d.void_reason);
    }
    flow_say_end(&a);
}

static const struct cli_option REVEAL_OPTIONS[] = {
    {"party", "NAME", "参与方", "name of the party"},
    {"secret", "HEX", "秘密", "the secret"},
    {"secret-file", "FILE", "秘密文件", "file of the secret"},
};

int
cmd_draw_reveal(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct str secret;
    int status = 0;
    enum err e = OK;

    if (!flow_open(&f, self, (struct flow_options) {REVEAL_OPTIONS, COUNT(REVEAL_OPTIONS), 1, 1}, argc, argv, &status))
        return status;
    secret = flow_value(&f, "secret");
    if (!cli_has(&f.args, "party") || (secret.p == NULL) == !cli_has(&f.args, "secret-file"))
        e = ctx_refuse(&f.app.ctx, ERR_USAGE, "--party and one of --secret, --secret-file");
    if (e == OK && secret.p == NULL)
        if ((e = read_secret(f.app.ctx.arena, cli_value(&f.args, "secret-file"), &secret)) != OK)
            e = ctx_refuse(&f.app.ctx, e, "%s", cli_value(&f.args, "secret-file"));
    if (e == OK)
        e = drawing_reveal(&f.app.ctx, flow_arg(&f, 0), flow_value(&f, "party"), secret);
    if (e == OK)
        say_state(&f);
    return flow_close(&f, e, f.args.positional[0]);
}

int
cmd_draw_lock(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 1, 1}, argc, argv, &status))
        return status;
    e = drawing_lock(&f.app.ctx, flow_arg(&f, 0));
    if (e == OK)
        say_state(&f);
    return flow_close(&f, e, f.args.positional[0]);
}

int
cmd_draw_status(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct drawing_current_row d;
    enum drawing_state state;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 1, 1}, argc, argv, &status))
        return status;
    e = drawing_find(&f.app.ctx, flow_arg(&f, 0), &d, &state);
    if (e == OK)
        say_state(&f);
    return flow_close(&f, e, f.args.positional[0]);
}

static const struct cli_option BEACON_OPTIONS[] = {
    {"name", "NAME", "信标名称", "name of the beacon"},
    {"value", "VALUE", "公布的值", "its published value"},
    {"evidence", "TEXT", "依据:drand 的签名,或出处", "evidence: drand's signature, or the source"},
};

int
cmd_draw_beacon(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    int status = 0;
    enum err e = OK;

    if (!flow_open(&f, self, (struct flow_options) {BEACON_OPTIONS, COUNT(BEACON_OPTIONS), 1, 1}, argc, argv, &status))
        return status;
    if (!cli_has(&f.args, "name") || !cli_has(&f.args, "value"))
        e = ctx_refuse(&f.app.ctx, ERR_USAGE, "--name and --value");
    if (e == OK)
        e = drawing_beacon(&f.app.ctx, flow_arg(&f, 0), flow_value(&f, "name"), flow_value(&f, "value"),
                           flow_value(&f, "evidence"));
    if (e == OK)
        say_state(&f);
    return flow_close(&f, e, f.args.positional[0]);
}

int
cmd_draw_run(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct threads threads;
    struct draw_env env = env_on(&threads);
    struct drawing_drawn drawn;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 1, 1}, argc, argv, &status))
        return status;
    e = drawing_run(&f.app.ctx, flow_arg(&f, 0), &env, &drawn);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        say_key(&a, drawn.key);
        flow_say_number(&a, "targets", (int64_t) drawn.target_count);
        flow_say(&a, "seed", drawn.seed);
        flow_say(&a, "result_digest", drawn.digest);
        flow_say_raw(&a, "again", drawn.again ? STR("true") : STR("false"));
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

int
cmd_draw_disclose(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    size_t count = 0;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 0, 0}, argc, argv, &status))
        return status;
    e = drawing_disclose(&f.app.ctx, &count);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say_number(&a, "disclosed", (int64_t) count);
        flow_say_end(&a);
    }
    return flow_close(&f, e, "draw");
}

static const struct cli_option VOID_OPTIONS[] = {{"reason", "TEXT", "作废原因(必填,公开)", "why (required, published)"}};

int
cmd_draw_void(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {VOID_OPTIONS, 1, 1, 1}, argc, argv, &status))
        return status;
    e = assignment_void(&f.app.ctx, flow_arg(&f, 0), flow_value(&f, "reason"));
    if (e == OK)
        say_state(&f);
    return flow_close(&f, e, f.args.positional[0]);
}

/* --- simulate --------------------------------------------------------------------------------------------------------- */

static const struct cli_option SIMULATE_OPTIONS[] = {{"rounds", "N", "试抽次数(默认 20)", "rounds (default 20)"}};

static void
say_simulated(const struct flow *f, const char *name, const struct drawing_simulated *list, size_t count, uint32_t rounds)
{
    if (f->args.json)
        printf(",\"%s\":[", name);
    else
        printf("%-12s %12s %12s %12s %8s %8s\n", name, "population", "expected", "mean", "least", "most");
    for (size_t i = 0; i < count; i++) {
        const struct drawing_simulated *s = &list[i];
        uint64_t mean = s->sum * 100 / rounds, expected = s->expected_numerator / 10000;

        printf(f->args.json ? "%s{\"label\":\"%s\",\"population\":%llu,\"expected\":%llu.%02llu,\"mean\":%llu.%02llu,"
                              "\"least\":%llu,\"most\":%llu}"
                            : "%s%-12s %12llu %9llu.%02llu %9llu.%02llu %8llu %8llu\n",
               f->args.json && i > 0 ? "," : "", s->label.p, (unsigned long long) s->population,
               (unsigned long long) (expected / 100), (unsigned long long) (expected % 100),
               (unsigned long long) (mean / 100), (unsigned long long) (mean % 100), (unsigned long long) s->least,
               (unsigned long long) s->most);
    }
    if (f->args.json)
        putchar(']');
}

int
cmd_draw_simulate(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct threads threads;
    struct draw_env env = env_on(&threads);
    struct drawing_simulation sim;
    uint64_t rounds;
    int status = 0;
    enum err e = OK;

    if (!flow_open(&f, self, (struct flow_options) {SIMULATE_OPTIONS, 1, 1, 1}, argc, argv, &status))
        return status;
    if (!cli_number(&f.args, "rounds", DRAWING_SIMULATIONS_MAX, 20, &rounds))
        e = ERR_USAGE;
    if (e == OK)
        e = drawing_simulate(&f.app.ctx, flow_arg(&f, 0), (uint32_t) rounds, &env, (struct drawing_watch){NULL, NULL}, &sim);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say_number(&a, "rounds", (int64_t) rounds);
        flow_say_number(&a, "rows", (int64_t) sim.rows);
        flow_say_number(&a, "excluded", (int64_t) sim.excluded);
        flow_say_number(&a, "sample", (int64_t) sim.sample);
        for (int x = FRAME_IN + 1; x < FRAME_EXCLUSION_COUNT; x++)
            if (sim.by_reason[x] > 0)
                flow_say_number(&a, frame_exclusion_word((enum frame_exclusion) x), (int64_t) sim.by_reason[x]);
        for (int by = 0; by < DRAWING_BY_COUNT; by++)
            say_simulated(&f, drawing_by_name((enum drawing_by) by), sim.by[by].v, sim.by[by].count, sim.rounds);
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

/* --- substitute, assign, replace ------------------------------------------------------------------------------------------ */

static const struct cli_option CHANGE_OPTIONS[] = {
    {"reason", "WORD", "原因", "why"},
    {"evidence", "TEXT", "依据", "evidence"},
    {"approver", "NAME", "批准人", "who approved it"},
};

int
cmd_draw_substitute(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    size_t entered = 0;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {CHANGE_OPTIONS, COUNT(CHANGE_OPTIONS), 2, 2}, argc, argv, &status))
        return status;
    e = assignment_substitute(&f.app.ctx, flow_arg(&f, 0), flow_arg(&f, 1), flow_value(&f, "reason"),
                              flow_value(&f, "evidence"), flow_value(&f, "approver"), &entered);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say(&a, "target", flow_arg(&f, 1));
        flow_say_number(&a, "reserves", (int64_t) entered);
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[1]);
}

int
cmd_assign(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct assignment_outcome out;
    size_t merged = 0;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 1, 1}, argc, argv, &status))
        return status;
    e = assignment_assign(&f.app.ctx, flow_arg(&f, 0), &out);
    if (e == OK && out.feasible)
        e = merging_propose(&f.app.ctx, flow_arg(&f, 0), (struct str) {0}, &merged);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        say_key(&a, out.key);
        flow_say(&a, "result", out.feasible ? STR("assigned") : STR("infeasible"));
        flow_say_number(&a, "groups", (int64_t) out.group_count);
        flow_say_number(&a, "places", (int64_t) out.place_count);
        flow_say_number(&a, "inspectors", (int64_t) out.inspector_count);
        flow_say_number(&a, "least_load", (int64_t) out.least_load);
        flow_say_number(&a, "most_load", (int64_t) out.most_load);
        flow_say_number(&a, "mergings", (int64_t) merged);
        flow_say(&a, "owners_digest", out.digest);
        flow_say_raw(&a, "diagnosis", out.diagnosis);
        flow_say_raw(&a, "again", out.again ? STR("true") : STR("false"));
        flow_say_end(&a);
    }
    if (e == OK && !out.feasible) { /* the proof is stored; the exit status tells that nobody was assigned */
        status = flow_close(&f, OK, f.args.positional[0]);
        return status != 0 ? status : err_exit_status(ERR_INFEASIBLE);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

static const struct cli_option REPLACE_OPTIONS[] = {
    {"department", "CODE", "部门", "department"},
    {"reason", "WORD", "原因:relative interest declared requested leave other", "why: relative interest declared requested leave other"},
    {"evidence", "TEXT", "依据", "evidence"},
    {"approver", "NAME", "批准人", "who approved it"},
};

int
cmd_assign_replace(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct str substitute = {0};
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {REPLACE_OPTIONS, COUNT(REPLACE_OPTIONS), 3, 3}, argc, argv, &status))
        return status;
    e = assignment_replace(&f.app.ctx,
                           &(struct assignment_change) {flow_arg(&f, 0), flow_arg(&f, 1), flow_value(&f, "department"),
                                                        flow_arg(&f, 2), flow_value(&f, "reason"), flow_value(&f, "evidence"),
                                                        flow_value(&f, "approver")},
                           &substitute);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say(&a, "target", flow_arg(&f, 1));
        flow_say(&a, "substitute", substitute);
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[1]);
}

/* --- experts ------------------------------------------------------------------------------------------------------------- */

static const struct cli_option EXPERT_OPTIONS[] = {
    {"places", "N", "每个对象几名专家(默认 1)", "experts per target (default 1)"},
    {"specialty", "WORD", "专业", "the specialty that each must have"},
};

int
cmd_experts_freeze(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct panel_frozen out;
    uint64_t places;
    int status = 0;
    enum err e = OK;

    if (!flow_open(&f, self, (struct flow_options) {EXPERT_OPTIONS, COUNT(EXPERT_OPTIONS), 1, 1}, argc, argv, &status))
        return status;
    if (!cli_number(&f.args, "places", PANEL_PLACES_MAX, 1, &places))
        e = ERR_USAGE;
    if (e == OK)
        e = panel_freeze(&f.app.ctx, flow_arg(&f, 0), (uint32_t) places, flow_value(&f, "specialty"), &out);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        say_key(&a, out.key);
        flow_say_number(&a, "experts", (int64_t) out.expert_count);
        flow_say_number(&a, "conflicts", (int64_t) out.conflict_count);
        flow_say(&a, "experts_digest", out.digest);
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

int
cmd_experts_draw(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct panel_outcome out;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 1, 1}, argc, argv, &status))
        return status;
    e = panel_draw(&f.app.ctx, flow_arg(&f, 0), &out);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        say_key(&a, out.key);
        flow_say_number(&a, "targets", (int64_t) out.target_count);
        flow_say_number(&a, "experts", (int64_t) out.expert_count);
        flow_say_number(&a, "short", (int64_t) out.short_count);
        flow_say(&a, "panel_digest", out.digest);
        flow_say_raw(&a, "again", out.again ? STR("true") : STR("false"));
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}
