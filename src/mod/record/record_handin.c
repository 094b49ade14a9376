/* mod/record/record_handin.c - a hand-in meets the record: compared, kept, and at the end submitted */
#include <string.h>

#include "core/calendar.h"
#include "mod/assignment/assignment.h"
#include "mod/inspector/inspector.h"
#include "mod/item/item.h"
#include "mod/journal/journal.h"
#include "mod/record/record_int.h"
#include "mod/result/result.h"
#include "mod/task/task.h"

/* One hand-in while it is worked in. */
struct handin {
    const struct said *s;
    struct str inspector;
    struct record_visit mine;
    struct task task;
    struct record record;
    struct record_outcome *out;
};

/* --- files --------------------------------------------------------------------------------------------------------- */

/* Every hash that a hand-in names, each once. */
static enum err
files_of(struct ctx *c, const struct said *s, struct texts *out)
{
    size_t room = s->file_count + s->signature_count + s->answer_count;

    *out = (struct texts) {arena_array(c->arena, room + 1, sizeof *out->v), 0};
    if (out->v == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < room; i++) {
        struct str hash = i < s->file_count                        ? s->files[i].hash
                          : i < s->file_count + s->signature_count ? s->signatures[i - s->file_count].hash
                                                                   : s->answers[i - s->file_count - s->signature_count].reuse_hash;

        if (hash.p != NULL && !texts_have(out, hash))
            out->v[out->count++] = hash;
    }
    return OK;
}

static enum err
files_are_here(struct ctx *c, const struct texts *files)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < files->count; i++) {
        struct record_file_get_row row;

        e = record_file_get(c->db, c->arena, &(struct record_file_get_in) {files->v[i]}, &row);
        if (e == ERR_NOT_FOUND)
            e = ctx_refuse(c, ERR_MISSING, "file %.*s has not arrived", (int) files->v[i].n, files->v[i].p);
    }
    return e;
}

/* The files of a hand-in belong to the record; those of signatures and reused conclusions too. */
static enum err
put_files(struct ctx *c, const struct handin *h)
{
    const struct said *s = h->s;
    struct record_evidence_put_in put = {.target = s->target, .visit = h->mine.visit.id, .inspector = h->inspector,
                                         .late = str_eq(h->record.row.state, STR("submitted"))};
    enum err e = OK;

    for (size_t i = 0; e == OK && i < s->file_count; i++) {
        const struct said_file *f = &s->files[i];

        put.hash = f->hash, put.kind = f->kind, put.item = f->item, put.name = f->name, put.place = f->place;
        put.taken_us = f->at_us, put.lon_udeg = f->where.lon_udeg, put.lat_udeg = f->where.lat_udeg;
        e = record_evidence_put(c->db, &put);
    }
    put.lon_udeg = put.lat_udeg = (struct opt_i64) {0};
    put.name = put.place = put.item = (struct str) {0};
    for (size_t i = 0; e == OK && i < s->signature_count; i++) {
        put.hash = s->signatures[i].hash, put.kind = STR("signature"), put.name = s->signatures[i].name;
        put.taken_us = s->signatures[i].at_us;
        e = record_evidence_put(c->db, &put);
    }
    for (size_t i = 0; e == OK && i < s->answer_count; i++)
        if (s->answers[i].reuse_hash.p != NULL) {
            put.hash = s->answers[i].reuse_hash, put.kind = STR("document"), put.item = s->answers[i].item;
            put.name = (struct str) {0}, put.taken_us = s->answers[i].at_us;
            e = record_evidence_put(c->db, &put);
        }
    return e;
}

/* --- answers ------------------------------------------------------------------------------------------------------- */

static const struct record_answer_list_row *
answer_of(const struct record *r, struct str item)
{
    for (size_t i = 0; i < r->answer_count; i++)
        if (str_eq(r->answers[i].item, item))
            return &r->answers[i];
    return NULL;
}

static bool
same_answer(const struct record_answer_list_row *old, const struct said_answer *a)
{
    return str_eq(old->answer, a->answer) && str_eq(old->problem, a->problem) && str_eq(old->codes, a->codes_text) &&
           str_eq(old->disposal, a->disposal) && str_eq(old->law, a->law) && str_eq(old->points, a->points) &&
           str_eq(old->reuse, a->reuse);
}

