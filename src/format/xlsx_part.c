/* format/xlsx_part.c - an archive is hostile until it has been read to its end */
#include "format/xlsx_part.h"

#include <string.h>

#include "format/xlsx.h"

enum { CHUNK_BYTES = 1 << 15, TAG_BYTES_MAX = 1 << 20, DEPTH_MAX = 64 };

static voidpf ZCALLBACK
use_open_file(voidpf opaque, const void *name, int mode)
{
    (void) name;
    (void) mode;
    return opaque;
}

static int ZCALLBACK
leave_open(voidpf opaque, voidpf stream)
{
    (void) opaque;
    (void) stream;
    return 0;
}

enum err
xlsx_zip_open(FILE *f, unzFile *out)
{
    zlib_filefunc64_def files;

    fill_fopen64_filefunc(&files);
    files.zopen64_file = use_open_file;
    files.zclose_file = leave_open;
    files.opaque = f;
    *out = unzOpen2_64("", &files);
    return *out == NULL ? ERR_SYNTAX : OK;
}

static bool
too_large(const struct xlsx_part *p, uint64_t unpacked_bytes)
{
    return unpacked_bytes > XLSX_PART_BYTES_MAX ||
           (unpacked_bytes > XLSX_FREE_BYTES && unpacked_bytes / XLSX_RATIO_MAX > p->packed_bytes);
}

/* A document type is the only door to entities, inner and outer: it stays shut. */
static void
on_doctype(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public, int has_subset)
{
    (void) name;
    (void) system;
    (void) public;
    (void) has_subset;
    xlsx_fail(ctx, ERR_SYNTAX);
}

enum err
xlsx_part_open(struct xlsx_part *p, unzFile zip, const char *name)
{
    unz_file_info64 info;

    *p = (struct xlsx_part){0};
    if (unzLocateFile(zip, name, 1) != UNZ_OK)
        return ERR_NOT_FOUND;
    if (unzGetCurrentFileInfo64(zip, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK || (info.flag & 1) != 0)
        return ERR_SYNTAX;
    p->packed_bytes = info.compressed_size;
    p->total_bytes = info.uncompressed_size;
    if (too_large(p, p->total_bytes))
        return ERR_TOO_LARGE;
    if (unzOpenCurrentFile(zip) != UNZ_OK)
        return ERR_SYNTAX;
    p->zip = zip;
    p->parser = XML_ParserCreate(NULL);
    if (p->parser == NULL)
        return ERR_MEMORY;
    XML_SetUserData(p->parser, p);
    XML_SetStartDoctypeDeclHandler(p->parser, on_doctype);
    return OK;
}

void
xlsx_part_close(struct xlsx_part *p)
{
    if (p->parser != NULL)
        XML_ParserFree(p->parser);
    if (p->zip != NULL)
        unzCloseCurrentFile(p->zip);
    *p = (struct xlsx_part){0};
}

static enum err
check_status(struct xlsx_part *p, enum XML_Status status)
{
    XML_Index at = XML_GetCurrentByteIndex(p->parser);

    if (p->problem != OK)
        return p->problem;
    if (status == XML_STATUS_ERROR)
        return XML_GetErrorCode(p->parser) == XML_ERROR_NO_MEMORY ? ERR_MEMORY : ERR_SYNTAX;
    if (status == XML_STATUS_OK && at >= 0 && p->done_bytes - (uint64_t) at > TAG_BYTES_MAX && !p->read_all)
        return ERR_TOO_LARGE;
    return OK;
}

static enum err
feed(struct xlsx_part *p, enum XML_Status *status)
{
    void *chunk = XML_GetBuffer(p->parser, CHUNK_BYTES);
    int n = chunk == NULL ? 0 : unzReadCurrentFile(p->zip, chunk, CHUNK_BYTES);

    if (chunk == NULL)
        return ERR_MEMORY;
    if (n < 0)
        return ERR_SYNTAX;
    if (n == 0) {
        unzFile zip = p->zip;

        p->read_all = true;
        p->zip = NULL;
        if (unzCloseCurrentFile(zip) != UNZ_OK) /* the checksum of the part */
            return ERR_SYNTAX;
    }
    p->done_bytes += (uint64_t) n;
    if (too_large(p, p->done_bytes))
        return ERR_TOO_LARGE;
    *status = XML_ParseBuffer(p->parser, n, n == 0);
    return OK;
}

enum err
xlsx_part_run(struct xlsx_part *p)
{
    XML_ParsingStatus now;
    enum XML_Status status = XML_STATUS_OK;
    enum err e = OK;

    XML_GetParsingStatus(p->parser, &now);
    if (now.parsing == XML_SUSPENDED) {
        status = XML_ResumeParser(p->parser);
        e = check_status(p, status);
    }
    while (e == OK && status == XML_STATUS_OK && !p->read_all) {
        e = feed(p, &status);
        if (e == OK)
            e = check_status(p, status);
    }
    XML_GetParsingStatus(p->parser, &now);
    p->ended = now.parsing == XML_FINISHED;
    return e;
}

void
xlsx_fail(struct xlsx_part *p, enum err e)
{
    if (p->problem == OK)
        p->problem = e;
    XML_StopParser(p->parser, XML_FALSE);
}

void
xlsx_part_enter(struct xlsx_part *p)
{
    if (++p->depth > DEPTH_MAX)
        xlsx_fail(p, ERR_TOO_LARGE);
}

void
xlsx_part_leave(struct xlsx_part *p)
{
    p->depth--;
}

bool
xlsx_is(const char *name, const char *local)
{
    const char *colon = strchr(name, ':');

    return strcmp(colon == NULL ? name : colon + 1, local) == 0;
}

struct str
xlsx_attribute(const char **attributes, const char *local)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (xlsx_is(attributes[i], local))
            return str_of(attributes[i + 1]);
    return (struct str){NULL, 0};
}
