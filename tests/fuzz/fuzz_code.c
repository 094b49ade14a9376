/* fuzz_code - unified social credit codes, ids of targets, dates, base64 */
#include "fuzz.h"

#include "base/b64.h"
#include "core/calendar.h"
#include "core/uscc.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *) data, size};
    struct target_code code, again;
    char day_text[DAY_TEXT + 1], base64[4096];
    unsigned char bytes[2048];
    int64_t day;
    size_t n;

    if (target_code_parse(s, &code) == OK) {
        demand(target_code_parse(str_of(code.text), &again) == OK && strcmp(code.text, again.text) == 0);
        demand(strlen(code.text) <= TARGET_CODE_MAX);
    }
    if (day_parse(s, &day) == OK) {
        day_format(day, day_text);
        demand(str_eq(s, str_of(day_text)));
    }
    if (b64_decode(s, bytes, sizeof bytes, &n) == OK) {
        struct buf b = buf_over(base64, sizeof base64);

        b64_write(&b, bytes, n);
        demand(!b.overflow && b.n == s.n && (s.n == 0 || memcmp(base64, s.p, s.n) == 0));
    }
    return 0;
}
