/* mod/target/target.c */
#include "mod/target/target.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "data/pinyin.h"
#include "mod/json.h"
#include "mod/target/target_int.h"
#include "mod/words.h"

/* words
 * ---------------------------------------------------------------------------------------------------------
 */

struct str
target_entity_type(struct str words)
{
    static const struct word TABLE[] = {
        WORD("企业", "enterprise"),
        WORD("公司", "enterprise"),
        WORD("有限责任公司", "enterprise"),
        WORD("股份有限公司", "enterprise"),
        WORD("个体工商户", "individual"),
        WORD("个体", "individual"),
        WORD("农民专业合作社", "cooperative"),
        WORD("合作社", "cooperative"),
        WORD("外国企业常驻代表机构", "representative"),
        WORD("代表机构", "representative"),
        WORD("其他", "other"),
        WORD("其它", "other"),
    };

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
}

struct str
target_status(struct str words)
{
    static const struct word TABLE[] = {
        WORD("存续", "active"),
        WORD("在业", "active"),
        WORD("开业", "active"),
        WORD("正常", "active"),
        WORD("在营", "active"),
        WORD("存续(在营、开业、在册)", "active"),
        WORD("存续（在营、开业、在册）", "active"),
        WORD("注销", "cancelled"),
        WORD("已注销", "cancelled"),
        WORD("吊销", "revoked"),
        WORD("已吊销", "revoked"),
        WORD("被吊销", "revoked"),
        WORD("撤销", "rescinded"),
        WORD("被撤销", "rescinded"),
        WORD("已撤销", "rescinded"),
        WORD("迁出", "moved"),
        WORD("已迁出", "moved"),
    };

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
}

struct str
target_kind(struct str words)
{
    static const struct word TABLE[] = {
        WORD("主体", "entity"),  WORD("市场主体", "entity"), WORD("产品", "product"),
        WORD("项目", "project"), WORD("行为", "behaviour"),
    };

    return word_id(TABLE, sizeof TABLE / sizeof *TABLE, words);
}

bool
target_particular(struct str kind, struct str name)
{
    static const struct {
        const char *kind, *name;
    } KNOWN[] = {
        {"product", "maker"}, {"product", "model"},  {"product", "standard"}, {"project", "owner"},   {"project", "stage"},
        {"project", "scale"}, {"project", "begins"}, {"project", "ends"},     {"behaviour", "what"},  {"behaviour", "place"},
        {"behaviour", "since"},
    };

    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        if (str_eq(kind, str_of(KNOWN[i].kind)) && str_eq(name, str_of(KNOWN[i].name)))
            return true;
    return false;
}

/* what follows from other columns
 * ------------------------------------------------------------------------------------------------------- */

static enum err
initials_of(struct arena *a, struct str name, struct str *out)
{
    char text[INITIALS_BYTES];
    struct buf b = buf_over(text, sizeof text);

    pinyin_initials(name, &b);
    *out = b.n == 0 ? (struct str){NULL, 0} : str_copy(a, buf_view(&b));
    return b.n > 0 && out->p == NULL ? ERR_MEMORY : OK;
}

/* The earliest end of a licence in [{"to":"2028-11-04"},…]; what is no day has no end. */
static struct opt_i64
licence_day(struct str licences)
{
    struct opt_i64 first = {false, 0};
    json_t *list = licences.n == 0 ? NULL : json_loadb(licences.p, licences.n, 0, NULL);
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
    {
        const char *to = json_string_value(json_object_get(one, "to"));
        int64_t day;

        if (to != NULL && day_parse(str_of(to), &day) == OK && (!first.set || day < first.v))
            first = (struct opt_i64){true, day};
    }
    json_decref(list);
    return first;
}

static int64_t
gaps_of(struct str region, int64_t derived, struct str industry, struct str address, struct str departments)
{
    return (region.n == 0 ? GAP_REGION : 0) + (derived != 0 ? GAP_DERIVED : 0) + (industry.n == 0 ? GAP_INDUSTRY : 0) +
           (address.n == 0 ? GAP_ADDRESS : 0) + (departments.n == 0 ? GAP_DEPARTMENT : 0);
}

enum err
target_settle(struct arena *a, const struct target_page_row *old, struct target_update_in *to)
{
    to->gaps = gaps_of(to->region, to->region_derived, to->industry, to->address, to->departments) +
               (old->gaps & GAP_UNREACHABLE);
    to->licence_day = str_eq(to->licences, old->licences) ? old->licence_day : licence_day(to->licences);
    to->initials = old->initials;
    return str_eq(to->name, old->name) ? OK : initials_of(a, to->name, &to->initials);
}

