/* core/risk.c - risk-1: a scheme read strictly, and applied */
#include "core/risk.h"

#include <string.h>

#include "core/calendar.h"

enum { LINE_MAX = 400, NUMBER_MAX = 13 };

static const char *const FACTS[RISK_FACT_COUNT] = {
    "status",   "licence_expired", "unreachable", "age_months",        "months_since_visit", "results",          "clean_results",
    "problems", "undisclosed",     "false_info",  "uncooperative",     "followups_open",     "followups_overdue", "complaints"};
static const char *const OPS[] = {[RISK_AT_LEAST] = ">=", [RISK_AT_MOST] = "<=", [RISK_EACH] = "each"};
#define EXTERNAL "external:"

const char *
risk_fact_name(enum risk_fact f)
{
    return f < RISK_FACT_COUNT ? FACTS[f] : EXTERNAL;
}

/* --- reading ---------------------------------------------------------------------------------------------------------- */

struct reader {
    struct str text, line; /* line: what is left of it */
    size_t next;           /* offset of the next line */
    size_t line_start, number;
    struct risk_fault *f;
    enum err err;
};

/* Only the first fault is kept. at: within the text. */
static enum err
fail(struct reader *r, enum err e, const char *at, const char *zh, const char *en)
{
    if (r->err == OK) {
        r->err = e;
        *r->f = (struct risk_fault){e, r->number, (size_t) (at - r->text.p) - r->line_start + 1, zh, en};
    }
    return r->err;
}

static bool
printable(struct str line)
{
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char) line.p[i] < 0x20 || line.p[i] == 0x7F)
            return false;
    return true;
}

static enum err
next_line(struct reader *r)
{
    struct str rest = {r->text.p + r->next, r->text.n - r->next}, tail;

    if (r->err != OK)
        return r->err;
    r->number++;
    r->line_start = r->next;
    if (rest.n == 0)
        return fail(r, ERR_SYNTAX, rest.p, "文本提前结束", "the text ends too early");
    if (!str_split(rest, '\n', &r->line, &tail))
        return fail(r, ERR_SYNTAX, rest.p + rest.n, "最后一行缺少换行符", "the last line does not end in LF");
    r->next += r->line.n + 1;
    if (r->line.n > LINE_MAX)
        return fail(r, ERR_LENGTH, r->line.p + LINE_MAX, "一行过长", "the line is too long");
    if (!utf8_valid(r->line))
        return fail(r, ERR_ENCODING, r->line.p, "不是 UTF-8", "not UTF-8");
    return printable(r->line) ? OK : fail(r, ERR_CHARSET, r->line.p, "不得有控制字符", "a control character");
}

/* Does the next line begin with this word? */
static bool
comes(const struct reader *r, struct str word)
{
    struct str rest = {r->text.p + r->next, r->text.n - r->next};

    return r->err == OK && str_starts(rest, word) && rest.n > word.n && rest.p[word.n] == ' ';
}

/* The next word and the one blank behind it. */
static struct str
word(struct reader *r)
{
    struct str head = {NULL, 0}, tail;

    if (r->err != OK)
        return head;
    if (r->line.n == 0) {
        (void) fail(r, ERR_SYNTAX, r->line.p, "缺少字段", "a field is missing");
        return head;
    }
    if (!str_split(r->line, ' ', &head, &tail))
        tail = (struct str){head.p + head.n, 0};
    else if (tail.n == 0 || tail.p[0] == ' ')
        (void) fail(r, ERR_SYNTAX, tail.p, "空格多余", "a blank too many");
    if (head.n == 0)
        (void) fail(r, ERR_SYNTAX, head.p, "空格多余", "a blank too many");
    r->line = tail;
    return head;
}

static void
key(struct reader *r, struct str expected)
{
    struct str w = word(r);

    if (r->err == OK && !str_eq(w, expected))
        (void) fail(r, ERR_SYNTAX, w.p, "此处应为另一个关键词（行的种类和次序是固定的）",
                    "another keyword is required here (kinds of lines and their order are fixed)");
}

