/* fuzz_table - CSV in UTF-8 and GB18030, and XLSX */
#include "fuzz.h"

#include <stdio.h>

#include "format/csv.h"
#include "format/xlsx.h"

static void
check_row(const struct table_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        demand(row->cells[i].p == NULL || utf8_valid(row->cells[i]));
}

static void
read_csv(FILE *f)
{
    struct csv_reader *r;
    struct table_row row = {0};

    if (csv_open(f, &r) != OK)
        return;
    while (csv_next(r, &row) == OK && row.count > 0)
        check_row(&row);
    csv_close(r);
}

static void
read_xlsx(FILE *f)
{
    struct xlsx_reader *r;
    struct table_row row = {0};

    if (xlsx_open(f, NULL, &r) != OK)
        return;
    while (xlsx_next(r, &row) == OK && row.count > 0)
        check_row(&row);
    xlsx_close(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FILE *f;

    if (size == 0)
        return 0;
    f = fmemopen((void *) (uintptr_t) data, size, "rb");
    demand(f != NULL);
    if (size > 1 && data[0] == 'P' && data[1] == 'K')
        read_xlsx(f);
    else
        read_csv(f);
    fclose(f);
    return 0;
}
