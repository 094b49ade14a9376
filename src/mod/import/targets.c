/* mod/import/targets.c - the registry of targets 检查对象名录库: read and checked, sorted, compared with what
 * is stored */
#include <stdlib.h>
#include <string.h>

#include "core/uscc.h"
#include "mod/import/importer.h"
#include "mod/import/sorter.h"
#include "mod/json.h"
#include "mod/target/target.h"
#include "mod/words.h"

enum {
    BATCH = 4096, /* rows merged while the ones before are stored */
    BATCH_BYTES = 8 << 20,
    PAGE_MIN = 16, /* stored rows read at once: grows while they are wanted, shrinks when they are not */
    PAGE_MAX = 2048,
    FILL_ROWS = 500000,
    OFFICE_FILL_ROWS = 4096 /* of one transaction: others wait */
};

enum column {
    CODE,
    NAME,
    KIND,
    TYPE,
    LEGAL_REP,
    ADDRESS,
    BUSINESS_ADDRESS,
    CONTACT,
    INDUSTRY,
    REGION,
    AUTHORITY,
    STATION,
    CAPITAL,
    STATUS,
    ESTABLISHED,
    CLASS,
    CLASS_DAY,
    LICENCES,
    DEPARTMENTS,
    TAGS,
    ROW_VERSION,
    COLUMN_COUNT
};

const struct import_column import_target_columns[] = {
    [CODE] = {"code", "统一社会信用代码|社会信用代码|信用代码|统一社会信用代码/注册号|注册号|uscc", true, SHOW_TEXT, NULL, NULL, "91110000802100433B", "18 位代码或 15 位注册号,设为文本"},
    [NAME] = {"name", "名称|企业名称|市场主体名称|检查对象名称|单位名称|字号名称", true, SHOW_TEXT, NULL, NULL, "某某商贸有限公司", NULL},
    [KIND] = {"kind", "对象种类|种类", false, SHOW_WORD, NULL, "entity=主体|product=产品|project=项目|behaviour=行为", "主体", "主体、产品、项目、行为"},
    [TYPE] = {"entity_type", "主体类型|市场主体类型|企业类型|类型", false, SHOW_WORD, NULL,
              "enterprise=企业|individual=个体工商户|cooperative=农民专业合作社|representative=外国企业常驻代表机构|other=其他", "企业",
              "企业、个体工商户、农民专业合作社、外国企业常驻代表机构、其他"},
    [LEGAL_REP] = {"legal_rep", "法定代表人|负责人|经营者|法定代表人/负责人|法定代表人姓名", false, SHOW_TEXT, NULL, NULL, "张三", NULL},
    [ADDRESS] = {"address", "住所|地址|注册地址|登记住所|住所/经营场所", false, SHOW_TEXT, NULL, NULL, "某某路 1 号", NULL},
    [BUSINESS_ADDRESS] = {"business_address", "经营场所|经营地址|生产经营地址", false, SHOW_TEXT, NULL, NULL, NULL, NULL},
    [CONTACT] = {"contact", "联系电话|联系方式|电话", false, SHOW_TEXT, NULL, NULL, NULL, NULL},
    [INDUSTRY] = {"industry", "行业|行业代码|所属行业|国民经济行业", false, SHOW_TEXT, NULL, NULL, "F5211", "行业代码或名称(GB/T 4754)"},
    [REGION] = {"region", "地区|行政区划|区划|所在地区|所属区划|行政区划代码|所属县区|县区", false, SHOW_TEXT, NULL, NULL, NULL, "区划代码或名称;不填取自代码"},
    [AUTHORITY] = {"authority", "登记机关|发照机关", false, SHOW_TEXT, NULL, NULL, NULL, NULL},
    [STATION] = {"station", "监管所|管辖单位|所属监管所|监管单位", false, SHOW_TEXT, NULL, NULL, NULL, NULL},
    [CAPITAL] = {"capital", "注册资金|注册资本|出资额|资金数额", false, SHOW_TEXT, NULL, NULL, "100 万元", NULL},
    [STATUS] = {"status", "状态|登记状态|经营状态|企业状态|存续状态", false, SHOW_WORD, NULL,
                "active=存续|cancelled=注销|revoked=吊销|rescinded=撤销|moved=迁出", "存续", "存续、注销、吊销、撤销、迁出"},
    [ESTABLISHED] = {"established_day", "成立日期|注册日期|登记日期|开业日期|established", false, SHOW_DAY, NULL, NULL, "2019-04-30", "年-月-日"},
    [CLASS] = {"risk_class", "信用风险分类|风险分类|信用风险等级|信用风险类别", false, SHOW_TEXT, NULL, NULL, NULL, "A、B、C、D（方案设五类时有 E）"},
    [CLASS_DAY] = {"risk_as_of_day", "分类日期|评定日期", false, SHOW_DAY, NULL, NULL, NULL, "年-月-日"},
    [LICENCES] = {"licences", "许可|许可证|行政许可", false, SHOW_LICENCES, NULL, NULL, "食品经营许可证|JY10000000000000|2028-11-04", "名称|编号|有效期至|发证机关;多个用分号隔开"},
    [DEPARTMENTS] = {"departments", "主管部门|监管部门|部门", false, SHOW_DEPARTMENTS, NULL, NULL, NULL, "多个用顿号隔开"},
    [TAGS] = {"tags", "标签|对象标签", false, SHOW_LINES, NULL, NULL, NULL, "多个用顿号隔开"},
    [ROW_VERSION] = {"row_version", "行版本|row_version", false, SHOW_TEXT, NULL, NULL, NULL, "导出时的版本,勿改"},
};
const size_t import_target_column_count = COLUMN_COUNT;

