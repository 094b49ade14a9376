/* mod/drawing/run.c - the draw itself: reveal.json, result.txt, the drawn and their reserves
 * (docs/spec/draw-1.md §6-§10) */
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/drawing/drawing_int.h"
#include "mod/task/task.h"
#include "mod/workday/workday.h"

/* The files of an attempt in memory, and the draw that they give. */
struct running {
    struct ctx *c;
    struct drawing_current_row d;
    struct draw_files files;
    bool reveal_in_memory;
    void *block;
    struct arena arena;
    struct draw_run run;
    struct str result;
    struct str digest, seed; /* hex */
};

static void
release(struct running *r)
{
    for (int i = 0; i < DRAW_FILE_COUNT; i++)
        if (i != DRAW_REVEAL || !r->reveal_in_memory)
            drawing_unmap(r->files.file[i]);
    free(r->block);
}

static enum err
map_file(struct running *r, enum draw_file f)
{
    enum err e = drawing_map(r->c, drawing_key_of(&r->d), draw_file_name(f), &r->files.file[f]);

    return e == OK ? OK
                   : ctx_refuse(r->c, e, "%s of draw %s attempt %lld", draw_file_name(f), r->d.draw.p,
                                (long long) r->d.attempt);
}

/* --- reveal.json from what the parties showed
 * ------------------------------------------------------------------------ */

static enum err
collect_secrets(struct ctx *c, const struct drawing_current_row *d, struct draw_reveal *out)
{
    struct drawing_party_list_row *rows;
    size_t count;
    enum err e = drawing_party_list(c->db, c->arena, &(struct drawing_party_list_in){d->draw, d->attempt},
                                    &rows, &count);

    for (size_t i = 0; e == OK && i < count && i < DRAW_PARTY_MAX; i++)
        if (rows[i].present.set && rows[i].present.v == 1)
            e = drawing_secret_of(c, drawing_key_of(d), &rows[i], out->secret[i]);
    return e;
}

static enum err
collect_values(struct ctx *c, const struct drawing_current_row *d, struct draw_reveal *out)
{
    struct drawing_beacon_list_row *rows;
    size_t count;
    enum err e = drawing_beacon_list(c->db, c->arena, &(struct drawing_beacon_list_in){d->draw, d->attempt},
                                     &rows, &count);

    for (size_t i = 0; e == OK && i < count && i < DRAW_BEACON_MAX; i++)
        out->value[i] = rows[i].value;
    return e;
}

static enum err
put_reveal(struct ctx *c, const struct drawing_current_row *d, const struct draw_spec *spec, struct str lock_text,
           struct str *out)
{
    struct draw_reveal *reveal = arena_alloc(c->arena, sizeof *reveal);
    struct draw_lock lock;
    struct fault f = {0};
    struct buf b;
    enum err e = reveal == NULL ? ERR_MEMORY : OK;

    if (e == OK && draw_lock_parse(lock_text, spec, &lock, &f) != OK)
        e = drawing_fault(c, &f);
    if (e == OK)
        e = collect_secrets(c, d, reveal);
    if (e == OK)
        e = collect_values(c, d, reveal);
    if (e == OK)
        e = buf_in(c, (size_t) DRAW_LINE_MAX * 2 * (4 + DRAW_PARTY_MAX + DRAW_BEACON_MAX), &b);
    if (e != OK)
        return e;
    draw_reveal_write(spec, &lock, reveal, &b);
    *out = buf_view(&b);
    return b.overflow ? ERR_MEMORY : OK;
}

enum err
drawing_reveal_text(struct ctx *c, const struct drawing_current_row *d, struct str lock, struct str *out)
{
    struct draw_spec spec;
    struct str text;
    enum err e = drawing_spec(c, d, &text, &spec);

    if (e != OK)
        return e;
    e = put_reveal(c, d, &spec, lock, out);
    drawing_unmap(text);
    return e;
}

/* Of an unannounced check reveal.json stays in memory until its disclosure; otherwise it is written and mapped. */
static enum err
make_reveal(struct running *r)
{
    struct str text;
    enum err e = drawing_reveal_text(r->c, &r->d, r->files.file[DRAW_LOCK], &text);

    if (e == OK && r->d.publish_day.set) {
        r->files.file[DRAW_REVEAL] = text;
        r->reveal_in_memory = true;
        return OK;
    }
    if (e == OK)
        e = drawing_write(r->c, drawing_key_of(&r->d), draw_file_name(DRAW_REVEAL), text);
    return e == OK ? map_file(r, DRAW_REVEAL) : e;
}

/* --- compute
 * -----------------------------------------------------------------------------------------------------------
 */

