/* mod/opendata/opendata.c - writing, publishing and checking the open data */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mod/file.h"
#include "mod/journal/journal_keys.h"
#include "mod/opendata/opendata_int.h"

enum { READ_BYTES = 1 << 16, EDITION_LEN = 16 };

enum err
opendata_note_file(const char *dir, const char *name, struct opendata_file *out)
{
    char path[OPENDATA_PATH_BYTES], bytes[READ_BYTES];
    unsigned char digest[HASH_LEN];
    struct hash hash;
    ssize_t n = 0;
    int fd;

    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int) sizeof path || strlen(name) >= sizeof out->name)
        return ERR_TOO_LARGE;
    if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    hash_init(&hash, HASH_SHA256);
    out->bytes = 0;
    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        hash_update(&hash, bytes, (size_t) n);
        out->bytes += (size_t) n;
    }
    close(fd);
    hash_final(&hash, digest);
    hex_encode(digest, HASH_LEN, out->digest);
    out->digest[HASH_HEX_LEN] = '\0';
    memcpy(out->name, name, strlen(name) + 1);
    return n < 0 ? ERR_IO : OK;
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(((const struct opendata_file *) a)->name, ((const struct opendata_file *) b)->name);
}

/* The two files of a table. */
static enum err
write_table(struct ctx *c, const struct opendata_site *site, const char *dir, size_t table, struct opendata_files *files,
            struct opendata_summary *out)
{
    static const char *const ENDINGS[] = {".csv", ".jsonl"};
    uint64_t rows = 0;
    enum err e = opendata_rows(c, site, dir, table, &rows);

    for (size_t i = 0; e == OK && i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        char name[OPENDATA_NAME_BYTES];

        (void) snprintf(name, sizeof name, "%s%s", opendata_tables[table].name, ENDINGS[i]);
        e = opendata_note_file(dir, name, &files->v[files->count++]);
    }
    out->rows += rows;
    return e;
}

enum err
opendata_write(struct ctx *c, const struct opendata_site *site, const char *dir, struct opendata_summary *out)
{
    struct opendata_files files = {.count = 0};
    enum err e = OK;

    *out = (struct opendata_summary){0};
    for (size_t i = 0; e == OK && i < opendata_table_count; i++)
        e = write_table(c, site, dir, i, &files, out);
    if (e == OK)
        e = opendata_describe(c, site, dir, &files);
    qsort(files.v, files.count, sizeof *files.v, by_name);
    if (e == OK)
        e = opendata_sign(c, dir, &files);
    out->files = files.count;
    for (size_t i = 0; i < files.count; i++)
        out->bytes += files.v[i].bytes;
    return e;
}

/* editions
 * ------------------------------------------------------------------------------------------------------------------ */

static bool
is_edition(const char *name)
{
    return strlen(name) == EDITION_LEN && strspn(name, "0123456789TZ") == EDITION_LEN;
}

static void
remove_edition(int parent, const char *name)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *d;

    while (dir != NULL && (d = readdir(dir)) != NULL)
        if (d->d_name[0] != '.')
            unlinkat(dirfd(dir), d->d_name, 0);
    if (dir != NULL)
        closedir(dir);
    unlinkat(parent, name, AT_REMOVEDIR);
}

/* All but this one and the latest before it. */
static void
forget_old(const char *folder, const char *now)
{
    DIR *dir = opendir(folder);
    struct dirent *d;
    char before[EDITION_LEN + 1] = "";

    while (dir != NULL && (d = readdir(dir)) != NULL)
        if (is_edition(d->d_name) && strcmp(d->d_name, now) < 0 && strcmp(d->d_name, before) > 0)
            memcpy(before, d->d_name, EDITION_LEN + 1);
    if (dir != NULL)
        rewinddir(dir);
    while (dir != NULL && (d = readdir(dir)) != NULL)
        if (is_edition(d->d_name) && strcmp(d->d_name, now) < 0 && strcmp(d->d_name, before) != 0)
            remove_edition(dirfd(dir), d->d_name);
    if (dir != NULL)
        closedir(dir);
}

static enum err
make_folder(const char *path)
{
    return mkdir(path, 0755) == 0 || errno == EEXIST ? OK : errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
}

