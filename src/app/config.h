/* app/config.h - mingqian.toml: a flat subset of TOML (docs/adr/0003) */
#ifndef MQ_CONFIG_H
#define MQ_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { APP_VALUE_BYTES = 512 };

struct app_config {
    char database[APP_VALUE_BYTES]; /* "sqlite:PATH" (made absolute) or "postgresql://…" */
    char origin[APP_VALUE_BYTES];   /* name of the log in its checkpoints */
    char name[APP_VALUE_BYTES];     /* the office, shown on the portal */
    char region[APP_VALUE_BYTES];   /* GB/T 2260 code */
    char sm2[APP_VALUE_BYTES];      /* "on": an additional SM2 line on checkpoints */
    char listen[APP_VALUE_BYTES];   /* as --listen; "" = the default */
    int64_t threads;                /* as --threads; 0 = the default */
    int64_t imports_keep_days;      /* how long an import can be undone; 0 = 90 */
    bool https, tls, quiet;         /* as --https, --tls, --quiet */
};

/* What is wrong with a configuration, or the last line that was read. */
struct config_fault {
    unsigned line; /* from 1; 0: there was none */
    char what[96]; /* the key, or what was expected */
};
/* config_parse: bare keys, basic strings, whole numbers, booleans, comments. What no key says stays as it is in *out.
 * ERR_SYNTAX; ERR_INPUT an unknown key or another type; ERR_DUPLICATE; ERR_CHARSET; ERR_RANGE; ERR_TOO_LARGE. */
MUST_USE enum err config_parse(struct str text, struct app_config *out, struct config_fault *fault);

#endif
