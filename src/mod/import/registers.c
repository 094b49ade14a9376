/* mod/import/registers.c - items 抽查事项, inspectors 执法检查人员, experts 专家, recusals 回避: thousands of
 * rows at most, each compared with what is stored and entered at once */
#include <stdio.h>
#include <string.h>

#include "core/uscc.h"
#include "format/digest.h"
#include "mod/expert/expert.h"
#include "mod/import/importer.h"
#include "mod/inspector/inspector.h"
#include "mod/item/item.h"
#include "mod/json.h"
#include "mod/scope.h"

enum { LIST_PART_MAX = 2000, CAP_DEFAULT = 20 };

static const struct str NONE;

/* A code of our own kind: printable ASCII without blanks. */
static struct str
plain_code(struct importer *im, size_t column, size_t max_bytes)
{
    struct str s = import_text(im, column, max_bytes);

    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~') {
            import_bad(im, column, ERR_CHARSET, NONE);
            return NONE;
        }
    return s;
}

static struct str
json_list(struct importer *im, size_t column)
{
    struct str parts[IMPORT_LIST_MAX];
    size_t count = import_list(im, column, LIST_PART_MAX, parts);

    return import_json(im, parts, count);
}

static struct str
json_ids(struct importer *im, size_t column, struct str (*id_of)(struct str words))
{
    struct str parts[IMPORT_LIST_MAX];
    size_t count = import_list(im, column, LIST_PART_MAX, parts);

    for (size_t i = 0; i < count; i++) {
        struct str id = id_of(parts[i]);

        if (id.n == 0) {
            import_bad(im, column, ERR_INPUT, parts[i]);
            return NONE;
        }
        parts[i] = id;
    }
    import_sort(parts, &count);
    return import_json(im, parts, count);
}

/* items
 * ---------------------------------------------------------------------------------------------------------
 */

enum item_column {
    I_CODE,
    I_DOMAIN,
    I_NAME,
    I_SCOPE,
    I_CLASS,
    I_TRACK,
    I_CAP,
    I_RATIO,
    I_FREQUENCY,
    I_METHODS,
    I_DEPARTMENT,
    I_PARTNERS,
    I_LEVELS,
    I_BASIS,
    I_POINTS,
    I_SKILLS,
    I_FROM,
    I_TO,
    I_REASON,
    I_VERSION,
    I_TAGS,
    I_EXPERT,
    I_SUB,
    I_COUNT
};

const struct import_column import_item_columns[] = {
    [I_CODE] = {"code", "事项编码|事项代码|编码", false, SHOW_TEXT, NULL, NULL, "SCJGJ-101", "不填则由部门和名称生成"},
    [I_DOMAIN] = {"domain", "抽查领域|抽查类别|领域|部门领域", false, SHOW_TEXT, NULL, NULL, "登记注册", NULL},
    [I_NAME] = {"name", "抽查事项|抽查事项名称|事项名称", true, SHOW_TEXT, NULL, NULL, "营业执照规范使用情况的检查", NULL},
    [I_SCOPE] = {"target_scope", "检查对象|抽查对象|对象范围", false, SHOW_TEXT, NULL, NULL, "企业、个体工商户", NULL},
    [I_CLASS] = {"class", "事项类别|类别", false, SHOW_WORD, NULL, "KEY=重点检查事项|GENERAL=一般检查事项", "一般检查事项", "重点检查事项、一般检查事项"},
    [I_TRACK] = {"track", "监管方式", false, SHOW_WORD, NULL, "random=随机抽查|key_supervision=重点监管|undisturbed=无事不扰", "随机抽查", "随机抽查、重点监管、无事不扰"},
    [I_CAP] = {"cap", "抽查比例上限|比例上限", false, SHOW_PERCENT, "cap_bp", NULL, "3%", "百分数"},
    [I_RATIO] = {"ratio_words", "抽查比例|比例及频次", false, SHOW_NOT, NULL, NULL, NULL, NULL},
    [I_FREQUENCY] = {"frequency", "抽查频次|频次", false, SHOW_TEXT, NULL, NULL, "1次/年", NULL},
    [I_METHODS] = {"methods", "检查方式|抽查方式", false, SHOW_WORDS, NULL,
                   "on_site=实地检查|written=书面检查|other_department=利用其他结果|testing=检验检测|online=网络监测|entrusted=委托专业机构",
                   "实地检查、书面检查", "多个用顿号隔开"},
    [I_DEPARTMENT] = {"department", "检查主体|抽查主体|发起部门|责任部门|主管部门", false, SHOW_DEPARTMENT, NULL, NULL, NULL, "部门名称或代码"},
    [I_PARTNERS] = {"partners", "配合部门|参与部门", false, SHOW_PARTNERS, NULL, NULL, NULL, "多个用顿号隔开"},
    [I_LEVELS] = {"levels", "抽查层级|层级", false, SHOW_WORDS, NULL, "province=省级|city=市级|county=县级|station=站所", "市级、县级", "多个用顿号隔开"},
    [I_BASIS] = {"legal_basis", "检查依据|抽查依据|法律依据", false, SHOW_BASIS, NULL, NULL, "《市场主体登记管理条例》第三十六条", "多条用分号隔开"},
    [I_POINTS] = {"points", "检查内容|抽查内容|抽查内容和方式", false, SHOW_POINTS, NULL, NULL, "营业执照是否置于醒目位置——现场查看", "内容——方式;多项用分号隔开"},
    [I_SKILLS] = {"skills", "专业要求|检查人员要求", false, SHOW_LIST, NULL, NULL, NULL, NULL},
    [I_FROM] = {"valid_from_day", "生效日期", false, SHOW_DAY, NULL, NULL, "2026-01-01", "年-月-日"},
    [I_TO] = {"valid_to_day", "失效日期", false, SHOW_DAY, NULL, NULL, NULL, "年-月-日"},
    [I_REASON] = {"reason", "调整原因|变更原因", false, SHOW_NOT, NULL, NULL, NULL, NULL},
    [I_VERSION] = {"row_version", "行版本|row_version", false, SHOW_TEXT, "version", NULL, NULL, "导出时的版本,勿改"},
    [I_TAGS] = {"target_tags", "对象标签", false, SHOW_LIST, NULL, NULL, "食品生产", "多个用顿号隔开"},
    [I_EXPERT] = {"expert_needed", "需要专家|专家参与", false, SHOW_YES, NULL, NULL, NULL, "是、否"},
    [I_SUB] = {"sub_item", "抽查子项|检查子项|子项", false, SHOW_NOT, NULL, NULL, NULL, NULL},
};
const size_t import_item_column_count = I_COUNT;

