/* mod/journal/journal_sequence.c - places, tiles, checkpoints */
#include "journal_sequence.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/merkle.h"
#include "core/tlog.h"
#include "mod/file.h"
#include "mod/journal_sql.h"

enum { LEVELS = TLOG_LEVEL_MAX + 1, FILE_MODE = 0644 };

/* The right edge of the tree: of each level the hashes that do not fill a tile yet. */
struct edge {
    uint64_t size; /* leaves */
    unsigned count[LEVELS];
    unsigned char hash[LEVELS][TLOG_TILE_WIDTH][HASH_LEN];
};

/* One run: the tree grows from the last checkpoint to a new size. */
struct run {
    struct ctx *c;
    struct edge *edge;
    uint64_t old_size, new_size;
    unsigned char old_root[HASH_LEN];
    struct file bundle; /* of the present level-0 tile */
};

/* places --------------------------------------------------------------------------------------------------------- */

static enum err
place_batch(struct ctx *c, size_t *placed)
{
    struct journal_leaf_count_row next;
    struct journal_waiting_row *waiting = NULL;
    enum err e = db_begin(c->db);

    *placed = 0;
    if (e != OK)
        return e;
    e = journal_leaf_count(c->db, c->arena, &next);
    if (e == OK)
        e = journal_waiting(c->db, c->arena, &(struct journal_waiting_in) {JOURNAL_BATCH}, &waiting, placed);
    for (size_t i = 0; i < *placed && e == OK; i++)
        e = journal_place(c->db, &(struct journal_place_in) {waiting[i].id, next.count + (int64_t) i});
    e = db_end(c->db, e);
    return e == ERR_EXISTS || e == ERR_STATE ? ERR_BUSY : e; /* someone else places, too */
}

static enum err
place_all(struct ctx *c)
{
    struct journal_waiting_row *one;
    size_t placed = 0;
    /* A look first: with nothing to do the write lock is not taken. */
    enum err e = journal_waiting(c->db, c->arena, &(struct journal_waiting_in) {1}, &one, &placed);

    while (e == OK && placed > 0) {
        size_t mark = arena_mark(c->arena);

        e = place_batch(c, &placed);
        arena_rewind(c->arena, mark);
    }
    return e;
}

/* tiles ---------------------------------------------------------------------------------------------------------- */

/* DIR/log/PATH-OF-THE-TILE */
static enum err
path_of(const struct ctx *c, const struct tile *t, char out[static FILE_PATH_BYTES])
{
    char relative[TLOG_PATH_MAX + 8];
    struct buf b = buf_over(relative, sizeof relative);

    buf_z(&b, "log/");
    tile_path(&b, t);
    return b.overflow ? ERR_TOO_LARGE : file_path(out, c->dir, buf_view(&b));
}

static enum err
write_tile(struct run *r, unsigned level, unsigned width)
{
    struct tile t = {false, level, r->edge->size >> (8 * level) >> 8, width};
    char path[FILE_PATH_BYTES];
    enum err e;

    if (width == TLOG_TILE_WIDTH)
        t.index--; /* the size already counts it */
    e = path_of(r->c, &t, path);
    return e != OK ? e : file_write(path, (struct str) {(char *) r->edge->hash[level], width * HASH_LEN}, FILE_MODE);
}

static enum err
begin_bundle(struct run *r)
{
    struct tile t = {true, 0, r->edge->size >> 8, TLOG_TILE_WIDTH};
    char path[FILE_PATH_BYTES];
    enum err e = path_of(r->c, &t, path);

    return e != OK ? e : file_begin(&r->bundle, path, FILE_MODE);
}

/* A bundle that stays partial is renamed to its partial place. */
static enum err
end_bundle(struct run *r, enum err e)
{
    struct tile t = {true, 0, r->edge->size >> 8, r->edge->count[0]};

    if (r->bundle.out == NULL)
        return e;
    if (t.width > 0 && e == OK) {
        char path[FILE_PATH_BYTES];

        e = path_of(r->c, &t, path);
        if (e == OK)
            e = file_redirect(&r->bundle, path);
    }
    return file_end(&r->bundle, e);
}

