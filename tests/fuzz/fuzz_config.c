/* fuzz_config - mingqian.toml (app/config.h): what was understood, written again, is understood the same */
#include "fuzz.h"

#include "app/config.h"

/* A text as it is written: quotes, backslashes and control characters behind a backslash. */
static void
put(struct buf *b, const char *key, const char *value)
{
    static const char CODES[] = "\b\f\n\r\t", LETTERS[] = "bfnrt";

    demand(strlen(value) < APP_VALUE_BYTES);
    buf_z(b, key);
    buf_z(b, " = \"");
    for (const char *p = value; *p != '\0'; p++) {
        const char *at = strchr(CODES, *p);

        demand(at != NULL || (unsigned char) *p >= ' ');
        if (at != NULL || *p == '"' || *p == '\\')
            buf_z(b, "\\");
        buf_add(b, at != NULL ? &LETTERS[at - CODES] : p, 1);
    }
    buf_z(b, "\"\n");
}

static void
put_rest(struct buf *b, const struct app_config *c)
{
    buf_z(b, "threads = ");
    buf_i64(b, c->threads);
    buf_z(b, c->https ? "\nhttps = true\n" : "\nhttps = false\n");
    buf_z(b, c->quiet ? "quiet = true\n" : "quiet = false\n");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct app_config once = {.database = ""}, twice = {.database = ""};
    static char text[16 * APP_VALUE_BYTES];
    struct buf b = buf_over(text, sizeof text);
    struct config_fault fault;

    if (config_parse((struct str) {(const char *) data, size}, &once, &fault) != OK) {
        demand(fault.line >= 1);
        return 0;
    }
    put(&b, "database", once.database);
    put(&b, "origin", once.origin);
    put(&b, "name", once.name);
    put(&b, "region", once.region);
    put(&b, "sm2", once.sm2);
    put(&b, "listen", once.listen);
    put_rest(&b, &once);
    demand(!b.overflow && config_parse(buf_view(&b), &twice, &fault) == OK && fault.line == 9);
    demand(strcmp(once.database, twice.database) == 0 && strcmp(once.origin, twice.origin) == 0 &&
           strcmp(once.name, twice.name) == 0 && strcmp(once.region, twice.region) == 0 && strcmp(once.sm2, twice.sm2) == 0);
    demand(strcmp(once.listen, twice.listen) == 0 && once.threads == twice.threads && once.https == twice.https &&
           once.quiet == twice.quiet);
    return 0;
}
