/* app/verify_more.c - the documents beside the five files of a draw */
#include "verify_more.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES_MIN ((size_t) 64 << 20)
#define ARENA_BYTES_MAX ((size_t) 4 << 30)

struct checking {
    struct draw_dir *dir;
    const struct draw_report *r;
    const struct verify_log *log;
    struct verify_more *out;
};

static struct paper_step *
add(struct checking *k, const char *name, const char *zh, const char *en)
{
    struct paper_step *s = &k->out->step[k->out->count++];

    paper_step_begin(s, name, zh, en);
    return s;
}

static void
fail(struct checking *k, struct paper_step *s, enum err e, const char *file, uint64_t line, const char *zh, const char *en)
{
    paper_step_fail(s, e, file, line, zh, en);
    k->out->ok = false;
}

/* How much memory it takes shows when it runs out: twice as much, from the beginning. */
static enum err
with_memory(struct checking *k, const struct draw_papers *p,
            enum err (*check)(const struct draw_papers *p, struct arena *a, struct paper_step *step, size_t *count))
{
    enum err e = ERR_MEMORY;

    for (size_t size = ARENA_BYTES_MIN; e == ERR_MEMORY && size <= ARENA_BYTES_MAX; size *= 2) {
        void *block = malloc(size);
        struct arena a = arena_over(block, block == NULL ? 0 : size);

        if (block == NULL)
            return ERR_MEMORY;
        e = check(p, &a, k->out->step, &k->out->count);
        free(block);
    }
    return e;
}

/* What follows from the draw. */
static enum err
check_papers(struct checking *k)
{
    struct draw_papers p = {.result = k->dir->files.file[DRAW_RESULT], .run = &k->r->run, .ran = k->r->ran};
    enum err e;

    memcpy(p.of, k->dir->more, sizeof p.of);
    e = with_memory(k, &p, draw_papers_owners);
    if (e == OK)
        e = with_memory(k, &p, draw_papers_panel);
    if (e == OK)
        e = with_memory(k, &p, draw_papers_opened);
    for (size_t i = 0; i < k->out->count; i++)
        k->out->ok = k->out->ok && k->out->step[i].state != DRAW_FAIL;
    return e;
}

/* --- voids ----------------------------------------------------------------------------------------------------------------- */

static bool
void_logged(const struct checking *k, uint32_t attempt)
{
    for (const struct log_draw_act *act = k->log->acts.first; act != NULL; act = act->next)
        if (act->kind == LOG_DRAW_VOID && act->attempt == attempt)
            return true;
    return false;
}

/* "mingqian-void/v1", "draw-digest HEX", "reason TEXT" */
static void
check_void(struct checking *k)
{
    struct str text = k->dir->more[PAPER_VOID], head[3] = {{NULL, 0}}, rest = text;
    const struct draw_spec *spec = &k->r->run.spec;
    char line[96];
    struct buf b = buf_over(line, sizeof line);
    struct paper_step *s;

    if (text.p == NULL)
        return;
    s = add(k, "void", "这次抽取已作废", "this attempt was voided");
    for (int i = 0; i < 3 && rest.n > 0; i++)
        str_split(rest, '\n', &head[i], &rest);
    buf_z(&b, "draw-digest ");
    buf_hex(&b, spec->digest, HASH_LEN);
    if (!str_eq(head[0], STR("mingqian-void/v1")) || !str_starts(head[2], STR("reason ")) || rest.n > 0 ||
        head[2].n < 8 || text.p[text.n - 1] != '\n' || !utf8_valid(head[2]))
        fail(k, s, ERR_SYNTAX, "void.txt", 1, "不是 mingqian-void/v1", "not mingqian-void/v1");
    else if (!str_eq(head[1], buf_view(&b)))
        fail(k, s, ERR_DIGEST, "void.txt", 2, "作废的不是这份 draw.txt", "it voids another draw.txt");
    else if (k->log->state == VERIFY_LOG_OK && !void_logged(k, spec->attempt))
        fail(k, s, ERR_MISSING, "void.txt", 0, "日志里没有作废记录", "the log holds no void of this attempt");
    else {
        s->state = DRAW_WARN;
        s->file = "void.txt";
        s->line = 3;
        k->out->void_reason = (struct str) {head[2].p + 7, head[2].n - 7};
        s->why_zh = "作废原因见 void.txt";
        s->why_en = "the reason is in void.txt";
    }
}

/* --- the log --------------------------------------------------------------------------------------------------------------- */

static const struct log_draw_act *
lock_of(const struct checking *k)
{
    for (const struct log_draw_act *act = k->log->acts.first; act != NULL; act = act->next)
        if (act->kind == LOG_DRAW_LOCK && act->attempt == k->r->run.spec.attempt)
            return act;
    return NULL;
}

/* Each document is in the log with its digest; what was frozen, before the lock. */
static void
check_logged(struct checking *k)
{
    static const struct {
        enum draw_paper file;
        enum log_paper_kind kind;
        bool frozen;
    } PAPERS[] = {{PAPER_STAFF, LOG_PAPER_STAFF, true},
                  {PAPER_OWNERS, LOG_PAPER_OWNERS, false},
                  {PAPER_EXPERTS, LOG_PAPER_EXPERTS, true},
                  {PAPER_PANEL, LOG_PAPER_PANEL, false}};
    const struct log_draw_act *lock = k->log->state == VERIFY_LOG_OK ? lock_of(k) : NULL;
    struct paper_step *s = NULL;

    for (size_t i = 0; i < sizeof PAPERS / sizeof *PAPERS && k->log->state == VERIFY_LOG_OK; i++) {
        struct str text = k->dir->more[PAPERS[i].file];
        const struct log_paper *paper = &k->log->papers.of[PAPERS[i].kind];
        const char *name = draw_paper_name(PAPERS[i].file);
        unsigned char digest[HASH_LEN];

        if (text.p == NULL || (s != NULL && s->state == DRAW_FAIL))
            continue;
        if (s == NULL)
            s = add(k, "logged", "人员和专家的文件与日志一致,名册在锁定之前冻结",
                    "the files of inspectors and experts are those in the log, frozen before the lock");
        hash_of(HASH_SHA256, text.p, text.n, digest);
        if (!paper->logged)
            fail(k, s, ERR_MISSING, name, 0, "日志里没有这份文件", "the log does not hold this file");
        else if (memcmp(digest, paper->digest, HASH_LEN) != 0)
            fail(k, s, ERR_DIGEST, name, 0, "与日志里的摘要不符", "not the file whose digest is in the log");
        else if (PAPERS[i].frozen && lock != NULL && paper->index > lock->index)
            fail(k, s, ERR_ORDER, name, 0, "在锁定之后才冻结", "it was frozen after the lock");
    }
}

enum err
verify_more(struct draw_dir *dir, const struct draw_report *r, const struct verify_log *log, struct verify_more *out)
{
    struct checking k = {dir, r, log, out};
    bool known = r->ran || (r->ok && r->step_count > 0 && dir->files.file[DRAW_ROSTER].p == NULL);
    enum err e = OK;

    *out = (struct verify_more) {.ok = true};
    if (r->run.spec.number.p != NULL)
        check_void(&k);
    if (known)
        e = check_papers(&k);
    if (known && e == OK)
        check_logged(&k);
    return e;
}
