/* format/xlsx_part.h - one part of an XLSX archive, unpacked under limits and parsed without entities. */
#ifndef MQ_XLSX_PART_H
#define MQ_XLSX_PART_H

#include <expat.h>
#include <minizip/unzip.h>
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

struct xlsx_part {
    unzFile zip;
    XML_Parser parser;
    uint64_t packed_bytes, done_bytes, total_bytes;
    unsigned depth;   /* of open elements */
    bool read_all;    /* no more bytes in the archive */
    bool ended;       /* parsed to the end */
    enum err problem; /* set by a handler, together with XML_StopParser */
};

/* xlsx_zip_open: the archive in f, which stays open when the archive is closed. ERR_SYNTAX: not a ZIP
 * archive. */
MUST_USE enum err xlsx_zip_open(FILE *f, unzFile *out);

/*
 * xlsx_part_open(p, zip, name): find the part and make its parser; the caller sets handlers on p->parser,
 * except those for document types, and calls xlsx_part_enter/leave in its element handlers. ERR_NOT_FOUND;
 * ERR_TOO_LARGE by its own declaration; ERR_SYNTAX (encrypted, unknown packing); ERR_MEMORY.
 */
MUST_USE enum err xlsx_part_open(struct xlsx_part *p, unzFile zip, const char *name);
/*
 * xlsx_part_run: parse until the end of the part or until a handler suspends the parser.
 * ERR_TOO_LARGE: more bytes than declared limits allow, or one tag of more than 1 MiB; ERR_SYNTAX: damaged
 * archive, XML not well formed, a document type; or p->problem.
 */
MUST_USE enum err xlsx_part_run(struct xlsx_part *p);
void xlsx_part_close(struct xlsx_part *p);

/* xlsx_fail: a handler's way to refuse; parsing stops and xlsx_part_run returns e. */
void xlsx_fail(struct xlsx_part *p, enum err e);
void xlsx_part_enter(struct xlsx_part *p); /* refuses elements nested deeper than 64 */
void xlsx_part_leave(struct xlsx_part *p);

/* xlsx_is: does the element or attribute have this local name, with whatever prefix? */
bool xlsx_is(const char *name, const char *local);
/* xlsx_attribute: value of the attribute with this local name, absent if there is none. */
struct str xlsx_attribute(const char **attributes, const char *local);

#endif
