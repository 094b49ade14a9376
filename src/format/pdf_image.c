/* format/pdf_image.c - photographs and QR codes */
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "pdf_int.h"

static const double GAP = 8;

static unsigned
be(const unsigned char *b, size_t n)
{
    unsigned v = 0;

    for (size_t i = 0; i < n; i++)
        v = v << 8 | b[i];
    return v;
}

static bool
is_png(struct str s)
{
    return s.n > 33 && memcmp(s.p, "\211PNG\r\n\032\n\0\0\0\015IHDR", 16) == 0;
}

static enum err
png_size(struct str s, unsigned *w, unsigned *h)
{
    *w = be((const unsigned char *) s.p + 16, 4);
    *h = be((const unsigned char *) s.p + 20, 4);
    if (*w == 0 || *h == 0)
        return ERR_SYNTAX;
    return *w > PDF_PNG_PIXELS_MAX || *h > PDF_PNG_PIXELS_MAX / *w ? ERR_TOO_LARGE : OK;
}

/* ITU T.81: the frame header SOF among the segments. Arithmetic coding and 12 bits are refused: few readers know them. */
static enum err
jpeg_size(struct str s, unsigned *w, unsigned *h)
{
    const unsigned char *b = (const unsigned char *) s.p;
    size_t i = 2;

    if (s.n < 4 || b[0] != 0xFF || b[1] != 0xD8)
        return ERR_SYNTAX;
    while (i + 9 < s.n && b[i] == 0xFF) {
        if (b[i + 1] == 0xFF) { /* a fill byte */
            i++;
            continue;
        }
        if (b[i + 1] >= 0xC0 && b[i + 1] <= 0xC2) {
            *h = be(b + i + 5, 2);
            *w = be(b + i + 7, 2);
            if (b[i + 4] != 8 || *w == 0 || *h == 0 || (b[i + 9] != 1 && b[i + 9] != 3))
                return ERR_SYNTAX;
            return *h > PDF_JPEG_PIXELS_MAX / *w ? ERR_TOO_LARGE : OK;
        }
        i += 2 + be(b + i + 2, 2);
    }
    return ERR_SYNTAX;
}

static enum err
image_size(struct str s, unsigned *w, unsigned *h)
{
    if (s.n > PDF_IMAGE_BYTES_MAX)
        return ERR_TOO_LARGE;
    return is_png(s) ? png_size(s, w, h) : jpeg_size(s, w, h);
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

static cairo_status_t
read_png(void *arg, unsigned char *data, unsigned length)
{
    struct str *rest = arg;

    if (rest->n < length)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(data, rest->p, length);
    *rest = (struct str){rest->p + length, rest->n - length};
    return CAIRO_STATUS_SUCCESS;
}

/* The bytes go into the file as they are; the surface only says how large they are (its memory is never touched). */
static cairo_surface_t *
jpeg_surface(struct str s, unsigned w, unsigned h)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int) w, (int) h);
    unsigned char *copy = malloc(s.n);

    if (copy != NULL)
        memcpy(copy, s.p, s.n);
    if (copy == NULL || cairo_surface_set_mime_data(image, CAIRO_MIME_TYPE_JPEG, copy, s.n, free, copy) != CAIRO_STATUS_SUCCESS)
        free(copy);
    return image;
}

static void
draw_image(struct pdf *p, struct str s, unsigned w, unsigned h, double x, double y, double scale)
{
    struct str rest = s;
    cairo_surface_t *image =
        is_png(s) ? cairo_image_surface_create_from_png_stream(read_png, &rest) : jpeg_surface(s, w, h);

    if (cairo_surface_status(image) != CAIRO_STATUS_SUCCESS)
        pdf_fail(p, cairo_surface_status(image) == CAIRO_STATUS_NO_MEMORY ? ERR_MEMORY : ERR_SYNTAX);
    if (p->error == OK) {
        cairo_save(p->cr);
        cairo_translate(p->cr, x, y);
        cairo_scale(p->cr, scale, scale);
        cairo_set_source_surface(p->cr, image, 0, 0);
        cairo_paint(p->cr);
        cairo_restore(p->cr);
    }
    cairo_surface_destroy(image);
}

enum err
pdf_image_check(struct str bytes)
{
    struct str rest = bytes;
    cairo_surface_t *image;
    cairo_status_t status;
    unsigned w, h;
    enum err e = image_size(bytes, &w, &h);

    if (e != OK || !is_png(bytes))
        return e;
    image = cairo_image_surface_create_from_png_stream(read_png, &rest);
    status = cairo_surface_status(image);
    cairo_surface_destroy(image);
    return status == CAIRO_STATUS_SUCCESS ? OK : status == CAIRO_STATUS_NO_MEMORY ? ERR_MEMORY : ERR_SYNTAX;
}

