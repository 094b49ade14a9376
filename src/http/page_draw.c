/* http/page_draw.c - draws 抽取: the list, one draw with every attempt, one attempt with all that proves it
 * (regulation 二(五); docs/spec/draw-1.md) */
#include "draw_public.h"
#include "mod/report/report.h"
#include "view.h"

enum { DRAWN_ROWS_MAX = 200, BAR_WIDTH = 200 };

typedef struct report_attempts_row attempt_row;

enum err
page_draws(struct page *p)
{
    struct report_draws_row *rows;
    size_t count;
    enum err e = report_draws(p->ctx->db, p->ctx->arena, &(struct report_draws_in){500}, &rows, &count);

    if (e != OK)
        return e;
    page_heading(p, NAV_DRAWS, TEXT_draws_title, TEXT_draws_lead);
    html_put(&p->h,
             "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr><th "
             "scope=\"col\">{}</th><th scope=\"col\">{}</th>"
             "<th scope=\"col\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" "
             "class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th>"
             "</tr></thead><tbody>\n",
             H_T(draws_title), H_T(col_task), H_T(col_draw), H_T(col_state), H_T(col_population),
             H_T(col_sample), H_T(col_sealed));
    for (size_t i = 0; i < count; i++) {
        html_put(&p->h,
                 "<tr><th scope=\"row\"><a href=\"{}\">{}</a></th><td><code>{}</code><br><span "
                 "class=\"quiet\">{} {} {}</span></td><td>",
                 H_PAGE(view_draw_path(p, rows[i].draw, rows[i].attempt)), H_STR(rows[i].task_name),
                 H_STR(rows[i].draw), H_T(attempt_before), H_I64(rows[i].attempt), H_T(attempt_after));
        view_draw_state(p, rows[i].state);
        html_put(&p->h, "</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
                 H_COUNT(rows[i].population_count.v), H_COUNT(rows[i].drawn_count),
                 H_TIME(rows[i].sealed_us));
    }
    if (count == 0)
        html_put(&p->h, "<tr><td colspan=\"6\">{}</td></tr>", H_T(nothing_yet));
    html_put(&p->h, "</tbody></table></div>\n");
    page_end(p);
    return OK;
}

/* --- the timeline: sealed, locked, beacon, drawn, published
 * --------------------------------------------------------- */

static void
put_step(struct page *p, bool done, enum text title, struct opt_i64 us, enum text words, struct str digest)
{
    html_put(&p->h, "<li class=\"{}\"><h3>{}</h3>", H_Z(done ? "done" : "open"), H_TEXT(title));
    if (us.set)
        html_put(&p->h, "<p class=\"quiet\">{}</p>", H_TIME(us.v));
    html_put(&p->h, "<p>{}</p>", H_TEXT(words));
    if (digest.p != NULL)
        html_put(&p->h, "<p><code class=\"digest\">{}</code></p>", H_STR(digest));
    html_put(&p->h, "</li>\n");
}

static void
put_timeline(struct page *p, const attempt_row *a)
{
    bool locked = a->lock_digest.p != NULL, drawn = draw_is_public(a, page_today(p));
    struct opt_i64 none = {0};

    html_put(&p->h, "<h2>{}</h2><ol class=\"timeline\">\n", H_T(draw_timeline));
    put_step(p, true, TEXT_step_sealed, (struct opt_i64){true, a->sealed_us}, TEXT_step_sealed_words,
             a->draw_digest);
    if (a->voided_us.set) {
        html_put(&p->h, "<li class=\"void\"><h3>{}</h3><p class=\"quiet\">{}</p><p>{} {}</p></li>\n",
                 H_T(step_void), H_TIME(a->voided_us.v), H_T(void_reason), H_STR(a->void_reason));
    } else {
        put_step(p, locked, TEXT_step_locked, a->locked_us, TEXT_step_locked_words, a->lock_digest);
        put_step(p, drawn, TEXT_step_beacon, none, TEXT_step_beacon_words,
                 drawn ? a->seed : (struct str){NULL, 0});
        put_step(p, drawn, TEXT_step_drawn, a->drawn_us, TEXT_step_drawn_words,
                 drawn ? a->result_digest : (struct str){NULL, 0});
        put_step(p, drawn, TEXT_step_published, none,
                 drawn ? TEXT_step_published_words : TEXT_step_hidden_words, (struct str){NULL, 0});
    }
    html_put(&p->h, "</ol>\n");
}

/* --- frame, quotas, parties
 * ------------------------------------------------------------------------------------------ */

