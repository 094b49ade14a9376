/* core/draw_scan.c - reading line documents strictly */
#include "core/draw_scan.h"

#include <string.h>

const char *
draw_file_name(enum draw_file f)
{
    static const char *const NAMES[DRAW_FILE_COUNT] = {"roster.tsv", "draw.txt", "lock.txt", "reveal.json",
                                                       "result.txt"};

    return NAMES[f];
}

struct scan
scan_start(struct str text, enum draw_file file, struct fault *f)
{
    *f = (struct fault){.file = file, .zh = "", .en = ""};
    return (struct scan){.text = text, .file = file, .f = f};
}

enum err
scan_fail(struct scan *s, enum err e, size_t byte, const char *zh, const char *en)
{
    if (s->err != OK)
        return s->err;
    s->err = e;
    *s->f = (struct fault){e, s->file, s->line, s->line == 0 ? 0 : byte - s->line_start + 1, byte, zh, en};
    return e;
}

bool
scan_more(const struct scan *s)
{
    size_t next = s->line == 0 ? 0 : s->line_end + 1;

    return s->err == OK && next < s->text.n;
}

/* The first byte of the line that no document may hold. */
static enum err
check_bytes(struct scan *s)
{
    for (size_t i = s->line_start; i < s->line_end; i++) {
        unsigned char c = (unsigned char) s->text.p[i];

        if (c == '\r')
            return scan_fail(s, ERR_CHARSET, i, "行尾应为 LF,不得有 CR", "a CR; lines end in LF alone");
        if (c == '\t')
            return scan_fail(s, ERR_CHARSET, i, "不得有制表符", "a TAB, which only the roster may hold");
        if (c < 0x20 || c > 0x7E)
            return scan_fail(s, ERR_CHARSET, i, "只允许可见 ASCII 字符",
                             "a byte that is not printable ASCII");
    }
    return OK;
}

enum err
scan_line(struct scan *s)
{
    size_t start = s->line == 0 ? 0 : s->line_end + 1;
    const char *lf;

    if (s->err != OK)
        return s->err;
    s->line++;
    s->line_start = s->at = start;
    s->line_end = start;
    if (start >= s->text.n)
        return scan_fail(s, ERR_SYNTAX, start, "文件提前结束", "the document ends too early");
    lf = memchr(s->text.p + start, '\n', s->text.n - start);
    if (lf == NULL)
        return scan_fail(s, ERR_SYNTAX, s->text.n, "最后一行缺少换行符", "the last line does not end in LF");
    s->line_end = (size_t) (lf - s->text.p);
    if (s->line_end - start > DRAW_LINE_MAX)
        return scan_fail(s, ERR_LENGTH, start + DRAW_LINE_MAX, "一行过长", "the line is too long");
    return check_bytes(s);
}

bool
scan_starts(const struct scan *s, struct str keyword)
{
    struct str rest = {s->text.p + s->line_start, s->line_end - s->line_start};

    return s->err == OK && str_starts(rest, keyword) && rest.n > keyword.n && rest.p[keyword.n] == ' ';
}

/* The first byte where the line differs from what is expected. */
static size_t
difference(const struct scan *s, struct str expected)
{
    size_t i = 0;

    while (i < expected.n && s->line_start + i < s->line_end && s->text.p[s->line_start + i] == expected.p[i])
        i++;
    return s->line_start + i;
}

enum err
scan_whole(struct scan *s, struct str line)
{
    if (scan_line(s) != OK)
        return s->err;
    if (!str_eq((struct str){s->text.p + s->line_start, s->line_end - s->line_start}, line))
        return scan_fail(s, ERR_SYNTAX, difference(s, line), "不是规定的首行",
                         "not the first line of this format");
    return OK;
}

enum err
scan_key(struct scan *s, struct str keyword)
{
    if (s->err != OK)
        return s->err;
    if (!scan_starts(s, keyword))
        return scan_fail(s, ERR_SYNTAX, difference(s, keyword), "此处应为另一种行(行的种类和次序是固定的)",
                         "another kind of line is required here (their order is fixed)");
    s->at = s->line_start + keyword.n;
    return OK;
}

enum err
scan_word(struct scan *s, struct str *out)
{
    size_t from = s->at + 1, to = from;

    if (s->err != OK)
        return s->err;
    if (s->at >= s->line_end)
        return scan_fail(s, ERR_SYNTAX, s->line_end, "缺少字段", "a field is missing");
    while (to < s->line_end && s->text.p[to] != ' ')
        to++;
    if (to == from)
        return scan_fail(s, ERR_SYNTAX, from, "字段为空或空格多余", "an empty field or a blank too many");
    *out = (struct str){s->text.p + from, to - from};
    s->at = to;
    return OK;
}

enum err
scan_end(struct scan *s)
{
    if (s->err == OK && s->at != s->line_end)
        return scan_fail(s, ERR_SYNTAX, s->at, "字段多余", "more fields than the format has");
    return s->err;
}

enum err
scan_number(struct scan *s, uint64_t min, uint64_t max, uint64_t *out)
{
    struct str word;
    uint64_t v = 0;
    enum err e = scan_word(s, &word);
    size_t at = s->at - (e == OK ? word.n : 0);

    if (e != OK)
        return e;
    e = str_u64(word, max, &v);
    if (e == ERR_SYNTAX)
        return scan_fail(s, e, at, "应为不带前导零的十进制数", "not a decimal number without leading zeros");
    if (e != OK || v < min)
        return scan_fail(s, ERR_RANGE, at, "数值超出范围", "the number is out of range");
    *out = v;
    return OK;
}

enum err
scan_digest(struct scan *s, unsigned char out[static HASH_LEN])
{
    struct str word;
    enum err e = scan_word(s, &word);

    if (e == OK && (e = hex_decode(word, out, HASH_LEN)) != OK)
        return scan_fail(s, e, s->at - word.n, "应为 64 位小写十六进制摘要", "not 64 lower-case hex digits");
    return e;
}

static bool
alphanumeric(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool
draw_name_ok(struct str name)
{
    if (name.n < 1 || name.n > DRAW_NAME_MAX || !alphanumeric(name.p[0]))
        return false;
    for (size_t i = 1; i < name.n; i++)
        if (!alphanumeric(name.p[i]) && name.p[i] != '.' && name.p[i] != '_' && name.p[i] != '-')
            return false;
    return true;
}

bool
draw_id_ok(struct str id)
{
    if (id.n < 1 || id.n > DRAW_ID_MAX)
        return false;
    for (size_t i = 0; i < id.n; i++)
        if (id.p[i] < 0x21 || id.p[i] > 0x7E)
            return false;
    return true;
}

bool
draw_text_ok(struct str text, size_t max)
{
    if (text.n < 1 || text.n > max)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < 0x21 || text.p[i] > 0x7E || text.p[i] == '"' || text.p[i] == '\\')
            return false;
    return true;
}

enum err
scan_name(struct scan *s, struct str *out)
{
    if (scan_word(s, out) == OK && !draw_name_ok(*out))
        return scan_fail(s, ERR_CHARSET, s->at - out->n,
                         "名称应为 1–32 个字母、数字或 . _ -,且以字母或数字开头",
                         "a name is 1 to 32 letters, digits or . _ - and begins with a letter or digit");
    return s->err;
}

enum err
scan_text(struct scan *s, size_t max, struct str *out)
{
    if (scan_word(s, out) == OK && !draw_text_ok(*out, max))
        return scan_fail(s, ERR_CHARSET, s->at - out->n, "过长,或含有引号、反斜杠",
                         "too long, or holds a quotation mark or a backslash");
    return s->err;
}
