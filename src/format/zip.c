/* format/zip.c - see zip.h */
#include "format/zip.h"

#include <errno.h>
#include <minizip/zip.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct zip {
    zipFile file;
};

enum { PIECE_BYTES = 1 << 20 };

static enum err
failed(void)
{
    return errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
}

enum err
zip_open(const char *path, struct zip **out)
{
    struct zip *z = calloc(1, sizeof *z);

    if (z == NULL)
        return ERR_MEMORY;
    if ((z->file = zipOpen64(path, APPEND_STATUS_CREATE)) == NULL) {
        free(z);
        return failed();
    }
    *out = z;
    return OK;
}

static enum err
check_name(const char *name)
{
    size_t n = strlen(name);

    if (n == 0 || n > ZIP_NAME_BYTES_MAX)
        return ERR_LENGTH;
    for (size_t i = 0; i < n; i++)
        if (name[i] <= ' ' || name[i] > '~' || name[i] == '\\' || name[i] == ':')
            return ERR_CHARSET;
    return name[0] == '/' || strstr(name, "..") != NULL ? ERR_CHARSET : OK;
}

enum err
zip_add(struct zip *z, const char *name, struct str bytes)
{
    zip_fileinfo info = {.tmz_date = {.tm_mday = 1, .tm_year = 1980}};
    enum err e = check_name(name);

    if (e != OK)
        return e;
    errno = 0;
    if (zipOpenNewFileInZip64(z->file, name, &info, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 6, bytes.n > 0xFFFFFFF0u) != ZIP_OK)
        return failed();
    for (size_t at = 0; at < bytes.n; at += PIECE_BYTES) {
        size_t n = bytes.n - at < PIECE_BYTES ? bytes.n - at : PIECE_BYTES;

        if (zipWriteInFileInZip(z->file, bytes.p + at, (unsigned) n) != ZIP_OK)
            return failed();
    }
    return zipCloseFileInZip(z->file) == ZIP_OK ? OK : failed();
}

enum err
zip_close(struct zip *z, enum err e)
{
    int closed = zipClose(z->file, NULL);

    free(z);
    return e != OK ? e : closed == ZIP_OK ? OK : failed();
}
