/* mod/notice/notice_print.c - notices on paper */
#include "core/calendar.h"
#include "format/pdf.h"
#include "mod/drawing/frame.h"
#include "mod/item/item.h"
#include "mod/notice/notice_int.h"
#include "mod/words.h"

enum { LINE_BYTES = 8192, LETTER_BYTES = 64 << 10, URL_BYTES = 400 };

struct printing {
    const struct notice_get_row *notices;
    struct str *codes; /* of the visits */
    json_t **contents;
    size_t count;
    struct str base;
};

/* A line made of texts; cut off where it would be too long. */
static struct str
line(char *room, const struct str *parts, size_t count)
{
    struct buf b = buf_over(room, LINE_BYTES);

    for (size_t i = 0; i < count; i++)
        buf_str(&b, parts[i]);
    return buf_view(&b);
}
#define LINE(room, ...) line(room, (const struct str[]) {__VA_ARGS__}, sizeof((const struct str[]) {__VA_ARGS__}) / sizeof(struct str))

/* 2026年3月2日 */
static struct str
write_day(struct buf *b, int64_t day)
{
    struct civil d = civil_from_day(day);
    size_t from = b->n;

    buf_i64(b, d.year);
    buf_z(b, "年");
    buf_i64(b, d.month);
    buf_z(b, "月");
    buf_i64(b, d.day);
    buf_z(b, "日");
    return (struct str) {b->p + from, b->n - from};
}

static struct str
day_words(struct buf *b, struct str iso)
{
    int64_t day;

    return day_parse(iso, &day) == OK ? write_day(b, day) : iso;
}

/* The texts of a list, with something between them. */
static struct str
join(char *room, const json_t *list, const char *between, struct str (*words)(struct str))
{
    struct buf b = buf_over(room, LINE_BYTES);
    const json_t *v;
    size_t i;

    json_array_foreach(list, i, v) {
        struct str s = {json_string_value(v), json_string_length(v)};

        if (i > 0)
            buf_z(&b, between);
        buf_str(&b, words == NULL ? s : words(s));
    }
    return buf_view(&b);
}

static void
print_head(struct pdf *p, const struct notice_get_row *n, const json_t *c)
{
    const json_t *task = json_object_get(c, "task");
    struct str plan = notice_text(task, "plan"), reason = notice_text(task, "reason");
    char room[LINE_BYTES], days[128], attempt[24];
    struct buf b = buf_over(days, sizeof days), ab = buf_over(attempt, sizeof attempt);
    struct str from = day_words(&b, notice_text(c, "from")), to = day_words(&b, notice_text(c, "to"));

    buf_i64(&ab, json_integer_value(json_object_get(c, "attempt")));
    pdf_text(p, PDF_SUBTITLE, notice_text(json_object_get(c, "department"), "name"));
    pdf_text(p, PDF_TITLE, STR("“双随机、一公开”检查通知书"));
    pdf_text(p, PDF_SUBTITLE, n->no);
    pdf_text(p, PDF_BODY, LINE(room, notice_text(json_object_get(c, "target"), "name"), STR("（统一社会信用代码／登记号："),
                               notice_text(json_object_get(c, "target"), "code"), STR("）：")));
    pdf_text(p, PDF_PARAGRAPH,
             LINE(room, plan.n > 0 ? STR("按照年度抽查计划（") : STR("因"), plan.n > 0 ? plan : reason,
                  plan.n > 0 ? STR("）和") : STR("，按照"), STR("公开随机抽取的结果（抽取编号 "), notice_text(c, "draw"),
                  STR("，第 "), buf_view(&ab), STR(" 次），你单位被抽中为“"), notice_text(task, "name"),
                  STR("”的检查对象。检查定于"), from, STR("至"), to, STR("期间进行。现将有关事项通知如下：")));
}

static void
print_items(struct pdf *p, const json_t *c, struct str heading)
{
    static const struct pdf_column COLUMNS[] = {{1, false, false, true, false}, {5, false, false, false, false},
                                                {3, false, false, false, false}, {5, false, false, true, false}};
    static const struct str HEADER[] = {STR("序号"), STR("检查事项和内容"), STR("实施部门"), STR("检查依据")};
    const json_t *v;
    size_t i;

    pdf_text(p, PDF_HEADING, heading);
    pdf_table(p, COLUMNS, 4, HEADER);
    json_array_foreach(json_object_get(c, "items"), i, v) {
        char number[24], name[LINE_BYTES], points[LINE_BYTES], basis[LINE_BYTES];
        struct buf b = buf_over(number, sizeof number);
        struct str point = join(points, json_object_get(v, "points"), "；", NULL);

        buf_u64(&b, i + 1);
        pdf_row(p, (struct str[]) {buf_view(&b), LINE(name, notice_text(v, "name"), point.n > 0 ? STR("：") : STR(""), point),
                                   notice_text(v, "department"), join(basis, json_object_get(v, "basis"), "\n", NULL)});
    }
    pdf_table_end(p);
}

