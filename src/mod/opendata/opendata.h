/* mod/opendata/opendata.h - open data 开放数据 (regulation 二(六) 公示): all that the portal shows as tables, each as CSV (UTF-8
 * with a byte order mark, formulas harmless) and as JSON Lines, with the same masks as the pages.
 *
 *   datapackage.json   Data Package: every table with its columns, licence, digests
 *   catalog.jsonld     DCAT catalogue
 *   NAME.csv NAME.jsonl
 *   manifest.note      a signed note (C2SP) by the key of the log over:
 *                        mingqian-open-data/v1
 *                        ORIGIN
 *                        2026-05-20T02:00:00Z
 *                        SHA256-HEX BYTES NAME          one line a file, ascending by name
 * It has no table of its own: it can be made again at any time. */
#ifndef MQ_OPENDATA_H
#define MQ_OPENDATA_H

#include "mod/ctx.h"

enum { OPENDATA_COLUMNS_MAX = 24, OPENDATA_FILES_MAX = 24, OPENDATA_PATH_BYTES = 1024, OPENDATA_NAME_BYTES = 32 };
#define OPENDATA_MANIFEST "manifest.note"
#define OPENDATA_LICENCE "CC-BY-4.0"
#define OPENDATA_LICENCE_URL "https://creativecommons.org/licenses/by/4.0/"

enum opendata_type {
    OPENDATA_TEXT,
    OPENDATA_INTEGER,
    OPENDATA_DAY,  /* YYYY-MM-DD */
    OPENDATA_TIME, /* RFC 3339, UTC */
    OPENDATA_LIST  /* of texts: JSON array; in CSV separated by "|" */
};
struct opendata_column {
    const char *name;
    enum opendata_type type;
    const char *zh, *en;
};
struct opendata_table {
    const char *name, *zh, *en;
    const char *key; /* names of the columns that identify a row, separated by blanks */
    struct opendata_column columns[OPENDATA_COLUMNS_MAX];
    size_t column_count;
};
extern const struct opendata_table opendata_tables[];
extern const size_t opendata_table_count;
/* opendata_type_name: as in a Table Schema. */
const char *opendata_type_name(enum opendata_type type);

struct opendata_site {
    struct str name;    /* the office */
    struct str address; /* of the portal without a slash at its end, or absent */
    bool names_whole;   /* mod/report/report.h */
};
struct opendata_summary {
    uint64_t files, rows, bytes;
};
/*
 * opendata_write: all files into dir, which is there. Memory: one row at a time.
 * ERR_NOT_FOUND, ERR_PERMISSION the key of the log; ERR_IO, ERR_NO_SPACE.
 */
MUST_USE enum err opendata_write(struct ctx *c, const struct opendata_site *site, const char *dir,
                                 struct opendata_summary *out);
/*
 * opendata_publish: the same into DIR/open-data/<time>/, which DIR/open-data/current then names; the one before stays, older
 * ones go. opendata_current: the folder that is served, ERR_NOT_FOUND before the first.
 */
MUST_USE enum err opendata_publish(struct ctx *c, const struct opendata_site *site, struct opendata_summary *out);
MUST_USE enum err opendata_current(struct ctx *c, char path[static OPENDATA_PATH_BYTES]);

struct opendata_fault {
    char file[OPENDATA_NAME_BYTES];
    enum err err;
};
/*
 * opendata_verify: the manifest is signed by one of the keys (lines of a log.vkey; each of the first key must hold) and every
 * file has the digest that it names.
 * ERR_SIGNATURE, ERR_MISSING (no signature by these keys, or a file is not there), ERR_DIGEST, ERR_SYNTAX; *f says where.
 */
MUST_USE enum err opendata_verify(struct arena *a, const char *dir, struct str vkeys, struct opendata_summary *out,
                                  struct opendata_fault *f);

#endif
