/* format/pdf.h - documents on paper: A4 PDF with Chinese text that can be selected, on pango and cairo.
 *
 *   static enum err write_notice(struct pdf *p, void *arg) { pdf_text(p, PDF_TITLE, …); …; return OK; }
 *   e = pdf_make(&(struct pdf_config){.out = f, .title = …, .created_us = …}, write_notice, &notice);
 *
 * The function that writes a document is called twice, to count the pages and to draw them, and says the same both
 * times: so every page can bear "page i of n" while only one page is in memory. Errors stick: the calls below do nothing
 * after the first one, which pdf_make returns. The same calls with the same config give the same bytes (with the same
 * fonts installed). Text is UTF-8; lines end in LF; an absent text is an empty one. Lengths are in millimetres. */
#ifndef MQ_PDF_H
#define MQ_PDF_H

#include <stdio.h>

#include "base/str.h"

enum {
    PDF_TEXT_BYTES_MAX = 256 << 10, /* one paragraph or cell */
    PDF_PAGES_MAX = 5000,
    PDF_COLUMNS_MAX = 16,
    PDF_IMAGES_MAX = 4, /* side by side */
    PDF_IMAGE_BYTES_MAX = 16 << 20,
    PDF_JPEG_PIXELS_MAX = 48 << 20, /* goes into the file as it is */
    PDF_PNG_PIXELS_MAX = 8 << 20    /* is decoded: four bytes each */
};

struct pdf_config {
    FILE *out;                 /* open for writing; the caller closes it */
    struct str title, author;  /* of the file's properties */
    struct str footer;         /* small, at the left below every page; absent: none */
    int64_t created_us;        /* microseconds since 1970 UTC: the only time in the file */
    bool english;              /* words of the page numbers */
    bool landscape;
};
struct pdf;
typedef enum err (*pdf_fn)(struct pdf *p, void *arg);

/*
 * pdf_make: the document that fn writes.
 * ERR_FONT       no installed font has Chinese characters (Debian: fonts-noto-cjk).
 * ERR_TOO_LARGE  a text, an image or the number of pages is above its limit.
 * ERR_ENCODING   a text is not UTF-8.      ERR_SYNTAX an image is neither a JPEG nor a PNG that can be read.
 * ERR_USAGE      columns or images that do not fit the calls below.
 * ERR_IO, ERR_NO_SPACE, ERR_MEMORY; what fn returned.
 */
MUST_USE enum err pdf_make(const struct pdf_config *config, pdf_fn fn, void *arg);
/* pdf_font: the name of the font that Chinese text gets. ERR_FONT when none has its characters; ERR_TOO_LARGE: name. */
MUST_USE enum err pdf_font(char *name, size_t name_bytes);

enum pdf_style {
    PDF_TITLE,      /* large, in the middle */
    PDF_SUBTITLE,   /* in the middle: the number of a document */
    PDF_HEADING,    /* never the last line of a page */
    PDF_BODY,
    PDF_PARAGRAPH,  /* the first line begins two characters further in */
    PDF_RIGHT,      /* who signs, when */
    PDF_SMALL,
    PDF_CODE,       /* digests and addresses: letters of one width */
    PDF_STYLE_COUNT
};
/* pdf_text: a paragraph, over as many pages as it needs. */
void pdf_text(struct pdf *p, enum pdf_style style, struct str text);
void pdf_gap(struct pdf *p, double mm);
/* pdf_room: go on with a new page unless so much is free on this one: what follows stays together. */
void pdf_room(struct pdf *p, double mm);
/* pdf_break: the next thing stands on a new page. */
void pdf_break(struct pdf *p);

/* Tables: rows go over to new pages, where the header is repeated; a row taller than a page is cut between its lines. */
struct pdf_column {
    int share;         /* of the width, >= 1 */
    bool label;        /* the cells name what stands beside them: grey, bold */
    bool right, small, code; /* numbers to the right; small text; letters of one width */
};
/* pdf_table: begin a table of count columns; header: as many texts, or NULL. Both live until pdf_table_end. */
void pdf_table(struct pdf *p, const struct pdf_column *columns, size_t count, const struct str *header);
void pdf_row(struct pdf *p, const struct str *cells);
/* pdf_row_wide: the first column as a label, one text over all the others. */
void pdf_row_wide(struct pdf *p, struct str label, struct str text);
void pdf_table_end(struct pdf *p);

/* Images, one beside the other and never apart, each within its share of the width and mm_high, with its caption below. */
struct pdf_image {
    struct str bytes; /* a JPEG (8 bits, grey or colour) or a PNG */
    struct str caption;
};
/* pdf_image_check: can these bytes be one? ERR_SYNTAX, ERR_TOO_LARGE, ERR_MEMORY. */
MUST_USE enum err pdf_image_check(struct str bytes);
void pdf_images(struct pdf *p, const struct pdf_image *images, size_t count, double mm_high);

/* pdf_qr: a QR code of the ASCII text, mm wide, that is a link as well, with a text to its right. */
void pdf_qr(struct pdf *p, struct str text, double mm, struct str beside);

#endif