/* Put a hash at the end of a level; a full tile is written and its root goes one level up. */
static enum err
push(struct run *r, unsigned level, const unsigned char hash[static HASH_LEN])
{
    struct edge *edge = r->edge;
    unsigned char root[HASH_LEN];
    enum err e;

    memcpy(edge->hash[level][edge->count[level]++], hash, HASH_LEN);
    if (edge->count[level] < TLOG_TILE_WIDTH)
        return OK;
    e = write_tile(r, level, TLOG_TILE_WIDTH);
    if (e != OK || level == TLOG_LEVEL_MAX)
        return e;
    merkle_reduce(HASH_SHA256, hash_lanes_best(), edge->hash[level], TLOG_TILE_WIDTH, root);
    edge->count[level] = 0;
    return push(r, level + 1, root);
}

static enum err
root_of(const struct edge *edge, unsigned char out[static HASH_LEN])
{
    struct merkle m;
    enum err e = OK;

    merkle_init(&m, HASH_SHA256);
    for (unsigned level = LEVELS; level-- > 0;)
        for (unsigned i = 0; i < edge->count[level] && e == OK; i++)
            e = merkle_add_tree(&m, 8 * level, edge->hash[level][i]);
    merkle_root(&m, out);
    return e;
}

/* What was signed before must still be what the files and the database say. */
static enum err
check_old_root(struct run *r)
{
    unsigned char root[HASH_LEN];
    enum err e = root_of(r->edge, root);

    if (e == OK && r->old_size > 0 && memcmp(root, r->old_root, HASH_LEN) != 0)
        return ctx_refuse(r->c, ERR_PROOF, "log: the first %llu entries are not those of the last checkpoint",
                          (unsigned long long) r->old_size);
    return e;
}

static enum err
add_entry(void *ctx, const struct journal_entries_row *row)
{
    struct run *r = ctx;
    unsigned char hash[HASH_LEN], length[2] = {(unsigned char) (row->entry.n >> 8), (unsigned char) row->entry.n};
    enum err e = OK;

    if (row->leaf != (int64_t) r->edge->size || row->entry.n > TLOG_ENTRY_BYTES_MAX)
        return ctx_refuse(r->c, ERR_PROOF, "journal: entry %lld is missing", (long long) r->edge->size);
    if (r->bundle.out == NULL)
        e = begin_bundle(r);
    if (e == OK && (fwrite(length, 1, 2, r->bundle.out) != 2 ||
                    fwrite(row->entry.p, 1, row->entry.n, r->bundle.out) != row->entry.n))
        e = ERR_IO;
    if (e != OK)
        return e;
    merkle_leaf(HASH_SHA256, row->entry.p, row->entry.n, hash);
    r->edge->size++;
    e = push(r, 0, hash);
    if (e == OK && r->edge->count[0] == 0)
        e = end_bundle(r, OK);
    if (e == OK && r->edge->size == r->old_size)
        e = check_old_root(r);
    return e;
}

/* The published hashes above level 0, as of the last checkpoint. A partial tile may already have become full. */
static enum err
load_edge(struct run *r)
{
    struct edge *edge = r->edge;

    *edge = (struct edge) {.size = r->old_size / TLOG_TILE_WIDTH * TLOG_TILE_WIDTH};
    for (unsigned level = 1; level < LEVELS; level++) {
        struct tile t = {false, level, tile_full_count(r->old_size, level), tile_partial_width(r->old_size, level)};
        size_t mark = arena_mark(r->c->arena), n = t.width * (size_t) HASH_LEN;
        char path[FILE_PATH_BYTES];
        struct str bytes;
        enum err e;

        if (t.width == 0)
            continue;
        e = path_of(r->c, &t, path);
        if (e == OK && (e = file_read(r->c->arena, path, TLOG_TILE_BYTES, &bytes)) == ERR_NOT_FOUND) {
            t.width = TLOG_TILE_WIDTH;
            e = path_of(r->c, &t, path);
            e = e != OK ? e : file_read(r->c->arena, path, TLOG_TILE_BYTES, &bytes);
        }
        if (e != OK || bytes.n < n)
            return ctx_refuse(r->c, e == OK || e == ERR_NOT_FOUND ? ERR_PROOF : e, "%s", path);
        memcpy(edge->hash[level], bytes.p, n);
        edge->count[level] = (unsigned) (n / HASH_LEN);
        arena_rewind(r->c->arena, mark);
    }
    return edge->size == r->old_size ? check_old_root(r) : OK;
}

