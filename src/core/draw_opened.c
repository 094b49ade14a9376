/* core/draw_opened.c - opened.tsv: the rows of the selected out of a roster that is not public (docs/spec/draw-1.md §13) */
#include <string.h>

#include "core/draw_run.h"
#include "core/draw_scan.h"

struct opened_row {
    struct roster_row row;
    unsigned char ticket[HASH_LEN];
    uint64_t mask; /* the groups that drew it, from result.txt */
    bool drawn;
};

struct opening {
    const struct draw_spec *spec;
    struct opened_row *rows; /* ascending by id */
    size_t count;
    struct opened_fault *f;
    struct hash ticket; /* after hex(K) ":" */
};

static enum err
refuse(struct opening *o, enum err e, const char *file, uint64_t line, const char *zh, const char *en)
{
    *o->f = (struct opened_fault){e, file, line, zh, en};
    return e;
}

/* --- opened.tsv -------------------------------------------------------------------------------------------------------- */

static enum err
parse_proof(struct str text, struct merkle_proof *out)
{
    struct str hash;
    bool more = true;
    enum err e = OK;

    out->count = 0;
    if (str_eq(text, STR("-")))
        return OK;
    while (e == OK && more) {
        if (out->count == MERKLE_PROOF_MAX)
            return ERR_TOO_LARGE;
        more = str_split(text, ',', &hash, &text);
        e = hex_decode(hash, out->hash[out->count++], HASH_LEN);
    }
    return e;
}

/* NUMBER TAB id TAB stratum TAB weight TAB mask TAB salt TAB proof */
static enum err
parse_line(struct str line, uint64_t *number, struct str *row, struct merkle_proof *proof)
{
    struct str first;
    size_t end = line.n;
    enum err e;

    if (!str_split(line, '\t', &first, &line) || str_u64(first, DRAW_ROWS_MAX, number) != OK)
        return ERR_SYNTAX;
    end = line.n;
    while (end > 0 && line.p[end - 1] != '\t')
        end--;
    if (end < 2)
        return ERR_SYNTAX;
    e = parse_proof((struct str){line.p + end, line.n - end}, proof);
    *row = (struct str){line.p, end - 1};
    return e;
}

static enum err
read_row(struct opening *o, struct str line, uint64_t line_number, uint64_t *next)
{
    struct opened_row *to = &o->rows[o->count];
    unsigned char leaf[HASH_LEN];
    struct merkle_proof proof;
    struct fault fault;
    struct hash h = o->ticket;
    struct str row;
    uint64_t number;

    if (parse_line(line, &number, &row, &proof) != OK || roster_row_parse(row, &to->row, &fault) != OK)
        return refuse(o, ERR_SYNTAX, "opened.tsv", line_number, "这一行格式不对", "a malformed line");
    if (number < *next || (o->count > 0 && str_cmp(to[-1].row.id, to->row.id) >= 0))
        return refuse(o, ERR_ORDER, "opened.tsv", line_number, "未按名单次序", "not in the order of the roster");
    if (to->row.excluded)
        return refuse(o, ERR_MISMATCH, "opened.tsv", line_number, "被排除的对象不能抽中", "an excluded row cannot be drawn");
    merkle_leaf(o->spec->suite, row.p, row.n, leaf);
    if (merkle_check_inclusion(o->spec->suite, number, o->spec->roster_count, leaf, &proof, o->spec->roster_root) != OK)
        return refuse(o, ERR_PROOF, "opened.tsv", line_number, "证明不能得出封存的根", "its proof does not lead to the sealed root");
    hash_update(&h, to->row.id.p, to->row.id.n);
    hash_final(&h, to->ticket);
    *next = number + 1;
    o->count++;
    return OK;
}

static enum err
read_opened(struct opening *o, struct str text, struct arena *a)
{
    struct str line, rest = text;
    uint64_t lines = 0, next = 0, n = 0;
    enum err e = OK;

    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    o->rows = arena_array(a, lines + 1, sizeof *o->rows);
    if (o->rows == NULL)
        return refuse(o, ERR_MEMORY, "opened.tsv", 0, "内存不足", "out of memory");
    if (text.n > 0 && text.p[text.n - 1] != '\n')
        return refuse(o, ERR_SYNTAX, "opened.tsv", lines + 1, "最后一行缺少换行符", "the last line does not end in LF");
    while (e == OK && rest.n > 0) {
        str_split(rest, '\n', &line, &rest);
        e = read_row(o, line, ++n, &next);
    }
    return e;
}

/* --- result.txt --------------------------------------------------------------------------------------------------------- */

