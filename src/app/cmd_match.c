/* app/cmd_match.c - mingqian match run | simulate: the matching over an instance file, without a database
 * (docs/spec/match-1.md) */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "core/match.h"

enum { RUNS_DEFAULT = 1000, LINE_BYTES = 256, BAR_FROM_GROUPS = 10000 };
#define ARENA_MOST_BYTES ((size_t) 1 << 34) /* address space only: pages are taken when they are used */
#define ARENA_LEAST_BYTES ((size_t) 1 << 26)

/* One job: its arguments, memory and instance. */
struct job {
    struct cli_args args;
    struct arena arena;
    struct match_instance instance;
    int slack;
    unsigned cuts_printed;
    struct cli_progress bar;
};

static const struct cli_option run_options[] = {
    {"seed", "HEX", "匹配种子,64 位十六进制", "the match seed, 64 hex digits"},
    {"slack", "N", "松弛 -1(严格)…64,默认 1", "slack, -1 (strict) to 64, default 1"},
};
static const struct cli_option simulate_options[] = {
    {"runs", "N", "模拟次数,默认 1000", "number of simulated seeds, default 1000"},
    {"slack", "N", "松弛 -1(严格)…64,默认 1", "slack, -1 (strict) to 64, default 1"},
};

static enum err
take_memory(struct arena *a)
{
    for (size_t n = ARENA_MOST_BYTES; n >= ARENA_LEAST_BYTES; n /= 2) {
        void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

        if (p != MAP_FAILED) {
            *a = arena_over(p, n);
            return OK;
        }
    }
    return ERR_MEMORY;
}

/* The whole file, or standard input for "-". */
static enum err
read_file(struct arena *a, const char *path, struct str *out)
{
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    size_t n = 0, most = (a->size_bytes - a->used_bytes) / 16;
    enum err e = OK;
    ssize_t got = 1;

    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    while (e == OK && got > 0) {
        got = n < most ? read(fd, a->base + a->used_bytes + n, most - n) : 0;
        if (n == most)
            e = ERR_TOO_LARGE;
        else if (got < 0 && errno != EINTR)
            e = ERR_IO;
        else if (got > 0)
            n += (size_t) got;
        else if (got < 0)
            got = 1; /* interrupted: again */
    }
    (void) close(fd);
    *out = (struct str){(const char *) a->base + a->used_bytes, n};
    a->used_bytes += n;
    return e;
}

static bool
read_slack(const struct cli_args *args, int *slack)
{
    const char *text = cli_value(args, "slack");
    uint64_t n = 0;

    *slack = MATCH_SLACK_DEFAULT;
    if (text == NULL)
        return true;
    *slack = MATCH_SLACK_STRICT;
    if (strcmp(text, "-1") == 0)
        return true;
    if (str_u64(str_of(text), MATCH_SLACK_MAX, &n) != OK) {
        (void) cli_fail(args, ERR_USAGE, "--slack", text);
        return false;
    }
    *slack = (int) n;
    return true;
}

static int
refuse_instance(const struct job *j, enum err e, const struct match_fault *fault)
{
    char detail[LINE_BYTES];

    if (e == ERR_MEMORY)
        return cli_fail(&j->args, e, j->args.positional[0], NULL);
    snprintf(detail, sizeof detail, "line %zu: %.*s%s%s", fault->line, (int) fault->token.n,
             fault->token.n > 0 ? fault->token.p : "", fault->token.n > 0 ? ": " : "", fault->what);
    return cli_fail(&j->args, e, j->args.positional[0], detail);
}

/* Memory, slack and instance. False when the command is finished with *status. */
static bool
prepare(struct job *j, int *status)
{
    struct match_fault fault = {0};
    struct str text;
    enum err e;

    *status = err_exit_status(ERR_USAGE);
    if (!read_slack(&j->args, &j->slack))
        return false;
    e = take_memory(&j->arena);
    if (e == OK)
        e = read_file(&j->arena, j->args.positional[0], &text);
    if (e != OK) {
        *status = cli_fail(&j->args, e, j->args.positional[0], NULL);
        return false;
    }
    e = match_parse(&j->arena, text, &j->instance, &fault);
    if (e != OK)
        *status = refuse_instance(j, e, &fault);
    return e == OK;
}

