/* core/draw_locate.h - which single byte of a document was altered, when its true digest is known.
 * Private to draw_verify.c. */
#ifndef MQ_DRAW_LOCATE_H
#define MQ_DRAW_LOCATE_H

#include "core/draw_run.h"

/* locate_byte: the one offset where another byte makes H(text) = digest; false: none, or *budget
 * (compressions) ended. */
bool locate_byte(enum hash_suite suite, struct str text, const unsigned char digest[static HASH_LEN],
                 uint64_t *budget, size_t *offset);
/* locate_secret: the digit of hex(secret) that another digit makes open the commitment. */
bool locate_secret(const struct draw_spec *spec, size_t party,
                   const unsigned char secret[static DRAW_SECRET_BYTES], uint64_t *budget, size_t *digit);
/* locate_value: the beacon and the byte of its value that another byte makes give the seed. */
bool locate_value(const struct draw_spec *spec, const struct draw_lock *lock,
                  const struct draw_reveal *reveal, const unsigned char seed[static HASH_LEN],
                  uint64_t *budget, size_t *beacon, size_t *offset);
/* locate_row: the row and the byte of its line that another byte makes give the root. */
bool locate_row(const struct roster *r, const unsigned char root[static HASH_LEN], uint64_t *budget,
                uint64_t *row, size_t *offset);
/* locate_order: two neighbouring ids are out of order and f names the second: name the first when it is the one that does
 * not fit between its other neighbours, or the only one whose check digit is wrong. */
void locate_order(struct str roster, struct fault *f);
/* locate_line: line and column of an offset. */
void locate_line(struct str text, size_t offset, struct fault *f);

#endif
