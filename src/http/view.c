/* http/view.c - see view.h */
#include "view.h"

#include <jansson.h>
#include <string.h>

#include "core/calendar.h"
#include "data/data.h"
#include "mod/report/report.h"
#include "qr.h"

void
page_search_form(struct page *p, struct str value, bool large)
{
    html_put(&p->h,
             "<form class=\"search{}\" role=\"search\" method=\"get\" action=\"{}\">\n<label "
             "for=\"q\">{}</label>\n"
             "<div class=\"field\"><input id=\"q\" name=\"q\" type=\"search\" maxlength=\"100\" "
             "autocomplete=\"off\" "
             "spellcheck=\"false\" value=\"{}\"><button type=\"submit\">{}</button></div>\n<p "
             "class=\"hint\">{}</p>"
             "</form>\n",
             H_Z(large ? " large" : ""), H_PAGE(STR("/search/")), H_T(search_label), H_STR(value),
             H_T(search_button), H_T(search_hint));
}

enum err
view_departments(struct page *p, struct departments *out)
{
    struct report_departments_row *rows;
    size_t count;
    enum err e = report_departments(p->ctx->db, p->ctx->arena, &rows, &count);

    out->count = 0;
    if (e != OK)
        return e;
    for (size_t i = 0; i < count && i < VIEW_DEPARTMENTS_MAX; i++) {
        out->v[i].code = rows[i].code;
        out->v[i].name = rows[i].name;
        out->v[i].bit = rows[i].bit;
        out->count++;
    }
    return OK;
}

struct str
view_department(const struct departments *d, struct str code)
{
    for (size_t i = 0; i < d->count; i++)
        if (str_eq(d->v[i].code, code))
            return d->v[i].name;
    return code;
}

struct str
view_party(const struct page *p, const struct departments *d, struct str name)
{
    if (str_eq(name, STR("observer")))
        return html_text(&p->h, TEXT_party_observer);
    if (str_eq(name, STR("notary")))
        return html_text(&p->h, TEXT_party_notary);
    return view_department(d, name);
}

void
view_mask(struct page *p, const struct departments *d, int64_t mask)
{
    bool first = true;

    for (size_t i = 0; i < d->count; i++) {
        if (((uint64_t) mask >> d->v[i].bit & 1) == 0)
            continue;
        html_put(&p->h, "{}{}", H_Z(first ? "" : p->h.english ? ", " : "、"), H_STR(d->v[i].name));
        first = false;
    }
}

static struct str
text_of_json(struct arena *a, const json_t *v)
{
    if (json_is_string(v))
        return str_copy(a, (struct str){json_string_value(v), json_string_length(v)});
    if (json_is_integer(v)) {
        char digits[24];
        struct buf b = buf_over(digits, sizeof digits);

        buf_i64(&b, json_integer_value(v));
        return str_copy(a, buf_view(&b));
    }
    return (struct str){NULL, 0};
}

size_t
view_list(struct arena *a, struct str json, struct str out[VIEW_LIST_MAX])
{
    json_t *list = json.p == NULL ? NULL : json_loadb(json.p, json.n, 0, NULL);
    size_t count = 0;

    for (size_t i = 0; list != NULL && i < json_array_size(list) && count < VIEW_LIST_MAX; i++)
        if ((out[count] = text_of_json(a, json_array_get(list, i))).p != NULL)
            count++;
    json_decref(list);
    return count;
}

size_t
view_objects(struct arena *a, struct str json, const char *const *fields, size_t field_count,
             struct str (*out)[8])
{
    json_t *list = json.p == NULL ? NULL : json_loadb(json.p, json.n, 0, NULL);
    size_t count = 0;

    for (size_t i = 0; list != NULL && i < json_array_size(list) && count < VIEW_LIST_MAX; i++, count++)
        for (size_t f = 0; f < field_count; f++)
            out[count][f] = text_of_json(a, json_object_get(json_array_get(list, i), fields[f]));
    json_decref(list);
    return count;
}

