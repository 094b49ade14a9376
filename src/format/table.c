/* format/table.c - which reader a file needs is told by its first bytes, not by its name */
#include "format/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format/csv.h"
#include "format/xlsx.h"

struct table_reader {
    FILE *f;
    struct csv_reader *csv; /* one of the two */
    struct xlsx_reader *xlsx;
};

static bool
is_zip(FILE *f)
{
    char magic[4] = {0};
    size_t n = fread(magic, 1, sizeof magic, f);

    rewind(f);
    return n == sizeof magic && memcmp(magic, "PK\3\4", sizeof magic) == 0;
}

enum err
table_open(const char *path, const char *sheet, struct table_reader **out)
{
    struct table_reader *r = calloc(1, sizeof *r);
    enum err e;

    if (r == NULL)
        return ERR_MEMORY;
    r->f = fopen(path, "rb");
    if (r->f == NULL)
        e = errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO;
    else if (is_zip(r->f))
        e = xlsx_open(r->f, sheet, &r->xlsx);
    else
        e = csv_open(r->f, &r->csv);
    if (e == OK)
        *out = r;
    else
        table_close(r);
    return e;
}

enum err
table_next(struct table_reader *r, struct table_row *row)
{
    return r->xlsx != NULL ? xlsx_next(r->xlsx, row) : csv_next(r->csv, row);
}

const char *
table_encoding(const struct table_reader *r)
{
    return r->xlsx != NULL ? "XLSX" : csv_encoding(r->csv);
}

void
table_position(const struct table_reader *r, uint64_t *done_bytes, uint64_t *total_bytes)
{
    if (r->xlsx != NULL)
        xlsx_position(r->xlsx, done_bytes, total_bytes);
    else
        csv_position(r->csv, done_bytes, total_bytes);
}

void
table_sha256(struct table_reader *r, unsigned char out[TABLE_SHA256_BYTES])
{
    if (r->xlsx != NULL)
        xlsx_sha256(r->xlsx, out);
    else
        csv_sha256(r->csv, out);
}

void
table_close(struct table_reader *r)
{
    if (r == NULL)
        return;
    csv_close(r->csv);
    xlsx_close(r->xlsx);
    if (r->f != NULL)
        fclose(r->f);
    free(r);
}
