/* app/cmd_draw_pure.c - mingqian draw recompute | verify | explain: the draw core over the files of a
 * directory, without a database (docs/spec/draw-1.md) */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "core/draw_json.h"
#include "draw_dir.h"
#include "fetch.h"
#include "verify_more.h"

static const struct cli_option PURE_OPTIONS[] = {
    {"threads", "N", "线程数,默认全部", "number of threads, default all"},
    {"require-log", NULL, "没有看到留痕日志时判为不通过(仅 verify)",
     "fail when no log was seen (verify only)"},
    {"log", "DIR|URL", "日志所在处,默认在抽取文件旁边(../../../log)",
     "where the log is, default beside the draw (../../../log)"},
    {"vkey", "FILE", "事先保存的日志公钥文件", "verifier keys of the log kept from before"},
    {"witness", "VKEY", "见证人的公钥,可多次", "verifier key of a witness, may be repeated"},
    {"witnesses", "K", "至少几个见证人签过名(默认所列全部)", "how many of them must have cosigned (default: all)"},
};

/* A command over a directory. */
struct job {
    struct cli_args args;
    struct draw_dir dir;
    char fetched[64]; /* temporary directory of files from a URL, or "" */
};

/* Arguments and files. False when the command is finished with *status. */
static bool
prepare(struct job *j, const struct cli_command *self, size_t positional, size_t options, int argc,
        char **argv, int *status)
{
    char place[1024];
    uint64_t threads = 0;
    enum err e;

    if (!cli_parse(self, PURE_OPTIONS, options, positional, positional, argc, argv, &j->args, status))
        return false;
    *status = err_exit_status(ERR_USAGE);
    if (!cli_number(&j->args, "threads", THREADS_MAX, 0, &threads))
        return false;
    if (fetch_is_url(j->args.positional[0])) {
        char why[512];

        e = verify_fetch(j->args.positional[0], j->fetched, why);
        if (e != OK) {
            *status = cli_fail(&j->args, e, j->args.positional[0], why);
            return false;
        }
    }
    e = draw_dir_open(j->fetched[0] != '\0' ? j->fetched : j->args.positional[0], (unsigned) threads, &j->dir,
                      place);
    if (e != OK)
        *status = cli_fail(&j->args, e, place, NULL);
    return e == OK;
}

/* One of the three commands: its work between the files' coming and going. */
static int
run_job(const struct cli_command *self, size_t positional, size_t options, int argc, char **argv,
        int (*work)(struct job *j))
{
    struct job j = {0};
    int status;

    if (prepare(&j, self, positional, options, argc, argv, &status))
        status = work(&j);
    draw_dir_close(&j.dir);
    verify_fetch_remove(j.fetched);
    return status;
}

/* "DIR/lock.txt:2:13" for messages. */
static void
write_place(const struct job *j, const struct fault *f, char *out, size_t size)
{
    const char *name = draw_file_name(f->file);

    if (f->line == 0)
        (void) snprintf(out, size, "%s/%s", j->args.positional[0], name);
    else
        (void) snprintf(out, size, "%s/%s:%" PRIu64 ":%" PRIu64, j->args.positional[0], name, f->line,
                        f->column);
}

static int
fail_at(const struct job *j, const struct fault *f)
{
    char place[1200];

    write_place(j, f, place, sizeof place);
    return cli_fail(&j->args, f->err, place, cli_text(f->zh, f->en));
}

/* The four inputs of a run must be there. */
static enum err
need_inputs(const struct job *j, struct fault *f)
{
    for (int i = 0; i < DRAW_RESULT; i++)
        if (j->dir.files.file[i].p == NULL) {
            *f = (struct fault){.err = ERR_NOT_FOUND,
                                .file = (enum draw_file) i,
                                .zh = "缺少此文件",
                                .en = "this file is missing"};
            return f->err;
        }
    return OK;
}

