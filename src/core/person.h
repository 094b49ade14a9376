/* core/person.h - identity numbers of citizens 公民身份号码 (GB 11643-1999) and telephone numbers: are they well formed,
 * and how are they shown to those who need not know them. Pure: no I/O, no allocation, no globals. */
#ifndef MQ_PERSON_CORE_H
#define MQ_PERSON_CORE_H

#include "base/str.h"

enum {
    PERSON_ID_LEN = 18,    /* characters, without the NUL */
    PERSON_PHONE_MAX = 20, /* characters of a telephone number, without the NUL */
    PERSON_MASK_BYTES = 24
};

/*
 * person_id_parse: read an identity number into out, the X in upper case. out is written only on OK.
 * ERR_LENGTH   not 18 characters.
 * ERR_CHARSET  other than 17 digits and a digit or X.
 * ERR_DATE     characters 7-14 are no day, or one before 1900.
 * ERR_CHECK    the last character is not that of ISO 7064 MOD 11-2 over the first 17.
 */
MUST_USE enum err person_id_parse(struct str s, char out[static PERSON_ID_LEN + 1]);

/*
 * person_phone_parse: read a telephone number into out: blanks and hyphens fall away, so does a leading +86 or 86 of a mobile
 * number. Mobile 1[3-9] and nine digits; fixed 0, two or three digits of the area, seven or eight of the line.
 * ERR_LENGTH, ERR_CHARSET (other than digits, blanks, hyphens and a leading +), ERR_INPUT (no such pattern).
 */
MUST_USE enum err person_phone_parse(struct str s, char out[static PERSON_PHONE_MAX + 1]);

/* person_phone_mask: 138****1234, 0376****678. person_id_mask: 4115**********1234. Of what the parsers wrote. */
void person_phone_mask(struct str phone, char out[static PERSON_MASK_BYTES]);
void person_id_mask(struct str id, char out[static PERSON_MASK_BYTES]);

#endif