/* A code from a department and a name: the same in every import. */
static struct str
made_code(struct importer *im, const char *prefix, struct str department, struct str name)
{
    unsigned char hash[32];
    struct digest *d = digest_new();
    char *p = arena_alloc(&im->scratch, 16);

    if (d == NULL || p == NULL) {
        digest_free(d);
        return NONE;
    }
    digest_add(d, department.p, department.n);
    digest_add(d, "\n", 1);
    digest_add(d, name.p, name.n);
    digest_end(d, hash);
    digest_free(d);
    memcpy(p, prefix, 2);
    hex_encode(hash, 6, p + 2);
    return (struct str){p, 14};
}

/* A published list may divide an item 抽查事项 into sub-items 抽查子项: each is an item of its own, "NAME（SUB）". */
static struct str
item_name(struct importer *im)
{
    struct str name = import_text(im, I_NAME, ITEM_NAME_MAX), sub = import_text(im, I_SUB, ITEM_NAME_MAX);
    size_t size = name.n + sub.n + 8;
    struct buf b;

    if (name.n == 0 || sub.n == 0 || str_eq(name, sub))
        return name;
    if (name.n + sub.n + 6 > ITEM_NAME_MAX) {
        import_bad(im, I_SUB, ERR_LENGTH, NONE);
        return name;
    }
    b = buf_over(arena_alloc(&im->scratch, size), size);
    if (b.p == NULL)
        return NONE;
    buf_str(&b, name);
    buf_z(&b, "（");
    buf_str(&b, sub);
    buf_z(&b, "）");
    return buf_view(&b);
}

/* A list without codes (the published layouts have none): the item of this department and name, or a code made of both. */
static struct str
item_code(struct importer *im, struct str department, struct str name)
{
    struct str code = plain_code(im, I_CODE, ITEM_CODE_MAX);
    struct item_of_name_row *known;
    size_t count = 0;

    if (code.n > 0)
        return code;
    if (item_of_name(im->c->db, &im->scratch, &(struct item_of_name_in){department, name}, &known, &count) == OK &&
        count == 1)
        return known[0].code;
    if (count > 1)
        import_bad(im, I_NAME, ERR_DUPLICATE, im->o->chinese ? STR("同名事项不止一个,请加事项编码列")
                                                             : STR("several items have this name: add their codes"));
    return made_code(im, "I-", department, name);
}

/* [{"law":"…"}] for each part; "content——how" becomes {"content":"…","how":"…"}. */
static struct str
json_objects(struct importer *im, size_t column, const char *first, const char *second)
{
    struct str parts[IMPORT_LIST_MAX], s = str_trim(import_cell(im, column));
    size_t size = 6 * s.n + 64 * (size_t) IMPORT_LIST_MAX, count = 0;
    struct buf b;

    if (s.n == 0)
        return NONE;
    count = import_sentences(im, column, LIST_PART_MAX, parts);
    b = buf_over(arena_alloc(&im->scratch, size), size);
    if (count == 0 || b.p == NULL)
        return NONE;
    for (size_t i = 0; i < count; i++) {
        static const struct str DASH = {"——", 6};
        size_t at = 0;

        while (second != NULL && at < parts[i].n &&
               !str_starts((struct str){parts[i].p + at, parts[i].n - at}, DASH))
            at++;
        buf_z(&b, i == 0 ? "[{\"" : ",{\"");
        buf_z(&b, first);
        buf_z(&b, "\":");
        json_put_text(&b, second == NULL || at == parts[i].n ? parts[i] : (struct str){parts[i].p, at});
        if (second != NULL && at < parts[i].n) {
            buf_z(&b, ",\"");
            buf_z(&b, second);
            buf_z(&b, "\":");
            json_put_text(&b, (struct str){parts[i].p + at + DASH.n, parts[i].n - at - DASH.n});
        }
        buf_z(&b, "}");
    }
    buf_z(&b, "]");
    return b.overflow ? NONE : buf_view(&b);
}

static struct str
partners(struct importer *im)
{
    struct str parts[IMPORT_LIST_MAX];
    size_t count = import_list(im, I_PARTNERS, ORG_NAME_MAX, parts);

    for (size_t i = 0; i < count; i++) {
        struct str id = import_department_id(im, parts[i]);

        if (id.n == 0) {
            import_bad(im, I_PARTNERS, ERR_NOT_FOUND, parts[i]);
            return NONE;
        }
        parts[i] = id;
    }
    import_sort(parts, &count);
    return import_json(im, parts, count);
}

static struct str
or_else(struct str s, struct str otherwise)
{
    return s.n == 0 ? otherwise : s;
}

/* "3 %;每年1次": the words of both columns. */
static struct str
ratio_and_frequency(struct importer *im)
{
    struct str parts[2] = {import_text(im, I_RATIO, ITEM_NAME_MAX),
                           import_text(im, I_FREQUENCY, ITEM_NAME_MAX)};
    char *p = arena_alloc(&im->scratch, parts[0].n + parts[1].n + 2);
    struct buf b = buf_over(p, parts[0].n + parts[1].n + 2);

    if (parts[0].n == 0 || parts[1].n == 0 || p == NULL)
        return parts[0].n == 0 ? parts[1] : parts[0];
    buf_str(&b, parts[0]);
    buf_z(&b, ";");
    buf_str(&b, parts[1]);
    return buf_view(&b);
}

/* "无", "无需专业岗位资格": nothing is required. */
static struct str
item_skills(struct importer *im)
{
    static const struct str NOTHING = {"无", 3};
    struct str parts[IMPORT_LIST_MAX];
    size_t count = import_list(im, I_SKILLS, LIST_PART_MAX, parts), kept = 0;

    for (size_t i = 0; i < count; i++)
        if (!str_starts(parts[i], NOTHING))
            parts[kept++] = parts[i];
    return import_json(im, parts, kept);
}

/* A fault of item_check: the pointer begins with the id of a column. */
static void
item_wrong_cell(void *ctx, const char *pointer, enum err e)
{
    struct importer *im = ctx;
    struct str id, rest;

    (void) str_split(str_of(pointer), '/', &id, &rest);
    if (str_eq(id, STR("cap_bp")))
        id = STR("cap");
    for (size_t i = 0; i < im->column_count; i++)
        if (str_eq(id, str_of(im->columns[i].id))) {
            import_bad(im, i, e, NONE);
            return;
        }
    import_bad(im, I_NAME, e, str_of(pointer));
}

