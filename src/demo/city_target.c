/* demo/city_target.c - the firms of the demo city, and rows that an import must refuse */
#include <string.h>

#include "core/calendar.h"
#include "core/uscc.h"
#include "demo/city_int.h"

#define ACTIVITY(industry, word, individual, enterprise, cooperative, tags, departments, licence)            \
    {industry, word, tags, departments, licence},
static const struct {
    const char *industry, *word, *tags, *departments, *licence;
} ACTIVITIES[] = {
#include "demo/city_activity.def"
};
#undef ACTIVITY

/* Questions of a target's random numbers. */
enum { Q_TYPE, Q_COUNTY, Q_ACTIVITY, Q_STREET, Q_DOOR, Q_STATUS, Q_AGE, Q_CLASS, Q_LICENCE, Q_COUNT };

enum { SYMBOLS = 31, BODY_SYMBOLS = 6, NUMBER_DIGITS = 7, AGE_MAX_DAYS = 9000, LICENCE_DAYS = 1825 };
#define BODIES UINT64_C(887503681)    /* 31^6 */
#define BODY_STEP UINT64_C(387420489) /* 3^18, prime to 31: index -> body is a bijection */
#define LAST_DAY INT64_C(20727)       /* 2026-10-01 */

enum entity_type { INDIVIDUAL, ENTERPRISE, COOPERATIVE };

static const struct {
    const char *name, *head, *person, *suffix;
} TYPES[] = {[INDIVIDUAL] = {"个体工商户", "92", "经营者", ""},
             [ENTERPRISE] = {"企业", "91", "负责人", "有限公司"},
             [COOPERATIVE] = {"农民专业合作社", "93", "理事长", "专业合作社"}};

struct target {
    struct city_random random;
    enum entity_type type;
    unsigned county, activity;
    char code[USCC_LEN + 1];
};

static enum entity_type
type_of(struct city_random r)
{
    uint32_t v = city_below(r, Q_TYPE, 1000);

    return v < 695 ? INDIVIDUAL : v < 975 ? ENTERPRISE : COOPERATIVE;
}

/* XN and six symbols; different for every index below 31^6. */
static void
organisation_of(const struct city *c, uint64_t index, char out[8])
{
    uint64_t v = (index * BODY_STEP + city_mix(c->seed) % BODIES) % BODIES;

    memcpy(out, "XN", 2);
    for (int i = 2 + BODY_SYMBOLS; i-- > 2; v /= SYMBOLS)
        out[i] = "0123456789ABCDEFGHJKLMNPQRTUWXY"[v % SYMBOLS];
}

static struct target
target_of(const struct city *c, uint64_t index)
{
    struct target t = {.random = city_random_of(c->seed, CITY_TARGETS, index)};
    struct uscc u = {.text = ""};
    char organisation[8];

    t.type = type_of(t.random);
    t.county = city_weighted_county(city_below(t.random, Q_COUNTY, 100));
    t.activity = c->picks[t.type][city_below(t.random, Q_ACTIVITY, CITY_PICK)];
    organisation_of(c, index, organisation);
    if (uscc_compose(TYPES[t.type].head, city_counties[t.county].code, organisation, &u) == OK)
        memcpy(t.code, u.text, sizeof t.code);
    return t;
}

void
city_target_code(const struct city *c, uint64_t index, char out[19])
{
    struct target t = target_of(c, index);

    memcpy(out, t.code, sizeof t.code);
}

static void
put_cell(struct buf *b, const char *text)
{
    buf_z(b, text);
    buf_z(b, ",");
}

static void
put_name(struct buf *b, const struct target *t, uint64_t index)
{
    buf_z(b, city_counties[t->county].name);
    buf_z(b, "模拟");
    buf_z(b, ACTIVITIES[t->activity].word);
    buf_z(b, TYPES[t->type].suffix);
    buf_z(b, "-");
    city_put_number(b, index, NUMBER_DIGITS);
    buf_z(b, ",");
}

static void
put_place(const struct city *c, struct buf *b, const struct target *t)
{
    const struct city_county *county = &city_counties[t->county];
    uint32_t count = (uint32_t) c->street_counts[t->county];
    struct str street = c->streets[t->county][city_below(t->random, Q_STREET, count)];

    put_cell(b, county->code);
    buf_z(b, county->name);
    buf_str(b, street);
    buf_z(b, "模拟路");
    buf_u64(b, 1 + city_below(t->random, Q_DOOR, 999));
    buf_z(b, "号,");
    buf_str(b, street);
    buf_z(b, "市场监管所,");
}

static const char *
status_of(struct city_random r)
{
    uint32_t v = city_below(r, Q_STATUS, 1000);

    return v < 950 ? "存续" : v < 982 ? "注销" : v < 995 ? "吊销" : v < 997 ? "撤销" : "迁出";
}

/* Young firms are more frequent: the youngest of two ages. */
static int64_t
established_day(struct city_random r)
{
    uint32_t a = city_below(r, Q_AGE, AGE_MAX_DAYS), b = city_below(r, Q_COUNT + Q_AGE, AGE_MAX_DAYS);

    return LAST_DAY - (a < b ? a : b);
}

static const char *
class_of(struct city_random r)
{
    uint32_t v = city_below(r, Q_CLASS, 100);

    return v < 30 ? "A" : v < 85 ? "B" : v < 97 ? "C" : "D";
}

