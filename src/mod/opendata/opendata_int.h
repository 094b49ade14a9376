/* mod/opendata/opendata_int.h - between the files of mod/opendata */
#ifndef MQ_OPENDATA_INT_H
#define MQ_OPENDATA_INT_H

#include "core/hash.h"
#include "mod/opendata/opendata.h"

struct opendata_file {
    char name[OPENDATA_NAME_BYTES];
    uint64_t bytes;
    char digest[HASH_HEX_LEN + 1];
};
struct opendata_files {
    struct opendata_file v[OPENDATA_FILES_MAX];
    size_t count;
};

/* opendata_rows: one table as two files. opendata_note_file: size and digest of a file that lies there. */
MUST_USE enum err opendata_rows(struct ctx *c, const struct opendata_site *site, const char *dir, size_t table, uint64_t *rows);
MUST_USE enum err opendata_note_file(const char *dir, const char *name, struct opendata_file *out);
/* opendata_time: RFC 3339 in UTC, 20 characters and a NUL. */
void opendata_time(int64_t us, char out[static 21]);
/* opendata_describe: datapackage.json and catalog.jsonld, whose digests join *files. opendata_sign: manifest.note. */
MUST_USE enum err opendata_describe(struct ctx *c, const struct opendata_site *site, const char *dir,
                                    struct opendata_files *files);
MUST_USE enum err opendata_sign(struct ctx *c, const char *dir, struct opendata_files *files);

#endif