static void
release(struct job *j)
{
    if (j->arena.base != NULL)
        (void) munmap(j->arena.base, j->arena.size_bytes);
}

static void
print_list(const uint32_t *ids, size_t n, const char *between)
{
    for (size_t k = 0; k < n; k++)
        printf("%s%" PRIu32, k == 0 ? "" : between, ids[k]);
}

static void
print_raw_cut(void *ctx, const uint32_t *groups, size_t group_count, const uint32_t *inspectors,
              size_t inspector_count)
{
    struct job *j = ctx;

    if (j->args.json)
        fputs(j->cuts_printed == 0 ? "{\"feasible\":false,\"raw_cuts\":[{\"groups\":[" : ",{\"groups\":[",
              stdout);
    else
        fputs(j->cuts_printed == 0 ? "infeasible groups [" : "; groups [", stdout);
    print_list(groups, group_count, j->args.json ? "," : ", ");
    fputs(j->args.json ? "],\"inspectors\":[" : "] inspectors [", stdout);
    print_list(inspectors, inspector_count, j->args.json ? "," : ", ");
    fputs(j->args.json ? "]}" : "]", stdout);
    j->cuts_printed++;
}

static bool
show_progress(void *ctx, uint64_t done, uint64_t total)
{
    struct job *j = ctx;

    j->bar.total = total; /* components add their walks when they begin */
    cli_progress_step(&j->bar, done);
    return !cli_cancelled();
}

static void
print_cuts_json(const struct match_result *r)
{
    fputs("],\"cuts\":[", stdout);
    for (uint32_t k = 0; k < r->cut_count; k++) {
        const struct match_cut *c = &r->cuts[k];

        printf("%s{\"need\":%" PRIu64 ",\"capacity\":%" PRIu64 ",\"groups\":[", k == 0 ? "" : ",", c->need,
               c->capacity);
        print_list(c->groups, c->group_count, ",");
        fputs("],\"inspectors\":[", stdout);
        print_list(c->inspectors, c->inspector_count, ",");
        fputs("]}", stdout);
    }
    puts("]}");
}

static void
print_owners(const struct job *j, const struct match_result *r)
{
    const struct match_instance *in = &j->instance;

    fputs(j->args.json ? "{\"feasible\":true,\"owners\":[" : "owners ", stdout);
    for (uint32_t g = 0; g < in->groups; g++) {
        if (g > 0)
            putchar(j->args.json ? ',' : ';');
        if (j->args.json)
            putchar('[');
        print_list(r->team + r->team_first[g], in->demand[g], j->args.json ? "," : " ");
        if (j->args.json)
            putchar(']');
    }
    if (j->args.json)
        printf("],\"components\":%" PRIu32 ",\"walks\":%" PRIu64 ",\"steps\":%" PRIu64 "}",
               r->component_count, r->walks, r->steps);
    putchar('\n');
}

static int
solve_and_print(struct job *j, const char *seed)
{
    struct match_options o = {
        .slack = j->slack, .raw_cut = print_raw_cut, .progress = show_progress, .ctx = j};
    struct match_result r;
    enum err e = hex_decode(str_of(seed), o.seed, sizeof o.seed);

    if (e != OK)
        return cli_fail(&j->args, ERR_USAGE, "--seed", seed);
    cli_catch_signals();
    if (j->instance.groups >= BAR_FROM_GROUPS)
        o.progress = show_progress;
    j->bar = cli_progress_start(&j->args, cli_text("匹配", "match"), 1);
    e = match_solve(&j->arena, &j->instance, &o, &r);
    cli_progress_end(&j->bar);
    if (e != OK)
        return cli_fail(&j->args, e, j->args.positional[0], NULL);
    if (r.feasible)
        print_owners(j, &r);
    else if (j->args.json)
        print_cuts_json(&r);
    else
        putchar('\n');
    return fflush(stdout) == 0 ? err_exit_status(r.feasible ? OK : ERR_INFEASIBLE)
                               : cli_fail(&j->args, ERR_IO, "stdout", NULL);
}

