/* core/draw_doc.c - draw.txt and lock.txt: reading strictly, writing */
#include <string.h>

#include "core/draw_scan.h"

static enum err
parse_suite(struct scan *s, struct draw_spec *d)
{
    struct str word;

    if (scan_line(s) != OK || scan_key(s, STR("suite")) != OK || scan_word(s, &word) != OK)
        return s->err;
    if (hash_suite_parse(word, &d->suite) != OK)
        return scan_fail(s, ERR_INPUT, s->at - word.n, "杂凑算法只能是 sha256 或 sm3",
                         "the suite is sha256 or sm3");
    return scan_end(s);
}

static enum err
parse_attempt(struct scan *s, struct draw_spec *d)
{
    struct str word;
    uint64_t attempt;
    size_t at;

    if (scan_line(s) != OK || scan_key(s, STR("attempt")) != OK ||
        scan_number(s, 1, DRAW_ATTEMPT_MAX, &attempt) != OK || scan_end(s) != OK)
        return s->err;
    d->attempt = (uint32_t) attempt;
    if (scan_line(s) != OK || scan_key(s, STR("prev")) != OK)
        return s->err;
    at = s->at;
    d->has_prev = attempt > 1;
    if (d->has_prev)
        (void) scan_digest(s, d->prev); /* a failure stays in s */
    else if (scan_word(s, &word) == OK && !str_eq(word, STR("-")))
        return scan_fail(s, ERR_INPUT, at + 1, "第一次抽取没有前一次,应为 -",
                         "a first attempt has no predecessor: -");
    return scan_end(s);
}

static enum err
parse_roster(struct scan *s, struct draw_spec *d)
{
    if (scan_line(s) != OK || scan_key(s, STR("roster")) != OK ||
        scan_number(s, 0, DRAW_ROWS_MAX, &d->roster_count) != OK)
        return s->err;
    (void) scan_digest(s, d->roster_root);
    return scan_end(s);
}

static enum err
parse_rule(struct scan *s, struct draw_spec *d)
{
    struct str word;

    if (scan_line(s) != OK || scan_key(s, STR("rule")) != OK || scan_word(s, &word) != OK)
        return s->err;
    if (!str_eq(word, STR("uniform")) && !str_eq(word, STR("pareto")))
        return scan_fail(s, ERR_INPUT, s->at - word.n, "抽取规则只能是 uniform 或 pareto",
                         "the rule is uniform or pareto");
    d->rule = str_eq(word, STR("pareto")) ? DRAW_PARETO : DRAW_UNIFORM;
    return scan_end(s);
}

static enum err
parse_u32(struct scan *s, struct str key, uint64_t min, uint64_t max, uint32_t *out)
{
    uint64_t v = 0;

    if (scan_line(s) != OK || scan_key(s, key) != OK || scan_number(s, min, max, &v) != OK)
        return s->err;
    *out = (uint32_t) v;
    return scan_end(s);
}

static enum err
parse_head(struct scan *s, struct draw_spec *d)
{
    if (scan_whole(s, STR("mingqian-draw/v1")) != OK || parse_suite(s, d) != OK)
        return s->err;
    if (scan_line(s) != OK || scan_key(s, STR("draw")) != OK ||
        scan_text(s, DRAW_NUMBER_MAX, &d->number) != OK || scan_end(s) != OK)
        return s->err;
    if (parse_attempt(s, d) != OK || parse_roster(s, d) != OK || parse_rule(s, d) != OK)
        return s->err;
    if (parse_u32(s, STR("batches"), 1, DRAW_BATCH_MAX, &d->batches) != OK)
        return s->err;
    return parse_u32(s, STR("min-parties"), 0, DRAW_PARTY_MAX, &d->min_parties);
}