bool
view_object(struct arena *a, struct str json, const char *const *fields, size_t field_count, struct str *out)
{
    json_t *o = json.p == NULL ? NULL : json_loadb(json.p, json.n, 0, NULL);

    for (size_t f = 0; f < field_count; f++)
        out[f] = text_of_json(a, json_object_get(o, fields[f]));
    json_decref(o);
    return o != NULL;
}

bool
view_is_masked(struct str entity_type)
{
    return report_is_personal(entity_type);
}

struct str
view_target_name(struct page *p, struct str name, struct str entity_type, struct str region_name,
                 struct str code)
{
    return report_name(p->ctx->arena, name, entity_type, region_name, code, p->site->names_whole, p->h.english);
}

struct html_arg
view_target_link(struct page *p, struct str code)
{
    return H_PAGE(page_join(p, STR("/targets/"), code, STR("/")));
}

struct html_arg
view_task_link(struct page *p, struct str code)
{
    return H_PAGE(page_join(p, STR("/tasks/"), code, STR("/")));
}

/* A correction says so; what is no longer public gives its reason in the place of its results. */
void
view_publication(struct page *p, const struct report_publication_shown *r)
{
    if (r->gone.p == NULL) {
        view_result_codes(p, r->codes);
        return;
    }
    html_put(&p->h, "<span class=\"tag plain\">{}</span> <span class=\"quiet\">{}",
             H_T2(str_eq(r->gone, STR("taken")), gone_taken, gone_withdrawn), H_DAY(day_of_us(r->gone_us.v)));
    if (r->gone_reason.p != NULL)
        html_put(&p->h, " · {}", H_STR(r->gone_reason));
    if (r->gone_basis.p != NULL)
        html_put(&p->h, " · {}", H_STR(r->gone_basis));
    html_put(&p->h, "</span>");
}

void
view_correction(struct page *p, int64_t correction)
{
    if (correction > 0)
        html_put(&p->h, " <span class=\"tag mark\">{} {}</span>", H_T(corrected), H_I64(correction));
}

/* How far a task has come: words, and a bar that repeats them. */
void
view_progress(struct page *p, const struct report_task_shown *k)
{
    int64_t whole = k->drawn > 0 ? k->drawn : 1;
    int64_t visited = k->visited < whole ? k->visited : whole, published = k->published < whole ? k->published : whole;

    html_put(&p->h,
             "<span class=\"progress-words\">{} <b>{}</b> · {} <b>{}</b> · {} <b>{}</b></span>"
             "<svg class=\"steps-bar\" viewBox=\"0 0 1000 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">"
             "<rect class=\"whole\" width=\"1000\" height=\"12\"/><rect class=\"half\" width=\"{}\" height=\"12\"/>"
             "<rect class=\"part\" width=\"{}\" height=\"12\"/></svg>",
             H_T(task_drawn), H_COUNT(k->drawn), H_T(task_visited), H_COUNT(k->visited), H_T(task_published),
             H_COUNT(k->published), H_I64(k->drawn == 0 ? 0 : visited * 1000 / whole),
             H_I64(k->drawn == 0 ? 0 : published * 1000 / whole));
}

struct str
view_result_name(struct page *p, struct str code)
{
    struct str rest = data_find(STR("results.csv")), line, fields[3];

    while (data_line(&rest, &line))
        if (data_fields(line, fields, 3) == 3 && str_eq(fields[0], code))
            return fields[p->h.english ? 2 : 1];
    return code;
}

void
view_result_codes(struct page *p, struct str json)
{
    struct str codes[VIEW_LIST_MAX];
    size_t count = view_list(p->ctx->arena, json, codes);

    for (size_t i = 0; i < count; i++) {
        bool good = str_eq(codes[i], STR("no_problem")) || str_eq(codes[i], STR("qualified"));

        html_put(&p->h, "<span class=\"result {}\">{}</span>", H_Z(good ? "good" : "mark"),
                 H_STR(view_result_name(p, codes[i])));
    }
}

