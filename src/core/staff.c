/* core/staff.c - reading and writing staff.tsv, forbidden.tsv, rules.txt, staff.txt (spec 5.1 to 5.4) */
#include "core/staff.h"

#include <string.h>

#include "core/calendar.h"
#include "core/merkle.h"

enum { TOKEN_MAX = 32, REGION_MAX = 12, ID_MAX = 54, SALT_HEX = 32 };

const char *
staff_file_name(enum staff_file f)
{
    static const char *const names[] = {"staff.tsv", "forbidden.tsv", "rules.txt", "staff.txt"};

    return names[f];
}

const char *
staff_reason_name(enum staff_reason r)
{
    static const char *const names[] = {"expired", "leave", "range", "recusal", "last"};

    return names[r];
}

/* --- tokens --- */

static bool
alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* [A-Za-z0-9][A-Za-z0-9._-]{0,31}: pseudonyms, skills, items, strata */
static bool
is_token(struct str s)
{
    if (s.n == 0 || s.n > TOKEN_MAX || !alnum(s.p[0]))
        return false;
    for (size_t k = 1; k < s.n; k++)
        if (!alnum(s.p[k]) && s.p[k] != '.' && s.p[k] != '_' && s.p[k] != '-')
            return false;
    return true;
}

static bool
is_region(struct str s)
{
    if (s.n == 0 || s.n > REGION_MAX)
        return false;
    for (size_t k = 0; k < s.n; k++)
        if (s.p[k] < '0' || s.p[k] > '9')
            return false;
    return true;
}

static bool
is_id(struct str s)
{
    if (s.n == 0 || s.n > ID_MAX)
        return false;
    for (size_t k = 0; k < s.n; k++)
        if (s.p[k] < 0x21 || s.p[k] > 0x7E)
            return false;
    return true;
}

static bool
is_salt(struct str s)
{
    unsigned char bytes[SALT_HEX / 2];

    return str_eq(s, STR("-")) || hex_decode(s, bytes, sizeof bytes) == OK;
}

/* "-" or elements by ",", strictly ascending bytes. */
static bool
is_list(struct str s, bool (*element)(struct str))
{
    struct str head, before = {0};
    bool more = true;

    if (str_eq(s, STR("-")))
        return true;
    while (more) {
        more = str_split(s, ',', &head, &s);
        if (!element(head) || (before.p != NULL && str_cmp(before, head) >= 0))
            return false;
        before = head;
    }
    return true;
}

static bool
is_list_or_all(struct str s, bool (*element)(struct str))
{
    return str_eq(s, STR("*")) || is_list(s, element);
}

/* Years from 1900: older dates are slips of the pen. */
static bool
is_date(struct str s, int64_t *day)
{
    return day_parse(s, day) == OK && civil_from_day(*day).year >= 1900;
}

/* "-" or first/last,first/last: each period after the one before. */
static bool
is_leave(struct str s)
{
    struct str head, from, to;
    int64_t first, last, before = INT64_MIN;
    bool more = true;

    if (str_eq(s, STR("-")))
        return true;
    while (more) {
        more = str_split(s, ',', &head, &s);
        if (!str_split(head, '/', &from, &to) || !is_date(from, &first) || !is_date(to, &last) ||
            first > last || first <= before)
            return false;
        before = last;
    }
    return true;
}

/* --- lines --- */

struct lines {
    struct str rest;
    struct staff_fault *fault; /* file set; line counts up */
};

static enum err
refuse(struct lines *l, enum err e, const char *what)
{
    l->fault->what = what;
    return e;
}

/* The next line without LF. ERR_NOT_FOUND at the end of the text. */
static enum err
next_line(struct lines *l, struct str *line)
{
    if (l->rest.n == 0)
        return ERR_NOT_FOUND;
    l->fault->line++;
    if (!str_split(l->rest, '\n', line, &l->rest))
        return refuse(l, ERR_SYNTAX, "the last line has no line feed");
    return line->n <= STAFF_LINE_BYTES ? OK : refuse(l, ERR_LENGTH, "a line is too long");
}

/* Cut a line into exactly n fields. */
static bool
fields(struct str line, char sep, struct str *field, size_t n)
{
    for (size_t k = 0; k + 1 < n; k++)
        if (!str_split(line, sep, &field[k], &line))
            return false;
    field[n - 1] = line;
    for (size_t k = 0; k < line.n; k++)
        if (line.p[k] == sep)
            return false;
    return true;
}