static void
put_bar(struct page *p, int64_t population, int64_t sample, int64_t largest)
{
    int64_t width = largest == 0 ? 0 : population * BAR_WIDTH / largest;
    int64_t part = population == 0 ? 0 : sample * width / population;

    html_put(&p->h,
             "<svg class=\"bar\" width=\"{}\" height=\"14\" viewBox=\"0 0 {} 14\" aria-hidden=\"true\" "
             "focusable=\"false\">"
             "<rect class=\"whole\" width=\"{}\" height=\"14\" rx=\"2\"/><rect class=\"part\" width=\"{}\" "
             "height=\"14\" rx=\"2\"/></svg>",
             H_I64(BAR_WIDTH), H_I64(BAR_WIDTH), H_I64(width < 2 ? 2 : width),
             H_I64(part < 2 && sample > 0 ? 2 : part));
}

static enum err
put_quotas(struct page *p, const struct departments *d, const attempt_row *a)
{
    struct report_quotas_row *q;
    size_t count;
    int64_t largest = 0;
    enum err e =
        report_quotas(p->ctx->db, p->ctx->arena, &(struct report_quotas_in){a->draw, a->attempt}, &q, &count);

    if (e != OK)
        return e;
    for (size_t i = 0; i < count; i++)
        largest = q[i].population_count > largest ? q[i].population_count : largest;
    html_put(&p->h,
             "<h2>{}</h2><p>{}</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
             "aria-label=\"{}\"><table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>"
             "<th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" "
             "class=\"n\">{}</th><td></td></tr></thead><tbody>\n",
             H_T(draw_quotas), H_T(draw_quotas_words), H_T(draw_quotas), H_T(col_department),
             H_T(col_stratum), H_T(col_population), H_T(col_sample), H_T(col_share));
    for (size_t i = 0; i < count; i++) {
        html_put(&p->h, "<tr><td>");
        view_mask(p, d, (int64_t) ((uint64_t) 1 << q[i].grp));
        html_put(&p->h,
                 "</td><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
                 "class=\"n\">{}</td><td>",
                 H_STR(q[i].stratum), H_COUNT(q[i].population_count), H_COUNT(q[i].sample_count),
                 H_SHARE(q[i].population_count == 0 ? 0 : q[i].sample_count * 10000 / q[i].population_count));
        put_bar(p, q[i].population_count, q[i].sample_count, largest);
        html_put(&p->h, "</td></tr>\n");
    }
    html_put(&p->h, "</tbody></table></div>\n");
    return OK;
}

static enum err
put_exclusions(struct page *p, const attempt_row *a)
{
    struct report_exclusions_row *x;
    size_t count;
    enum err e = report_exclusions(p->ctx->db, p->ctx->arena,
                                   &(struct report_exclusions_in){a->draw, a->attempt}, &x, &count);

    if (e != OK || count == 0)
        return e;
    html_put(&p->h, "<p>{} ", H_T(draw_excluded));
    for (size_t i = 0; i < count; i++)
        html_put(&p->h, "{}<code>{}</code> {}", H_Z(i == 0 ? "" : " · "), H_STR(x[i].reason),
                 H_COUNT(x[i].excluded_count));
    html_put(&p->h, "</p>\n");
    return OK;
}

static enum err
put_parties(struct page *p, const struct departments *d, const attempt_row *a)
{
    struct report_parties_row *q;
    size_t count;
    bool disclosed = draw_is_public(a, page_today(p));
    enum err e = report_parties(p->ctx->db, p->ctx->arena,
                                &(struct report_parties_in){a->draw, a->attempt, page_today(p)}, &q, &count);

    if (e != OK)
        return e;
    html_put(&p->h, "<h2>{}</h2><p>{}</p><dl class=\"facts wide\">\n", H_T(draw_parties),
             H_T(draw_parties_words));
    for (size_t i = 0; i < count; i++) {
        html_put(&p->h, "<div><dt>{} {}</dt><dd><span class=\"quiet\">{}</span> ",
                 H_STR(view_party(p, d, q[i].name)), H_T2(!q[i].present.set, party_waiting, empty),
                 H_T(commitment));
        if (q[i].present.set && q[i].present.v == 0)
            html_put(&p->h, "<span class=\"tag mark\">{}</span> ", H_T(party_absent));
        view_digest(p, q[i].commitment);
        if (q[i].secret.p != NULL) {
            html_put(&p->h, "<br><span class=\"quiet\">{}</span> ", H_T(secret));
            view_digest(p, q[i].secret);
        } else if (disclosed && q[i].present.set && q[i].present.v == 1) {
            html_put(&p->h, "<br><span class=\"tag mark\">{}</span> {}", H_T(secret_overdue), H_T(secret_overdue_words));
        }
        html_put(&p->h, "</dd></div>\n");
    }
    html_put(&p->h, "</dl>\n");
    return OK;
}

