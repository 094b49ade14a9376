/* http/qr.c - see qr.h */
#include "qr.h"

#include <qrencode.h>

/* A row of modules as dashes of one line: "h7m1 0h1". */
static void
draw_row(struct buf *b, const unsigned char *row, int width)
{
    for (int x = 0, run, gap = 0; x < width; x += run) {
        bool dark = (row[x] & 1) != 0;

        for (run = 1; x + run < width && ((row[x + run] & 1) != 0) == dark; run++)
            continue;
        if (dark && gap > 0) {
            buf_z(b, "m");
            buf_i64(b, gap);
            buf_z(b, " 0");
        }
        if (dark) {
            buf_z(b, "h");
            buf_i64(b, run);
        }
        gap = dark ? 0 : run;
    }
}

static void
draw(const QRcode *code, struct buf *b)
{
    buf_z(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-4 -4 ");
    buf_i64(b, code->width + 8);
    buf_z(b, " ");
    buf_i64(b, code->width + 8);
    buf_z(b, "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M-4-4h999v999h-999z\"/><path stroke=\"#000\" d=\"");
    for (int y = 0; y < code->width; y++) {
        buf_z(b, "M0 ");
        buf_i64(b, y);
        buf_z(b, ".5");
        draw_row(b, code->data + (size_t) y * (size_t) code->width, code->width);
    }
    buf_z(b, "\"/></svg>");
}

enum err
qr_svg(struct arena *a, const char *text, struct str *out)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    size_t room;
    struct buf b;

    if (code == NULL)
        return ERR_TOO_LARGE;
    room = 256 + (size_t) code->width * (size_t) code->width * 6 + (size_t) code->width * 12;
    b = buf_over(arena_alloc(a, room), room);
    if (b.p != NULL)
        draw(code, &b);
    QRcode_free(code);
    *out = buf_view(&b);
    return b.p == NULL || b.overflow ? ERR_MEMORY : OK;
}
