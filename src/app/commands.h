/* app/commands.h - the functions that commands.def names */
#ifndef MQ_COMMANDS_H
#define MQ_COMMANDS_H

#include "cli.h"

#define COMMAND(noun, verb, run, usage, zh, en, example)                                                        \
    int run(const struct cli_command *self, int argc, char **argv);
#include "commands.def"
#undef COMMAND

#endif
