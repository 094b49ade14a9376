/* mod/import/cells.c - one cell, parsed strictly: what cannot be understood is rejected with its reason */
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/import/importer.h"
#include "mod/json.h"
#include "mod/words.h"

static const struct str NONE;

/* As it stands in the file. */
static struct str
raw_cell(const struct importer *im, size_t column)
{
    int at = column < im->column_count ? im->at[column] : -1;

    return at < 0 || (size_t) at >= im->row.count ? NONE : im->row.cells[at];
}

/* Also in brackets of full width, and with blanks around. */
static bool
is_mark(struct str cell)
{
    struct str s = cell.n > 32 ? NONE : str_trim(cell);

    return str_eq(s, STR(IMPORT_EMPTY_MARK)) || str_eq(s, STR("（空）"));
}

bool
import_is_emptied(const struct importer *im, size_t column)
{
    return is_mark(raw_cell(im, column));
}

struct str
import_cell(const struct importer *im, size_t column)
{
    struct str s = raw_cell(im, column);

    return is_mark(s) ? NONE : s;
}

void
import_emptied(struct importer *im, const struct import_empties *may, size_t count, void *say)
{
    for (size_t column = 0; column < im->column_count; column++) {
        size_t i = 0;

        if (!import_is_emptied(im, column))
            continue;
        while (i < count && may[i].column != column)
            i++;
        if (i == count)
            import_bad(im, column, ERR_INPUT, im->o->chinese ? STR("此项不能清空") : STR("it cannot be emptied"));
        else if (may[i].day)
            *(struct opt_i64 *) ((char *) say + may[i].at) = EMPTIED_I64;
        else
            *(struct str *) ((char *) say + may[i].at) = EMPTIED;
    }
}

/* Text that may be stored and shown: no control characters, and nothing that a spreadsheet would run. */
static enum err
check_text(struct str s, size_t max_bytes)
{
    if (s.n > max_bytes)
        return ERR_LENGTH;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char) s.p[i] < 0x20 || s.p[i] == 0x7F)
            return ERR_CHARSET;
    return s.n > 0 && (s.p[0] == '=' || s.p[0] == '@') ? ERR_FORMULA : OK;
}

/* An apostrophe before = + - @ is what our own export put there to keep spreadsheets from running the cell. */
static bool
guarded(struct str s)
{
    return s.n > 1 && s.p[0] == '\'' && memchr("=+-@", s.p[1], 4) != NULL;
}

struct str
import_text(struct importer *im, size_t column, size_t max_bytes)
{
    struct str s = str_trim(import_cell(im, column));
    enum err e = check_text(s, max_bytes);

    if (guarded(s))
        s = (struct str){s.p + 1, s.n - 1};

    if (s.n == 0 && im->columns[column].required)
        e = ERR_LENGTH;
    if (e == OK)
        return s.n == 0 ? NONE : s;
    import_bad(im, column, e, NONE);
    return NONE;
}

/* Digits from *s, at most max of them. */
static bool
take_number(struct str *s, size_t max, int *out)
{
    size_t n = 0;

    *out = 0;
    for (; n < s->n && n < max && s->p[n] >= '0' && s->p[n] <= '9'; n++)
        *out = *out * 10 + (s->p[n] - '0');
    s->p += n;
    s->n -= n;
    return n > 0;
}

static bool
take(struct str *s, const char *a, const char *b)
{
    struct str x = str_of(a), y = str_of(b);

    if (str_starts(*s, x))
        *s = (struct str){s->p + x.n, s->n - x.n};
    else if (str_starts(*s, y))
        *s = (struct str){s->p + y.n, s->n - y.n};
    else
        return false;
    return true;
}

/* 2019-04-30, 2019/4/30, 2019.4.30, 2019年4月30日, 20190430; a time of day may follow after a blank. */
static enum err
parse_day(struct str s, int64_t *out)
{
    int year, month, day;

    if (!take_number(&s, 4, &year) || year < 1000)
        return ERR_SYNTAX;
    if (s.n == 4 && take_number(&s, 2, &month) && take_number(&s, 2, &day) && s.n == 0)
        return day_from_civil(year, month, day, out);
    if (take(&s, "年", "年")) {
        if (!take_number(&s, 2, &month) || !take(&s, "月", "月") || !take_number(&s, 2, &day) ||
            !take(&s, "日", "日"))
            return ERR_SYNTAX;
    } else {
        const char separator[2] = {s.n > 0 ? s.p[0] : ' ', 0};

        if (strchr("-/.", separator[0]) == NULL || !take(&s, separator, separator) ||
            !take_number(&s, 2, &month) || !take(&s, separator, separator) || !take_number(&s, 2, &day))
            return ERR_SYNTAX;
    }
    return s.n > 0 && s.p[0] != ' ' && s.p[0] != 'T' ? ERR_SYNTAX : day_from_civil(year, month, day, out);
}

