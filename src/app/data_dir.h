/* app/data_dir.h - the data directory: configuration, keys, database, files.
 *
 *   DIR/mingqian.toml           database = "sqlite:mingqian.db" | "postgresql://…"; origin = "…"; name = "…"; region = "411500";
 *                               listen = "127.0.0.1:8080"; threads = 4; https = true; quiet = false
 *   DIR/mingqian.db             the embedded database
 *   DIR/keys/                   log.key (0600), log.vkey; account.key (second factors), draw.key (unannounced draws), person.key
 *   DIR/draws/<draw>/<attempt>/ files of draws ("/" in the draw number becomes "-")
 *   DIR/log/                    checkpoint and tiles
 */
#ifndef MQ_DATA_DIR_H
#define MQ_DATA_DIR_H

#include "cli.h"
#include "config.h"
#include "mod/ctx.h"

enum { APP_ARENA_BYTES = 64 << 20, APP_PATH_BYTES = 1024 };

struct app {
    char dir[APP_PATH_BYTES]; /* absolute */
    struct app_config config;
    struct db *db;
    struct arena arena;
    void *arena_block;
    struct ctx ctx; /* clock, entropy, actor "cli:<user name>" set */
};

/*
 * app_open: find the directory (args->dir, MINGQIAN_DIR), read the configuration, open the database, check its
 * schema. Prints the reason and returns the error. app_close(NULL-safe) frees everything.
 * ERR_USAGE no directory named; ERR_NOT_FOUND not a data directory; ERR_STATE an init did not finish it; ERR_SYNTAX configuration; ERR_SCHEMA.
 */
MUST_USE enum err app_open(const struct cli_args *args, struct app *app);
/* app_open_unfinished: the same for `init`, which alone may open a directory that an init did not finish. */
MUST_USE enum err app_open_unfinished(const struct cli_args *args, struct app *app);
/*
 * app_finish: after an act: sequence the journal into the log and sign a checkpoint, then close.
 * Returns the exit status for e (an error of the act itself is kept).
 */
int app_finish(const struct cli_args *args, struct app *app, enum err e, const char *place);
void app_close(struct app *app);

/* app_read_config: parse DIR/mingqian.toml without opening the database. */
MUST_USE enum err app_read_config(const char *dir, struct app_config *config);
/* app_entropy: the system's random bytes (getrandom). */
MUST_USE enum err app_entropy(void *out, size_t n_bytes);
int64_t app_now_us(void); /* MINGQIAN_NOW (seconds since 1970, for tests and demonstrations) or the system clock */

#endif
