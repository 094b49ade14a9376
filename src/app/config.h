/* app/config.h - mingqian.toml: the strings of a TOML file (key = "value", comments, blank lines) */
#ifndef MQ_CONFIG_H
#define MQ_CONFIG_H

#include "base/err.h"
#include "base/str.h"

enum { APP_VALUE_BYTES = 512 };

struct app_config {
    char database[APP_VALUE_BYTES]; /* "sqlite:PATH" (made absolute) or "postgresql://…" */
    char origin[APP_VALUE_BYTES];   /* name of the log in its checkpoints */
    char name[APP_VALUE_BYTES];     /* the office, shown on the portal */
    char region[APP_VALUE_BYTES];   /* GB/T 2260 code */
    char sm2[APP_VALUE_BYTES];      /* "on": an additional SM2 line on checkpoints */
};

/* config_parse: the keys that are there; the others stay. ERR_SYNTAX another key, or not a string; ERR_TOO_LARGE. *line: the
 * last one read, from 1. */
MUST_USE enum err config_parse(struct str text, struct app_config *out, unsigned *line);

#endif