/* what registers say
 * ------------------------------------------------------------------------------------------------------- */

enum err
target_add(struct ctx *c, const struct target_insert_in *say)
{
    size_t mark = arena_mark(c->arena);
    struct target_insert_in t = *say;
    enum err e = initials_of(c->arena, t.name, &t.initials);

    t.licence_day = licence_day(t.licences);
    t.gaps = gaps_of(t.region, t.region_derived, t.industry, t.address, t.departments);
    if (e == OK)
        e = target_insert(c->db, &t);
    if (e == OK && db_engine_of(c->db) == DB_POSTGRES) /* SQLite: target_search_fill, after the transaction */
        e = target_index_put(c, t.code, &(struct target_names){t.name, t.former_names, t.initials});
    arena_rewind(c->arena, mark);
    return e;
}

/* ["旧名"] and a further one: JSON array of the names it had before. */
static enum err
former_names(struct arena *a, const struct target_page_row *old, struct str *out)
{
    size_t size = old->former_names.n + 6 * old->name.n + 8;
    char *p = arena_alloc(a, size);
    struct buf b = buf_over(p, size);

    if (p == NULL)
        return ERR_MEMORY;
    if (old->former_names.n > 2) {
        buf_add(&b, old->former_names.p, old->former_names.n - 1);
        buf_z(&b, ",");
    } else {
        buf_z(&b, "[");
    }
    json_put_text(&b, old->name);
    buf_z(&b, "]");
    *out = buf_view(&b);
    return b.overflow ? ERR_INTERNAL : OK;
}

enum err
target_merge(struct arena *a, const struct target_page_row *old, const struct target_insert_in *say,
             struct target_update_in *to, bool *changed)
{
    bool other = false, renamed = false, region_known = old->region.n > 0 && old->region_derived == 0;
    struct str region =
        say->region_derived && region_known ? old->region : newer(say->region, old->region, &other);

    *to = (struct target_update_in){
        .code = old->code,
        .row_version = old->row_version,
        .kind = newer(say->kind, old->kind, &other),
        .holder = newer(say->holder, old->holder, &other),
        .particulars = newer(say->particulars, old->particulars, &other),
        .entity_type = newer(say->entity_type, old->entity_type, &other),
        .name = newer(say->name, old->name, &renamed),
        .former_names = newer(say->former_names, old->former_names, &other),
        .legal_rep = newer(say->legal_rep, old->legal_rep, &other),
        .address = newer(say->address, old->address, &other),
        .business_address = newer(say->business_address, old->business_address, &other),
        .contact = newer(say->contact, old->contact, &other),
        .industry = newer(say->industry, old->industry, &other),
        .region = region,
        .region_derived = say->region.n == 0 || (say->region_derived && region_known) ? old->region_derived
                                                                                      : say->region_derived,
        .authority = newer(say->authority, old->authority, &other),
        .station = newer(say->station, old->station, &other),
        .capital = newer(say->capital, old->capital, &other),
        .status = newer(say->status, old->status, &other),
        .established_day = newer_i64(say->established_day, old->established_day, &other),
        .risk_class = newer(say->risk_class, old->risk_class, &other),
        .risk_as_of_day = newer_i64(say->risk_as_of_day, old->risk_as_of_day, &other),
        .licences = newer(say->licences, old->licences, &other),
        .departments = newer(say->departments, old->departments, &other),
        .claimed = newer(say->claimed, old->claimed, &other),
        .tags = newer(say->tags, old->tags, &other),
        .source = say->source,
        .updated_us = say->updated_us,
    };
    *changed = other || renamed || to->region_derived != old->region_derived;
    if (renamed && say->former_names.n == 0) {
        enum err e = former_names(a, old, &to->former_names);

        if (e != OK)
            return e;
    }
    return target_settle(a, old, to);
}

/* history
 * ------------------------------------------------------------------------------------------------------- */

