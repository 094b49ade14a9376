/* core/draw_reveal.c - reveal.json: a strict reader of this one shape of JSON (RFC 8259), and its two layouts
 */
#include <string.h>

#include "core/draw_scan.h"

/* White space is free, strings hold printable ASCII without escapes, nothing may follow. */
struct json {
    struct scan *s;
    size_t at;
};

static enum err
bad(struct json *j, enum err e, size_t byte, const char *zh, const char *en)
{
    struct scan *s = j->s;

    s->line = 1;
    s->line_start = 0;
    for (size_t i = 0; i < byte && i < s->text.n; i++)
        if (s->text.p[i] == '\n') {
            s->line++;
            s->line_start = i + 1;
        }
    return scan_fail(s, e, byte, zh, en);
}

static void
skip_blanks(struct json *j)
{
    struct str t = j->s->text;

    while (j->at < t.n &&
           (t.p[j->at] == ' ' || t.p[j->at] == '\n' || t.p[j->at] == '\t' || t.p[j->at] == '\r'))
        j->at++;
}

/* Is the next token this character? If so, take it. */
static bool
take(struct json *j, char c)
{
    skip_blanks(j);
    if (j->s->err != OK || j->at >= j->s->text.n || j->s->text.p[j->at] != c)
        return false;
    j->at++;
    return true;
}

static enum err
need(struct json *j, char c, const char *zh, const char *en)
{
    if (j->s->err == OK && !take(j, c))
        return bad(j, ERR_SYNTAX, j->at, zh, en);
    return j->s->err;
}

/* *at becomes the offset of the first byte of the text. */
static enum err
need_string(struct json *j, struct str *out, size_t *at)
{
    struct str t = j->s->text;
    size_t from;

    if (need(j, '"', "此处应为字符串", "a string is required here") != OK)
        return j->s->err;
    from = j->at;
    while (j->at < t.n && t.p[j->at] != '"') {
        if (t.p[j->at] < 0x20 || t.p[j->at] > 0x7E || t.p[j->at] == '\\')
            return bad(j, ERR_CHARSET, j->at, "字符串只能含可见 ASCII 字符,不得转义",
                       "strings hold printable ASCII without escapes");
        j->at++;
    }
    *out = (struct str){t.p + from, j->at - from};
    *at = from;
    return need(j, '"', "字符串没有结束", "the string does not end");
}

/* A string that must be exactly this. */
static enum err
need_text(struct json *j, struct str text, const char *zh, const char *en)
{
    struct str got;
    size_t at, i = 0;

    if (need_string(j, &got, &at) != OK || str_eq(got, text))
        return j->s->err;
    while (i < got.n && i < text.n && got.p[i] == text.p[i])
        i++;
    return bad(j, ERR_INPUT, at + i, zh, en);
}

static enum err
parse_secret(struct json *j, const struct draw_spec *spec, size_t party, struct draw_reveal *out)
{
    unsigned char commitment[HASH_LEN];
    struct str hex;
    size_t at;

    if (need_text(j, spec->parties[party].name, "应为 draw.txt 中下一个到场的参与方",
                  "not the next present party of draw.txt") != OK ||
        need(j, ':', "缺少冒号", "a colon is missing") != OK || need_string(j, &hex, &at) != OK)
        return j->s->err;
    if (hex_decode(hex, out->secret[party], DRAW_SECRET_BYTES) != OK)
        return bad(j, ERR_CHARSET, at, "应为 64 位小写十六进制数", "not 64 lower-case hex digits");
    draw_commitment(spec->suite, spec->number, spec->attempt, spec->parties[party].name, out->secret[party],
                    commitment);
    if (memcmp(commitment, spec->parties[party].commitment, HASH_LEN) != 0)
        return bad(j, ERR_COMMITMENT, at, "揭示的随机数与 draw.txt 中的承诺不符",
                   "the secret does not open the commitment in draw.txt");
    return OK;
}

static enum err
parse_secrets(struct json *j, const struct draw_spec *spec, const struct draw_lock *lock,
              struct draw_reveal *out)
{
    bool first = true;

    if (need_text(j, STR("secrets"), "应为 secrets", "\"secrets\" is required here") != OK ||
        need(j, ':', "缺少冒号", "a colon is missing") != OK ||
        need(j, '{', "此处应为 {", "{ is required here") != OK)
        return j->s->err;
    for (size_t i = 0; i < spec->party_count; i++) {
        if (!lock->present[i])
            continue;
        if (!first &&
            need(j, ',', "缺少到场参与方的随机数", "the secret of a present party is missing") != OK)
            return j->s->err;
        if (parse_secret(j, spec, i, out) != OK)
            return j->s->err;
        first = false;
    }
    return need(j, '}', "只应有到场参与方的随机数", "only present parties have a secret here");
}