/* What says the same as the stored list when both are written as a cell is the same: a cell cannot hold everything. */
static struct str
same_when_shown(struct importer *im, size_t column, struct str said, struct str stored)
{
    struct show_words words = import_words(im);
    const struct import_column *k = &im->columns[column];
    struct str a = import_show_stored(&im->scratch, &words, k, said), b = import_show_stored(&im->scratch, &words, k, stored);

    return said.n > 0 && str_eq(a, b) ? stored : said;
}

static enum err
item_accept(struct importer *im, void *arg, bool dry_run, bool *is_new, bool *changed)
{
    struct item_put_in *t = arg;
    struct item_latest_row old;
    int64_t version;
    enum err e = item_latest(im->c->db, &im->scratch, &(struct item_latest_in){t->code}, &old);

    if (e == OK) {
        t->points = same_when_shown(im, I_POINTS, t->points, old.points);
        t->legal_basis = same_when_shown(im, I_BASIS, t->legal_basis, old.legal_basis);
    }
    if (e == OK || e == ERR_NOT_FOUND)
        e = item_would_revise(im->c, t, is_new, changed);
    if (e == OK && !dry_run)
        e = item_revise(im->c, t, &version);
    if (e == ERR_STATE) {
        import_bad(im, I_CODE, e, im->o->chinese ? STR("事项已废止,或正在合法性审查") : STR("the item is retired, or in legal review"));
        return OK;
    }
    return e;
}

/* What the list is silent about stays as it is; of a new item it is the usual. */
static enum err
item_silent(struct importer *im, struct item_put_in *t)
{
    struct item_latest_row old = {.domain = STR("其他"), .class = STR("GENERAL"), .track = STR("random")};
    enum err e = item_latest(im->c->db, &im->scratch, &(struct item_latest_in){t->code}, &old);

    t->domain = or_else(t->domain, old.domain);
    t->class = or_else(t->class, old.class);
    t->track = or_else(t->track, old.track);
    return e == ERR_NOT_FOUND ? OK : e;
}

#define MAY(column, field, day) {column, offsetof(struct item_put_in, field), day}
static const struct import_empties ITEM_MAY_EMPTY[] = {
    MAY(I_SCOPE, target_scope, false), MAY(I_CAP, cap_bp, true),        MAY(I_FREQUENCY, frequency, false),
    MAY(I_METHODS, methods, false),    MAY(I_PARTNERS, partners, false), MAY(I_LEVELS, levels, false),
    MAY(I_BASIS, legal_basis, false),  MAY(I_POINTS, points, false),    MAY(I_SKILLS, skills, false),
    MAY(I_FROM, valid_from_day, true), MAY(I_TO, valid_to_day, true),   MAY(I_TAGS, target_tags, false),
};
#undef MAY

static enum err
item_row(struct importer *im)
{
    struct item_put_in t = {.state = im->o->draft ? STR("draft") : STR("published")};
    struct opt_i64 version = import_number(im, I_VERSION, INT64_MAX);
    enum err e;

    t.name = item_name(im);
    t.department = import_department(im, I_DEPARTMENT);
    t.code = item_code(im, t.department, t.name);
    t.domain = import_text(im, I_DOMAIN, ITEM_NAME_MAX);
    t.target_scope = import_text(im, I_SCOPE, ITEM_TEXT_MAX);
    t.class = import_word(im, I_CLASS, item_class);
    t.track = import_word(im, I_TRACK, item_track);
    t.cap_bp = import_percent(im, I_CAP);
    t.frequency = ratio_and_frequency(im);
    t.methods = json_ids(im, I_METHODS, item_method);
    t.partners = partners(im);
    t.levels = json_list(im, I_LEVELS);
    t.legal_basis = json_objects(im, I_BASIS, "law", NULL);
    t.points = json_objects(im, I_POINTS, "content", "how");
    t.skills = item_skills(im);
    t.valid_from_day = import_day(im, I_FROM);
    t.valid_to_day = import_day(im, I_TO);
    t.reason = import_text(im, I_REASON, ITEM_TEXT_MAX);
    t.target_tags = json_list(im, I_TAGS);
    t.expert_needed = import_yes(im, I_EXPERT);
    import_emptied(im, ITEM_MAY_EMPTY, sizeof ITEM_MAY_EMPTY / sizeof *ITEM_MAY_EMPTY, &t);
    if (!im->o->draft)
        t.published_us = (struct opt_i64){true, im->c->now_us};
    if (im->row_bad)
        return OK;
    if ((e = item_silent(im, &t)) != OK)
        return e;
    if (item_check(im->c, &t, item_wrong_cell, im) != OK)
        return OK;
    return import_accept(im, &(struct import_say){t.code, t.department, version, I_VERSION, I_DEPARTMENT, item_accept, &t});
}

/* joint items: the published list of seven columns
 * ---------------------------------------------------------------------------------------------------- */

enum joint_column { J_CODE, J_DOMAIN, J_NAME, J_SCOPE, J_LEAD, J_PARTNERS, J_LEVELS, J_KIND, J_ITEMS, J_REASON, J_VERSION, J_COUNT };

const struct import_column import_joint_columns[] = {
    [J_CODE] = {"code", "事项编码|联合事项编码|编码", false, SHOW_TEXT, NULL, NULL, "LH-01", "不填则由部门和名称生成"},
    [J_DOMAIN] = {"domain", "抽查领域|领域", false, SHOW_TEXT, NULL, NULL, "学校食堂", NULL},
    [J_NAME] = {"name", "抽查事项|抽查事项名称|事项名称", true, SHOW_TEXT, NULL, NULL, "学校食堂食品安全情况的检查", NULL},
    [J_SCOPE] = {"target_scope", "检查对象|抽查对象|对象范围", false, SHOW_TEXT, NULL, NULL, "各类学校", NULL},
    [J_LEAD] = {"lead", "发起部门|牵头部门", false, SHOW_DEPARTMENT, NULL, NULL, "市场监管部门", "部门名称或代码"},
    [J_PARTNERS] = {"partners", "配合部门|参与部门", false, SHOW_PARTNERS, NULL, NULL, "教育、卫生健康部门", "多个用顿号隔开"},
    [J_LEVELS] = {"levels", "抽查层级|层级", false, SHOW_WORDS, NULL, "province=省级|city=市级|county=县级|station=站所", "县(区)级", "多个用顿号隔开"},
    [J_KIND] = {"kind", "种类|事项种类", false, SHOW_WORD, NULL, "joint=联合抽查|once=综合查一次|trade=一业一查", "联合抽查", "联合抽查、综合查一次、一业一查"},
    [J_ITEMS] = {"items", "包含事项|包含的抽查事项", false, SHOW_LIST, NULL, NULL, "SCJGJ-07、WJW-05", "事项编码,多个用顿号隔开"},
    [J_REASON] = {"reason", "调整原因|变更原因", false, SHOW_NOT, NULL, NULL, NULL, NULL},
    [J_VERSION] = {"row_version", "行版本|row_version", false, SHOW_TEXT, "version", NULL, NULL, "导出时的版本,勿改"},
};
const size_t import_joint_column_count = J_COUNT;