struct opt_i64
import_day(struct importer *im, size_t column)
{
    struct str s = str_trim(import_cell(im, column));
    struct opt_i64 day = {0};
    enum err e;

    if (s.n == 0)
        return day;
    e = parse_day(s, &day.v);
    day.set = e == OK;
    if (e != OK)
        import_bad(im, column, ERR_DATE, e == ERR_SYNTAX ? STR("2019-04-30") : NONE);
    return day;
}

struct opt_i64
import_number(struct importer *im, size_t column, int64_t max)
{
    struct str s = str_trim(import_cell(im, column));
    uint64_t v = 0;
    enum err e = s.n == 0 ? OK : str_u64(s, (uint64_t) max, &v);

    if (e != OK)
        import_bad(im, column, e, NONE);
    return (struct opt_i64){s.n > 0 && e == OK, (int64_t) v};
}

struct opt_i64
import_yes(struct importer *im, size_t column)
{
    static const char *const YES[] = {"是", "1", "yes", "true", "TRUE", "√"}, *const NO[] = {"否", "0", "no",
                                                                                             "false",
                                                                                             "FALSE"};
    struct str s = str_trim(import_cell(im, column));

    for (size_t i = 0; i < sizeof YES / sizeof *YES; i++)
        if (str_eq(s, str_of(YES[i])))
            return (struct opt_i64){true, 1};
    for (size_t i = 0; i < sizeof NO / sizeof *NO; i++)
        if (str_eq(s, str_of(NO[i])))
            return (struct opt_i64){true, 0};
    if (s.n > 0)
        import_bad(im, column, ERR_INPUT, STR("是 / 否"));
    return (struct opt_i64){0};
}

/* "3%", "0.5 %", "100％" in 1/10000, at most two decimals. */
struct opt_i64
import_percent(struct importer *im, size_t column)
{
    struct str s = str_trim(import_cell(im, column)), whole, decimals;
    uint64_t a = 0, b = 0;
    bool ok;

    if (s.n == 0)
        return (struct opt_i64){0};
    ok = (s.n > 1 && s.p[s.n - 1] == '%') || (s.n > 3 && memcmp(s.p + s.n - 3, "％", 3) == 0);
    if (ok) {
        s = str_trim((struct str){s.p, s.n - (s.p[s.n - 1] == '%' ? 1 : 3)});
        ok = !str_split(s, '.', &whole, &decimals) || (decimals.n >= 1 && decimals.n <= 2);
    }
    for (size_t i = 0; ok && i < 2; i++) {
        char c = i < decimals.n ? decimals.p[i] : '0';

        ok = c >= '0' && c <= '9';
        b = b * 10 + (uint64_t) (c - '0');
    }
    if (ok && str_u64(whole, 100, &a) == OK && a * 100 + b <= 10000)
        return (struct opt_i64){true, (int64_t) (a * 100 + b)};
    import_bad(im, column, ERR_SYNTAX, STR("3%"));
    return (struct opt_i64){0};
}

struct str
import_word(struct importer *im, size_t column, struct str (*id_of)(struct str words))
{
    struct str s = str_trim(import_cell(im, column)), id = s.n == 0 ? NONE : id_of(s);

    if (s.n > 0 && id.n == 0)
        import_bad(im, column, ERR_INPUT, im->o->chinese ? STR("不认识这个词") : STR("unknown word"));
    return id;
}

/* dictionaries
 * -------------------------------------------------------------------------------------------------- */

static const struct dict_entry *
region_by_name(struct importer *im, struct str name, bool *ambiguous)
{
    struct region_memo *m;

    for (size_t i = 0; i < IMPORT_MEMO; i++)
        if (im->memo[i].name_n == name.n && memcmp(im->memo[i].name, name.p, name.n) == 0) {
            *ambiguous = im->memo[i].ambiguous;
            return im->memo[i].entry;
        }
    m = &im->memo[im->memo_next++ % IMPORT_MEMO];
    m->entry = dict_find_name(&im->regions, name, ambiguous);
    m->ambiguous = *ambiguous;
    m->name_n = name.n <= sizeof m->name ? name.n : 0;
    memcpy(m->name, name.p, m->name_n);
    return m->entry;
}

