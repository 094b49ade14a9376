/* mod/panel/panel.c - freezing and drawing experts (docs/spec/panel-1.md) */
#include "mod/panel/panel.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/expert/expert.h"
#include "mod/json.h"
#include "mod/journal/journal.h"

enum { WORDS_MAX = 10000, WORD_BYTES_MAX = 300 };

static enum err
note(struct ctx *c, const char *act, struct drawing_key k, struct str digest)
{
    char subject[DRAW_NUMBER_MAX + 32], detail[128];
    struct buf s = buf_over(subject, sizeof subject), d = buf_over(detail, sizeof detail);

    buf_str(&s, k.draw);
    buf_z(&s, "/");
    buf_i64(&s, k.attempt);
    buf_z(&d, "{\"digest\":\"");
    buf_str(&d, digest);
    buf_z(&d, "\"}");
    if (s.overflow || d.overflow)
        return ERR_INTERNAL;
    return journal_add(c, &(struct journal_act) {str_of(act), buf_view(&s), buf_view(&d)});
}

/* --- freeze ------------------------------------------------------------------------------------------------------------ */

struct freezing {
    struct ctx *c;
    struct drawing_current_row d;
    struct panel_pool pool;
    struct panel_frozen *out;
};

/* Under contract today, at work, with the specialty? */
static enum err
is_fit(struct ctx *c, const struct expert_list_row *r, struct str specialty, bool *fit)
{
    struct texts words = {0};
    enum err e = OK;

    *fit = str_eq(r->state, STR("active")) && (!r->contract_to_day.set || r->contract_to_day.v >= day_of_us(c->now_us));
    if (!*fit || specialty.p == NULL)
        return OK;
    if (r->specialty.p != NULL)
        e = json_texts_of(c, r->specialty, WORDS_MAX, WORD_BYTES_MAX, &words);
    *fit = e == OK && texts_have(&words, specialty);
    return e;
}

/* The conflicts of one expert with things that can be drawn at all. */
static enum err
add_conflicts(struct freezing *f, const struct expert_list_row *r, size_t *size)
{
    struct texts ids = {0};
    enum err e = r->conflicts.p == NULL ? OK : json_texts_of(f->c, r->conflicts, WORDS_MAX, WORD_BYTES_MAX, &ids);

    for (size_t i = 0; e == OK && i < ids.count; i++) {
        if (!draw_id_ok(ids.v[i]))
            continue;
        if (f->pool.avoid_count == *size) {
            struct panel_avoid *more = realloc(f->pool.avoid, (*size * 2 + 64) * sizeof *more);

            if (more == NULL)
                return ERR_MEMORY;
            f->pool.avoid = more;
            *size = *size * 2 + 64;
        }
        f->pool.avoid[f->pool.avoid_count++] = (struct panel_avoid) {ids.v[i], r->code};
    }
    return e;
}

static int
by_id_then_expert(const void *a, const void *b)
{
    const struct panel_avoid *x = a, *y = b;
    int order = str_cmp(x->id, y->id);

    return order != 0 ? order : str_cmp(x->expert, y->expert);
}

static int
by_code(const void *a, const void *b)
{
    return str_cmp(*(const struct str *) a, *(const struct str *) b);
}

static enum err
read_register(struct freezing *f, struct str specialty)
{
    struct expert_list_row *rows;
    size_t count, size = 0;
    bool fit;
    enum err e = expert_list(f->c->db, f->c->arena, &rows, &count);

    f->pool.experts = e == OK ? arena_array(f->c->arena, count + 1, sizeof *f->pool.experts) : NULL;
    if (e == OK && f->pool.experts == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < count; i++) {
        e = is_fit(f->c, &rows[i], specialty, &fit);
        if (e != OK || !fit)
            continue;
        if (!draw_name_ok(rows[i].code))
            return ctx_refuse(f->c, ERR_CHARSET, "the code %s cannot stand in experts.txt", rows[i].code.p);
        f->pool.experts[f->pool.expert_count++] = rows[i].code;
        e = add_conflicts(f, &rows[i], &size);
    }
    if (e == OK && f->pool.expert_count == 0)
        return ctx_refuse(f->c, ERR_MISSING, "no expert is under contract%s", specialty.p == NULL ? "" : " with this specialty");
    qsort(f->pool.experts, f->pool.expert_count, sizeof *f->pool.experts, by_code);
    if (f->pool.avoid_count > 0)
        qsort(f->pool.avoid, f->pool.avoid_count, sizeof *f->pool.avoid, by_id_then_expert);
    return e;
}