static bool
holds(struct str s, struct str part)
{
    for (size_t i = 0; i + part.n <= s.n; i++)
        if (memcmp(s.p + i, part.p, part.n) == 0)
            return true;
    return false;
}

/* "市场监管部门", "教育": published joint lists name the kind of department. It is the one registered whose name holds the
 * words; two that do are none. */
static struct str
department_of_kind(struct importer *im, struct str words)
{
    static const struct str TAIL = {"部门", 6};
    struct str id = import_department_id(im, words), found = NONE;

    if (words.n > TAIL.n && str_eq((struct str){words.p + words.n - TAIL.n, TAIL.n}, TAIL))
        words.n -= TAIL.n;
    for (size_t i = 0; id.n == 0 && i < im->department_count; i++)
        if (words.n >= TAIL.n && holds(im->departments[i].name, words)) {
            if (found.n > 0)
                return NONE;
            found = im->departments[i].code;
        }
    return id.n > 0 ? id : found;
}

static struct str
joint_lead(struct importer *im)
{
    struct str s = str_trim(import_cell(im, J_LEAD)), id = s.n == 0 ? im->o->department : department_of_kind(im, s);

    if (id.n == 0)
        import_bad(im, J_LEAD, s.n == 0 ? ERR_LENGTH : ERR_NOT_FOUND,
                   im->o->chinese ? STR("没有唯一对应的部门") : STR("no department, or more than one, of these words"));
    return id;
}

static struct str
joint_partners(struct importer *im)
{
    struct str parts[IMPORT_LIST_MAX];
    size_t count = import_list(im, J_PARTNERS, ORG_NAME_MAX, parts);

    for (size_t i = 0; i < count; i++) {
        struct str id = department_of_kind(im, parts[i]);

        if (id.n == 0) {
            import_bad(im, J_PARTNERS, ERR_NOT_FOUND, parts[i]);
            return NONE;
        }
        parts[i] = id;
    }
    import_sort(parts, &count);
    return import_json(im, parts, count);
}

/* The code of the file, of the joint item with this lead and name, or made from the two. */
static struct str
joint_code(struct importer *im, struct str lead, struct str name)
{
    struct str code = plain_code(im, J_CODE, ITEM_CODE_MAX);
    struct item_joint_of_name_row *known;
    size_t count = 0;

    if (code.n > 0)
        return code;
    if (item_joint_of_name(im->c->db, &im->scratch, &(struct item_joint_of_name_in){lead, name}, &known, &count) == OK &&
        count == 1)
        return known[0].code;
    if (count > 1)
        import_bad(im, J_NAME, ERR_DUPLICATE, NONE);
    return made_code(im, "J-", lead, name);
}

static enum err
joint_accept(struct importer *im, void *arg, bool dry_run, bool *is_new, bool *changed)
{
    struct item_joint_put_in *t = arg;
    int64_t version;
    enum err e = item_joint_would_revise(im->c, t, is_new, changed);

    if (e == OK && !dry_run)
        e = item_joint_revise(im->c, t, &version);
    if (e == ERR_STATE) {
        import_bad(im, J_CODE, e, im->o->chinese ? STR("事项已废止,或正在合法性审查") : STR("the item is retired, or in legal review"));
        return OK;
    }
    return e;
}

static enum err
joint_silent(struct importer *im, struct item_joint_put_in *t)
{
    struct item_joint_latest_row old = {.domain = STR("其他"), .kind = STR("joint")};
    enum err e = item_joint_latest(im->c->db, &im->scratch, &(struct item_joint_latest_in){t->code}, &old);

    t->domain = or_else(t->domain, old.domain);
    t->kind = or_else(t->kind, old.kind);
    if (t->items.n == 0 && e == OK)
        t->items = old.items; /* a bundle has some */
    return e == ERR_NOT_FOUND ? OK : e;
}

static const struct import_empties JOINT_MAY_EMPTY[] = {
    {J_SCOPE, offsetof(struct item_joint_put_in, target_scope), false},
    {J_PARTNERS, offsetof(struct item_joint_put_in, partners), false},
    {J_LEVELS, offsetof(struct item_joint_put_in, levels), false},
};

static enum err
joint_row(struct importer *im)
{
    struct item_joint_put_in t = {.state = im->o->draft ? STR("draft") : STR("published")};
    struct opt_i64 version = import_number(im, J_VERSION, INT64_MAX);
    enum err e;

    t.name = import_text(im, J_NAME, ITEM_NAME_MAX);
    t.lead = joint_lead(im);
    t.code = joint_code(im, t.lead, t.name);
    t.domain = import_text(im, J_DOMAIN, ITEM_NAME_MAX);
    t.target_scope = import_text(im, J_SCOPE, ITEM_TEXT_MAX);
    t.partners = joint_partners(im);
    t.levels = json_list(im, J_LEVELS);
    t.kind = import_word(im, J_KIND, item_joint_kind);
    t.items = json_list(im, J_ITEMS);
    t.reason = import_text(im, J_REASON, ITEM_TEXT_MAX);
    import_emptied(im, JOINT_MAY_EMPTY, sizeof JOINT_MAY_EMPTY / sizeof *JOINT_MAY_EMPTY, &t);
    if (!im->o->draft)
        t.published_us = (struct opt_i64){true, im->c->now_us};
    if (im->row_bad)
        return OK;
    if ((e = joint_silent(im, &t)) != OK)
        return e;
    if (item_joint_check(im->c, &t, item_wrong_cell, im) != OK)
        return OK;
    return import_accept(im, &(struct import_say){t.code, t.lead, version, J_VERSION, J_LEAD, joint_accept, &t});
}

