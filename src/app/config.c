/* app/config.c - mingqian.toml: the part of TOML that a flat list of settings needs */
#include "config.h"

#include <stdio.h>
#include <string.h>

enum { SETTINGS_MAX = 16, NUMBER_MAX = 1000000 };

enum kind { TEXT, NUMBER, FLAG };
struct setting {
    const char *key;
    enum kind kind;
    void *slot;
};

static size_t
settings(struct app_config *c, struct setting out[static SETTINGS_MAX])
{
    const struct setting all[] = {{"database", TEXT, c->database}, {"origin", TEXT, c->origin}, {"name", TEXT, c->name},
                                  {"region", TEXT, c->region},     {"sm2", TEXT, c->sm2},       {"listen", TEXT, c->listen},
                                  {"threads", NUMBER, &c->threads}, {"imports_keep_days", NUMBER, &c->imports_keep_days}, {"https", FLAG, &c->https}, {"tls", FLAG, &c->tls}, {"quiet", FLAG, &c->quiet}};

    memcpy(out, all, sizeof all);
    return sizeof all / sizeof *all;
}

static enum err
wrong(struct config_fault *f, enum err e, const char *what, struct str detail)
{
    snprintf(f->what, sizeof f->what, "%s%.*s", what, (int) (detail.n > 48 ? 48 : detail.n), detail.n == 0 ? "" : detail.p);
    return e;
}

/* One character behind a backslash. */
static bool
unescape(char ch, char *out)
{
    static const char FROM[] = "\"\\bfnrt", TO[] = "\"\\\b\f\n\r\t";
    const char *at = ch == '\0' ? NULL : strchr(FROM, ch);

    if (at != NULL)
        *out = TO[at - FROM];
    return at != NULL;
}

/* A basic string from its quote on; *rest is what follows it. */
static enum err
read_text(struct str s, char out[static APP_VALUE_BYTES], struct str *rest, struct config_fault *f)
{
    size_t n = 0, i = 1;

    for (; i < s.n && s.p[i] != '"'; i++) {
        char ch = s.p[i];

        if (ch == '\\' && (i + 1 == s.n || !unescape(s.p[++i], &ch)))
            return wrong(f, ERR_SYNTAX, "\\", (struct str) {NULL, 0});
        if ((unsigned char) s.p[i] < ' ')
            return wrong(f, ERR_CHARSET, "", (struct str) {NULL, 0});
        if (n + 1 == APP_VALUE_BYTES)
            return wrong(f, ERR_TOO_LARGE, "", (struct str) {NULL, 0});
        out[n++] = ch;
    }
    if (i >= s.n)
        return wrong(f, ERR_SYNTAX, "\"", (struct str) {NULL, 0});
    out[n] = '\0';
    *rest = (struct str) {s.p + i + 1, s.n - i - 1};
    return OK;
}

/* The characters up to a blank or a comment. */
static struct str
word(struct str s, struct str *rest)
{
    size_t n = 0;

    while (n < s.n && s.p[n] != ' ' && s.p[n] != '\t' && s.p[n] != '#')
        n++;
    *rest = (struct str) {s.p + n, s.n - n};
    return (struct str) {s.p, n};
}

static enum err
read_value(const struct setting *set, struct str value, struct str *rest, struct config_fault *f)
{
    struct str w;
    uint64_t number;

    if (set->kind == TEXT)
        return value.n > 0 && value.p[0] == '"' ? read_text(value, set->slot, rest, f)
                                                : wrong(f, ERR_INPUT, "\"…\": ", str_of(set->key));
    w = word(value, rest);
    if (set->kind == NUMBER) {
        if (str_u64(w, INT64_MAX, &number) != OK)
            return wrong(f, ERR_INPUT, "0, 1, 2 …: ", str_of(set->key));
        if (number > NUMBER_MAX)
            return wrong(f, ERR_RANGE, set->key, (struct str) {NULL, 0});
        *(int64_t *) set->slot = (int64_t) number;
        return OK;
    }
    if (!str_eq(w, STR("true")) && !str_eq(w, STR("false")))
        return wrong(f, ERR_INPUT, "true, false: ", str_of(set->key));
    *(bool *) set->slot = str_eq(w, STR("true"));
    return OK;
}

static enum err
read_line(const struct setting *all, size_t count, struct str line, bool seen[static SETTINGS_MAX], struct config_fault *f)
{
    struct str key, value, rest;
    size_t i = 0;
    enum err e;

    line = str_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return OK;
    if (!str_split(line, '=', &key, &value))
        return wrong(f, ERR_SYNTAX, "=", (struct str) {NULL, 0});
    key = str_trim(key);
    while (i < count && !str_eq(key, str_of(all[i].key)))
        i++;
    if (i == count)
        return wrong(f, ERR_INPUT, "? ", key);
    if (seen[i])
        return wrong(f, ERR_DUPLICATE, "", key);
    seen[i] = true;
    if ((e = read_value(&all[i], str_trim(value), &rest, f)) != OK)
        return e;
    rest = str_trim(rest);
    return rest.n == 0 || rest.p[0] == '#' ? OK : wrong(f, ERR_SYNTAX, "", rest);
}

enum err
config_parse(struct str text, struct app_config *c, struct config_fault *fault)
{
    struct setting all[SETTINGS_MAX];
    size_t count = settings(c, all);
    bool seen[SETTINGS_MAX] = {false};
    struct str line, rest = text;
    enum err e = OK;

    *fault = (struct config_fault) {.line = 0};
    for (unsigned n = 1; e == OK && rest.n > 0; n++) {
        str_split(rest, '\n', &line, &rest);
        fault->line = n;
        e = read_line(all, count, line, seen, fault);
    }
    return e;
}
