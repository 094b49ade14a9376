/* demo/city.c - the frame of the demo city: places, offices, kinds */
#include "demo/city.h"

#include <string.h>

#include "core/calendar.h"
#include "data/data.h"
#include "demo/city_int.h"

const struct city_county city_counties[CITY_COUNTIES] = {
    {"411525", "固始县", 18}, {"411502", "浉河区", 16}, {"411503", "平桥区", 10}, {"411526", "潢川县", 10},
    {"411522", "光山县", 9},  {"411528", "息县", 9},    {"411521", "罗山县", 8},  {"411524", "商城县", 8},
    {"411527", "淮滨县", 7},  {"411523", "新县", 5}};

const struct city_department city_departments[CITY_DEPARTMENTS] = {
    {"scjgj", "市市场监管局",
     "食品安全、药品、特种设备、计量、抽样检验、产品质量、检验检测、网络监测、财务核查"},
    {"fgw", "市发展改革委", "节能、工程、安全生产"},
    {"jyty", "市教育体育局", "食品安全、交通安全"},
    {"gaj", "市公安局", "治安、危险化学品、网络安全、交通安全"},
    {"rsj", "市人力资源社会保障局", "劳动监察、财务核查"},
    {"sthjj", "市生态环境局", "环境监测、危险废物、辐射防护、计量"},
    {"zjj", "市住房城乡建设局", "工程、安全生产"},
    {"jtj", "市交通运输局", "交通安全、安全生产"},
    {"nyncj", "市农业农村局", "农业投入品、动物防疫、抽样检验、食品安全"},
    {"swj", "市商务局", "商务"},
    {"wgl", "市文化广电旅游局", "文化旅游"},
    {"wjw", "市卫生健康委", "公共卫生、医疗、职业卫生、食品安全、辐射防护"},
    {"yjj", "市应急局", "安全生产、危险化学品"},
    {"tjj", "市统计局", "统计"},
    {"swju", "市税务局", "财务核查"},
    {"hg", "信阳海关", "财务核查、抽样检验"}};

static const struct {
    const char *name, *header;
    void (*row)(const struct city *c, uint64_t index, struct buf *out);
} KINDS[CITY_KIND_COUNT] = {
    [CITY_TARGETS] = {"targets",
                      "统一社会信用代码,名称,主体类型,法定代表人,行业,行政区划,住所,监管所,状态,成立日期,"
                      "信用风险分类,标签,主管部门,许可\n",
                      city_target_row},
    [CITY_INSPECTORS] = {"inspectors",
                         "人员编号,姓名,部门,层级,所在区划,执法区划,业务专长,执法证号,执法证有效期,每次上限,"
                         "可任组长,状态,请假开始,请假结束\n",
                         city_inspector_row},
    [CITY_EXPERTS] = {"experts", "专家编号,姓名,部门,单位,专业,合同有效期,状态\n", city_expert_row},
    [CITY_RECUSALS] = {"recusals", "人员编号,检查对象代码,回避类型,依据\n", city_recusal_row},
    [CITY_DIRTY] = {"dirty", NULL, city_dirty_row}};

void
city_put_number(struct buf *b, uint64_t v, unsigned digits)
{
    char text[20];
    size_t i = sizeof text;

    for (; v > 0 || i > sizeof text - digits; v /= 10)
        text[--i] = (char) ('0' + v % 10);
    buf_add(b, text + i, sizeof text - i);
}

void
city_put_day(struct buf *b, int64_t day)
{
    char text[DAY_TEXT + 1];

    day_format(day, text);
    buf_add(b, text, DAY_TEXT);
}

unsigned
city_weighted_county(uint32_t percent)
{
    unsigned i = 0;

    for (uint32_t left = percent; i < CITY_COUNTIES - 1 && left >= city_counties[i].weight; i++)
        left -= city_counties[i].weight;
    return i;
}

static const char LIST_SEPARATOR[] = "、";

unsigned
city_list_count(const char *list)
{
    unsigned n = 1;

    for (const char *p = list; (p = strstr(p, LIST_SEPARATOR)) != NULL; p += sizeof LIST_SEPARATOR - 1)
        n++;
    return n;
}

struct str
city_list_item(const char *list, unsigned k)
{
    const char *p = list, *end;

    for (; k > 0; k--)
        p = strstr(p, LIST_SEPARATOR) + sizeof LIST_SEPARATOR - 1;
    end = strstr(p, LIST_SEPARATOR);
    return (struct str){p, end == NULL ? strlen(p) : (size_t) (end - p)};
}