static enum err
write_tiles(struct run *r, unsigned char root[static HASH_LEN])
{
    enum err e = load_edge(r);

    if (e == OK)
        e = journal_entries_each(r->c->db, &(struct journal_entries_in) {(int64_t) r->edge->size, (int64_t) r->new_size},
                                 add_entry, r);
    e = end_bundle(r, e);
    if (e == OK && r->edge->size != r->new_size)
        e = ctx_refuse(r->c, ERR_PROOF, "journal: entry %lld is missing", (long long) r->edge->size);
    for (unsigned level = 0; level < LEVELS && e == OK; level++)
        if (r->edge->count[level] > 0)
            e = write_tile(r, level, r->edge->count[level]);
    return e != OK ? e : root_of(r->edge, root);
}

/* Partial tiles that have become full are not needed any more; what stays behind does no harm. */
static void
drop_partials(const struct run *r, bool entries, unsigned level)
{
    struct tile t = {entries, level, tile_full_count(r->old_size, level), 1};
    char path[FILE_PATH_BYTES], *slash;
    struct dirent *d;
    DIR *dir;

    if (tile_partial_width(r->old_size, level) == 0 || tile_full_count(r->new_size, level) <= t.index ||
        path_of(r->c, &t, path) != OK || (slash = strrchr(path, '/')) == NULL)
        return;
    *slash = '\0'; /* without the "/1" */
    dir = opendir(path);
    while (dir != NULL && (d = readdir(dir)) != NULL)
        if (d->d_name[0] != '.')
            unlinkat(dirfd(dir), d->d_name, 0);
    if (dir != NULL)
        closedir(dir);
    rmdir(path);
}

/* checkpoints ---------------------------------------------------------------------------------------------------- */

static enum err
sign_checkpoint(struct ctx *c, const struct journal_keys *keys, uint64_t size, const unsigned char root[static HASH_LEN],
                struct str *note)
{
    struct checkpoint checkpoint = {str_of(keys->ed25519.name), size, {0}};
    struct buf b = buf_over(arena_alloc(c->arena, NOTE_BYTES_MAX), NOTE_BYTES_MAX);
    char hex[HASH_HEX_LEN];
    enum err e;

    memcpy(checkpoint.root, root, HASH_LEN);
    e = b.p == NULL ? ERR_MEMORY : checkpoint_write(&b, &checkpoint);
    if (e == OK)
        e = journal_sign_note(keys, &b);
    if (e != OK)
        return e;
    hex_encode(root, HASH_LEN, hex);
    *note = buf_view(&b);
    e = journal_checkpoint_put(c->db, &(struct journal_checkpoint_put_in) {(int64_t) size, {hex, sizeof hex}, *note,
                                                                          c->now_us});
    return e == ERR_EXISTS ? ERR_BUSY : e;
}

/* What stands in log/checkpoint: its size, 0 when there is none. It must not be ahead of the database: that would be an
 * old copy of the database, and signing on would show the world two histories. */
