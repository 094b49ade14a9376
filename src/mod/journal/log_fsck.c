/* mod/journal/log_fsck.c - checking a published log */
#include "log_fsck.h"

#include <fts.h>
#include <stdlib.h>
#include <string.h>

#include "journal_keys.h"
#include "mod/file.h"

enum { LEVELS = TLOG_LEVEL_MAX + 1 };

/* The first place where the files disagree with the tree that the entries give. */
struct suspect {
    bool set;
    char path[TLOG_PATH_MAX + 1];
    uint64_t byte, entry;
};

struct seen_id {
    int64_t id;
    uint64_t entry;
};

struct check {
    const struct log_fsck *options;
    struct log *log;
    struct arena *a;
    struct log_fault *f;
    struct log_fsck_report *report;
    uint64_t size; /* of the tree */
    uint64_t done; /* entries read */
    struct seen_id *ids;
    struct log_draws draws;
    struct suspect entry, leaf, node; /* a bundle, its level-0 tile, a tile above */
    unsigned count[LEVELS];
    unsigned char derived[LEVELS][TLOG_TILE_WIDTH][HASH_LEN];
};

static void
path_z(char out[static TLOG_PATH_MAX + 1], const struct tile *t)
{
    struct buf b = buf_over(out, TLOG_PATH_MAX);

    tile_path(&b, t);
    out[b.n] = '\0';
}

static void
suspect_at(struct suspect *s, const char *path, uint64_t byte, uint64_t entry)
{
    if (s->set)
        return;
    *s = (struct suspect) {.set = true, .byte = byte, .entry = entry};
    memcpy(s->path, path, strlen(path) + 1);
}

static enum err
fault_in(struct check *c, enum err e, const struct suspect *s, const char *zh, const char *en)
{
    (void) !log_fault_at(c->f, e, s->path, s->byte, zh, en);
    c->f->has_entry = true;
    c->f->entry = s->entry;
    return e;
}

/* tiles ---------------------------------------------------------------------------------------------------------- */

/* The file that must be there, at exactly this path. */
static enum err
read_tile(struct check *c, const struct tile *t, size_t max_bytes, char path[static TLOG_PATH_MAX + 1], struct str *out)
{
    enum err e;

    path_z(path, t);
    e = c->log->source.fetch(c->log->source.ctx, c->a, path, max_bytes, out);
    c->report->file_count++;
    if (e == ERR_NOT_FOUND)
        return log_fault_at(c->f, ERR_MISSING, path, 0, "缺少必须公布的文件", "a file that must be there is missing");
    if (e == ERR_TOO_LARGE)
        return log_fault_at(c->f, ERR_LENGTH, path, max_bytes, "文件太长", "the file is too long");
    return e == OK ? OK : log_fault_at(c->f, e, path, 0, "读不到文件", "the file cannot be read");
}

/* Compare one published tile with the hashes derived from the entries. */
static enum err
compare_tile(struct check *c, unsigned level, uint64_t index, unsigned width)
{
    size_t mark = arena_mark(c->a), n = width * (size_t) HASH_LEN;
    const unsigned char *want = (const unsigned char *) c->derived[level];
    char path[TLOG_PATH_MAX + 1];
    struct str bytes;
    enum err e = read_tile(c, &(struct tile) {false, level, index, width}, TLOG_TILE_BYTES, path, &bytes);

    if (e == OK && bytes.n != n)
        e = log_fault_at(c->f, ERR_LENGTH, path, bytes.n < n ? bytes.n : n, "文件长度不对", "wrong length of the file");
    for (size_t i = 0; i < n && e == OK; i++)
        if ((unsigned char) bytes.p[i] != want[i]) {
            uint64_t hash = index * TLOG_TILE_WIDTH + i / HASH_LEN;

            suspect_at(level == 0 ? &c->leaf : &c->node, path, i, hash << (8 * level));
            break;
        }
    arena_rewind(c->a, mark);
    return e;
}

static enum err
push(struct check *c, unsigned level, const unsigned char hash[static HASH_LEN])
{
    unsigned char root[HASH_LEN];
    enum err e;

    memcpy(c->derived[level][c->count[level]++], hash, HASH_LEN);
    if (c->count[level] < TLOG_TILE_WIDTH)
        return OK;
    e = compare_tile(c, level, (c->done >> (8 * level) >> 8) - 1, TLOG_TILE_WIDTH);
    if (e != OK || level == TLOG_LEVEL_MAX)
        return e;
    merkle_reduce(HASH_SHA256, hash_lanes_best(), c->derived[level], TLOG_TILE_WIDTH, root);
    c->count[level] = 0;
    return push(c, level + 1, root);
}

