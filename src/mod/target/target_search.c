/* mod/target/target_search.c - lists and search: by filter, by name, former name, first letters 拼音首字母, code */
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/json.h"
#include "mod/target/target_int.h"

enum { DOCUMENT_BYTES = 16384, MATCH_BYTES = 2048, SEARCH_PAGE = 4096, FIRST_ROWS = 4096, LETTERS = 3, COUNTY_BYTES = 6 };

/* the index
 * -------------------------------------------------------------------------------------------------------- */

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

static bool
are_letters(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9')))
            return false;
    return true;
}

/* "固始县" → "固始 始县 县": each pair of neighbours, and the last character for searches of one. Letters and figures also in
 * threes, as first letters have them: pairs of letters are in too many names. */
static void
grams_of(struct str name, struct buf *out)
{
    char text[TARGET_NAME_MAX];
    struct str s = folded(name, text, sizeof text);

    for (size_t i = 0, n; i < s.n; i += n) {
        n = character_bytes(s, i);
        if (out->n > 0 && out->p[out->n - 1] != ' ')
            buf_z(out, " ");
        buf_add(out, s.p + i, i + n < s.n ? n + character_bytes(s, i + n) : n);
        if (i + LETTERS <= s.n && are_letters((struct str){s.p + i, LETTERS})) {
            buf_z(out, " ");
            buf_add(out, s.p + i, LETTERS);
        }
    }
}

/* Each run of three letters and of two, and the last: "gsxl" → "gsx sxl gs sx xl l". */
static void
letters_of(struct str initials, struct buf *out)
{
    struct str rest = initials, one;

    for (bool more = initials.n > 0; more;) {
        more = str_split(rest, ' ', &one, &rest);
        for (size_t run = LETTERS; run >= LETTERS - 1; run--)
            for (size_t i = 0; i + run <= one.n; i++) {
                buf_z(out, out->n > 0 ? " " : "");
                buf_add(out, one.p + i, run);
            }
        buf_z(out, out->n > 0 ? " " : "");
        buf_add(out, one.p + one.n - 1, one.n > 0);
    }
}

/* The words under which a target stands in the index. */
static struct str
document_of(const struct target_names *names, char text[static DOCUMENT_BYTES])
{
    struct buf b = buf_over(text, DOCUMENT_BYTES);
    json_t *list = names->former.n == 0 ? NULL : json_loadb(names->former.p, names->former.n, 0, NULL);
    const json_t *one;
    size_t i;

    grams_of(names->name, &b);
    json_array_foreach(list, i, one)
    {
        buf_z(&b, " ");
        grams_of(str_of(json_string_value(one)), &b);
    }
    json_decref(list);
    letters_of(names->initials, &b);
    return buf_view(&b);
}

enum err
target_index_put(struct ctx *c, struct str code, const struct target_names *names)
{
    char text[DOCUMENT_BYTES];

    return target_search_put(c->db, &(struct target_search_put_in){code, document_of(names, text)});
}

static enum err
index_drop(struct ctx *c, struct str code, const struct target_names *names)
{
    char text[DOCUMENT_BYTES];

    return target_search_drop(c->db, &(struct target_search_drop_in){code, document_of(names, text)});
}

