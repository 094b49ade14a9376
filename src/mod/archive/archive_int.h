/* mod/archive/archive_int.h - what the three archives are made of (pack.c) */
#ifndef MQ_ARCHIVE_INT_H
#define MQ_ARCHIVE_INT_H

#include "format/zip.h"
#include "mod/archive/archive.h"
#include "mod/drawing/drawing.h"
#include "mod/file.h"
#include "mod/journal/log_source.h"
#include "mod/record/record.h"

enum { PACK_NAME_BYTES = 200 };

struct pack {
    struct ctx *c;
    const struct archive_wanted *wanted;
    struct archive_watch watch;
    struct zip *zip;
    struct buf page, sums; /* index.html, SHA256SUMS */
    uint64_t *names;       /* hashes of the names in it */
    size_t files, visits;
    struct log *log; /* NULL: there is none yet */
    char log_dir[FILE_PATH_BYTES];
};

/* The page: text, a link, a state or a code as people read it. */
void pack_z(struct pack *k, const char *html);
void pack_put(struct pack *k, struct str text);
void pack_i64(struct pack *k, int64_t v);
void pack_day(struct pack *k, struct opt_i64 day);
void pack_link(struct pack *k, const char *name, const char *words);
void pack_state(struct pack *k, struct str state);
void pack_name(char out[static PACK_NAME_BYTES], const char *folder, struct str middle, const char *end);

/* pack_has: is a file of this name in it? pack_add: with its digest; a name that is there already changes nothing. ERR_TOO_LARGE
 * above ARCHIVE_FILES_MAX. pack_printed: a document that is printed into memory, with a link. */
bool pack_has(const struct pack *k, const char *name);
MUST_USE enum err pack_add(struct pack *k, const char *name, struct str bytes);
typedef enum err (*pack_print)(struct pack *k, const void *arg, FILE *out);
MUST_USE enum err pack_printed(struct pack *k, const char *name, const char *words, pack_print print, const void *arg);

/* pack_proofs: each entry of the journal about one subject: its proof is in the log; what is not there yet waits for the next
 * checkpoint. pack_visit_proofs: those of TASK/TARGET. */
MUST_USE enum err pack_proofs(struct pack *k, struct str subject);
MUST_USE enum err pack_visit_proofs(struct pack *k, struct str task, struct str target);
/* pack_draw: the files of one attempt and its proofs. */
MUST_USE enum err pack_draw(struct pack *k, struct drawing_key key);

/* A visit. pack_visit: watched and counted; its notices, its record with the evidence (of this department; absent: of all), the
 * follow-up of its task, its proofs. */
struct pack_visited {
    struct str task, target, department;
    int64_t id;
};
MUST_USE enum err pack_visit(struct pack *k, const struct pack_visited *v);

/* The three: heads and bodies of the page. */
MUST_USE enum err pack_head(struct pack *k, struct str title, struct str code, struct str words);
MUST_USE enum err pack_task(struct pack *k);
MUST_USE enum err pack_target(struct pack *k);
MUST_USE enum err pack_inspector(struct pack *k);

#endif