static enum err
compute(struct running *r, const struct draw_env *env)
{
    struct fault f = {0};
    unsigned char digest[HASH_LEN];
    size_t need;
    char *text;
    struct buf b;
    enum err e;

    need = draw_arena_bytes(&r->files);
    r->block = malloc(need);
    if (r->block == NULL)
        return ERR_MEMORY;
    r->arena = arena_over(r->block, need);
    e = draw_run(&r->files, env, &r->arena, &r->run, &f);
    if (e != OK)
        return f.err == OK ? e : drawing_fault(r->c, &f);
    text = arena_alloc(&r->arena, draw_result_bytes(&r->run));
    if (text == NULL)
        return ERR_MEMORY;
    b = buf_over(text, draw_result_bytes(&r->run));
    draw_result_write(&r->run, &b);
    if (b.overflow)
        return ERR_INTERNAL;
    r->result = buf_view(&b);
    hash_of(r->run.spec.suite, r->result.p, r->result.n, digest);
    e = drawing_hex(r->c, digest, &r->digest);
    return e == OK ? drawing_hex(r->c, r->run.seed, &r->seed) : e;
}

/* The logged digests of draw.txt and lock.txt against what was just read. */
static enum err
check_logged(struct running *r)
{
    struct str draw = {0}, lock = {0};
    enum err e = drawing_hex(r->c, r->run.spec.digest, &draw);

    if (e == OK)
        e = drawing_hex(r->c, r->run.lock.digest, &lock);
    if (e == OK && (!str_eq(draw, r->d.draw_digest) || !str_eq(lock, r->d.lock_digest)))
        e = ctx_refuse(r->c, ERR_DIGEST, "draw.txt or lock.txt was altered after it was logged");
    return e;
}

/* --- store
 * -------------------------------------------------------------------------------------------------------------
 */

static enum err
store_targets(struct running *r)
{
    struct drawing_key k = drawing_key_of(&r->d);
    enum err e = OK;

    for (size_t i = 0; e == OK && i < r->run.target_count; i++) {
        struct roster_row row = roster_at(&r->run.roster, r->run.targets[i].row);

        e = drawing_target_put(r->c->db,
                               &(struct drawing_target_put_in){row.id, k.draw, k.attempt, row.stratum,
                                                               (int64_t) r->run.targets[i].mask,
                                                               (int64_t) i + 1, r->run.targets[i].batch});
    }
    return e;
}

static enum err
store_reserves(struct running *r)
{
    struct drawing_key k = drawing_key_of(&r->d);
    enum err e = OK;

    for (size_t q = 0; e == OK && q < r->run.spec.quota_count; q++)
        for (uint64_t i = 0; e == OK && i < r->run.outcomes[q].reserve_count; i++)
            e = drawing_reserve_put(r->c->db, &(struct drawing_reserve_put_in){
                                                  roster_id(&r->run.roster, r->run.outcomes[q].reserve[i]),
                                                  k.draw, k.attempt, r->run.spec.quotas[q].group,
                                                  r->run.spec.quotas[q].stratum, (int64_t) i + 1});
    return e;
}

/* Unannounced checks: 20 working days after the draw; the day set at the opening stays when the calendar
 * ends. */
static enum err
publish_day(struct running *r, struct opt_i64 *out)
{
    struct calendar k;
    int64_t day;
    enum err e = OK;

    *out = r->d.publish_day;
    if (!out->set)
        return OK;
    e = workday_calendar(r->c, &k);
    if (e == OK &&
        calendar_add_working_days(&k, day_of_us(r->c->now_us), DRAWING_UNANNOUNCED_DAYS, &day) == OK)
        out->v = day;
    return e;
}

/* The nodes of one tile of 1024 rows: level 0, then level 1, … */
struct tile_nodes {
    uint64_t tile; /* UINT64_MAX = none */
    unsigned char low[2 * ROSTER_TILE][HASH_LEN];
};
/* Where the proofs of opened.tsv take their hashes from. Rows are asked for in ascending order and every proof also
 * needs the last, partial tile: with these two kept, each tile is hashed once. */
struct proving {
    const struct roster *roster;
    struct tile_nodes current, last;
    unsigned char (*high[64])[HASH_LEN]; /* level 10 + i, complete nodes only */
};
enum { TILE_LEVEL = 10 };

/* Level `level` begins at this place of tile_nodes.low. */
static size_t
low_start(unsigned level)
{
    return 2 * ROSTER_TILE - ((size_t) 2 * ROSTER_TILE >> level);
}

