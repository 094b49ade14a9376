/* mod/journal/log_source.c - reading a published log */
#include "log_source.h"

#include <string.h>

#include "base/b64.h"
#include "journal_keys.h"
#include "mod/file.h"

static enum err
fetch_file(void *ctx, struct arena *a, const char *path, size_t max_bytes, struct str *out)
{
    char full[FILE_PATH_BYTES];
    enum err e = file_path(full, ctx, str_of(path));

    return e != OK ? e : file_read(a, full, max_bytes, out);
}

struct log_source
log_source_directory(const char *dir)
{
    return (struct log_source) {fetch_file, (void *) (uintptr_t) dir};
}

enum err
log_fault_at(struct log_fault *f, enum err e, const char *file, uint64_t byte, const char *zh, const char *en)
{
    struct buf b = buf_over(f->file, sizeof f->file - 1);

    *f = (struct log_fault) {.err = e, .byte = byte, .zh = zh, .en = en};
    buf_z(&b, file);
    f->file[b.n] = '\0';
    return e;
}

/* opening -------------------------------------------------------------------------------------------------------- */

static enum err
read_keys(struct log *log, struct str vkeys, struct log_fault *f)
{
    struct str line;
    bool published = vkeys.p == NULL, whole;
    enum err e = OK;

    if (published)
        e = log->source.fetch(log->source.ctx, log->arena, "log.vkey", LOG_VKEY_BYTES_MAX, &vkeys);
    if (e != OK)
        return log_fault_at(f, e, "log.vkey", 0, "读不到日志的公钥", "the keys of the log cannot be read");
    for (const char *start = vkeys.p; vkeys.n > 0;) {
        whole = str_split(vkeys, '\n', &line, &vkeys);
        if (line.n == 0 && !published)
            continue;
        e = published && !whole                ? ERR_SYNTAX /* cut short */
            : log->key_count == LOG_KEYS_MAX ? ERR_TOO_LARGE : note_vkey_parse(line, &log->keys[log->key_count]);
        if (e != OK)
            return log_fault_at(f, e, "log.vkey", (uint64_t) (line.p - start), "公钥格式不对", "not a verifier key");
        log->key_count++;
    }
    if (log->key_count == 0 || log->keys[0].type != NOTE_ED25519)
        return log_fault_at(f, ERR_MISSING, "log.vkey", 0, "缺少 Ed25519 公钥", "there is no Ed25519 key");
    return OK;
}

/* The first key must have signed; the others may have. */
static enum err
check_signatures(struct log *log, const struct note *note, struct buf *scratch, struct log_fault *f)
{
    for (size_t i = 0; i < log->key_count; i++) {
        enum err e;

        scratch->n = 0;
        e = note_verify(note, &log->keys[i], journal_verify, NULL, scratch, NULL);
        if (e == ERR_MISSING && log->keys[i].type == NOTE_COSIGNATURE)
            continue;
        if (e != OK)
            return log_fault_at(f, e, "checkpoint", note->text.n + 1, "检查点签名不成立",
                                "a signature of the checkpoint does not hold");
    }
    return OK;
}

static enum err
read_checkpoint(struct log *log, struct log_fault *f)
{
    struct note *note = arena_alloc(log->arena, sizeof *note);
    struct buf scratch = buf_over(arena_alloc(log->arena, NOTE_BYTES_MAX + 64), NOTE_BYTES_MAX + 64);
    enum err e = note == NULL || scratch.p == NULL
                     ? ERR_MEMORY
                     : log->source.fetch(log->source.ctx, log->arena, "checkpoint", NOTE_BYTES_MAX,
                                         &log->checkpoint_bytes);

    if (e != OK)
        return log_fault_at(f, e, "checkpoint", 0, "读不到检查点", "the checkpoint cannot be read");
    e = note_parse(log->checkpoint_bytes, note);
    if (e == OK)
        e = checkpoint_parse(note->text, &log->checkpoint);
    if (e == OK && !str_eq(log->checkpoint.origin, str_of(log->keys[0].name)))
        e = ERR_SIGNATURE;
    if (e != OK)
        return log_fault_at(f, e, "checkpoint", 0, "检查点格式不对", "not a checkpoint of this log");
    return check_signatures(log, note, &scratch, f);
}

