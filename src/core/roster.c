/* core/roster.c - reading roster.tsv in parallel: strict rows, Merkle root, index, tickets */
#include "core/roster.h"

#include <string.h>

#include "core/roster_int.h"

enum {
    CHUNK_BYTES = 1 << 16, /* unit of counting lines */
    JOBS_MAX = 256,
    COUNT_BYTES = 64 /* looked at together when lines are counted */
};

/* ---- one row, strictly ---- */

static enum err
refuse(struct fault *f, enum err e, size_t column0, const char *zh, const char *en)
{
    f->err = e;
    f->column = column0 + 1;
    f->zh = zh;
    f->en = en;
    return e;
}

/* The five fields; exactly four TABs. */
static enum err
split_fields(struct str line, struct str fields[5], struct fault *f)
{
    struct str rest = line;

    for (size_t i = 0; i < line.n; i++) {
        unsigned char c = (unsigned char) line.p[i];

        if (c == '\r')
            return refuse(f, ERR_CHARSET, i, "行尾应为 LF,不得有 CR", "a CR; lines end in LF alone");
        if (c != '\t' && (c < 0x21 || c > 0x7E))
            return refuse(f, ERR_CHARSET, i, "只允许可见 ASCII 字符,以制表符分隔",
                          "only visible ASCII, separated by TAB");
    }
    for (size_t i = 0; i < 4; i++)
        if (!str_split(rest, '\t', &fields[i], &rest))
            return refuse(f, ERR_SYNTAX, line.n, "应有 5 个字段", "five fields are required");
    fields[4] = rest;
    for (size_t i = 0; i < rest.n; i++)
        if (rest.p[i] == '\t')
            return refuse(f, ERR_SYNTAX, (size_t) (rest.p - line.p) + i, "多于 5 个字段",
                          "more than five fields");
    return OK;
}

static enum err
parse_mask(struct str text, uint64_t *out)
{
    uint64_t v = 0;

    if (text.n < 1 || text.n > 16)
        return ERR_LENGTH;
    if (text.n > 1 && text.p[0] == '0')
        return ERR_SYNTAX;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];

        if (c >= '0' && c <= '9')
            v = v << 4 | (uint64_t) (c - '0');
        else if (c >= 'a' && c <= 'f')
            v = v << 4 | (uint64_t) (c - 'a' + 10);
        else
            return ERR_CHARSET;
    }
    *out = v;
    return OK;
}

static bool
salt_ok(struct str salt)
{
    unsigned char bytes[DRAW_SALT_BYTES];

    return str_eq(salt, STR("-")) || hex_decode(salt, bytes, sizeof bytes) == OK;
}

enum err
roster_row_parse(struct str line, struct roster_row *out, struct fault *f)
{
    struct str field[5], name;
    struct roster_row row = {0};
    uint64_t weight;
    enum err e = split_fields(line, field, f);

    if (e != OK)
        return e;
    if (!draw_id_ok(field[0]))
        return refuse(f, ERR_LENGTH, 0, "编号应为 1–54 个字符", "an id has 1 to 54 bytes");
    row.id = field[0];
    name = row.stratum = field[1];
    row.excluded = name.n > 0 && name.p[0] == '!';
    if (row.excluded)
        name.p++, name.n--;
    if (!draw_name_ok(name))
        return refuse(f, ERR_CHARSET, (size_t) (field[1].p - line.p), "层名不合格式", "not a stratum");
    e = str_u64(field[2], DRAW_WEIGHT_MAX, &weight);
    if (e != OK)
        return refuse(f, e, (size_t) (field[2].p - line.p), "权重应为 0–1048576 的十进制数",
                      "a weight is a decimal number 0..1048576");
    if ((weight == 0) != row.excluded)
        return refuse(f, ERR_RANGE, (size_t) (field[2].p - line.p), "被排除者权重为 0,其余至少为 1",
                      "an excluded row weighs 0, any other at least 1");
    row.weight = (uint32_t) weight;
    e = parse_mask(field[3], &row.mask);
    if (e != OK)
        return refuse(f, e, (size_t) (field[3].p - line.p), "部门位应为 1–16 位小写十六进制数,无前导零",
                      "a mask is 1 to 16 lower-case hex digits without leading zeros");
    row.salt = field[4];
    if (!salt_ok(row.salt))
        return refuse(f, ERR_SYNTAX, (size_t) (field[4].p - line.p), "盐应为 - 或 32 位小写十六进制数",
                      "a salt is - or 32 lower-case hex digits");
    *out = row;
    return OK;
}