/* checking one row
 * ---------------------------------------------------------------------------------------------- */

static struct str
target_code(struct importer *im, struct target_code *code)
{
    struct str s = str_trim(import_cell(im, CODE));
    enum err e = target_code_parse(s, code);

    if (e != OK) {
        import_bad(im, CODE, e, (struct str){NULL, 0});
        return (struct str){NULL, 0};
    }
    return str_of(code->text);
}

/*
 * The region: as given, by code or name. Missing: characters 3-8 of the code, marked. A given province or
 * city that contains the county of the code is made precise by it, and marked the same way.
 */
static void
target_region(struct importer *im, const struct target_code *code, struct target_insert_in *t)
{
    struct str given = import_region(im, REGION), own = {code->text + 2, REGION_LEN};
    const struct dict_entry *of_code = code->kind == TARGET_CODE_USCC ? dict_find(&im->regions, own) : NULL;

    t->region = given;
    if (im->row_bad || code->kind != TARGET_CODE_USCC)
        return;
    if (given.n == 0 && of_code == NULL) {
        import_bad(im, REGION, ERR_REGION,
                   im->o->chinese ? STR("代码第 3-8 位也不是已知区划")
                                  : STR("nor are characters 3-8 of the code one"));
        return;
    }
    if (of_code != NULL && !str_eq(of_code->code, given) &&
        (given.n == 0 || (given.n == REGION_LEN && dict_inside(&im->regions, of_code->code, given)))) {
        t->region = of_code->code;
        t->region_derived = 1;
    }
}

static struct str
industry(struct importer *im)
{
    struct str s = str_trim(import_cell(im, INDUSTRY));
    const struct dict_entry *e = s.n == 0 ? NULL : dict_find(&im->industries, s);

    if (s.n > 0 && e == NULL) {
        for (size_t i = 0; i < im->industries.count && e == NULL; i++) /* 5112 for F5112, or by name */
            if ((im->industries.entries[i].code.n == s.n + 1 &&
                 memcmp(im->industries.entries[i].code.p + 1, s.p, s.n) == 0) ||
                str_eq(im->industries.entries[i].name, s))
                e = &im->industries.entries[i];
        if (e == NULL)
            import_bad(im, INDUSTRY, ERR_INDUSTRY, (struct str){NULL, 0});
    }
    return e == NULL ? (struct str){NULL, 0} : e->code;
}

