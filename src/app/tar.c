/* app/tar.c - ustar (IEEE 1003.1, pax "ustar Interchange Format") */
#include "tar.h"

#include <string.h>
#include <sys/stat.h>

#include "mod/file.h"

enum { BLOCK = 512, COPY_BYTES = 1 << 16, SUM_LINE_BYTES = HASH_HEX_LEN + 2 + TAR_NAME_BYTES };
#define SIZE_MAX_BYTES 077777777777ULL /* eleven octal digits */

struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6], version[2],
        uname[32], gname[32], device[16], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a ustar header is one block");

static unsigned
checksum(const struct header *h)
{
    const unsigned char *p = (const unsigned char *) h;
    unsigned sum = 0;

    for (size_t i = 0; i < BLOCK; i++)
        sum += i >= offsetof(struct header, checksum) && i < offsetof(struct header, type) ? ' ' : p[i];
    return sum;
}

static void
octal(char *out, size_t digits, uint64_t v)
{
    out[digits] = '\0';
    while (digits-- > 0) {
        out[digits] = (char) ('0' + v % 8);
        v /= 8;
    }
}

static enum err
read_octal(const char *p, size_t n, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < n && p[i] != '\0' && p[i] != ' '; i++) {
        if (p[i] < '0' || p[i] > '7')
            return ERR_SYNTAX;
        *out = *out * 8 + (uint64_t) (p[i] - '0');
    }
    return OK;
}

/* Long names are cut at a slash into prefix and name. */
static enum err
put_name(struct header *h, const char *name)
{
    size_t n = strlen(name), cut = 0;

    for (size_t i = 0; n > sizeof h->name && i < n && i <= sizeof h->prefix; i++)
        if (name[i] == '/' && n - i - 1 <= sizeof h->name)
            cut = i;
    if (n >= TAR_NAME_BYTES || (n > sizeof h->name && cut == 0))
        return ERR_TOO_LARGE;
    memcpy(h->prefix, name, cut);
    memcpy(h->name, name + (cut == 0 ? 0 : cut + 1), n - (cut == 0 ? 0 : cut + 1));
    return OK;
}

static enum err
put_header(FILE *f, const char *name, unsigned mode, uint64_t size)
{
    struct header h = {.type = '0', .magic = "ustar", .version = {'0', '0'}};
    enum err e = size > SIZE_MAX_BYTES ? ERR_TOO_LARGE : put_name(&h, name);

    if (e != OK)
        return e;
    octal(h.mode, sizeof h.mode - 1, mode & 0777);
    octal(h.uid, sizeof h.uid - 1, 0);
    octal(h.gid, sizeof h.gid - 1, 0);
    octal(h.size, sizeof h.size - 1, size);
    octal(h.mtime, sizeof h.mtime - 1, 0);
    octal(h.checksum, 6, checksum(&h));
    h.checksum[7] = ' ';
    return fwrite(&h, 1, BLOCK, f) == BLOCK ? OK : ERR_IO;
}

static enum err
put_padding(FILE *f, uint64_t size)
{
    static const char ZEROS[BLOCK];
    size_t n = (size_t) (-size % BLOCK);

    return fwrite(ZEROS, 1, n, f) == n ? OK : ERR_IO;
}

/* Copy exactly size bytes and digest them. Either side's failure is ERR_IO. */
static enum err
copy(FILE *from, FILE *to, uint64_t size, unsigned char digest[static HASH_LEN])
{
    char block[COPY_BYTES];
    struct hash h;

    hash_init(&h, HASH_SHA256);
    while (size > 0) {
        size_t n = size < sizeof block ? (size_t) size : sizeof block;

        if (fread(block, 1, n, from) != n || fwrite(block, 1, n, to) != n)
            return ERR_IO;
        hash_update(&h, block, n);
        size -= n;
    }
    hash_final(&h, digest);
    return OK;
}

enum err
tar_begin(struct tar_out *t, FILE *f)
{
    *t = (struct tar_out) {f, tmpfile()};
    return t->sums == NULL ? ERR_IO : OK;
}

static enum err
add_open(struct tar_out *t, const char *name, FILE *from)
{
    unsigned char digest[HASH_LEN];
    char hex[HASH_HEX_LEN];
    struct stat s;
    enum err e;

    if (fstat(fileno(from), &s) != 0 || !S_ISREG(s.st_mode))
        return ERR_IO;
    e = put_header(t->f, name, s.st_mode, (uint64_t) s.st_size);
    if (e == OK)
        e = copy(from, t->f, (uint64_t) s.st_size, digest);
    if (e == OK)
        e = put_padding(t->f, (uint64_t) s.st_size);
    if (e != OK)
        return e;
    hex_encode(digest, HASH_LEN, hex);
    return fprintf(t->sums, "%.64s  %s\n", hex, name) > 0 ? OK : ERR_IO;
}

enum err
tar_add(struct tar_out *t, const char *name, const char *path)
{
    FILE *from = fopen(path, "re");
    enum err e = from == NULL ? ERR_IO : add_open(t, name, from);

    if (from != NULL)
        fclose(from);
    return e;
}