/* inspectors
 * ---------------------------------------------------------------------------------------------------- */

enum inspector_column {
    N_CODE,
    N_NAME,
    N_DEPARTMENT,
    N_LEVEL,
    N_REGION,
    N_REGIONS,
    N_SKILLS,
    N_ITEMS,
    N_CERTIFICATE_KIND,
    N_CERTIFICATE_NO,
    N_CERTIFICATE_TO,
    N_ISSUER,
    N_CAP,
    N_LEAD,
    N_STATE,
    N_LEAVE_FROM,
    N_LEAVE_TO,
    N_LEAVE_REASON,
    N_RECUSALS,
    N_PHONE,
    N_ID_NO,
    N_VERSION,
    N_COUNT
};

const struct import_column import_inspector_columns[] = {
    [N_CODE] = {"code", "人员编号|执法人员编号|编号|执法编号", true, SHOW_TEXT, NULL, NULL, "ZF-0101", NULL},
    [N_NAME] = {"name", "姓名|人员姓名", true, SHOW_TEXT, NULL, NULL, "张三", NULL},
    [N_DEPARTMENT] = {"department", "部门|所属部门|单位|工作单位", false, SHOW_DEPARTMENT, NULL, NULL, NULL, "部门名称或代码"},
    [N_LEVEL] = {"level", "层级|级别", false, SHOW_TEXT, NULL, NULL, NULL, NULL},
    [N_REGION] = {"region", "所在区划|所在地区|地区", false, SHOW_TEXT, NULL, NULL, NULL, "区划代码或名称"},
    [N_REGIONS] = {"regions", "执法区划|执法区域|可执法区划", false, SHOW_LIST, NULL, NULL, NULL, "多个用顿号隔开"},
    [N_SKILLS] = {"skills", "业务专长|专业|专长|技能", false, SHOW_LIST, NULL, NULL, "食品安全、特种设备", "多个用顿号隔开"},
    [N_ITEMS] = {"items", "执法事项|可检查事项", false, SHOW_LIST, NULL, NULL, NULL, "事项编码"},
    [N_CERTIFICATE_KIND] = {"certificate_kind", "执法证种类|证件种类", false, SHOW_WORD, "certificates.kind",
                            "national=行政执法证|provincial=省执法证|technical=技术资格证", "行政执法证", "一人两证写两行"},
    [N_CERTIFICATE_NO] = {"certificate_no", "执法证号|行政执法证号|证件号|执法证件号", false, SHOW_TEXT, "certificates.no", NULL, "16150100001", NULL},
    [N_CERTIFICATE_TO] = {"certificate_valid_to", "执法证有效期|执法证有效期至|有效期至|有效期", false, SHOW_DAY, "certificates.valid_to_day", NULL, "2028-12-31", "年-月-日"},
    [N_ISSUER] = {"certificate_issuer", "发证机关", false, SHOW_TEXT, "certificates.issuer", NULL, NULL, NULL},
    [N_CAP] = {"cap_count", "每次上限|任务上限", false, SHOW_TEXT, NULL, NULL, "20", "数字"},
    [N_LEAD] = {"lead", "可任组长|组长", false, SHOW_YES, NULL, NULL, "是", "是、否"},
    [N_STATE] = {"state", "状态|在岗状态", false, SHOW_WORD, NULL, "active=在岗|suspended=暂停|left=离职", "在岗", "在岗、暂停、离职"},
    [N_LEAVE_FROM] = {"leave_from", "请假开始|请假起", false, SHOW_DAY, "leaves.from_day", NULL, NULL, "年-月-日"},
    [N_LEAVE_TO] = {"leave_to", "请假结束|请假止", false, SHOW_DAY, "leaves.to_day", NULL, NULL, "年-月-日"},
    [N_LEAVE_REASON] = {"leave_reason", "请假事由", false, SHOW_TEXT, "leaves.reason", NULL, NULL, NULL},
    [N_RECUSALS] = {"recusals", "回避对象", false, SHOW_LIST, "recusal_targets", NULL, NULL, "统一社会信用代码,多个用顿号隔开"},
    [N_PHONE] = {"phone", "电话|联系电话|手机|手机号|手机号码", false, SHOW_NOT, NULL, NULL, NULL, "加密保存,不导出"},
    [N_ID_NO] = {"id_no", "身份证号|身份证号码|公民身份号码", false, SHOW_NOT, NULL, NULL, NULL, "设为文本;加密保存,不导出"},
    [N_VERSION] = {"row_version", "行版本|row_version", false, SHOW_TEXT, NULL, NULL, NULL, "导出时的版本,勿改"},
};
const size_t import_inspector_column_count = N_COUNT;

/* Codes of regions, given by code or name. */
static struct str
region_list(struct importer *im)
{
    struct str parts[IMPORT_LIST_MAX];
    size_t count = import_list(im, N_REGIONS, DICT_NAME_MAX, parts);

    for (size_t i = 0; i < count; i++) {
        bool ambiguous = false;
        const struct dict_entry *entry = dict_find(&im->regions, parts[i]);

        if (entry == NULL)
            entry = dict_find_name(&im->regions, parts[i], &ambiguous);
        if (entry == NULL) {
            import_bad(im, N_REGIONS, ERR_REGION, parts[i]);
            return NONE;
        }
        parts[i] = entry->code;
    }
    import_sort(parts, &count);
    return import_json(im, parts, count);
}

static void
certificate_of(struct importer *im, struct inspector_say *say)
{
    struct opt_i64 to = import_day(im, N_CERTIFICATE_TO);

    say->certificate = (struct inspector_certificate_put_in){
        .inspector = say->row.code,
        .kind = or_else(import_word(im, N_CERTIFICATE_KIND, inspector_certificate_kind), STR("national")),
        .no = import_text(im, N_CERTIFICATE_NO, INSPECTOR_CODE_MAX),
        .issuer = import_text(im, N_ISSUER, INSPECTOR_NAME_MAX),
        .valid_to_day = to.v,
    };
    if (say->certificate.no.n > 0 && !to.set && !im->row_bad)
        import_bad(im, N_CERTIFICATE_TO, ERR_DATE,
                   im->o->chinese ? STR("有证号,没有有效期") : STR("a certificate needs its last day"));
}

