/* format/pdf.c - pages, paragraphs, fonts */
#include "pdf.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "pdf_int.h"

/* Families with simplified Chinese forms, the best first; fontconfig takes what is there. */
#define SERIF "Noto Serif CJK SC, Source Han Serif SC, SimSun, Noto Sans CJK SC, WenQuanYi Zen Hei, WenQuanYi Micro Hei, serif"
#define SANS "Noto Sans CJK SC, Source Han Sans SC, SimHei, WenQuanYi Zen Hei, WenQuanYi Micro Hei, sans-serif"
#define MONO "Noto Sans Mono CJK SC, DejaVu Sans Mono, WenQuanYi Zen Hei Mono, monospace"
#define SAMPLE "双随机一公开检查通知书" /* a font without these is not one for this work */

static const double A4_SHORT = 210 * PDF_MM, A4_LONG = 297 * PDF_MM, MARGIN = 20 * PDF_MM, FOOT = 12 * PDF_MM;

void
pdf_fail(struct pdf *p, enum err e)
{
    if (p->error == OK)
        p->error = e;
}

/* --- fonts and lines ---------------------------------------------------------------------------------------------- */

static bool
open_fonts(struct pdf *p)
{
    cairo_font_options_t *plain = cairo_font_options_create();

    p->fonts = pango_cairo_font_map_new();
    if (p->fonts == NULL)
        return false;
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(p->fonts), 72);
    p->context = pango_font_map_create_context(p->fonts);
    cairo_font_options_set_hint_metrics(plain, CAIRO_HINT_METRICS_OFF); /* paper has no pixels */
    cairo_font_options_set_hint_style(plain, CAIRO_HINT_STYLE_NONE);
    pango_cairo_context_set_font_options(p->context, plain);
    cairo_font_options_destroy(plain);
    pango_context_set_language(p->context, pango_language_from_string("zh-cn"));
    return true;
}

static void
close_fonts(struct pdf *p)
{
    if (p->context != NULL)
        g_object_unref(p->context);
    if (p->fonts != NULL)
        g_object_unref(p->fonts);
}

