/* http/api_followup.c - follow-up 后续处置, referrals 移送抄告, recognition 结果互认 (regulation 二(六)) */
#include "api_result.h"

#include <stdio.h>
#include <unistd.h>

#include "api_file.h"
#include "core/calendar.h"
#include "mod/scope.h"

enum err
followup_read(struct api *q, struct followup_say *out)
{
    enum err e = api_day(q, "due", &out->due_day);

    out->content = api_text(q, "content");
    out->note = api_text(q, "note");
    out->evidence = api_text(q, "evidence");
    out->document_no = api_text(q, "document_no");
    return e == OK ? api_day(q, "day", &out->day) : e;
}

/* {target}/{id} of the address, with If-Match. */
static enum err
at_of(const struct api *q, struct followup_at *at)
{
    enum err e = api_number_of(q->params[1], &at->id);

    at->target = q->params[0];
    return e == OK ? api_if_match(q, &at->row_version) : e;
}

/* --- follow-up ---------------------------------------------------------------------------------------------------- */

static enum err
read_search(struct api *q, struct followup_search_in *in)
{
    struct str cursor = api_query(q, "cursor"), due, rest, id;
    struct scope_regions where;
    enum followup_state known;
    uint64_t d, i;
    enum err e = scope_regions(q->ctx, api_query(q, "region"), &where);

    *in = (struct followup_search_in){.state = api_query(q, "state"), .after_target = STR(" "), .own = q->ctx->department,
                                      .region_from = where.from, .region_below = where.below, .measure = api_query(q, "measure")};
    if (in->state.n == 0)
        in->state = STR("open");
    if (e == OK && followup_state_parse(in->state, &known) != OK)
        e = api_wrong(q, "state", ERR_INPUT, NULL);
    if (str_eq(api_query(q, "due"), STR("overdue")))
        in->due_below = OPT(day_of_us(q->ctx->now_us));
    if (e != OK || cursor.n == 0)
        return e;
    if (!str_split(cursor, '|', &due, &rest) || !str_split(rest, '|', &in->after_target, &id) ||
        str_u64(due, INT64_MAX, &d) != OK || str_u64(id, INT64_MAX, &i) != OK)
        return ERR_NOT_FOUND;
    in->after_due = (int64_t) d;
    in->after_id = (int64_t) i;
    return OK;
}

static enum err
more_followups(struct api *q, const struct followup_search_row *r)
{
    struct str text;
    struct buf b;
    enum err e = buf_in(q->ctx, r->target.n + 64, &b);

    if (e != OK)
        return e;
    buf_i64(&b, r->due_day.set ? r->due_day.v : 0);
    buf_z(&b, "|");
    buf_str(&b, r->target);
    buf_z(&b, "|");
    buf_i64(&b, r->id);
    if ((e = buf_take(q->ctx, &b, &text)) == OK)
        api_more(q, text);
    return e;
}

enum err
api_followups_get(struct api *q)
{
    struct followup_search_in in;
    struct followup_search_row *r;
    size_t n = 0;
    int64_t limit, today = day_of_us(q->ctx->now_us);
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = read_search(q, &in);
    if (e != OK)
        return e;
    in.limit = limit + 1;
    e = followup_search(q->ctx->db, q->ctx->arena, &in, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(
            rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o}", "target", api_str(r[i].target),
                            "target_name", api_target_name(q, r[i].target), "id", api_id(r[i].id), "item_name",
                            api_item_name(q, r[i].item), "department", api_str(r[i].department), "measure",
                            api_str(r[i].measure), "state", api_str(r[i].state), "content", api_str(r[i].content), "due",
                            api_date(r[i].due_day), "overdue", r[i].due_day.set && r[i].due_day.v < today, "document_no",
                            api_str(r[i].document_no), "opened", api_time(OPT(r[i].opened_us))));
    return n > (size_t) limit ? more_followups(q, &r[limit - 1]) : OK;
}

