/* app/verify_more.c - the documents beside the five files of a draw */
#include "verify_more.h"

#include <stdlib.h>
#include <string.h>

#include "core/panel.h"
#include "core/staff.h"

#define MATCH_BYTES_MIN ((size_t) 64 << 20)
#define MATCH_BYTES_MAX ((size_t) 4 << 30)

struct checking {
    struct draw_dir *dir;
    const struct draw_report *r;
    const struct verify_log *log;
    struct verify_more *out;
};

static struct more_step *
add(struct checking *k, const char *name, const char *zh, const char *en)
{
    struct more_step *s = &k->out->step[k->out->count++];

    *s = (struct more_step) {.name = name, .zh = zh, .en = en, .state = DRAW_PASS};
    return s;
}

static void
fail(struct checking *k, struct more_step *s, enum err e, const char *file, uint64_t line, const char *zh, const char *en)
{
    s->state = DRAW_FAIL;
    s->err = e;
    s->file = file;
    s->line = line;
    s->why_zh = zh;
    s->why_en = en;
    k->out->ok = false;
}

/* The line of the first byte in which two documents differ. */
static uint64_t
first_line(struct str a, struct str b)
{
    uint64_t line = 1;

    for (size_t i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++)
        line += a.p[i] == '\n';
    return line;
}

/* --- inspectors: owners.txt from the frozen registers (match-1) ---------------------------------------------------------- */

struct matched {
    struct staff staff;
    struct staff_target *targets;
    struct staff_derived derived;
    struct match_result result;
    unsigned char staff_digest[HASH_LEN];
    struct match_options options;
    struct buf owners;
};

static enum err
drawn_targets(struct matched *m, const struct draw_run *run, struct arena *a)
{
    m->targets = arena_array(a, run->target_count + 1, sizeof *m->targets);
    if (m->targets == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < run->target_count; i++) {
        struct roster_row row = roster_at(&run->roster, run->targets[i].row);

        m->targets[i] = (struct staff_target) {row.id, row.stratum, run->targets[i].mask, run->targets[i].batch};
    }
    return OK;
}

static void
seed_of(const struct checking *k, struct matched *m)
{
    unsigned char key[HASH_LEN];
    struct str staff = k->dir->more[MORE_STAFF];

    hash_of(HASH_SHA256, staff.p, staff.n, m->staff_digest);
    draw_subkey(k->r->run.spec.suite, "inspector", k->r->run.seed, key);
    match_seed(key, m->staff_digest, m->options.seed);
}

static enum err
match_again(struct checking *k, struct matched *m, struct arena *a)
{
    const struct str *doc = k->dir->more;
    struct staff_fault fault;
    size_t bad, size;
    enum err e = staff_parse(a, doc[MORE_STAFF_TSV], doc[MORE_FORBIDDEN], doc[MORE_RULES], &m->staff, &fault);

    if (e == OK)
        e = staff_seal_check(doc[MORE_STAFF], &m->staff, k->r->run.spec.digest);
    if (e == OK)
        e = drawn_targets(m, &k->r->run, a);
    if (e == OK)
        e = staff_derive(a, &m->staff, m->targets, k->r->run.target_count, NULL, &m->derived, &bad);
    if (e != OK)
        return e;
    seed_of(k, m);
    m->options.reserves = true;
    m->options.slack = m->staff.rules.slack;
    e = match_solve(a, &m->derived.instance, &m->options, &m->result);
    if (e != OK)
        return e;
    size = staff_owners_bytes(&m->derived, &m->result);
    m->owners = buf_over(arena_alloc(a, size), size);
    if (m->owners.p == NULL)
        return ERR_MEMORY;
    staff_owners_write(&m->owners, &m->staff, m->targets, &m->derived, &m->result, m->staff_digest, m->options.seed);
    return OK;
}

