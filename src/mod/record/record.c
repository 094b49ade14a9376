/* mod/record/record.c - records and their files as they stand */
#include "mod/record/record.h"

#include <string.h>

#include "mod/assignment/assignment.h"
#include "mod/journal/journal.h"

static const char *const NAMES[RECORD_STATE_COUNT] = {"saved", "submitted", "late", "conflict"};

const char *
record_state_name(enum record_state s)
{
    return s < RECORD_STATE_COUNT ? NAMES[s] : "";
}

/* --- files ------------------------------------------------------------------------------------------------------- */

static enum err
keep_file(struct ctx *c, const struct record_file_put_in *put)
{
    struct record_file_get_row there;
    char text[96];
    struct buf b = buf_over(text, sizeof text);
    enum err e = record_file_get(c->db, c->arena, &(struct record_file_get_in) {put->hash}, &there);

    if (e != ERR_NOT_FOUND)
        return e;
    buf_z(&b, "{\"bytes\":");
    buf_i64(&b, put->bytes_count);
    buf_z(&b, ",\"type\":");
    json_put_text(&b, put->type);
    buf_z(&b, "}");
    e = record_file_put(c->db, put);
    return e == OK ? journal_add(c, &(struct journal_act) {STR("record.file"), put->hash, buf_view(&b)}) : e;
}

enum err
record_file_keep(struct ctx *c, struct str inspector, struct str hash, struct str type, int64_t bytes_count)
{
    const struct record_file_put_in put = {hash, type, bytes_count, inspector, c->now_us};
    enum err e = evidence_hash_ok(hash) ? db_begin(c->db) : ERR_INPUT;

    return e == OK ? db_end(c->db, keep_file(c, &put)) : e;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

enum err
record_load(struct ctx *c, struct str target, int64_t visit, struct record *out)
{
    struct record r = {0};
    enum err e = record_get(c->db, c->arena, &(struct record_get_in) {target, visit}, &r.row);

    if (e == OK)
        e = record_answer_list(c->db, c->arena, &(struct record_answer_list_in) {target, visit}, &r.answers,
                               &r.answer_count);
    if (e == OK)
        e = record_signature_list(c->db, c->arena, &(struct record_signature_list_in) {target, visit}, &r.signatures,
                                  &r.signature_count);
    if (e == OK)
        e = record_evidence_list(c->db, c->arena, &(struct record_evidence_list_in) {target, visit}, &r.evidence,
                                 &r.evidence_count);
    if (e == OK)
        e = record_handin_list(c->db, c->arena, &(struct record_handin_list_in) {target, visit}, &r.handins,
                               &r.handin_count);
    if (e == OK)
        *out = r;
    return e;
}

enum err
record_mine(struct ctx *c, struct str inspector, struct record_visit **rows, size_t *count)
{
    struct assignment_places_of_row *places;
    size_t n;
    enum err e = assignment_places_of(c->db, c->arena,
                                      &(struct assignment_places_of_in) {inspector, RECORD_VISITS_MAX}, &places, &n);

    *count = 0;
    *rows = e == OK ? arena_array(c->arena, n + 1, sizeof **rows) : NULL;
    if (e == OK && *rows == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < n; i++) {
        struct visit_of_draw_row v;

        e = visit_of_draw(c->db, c->arena, &(struct visit_of_draw_in) {places[i].target, places[i].draw, places[i].attempt},
                          &v);
        if (e == OK)
            (*rows)[(*count)++] = (struct record_visit) {
                {v.target, v.id, v.task, v.draw, v.attempt, v.state, v.visited_day, v.methods, v.remarks, v.joint},
                places[i].department,
                places[i].role};
        else if (e == ERR_NOT_FOUND) /* the target was substituted before anybody went there */
            e = OK;
    }
    return e;
}

enum err
record_mine_one(struct ctx *c, struct str inspector, struct str task, struct str target, struct record_visit *out)
{
    struct assignment_list_row *team;
    size_t n;
    enum err e = visit_of(c->db, c->arena, &(struct visit_of_in) {target, task}, &out->visit);

    if (e == OK)
        e = assignment_list(c->db, c->arena,
                            &(struct assignment_list_in) {target, out->visit.draw, out->visit.attempt}, &team, &n);
    for (size_t i = 0; e == OK && i < n; i++)
        if (str_eq(team[i].inspector, inspector) &&
            (str_eq(team[i].role, STR("lead")) || str_eq(team[i].role, STR("member")))) {
            out->department = team[i].department;
            out->role = team[i].role;
            return OK;
        }
    return e == OK || e == ERR_NOT_FOUND ? ctx_refuse(c, ERR_NOT_FOUND, "no visit of yours") : e;
}