static enum err
leave_of(struct importer *im, struct inspector_say *say)
{
    struct opt_i64 from = import_day(im, N_LEAVE_FROM), to = import_day(im, N_LEAVE_TO);
    struct inspector_leave_overlapping_row *other;
    size_t count;
    enum err e;

    if (from.set != to.set || (from.set && from.v > to.v)) {
        import_bad(im, N_LEAVE_FROM, ERR_ORDER, NONE);
        return OK;
    }
    say->leave_said = from.set;
    say->leave = (struct inspector_leave_put_in){say->row.code, from.v, to.v,
                                                 import_text(im, N_LEAVE_REASON, INSPECTOR_NAME_MAX)};
    if (!from.set)
        return OK;
    e = inspector_leave_overlapping(
        im->c->db, &im->scratch,
        &(struct inspector_leave_overlapping_in){say->row.code, from.v, to.v, from}, &other, &count);
    if (e == OK && count > 0)
        import_bad(im, N_LEAVE_FROM, ERR_DUPLICATE, im->o->chinese ? STR("与已登记的请假重叠") : STR("it overlaps another leave"));
    return e;
}

/* Telephone and identity number: absent cells keep what is known, emptied ones forget it. */
static struct person_say
private_of(struct importer *im, size_t phone_column, size_t id_column)
{
    struct str phone = str_trim(import_cell(im, phone_column)), id = str_trim(import_cell(im, id_column));
    struct person_say say = {phone.n > 0 || import_is_emptied(im, phone_column), id.n > 0 || import_is_emptied(im, id_column),
                             phone, id};
    const char *field;
    enum err e = person_check(&say, &field);

    if (e != OK)
        import_bad(im, field[0] == 'p' ? phone_column : id_column, e, NONE);
    return say;
}

/* A row of one's own department and region; what is there already, too. */
static void
within_scope(struct importer *im, size_t column, struct str department, struct str region)
{
    if (!scope_sees(im->c, department, region))
        import_bad(im, column, ERR_PERMISSION,
                   im->o->chinese ? STR("不属于本部门、本地区") : STR("outside one's own department or region"));
}

static enum err
inspector_scope(struct importer *im, const struct inspector_say *say)
{
    struct inspector_get_row old;
    enum err e = inspector_get(im->c->db, &im->scratch, &(struct inspector_get_in){say->row.code}, &old);

    if (e == ERR_NOT_FOUND) {
        within_scope(im, N_DEPARTMENT, say->row.department, say->row.region);
        return OK;
    }
    if (e != OK)
        return e;
    within_scope(im, N_CODE, old.department, old.region);
    within_scope(im, N_DEPARTMENT, or_else(say->row.department, old.department), or_else(say->row.region, old.region));
    return OK;
}

static void
recusals_of(struct importer *im, struct inspector_say *say)
{
    struct str parts[IMPORT_LIST_MAX];
    size_t count = import_list(im, N_RECUSALS, TARGET_CODE_MAX, parts);

    for (size_t i = 0; i < count; i++) {
        struct target_code code;
        enum err e = target_code_parse(parts[i], &code);

        if (e != OK) {
            import_bad(im, N_RECUSALS, e, parts[i]);
            return;
        }
        say->recusals[say->recusal_count++] = str_copy(&im->scratch, str_of(code.text));
    }
}

struct inspector_file_row {
    struct inspector_say say;
    struct person_say private;
};

#define MAY(column, field) {column, offsetof(struct inspector_file_row, field), false}
static const struct import_empties INSPECTOR_MAY_EMPTY[] = {
    MAY(N_LEVEL, say.row.level),       MAY(N_REGIONS, say.row.regions),
    MAY(N_SKILLS, say.row.skills),     MAY(N_ITEMS, say.row.items),
    MAY(N_PHONE, private.phone),       MAY(N_ID_NO, private.id_no),
};
#undef MAY

static enum err
inspector_take(struct importer *im, void *say, bool dry_run, bool *is_new, bool *changed)
{
    const struct inspector_file_row *f = say;
    struct person_key key = {STR("inspector"), f->say.row.code};
    enum inspector_effect effect;
    bool person = false;
    enum err e = inspector_accept(im->c, &f->say, dry_run, &effect);

    if (e == OK)
        e = person_put(im->c, key, &f->private, dry_run, &person);
    *is_new = e == OK && effect == INSPECTOR_NEW;
    *changed = e == OK && !*is_new && (effect == INSPECTOR_CHANGED || person);
    return e;
}

static enum err
inspector_row(struct importer *im)
{
    struct inspector_file_row f = {.say = {.row = {.code = plain_code(im, N_CODE, INSPECTOR_CODE_MAX)}}};
    struct inspector_say *say = &f.say;
    struct opt_i64 cap = import_number(im, N_CAP, INSPECTOR_CAP_MAX), lead = import_yes(im, N_LEAD);
    struct opt_i64 version = import_number(im, N_VERSION, INT64_MAX);
    enum err e;

    say->row.name = import_text(im, N_NAME, INSPECTOR_NAME_MAX);
    say->row.department = import_department(im, N_DEPARTMENT);
    say->row.level = import_text(im, N_LEVEL, INSPECTOR_NAME_MAX);
    say->row.region = import_region(im, N_REGION);
    say->row.regions = region_list(im);
    say->row.skills = json_list(im, N_SKILLS);
    say->row.items = json_list(im, N_ITEMS);
    say->row.cap_count = cap.set ? cap.v : CAP_DEFAULT;
    say->cap_said = cap.set;
    say->row.lead = lead.v;
    say->lead_said = lead.set;
    say->row.state = import_word(im, N_STATE, inspector_state);
    say->row.updated_us = im->c->now_us;
    f.private = private_of(im, N_PHONE, N_ID_NO);
    import_emptied(im, INSPECTOR_MAY_EMPTY, sizeof INSPECTOR_MAY_EMPTY / sizeof *INSPECTOR_MAY_EMPTY, &f);
    certificate_of(im, say);
    recusals_of(im, say);
    e = leave_of(im, say);
    if (e == OK && !im->row_bad)
        e = inspector_scope(im, say);
    if (e != OK || im->row_bad)
        return e;
    return import_accept(im, &(struct import_say){say->row.code, say->row.department, version, N_VERSION, N_DEPARTMENT,
                                                  inspector_take, &f});
}

/* experts
 * ------------------------------------------------------------------------------------------------------- */