static void
dress(PangoLayout *l, const struct pdf_look *look)
{
    PangoFontDescription *d = pango_font_description_from_string(look->code ? MONO : look->bold ? SANS : SERIF);

    pango_font_description_set_absolute_size(d, look->size * PANGO_SCALE);
    if (look->bold)
        pango_font_description_set_weight(d, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(l, d);
    pango_font_description_free(d);
    pango_layout_set_alignment(l, look->align);
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
}

PangoLayout *
pdf_layout(struct pdf *p, struct str text, const struct pdf_look *look, double width)
{
    PangoLayout *l;

    if (p->error == OK && text.n > PDF_TEXT_BYTES_MAX)
        pdf_fail(p, ERR_TOO_LARGE);
    if (p->error == OK && text.n > 0 && !utf8_valid(text))
        pdf_fail(p, ERR_ENCODING);
    if (p->error != OK)
        return NULL;
    l = pango_layout_new(p->context);
    dress(l, look);
    pango_layout_set_width(l, (int) (width * PANGO_SCALE));
    pango_layout_set_text(l, text.n == 0 ? "" : text.p, (int) text.n);
    return l;
}

double
pdf_layout_height(PangoLayout *l)
{
    PangoRectangle r;

    pango_layout_get_extents(l, NULL, &r);
    return (double) r.height / PANGO_SCALE;
}

double
pdf_lines(struct pdf *p, PangoLayout *l, double x, double y, double from, double room, bool measure)
{
    PangoLayoutIter *i = pango_layout_get_iter(l);
    double done = from;

    do {
        PangoRectangle r;
        double end;

        pango_layout_iter_get_line_extents(i, NULL, &r);
        end = (double) (r.y + r.height) / PANGO_SCALE;
        if ((double) r.y / PANGO_SCALE < from - 0.01)
            continue; /* on an earlier page */
        if (end - from > room + 0.01)
            break;
        done = end;
        if (measure || p->cr == NULL)
            continue;
        cairo_move_to(p->cr, x + (double) r.x / PANGO_SCALE,
                      y + (double) pango_layout_iter_get_baseline(i) / PANGO_SCALE - from);
        pango_cairo_show_layout_line(p->cr, pango_layout_iter_get_line_readonly(i));
    } while (pango_layout_iter_next_line(i));
    pango_layout_iter_free(i);
    return done;
}

/* --- pages -------------------------------------------------------------------------------------------------------- */

static void
foot(struct pdf *p)
{
    static const struct pdf_look LEFT = {PDF_SIZE_SMALL, false, false, PANGO_ALIGN_LEFT},
                                 RIGHT = {PDF_SIZE_SMALL, false, false, PANGO_ALIGN_RIGHT};
    double y = p->height - FOOT - PDF_SIZE_SMALL, width = p->right - p->left;
    char text[64];
    PangoLayout *l;

    snprintf(text, sizeof text, p->config.english ? "Page %u of %u" : "第 %u 页　共 %u 页", p->page, p->page_count);
    if ((l = pdf_layout(p, str_of(text), &RIGHT, width)) != NULL) {
        (void) pdf_lines(p, l, p->left, y, 0, p->height, false);
        g_object_unref(l);
    }
    if (p->config.footer.n > 0 && (l = pdf_layout(p, p->config.footer, &LEFT, width * 0.8)) != NULL) {
        (void) pdf_lines(p, l, p->left, y, 0, PDF_SIZE_SMALL * 2, false);
        g_object_unref(l);
    }
}

static void
end_page(struct pdf *p)
{
    if (p->page == 0 || p->cr == NULL)
        return;
    foot(p);
    cairo_show_page(p->cr);
    if (cairo_status(p->cr) != CAIRO_STATUS_SUCCESS)
        pdf_fail(p, cairo_status(p->cr) == CAIRO_STATUS_NO_MEMORY ? ERR_MEMORY : ERR_IO);
}

void
pdf_next_page(struct pdf *p)
{
    end_page(p);
    if (++p->page > PDF_PAGES_MAX)
        pdf_fail(p, ERR_TOO_LARGE);
    p->y = p->top;
    p->used = false;
}

bool
pdf_fit(struct pdf *p, double height)
{
    if (p->error != OK)
        return false;
    if (p->used && p->y + height > p->bottom)
        pdf_next_page(p);
    return p->error == OK && p->y + height <= p->bottom;
}

void
pdf_gap(struct pdf *p, double mm)
{
    if (p->error == OK && p->used)
        p->y += mm * PDF_MM;
}

void
pdf_room(struct pdf *p, double mm)
{
    (void) pdf_fit(p, mm * PDF_MM);
}

void
pdf_break(struct pdf *p)
{
    if (p->error == OK && p->used)
        pdf_next_page(p);
}

/* --- paragraphs --------------------------------------------------------------------------------------------------- */

static const struct {
    struct pdf_look look;
    double before, after; /* free space */
    double together;      /* so much must fit with it */
    int indent;           /* characters */
} STYLES[PDF_STYLE_COUNT] = {
    [PDF_TITLE] = {{PDF_SIZE_TITLE, true, false, PANGO_ALIGN_CENTER}, 0, 6, 80, 0},
    [PDF_SUBTITLE] = {{PDF_SIZE_BODY, false, false, PANGO_ALIGN_CENTER}, 0, 8, 0, 0},
    [PDF_HEADING] = {{PDF_SIZE_HEADING, true, false, PANGO_ALIGN_LEFT}, 10, 4, 60, 0},
    [PDF_BODY] = {{PDF_SIZE_BODY, false, false, PANGO_ALIGN_LEFT}, 0, 4, 0, 0},
    [PDF_PARAGRAPH] = {{PDF_SIZE_BODY, false, false, PANGO_ALIGN_LEFT}, 0, 4, 0, 2},
    [PDF_RIGHT] = {{PDF_SIZE_BODY, false, false, PANGO_ALIGN_RIGHT}, 0, 4, 0, 0},
    [PDF_SMALL] = {{PDF_SIZE_SMALL, false, false, PANGO_ALIGN_LEFT}, 0, 3, 0, 0},
    [PDF_CODE] = {{PDF_SIZE_SMALL, false, true, PANGO_ALIGN_LEFT}, 0, 3, 0, 0},
};

static void
put_lines(struct pdf *p, PangoLayout *l)
{
    double height = pdf_layout_height(l), from = 0;

    while (p->error == OK && from < height - 0.01) {
        double to = pdf_lines(p, l, p->left, p->y, from, p->bottom - p->y, false);

        if (to <= from && !p->used)
            pdf_fail(p, ERR_TOO_LARGE); /* a line taller than a page */
        if (to > from)
            p->used = true;
        p->y += to - from;
        from = to;
        if (from < height - 0.01 && p->error == OK)
            pdf_next_page(p);
    }
}

void
pdf_text(struct pdf *p, enum pdf_style style, struct str text)
{
    PangoLayout *l;

    if (p->error != OK || (l = pdf_layout(p, text, &STYLES[style].look, p->right - p->left)) == NULL)
        return;
    pango_layout_set_indent(l, (int) (STYLES[style].indent * STYLES[style].look.size * PANGO_SCALE));
    if (p->used)
        p->y += STYLES[style].before;
    (void) pdf_fit(p, STYLES[style].together > 0 ? STYLES[style].together : STYLES[style].look.size);
    put_lines(p, l);
    p->y += STYLES[style].after;
    g_object_unref(l);
}

/* --- the document ------------------------------------------------------------------------------------------------- */

static cairo_status_t
write_out(void *arg, const unsigned char *data, unsigned length)
{
    return fwrite(data, 1, length, arg) == length ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void
set_property(cairo_surface_t *surface, cairo_pdf_metadata_t key, struct str value)
{
    char text[512];
    struct buf b = buf_over(text, sizeof text - 1);

    buf_str(&b, value);
    text[b.n] = '\0';
    if (value.n > 0 && !b.overflow && utf8_valid(value))
        cairo_pdf_surface_set_metadata(surface, key, text);
}

static void
set_properties(struct pdf *p)
{
    time_t seconds = (time_t) (p->config.created_us / 1000000);
    struct tm t;
    char text[32] = "";

    set_property(p->surface, CAIRO_PDF_METADATA_TITLE, p->config.title);
    set_property(p->surface, CAIRO_PDF_METADATA_AUTHOR, p->config.author);
    set_property(p->surface, CAIRO_PDF_METADATA_CREATOR, STR("mingqian"));
    if (gmtime_r(&seconds, &t) != NULL && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &t) > 0)
        cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, text);
}

