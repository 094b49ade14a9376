/* app/verify_log.h - the part of `mingqian draw verify` that needs more than the five files: the published log beside
 * them, and fetching both from a URL. A draw lies at BASE/draws/DRAW/ATTEMPT, its log at BASE/log. */
#ifndef MQ_VERIFY_LOG_H
#define MQ_VERIFY_LOG_H

#include "mod/journal/log_draws.h"

enum verify_log_state { VERIFY_LOG_NONE, VERIFY_LOG_OK, VERIFY_LOG_FAULT };

struct verify_log {
    enum verify_log_state state;
    char place[1024]; /* of the log: directory or URL */
    struct log_fault fault;
    bool pinned;   /* the keys were given, not taken from beside the log */
    uint64_t size; /* entries of the checkpoint */
    size_t witnesses, witnesses_needed; /* true cosignatures of the witnesses that were named; how many there must be */
    struct log_draws acts;
    struct log_papers papers;
    void *memory;
};

/* The policy k of n: `needed` of these witnesses 见证人 must have cosigned the checkpoint. */
struct verify_witnesses {
    const struct note_key *keys;
    size_t count, needed;
};

/*
 * verify_log: find the log of the draw at `place` (directory or URL; log_place overrides), check it and the files
 * against it. No log beside the files is VERIFY_LOG_NONE unless log_place was given. vkey_file: pinned keys or NULL.
 * Returns ERR_MEMORY or ERR_IO only when it could not look; verify_log_free always.
 */
MUST_USE enum err verify_log(const char *place, const char *log_place, const char *vkey_file,
                             struct verify_witnesses witnesses, const struct draw_files *files, struct verify_log *out);
void verify_log_free(struct verify_log *v);
void verify_log_print(const struct verify_log *v); /* for people: every attempt with its entries */
void verify_log_json(const struct verify_log *v);  /* ,"log":{…} without the comma */

/* verify_fetch: the five files of a draw at url and those beside them into a new temporary directory. Missing ones are left out; none at all
 * is ERR_NOT_FOUND. verify_fetch_remove deletes it. why: what went wrong. */
MUST_USE enum err verify_fetch(const char *url, char dir[static 64], char why[static 512]);
void verify_fetch_remove(const char *dir);

#endif
