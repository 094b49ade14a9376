/* http/qr.c - see qr.h */
#include "qr.h"

#include <qrencode.h>

/* Dark modules beside each other: one rectangle. */
static void
draw_run(struct buf *b, int x, int y, int run)
{
    buf_z(b, "M");
    buf_i64(b, x);
    buf_z(b, " ");
    buf_i64(b, y);
    buf_z(b, "h");
    buf_i64(b, run);
    buf_z(b, "v1h-");
    buf_i64(b, run);
    buf_z(b, "z");
}

static void
draw(const QRcode *code, struct buf *b)
{
    buf_z(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-4 -4 ");
    buf_i64(b, code->width + 8);
    buf_z(b, " ");
    buf_i64(b, code->width + 8);
    buf_z(b, "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M-4-4h999v999h-999z\"/><path d=\"");
    for (int y = 0; y < code->width; y++)
        for (int x = 0, run; x < code->width; x += run + 1) {
            for (run = 0; x + run < code->width && (code->data[y * code->width + x + run] & 1) != 0; run++)
                continue;
            if (run > 0)
                draw_run(b, x, y, run);
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
    room = 256 + (size_t) code->width * (size_t) code->width * 20;
    b = buf_over(arena_alloc(a, room), room);
    if (b.p != NULL)
        draw(code, &b);
    QRcode_free(code);
    *out = buf_view(&b);
    return b.p == NULL || b.overflow ? ERR_MEMORY : OK;
}
