/* mod/rating/rating.c - see rating.h */
#include "mod/rating/rating.h"

#include <string.h>

#include "core/calendar.h"
#include "mod/journal/journal.h"
#include "mod/task/task.h"

static const struct str QUESTIONS[RATING_QUESTIONS] = {{"lawful", 6}, {"clean", 5}, {"polite", 6}, {"spare", 5}};

struct str
rating_question(size_t i)
{
    return QUESTIONS[i];
}

static enum err
note(struct ctx *c, const char *act, struct str task)
{
    char subject[96];
    struct buf b = buf_over(subject, sizeof subject);

    buf_z(&b, "task/");
    buf_str(&b, task);
    return b.overflow ? ERR_LENGTH : journal_add(c, &(struct journal_act) {str_of(act), buf_view(&b), {NULL, 0}});
}

/* The first day after the window of a task. */
static enum err
end_of(struct ctx *c, struct str task, int64_t *day)
{
    struct task_get_row t;
    enum err e = task_get(c->db, c->arena, &(struct task_get_in) {task}, &t);

    if (e == OK)
        *day = t.to_day + RATING_WINDOW_DAYS + 1;
    return e;
}

static enum err
is_open(struct ctx *c, struct str task)
{
    int64_t end;
    enum err e = end_of(c, task, &end);

    return e != OK ? e : day_of_us(c->now_us) < end ? OK : ERR_STATE;
}

/* --- the token --------------------------------------------------------------------------------------------------------------- */

/* One place for each visit of the task, all made at the first claim; visits that came later get theirs then. */
static enum err
make_places(struct ctx *c, struct str task)
{
    struct rating_slots_row have;
    struct visit_list_row *v;
    struct str after = STR(" ");
    int64_t visits = 0;
    size_t n = 0;
    enum err e = rating_slots(c->db, c->arena, &(struct rating_slots_in) {task}, &have);

    do {
        if (e == OK)
            e = visit_list(c->db, c->arena, &(struct visit_list_in) {task, after, 1000}, &v, &n);
        if (e == OK && n > 0)
            after = v[n - 1].target;
        visits += e == OK ? (int64_t) n : 0;
    } while (e == OK && n == 1000);
    for (int64_t i = have.slots; e == OK && i < visits; i++)
        e = rating_slot_add(c->db, &(struct rating_slot_add_in) {task, i});
    return e;
}

/* A number below m, each as likely. */
static enum err
chance(struct ctx *c, uint64_t m, int64_t *out)
{
    uint64_t r, limit = UINT64_MAX - UINT64_MAX % m;
    enum err e;

    do
        e = c->entropy(&r, sizeof r);
    while (e == OK && r >= limit);
    if (e == OK)
        *out = (int64_t) (r % m);
    return e;
}

static enum err
take_place(struct ctx *c, struct str task, const char *hash)
{
    struct rating_slots_row have;
    struct rating_slot_free_row place;
    int64_t nth = 0;
    enum err e = rating_slots(c->db, c->arena, &(struct rating_slots_in) {task}, &have);

    if (e == OK && have.free_count == 0)
        return ERR_STATE;
    if (e == OK)
        e = chance(c, (uint64_t) have.free_count, &nth);
    if (e == OK)
        e = rating_slot_free(c->db, c->arena, &(struct rating_slot_free_in) {task, nth}, &place);
    return e == OK ? rating_slot_take(c->db, &(struct rating_slot_take_in) {task, place.slot, str_of(hash)}) : e;
}

static enum err
claim(struct ctx *c, const struct visit_by_code_row *v, const char *hash)
{
    struct rating_claim_get_row there;
    enum err e = rating_claim_get(c->db, c->arena, &(struct rating_claim_get_in) {v->target, v->id}, &there);

    if (e == OK)
        return ERR_EXISTS;
    if (e == ERR_NOT_FOUND)
        e = rating_claim_put(c->db, &(struct rating_claim_put_in) {v->target, v->id});
    if (e == OK)
        e = make_places(c, v->task);
    if (e == OK)
        e = take_place(c, v->task, hash);
    return e == OK ? note(c, "rating.claim", v->task) : e;
}

enum err
rating_claim(struct ctx *c, const struct visit_by_code_row *visit, char token[static SECRET_TOKEN_CHARS + 1])
{
    char hash[SECRET_TOKEN_CHARS + 1];
    enum err e = visit->visited_day.set ? is_open(c, visit->task) : ERR_STATE;

    if (e == OK)
        e = secret_token(c, token);
    if (e != OK)
        return e;
    secret_token_hash((struct str) {token, SECRET_TOKEN_CHARS}, hash);
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, claim(c, visit, hash)) : e;
}

