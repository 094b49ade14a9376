/* app/cmd_flow.h - shared by the commands of plans, tasks, draws, matching and results */
#ifndef MQ_CMD_FLOW_H
#define MQ_CMD_FLOW_H

#include <stdio.h>

#include "commands.h"
#include "data_dir.h"

struct flow_options {
    const struct cli_option *list;
    size_t count;
    size_t positional_min, positional_max;
};
/* One command: what it was asked, the open data directory. */
struct flow {
    struct cli_args args;
    struct app app;
};

/* flow_open: parse and open. False when the command is finished with *status. */
bool flow_open(struct flow *f, const struct cli_command *self, struct flow_options o, int argc, char **argv, int *status);
/* flow_close: sequence the journal, say what went wrong; the exit status. */
int flow_close(struct flow *f, enum err e, const char *place);
/* flow_arg: positional argument i as a text; absent when it was not given. flow_value: the same for an option. */
struct str flow_arg(const struct flow *f, size_t i);
struct str flow_value(const struct flow *f, const char *name);
/* flow_read: a whole text file into the arena, "-" is standard input. ERR_NOT_FOUND, ERR_TOO_LARGE, ERR_IO. */
MUST_USE enum err flow_read(struct flow *f, const char *path, struct str *out);

/* One answer: {"name": …} with --json, "name: …" lines otherwise. */
struct flow_answer {
    bool json, any;
};
struct flow_answer flow_answer(const struct flow *f);
void flow_say(struct flow_answer *a, const char *name, struct str value); /* absent: null, or left out */
void flow_say_number(struct flow_answer *a, const char *name, int64_t value);
void flow_say_day(struct flow_answer *a, const char *name, struct opt_i64 day);
/* flow_say_raw: a value that is JSON already. */
void flow_say_raw(struct flow_answer *a, const char *name, struct str json);
void flow_say_end(struct flow_answer *a);

#endif