struct str
view_draw_path(struct page *p, struct str draw, int64_t attempt)
{
    char *s = arena_alloc(p->ctx->arena, draw.n + 40);
    struct buf b = buf_over(s, s == NULL ? 0 : draw.n + 40);

    buf_z(&b, "/draws/");
    for (size_t i = 0; i < draw.n; i++)
        buf_add(&b, draw.p[i] == '/' ? "-" : &draw.p[i], 1);
    buf_z(&b, "/");
    if (attempt > 0) {
        buf_i64(&b, attempt);
        buf_z(&b, "/");
    }
    return b.overflow ? STR("/") : buf_view(&b);
}

enum err
view_draw_code(struct page *p, struct str draw, int64_t attempt, bool rerun)
{
    struct str path = view_draw_path(p, draw, attempt), svg, where;
    const char *text;
    enum err e;

    if (p->base.n == 0)
        return OK;
    where = rerun ? page_join(p, STR("/verify/?draw="), (struct str){path.p + 7, path.n - 8}, STR(""))
                  : view_draw_path(p, draw, 0);
    text = str_z(p->ctx->arena, page_join(p, p->base, where, STR("")));
    if (text == NULL)
        return ERR_MEMORY;
    if ((e = qr_svg(p->ctx->arena, text, &svg)) != OK)
        return e;
    html_put(&p->h, "<span class=\"qr\" role=\"img\" aria-label=\"{}\">", H_Z(text));
    buf_str(&p->h.out, svg); /* digits and letters of our own: nothing to escape */
    html_put(&p->h, "</span>");
    return OK;
}

struct str
view_draw_number(struct page *p, struct str dashed)
{
    char *s = arena_alloc(p->ctx->arena, dashed.n + 1);

    for (size_t i = 0; s != NULL && i < dashed.n; i++)
        s[i] = dashed.p[i] == '-' ? '/' : dashed.p[i];
    return (struct str){s, s == NULL ? 0 : dashed.n};
}

void
view_draw_state(struct page *p, struct str state)
{
    static const struct {
        const char *state, *style;
        enum text text;
    } STATES[] = {
        {"sealed", "plain", TEXT_state_sealed}, {"locked", "plain", TEXT_state_locked},
        {"beacon", "plain", TEXT_state_beacon}, {"drawn", "good", TEXT_state_drawn},
        {"void", "mark", TEXT_state_void},
    };

    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++)
        if (str_eq(state, str_of(STATES[i].state)))
            html_put(&p->h, "<span class=\"tag {}\">{}</span>", H_Z(STATES[i].style), H_TEXT(STATES[i].text));
}

void
view_digest(struct page *p, struct str hex)
{
    if (hex.p == NULL) {
        html_put(&p->h, "<span class=\"quiet\">{}</span>", H_T(not_yet));
        return;
    }
    html_put(&p->h, "<code class=\"digest\">{}</code>", H_STR(hex));
}

struct str
view_ground_name(struct page *p, struct str word)
{
    static const struct {
        const char *word;
        enum text text;
    } WORDS[] = {{"relative", TEXT_ground_relative},   {"interest", TEXT_ground_interest},
                 {"declared", TEXT_ground_declared},   {"requested", TEXT_ground_requested},
                 {"leave", TEXT_ground_leave},         {"suspended", TEXT_ground_suspended},
                 {"left", TEXT_ground_left},           {"no_certificate", TEXT_ground_no_certificate},
                 {"expired", TEXT_ground_expired},     {"recusal", TEXT_ground_recusal}};

    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (str_eq(word, str_of(WORDS[i].word)))
            return html_text(&p->h, WORDS[i].text);
    return html_text(&p->h, TEXT_ground_other);
}

void
view_passed(struct page *p, struct str passed)
{
    json_t *list = passed.n == 0 ? NULL : json_loadb(passed.p, passed.n, 0, NULL);
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        html_put(&p->h, "<br><span class=\"quiet\">{} <code>{}</code> ({})</span>", H_T(replaced_passed),
                 H_Z(json_string_value(json_object_get(one, "inspector"))),
                 H_STR(view_ground_name(p, str_of(json_string_value(json_object_get(one, "why"))))));
    json_decref(list);
}