static enum err
put_answer(struct ctx *c, const struct handin *h, const struct said_answer *a, bool again)
{
    struct item_current_row item;
    enum err e = item_current(c->db, c->arena, &(struct item_current_in) {a->item}, &item);

    if (e == ERR_NOT_FOUND)
        return ctx_refuse(c, ERR_STATE, "item %s is not published any more", a->item.p);
    if (e != OK)
        return e;
    if (again)
        return record_answer_again(c->db, &(struct record_answer_again_in) {
            h->s->target, h->mine.visit.id, a->item, a->base, item.version, item.department, a->answer, a->problem,
            a->codes_text, a->disposal, a->law, a->points, a->reuse, h->inspector, a->at_us});
    return record_answer_put(c->db, &(struct record_answer_put_in) {
        h->s->target, h->mine.visit.id, a->item, item.version, item.department, a->answer, a->problem, a->codes_text,
        a->disposal, a->law, a->points, a->reuse, h->inspector, a->at_us});
}

/* Compare-and-set, item by item: what somebody else changed meanwhile is a conflict and stays. */
static enum err
put_answers(struct ctx *c, struct handin *h)
{
    const struct said *s = h->s;
    bool submitted = str_eq(h->record.row.state, STR("submitted"));
    enum err e = OK;

    h->out->conflicts = (struct texts) {arena_array(c->arena, s->answer_count + 1, sizeof *h->out->conflicts.v), 0};
    if (h->out->conflicts.v == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; e == OK && i < s->answer_count; i++) {
        const struct said_answer *a = &s->answers[i];
        const struct record_answer_list_row *old = answer_of(&h->record, a->item);

        if (!texts_have(&h->task.items, a->item))
            return ctx_refuse(c, ERR_INPUT, "item %s does not belong to task %s", a->item.p, s->task.p);
        if (old != NULL && same_answer(old, a))
            continue;
        if (submitted || (old != NULL && old->version != a->base))
            h->out->conflicts.v[h->out->conflicts.count++] = a->item;
        else
            e = put_answer(c, h, a, old != NULL);
    }
    return e;
}

/* --- the whole visit ------------------------------------------------------------------------------------------------- */

/* The code of the visit, or that of its target, alone or at the end of an address that a QR holds. */
static enum err
code_is_right(struct ctx *c, const struct handin *h, struct str code, bool *right)
{
    struct visit_get_row v;
    struct str rest, one;
    char parsed[VISIT_CODE_CHARS + 1];
    enum err e = visit_get(c->db, c->arena, &(struct visit_get_in) {h->mine.visit.target, h->mine.visit.id}, &v);

    while (code.n > 0 && code.p[code.n - 1] == '/')
        code.n--;
    rest = code;
    for (bool more = true; more;)
        more = str_split(rest, '/', &one, &rest);
    *right = str_eq(one, h->mine.visit.target) ||
             (e == OK && visit_code_parse(one, parsed) == OK && str_eq(str_of(parsed), v.code));
    return e;
}

static enum err
put_check_in(struct ctx *c, const struct handin *h)
{
    const struct said_checkin *k = &h->s->checkin;
    struct record_check_in_in in = {.target = h->s->target, .visit = h->mine.visit.id, .checkin_us = k->at_us.v,
                                    .checkin_code = k->code, .checkin_reason = k->reason, .checkin_place = k->place,
                                    .lon_udeg = k->where.lon_udeg, .lat_udeg = k->where.lat_udeg,
                                    .accuracy_m = k->accuracy_m};
    bool right = false;
    enum err e = OK;

    if (!k->given)
        return OK;
    if (k->code.p != NULL)
        e = code_is_right(c, h, k->code, &right);
    in.checkin_right = (struct opt_i64) {k->code.p != NULL, right};
    if (e == OK)
        e = record_check_in(c->db, &in);
    if (e == OK && k->where.lon_udeg.set)
        e = record_place_put(c->db, &(struct record_place_put_in) {h->s->target, k->where.lon_udeg.v, k->where.lat_udeg.v,
                                                                   k->at_us.v});
    return e;
}

