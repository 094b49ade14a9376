/* demo/city_people.c - inspectors, experts, recusals of the demo city */
#include <string.h>

#include "demo/city_int.h"

enum {
    Q_DEPARTMENT,
    Q_COUNTY,
    Q_SKILLS,
    Q_VALID,
    Q_EXPIRED,
    Q_CAP,
    Q_STATE,
    Q_LEAVE,
    Q_LEAVE_DAYS,
    Q_LEADER,
    Q_KIND,
    Q_ANY
};
enum {
    BASE = CITY_COUNTIES * CITY_DEPARTMENTS * CITY_PER_OFFICE,
    OFFICE = CITY_DEPARTMENTS * CITY_PER_OFFICE
};
#define TODAY INT64_C(20758) /* 2026-11-01: what is expired, who is on leave */

/* Where an inspector works: a county, or the city office (CITY_COUNTIES). */
struct post {
    struct city_random random;
    unsigned department, county, place; /* place: number in the office, for the base staff */
    bool base;
};

/* Base staff fills the offices in turn; the rest sits where the work is. */
static struct post
post_of(const struct city *c, uint64_t index)
{
    struct post p = {.random = city_random_of(c->seed, CITY_INSPECTORS, index)};

    if (index < BASE + OFFICE) {
        p.department = (unsigned) (index % CITY_DEPARTMENTS);
        p.place = (unsigned) (index / CITY_DEPARTMENTS % CITY_PER_OFFICE);
        p.county = (unsigned) (index / (CITY_DEPARTMENTS * CITY_PER_OFFICE));
        p.base = true;
        return p;
    }
    /* Every third is of 市场监管, the others of any department. */
    p.department =
        city_below(p.random, Q_DEPARTMENT, 3) == 0 ? 0 : city_below(p.random, Q_ANY, CITY_DEPARTMENTS);
    p.county = city_weighted_county(city_below(p.random, Q_COUNTY, 100));
    p.place = (unsigned) (index % CITY_PER_OFFICE);
    return p;
}

static const char *
region_of(const struct post *p)
{
    return p->county == CITY_COUNTIES ? CITY_OFFICE : city_counties[p->county].code;
}

static void
put_tail(struct buf *b, const struct post *p, uint64_t index)
{
    buf_z(b, "-");
    buf_z(b, region_of(p));
    buf_z(b, "-");
    city_put_number(b, index, 4);
}

void
city_inspector_code(const struct city *c, uint64_t index, char out[32])
{
    struct post p = post_of(c, index);
    struct buf b = buf_over(out, 31);

    buf_z(&b, "ZF");
    put_tail(&b, &p, index);
    out[b.n] = 0;
}

/* Up to three neighbouring skills of the department: the four of an office together have every one of twelve.
 */
static void
put_skills(struct buf *b, const struct post *p)
{
    const char *all = city_departments[p->department].skills;
    unsigned count = city_list_count(all), take = count < 3 ? count : 3;
    unsigned first = p->base ? p->place * 3 : city_below(p->random, Q_SKILLS, count);

    for (unsigned i = 0; i < take; i++) {
        buf_z(b, i == 0 ? "" : "、");
        buf_str(b, city_list_item(all, (first + i) % count));
    }
    buf_z(b, ",");
}

static int64_t
certificate_valid_to(const struct post *p, bool fit)
{
    if (!fit && city_below(p->random, Q_EXPIRED, 100) < 8)
        return TODAY - 1 - city_below(p->random, Q_VALID, 400);
    return TODAY + 400 + city_below(p->random, Q_VALID, 1400);
}

/* One in twenty is away for one to six weeks about now. */
static void
put_leave(struct buf *b, const struct post *p, bool fit)
{
    int64_t from = TODAY - 20 + city_below(p->random, Q_LEAVE, 1000) % 90;

    if (!fit && city_below(p->random, Q_LEAVE, 1000) < 50) {
        city_put_day(b, from);
        buf_z(b, ",");
        city_put_day(b, from + 7 + city_below(p->random, Q_LEAVE_DAYS, 35));
    } else {
        buf_z(b, ",");
    }
    buf_z(b, "\n");
}

