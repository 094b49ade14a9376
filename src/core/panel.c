/* core/panel.c - experts.txt and panel.txt (docs/spec/panel-1.md) */
#include "core/panel.h"

#include <string.h>

#include "core/draw_scan.h"

/* --- reading ---------------------------------------------------------------------------------------------------------- */

/* How many lines begin with this word? At most that many entries are to be stored. */
static size_t
count_lines(struct str text, struct str word)
{
    struct str line, rest = text;
    size_t n = 0;

    while (rest.n > 0) {
        str_split(rest, '\n', &line, &rest);
        n += str_starts(line, word);
    }
    return n;
}

static enum err
refuse(struct scan *s, enum err e, const char *zh, const char *en)
{
    return scan_fail(s, e, s->line_start, zh, en);
}

static enum err
read_head(struct scan *s, struct panel_pool *p)
{
    uint64_t places = 0;

    (void) !scan_whole(s, STR("mingqian-experts/v1"));
    (void) !scan_line(s);
    (void) !scan_key(s, STR("draw-digest"));
    (void) !scan_digest(s, p->draw_digest);
    (void) !scan_end(s);
    (void) !scan_line(s);
    (void) !scan_key(s, STR("places"));
    (void) !scan_number(s, 1, PANEL_PLACES_MAX, &places);
    (void) !scan_end(s);
    p->places = (uint32_t) places;
    return s->err;
}

static enum err
read_experts(struct scan *s, struct panel_pool *p, size_t most)
{
    while (s->err == OK && scan_more(s) && p->expert_count < most) {
        struct str *now = &p->experts[p->expert_count];

        (void) !scan_line(s);
        (void) !scan_key(s, STR("expert"));
        (void) !scan_name(s, now);
        (void) !scan_end(s);
        if (s->err == OK && p->expert_count > 0 && str_cmp(now[-1], *now) >= 0)
            (void) refuse(s, ERR_ORDER, "专家未按升序排列或重复", "experts are not in ascending order, or twice");
        p->expert_count++;
    }
    return s->err;
}