static void
load_tile(const struct roster *r, struct tile_nodes *t, uint64_t tile)
{
    uint64_t first = tile * ROSTER_TILE, rest = r->count - first;
    uint64_t n = rest < ROSTER_TILE ? rest : ROSTER_TILE;

    for (uint64_t i = 0; i < n; i++) {
        struct str line = roster_line(r, first + i);

        merkle_leaf(r->suite, line.p, line.n, t->low[i]);
    }
    for (unsigned level = 1; level <= TILE_LEVEL; level++)
        for (uint64_t i = 0; i < n >> level; i++)
            merkle_node(r->suite, t->low[low_start(level - 1) + 2 * i], t->low[low_start(level - 1) + 2 * i + 1],
                        t->low[low_start(level) + i]);
    t->tile = tile;
}

static enum err
proof_node(void *ctx, unsigned level, uint64_t index, unsigned char out[static HASH_LEN])
{
    struct proving *p = ctx;
    struct tile_nodes *t;
    uint64_t tile;

    if (level >= TILE_LEVEL) {
        memcpy(out, p->high[level - TILE_LEVEL][index], HASH_LEN);
        return OK;
    }
    tile = index >> (TILE_LEVEL - level);
    t = tile == p->roster->count / ROSTER_TILE ? &p->last : &p->current;
    if (t->tile != tile)
        load_tile(p->roster, t, tile);
    memcpy(out, t->low[low_start(level) + (index & ((UINT64_C(1) << (TILE_LEVEL - level)) - 1))], HASH_LEN);
    return OK;
}

/* The complete nodes above the tiles, level by level, in the arena of the run. */
static enum err
raise_levels(struct proving *p, struct arena *a)
{
    uint64_t n = p->roster->count / ROSTER_TILE;

    p->high[0] = p->roster->tile;
    for (unsigned i = 1; n > 1; i++) {
        n /= 2;
        p->high[i] = arena_array(a, n, HASH_LEN);
        if (p->high[i] == NULL)
            return ERR_MEMORY;
        for (uint64_t k = 0; k < n; k++)
            merkle_node(p->roster->suite, p->high[i - 1][2 * k], p->high[i - 1][2 * k + 1], p->high[i][k]);
    }
    return OK;
}

static void
put_opened_row(const struct roster *r, uint64_t row, const struct merkle_proof *proof, FILE *out)
{
    char hex[HASH_HEX_LEN];
    struct str line = roster_line(r, row);

    fprintf(out, "%llu\t%.*s\t", (unsigned long long) row, (int) line.n, line.p);
    for (unsigned h = 0; h < proof->count; h++) {
        hex_encode(proof->hash[h], HASH_LEN, hex);
        fprintf(out, "%s%.*s", h == 0 ? "" : ",", HASH_HEX_LEN, hex);
    }
    fputs(proof->count == 0 ? "-\n" : "\n", out);
}

static int
ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;

    return (x > y) - (x < y);
}

/* Salted frames are never public; the rows of the selected are, each with its proof, in the order of the roster:
 * number of the row, the row's five fields, the hashes of its path from the leaf upwards (mod/drawing/drawing.h). */
static enum err
put_opened(struct running *r, FILE *out)
{
    struct proving *p = calloc(1, sizeof *p);
    uint32_t *rows = calloc(r->run.target_count + 1, sizeof *rows);
    struct merkle_source source = {r->run.spec.suite, proof_node, p};
    struct arena high = arena_over(NULL, 0);
    void *block = malloc(r->run.roster.count / ROSTER_TILE * 2 * HASH_LEN + 4096);
    enum err e = p == NULL || rows == NULL || block == NULL ? ERR_MEMORY : OK;

    if (e == OK) {
        high = arena_over(block, r->run.roster.count / ROSTER_TILE * 2 * HASH_LEN + 4096);
        p->roster = &r->run.roster;
        p->current.tile = p->last.tile = UINT64_MAX;
        e = raise_levels(p, &high);
        for (size_t i = 0; i < r->run.target_count; i++)
            rows[i] = r->run.targets[i].row;
        qsort(rows, r->run.target_count, sizeof *rows, ascending);
    }
    for (size_t i = 0; e == OK && i < r->run.target_count; i++) {
        struct merkle_proof proof;

        e = merkle_prove_inclusion(&source, rows[i], r->run.roster.count, &proof);
        if (e == OK)
            put_opened_row(&r->run.roster, rows[i], &proof, out);
    }
    free(block);
    free(rows);
    free(p);
    return e;
}

static enum err
write_opened(struct running *r)
{
    struct file out;
    enum err e;

    if (r->d.salted == 0)
        return OK;
    e = drawing_begin(r->c, drawing_key_of(&r->d), "opened.tsv", &out);
    return e == OK ? file_end(&out, put_opened(r, out.out)) : e;
}

