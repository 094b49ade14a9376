/* mod/import/import.c - one file from its first byte to its journal entry */
#include "mod/import/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mod/import/importer.h"
#include "mod/journal/journal.h"
#include "mod/json.h"

enum { SCRATCH_BYTES = 24 << 20 };

static const char *const NAMES[IMPORT_KIND_COUNT] = {"targets", "items", "inspectors", "experts", "recusals", "joint-items"};

const char *
import_kind_name(enum import_kind kind)
{
    return NAMES[kind];
}

enum err
import_kind_parse(struct str name, enum import_kind *out)
{
    for (int i = 0; i < IMPORT_KIND_COUNT; i++)
        if (str_eq(str_of(NAMES[i]), name)) {
            *out = (enum import_kind) i;
            return OK;
        }
    return ERR_USAGE;
}

bool
import_cancelled(const struct importer *im)
{
    return (im->o->cancelled != NULL && im->o->cancelled()) || (im->o->stop != NULL && *im->o->stop);
}

void
import_progress(const struct importer *im, enum import_phase phase, uint64_t done, uint64_t total)
{
    if (im->o->progress != NULL)
        im->o->progress(im->o->progress_ctx, phase, done, total);
}

const struct import_column *
import_columns(enum import_kind kind, size_t *count)
{
    const struct {
        const struct import_column *columns;
        size_t count;
    } ALL[IMPORT_KIND_COUNT] = {
        [IMPORT_TARGETS] = {import_target_columns, import_target_column_count},
        [IMPORT_ITEMS] = {import_item_columns, import_item_column_count},
        [IMPORT_INSPECTORS] = {import_inspector_columns, import_inspector_column_count},
        [IMPORT_EXPERTS] = {import_expert_columns, import_expert_column_count},
        [IMPORT_RECUSALS] = {import_recusal_columns, import_recusal_column_count},
        [IMPORT_JOINT] = {import_joint_columns, import_joint_column_count},
    };

    *count = ALL[kind].count;
    return ALL[kind].columns;
}

static enum err
load_dictionaries(struct importer *im)
{
    enum err e = dict_load_regions(im->c, &im->regions);

    if (e == OK)
        e = dict_load_industries(im->c, &im->industries);
    if (e == OK)
        e = org_department_list(im->c->db, im->c->arena, &im->departments, &im->department_count);
    if (e == OK && im->regions.count == 0)
        e = ctx_refuse(im->c, ERR_MISSING,
                       im->o->chinese ? "行政区划字典是空的" : "the dictionary of regions is empty");
    if (e == OK && im->o->department.n > 0 && import_department_id(im, im->o->department).n == 0)
        e = ctx_refuse(im->c, ERR_NOT_FOUND, "--department %.*s", (int) im->o->department.n,
                       im->o->department.p);
    return e;
}

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static void
take_digest(struct importer *im)
{
    unsigned char digest[TABLE_SHA256_BYTES];

    table_sha256(im->table, digest);
    hex_encode(digest, sizeof digest, im->r->sha256);
    im->r->sha256[2 * sizeof digest] = 0;
}

/* The rejects are in their place before the rows are committed. */
static enum err
close_rejects(struct importer *im, enum err e)
{
    if (!im->rejecting)
        return e;
    im->rejecting = false;
    return file_end(&im->rejects, e);
}

/* The office notes the end in the same transaction. */
static enum err
finished(struct importer *im)
{
    const struct import_office *office = im->o->office;

    return office == NULL || office->finish == NULL ? OK : office->finish(im->c, office->finish_arg, im->r);
}

enum err
import_journal(struct importer *im)
{
    const struct import_report *r = im->r;
    const char *name = base_name(im->o->path);
    char act[32];
    struct str detail;
    struct buf b;
    enum err e;

    take_digest(im);
    e = close_rejects(im, OK);
    if (e != OK || r->added + r->changed == 0)
        return e == OK ? finished(im) : e;
    e = buf_in(im->c, 6 * strlen(name) + 512, &b);
    if (e != OK)
        return e;
    snprintf(act, sizeof act, "import.%s", im->o->kind == IMPORT_JOINT ? "joint" : NAMES[im->o->kind]);
    buf_z(&b, "{\"file\":");
    json_put_text(&b, str_of(name));
    buf_z(&b, ",\"sha256\":\"");
    buf_z(&b, r->sha256);
    const struct {
        const char *name;
        uint64_t value;
    } COUNTS[] = {{"\",\"read\":", r->read},       {",\"new\":", r->added},
                  {",\"changed\":", r->changed},   {",\"unchanged\":", r->unchanged},
                  {",\"rejected\":", r->rejected}, {",\"region_derived\":", r->region_derived}};
    for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++) {
        buf_z(&b, COUNTS[i].name);
        buf_u64(&b, COUNTS[i].value);
    }
    buf_z(&b, "}");
    e = buf_take(im->c, &b, &detail);
    if (e == OK)
        e = journal_add(im->c, &(struct journal_act){str_of(act), str_of(r->sha256), detail});
    return e == OK ? finished(im) : e;
}

static enum err
run(struct importer *im)
{
    enum err e;

    im->columns = import_columns(im->o->kind, &im->column_count);
    e = load_dictionaries(im);
    if (e == OK)
        e = table_open(im->o->path, im->o->sheet, &im->table);
    if (e != OK)
        return e;
    snprintf(im->r->encoding, sizeof im->r->encoding, "%s", table_encoding(im->table));
    e = import_trails_begin(im);
    if (e == OK)
        e = import_read_header(im);
    if (e == OK)
        e = im->o->kind == IMPORT_TARGETS ? import_targets(im) : import_small(im);
    if (e == OK && im->o->dry_run)
        take_digest(im);
    if (e == OK)
        e = import_late_rows(im);
    return close_rejects(im, import_trails_end(im, e));
}

static enum err
rejects_path(const struct import_options *o, struct import_report *r)
{
    int n = o->rejects != NULL ? snprintf(r->rejects, sizeof r->rejects, "%s", o->rejects)
                               : snprintf(r->rejects, sizeof r->rejects, "%s.rejects.csv", o->path);

    return n < 0 || (size_t) n >= sizeof r->rejects ? ERR_TOO_LARGE : OK;
}

enum { IMPORT_TRIES = 8 };

/* One attempt at the whole file. */
static enum err
attempt(struct ctx *c, const struct import_options *o, struct import_report *report)
{
    struct importer im = {.c = c, .o = o, .r = report};
    size_t mark = arena_mark(c->arena);
    void *scratch = malloc(SCRATCH_BYTES);
    enum err e;

    *report = (struct import_report){0};
    e = scratch == NULL ? ERR_MEMORY : rejects_path(o, report);
    im.scratch = arena_over(scratch, SCRATCH_BYTES);
    if (e == OK)
        e = run(&im);
    table_close(im.table);
    json_decref(im.before);
    free(im.late);
    free(scratch);
    arena_rewind(c->arena, mark);
    return e;
}

enum err
import_run(struct ctx *c, const struct import_options *o, struct import_report *report)
{
    enum err e = attempt(c, o, report);

    /* A row that was new a moment ago is there: another import was faster, and this one was rolled back. It sees the rows
     * of the other when it begins again. */
    for (int tries = 1; e == ERR_EXISTS && o->office == NULL && tries < IMPORT_TRIES; tries++)
        e = attempt(c, o, report);
    return e;
}
