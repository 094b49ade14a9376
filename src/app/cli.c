/* app/cli.c - the manners of cli.h and the table of commands */
#include "cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"

static int language; /* 0 not decided, 1 Chinese, 2 English: set once by the options */
static bool refused; /* the one JSON document of a failure is out */
static volatile sig_atomic_t stop_seen;

bool
cli_chinese(void)
{
    static const char *const NAMES[] = {"MINGQIAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; language == 0 && i < sizeof NAMES / sizeof *NAMES; i++) {
        const char *v = getenv(NAMES[i]);

        if (v != NULL && *v != '\0')
            language = strncmp(v, "en", 2) == 0 || strcmp(v, "C") == 0 || strcmp(v, "POSIX") == 0 ? 2 : 1;
    }
    return language != 2;
}

const char *
cli_text(const char *zh, const char *en)
{
    return cli_chinese() ? zh : en;
}

bool
cli_colour(int fd)
{
    const char *no = getenv("NO_COLOR");

    return (no == NULL || *no == '\0') && isatty(fd) != 0;
}

void
cli_json_string(struct str s)
{
    enum { PIECE = 64 };
    char out[6 * PIECE + 2];

    putchar('"');
    while (s.n > 0) { /* pieces end between characters */
        size_t n = s.n < PIECE ? s.n : PIECE;
        struct buf b = buf_over(out, sizeof out);

        while (n < s.n && n > 1 && ((unsigned char) s.p[n] & 0xC0) == 0x80)
            n--;
        buf_json(&b, (struct str) {s.p, n});
        fwrite(out + 1, 1, b.n - 2, stdout);
        s = (struct str) {s.p + n, s.n - n};
    }
    putchar('"');
}

int
cli_fail(const struct cli_args *args, enum err e, const char *place, const char *detail)
{
    const char *text = cli_text(err_zh(e), err_en(e));

    if (args != NULL && args->json && !refused) {
        refused = true;
        printf("{\"error\":{\"code\":\"%s\",\"text\":", err_name(e));
        cli_json_string(str_of(text));
        fputs(",\"place\":", stdout);
        cli_json_string(str_of(place == NULL ? "" : place));
        fputs(",\"detail\":", stdout);
        cli_json_string(str_of(detail == NULL ? "" : detail));
        puts("}}");
    }
    fprintf(stderr, "mingqian: %s%s%s (%s)%s%s\n", place == NULL ? "" : place, place == NULL ? "" : ": ", text,
            err_name(e), detail == NULL ? "" : ": ", detail == NULL ? "" : detail);
    return err_exit_status(e);
}

/* --- options -------------------------------------------------------------------------------------------------- */

static void
print_option(const char *name, const char *value, const char *text)
{
    printf("  --%s%s%-*s %s\n", name, value == NULL ? "" : " ",
           (int) (24 - strlen(name) - (value == NULL ? 0 : 1)), value == NULL ? "" : value, text);
}

static void
print_help(const struct cli_command *self, const struct cli_option *options, size_t option_count)
{
    printf("mingqian %s%s%s %s\n\n%s\n\n", self->noun, self->verb == NULL ? "" : " ",
           self->verb == NULL ? "" : self->verb, self->usage, cli_text(self->zh, self->en));
    for (size_t i = 0; i < option_count; i++)
        print_option(options[i].name, options[i].value, cli_text(options[i].zh, options[i].en));
    print_option("dir", "DIR", cli_text("数据目录(或环境变量 MINGQIAN_DIR)", "data directory (or MINGQIAN_DIR)"));
    print_option("json", NULL, cli_text("输出一个 JSON 文档", "one JSON document on standard output"));
    print_option("lang", "zh|en", cli_text("语言", "language"));
    if (self->example != NULL)
        printf("\n%s\n  %s\n", cli_text("例:", "Example:"), self->example);
}

/* Takes a common option; returns how many arguments it used (0 = not a common one). */
static int
common_option(struct cli_args *args, const char *name, const char *inline_value, const char *next)
{
    const char *value = inline_value != NULL ? inline_value : next;
    int used = inline_value != NULL ? 1 : 2;

    if (strcmp(name, "json") == 0)
        return args->json = true, 1;
    if (strcmp(name, "yes") == 0)
        return args->yes = true, 1;
    if (strcmp(name, "dir") == 0 && value != NULL)
        return args->dir = value, used;
    if (strcmp(name, "lang") == 0 && value != NULL)
        return language = strcmp(value, "en") == 0 ? 2 : 1, used;
    return 0;
}