static bool
number(struct str s, uint64_t max, uint32_t *out)
{
    uint64_t v = 0;
    bool ok = str_u64(s, max, &v) == OK;

    *out = (uint32_t) v;
    return ok;
}

static size_t
count_lines(struct str text)
{
    size_t n = 0;

    for (size_t k = 0; k < text.n; k++)
        n += text.p[k] == '\n';
    return n;
}

/* --- staff.tsv --- */

static enum err
parse_inspector(struct lines *l, struct str line, struct staff_inspector *out)
{
    struct str f[10];
    int64_t day;
    uint32_t lead = 0;

    if (!fields(line, '\t', f, 10))
        return refuse(l, ERR_SYNTAX, "not ten fields");
    *out = (struct staff_inspector){.pseudonym = f[0],
                                    .regions = f[2],
                                    .skills = f[3],
                                    .range = f[4],
                                    .valid_to = f[7],
                                    .leave = f[8],
                                    .salt = f[9]};
    if (!is_token(f[0]))
        return refuse(l, ERR_SYNTAX, "not a pseudonym");
    if (!number(f[1], STAFF_DEPARTMENTS - 1, &out->department))
        return refuse(l, ERR_RANGE, "not a department 0 to 63");
    if (!is_list_or_all(f[2], is_region))
        return refuse(l, ERR_SYNTAX, "not a list of regions");
    if (!is_list(f[3], is_token))
        return refuse(l, ERR_SYNTAX, "not a list of skills");
    if (!is_list_or_all(f[4], is_token))
        return refuse(l, ERR_SYNTAX, "not a list of items");
    if (!number(f[5], STAFF_CAP_MAX, &out->cap))
        return refuse(l, ERR_RANGE, "not a cap 0 to 65535");
    if (!number(f[6], 1, &lead))
        return refuse(l, ERR_SYNTAX, "lead is not 0 or 1");
    if (!str_eq(f[7], STR("-")) && !is_date(f[7], &day))
        return refuse(l, ERR_DATE, "not a date of expiry");
    if (!is_leave(f[8]))
        return refuse(l, ERR_DATE, "not a list of leave periods");
    if (!is_salt(f[9]))
        return refuse(l, ERR_SYNTAX, "not a salt");
    out->lead = lead == 1;
    return OK;
}

static void
add_leaf(struct merkle *tree, struct str line)
{
    unsigned char leaf[HASH_LEN];

    merkle_leaf(HASH_SHA256, line.p, line.n, leaf);
    merkle_add(tree, leaf);
}

static enum err
parse_inspectors(struct arena *a, struct str text, struct staff *s, struct staff_fault *fault)
{
    struct lines l = {text, fault};
    size_t lines = count_lines(text);
    struct merkle tree;
    struct str line;
    enum err e;

    *fault = (struct staff_fault){.file = STAFF_INSPECTORS};
    if (lines > STAFF_INSPECTORS_MAX)
        return refuse(&l, ERR_TOO_LARGE, "too many lines");
    s->inspectors = arena_array(a, lines, sizeof *s->inspectors);
    if (!s->inspectors)
        return ERR_MEMORY;
    merkle_init(&tree, HASH_SHA256);
    while ((e = next_line(&l, &line)) == OK) {
        struct staff_inspector *row = &s->inspectors[s->inspector_count];

        e = parse_inspector(&l, line, row);
        if (e == OK && s->inspector_count > 0 && str_cmp(row[-1].pseudonym, row->pseudonym) >= 0)
            e = refuse(&l, ERR_ORDER, "pseudonyms are not strictly ascending");
        if (e != OK)
            return e;
        add_leaf(&tree, line);
        s->inspector_count++;
    }
    merkle_root(&tree, s->inspectors_root);
    return e == ERR_NOT_FOUND ? OK : e;
}

/* --- forbidden.tsv --- */

