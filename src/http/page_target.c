/* http/page_target.c - one checked subject 检查对象: its published results 检查结果 gathered under its name,
 * the draws it was in, and why it was (not) drawn (regulation 二(一), 二(六)) */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/draw_run.h"
#include "draw_public.h"
#include "mod/report/report.h"
#include "view.h"
#include "view_clock.h"

enum { FRAMES_MAX = 12, RESULTS_MAX = 200, CLOCKS_MAX = 20 };

static void
put_register(struct page *p, const struct report_target_row *t)
{
    static const struct {
        const char *status, *style;
        enum text text;
    } STATES[] = {
        {"active", "good", TEXT_status_active},   {"cancelled", "plain", TEXT_status_cancelled},
        {"revoked", "mark", TEXT_status_revoked}, {"rescinded", "mark", TEXT_status_rescinded},
        {"moved", "plain", TEXT_status_moved},
    };

    html_put(&p->h, "<dl class=\"facts\"><div><dt>{}</dt><dd><code>{}</code></dd></div><div><dt>{}</dt><dd>",
             H_T(col_code), H_STR(t->code), H_T(col_state));
    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++)
        if (str_eq(t->status, str_of(STATES[i].status)))
            html_put(&p->h, "<span class=\"tag {}\">{}</span>", H_Z(STATES[i].style), H_TEXT(STATES[i].text));
    html_put(&p->h, "</dd></div><div><dt>{}</dt><dd>{}</dd></div>", H_T(col_region), H_STR(t->region_name));
    if (t->industry_name.p != NULL)
        html_put(&p->h, "<div><dt>{}</dt><dd>{}</dd></div>", H_T(col_industry), H_STR(t->industry_name));
    if (t->address.p != NULL)
        html_put(&p->h, "<div class=\"whole\"><dt>{}</dt><dd>{}</dd></div>", H_T(col_address),
                 H_STR(report_address(t->address, t->entity_type, t->region_name)));
    html_put(&p->h, "</dl>\n");
    if (view_is_masked(t->entity_type))
        html_put(&p->h, "<p class=\"note\">{}</p>\n", H_T(masked_note));
}

/* published results, of all departments
 * ----------------------------------------------------------------------------------------------- */

/* Was this text replaced by a later correction? Rows are newest first. */
static bool
is_replaced(const struct report_target_publications_row *rows, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (rows[k].p.result == rows[i].p.result && str_eq(rows[k].p.target, rows[i].p.target))
            return true;
    return false;
}

static void
put_publication(struct page *p, const struct departments *d, const struct report_target_publications_row *rows, size_t i)
{
    const struct report_publication_shown *r = &rows[i].p;
    bool replaced = is_replaced(rows, i);

    html_put(&p->h, "<li{}><h3>{}", H_Z(replaced ? " class=replaced" : ""), H_STR(r->item_name));
    view_correction(p, r->correction);
    if (replaced)
        html_put(&p->h, " <span class=\"tag plain\">{}</span>", H_T(replaced_by));
    html_put(&p->h, "</h3><p>");
    view_publication(p, r);
    html_put(&p->h, "</p><dl class=\"facts\"><div><dt>{}</dt><dd>", H_T(col_task));
    if (r->task_shown != 0)
        html_put(&p->h, "<a href=\"{}\">{}</a>", view_task_link(p, r->task), H_STR(r->task_name));
    else
        html_put(&p->h, "{}", H_STR(r->task_name));
    html_put(&p->h,
             "</dd></div><div><dt>{}</dt><dd><a href=\"{}\">{}</a></dd></div><div><dt>{}</dt><dd>{}</dd></div>"
             "<div><dt>{}</dt><dd>{}</dd></div></dl>\n",
             H_T(col_department), H_PAGE(page_join(p, STR("/departments/"), r->department, STR("/"))),
             H_STR(view_department(d, r->department)), H_T(col_produced), H_DAY(r->produced_day), H_T(col_published),
             H_TIME(r->published_us));
}