static struct str
risk_class(struct importer *im)
{
    struct str s = str_trim(import_cell(im, CLASS));

    if (s.n > 3 && memcmp(s.p + s.n - 3, "类", 3) == 0)
        s.n -= 3;
    if (s.n > 0 && (s.n != 1 || s.p[0] < 'A' || s.p[0] > 'E')) {
        import_bad(im, CLASS, ERR_INPUT, STR("A B C D E"));
        return (struct str){NULL, 0};
    }
    return s.n == 0 ? (struct str){NULL, 0} : s;
}

static struct str
departments(struct importer *im)
{
    struct str parts[IMPORT_LIST_MAX];
    size_t count = import_list(im, DEPARTMENTS, ORG_NAME_MAX, parts);

    for (size_t i = 0; i < count; i++) {
        struct str id = import_department_id(im, parts[i]);

        if (id.n == 0) {
            import_bad(im, DEPARTMENTS, ERR_NOT_FOUND, parts[i]);
            return (struct str){NULL, 0};
        }
        parts[i] = id;
    }
    import_sort(parts, &count);
    return import_lines(im, parts, count);
}

static struct str
tags(struct importer *im)
{
    struct str parts[IMPORT_LIST_MAX];
    size_t count = import_list(im, TAGS, TARGET_TAG_BYTES_MAX, parts);

    import_sort(parts, &count);
    if (count > TARGET_TAGS_MAX)
        import_bad(im, TAGS, ERR_TOO_LARGE, (struct str){NULL, 0});
    return import_lines(im, parts, count);
}

/* "食品经营许可证|编号|2028-11-04;…" as JSON. */
static struct str
licences(struct importer *im)
{
    static const char *const FIELDS[] = {"{\"name\":", ",\"no\":", ",\"to\":", ",\"issuer\":"};
    struct str rest = import_text(im, LICENCES, TARGET_TEXT_MAX), one;
    size_t size = 6 * rest.n + 64;
    struct buf b = buf_over(rest.n == 0 ? NULL : arena_alloc(&im->scratch, size), size);

    if (b.p == NULL)
        return (struct str){NULL, 0};
    buf_z(&b, "[");
    while (rest.n > 0) {
        (void) str_split(rest, ';', &one, &rest);
        buf_z(&b, b.n > 1 ? "," : "");
        for (size_t i = 0; i < 4 && one.n > 0; i++) {
            struct str field;

            (void) str_split(one, '|', &field, &one);
            if (i > 0 && str_trim(field).n == 0)
                continue; /* 名称||有效期: no number */
            buf_z(&b, FIELDS[i]);
            json_put_text(&b, str_trim(field));
        }
        buf_z(&b, "}");
    }
    buf_z(&b, "]");
    return b.overflow ? (struct str){NULL, 0} : buf_view(&b);
}

#define MAY(column, field, day) {column, offsetof(struct target_insert_in, field), day}
static const struct import_empties MAY_EMPTY[] = {
    MAY(TYPE, entity_type, false),  MAY(LEGAL_REP, legal_rep, false), MAY(ADDRESS, address, false),
    MAY(BUSINESS_ADDRESS, business_address, false), MAY(CONTACT, contact, false), MAY(INDUSTRY, industry, false),
    MAY(AUTHORITY, authority, false), MAY(STATION, station, false), MAY(CAPITAL, capital, false),
    MAY(ESTABLISHED, established_day, true), MAY(CLASS, risk_class, false), MAY(CLASS_DAY, risk_as_of_day, true),
    MAY(LICENCES, licences, false), MAY(TAGS, tags, false),
};
#undef MAY