static enum err
parse_forbidden_row(struct lines *l, struct str line, struct staff_forbidden *out)
{
    struct str f[4];

    if (!fields(line, '\t', f, 4))
        return refuse(l, ERR_SYNTAX, "not four fields");
    *out = (struct staff_forbidden){.pseudonym = f[0], .id = f[1], .salt = f[3]};
    if (!is_id(f[1]))
        return refuse(l, ERR_SYNTAX, "not an id");
    if (!is_salt(f[3]))
        return refuse(l, ERR_SYNTAX, "not a salt");
    out->reason = str_eq(f[2], STR("last")) ? STAFF_LAST : STAFF_RECUSAL;
    if (!str_eq(f[2], str_of(staff_reason_name(out->reason))))
        return refuse(l, ERR_SYNTAX, "the reason is not last or recusal");
    return OK;
}

static int
forbidden_cmp(const struct staff_forbidden *x, const struct staff_forbidden *y)
{
    int order = str_cmp(x->pseudonym, y->pseudonym);

    if (order == 0)
        order = str_cmp(x->id, y->id);
    return order != 0
               ? order
               : strcmp(staff_reason_name(x->reason), staff_reason_name(y->reason)); /* last < recusal */
}

static enum err
parse_forbidden(struct arena *a, struct str text, struct staff *s, struct staff_fault *fault)
{
    struct lines l = {text, fault};
    size_t lines = count_lines(text), i = 0;
    struct merkle tree;
    struct str line;
    enum err e;

    *fault = (struct staff_fault){.file = STAFF_FORBIDDEN};
    if (lines > STAFF_FORBIDDEN_MAX)
        return refuse(&l, ERR_TOO_LARGE, "too many lines");
    s->forbidden = arena_array(a, lines, sizeof *s->forbidden);
    if (!s->forbidden)
        return ERR_MEMORY;
    merkle_init(&tree, HASH_SHA256);
    while ((e = next_line(&l, &line)) == OK) {
        struct staff_forbidden *row = &s->forbidden[s->forbidden_count];

        e = parse_forbidden_row(&l, line, row);
        if (e == OK && s->forbidden_count > 0 && forbidden_cmp(row - 1, row) >= 0)
            e = refuse(&l, ERR_ORDER, "rows are not strictly ascending");
        while (e == OK && i < s->inspector_count && str_cmp(s->inspectors[i].pseudonym, row->pseudonym) < 0)
            i++;
        if (e == OK && (i == s->inspector_count || !str_eq(s->inspectors[i].pseudonym, row->pseudonym)))
            e = refuse(&l, ERR_NOT_FOUND, "the pseudonym is not in staff.tsv");
        if (e != OK)
            return e;
        add_leaf(&tree, line);
        s->forbidden_count++;
    }
    merkle_root(&tree, s->forbidden_root);
    return e == ERR_NOT_FOUND ? OK : e;
}

/* --- rules.txt --- */

/* A head line "key value". */
static enum err
head(struct lines *l, struct str key, struct str *value)
{
    struct str line, name;
    enum err e = next_line(l, &line);

    if (e != OK)
        return e == ERR_NOT_FOUND ? refuse(l, ERR_SYNTAX, "the document ends too early") : e;
    if (!str_split(line, ' ', &name, value) || !str_eq(name, key))
        return refuse(l, ERR_SYNTAX, "not the line that belongs here");
    return OK;
}

static enum err
parse_heads(struct lines *l, struct staff_rules *r)
{
    struct str line, v;
    uint32_t slack = 0;
    enum err e = next_line(l, &line);

    if (e != OK || !str_eq(line, STR("mingqian-rules/v1")))
        return refuse(l, ERR_SYNTAX, "the first line is not mingqian-rules/v1");
    e = head(l, STR("slack"), &v);
    if (e == OK && !str_eq(v, STR("-1")) && !number(v, MATCH_SLACK_MAX, &slack))
        e = refuse(l, ERR_RANGE, "not a slack -1 to 64");
    r->slack = e == OK && str_eq(v, STR("-1")) ? MATCH_SLACK_STRICT : (int) slack;
    if (e == OK)
        e = head(l, STR("team"), &v);
    if (e == OK && (!number(v, STAFF_PLACES_MAX, &r->team) || r->team == 0))
        e = refuse(l, ERR_RANGE, "not a team of 1 to 64");
    if (e == OK)
        e = head(l, STR("rotation"), &v);
    r->rotation = e == OK && str_eq(v, STR("on"));
    if (e == OK && !r->rotation && !str_eq(v, STR("off")))
        e = refuse(l, ERR_SYNTAX, "rotation is not on or off");
    return e;
}