static void
print_hex(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%02x", p[i]);
}

static int
flushed(const struct job *j)
{
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : cli_fail(&j->args, ERR_IO, NULL, NULL);
}

static int
print_recomputed(const struct job *j, struct str result, enum hash_suite suite)
{
    unsigned char digest[HASH_LEN];

    if (!j->args.json) {
        (void) fwrite(result.p, 1, result.n, stdout);
        return flushed(j);
    }
    hash_of(suite, result.p, result.n, digest);
    printf("{\"digest\":\"");
    print_hex(digest, sizeof digest);
    printf("\",\"result\":");
    cli_json_string(result);
    printf("}\n");
    return flushed(j);
}

static int
recompute(struct job *j)
{
    struct draw_run *run = arena_alloc(&j->dir.arena, sizeof *run);
    struct fault f = {.zh = "", .en = ""};
    struct buf out;
    enum err e = need_inputs(j, &f);

    if (run == NULL)
        return cli_fail(&j->args, ERR_MEMORY, NULL, NULL);
    if (e == OK)
        e = draw_run(&j->dir.files, &j->dir.env, &j->dir.arena, run, &f);
    if (e != OK)
        return fail_at(j, &f);
    out = buf_over(arena_alloc(&j->dir.arena, draw_result_bytes(run)), draw_result_bytes(run));
    if (out.p == NULL)
        return cli_fail(&j->args, ERR_MEMORY, NULL, NULL);
    draw_result_write(run, &out);
    return print_recomputed(j, buf_view(&out), run->spec.suite);
}

int
cmd_draw_recompute(const struct cli_command *self, int argc, char **argv)
{
    return run_job(self, 1, 1, argc, argv, recompute);
}

/* ---- verify ---- */

static void
print_line(const struct draw_step *s)
{
    static const char *const ZH[] = {"通过", "不通过", "未查", "注意"}, *const EN[] = {"ok", "FAIL", "skip",
                                                                                       "note"};
    static const char *const COLOUR[] = {"\033[32m", "\033[1;31m", "\033[2m", "\033[33m"};
    bool colour = cli_colour(1);

    printf("%s[%s]%s %s\n", colour ? COLOUR[s->state] : "", cli_text(ZH[s->state], EN[s->state]),
           colour ? "\033[0m" : "", cli_text(s->zh, s->en));
}

static void
print_step(const struct job *j, const struct draw_step *s)
{
    char place[1200];

    print_line(s);
    if (s->state != DRAW_FAIL && s->state != DRAW_WARN)
        return;
    write_place(j, &s->fault, place, sizeof place);
    printf("      %s", place);
    if (s->fault.line > 0)
        printf(cli_text(" (第 %" PRIu64 " 字节)", " (byte %" PRIu64 ")"), s->fault.byte);
    printf(": %s (%s)\n", cli_text(s->fault.zh, s->fault.en), err_name(s->fault.err));
}

static struct draw_step
as_step(const struct paper_step *m)
{
    return (struct draw_step) {.name = m->name, .zh = m->zh, .en = m->en, .state = m->state};
}

static void
print_more(const struct job *j, const struct verify_more *more)
{
    for (size_t i = 0; i < more->count; i++) {
        const struct paper_step *m = &more->step[i];
        struct draw_step s = as_step(m);

        print_line(&s);
        if (m->state != DRAW_FAIL && m->state != DRAW_WARN)
            continue;
        printf("      %s/%s", j->args.positional[0], m->file);
        if (m->line > 0)
            printf(":%" PRIu64, m->line);
        printf(": %s", cli_text(m->why_zh, m->why_en));
        if (m->err != OK)
            printf(" (%s)", err_name(m->err));
        printf("\n");
    }
    if (more->void_reason.p != NULL)
        printf("%s%.*s\n", cli_text("      作废原因:", "      reason: "), (int) more->void_reason.n, more->void_reason.p);
}

