/* http/page_certificate.c - the certificate of a draw 抽取证书: one page of A4 with all that is needed to check it, and a
 * code that opens the re-run (regulation 二(五); docs/spec/draw-1.md) */
#include "draw_public.h"
#include "mod/report/report.h"
#include "view.h"

typedef struct report_attempts_row attempt_row;

static void
put_fact(struct page *p, enum text name, struct str value)
{
    html_put(&p->h, "<div><dt>{}</dt><dd><code class=\"digest\">{}</code></dd></div>\n", H_TEXT(name), H_STR(value));
}

static enum err
put_parties(struct page *p, const struct departments *d, const attempt_row *a)
{
    struct report_parties_row *q;
    size_t count;
    enum err e =
        report_parties(p->ctx->db, p->ctx->arena, &(struct report_parties_in){a->draw, a->attempt, page_today(p)}, &q, &count);

    if (e != OK)
        return e;
    html_put(&p->h, "<h2>{}</h2><table><tbody>\n", H_T(draw_parties));
    for (size_t i = 0; i < count; i++)
        html_put(&p->h,
                 "<tr><th scope=\"row\">{}</th><td>{}</td><td><code class=\"digest\">{}</code></td></tr>\n",
                 H_STR(view_party(p, d, q[i].name)),
                 H_T2(q[i].present.set && q[i].present.v != 0, certificate_present, certificate_absent),
                 H_STR(q[i].commitment));
    html_put(&p->h, "</tbody></table>\n");
    return OK;
}

static enum err
put_beacons(struct page *p, const attempt_row *a)
{
    struct report_beacons_row *b;
    size_t count;
    enum err e = report_beacons(p->ctx->db, p->ctx->arena, &(struct report_beacons_in){a->draw, a->attempt}, &b, &count);

    if (e != OK)
        return e;
    html_put(&p->h, "<h2>{}</h2>", H_T(draw_beacons));
    if (count == 0)
        html_put(&p->h, "<p>{}</p>", H_T(draw_no_beacon));
    html_put(&p->h, "<table><tbody>\n");
    for (size_t i = 0; i < count; i++)
        html_put(&p->h,
                 "<tr><th scope=\"row\">{}</th><td><code class=\"digest\">{}</code></td><td><code "
                 "class=\"digest\">{}</code></td></tr>\n",
                 H_STR(b[i].name), H_STR(b[i].event), H_STR(b[i].value));
    html_put(&p->h, "</tbody></table>\n");
    return OK;
}

static enum err
put_quotas(struct page *p, const struct departments *d, const attempt_row *a)
{
    struct report_quotas_row *q;
    size_t count;
    enum err e = report_quotas(p->ctx->db, p->ctx->arena, &(struct report_quotas_in){a->draw, a->attempt}, &q, &count);

    if (e != OK)
        return e;
    html_put(&p->h,
             "<h2>{}</h2><table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\" "
             "class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th></tr></thead><tbody>\n",
             H_T(draw_quotas), H_T(col_department), H_T(col_stratum), H_T(col_population), H_T(col_sample));
    for (size_t i = 0; i < count; i++) {
        html_put(&p->h, "<tr><td>");
        view_mask(p, d, (int64_t) ((uint64_t) 1 << q[i].grp));
        html_put(&p->h, "</td><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
                 H_STR(q[i].stratum), H_COUNT(q[i].population_count), H_COUNT(q[i].sample_count));
    }
    html_put(&p->h, "</tbody></table>\n");
    return OK;
}

/* The newest checkpoint and who signed it: lines "— NAME …" of the note. */
static enum err
put_log(struct page *p)
{
    struct report_checkpoint_row c;
    struct str rest, line, name, tail;
    enum err e = report_checkpoint(p->ctx->db, p->ctx->arena, &c);

    if (e == ERR_NOT_FOUND)
        return OK;
    if (e != OK)
        return e;
    html_put(&p->h, "<h2>{}</h2><dl><div><dt>{}</dt><dd>{} · <code class=\"digest\">{}</code> · {}</dd></div><div><dt>{}</dt><dd>",
             H_T(certificate_witnesses), H_T(certificate_checkpoint), H_COUNT(c.size), H_STR(c.root), H_TIME(c.signed_us),
             H_T(certificate_signed));
    rest = c.note;
    for (bool more = rest.n > 0, first = true; more;) {
        more = str_split(rest, '\n', &line, &rest);
        if (!str_starts(line, STR("— ")))
            continue;
        (void) str_split((struct str){line.p + 4, line.n - 4}, ' ', &name, &tail);
        html_put(&p->h, "{}<code>{}</code>", H_Z(first ? "" : " · "), H_STR(name));
        first = false;
    }
    html_put(&p->h, "</dd></div></dl>\n");
    return OK;
}

