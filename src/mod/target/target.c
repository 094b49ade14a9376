/* mod/target/target.c */
#include "mod/target/target.h"

#include <stdlib.h>
#include <string.h>

#include "mod/json.h"
#include "mod/words.h"

/* words
 * ---------------------------------------------------------------------------------------------------------
 */

struct str
target_entity_type(struct str words)
{
    static const struct word TABLE[] = {
        WORD("企业", "enterprise"),
        WORD("公司", "enterprise"),
        WORD("有限责任公司", "enterprise"),
        WORD("股份有限公司", "enterprise"),
        WORD("个体工商户", "individual"),
        WORD("个体", "individual"),
        WORD("农民专业合作社", "cooperative"),
        WORD("合作社", "cooperative"),
        WORD("外国企业常驻代表机构", "representative"),
        WORD("代表机构", "representative"),
        WORD("其他", "other"),
        WORD("其它", "other"),
    };

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
}

struct str
target_status(struct str words)
{
    static const struct word TABLE[] = {
        WORD("存续", "active"),
        WORD("在业", "active"),
        WORD("开业", "active"),
        WORD("正常", "active"),
        WORD("在营", "active"),
        WORD("存续(在营、开业、在册)", "active"),
        WORD("存续（在营、开业、在册）", "active"),
        WORD("注销", "cancelled"),
        WORD("已注销", "cancelled"),
        WORD("吊销", "revoked"),
        WORD("已吊销", "revoked"),
        WORD("被吊销", "revoked"),
        WORD("撤销", "rescinded"),
        WORD("被撤销", "rescinded"),
        WORD("已撤销", "rescinded"),
        WORD("迁出", "moved"),
        WORD("已迁出", "moved"),
    };

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
}

struct str
target_kind(struct str words)
{
    static const struct word TABLE[] = {
        WORD("主体", "entity"),  WORD("市场主体", "entity"), WORD("产品", "product"),
        WORD("项目", "project"), WORD("行为", "behaviour"),
    };

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
}

/* search
 * -------------------------------------------------------------------------------------------------------- */

enum { GRAMS_BYTES = 3 * TARGET_NAME_MAX, MATCH_BYTES = 1024, SEARCH_PAGE = 4096, FIRST_ROWS = 4096 };

static size_t
character_bytes(struct str s, size_t at)
{
    unsigned char c = (unsigned char) s.p[at];
    size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;

    return at + n <= s.n ? n : s.n - at;
}

/* The name in lower case (ASCII) without blanks, which separate the pairs. */
static struct str
folded(struct str name, char *out, size_t size_bytes)
{
    size_t n = 0;

    for (size_t i = 0; i < name.n && n < size_bytes; i++)
        if ((unsigned char) name.p[i] > ' ')
            out[n++] = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char) (name.p[i] + 32) : name.p[i];
    return (struct str){out, n};
}

/* "固始县" → "固始 始县 县": each pair of neighbours, and the last character for searches of one. */
static void
grams_of(struct str name, struct buf *out)
{
    char text[TARGET_NAME_MAX];
    struct str s = folded(name, text, sizeof text);

    for (size_t i = 0, n; i < s.n; i += n) {
        n = character_bytes(s, i);
        if (i > 0)
            buf_add(out, " ", 1);
        buf_add(out, s.p + i, i + n < s.n ? n + character_bytes(s, i + n) : n);
    }
}

static enum err
search_put(struct ctx *c, struct str code, struct str name)
{
    char text[GRAMS_BYTES];
    struct buf grams = buf_over(text, sizeof text);

    grams_of(name, &grams);
    return target_search_put(c->db, &(struct target_search_put_in){code, buf_view(&grams)});
}

static enum err
search_drop(struct ctx *c, struct str code, struct str name)
{
    char text[GRAMS_BYTES];
    struct buf grams = buf_over(text, sizeof text);

    grams_of(name, &grams);
    return target_search_drop(c->db, &(struct target_search_drop_in){code, buf_view(&grams)});
}

static enum err
search_fill_put(struct ctx *c, const struct target_search_pending_row *row)
{
    char text[GRAMS_BYTES];
    struct buf grams = buf_over(text, sizeof text);

    grams_of(row->name, &grams);
    return target_search_fill_put(c->db, &(struct target_search_fill_put_in){row->mark, buf_view(&grams)});
}

