/* format/pdf_int.h - what the parts of pdf share. Lengths are in points (1/72 inch). */
#ifndef MQ_PDF_INT_H
#define MQ_PDF_INT_H

#include <cairo.h>
#include <pango/pangocairo.h>

#include "pdf.h"

#define PDF_MM (72.0 / 25.4)

struct pdf {
    struct pdf_config config;
    PangoFontMap *fonts;
    PangoContext *context;
    cairo_surface_t *surface; /* NULL while pages are counted */
    cairo_t *cr;
    enum err error;
    unsigned page, page_count; /* of this page, from 1; 0: none begun. page_count: 0 while they are counted */
    double width, height, left, right, top, bottom; /* of the page; of what may be written on */
    double y;                                       /* where the next thing begins */
    bool used;                                      /* something stands on this page */
    const struct pdf_column *columns;
    size_t column_count;
    const struct str *header;
};

/* pdf_fail: keep the first error. */
void pdf_fail(struct pdf *p, enum err e);
/* pdf_next_page: end this page, begin another. */
void pdf_next_page(struct pdf *p);
/* pdf_fit: a new page unless `height` is free. True: it fits now. */
bool pdf_fit(struct pdf *p, double height);
/* pdf_layout: the text broken into lines of a width; NULL after an error. For the caller to unref. */
enum pdf_font_size { PDF_SIZE_TITLE = 20, PDF_SIZE_HEADING = 13, PDF_SIZE_BODY = 11, PDF_SIZE_CELL = 10, PDF_SIZE_SMALL = 8 };
struct pdf_look {
    double size;
    bool bold, code;
    PangoAlignment align;
};
PangoLayout *pdf_layout(struct pdf *p, struct str text, const struct pdf_look *look, double width);
double pdf_layout_height(PangoLayout *l);
/* pdf_lines: draw the lines of a layout from the offset `from` on that end within `room`, at x, y; returns the offset
 * after the last of them (`from`: not one fits). measure: draw nothing. */
double pdf_lines(struct pdf *p, PangoLayout *l, double x, double y, double from, double room, bool measure);

#endif
