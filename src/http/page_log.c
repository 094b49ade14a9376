/* http/page_log.c - the public log 全过程留痕 (docs/spec/log-1.md): newest checkpoint, newest entries, how to
 * read it */
#include "mod/report/report.h"
#include "view.h"

static enum err
put_checkpoint(struct page *p)
{
    struct report_checkpoint_row c;
    enum err e = report_checkpoint(p->ctx->db, p->ctx->arena, &c);

    if (e == ERR_NOT_FOUND) {
        html_put(&p->h, "<p>{}</p>\n", H_T(nothing_yet));
        return OK;
    }
    if (e != OK)
        return e;
    html_put(
        &p->h,
        "<h2>{}</h2><dl class=\"facts\"><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>{}</dd></div>"
        "<div class=\"whole\"><dt>{}</dt><dd>",
        H_T(log_checkpoint), H_T(log_size), H_COUNT(c.size), H_T(log_signed), H_TIME(c.signed_us),
        H_T(log_root));
    view_digest(p, c.root);
    html_put(&p->h,
             "</dd></div></dl><pre tabindex=\"0\"><code>{}</code></pre><p><a class=\"button plain\" "
             "href=\"{}\">checkpoint</a></p>\n",
             H_STR(c.note), H_FILE(STR("/log/checkpoint")));
    return OK;
}

static enum err
put_entries(struct page *p)
{
    struct report_journal_row *rows;
    size_t count;
    enum err e = report_journal(p->ctx->db, p->ctx->arena, &(struct report_journal_in){25}, &rows, &count);

    if (e != OK)
        return e;
    html_put(
        &p->h,
        "<h2>{}</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"{}\"><table><thead><tr><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th>"
        "<th scope=\"col\" class=\"n\">{}</th></tr></thead><tbody>\n",
        H_T(log_entries), H_T(log_entries), H_T(col_number), H_T(log_act), H_T(log_time));
    for (size_t i = 0; i < count; i++)
        html_put(&p->h, "<tr><td class=\"n\">{}</td><td><code>{}</code></td><td class=\"n\">{}</td></tr>\n",
                 H_COUNT(rows[i].leaf), H_STR(rows[i].act), H_TIME(rows[i].time_us));
    html_put(&p->h, "</tbody></table></div>\n");
    return OK;
}

enum err
page_log(struct page *p)
{
    enum err e;

    page_heading(p, NAV_LOG, TEXT_log_title, TEXT_log_lead);
    e = put_checkpoint(p);
    if (e == OK)
        e = put_entries(p);
    html_put(&p->h,
             "<section class=\"panel\"><h2>{}</h2><p>{}</p><pre tabindex=\"0\"><code>mingqian log fsck "
             "log/</code></pre></section>\n",
             H_T(log_check), H_T(log_check_words));
    page_end(p);
    return e;
}