static enum err
parse_week(struct lines *l, struct str rest, struct staff_rules *r)
{
    struct str f[3];
    uint32_t batch;
    struct staff_week *w = &r->weeks[r->week_count];

    if (r->items_count + r->places_count > 0)
        return refuse(l, ERR_ORDER, "a week after items or places");
    if (!fields(rest, ' ', f, 3) || !number(f[0], STAFF_WEEKS_MAX, &batch))
        return refuse(l, ERR_SYNTAX, "not: week batch first last");
    if (batch != r->week_count + 1)
        return refuse(l, ERR_ORDER, "batches do not count up from 1");
    if (!is_date(f[1], &w->first_day) || !is_date(f[2], &w->last_day) || w->first_day > w->last_day)
        return refuse(l, ERR_DATE, "not a period");
    r->week_count++;
    return OK;
}

static enum err
parse_items(struct lines *l, struct str rest, struct staff_rules *r)
{
    struct str f[2];
    struct staff_items *row = &r->items[r->items_count];

    if (r->places_count > 0)
        return refuse(l, ERR_ORDER, "items after places");
    if (!fields(rest, ' ', f, 2) || !number(f[0], STAFF_DEPARTMENTS - 1, &row->department) ||
        !is_list(f[1], is_token))
        return refuse(l, ERR_SYNTAX, "not: items department list");
    row->items = f[1];
    if (r->items_count > 0 && row[-1].department >= row->department)
        return refuse(l, ERR_ORDER, "departments are not strictly ascending");
    r->items_count++;
    return OK;
}

static enum err
parse_places(struct lines *l, struct str rest, struct staff_rules *r)
{
    struct str f[5];
    struct staff_places *row = &r->places[r->places_count];

    if (!fields(rest, ' ', f, 5) || !number(f[0], STAFF_DEPARTMENTS - 1, &row->department) ||
        !number(f[2], STAFF_PLACES_MAX, &row->places))
        return refuse(l, ERR_SYNTAX, "not: places department stratum n region skills");
    row->stratum = f[1];
    row->region = f[3];
    row->skills = f[4];
    if (!str_eq(f[1], STR("*")) && !is_token(f[1]))
        return refuse(l, ERR_SYNTAX, "not a stratum");
    if (!str_eq(f[3], STR("*")) && !str_eq(f[3], STR("id")) && !is_region(f[3]))
        return refuse(l, ERR_SYNTAX, "not a region, * or id");
    if (!is_list(f[4], is_token))
        return refuse(l, ERR_SYNTAX, "not a list of skills");
    if (r->places_count > 0 &&
        (row[-1].department > row->department ||
         (row[-1].department == row->department && str_cmp(row[-1].stratum, row->stratum) >= 0)))
        return refuse(l, ERR_ORDER, "departments and strata are not strictly ascending");
    r->places_count++;
    return OK;
}

static enum err
parse_rule(struct lines *l, struct str line, struct staff_rules *r)
{
    struct str name, rest;

    if (!str_split(line, ' ', &name, &rest))
        return refuse(l, ERR_SYNTAX, "not a rule");
    if (str_eq(name, STR("week")) && r->week_count < STAFF_WEEKS_MAX)
        return parse_week(l, rest, r);
    if (str_eq(name, STR("items")))
        return parse_items(l, rest, r);
    if (str_eq(name, STR("places")))
        return parse_places(l, rest, r);
    return refuse(l, ERR_SYNTAX, "not a rule");
}

static enum err
parse_rules(struct arena *a, struct str text, struct staff *s, struct staff_fault *fault)
{
    struct lines l = {text, fault};
    struct staff_rules *r = &s->rules;
    size_t lines = count_lines(text);
    struct str line;
    enum err e;

    *fault = (struct staff_fault){.file = STAFF_RULES};
    if (lines > STAFF_RULES_MAX)
        return refuse(&l, ERR_TOO_LARGE, "too many lines");
    r->weeks = arena_array(a, lines + 1, sizeof *r->weeks); /* one more: a line is parsed in place */
    r->items = arena_array(a, lines + 1, sizeof *r->items);
    r->places = arena_array(a, lines + 1, sizeof *r->places);
    if (!r->weeks || !r->items || !r->places)
        return ERR_MEMORY;
    e = parse_heads(&l, r);
    while (e == OK && (e = next_line(&l, &line)) == OK)
        e = parse_rule(&l, line, r);
    if (e != ERR_NOT_FOUND)
        return e;
    if (r->week_count == 0 || r->places_count == 0)
        return refuse(&l, ERR_SYNTAX, "no week or no places");
    hash_of(HASH_SHA256, text.p, text.n, s->rules_digest);
    return OK;
}