enum err
tar_end(struct tar_out *t, enum err e)
{
    static const char END[2 * BLOCK]; /* two blocks of zeros end an archive */
    unsigned char digest[HASH_LEN];
    long size = t->sums == NULL ? -1 : ftell(t->sums);

    if (e == OK && (size < 0 || fflush(t->sums) != 0))
        e = ERR_IO;
    if (e == OK) {
        rewind(t->sums);
        e = put_header(t->f, TAR_SUMS, 0600, (uint64_t) size);
    }
    if (e == OK)
        e = copy(t->sums, t->f, (uint64_t) size, digest);
    if (e == OK)
        e = put_padding(t->f, (uint64_t) size);
    if (e == OK && fwrite(END, 1, sizeof END, t->f) != sizeof END)
        e = ERR_IO;
    if (t->sums != NULL)
        fclose(t->sums);
    return e;
}

/* reading -------------------------------------------------------------------------------------------------------- */

/* What was extracted: one line per member, as in SHA256SUMS. */
struct listing {
    struct arena *a;
    struct sum {
        char line[SUM_LINE_BYTES];
        struct sum *next;
    } *first, **last;
    size_t count;
};

static bool
name_ok(const char *name)
{
    const char *part = name;

    if (name[0] == '\0' || name[0] == '/')
        return false;
    for (const char *at = name;; at++) {
        if ((unsigned char) *at < 0x20 && *at != '\0')
            return false;
        if (*at != '/' && *at != '\0')
            continue;
        if (at == part || (at - part == 1 && part[0] == '.') || (at - part == 2 && part[0] == '.' && part[1] == '.'))
            return false;
        if (*at == '\0')
            return true;
        part = at + 1;
    }
}

static enum err
take_header(const struct header *h, char name[static TAR_NAME_BYTES], unsigned *mode, uint64_t *size)
{
    uint64_t sum, bits;
    size_t n = strnlen(h->prefix, sizeof h->prefix);

    if (memcmp(h->magic, "ustar", 6) != 0 || h->type != '0' || read_octal(h->checksum, sizeof h->checksum, &sum) != OK ||
        sum != checksum(h) || read_octal(h->size, sizeof h->size, size) != OK ||
        read_octal(h->mode, sizeof h->mode, &bits) != OK)
        return ERR_SYNTAX;
    memcpy(name, h->prefix, n);
    if (n > 0)
        name[n++] = '/';
    memcpy(name + n, h->name, strnlen(h->name, sizeof h->name));
    name[n + strnlen(h->name, sizeof h->name)] = '\0';
    *mode = (unsigned) (bits & 0700) | (unsigned) (bits & 0055); /* never writable by others */
    return name_ok(name) ? OK : ERR_SYNTAX;
}

static enum err
extract_one(FILE *f, const char *dir, const char *name, unsigned mode, uint64_t size, struct listing *list)
{
    char path[FILE_PATH_BYTES];
    unsigned char digest[HASH_LEN];
    struct sum *sum = arena_alloc(list->a, sizeof *sum);
    struct file out;
    enum err e = sum == NULL || list->count == TAR_FILES_MAX ? ERR_MEMORY : file_path(path, dir, str_of(name));

    if (e == OK)
        e = file_begin(&out, path, mode);
    if (e != OK)
        return e;
    e = file_end(&out, copy(f, out.out, size, digest));
    if (e != OK)
        return feof(f) ? ERR_SYNTAX : e;
    hex_encode(digest, HASH_LEN, sum->line);
    memcpy(sum->line + HASH_HEX_LEN, "  ", 2);
    memcpy(sum->line + HASH_HEX_LEN + 2, name, strlen(name) + 1);
    *list->last = sum;
    list->last = &sum->next;
    list->count++;
    return OK;
}

/* SHA256SUMS lists the members in their order. */
static enum err
compare_sums(FILE *f, uint64_t size, const struct listing *list, char name_of_fault[static TAR_NAME_BYTES])
{
    char line[SUM_LINE_BYTES + 2];
    uint64_t read = 0;

    for (const struct sum *s = list->first; s != NULL; s = s->next) {
        size_t n = strlen(s->line);

        memcpy(name_of_fault, s->line + HASH_HEX_LEN + 2, n - HASH_HEX_LEN - 1);
        if (fgets(line, sizeof line, f) == NULL || (read += strlen(line)) > size)
            return ERR_MISSING;
        if (strlen(line) != n + 1 || memcmp(line, s->line, n) != 0)
            return ERR_DIGEST;
    }
    memcpy(name_of_fault, TAR_SUMS, sizeof TAR_SUMS);
    return read == size ? OK : ERR_MISSING;
}

static enum err
skip_padding(FILE *f, uint64_t size)
{
    for (size_t n = (size_t) (-size % BLOCK); n > 0; n--)
        if (fgetc(f) != 0)
            return ERR_SYNTAX;
    return OK;
}

enum err
tar_extract(FILE *f, const char *dir, struct arena *a, char name_of_fault[static TAR_NAME_BYTES])
{
    struct listing list = {.a = a};
    struct header h;
    unsigned mode;
    uint64_t size;

    list.last = &list.first;
    for (;;) {
        enum err e;

        name_of_fault[0] = '\0';
        if (fread(&h, 1, BLOCK, f) != BLOCK)
            return ERR_SYNTAX;
        e = take_header(&h, name_of_fault, &mode, &size);
        if (e == OK && strcmp(name_of_fault, TAR_SUMS) == 0)
            return compare_sums(f, size, &list, name_of_fault);
        if (e == OK)
            e = extract_one(f, dir, name_of_fault, mode, size, &list);
        if (e == OK)
            e = skip_padding(f, size);
        if (e != OK)
            return e;
    }
}