static enum err
describe(struct ctx *c, const struct handin *h)
{
    const struct said *s = h->s;
    enum err e = record_describe(c->db, &(struct record_describe_in) {
        s->target, h->mine.visit.id, s->outcome, s->methods, s->entrusted, s->start_us, s->end_us, s->refusal, s->witness,
        s->witness_identity, s->remarks});

    return e == OK ? put_check_in(c, h) : e;
}

/* --- complete? ------------------------------------------------------------------------------------------------------- */

static enum err
lacks(struct ctx *c, const char *what)
{
    return ctx_refuse(c, ERR_MISSING, "the record lacks: %s", what);
}

/* Two inspectors of the team sign, each once; the target too, or somebody witnesses that it does not. */
static enum err
signatures_ok(struct ctx *c, const struct handin *h, const struct assignment_list_row *team, size_t n)
{
    const struct said *s = h->s;
    const struct record_get_row *r = &h->record.row;
    bool target = false, nobody = str_eq(r->outcome, STR("unreachable")) || str_eq(r->outcome, STR("closed"));
    size_t inspectors = 0;

    for (size_t i = 0; i < s->signature_count; i++) {
        bool member = false;

        target |= str_eq(s->signatures[i].role, STR("target"));
        if (!str_eq(s->signatures[i].role, STR("inspector")))
            continue;
        for (size_t k = 0; k < n; k++)
            member |= str_eq(team[k].inspector, s->signatures[i].inspector) &&
                      (str_eq(team[k].role, STR("lead")) || str_eq(team[k].role, STR("member")));
        if (!member)
            return ctx_refuse(c, ERR_INPUT, "%s is not in the team", s->signatures[i].inspector.p);
        for (size_t k = 0; k < i; k++)
            if (str_eq(s->signatures[k].inspector, s->signatures[i].inspector))
                return ctx_refuse(c, ERR_DUPLICATE, "%s signs twice", s->signatures[i].inspector.p);
        inspectors++;
    }
    if (inspectors < RECORD_INSPECTORS_MIN)
        return lacks(c, "signatures of two inspectors");
    if (str_eq(r->outcome, STR("uncooperative")) && r->refusal.p == NULL)
        return lacks(c, "how the target refused, and a witness");
    return nobody || target || r->refusal.p != NULL ? OK : lacks(c, "the signature of the target, or its refusal with a witness");
}

static enum err
answer_complete(struct ctx *c, const struct record_answer_list_row *a)
{
    struct item_version_row item;
    enum err e;

    if (!str_eq(a->answer, STR("problem")))
        return OK;
    if (a->disposal.p == NULL)
        return ctx_refuse(c, ERR_MISSING, "item %s: what is done about the problem", a->item.p);
    e = item_version(c->db, c->arena, &(struct item_version_in) {a->item, a->item_version}, &item);
    return e == OK && item.legal_basis.p != NULL && a->law.p == NULL
               ? ctx_refuse(c, ERR_MISSING, "item %s: the law of the problem", a->item.p)
               : e;
}

static enum err
answers_complete(struct ctx *c, const struct handin *h)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < h->task.items.count; i++) {
        const struct record_answer_list_row *a = answer_of(&h->record, h->task.items.v[i]);

        e = a == NULL ? ctx_refuse(c, ERR_MISSING, "item %s has no answer", h->task.items.v[i].p) : answer_complete(c, a);
    }
    return e;
}

static enum err
complete(struct ctx *c, const struct handin *h)
{
    const struct record_get_row *r = &h->record.row;
    struct assignment_list_row *team;
    size_t n, photos = 0;
    bool checked = str_eq(r->outcome, STR("checked"));
    enum err e = assignment_list(c->db, c->arena,
                                 &(struct assignment_list_in) {h->s->target, h->mine.visit.draw, h->mine.visit.attempt},
                                 &team, &n);

    if (e != OK)
        return e;
    for (size_t i = 0; i < h->record.evidence_count; i++)
        photos += str_eq(h->record.evidence[i].kind, STR("photo"));
    if (checked && r->methods.p == NULL)
        return lacks(c, "the method");
    if (checked && h->s->on_site && !r->checkin_us.set)
        return lacks(c, "the check-in");
    if (!checked && r->remarks.p == NULL)
        return lacks(c, "remarks on what was met");
    if ((str_eq(r->outcome, STR("unreachable")) || str_eq(r->outcome, STR("closed"))) && photos == 0)
        return lacks(c, "a photograph of the place");
    if ((e = signatures_ok(c, h, team, n)) != OK)
        return e;
    return checked ? answers_complete(c, h) : OK;
}

