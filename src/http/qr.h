/* http/qr.h - QR codes as SVG: one path, no style, no script */
#ifndef MQ_QR_H
#define MQ_QR_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* qr_svg: the text as a QR code (medium correction) in the arena. ERR_TOO_LARGE, ERR_MEMORY. */
MUST_USE enum err qr_svg(struct arena *a, const char *text, struct str *out);

#endif