static enum err
put_beacons(struct page *p, const attempt_row *a)
{
    struct report_beacons_row *b;
    size_t count;
    bool shown = draw_is_public(a, page_today(p));
    enum err e = report_beacons(p->ctx->db, p->ctx->arena, &(struct report_beacons_in){a->draw, a->attempt},
                                &b, &count);

    if (e != OK)
        return e;
    html_put(&p->h, "<h2>{}</h2><p>{}</p>\n", H_T(draw_beacons),
             H_T2(count > 0, draw_beacons_words, draw_no_beacon));
    if (count == 0)
        return OK;
    html_put(&p->h, "<dl class=\"facts wide\">");
    for (size_t i = 0; i < count; i++) {
        html_put(&p->h, "<div><dt>{}</dt><dd>{}<br><span class=\"quiet\">{}</span> ", H_STR(b[i].name),
                 H_STR(b[i].event), H_T(beacon_value));
        view_digest(p, shown ? b[i].value : (struct str){NULL, 0});
        html_put(&p->h, "</dd></div>\n");
    }
    html_put(&p->h, "</dl>\n");
    return OK;
}

/* --- the result
 * ---------------------------------------------------------------------------------------------------------
 */

static enum err
put_team(struct page *p, const attempt_row *a, struct str target)
{
    struct report_team_row *t;
    size_t count;
    enum err e = report_team(p->ctx->db, p->ctx->arena, &(struct report_team_in){target, a->draw, a->attempt},
                             &t, &count);

    for (size_t i = 0; e == OK && i < count; i++)
        html_put(&p->h, "{}<code>{}</code>", H_Z(i == 0 ? "" : " "), H_STR(t[i].inspector));
    return e;
}

static enum err
put_drawn_rows(struct page *p, const struct departments *d, const attempt_row *a,
               const struct report_drawn_row *n, size_t count)
{
    enum err e = OK;

    for (size_t i = 0; i < count && e == OK; i++) {
        html_put(&p->h,
                 "<tr><td class=\"n\">{}</td><th scope=\"row\"><a "
                 "href=\"{}\">{}</a><br><code>{}</code></th><td>{}</td><td>",
                 H_COUNT(n[i].position), H_PAGE(page_join(p, STR("/targets/"), n[i].target, STR("/"))),
                 H_STR(view_target_name(p, n[i].name, n[i].entity_type, n[i].region_name, n[i].target)),
                 H_STR(n[i].target), H_STR(n[i].region_name));
        view_mask(p, d, n[i].mask);
        html_put(&p->h, "</td><td class=\"n\">{}</td><td>", H_COUNT(n[i].batch));
        e = put_team(p, a, n[i].target);
        html_put(&p->h, "</td></tr>\n");
    }
    return e;
}

static enum err
put_drawn(struct page *p, const struct departments *d, const attempt_row *a)
{
    struct report_drawn_in in = {a->draw, a->attempt, 0, DRAWN_ROWS_MAX};
    struct report_drawn_count_row total;
    struct report_drawn_row *n;
    size_t count;
    enum err e = report_drawn(p->ctx->db, p->ctx->arena, &in, &n, &count);

    if (e == OK)
        e = report_drawn_count(p->ctx->db, p->ctx->arena,
                               &(struct report_drawn_count_in){a->draw, a->attempt}, &total);
    if (e != OK)
        return e;
    html_put(&p->h,
             "<h2>{}</h2><p>{} <b>{}</b>{}</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
             "aria-label=\"{}\"><table><thead><tr>"
             "<th scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
             "scope=\"col\">{}</th>"
             "<th scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>\n",
             H_T(draw_result), H_T(draw_result_words), H_COUNT(total.drawn), H_T(full_stop), H_T(draw_result),
             H_T(col_order), H_T(col_target), H_T(col_region), H_T(col_department), H_T(col_batch),
             H_T(col_team));
    e = put_drawn_rows(p, d, a, n, count);
    html_put(&p->h, "</tbody></table></div>\n");
    if (total.drawn > DRAWN_ROWS_MAX)
        html_put(&p->h, "<p class=\"quiet\">{}</p>\n", H_T(drawn_rest));
    return e;
}

