/* http/page_item_parts.c - fields of a version and what changed */
#include "page_item_parts.h"

#include "data/data.h"
#include "mod/json.h"

struct str
item_department_name(struct page *p, const void *departments, struct str code)
{
    (void) p;
    return view_department(departments, code);
}

struct str
item_level_name(struct page *p, const void *unused, struct str code)
{
    static const struct {
        struct str code;
        enum text name;
    } NAMES[] = {{{"province", 8}, TEXT_level_province},
                 {{"city", 4}, TEXT_level_city},
                 {{"county", 6}, TEXT_level_county},
                 {{"station", 7}, TEXT_level_station}};

    (void) unused;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (str_eq(NAMES[i].code, code))
            return html_text(&p->h, NAMES[i].name);
    return code;
}

struct str
item_method_name(struct page *p, const void *unused, struct str code)
{
    struct str rest = data_find(STR("methods.csv")), line, fields[3];

    (void) unused;
    while (data_line(&rest, &line))
        if (data_fields(line, fields, 3) == 3 && str_eq(fields[0], code))
            return fields[p->h.english ? 2 : 1];
    return code;
}

struct str
item_names(struct page *p, struct str list, struct str (*name_of)(struct page *p, const void *ctx, struct str code),
           const void *ctx)
{
    struct str codes[VIEW_LIST_MAX];
    size_t count = view_list(p->ctx->arena, list, codes);
    char *text = count == 0 ? NULL : arena_alloc(p->ctx->arena, ITEM_FIELD_BYTES);
    struct buf b = buf_over(text, text == NULL ? 0 : ITEM_FIELD_BYTES);

    for (size_t i = 0; i < count; i++) {
        buf_z(&b, i == 0 ? "" : p->h.english ? ", " : "、");
        buf_str(&b, name_of == NULL ? codes[i] : name_of(p, ctx, codes[i]));
    }
    return count == 0 ? (struct str){NULL, 0} : buf_view(&b);
}

void
item_put_facts(struct page *p, const struct item_field *f, size_t count)
{
    html_put(&p->h, "<dl class=\"facts item\">");
    for (size_t i = 0; i < count; i++)
        if (f[i].value.n > 0)
            html_put(&p->h, "<div{}><dt>{}</dt><dd class=\"lines\">{}</dd></div>",
                     H_Z(f[i].label == TEXT_item_points || f[i].label == TEXT_item_basis || f[i].value.n > 120 ? " class=whole" : ""), H_TEXT(f[i].label), H_STR(f[i].value));
    html_put(&p->h, "</dl>\n");
}

static bool
same(struct str a, struct str b)
{
    return (a.n == 0 && b.n == 0) || str_eq(a, b);
}

void
item_put_changes(struct page *p, const struct item_field *before, const struct item_field *after, size_t count)
{
    size_t changed = 0;

    for (size_t i = 0; i < count; i++)
        changed += !same(before[i].value, after[i].value);
    if (changed == 0) {
        html_put(&p->h, "<p class=\"quiet\">{}</p>\n", H_T(item_unchanged));
        return;
    }
    html_put(&p->h,
             "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table class=\"changes\"><thead><tr><th "
             "scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>\n",
             H_T(item_changed), H_T(item_field), H_T(item_before), H_T(item_after));
    for (size_t i = 0; i < count; i++)
        if (!same(before[i].value, after[i].value))
            html_put(&p->h,
                     "<tr><th scope=\"row\">{}</th><td class=\"lines\"><del>{}</del></td><td "
                     "class=\"lines\"><ins>{}</ins></td></tr>\n",
                     H_TEXT(after[i].label), H_STR(before[i].value), H_STR(after[i].value));
    html_put(&p->h, "</tbody></table></div>\n");
}

void
item_put_steps(struct page *p, const struct report_item_steps_row *steps, size_t count, int64_t version, bool replaced)
{
    for (size_t i = 0; i < count; i++)
        if (steps[i].version == version)
            html_put(&p->h, "<p>{} {}{}{}</p>\n", H_TIME(steps[i].moved_us),
                     H_TEXT(str_eq(steps[i].to_state, STR("suspended"))   ? TEXT_item_suspended
                            : str_eq(steps[i].to_state, STR("published")) ? TEXT_item_resumed
                                                                          : TEXT_item_ended),
                     H_Z(steps[i].opinion.n == 0 ? "" : p->h.english ? ": " : "："), H_STR(steps[i].opinion));
    if (replaced)
        html_put(&p->h, "<p class=\"quiet\">{}</p>\n", H_T(item_replaced));
}

void
item_put_state(struct page *p, struct str state)
{
    if (str_eq(state, STR("suspended")))
        html_put(&p->h, " <span class=\"tag mark\">{}</span>", H_T(item_suspended));
    else if (str_eq(state, STR("retired")))
        html_put(&p->h, " <span class=\"tag mark\">{}</span>", H_T(item_ended));
}