static struct target_insert_in
check_row(struct importer *im, struct target_code *code)
{
    struct target_insert_in t = {.code = target_code(im, code)};

    t.name = import_text(im, NAME, TARGET_NAME_MAX);
    t.kind = import_word(im, KIND, target_kind);
    t.entity_type = import_word(im, TYPE, target_entity_type);
    t.legal_rep = import_text(im, LEGAL_REP, TARGET_TEXT_MAX);
    t.address = import_text(im, ADDRESS, TARGET_TEXT_MAX);
    t.business_address = import_text(im, BUSINESS_ADDRESS, TARGET_TEXT_MAX);
    t.contact = import_text(im, CONTACT, TARGET_TEXT_MAX);
    t.industry = industry(im);
    t.authority = import_text(im, AUTHORITY, TARGET_TEXT_MAX);
    t.station = import_text(im, STATION, TARGET_TEXT_MAX);
    t.capital = import_text(im, CAPITAL, TARGET_TEXT_MAX);
    t.status = import_word(im, STATUS, target_status);
    t.established_day = import_day(im, ESTABLISHED);
    t.risk_class = risk_class(im);
    t.risk_as_of_day = import_day(im, CLASS_DAY);
    t.licences = licences(im);
    t.departments = departments(im);
    t.tags = tags(im);
    if (t.code.n > 0)
        target_region(im, code, &t);
    import_emptied(im, MAY_EMPTY, sizeof MAY_EMPTY / sizeof *MAY_EMPTY, &t);
    return t;
}

/* records: the fields of a target_insert_in by the table of its generated query: a text as its length (2
 * bytes; EMPTY_TEXT: emptied) and its bytes, a number as one byte, 1 if it is set, and then 8 bytes (2: emptied)
 * ---------------------------------------------------- */

enum { EMPTY_TEXT = UINT16_MAX, SET = 1, EMPTY_NUMBER = 2 };

struct record {
    struct target_insert_in in;
    uint64_t line;
    struct opt_i64 version; /* as the file says */
    bool organisation_ok;
};

static char
get_number(const struct db_field *f, const void *p, int64_t *v)
{
    const struct opt_i64 *optional = p;

    *v = f->nullable ? optional->v : *(const int64_t *) p;
    if (f->nullable && is_emptied_i64(*optional))
        return EMPTY_NUMBER;
    return f->nullable ? optional->set : *v != 0;
}

static void
set_number(const struct db_field *f, void *p, char flag, int64_t v)
{
    if (f->nullable)
        *(struct opt_i64 *) p = flag == EMPTY_NUMBER ? EMPTIED_I64 : (struct opt_i64){flag == SET, v};
    else
        *(int64_t *) p = v;
}

static enum err
pack(struct sorter *sorter, uint64_t line, const struct record *r)
{
    char out[SORTER_RECORD_BYTES_MAX / 2];
    struct buf b = buf_over(out, sizeof out);
    char flag = r->organisation_ok;

    buf_add(&b, &flag, 1);
    buf_add(&b, &r->version, sizeof r->version);
    for (size_t i = 0; i < target_insert_query.in_count; i++) {
        const struct db_field *f = &target_insert_query.in[i];
        const void *p = (const char *) &r->in + f->offset_bytes;
        const struct str *text = p;
        uint16_t n;
        int64_t v;

        if (f->type == DB_TEXT) {
            n = is_emptied(*text) ? EMPTY_TEXT : (uint16_t) text->n;
            b.overflow = b.overflow || text->n >= EMPTY_TEXT;
            buf_add(&b, &n, sizeof n);
            buf_str(&b, *text);
        } else {
            flag = get_number(f, p, &v);
            buf_add(&b, &flag, 1);
            if (flag == SET)
                buf_add(&b, &v, sizeof v);
        }
    }
    return b.overflow ? ERR_TOO_LARGE : sorter_add(sorter, r->in.code, line, buf_view(&b));
}