int
cmd_match_run(const struct cli_command *self, int argc, char **argv)
{
    struct job j = {0};
    int status = 0;

    if (!cli_parse(self, run_options, sizeof run_options / sizeof *run_options, 1, 1, argc, argv, &j.args,
                   &status))
        return status;
    if (cli_value(&j.args, "seed") == NULL)
        return cli_fail(&j.args, ERR_USAGE, "--seed", cli_text("缺少匹配种子", "the match seed is missing"));
    if (prepare(&j, &status))
        status = solve_and_print(&j, cli_value(&j.args, "seed"));
    release(&j);
    return status;
}

static void
print_forecast_json(const struct match_forecast *f)
{
    printf("{\"runs\":%" PRIu32 ",\"feasible\":%s,\"nearly_certain\":[", f->runs,
           f->feasible ? "true" : "false");
    for (size_t k = 0; k < f->pair_count; k++)
        printf("%s{\"group\":%" PRIu32 ",\"inspector\":%" PRIu32 ",\"count\":%" PRIu32 "}", k == 0 ? "" : ",",
               f->pairs[k].group, f->pairs[k].inspector, f->pairs[k].count);
    fputs("],\"few_candidates\":[", stdout);
    for (size_t k = 0; k < f->tight_count; k++)
        printf("%s{\"group\":%" PRIu32 ",\"candidates\":%" PRIu32 "}", k == 0 ? "" : ",", f->tight[k].group,
               f->tight[k].candidates);
    puts("]}");
}

static void
print_forecast(const struct job *j, const struct match_forecast *f)
{
    printf(cli_text("模拟 %" PRIu32 " 次\n", "%" PRIu32 " simulated seeds\n"), f->runs);
    if (!f->feasible)
        puts(cli_text("检查人员不足,无法匹配;用 match run 看证明",
                      "not enough inspectors; match run shows the proof"));
    for (size_t k = 0; k < f->tight_count; k++)
        printf(cli_text("候选太少:组 %" PRIu32 ",名额 %" PRIu32 ",候选 %" PRIu32 "\n",
                        "few candidates: group %" PRIu32 ", places %" PRIu32 ", candidates %" PRIu32 "\n"),
               f->tight[k].group, j->instance.demand[f->tight[k].group], f->tight[k].candidates);
    for (size_t k = 0; k < f->pair_count; k++)
        printf(cli_text("几乎确定:组 %" PRIu32 ",检查人员 %" PRIu32 ",%" PRIu32 " 次\n",
                        "nearly certain: group %" PRIu32 ", inspector %" PRIu32 ", %" PRIu32 " times\n"),
               f->pairs[k].group, f->pairs[k].inspector, f->pairs[k].count);
    if (f->feasible && f->tight_count == 0 && f->pair_count == 0)
        puts(cli_text("没有几乎确定的组合", "no pair is nearly certain"));
}

int
cmd_match_simulate(const struct cli_command *self, int argc, char **argv)
{
    struct job j = {0};
    struct match_forecast f;
    uint64_t runs = RUNS_DEFAULT;
    int status = 0;
    enum err e;

    if (!cli_parse(self, simulate_options, sizeof simulate_options / sizeof *simulate_options, 1, 1, argc,
                   argv, &j.args, &status))
        return status;
    if (!cli_number(&j.args, "runs", MATCH_FORECAST_RUNS_MAX, RUNS_DEFAULT, &runs))
        return err_exit_status(ERR_USAGE);
    if (prepare(&j, &status)) {
        cli_catch_signals();
        j.bar = cli_progress_start(&j.args, cli_text("模拟", "simulate"), runs);
        e = match_forecast(&j.arena, &j.instance, j.slack, (uint32_t) runs, show_progress, &j, &f);
        cli_progress_end(&j.bar);
        if (e != OK)
            status = cli_fail(&j.args, e, j.args.positional[0], NULL);
        else if (j.args.json)
            print_forecast_json(&f);
        else
            print_forecast(&j, &f);
        status = e != OK ? status : err_exit_status(f.feasible ? OK : ERR_INFEASIBLE);
    }
    release(&j);
    return status;
}