enum expert_column {
    X_CODE,
    X_NAME,
    X_DEPARTMENT,
    X_REGION,
    X_ORGANISATION,
    X_SPECIALTY,
    X_CONTRACT_NO,
    X_CONTRACT_FROM,
    X_CONTRACT,
    X_CONFLICTS,
    X_STATE,
    X_PHONE,
    X_ID_NO,
    X_VERSION,
    X_COUNT
};

const struct import_column import_expert_columns[] = {
    [X_CODE] = {"code", "专家编号|编号", true, SHOW_TEXT, NULL, NULL, "ZJ-001", NULL},
    [X_NAME] = {"name", "姓名|专家姓名", true, SHOW_TEXT, NULL, NULL, "李四", NULL},
    [X_DEPARTMENT] = {"department", "部门|所属部门|归口部门", false, SHOW_DEPARTMENT, NULL, NULL, NULL, "空着:各部门共用"},
    [X_REGION] = {"region", "地区|所在地区|所在区划", false, SHOW_TEXT, NULL, NULL, NULL, "区划代码或名称"},
    [X_ORGANISATION] = {"organisation", "单位|工作单位", false, SHOW_TEXT, NULL, NULL, "某检测中心", NULL},
    [X_SPECIALTY] = {"specialty", "专业|专长|业务专长", false, SHOW_LIST, NULL, NULL, "食品检验", "多个用顿号隔开"},
    [X_CONTRACT_NO] = {"contract_no", "合同编号|聘任文号|聘书编号", false, SHOW_TEXT, NULL, NULL, NULL, NULL},
    [X_CONTRACT_FROM] = {"contract_from_day", "聘期起|聘任开始|合同开始", false, SHOW_DAY, NULL, NULL, "2026-01-01", "年-月-日"},
    [X_CONTRACT] = {"contract_to_day", "合同有效期|聘期至|聘任截止", false, SHOW_DAY, NULL, NULL, "2027-12-31", "年-月-日"},
    [X_CONFLICTS] = {"conflicts", "利益冲突对象|回避对象", false, SHOW_LIST, NULL, NULL, NULL, "统一社会信用代码"},
    [X_STATE] = {"state", "状态", false, SHOW_WORD, NULL, "active=在聘|left=离任", "在聘", "在聘、离任"},
    [X_PHONE] = {"phone", "电话|联系电话|手机|手机号|手机号码", false, SHOW_NOT, NULL, NULL, NULL, "加密保存,不导出"},
    [X_ID_NO] = {"id_no", "身份证号|身份证号码|公民身份号码", false, SHOW_NOT, NULL, NULL, NULL, "设为文本;加密保存,不导出"},
    [X_VERSION] = {"row_version", "行版本|row_version", false, SHOW_TEXT, NULL, NULL, NULL, "导出时的版本,勿改"},
};
const size_t import_expert_column_count = X_COUNT;

/* An expert without a department is shared by all of them, so only an account of all may bring one in. */
static enum err
expert_scope(struct importer *im, const struct expert_put_in *t)
{
    struct expert_get_row old;
    enum err e = expert_get(im->c->db, &im->scratch, &(struct expert_get_in){t->code}, &old);

    if (e == ERR_NOT_FOUND) {
        within_scope(im, X_DEPARTMENT, t->department, t->region);
        return OK;
    }
    if (e != OK)
        return e;
    within_scope(im, X_CODE, old.department, old.region);
    within_scope(im, X_DEPARTMENT, or_else(t->department, old.department), or_else(t->region, old.region));
    return OK;
}

struct expert_file_row {
    struct expert_put_in say;
    struct person_say private;
};

#define MAY(column, field, day) {column, offsetof(struct expert_file_row, field), day}
static const struct import_empties EXPERT_MAY_EMPTY[] = {
    MAY(X_ORGANISATION, say.organisation, false), MAY(X_SPECIALTY, say.specialty, false),
    MAY(X_CONTRACT_NO, say.contract_no, false),   MAY(X_CONTRACT_FROM, say.contract_from_day, true),
    MAY(X_CONTRACT, say.contract_to_day, true),   MAY(X_CONFLICTS, say.conflicts, false),
    MAY(X_PHONE, private.phone, false),           MAY(X_ID_NO, private.id_no, false),
};
#undef MAY

static enum err
expert_take(struct importer *im, void *say, bool dry_run, bool *is_new, bool *changed)
{
    const struct expert_file_row *f = say;
    struct person_key key = {STR("expert"), f->say.code};
    enum expert_effect effect;
    bool person = false;
    enum err e = expert_accept(im->c, &f->say, dry_run, &effect);

    if (e == OK)
        e = person_put(im->c, key, &f->private, dry_run, &person);
    *is_new = e == OK && effect == EXPERT_NEW;
    *changed = e == OK && !*is_new && (effect == EXPERT_CHANGED || person);
    return e;
}

static enum err
expert_row(struct importer *im)
{
    struct expert_file_row f = {.say = {.code = plain_code(im, X_CODE, EXPERT_CODE_MAX)}};
    struct expert_put_in *t = &f.say;
    struct opt_i64 version = import_number(im, X_VERSION, INT64_MAX);
    enum err e = OK;

    t->name = import_text(im, X_NAME, EXPERT_NAME_MAX);
    if (str_trim(import_cell(im, X_DEPARTMENT)).n > 0 || im->o->department.n > 0)
        t->department = import_department(im, X_DEPARTMENT);
    t->region = import_region(im, X_REGION);
    t->organisation = import_text(im, X_ORGANISATION, EXPERT_NAME_MAX);
    t->specialty = json_list(im, X_SPECIALTY);
    t->contract_no = import_text(im, X_CONTRACT_NO, EXPERT_NAME_MAX);
    t->contract_from_day = import_day(im, X_CONTRACT_FROM);
    t->contract_to_day = import_day(im, X_CONTRACT);
    t->conflicts = json_list(im, X_CONFLICTS);
    t->state = import_word(im, X_STATE, expert_state);
    t->updated_us = im->c->now_us;
    f.private = private_of(im, X_PHONE, X_ID_NO);
    import_emptied(im, EXPERT_MAY_EMPTY, sizeof EXPERT_MAY_EMPTY / sizeof *EXPERT_MAY_EMPTY, &f);
    if (!im->row_bad)
        e = expert_scope(im, t);
    if (e != OK || im->row_bad)
        return e;
    return import_accept(im, &(struct import_say){.key = t->code,
                                                  .version = version,
                                                  .version_column = X_VERSION,
                                                  .accept = expert_take,
                                                  .say = &f});
}