/* 市场监管 and 税务 supervise everybody, 人社 every enterprise. */
static void
put_departments(struct buf *b, const struct target *t)
{
    const char *more = ACTIVITIES[t->activity].departments;

    buf_z(b, "scjgj、swju");
    if (t->type == ENTERPRISE && strstr(more, "rsj") == NULL)
        buf_z(b, "、rsj");
    if (more[0] != 0) {
        buf_z(b, "、");
        buf_z(b, more);
    }
    buf_z(b, ",");
}

/* NAME|NUMBER|VALID TO, some of them expired. */
static void
put_licence(struct buf *b, const struct target *t, uint64_t index)
{
    const char *licence = ACTIVITIES[t->activity].licence;

    if (licence[0] != 0) {
        buf_z(b, licence);
        buf_z(b, "|MN");
        city_put_number(b, index, NUMBER_DIGITS);
        buf_z(b, "|");
        city_put_day(b, LAST_DAY - 90 + city_below(t->random, Q_LICENCE, LICENCE_DAYS));
    }
    buf_z(b, "\n");
}

static void
put_person(struct buf *b, const struct target *t, uint64_t index)
{
    buf_z(b, TYPES[t->type].person);
    buf_z(b, "-");
    city_put_number(b, index, NUMBER_DIGITS);
    buf_z(b, ",");
}

/* What a row of CITY_DIRTY says instead; NULL = as it is. */
struct words {
    const char *code, *name, *type, *industry, *region, *status, *day, *class, *departments;
};

static void
put_or(struct buf *b, const char *instead, const char *text)
{
    put_cell(b, instead != NULL ? instead : text);
}

static void
put_row(const struct city *c, const struct target *t, uint64_t index, const struct words *w, struct buf *b)
{
    put_or(b, w->code, t->code);
    if (w->name != NULL)
        put_cell(b, w->name);
    else
        put_name(b, t, index);
    put_or(b, w->type, TYPES[t->type].name);
    put_person(b, t, index);
    put_or(b, w->industry, ACTIVITIES[t->activity].industry);
    if (w->region != NULL) {
        put_cell(b, w->region);
        buf_z(b, ",,");
    } else {
        put_place(c, b, t);
    }
    put_or(b, w->status, status_of(t->random));
    if (w->day != NULL)
        buf_z(b, w->day);
    else
        city_put_day(b, established_day(t->random));
    buf_z(b, ",");
    put_or(b, w->class, class_of(t->random));
    put_cell(b, ACTIVITIES[t->activity].tags);
    if (w->departments != NULL)
        put_cell(b, w->departments);
    else
        put_departments(b, t);
    put_licence(b, t, index);
}

void
city_target_row(const struct city *c, uint64_t index, struct buf *out)
{
    struct target t = target_of(c, index);

    put_row(c, &t, index, &(struct words){0}, out);
}

/* The code with a fault, in full-width digits where asked (each ASCII digit or letter is EF BC xx or EF BD
 * xx). */
static void
spoil_code(enum city_fault fault, const char *code, char *out, size_t size)
{
    struct buf b = buf_over(out, size - 1);

    for (size_t i = 0; i < USCC_LEN; i++) {
        unsigned wide = (unsigned char) code[i] - 0x21U + 0xFF01U;
        char utf8[3] = {(char) (0xE0 | wide >> 12), (char) (0x80 | (wide >> 6 & 63)),
                        (char) (0x80 | (wide & 63))};

        if (fault == CITY_FAULT_FULL_WIDTH)
            buf_add(&b, utf8, sizeof utf8);
        else if (fault == CITY_FAULT_LENGTH && i == USCC_LEN - 1)
            break;
        else if (fault == CITY_FAULT_CHARSET && i == 10)
            buf_z(&b, "I");
        else if (fault == CITY_FAULT_CHECK && i == USCC_LEN - 1)
            buf_z(&b, code[i] == '7' ? "8" : "7");
        else
            buf_add(&b, code + i, 1);
    }
    out[b.n] = 0;
}

void
city_dirty_row(const struct city *c, uint64_t index, struct buf *out)
{
    enum city_fault fault = (enum city_fault)(index % CITY_FAULT_COUNT);
    struct target t = target_of(c, c->scale + index); /* firms that the clean register does not hold */
    char code[3 * USCC_LEN + 1];
    struct words w = {0};

    spoil_code(fault, t.code, code, sizeof code);
    w.code = fault == CITY_FAULT_NO_CODE ? "" : code;
    w.name = fault == CITY_FAULT_NO_NAME   ? ""
             : fault == CITY_FAULT_FORMULA ? "=HYPERLINK(\"http://127.0.0.1/\")"
             : fault == CITY_FAULT_CONTROL ? "模拟\x01商行"
                                           : NULL;
    w.type = fault == CITY_FAULT_TYPE ? "神秘组织" : NULL;
    w.industry = fault == CITY_FAULT_INDUSTRY ? "Z9999" : NULL;
    w.region = fault == CITY_FAULT_REGION ? "411599" : fault == CITY_FAULT_MISSING_REGION ? "" : NULL;
    w.status = fault == CITY_FAULT_STATUS ? "睡着了" : NULL;
    w.day = fault == CITY_FAULT_DATE ? "2023-02-30" : NULL;
    w.class = fault == CITY_FAULT_CLASS ? "E" : NULL;
    w.departments = fault == CITY_FAULT_DEPARTMENT ? "scjgj、meiyou" : NULL;
    put_row(c, &t, c->scale + index, &w, out);
}