/* The texts of *r point into the bytes, which pack() made. */
static void
unpack(struct str bytes, struct record *r)
{
    const char *at = bytes.p;

    r->organisation_ok = *at++ != 0;
    memcpy(&r->version, at, sizeof r->version);
    at += sizeof r->version;
    for (size_t i = 0; i < target_insert_query.in_count; i++) {
        const struct db_field *f = &target_insert_query.in[i];
        void *p = (char *) &r->in + f->offset_bytes;
        uint16_t n;
        int64_t v = 0;

        if (f->type == DB_TEXT) {
            memcpy(&n, at, sizeof n);
            at += sizeof n;
            *(struct str *) p = n == EMPTY_TEXT ? EMPTIED : (struct str){n == 0 ? NULL : at, n};
            at += n == EMPTY_TEXT ? 0 : n;
        } else {
            char flag = *at++;

            if (flag == SET) {
                memcpy(&v, at, sizeof v);
                at += sizeof v;
            }
            set_number(f, p, flag, v);
        }
    }
}

/* phase 1: read and check while the rows before are sorted
 * ---------------------------------------------------------- */

struct reading {
    struct importer *im;
    struct sorter *sorter;
    bool spill, ended;
    enum err read_error, spill_error;
};

static enum err
read_row(struct reading *s)
{
    struct importer *im = s->im;
    struct target_code code = {0};
    struct record r;
    enum err e = import_next(im);

    if (e != OK || im->row.count == 0) {
        s->ended = true;
        return e;
    }
    if (im->row.problem != ERR_SYNTAX)
        r = (struct record){.in = check_row(im, &code),
                            .version = import_number(im, ROW_VERSION, INT64_MAX),
                            .organisation_ok = code.organisation_ok};
    if (im->row_bad)
        import_reject(im);
    import_row_read(im);
    if (im->row_bad)
        return im->rejects_error;
    return pack(s->sorter, im->row.line, &r);
}

static void
read_or_spill(void *arg, size_t job)
{
    struct reading *s = arg;
    uint64_t done, total;

    if (job == 1) {
        s->spill_error = s->spill ? sorter_spill(s->sorter) : OK;
        return;
    }
    while (!s->ended && s->read_error == OK && !sorter_full(s->sorter)) {
        s->read_error = read_row(s);
        if (s->im->r->read % 1024 == 0 && import_cancelled(s->im))
            s->read_error = ERR_CANCELLED;
    }
    table_position(s->im->table, &done, &total);
    import_progress(s->im, IMPORT_READING, done, total);
}

static enum err
read_all(struct importer *im, struct sorter *sorter)
{
    struct reading s = {.im = im, .sorter = sorter};

    for (;;) {
        im->o->runner.run(im->o->runner.ctx, read_or_spill, &s, 2);
        if (s.read_error != OK || s.spill_error != OK)
            return s.read_error != OK ? s.read_error : s.spill_error;
        if (s.ended)
            return sorter_merge(sorter);
        sorter_turn(sorter);
        s.spill = true;
    }
}

/* phase 2: merge while the rows before are stored
 * ------------------------------------------------------------------- */

struct batch {
    struct record *records;
    size_t count;
    struct arena memory;
};

struct writing {
    struct importer *im;
    struct sorter *sorter;
    struct batch batches[2];
    unsigned filling;
    size_t batch_rows;
    char last_key[TARGET_CODE_MAX + 1];
    size_t last_key_n;
    uint64_t last_line, done_count, total_count;
    bool ended;
    enum err merge_error, store_error;
    /* stored targets at and after the row in work */
    struct target_page_row *page;
    size_t page_count, page_at, page_used;
    int64_t page_limit;
    bool page_last;
    struct arena page_memory;
};

/* Takes what fits a batch; the first of several equal codes wins, the others are rejected. */
static enum err
merge_batch(struct writing *w)
{
    struct batch *b = &w->batches[w->filling];
    struct sorter_record r;
    enum err e = OK;

    b->count = 0;
    arena_reset(&b->memory);
    while (b->count < w->batch_rows && b->memory.size_bytes - b->memory.used_bytes > 2 * SORTER_RECORD_BYTES_MAX) {
        struct str copy;

        if (!sorter_next(w->sorter, &r, &e)) {
            w->ended = true;
            return e;
        }
        if (w->last_line != 0 && str_eq(r.key, (struct str){w->last_key, w->last_key_n})) {
            import_late(w->im, r.line, CODE, r.key, ERR_DUPLICATE, w->last_line);
            continue;
        }
        memcpy(w->last_key, r.key.p, r.key.n);
        w->last_key_n = r.key.n;
        w->last_line = r.line;
        copy = str_copy(&b->memory, r.bytes);
        b->records[b->count].line = r.line;
        unpack(copy, &b->records[b->count++]);
    }
    return w->im->rejects_error;
}