static void
print_team(struct pdf *p, const json_t *c, struct str heading)
{
    static const struct pdf_column COLUMNS[] = {{4, false, false, false, false}, {3, false, false, false, false},
                                                {4, false, false, false, false}, {3, false, false, false, false},
                                                {2, false, false, false, false}};
    static const struct str HEADER[] = {STR("部门"), STR("姓名"), STR("执法证号"), STR("有效期至"), STR("备注")};
    const json_t *v;
    size_t i;

    pdf_text(p, PDF_HEADING, heading);
    pdf_table(p, COLUMNS, 5, HEADER);
    json_array_foreach(json_object_get(c, "inspectors"), i, v) pdf_row(
        p, (struct str[]) {notice_text(v, "department"), notice_text(v, "name"), notice_text(v, "no"),
                           notice_text(v, "valid_to"),
                           json_is_true(json_object_get(v, "lead"))         ? STR("组长")
                           : json_is_true(json_object_get(v, "substitute")) ? STR("递补")
                                                                            : STR("")});
    pdf_table_end(p);
}

static void
print_papers(struct pdf *p, const json_t *c)
{
    char room[LINE_BYTES];
    const json_t *v;
    size_t i;

    pdf_text(p, PDF_HEADING, STR("三、检查方式"));
    pdf_text(p, PDF_PARAGRAPH, join(room, json_object_get(c, "methods"), "、", item_method_words));
    pdf_text(p, PDF_HEADING, STR("四、请准备的材料"));
    json_array_foreach(json_object_get(c, "papers"), i, v) {
        char number[24];
        struct buf b = buf_over(number, sizeof number);

        buf_u64(&b, i + 1);
        pdf_text(p, PDF_PARAGRAPH, LINE(room, buf_view(&b), STR("．"),
                                        (struct str) {json_string_value(v), json_string_length(v)}));
    }
}

static void
print_count(struct pdf *p, const json_t *c)
{
    char room[LINE_BYTES], text[160];
    struct buf b = buf_over(text, sizeof text);

    buf_z(&b, "本次是你单位本年度接受的第 ");
    buf_i64(&b, json_integer_value(json_object_get(c, "visit_no")));
    buf_z(&b, " 次检查。");
    pdf_text(p, PDF_HEADING, STR("五、本年度检查次数"));
    if (notice_text(c, "exempt").n > 0)
        pdf_text(p, PDF_PARAGRAPH, LINE(room, buf_view(&b), STR("按照规定，本次检查不计入频次上限。")));
    else {
        buf_z(&b, "同一机关每年至多 ");
        buf_i64(&b, FRAME_VISITS_OF_ORGAN);
        buf_z(&b, " 次，各机关合计至多 ");
        buf_i64(&b, FRAME_VISITS_TOGETHER);
        buf_z(&b, " 次。");
        pdf_text(p, PDF_PARAGRAPH, buf_view(&b));
    }
}

static void
print_rights(struct pdf *p, const json_t *c)
{
    static const struct str RIGHTS[] = {
        STR("1．检查人员不少于两人，应当主动出示行政执法证件；未出示的，你单位有权拒绝检查。"),
        STR("2．你单位认为检查人员与本次检查有利害关系或者有其他关系可能影响公正的，有权申请其回避。"),
        STR("3．你单位有权陈述、申辩，有权核对检查记录并在记录上注明意见。"),
        STR("4．你单位对检查活动中的违法违纪行为，有权投诉、举报。"),
        STR("5．检查结果自产生之日起 20 个工作日内公示；你单位对结果有异议的，可以提出。")};
    char room[LINE_BYTES];

    pdf_text(p, PDF_HEADING, STR("六、你单位的权利"));
    for (size_t i = 0; i < sizeof RIGHTS / sizeof *RIGHTS; i++)
        pdf_text(p, PDF_PARAGRAPH, RIGHTS[i]);
    pdf_text(p, PDF_HEADING, STR("七、联系方式"));
    pdf_text(p, PDF_PARAGRAPH, notice_text(c, "contact"));
    if (notice_text(c, "note").n > 0)
        pdf_text(p, PDF_PARAGRAPH, LINE(room, STR("备注："), notice_text(c, "note")));
}

