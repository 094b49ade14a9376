/* mod/followup/attach.c - photographs and documents of a follow-up */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "mod/followup/followup_int.h"
#include "mod/person/person.h"

enum { PLACE_BYTES = 64 };

static enum err
personal_path(const struct ctx *c, int64_t id, char out[static FILE_PATH_BYTES])
{
    char text[PLACE_BYTES];

    snprintf(text, sizeof text, "evidence/personal/%lld", (long long) id);
    return file_path(out, c->dir, str_of(text));
}

enum err
followup_place(struct ctx *c, const char *from, struct str name, bool personal, struct followup_attachment *out)
{
    char hex[HASH_HEX_LEN + 1], path[FILE_PATH_BYTES];
    struct str bytes;
    enum err e = followup_words(c, name, FOLLOWUP_WORDS_MAX, true);

    *out = (struct followup_attachment){.name = name, .personal = personal};
    if (e == OK)
        e = file_read(c->arena, from, EVIDENCE_BYTES_MAX, &bytes);
    if (e == OK)
        e = evidence_type(c, bytes, &out->type);
    if (e == OK)
        e = ctx_new_id(c, &out->id);
    if (e != OK)
        return e;
    out->bytes_count = (int64_t) bytes.n;
    evidence_hash(bytes, hex);
    out->hash = str_copy(c->arena, str_of(hex));
    if (out->hash.p == NULL)
        return ERR_MEMORY;
    if (!personal)
        return evidence_store(c, out->hash, bytes, &out->type);
    e = person_seal_line(c, name, &out->name);
    if (e == OK)
        e = personal_path(c, out->id, path);
    return e == OK ? person_seal_file(c, out->id, from, path) : e;
}

static enum err
attach(struct ctx *c, struct str target, int64_t id, const struct followup_attachment *a, bool *again)
{
    struct followup_file_list_row *there;
    struct followup_get_row row;
    size_t n = 0;
    enum err e = followup_see(c, target, id, &row);

    if (e == OK)
        e = followup_file_list(c->db, c->arena, &(struct followup_file_list_in){target, id}, &there, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        if (str_eq(there[i].hash, a->hash)) {
            *again = true;
            return OK;
        }
    if (e == OK && str_eq(row.state, STR("closed")))
        e = ctx_refuse(c, ERR_STATE, "it is closed");
    if (e == OK && n >= FOLLOWUP_FILES_MAX)
        e = ctx_refuse(c, ERR_TOO_LARGE, "%d files at most", FOLLOWUP_FILES_MAX);
    if (e == OK)
        e = followup_file_put(c->db, &(struct followup_file_put_in){target, id, a->hash, a->id, a->name, a->type, a->bytes_count,
                                                                    a->personal, c->actor, c->now_us});
    return e == OK ? followup_note(c, "followup.attach", target, id, "hash", a->hash) : e;
}

enum err
followup_attach(struct ctx *c, struct str target, int64_t id, const struct followup_attachment *a)
{
    char path[FILE_PATH_BYTES];
    bool again = false;
    enum err e = db_begin(c->db);

    if (e == OK)
        e = db_end(c->db, attach(c, target, id, a, &again));
    if (again && a->personal && personal_path(c, a->id, path) == OK) /* sealed anew for nothing */
        (void) unlink(path);
    return e;
}

enum err
followup_files(struct ctx *c, struct str target, int64_t id, bool personal, struct followup_file_list_row **rows, size_t *count)
{
    enum err e = followup_file_list(c->db, c->arena, &(struct followup_file_list_in){target, id}, rows, count);

    for (size_t i = 0; e == OK && i < *count; i++) {
        struct followup_file_list_row *f = &(*rows)[i];

        if (f->personal == 0)
            continue;
        if (!personal)
            f->name = (struct str){NULL, 0};
        else
            e = person_open_line(c, &f->name);
    }
    return e;
}

enum err
followup_open(struct ctx *c, const struct followup_file_list_row *f, int *fd)
{
    char path[FILE_PATH_BYTES];
    enum err e = f->personal != 0 ? personal_path(c, f->id, path) : evidence_path(c, f->hash, path);

    if (e != OK)
        return e;
    if (f->personal != 0)
        return person_open_file(c, f->id, path, fd);
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    return *fd < 0 ? ERR_NOT_FOUND : OK;
}

enum err
followup_opened(struct ctx *c, struct str target, int64_t id, struct str hash)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, followup_note(c, "followup.reveal", target, id, "hash", hash)) : e;
}