/* How much memory an instance takes shows when it runs out: twice as much, from the beginning. */
static enum err
rematch(struct checking *k, struct more_step *s)
{
    enum err e = ERR_MEMORY;

    for (size_t size = MATCH_BYTES_MIN; e == ERR_MEMORY && size <= MATCH_BYTES_MAX; size *= 2) {
        struct matched m = {.staff_digest = {0}};
        void *block = malloc(size);
        struct arena a = arena_over(block, block == NULL ? 0 : size);
        struct str published = k->dir->more[MORE_OWNERS];

        if (block == NULL)
            return ERR_MEMORY;
        e = match_again(k, &m, &a);
        if (e == OK && !str_eq(published, buf_view(&m.owners)))
            fail(k, s, ERR_MISMATCH, "owners.txt", first_line(published, buf_view(&m.owners)), "与重算的匹配不一致",
                 "not what the matching gives");
        free(block);
    }
    if (e != OK && e != ERR_MEMORY)
        fail(k, s, e, "staff.txt", 0, "冻结的名册不能得出匹配", "the frozen registers do not give a matching");
    return e == ERR_MEMORY ? e : OK;
}

/* Registers that are not public: the head of owners.txt still follows from staff.txt and the seed. */
static void
check_owners_head(struct checking *k, struct more_step *s)
{
    char text[256];
    struct buf b = buf_over(text, sizeof text);
    struct matched m = {.staff_digest = {0}};

    seed_of(k, &m);
    buf_z(&b, "mingqian-owners/v1\nstaff-digest ");
    buf_hex(&b, m.staff_digest, HASH_LEN);
    buf_z(&b, "\nmatch-seed ");
    buf_hex(&b, m.options.seed, MATCH_SEED_LEN);
    buf_z(&b, "\n");
    if (!str_starts(k->dir->more[MORE_OWNERS], buf_view(&b)))
        fail(k, s, ERR_MISMATCH, "owners.txt", first_line(k->dir->more[MORE_OWNERS], buf_view(&b)),
             "开头与名册和种子不符", "its head does not follow from staff.txt and the seed");
}

static enum err
check_owners(struct checking *k)
{
    const struct str *doc = k->dir->more;
    struct more_step *s;

    if (doc[MORE_OWNERS].p == NULL)
        return OK;
    if (k->r->ran && doc[MORE_STAFF_TSV].p != NULL && doc[MORE_FORBIDDEN].p != NULL && doc[MORE_RULES].p != NULL &&
        doc[MORE_STAFF].p != NULL)
        return rematch(k, add(k, "owners", "重算人员匹配,与 owners.txt 逐字节一致",
                              "the recomputed matching of inspectors equals owners.txt byte for byte"));
    s = add(k, "owners-head", "owners.txt 属于这份 staff.txt 和这次抽取的种子(名册未全部公开,未重算)",
            "owners.txt belongs to this staff.txt and to the seed (the registers are not all public: not re-run)");
    if (doc[MORE_STAFF].p == NULL)
        fail(k, s, ERR_MISSING, "staff.txt", 0, "缺少此文件", "this file is missing");
    else
        check_owners_head(k, s);
    return OK;
}

/* --- experts: panel.txt from experts.txt (panel-1) ------------------------------------------------------------------------ */

/* The ids of the target lines of result.txt, one after the other. */
static bool
next_target(struct str *rest, struct str *id)
{
    struct str line;

    while (rest->n > 0) {
        str_split(*rest, '\n', &line, rest);
        if (str_starts(line, STR("target "))) {
            str_split((struct str) {line.p + 7, line.n - 7}, ' ', id, &line);
            return true;
        }
    }
    return false;
}

static enum err
write_panel(const struct checking *k, const struct panel_pool *pool, struct arena *a, struct buf *out)
{
    uint32_t *left = arena_array(a, pool->expert_count + 1, sizeof *left), chosen[PANEL_PLACES_MAX], count;
    struct str rest = k->dir->files.file[DRAW_RESULT], id;
    unsigned char key[HASH_LEN];
    size_t size = PANEL_HEAD_MAX;

    while (next_target(&rest, &id))
        size += PANEL_LINE_MAX + id.n;
    *out = buf_over(arena_alloc(a, size), size);
    if (left == NULL || out->p == NULL)
        return ERR_MEMORY;
    draw_subkey(k->r->run.spec.suite, "int", k->r->run.seed, key);
    panel_write_head(pool, k->r->run.seed, out);
    rest = k->dir->files.file[DRAW_RESULT];
    while (next_target(&rest, &id) && draw_id_ok(id)) {
        panel_choose(pool, k->r->run.spec.suite, key, id, left, chosen, &count);
        panel_write_target(pool, id, chosen, count, out);
    }
    return OK;
}