/* --- the office's own text ---------------------------------------------------------------------------------------- */

static void
put_names(struct buf *b, const json_t *list, const char *field, const char *more)
{
    const json_t *v;
    size_t i;

    json_array_foreach(list, i, v) {
        buf_z(b, i > 0 ? "、" : "");
        buf_str(b, notice_text(v, field));
        if (more != NULL) {
            buf_z(b, "（");
            buf_str(b, notice_text(v, more));
            buf_z(b, "）");
        }
    }
}

static void
put_basis(struct buf *b, const json_t *items)
{
    const json_t *v, *basis;
    size_t i, k, count = 0;

    json_array_foreach(items, i, v) json_array_foreach(json_object_get(v, "basis"), k, basis) {
        buf_z(b, count++ > 0 ? "、" : "");
        buf_z(b, json_string_value(basis));
    }
}

/* What stands for a place of a template; of one that a notice does not know, nothing. */
static void
put_place(struct buf *b, struct str place, const struct printing *all, size_t i)
{
    const json_t *c = all->contents[i], *target = json_object_get(c, "target"), *task = json_object_get(c, "task");
    const struct {
        const char *place;
        struct str text;
    } TEXTS[] = {{"target_name", notice_text(target, "name")}, {"target_code", notice_text(target, "code")},
                 {"target_address", notice_text(target, "address")}, {"contact", notice_text(c, "contact")},
                 {"complaint_phone", notice_text(c, "contact")}, {"remarks", notice_text(c, "note")},
                 {"department_name", notice_text(json_object_get(c, "department"), "name")},
                 {"task_code", notice_text(task, "code")}, {"task_name", notice_text(task, "name")},
                 {"plan_name", notice_text(task, notice_text(task, "plan").n > 0 ? "plan" : "reason")},
                 {"draw_no", notice_text(c, "draw")}, {"portal_address", all->base}, {"document_no", all->notices[i].no}};
    char room[LINE_BYTES];

    for (size_t k = 0; k < sizeof TEXTS / sizeof *TEXTS; k++)
        if (str_eq(place, str_of(TEXTS[k].place)))
            buf_str(b, TEXTS[k].text);
    if (str_eq(place, STR("item_names")))
        put_names(b, json_object_get(c, "items"), "name", NULL);
    if (str_eq(place, STR("inspectors")))
        put_names(b, json_object_get(c, "inspectors"), "name", "no");
    if (str_eq(place, STR("legal_basis")))
        put_basis(b, json_object_get(c, "items"));
    if (str_eq(place, STR("methods")))
        buf_str(b, join(room, json_object_get(c, "methods"), "、", item_method_words));
    if (str_eq(place, STR("papers")))
        buf_str(b, join(room, json_object_get(c, "papers"), "；", NULL));
    if (str_eq(place, STR("visit_number")))
        buf_i64(b, json_integer_value(json_object_get(c, "visit_no")));
    if (str_eq(place, STR("window_from")))
        (void) day_words(b, notice_text(c, "from"));
    if (str_eq(place, STR("window_to")))
        (void) day_words(b, notice_text(c, "to"));
    if (str_eq(place, STR("issue_date")))
        (void) write_day(b, day_of_us(all->notices[i].issued_us));
}

static struct str
fill(struct buf *b, struct str template, const struct printing *all, size_t i)
{
    struct str rest = template, head, place;

    while (str_split(rest, '{', &head, &rest)) {
        buf_str(b, head);
        (void) str_split(rest, '}', &place, &rest);
        put_place(b, place, all, i);
    }
    buf_str(b, rest);
    return buf_view(b);
}

/* Its first line is the title; the facts that must be there follow as tables. */
static void
print_letter(struct pdf *p, const struct printing *all, size_t i, struct str template)
{
    char room[LETTER_BYTES];
    struct buf b = buf_over(room, sizeof room);
    struct str rest = fill(&b, template, all, i), text;
    bool titled = false;

    for (bool more = rest.n > 0; more;) {
        more = str_split(rest, '\n', &text, &rest);
        text = str_trim(text);
        if (text.n == 0)
            pdf_gap(p, 2);
        else if (titled)
            pdf_text(p, PDF_PARAGRAPH, text);
        else {
            pdf_text(p, PDF_TITLE, text);
            pdf_text(p, PDF_SUBTITLE, all->notices[i].no);
            titled = true;
        }
    }
    print_items(p, all->contents[i], STR("附一　检查事项"));
    print_team(p, all->contents[i], STR("附二　检查人员（随机匹配产生）"));
}