/* An image in its place: how large it becomes, and the lines below. */
struct place {
    unsigned w, h;
    double scale;
    PangoLayout *caption;
};

static double
measure(struct pdf *p, const struct pdf_image *image, double width, double high, struct place *at)
{
    static const struct pdf_look CAPTION = {PDF_SIZE_SMALL, false, false, PANGO_ALIGN_LEFT};
    enum err e = image_size(image->bytes, &at->w, &at->h);

    if (e != OK)
        pdf_fail(p, e);
    at->caption = pdf_layout(p, image->caption, &CAPTION, width);
    if (p->error != OK)
        return 0;
    at->scale = width / at->w < high / at->h ? width / at->w : high / at->h;
    return at->h * at->scale + 3 + pdf_layout_height(at->caption);
}

void
pdf_images(struct pdf *p, const struct pdf_image *images, size_t count, double mm_high)
{
    struct place at[PDF_IMAGES_MAX] = {{0}};
    double width, height = 0;

    if (count < 1 || count > PDF_IMAGES_MAX)
        pdf_fail(p, ERR_USAGE);
    if (p->error != OK)
        return;
    width = (p->right - p->left - GAP * (double) (count - 1)) / (double) count;
    for (size_t i = 0; i < count; i++) {
        double h = measure(p, &images[i], width, mm_high * PDF_MM, &at[i]);

        height = h > height ? h : height;
    }
    if (!pdf_fit(p, height))
        pdf_fail(p, ERR_TOO_LARGE);
    for (size_t i = 0; p->error == OK && i < count; i++) {
        double x = p->left + (double) i * (width + GAP), h = at[i].h * at[i].scale;

        if (p->cr != NULL)
            draw_image(p, images[i].bytes, at[i].w, at[i].h, x, p->y, at[i].scale);
        (void) pdf_lines(p, at[i].caption, x, p->y + h + 3, 0, p->height, false);
    }
    for (size_t i = 0; i < count; i++)
        if (at[i].caption != NULL)
            g_object_unref(at[i].caption);
    p->used = true;
    p->y += height + 6;
}

/* --- QR codes ----------------------------------------------------------------------------------------------------- */

static void
draw_modules(struct pdf *p, const QRcode *code, double size)
{
    double module = size / code->width;

    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width; x++)
            if ((code->data[y * code->width + x] & 1) != 0)
                cairo_rectangle(p->cr, p->left + x * module, p->y + y * module, module, module);
    cairo_set_antialias(p->cr, CAIRO_ANTIALIAS_NONE);
    cairo_fill(p->cr);
    cairo_set_antialias(p->cr, CAIRO_ANTIALIAS_DEFAULT);
}

static void
draw_code(struct pdf *p, const char *text, double size)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    char link[1200];

    if (code == NULL) {
        pdf_fail(p, ERR_TOO_LARGE);
        return;
    }
    if (strncmp(text, "http", 4) == 0 && strpbrk(text, "'\\") == NULL) {
        snprintf(link, sizeof link, "uri='%s'", text);
        cairo_tag_begin(p->cr, CAIRO_TAG_LINK, link);
        draw_modules(p, code, size);
        cairo_tag_end(p->cr, CAIRO_TAG_LINK);
    } else {
        draw_modules(p, code, size);
    }
    QRcode_free(code);
}

void
pdf_qr(struct pdf *p, struct str text, double mm, struct str beside)
{
    static const struct pdf_look LOOK = {PDF_SIZE_CELL, false, false, PANGO_ALIGN_LEFT};
    double size = mm * PDF_MM, x = p->left + size + 2 * GAP, height;
    char z[1024];
    struct buf b = buf_over(z, sizeof z - 1);
    PangoLayout *l = pdf_layout(p, beside, &LOOK, p->right - x);

    buf_str(&b, text);
    z[b.n] = '\0';
    if (b.overflow || b.n == 0)
        pdf_fail(p, ERR_TOO_LARGE);
    height = l == NULL ? 0 : pdf_layout_height(l);
    if (l != NULL && !pdf_fit(p, height > size ? height : size))
        pdf_fail(p, ERR_TOO_LARGE);
    if (p->error == OK) {
        if (p->cr != NULL)
            draw_code(p, z, size);
        (void) pdf_lines(p, l, x, p->y + (height < size ? (size - height) / 2 : 0), 0, p->height, false);
        p->used = true;
        p->y += (height > size ? height : size) + 6;
    }
    if (l != NULL)
        g_object_unref(l);
}