static void
put_earlier(struct page *p, const attempt_row *rows, size_t count, int64_t attempt)
{
    html_put(&p->h, "<div><dt>{}</dt><dd>", H_T(certificate_earlier));
    if (attempt == 1)
        html_put(&p->h, "{}", H_T(certificate_none));
    for (size_t i = 0; i < count; i++)
        if (rows[i].attempt < attempt)
            html_put(&p->h, "{} {} {}: {} <code class=\"digest\">{}</code><br>", H_T(attempt_before), H_I64(rows[i].attempt),
                     H_T(attempt_after), H_STR(rows[i].void_reason), H_STR(rows[i].draw_digest));
    html_put(&p->h, "</dd></div>\n");
}

static enum err
put_head_part(struct page *p, const attempt_row *a, const attempt_row *rows, size_t count, int64_t drawn)
{
    enum err e;

    html_put(&p->h, "<header><div><h1>{}</h1><p>{}</p><p>{}</p></div>", H_T(certificate), H_STR(p->site->name),
             H_T(certificate_words));
    e = view_draw_code(p, a->draw, a->attempt, a->salted == 0);
    html_put(&p->h,
             "</header>\n<dl><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd><code>{}</code> · {} {} {}</dd></div>"
             "<div><dt>{}</dt><dd><b>{}</b> / {}</dd></div><div><dt>{}</dt><dd>{} {} · {} {} · {} {}</dd></div>\n",
             H_T(certificate_task), H_STR(a->task_name), H_T(certificate_number), H_STR(a->draw), H_T(attempt_before),
             H_I64(a->attempt), H_T(attempt_after), H_T(certificate_drawn), H_COUNT(drawn), H_COUNT(a->population_count.v),
             H_T(certificate_times), H_T(step_sealed), H_TIME(a->sealed_us), H_T(step_locked), H_TIME(a->locked_us.v),
             H_T(step_drawn), H_TIME(a->drawn_us.v));
    put_earlier(p, rows, count, a->attempt);
    html_put(&p->h, "</dl>\n");
    return e;
}

static enum err
put_certificate(struct page *p, const attempt_row *a, const attempt_row *rows, size_t count)
{
    struct report_drawn_count_row drawn;
    struct departments d;
    enum err e = view_departments(p, &d);

    if (e == OK)
        e = report_drawn_count(p->ctx->db, p->ctx->arena, &(struct report_drawn_count_in){a->draw, a->attempt}, &drawn);
    if (e == OK)
        e = put_head_part(p, a, rows, count, drawn.drawn);
    if (e == OK)
        e = put_parties(p, &d, a);
    if (e == OK)
        e = put_beacons(p, a);
    if (e != OK)
        return e;
    html_put(&p->h, "<h2>{}</h2><dl>\n", H_T(certificate_roots));
    put_fact(p, TEXT_frame_root, a->roster_root);
    put_fact(p, TEXT_certificate_draw, a->draw_digest);
    put_fact(p, TEXT_certificate_lock, a->lock_digest);
    put_fact(p, TEXT_certificate_seed, a->seed);
    put_fact(p, TEXT_certificate_result, a->result_digest);
    html_put(&p->h, "</dl>\n");
    e = put_quotas(p, &d, a);
    return e == OK ? put_log(p) : e;
}

enum err
page_certificate(struct page *p)
{
    attempt_row *rows;
    const attempt_row *a = NULL;
    uint64_t wanted;
    size_t count;
    enum err e;

    if (str_u64(p->params[1], 9999, &wanted) != OK)
        return ERR_NOT_FOUND;
    e = report_attempts(p->ctx->db, p->ctx->arena, &(struct report_attempts_in){view_draw_number(p, p->params[0])}, &rows,
                        &count);
    for (size_t i = 0; e == OK && i < count; i++)
        if (rows[i].attempt == (int64_t) wanted && draw_is_public(&rows[i], page_today(p)))
            a = &rows[i];
    if (e == OK && a == NULL)
        e = ERR_NOT_FOUND;
    if (e != OK)
        return e;
    page_head(p, html_text(&p->h, TEXT_certificate), "certificate.css", NULL);
    html_put(&p->h, "<main class=\"certificate\">\n");
    e = put_certificate(p, a, rows, count);
    html_put(&p->h, "<p class=\"screen\"><a href=\"{}\">{}</a>", H_PAGE(view_draw_path(p, a->draw, a->attempt)), H_T(draws_title));
    if (!p->site->files)
        html_put(&p->h, " · <a href=\"{}certificate.pdf{}\">PDF</a>", H_FILE(view_draw_path(p, a->draw, a->attempt)),
                 H_Z(p->h.english ? "?lang=en" : ""));
    html_put(&p->h, "</p></main>\n</body>\n</html>\n");
    return e;
}