void
roster_row_write(const struct roster_row *row, struct buf *out)
{
    char digits[16];
    size_t n = 0;

    buf_str(out, row->id);
    buf_z(out, "\t");
    buf_str(out, row->stratum);
    buf_z(out, "\t");
    buf_u64(out, row->weight);
    buf_z(out, "\t");
    do {
        digits[sizeof digits - 1 - n] = "0123456789abcdef"[row->mask >> 4 * n & 15];
        n++;
    } while (n < sizeof digits && row->mask >> 4 * n != 0);
    buf_add(out, digits + sizeof digits - n, n);
    buf_z(out, "\t");
    buf_str(out, row->salt);
    buf_z(out, "\n");
}

struct draw_env
draw_env_serial(void)
{
    return (struct draw_env){.runner = runner_serial(), .lanes = hash_lanes_best(), .locate_budget = 4000000};
}

/* ---- the common row, fast: eight bytes at a time; anything else is left to roster_row_parse ---- */

#define ONES 0x0101010101010101U
#define TOPS 0x8080808080808080U

/* Eight bytes at p, the first lowest; past `end` zeros. */
static inline uint64_t
load8(const char *p, const char *end)
{
    uint64_t v = 0;

    if (end - p >= 8)
        memcpy(&v, p, 8);
    else
        memcpy(&v, p, (size_t) (end - p));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

/* Top bit of the first byte outside 0x21..0x7E (later bytes may be marked wrongly); 0 if none. */
static inline uint64_t
special(uint64_t v)
{
    return ((v - 0x21 * ONES) | (v + ONES) | v) & TOPS;
}

/* The visible bytes at p, at most max; their end. */
static inline const char *
visible_end(const char *p, const char *end, size_t max)
{
    const char *from = p;

    while ((size_t) (p - from) <= max) {
        uint64_t m = special(load8(p, end));

        if (m != 0)
            return p + (__builtin_ctzll(m) >> 3);
        p += 8;
    }
    return p;
}

/* A stratum of at most seven bytes, as a number: its bytes, its length on top. */
static inline uint64_t
short_key(uint64_t bytes, size_t n)
{
    return (bytes & (((uint64_t) 1 << 8 * n) - 1)) | (uint64_t) n << 56;
}

/* Where the key is, or the free slot where it would be; at most half of the slots are taken. */
static inline size_t
slot_of(const struct strata *s, uint64_t key)
{
    size_t slot = (size_t) (key * 0x9E3779B97F4A7C15U >> 56);

    while (s->key[slot] != 0 && s->key[slot] != key)
        slot = (slot + 1) % SHORT_SLOTS;
    return slot;
}

static uint16_t
find_stratum(const struct draw_spec *spec, struct str name)
{
    size_t low = 0, high = spec == NULL ? 0 : spec->stratum_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int c = str_cmp(spec->strata[middle], name);

        if (c == 0)
            return (uint16_t) middle;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return ROSTER_NO_STRATUM;
}

/* Remember a short stratum that roster_row_parse accepted, while there is room. */
static void
learn(struct strata *s, struct str name)
{
    uint64_t key;
    size_t slot;

    if (name.n > 7 || s->count == SHORT_SLOTS / 2)
        return;
    key = short_key(load8(name.p, name.p + name.n), name.n);
    slot = slot_of(s, key);
    if (s->key[slot] == key)
        return;
    s->key[slot] = key;
    s->index[slot] = find_stratum(s->spec, name);
    s->count++;
}

/* Digits of weight and mask, at most six each; NULL if it is anything else. */
static inline const char *
fast_numbers(const char *p, const char *end, struct fields *out)
{
    uint32_t weight = 0;
    uint64_t mask = 0;
    const char *from = p;

    if (p < end && (*p < '1' || *p > '9'))
        return NULL;
    for (; p < end && *p >= '0' && *p <= '9' && p - from <= 6; p++)
        weight = weight * 10 + (uint32_t) (*p - '0');
    if (p >= end || *p++ != '\t' || weight > DRAW_WEIGHT_MAX)
        return NULL;
    for (from = p; p < end && p - from < 16; p++) {
        if (*p >= '0' && *p <= '9')
            mask = mask << 4 | (uint64_t) (*p - '0');
        else if (*p >= 'a' && *p <= 'f')
            mask = mask << 4 | (uint64_t) (*p - 'a' + 10);
        else
            break;
    }
    if (p == from || p >= end || *p != '\t' || (*from == '0' && p - from > 1))
        return NULL;
    out->weight = weight;
    out->mask = mask;
    return p + 1;
}

/* The end of a common row (its LF), or NULL: open or salted, not excluded, with a short stratum seen before.
 */
static inline const char *
fast_row(const char *p, const char *end, const struct strata *strata, struct fields *out)
{
    const char *q = visible_end(p, end, DRAW_ID_MAX);
    uint64_t v, m, key;
    size_t slot;

    if (q == p || q - p > DRAW_ID_MAX || q >= end || *q != '\t')
        return NULL;
    out->id = (struct str){p, (size_t) (q - p)};
    v = load8(++q, end);
    m = special(v);
    if (m == 0 || (m & 0x80) != 0)
        return NULL;
    key = short_key(v, (size_t) __builtin_ctzll(m) >> 3);
    slot = slot_of(strata, key);
    q += __builtin_ctzll(m) >> 3;
    if (strata->key[slot] != key || q >= end || *q != '\t')
        return NULL;
    out->stratum = strata->index[slot];
    q = fast_numbers(q + 1, end, out);
    if (q == NULL)
        return NULL;
    if (end - q >= 2 && q[0] == '-')
        q++;
    else if (end - q > 32 && salt_ok((struct str){q, 32}))
        q += 32;
    else
        return NULL;
    return q < end && *q == '\n' ? q : NULL;
}

enum err
roster_fields_read(struct strata *strata, const char *p, const char *text_end, const char **end, struct fields *out,
                   struct fault *f)
{
    struct roster_row row;
    enum err e;

    *end = fast_row(p, text_end, strata, out);
    if (*end != NULL)
        return OK;
    *end = memchr(p, '\n', (size_t) (text_end - p)); /* the text ends in LF */
    e = roster_row_parse((struct str){p, (size_t) (*end - p)}, &row, f);
    if (e != OK)
        return e;
    if (!row.excluded)
        learn(strata, row.stratum);
    *out = (struct fields){row.id, row.excluded ? ROSTER_NO_STRATUM : find_stratum(strata->spec, row.stratum),
                           row.weight, row.mask};
    return OK;
}

enum err
roster_order_check(struct str last, struct str id, struct fault *f)
{
    int c = last.p == NULL ? -1 : str_cmp(last, id);

    if (c == 0)
        return refuse(f, ERR_DUPLICATE, 0, "编号重复", "this id was on the line before");
    if (c > 0)
        return refuse(f, ERR_ORDER, 0, "编号应严格升序", "ids ascend strictly by bytes");
    return OK;
}

bool
quotas_group(const struct draw_spec *d, struct arena *a, struct quotas *out)
{
    size_t n = 0;

    out->spec = d;
    out->first = arena_array(a, d->stratum_count + 1, sizeof *out->first);
    out->quota = arena_array(a, d->quota_count, sizeof *out->quota);
    if (out->first == NULL || out->quota == NULL)
        return false;
    for (size_t s = 0; s < d->stratum_count; s++) {
        out->first[s] = n;
        for (size_t q = 0; q < d->quota_count; q++)
            if (d->quotas[q].stratum_index == s)
                out->quota[n++] = q;
    }
    out->first[d->stratum_count] = n;
    return true;
}

/* ---- all rows ---- */

/* A job's part of the work, and what it found. */
struct part {
    struct fault fault; /* err OK: none */
    struct roster_population *population;
};

struct reading {
    struct roster *r;
    struct hash leaf_start, ticket_start;
    bool tickets, weights;
    const struct draw_env *env;
    size_t chunk_count, rows_per_part, part_count;
    uint64_t *chunk_lines; /* LFs in the chunk, then before it */
    struct quotas quotas;
    struct part *parts;
};

static void
count_lines(void *arg, size_t i)
{
    struct reading *g = arg;
    size_t from = i * CHUNK_BYTES, to = from + CHUNK_BYTES;
    uint64_t n = 0;

    if (to > g->r->text.n)
        to = g->r->text.n;
    while (from < to) { /* at most 255 in each byte of a vector's sums */
        size_t stop = to - from > 255 * COUNT_BYTES ? from + 255 * COUNT_BYTES : to;
        unsigned char sums[COUNT_BYTES] = {0};

        for (; stop - from >= COUNT_BYTES; from += COUNT_BYTES)
            for (unsigned k = 0; k < COUNT_BYTES; k++)
                sums[k] = (unsigned char) (sums[k] + (g->r->text.p[from + k] == '\n'));
        for (unsigned k = 0; k < COUNT_BYTES; k++)
            n += sums[k];
        for (; from < stop; from++)
            n += g->r->text.p[from] == '\n';
    }
    g->chunk_lines[i] = n;
}

/* The offset where row i begins; i < count. */
static size_t
row_start(const struct reading *g, uint64_t row)
{
    size_t low = 0, high = g->chunk_count, at;
    uint64_t skip;

    if (row == 0)
        return 0;
    while (high - low > 1) { /* the last chunk with fewer than `row` LFs before it */
        size_t middle = low + (high - low) / 2;

        if (g->chunk_lines[middle] < row)
            low = middle;
        else
            high = middle;
    }
    at = low * CHUNK_BYTES;
    for (skip = row - g->chunk_lines[low]; skip > 0; skip--)
        at = (size_t) ((const char *) memchr(g->r->text.p + at, '\n', g->r->text.n - at) - g->r->text.p) + 1;
    return at;
}

/* The id of the row before the one at `at` > 0; it may be malformed, then the part before reports it. */
static struct str
id_before(const struct roster *r, size_t at)
{
    size_t from = at - 1;
    struct str id, rest;

    while (from > 0 && r->text.p[from - 1] != '\n')
        from--;
    (void) str_split((struct str){r->text.p + from, at - 1 - from}, '\t', &id, &rest);
    return id;
}

static void
index_row(const struct reading *g, struct part *part, uint64_t row, size_t at, const struct fields *x)
{
    struct roster *r = g->r;

    if (row % ROSTER_BLOCK == 0)
        r->block_byte[row / ROSTER_BLOCK] = at;
    r->row_byte[row] = (uint16_t) (at - r->block_byte[row / ROSTER_BLOCK]);
    if (r->spec == NULL)
        return;
    r->stratum[row] = x->stratum;
    if (g->weights)
        r->weight[row] = x->weight;
    if (x->stratum == ROSTER_NO_STRATUM)
        return;
    quotas_count(&g->quotas, x, part->population);
}

static void
hash_tile(const struct reading *g, struct tile *t, uint64_t first, size_t count)
{
    struct roster *r = g->r;
    const char *end = r->text.p + r->text.n;

    if (g->tickets) {
        hash_many(g->env->lanes, &g->ticket_start, t->ids, count, end, t->digests);
        for (size_t i = 0; i < count; i++)
            r->ticket[first + i] = top_word(t->digests[i]);
    }
    if (g->env->no_root)
        return;
    hash_many(g->env->lanes, &g->leaf_start, t->lines, count, end, t->digests);
    merkle_reduce(r->suite, g->env->lanes, t->digests, count, r->tile[first / ROSTER_TILE]);
}

static void
read_part(void *arg, size_t i)
{
    struct reading *g = arg;
    struct part *part = &g->parts[i];
    struct roster *r = g->r;
    uint64_t row = i * g->rows_per_part, stop = row + g->rows_per_part;
    size_t at = row_start(g, row);
    struct str last = row == 0 ? (struct str){NULL, 0} : id_before(r, at);
    struct strata strata = {.spec = r->spec};
    struct tile t;

    for (stop = stop < r->count ? stop : r->count; row < stop; row++) {
        const char *p = r->text.p + at, *end;
        struct fields x;
        size_t slot = row % ROSTER_TILE;

        if (roster_fields_read(&strata, p, r->text.p + r->text.n, &end, &x, &part->fault) != OK ||
            roster_order_check(last, x.id, &part->fault) != OK) {
            part->fault.line = row + 1;
            part->fault.byte = at + part->fault.column - 1;
            return;
        }
        index_row(g, part, row, at, &x);
        t.lines[slot] = (struct str){p, (size_t) (end - p)};
        t.ids[slot] = last = x.id;
        if (slot == ROSTER_TILE - 1 || row == stop - 1)
            hash_tile(g, &t, row - slot, slot + 1);
        at = (size_t) (end - r->text.p) + 1;
    }
}

static bool
reserve_parts(struct reading *g, struct arena *a)
{
    const struct draw_spec *d = g->r->spec;
    uint64_t tiles = (g->r->count + ROSTER_TILE - 1) / ROSTER_TILE;
    size_t tiles_per_part = (size_t) ((tiles + JOBS_MAX - 1) / JOBS_MAX);
    struct roster_population *p;

    if (tiles_per_part < 16)
        tiles_per_part = 16;
    g->rows_per_part = tiles_per_part * ROSTER_TILE;
    g->part_count = (size_t) ((g->r->count + g->rows_per_part - 1) / g->rows_per_part);
    g->parts = arena_array(a, g->part_count, sizeof *g->parts);
    if (g->parts == NULL)
        return false;
    if (d == NULL)
        return true;
    p = arena_array(a, g->part_count * d->quota_count, sizeof *p);
    for (size_t i = 0; i < g->part_count && p != NULL; i++)
        g->parts[i].population = p + i * d->quota_count;
    return p != NULL && quotas_group(d, a, &g->quotas);
}

static bool
reserve_index(struct reading *g, struct arena *a)
{
    struct roster *r = g->r;
    size_t n = (size_t) r->count;

    r->block_byte = arena_array(a, n / ROSTER_BLOCK + 1, sizeof *r->block_byte);
    r->row_byte = arena_array_raw(a, n, sizeof *r->row_byte);
    r->tile = arena_array(a, n / ROSTER_TILE + 1, sizeof *r->tile);
    if (r->block_byte == NULL || r->row_byte == NULL || r->tile == NULL)
        return false;
    if (r->spec == NULL)
        return true;
    r->population = arena_array(a, r->spec->quota_count, sizeof *r->population);
    r->stratum = arena_array_raw(a, n, sizeof *r->stratum);
    r->weight = g->weights ? arena_array_raw(a, n, sizeof *r->weight) : NULL;
    r->ticket = g->tickets ? arena_array_raw(a, n, sizeof *r->ticket) : NULL;
    return r->population != NULL && r->stratum != NULL && (!g->weights || r->weight != NULL) &&
           (!g->tickets || r->ticket != NULL);
}

/* How many lines there are, and how many before each chunk. */
static enum err
count_rows(struct reading *g, struct arena *a, struct fault *f)
{
    struct roster *r = g->r;
    uint64_t before = 0;

    if (r->text.n > 0 && r->text.p[r->text.n - 1] != '\n') {
        f->byte = r->text.n;
        f->line = 1;
        for (size_t i = 0; i < r->text.n; i++)
            f->line += r->text.p[i] == '\n';
        return refuse(f, ERR_SYNTAX, 0, "最后一行缺少换行符", "the last line does not end in LF");
    }
    g->chunk_count = (r->text.n + CHUNK_BYTES - 1) / CHUNK_BYTES;
    g->chunk_lines = arena_array(a, g->chunk_count, sizeof *g->chunk_lines);
    if (g->chunk_lines == NULL)
        return refuse(f, ERR_MEMORY, 0, "内存不足", "out of memory");
    g->env->runner.run(g->env->runner.ctx, count_lines, g, g->chunk_count);
    for (size_t i = 0; i < g->chunk_count; i++) {
        uint64_t n = g->chunk_lines[i];

        g->chunk_lines[i] = before;
        before += n;
    }
    if (before > DRAW_ROWS_MAX)
        return refuse(f, ERR_TOO_LARGE, 0, "名单行数超过上限", "too many rows");
    r->count = before;
    return OK;
}

/* The first fault in the order of the rows; otherwise sums and the root. */
static enum err
collect(struct reading *g, struct fault *f)
{
    struct roster *r = g->r;
    size_t quotas = r->spec == NULL ? 0 : r->spec->quota_count;
    size_t tiles = (size_t) ((r->count + ROSTER_TILE - 1) / ROSTER_TILE);
    struct merkle m;

    for (size_t i = 0; i < g->part_count; i++) {
        if (g->parts[i].fault.err != OK) {
            *f = g->parts[i].fault;
            return f->err;
        }
        for (size_t q = 0; q < quotas; q++) {
            r->population[q].count += g->parts[i].population[q].count;
            r->population[q].weight += g->parts[i].population[q].weight;
        }
    }
    if (g->env->no_root)
        return OK;
    merkle_init(&m, r->suite);
    for (size_t i = 0; i < tiles; i++)
        merkle_add(&m, r->tile[i]); /* tiles are full but the last: they are the leaves of the tree above */
    merkle_root(&m, r->root);
    return OK;
}

static void
start_hashes(struct reading *g, const unsigned char *target_key)
{
    hash_init(&g->leaf_start, g->r->suite);
    hash_update(&g->leaf_start, "\0", 1);
    g->tickets = g->r->spec != NULL && target_key != NULL;
    g->weights = g->r->spec != NULL && g->r->spec->rule == DRAW_PARETO;
    if (g->tickets)
        draw_ticket_start(g->r->suite, target_key, &g->ticket_start);
}

enum err
roster_read(struct str text, enum hash_suite suite, const struct draw_spec *spec,
            const unsigned char *target_key, const struct draw_env *env, struct arena *a, struct roster *out,
            struct fault *f)
{
    struct roster r = {.text = text, .suite = spec == NULL ? suite : spec->suite, .spec = spec};
    struct reading g = {.r = &r, .env = env};
    enum err e;

    *f = (struct fault){.file = DRAW_ROSTER, .zh = "", .en = ""};
    start_hashes(&g, target_key);
    e = count_rows(&g, a, f);
    if (e != OK)
        return e;
    if (!reserve_index(&g, a) || !reserve_parts(&g, a))
        return refuse(f, ERR_MEMORY, 0, "内存不足", "out of memory");
    env->runner.run(env->runner.ctx, read_part, &g, g.part_count);
    e = collect(&g, f);
    f->file = DRAW_ROSTER;
    if (e == OK)
        *out = r;
    return e;
}

/* ---- rows of a roster that was read ---- */

static size_t
row_at(const struct roster *r, uint64_t i)
{
    return (size_t) r->block_byte[i / ROSTER_BLOCK] + r->row_byte[i];
}

struct str
roster_line(const struct roster *r, uint64_t i)
{
    size_t from = row_at(r, i), to = i + 1 < r->count ? row_at(r, i + 1) : r->text.n;

    return (struct str){r->text.p + from, to - from - 1};
}

struct str
roster_id(const struct roster *r, uint64_t i)
{
    struct str id, rest;

    (void) str_split(roster_line(r, i), '\t', &id, &rest);
    return id;
}

void
roster_ids(const struct roster *r, const uint32_t *rows, size_t count, struct str *ids)
{
    struct str rest;

    for (size_t i = 0; i < count; i++) {
        ids[i] = roster_line(r, rows[i]);
        __builtin_prefetch(ids[i].p);
    }
    for (size_t i = 0; i < count; i++)
        (void) str_split(ids[i], '\t', &ids[i], &rest);
}

struct roster_row
roster_at(const struct roster *r, uint64_t i)
{
    struct roster_row row = {0};
    struct fault f;
    enum err e = roster_row_parse(roster_line(r, i), &row, &f);

    (void) e; /* every row was parsed before */
    return row;
}

enum err
roster_find(const struct roster *r, struct str id, uint64_t *row)
{
    uint64_t low = 0, high = r->count;

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        int c = str_cmp(roster_id(r, middle), id);

        if (c == 0) {
            *row = middle;
            return OK;
        }
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return ERR_NOT_FOUND;
}

/* Roots of complete subtrees: of tiles from the kept hashes, of rows from the rows. */
static enum err
node_of_roster(void *ctx, unsigned level, uint64_t index, unsigned char out[static HASH_LEN])
{
    enum { TILE_LEVEL = 10 }; /* 2^10 = ROSTER_TILE */
    const struct roster *r = ctx;
    unsigned depth = level >= TILE_LEVEL ? level - TILE_LEVEL : level;
    uint64_t from = index << depth, to = (index + 1) << depth;
    struct merkle m;

    merkle_init(&m, r->suite);
    for (uint64_t i = from; i < to; i++) {
        unsigned char leaf[HASH_LEN];
        struct str line;

        if (level >= TILE_LEVEL) {
            merkle_add(&m, r->tile[i]);
            continue;
        }
        line = roster_line(r, i);
        merkle_leaf(r->suite, line.p, line.n, leaf);
        merkle_add(&m, leaf);
    }
    merkle_root(&m, out);
    return OK;
}

enum err
roster_prove(const struct roster *r, uint64_t i, struct merkle_proof *out)
{
    struct merkle_source source = {r->suite, node_of_roster, (void *) (uintptr_t) r};

    return merkle_prove_inclusion(&source, i, r->count, out);
}