#define FIELD(name) {#name, offsetof(struct target_page_row, name), offsetof(struct target_update_in, name), false}
static const struct {
    const char *name;
    size_t old_at, new_at; /* in the row and in the update: a struct str, or a struct opt_i64 day */
    bool day;
} FIELDS[TARGET_FIELD_COUNT] = {
    [TARGET_KIND] = FIELD(kind),
    [TARGET_HOLDER] = FIELD(holder),
    [TARGET_PARTICULARS] = FIELD(particulars),
    [TARGET_ENTITY_TYPE] = FIELD(entity_type),
    [TARGET_NAME] = FIELD(name),
    [TARGET_FORMER_NAMES] = FIELD(former_names),
    [TARGET_LEGAL_REP] = FIELD(legal_rep),
    [TARGET_ADDRESS] = FIELD(address),
    [TARGET_BUSINESS_ADDRESS] = FIELD(business_address),
    [TARGET_CONTACT] = FIELD(contact),
    [TARGET_INDUSTRY] = FIELD(industry),
    [TARGET_REGION] = FIELD(region),
    [TARGET_AUTHORITY] = FIELD(authority),
    [TARGET_STATION] = FIELD(station),
    [TARGET_CAPITAL] = FIELD(capital),
    [TARGET_STATUS] = FIELD(status),
    [TARGET_ESTABLISHED] = {"established", offsetof(struct target_page_row, established_day),
                            offsetof(struct target_update_in, established_day), true},
    [TARGET_RISK_CLASS] = FIELD(risk_class),
    [TARGET_LICENCES] = FIELD(licences),
    [TARGET_DEPARTMENTS] = FIELD(departments),
    [TARGET_CLAIMED] = FIELD(claimed),
    [TARGET_TAGS] = FIELD(tags),
};

const char *
target_field_name(enum target_field f)
{
    return f < TARGET_FIELD_COUNT ? FIELDS[f].name : "";
}

/* A field as text; a day is written into `day`. */
static struct str
text_at(const void *base, size_t at, bool is_day, char day[static DAY_TEXT + 1])
{
    const void *p = (const char *) base + at;
    const struct opt_i64 *number = p;

    if (!is_day)
        return *(const struct str *) p;
    if (!number->set)
        return (struct str){NULL, 0};
    day_format(number->v, day);
    return str_of(day);
}

uint32_t
target_differs(const struct target_page_row *old, const struct target_update_in *to)
{
    char a[DAY_TEXT + 1], b[DAY_TEXT + 1];
    uint32_t fields = 0;

    for (size_t i = 0; i < TARGET_FIELD_COUNT; i++) {
        struct str before = text_at(old, FIELDS[i].old_at, FIELDS[i].day, a);
        struct str after = text_at(to, FIELDS[i].new_at, FIELDS[i].day, b);

        if (before.n + after.n > 0 && !str_eq(before, after))
            fields |= 1u << i;
    }
    return fields;
}

void
target_empty(struct target_update_in *to, uint32_t fields)
{
    for (size_t i = 0; i < TARGET_FIELD_COUNT; i++) {
        void *p = (char *) to + FIELDS[i].new_at;

        if ((fields >> i & 1) == 0)
            continue;
        if (FIELDS[i].day)
            *(struct opt_i64 *) p = (struct opt_i64){false, 0};
        else
            *(struct str *) p = (struct str){NULL, 0};
    }
}

static enum err
keep_history(struct ctx *c, const struct target_page_row *old, const struct target_update_in *to, struct str act)
{
    uint32_t fields = target_differs(old, to);
    char a[DAY_TEXT + 1], b[DAY_TEXT + 1];
    enum err e = OK;

    for (size_t i = 0; i < TARGET_FIELD_COUNT && e == OK; i++)
        if ((fields >> i & 1) != 0)
            e = target_change_put(c->db, &(struct target_change_put_in){to->code, old->row_version + 1,
                                                                        str_of(FIELDS[i].name),
                                                                        text_at(old, FIELDS[i].old_at, FIELDS[i].day, a),
                                                                        text_at(to, FIELDS[i].new_at, FIELDS[i].day, b),
                                                                        act, c->actor, c->now_us});
    return e;
}

enum err
target_change(struct ctx *c, const struct target_page_row *old, const struct target_update_in *to, struct str act)
{
    const struct target_names was = {old->name, old->former_names, old->initials},
                              is = {to->name, to->former_names, to->initials};
    enum err e = target_update(c->db, to);

    if (e == OK)
        e = keep_history(c, old, to, act);
    if (e != OK || (str_eq(was.name, is.name) && str_eq(was.former, is.former) && str_eq(was.initials, is.initials)))
        return e;
    return target_index_move(c, to->code, &was, &is);
}
