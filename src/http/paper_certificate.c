/* http/paper_certificate.c - the certificate of a draw 抽取证书 as a PDF of one page: the same facts as page_certificate.c, for
 * files and walls (regulation 二(五); docs/spec/draw-1.md). In Chinese; ?lang=en in English. */
#include <stdio.h>
#include <stdlib.h>

#include "draw_public.h"
#include "format/pdf.h"
#include "handlers.h"
#include "mod/report/report.h"
#include "view.h"

enum { LINE_BYTES = 2048 };

typedef struct report_attempts_row attempt_row;

struct certificate {
    struct page page; /* for the words of the portal */
    struct departments departments;
    attempt_row attempt, *attempts;
    struct report_parties_row *parties;
    struct report_beacons_row *beacons;
    struct report_quotas_row *quotas;
    size_t attempt_count, party_count, beacon_count, quota_count;
    struct report_checkpoint_row checkpoint;
    bool has_checkpoint;
    int64_t drawn;
    struct str url; /* of the re-run; absent where nobody knows our address */
};

static struct str
word(const struct certificate *c, enum text t)
{
    return html_text(&c->page.h, t);
}
#define WORD(id) word(c, TEXT_##id)

static void
put_time(struct buf *b, int64_t us)
{
    char day[11];
    int64_t minute = us / 60000000 + 480; /* UTC+8 */
    int of_day = (int) (minute % 1440);
    char text[7] = {' ', (char) ('0' + of_day / 600), (char) ('0' + of_day / 60 % 10), ':', (char) ('0' + of_day % 60 / 10),
                    (char) ('0' + of_day % 10), '\0'};

    html_date(minute / 1440, day);
    buf_z(b, day);
    buf_z(b, text);
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

static const struct pdf_column FACTS[] = {{2, true, false, true, false}, {9, false, false, false, true}};

static void
put_fact(struct pdf *p, struct str name, struct str value)
{
    if (value.n > 0)
        pdf_row(p, (struct str[]){name, value});
}

static void
put_head(struct pdf *p, const struct certificate *c)
{
    char room[LINE_BYTES];
    struct buf b = buf_over(room, sizeof room);

    pdf_text(p, PDF_TITLE, WORD(certificate));
    buf_str(&b, c->page.site->name);
    buf_z(&b, "\n");
    buf_str(&b, c->attempt.task_name);
    buf_z(&b, "\n");
    buf_str(&b, c->attempt.draw);
    buf_z(&b, " · ");
    buf_str(&b, WORD(attempt_before));
    buf_z(&b, " ");
    buf_i64(&b, c->attempt.attempt);
    buf_z(&b, " ");
    buf_str(&b, WORD(attempt_after));
    buf_z(&b, "\n");
    buf_str(&b, WORD(certificate_drawn));
    buf_z(&b, " ");
    buf_i64(&b, c->drawn);
    buf_z(&b, " / ");
    buf_i64(&b, c->attempt.population_count.v);
    buf_z(&b, "\n");
    buf_str(&b, WORD(certificate_words));
    if (c->url.n > 0)
        pdf_qr(p, c->url, 30, buf_view(&b));
    else
        pdf_text(p, PDF_BODY, buf_view(&b));
}

static void
put_times(struct pdf *p, const struct certificate *c)
{
    char room[LINE_BYTES];
    struct buf b = buf_over(room, sizeof room);

    buf_str(&b, WORD(step_sealed));
    buf_z(&b, " ");
    put_time(&b, c->attempt.sealed_us);
    buf_z(&b, " · ");
    buf_str(&b, WORD(step_locked));
    buf_z(&b, " ");
    put_time(&b, c->attempt.locked_us.v);
    buf_z(&b, " · ");
    buf_str(&b, WORD(step_drawn));
    buf_z(&b, " ");
    put_time(&b, c->attempt.drawn_us.v);
    put_fact(p, WORD(certificate_times), buf_view(&b));
}

static void
put_earlier(struct pdf *p, const struct certificate *c)
{
    char room[LINE_BYTES];
    struct buf b = buf_over(room, sizeof room);

    for (size_t i = 0; i < c->attempt_count; i++)
        if (c->attempts[i].attempt < c->attempt.attempt) {
            buf_z(&b, b.n > 0 ? "\n" : "");
            buf_i64(&b, c->attempts[i].attempt);
            buf_z(&b, ": ");
            buf_str(&b, c->attempts[i].void_reason);
            buf_z(&b, " ");
            buf_str(&b, c->attempts[i].draw_digest);
        }
    put_fact(p, WORD(certificate_earlier), b.n > 0 ? buf_view(&b) : WORD(certificate_none));
}

static void
put_roots(struct pdf *p, const struct certificate *c)
{
    const attempt_row *a = &c->attempt;

    pdf_table(p, FACTS, 2, NULL);
    put_times(p, c);
    put_earlier(p, c);
    put_fact(p, WORD(frame_root), a->roster_root);
    put_fact(p, WORD(certificate_draw), a->draw_digest);
    put_fact(p, WORD(certificate_lock), a->lock_digest);
    put_fact(p, WORD(certificate_seed), a->seed);
    put_fact(p, WORD(certificate_result), a->result_digest);
    pdf_table_end(p);
}

static void
put_parties(struct pdf *p, const struct certificate *c)
{
    static const struct pdf_column COLUMNS[] = {{3, false, false, true, false}, {1, false, false, true, false}, {9, false, false, false, true}};

    pdf_table(p, COLUMNS, 3, (struct str[]){WORD(draw_parties), WORD(certificate_present), WORD(certificate_commitment)});
    for (size_t i = 0; i < c->party_count; i++) {
        bool present = c->parties[i].present.set && c->parties[i].present.v != 0;

        pdf_row(p, (struct str[]){view_party(&c->page, &c->departments, c->parties[i].name),
                                  present ? WORD(certificate_present) : WORD(certificate_absent), c->parties[i].commitment});
    }
    pdf_table_end(p);
    if (c->beacon_count == 0)
        pdf_text(p, PDF_SMALL, WORD(draw_no_beacon));
    else
        pdf_table(p, FACTS, 2, (struct str[]){WORD(draw_beacons), WORD(certificate_value)});
    for (size_t i = 0; i < c->beacon_count; i++) {
        char room[LINE_BYTES];
        struct buf b = buf_over(room, sizeof room);

        buf_str(&b, c->beacons[i].event);
        buf_z(&b, " → ");
        buf_str(&b, c->beacons[i].value);
        pdf_row(p, (struct str[]){c->beacons[i].name, buf_view(&b)});
    }
    if (c->beacon_count > 0)
        pdf_table_end(p);
}

static struct str
group_name(const struct certificate *c, int64_t group)
{
    for (size_t i = 0; i < c->departments.count; i++)
        if (c->departments.v[i].bit == group)
            return c->departments.v[i].name;
    return STR("?");
}

static void
put_quotas(struct pdf *p, const struct certificate *c)
{
    static const struct pdf_column COLUMNS[] = {{4, false, false, true, false}, {4, false, false, true, false},
                                                {2, false, true, true, false}, {2, false, true, true, false}};

    pdf_table(p, COLUMNS, 4, (struct str[]){WORD(col_department), WORD(col_stratum), WORD(col_population), WORD(col_sample)});
    for (size_t i = 0; i < c->quota_count; i++) {
        char population[24], sample[24];
        struct buf n = buf_over(population, sizeof population), m = buf_over(sample, sizeof sample);

        buf_i64(&n, c->quotas[i].population_count);
        buf_i64(&m, c->quotas[i].sample_count);
        pdf_row(p, (struct str[]){group_name(c, c->quotas[i].grp), c->quotas[i].stratum, buf_view(&n), buf_view(&m)});
    }
    pdf_table_end(p);
}

/* The newest checkpoint, and who signed it: lines "— NAME …" of the note. */
static void
put_log(struct pdf *p, const struct certificate *c)
{
    char room[LINE_BYTES], names[LINE_BYTES];
    struct buf b = buf_over(room, sizeof room), n = buf_over(names, sizeof names);
    struct str rest = c->checkpoint.note, line, name, tail;

    if (!c->has_checkpoint)
        return;
    buf_i64(&b, c->checkpoint.size);
    buf_z(&b, " · ");
    buf_str(&b, c->checkpoint.root);
    buf_z(&b, " · ");
    put_time(&b, c->checkpoint.signed_us);
    for (bool more = rest.n > 0; more;) {
        more = str_split(rest, '\n', &line, &rest);
        if (!str_starts(line, STR("— ")))
            continue;
        (void) str_split((struct str){line.p + 4, line.n - 4}, ' ', &name, &tail);
        buf_z(&n, n.n > 0 ? " · " : "");
        buf_str(&n, name);
    }
    pdf_table(p, FACTS, 2, NULL);
    put_fact(p, WORD(certificate_checkpoint), buf_view(&b));
    put_fact(p, WORD(certificate_signed), buf_view(&n));
    pdf_table_end(p);
}

static enum err
write_certificate(struct pdf *p, void *arg)
{
    const struct certificate *c = arg;

    put_head(p, c);
    put_roots(p, c);
    put_parties(p, c);
    put_quotas(p, c);
    put_log(p, c);
    if (c->url.n > 0)
        pdf_text(p, PDF_CODE, c->url);
    return OK;
}

/* --- the facts ---------------------------------------------------------------------------------------------------- */

static enum err
load_attempt(struct http_request *q, struct certificate *c)
{
    uint64_t wanted;
    enum err e;

    if (str_u64(q->params[1], 9999, &wanted) != OK)
        return ERR_NOT_FOUND;
    e = report_attempts(q->ctx->db, q->ctx->arena, &(struct report_attempts_in){view_draw_number(&c->page, q->params[0])},
                        &c->attempts, &c->attempt_count);
    for (size_t i = 0; e == OK && i < c->attempt_count; i++)
        if (c->attempts[i].attempt == (int64_t) wanted && draw_is_public(&c->attempts[i], page_today(&c->page))) {
            c->attempt = c->attempts[i];
            return OK;
        }
    return e == OK ? ERR_NOT_FOUND : e;
}

static enum err
load(struct http_request *q, struct certificate *c)
{
    struct ctx *x = q->ctx;
    struct report_drawn_count_row drawn = {0};
    enum err e = load_attempt(q, c);

    if (e == OK)
        e = view_departments(&c->page, &c->departments);
    if (e == OK)
        e = report_parties(x->db, x->arena, &(struct report_parties_in){c->attempt.draw, c->attempt.attempt, page_today(&c->page)},
                           &c->parties, &c->party_count);
    if (e == OK)
        e = report_beacons(x->db, x->arena, &(struct report_beacons_in){c->attempt.draw, c->attempt.attempt}, &c->beacons,
                           &c->beacon_count);
    if (e == OK)
        e = report_quotas(x->db, x->arena, &(struct report_quotas_in){c->attempt.draw, c->attempt.attempt}, &c->quotas,
                          &c->quota_count);
    if (e == OK)
        e = report_drawn_count(x->db, x->arena, &(struct report_drawn_count_in){c->attempt.draw, c->attempt.attempt}, &drawn);
    c->drawn = drawn.drawn;
    if (e == OK) {
        e = report_checkpoint(x->db, x->arena, &c->checkpoint);
        c->has_checkpoint = e == OK;
    }
    return e == ERR_NOT_FOUND && c->attempt.draw.p != NULL ? OK : e;
}

/* Where the re-run is; of a list with salted leaves, the page of the draw. */
static struct str
url_of(struct certificate *c)
{
    struct page *p = &c->page;
    struct str path = view_draw_path(p, c->attempt.draw, c->attempt.attempt);

    if (p->base.n == 0)
        return (struct str){NULL, 0};
    return c->attempt.salted == 0
               ? page_join(p, p->base, STR("/verify/?draw="), (struct str){path.p + 7, path.n - 8})
               : page_join(p, p->base, path, STR(""));
}

enum err
http_certificate_pdf(struct http_request *q, struct http_reply *r)
{
    struct certificate c = {.page = {.ctx = q->ctx, .site = q->site, .base = q->base}};
    struct pdf_config config = {.author = q->site->name};
    char *bytes = NULL;
    size_t count = 0;
    enum err e;

    c.page.h.english = str_eq(http_query(q->ctx->arena, q->query, "lang"), STR("en"));
    if ((e = load(q, &c)) != OK)
        return e;
    c.url = url_of(&c);
    config.title = word(&c, TEXT_certificate);
    config.footer = c.attempt.draw;
    config.created_us = c.attempt.drawn_us.v;
    config.english = c.page.h.english;
    if ((config.out = open_memstream(&bytes, &count)) == NULL)
        return ERR_MEMORY;
    e = pdf_make(&config, write_certificate, &c);
    if (fclose(config.out) != 0 && e == OK)
        e = ERR_MEMORY;
    if (e == OK)
        r->body = str_copy(q->ctx->arena, (struct str){bytes, count});
    free(bytes);
    r->type = "application/pdf";
    r->cache = "public, max-age=60";
    r->disposition = STR("inline; filename=\"certificate.pdf\"");
    return e == OK && r->body.p == NULL ? ERR_MEMORY : e;
}
