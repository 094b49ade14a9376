/* core/draw_scan.h - reading the line documents of a draw, word by word, with the place of the first fault.
 * Private to draw_*.c, roster.c and panel.c. After a failure every further call fails with the same error. */
#ifndef MQ_DRAW_SCAN_H
#define MQ_DRAW_SCAN_H

#include "core/draw.h"

struct scan {
    struct str text;
    size_t line_start, at, line_end; /* offsets in text; at is the next byte of the line */
    enum draw_file file;
    uint64_t line; /* from 1 once a line was read */
    struct fault *f;
    enum err err;
};

struct scan scan_start(struct str text, enum draw_file file, struct fault *f);
/* scan_fail: record a fault at the offset `byte` of the document (only the first is kept); returns its error.
 */
enum err scan_fail(struct scan *s, enum err e, size_t byte, const char *zh, const char *en);
/* scan_more: is there another line? */
bool scan_more(const struct scan *s);
/* scan_line: go to the next line: printable ASCII, at most DRAW_LINE_MAX bytes, ended by LF. */
enum err scan_line(struct scan *s);
/* scan_starts: does the line begin with `keyword` and a blank? */
bool scan_starts(const struct scan *s, struct str keyword);
/* scan_whole: the line must be exactly this. */
enum err scan_whole(struct scan *s, struct str line);
/* scan_key: the line must begin with `keyword`; goes behind it. */
enum err scan_key(struct scan *s, struct str keyword);
/* scan_word: the next word after one blank. scan_end: no further word. */
enum err scan_word(struct scan *s, struct str *out);
enum err scan_end(struct scan *s);
enum err scan_number(struct scan *s, uint64_t min, uint64_t max, uint64_t *out);
enum err scan_digest(struct scan *s, unsigned char out[static HASH_LEN]);
/* scan_name: draw_name_ok. scan_text: 1..max printable bytes without blank, '"' and '\'. */
enum err scan_name(struct scan *s, struct str *out);
enum err scan_text(struct scan *s, size_t max, struct str *out);

/* draw_text_ok: 1..max bytes 0x21..0x7E without '"' and '\'.
 */
bool draw_text_ok(struct str text, size_t max);

#endif
