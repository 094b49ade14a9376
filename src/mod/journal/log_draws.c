/* mod/journal/log_draws.c - the acts of draws in a log */
#include "log_draws.h"

#include <string.h>

#include <jansson.h>

static enum err
fault_entry(struct log_fault *f, enum err e, uint64_t index, const char *zh, const char *en)
{
    char path[TLOG_PATH_MAX];
    struct buf b = buf_over(path, sizeof path - 1);

    tile_path(&b, &(struct tile) {true, 0, index / TLOG_TILE_WIDTH, TLOG_TILE_WIDTH});
    path[b.n] = '\0';
    e = log_fault_at(f, e, path, 0, zh, en);
    f->has_entry = true;
    f->entry = index;
    return e;
}

/* acts ----------------------------------------------------------------------------------------------------------- */

static bool
kind_of(struct str act, enum log_draw_kind *kind)
{
    static const char *const NAMES[] = {"draw.seal", "draw.lock", "draw.result", "draw.void"};

    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (str_eq(act, str_of(NAMES[i]))) {
            *kind = (enum log_draw_kind) i;
            return true;
        }
    return false;
}

/* "411500/2026/0017/1" */
static bool
split_subject(struct str subject, struct str *draw, uint32_t *attempt)
{
    size_t n = subject.n;
    uint64_t number;

    while (n > 0 && subject.p[n - 1] != '/')
        n--;
    if (n < 2 || str_u64((struct str) {subject.p + n, subject.n - n}, DRAW_ATTEMPT_MAX, &number) != OK || number == 0)
        return false;
    *draw = (struct str) {subject.p, n - 1};
    *attempt = (uint32_t) number;
    return true;
}

static enum err
digest_of(struct str detail, unsigned char out[static HASH_LEN])
{
    json_t *object = detail.p == NULL ? NULL : json_loadb(detail.p, detail.n, JSON_REJECT_DUPLICATES, NULL);
    const char *hex = json_string_value(json_object_get(object, "digest"));
    enum err e = hex == NULL || hex_decode(str_of(hex), out, HASH_LEN) != OK ? ERR_SYNTAX : OK;

    json_decref(object);
    return e;
}

/* Documents that a draw is not made of, yet must be in the log. */
static void
keep_paper(struct log_papers *papers, uint64_t index, const struct entry *entry)
{
    static const struct {
        const char *act;
        enum log_paper_kind kind;
    } ACTS[] = {{"assignment.freeze", LOG_PAPER_STAFF},
                {"assignment.assign", LOG_PAPER_OWNERS},
                {"assignment.infeasible", LOG_PAPER_OWNERS},
                {"panel.freeze", LOG_PAPER_EXPERTS},
                {"panel.draw", LOG_PAPER_PANEL}};

    if (papers == NULL || !str_eq(entry->subject, papers->subject))
        return;
    for (size_t i = 0; i < sizeof ACTS / sizeof *ACTS; i++) {
        struct log_paper *p = &papers->of[ACTS[i].kind];

        if (!p->logged && str_eq(entry->act, str_of(ACTS[i].act)) && digest_of(entry->detail, p->digest) == OK) {
            p->logged = true;
            p->index = index;
        }
    }
}

enum err
log_draws_add(struct log_draws *draws, struct arena *a, uint64_t index, const struct entry *entry, struct str only)
{
    struct log_draw_act act = {.index = index, .time_us = entry->time_us}, *kept;
    enum err e;

    keep_paper(draws->papers, index, entry);
    if (!kind_of(entry->act, &act.kind))
        return OK;
    if (!split_subject(entry->subject, &act.draw, &act.attempt))
        return ERR_SYNTAX;
    if (only.p != NULL && !str_eq(act.draw, only))
        return OK;
    e = digest_of(entry->detail, act.digest);
    if (e != OK)
        return e;
    kept = arena_alloc(a, sizeof *kept);
    act.draw = str_copy(a, act.draw);
    if (kept == NULL || act.draw.p == NULL)
        return ERR_MEMORY;
    *kept = act;
    if (draws->last == NULL)
        draws->first = kept;
    else
        draws->last->next = kept;
    draws->last = kept;
    draws->count++;
    return OK;
}