enum err
staff_parse(struct arena *a, struct str staff_tsv, struct str forbidden_tsv, struct str rules_txt,
            struct staff *out, struct staff_fault *fault)
{
    struct staff s = {0};
    enum err e = parse_inspectors(a, staff_tsv, &s, fault);

    if (e == OK)
        e = parse_forbidden(a, forbidden_tsv, &s, fault);
    if (e == OK)
        e = parse_rules(a, rules_txt, &s, fault);
    if (e == OK)
        *out = s;
    return e;
}

/* --- writers --- */

static void
put(struct buf *b, struct str s, const char *end)
{
    buf_str(b, s);
    buf_z(b, end);
}

static void
put_number(struct buf *b, uint64_t v, const char *end)
{
    buf_u64(b, v);
    buf_z(b, end);
}

void
staff_inspector_write(struct buf *b, const struct staff_inspector *row)
{
    put(b, row->pseudonym, "\t");
    put_number(b, row->department, "\t");
    put(b, row->regions, "\t");
    put(b, row->skills, "\t");
    put(b, row->range, "\t");
    put_number(b, row->cap, "\t");
    put_number(b, row->lead, "\t");
    put(b, row->valid_to, "\t");
    put(b, row->leave, "\t");
    put(b, row->salt, "\n");
}

void
staff_forbidden_write(struct buf *b, const struct staff_forbidden *row)
{
    put(b, row->pseudonym, "\t");
    put(b, row->id, "\t");
    buf_z(b, staff_reason_name(row->reason));
    buf_z(b, "\t");
    put(b, row->salt, "\n");
}

static void
put_day(struct buf *b, int64_t day, const char *end)
{
    char text[DAY_TEXT + 1];

    day_format(day, text);
    buf_z(b, text);
    buf_z(b, end);
}

void
staff_rules_write(struct buf *b, const struct staff_rules *r)
{
    buf_z(b, "mingqian-rules/v1\nslack ");
    buf_i64(b, r->slack);
    buf_z(b, "\nteam ");
    put_number(b, r->team, r->rotation ? "\nrotation on\n" : "\nrotation off\n");
    for (size_t k = 0; k < r->week_count; k++) {
        buf_z(b, "week ");
        put_number(b, k + 1, " ");
        put_day(b, r->weeks[k].first_day, " ");
        put_day(b, r->weeks[k].last_day, "\n");
    }
    for (size_t k = 0; k < r->items_count; k++) {
        buf_z(b, "items ");
        put_number(b, r->items[k].department, " ");
        put(b, r->items[k].items, "\n");
    }
    for (size_t k = 0; k < r->places_count; k++) {
        buf_z(b, "places ");
        put_number(b, r->places[k].department, " ");
        put(b, r->places[k].stratum, " ");
        put_number(b, r->places[k].places, " ");
        put(b, r->places[k].region, " ");
        put(b, r->places[k].skills, "\n");
    }
}

void
staff_seal_write(struct buf *b, const struct staff *s, const unsigned char draw_digest[static HASH_LEN])
{
    buf_z(b, "mingqian-staff/v1\ndraw-digest ");
    buf_hex(b, draw_digest, HASH_LEN);
    buf_z(b, "\ninspectors ");
    put_number(b, s->inspector_count, " ");
    buf_hex(b, s->inspectors_root, HASH_LEN);
    buf_z(b, "\nforbidden ");
    put_number(b, s->forbidden_count, " ");
    buf_hex(b, s->forbidden_root, HASH_LEN);
    buf_z(b, "\nrules ");
    buf_hex(b, s->rules_digest, HASH_LEN);
    buf_z(b, "\n");
}

enum err
staff_seal_check(struct str text, const struct staff *s, const unsigned char draw_digest[static HASH_LEN])
{
    char expected[512];
    struct buf b = buf_over(expected, sizeof expected);

    staff_seal_write(&b, s, draw_digest);
    return !b.overflow && str_eq(text, buf_view(&b)) ? OK : ERR_DIGEST;
}