static void
print_report(const struct job *j, const struct draw_report *r, const struct verify_log *log,
             const struct verify_more *more)
{
    for (size_t i = 0; i < r->step_count; i++)
        print_step(j, &r->step[i]);
    print_more(j, more);
    printf("%s\n", !r->ok || !more->ok ? cli_text("验证不通过。", "Verification failed.")
                   : r->step_count == 0 ? cli_text("这次抽取在出结果之前作废。", "This attempt was voided before it had a result.")
                   : r->ran ? cli_text("五个文件相互一致:抽取可以重算,结果相同。",
                                       "The five files agree: the draw can be re-run and gives this result.")
                            : cli_text("名单密封未公开:承诺、锁定、种子和抽中者的行已核对;逐户重算须由审计人员持名单进行。",
                                       "The roster is sealed: commitments, lock, seed and the opened rows are checked; an "
                                       "auditor with the roster can re-run the rest."));
    verify_log_print(log);
}

enum { STEP_BYTES = 4096 };

static void
json_steps(const struct draw_report *r, const struct verify_more *more)
{
    printf(",\"steps\":[");
    for (size_t i = 0; i < r->step_count + more->count; i++) {
        char text[STEP_BYTES];
        struct buf out = buf_over(text, sizeof text);

        if (i < r->step_count)
            draw_step_json(&r->step[i], &out);
        else
            paper_step_json(&more->step[i - r->step_count], &out);
        printf("%s%.*s", i == 0 ? "" : ",", (int) out.n, text);
    }
    printf("]");
}

static void
json_report(const struct draw_report *r, const struct verify_log *log, const struct verify_more *more)
{
    printf("{\"ok\":%s,", r->ok && more->ok && log->state != VERIFY_LOG_FAULT ? "true" : "false");
    if (more->void_reason.p != NULL) {
        printf("\"void_reason\":");
        cli_json_string(more->void_reason);
        printf(",");
    }
    verify_log_json(log);
    if (r->ran) {
        printf(",\"draw\":");
        cli_json_string(r->run.spec.number);
        printf(",\"attempt\":%" PRIu32 ",\"rows\":%" PRIu64 ",\"targets\":%zu,\"digest\":\"",
               r->run.spec.attempt, r->run.roster.count, r->run.target_count);
        print_hex(r->run.spec.digest, HASH_LEN);
        printf("\",\"seed\":\"");
        print_hex(r->run.seed, HASH_LEN);
        printf("\"");
    }
    json_steps(r, more);
    printf("}\n");
}

static int
report(struct job *j, const struct draw_report *r, const struct verify_log *log)
{
    struct verify_more more;
    enum err e = verify_more(&j->dir, r, log, &more);
    bool ok = r->ok && more.ok && log->state != VERIFY_LOG_FAULT &&
              (log->state == VERIFY_LOG_OK || !cli_has(&j->args, "require-log"));

    if (e != OK)
        return cli_fail(&j->args, e, j->args.positional[0], NULL);
    if (j->args.json)
        json_report(r, log, &more);
    else
        print_report(j, r, log, &more);
    if (flushed(j) != 0)
        return err_exit_status(ERR_IO);
    return ok ? 0 : 1;
}

/* Of an attempt that was voided before its result there is what was sealed, and the void. */
static enum err
read_voided(struct job *j, struct draw_report *r)
{
    struct fault f = {.zh = "", .en = ""};
    enum err e = draw_parse(j->dir.files.file[DRAW_DRAW], &j->dir.arena, &r->run.spec, &f);

    *r = (struct draw_report) {.ok = e == OK, .run.spec = r->run.spec};
    if (e == OK || e == ERR_MEMORY)
        return e;
    r->step[r->step_count++] = (struct draw_step) {"draw", "draw.txt 符合 mingqian-draw/v1", "draw.txt is mingqian-draw/v1", DRAW_FAIL, f};
    return OK;
}