static struct opened_row *
find_row(struct opening *o, struct str id)
{
    size_t low = 0, high = o->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (str_cmp(o->rows[middle].row.id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < o->count && str_eq(o->rows[low].row.id, id) ? &o->rows[low] : NULL;
}

/* "target ID MASK BATCH" */
static enum err
read_target(struct opening *o, struct str line, uint64_t number)
{
    struct opened_row *row;
    struct str id, mask, rest;
    uint64_t bits = 0;

    str_split((struct str){line.p + 7, line.n - 7}, ' ', &id, &rest);
    str_split(rest, ' ', &mask, &rest);
    for (size_t i = 0; i < mask.n; i++) {
        char c = mask.p[i];
        unsigned digit = c >= '0' && c <= '9' ? (unsigned) (c - '0') : c >= 'a' && c <= 'f' ? (unsigned) (c - 'a' + 10) : 16;

        if (digit == 16 || mask.n > 16)
            return refuse(o, ERR_SYNTAX, "result.txt", number, "掩码无效", "not a mask");
        bits = bits << 4 | digit;
    }
    row = find_row(o, id);
    if (row == NULL || row->drawn)
        return refuse(o, ERR_MISSING, "result.txt", number, "抽中者的行没有公开,或重复", "a target whose row is not opened, or twice");
    if (bits == 0 || (bits & ~row->row.mask) != 0)
        return refuse(o, ERR_MISMATCH, "result.txt", number, "部门与名单不符", "departments that its row does not have");
    row->mask = bits;
    row->drawn = true;
    return OK;
}

static enum err
read_targets(struct opening *o, struct str text)
{
    struct str line, rest = text;
    uint64_t number = 0, drawn = 0;
    enum err e = OK;

    while (e == OK && rest.n > 0) {
        str_split(rest, '\n', &line, &rest);
        number++;
        if (!str_starts(line, STR("target ")))
            continue;
        drawn++;
        e = read_target(o, line, number);
    }
    if (e == OK && drawn != o->count)
        return refuse(o, ERR_MISMATCH, "opened.tsv", 0, "公开了未抽中者的行", "a row of one that was not drawn");
    return e;
}

/* The quota line must state n and a last ticket that the opened rows of its group and stratum give. Under the rule
 * uniform it is their largest. */
static enum err
check_quota(struct opening *o, const struct draw_quota *q, struct str line, uint64_t number)
{
    char head[128], hex[HASH_HEX_LEN];
    struct buf b = buf_over(head, sizeof head);
    unsigned char last[HASH_LEN] = {0};
    struct str word = {NULL, 0}, rest = line;
    uint64_t n = 0;
    bool stated = false;

    buf_z(&b, "quota ");
    buf_u64(&b, q->group);
    buf_z(&b, " ");
    buf_str(&b, q->stratum);
    buf_z(&b, " ");
    for (int i = 0; i < 6 && rest.n > 0; i++)
        str_split(rest, ' ', &word, &rest);
    for (size_t i = 0; i < o->count; i++) {
        const struct opened_row *r = &o->rows[i];

        if ((r->mask >> q->group & 1) == 0 || !str_eq(r->row.stratum, q->stratum))
            continue;
        n++;
        hex_encode(r->ticket, HASH_LEN, hex);
        stated |= str_eq(word, (struct str){hex, sizeof hex});
        if (memcmp(r->ticket, last, HASH_LEN) > 0)
            memcpy(last, r->ticket, HASH_LEN);
    }
    hex_encode(last, HASH_LEN, hex);
    if (!str_starts(line, buf_view(&b)) || n != q->n)
        return refuse(o, ERR_QUOTA, "result.txt", number, "抽中的数量与方案不符", "not the number of targets that the quota promises");
    if (n == 0 ? !str_eq(word, STR("-")) : !stated || (o->spec->rule == DRAW_UNIFORM && !str_eq(word, (struct str){hex, sizeof hex})))
        return refuse(o, ERR_MISMATCH, "result.txt", number, "最后的签号与公开的行不符", "its last ticket is not that of the opened rows");
    return OK;
}

static enum err
check_quotas(struct opening *o, struct str text)
{
    struct str line, rest = text;
    uint64_t number = 0;
    size_t q = 0;
    enum err e = OK;

    while (e == OK && rest.n > 0) {
        str_split(rest, '\n', &line, &rest);
        number++;
        if (!str_starts(line, STR("quota ")))
            continue;
        if (q == o->spec->quota_count)
            return refuse(o, ERR_SYNTAX, "result.txt", number, "多余的行", "a line too many");
        e = check_quota(o, &o->spec->quotas[q++], line, number);
    }
    if (e == OK && q != o->spec->quota_count)
        return refuse(o, ERR_MISSING, "result.txt", number, "缺少 quota 行", "a quota line is missing");
    return e;
}

enum err
draw_check_opened(struct str opened, struct str result, const struct draw_spec *spec,
                  const unsigned char key_target[static HASH_LEN], struct arena *a, struct opened_fault *f)
{
    struct opening o = {.spec = spec, .f = f};
    enum err e;

    *f = (struct opened_fault){OK, "", 0, "", ""};
    draw_ticket_start(spec->suite, key_target, &o.ticket);
    e = read_opened(&o, opened, a);
    if (e == OK)
        e = read_targets(&o, result);
    return e == OK ? check_quotas(&o, result) : e;
}