enum err
opendata_publish(struct ctx *c, const struct opendata_site *site, struct opendata_summary *out)
{
    char folder[OPENDATA_PATH_BYTES], dir[OPENDATA_PATH_BYTES + 32], current[OPENDATA_PATH_BYTES + 32], when[21];
    char edition[EDITION_LEN + 1];
    enum err e;

    opendata_time(c->now_us, when);
    (void) snprintf(edition, sizeof edition, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", when, when + 5, when + 8, when + 11, when + 14, when + 17);
    if (snprintf(folder, sizeof folder, "%s/open-data", c->dir) >= (int) sizeof folder)
        return ERR_TOO_LARGE;
    (void) snprintf(dir, sizeof dir, "%s/%s", folder, edition);
    (void) snprintf(current, sizeof current, "%s/current", folder);
    e = make_folder(folder);
    if (e == OK)
        e = make_folder(dir);
    if (e == OK)
        e = opendata_write(c, site, dir, out);
    if (e == OK)
        e = file_write(current, str_of(edition), 0644);
    if (e == OK)
        forget_old(folder, edition);
    return e;
}

enum err
opendata_current(struct ctx *c, char path[static OPENDATA_PATH_BYTES])
{
    struct str edition;
    char name[EDITION_LEN + 1] = "";
    enum err e;

    if (snprintf(path, OPENDATA_PATH_BYTES, "%s/open-data/current", c->dir) >= OPENDATA_PATH_BYTES)
        return ERR_TOO_LARGE;
    if ((e = file_read(c->arena, path, 64, &edition)) != OK)
        return e;
    if (edition.n == EDITION_LEN)
        memcpy(name, edition.p, EDITION_LEN);
    if (!is_edition(name))
        return ERR_NOT_FOUND;
    return snprintf(path, OPENDATA_PATH_BYTES, "%s/open-data/%s", c->dir, name) >= OPENDATA_PATH_BYTES ? ERR_TOO_LARGE : OK;
}

/* checking
 * -------------------------------------------------------------------------------------------------------------------- */

/* The first key must have signed; the others may have. */
static enum err
check_signatures(const struct note *note, struct str vkeys)
{
    struct str line;
    struct note_key key;
    bool first = true;
    enum err e = ERR_MISSING;

    while (vkeys.n > 0) {
        (void) str_split(vkeys, '\n', &line, &vkeys);
        if (line.n == 0)
            continue;
        if ((e = note_vkey_parse(line, &key)) == OK)
            e = note_verify(note, &key, journal_verify, NULL, NULL, NULL);
        if (e == ERR_MISSING && !first)
            e = OK;
        if (e != OK)
            return e;
        first = false;
    }
    return e;
}

/* "SHA256-HEX BYTES NAME" */
static enum err
check_file(const char *dir, struct str line, struct opendata_summary *out, struct opendata_fault *f)
{
    struct str digest, bytes, name, rest;
    struct opendata_file found;
    uint64_t size;
    enum err e;

    if (!str_split(line, ' ', &digest, &rest) || !str_split(rest, ' ', &bytes, &name) || name.n == 0 ||
        name.n >= sizeof f->file || memchr(name.p, '/', name.n) != NULL || name.p[0] == '.' ||
        str_u64(bytes, INT64_MAX, &size) != OK)
        return ERR_SYNTAX;
    memcpy(f->file, name.p, name.n);
    f->file[name.n] = '\0';
    e = opendata_note_file(dir, f->file, &found);
    if (e == OK && (found.bytes != size || !str_eq(str_of(found.digest), digest)))
        e = ERR_DIGEST;
    out->files++;
    out->bytes += size;
    return e == ERR_NOT_FOUND ? ERR_MISSING : e;
}

static enum err
check_files(const char *dir, struct str text, struct opendata_summary *out, struct opendata_fault *f)
{
    struct str line, rest;
    enum err e = OK;

    if (!str_split(text, '\n', &line, &rest) || !str_eq(line, STR("mingqian-open-data/v1")) ||
        !str_split(rest, '\n', &line, &rest) || !str_split(rest, '\n', &line, &rest) || rest.n == 0)
        return ERR_SYNTAX;
    while (e == OK && rest.n > 0) {
        (void) str_split(rest, '\n', &line, &rest);
        e = check_file(dir, line, out, f);
    }
    return e;
}

enum err
opendata_verify(struct arena *a, const char *dir, struct str vkeys, struct opendata_summary *out, struct opendata_fault *f)
{
    char path[OPENDATA_PATH_BYTES];
    struct note *note = arena_array(a, 1, sizeof *note);
    struct str bytes;
    enum err e = note == NULL ? ERR_MEMORY : OK;

    *out = (struct opendata_summary){0};
    *f = (struct opendata_fault){.file = OPENDATA_MANIFEST};
    if (e == OK && snprintf(path, sizeof path, "%s/" OPENDATA_MANIFEST, dir) >= (int) sizeof path)
        e = ERR_TOO_LARGE;
    if (e == OK)
        e = file_read(a, path, NOTE_BYTES_MAX, &bytes);
    if (e == OK)
        e = note_parse(bytes, note);
    if (e == OK)
        e = check_signatures(note, vkeys);
    if (e == OK)
        e = check_files(dir, note->text, out, f);
    f->err = e;
    return e;
}