/* Takes an option of the command; returns how many arguments it used, 0 when it is unknown or malformed. */
static int
own_option(struct cli_args *args, const char *name, const char *inline_value, const char *next)
{
    for (size_t i = 0; i < args->option_count; i++) {
        const struct cli_option *o = &args->options[i];
        const char *value = o->value == NULL ? "" : inline_value != NULL ? inline_value : next;

        if (strcmp(o->name, name) != 0)
            continue;
        if (value == NULL || args->value_counts[i] == CLI_REPEAT_MAX || (o->value == NULL && inline_value != NULL))
            return 0;
        args->values[i][args->value_counts[i]++] = value;
        return o->value == NULL || inline_value != NULL ? 1 : 2;
    }
    return 0;
}

/* Reads argv[i], an option; returns how many arguments it used, 0 when it cannot be understood. */
static int
take_option(struct cli_args *args, int argc, char **argv, int i)
{
    static char name[64]; /* a command line is parsed once, by one thread */
    const char *text = argv[i] + 2, *equals = strchr(text, '=');
    size_t n = equals == NULL ? strlen(text) : (size_t) (equals - text);
    const char *next = i + 1 < argc ? argv[i + 1] : NULL;
    int used;

    if (n >= sizeof name)
        return 0;
    memcpy(name, text, n);
    name[n] = '\0';
    used = own_option(args, name, equals == NULL ? NULL : equals + 1, next);
    return used != 0 ? used : common_option(args, name, equals == NULL ? NULL : equals + 1, next);
}

static bool
take_all(struct cli_args *args, int argc, char **argv, const char **bad)
{
    bool options_over = false;

    for (int i = 0; i < argc;) {
        int used = 1;

        if (!options_over && strcmp(argv[i], "--") == 0)
            options_over = true;
        else if (!options_over && strncmp(argv[i], "--", 2) == 0)
            used = take_option(args, argc, argv, i);
        else if (args->positional_count < CLI_POSITIONAL_MAX)
            args->positional[args->positional_count++] = argv[i];
        else
            used = 0;
        if (used == 0) {
            *bad = argv[i];
            return false;
        }
        i += used;
    }
    return true;
}

/* Whether one of two words stands among the options. */
static bool
has_word(int argc, char **argv, const char *a, const char *b)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], a) == 0 || strcmp(argv[i], b) == 0)
            return true;
    return false;
}

bool
cli_parse(const struct cli_command *self, const struct cli_option *options, size_t option_count, size_t min,
          size_t max, int argc, char **argv, struct cli_args *args, int *exit_status)
{
    const char *bad = NULL;

    *args = (struct cli_args) {.options = options, .option_count = option_count};
    args->dir = getenv("MINGQIAN_DIR");
    args->json = has_word(argc, argv, "--json", "--json"); /* before anything can be refused */
    if (has_word(argc, argv, "--help", "-h")) {
        print_help(self, options, option_count);
        *exit_status = 0;
        return false;
    }
    if (!take_all(args, argc, argv, &bad)) {
        *exit_status = cli_fail(args, ERR_USAGE, bad, cli_text("不认识的选项或缺少值", "unknown option or no value"));
        return false;
    }
    if (args->positional_count < min || args->positional_count > max) {
        *exit_status = cli_fail(args, ERR_USAGE, self->noun, self->usage);
        return false;
    }
    return true;
}

const char *const *
cli_values(const struct cli_args *args, const char *name, size_t *count)
{
    for (size_t i = 0; i < args->option_count; i++)
        if (strcmp(args->options[i].name, name) == 0) {
            *count = args->value_counts[i];
            return args->values[i];
        }
    *count = 0;
    return NULL;
}

const char *
cli_value(const struct cli_args *args, const char *name)
{
    size_t count;
    const char *const *values = cli_values(args, name, &count);

    return count == 0 ? NULL : values[0];
}

bool
cli_has(const struct cli_args *args, const char *name)
{
    return cli_value(args, name) != NULL;
}