/* The stored target of this code, NULL if there is none. Codes come ascending. */
static enum err
stored(struct writing *w, struct str code, const struct target_page_row **out)
{
    *out = NULL;
    for (;;) {
        while (w->page_at < w->page_count && str_cmp(w->page[w->page_at].code, code) < 0)
            w->page_at++;
        if (w->page_at < w->page_count) {
            if (str_eq(w->page[w->page_at].code, code)) {
                *out = &w->page[w->page_at];
                w->page_used++;
            }
            return OK;
        }
        if (w->page_last)
            return OK;
        w->page_limit = w->page_used * 2 >= w->page_count ? w->page_limit * 2 : w->page_limit / 2;
        w->page_limit = w->page_limit < PAGE_MIN   ? PAGE_MIN
                        : w->page_limit > PAGE_MAX ? PAGE_MAX
                                                   : w->page_limit;
        arena_reset(&w->page_memory);
        w->page_at = w->page_used = w->page_count = 0;
        enum err e = target_page(w->im->c->db, &w->page_memory, &(struct target_page_in){code, w->page_limit},
                                 &w->page, &w->page_count);
        if (e != OK)
            return e;
        w->page_last = w->page_count < (size_t) w->page_limit;
    }
}

/* Licences say the same when they are written the same: a cell does not hold every field that a form knows. */
static struct str
licences_said(struct writing *w, const struct target_page_row *old, struct str said)
{
    struct show_words words = import_words(w->im);
    const struct import_column *k = &import_target_columns[LICENCES];

    if (said.n == 0 || old->licences.n == 0)
        return said;
    return str_eq(import_show_stored(&w->page_memory, &words, k, said),
                  import_show_stored(&w->page_memory, &words, k, old->licences))
               ? (struct str){NULL, 0}
               : said;
}

/* Both states for the office: what was there, and what the file makes of it. */
static enum err
tell_change(struct writing *w, const struct record *r, const struct target_page_row *old,
            const struct target_update_in *to, bool is_conflict)
{
    bool keep = w->im->o->office != NULL;
    json_t *before = keep ? snapshot_row(target_page_query.out, target_page_query.out_count, old) : NULL;
    json_t *after = keep && (w->im->o->dry_run || is_conflict)
                        ? snapshot_row(target_update_query.in, target_update_query.in_count, to)
                        : NULL;
    enum err e = OK;

    if (is_conflict)
        import_conflict(w->im, r->in.code, r->line, before, after);
    else
        e = import_effect(w->im, r->in.code, r->line, false, true, before, after);
    json_decref(before);
    json_decref(after);
    return e;
}

static enum err
store_changed(struct writing *w, const struct target_page_row *old, struct record *r)
{
    size_t mark = arena_mark(&w->page_memory);
    struct target_update_in to;
    bool changed = false, stale = r->version.set && r->version.v != old->row_version;
    enum err e;

    r->in.licences = licences_said(w, old, r->in.licences);
    if (r->version.set && str_eq(r->in.region, old->region)) /* an export tells the region, not where it came from */
        r->in.region_derived = old->region_derived;
    e = target_merge(&w->page_memory, old, &r->in, &to, &changed);
    if (e == OK && !changed)
        w->im->r->unchanged++;
    if (e == OK && changed && stale) {
        e = tell_change(w, r, old, &to, true);
        import_late(w->im, r->line, ROW_VERSION, r->in.code, ERR_CONFLICT, 0);
    } else if (e == OK && changed) {
        e = w->im->o->dry_run ? OK : target_change(w->im->c, old, &to, STR("import.targets"));
        if (e == OK)
            e = tell_change(w, r, old, &to, false);
    }
    arena_rewind(&w->page_memory, mark);
    return e;
}