static enum err
put_substitutions(struct page *p, const attempt_row *a)
{
    struct report_substitutions_row *s;
    size_t count;
    enum err e = report_substitutions(p->ctx->db, p->ctx->arena,
                                      &(struct report_substitutions_in){a->draw, a->attempt}, &s, &count);

    if (e != OK || count == 0)
        return e;
    html_put(&p->h, "<h2>{}</h2><ul>", H_T(draw_substitutions));
    for (size_t i = 0; i < count; i++)
        html_put(&p->h, "<li><code>{}</code> → <code>{}</code> ({} {}) · {} · {}</li>\n", H_STR(s[i].target),
                 H_STR(s[i].substitute), H_T(reserve), H_I64(s[i].rank), H_STR(s[i].reason),
                 H_TIME(s[i].substituted_us));
    html_put(&p->h, "</ul>\n");
    return OK;
}

/* --- inspectors who stepped back
 * ------------------------------------------------------------------------------------------------ */

static enum err
put_replacements(struct page *p, const struct departments *d, const attempt_row *a)
{
    struct report_replacements_row *r;
    size_t count;
    enum err e = report_replacements(p->ctx->db, p->ctx->arena, &(struct report_replacements_in){a->draw, a->attempt, DRAWN_ROWS_MAX}, &r,
                                     &count);

    if (e != OK || count == 0)
        return e;
    html_put(&p->h,
             "<h2>{}</h2><p>{}</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr>"
             "<th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>"
             "<th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>\n",
             H_T(draw_replacements), H_T(draw_replacements_words), H_T(draw_replacements), H_T(col_target), H_T(col_department),
             H_T(replaced_out), H_T(replaced_in), H_T(replaced_why), H_T(replaced_when));
    for (size_t i = 0; i < count; i++) {
        html_put(&p->h,
                 "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td><code>{}</code></td><td><code>{}</code> "
                 "<span class=\"quiet\">({} {})</span>",
                 H_STR(r[i].target), H_STR(view_department(d, r[i].department)), H_STR(r[i].inspector), H_STR(r[i].substitute),
                 H_T(reserve), H_I64(r[i].rank));
        view_passed(p, r[i].passed);
        html_put(&p->h, "</td><td>{}</td><td>{}</td></tr>\n", H_STR(view_ground_name(p, r[i].reason)), H_TIME(r[i].replaced_us));
    }
    html_put(&p->h, "</tbody></table></div>\n");
    return OK;
}

/* --- files and how to check
 * ------------------------------------------------------------------------------------------------ */

static void
put_files(struct page *p, const attempt_row *a)
{
    struct draw_public_file files[DRAW_PUBLIC_FILES_MAX];
    size_t count = draw_public_files(p->ctx, a, page_today(p), files);

    html_put(&p->h, "<h2>{}</h2>\n<ul class=\"files\">", H_T(draw_files));
    for (size_t i = 0; i < count; i++)
        html_put(&p->h, "<li><a href=\"{}\" download>{}</a> <span class=\"quiet\">{} {} · {}</span></li>\n",
                 H_FILE(page_join(p, view_draw_path(p, a->draw, a->attempt), str_of(files[i].name), STR(""))),
                 H_Z(files[i].name), H_COUNT(files[i].bytes), H_T(bytes), H_TEXT(files[i].words));
    html_put(&p->h, "</ul>\n");
    if (a->salted != 0)
        html_put(&p->h, "<p class=\"note\">{}</p>\n", H_T(draw_salted));
}

static void
put_rerun(struct page *p, const attempt_row *a)
{
    struct str path = view_draw_path(p, a->draw, a->attempt);
    struct str name = {path.p + 7, path.n - 8};

    html_put(&p->h, "<section class=\"panel\"><h2>{}</h2><p>{}</p>", H_T(rerun_title), H_T(rerun_words));
    if (draw_is_public(a, page_today(p)))
        html_put(&p->h, "<p><a class=\"button\" href=\"{}?draw={}\">{}</a></p>", H_PAGE(STR("/verify/")),
                 H_STR(name), H_T(rerun_button));
    html_put(&p->h,
             "<p>{}</p><pre tabindex=\"0\"><code>mingqian draw verify draws/{}</code></pre>"
             "<pre tabindex=\"0\"><code>python3 tools/verify/draw.py draws/{}</code></pre></section>\n",
             H_T(rerun_command), H_STR(name), H_STR(name));
}