/* --witness VKEY…, --witnesses K */
static enum err
read_witnesses(const struct cli_args *args, struct note_key keys[static CLI_REPEAT_MAX], struct verify_witnesses *out)
{
    const char *const *vkeys = cli_values(args, "witness", &out->count);
    uint64_t needed;
    enum err e = OK;

    for (size_t i = 0; e == OK && i < out->count; i++)
        e = note_vkey_parse(str_of(vkeys[i]), &keys[i]);
    if (e == OK && !cli_number(args, "witnesses", out->count, out->count, &needed))
        e = ERR_USAGE;
    out->keys = keys;
    out->needed = e == OK ? (size_t) needed : 0;
    return e;
}

/* The roster of a draw by risk class is not public: the rows of the selected stand in for it. */
static int
verify(struct job *j)
{
    bool voided = j->dir.more[PAPER_VOID].p != NULL && j->dir.files.file[DRAW_RESULT].p == NULL;
    bool sealed = j->dir.files.file[DRAW_ROSTER].p == NULL && j->dir.more[PAPER_OPENED].p != NULL;
    struct draw_report *r = arena_alloc(&j->dir.arena, sizeof *r);
    const char *log_place = cli_value(&j->args, "log");
    struct note_key *keys = arena_array(&j->dir.arena, CLI_REPEAT_MAX, sizeof *keys);
    struct verify_witnesses witnesses = {0};
    struct verify_log log;
    enum err e = ERR_MEMORY;
    int status;

    if (keys != NULL && (e = read_witnesses(&j->args, keys, &witnesses)) != OK)
        return cli_fail(&j->args, e, "--witness", NULL);

    e = ERR_MEMORY;
    if (r != NULL && keys != NULL)
        e = voided   ? read_voided(j, r)
            : sealed ? draw_verify_head(&j->dir.files, &j->dir.arena, r)
                     : draw_verify(&j->dir.files, &j->dir.env, &j->dir.arena, r);
    if (e != OK)
        return cli_fail(&j->args, e, j->args.positional[0], NULL);
    e = verify_log(j->args.positional[0], log_place, cli_value(&j->args, "vkey"), witnesses, &j->dir.files, &log);
    status = e == OK ? report(j, r, &log) : cli_fail(&j->args, e, log_place, NULL);
    verify_log_free(&log);
    return status;
}

int
cmd_draw_verify(const struct cli_command *self, int argc, char **argv)
{
    return run_job(self, 1, 6, argc, argv, verify);
}

/* ---- explain ---- */

static const char *
status_text(enum draw_status s)
{
    static const char *const ZH[] = {"抽中", "递补", "未抽中", "不在该部门抽取范围"};
    static const char *const EN[] = {"selected", "substitute", "not selected",
                                     "not in this department's scope"};

    return cli_text(ZH[s], EN[s]);
}

static void
print_quota(const struct draw_run *run, const struct draw_reason_quota *q)
{
    const struct draw_quota *quota = &run->spec.quotas[q->quota];
    const struct draw_outcome *o = &run->outcomes[q->quota];

    printf(cli_text("部门 %u 层 %.*s(候选 %" PRIu64 ",抽 %" PRIu64 "):%s",
                    "group %u stratum %.*s (population %" PRIu64 ", draws %" PRIu64 "): %s"),
           quota->group, (int) quota->stratum.n, quota->stratum.p, o->population, quota->n,
           status_text(q->status));
    if (q->rank > 0)
        printf(cli_text(",第 %" PRIu64 " 位", ", number %" PRIu64), q->rank);
    if (q->status != DRAW_NOT_IN_QUOTA)
        printf("\n  %s %" PRIu64 "/%" PRIu64 "%s",
               run->spec.rule == DRAW_UNIFORM || q->certain
                   ? cli_text("抽中概率(精确)", "probability (exact)")
                   : cli_text("设计的入样概率 k·w/W", "design inclusion probability k·w/W"),
               q->numerator, q->denominator, q->certain ? cli_text("(必然抽中)", " (certain)") : "");
    if (o->has_last) {
        printf("\n  %s ", cli_text("最后一个抽中者的签号", "ticket of the last one selected "));
        print_hex(o->last, HASH_LEN);
    }
    if (o->has_first_out) {
        printf("\n  %s ", cli_text("第一个未抽中者的签号", "ticket of the first one left out"));
        print_hex(o->first_out, HASH_LEN);
    }
    printf("\n");
}

