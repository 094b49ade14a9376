/* core/person.c - GB 11643-1999: region 6, day of birth 8, sequence 3, check character by ISO 7064 MOD 11-2 */
#include "core/person.h"

#include <string.h>

#include "core/calendar.h"

enum { BIRTH_AT = 6, BIRTH_YEAR_MIN = 1900, MOBILE_LEN = 11, FIXED_MIN = 10, FIXED_MAX = 12 };

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Each of the 17 digits weighs 2^(17-i) mod 11; the check character makes the sum 1. */
static char
check_of(const char *p)
{
    unsigned sum = 0;

    for (size_t i = 0; i < PERSON_ID_LEN - 1; i++)
        sum = (sum + (unsigned) (p[i] - '0')) * 2 % 11;
    return "10X98765432"[sum % 11];
}

static enum err
birth_ok(const char *p)
{
    char text[DAY_TEXT];
    int64_t day;
    enum err e;

    memcpy(text, p, 4);
    text[4] = text[7] = '-';
    memcpy(text + 5, p + 4, 2);
    memcpy(text + 8, p + 6, 2);
    e = day_parse((struct str){text, DAY_TEXT}, &day);
    return e != OK || civil_from_day(day).year < BIRTH_YEAR_MIN ? ERR_DATE : OK;
}

enum err
person_id_parse(struct str s, char out[static PERSON_ID_LEN + 1])
{
    char last;

    if (s.n != PERSON_ID_LEN)
        return ERR_LENGTH;
    for (size_t i = 0; i < PERSON_ID_LEN - 1; i++)
        if (!is_digit(s.p[i]))
            return ERR_CHARSET;
    last = s.p[PERSON_ID_LEN - 1] == 'x' ? 'X' : s.p[PERSON_ID_LEN - 1];
    if (!is_digit(last) && last != 'X')
        return ERR_CHARSET;
    if (birth_ok(s.p + BIRTH_AT) != OK)
        return ERR_DATE;
    if (check_of(s.p) != last)
        return ERR_CHECK;
    memcpy(out, s.p, PERSON_ID_LEN - 1);
    out[PERSON_ID_LEN - 1] = last;
    out[PERSON_ID_LEN] = '\0';
    return OK;
}

/* The digits of s; *n counts them. */
static enum err
digits_of(struct str s, char out[static PERSON_PHONE_MAX + 1], size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ' ' || s.p[i] == '-' || (i == 0 && s.p[i] == '+'))
            continue;
        if (!is_digit(s.p[i]))
            return ERR_CHARSET;
        if (*n == PERSON_PHONE_MAX)
            return ERR_LENGTH;
        out[(*n)++] = s.p[i];
    }
    return OK;
}

enum err
person_phone_parse(struct str s, char out[static PERSON_PHONE_MAX + 1])
{
    char text[PERSON_PHONE_MAX + 1];
    const char *p = text;
    size_t n;
    enum err e = digits_of(s, text, &n);
    bool mobile, fixed;

    if (e != OK)
        return e;
    if (n == MOBILE_LEN + 2 && p[0] == '8' && p[1] == '6')
        p += 2, n -= 2;
    if (n < FIXED_MIN || n > FIXED_MAX)
        return ERR_LENGTH;
    mobile = n == MOBILE_LEN && p[0] == '1' && p[1] >= '3';
    fixed = p[0] == '0' && p[1] != '0';
    if (!mobile && !fixed)
        return ERR_INPUT;
    memcpy(out, p, n);
    out[n] = '\0';
    return OK;
}

static void
mask(struct str s, size_t head, size_t tail, size_t stars, char out[static PERSON_MASK_BYTES])
{
    size_t n = 0;

    out[0] = '\0';
    if (s.n <= head + tail || head + stars + tail >= PERSON_MASK_BYTES)
        return;
    memcpy(out, s.p, head);
    for (n = head; n < head + stars; n++)
        out[n] = '*';
    memcpy(out + n, s.p + s.n - tail, tail);
    out[n + tail] = '\0';
}

void
person_phone_mask(struct str phone, char out[static PERSON_MASK_BYTES])
{
    if (phone.n == MOBILE_LEN && phone.p[0] == '1')
        mask(phone, 3, 4, 4, out);
    else
        mask(phone, 4, 3, phone.n > 7 ? phone.n - 7 : 1, out);
}

void
person_id_mask(struct str id, char out[static PERSON_MASK_BYTES])
{
    mask(id, 4, 4, PERSON_ID_LEN - 8, out);
}
