/* app/cli.h - manners of the command line, shared by every cmd_*.c.
 * Human text by default, --json one document on standard output, progress on standard error;
 * exit status 0 ok, 1 a check failed, 2 usage or bad input, 3 not found, 4 conflict, 5 input/output. */
#ifndef MQ_CLI_H
#define MQ_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { CLI_OPTIONS_MAX = 32, CLI_POSITIONAL_MAX = 256, CLI_REPEAT_MAX = 64 };

/* One option of one command. Options common to all commands are added by cli_parse: --dir DIR, --json,
 * --lang zh|en, --yes, --help. */
struct cli_option {
    const char *name;  /* without the dashes: "require-log" */
    const char *value; /* word for the value in the help, NULL for a switch */
    const char *zh, *en;
};

struct cli_command {
    const char *noun, *verb; /* verb NULL: the noun alone is the command */
    int (*run)(const struct cli_command *self, int argc, char **argv); /* argv after noun and verb */
    const char *usage;       /* "DIR [--require-log]" */
    const char *zh, *en;     /* one line */
    const char *example;     /* one full command line, or NULL */
};

struct cli_args {
    const char *positional[CLI_POSITIONAL_MAX];
    size_t positional_count;
    const struct cli_option *options; /* as given to cli_parse */
    size_t option_count;
    const char *values[CLI_OPTIONS_MAX][CLI_REPEAT_MAX]; /* by option, in the order given; "" for a switch */
    size_t value_counts[CLI_OPTIONS_MAX];
    const char *dir; /* --dir, MINGQIAN_DIR or NULL */
    bool json, yes;
};

/*
 * cli_parse: sort argv into args. Prints the help on --help and the reason on an error.
 * Returns true to go on; false when the command is finished with *exit_status.
 */
bool cli_parse(const struct cli_command *self, const struct cli_option *options, size_t option_count, size_t min,
               size_t max, int argc, char **argv, struct cli_args *args, int *exit_status);
/* cli_value: the first value of --name, or NULL. cli_has: was it given. */
const char *cli_value(const struct cli_args *args, const char *name);
bool cli_has(const struct cli_args *args, const char *name);
/* cli_values: all values of --name; *count may be 0. */
const char *const *cli_values(const struct cli_args *args, const char *name, size_t *count);
/* cli_number: --name as a decimal number 0..max, otherwise fallback. Prints the reason and returns false if bad. */
bool cli_number(const struct cli_args *args, const char *name, uint64_t max, uint64_t fallback, uint64_t *out);

bool cli_chinese(void);                               /* by --lang, MINGQIAN_LANG, LC_ALL, LC_MESSAGES, LANG */
const char *cli_text(const char *zh, const char *en); /* the one to show */
bool cli_colour(int fd);                              /* a terminal and no NO_COLOR */

/*
 * cli_fail: say what went wrong and where, return the exit status.
 * "mingqian: PLACE: text (CODE): detail"; with args->json {"error": {...}} on standard output.
 * place and detail may be NULL. args may be NULL. Called again, it adds only to standard error: one document.
 */
int cli_fail(const struct cli_args *args, enum err e, const char *place, const char *detail);

/* Progress of long work on standard error: a bar on a terminal, a line every 10 % elsewhere, nothing with --json. */
struct cli_progress {
    const char *label;
    uint64_t total, last_percent;
    bool bar, quiet;
};
struct cli_progress cli_progress_start(const struct cli_args *args, const char *label, uint64_t total);
void cli_progress_step(struct cli_progress *p, uint64_t done);
void cli_progress_end(struct cli_progress *p);

/* cli_cancelled: SIGINT or SIGTERM was seen since cli_catch_signals(); long work asks at safe points. */
void cli_catch_signals(void);
bool cli_cancelled(void);

/* cli_json_string: s as a JSON string with quotes into standard output. */
void cli_json_string(struct str s);

#endif