static enum err
check_panel(struct checking *k)
{
    struct str published = k->dir->more[MORE_PANEL], experts = k->dir->more[MORE_EXPERTS];
    struct panel_pool pool;
    struct fault f;
    struct more_step *s;
    struct buf b;
    enum err e;

    if (published.p == NULL)
        return OK;
    s = add(k, "panel", "重算专家抽取,与 panel.txt 逐字节一致", "the recomputed experts equal panel.txt byte for byte");
    if (experts.p == NULL) {
        fail(k, s, ERR_MISSING, PANEL_EXPERTS_FILE, 0, "缺少此文件", "this file is missing");
        return OK;
    }
    e = panel_pool_parse(experts, &k->dir->arena, &pool, &f);
    if (e == ERR_MEMORY)
        return e;
    if (e != OK)
        fail(k, s, e, PANEL_EXPERTS_FILE, f.line, f.zh, f.en);
    else if (memcmp(pool.draw_digest, k->r->run.spec.digest, HASH_LEN) != 0)
        fail(k, s, ERR_DIGEST, PANEL_EXPERTS_FILE, 2, "不是这次抽取的专家名单", "it belongs to another draw.txt");
    if (s->state == DRAW_FAIL)
        return OK;
    e = write_panel(k, &pool, &k->dir->arena, &b);
    if (e == OK && !str_eq(published, buf_view(&b)))
        fail(k, s, ERR_MISMATCH, PANEL_FILE, first_line(published, buf_view(&b)), "与重算的专家抽取不一致",
             "not the experts that follow from the draw");
    return e;
}

/* --- opened rows, voids ---------------------------------------------------------------------------------------------------- */

static enum err
check_opened(struct checking *k)
{
    struct opened_fault f;
    struct more_step *s;
    enum err e;

    if (k->dir->more[MORE_OPENED].p == NULL)
        return OK;
    s = add(k, "opened", DRAW_OPENED_ZH, DRAW_OPENED_EN);
    e = draw_check_opened(k->dir->more[MORE_OPENED], k->dir->files.file[DRAW_RESULT], &k->r->run.spec,
                          k->r->run.key_target, &k->dir->arena, &f);
    if (e != OK && e != ERR_MEMORY)
        fail(k, s, e, f.file, f.line, f.zh, f.en);
    return e == ERR_MEMORY ? e : OK;
}

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
    struct str text = k->dir->more[MORE_VOID], head[3] = {{NULL, 0}}, rest = text;
    const struct draw_spec *spec = &k->r->run.spec;
    char line[96];
    struct buf b = buf_over(line, sizeof line);
    struct more_step *s;

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
        enum draw_more file;
        enum log_paper_kind kind;
        bool frozen;
    } PAPERS[] = {{MORE_STAFF, LOG_PAPER_STAFF, true},
                  {MORE_OWNERS, LOG_PAPER_OWNERS, false},
                  {MORE_EXPERTS, LOG_PAPER_EXPERTS, true},
                  {MORE_PANEL, LOG_PAPER_PANEL, false}};
    const struct log_draw_act *lock = k->log->state == VERIFY_LOG_OK ? lock_of(k) : NULL;
    struct more_step *s = NULL;

    for (size_t i = 0; i < sizeof PAPERS / sizeof *PAPERS && k->log->state == VERIFY_LOG_OK; i++) {
        struct str text = k->dir->more[PAPERS[i].file];
        const struct log_paper *paper = &k->log->papers.of[PAPERS[i].kind];
        const char *name = draw_more_name(PAPERS[i].file);
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
        e = check_owners(&k);
    if (known && e == OK)
        e = check_panel(&k);
    if (known && e == OK)
        e = check_opened(&k);
    if (known && e == OK)
        check_logged(&k);
    return e;
}