static void
begin(struct pdf *p)
{
    p->width = p->config.landscape ? A4_LONG : A4_SHORT;
    p->height = p->config.landscape ? A4_SHORT : A4_LONG;
    p->left = p->top = MARGIN;
    p->right = p->width - MARGIN;
    p->bottom = p->height - MARGIN;
    p->page = 0;
    p->columns = NULL;
    pdf_next_page(p);
}

static enum err
count_pages(struct pdf *p, pdf_fn fn, void *arg)
{
    enum err e;

    begin(p);
    if ((e = fn(p, arg)) != OK)
        return e;
    p->page_count = p->page;
    return p->error;
}

static enum err
draw_pages(struct pdf *p, pdf_fn fn, void *arg)
{
    enum err e;

    p->surface = cairo_pdf_surface_create_for_stream(write_out, p->config.out, p->config.landscape ? A4_LONG : A4_SHORT,
                                                     p->config.landscape ? A4_SHORT : A4_LONG);
    set_properties(p);
    p->cr = cairo_create(p->surface);
    begin(p);
    if ((e = fn(p, arg)) == OK)
        e = p->error;
    if (e == OK)
        end_page(p);
    if (e == OK)
        e = p->error;
    if (e == OK && p->page != p->page_count)
        e = ERR_INTERNAL; /* fn said something else the second time */
    cairo_destroy(p->cr);
    cairo_surface_finish(p->surface);
    if (e == OK && cairo_surface_status(p->surface) != CAIRO_STATUS_SUCCESS)
        e = errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    cairo_surface_destroy(p->surface);
    return e;
}

static bool
has_chinese(struct pdf *p)
{
    static const struct pdf_look LOOKS[] = {{PDF_SIZE_BODY, false, false, PANGO_ALIGN_LEFT},
                                            {PDF_SIZE_BODY, true, false, PANGO_ALIGN_LEFT}};
    bool all = true;

    for (size_t i = 0; i < sizeof LOOKS / sizeof *LOOKS; i++) {
        PangoLayout *l = pdf_layout(p, STR(SAMPLE), &LOOKS[i], 1000);

        all &= l != NULL && pango_layout_get_unknown_glyphs_count(l) == 0;
        if (l != NULL)
            g_object_unref(l);
    }
    return all;
}

enum err
pdf_make(const struct pdf_config *config, pdf_fn fn, void *arg)
{
    struct pdf p = {.config = *config};
    enum err e = open_fonts(&p) ? OK : ERR_MEMORY;

    if (e == OK && !has_chinese(&p))
        e = ERR_FONT;
    if (e == OK)
        e = count_pages(&p, fn, arg);
    if (e == OK)
        e = draw_pages(&p, fn, arg);
    close_fonts(&p);
    return e;
}

/* The family of the first run of glyphs. */
static enum err
name_of(PangoLayout *l, char *name, size_t name_bytes)
{
    PangoLayoutIter *i = pango_layout_get_iter(l);
    PangoLayoutRun *run = pango_layout_iter_get_run_readonly(i);
    PangoFontDescription *d = run == NULL ? NULL : pango_font_describe(run->item->analysis.font);
    int n = d == NULL ? -1 : snprintf(name, name_bytes, "%s", pango_font_description_get_family(d));

    if (d != NULL)
        pango_font_description_free(d);
    pango_layout_iter_free(i);
    return n < 0 ? ERR_FONT : (size_t) n >= name_bytes ? ERR_TOO_LARGE : OK;
}

enum err
pdf_font(char *name, size_t name_bytes)
{
    static const struct pdf_look LOOK = {PDF_SIZE_BODY, false, false, PANGO_ALIGN_LEFT};
    struct pdf p = {0};
    PangoLayout *l = NULL;
    enum err e = open_fonts(&p) ? OK : ERR_MEMORY;

    if (e == OK && !has_chinese(&p))
        e = ERR_FONT;
    if (e == OK && (l = pdf_layout(&p, STR(SAMPLE), &LOOK, 1000)) == NULL)
        e = p.error;
    if (e == OK)
        e = name_of(l, name, name_bytes);
    if (l != NULL)
        g_object_unref(l);
    close_fonts(&p);
    return e;
}
