/* fuzz_config - mingqian.toml (app/config.h): what was understood, written again, is understood the same */
#include "fuzz.h"

#include "app/config.h"

static void
put(struct buf *b, const char *key, const char *value)
{
    demand(strlen(value) < APP_VALUE_BYTES && strpbrk(value, "\"\\\n\r") == NULL);
    buf_z(b, key);
    buf_z(b, " = \"");
    buf_z(b, value);
    buf_z(b, "\"\n");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct app_config once = {.database = ""}, twice = {.database = ""};
    char text[8 * APP_VALUE_BYTES];
    struct buf b = buf_over(text, sizeof text);
    unsigned line = 0;

    if (config_parse((struct str) {(const char *) data, size}, &once, &line) != OK) {
        demand(line >= 1);
        return 0;
    }
    put(&b, "database", once.database);
    put(&b, "origin", once.origin);
    put(&b, "name", once.name);
    put(&b, "region", once.region);
    put(&b, "sm2", once.sm2);
    demand(!b.overflow && config_parse(buf_view(&b), &twice, &line) == OK && line == 5);
    demand(strcmp(once.database, twice.database) == 0 && strcmp(once.origin, twice.origin) == 0 &&
           strcmp(once.name, twice.name) == 0 && strcmp(once.region, twice.region) == 0 && strcmp(once.sm2, twice.sm2) == 0);
    return 0;
}
