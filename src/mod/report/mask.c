/* mod/report/mask.c - what of a sole trader 个体工商户 the public may read (regulation 二(六); personal information) */
#include "report.h"

enum { SHORTEST = 2 }; /* characters before 乡 or 镇: less is part of another name (镇平县) */

enum err
report_names_whole(struct db *db, struct arena *a, bool *whole)
{
    struct report_setting_row row;
    enum err e = report_setting(db, a, &(struct report_setting_in){STR("public.sole_trader_name")}, &row);

    *whole = e == OK && str_eq(row.value, STR("whole"));
    return e == ERR_NOT_FOUND ? OK : e;
}

bool
report_is_personal(struct str entity_type)
{
    return str_eq(entity_type, STR("individual"));
}

static struct str
joined(struct arena *a, const struct str *parts, size_t count)
{
    size_t n = 1;
    struct buf b;

    for (size_t i = 0; i < count; i++)
        n += parts[i].n;
    b = buf_over(arena_alloc(a, n), n);
    for (size_t i = 0; b.p != NULL && i < count; i++)
        buf_str(&b, parts[i]);
    return b.p == NULL ? STR("…") : buf_view(&b);
}

struct str
report_name(struct arena *a, struct str name, struct str entity_type, struct str region_name, struct str code,
            bool names_whole, bool english)
{
    const struct str tail = code.n > 4 ? (struct str){code.p + code.n - 4, 4} : code;

    if (names_whole || !report_is_personal(entity_type))
        return name;
    return joined(a,
                  (struct str[]){english ? STR("Sole trader") : STR("个体工商户"), STR(" · "), region_name,
                                 english ? STR(" · …") : STR(" · 尾号 "), tail},
                  5);
}

static bool
begins(struct str s, size_t at, struct str word)
{
    return at + word.n <= s.n && str_starts((struct str){s.p + at, s.n - at}, word);
}

/* Words after which an address may tell of a person: a road, a village, a number. */
static bool
is_too_close(struct str s, size_t at)
{
    static const char *const WORDS[] = {"路", "号", "村", "组", "巷", "弄",
                                       "幢", "楼", "室", "栋", "庄", "店"};

    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (begins(s, at, str_of(WORDS[i])))
            return true;
    return (begins(s, at, STR("街")) && !begins(s, at, STR("街道"))) || (s.p[at] >= '0' && s.p[at] <= '9');
}

/* Bytes up to the end of the township's name, 0 where none stands. */
static size_t
township(struct str s)
{
    static const char *const ENDS[] = {"街道办事处", "街道", "办事处", "镇", "乡"};
    size_t characters = 0;

    for (size_t i = 0; i < s.n && !is_too_close(s, i); characters++) {
        unsigned char c = (unsigned char) s.p[i];

        for (size_t k = 0; characters >= SHORTEST && k < sizeof ENDS / sizeof *ENDS; k++)
            if (begins(s, i, str_of(ENDS[k])))
                return i + str_of(ENDS[k]).n;
        i += c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    }
    return 0;
}

struct str
report_address(struct str address, struct str entity_type, struct str region_name)
{
    size_t n;

    if (!report_is_personal(entity_type) || address.p == NULL)
        return address;
    n = township(address);
    return n == 0 ? region_name : (struct str){address.p, n};
}