static enum err
parse_quota(struct scan *s, struct draw_spec *d)
{
    struct draw_quota *q = &d->quotas[d->quota_count];
    const struct draw_quota *last = d->quota_count > 0 ? q - 1 : NULL;
    uint64_t group = 0;

    if (scan_key(s, STR("quota")) != OK || scan_number(s, 0, DRAW_GROUP_COUNT - 1, &group) != OK ||
        scan_name(s, &q->stratum) != OK || scan_number(s, 0, DRAW_ROWS_MAX, &q->n) != OK ||
        scan_number(s, 0, DRAW_ROWS_MAX, &q->reserve) != OK || scan_end(s) != OK)
        return s->err;
    q->group = (unsigned) group;
    if (last != NULL && last->group == q->group && str_eq(last->stratum, q->stratum))
        return scan_fail(s, ERR_DUPLICATE, s->line_start, "配额重复", "this quota was given already");
    if (last != NULL &&
        (last->group > q->group || (last->group == q->group && str_cmp(last->stratum, q->stratum) > 0)))
        return scan_fail(s, ERR_ORDER, s->line_start, "配额应按部门、层升序",
                         "quotas ascend by group and stratum");
    if (++d->quota_count > DRAW_QUOTA_MAX)
        return scan_fail(s, ERR_TOO_LARGE, s->line_start, "配额过多", "too many quotas");
    return OK;
}

static enum err
parse_party(struct scan *s, struct draw_spec *d)
{
    struct draw_party *p = &d->parties[d->party_count];
    int c;

    if (scan_key(s, STR("party")) != OK || scan_name(s, &p->name) != OK ||
        scan_digest(s, p->commitment) != OK || scan_end(s) != OK)
        return s->err;
    c = d->party_count == 0 ? -1 : str_cmp(p[-1].name, p->name);
    if (c == 0)
        return scan_fail(s, ERR_DUPLICATE, s->line_start, "参与方重复", "this party was given already");
    if (c > 0)
        return scan_fail(s, ERR_ORDER, s->line_start, "参与方应按名称升序", "parties ascend by name");
    for (size_t i = 0; i < d->party_count; i++)
        if (memcmp(d->parties[i].commitment, p->commitment, HASH_LEN) == 0)
            return scan_fail(s, ERR_DUPLICATE, s->line_start, "承诺与另一参与方相同",
                             "a commitment copied from another party");
    if (++d->party_count > DRAW_PARTY_MAX)
        return scan_fail(s, ERR_TOO_LARGE, s->line_start, "参与方过多", "too many parties");
    return OK;
}

static enum err
parse_beacon(struct scan *s, struct draw_spec *d)
{
    struct draw_beacon *b = &d->beacons[d->beacon_count];
    int c;

    if (scan_key(s, STR("beacon")) != OK || scan_name(s, &b->name) != OK ||
        scan_text(s, DRAW_EVENT_MAX, &b->event) != OK || scan_end(s) != OK)
        return s->err;
    c = d->beacon_count == 0 ? -1 : str_cmp(b[-1].name, b->name);
    if (c == 0)
        return scan_fail(s, ERR_DUPLICATE, s->line_start, "信标重复", "this beacon was given already");
    if (c > 0)
        return scan_fail(s, ERR_ORDER, s->line_start, "信标应按名称升序", "beacons ascend by name");
    if (++d->beacon_count > DRAW_BEACON_MAX)
        return scan_fail(s, ERR_TOO_LARGE, s->line_start, "信标过多", "too many beacons");
    return OK;
}

/* The repeated lines after the head: quotas, parties, beacons, each kind in one run. */
static enum err
parse_lists(struct scan *s, struct draw_spec *d)
{
    unsigned kind = 0; /* 0 quota, 1 party, 2 beacon: never goes back */

    while (scan_more(s) && scan_line(s) == OK) {
        if (kind < 1 && scan_starts(s, STR("party")))
            kind = 1;
        if (kind < 2 && scan_starts(s, STR("beacon")))
            kind = 2;
        if ((kind == 0 ? parse_quota(s, d) : kind == 1 ? parse_party(s, d) : parse_beacon(s, d)) != OK)
            return s->err;
    }
    return s->err;
}

/* What no single line shows. */
static enum err
check_whole(struct scan *s, const struct draw_spec *d)
{
    if (s->err != OK)
        return s->err;
    if (d->quota_count == 0)
        return scan_fail(s, ERR_MISSING, s->text.n, "没有配额", "there is no quota");
    if (d->min_parties > d->party_count)
        return scan_fail(s, ERR_RANGE, s->text.n, "min-parties 大于参与方数",
                         "min-parties exceeds the parties");
    if (d->beacon_count == 0 && d->party_count < 2)
        return scan_fail(s, ERR_POLICY, s->text.n, "没有信标时至少要两个参与方",
                         "without a beacon there must be two parties");
    return OK;
}