/* The code that leads to the page of the visit, and who signs. */
static void
print_end(struct pdf *p, const struct printing *all, size_t i, const json_t *c)
{
    static const struct pdf_column COLUMNS[] = {{2, true, false, false, false}, {4, false, false, false, false},
                                                {2, true, false, false, false}, {4, false, false, false, false}};
    const struct notice_get_row *n = &all->notices[i];
    char room[LINE_BYTES], url[URL_BYTES], day[64];
    struct buf b = buf_over(url, sizeof url), d = buf_over(day, sizeof day);

    buf_str(&b, all->base);
    buf_z(&b, all->base.n > 0 ? "/v/" : "");
    buf_str(&b, all->codes[i]);
    buf_z(&b, all->base.n > 0 ? "/" : "");
    pdf_gap(p, 3);
    pdf_qr(p, buf_view(&b), 28,
           LINE(room, STR("扫码核验：来的是谁、证件今天是否有效、为什么抽中你单位；并确认收到本通知书。\n检查码 "),
                all->codes[i], STR("\n（检查码只给你单位，请勿公开。）")));
    pdf_room(p, 40);
    pdf_text(p, PDF_RIGHT, notice_text(json_object_get(c, "department"), "name"));
    pdf_text(p, PDF_RIGHT, write_day(&d, day_of_us(n->issued_us)));
    pdf_gap(p, 4);
    pdf_table(p, COLUMNS, 4, NULL);
    pdf_row(p, (struct str[]) {STR("签收人"), STR(""), STR("签收日期"), STR("")});
    pdf_row(p, (struct str[]) {STR("送达方式"), STR(""), STR("送达人"), STR("")});
    pdf_table_end(p);
}

static void
print_plain(struct pdf *p, const struct notice_get_row *n, const json_t *c)
{
    print_head(p, n, c);
    print_items(p, c, STR("一、检查事项"));
    print_team(p, c, STR("二、检查人员（随机匹配产生）"));
    print_papers(p, c);
    print_count(p, c);
    print_rights(p, c);
}

static enum err
print_all(struct pdf *p, void *arg)
{
    const struct printing *all = arg;
    char room[LINE_BYTES];

    for (size_t i = 0; i < all->count; i++) {
        const struct notice_get_row *n = &all->notices[i];

        pdf_break(p);
        if (str_eq(n->state, STR("withdrawn")))
            pdf_text(p, PDF_SUBTITLE, LINE(room, STR("【已撤回】"), n->withdraw_reason));
        if (notice_text(all->contents[i], "template").n > 0)
            print_letter(p, all, i, notice_text(all->contents[i], "template"));
        else
            print_plain(p, n, all->contents[i]);
        print_end(p, all, i, all->contents[i]);
    }
    return OK;
}

static enum err
load(struct ctx *c, struct printing *all)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < all->count; i++) {
        const struct notice_get_row *n = &all->notices[i];
        struct visit_by_code_row v = {0};

        e = notice_visit(c, n->target, n->visit, &v);
        all->codes[i] = v.code;
        all->contents[i] = json_loadb(n->content.p, n->content.n, 0, NULL);
        if (e == OK && all->contents[i] == NULL)
            e = ERR_INTERNAL;
    }
    return e;
}

enum err
notice_print(struct ctx *c, const struct notice_get_row *notices, size_t count, struct str base, FILE *out)
{
    struct printing all = {notices, arena_alloc(c->arena, (count + 1) * sizeof(struct str)),
                           arena_alloc(c->arena, (count + 1) * sizeof(json_t *)), count, base};
    struct pdf_config config = {.out = out, .title = STR("检查通知书"), .created_us = count == 0 ? 0 : notices[0].issued_us};
    enum err e = all.codes == NULL || all.contents == NULL ? ERR_MEMORY : count == 0 ? ERR_NOT_FOUND : OK;

    if (e == OK)
        e = load(c, &all);
    if (e == OK && count == 1)
        config.footer = notices[0].no;
    if (e == OK)
        e = pdf_make(&config, print_all, &all);
    for (size_t i = 0; all.contents != NULL && i < count; i++)
        json_decref(all.contents[i]);
    return e;
}