/* recusals
 * ------------------------------------------------------------------------------------------------------ */

enum recusal_column { R_INSPECTOR, R_TARGET, R_KIND, R_EVIDENCE, R_COUNT };

const struct import_column import_recusal_columns[] = {
    [R_INSPECTOR] = {"inspector", "人员编号|执法人员编号", true, SHOW_TEXT, NULL, NULL, "ZF-0101", NULL},
    [R_TARGET] = {"target", "检查对象代码|统一社会信用代码|对象代码", true, SHOW_TEXT, NULL, NULL, "91110000802100433B", "18 位代码,设为文本"},
    [R_KIND] = {"kind", "回避类型|回避情形", false, SHOW_WORD, NULL,
                "relative=近亲属|interest=利害关系|declared=本人申报|requested=对象申请|other=其他", "近亲属",
                "近亲属、利害关系、本人申报、对象申请、其他"},
    [R_EVIDENCE] = {"evidence", "依据|说明|材料", false, SHOW_NOT, NULL, NULL, "本人申报表", NULL},
};
const size_t import_recusal_column_count = R_COUNT;

/* A recusal once declared stays: there is only new or known. */
static enum err
recusal_take(struct importer *im, void *say, bool dry_run, bool *is_new, bool *changed)
{
    const struct inspector_recusal_put_in *t = say;
    struct inspector_recusal_get_row old;
    enum err e = inspector_recusal_get(im->c->db, &im->scratch,
                                       &(struct inspector_recusal_get_in){t->inspector, t->target}, &old);

    *is_new = e == ERR_NOT_FOUND;
    *changed = false;
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    return e == OK || dry_run ? OK : inspector_recusal_put(im->c->db, t);
}

static struct str
recusal_key(struct importer *im, const struct inspector_recusal_put_in *t)
{
    size_t n = t->inspector.n + 1 + t->target.n;
    struct buf b = buf_over(arena_alloc(&im->scratch, n), n);

    buf_str(&b, t->inspector);
    buf_z(&b, "\n");
    buf_str(&b, t->target);
    return buf_view(&b);
}

static enum err
recusal_row(struct importer *im)
{
    struct inspector_recusal_put_in t = {.inspector = plain_code(im, R_INSPECTOR, INSPECTOR_CODE_MAX),
                                         .declared_us = im->c->now_us};
    struct str given = str_trim(import_cell(im, R_TARGET));
    struct inspector_get_row who;
    struct target_code code = {0};
    enum err e = target_code_parse(given, &code);

    if (e != OK)
        import_bad(im, R_TARGET, e, NONE);
    t.target = str_of(code.text);
    t.kind = or_else(import_word(im, R_KIND, inspector_recusal_kind), STR("declared"));
    t.evidence = import_text(im, R_EVIDENCE, ITEM_NAME_MAX);
    import_emptied(im, NULL, 0, &t);
    if (im->row_bad)
        return OK;
    e = inspector_get(im->c->db, &im->scratch, &(struct inspector_get_in){t.inspector}, &who);
    if (e == ERR_NOT_FOUND) {
        import_bad(im, R_INSPECTOR, e, im->o->chinese ? STR("没有这名执法人员") : STR("no such inspector"));
        return OK;
    }
    if (e == OK)
        within_scope(im, R_INSPECTOR, who.department, who.region);
    if (e != OK || im->row_bad)
        return e;
    return import_accept(im, &(struct import_say){.key = recusal_key(im, &t),
                                                  .department = who.department,
                                                  .department_column = R_INSPECTOR,
                                                  .accept = recusal_take,
                                                  .say = &t});
}

/* all rows
 * ------------------------------------------------------------------------------------------------------ */

static enum err
one_row(struct importer *im)
{
    switch (im->o->kind) {
    case IMPORT_ITEMS:
        return item_row(im);
    case IMPORT_INSPECTORS:
        return inspector_row(im);
    case IMPORT_EXPERTS:
        return expert_row(im);
    case IMPORT_RECUSALS:
        return recusal_row(im);
    case IMPORT_JOINT:
        return joint_row(im);
    default:
        return ERR_INTERNAL;
    }
}

/* At most `most` rows; *ended: there are no more. */
static enum err
rows(struct importer *im, size_t most, bool *ended)
{
    enum err e = OK;

    for (size_t n = 0; n < most; n++) {
        size_t mark = arena_mark(im->c->arena);
        uint64_t done, total;

        e = import_next(im);
        *ended = im->row.count == 0;
        if (e != OK || *ended)
            return e;
        if (im->row.problem != ERR_SYNTAX)
            e = one_row(im);
        arena_rewind(im->c->arena, mark);
        if (e != OK || im->rejects_error != OK)
            return e != OK ? e : im->rejects_error;
        if (im->row_bad)
            import_reject(im);
        import_row_read(im);
        table_position(im->table, &done, &total);
        import_progress(im, IMPORT_WRITING, done, total);
        if (import_cancelled(im))
            return ERR_CANCELLED;
    }
    return OK;
}

struct small {
    struct importer *im;
    bool ended;
    enum err result;
};

/* One transaction of the office. A dry run does all of it and takes it back: what it tells is what will happen. */
static enum err
batch(struct ctx *c, void *arg)
{
    struct small *s = arg;

    (void) c;
    s->result = rows(s->im, IMPORT_BATCH_ROWS, &s->ended);
    return s->result == OK && s->im->o->dry_run ? ERR_CANCELLED : s->result;
}

static enum err
end(struct ctx *c, void *arg)
{
    (void) c;
    return import_journal(arg);
}

static enum err
small_in_batches(struct importer *im)
{
    struct small s = {.im = im};
    enum err e = im->o->dry_run ? OK : import_begin(im);

    while (e == OK && !s.ended) {
        e = import_write(im, batch, &s);
        if (im->o->dry_run && e == ERR_CANCELLED)
            e = s.result;
    }
    return e == OK && !im->o->dry_run ? import_write(im, end, im) : e;
}

enum err
import_small(struct importer *im)
{
    bool ended = false;
    enum err e;

    if (im->o->office != NULL)
        return small_in_batches(im);
    e = db_begin(im->c->db);
    if (e != OK)
        return e;
    e = rows(im, SIZE_MAX, &ended);
    if (e == OK && !im->o->dry_run)
        e = import_journal(im);
    return db_end(im->c->db, e);
}
