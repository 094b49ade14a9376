/* app/cmd_version.c - mingqian version */
#include <stdio.h>

#include "commands.h"

int
cmd_version(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    int status = 0;

    if (!cli_parse(self, NULL, 0, 0, 0, argc, argv, &args, &status))
        return status;
    printf(args.json ? "{\"version\":\"%s\"}\n" : "mingqian %s\n", MQ_VERSION);
    return 0;
}