static enum err
steps_json(struct api *q, const struct followup_get_row *row, json_t **out)
{
    struct followup_step_list_row *s;
    size_t n = 0;
    enum err e = followup_step_list(q->ctx->db, q->ctx->arena, &(struct followup_step_list_in){row->target, row->id}, &s, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(*out, json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "seq", (json_int_t) s[i].seq, "from",
                                              api_str(s[i].from_state), "to", api_str(s[i].to_state), "day", api_date(s[i].day),
                                              "note", api_str(s[i].note), "evidence", api_str(s[i].evidence), "document_no",
                                              api_str(s[i].document_no), "actor", api_str(s[i].actor), "time",
                                              api_time(OPT(s[i].stepped_us))));
    return e;
}

/* One referral, in a list and alone. */
static json_t *
referral_json(struct api *q, const struct followup_referral_line *r)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "target", api_str(r->target),
                     "target_name", api_target_name(q, r->target), "id", api_id(r->id), "followup", api_id(r->followup), "from",
                     api_str(r->from_department), "to", api_str(r->to_department), "kind", api_str(r->kind), "basis",
                     api_str(r->basis), "papers", api_list(r->evidence), "state", api_str(r->state), "sent",
                     api_time(OPT(r->sent_us)), "receipt_no", api_str(r->receipt_no), "feedback", api_str(r->feedback),
                     "answered", api_time(r->answered_us), "row_version", (json_int_t) r->row_version);
}

static enum err
referrals_json(struct api *q, const struct followup_get_row *row, json_t **out)
{
    struct followup_referral_of_row *r;
    size_t n = 0;
    enum err e = followup_referral_of(q->ctx->db, q->ctx->arena, &(struct followup_referral_of_in){row->target, row->id}, &r, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(*out, referral_json(q, &r[i].line));
    return e;
}

static enum err
files_json(struct api *q, const struct followup_get_row *row, json_t **out)
{
    struct followup_file_list_row *f;
    size_t n = 0;
    bool opens = roles_may(q->who.roles, PERMIT_FOLLOWUP);
    enum err e = followup_files(q->ctx, row->target, row->id, opens, &f, &n);

    *out = json_array();
    for (size_t i = 0; e == OK && i < n; i++)
        json_array_append_new(*out, json_pack("{s:o, s:o, s:o, s:I, s:b, s:b, s:o, s:o}", "hash", api_str(f[i].hash), "name",
                                              api_str(f[i].name), "type", api_str(f[i].type), "bytes",
                                              (json_int_t) f[i].bytes_count, "personal", f[i].personal != 0, "opens",
                                              f[i].personal == 0 || opens, "actor", api_str(f[i].added_by), "time",
                                              api_time(OPT(f[i].added_us))));
    return e;
}

static enum err
give(struct api *q, struct str target, int64_t id)
{
    struct followup_get_row r;
    json_t *steps = NULL, *referrals = NULL, *files = NULL;
    enum err e = followup_see(q->ctx, target, id, &r);

    if (e == OK)
        e = steps_json(q, &r, &steps);
    if (e == OK)
        e = referrals_json(q, &r, &referrals);
    if (e == OK)
        e = files_json(q, &r, &files);
    if (e != OK)
        return e;
    q->etag = r.row_version;
    q->out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "target",
                       api_str(r.target), "target_name", api_target_name(q, r.target), "id", api_id(r.id), "result",
                       api_id(r.result), "task", api_str(r.task), "item", api_str(r.item), "item_name",
                       api_item_name(q, r.item), "department", api_str(r.department), "measure", api_str(r.measure), "state",
                       api_str(r.state), "content", api_str(r.content), "due", api_date(r.due_day), "document_no",
                       api_str(r.document_no), "evidence", api_str(r.evidence), "steps", steps, "referrals", referrals, "files", files,
                       "row_version", (json_int_t) r.row_version);
    return OK;
}

enum err
api_followup_get(struct api *q)
{
    int64_t id;
    enum err e = api_number_of(q->params[1], &id);

    return e == OK ? give(q, q->params[0], id) : e;
}