static void
put_facts(struct page *p, const struct departments *d, const attempt_row *a)
{
    html_put(&p->h,
             "<dl "
             "class=\"facts\"><div><dt>{}</dt><dd><code>{}</code></dd></div><div><dt>{}</dt><dd>{}</dd></"
             "div><div><dt>{}</dt><dd>",
             H_T(col_draw), H_STR(a->draw), H_T(attempt), H_I64(a->attempt), H_T(col_state));
    view_draw_state(p, a->state);
    html_put(&p->h,
             "</dd></div><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>{} – {}</dd></div>"
             "<div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>{}</dd></div><div "
             "class=\"whole\"><dt>{}</dt><dd>",
             H_T(plan_lead), H_STR(view_department(d, a->lead)), H_T(col_window), H_DAY(a->from_day),
             H_DAY(a->to_day), H_T(col_population), H_COUNT(a->population_count.v), H_T(draw_rule),
             H_T2(str_eq(a->rule, STR("pareto")), rule_pareto, rule_uniform), H_T(frame_root));
    view_digest(p, a->roster_root);
    html_put(&p->h, "</dd></div></dl>\n");
}

static enum err
put_attempt(struct page *p, const attempt_row *a)
{
    struct departments d;
    bool shown = draw_is_public(a, page_today(p));
    enum err e = view_departments(p, &d);

    if (e != OK)
        return e;
    put_facts(p, &d, a);
    html_put(&p->h, "<p>");
    if (shown && !p->site->files)
        html_put(&p->h, "<a href=\"{}\">{}</a> · ",
                 H_PAGE(page_join(p, view_draw_path(p, a->draw, a->attempt), STR("certificate/"), STR(""))), H_T(certificate));
    if (!p->site->files)
        html_put(&p->h, "<a href=\"{}\">{}</a>",
                 H_PAGE(page_join(p, view_draw_path(p, a->draw, 0), STR("room/"), STR(""))), H_T(room));
    html_put(&p->h, "</p>\n");
    put_timeline(p, a);
    put_rerun(p, a);
    e = put_quotas(p, &d, a);
    if (e == OK)
        e = put_exclusions(p, a);
    if (e == OK)
        e = put_parties(p, &d, a);
    if (e == OK)
        e = put_beacons(p, a);
    if (e == OK && shown)
        e = put_drawn(p, &d, a);
    if (e == OK && shown)
        e = put_substitutions(p, a);
    if (e == OK && shown)
        e = put_replacements(p, &d, a);
    put_files(p, a);
    return e;
}

/* Every attempt is listed: a draw that was repeated cannot hide it. */
static void
put_attempts(struct page *p, const attempt_row *rows, size_t count, int64_t shown)
{
    html_put(&p->h, "<nav class=\"attempts\" aria-label=\"{}\"><ol>", H_T(all_attempts));
    for (size_t i = 0; i < count; i++) {
        html_put(&p->h, "<li><a href=\"{}\"{}>{} {} {}</a> ",
                 H_PAGE(view_draw_path(p, rows[i].draw, rows[i].attempt)),
                 H_Z(rows[i].attempt == shown ? " aria-current" : ""), H_T(attempt_before),
                 H_I64(rows[i].attempt), H_T(attempt_after));
        view_draw_state(p, rows[i].state);
        if (rows[i].void_reason.p != NULL)
            html_put(&p->h, " <span class=\"quiet\">{}</span>", H_STR(rows[i].void_reason));
        html_put(&p->h, "</li>");
    }
    html_put(&p->h, "</ol></nav>\n");
}

static enum err
draw_page(struct page *p, int64_t wanted)
{
    attempt_row *rows, *a = NULL;
    size_t count;
    enum err e =
        report_attempts(p->ctx->db, p->ctx->arena,
                        &(struct report_attempts_in){view_draw_number(p, p->params[0])}, &rows, &count);

    for (size_t i = 0; e == OK && i < count; i++)
        if (wanted == 0 || rows[i].attempt == wanted)
            a = &rows[i];
    if (e == OK && a == NULL)
        e = ERR_NOT_FOUND;
    if (e != OK)
        return e;
    page_begin(p, NAV_DRAWS, a->task_name);
    html_put(&p->h, "<p class=\"crumbs\"><a href=\"{}\">{}</a></p><h1>{}</h1>\n", H_PAGE(STR("/draws/")),
             H_T(draws_title), H_STR(a->task_name));
    if (count > 1)
        put_attempts(p, rows, count, a->attempt);
    e = put_attempt(p, a);
    page_end(p);
    return e;
}

enum err
page_draw(struct page *p)
{
    return draw_page(p, 0);
}

enum err
page_attempt(struct page *p)
{
    uint64_t attempt;

    if (str_u64(p->params[1], 9999, &attempt) != OK || attempt == 0)
        return ERR_NOT_FOUND;
    return draw_page(p, (int64_t) attempt);
}