/* order ---------------------------------------------------------------------------------------------------------- */

/* Where a draw stands while its acts are read in order. */
struct standing {
    struct str draw;
    uint32_t attempt; /* the latest, 0 at first */
    bool locked, drawn, voided;
    unsigned char sealed[HASH_LEN];
};

static enum err
check_seal(struct standing *s, const struct log_draw_act *act, struct log_fault *f)
{
    if (act->attempt <= s->attempt)
        return fault_entry(f, ERR_DUPLICATE, act->index, "同一次抽取封存了两次", "an attempt was sealed twice");
    if (act->attempt != s->attempt + 1)
        return fault_entry(f, ERR_MISSING, act->index, "缺少前面的抽取记录", "an earlier attempt is missing");
    if (s->attempt > 0 && !s->voided)
        return fault_entry(f, ERR_MISSING, act->index, "前一次抽取没有作废记录",
                           "the attempt before was not voided in the log");
    s->attempt = act->attempt;
    s->locked = s->drawn = s->voided = false;
    memcpy(s->sealed, act->digest, HASH_LEN);
    return OK;
}

static enum err
check_act(struct standing *s, const struct log_draw_act *act, struct log_fault *f)
{
    bool *done = act->kind == LOG_DRAW_LOCK ? &s->locked : act->kind == LOG_DRAW_RESULT ? &s->drawn : &s->voided;

    if (act->kind == LOG_DRAW_SEAL)
        return check_seal(s, act, f);
    if (act->attempt > s->attempt)
        return fault_entry(f, ERR_MISSING, act->index, "没有先封存", "it was not sealed before");
    if (act->attempt < s->attempt || s->voided)
        return fault_entry(f, ERR_ORDER, act->index, "作废之后不应再有操作", "something follows its void");
    if (*done)
        return fault_entry(f, ERR_DUPLICATE, act->index, "同一步骤出现两次", "the same step twice");
    if (act->kind == LOG_DRAW_RESULT && !s->locked)
        return fault_entry(f, ERR_ORDER, act->index, "锁定之前就有结果", "a result before the lock");
    if (act->kind == LOG_DRAW_LOCK && s->drawn)
        return fault_entry(f, ERR_ORDER, act->index, "结果之后才锁定", "a lock after the result");
    if (act->kind == LOG_DRAW_VOID && memcmp(act->digest, s->sealed, HASH_LEN) != 0)
        return fault_entry(f, ERR_DIGEST, act->index, "作废的不是这份抽取方案", "the void names another draw.txt");
    *done = true;
    return OK;
}

/* The standing of a draw, in a table of open addressing. */
static struct standing *
standing_of(struct standing *table, size_t size, struct str draw)
{
    uint64_t h = 0xCBF29CE484222325u; /* FNV-1a */

    for (size_t i = 0; i < draw.n; i++)
        h = (h ^ (unsigned char) draw.p[i]) * 0x100000001B3u;
    for (size_t i = h % size;; i = (i + 1) % size)
        if (table[i].draw.p == NULL || str_eq(table[i].draw, draw)) {
            table[i].draw = draw;
            return &table[i];
        }
}

enum err
log_draws_check(const struct log_draws *draws, struct arena *a, struct log_fault *f)
{
    size_t mark = arena_mark(a), size = 2 * draws->count + 1;
    struct standing *table = arena_array(a, size, sizeof *table);
    enum err e = table == NULL ? log_fault_at(f, ERR_MEMORY, "", 0, "内存不足", "out of memory") : OK;

    for (const struct log_draw_act *act = draws->first; act != NULL && e == OK; act = act->next)
        e = check_act(standing_of(table, size, act->draw), act, f);
    arena_rewind(a, mark);
    return e;
}