enum err
log_open(struct log *log, struct log_source source, struct arena *a, struct str vkeys, struct log_fault *f)
{
    enum err e;

    *f = (struct log_fault) {.err = OK, .zh = "", .en = ""};
    log->source = source;
    log->arena = a;
    log->key_count = 0;
    for (unsigned level = 0; level <= TLOG_LEVEL_MAX; level++)
        log->tiles[level].valid = false;
    e = read_keys(log, vkeys, f);
    return e != OK ? e : read_checkpoint(log, f);
}

/* files of a tree ------------------------------------------------------------------------------------------------ */

/* A partial tile may be gone when its full tile is there. */
static enum err
fetch_tile(struct log *log, struct arena *a, struct tile t, size_t max_bytes, struct str *out)
{
    char path[TLOG_PATH_MAX + 1];
    enum err e = ERR_NOT_FOUND;

    for (;;) {
        struct buf b = buf_over(path, sizeof path);

        tile_path(&b, &t);
        buf_add(&b, "", 1);
        e = b.overflow ? ERR_INTERNAL : log->source.fetch(log->source.ctx, a, path, max_bytes, out);
        if (e != ERR_NOT_FOUND || t.width == TLOG_TILE_WIDTH)
            return e;
        t.width = TLOG_TILE_WIDTH;
    }
}

static unsigned
width_of(uint64_t size, unsigned level, uint64_t index)
{
    uint64_t full = tile_full_count(size, level);

    return index < full ? TLOG_TILE_WIDTH : index == full ? tile_partial_width(size, level) : 0;
}

static enum err
load_tile(struct log *log, unsigned level, uint64_t index)
{
    struct log_tile *tile = &log->tiles[level];
    unsigned width = width_of(log->checkpoint.size, level, index);
    size_t mark = arena_mark(log->arena);
    struct str bytes;
    enum err e;

    if (tile->valid && tile->index == index)
        return OK;
    tile->valid = false;
    if (width == 0)
        return ERR_RANGE;
    e = fetch_tile(log, log->arena, (struct tile) {false, level, index, width}, TLOG_TILE_BYTES, &bytes);
    if (e == OK && bytes.n < width * (size_t) HASH_LEN)
        e = ERR_PROOF;
    if (e == OK) {
        memcpy(tile->hash, bytes.p, width * (size_t) HASH_LEN);
        tile->valid = true;
        tile->index = index;
        tile->width = width;
    }
    arena_rewind(log->arena, mark);
    return e;
}

static enum err
tree_node(void *ctx, unsigned level, uint64_t index, unsigned char out[static HASH_LEN])
{
    struct log *log = ctx;
    unsigned tile_level = level / 8, height = level % 8;
    uint64_t first = index << height; /* of the hashes of tile_level below the node */
    unsigned char hashes[TLOG_TILE_WIDTH][HASH_LEN];
    unsigned at = (unsigned) (first % TLOG_TILE_WIDTH), count = 1U << height;
    enum err e = tile_level > TLOG_LEVEL_MAX ? ERR_RANGE : load_tile(log, tile_level, first / TLOG_TILE_WIDTH);

    if (e != OK)
        return e;
    if (at + count > log->tiles[tile_level].width)
        return ERR_RANGE;
    memcpy(hashes, log->tiles[tile_level].hash[at], count * (size_t) HASH_LEN);
    merkle_reduce(HASH_SHA256, 1, hashes, count, out);
    return OK;
}

struct merkle_source
log_tree(struct log *log)
{
    return (struct merkle_source) {HASH_SHA256, tree_node, log};
}

enum err
log_bundle(struct log *log, struct arena *a, uint64_t index, struct str *out)
{
    unsigned width = width_of(log->checkpoint.size, 0, index);

    return width == 0 ? ERR_RANGE
                      : fetch_tile(log, a, (struct tile) {true, 0, index, width}, LOG_BUNDLE_BYTES_MAX, out);
}

/* entries and proofs --------------------------------------------------------------------------------------------- */

static enum err
prove(struct log *log, uint64_t index, struct str entry, struct merkle_proof *proof)
{
    struct merkle_source tree = log_tree(log);
    unsigned char leaf[HASH_LEN];
    enum err e = merkle_prove_inclusion(&tree, index, log->checkpoint.size, proof);

    merkle_leaf(HASH_SHA256, entry.p, entry.n, leaf);
    if (e == OK)
        e = merkle_check_inclusion(HASH_SHA256, index, log->checkpoint.size, leaf, proof, log->checkpoint.root);
    return e;
}