static void
print_check(const struct draw_run *run, struct str id)
{
    printf("%s printf '%%s:%%s' ", cli_text("自己核对:", "check it yourself:"));
    print_hex(run->key_target, HASH_LEN);
    printf(" '%.*s' | %s\n", (int) id.n, id.p,
           run->spec.suite == HASH_SM3 ? "openssl dgst -sm3" : "sha256sum");
}

static void
print_reason(const struct draw_run *run, const struct draw_reason *x, struct str id)
{
    struct str line = roster_line(&run->roster, x->row_number);

    printf(cli_text("名单第 %" PRIu64 " 行:%.*s\n", "row %" PRIu64 " of the roster: %.*s\n"),
           x->row_number + 1, (int) line.n, line.p);
    printf("%s ", cli_text("签号", "ticket"));
    print_hex(x->ticket, HASH_LEN);
    printf("\n");
    print_check(run, id);
    if (x->row.excluded)
        printf(cli_text("不参加抽取,原因:%.*s\n", "excluded from the draw, reason: %.*s\n"),
               (int) x->row.stratum.n - 1, x->row.stratum.p + 1);
    for (size_t i = 0; i < x->quota_count; i++)
        print_quota(run, &x->quotas[i]);
    if (x->selected)
        printf(cli_text("检查次序第 %" PRIu64 " 位,第 %" PRIu32 " 批\n",
                        "number %" PRIu64 " in visiting order, batch %" PRIu32 "\n"),
               x->position, x->batch);
    printf(cli_text("默克尔证明(%u 个摘要):\n", "Merkle proof (%u hashes):\n"), x->proof.count);
    for (unsigned i = 0; i < x->proof.count; i++) {
        printf("  ");
        print_hex(x->proof.hash[i], HASH_LEN);
        printf("\n");
    }
}

static int
json_reason(const struct job *j, const struct draw_run *run, const struct draw_reason *x)
{
    size_t size = draw_reason_bytes(x);
    struct buf out = buf_over(malloc(size), size);

    if (out.p == NULL)
        return cli_fail(&j->args, ERR_MEMORY, NULL, NULL);
    draw_reason_json(run, x, &out);
    printf("%.*s\n", (int) out.n, out.p);
    free(out.p);
    return flushed(j);
}

static int
explain(struct job *j)
{
    struct draw_run *run = arena_alloc(&j->dir.arena, sizeof *run);
    struct draw_reason reason;
    struct fault f = {.zh = "", .en = ""};
    struct str id = str_of(j->args.positional[1]);
    enum err e = need_inputs(j, &f);

    if (run == NULL)
        return cli_fail(&j->args, ERR_MEMORY, NULL, NULL);
    if (e == OK)
        e = draw_run(&j->dir.files, &j->dir.env, &j->dir.arena, run, &f);
    if (e != OK)
        return fail_at(j, &f);
    e = draw_explain(run, &j->dir.arena, id, &reason);
    if (e != OK)
        return cli_fail(&j->args, e, j->args.positional[1],
                        cli_text("名单中没有这个编号", "not in the roster"));
    if (j->args.json)
        return json_reason(j, run, &reason);
    print_reason(run, &reason, id);
    return flushed(j);
}

int
cmd_draw_explain(const struct cli_command *self, int argc, char **argv)
{
    return run_job(self, 2, 1, argc, argv, explain);
}