/* Written, read back from the disk, judged by the parser. */
static enum err
write_pool(struct freezing *f)
{
    struct drawing_key k = {f->d.draw, f->d.attempt};
    struct panel_pool again;
    struct fault fault;
    struct str back = {0};
    struct buf b;
    enum err e = buf_in(f->c, 256 + f->pool.expert_count * 48 + f->pool.avoid_count * 112, &b);

    if (e == OK)
        e = hex_decode(f->d.draw_digest, f->pool.draw_digest, HASH_LEN);
    if (e != OK)
        return e;
    panel_pool_write(&f->pool, &b);
    if (b.overflow)
        return ERR_MEMORY;
    e = drawing_write(f->c, k, PANEL_EXPERTS_FILE, buf_view(&b));
    if (e == OK)
        e = drawing_map(f->c, k, PANEL_EXPERTS_FILE, &back);
    if (e != OK)
        return e;
    e = panel_pool_parse(back, f->c->arena, &again, &fault);
    if (e == OK && !str_eq(back, buf_view(&b)))
        e = ERR_DIGEST;
    else if (e != OK)
        e = ctx_refuse(f->c, e, "experts.txt line %llu: %s", (unsigned long long) fault.line, fault.en);
    drawing_unmap(back);
    return e == OK ? drawing_hex(f->c, again.digest, &f->out->digest) : e;
}

static enum err
freeze(struct freezing *f, struct str task, struct str specialty)
{
    struct drawing_key *k = &f->out->key;
    enum err e = drawing_unseen(f->c, task, "the list of experts", &f->d);

    *k = (struct drawing_key) {f->d.draw, f->d.attempt};
    if (e == OK) /* the row first: it holds back a second freezing */
        e = panel_put(f->c->db, &(struct panel_put_in) {k->draw, k->attempt, f->pool.places, STR("-"), f->c->now_us});
    if (e == ERR_EXISTS)
        return ctx_refuse(f->c, e, "the experts of draw %s attempt %lld are frozen", k->draw.p, (long long) k->attempt);
    if (e == OK)
        e = read_register(f, specialty);
    if (e == OK)
        e = write_pool(f);
    if (e == OK)
        e = panel_seal(f->c->db, &(struct panel_seal_in) {k->draw, k->attempt, f->out->digest});
    return e == OK ? note(f->c, "panel.freeze", *k, f->out->digest) : e;
}

enum err
panel_freeze(struct ctx *c, struct str task, uint32_t places, struct str specialty, struct panel_frozen *out)
{
    struct freezing f = {.c = c, .out = out, .pool = {.places = places}};
    enum err e;

    *out = (struct panel_frozen) {0};
    if (places == 0 || places > PANEL_PLACES_MAX)
        return ctx_refuse(c, ERR_RANGE, "1 to %d experts per target", PANEL_PLACES_MAX);
    e = db_begin(c->db);
    if (e == OK)
        e = db_end(c->db, freeze(&f, task, specialty));
    out->expert_count = f.pool.expert_count;
    out->conflict_count = f.pool.avoid_count;
    free(f.pool.avoid);
    return e;
}

/* --- draw -------------------------------------------------------------------------------------------------------------- */

struct choosing {
    struct ctx *c;
    struct drawing_current_row d;
    struct panel_get_row row;
    struct panel_pool pool;
    enum hash_suite suite;
    unsigned char seed[HASH_LEN], key[HASH_LEN];
    uint32_t *left;
    struct panel_outcome *out;
};

static enum err
find_panel(struct choosing *g, struct str task)
{
    enum drawing_state state;
    enum err e = drawing_find(g->c, task, &g->d, &state);

    if (e == OK && state != DRAWING_DRAWN)
        e = ctx_refuse(g->c, ERR_STATE, "draw %s attempt %lld is %s, not drawn", g->d.draw.p, (long long) g->d.attempt,
                       drawing_state_name(state));
    if (e != OK)
        return e;
    g->out->key = (struct drawing_key) {g->d.draw, g->d.attempt};
    e = panel_get(g->c->db, g->c->arena, &(struct panel_get_in) {g->d.draw, g->d.attempt}, &g->row);
    if (e == ERR_NOT_FOUND)
        return ctx_refuse(g->c, ERR_STATE, "no experts were frozen before the first secret");
    return e;
}