static enum err
parse_value(struct json *j, const struct draw_spec *spec, size_t beacon, struct draw_reveal *out)
{
    size_t at;

    if (need(j, '[', "缺少信标", "a beacon is missing") != OK ||
        need_text(j, spec->beacons[beacon].name, "应为 draw.txt 中的下一个信标",
                  "not the next beacon of draw.txt") != OK ||
        need(j, ',', "缺少信标值", "the beacon's value is missing") != OK ||
        need_string(j, &out->value[beacon], &at) != OK)
        return j->s->err;
    if (!draw_text_ok(out->value[beacon], DRAW_EVENT_MAX))
        return bad(j, ERR_CHARSET, at, "信标值为空、过长或含有空格",
                   "the value is empty, too long or holds a blank");
    return need(j, ']', "缺少 ]", "] is missing");
}

static enum err
parse_values(struct json *j, const struct draw_spec *spec, struct draw_reveal *out)
{
    if (need_text(j, STR("beacons"), "应为 beacons", "\"beacons\" is required here") != OK ||
        need(j, ':', "缺少冒号", "a colon is missing") != OK ||
        need(j, '[', "此处应为 [", "[ is required here") != OK)
        return j->s->err;
    for (size_t i = 0; i < spec->beacon_count; i++) {
        if (i > 0 && need(j, ',', "缺少信标", "a beacon is missing") != OK)
            return j->s->err;
        if (parse_value(j, spec, i, out) != OK)
            return j->s->err;
    }
    return need(j, ']', "信标多于 draw.txt", "more beacons than in draw.txt");
}

enum err
draw_reveal_parse(struct str text, const struct draw_spec *spec, const struct draw_lock *lock,
                  struct draw_reveal *out, struct fault *f)
{
    struct scan s = scan_start(text, DRAW_REVEAL, f);
    struct json j = {&s, 0};
    struct draw_reveal r = {0};

    if (need(&j, '{', "此处应为 {", "{ is required here") != OK || parse_secrets(&j, spec, lock, &r) != OK ||
        need(&j, ',', "缺少 beacons", "\"beacons\" is missing") != OK || parse_values(&j, spec, &r) != OK ||
        need(&j, '}', "缺少 } 或字段多余", "} is missing or there are other members") != OK)
        return s.err;
    skip_blanks(&j);
    if (j.at != text.n)
        return bad(&j, ERR_SYNTAX, j.at, "结尾之后还有内容", "something follows the end");
    *out = r;
    return OK;
}

/* What opens, separates and closes in a layout; an empty list is closed at once. */
struct layout {
    const char *start, *comma, *secret, *secrets_end, *no_secrets_end, *beacon, *pair, *beacon_end, *end,
        *no_beacon_end;
};

static const struct layout INDENTED = {
    .start = "{\n \"secrets\": {",
    .comma = ",",
    .secret = "\n  ",
    .secrets_end = "\n },\n \"beacons\": [",
    .no_secrets_end = "},\n \"beacons\": [",
    .beacon = "\n  [\n   ",
    .pair = ",\n   ",
    .beacon_end = "\n  ]",
    .end = "\n ]\n}",
    .no_beacon_end = "]\n}",
};
static const struct layout ONE_LINE = {
    .start = "{\"secrets\": {",
    .comma = ", ",
    .secret = "",
    .secrets_end = "}, \"beacons\": [",
    .no_secrets_end = "}, \"beacons\": [",
    .beacon = "[",
    .pair = ", ",
    .beacon_end = "]",
    .end = "]}",
    .no_beacon_end = "]}",
};

static void
write_quoted(struct buf *out, struct str s)
{
    buf_z(out, "\"");
    buf_str(out, s);
    buf_z(out, "\"");
}

static void
write_layout(const struct layout *l, const struct draw_spec *spec, const struct draw_lock *lock,
             const struct draw_reveal *r, struct buf *out)
{
    size_t written = 0;

    buf_z(out, l->start);
    for (size_t i = 0; i < spec->party_count; i++) {
        if (!lock->present[i])
            continue;
        if (written++ > 0)
            buf_z(out, l->comma);
        buf_z(out, l->secret);
        write_quoted(out, spec->parties[i].name);
        buf_z(out, ": \"");
        buf_hex(out, r->secret[i], DRAW_SECRET_BYTES);
        buf_z(out, "\"");
    }
    buf_z(out, written == 0 ? l->no_secrets_end : l->secrets_end);
    for (size_t i = 0; i < spec->beacon_count; i++) {
        if (i > 0)
            buf_z(out, l->comma);
        buf_z(out, l->beacon);
        write_quoted(out, spec->beacons[i].name);
        buf_z(out, l->pair);
        write_quoted(out, r->value[i]);
        buf_z(out, l->beacon_end);
    }
    buf_z(out, spec->beacon_count == 0 ? l->no_beacon_end : l->end);
}

void
draw_reveal_write(const struct draw_spec *spec, const struct draw_lock *lock, const struct draw_reveal *r,
                  struct buf *out)
{
    write_layout(&INDENTED, spec, lock, r, out);
}

void
draw_reveal_write_line(const struct draw_spec *spec, const struct draw_lock *lock,
                       const struct draw_reveal *r, struct buf *out)
{
    write_layout(&ONE_LINE, spec, lock, r, out);
}