void
city_inspector_row(const struct city *c, uint64_t index, struct buf *out)
{
    struct post p = post_of(c, index);
    bool fit = p.base && p.place < 2;
    uint32_t state = fit ? 0 : city_below(p.random, Q_STATE, 100);
    uint64_t more = c->scale / 50000 * 10; /* places: a large city asks more of each, as far as an inspector's limit goes */

    buf_z(out, "ZF");
    put_tail(out, &p, index);
    buf_z(out, ",检查员");
    put_tail(out, &p, index);
    buf_z(out, ",");
    buf_z(out, city_departments[p.department].code);
    buf_z(out, p.county == CITY_COUNTIES ? ",市级," : ",县级,");
    buf_z(out, region_of(&p));
    buf_z(out, ",");
    buf_z(out, p.county == CITY_COUNTIES ? "" : region_of(&p)); /* the city office works everywhere */
    buf_z(out, ",");
    put_skills(out, &p);
    buf_z(out, "MN");
    city_put_number(out, index, 8);
    buf_z(out, ",");
    city_put_day(out, certificate_valid_to(&p, fit));
    buf_z(out, ",");
    buf_u64(out, 20 + (more < 9000 ? more : 9000) + city_below(p.random, Q_CAP, 21));
    buf_z(out, fit || city_below(p.random, Q_LEADER, 3) == 0 ? ",是," : ",否,");
    buf_z(out, state < 97 ? "在岗," : state < 99 ? "停职," : "离职,");
    put_leave(out, &p, fit);
}

void
city_expert_row(const struct city *c, uint64_t index, struct buf *out)
{
    static const char FIELDS[] =
        "食品安全、特种设备、环境监测、工程、安全生产、职业卫生、药品、农业投入品、计量、网络安全";
    /* The department that keeps each of them. */
    static const char KEEPERS[] = "scjgj、scjgj、sthjj、zjj、yjj、wjw、scjgj、nyncj、scjgj、gaj";
    struct city_random r = city_random_of(c->seed, CITY_EXPERTS, index);

    buf_z(out, "ZJ-");
    city_put_number(out, index, 4);
    buf_z(out, ",专家-");
    city_put_number(out, index, 4);
    buf_z(out, ",");
    buf_str(out, city_list_item(KEEPERS, (unsigned) (index % city_list_count(KEEPERS))));
    buf_z(out, ",模拟检测研究院-");
    city_put_number(out, city_below(r, 0, 20), 2);
    buf_z(out, ",");
    buf_str(out, city_list_item(FIELDS, (unsigned) (index % city_list_count(FIELDS))));
    buf_z(out, ",");
    city_put_day(out, TODAY - 60 + city_below(r, 1, 1000));
    buf_z(out, city_below(r, 2, 20) == 0 ? ",解聘\n" : ",在聘\n");
}

/* Pair number index: one inspector after the other, each time another target. */
void
city_recusal_row(const struct city *c, uint64_t index, struct buf *out)
{
    static const char *const KINDS[] = {"近亲属", "利害关系", "本人申报", "对象申请", "其他"};
    uint64_t inspectors = city_count(c, CITY_INSPECTORS), inspector = index % inspectors;
    struct city_random who = city_random_of(c->seed, CITY_RECUSALS, inspector);
    uint64_t target = (who.base % c->scale + index / inspectors) % c->scale;
    struct city_random r = city_random_of(c->seed, CITY_RECUSALS, index);
    char code[32];

    city_inspector_code(c, inspector, code);
    buf_z(out, code);
    buf_z(out, ",");
    city_target_code(c, target, code);
    buf_z(out, code);
    buf_z(out, ",");
    buf_z(out, KINDS[city_below(r, Q_KIND, 5)]);
    buf_z(out, ",模拟材料-");
    city_put_number(out, index, 6);
    buf_z(out, "\n");
}
