/* mod/opendata/describe.c - datapackage.json (Data Package), catalog.jsonld (DCAT 3) and the signed manifest */
#include <stdio.h>
#include <string.h>

#include "mod/file.h"
#include "mod/journal/journal_keys.h"
#include "mod/json.h"
#include "mod/opendata/opendata_int.h"

enum { DOCUMENT_BYTES = 256 << 10 };
static const char TITLE[] = "双随机、一公开 开放数据";

static void
field(struct buf *b, const char *name, struct str value)
{
    json_put_name(b, name);
    buf_json(b, value);
}

static void
field_z(struct buf *b, const char *name, const char *value)
{
    field(b, name, str_of(value));
}

static void
field_u64(struct buf *b, const char *name, uint64_t value)
{
    json_put_name(b, name);
    buf_u64(b, value);
}

static const struct opendata_file *
file_of(const struct opendata_files *f, const char *table, const char *ending)
{
    size_t n = strlen(table);

    for (size_t i = 0; i < f->count; i++)
        if (strncmp(f->v[i].name, table, n) == 0 && strcmp(f->v[i].name + n, ending) == 0)
            return &f->v[i];
    return NULL;
}

static void
put_digest(struct buf *b, const char *name, const struct opendata_file *f)
{
    json_put_name(b, name);
    buf_z(b, "\"sha256:");
    buf_z(b, f->digest);
    buf_z(b, "\"");
}

/* the Data Package
 * ---------------------------------------------------------------------------------------------------------- */

static void
put_columns(struct buf *b, const struct opendata_table *t)
{
    struct str rest = str_of(t->key), one;

    json_put_name(b, "schema");
    buf_z(b, "{\"fields\":[");
    for (size_t i = 0; i < t->column_count; i++) {
        const struct opendata_column *k = &t->columns[i];

        buf_z(b, i == 0 ? "{" : ",{");
        field_z(b, "name", k->name);
        /* In CSV a list is one text. */
        field_z(b, "type", k->type == OPENDATA_LIST ? "string" : opendata_type_name(k->type));
        field_z(b, "title", k->zh);
        field_z(b, "description", k->en);
        buf_z(b, "}");
    }
    buf_z(b, "],\"primaryKey\":[");
    for (bool more = true, first = true; more; first = false) {
        more = str_split(rest, ' ', &one, &rest);
        buf_z(b, first ? "" : ",");
        buf_json(b, one);
    }
    buf_z(b, "]}");
}

static void
put_resource(struct buf *b, const struct opendata_table *t, const struct opendata_file *f, bool csv)
{
    buf_z(b, "{");
    json_put_name(b, "name");
    buf_z(b, "\"");
    buf_z(b, t->name);
    buf_z(b, csv ? "\"" : "-jsonl\"");
    field_z(b, "path", f->name);
    field_z(b, "title", t->zh);
    field_z(b, "description", t->en);
    field_z(b, "format", csv ? "csv" : "jsonl");
    field_z(b, "mediatype", csv ? "text/csv" : "application/x-ndjson");
    field_z(b, "encoding", "utf-8");
    field_u64(b, "bytes", f->bytes);
    put_digest(b, "hash", f);
    if (csv) {
        field_z(b, "profile", "tabular-data-resource");
        put_columns(b, t);
    }
    buf_z(b, "}");
}

static void
put_package(struct buf *b, const struct opendata_site *site, const char *when, const struct opendata_files *files)
{
    buf_z(b, "{");
    field_z(b, "profile", "data-package");
    field_z(b, "name", "mingqian-open-data");
    field_z(b, "title", TITLE);
    field_z(b, "created", when);
    if (site->address.n > 0)
        field(b, "homepage", site->address);
    json_put_name(b, "licenses");
    buf_z(b, "[{");
    field_z(b, "name", OPENDATA_LICENCE);
    field_z(b, "path", OPENDATA_LICENCE_URL);
    buf_z(b, "}]");
    json_put_name(b, "sources");
    buf_z(b, "[{");
    field(b, "title", site->name);
    buf_z(b, "}]");
    json_put_name(b, "resources");
    buf_z(b, "[");
    for (size_t i = 0; i < opendata_table_count; i++) {
        const struct opendata_table *t = &opendata_tables[i];

        buf_z(b, i == 0 ? "\n" : ",\n");
        put_resource(b, t, file_of(files, t->name, ".csv"), true);
        buf_z(b, ",\n");
        put_resource(b, t, file_of(files, t->name, ".jsonl"), false);
    }
    buf_z(b, "\n]}\n");
}

/* the catalogue
 * ------------------------------------------------------------------------------------------------------------- */

static void
put_distribution(struct buf *b, const struct opendata_site *site, const struct opendata_file *f, const char *media)
{
    buf_z(b, "{\"@type\":\"dcat:Distribution\"");
    json_put_name(b, "dcat:downloadURL");
    buf_z(b, "{\"@id\":\"");
    buf_str(b, site->address);
    buf_z(b, site->address.n > 0 ? "/open-data/" : "");
    buf_z(b, f->name);
    buf_z(b, "\"}");
    field_z(b, "dcat:mediaType", media);
    field_u64(b, "dcat:byteSize", f->bytes);
    json_put_name(b, "spdx:checksum");
    buf_z(b, "{\"@type\":\"spdx:Checksum\"");
    field_z(b, "spdx:algorithm", "spdx:checksumAlgorithm_sha256");
    field_z(b, "spdx:checksumValue", f->digest);
    buf_z(b, "}");
    json_put_name(b, "dct:license");
    buf_z(b, "{\"@id\":\"" OPENDATA_LICENCE_URL "\"}}");
}

