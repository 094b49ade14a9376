/* app/cmd_manual.c - the manual page and the shell completion, both from commands.def */
#include <stdio.h>
#include <string.h>

#include "commands.h"

static const struct cli_command COMMANDS[] = {
#define COMMAND(noun, verb, run, usage, zh, en, example) {noun, verb, run, usage, zh, en, example},
#include "commands.def"
#undef COMMAND
};
enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS };

/* Text in roff: a backslash, and a dot or an apostrophe at the start of a line, would be read as commands. */
static void
roff(const char *text)
{
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (i == 0 && (text[i] == '.' || text[i] == '\''))
            fputs("\\&", stdout);
        if (text[i] == '-')
            putchar('\\');
        fputs(text[i] == '\\' ? "\\e" : (char[]) {text[i], '\0'}, stdout);
    }
    putchar('\n');
}

static void
roff_command(const struct cli_command *c)
{
    fputs(".TP\n.B mingqian ", stdout);
    fputs(c->noun, stdout);
    printf("%s%s\n", c->verb == NULL ? "" : " ", c->verb == NULL ? "" : c->verb);
    if (*c->usage != '\0')
        roff(c->usage);
    if (*c->usage != '\0')
        puts(".br");
    roff(cli_text(c->zh, c->en));
    if (c->example != NULL) {
        puts(".br");
        roff(c->example);
    }
}

int
cmd_man(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    int status = 0;

    if (!cli_parse(self, NULL, 0, 0, 0, argc, argv, &args, &status))
        return status;
    printf(".TH MINGQIAN 1 \"\" \"mingqian %s\"\n.SH NAME\nmingqian \\- %s\n", MQ_VERSION,
           cli_text("任何人都能重算的双随机、一公开", "random inspections that anyone can re-run"));
    printf(".SH SYNOPSIS\n.B mingqian\n.I NOUN VERB\n[\\-\\-dir DIR] [\\-\\-json] [\\-\\-lang zh|en]\n.SH COMMANDS\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        roff_command(&COMMANDS[i]);
    puts(".SH ENVIRONMENT\n.TP\n.B MINGQIAN_DIR\ndata directory\n.TP\n.B MINGQIAN_LANG\nzh or en\n.TP\n.B NO_COLOR\nno colours");
    puts(".SH EXIT STATUS\n0 ok, 1 a check failed, 2 usage or bad input, 3 not found, 4 conflict, 5 input/output");
    return 0;
}

/* Is this the first command of its noun? */
static bool
first_of_noun(size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(COMMANDS[i].noun, COMMANDS[index].noun) == 0)
            return false;
    return true;
}

int
cmd_completion(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    int status = 0;

    if (!cli_parse(self, NULL, 0, 0, 0, argc, argv, &args, &status))
        return status;
    fputs("_mingqian() {\n    local words=\"\"\n    case $COMP_CWORD:${COMP_WORDS[1]} in\n    1:*) words=\"", stdout);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (first_of_noun(i))
            printf("%s ", COMMANDS[i].noun);
    puts("\" ;;");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (!first_of_noun(i) || COMMANDS[i].verb == NULL)
            continue;
        printf("    2:%s) words=\"", COMMANDS[i].noun);
        for (size_t k = i; k < COMMAND_COUNT; k++)
            if (strcmp(COMMANDS[k].noun, COMMANDS[i].noun) == 0 && COMMANDS[k].verb != NULL)
                printf("%s ", COMMANDS[k].verb);
        puts("\" ;;");
    }
    puts("    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))");
    puts("    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"))");
    puts("}\ncomplete -o filenames -F _mingqian mingqian");
    return 0;
}