/* --- submission ------------------------------------------------------------------------------------------------------- */

static enum err
put_signatures(struct ctx *c, const struct handin *h)
{
    const struct said *s = h->s;
    enum err e = OK;

    for (size_t i = 0; e == OK && i < s->signature_count; i++) {
        const struct said_signature *g = &s->signatures[i];
        struct inspector_get_row person = {.name = g->name};

        if (g->inspector.p != NULL) /* the name is that of the register */
            e = inspector_get(c->db, c->arena, &(struct inspector_get_in) {g->inspector}, &person);
        if (e == OK)
            e = record_signature_put(c->db, &(struct record_signature_put_in) {
                s->target, h->mine.visit.id, (int64_t) i + 1, g->role, g->inspector, person.name, g->certificate, g->hash,
                g->at_us});
    }
    return e;
}

/* The codes of an item: those of its answer; without one, what became of the whole visit. */
static enum err
enter_result(struct ctx *c, const struct handin *h, struct str item)
{
    const struct record_answer_list_row *a = answer_of(&h->record, item);
    struct str whole = h->record.row.outcome;
    struct result_entry r = {.key = {h->s->task, h->s->target, item},
                             .methods = h->record.row.methods,
                             .produced_day = day_of_us(h->s->produced_us)};
    bool checked = str_eq(whole, STR("checked")) || (str_eq(whole, STR("uncooperative")) && a != NULL);
    struct opt_i64 due;
    enum err e = OK;

    if (checked)
        e = json_texts_of(c, a->codes, RECORD_ANSWERS_MAX, RECORD_SHORT_MAX, &r.codes);
    else
        r.codes = (struct texts) {&whole, 1}; /* unreachable, closed, uncooperative are result codes */
    r.detail = checked ? a->problem : h->record.row.remarks;
    return e == OK ? result_enter(c, &r, &due) : e;
}

static enum err
submit(struct ctx *c, struct handin *h)
{
    const struct said *s = h->s;
    const struct record_get_row *r = &h->record.row;
    int64_t ended_us = r->end_us.set && r->end_us.v < s->produced_us ? r->end_us.v : s->produced_us;
    enum visit_end end = str_eq(r->outcome, STR("unreachable")) || str_eq(r->outcome, STR("closed")) ? VISIT_END_UNREACHABLE
                         : r->refusal.p != NULL                                                        ? VISIT_END_REFUSED
                                                                                                       : VISIT_END_SIGNED;
    enum err e = complete(c, h);

    if (e == OK)
        e = files_are_here(c, &h->out->files);
    if (e == OK)
        e = put_signatures(c, h);
    if (e == OK)
        e = visit_submit(c, s->target, s->task, day_of_us(ended_us), r->methods, end);
    for (size_t i = 0; e == OK && i < h->task.items.count; i++)
        e = enter_result(c, h, h->task.items.v[i]);
    if (e == OK)
        e = record_submit(c->db, &(struct record_submit_in) {s->target, h->mine.visit.id, s->produced_us, s->device_us,
                                                             c->now_us, c->actor, s->digest});
    h->out->state = RECORD_SUBMITTED;
    return e;
}

/* --- the act ------------------------------------------------------------------------------------------------------------ */

static enum err
find_record(struct ctx *c, struct handin *h)
{
    const struct said *s = h->s;
    int64_t visit;
    enum err e = record_mine_one(c, h->inspector, s->task, s->target, &h->mine);

    visit = h->mine.visit.id;
    if (e == OK)
        e = task_load(c, s->task, &h->task);
    if (e != OK)
        return e;
    e = record_load(c, s->target, visit, &h->record);
    if (e != ERR_NOT_FOUND)
        return e;
    e = record_open(c->db, &(struct record_open_in) {s->target, visit, s->task});
    return e == OK ? record_load(c, s->target, visit, &h->record) : e;
}