static bool
in_pool(const struct panel_pool *p, struct str expert)
{
    size_t low = 0, high = p->expert_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (str_cmp(p->experts[middle], expert) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->expert_count && str_eq(p->experts[low], expert);
}

static int
by_id_then_expert(const struct panel_avoid *a, const struct panel_avoid *b)
{
    int order = str_cmp(a->id, b->id);

    return order != 0 ? order : str_cmp(a->expert, b->expert);
}

static enum err
read_avoid(struct scan *s, struct panel_pool *p, size_t most)
{
    while (s->err == OK && scan_more(s) && p->avoid_count < most) {
        struct panel_avoid *now = &p->avoid[p->avoid_count];

        (void) !scan_line(s);
        (void) !scan_key(s, STR("avoid"));
        (void) !scan_word(s, &now->id);
        (void) !scan_name(s, &now->expert);
        (void) !scan_end(s);
        if (s->err == OK && !draw_id_ok(now->id))
            (void) refuse(s, ERR_CHARSET, "对象标识无效", "not the id of a target");
        if (s->err == OK && !in_pool(p, now->expert))
            (void) refuse(s, ERR_NOT_FOUND, "回避的专家不在库中", "an expert that the pool lacks");
        if (s->err == OK && p->avoid_count > 0 && by_id_then_expert(&now[-1], now) >= 0)
            (void) refuse(s, ERR_ORDER, "回避行未按升序排列或重复", "avoid lines are not in ascending order, or twice");
        p->avoid_count++;
    }
    return s->err;
}

enum err
panel_pool_parse(struct str text, struct arena *a, struct panel_pool *out, struct fault *f)
{
    struct scan s = scan_start(text, DRAW_DRAW, f);
    size_t experts = count_lines(text, STR("expert ")), avoid = count_lines(text, STR("avoid "));

    *out = (struct panel_pool) {0};
    if (read_head(&s, out) != OK)
        return s.err;
    if (experts > PANEL_EXPERTS_MAX || avoid > PANEL_AVOID_MAX)
        return refuse(&s, ERR_TOO_LARGE, "专家或回避行过多", "too many experts or avoid lines");
    out->experts = arena_array(a, experts + 1, sizeof *out->experts);
    out->avoid = arena_array(a, avoid + 1, sizeof *out->avoid);
    if (out->experts == NULL || out->avoid == NULL)
        return refuse(&s, ERR_MEMORY, "内存不足", "out of memory");
    if (read_experts(&s, out, experts) == OK)
        (void) !read_avoid(&s, out, avoid);
    if (s.err == OK && scan_more(&s)) {
        (void) !scan_line(&s);
        (void) refuse(&s, ERR_SYNTAX, "多余的行", "a line too many");
    }
    hash_of(HASH_SHA256, text.p, text.n, out->digest);
    return s.err;
}

/* --- writing ---------------------------------------------------------------------------------------------------------- */

static void
put_digest(struct buf *b, const char *word, const unsigned char digest[static HASH_LEN])
{
    buf_z(b, word);
    buf_hex(b, digest, HASH_LEN);
    buf_z(b, "\n");
}

void
panel_pool_write(const struct panel_pool *p, struct buf *out)
{
    buf_z(out, "mingqian-experts/v1\n");
    put_digest(out, "draw-digest ", p->draw_digest);
    buf_z(out, "places ");
    buf_u64(out, p->places);
    buf_z(out, "\n");
    for (size_t i = 0; i < p->expert_count; i++) {
        buf_z(out, "expert ");
        buf_str(out, p->experts[i]);
        buf_z(out, "\n");
    }
    for (size_t i = 0; i < p->avoid_count; i++) {
        buf_z(out, "avoid ");
        buf_str(out, p->avoid[i].id);
        buf_z(out, " ");
        buf_str(out, p->avoid[i].expert);
        buf_z(out, "\n");
    }
}

void
panel_write_head(const struct panel_pool *pool, const unsigned char seed[static HASH_LEN], struct buf *out)
{
    buf_z(out, "mingqian-panel/v1\n");
    put_digest(out, "experts-digest ", pool->digest);
    put_digest(out, "seed ", seed);
}

void
panel_write_target(const struct panel_pool *pool, struct str id, const uint32_t *chosen, uint32_t count, struct buf *out)
{
    buf_z(out, "target ");
    buf_str(out, id);
    buf_z(out, count == 0 ? " -" : " ");
    for (uint32_t i = 0; i < count; i++) {
        buf_z(out, i == 0 ? "" : ",");
        buf_str(out, pool->experts[chosen[i]]);
    }
    buf_z(out, "\n");
}

/* --- choosing --------------------------------------------------------------------------------------------------------- */

/* The first avoid line of this id, or the place where it would stand. */
static size_t
first_avoid(const struct panel_pool *p, struct str id)
{
    size_t low = 0, high = p->avoid_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (str_cmp(p->avoid[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t
candidates(const struct panel_pool *p, struct str id, uint32_t *left)
{
    size_t next = first_avoid(p, id);
    uint32_t n = 0;

    for (uint32_t i = 0; i < p->expert_count; i++) {
        if (next < p->avoid_count && str_eq(p->avoid[next].id, id) && str_eq(p->avoid[next].expert, p->experts[i]))
            next++;
        else
            left[n++] = i;
    }
    return n;
}

void
panel_choose(const struct panel_pool *pool, enum hash_suite suite, const unsigned char key_int[static HASH_LEN],
             struct str id, uint32_t *left, uint32_t chosen[static PANEL_PLACES_MAX], uint32_t *count)
{
    uint32_t n = candidates(pool, id, left);
    char label[DRAW_ID_MAX + 16];

    *count = n < pool->places ? n : pool->places;
    for (uint32_t k = 0; k < *count; k++) {
        struct buf b = buf_over(label, sizeof label);
        uint32_t at;

        buf_z(&b, "expert/");
        buf_str(&b, id);
        buf_z(&b, "/");
        buf_u64(&b, k);
        at = k + (uint32_t) draw_uniform_int(suite, key_int, buf_view(&b), n - k);
        chosen[k] = left[at];
        left[at] = left[k];
    }
}