static int64_t
number(struct reader *r, int64_t min, int64_t max)
{
    struct str w = word(r), digits = w;
    uint64_t v = 0;
    int64_t n;
    enum err e;

    if (r->err != OK)
        return 0;
    if (w.n > 1 && w.p[0] == '-')
        digits = (struct str){w.p + 1, w.n - 1};
    e = digits.n > NUMBER_MAX ? ERR_RANGE : str_u64(digits, (uint64_t) RISK_VALUE_MAX, &v);
    if (e == ERR_SYNTAX || (e == OK && v == 0 && digits.n != w.n)) {
        (void) fail(r, ERR_SYNTAX, w.p, "应为不带前导零的整数", "not an integer without leading zeros");
        return 0;
    }
    n = digits.n == w.n ? (int64_t) v : -(int64_t) v;
    if (e != OK || n < min || n > max)
        (void) fail(r, ERR_RANGE, w.p, "数值超出范围", "the number is out of range");
    return n;
}

static bool
code_ok(struct str s)
{
    if (s.n < 1 || s.n > RISK_CODE_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_' || s.p[i] == '-'))
            return false;
    return true;
}

static struct str
code(struct reader *r)
{
    struct str w = word(r);

    if (r->err == OK && !code_ok(w))
        (void) fail(r, ERR_CHARSET, w.p, "代码为 1—32 个小写字母、数字、_ 或 -", "a code is 1 to 32 of a-z 0-9 _ -");
    return w;
}

/* The rest of the line. */
static struct str
name(struct reader *r)
{
    struct str s = r->line;

    if (r->err != OK)
        return s;
    if (s.n == 0 || s.n > RISK_NAME_MAX)
        (void) fail(r, ERR_LENGTH, s.p, "名称为 1—120 字节", "a name has 1 to 120 bytes");
    else if (str_trim(s).n != s.n)
        (void) fail(r, ERR_SYNTAX, s.p, "名称首尾不得有空格", "a name neither begins nor ends with a blank");
    return s;
}

static void
read_classes(struct reader *r, struct risk_scheme *s)
{
    while (comes(r, STR("class")) && next_line(r) == OK) {
        struct risk_class *now = &s->classes[s->class_count];
        struct str label;
        const char *at = r->line.p;

        if (s->class_count == RISK_CLASSES_MAX) {
            (void) fail(r, ERR_TOO_LARGE, at, "类别为 2—5 个", "there are 2 to 5 classes");
            return;
        }
        key(r, STR("class"));
        label = word(r);
        now->least = (uint32_t) number(r, 0, RISK_LEAST_MAX);
        if (r->err == OK && r->line.n > 0)
            (void) fail(r, ERR_SYNTAX, r->line.p, "字段多余", "more fields than the format has");
        if (r->err != OK)
            return;
        now->label = label.p[0];
        if (label.n != 1 || now->label < 'A' || now->label > 'E')
            (void) fail(r, ERR_CHARSET, label.p, "类别为 A 至 E", "a class is one of A to E");
        else if (s->class_count == 0 ? now->least != 0 : now->label <= now[-1].label || now->least <= now[-1].least)
            (void) fail(r, ERR_ORDER, at, "类别和分数应从低到高，第一类从 0 分起",
                        "classes and their points ascend, and the first begins at 0");
        s->class_count++;
    }
    if (r->err == OK && s->class_count < RISK_CLASSES_MIN)
        (void) fail(r, ERR_SYNTAX, r->text.p + r->line_start, "类别为 2—5 个", "there are 2 to 5 classes");
}

static void
read_fact(struct reader *r, struct risk_rule *rule)
{
    struct str w = word(r);

    rule->fact = RISK_EXTERNAL;
    if (r->err != OK)
        return;
    for (unsigned f = 0; f < RISK_FACT_COUNT; f++)
        if (str_eq(w, str_of(FACTS[f])))
            rule->fact = (enum risk_fact) f;
    if (rule->fact != RISK_EXTERNAL)
        return;
    if (str_starts(w, STR(EXTERNAL)))
        rule->external = (struct str){w.p + strlen(EXTERNAL), w.n - strlen(EXTERNAL)};
    if (!code_ok(rule->external))
        (void) fail(r, ERR_SYNTAX, w.p, "没有这项指标；外部指标写作 external:名称",
                    "no such fact; one from elsewhere is written external:NAME");
}

static void
read_op(struct reader *r, struct risk_rule *rule)
{
    struct str w = word(r);
    bool known = false;

    for (unsigned op = 0; op <= RISK_EACH; op++)
        if (str_eq(w, str_of(OPS[op]))) {
            rule->op = (enum risk_op) op;
            known = true;
        }
    if (r->err == OK && !known)
        (void) fail(r, ERR_SYNTAX, w.p, "应为 >=、<= 或 each", "one of >= <= each is required");
}

static void
read_rule(struct reader *r, struct risk_rule *rule)
{
    const char *at;

    key(r, STR("rule"));
    rule->code = code(r);
    read_fact(r, rule);
    read_op(r, rule);
    rule->n = number(r, rule->op == RISK_EACH ? 1 : -RISK_VALUE_MAX, RISK_VALUE_MAX);
    key(r, STR("points"));
    at = r->line.p;
    rule->points = (int32_t) number(r, -RISK_POINTS_MAX, RISK_POINTS_MAX);
    if (r->err == OK && rule->points == 0)
        (void) fail(r, ERR_RANGE, at, "分值不得为 0", "a rule gives points or takes some");
    key(r, STR("times"));
    rule->times = (uint32_t) number(r, 1, rule->op == RISK_EACH ? RISK_TIMES_MAX : 1);
    key(r, STR("weight"));
    rule->weight_pct = (uint32_t) number(r, 1, RISK_WEIGHT_MAX);
    rule->name = name(r);
}

static void
read_rules(struct reader *r, struct risk_scheme *s)
{
    while (comes(r, STR("rule")) && next_line(r) == OK) {
        const char *at = r->line.p;

        if (s->rule_count == RISK_RULES_MAX) {
            (void) fail(r, ERR_TOO_LARGE, at, "指标不超过 64 条", "there are at most 64 rules");
            return;
        }
        read_rule(r, &s->rules[s->rule_count]);
        for (size_t i = 0; r->err == OK && i < s->rule_count; i++)
            if (str_eq(s->rules[i].code, s->rules[s->rule_count].code))
                (void) fail(r, ERR_DUPLICATE, at, "指标代码重复", "a code of a rule stands twice");
        s->rule_count++;
    }
    if (r->err == OK && s->rule_count == 0)
        (void) fail(r, ERR_SYNTAX, r->text.p + r->line_start, "至少一条指标", "there is at least one rule");
}

/* A code of GB/T 4754: a letter and up to four digits. */
static bool
industry_ok(struct str s)
{
    if (s.n < 1 || s.n > 5 || s.p[0] < 'A' || s.p[0] > 'T')
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

static void
read_observe(struct reader *r, struct risk_observe *o)
{
    struct str kind, what;

    key(r, STR("observe"));
    o->code = code(r);
    o->months = (uint32_t) number(r, 1, RISK_MONTHS_MAX);
    kind = word(r);
    what = word(r);
    if (r->err != OK)
        return;
    if (str_eq(kind, STR("industry")) && industry_ok(what))
        o->industry = what;
    else if (str_eq(kind, STR("tag")) && what.n <= RISK_TAG_MAX)
        o->tag = what;
    else
        (void) fail(r, ERR_SYNTAX, kind.p, "应为 industry 行业代码 或 tag 标签",
                    "industry and its code, or tag and its word, is required");
    o->name = name(r);
}

static void
read_all_observe(struct reader *r, struct risk_scheme *s)
{
    while (comes(r, STR("observe")) && next_line(r) == OK) {
        const char *at = r->line.p;

        if (s->observe_count == RISK_OBSERVE_MAX) {
            (void) fail(r, ERR_TOO_LARGE, at, "观察期规则不超过 16 条", "there are at most 16 observation rules");
            return;
        }
        read_observe(r, &s->observe[s->observe_count]);
        for (size_t i = 0; r->err == OK && i < s->observe_count; i++)
            if (str_eq(s->observe[i].code, s->observe[s->observe_count].code))
                (void) fail(r, ERR_DUPLICATE, at, "观察期规则代码重复", "a code of an observation rule stands twice");
        s->observe_count++;
    }
}

enum err
risk_parse(struct str text, struct risk_scheme *out, struct risk_fault *f)
{
    struct reader r = {.text = text, .f = f};

    *out = (struct risk_scheme){0};
    *f = (struct risk_fault){.zh = "", .en = ""};
    if (text.n == 0 || text.n > RISK_TEXT_MAX) {
        *f = (struct risk_fault){text.n == 0 ? ERR_SYNTAX : ERR_TOO_LARGE, 0, 0, "方案为空或过长", "the scheme is empty or too long"};
        return f->err;
    }
    if (next_line(&r) == OK && !str_eq(r.line, STR("mingqian-risk/v1")))
        (void) fail(&r, ERR_SYNTAX, r.line.p, "首行应为 mingqian-risk/v1", "the first line is mingqian-risk/v1");
    if (next_line(&r) == OK)
        key(&r, STR("name"));
    out->name = name(&r);
    if (next_line(&r) == OK)
        key(&r, STR("window"));
    out->window_days = (uint32_t) number(&r, 1, RISK_WINDOW_MAX);
    if (r.err == OK && r.line.n > 0)
        (void) fail(&r, ERR_SYNTAX, r.line.p, "字段多余", "more fields than the format has");
    read_classes(&r, out);
    read_rules(&r, out);
    read_all_observe(&r, out);
    if (r.err == OK && r.next < text.n && next_line(&r) == OK)
        (void) fail(&r, ERR_SYNTAX, r.line.p, "此处不应有这种行（次序：class、rule、observe）",
                    "no such line here (the order is class, rule, observe)");
    return r.err;
}

/* --- writing ---------------------------------------------------------------------------------------------------------- */

static void
put_rule(const struct risk_rule *r, struct buf *out)
{
    buf_z(out, "rule ");
    buf_str(out, r->code);
    buf_z(out, " ");
    buf_z(out, risk_fact_name(r->fact));
    buf_str(out, r->external);
    buf_z(out, " ");
    buf_z(out, OPS[r->op]);
    buf_z(out, " ");
    buf_i64(out, r->n);
    buf_z(out, " points ");
    buf_i64(out, r->points);
    buf_z(out, " times ");
    buf_u64(out, r->times);
    buf_z(out, " weight ");
    buf_u64(out, r->weight_pct);
    buf_z(out, " ");
    buf_str(out, r->name);
    buf_z(out, "\n");
}

static void
put_observe(const struct risk_observe *o, struct buf *out)
{
    buf_z(out, "observe ");
    buf_str(out, o->code);
    buf_z(out, " ");
    buf_u64(out, o->months);
    buf_z(out, o->tag.n > 0 ? " tag " : " industry ");
    buf_str(out, o->tag.n > 0 ? o->tag : o->industry);
    buf_z(out, " ");
    buf_str(out, o->name);
    buf_z(out, "\n");
}

void
risk_write(const struct risk_scheme *s, struct buf *out)
{
    buf_z(out, "mingqian-risk/v1\nname ");
    buf_str(out, s->name);
    buf_z(out, "\nwindow ");
    buf_u64(out, s->window_days);
    buf_z(out, "\n");
    for (size_t i = 0; i < s->class_count; i++) {
        buf_z(out, "class ");
        buf_add(out, &s->classes[i].label, 1);
        buf_z(out, " ");
        buf_u64(out, s->classes[i].least);
        buf_z(out, "\n");
    }
    for (size_t i = 0; i < s->rule_count; i++)
        put_rule(&s->rules[i], out);
    for (size_t i = 0; i < s->observe_count; i++)
        put_observe(&s->observe[i], out);
}

/* --- applying --------------------------------------------------------------------------------------------------------- */

void
risk_know(struct risk_facts *f, enum risk_fact fact, int64_t value)
{
    f->v[fact] = value;
    f->known |= UINT32_C(1) << fact;
}

static bool
known(const struct risk_facts *f, const struct risk_rule *r, size_t rule, int64_t *value)
{
    bool external = r->fact == RISK_EXTERNAL;

    *value = external ? f->external[rule] : f->v[r->fact];
    return external ? (f->external_known >> rule & 1) != 0 : (f->known >> r->fact & 1) != 0;
}

/* How often a rule counts. */
static uint32_t
times(const struct risk_rule *r, int64_t value)
{
    int64_t n;

    if (r->op != RISK_EACH)
        return (r->op == RISK_AT_LEAST ? value >= r->n : value <= r->n) ? 1 : 0;
    n = value <= 0 ? 0 : value / r->n;
    return n > (int64_t) r->times ? r->times : (uint32_t) n;
}

void
risk_apply(const struct risk_scheme *s, const struct risk_facts *f, struct risk_verdict *out)
{
    out->score_c = 0;
    out->count = 0;
    for (size_t i = 0; i < s->rule_count; i++) {
        const struct risk_rule *r = &s->rules[i];
        struct risk_counted c = {.rule = i};

        if (!known(f, r, i, &c.value) || (c.times = times(r, c.value)) == 0)
            continue;
        c.points_c = (int64_t) r->points * c.times * r->weight_pct;
        out->score_c += c.points_c;
        out->counted[out->count++] = c;
    }
    if (out->score_c < 0)
        out->score_c = 0;
    out->label = s->classes[0].label;
    for (size_t i = 1; i < s->class_count; i++)
        if (out->score_c >= (int64_t) s->classes[i].least * 100)
            out->label = s->classes[i].label;
}

/* --- observation ------------------------------------------------------------------------------------------------------ */

int64_t
risk_month_on(int64_t day, uint32_t months)
{
    struct civil at = civil_from_day(day);
    int64_t later = day;
    int month = at.month - 1 + (int) months;

    at.year += month / 12;
    at.month = month % 12 + 1;
    while (day_from_civil(at.year, at.month, at.day, &later) != OK && at.day > 28)
        at.day--;
    return later;
}

int64_t
risk_months(int64_t from_day, int64_t to_day)
{
    struct civil from, to;
    int64_t months;

    if (to_day <= from_day)
        return 0;
    from = civil_from_day(from_day);
    to = civil_from_day(to_day);
    months = (int64_t) (to.year - from.year) * 12 + (to.month - from.month);
    return to.day < from.day && risk_month_on(from_day, (uint32_t) months) > to_day ? months - 1 : months;
}

static bool
has_line(struct str lines, struct str entry)
{
    struct str head, rest = lines;

    for (bool more = lines.n > 0; more;) {
        more = str_split(rest, '\n', &head, &rest);
        if (str_eq(head, entry))
            return true;
    }
    return false;
}

bool
risk_observed(const struct risk_scheme *s, const struct risk_newcomer *t, size_t *rule, int64_t *until_day)
{
    bool found = false;

    for (size_t i = 0; t->established && i < s->observe_count; i++) {
        const struct risk_observe *o = &s->observe[i];
        bool takes = o->tag.n > 0 ? has_line(t->tags, o->tag) : str_starts(t->industry, o->industry);
        int64_t until = takes ? risk_month_on(t->established_day, o->months) : 0;

        if (takes && (!found || until > *until_day)) {
            *rule = i;
            *until_day = until;
            found = true;
        }
    }
    return found;
}