/* entries -------------------------------------------------------------------------------------------------------- */

static enum err
take_entry(struct check *c, struct str bytes)
{
    struct entry entry;
    enum err e = entry_parse(bytes, &entry);

    if (e == OK)
        e = log_draws_add(&c->draws, c->log->arena, c->done, &entry, (struct str) {NULL, 0});
    if (e == OK)
        c->ids[c->done] = (struct seen_id) {entry.id, c->done};
    return e;
}

/* The level-0 hash of an entry as published, to find the entry that does not fit. */
static bool
leaf_fits(struct str tile, unsigned at, const unsigned char leaf[static HASH_LEN])
{
    return tile.n < (at + 1) * (size_t) HASH_LEN || memcmp(tile.p + at * (size_t) HASH_LEN, leaf, HASH_LEN) == 0;
}

static enum err
check_entries(struct check *c, const char *path, struct str bytes, struct str tile, unsigned width)
{
    struct str rest = bytes, entry;
    enum err e = OK;

    for (unsigned i = 0; i < width && e == OK; i++) {
        uint64_t at = bytes.n - rest.n;
        unsigned char leaf[HASH_LEN];

        e = bundle_next(&rest, &entry);
        if (e == OK) {
            merkle_leaf(HASH_SHA256, entry.p, entry.n, leaf);
            if (!leaf_fits(tile, i, leaf))
                suspect_at(&c->entry, path, at, c->done);
            e = take_entry(c, entry);
        }
        if (e != OK) { /* the first entry that did not fit has shifted or broken what follows */
            suspect_at(&c->entry, path, at, c->done);
            return fault_in(c, e == ERR_MEMORY ? e : ERR_SYNTAX, &c->entry, "日志条目已损坏", "a damaged entry");
        }
        c->done++;
        e = push(c, 0, leaf);
    }
    if (e == OK && rest.n > 0)
        return c->entry.set ? fault_in(c, ERR_SYNTAX, &c->entry, "日志条目已损坏", "a damaged entry")
                            : log_fault_at(c->f, ERR_LENGTH, path, bytes.n - rest.n, "文件末尾有多余内容",
                                           "bytes after the last entry");
    return e;
}

static enum err
check_bundle(struct check *c, uint64_t index)
{
    uint64_t left = c->size - index * TLOG_TILE_WIDTH;
    unsigned width = left < TLOG_TILE_WIDTH ? (unsigned) left : TLOG_TILE_WIDTH;
    size_t mark = arena_mark(c->a);
    char path[TLOG_PATH_MAX + 1], tile_at[TLOG_PATH_MAX + 1];
    struct str bytes, tile;
    enum err e = read_tile(c, &(struct tile) {false, 0, index, width}, TLOG_TILE_BYTES, tile_at, &tile);

    c->report->file_count--; /* counted when it is compared */
    if (e == OK)
        e = read_tile(c, &(struct tile) {true, 0, index, width}, LOG_BUNDLE_BYTES_MAX, path, &bytes);
    if (e == OK)
        e = check_entries(c, path, bytes, tile, width);
    arena_rewind(c->a, mark);
    return e;
}

static int
compare_ids(const void *a, const void *b)
{
    const struct seen_id *x = a, *y = b;

    if (x->id != y->id)
        return (x->id > y->id) - (x->id < y->id);
    return (x->entry > y->entry) - (x->entry < y->entry);
}

/* The second entry with an id, at its place: entries and bundles are as the tree has them by now. */
static enum err
fault_twice(struct check *c, uint64_t entry)
{
    uint64_t index = entry / TLOG_TILE_WIDTH, left = c->size - index * TLOG_TILE_WIDTH;
    struct tile t = {true, 0, index, left < TLOG_TILE_WIDTH ? (unsigned) left : TLOG_TILE_WIDTH};
    struct suspect s = {.set = true, .entry = entry};
    struct str bytes, rest, one;
    enum err e = read_tile(c, &t, LOG_BUNDLE_BYTES_MAX, s.path, &bytes);

    rest = bytes;
    for (uint64_t i = index * TLOG_TILE_WIDTH; i < entry && e == OK; i++)
        e = bundle_next(&rest, &one);
    if (e != OK)
        return e;
    s.byte = bytes.n - rest.n;
    return fault_in(c, ERR_DUPLICATE, &s, "同一编号的条目出现两次", "an id occurs twice in the log");
}