struct str
import_region(struct importer *im, size_t column)
{
    struct str s = str_trim(import_cell(im, column));
    bool ambiguous = false;
    const struct dict_entry *entry;

    if (s.n == 0)
        return NONE;
    entry = s.p[0] >= '0' && s.p[0] <= '9' ? dict_find(&im->regions, s) : region_by_name(im, s, &ambiguous);
    if (entry == NULL) {
        struct str several =
            im->o->chinese ? STR("同名的不止一个,请填代码") : STR("several have this name, give the code");

        import_bad(im, column, ERR_REGION, ambiguous ? several : NONE);
        return NONE;
    }
    return entry->code;
}

struct str
import_department_id(struct importer *im, struct str words)
{
    for (size_t i = 0; i < im->department_count; i++)
        if (str_eq(im->departments[i].code, words) || str_eq(im->departments[i].name, words))
            return im->departments[i].code;
    return NONE;
}

struct str
import_department(struct importer *im, size_t column)
{
    struct str s = str_trim(import_cell(im, column)), id = s.n == 0 ? NONE : import_department_id(im, s);

    if (id.n == 0)
        id = im->o->department; /* the one who imports said so */
    if (id.n == 0)
        import_bad(im, column, s.n == 0 ? ERR_LENGTH : ERR_NOT_FOUND,
                   im->o->chinese ? STR("部门未登记,可用 --department 指定")
                                  : STR("no such department, name one with --department"));
    return id;
}

/* lists
 * ---------------------------------------------------------------------------------------------------------
 */

static size_t
separator_bytes(struct str s, size_t i, bool sentences)
{
    static const struct str WIDE[] = {{"；", 3}, {"、", 3}, {"，", 3}};

    if (memchr(";\n\r,|", s.p[i], sentences ? 3 : 5) != NULL)
        return 1;
    for (size_t k = 0; k < (sentences ? 1 : sizeof WIDE / sizeof *WIDE); k++)
        if (str_starts((struct str){s.p + i, s.n - i}, WIDE[k]))
            return 3;
    return 0;
}

static size_t
cut(struct importer *im, size_t column, size_t max_bytes, bool sentences, struct str parts[static IMPORT_LIST_MAX])
{
    struct str s = import_cell(im, column);
    size_t count = 0, start = 0;

    for (size_t i = 0; i <= s.n;) {
        size_t n = i < s.n ? separator_bytes(s, i, sentences) : 1;
        struct str part;

        if (n == 0) {
            i++;
            continue;
        }
        part = str_trim((struct str){s.p + start, i - start});
        i += n;
        start = i;
        if (part.n == 0)
            continue;
        if (count == IMPORT_LIST_MAX || check_text(part, max_bytes) != OK) {
            import_bad(im, column, count == IMPORT_LIST_MAX ? ERR_TOO_LARGE : check_text(part, max_bytes),
                       part);
            return 0;
        }
        parts[count++] = part;
    }
    return count;
}

size_t
import_list(struct importer *im, size_t column, size_t max_bytes, struct str parts[static IMPORT_LIST_MAX])
{
    return cut(im, column, max_bytes, false, parts);
}

size_t
import_sentences(struct importer *im, size_t column, size_t max_bytes, struct str parts[static IMPORT_LIST_MAX])
{
    return cut(im, column, max_bytes, true, parts);
}

static int
by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *) a, *(const struct str *) b);
}

void
import_sort(struct str *parts, size_t *count)
{
    size_t kept = 0;

    qsort(parts, *count, sizeof *parts, by_bytes);
    for (size_t i = 0; i < *count; i++)
        if (kept == 0 || !str_eq(parts[kept - 1], parts[i]))
            parts[kept++] = parts[i];
    *count = kept;
}

struct str
import_lines(struct importer *im, const struct str *parts, size_t count)
{
    size_t n = 0;
    struct buf b;

    for (size_t i = 0; i < count; i++)
        n += parts[i].n + 1;
    b = buf_over(arena_alloc(&im->scratch, n + 1), n + 1);
    if (count > 0 && b.p == NULL)
        im->rejects_error = ERR_MEMORY;
    if (count == 0 || b.p == NULL)
        return NONE;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add(&b, "\n", 1);
        buf_str(&b, parts[i]);
    }
    return buf_view(&b);
}

struct str
import_json(struct importer *im, const struct str *parts, size_t count)
{
    size_t n = 8;
    struct buf b;

    for (size_t i = 0; i < count; i++)
        n += 6 * parts[i].n + 3;
    b = buf_over(arena_alloc(&im->scratch, n), n);
    if (count > 0 && b.p == NULL)
        im->rejects_error = ERR_MEMORY;
    if (count == 0 || b.p == NULL)
        return NONE;
    buf_z(&b, "[");
    for (size_t i = 0; i < count; i++) {
        buf_z(&b, i > 0 ? "," : "");
        json_put_text(&b, parts[i]);
    }
    buf_z(&b, "]");
    return buf_view(&b);
}