static enum err
put_publications(struct page *p, const struct departments *d, struct str code)
{
    struct report_target_publications_row *rows;
    size_t count;
    enum err e = report_target_publications(p->ctx->db, p->ctx->arena,
                                            &(struct report_target_publications_in){code, {page_today(p)}, RESULTS_MAX}, &rows,
                                            &count);

    if (e != OK)
        return e;
    html_put(&p->h, "<h2>{}</h2>\n<p><a href=\"{}\">{}</a></p>\n", H_T(target_results), H_FILE(p->feed), H_T(feed_target));
    if (count == 0)
        html_put(&p->h, "<p>{}</p>\n", H_T(target_no_results));
    if (count == 0)
        return OK;
    html_put(&p->h, "<ul class=\"cards single\">");
    for (size_t i = 0; e == OK && i < count; i++) {
        put_publication(p, d, rows, i);
        if (i < CLOCKS_MAX && rows[i].p.gone.p == NULL)
            e = view_clock(p, rows[i].p.produced_day, rows[i].p.due_day);
        html_put(&p->h, "</li>\n");
    }
    html_put(&p->h, "</ul>\n");
    return e;
}

/* --- why was it (not) drawn
 * ---------------------------------------------------------------------------------------------- */

static struct str
map_file(const struct ctx *c, struct str draw, int64_t attempt, struct str name)
{
    char path[DRAW_PUBLIC_PATH_BYTES];
    struct stat st;
    void *bytes = MAP_FAILED;
    int fd;

    if (draw_public_path(c, draw, attempt, name, path) != OK || (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return (struct str){NULL, 0};
    if (fstat(fd, &st) == 0 && st.st_size > 0)
        bytes = mmap(NULL, (size_t) st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    return bytes == MAP_FAILED ? (struct str){NULL, 0} : (struct str){bytes, (size_t) st.st_size};
}

static void
unmap_file(struct str file)
{
    if (file.p != NULL)
        (void) munmap((void *) (uintptr_t) file.p, file.n);
}

/* The line of an id in a roster, which ascends by id: binary search over bytes. Absent when it is not there.
 */
static struct str
roster_line_of(struct str roster, struct str id)
{
    size_t low = 0, high = roster.n; /* both at the begin of a line, or at the end */

    while (low < high) {
        size_t at = low + (high - low) / 2;
        const char *end;
        struct str line, head, tail;
        int c;

        while (at > low && roster.p[at - 1] != '\n')
            at--;
        if ((end = memchr(roster.p + at, '\n', high - at)) == NULL)
            return (struct str){NULL, 0};
        line = (struct str){roster.p + at, (size_t) (end - (roster.p + at))};
        (void) str_split(line, '\t', &head, &tail);
        c = str_cmp(id, head);
        if (c == 0)
            return line;
        if (c < 0)
            high = at;
        else
            low = at + line.n + 1;
    }
    return (struct str){NULL, 0};
}

static enum err
ticket_of(const struct report_frames_row *f, struct str id, unsigned char ticket[HASH_LEN])
{
    enum hash_suite suite = str_eq(f->suite, STR("sm3")) ? HASH_SM3 : HASH_SHA256;
    unsigned char seed[HASH_LEN], key[HASH_LEN];
    enum err e = hex_decode(f->seed, seed, sizeof seed);

    if (e != OK)
        return e;
    draw_subkey(suite, "target", seed, key);
    draw_ticket(suite, key, id, ticket);
    return OK;
}

/* The ticket of the last one drawn, from the quota line of result.txt: "quota g stratum N n last first-out".
 */
static struct str
threshold_of(struct str result, int64_t group, struct str stratum)
{
    struct str rest = result, line, word;

    for (bool more = result.p != NULL; more;) {
        struct str w[7];
        size_t count = 0;

        more = str_split(rest, '\n', &line, &rest);
        for (bool next = true; next && count < 7; count++) {
            next = str_split(line, ' ', &word, &line);
            w[count] = word;
        }
        if (count == 7 && str_eq(w[0], STR("quota")) && str_eq(w[2], stratum)) {
            uint64_t g;

            if (str_u64(w[1], 63, &g) == OK && (int64_t) g == group)
                return w[5];
        }
    }
    return (struct str){NULL, 0};
}

static void
put_verdict(struct page *p, const struct report_frames_row *f, const struct report_quotas_row *q,
            struct str result, struct str ticket, struct str department)
{
    struct str last = threshold_of(result, q->grp, q->stratum);
    bool pareto = str_eq(f->rule, STR("pareto"));
    bool drawn = !pareto && last.n == 64 && str_cmp(ticket, last) <= 0;

    html_put(&p->h, "<li>{}{}<b>{} / {}</b> ({}) · {}", H_STR(department), H_Z(p->h.english ? ": " : "："),
             H_COUNT(q->sample_count), H_COUNT(q->population_count),
             H_SHARE(q->population_count == 0 ? 0 : q->sample_count * 10000 / q->population_count),
             H_T2(pareto, why_pareto, why_uniform));
    if (!pareto && last.n == 64)
        html_put(&p->h, "<br><span class=\"tag {}\">{}</span> {} <code class=\"digest\">{}</code>",
                 H_Z(drawn ? "mark" : "plain"), H_T2(drawn, why_drawn, why_not_drawn), H_T(why_threshold),
                 H_STR(last));
    html_put(&p->h, "</li>");
}

static enum err
put_open_frame(struct page *p, const struct departments *d, const struct report_frames_row *f,
               struct str line, struct str code)
{
    struct roster_row row;
    struct fault fault;
    struct report_quotas_row *q;
    unsigned char ticket[HASH_LEN];
    char hex[2 * HASH_LEN];
    size_t count;
    struct str result;
    enum err e = roster_row_parse(line, &row, &fault);

    if (e == OK && !row.excluded)
        e = ticket_of(f, code, ticket);
    if (e == OK)
        e = report_quotas(p->ctx->db, p->ctx->arena, &(struct report_quotas_in){f->draw, f->attempt}, &q,
                          &count);
    if (e != OK)
        return e;
    if (row.excluded) {
        html_put(&p->h, "<p>{} <code>{}</code></p>", H_T(why_excluded), H_STR(row.stratum));
        return OK;
    }
    hex_encode(ticket, sizeof ticket, hex);
    html_put(&p->h, "<p>{} <code>{}</code>{} <code class=\"digest\">{}</code></p><ul>", H_T(why_stratum),
             H_STR(row.stratum), H_T(why_ticket), H_STR(((struct str){hex, sizeof hex})));
    result = map_file(p->ctx, f->draw, f->attempt, STR("result.txt"));
    for (size_t i = 0; i < count; i++)
        if ((row.mask >> q[i].grp & 1) != 0 && str_eq(q[i].stratum, row.stratum)) {
            struct str department = STR("");

            for (size_t k = 0; k < d->count; k++)
                if (d->v[k].bit == q[i].grp)
                    department = d->v[k].name;
            put_verdict(p, f, &q[i], result, (struct str){hex, sizeof hex}, department);
        }
    unmap_file(result);
    html_put(&p->h, "</ul>");
    return OK;
}

/* One finished draw: an open one is explained to anyone, a salted one only to the target itself, because the
 * explanation would tell its class. */
static enum err
put_frame(struct page *p, const struct departments *d, const struct report_frames_row *f, struct str code,
          size_t *shown)
{
    struct str roster = {NULL, 0}, line = {NULL, 0};
    enum err e = OK;

    if (f->salted == 0) {
        roster = map_file(p->ctx, f->draw, f->attempt, STR("roster.tsv"));
        if (roster.p != NULL)
            line = roster_line_of(roster, code);
        if (line.p == NULL) {
            unmap_file(roster);
            return OK; /* it was not in this frame */
        }
    }
    (*shown)++;
    html_put(&p->h, "<li><h3><a href=\"{}\">{}</a></h3><p class=\"quiet\"><code>{}</code> · {}</p>",
             H_PAGE(view_draw_path(p, f->draw, f->attempt)), H_STR(f->task_name), H_STR(f->draw),
             H_TIME(f->drawn_us));
    if (f->salted != 0)
        html_put(&p->h, "<p>{}</p>", H_T(why_sealed));
    else
        e = put_open_frame(p, d, f, line, code);
    html_put(&p->h, "</li>\n");
    unmap_file(roster);
    return e;
}

static enum err
put_why(struct page *p, const struct departments *d, struct str code)
{
    struct report_frames_row *f;
    size_t count, shown = 0;
    enum err e = report_frames(p->ctx->db, p->ctx->arena,
                               &(struct report_frames_in){page_today(p), FRAMES_MAX}, &f, &count);

    if (e != OK)
        return e;
    html_put(&p->h, "<h2 id=\"why\">{}</h2><p>{}</p>\n<ul class=\"cards single\">", H_T(why_title),
             H_T(why_lead));
    for (size_t i = 0; e == OK && i < count; i++)
        e = put_frame(p, d, &f[i], code, &shown);
    if (e == OK && shown == 0)
        html_put(&p->h, "<li>{}</li>", H_T(why_none));
    html_put(&p->h,
             "</ul>\n<p class=\"note\">{}</p><pre tabindex=\"0\"><code>printf '%s:%s' KEY {} | "
             "sha256sum</code></pre>\n",
             H_T(why_by_hand), H_STR(code));
    return e;
}

static enum err
put_draws(struct page *p, const struct departments *d, struct str code)
{
    struct report_target_draws_row *rows;
    size_t count;
    enum err e = report_target_draws(p->ctx->db, p->ctx->arena,
                                     &(struct report_target_draws_in){code, page_today(p)}, &rows, &count);

    if (e != OK)
        return e;
    html_put(&p->h, "<h2>{}</h2>\n", H_T(target_draws));
    if (count == 0) {
        html_put(&p->h, "<p>{}</p>\n", H_T(target_no_draws));
        return OK;
    }
    html_put(&p->h, "<ul class=\"cards single\">");
    for (size_t i = 0; i < count; i++) {
        html_put(&p->h, "<li><a href=\"{}\"><b>{}</b></a><span><code>{}</code> ",
                 H_PAGE(view_draw_path(p, rows[i].draw, rows[i].attempt)), H_STR(rows[i].task_name),
                 H_STR(rows[i].draw));
        view_draw_state(p, rows[i].state);
        html_put(&p->h, "</span><span>");
        view_mask(p, d, rows[i].mask);
        html_put(&p->h, " · {} {} · {} {}</span><span><a href=\"{}\">{}</a>", H_T(col_order), H_COUNT(rows[i].position),
                 H_T(col_batch), H_COUNT(rows[i].batch), view_task_link(p, rows[i].task), H_T(col_task));
        if (rows[i].plan.p != NULL)
            html_put(&p->h, " · <a href=\"{}\">{}</a>", H_PAGE(page_join(p, STR("/plans/"), rows[i].plan, STR("/"))),
                     H_STR(rows[i].plan_name));
        html_put(&p->h, "</span></li>\n");
    }
    html_put(&p->h, "</ul>\n");
    return OK;
}

/* The codes of duplicates that became one with it. */
static enum err
put_merged(struct page *p, struct str code)
{
    struct report_merged_row *r;
    size_t n;
    enum err e = report_merged(p->ctx->db, p->ctx->arena, &(struct report_merged_in){code}, &r, &n);

    if (e != OK || n == 0)
        return e;
    html_put(&p->h, "<p class=\"note\">{}", H_T(target_merged));
    for (size_t i = 0; i < n; i++)
        html_put(&p->h, " <code>{}</code>", H_STR(r[i].code));
    html_put(&p->h, "</p>\n");
    return OK;
}

/* The target of the address; a duplicate gives the one it was merged into. */
static enum err
find_target(struct page *p, struct report_target_row *t)
{
    enum err e = report_target(p->ctx->db, p->ctx->arena, &(struct report_target_in){p->params[0]}, t);

    return e == OK && t->merged_into.p != NULL
               ? report_target(p->ctx->db, p->ctx->arena, &(struct report_target_in){t->merged_into}, t)
               : e;
}

enum err
page_target(struct page *p)
{
    struct report_target_row t;
    struct departments d;
    struct str name;
    enum err e = find_target(p, &t);

    if (e == OK)
        e = view_departments(p, &d);
    if (e != OK)
        return e;
    name = view_target_name(p, t.name, t.entity_type, t.region_name, t.code);
    p->feed = page_join(p, STR("/targets/"), t.code, STR("/feed.atom"));
    page_begin(p, NAV_NONE, name);
    html_put(&p->h, "<h1>{}</h1>\n", H_STR(name));
    put_register(p, &t);
    e = put_merged(p, t.code);
    if (e == OK)
        e = put_publications(p, &d, t.code);
    if (e == OK)
        e = view_objections(p, &d, t.code);
    if (e == OK)
        e = put_draws(p, &d, t.code);
    if (e == OK)
        e = put_why(p, &d, t.code);
    page_end(p);
    return e;
}
