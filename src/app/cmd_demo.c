/* app/cmd_demo.c - mingqian demo generate: rows of the city that does not exist (demo/city.h), as CSV */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "demo/city.h"

enum { OUT_BYTES = 1 << 20 };

static const struct cli_option options[] = {
    {"scale", "N", "市场主体数,默认 20000(可写 1k 20k 550k 10M)",
     "number of firms, default 20000 (1k 20k 550k 10M)"},
    {"seed", "N", "种子,默认 1", "seed, default 1"},
    {"from", "I", "从第几行开始,从 0 数起", "first row, counted from 0"},
    {"count", "N", "多少行,默认到末尾", "how many rows, default to the end"},
    {"no-header", NULL, "不写表头", "without the header line"},
};

static enum err
flush(struct buf *b)
{
    size_t n = b->n;

    b->n = 0;
    if (fwrite(b->p, 1, n, stdout) == n)
        return OK;
    return errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
}

static enum err
write_rows(const struct city *c, enum city_kind kind, uint64_t from, uint64_t to, bool header, struct buf *b)
{
    enum err e = OK;

    if (header)
        buf_str(b, city_header(kind));
    for (uint64_t i = from; i < to && e == OK; i++) {
        city_row(c, kind, i, b);
        if (b->size_bytes - b->n < CITY_ROW_BYTES)
            e = flush(b);
    }
    if (e == OK)
        e = flush(b);
    if (e == OK && fflush(stdout) != 0)
        e = errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    return e;
}

static enum err
run(const struct cli_args *args, struct city *c, enum city_kind *kind, uint64_t *from, uint64_t *to)
{
    const char *scale = cli_value(args, "scale");
    uint64_t n = 20000, seed = 1, count;
    enum err e = city_kind_of(str_of(args->positional[0]), kind);

    if (e != OK)
        return e;
    if (scale != NULL && (e = city_scale_parse(str_of(scale), &n)) != OK)
        return e;
    if (!cli_number(args, "seed", UINT64_MAX, 1, &seed) || !cli_number(args, "from", UINT64_MAX, 0, from))
        return ERR_USAGE;
    e = city_init(c, seed, n);
    if (e != OK)
        return e;
    count = city_count(c, *kind);
    if (*from > count)
        return ERR_RANGE;
    if (!cli_number(args, "count", UINT64_MAX, count - *from, to))
        return ERR_USAGE;
    *to = *from + (*to < count - *from ? *to : count - *from);
    return OK;
}

int
cmd_demo_generate(const struct cli_command *self, int argc, char **argv)
{
    struct city city;
    struct cli_args args;
    enum city_kind kind;
    uint64_t from = 0, to = 0;
    struct buf b;
    char *out;
    int status = 0;
    enum err e;

    if (!cli_parse(self, options, sizeof options / sizeof *options, 1, 1, argc, argv, &args, &status))
        return status;
    e = run(&args, &city, &kind, &from, &to);
    if (e != OK)
        return e == ERR_USAGE ? err_exit_status(e) : cli_fail(&args, e, args.positional[0], NULL);
    out = malloc(OUT_BYTES);
    if (out == NULL)
        return cli_fail(&args, ERR_MEMORY, NULL, NULL);
    b = buf_over(out, OUT_BYTES);
    e = write_rows(&city, kind, from, to, !cli_has(&args, "no-header"), &b);
    free(out);
    return e == OK ? 0 : cli_fail(&args, e, "stdout", NULL);
}