static enum err
store_new(struct writing *w, struct record *r)
{
    json_t *after = NULL;
    enum err e;

    if (r->version.set) { /* it was there when the file was exported */
        import_late(w->im, r->line, ROW_VERSION, r->in.code, ERR_CONFLICT, 0);
        w->im->r->conflicts++;
        return OK;
    }
    if (r->in.kind.n == 0)
        r->in.kind = STR("entity");
    if (r->in.status.n == 0)
        r->in.status = STR("active");
    e = w->im->o->dry_run ? OK : target_add(w->im->c, &r->in);
    if (e == OK && w->im->o->office != NULL && w->im->o->dry_run && w->im->fresh.count < IMPORT_NEW_SHOWN)
        after = snapshot_row(target_insert_query.in, target_insert_query.in_count, &r->in);
    if (e == OK)
        e = import_effect(w->im, r->in.code, r->line, true, false, NULL, after);
    json_decref(after);
    return e;
}

/* An account's file may neither touch nor make a target that its row scope does not allow. */
static bool
within_scope(struct ctx *c, const struct target_page_row *old, const struct target_insert_in *say)
{
    return old != NULL ? target_visible(c, old->departments, old->region)
                       : target_visible(c, say->departments, say->region);
}

/* A department that only took a target on 认领 says its tags and licences, nothing else. */
static void
only_own_part(const struct ctx *c, const struct target_page_row *old, struct target_insert_in *say)
{
    if (lines_have(old->claimed, c->department))
        *say = (struct target_insert_in){.code = say->code, .licences = say->licences, .tags = say->tags};
}

static enum err
store_record(struct writing *w, struct record *r)
{
    const struct target_page_row *old;
    enum err e = stored(w, r->in.code, &old);

    if (e != OK)
        return e;
    if (!within_scope(w->im->c, old, &r->in)) {
        import_late(w->im, r->line, CODE, r->in.code, ERR_PERMISSION, 0);
        return w->im->rejects_error;
    }
    if (old != NULL)
        only_own_part(w->im->c, old, &r->in);
    r->in.source = STR("import");
    r->in.updated_us = w->im->c->now_us;
    if (!r->organisation_ok)
        w->im->r->organisation_warnings++;
    w->im->r->region_derived += (uint64_t) r->in.region_derived;
    if (old != NULL && old->merged_into.n > 0) { /* a duplicate: the record that was kept says what holds */
        w->im->r->unchanged++;
        return OK;
    }
    return old != NULL ? store_changed(w, old, r) : store_new(w, r);
}

static void
merge_or_store(void *arg, size_t job)
{
    struct writing *w = arg;
    struct batch *b = &w->batches[w->filling ^ 1];

    if (job == 0) {
        w->merge_error = w->ended ? OK : merge_batch(w);
        return;
    }
    for (size_t i = 0; i < b->count && w->store_error == OK; i++)
        w->store_error = store_record(w, &b->records[i]);
    w->done_count += b->count;
    b->count = 0;
    if (w->store_error == OK && import_cancelled(w->im))
        w->store_error = ERR_CANCELLED;
    import_progress(w->im, IMPORT_WRITING, w->done_count, w->total_count);
}

static enum err
write_all(struct writing *w)
{
    struct importer *im = w->im;

    w->total_count = im->r->read - im->r->rejected;
    while (!w->ended || w->batches[w->filling ^ 1].count > 0) {
        im->o->runner.run(im->o->runner.ctx, merge_or_store, w, 2);
        if (w->merge_error != OK || w->store_error != OK)
            return w->store_error != OK ? w->store_error : w->merge_error;
        w->filling ^= 1;
        w->batches[w->filling].count = 0;
    }
    return OK;
}