static enum err
proved_entry(struct log *log, struct arena *a, uint64_t index, struct str *entry, struct merkle_proof *proof)
{
    struct str rest;
    enum err e = index >= log->checkpoint.size ? ERR_RANGE : log_bundle(log, a, index / TLOG_TILE_WIDTH, &rest);

    for (uint64_t i = index / TLOG_TILE_WIDTH * TLOG_TILE_WIDTH; i <= index && e == OK; i++)
        e = bundle_next(&rest, entry);
    return e != OK ? e : prove(log, index, *entry, proof);
}

enum err
log_entry(struct log *log, struct arena *a, uint64_t index, struct str *out)
{
    struct merkle_proof proof;

    return proved_entry(log, a, index, out, &proof);
}

enum err
log_prove(struct log *log, uint64_t index, struct buf *out)
{
    size_t mark = arena_mark(log->arena);
    struct tlog_proof text = {.index = index, .checkpoint = log->checkpoint_bytes};
    struct merkle_proof proof;
    struct str entry;
    enum err e = proved_entry(log, log->arena, index, &entry, &proof);

    if (e == OK) {
        text.hash_count = proof.count;
        memcpy(text.hashes, proof.hash, proof.count * sizeof *proof.hash);
        e = tlog_proof_write(out, &text, entry);
    }
    arena_rewind(log->arena, mark);
    return e;
}

enum err
log_check_proof(struct str proof, const struct note_key *keys, size_t key_count, struct arena *a, struct str *entry,
                struct checkpoint *checkpoint)
{
    struct tlog_proof *text = arena_alloc(a, sizeof *text);
    struct note *note = arena_alloc(a, sizeof *note);
    struct buf scratch = buf_over(arena_alloc(a, NOTE_BYTES_MAX + 64), NOTE_BYTES_MAX + 64);
    char *bytes = arena_alloc(a, TLOG_ENTRY_BYTES_MAX);
    struct merkle_proof path;
    unsigned char leaf[HASH_LEN];
    size_t n = 0;
    enum err e = text == NULL || note == NULL || scratch.p == NULL || bytes == NULL ? ERR_MEMORY
                                                                                    : tlog_proof_parse(proof, text);

    if (e == OK)
        e = text->extra.p == NULL ? ERR_MISSING : b64_decode(text->extra, bytes, TLOG_ENTRY_BYTES_MAX, &n);
    if (e == OK)
        e = note_parse(text->checkpoint, note);
    if (e == OK)
        e = checkpoint_parse(note->text, checkpoint);
    for (size_t i = 0; i < key_count && e == OK; i++, scratch.n = 0)
        if (keys[i].type != NOTE_COSIGNATURE)
            e = note_verify(note, &keys[i], journal_verify, NULL, &scratch, NULL);
    if (e != OK)
        return e;
    path.count = (unsigned) text->hash_count;
    memcpy(path.hash, text->hashes, text->hash_count * sizeof *text->hashes);
    merkle_leaf(HASH_SHA256, bytes, n, leaf);
    *entry = (struct str) {bytes, n};
    return key_count == 0 ? ERR_MISSING
                          : merkle_check_inclusion(HASH_SHA256, text->index, checkpoint->size, leaf, &path,
                                                   checkpoint->root);
}

static enum err
each_of_bundle(struct log *log, uint64_t first, struct str bytes, log_entry_fn fn, void *ctx, struct log_fault *f)
{
    unsigned width = width_of(log->checkpoint.size, 0, first / TLOG_TILE_WIDTH);
    struct str rest = bytes, entry;
    enum err e = OK;

    for (unsigned i = 0; i < width && e == OK; i++) {
        uint64_t at = bytes.n - rest.n;

        e = bundle_next(&rest, &entry);
        if (e != OK) {
            e = log_fault_at(f, e, "tile/entries", at, "日志条目被截断", "a bundle of entries is cut short");
            f->has_entry = true;
            f->entry = first + i;
            return e;
        }
        e = fn(ctx, first + i, entry);
    }
    return e;
}

enum err
log_each(struct log *log, struct arena *scratch, log_entry_fn fn, void *ctx, struct log_fault *f)
{
    enum err e = OK;

    for (uint64_t first = 0; first < log->checkpoint.size && e == OK; first += TLOG_TILE_WIDTH) {
        size_t mark = arena_mark(scratch);
        struct str bytes;

        e = log_bundle(log, scratch, first / TLOG_TILE_WIDTH, &bytes);
        if (e != OK)
            e = log_fault_at(f, e, "tile/entries", 0, "读不到日志条目", "a bundle of entries cannot be read");
        else
            e = each_of_bundle(log, first, bytes, fn, ctx, f);
        arena_rewind(scratch, mark);
    }
    return e;
}