static enum err
search_fill_put(struct ctx *c, const struct target_search_pending_row *row)
{
    const struct target_names names = {row->name, row->former_names, row->initials};
    char text[DOCUMENT_BYTES];

    return target_search_fill_put(c->db, &(struct target_search_fill_put_in){row->mark, document_of(&names, text)});
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

enum err
target_index_move(struct ctx *c, struct str code, const struct target_names *was, const struct target_names *is)
{
    struct target_search_pending_one_row row;
    int64_t mark;
    enum err e = search_mark(c, &mark);

    if (e == OK)
        e = target_search_pending_one(c->db, c->arena, &(struct target_search_pending_one_in){code, mark},
                                      &row);
    if (e != OK || row.pending)
        return e;
    e = index_drop(c, code, was);
    return e == OK ? target_index_put(c, code, is) : e;
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
        e = index_drop(c, now->code, &(struct target_names){now->name, now->former_names, now->initials});
    if (e == OK)
        e = target_withdraw_row(c->db, &(struct target_withdraw_row_in) {now->code, now->row_version});
    return e == OK ? target_search_mark_lower(c->db) : e;
}

/* searching
 * -------------------------------------------------------------------------------------------------------- */

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
match_pairs(enum db_engine engine, struct str s, struct buf *out)
{
    size_t first = character_bytes(s, 0);

    for (size_t i = 0, n = first; i + n < s.n; i += n, n = character_bytes(s, i))
        put_term(out, engine, (struct str){s.p + i, n + character_bytes(s, i + n)}, false);
}

/* The pairs of a name; of letters the threes. Two letters are a run, one begins one. */
static void
match_of(enum db_engine engine, struct str s, struct buf *out)
{
    bool letters = are_letters(s);

    if (character_bytes(s, 0) == s.n || (letters && s.n < LETTERS)) {
        put_term(out, engine, s, s.n != LETTERS - 1 || !letters);
        return;
    }
    if (!letters)
        match_pairs(engine, s, out);
    for (size_t i = 0; letters && i + LETTERS <= s.n; i++)
        put_term(out, engine, (struct str){s.p + i, LETTERS}, false);
}

/* The words as the beginning of a code, in capitals: absent when they cannot be one. */
static struct str
as_code(struct str s, char out[static TARGET_WORDS_MAX])
{
    bool figure = false;

    for (size_t i = 0; i < s.n; i++) {
        out[i] = s.p[i] >= 'a' && s.p[i] <= 'z' ? (char) (s.p[i] - 32) : s.p[i];
        figure = figure || (out[i] >= '0' && out[i] <= '9');
        if (!((out[i] >= '0' && out[i] <= '9') || (out[i] >= 'A' && out[i] <= 'Z') || out[i] == '-'))
            return (struct str){NULL, 0};
    }
    return s.n >= 4 && figure ? (struct str){out, s.n} : (struct str){NULL, 0};
}

/* The queries below all give rows that hold one line and nothing else. */
_Static_assert(sizeof(struct target_county_row) == sizeof(struct target_line), "one line a row");
_Static_assert(sizeof(struct target_county_type_row) == sizeof(struct target_line), "one line a row");
_Static_assert(sizeof(struct target_list_row) == sizeof(struct target_line), "one line a row");
_Static_assert(sizeof(struct target_search_row) == sizeof(struct target_line), "one line a row");
_Static_assert(sizeof(struct target_search_any_row) == sizeof(struct target_line), "one line a row");
_Static_assert(sizeof(struct target_search_first_row) == sizeof(struct target_line), "one line a row");
_Static_assert(sizeof(struct target_search_code_row) == sizeof(struct target_line), "one line a row");

/* Targets into which one with such a code was merged. */
static enum err
find_former(struct ctx *c, const struct target_search_code_in *in, struct target_search_code_row **rows, size_t *count)
{
    struct target_search_former_row *found;
    const struct target_search_former_in former = {in->from, in->below, in->where, in->limit};
    enum err e = target_search_former(c->db, c->arena, &former, &found, count);

    if (e == OK && (*rows = arena_array(c->arena, *count + 1, sizeof **rows)) == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < *count; i++)
        (*rows)[i].line = found[i].line;
    return e;
}

/* *begins: some code begins so, whether or not filter and page show it. */
static enum err
find_code(struct ctx *c, struct str words, const struct target_ask *ask, struct target_line **rows, size_t *count,
          bool *begins)
{
    struct target_search_code_row *found;
    char below[TARGET_WORDS_MAX + 1];
    struct target_search_code_in in = {
        words, {below, words.n + 1}, ask->after.n == 0 ? STR("!") : ask->after, ask->where, ask->limit};
    enum err e;

    memcpy(below, words.p, words.n);
    below[words.n] = '~'; /* above every symbol of a code */
    e = target_search_code(c->db, c->arena, &in, &found, count);
    if (e == OK && *count == 0 && ask->after.n == 0) /* a former code */
        e = find_former(c, &in, &found, count);
    *rows = e == OK && *count > 0 ? &found[0].line : NULL;
    *begins = *count > 0 || ask->after.n > 0;
    if (e == OK && !*begins) {
        struct target_page_row *page;
        size_t n;

        e = target_page(c->db, c->arena, &(struct target_page_in){words, 1}, &page, &n);
        *begins = e == OK && n > 0 && str_starts(page[0].code, words);
    }
    return e;
}

/* PostgreSQL first looks where common words are found at once. */
static enum err
find_common(struct ctx *c, struct str words, const struct target_ask *ask, struct target_line **rows, size_t *count)
{
    struct target_search_first_row *found;
    const struct target_search_first_in in = {words, ask->after.n == 0 ? STR("!") : ask->after, FIRST_ROWS, ask->where,
                                              ask->limit};
    enum err e = target_search_first(c->db, c->arena, &in, &found, count);

    *rows = e == OK && *count > 0 ? &found[0].line : NULL;
    return e;
}

/* Any that fit, in no order: for a search that shows one page. */
static enum err
find_any(struct ctx *c, struct str match, struct str words, const struct target_ask *ask, struct target_line **rows,
         size_t *count)
{
    struct target_search_any_row *found;
    enum err e = target_search_any(c->db, c->arena, &(struct target_search_any_in){match, words, ask->where, ask->limit}, &found,
                                   count);

    *rows = e == OK && *count > 0 ? &found[0].line : NULL;
    return e;
}

static enum err
find_name(struct ctx *c, struct str words, const struct target_ask *ask, struct target_line **rows, size_t *count)
{
    struct target_search_row *found;
    char text[TARGET_WORDS_MAX], match[MATCH_BYTES];
    struct buf b = buf_over(match, sizeof match);
    struct str s = folded(words, text, sizeof text);
    enum err e = OK;

    if (s.n == 0)
        return ERR_LENGTH;
    match_of(db_engine_of(c->db), s, &b);
    if (b.overflow)
        return ERR_LENGTH;
    if (db_engine_of(c->db) == DB_POSTGRES)
        e = find_common(c, s, ask, rows, count);
    if (e != OK || *count >= (size_t) ask->limit)
        return e;
    if (ask->any_order)
        return find_any(c, buf_view(&b), s, ask, rows, count);
    e = target_search(c->db, c->arena, &(struct target_search_in){buf_view(&b), s, ask->after, ask->where, ask->limit},
                      &found, count);
    *rows = e == OK && *count > 0 ? &found[0].line : NULL;
    return e;
}

static enum err
find(struct ctx *c, const struct target_ask *ask, struct target_line **rows, size_t *count)
{
    struct str words = str_trim(ask->words), code;
    char capitals[TARGET_WORDS_MAX];
    bool begins = false;
    enum err e = OK;

    if (words.n == 0 || words.n > TARGET_WORDS_MAX)
        return ctx_refuse(c, ERR_LENGTH, "a search text has 1 to %d bytes", TARGET_WORDS_MAX);
    if (!utf8_valid(words))
        return ERR_ENCODING;
    code = as_code(words, capitals);
    if (code.n > 0 && (ask->after.n == 0 || str_starts(ask->after, code)))
        e = find_code(c, code, ask, rows, count, &begins);
    return e != OK || begins ? e : find_name(c, words, ask, rows, count); /* figures may stand in a name */
}

static int
by_code(const void *a, const void *b)
{
    return str_cmp(((const struct target_line *) a)->code, ((const struct target_line *) b)->code);
}

enum err
target_find(struct ctx *c, struct str words, int64_t limit, struct target_line **rows, size_t *count)
{
    enum err e;

    *rows = NULL;
    *count = 0;
    if (limit < 1 || limit > TARGET_SEARCH_MAX)
        return ERR_RANGE;
    e = find(c, &(struct target_ask){.words = words, .limit = limit, .any_order = true}, rows, count);
    if (e == OK && *count > 1)
        qsort(*rows, *count, sizeof **rows, by_code);
    return e;
}

/* lists within the row scope
 * -------------------------------------------------------------------------------------------------------- */

static const struct target_where EVERYTHING = {.kinds = {NULL, 0}};

static struct target_where
within(const struct ctx *c, const struct target_where *asked)
{
    struct target_where w = *asked;

    w.own_department = c->department;
    w.own_region = c->region;
    return w;
}

/* A list with a single line. */
static bool
is_one(struct str lines)
{
    return lines.n > 0 && memchr(lines.p, '\n', lines.n) == NULL;
}

/* The county in which everything lies that a filter lets pass; absent when it is not one. */
static struct str
county_of(const struct target_where *w)
{
    struct str r = is_one(w->regions) ? w->regions : w->own_region;

    return r.n < COUNTY_BYTES ? (struct str){NULL, 0} : (struct str){r.p, COUNTY_BYTES};
}

/* By the index of the counties: what lies elsewhere is not looked at. */
static enum err
county_rows(struct ctx *c, struct str county, const struct target_ask *ask, struct target_line **rows, size_t *count)
{
    struct target_county_row *found;
    const struct target_county_in in = {county, ask->after.n == 0 ? STR("!") : ask->after, ask->where, ask->limit};
    enum err e = target_county(c->db, c->arena, &in, &found, count);

    *rows = e == OK && *count > 0 ? &found[0].line : NULL;
    return e;
}

/* One type of one county. */
static enum err
county_type_rows(struct ctx *c, struct str county, const struct target_ask *ask, struct target_line **rows, size_t *count)
{
    struct target_county_type_row *found;
    const struct target_county_type_in in = {county, ask->where.entity_types, ask->after.n == 0 ? STR("!") : ask->after,
                                             ask->where, ask->limit};
    enum err e = target_county_type(c->db, c->arena, &in, &found, count);

    *rows = e == OK && *count > 0 ? &found[0].line : NULL;
    return e;
}

enum err
target_rows(struct ctx *c, const struct target_ask *say, struct target_line **rows, size_t *count)
{
    struct target_ask ask = *say;
    struct target_list_row *found;
    struct str county;
    enum err e;

    *rows = NULL;
    *count = 0;
    ask.where = within(c, &say->where);
    if (ask.words.n > 0)
        return find(c, &ask, rows, count);
    county = county_of(&ask.where);
    if (county.n > 0 && is_one(ask.where.entity_types))
        return county_type_rows(c, county, &ask, rows, count);
    if (county.n > 0)
        return county_rows(c, county, &ask, rows, count);
    e = target_list(c->db, c->arena,
                    &(struct target_list_in){ask.after.n == 0 ? STR("!") : ask.after, ask.where, ask.limit}, &found, count);
    *rows = e == OK && *count > 0 ? &found[0].line : NULL;
    return e;
}

enum err
target_how_many(struct ctx *c, const struct target_where *where, int64_t *count)
{
    const struct target_where w = within(c, where);
    const struct str county = county_of(&w);
    struct target_count_row all = {0};
    struct target_county_count_row some = {0};
    enum err e = county.n > 0 ? target_county_count(c->db, c->arena, &(struct target_county_count_in){county, w}, &some)
                              : target_count(c->db, c->arena, &(struct target_count_in){w}, &all);

    *count = e == OK ? all.count + some.count : 0;
    return e;
}

enum err
target_mark(struct ctx *c, struct target_mark_codes *out)
{
    struct target_marks_row *rows;
    size_t count;
    struct target_count_row all;
    enum err e = target_count(c->db, c->arena, &(struct target_count_in){EVERYTHING}, &all);

    *out = (struct target_mark_codes){.count = 0};
    if (e != OK || all.count <= TARGET_EXACT)
        return e;
    out->targets = all.count;
    e = target_marks(c->db, c->arena, &(struct target_marks_in){all.count / TARGET_MARKS + 1}, &rows, &count);
    for (size_t i = 0; e == OK && i < count && i < TARGET_MARKS; i++)
        if (rows[i].code.n < TARGET_MARK_BYTES) {
            memcpy(out->codes[out->count], rows[i].code.p, rows[i].code.n);
            out->codes[out->count++][rows[i].code.n] = '\0';
        }
    return e;
}

enum err
target_about(struct ctx *c, const struct target_where *where, const struct target_mark_codes *marks, int64_t *count)
{
    int64_t looked = 0, passed = 0;
    enum err e = OK;

    *count = 0;
    for (size_t i = 0; e == OK && i < marks->count; i++) {
        struct target_sample_row run;
        size_t mark = arena_mark(c->arena);

        e = target_sample(c->db, c->arena,
                          &(struct target_sample_in){str_of(marks->codes[i]), TARGET_RUN, within(c, where)}, &run);
        looked += e == OK ? run.looked : 0;
        passed += e == OK && run.passed.set ? run.passed.v : 0;
        arena_rewind(c->arena, mark);
    }
    if (e == OK && looked > 0 && passed * marks->targets / looked > TARGET_EXACT + TARGET_EXACT / 5)
        *count = passed * marks->targets / looked;
    return e;
}

enum err
target_check(struct ctx *c, int64_t stale_us, struct target_health_row *out)
{
    return target_health(
        c->db, c->arena,
        &(struct target_health_in){.where = within(c, &EVERYTHING), day_of_us(c->now_us), stale_us}, out);
}

enum err
target_namesakes(struct ctx *c, struct str after, int64_t limit, struct target_same_name_row **rows, size_t *count)
{
    return target_same_name(c->db, c->arena,
                            &(struct target_same_name_in){within(c, &EVERYTHING),
                                                          after.n == 0 ? STR("!") : after, limit},
                            rows, count);
}