/* experts.txt as it was logged, the seed, and its subkey for integers. */
static enum err
read_pool(struct choosing *g, struct str text)
{
    struct fault fault;
    struct str digest;
    enum err e = panel_pool_parse(text, g->c->arena, &g->pool, &fault);

    if (e == OK)
        e = drawing_hex(g->c, g->pool.digest, &digest);
    if (e == ERR_MEMORY)
        return e;
    if (e != OK || !str_eq(digest, g->row.experts_digest))
        return ctx_refuse(g->c, ERR_DIGEST, "experts.txt was altered after it was logged");
    e = hash_suite_parse(g->d.suite, &g->suite);
    if (e == OK)
        e = hex_decode(g->d.seed, g->seed, HASH_LEN);
    if (e != OK)
        return e;
    draw_subkey(g->suite, "int", g->seed, g->key);
    g->left = arena_array(g->c->arena, g->pool.expert_count + 1, sizeof *g->left);
    return g->left == NULL ? ERR_MEMORY : OK;
}

static enum err
choose(struct choosing *g, struct str id, struct buf *b)
{
    uint32_t chosen[PANEL_PLACES_MAX], count;
    enum err e = OK;

    panel_choose(&g->pool, g->suite, g->key, id, g->left, chosen, &count);
    panel_write_target(&g->pool, id, chosen, count, b);
    g->out->expert_count += count;
    g->out->short_count += count < g->pool.places;
    for (uint32_t i = 0; e == OK && i < count; i++)
        e = panel_expert_put(g->c->db, &(struct panel_expert_put_in) {id, g->d.draw, g->d.attempt,
                                                                      g->pool.experts[chosen[i]], i + 1});
    return e;
}

static enum err
write_panel(struct choosing *g, struct str text)
{
    struct drawing_target_list_row *rows;
    unsigned char digest[HASH_LEN];
    struct buf b;
    enum err e = read_pool(g, text);

    if (e == OK)
        e = drawing_target_list(g->c->db, g->c->arena, &(struct drawing_target_list_in) {g->d.draw, g->d.attempt}, &rows,
                                &g->out->target_count);
    if (e == OK)
        e = buf_in(g->c, PANEL_HEAD_MAX + (size_t) PANEL_LINE_MAX * g->out->target_count, &b);
    if (e != OK)
        return e;
    panel_write_head(&g->pool, g->seed, &b);
    for (size_t i = 0; e == OK && i < g->out->target_count; i++)
        e = choose(g, rows[i].target, &b);
    if (e == OK && b.overflow)
        e = ERR_INTERNAL;
    if (e == OK)
        e = drawing_write(g->c, g->out->key, PANEL_FILE, buf_view(&b));
    if (e != OK)
        return e;
    hash_of(HASH_SHA256, b.p, b.n, digest);
    return drawing_hex(g->c, digest, &g->out->digest);
}

static enum err
stored(struct choosing *g)
{
    struct panel_count_row count;
    enum err e = panel_count(g->c->db, g->c->arena, &(struct panel_count_in) {g->d.draw, g->d.attempt}, &count);

    g->out->again = true;
    g->out->digest = g->row.panel_digest;
    g->out->target_count = e == OK ? (uint64_t) count.target_count : 0;
    g->out->expert_count = e == OK ? (uint64_t) count.expert_count : 0;
    return e;
}

static enum err
draw(struct choosing *g, struct str task)
{
    struct str text;
    enum err e = find_panel(g, task);

    if (e != OK || g->row.panel_digest.p != NULL)
        return e == OK ? stored(g) : e;
    e = drawing_map(g->c, g->out->key, PANEL_EXPERTS_FILE, &text);
    if (e != OK)
        return ctx_refuse(g->c, e, "experts.txt");
    e = write_panel(g, text);
    drawing_unmap(text);
    if (e == OK)
        e = panel_finish(g->c->db, &(struct panel_finish_in) {g->d.draw, g->d.attempt, g->out->digest, g->c->now_us});
    return e == OK ? note(g->c, "panel.draw", g->out->key, g->out->digest) : e;
}

static enum err
draw_once(struct ctx *c, struct str task, struct panel_outcome *out)
{
    struct choosing g = {.c = c, .out = out};
    enum err e = db_begin(c->db);

    *out = (struct panel_outcome) {0};
    return e == OK ? db_end(c->db, draw(&g, task)) : e;
}

/* Two at once: where writers do not wait for each other the later one meets the rows of the first; then they are stored. */
enum err
panel_draw(struct ctx *c, struct str task, struct panel_outcome *out)
{
    enum err e = draw_once(c, task, out);

    return e == ERR_EXISTS || e == ERR_STATE ? draw_once(c, task, out) : e;
}