static enum err
note(struct ctx *c, const struct handin *h)
{
    static const char *const ACTS[RECORD_STATE_COUNT] = {"record.save", "record.submit", "record.late", "record.conflict"};
    char subject[256], detail[512];
    struct buf s = buf_over(subject, sizeof subject), d = buf_over(detail, sizeof detail);

    buf_str(&s, h->s->task);
    buf_z(&s, "/");
    buf_str(&s, h->s->target);
    buf_z(&d, "{\"id\":\"");
    buf_str(&d, h->s->id);
    buf_z(&d, "\",\"digest\":\"");
    buf_str(&d, h->s->digest);
    buf_z(&d, "\",\"answers\":");
    buf_u64(&d, h->s->answer_count);
    buf_z(&d, ",\"files\":");
    buf_u64(&d, h->out->files.count);
    buf_z(&d, ",\"skew_us\":");
    buf_i64(&d, h->s->skew_us);
    buf_z(&d, "}");
    if (s.overflow || d.overflow)
        return ERR_LENGTH;
    return journal_add(c, &(struct journal_act) {str_of(ACTS[h->out->state]), buf_view(&s), buf_view(&d)});
}

static enum err
keep(struct ctx *c, const struct handin *h)
{
    const struct said *s = h->s;
    struct str conflicts = {0};
    enum err e = h->out->conflicts.count == 0 ? OK : terms_texts_text(c, &h->out->conflicts, &conflicts);

    if (e == OK)
        e = record_handin_put(c->db, &(struct record_handin_put_in) {
            s->target, s->id, h->mine.visit.id, s->task, h->inspector, str_of(record_state_name(h->out->state)), s->digest,
            s->content, conflicts, s->skew_us, c->now_us});
    return e == OK ? note(c, h) : e;
}

static enum err
take(struct ctx *c, struct handin *h)
{
    bool submitted;
    enum err e = find_record(c, h);

    if (e != OK)
        return e;
    submitted = str_eq(h->record.row.state, STR("submitted"));
    h->out->visit = h->mine.visit.id;
    h->out->state = submitted ? RECORD_LATE : RECORD_SAVED;
    e = put_answers(c, h);
    if (e == OK && submitted)
        e = files_are_here(c, &h->out->files);
    if (e == OK)
        e = put_files(c, h);
    if (e == OK && !submitted)
        e = describe(c, h);
    if (e == OK)
        e = record_load(c, h->s->target, h->mine.visit.id, &h->record);
    if (e == OK && h->out->conflicts.count > 0)
        h->out->state = RECORD_CONFLICT;
    else if (e == OK && h->s->final && !submitted)
        e = submit(c, h);
    return e == OK ? keep(c, h) : e;
}

/* The same hand-in was here before: what became of it. */
static enum err
again(struct ctx *c, const struct record_handin_get_row *row, const struct said *s, struct record_outcome *out)
{
    if (!str_eq(row->digest, s->digest))
        return ctx_refuse(c, ERR_CONFLICT, "another document has the id %s", s->id.p);
    out->again = true;
    out->visit = row->visit;
    for (unsigned i = 0; i < RECORD_STATE_COUNT; i++)
        if (str_eq(row->state, str_of(record_state_name((enum record_state) i))))
            out->state = (enum record_state) i;
    return json_texts_of(c, row->conflicts, RECORD_ANSWERS_MAX, RECORD_SHORT_MAX, &out->conflicts);
}

static enum err
hand_in(struct ctx *c, struct str inspector, const struct said *s, struct record_outcome *out)
{
    struct handin h = {.s = s, .inspector = inspector, .out = out};
    struct record_handin_get_row before;
    enum err e = record_handin_get(c->db, c->arena, &(struct record_handin_get_in) {s->target, s->id}, &before);

    if (e == OK && !str_eq(before.inspector, inspector))
        return ctx_refuse(c, ERR_CONFLICT, "somebody else's hand-in has the id %s", s->id.p);
    return e == OK ? again(c, &before, s, out) : e == ERR_NOT_FOUND ? take(c, &h) : e;
}

enum err
record_hand_in(struct ctx *c, struct str inspector, struct str json, const struct record_clock *clock,
               struct record_outcome *out)
{
    struct said s;
    enum err e = record_parse(c, json, clock, &s);

    *out = (struct record_outcome) {0};
    if (e == OK)
        e = files_of(c, &s, &out->files);
    if (e != OK)
        return e;
    out->target = s.target;
    out->task = s.task;
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, hand_in(c, inspector, &s, out)) : e;
}