static enum err
check_ids(struct check *c)
{
    qsort(c->ids, c->done, sizeof *c->ids, compare_ids);
    for (uint64_t i = 1; i < c->done; i++)
        if (c->ids[i].id == c->ids[i - 1].id)
            return fault_twice(c, c->ids[i].entry);
    return OK;
}

/* the root ------------------------------------------------------------------------------------------------------- */

static enum err
derived_root(struct check *c, unsigned char out[static HASH_LEN])
{
    struct merkle m;
    enum err e = OK;

    merkle_init(&m, HASH_SHA256);
    for (unsigned level = LEVELS; level-- > 0;)
        for (unsigned i = 0; i < c->count[level] && e == OK; i++)
            e = merkle_add_tree(&m, 8 * level, c->derived[level][i]);
    merkle_root(&m, out);
    return e;
}

/* Which file is wrong? The signed root decides between the entries and the tiles. */
static enum err
judge(struct check *c)
{
    enum err e = derived_root(c, c->report->root);

    if (e != OK)
        return log_fault_at(c->f, e, "", 0, "内部错误", "internal error");
    if (memcmp(c->report->root, c->log->checkpoint.root, HASH_LEN) == 0) {
        if (c->leaf.set)
            return fault_in(c, ERR_DIGEST, &c->leaf, "条目的摘要已被改动", "the hash of an entry was altered");
        if (c->node.set)
            return fault_in(c, ERR_DIGEST, &c->node, "上层摘要已被改动", "a hash above the entries was altered");
        return OK;
    }
    if (c->entry.set)
        return fault_in(c, ERR_DIGEST, &c->entry, "日志条目已被改动", "an entry was altered");
    if (c->node.set)
        return fault_in(c, ERR_PROOF, &c->node, "条目和摘要一起被改动", "entries were altered together with their hashes");
    return log_fault_at(c->f, ERR_PROOF, "checkpoint", 0, "全部文件与已签名的检查点不符",
                        "the files are not those of the signed checkpoint");
}

/* A note that somebody kept: the tree of its size must have had its root. */
static enum err
check_against(struct check *c)
{
    struct note *note = arena_alloc(c->a, sizeof *note);
    struct buf scratch = buf_over(arena_alloc(c->a, NOTE_BYTES_MAX + 64), NOTE_BYTES_MAX + 64);
    struct merkle_source tree = log_tree(c->log);
    struct checkpoint old;
    unsigned char root[HASH_LEN];
    enum err e = note == NULL || scratch.p == NULL ? ERR_MEMORY : note_parse(c->options->against, note);

    if (e == OK)
        e = checkpoint_parse(note->text, &old);
    if (e == OK)
        e = note_verify(note, &c->log->keys[0], journal_verify, NULL, &scratch, NULL);
    if (e == OK && old.size > c->size)
        e = ERR_PROOF;
    if (e == OK && old.size == 0)
        merkle_empty(HASH_SHA256, root);
    else if (e == OK)
        e = merkle_range(&tree, 0, old.size, root);
    if (e == OK && memcmp(root, old.root, HASH_LEN) != 0)
        e = ERR_PROOF;
    return e == OK ? OK
                   : log_fault_at(c->f, e, "--against", 0, "日志不是这个旧检查点的延续",
                                  "the log does not continue this older checkpoint");
}

/* older partial tiles -------------------------------------------------------------------------------------------- */