static void
put_dataset(struct buf *b, const struct opendata_site *site, const char *when, const struct opendata_table *t,
            const struct opendata_files *files)
{
    buf_z(b, "{\"@type\":\"dcat:Dataset\"");
    field_z(b, "dct:identifier", t->name);
    json_put_name(b, "dct:title");
    buf_z(b, "[{\"@language\":\"zh\"");
    field_z(b, "@value", t->zh);
    buf_z(b, "},{\"@language\":\"en\"");
    field_z(b, "@value", t->en);
    buf_z(b, "}]");
    field_z(b, "dct:modified", when);
    json_put_name(b, "dcat:distribution");
    buf_z(b, "[");
    put_distribution(b, site, file_of(files, t->name, ".csv"), "text/csv");
    buf_z(b, ",");
    put_distribution(b, site, file_of(files, t->name, ".jsonl"), "application/x-ndjson");
    buf_z(b, "]}");
}

static void
put_catalogue(struct buf *b, const struct opendata_site *site, const char *when, const struct opendata_files *files)
{
    buf_z(b, "{\"@context\":{\"dcat\":\"http://www.w3.org/ns/dcat#\",\"dct\":\"http://purl.org/dc/terms/\","
             "\"foaf\":\"http://xmlns.com/foaf/0.1/\",\"spdx\":\"http://spdx.org/rdf/terms#\"},\n\"@type\":\"dcat:Catalog\"");
    field_z(b, "dct:title", TITLE);
    json_put_name(b, "dct:publisher");
    buf_z(b, "{\"@type\":\"foaf:Agent\"");
    field(b, "foaf:name", site->name);
    buf_z(b, "}");
    field_z(b, "dct:modified", when);
    json_put_name(b, "dct:license");
    buf_z(b, "{\"@id\":\"" OPENDATA_LICENCE_URL "\"}");
    json_put_name(b, "dcat:dataset");
    buf_z(b, "[");
    for (size_t i = 0; i < opendata_table_count; i++) {
        buf_z(b, i == 0 ? "\n" : ",\n");
        put_dataset(b, site, when, &opendata_tables[i], files);
    }
    buf_z(b, "\n]}\n");
}

static enum err
write_one(struct opendata_files *files, const char *dir, const char *name, const struct buf *b)
{
    char path[OPENDATA_PATH_BYTES];
    enum err e = b->overflow ? ERR_TOO_LARGE : OK;

    if (e == OK && snprintf(path, sizeof path, "%s/%s", dir, name) >= (int) sizeof path)
        e = ERR_TOO_LARGE;
    if (e == OK)
        e = file_write(path, buf_view(b), 0644);
    return e == OK ? opendata_note_file(dir, name, &files->v[files->count++]) : e;
}

enum err
opendata_describe(struct ctx *c, const struct opendata_site *site, const char *dir, struct opendata_files *files)
{
    size_t mark = arena_mark(c->arena);
    char when[21];
    struct buf b;
    enum err e = buf_in(c, DOCUMENT_BYTES, &b);

    opendata_time(c->now_us, when);
    if (e != OK)
        return e;
    put_package(&b, site, when, files);
    e = write_one(files, dir, "datapackage.json", &b);
    b.n = 0;
    put_catalogue(&b, site, when, files);
    if (e == OK)
        e = write_one(files, dir, "catalog.jsonld", &b);
    arena_rewind(c->arena, mark);
    return e;
}

/* the manifest
 * -------------------------------------------------------------------------------------------------------------- */

static void
put_manifest(struct buf *b, struct str origin, const char *when, const struct opendata_files *files)
{
    buf_z(b, "mingqian-open-data/v1\n");
    buf_str(b, origin);
    buf_z(b, "\n");
    buf_z(b, when);
    buf_z(b, "\n");
    for (size_t i = 0; i < files->count; i++) {
        buf_z(b, files->v[i].digest);
        buf_z(b, " ");
        buf_u64(b, files->v[i].bytes);
        buf_z(b, " ");
        buf_z(b, files->v[i].name);
        buf_z(b, "\n");
    }
}

static enum err
sign(struct ctx *c, const struct journal_keys *keys, const char *dir, struct opendata_files *files)
{
    char when[21];
    struct buf b;
    enum err e = buf_in(c, NOTE_BYTES_MAX, &b);

    if (e != OK)
        return e;
    opendata_time(c->now_us, when);
    put_manifest(&b, str_of(keys->ed25519.name), when, files);
    e = journal_sign_note(keys, &b);
    return e == OK ? write_one(files, dir, OPENDATA_MANIFEST, &b) : e;
}

enum err
opendata_sign(struct ctx *c, const char *dir, struct opendata_files *files)
{
    struct journal_keys keys;
    size_t mark = arena_mark(c->arena);
    enum err e = journal_keys_load(c, &keys);

    if (e != OK)
        return e;
    e = sign(c, &keys, dir, files);
    journal_keys_forget(&keys);
    arena_rewind(c->arena, mark);
    return e;
}