static enum err
search_mark(struct ctx *c, int64_t *mark)
{
    struct target_search_mark_get_row row;
    enum err e = target_search_mark_get(c->db, c->arena, &row);

    *mark = e == OK ? row.mark : 0;
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err
search_fill(struct ctx *c, int64_t limit, int64_t *done_count)
{
    struct target_search_pending_row *rows = NULL;
    size_t count = 0;
    int64_t mark = 0;
    enum err e = search_mark(c, &mark);

    if (e == OK)
        e = target_search_pending(c->db, c->arena, &(struct target_search_pending_in){mark, limit}, &rows,
                                  &count);
    for (size_t i = 0; i < count && e == OK; i++)
        e = search_fill_put(c, &rows[i]);
    if (e == OK && count > 0)
        e = target_search_mark_put(c->db, &(struct target_search_mark_put_in){rows[count - 1].mark});
    *done_count = (int64_t) count;
    return e;
}

/* Pages of one transaction: the index gathers all of it in memory before it writes. */
static enum err
search_fill_pages(struct ctx *c, int64_t limit, int64_t *done_count)
{
    int64_t page = SEARCH_PAGE;
    enum err e = OK;

    while (e == OK && page == SEARCH_PAGE && *done_count < limit) {
        size_t mark = arena_mark(c->arena);

        e = search_fill(c, SEARCH_PAGE, &page);
        *done_count += page;
        arena_rewind(c->arena, mark);
    }
    return e;
}

enum err
target_search_fill(struct ctx *c, int64_t limit, int64_t *done_count)
{
    enum err e = db_begin(c->db);

    *done_count = 0;
    return e == OK ? db_end(c->db, search_fill_pages(c, limit, done_count)) : e;
}

/* One term of the engine's query language, quoted: "固始" for SQLite, '固始' for PostgreSQL. */
static void
put_term(struct buf *b, enum db_engine engine, struct str term, bool prefix)
{
    char quote = engine == DB_SQLITE ? '"' : '\'';

    if (b->n > 0)
        buf_z(b, engine == DB_SQLITE ? " AND " : " & ");
    buf_add(b, &quote, 1);
    for (size_t i = 0; i < term.n; i++) {
        if (term.p[i] == quote || (term.p[i] == '\\' && engine == DB_POSTGRES))
            buf_add(b, &term.p[i], 1);
        buf_add(b, &term.p[i], 1);
    }
    buf_add(b, &quote, 1);
    if (prefix)
        buf_z(b, engine == DB_SQLITE ? " *" : ":*");
}

static void
match_of(enum db_engine engine, struct str s, struct buf *out)
{
    size_t first = character_bytes(s, 0);

    if (first == s.n)
        put_term(out, engine, s, true);
    for (size_t i = 0, n = first; i + n < s.n; i += n, n = character_bytes(s, i))
        put_term(out, engine, (struct str){s.p + i, n + character_bytes(s, i + n)}, false);
}

static bool
looks_like_code(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '-'))
            return false;
    return s.n >= 4;
}

static int
by_code(const void *a, const void *b)
{
    return str_cmp(((const struct target_search_row *) a)->code,
                   ((const struct target_search_row *) b)->code);
}

static enum err
find_code(struct ctx *c, struct str words, int64_t limit, struct target_search_row **rows, size_t *count)
{
    struct target_code_search_row *found = NULL;
    char below[TARGET_WORDS_MAX + 1];
    enum err e;

    memcpy(below, words.p, words.n);
    below[words.n] = '~'; /* above every symbol of a code */
    e = target_code_search(
        c->db, c->arena, &(struct target_code_search_in){words, {below, words.n + 1}, limit}, &found, count);
    if (e == OK && (*rows = arena_array(c->arena, *count + 1, sizeof **rows)) == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; i < *count && e == OK; i++)
        (*rows)[i] = (struct target_search_row){found[i].code, found[i].name, found[i].region,
                                                found[i].status, found[i].address};
    return e;
}

/* PostgreSQL first looks where common words are found at once; rows of both queries are alike. */
static enum err
find_common(struct ctx *c, struct str words, int64_t limit, struct target_search_row **rows, size_t *count)
{
    struct target_search_first_row *found;
    enum err e = target_search_first(c->db, c->arena, &(struct target_search_first_in){words, FIRST_ROWS, limit},
                                     &found, count);

    if (e == OK && (*rows = arena_array(c->arena, *count + 1, sizeof **rows)) == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; i < *count && e == OK; i++)
        (*rows)[i] = (struct target_search_row){found[i].code, found[i].name, found[i].region,
                                                found[i].status, found[i].address};
    return e;
}

static enum err
find_name(struct ctx *c, struct str match, struct str words, int64_t limit, struct target_search_row **rows,
          size_t *count)
{
    enum err e = OK;

    if (db_engine_of(c->db) == DB_POSTGRES)
        e = find_common(c, words, limit, rows, count);
    if (e == OK && *count < (size_t) limit)
        e = target_search(c->db, c->arena, &(struct target_search_in){match, words, limit}, rows, count);
    if (e == OK && *count > 1)
        qsort(*rows, *count, sizeof **rows, by_code);
    return e;
}

enum err
target_find(struct ctx *c, struct str words, int64_t limit, struct target_search_row **rows, size_t *count)
{
    char text[TARGET_WORDS_MAX], match[MATCH_BYTES];
    struct buf b = buf_over(match, sizeof match);
    struct str s;
    enum err e;

    *rows = NULL;
    *count = 0;
    if (limit < 1 || limit > TARGET_SEARCH_MAX)
        return ERR_RANGE;
    words = str_trim(words);
    if (words.n == 0 || words.n > TARGET_WORDS_MAX)
        return ctx_refuse(c, ERR_LENGTH, "a search text has 1 to %d bytes", TARGET_WORDS_MAX);
    if (!utf8_valid(words))
        return ERR_ENCODING;
    if (looks_like_code(words)) {
        e = find_code(c, words, limit, rows, count);
        if (e != OK || *count > 0)
            return e; /* otherwise the figures may stand in a name */
    }
    s = folded(words, text, sizeof text);
    if (s.n == 0)
        return ERR_LENGTH;
    match_of(db_engine_of(c->db), s, &b);
    if (b.overflow)
        return ERR_LENGTH;
    return find_name(c, buf_view(&b), s, limit, rows, count);
}

