/* app/config.c - reading mingqian.toml */
#include "config.h"

#include <string.h>

static char *
config_slot(struct app_config *c, struct str key)
{
    const struct {
        struct str key;
        char *slot;
    } slots[] = {{STR("database"), c->database},
                 {STR("origin"), c->origin},
                 {STR("name"), c->name},
                 {STR("region"), c->region},
                 {STR("sm2"), c->sm2}};

    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
        if (str_eq(key, slots[i].key))
            return slots[i].slot;
    return NULL;
}

/* Between the quotation marks: no further one, no escape, no control byte. */
static bool
plain(struct str value)
{
    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char) value.p[i] < 0x20 || value.p[i] == '"' || value.p[i] == '\\')
            return false;
    return true;
}

static enum err
config_line(struct app_config *c, struct str line)
{
    struct str key, value;
    char *slot;

    line = str_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return OK;
    if (!str_split(line, '=', &key, &value))
        return ERR_SYNTAX;
    value = str_trim(value);
    slot = config_slot(c, str_trim(key));
    if (slot == NULL || value.n < 2 || value.p[0] != '"' || value.p[value.n - 1] != '"' ||
        !plain((struct str) {value.p + 1, value.n - 2}))
        return ERR_SYNTAX;
    if (value.n - 2 >= APP_VALUE_BYTES)
        return ERR_TOO_LARGE;
    memcpy(slot, value.p + 1, value.n - 2);
    slot[value.n - 2] = '\0';
    return OK;
}

enum err
config_parse(struct str text, struct app_config *c, unsigned *line_number)
{
    struct str line, rest = text;
    enum err e = OK;

    for (*line_number = 1; e == OK && rest.n > 0; ++*line_number) {
        str_split(rest, '\n', &line, &rest);
        e = config_line(c, line);
    }
    --*line_number;
    return e;
}