enum err
api_followup_move(struct api *q)
{
    enum followup_state to;
    struct followup_say say;
    struct followup_at at;
    enum err e = at_of(q, &at);

    if (e == OK && followup_state_parse(api_text(q, "state"), &to) != OK)
        e = api_wrong(q, "state", ERR_INPUT, NULL);
    if (e == OK)
        e = followup_read(q, &say);
    if (e == OK)
        e = followup_move(q->ctx, at, to, &say);
    return e == OK ? give(q, at.target, at.id) : e;
}

enum err
api_followup_refer(struct api *q)
{
    struct referral_say say = {api_text(q, "department"), api_text(q, "kind"), api_text(q, "basis"), {NULL, 0}};
    struct followup_at at;
    struct str papers = NO_STR;
    int64_t id;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = api_json(q, "papers", &papers);
    if (e == OK && papers.n > 0)
        e = json_texts_of(q->ctx, papers, FOLLOWUP_PAPERS_MAX, FOLLOWUP_WORDS_MAX, &say.papers);
    if (e == OK)
        e = referral_send(q->ctx, at, &say, &id);
    if (e == ERR_INPUT || e == ERR_LENGTH)
        return api_wrong(q, e == ERR_LENGTH ? "basis" : "department", e, q->ctx->why);
    return e == OK ? give(q, at.target, at.id) : e;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

struct attaching {
    int64_t id;
    struct followup_attachment file;
};

static enum err
attach(struct api *q, void *arg)
{
    const struct attaching *a = arg;

    return followup_attach(q->ctx, q->params[0], a->id, &a->file);
}

enum err
api_followup_attach(struct api *q)
{
    struct attaching a;
    struct followup_get_row row;
    enum err e = api_query(q, "name").n == 0 ? api_wrong(q, "name", ERR_MISSING, NULL) : api_number_of(q->params[1], &a.id);

    if (e == OK)
        e = followup_see(q->ctx, q->params[0], a.id, &row);
    if (e == OK && q->call->upload_path == NULL)
        e = ERR_MISSING;
    if (e == OK)
        e = followup_place(q->ctx, q->call->upload_path, api_query(q, "name"), str_eq(api_query(q, "personal"), STR("1")), &a.file);
    if (e == ERR_LENGTH || e == ERR_ENCODING)
        return api_wrong(q, "name", e, NULL);
    if (e == OK)
        e = api_write(q, attach, &a);
    if (e != OK)
        return e;
    q->status = 201;
    return give(q, q->params[0], a.id);
}

static enum err
note_opened(struct api *q, void *arg)
{
    return followup_opened(q->ctx, q->params[0], *(const int64_t *) arg, q->params[2]);
}

/* Personal ones: for those who carry out follow-up, and each reading has its entry, before the first byte. */
static enum err
send_file(struct api *q, int64_t id, const struct followup_file_list_row *f)
{
    char path[64], name[96];
    int fd = -1;
    enum err e = OK;

    if (f->personal != 0 && !roles_may(q->who.roles, PERMIT_FOLLOWUP))
        return ERR_PERMISSION;
    if (f->personal != 0)
        e = api_write(q, note_opened, &id);
    if (e == OK)
        e = followup_open(q->ctx, f, &fd);
    if (e != OK)
        return e;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    snprintf(name, sizeof name, "%.16s%s", f->hash.p, evidence_ending(f->type));
    e = api_file_send(q, path, str_z(q->ctx->arena, f->type), name);
    (void) close(fd);
    return e;
}

enum err
api_followup_file(struct api *q)
{
    struct followup_file_list_row *f;
    struct followup_get_row row;
    size_t n = 0;
    int64_t id;
    enum err e = api_number_of(q->params[1], &id);

    if (e == OK)
        e = followup_see(q->ctx, q->params[0], id, &row);
    if (e == OK)
        e = followup_files(q->ctx, q->params[0], id, false, &f, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        if (str_eq(f[i].hash, q->params[2]))
            return send_file(q, id, &f[i]);
    return e == OK ? ERR_NOT_FOUND : e;
}

/* --- referrals ---------------------------------------------------------------------------------------------------- */

enum err
api_referrals_get(struct api *q)
{
    struct scope_regions where;
    struct followup_referral_list_row *r;
    bool out = str_eq(api_query(q, "way"), STR("out"));
    size_t n = 0;
    int64_t limit, before = INT64_MAX;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = api_cursor_number(q, &before);
    if (e == OK)
        e = scope_regions(q->ctx, NO_STR, &where);
    if (e == OK)
        e = followup_referral_list(q->ctx->db, q->ctx->arena,
                                   &(struct followup_referral_list_in){out ? NO_STR : q->ctx->department,
                                                                       out ? q->ctx->department : NO_STR,
                                                                       api_query(q, "state"), where.from, where.below, before,
                                                                       limit + 1},
                                   &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(rows, referral_json(q, &r[i].line));
    if (n > (size_t) limit)
        api_more_number(q, r[limit - 1].line.id);
    return OK;
}

static enum err
give_referral(struct api *q, struct str target, int64_t id)
{
    struct followup_referral_line r;
    enum err e = referral_see(q->ctx, target, id, &r);

    if (e != OK)
        return e;
    q->etag = r.row_version;
    q->out = referral_json(q, &r);
    return OK;
}

enum err
api_referral_get(struct api *q)
{
    int64_t id;
    enum err e = api_number_of(q->params[1], &id);

    return e == OK ? give_referral(q, q->params[0], id) : e;
}

enum err
api_referral_receive(struct api *q)
{
    struct followup_at at;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = referral_receive(q->ctx, at, api_text(q, "receipt_no"));
    return e == OK ? give_referral(q, at.target, at.id) : e;
}

enum err
api_referral_answer(struct api *q)
{
    struct followup_at at;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = referral_answer(q->ctx, at, api_text(q, "feedback"));
    return e == OK ? give_referral(q, at.target, at.id) : e;
}

/* --- recognition -------------------------------------------------------------------------------------------------- */

enum err
api_recognitions_get(struct api *q)
{
    struct scope_regions where;
    struct followup_recognition_list_row *r;
    size_t n = 0;
    int64_t limit, before = INT64_MAX;
    json_t *rows;
    enum err e = api_limit(q, &limit);

    if (e == OK)
        e = api_cursor_number(q, &before);
    if (e == OK)
        e = scope_regions(q->ctx, NO_STR, &where);
    if (e == OK)
        e = followup_recognition_list(q->ctx->db, q->ctx->arena, &(struct followup_recognition_list_in){q->ctx->department, api_query(q, "state"), where.from, where.below, before, limit + 1}, &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n && i < (size_t) limit; i++)
        json_array_append_new(
            rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:I}", "target", api_str(r[i].target),
                            "target_name", api_target_name(q, r[i].target), "id", api_id(r[i].id), "item_name",
                            api_item_name(q, r[i].item), "from", api_str(r[i].from_department), "to",
                            api_str(r[i].to_department), "to_item_name", api_item_name(q, r[i].to_item), "valid_to",
                            api_date(OPT(r[i].valid_to_day)), "state", api_str(r[i].state), "reason", api_str(r[i].reason),
                            "visit_avoided", r[i].visit_avoided != 0, "row_version", (json_int_t) r[i].row_version));
    if (n > (size_t) limit)
        api_more_number(q, r[limit - 1].id);
    return OK;
}

enum err
api_recognition_decide(struct api *q)
{
    struct followup_recognition_get_row r;
    struct followup_at at;
    enum err e = at_of(q, &at);

    if (e == OK)
        e = recognition_decide(q->ctx, at, json_is_true(json_object_get(q->in, "accept")),
                               json_is_true(json_object_get(q->in, "avoided")), api_text(q, "reason"));
    if (e == ERR_LENGTH)
        return api_wrong(q, "reason", e, q->ctx->why);
    if (e == OK)
        e = recognition_see(q->ctx, at.target, at.id, &r);
    if (e != OK)
        return e;
    q->etag = r.row_version;
    q->out = json_pack("{s:o, s:o, s:o, s:b, s:I}", "target", api_str(r.target), "id", api_id(r.id), "state", api_str(r.state),
                       "visit_avoided", r.visit_avoided != 0, "row_version", (json_int_t) r.row_version);
    return OK;
}