/* changes
 * ------------------------------------------------------------------------------------------------------- */

enum err
target_add(struct ctx *c, const struct target_insert_in *t)
{
    enum err e = target_insert(c->db, t);

    if (e == OK && db_engine_of(c->db) == DB_POSTGRES) /* SQLite: target_search_fill, after the transaction */
        e = search_put(c, t->code, t->name);
    return e;
}

/* ["旧名"] and a further one: JSON array of the names it had before. */
static enum err
former_names(struct arena *a, const struct target_page_row *old, struct str *out)
{
    size_t size = old->former_names.n + 6 * old->name.n + 8;
    char *p = arena_alloc(a, size);
    struct buf b = buf_over(p, size);

    if (p == NULL)
        return ERR_MEMORY;
    if (old->former_names.n > 2) {
        buf_add(&b, old->former_names.p, old->former_names.n - 1);
        buf_z(&b, ",");
    } else {
        buf_z(&b, "[");
    }
    json_put_text(&b, old->name);
    buf_z(&b, "]");
    *out = buf_view(&b);
    return b.overflow ? ERR_INTERNAL : OK;
}

enum err
target_merge(struct arena *a, const struct target_page_row *old, const struct target_insert_in *say,
             struct target_update_in *to, bool *changed)
{
    bool other = false, renamed = false, region_known = old->region.n > 0 && old->region_derived == 0;
    struct str region =
        say->region_derived && region_known ? old->region : newer(say->region, old->region, &other);

    *to = (struct target_update_in){
        .code = old->code,
        .row_version = old->row_version,
        .kind = newer(say->kind, old->kind, &other),
        .entity_type = newer(say->entity_type, old->entity_type, &other),
        .name = newer(say->name, old->name, &renamed),
        .former_names = newer(say->former_names, old->former_names, &other),
        .legal_rep = newer(say->legal_rep, old->legal_rep, &other),
        .address = newer(say->address, old->address, &other),
        .business_address = newer(say->business_address, old->business_address, &other),
        .contact = newer(say->contact, old->contact, &other),
        .industry = newer(say->industry, old->industry, &other),
        .region = region,
        .region_derived = say->region.n == 0 || (say->region_derived && region_known) ? old->region_derived
                                                                                      : say->region_derived,
        .authority = newer(say->authority, old->authority, &other),
        .station = newer(say->station, old->station, &other),
        .capital = newer(say->capital, old->capital, &other),
        .status = newer(say->status, old->status, &other),
        .established_day = newer_i64(say->established_day, old->established_day, &other),
        .risk_class = newer(say->risk_class, old->risk_class, &other),
        .risk_as_of_day = newer_i64(say->risk_as_of_day, old->risk_as_of_day, &other),
        .licences = newer(say->licences, old->licences, &other),
        .departments = newer(say->departments, old->departments, &other),
        .tags = newer(say->tags, old->tags, &other),
        .source = say->source,
        .updated_us = say->updated_us,
    };
    *changed = other || renamed || to->region_derived != old->region_derived;
    return renamed && say->former_names.n == 0 ? former_names(a, old, &to->former_names) : OK;
}

/* The index of SQLite may not hold the target yet; then target_search_fill will bring its new name. */
static enum err
rename_in_search(struct ctx *c, struct str code, struct str from, struct str to)
{
    struct target_search_pending_one_row row;
    int64_t mark;
    enum err e = search_mark(c, &mark);

    if (e == OK)
        e = target_search_pending_one(c->db, c->arena, &(struct target_search_pending_one_in){code, mark},
                                      &row);
    if (e != OK || row.pending)
        return e;
    e = search_drop(c, code, from);
    return e == OK ? search_put(c, code, to) : e;
}

enum err
target_change(struct ctx *c, const struct target_page_row *old, const struct target_update_in *to)
{
    enum err e = target_update(c->db, to);

    return e == OK && !str_eq(old->name, to->name) ? rename_in_search(c, to->code, old->name, to->name) : e;
}

enum err
target_withdraw(struct ctx *c, const struct target_page_row *now)
{
    struct target_search_pending_one_row row;
    int64_t mark;
    enum err e = search_mark(c, &mark);

    if (e == OK)
        e = target_search_pending_one(c->db, c->arena, &(struct target_search_pending_one_in) {now->code, mark}, &row);
    if (e == OK && !row.pending)
        e = search_drop(c, now->code, now->name);
    if (e == OK)
        e = target_withdraw_row(c->db, &(struct target_withdraw_row_in) {now->code, now->row_version});
    return e == OK ? target_search_mark_lower(c->db) : e;
}