/* One transaction of the office: others may have changed the stored rows since the last one. */
static enum err
store_batch(struct ctx *c, void *arg)
{
    struct writing *w = arg;
    struct batch *b = &w->batches[0];
    bool dry = w->im->o->dry_run;
    enum err e = dry ? OK : db_pipeline(c->db, true), flushed;

    w->page_at = w->page_count = w->page_used = 0;
    w->page_last = false;
    arena_reset(&w->page_memory);
    for (size_t i = 0; i < b->count && e == OK; i++)
        e = store_record(w, &b->records[i]);
    if (!dry) {
        flushed = db_pipeline(c->db, false);
        e = e == OK ? flushed : e;
    }
    return e;
}

static enum err
end(struct ctx *c, void *arg)
{
    (void) c;
    return import_journal(arg);
}

/* A dry run reads on the connection of its own and asks nothing of the writer. */
static enum err
write_in_batches(struct writing *w)
{
    struct importer *im = w->im;
    enum err e = im->o->dry_run ? OK : import_begin(im);

    w->batch_rows = IMPORT_BATCH_ROWS;
    w->total_count = im->r->read - im->r->rejected;
    while (e == OK && !w->ended) {
        e = merge_batch(w);
        if (e == OK)
            e = im->o->dry_run ? store_batch(im->c, w) : import_write(im, store_batch, w);
        w->done_count += w->batches[0].count;
        if (e == OK && import_cancelled(im))
            e = ERR_CANCELLED;
        import_progress(im, IMPORT_WRITING, w->done_count, w->total_count);
    }
    return e == OK && !im->o->dry_run ? import_write(im, end, im) : e;
}

static enum err
transaction(struct writing *w)
{
    struct importer *im = w->im;
    enum err e = db_begin(im->c->db);

    if (e != OK)
        return e;
    e = im->o->dry_run ? OK : db_pipeline(im->c->db, true);
    if (e == OK)
        e = write_all(w);
    if (!im->o->dry_run) {
        enum err flushed = db_pipeline(im->c->db, false);

        e = e == OK ? flushed : e;
    }
    if (e == OK && !im->o->dry_run)
        e = import_journal(im);
    return db_end(im->c->db, e);
}

/* The rows are stored and durable; now the index of names is brought up to date, in steps of its own. */
static enum err
fill_some(struct ctx *c, void *arg)
{
    return target_search_fill(c, OFFICE_FILL_ROWS, arg);
}

static enum err
fill_search(struct importer *im)
{
    int64_t done = 1;
    uint64_t all = 0;
    enum err e = OK;

    while (e == OK && done > 0) {
        e = im->o->office != NULL ? import_write(im, fill_some, &done) : target_search_fill(im->c, FILL_ROWS, &done);
        all += (uint64_t) done;
        import_progress(im, IMPORT_INDEXING, all, all > im->r->added ? all : im->r->added);
    }
    return e;
}

static enum err
prepare(struct writing *w, void **block)
{
    enum { PAGE_BYTES = 16 << 20, RECORD_BYTES = BATCH * sizeof(struct record) };
    char *p = malloc(2 * (BATCH_BYTES + RECORD_BYTES) + PAGE_BYTES);

    if (p == NULL)
        return ERR_MEMORY;
    *block = p;
    for (int i = 0; i < 2; i++, p += BATCH_BYTES + RECORD_BYTES) {
        w->batches[i].records = (struct record *) (void *) p;
        w->batches[i].memory = arena_over(p + RECORD_BYTES, BATCH_BYTES);
    }
    w->page_memory = arena_over(p, PAGE_BYTES);
    return OK;
}

enum err
import_targets(struct importer *im)
{
    struct writing w = {.im = im, .page_limit = PAGE_MIN, .batch_rows = BATCH};
    void *block = NULL;
    enum err e = sorter_new(im->c->dir, &w.sorter);

    if (e == OK)
        e = read_all(im, w.sorter);
    if (e == OK)
        e = prepare(&w, &block);
    if (e == OK)
        e = im->o->office != NULL ? write_in_batches(&w) : transaction(&w);
    free(block);
    sorter_free(w.sorter);
    if (e == OK && !im->o->dry_run)
        e = fill_search(im);
    return e;
}