static void
load_streets(struct city *c)
{
    struct str rest = data_find(STR("regions.csv")), line;

    while (data_line(&rest, &line)) {
        struct str f[3];

        if (data_fields(line, f, 3) != 3 || f[0].n != 9)
            continue;
        for (size_t i = 0; i < CITY_COUNTIES; i++)
            if (str_eq(f[2], str_of(city_counties[i].code)) && c->street_counts[i] < CITY_STREETS_MAX)
                c->streets[i][c->street_counts[i]++] = f[1];
    }
}

#define ACTIVITY(industry, word, individual, enterprise, cooperative, tags, departments, licence)            \
    {individual, enterprise, cooperative},
static const unsigned WEIGHTS[][3] = {
#include "demo/city_activity.def"
};
#undef ACTIVITY
enum { ACTIVITIES = sizeof WEIGHTS / sizeof *WEIGHTS };
_Static_assert(ACTIVITIES <= UINT8_MAX, "an activity fits in a byte");

/* Give each activity its share of the slots: slot s belongs to the activity whose cumulated weight covers it.
 */
static void
load_picks(struct city *c, unsigned type)
{
    unsigned total = 0, sum = 0, slot = 0;

    for (size_t i = 0; i < ACTIVITIES; i++)
        total += WEIGHTS[i][type];
    for (size_t i = 0; i < ACTIVITIES; i++) {
        sum += WEIGHTS[i][type];
        for (; slot < (uint64_t) CITY_PICK * sum / total; slot++)
            c->picks[type][slot] = (uint8_t) i;
    }
}

enum err
city_init(struct city *c, uint64_t seed, uint64_t scale)
{
    if (scale < CITY_SCALE_MIN || scale > CITY_SCALE_MAX)
        return ERR_RANGE;
    memset(c, 0, sizeof *c);
    c->seed = seed;
    c->scale = scale;
    load_streets(c);
    for (unsigned type = 0; type < 3; type++)
        load_picks(c, type);
    return OK;
}

enum err
city_kind_of(struct str name, enum city_kind *out)
{
    for (int k = 0; k < CITY_KIND_COUNT; k++)
        if (str_eq(str_of(KINDS[k].name), name)) {
            *out = (enum city_kind) k;
            return OK;
        }
    return ERR_NOT_FOUND;
}

const char *
city_kind_name(enum city_kind kind)
{
    return KINDS[kind].name;
}

uint64_t
city_count(const struct city *c, enum city_kind kind)
{
    uint64_t inspectors = (CITY_COUNTIES + 1) * CITY_DEPARTMENTS * CITY_PER_OFFICE + c->scale / 400;

    switch (kind) {
    case CITY_TARGETS:
        return c->scale;
    case CITY_INSPECTORS:
        return inspectors;
    case CITY_EXPERTS:
        return 60 + c->scale / 5000;
    case CITY_RECUSALS:
        return inspectors / 2 + c->scale / 2000;
    case CITY_DIRTY:
        return 10 * CITY_FAULT_COUNT + c->scale / 200;
    case CITY_KIND_COUNT:
        break;
    }
    return 0;
}

struct str
city_header(enum city_kind kind)
{
    return str_of(kind == CITY_DIRTY ? KINDS[CITY_TARGETS].header : KINDS[kind].header);
}

void
city_row(const struct city *c, enum city_kind kind, uint64_t index, struct buf *out)
{
    KINDS[kind].row(c, index, out);
}

/* FNV-1a over the bytes, then mixed. */
static uint64_t
text_word(uint64_t h, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char) s.p[i]) * UINT64_C(0x100000001B3);
    return city_mix(h);
}

const char *
city_result(uint64_t seed, struct str target, struct str item)
{
    static const struct {
        uint32_t below; /* of 955 */
        const char *code;
    } TABLE[] = {{880, "no_problem"},  {925, "rectification"}, {940, "not_disclosed"},   {946, "pending"},
                 {951, "no_activity"}, {953, "uncooperative"}, {955, "false_disclosure"}};
    struct city_random place = {text_word(seed, target)}, one = {text_word(place.base, item)};
    uint32_t v = city_below(one, 2, 955);
    size_t i = 0;

    if (city_below(place, 1, 1000) < 45) /* unreachable for one item is unreachable for all */
        return "unreachable";
    while (v >= TABLE[i].below)
        i++;
    return TABLE[i].code;
}

enum err
city_scale_parse(struct str text, uint64_t *out)
{
    uint64_t unit = text.n < 2 ? 1 : text.p[text.n - 1] == 'k' ? 1000 : text.p[text.n - 1] == 'M' ? 1000000 : 1;
    enum err e = str_u64((struct str) {text.p, text.n - (unit > 1)}, CITY_SCALE_MAX / unit, out);

    if (e == OK)
        *out *= unit;
    return e;
}