bool
cli_number(const struct cli_args *args, const char *name, uint64_t max, uint64_t fallback, uint64_t *out)
{
    const char *value = cli_value(args, name);
    enum err e;

    *out = fallback;
    if (value == NULL)
        return true;
    if ((e = str_u64(str_of(value), max, out)) != OK) {
        (void) cli_fail(args, e, name, value);
        return false;
    }
    return true;
}

/* --- progress, signals ------------------------------------------------------------------------------------------ */

struct cli_progress
cli_progress_start(const struct cli_args *args, const char *label, uint64_t total)
{
    return (struct cli_progress) {label, total, 0, isatty(2) != 0, args != NULL && args->json};
}

void
cli_progress_step(struct cli_progress *p, uint64_t done)
{
    uint64_t percent = p->total == 0 ? 100 : done * 100 / p->total;

    if (p->quiet || percent < p->last_percent + (p->bar ? 1 : 10))
        return;
    p->last_percent = percent;
    if (p->bar)
        fprintf(stderr, "\r%s [%-25.*s] %3u%%", p->label, (int) (percent / 4), "=========================",
                (unsigned) percent);
    else
        fprintf(stderr, "%s %u%%\n", p->label, (unsigned) percent);
}

void
cli_progress_end(struct cli_progress *p)
{
    if (!p->quiet && p->bar && p->last_percent > 0)
        fputc('\n', stderr);
}

static void
on_stop(int signal_number)
{
    stop_seen = signal_number;
}

void
cli_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_stop};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool
cli_cancelled(void)
{
    return stop_seen != 0;
}

/* --- the table of commands ------------------------------------------------------------------------------------------ */

static const struct cli_command COMMANDS[] = {
#define COMMAND(noun, verb, run, usage, zh, en, example) {noun, verb, run, usage, zh, en, example},
#include "commands.def"
#undef COMMAND
};
enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS };

static int
print_overview(int exit_status)
{
    FILE *out = exit_status == 0 ? stdout : stderr;

    fprintf(out, "mingqian %s - %s\n\n", MQ_VERSION,
            cli_text("明签:任何人都能重算的双随机、一公开", "random inspections that anyone can re-run"));
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct cli_command *c = &COMMANDS[i];

        fprintf(out, "  %-9s %-10s %s\n", c->noun, c->verb == NULL ? "" : c->verb, cli_text(c->zh, c->en));
    }
    fprintf(out, "\n%s\n", cli_text("每个命令都有 --help。", "Every command has --help."));
    return exit_status;
}

/* The command that argv names; *used is how many words its name has. */
static const struct cli_command *
find_command(int argc, char **argv, int *used)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct cli_command *c = &COMMANDS[i];

        if (argc < 1 || strcmp(c->noun, argv[0]) != 0)
            continue;
        *used = c->verb == NULL ? 1 : 2;
        if (c->verb == NULL || (argc > 1 && strcmp(c->verb, argv[1]) == 0))
            return c;
    }
    return NULL;
}

static int
print_noun(int argc, char **argv)
{
    const struct cli_args args = {.json = has_word(argc, argv, "--json", "--json")};
    const char *noun = argv[0];
    bool found = false;

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(COMMANDS[i].noun, noun) == 0) {
            fprintf(stderr, "  mingqian %s %s %s\n", noun, COMMANDS[i].verb == NULL ? "" : COMMANDS[i].verb,
                    COMMANDS[i].usage);
            found = true;
        }
    if (found && has_word(argc, argv, "--help", "-h"))
        return 0;
    return cli_fail(&args, ERR_USAGE, noun, cli_text("没有这个命令", "no such command"));
}

int
main(int argc, char **argv)
{
    int used = 0;
    const struct cli_command *command;

    if (argc < 2)
        return print_overview(err_exit_status(ERR_USAGE));
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return print_overview(0);
    if (strcmp(argv[1], "--version") == 0)
        return printf("mingqian %s\n", MQ_VERSION) < 0 ? 5 : 0;
    command = find_command(argc - 1, argv + 1, &used);
    if (command == NULL)
        return print_noun(argc - 1, argv + 1);
    return command->run(command, argc - 1 - used, argv + 1 + used);
}