/* bytes: those of an older, narrower file that is still there. */
static enum err
check_prefix(struct check *c, const char *path, const struct tile *t)
{
    uint64_t hashes = t->entries ? c->size : c->size >> (8 * t->level), first = t->index * TLOG_TILE_WIDTH;
    struct tile now = *t;
    char now_path[TLOG_PATH_MAX + 1], old_path[TLOG_PATH_MAX + 1];
    struct str old, present, rest, entry;
    enum err e;

    if (first >= hashes || hashes - first <= t->width)
        return OK; /* the present one, or of a tree that is not signed yet */
    now.width = hashes - first < TLOG_TILE_WIDTH ? (unsigned) (hashes - first) : TLOG_TILE_WIDTH;
    e = read_tile(c, &now, t->entries ? LOG_BUNDLE_BYTES_MAX : TLOG_TILE_BYTES, now_path, &present);
    if (e == OK)
        e = read_tile(c, t, t->entries ? LOG_BUNDLE_BYTES_MAX : TLOG_TILE_BYTES, old_path, &old);
    if (e != OK)
        return e;
    rest = present;
    for (unsigned i = 0; i < t->width && t->entries && e == OK; i++)
        e = bundle_next(&rest, &entry);
    present.n = t->entries ? present.n - rest.n : t->width * (size_t) HASH_LEN;
    for (size_t i = 0; i < present.n && i < old.n; i++)
        if (old.p[i] != present.p[i])
            return log_fault_at(c->f, ERR_DIGEST, path, i, "旧的部分文件已被改动", "an older partial file was altered");
    return e == OK && old.n == present.n ? OK
                                         : log_fault_at(c->f, ERR_LENGTH, path, old.n < present.n ? old.n : present.n,
                                                        "旧的部分文件长度不对", "wrong length of an older partial file");
}

static enum err
check_partials(struct check *c)
{
    char top[FILE_PATH_BYTES];
    char *const paths[] = {top, NULL};
    size_t skip = strlen(c->options->dir) + 1;
    enum err e = file_path(top, c->options->dir, STR("tile"));
    FTS *walk = e == OK ? fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL) : NULL;
    FTSENT *at;

    if (walk == NULL)
        return log_fault_at(c->f, e == OK ? ERR_IO : e, "tile", 0, "读不到目录", "the directory cannot be read");
    while (e == OK && (at = fts_read(walk)) != NULL) {
        size_t mark = arena_mark(c->a);
        struct tile t;

        if (at->fts_info == FTS_F && strlen(at->fts_path) > skip &&
            tile_path_parse(str_of(at->fts_path + skip), &t) == OK && t.width < TLOG_TILE_WIDTH)
            e = check_prefix(c, at->fts_path + skip, &t);
        arena_rewind(c->a, mark);
    }
    fts_close(walk);
    return e;
}

/* all of it ------------------------------------------------------------------------------------------------------ */

static enum err
check_all(struct check *c)
{
    enum err e = OK;

    for (uint64_t index = 0; c->done < c->size && e == OK; index++) {
        e = check_bundle(c, index);
        if (c->options->progress != NULL)
            c->options->progress(c->options->progress_ctx, c->done, c->size);
    }
    for (unsigned level = 0; level < LEVELS && e == OK; level++)
        if (c->count[level] > 0)
            e = compare_tile(c, level, c->done >> (8 * level) >> 8, c->count[level]);
    if (e == OK)
        e = judge(c);
    if (e == OK)
        e = check_ids(c);
    if (e == OK && c->size > 0)
        e = check_partials(c);
    if (e == OK)
        e = log_draws_check(&c->draws, c->a, c->f);
    return e == OK && c->options->against.p != NULL ? check_against(c) : e;
}

enum err
log_fsck(const struct log_fsck *options, struct arena *a, struct log_fsck_report *report, struct log_fault *f)
{
    struct check *c = arena_alloc(a, sizeof *c);
    struct log *log = arena_alloc(a, sizeof *log);
    size_t half = (a->size_bytes - a->used_bytes) / 2;
    struct arena kept = arena_over(a->base + a->used_bytes, half); /* stays while bundles come and go in the rest */
    enum err e;

    if (c == NULL || log == NULL)
        return log_fault_at(f, ERR_MEMORY, "", 0, "内存不足", "out of memory");
    a->used_bytes += half;
    *report = (struct log_fsck_report) {0};
    e = log_open(log, log_source_directory(options->dir), &kept, options->vkeys, f);
    if (e != OK)
        return e;
    c->options = options;
    c->log = log;
    c->a = a;
    c->f = f;
    c->report = report;
    c->size = log->checkpoint.size;
    c->ids = c->size > half ? NULL : arena_array(&kept, (size_t) c->size, sizeof *c->ids);
    if (c->ids == NULL)
        return log_fault_at(f, ERR_MEMORY, "", 0, "内存不足", "out of memory");
    e = check_all(c);
    report->entry_count = c->done;
    report->draw_act_count = c->draws.count;
    return e;
}