/* one draw ------------------------------------------------------------------------------------------------------- */

enum { LEVELS = TLOG_LEVEL_MAX + 1 };

/* The tiles that the entries give, the last of each level. */
struct derived {
    unsigned count[LEVELS];
    uint64_t index[LEVELS];
    unsigned char hash[LEVELS][TLOG_TILE_WIDTH][HASH_LEN];
};

struct reading {
    struct log *log;
    struct log_draws *draws;
    struct str number;
    struct merkle tree;
    struct derived *derived;
    struct log_fault *f;
};

/* A published tile, where it is there, against the hashes that the entries give. */
static enum err
compare_tile(struct reading *r, unsigned level)
{
    struct derived *d = r->derived;
    struct tile t = {false, level, d->index[level], d->count[level]};
    size_t mark = arena_mark(r->log->arena), n = d->count[level] * (size_t) HASH_LEN, i = 0;
    const unsigned char *want = (const unsigned char *) d->hash[level];
    char path[TLOG_PATH_MAX + 1];
    struct buf b = buf_over(path, TLOG_PATH_MAX);
    struct str bytes;
    enum err e;

    tile_path(&b, &t);
    path[b.n] = '\0';
    e = r->log->source.fetch(r->log->source.ctx, r->log->arena, path, TLOG_TILE_BYTES, &bytes);
    if (e == OK) {
        while (i < n && i < bytes.n && (unsigned char) bytes.p[i] == want[i])
            i++;
        if (i < n || bytes.n != n)
            e = log_fault_at(r->f, ERR_DIGEST, path, i, "摘要文件与日志条目不符", "a tile that is not that of the entries");
    } else if (e != ERR_NOT_FOUND) {
        e = log_fault_at(r->f, e, path, 0, "读不到文件", "the file cannot be read");
    }
    arena_rewind(r->log->arena, mark);
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
push(struct reading *r, unsigned level, const unsigned char hash[static HASH_LEN])
{
    struct derived *d = r->derived;
    unsigned char root[HASH_LEN];
    enum err e;

    memcpy(d->hash[level][d->count[level]++], hash, HASH_LEN);
    if (d->count[level] < TLOG_TILE_WIDTH)
        return OK;
    e = compare_tile(r, level);
    d->count[level] = 0;
    d->index[level]++;
    if (e != OK || level == TLOG_LEVEL_MAX)
        return e;
    merkle_reduce(HASH_SHA256, hash_lanes_best(), d->hash[level], TLOG_TILE_WIDTH, root);
    return push(r, level + 1, root);
}

static enum err
compare_last_tiles(struct reading *r)
{
    enum err e = OK;

    for (unsigned level = 0; e == OK && level < LEVELS; level++)
        if (r->derived->count[level] > 0)
            e = compare_tile(r, level);
    return e;
}

static enum err
read_entry(void *ctx, uint64_t index, struct str bytes)
{
    struct reading *r = ctx;
    unsigned char leaf[HASH_LEN];
    struct entry entry;
    enum err e = entry_parse(bytes, &entry);

    if (e != OK)
        return fault_entry(r->f, e, index, "日志条目格式不对", "a malformed entry");
    merkle_leaf(HASH_SHA256, bytes.p, bytes.n, leaf);
    merkle_add(&r->tree, leaf);
    e = log_draws_add(r->draws, r->log->arena, index, &entry, r->number);
    if (e != OK)
        return fault_entry(r->f, e, index, "抽取的日志条目格式不对", "a malformed entry of a draw");
    return push(r, 0, leaf);
}

static const struct log_draw_act *
find_act(const struct log_draws *draws, enum log_draw_kind kind, uint32_t attempt)
{
    for (const struct log_draw_act *act = draws->first; act != NULL; act = act->next)
        if (act->kind == kind && act->attempt == attempt)
            return act;
    return NULL;
}

/* A document must be in the log with its digest. */
static enum err
check_document(const struct log_draws *draws, enum log_draw_kind kind, uint32_t attempt, const char *name,
               const unsigned char digest[static HASH_LEN], struct log_fault *f)
{
    const struct log_draw_act *act = find_act(draws, kind, attempt);

    if (act == NULL)
        return log_fault_at(f, ERR_MISSING, name, 0, "日志里没有这份文件", "the log does not hold this file");
    if (memcmp(act->digest, digest, HASH_LEN) == 0)
        return OK;
    (void) !log_fault_at(f, ERR_DIGEST, name, 0, "与日志里的摘要不符", "not the file whose digest is in the log");
    f->has_entry = true;
    f->entry = act->index;
    return ERR_DIGEST;
}

static enum err
check_documents(const struct log_draws *draws, const struct draw_files *files, const struct draw_spec *spec,
                struct log_fault *f)
{
    static const enum log_draw_kind KINDS[DRAW_FILE_COUNT] = {[DRAW_LOCK] = LOG_DRAW_LOCK,
                                                              [DRAW_RESULT] = LOG_DRAW_RESULT};
    enum err e = check_document(draws, LOG_DRAW_SEAL, spec->attempt, "draw.txt", spec->digest, f);

    if (e == OK && spec->has_prev)
        e = check_document(draws, LOG_DRAW_VOID, spec->attempt - 1, "draw.txt", spec->prev, f);
    for (int file = DRAW_LOCK; file <= DRAW_RESULT && e == OK; file++) {
        struct str bytes = files->file[file];
        unsigned char digest[HASH_LEN];

        if (bytes.p == NULL || KINDS[file] == LOG_DRAW_SEAL)
            continue;
        hash_of(spec->suite, bytes.p, bytes.n, digest);
        e = check_document(draws, KINDS[file], spec->attempt, draw_file_name((enum draw_file) file), digest, f);
    }
    return e;
}

static enum err
check_root(const struct reading *r, struct log_fault *f)
{
    unsigned char root[HASH_LEN];

    merkle_root(&r->tree, root);
    return memcmp(root, r->log->checkpoint.root, HASH_LEN) == 0
               ? OK
               : log_fault_at(f, ERR_PROOF, "checkpoint", 0, "日志条目与检查点不符",
                              "the entries are not those of the checkpoint");
}

enum err
log_check_draw(struct log *log, struct arena *scratch, const struct draw_files *files, struct log_draws *found,
               struct log_papers *papers, struct log_fault *f)
{
    char subject[DRAW_NUMBER_MAX + 32];
    struct buf name = buf_over(subject, sizeof subject);
    struct reading r = {.log = log, .draws = found, .f = f};
    struct draw_spec spec;
    struct fault fault;
    enum err e = draw_parse(files->file[DRAW_DRAW], log->arena, &spec, &fault);

    *found = (struct log_draws) {.papers = papers};
    *papers = (struct log_papers) {0};
    if (e != OK)
        return log_fault_at(f, e, "draw.txt", fault.byte, fault.zh, fault.en);
    buf_str(&name, spec.number);
    buf_z(&name, "/");
    buf_u64(&name, spec.attempt);
    papers->subject = str_copy(log->arena, buf_view(&name));
    if (papers->subject.p == NULL)
        return ERR_MEMORY;
    merkle_init(&r.tree, HASH_SHA256);
    r.number = spec.number;
    r.derived = arena_alloc(log->arena, sizeof *r.derived);
    if (r.derived == NULL)
        return ERR_MEMORY;
    e = log_each(log, scratch, read_entry, &r, f);
    if (e == OK)
        e = check_root(&r, f);
    if (e == OK)
        e = compare_last_tiles(&r);
    if (e == OK)
        e = log_draws_check(found, log->arena, f);
    return e != OK ? e : check_documents(found, files, &spec, f);
}
