/* core/uscc.c - unified social credit code (GB 32100-2015) with its organisation part (GB 11714) */
#include "core/uscc.h"

#include <string.h>

enum {
    BASE = 31,              /* symbols of GB 32100, table 2 */
    ORGANISATION = 8,       /* where the organisation part begins */
    ORGANISATION_BODY = 8,  /* its symbols without the check */
    ORGANISATION_BASE = 11, /* modulo of its check */
    REGISTRATION_DIGITS = 15,
    PREFIX_LEN = 2 /* R- and P- */
};

static const char SYMBOLS[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static char
upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
}

/* Index of an upper-case symbol in table 2, BASE if there is none. */
static unsigned
value(char c)
{
    const char *at = c == 0 ? NULL : strchr(SYMBOLS, c);

    return at == NULL ? BASE : (unsigned) (at - SYMBOLS);
}

/* The sum of GB 32100 over n symbols (values 0-30), the i-th weighing 3^i, modulo 31. */
static unsigned
weighted_sum(const char *s, size_t n)
{
    unsigned sum = 0, weight = 1;

    for (size_t i = 0; i < n; i++, weight = weight * 3 % BASE)
        sum = (sum + weight * value(s[i])) % BASE;
    return sum;
}

/* GB 11714: the ninth symbol of an organisation code. Letters count 10 (A) to 35 (Z), here without a gap. */
static char
organisation_check(const char *body)
{
    static const unsigned WEIGHTS[ORGANISATION_BODY] = {3, 7, 9, 10, 5, 8, 4, 2};
    unsigned sum = 0;

    for (size_t i = 0; i < ORGANISATION_BODY; i++)
        sum += WEIGHTS[i] * (unsigned) (body[i] <= '9' ? body[i] - '0' : body[i] - 'A' + 10);
    return "0123456789X"[(ORGANISATION_BASE - sum % ORGANISATION_BASE) % ORGANISATION_BASE];
}

enum err
uscc_parse(const char *s, size_t n, struct uscc *out)
{
    struct uscc u = {0};

    if (n != USCC_LEN)
        return ERR_LENGTH;
    for (size_t i = 0; i < USCC_LEN; i++) {
        u.text[i] = upper(s[i]);
        if (value(u.text[i]) == BASE)
            return ERR_CHARSET;
    }
    /* The checksum itself weighs 1, so that a true code sums to 0. */
    if ((weighted_sum(u.text, USCC_LEN - 1) + value(u.text[USCC_LEN - 1])) % BASE != 0)
        return ERR_CHECK;
    u.organisation_ok = organisation_check(u.text + ORGANISATION) == u.text[ORGANISATION + ORGANISATION_BODY];
    *out = u;
    return OK;
}

enum err
uscc_region(const struct uscc *u, char region[REGION_LEN + 1])
{
    for (size_t i = 0; i < REGION_LEN; i++)
        if (u->text[2 + i] < '0' || u->text[2 + i] > '9')
            return ERR_CHARSET;
    memcpy(region, u->text + 2, REGION_LEN);
    region[REGION_LEN] = 0;
    return OK;
}

enum err
uscc_compose(const char head[2], const char region[REGION_LEN], const char organisation[8], struct uscc *out)
{
    struct uscc u = {.organisation_ok = true};

    memcpy(u.text, head, 2);
    memcpy(u.text + 2, region, REGION_LEN);
    memcpy(u.text + ORGANISATION, organisation, ORGANISATION_BODY);
    for (size_t i = 0; i < ORGANISATION + ORGANISATION_BODY; i++)
        if (value(u.text[i]) == BASE)
            return ERR_CHARSET;
    u.text[ORGANISATION + ORGANISATION_BODY] = organisation_check(organisation);
    u.text[USCC_LEN - 1] = SYMBOLS[(BASE - weighted_sum(u.text, USCC_LEN - 1)) % BASE];
    *out = u;
    return OK;
}

static bool
all_digits(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return true;
}

static enum err
parse_registration(const char *digits, size_t n, struct target_code *out)
{
    struct target_code t = {.text = "R-", .kind = TARGET_CODE_REGISTRATION, .organisation_ok = true};

    if (n != REGISTRATION_DIGITS)
        return ERR_LENGTH;
    if (!all_digits(digits, n))
        return ERR_CHARSET;
    memcpy(t.text + PREFIX_LEN, digits, n);
    *out = t;
    return OK;
}

static enum err
parse_other(struct str s, struct target_code *out)
{
    struct target_code t = {.kind = TARGET_CODE_OTHER, .organisation_ok = true};

    if (s.n <= PREFIX_LEN || s.n > TARGET_CODE_MAX)
        return ERR_LENGTH;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x21 || s.p[i] > 0x7E)
            return ERR_CHARSET;
    memcpy(t.text, s.p, s.n);
    *out = t;
    return OK;
}

enum err
target_code_parse(struct str s, struct target_code *out)
{
    struct uscc u;
    enum err e;

    if (str_starts(s, STR("P-")))
        return parse_other(s, out);
    if (str_starts(s, STR("R-")))
        return parse_registration(s.p + PREFIX_LEN, s.n - PREFIX_LEN, out);
    if (s.n == REGISTRATION_DIGITS)
        return parse_registration(s.p, s.n, out);
    e = uscc_parse(s.p, s.n, &u);
    if (e != OK)
        return e;
    *out = (struct target_code){.kind = TARGET_CODE_USCC, .organisation_ok = u.organisation_ok};
    memcpy(out->text, u.text, USCC_LEN);
    return OK;
}