static enum err
published_note(struct ctx *c, const char *path, uint64_t signed_size, struct str *bytes)
{
    struct note *note = arena_alloc(c->arena, sizeof *note);
    struct checkpoint checkpoint;
    enum err e = note == NULL ? ERR_MEMORY : file_read(c->arena, path, NOTE_BYTES_MAX, bytes);

    if (e == ERR_NOT_FOUND) {
        *bytes = (struct str) {NULL, 0};
        return OK;
    }
    if (e == OK)
        e = note_parse(*bytes, note);
    if (e == OK)
        e = checkpoint_parse(note->text, &checkpoint);
    if (e == OK && checkpoint.size > signed_size)
        return ctx_refuse(c, ERR_PROOF, "log/checkpoint is ahead of the database (%llu entries, %llu in the database)",
                          (unsigned long long) checkpoint.size, (unsigned long long) signed_size);
    return e == OK || e == ERR_MEMORY || e == ERR_IO ? e : ctx_refuse(c, ERR_PROOF, "log/checkpoint is damaged");
}

static enum err
publish(const char *path, struct str published, struct str note)
{
    return str_eq(published, note) ? OK : file_write(path, note, FILE_MODE);
}

/* one run -------------------------------------------------------------------------------------------------------- */

static enum err
load_last(struct ctx *c, struct run *r, struct str *note)
{
    struct journal_checkpoint_last_row last;
    struct journal_leaf_count_row count;
    enum err e = journal_checkpoint_last(c->db, c->arena, &last);

    *note = (struct str) {NULL, 0};
    if (e == OK) {
        *note = last.note;
        r->old_size = (uint64_t) last.size;
        e = hex_decode(last.root, r->old_root, HASH_LEN);
    } else if (e == ERR_NOT_FOUND)
        e = OK;
    if (e == OK)
        e = journal_leaf_count(c->db, c->arena, &count);
    if (e == OK)
        r->new_size = (uint64_t) count.count;
    if (e == OK && r->new_size < r->old_size)
        e = ctx_refuse(c, ERR_PROOF, "journal: entries of the last checkpoint are missing");
    return e;
}

static enum err
extend(struct ctx *c, struct run *r, const struct journal_keys *keys, struct str *note)
{
    unsigned char root[HASH_LEN];
    enum err e;

    r->edge = arena_alloc(c->arena, sizeof *r->edge);
    e = r->edge == NULL ? ERR_MEMORY : write_tiles(r, root);
    return e != OK ? e : sign_checkpoint(c, keys, r->new_size, root, note);
}

static enum err
sequence_locked(struct ctx *c, const struct journal_keys *keys, uint64_t *size)
{
    struct run r = {.c = c};
    char path[FILE_PATH_BYTES];
    struct str note, published;
    enum err e = place_all(c);

    if (e == OK)
        e = load_last(c, &r, &note);
    if (e == OK)
        e = file_path(path, c->dir, STR("log/checkpoint"));
    if (e == OK)
        e = published_note(c, path, r.old_size, &published);
    if (e == OK && (r.new_size > r.old_size || note.p == NULL)) /* the first checkpoint may be of an empty tree */
        e = extend(c, &r, keys, &note);
    if (e == OK)
        e = publish(path, published, note);
    if (e != OK)
        return e;
    drop_partials(&r, true, 0);
    for (unsigned level = 0; level < LEVELS; level++)
        drop_partials(&r, false, level);
    if (size != NULL)
        *size = r.new_size;
    return OK;
}

/* One at a time per data directory, also between processes. */
enum err
journal_pause(const struct ctx *c, int *held)
{
    char path[FILE_PATH_BYTES];
    enum err e = c->dir == NULL ? ERR_USAGE : file_path(path, c->dir, STR("keys/log.key"));

    if (e != OK)
        return e;
    *held = open(path, O_RDONLY | O_CLOEXEC);
    if (*held < 0)
        return ERR_NOT_FOUND;
    if (flock(*held, LOCK_EX) == 0)
        return OK;
    close(*held);
    return ERR_IO;
}

void
journal_resume(int held)
{
    close(held);
}