/* --- the rating -------------------------------------------------------------------------------------------------------------- */

static enum err
find(struct ctx *c, struct str token, struct rating_slot_of_row *out)
{
    char hash[SECRET_TOKEN_CHARS + 1];
    enum err e;

    secret_token_hash(token, hash);
    e = rating_slot_of(c->db, c->arena, &(struct rating_slot_of_in) {str_of(hash)}, out);
    if (e == OK && out->used != 0)
        return ERR_EXISTS;
    return e == OK ? is_open(c, out->task) : e;
}

enum err
rating_task(struct ctx *c, struct str token, struct str *task)
{
    struct rating_slot_of_row s;
    enum err e = find(c, token, &s);

    if (e == OK)
        *task = s.task;
    return e;
}

static enum err
say_ok(struct ctx *c, const struct rating_say *say, struct str task)
{
    struct task t;
    enum err e = task_load(c, task, &t);

    if (e == OK && (say->department_count == 0 || say->department_count > 64))
        return ERR_INPUT;
    for (size_t i = 0; e == OK && i < say->department_count; i++) {
        if (!participants_have(&t.participants, say->departments[i]))
            return ERR_INPUT;
        for (size_t k = 0; k < i; k++)
            if (str_eq(say->departments[k], say->departments[i]))
                return ERR_INPUT;
    }
    for (size_t i = 0; e == OK && i < RATING_QUESTIONS; i++)
        if (say->marks[i] < 1 || say->marks[i] > RATING_MARK_MAX)
            return ERR_RANGE;
    return e;
}

static enum err
give(struct ctx *c, const struct rating_say *say)
{
    struct rating_slot_of_row s;
    enum err e = find(c, say->token, &s);

    if (e == OK)
        e = say_ok(c, say, s.task);
    if (e == OK)
        e = rating_slot_use(c->db, &(struct rating_slot_use_in) {s.task, s.slot});
    for (size_t d = 0; e == OK && d < say->department_count; d++)
        for (size_t i = 0; e == OK && i < RATING_QUESTIONS; i++)
            e = rating_sum_add(c->db, &(struct rating_sum_add_in) {s.task, say->departments[d], QUESTIONS[i], say->marks[i]});
    return e == OK ? note(c, "rating.give", s.task) : e;
}

enum err
rating_give(struct ctx *c, const struct rating_say *say)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, give(c, say)) : e;
}

/* --- what is shown ------------------------------------------------------------------------------------------------------------ */

/* May the sums of this task be seen? The window is over and enough have rated: else the difference of two days would tell one. */
static enum err
is_shown(struct ctx *c, const struct rating_sums_row *r, bool *yes)
{
    int64_t end;
    enum err e = r->given_count < RATING_LEAST ? OK : end_of(c, r->task, &end);

    *yes = e == OK && r->given_count >= RATING_LEAST && day_of_us(c->now_us) >= end;
    return e;
}

enum err
rating_averages(struct ctx *c, struct rating_average **out, size_t *count)
{
    struct rating_sums_row *r;
    int64_t marks[RATING_QUESTIONS] = {0}, given[RATING_QUESTIONS] = {0};
    size_t n;
    enum err e = rating_sums(c->db, c->arena, &r, &n);

    *count = 0;
    if (e == OK && (*out = arena_array(c->arena, n + 1, sizeof **out)) == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; e == OK && i < n; i++) {
        struct rating_average *a = &(*out)[*count];
        bool shown, last = i + 1 == n || !str_eq(r[i + 1].department, r[i].department);

        e = is_shown(c, &r[i], &shown);
        for (size_t k = 0; e == OK && shown && k < RATING_QUESTIONS; k++)
            if (str_eq(QUESTIONS[k], r[i].question)) {
                marks[k] += r[i].marks;
                given[k] += r[i].given_count;
            }
        if (!last)
            continue;
        *a = (struct rating_average) {.department = r[i].department, .given_count = given[0]};
        for (size_t k = 0; k < RATING_QUESTIONS; k++)
            a->hundredths[k] = given[k] > 0 ? (marks[k] * 100 + given[k] / 2) / given[k] : 0;
        *count += given[0] > 0;
        memset(marks, 0, sizeof marks);
        memset(given, 0, sizeof given);
    }
    return e;
}