static enum err
write_result(struct running *r)
{
    enum err e = drawing_write(r->c, drawing_key_of(&r->d), "result.txt", r->result);

    if (e == OK)
        e = map_file(r, DRAW_RESULT);
    if (e == OK && !str_eq(r->files.file[DRAW_RESULT], r->result))
        e = ctx_refuse(r->c, ERR_DIGEST, "result.txt is not what was written");
    return e == OK ? write_opened(r) : e;
}

static enum err
store(struct running *r)
{
    struct drawing_key k = drawing_key_of(&r->d);
    struct opt_i64 day;
    enum err e = publish_day(r, &day);

    if (e == OK)
        e = write_result(r);
    if (e == OK)
        e = store_targets(r);
    if (e == OK)
        e = store_reserves(r);
    if (e == OK)
        e = drawing_set_drawn(r->c->db, &(struct drawing_set_drawn_in){k.draw, k.attempt, r->seed, r->digest,
                                                                       day, r->c->now_us});
    if (e == OK)
        e = task_step(r->c, r->d.task, TASK_SEALED, TASK_DRAWN);
    return e == OK ? drawing_journal(r->c, "draw.result", k, &(struct drawing_fact){"digest", r->digest}, 1)
                   : e;
}

/* --- the operation
 * ------------------------------------------------------------------------------------------------------- */

static enum err
first_time(struct running *r, const struct draw_env *env)
{
    enum err e = drawing_advance(r->c, drawing_key_of(&r->d), DRAWING_BEACON, DRAWING_DRAWN);

    if (e == OK)
        e = map_file(r, DRAW_LOCK);
    if (e == OK)
        e = make_reveal(r);
    for (int f = DRAW_ROSTER; e == OK && f < DRAW_LOCK; f++)
        e = map_file(r, (enum draw_file) f);
    if (e == OK)
        e = compute(r, env);
    if (e == OK)
        e = check_logged(r);
    return e == OK ? store(r) : e;
}

/* A second run never draws: it recomputes the stored files and compares. */
static enum err
again(struct running *r, const struct draw_env *env)
{
    enum err e = OK;

    for (int f = DRAW_ROSTER; e == OK && f < DRAW_FILE_COUNT; f++)
        if (f != DRAW_REVEAL)
            e = map_file(r, (enum draw_file) f);
    if (e == OK)
        e = map_file(r, DRAW_REVEAL);
    if (e == ERR_NOT_FOUND && r->d.publish_day.set) { /* not disclosed yet */
        r->c->why[0] = '\0';
        e = make_reveal(r);
    }
    if (e == OK)
        e = compute(r, env);
    if (e == OK)
        e = check_logged(r);
    if (e == OK && (!str_eq(r->digest, r->d.result_digest) || !str_eq(r->result, r->files.file[DRAW_RESULT])))
        e = ctx_refuse(r->c, ERR_MISMATCH,
                       "the files of draw %s attempt %lld no longer give the result in the log", r->d.draw.p,
                       (long long) r->d.attempt);
    return e;
}

static enum err
run(struct running *r, struct str task, const struct draw_env *env, struct drawing_drawn *out)
{
    enum drawing_state state;
    enum err e = drawing_find(r->c, task, &r->d, &state);

    if (e == OK && state != DRAWING_BEACON && state != DRAWING_DRAWN)
        e = ctx_refuse(r->c, ERR_STATE, "draw %s attempt %lld is %s, not ready to run", r->d.draw.p,
                       (long long) r->d.attempt, drawing_state_name(state));
    if (e != OK)
        return e;
    e = state == DRAWING_DRAWN ? again(r, env) : first_time(r, env);
    if (e == OK)
        *out = (struct drawing_drawn){drawing_key_of(&r->d), r->run.target_count, r->digest, r->seed,
                                      state == DRAWING_DRAWN};
    return e;
}

static enum err
run_once(struct ctx *c, struct str task, const struct draw_env *env, struct drawing_drawn *out)
{
    struct running *r = calloc(1, sizeof *r);
    enum err e = r == NULL ? ERR_MEMORY : db_begin(c->db);

    if (e == OK) {
        r->c = c;
        e = db_end(c->db, run(r, task, env, out));
        release(r);
    }
    free(r);
    return e;
}

/* Two runs at once: where writers do not wait for each other the later one finds the state moved, and runs again. */
enum err
drawing_run(struct ctx *c, struct str task, const struct draw_env *env, struct drawing_drawn *out)
{
    struct drawing_current_row d;
    enum drawing_state state;
    enum err e = run_once(c, task, env, out);

    if (e == ERR_STATE && drawing_find(c, task, &d, &state) == OK && state == DRAWING_DRAWN)
        e = run_once(c, task, env, out);
    return e;
}