enum err
journal_sequence(struct ctx *c, const struct journal_keys *keys, uint64_t *size)
{
    size_t mark = arena_mark(c->arena);
    int held;
    enum err e = journal_pause(c, &held);

    if (e != OK)
        return e;
    e = sequence_locked(c, keys, size);
    journal_resume(held);
    arena_rewind(c->arena, mark);
    return e;
}

/* cosignatures --------------------------------------------------------------------------------------------------- */

/* Is this line a cosignature of the text by one of the witnesses? */
static enum err
check_line(struct ctx *c, struct str text, struct str line, const struct note_key *witnesses, size_t witness_count)
{
    struct buf b = buf_over(arena_alloc(c->arena, NOTE_BYTES_MAX), NOTE_BYTES_MAX);
    struct buf scratch = buf_over(arena_alloc(c->arena, NOTE_BYTES_MAX), NOTE_BYTES_MAX);
    struct note *note = arena_alloc(c->arena, sizeof *note);
    enum err e;

    if (b.p == NULL || scratch.p == NULL || note == NULL)
        return ERR_MEMORY;
    buf_str(&b, text);
    buf_z(&b, "\n");
    buf_str(&b, line);
    buf_z(&b, "\n");
    e = b.overflow ? ERR_TOO_LARGE : note_parse(buf_view(&b), note);
    if (e != OK)
        return e;
    e = ERR_SIGNATURE;
    for (size_t i = 0; i < witness_count && e != OK; i++)
        if (witnesses[i].type == NOTE_COSIGNATURE) {
            scratch.n = 0;
            e = note_verify(note, &witnesses[i], journal_verify, NULL, &scratch, NULL);
        }
    return e == OK ? OK : ERR_SIGNATURE;
}

static bool
has_line(struct str note, struct str line)
{
    struct str head, rest = note;

    while (rest.n > 0) {
        str_split(rest, '\n', &head, &rest);
        if (str_eq(head, line))
            return true;
    }
    return false;
}

static enum err
cosign_locked(struct ctx *c, const struct note_key *witnesses, size_t witness_count, struct str lines, size_t *added)
{
    struct journal_checkpoint_last_row last;
    struct buf b = buf_over(arena_alloc(c->arena, NOTE_BYTES_MAX), NOTE_BYTES_MAX);
    struct note *note = arena_alloc(c->arena, sizeof *note);
    char path[FILE_PATH_BYTES];
    struct str line;
    enum err e = b.p == NULL || note == NULL ? ERR_MEMORY : journal_checkpoint_last(c->db, c->arena, &last);

    *added = 0;
    if (e == OK)
        e = note_parse(last.note, note);
    if (e == OK)
        buf_str(&b, last.note);
    while (e == OK && lines.n > 0) {
        str_split(lines, '\n', &line, &lines);
        e = check_line(c, note->text, line, witnesses, witness_count);
        if (e != OK || has_line(buf_view(&b), line))
            continue;
        buf_str(&b, line);
        buf_z(&b, "\n");
        (*added)++;
    }
    if (e != OK || *added == 0)
        return e;
    e = b.overflow ? ERR_TOO_LARGE : note_parse(buf_view(&b), note); /* not too many lines? */
    if (e == OK)
        e = journal_checkpoint_cosign(c->db,
                                      &(struct journal_checkpoint_cosign_in) {last.size, last.note, buf_view(&b)});
    if (e == OK)
        e = file_path(path, c->dir, STR("log/checkpoint"));
    return e != OK ? (e == ERR_STATE ? ERR_CONFLICT : e) : file_write(path, buf_view(&b), FILE_MODE);
}

enum err
journal_cosign(struct ctx *c, const struct note_key *witnesses, size_t witness_count, struct str lines, size_t *added)
{
    size_t mark = arena_mark(c->arena);
    int held;
    enum err e = journal_pause(c, &held);

    if (e != OK)
        return e;
    e = cosign_locked(c, witnesses, witness_count, lines, added);
    journal_resume(held);
    arena_rewind(c->arena, mark);
    return e;
}