/* The different strata of the quotas, ascending; each quota learns its place. */
static void
intern_strata(struct draw_spec *d)
{
    d->stratum_count = 0;
    for (size_t q = 0; q < d->quota_count; q++) {
        size_t low = 0, high = d->stratum_count;

        while (low < high) {
            size_t middle = low + (high - low) / 2;

            if (str_cmp(d->strata[middle], d->quotas[q].stratum) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        if (low < d->stratum_count && str_eq(d->strata[low], d->quotas[q].stratum))
            continue;
        memmove(d->strata + low + 1, d->strata + low, (d->stratum_count - low) * sizeof *d->strata);
        d->strata[low] = d->quotas[q].stratum;
        d->stratum_count++;
    }
    for (size_t q = 0; q < d->quota_count; q++)
        for (size_t i = 0; i < d->stratum_count; i++)
            if (str_eq(d->strata[i], d->quotas[q].stratum))
                d->quotas[q].stratum_index = i;
}

/* Room for every list: no kind has more members than there are lines, nor one more than its limit. */
static bool
reserve_lists(struct arena *a, struct str text, struct draw_spec *d)
{
    size_t lines = 1;

    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    d->quotas = arena_array(a, lines > DRAW_QUOTA_MAX ? DRAW_QUOTA_MAX + 1 : lines, sizeof *d->quotas);
    d->strata = arena_array(a, lines > DRAW_QUOTA_MAX ? DRAW_QUOTA_MAX + 1 : lines, sizeof *d->strata);
    d->parties = arena_array(a, lines > DRAW_PARTY_MAX ? DRAW_PARTY_MAX + 1 : lines, sizeof *d->parties);
    d->beacons = arena_array(a, lines > DRAW_BEACON_MAX ? DRAW_BEACON_MAX + 1 : lines, sizeof *d->beacons);
    return d->quotas != NULL && d->strata != NULL && d->parties != NULL && d->beacons != NULL;
}

enum err
draw_parse(struct str text, struct arena *a, struct draw_spec *out, struct fault *f)
{
    struct scan s = scan_start(text, DRAW_DRAW, f);
    struct draw_spec d = {0};

    if (!reserve_lists(a, text, &d))
        return scan_fail(&s, ERR_MEMORY, 0, "内存不足", "out of memory");
    if (parse_head(&s, &d) != OK || parse_lists(&s, &d) != OK || check_whole(&s, &d) != OK)
        return s.err;
    intern_strata(&d);
    hash_of(d.suite, text.p, text.n, d.digest);
    *out = d;
    return OK;
}

static void
write_line(struct buf *out, const char *key, uint64_t v)
{
    buf_z(out, key);
    buf_u64(out, v);
    buf_z(out, "\n");
}

static void
write_head(const struct draw_spec *d, struct buf *out)
{
    buf_z(out, "mingqian-draw/v1\nsuite ");
    buf_z(out, hash_suite_name(d->suite));
    buf_z(out, "\ndraw ");
    buf_str(out, d->number);
    write_line(out, "\nattempt ", d->attempt);
    buf_z(out, "prev ");
    if (d->has_prev)
        buf_hex(out, d->prev, HASH_LEN);
    else
        buf_z(out, "-");
    buf_z(out, "\nroster ");
    buf_u64(out, d->roster_count);
    buf_z(out, " ");
    buf_hex(out, d->roster_root, HASH_LEN);
    buf_z(out, d->rule == DRAW_PARETO ? "\nrule pareto" : "\nrule uniform");
    write_line(out, "\nbatches ", d->batches);
    write_line(out, "min-parties ", d->min_parties);
}

void
draw_write(const struct draw_spec *spec, struct buf *out)
{
    write_head(spec, out);
    for (size_t i = 0; i < spec->quota_count; i++) {
        buf_z(out, "quota ");
        buf_u64(out, spec->quotas[i].group);
        buf_z(out, " ");
        buf_str(out, spec->quotas[i].stratum);
        buf_z(out, " ");
        buf_u64(out, spec->quotas[i].n);
        write_line(out, " ", spec->quotas[i].reserve);
    }
    for (size_t i = 0; i < spec->party_count; i++) {
        buf_z(out, "party ");
        buf_str(out, spec->parties[i].name);
        buf_z(out, " ");
        buf_hex(out, spec->parties[i].commitment, HASH_LEN);
        buf_z(out, "\n");
    }
    for (size_t i = 0; i < spec->beacon_count; i++) {
        buf_z(out, "beacon ");
        buf_str(out, spec->beacons[i].name);
        buf_z(out, " ");
        buf_str(out, spec->beacons[i].event);
        buf_z(out, "\n");
    }
}

static enum err
parse_lock_digest(struct scan *s, const struct draw_spec *spec)
{
    unsigned char digest[HASH_LEN];
    size_t at;

    if (scan_line(s) != OK || scan_key(s, STR("draw-digest")) != OK)
        return s->err;
    at = s->at + 1;
    if (scan_digest(s, digest) != OK || scan_end(s) != OK)
        return s->err;
    for (size_t i = 0; i < HASH_LEN; i++)
        if (digest[i] != spec->digest[i])
            return scan_fail(s, ERR_DIGEST, at + 2 * i + ((digest[i] ^ spec->digest[i]) < 16),
                             "摘要与 draw.txt 不符", "not the digest of this draw.txt");
    return OK;
}

static enum err
parse_presence(struct scan *s, struct str party, bool *present)
{
    struct str name, word;

    if (scan_line(s) != OK || scan_key(s, STR("party")) != OK || scan_name(s, &name) != OK)
        return s->err;
    if (!str_eq(name, party))
        return scan_fail(s, ERR_ORDER, s->at - name.n, "参与方应与 draw.txt 一致且次序相同",
                         "not the next party of draw.txt");
    if (scan_word(s, &word) != OK)
        return s->err;
    if (!str_eq(word, STR("present")) && !str_eq(word, STR("absent")))
        return scan_fail(s, ERR_INPUT, s->at - word.n, "应为 present 或 absent",
                         "neither present nor absent");
    *present = str_eq(word, STR("present"));
    return scan_end(s);
}

enum err
draw_lock_parse(struct str text, const struct draw_spec *spec, struct draw_lock *out, struct fault *f)
{
    struct scan s = scan_start(text, DRAW_LOCK, f);
    struct draw_lock l = {0};

    if (scan_whole(&s, STR("mingqian-lock/v1")) != OK || parse_lock_digest(&s, spec) != OK)
        return s.err;
    for (size_t i = 0; i < spec->party_count; i++) {
        if (parse_presence(&s, spec->parties[i].name, &l.present[i]) != OK)
            return s.err;
        l.present_count += l.present[i];
    }
    if (scan_more(&s))
        return scan_line(&s) != OK ? s.err : scan_fail(&s, ERR_SYNTAX, s.line_start, "多余的行", "a line too many");
    if (l.present_count < spec->min_parties)
        return scan_fail(&s, ERR_MISSING, text.n, "到场参与方少于 min-parties,此次抽取无效",
                         "fewer parties present than min-parties: the attempt is void");
    if (spec->beacon_count == 0 && l.present_count < spec->party_count)
        return scan_fail(&s, ERR_MISSING, text.n, "没有信标时全部参与方都必须到场",
                         "without a beacon every party must be present");
    hash_of(spec->suite, text.p, text.n, l.digest);
    *out = l;
    return OK;
}

void
draw_lock_write(const struct draw_spec *spec, const bool present[static DRAW_PARTY_MAX], struct buf *out)
{
    buf_z(out, "mingqian-lock/v1\ndraw-digest ");
    buf_hex(out, spec->digest, HASH_LEN);
    buf_z(out, "\n");
    for (size_t i = 0; i < spec->party_count; i++) {
        buf_z(out, "party ");
        buf_str(out, spec->parties[i].name);
        buf_z(out, present[i] ? " present\n" : " absent\n");
    }
}
