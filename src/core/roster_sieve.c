/* core/roster_sieve.c - rows go through in tiles; what remains is a root for each tile and the rows that may be chosen */
#include "core/roster_sieve.h"

enum err
roster_sieve_open(struct roster_sieve *s, const struct draw_spec *spec,
                  const unsigned char key_target[static HASH_LEN], const uint64_t *limit, uint64_t row_max,
                  struct buf picks, struct arena *a)
{
    memset(s, 0, sizeof *s);
    s->limit = limit;
    s->picks = picks;
    s->strata.spec = spec;
    s->tile_max = (size_t) (row_max / ROSTER_TILE + 1);
    s->tile = arena_array(a, s->tile_max, sizeof *s->tile);
    s->population = arena_array(a, spec->quota_count, sizeof *s->population);
    hash_init(&s->leaf_start, spec->suite);
    hash_update(&s->leaf_start, "\0", 1);
    draw_ticket_start(spec->suite, key_target, &s->ticket_start);
    if (spec->suite == HASH_SHA256) {
        s->nodes = arena_alloc(a, sizeof *s->nodes);
        if (s->nodes == NULL)
            return ERR_MEMORY;
        hash_pair_table_init(s->nodes);
    }
    return s->tile != NULL && s->population != NULL && quotas_group(spec, a, &s->quotas) ? OK : ERR_MEMORY;
}

static struct str
kept(char room[DRAW_ID_MAX], struct str id)
{
    memcpy(room, id.p, id.n);
    return (struct str){room, id.n};
}

/* Up to a tile of rows from *at on, whose LFs all lie before `end`. */
static enum err
gather_rows(struct roster_sieve *s, const char **at, const char *end, size_t *count)
{
    struct str last = s->last;
    struct fault f;

    for (*count = 0; *count < ROSTER_TILE && *at < end; (*count)++) {
        struct fields *x = &s->fields[*count];
        const char *line_end;
        enum err e = roster_fields_read(&s->strata, *at, end, &line_end, x, &f);

        if (e == OK)
            e = roster_order_check(last, x->id, &f);
        if (e != OK)
            return e;
        s->rows.lines[*count] = (struct str){*at, (size_t) (line_end - *at)};
        s->rows.ids[*count] = last = x->id;
        *at = line_end + 1;
    }
    return OK;
}

/* A gathered tile: populations, tickets, root. */
static void
take_rows(struct roster_sieve *s, size_t count, const char *readable_end, unsigned lanes)
{
    struct tile *t = &s->rows;

    hash_many(lanes, &s->ticket_start, t->ids, count, readable_end, t->digests);
    for (size_t i = 0; i < count; i++) {
        const struct fields *x = &s->fields[i];

        if (x->stratum == ROSTER_NO_STRATUM)
            continue;
        quotas_count(&s->quotas, x, s->population);
        if (top_word(t->digests[i]) <= s->limit[x->stratum])
            buf_add(&s->picks, t->lines[i].p, t->lines[i].n + 1);
    }
    hash_many(lanes, &s->leaf_start, t->lines, count, readable_end, t->digests);
    merkle_reduce_by(s->leaf_start.suite, lanes, s->nodes, t->digests, count, s->tile[s->tile_count++]);
    if (s->count == 0)
        s->first = kept(s->ids[0], t->ids[0]);
    s->last = kept(s->ids[1], t->ids[count - 1]);
    s->count += count;
}

enum err
roster_sieve_feed(struct roster_sieve *s, struct str text, bool last, unsigned lanes, size_t *used)
{
    const char *at = text.p, *end = text.p + text.n;

    while (end > at && end[-1] != '\n')
        end--;
    *used = 0;
    if (last && end != text.p + text.n)
        return ERR_SYNTAX;
    while (at < end) {
        size_t count;
        enum err e = gather_rows(s, &at, end, &count);

        if (e != OK)
            return e;
        if (count < ROSTER_TILE && !last)
            break;
        if (s->tile_count == s->tile_max)
            return ERR_TOO_LARGE;
        take_rows(s, count, text.p + text.n, lanes);
        *used = (size_t) (at - text.p);
    }
    return s->picks.overflow ? ERR_TOO_LARGE : OK;
}
