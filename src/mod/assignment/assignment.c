/* mod/assignment/assignment.c - teams, reserves, replacements (docs/spec/match-1.md) */
#include "mod/assignment/assignment_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mod/inspector/inspector.h"
#include "mod/journal/journal.h"
#include "mod/org/org.h"
#include "mod/task/task.h"
#include "mod/visit/visit.h"

enum { DOCUMENTS = 4, ARENA_BYTES_MIN = 64 << 20, TELL_EVERY = 2048 /* groups */ };
#define ARENA_BYTES_MAX ((size_t) 4 << 30)

/* Everything that one matching carries from step to step. */
struct matching {
    struct ctx *c;
    struct drawing_current_row d;
    struct drawing_key key;
    struct task task;
    struct assignment_staffing_row staffing;
    struct str doc[DOCUMENTS]; /* by enum staff_file */
    struct drawing_target_list_row *rows;
    struct staff_target *targets;
    size_t target_count;
    unsigned char seed[MATCH_SEED_LEN], staff_digest[HASH_LEN];
    void *block;
    struct arena arena;
    struct staff staff;
    struct staff_derived derived;
    struct match_result result;
    struct assignment_outcome out;
    struct drawing_watch watch;
    struct file owners; /* without a name until it is stored; out NULL: none */
    uint64_t reserves_stored; /* of each group */
};

static enum err
note(struct ctx *c, const char *act, struct drawing_key k, const char *name, struct str value)
{
    char subject[DRAW_NUMBER_MAX + 32];
    struct buf s = buf_over(subject, sizeof subject), d;
    enum err e = buf_in(c, 64 + 6 * value.n, &d);

    if (e != OK)
        return e;
    buf_str(&s, k.draw);
    buf_z(&s, "/");
    buf_i64(&s, k.attempt);
    buf_z(&d, "{");
    json_put_name(&d, name);
    json_put_text(&d, value);
    buf_z(&d, "}");
    if (s.overflow || d.overflow)
        return ERR_INTERNAL;
    return journal_add(c, &(struct journal_act) {str_of(act), buf_view(&s), buf_view(&d)});
}

/* --- what is matched ----------------------------------------------------------------------------------------------- */

static enum err
find_draw(struct matching *m, struct str task)
{
    enum drawing_state state;
    enum err e = drawing_find(m->c, task, &m->d, &state);

    if (e == OK && state != DRAWING_DRAWN)
        e = ctx_refuse(m->c, ERR_STATE, "draw %s attempt %lld is %s, not drawn", m->d.draw.p, (long long) m->d.attempt,
                       drawing_state_name(state));
    if (e != OK)
        return e;
    m->key = (struct drawing_key) {m->d.draw, m->d.attempt};
    e = assignment_staffing(m->c->db, m->c->arena, &(struct assignment_staffing_in) {m->d.draw, m->d.attempt}, &m->staffing);
    if (e == ERR_NOT_FOUND)
        return ctx_refuse(m->c, ERR_STATE, "no pool of inspectors was frozen before the first secret: void the draw");
    return e == OK ? task_load(m->c, task, &m->task) : e;
}

/* The frozen documents, and that staff.txt is the one in the log. */
static enum err
read_documents(struct matching *m)
{
    struct str digest;
    enum err e = OK;

    for (int i = 0; e == OK && i < DOCUMENTS; i++)
        e = drawing_map(m->c, m->key, staff_file_name((enum staff_file) i), &m->doc[i]);
    if (e != OK)
        return ctx_refuse(m->c, e, "the frozen documents of draw %s attempt %lld", m->d.draw.p, (long long) m->d.attempt);
    hash_of(HASH_SHA256, m->doc[STAFF_SEAL].p, m->doc[STAFF_SEAL].n, m->staff_digest);
    e = drawing_hex(m->c, m->staff_digest, &digest);
    if (e == OK && !str_eq(digest, m->staffing.staff_digest))
        e = ctx_refuse(m->c, ERR_DIGEST, "staff.txt was altered after it was logged");
    return e;
}

/* The targets of result.txt: substitutes, which came later, stand behind them and are not matched. */
static enum err
read_targets(struct matching *m)
{
    struct drawing_substitution_list_row *subs;
    size_t count = 0, sub_count = 0;
    enum err e = drawing_target_list(m->c->db, m->c->arena, &(struct drawing_target_list_in) {m->d.draw, m->d.attempt}, &m->rows,
                                     &count);

    if (e == OK)
        e = drawing_substitution_list(m->c->db, m->c->arena,
                                      &(struct drawing_substitution_list_in) {m->d.draw, m->d.attempt}, &subs, &sub_count);
    if (e == OK && sub_count > 0)
        e = ctx_refuse(m->c, ERR_STATE, "match first, substitute afterwards: targets of this draw were substituted already");
    m->targets = e == OK ? arena_array(m->c->arena, count + 1, sizeof *m->targets) : NULL;
    if (e == OK && m->targets == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < count; i++)
        m->targets[i] = (struct staff_target) {m->rows[i].target, m->rows[i].stratum, (uint64_t) m->rows[i].mask,
                                               (uint32_t) m->rows[i].batch};
    m->target_count = count;
    return e;
}

static enum err
make_seed(struct matching *m)
{
    unsigned char seed[HASH_LEN], key[HASH_LEN];
    enum hash_suite suite;
    enum err e = hash_suite_parse(m->d.suite, &suite);

    if (e == OK)
        e = hex_decode(m->d.seed, seed, sizeof seed);
    if (e != OK)
        return e;
    draw_subkey(suite, "inspector", seed, key);
    match_seed(key, m->staff_digest, m->seed);
    return OK;
}

/* --- solve ----------------------------------------------------------------------------------------------------------- */

static enum err
parse_staff(struct matching *m)
{
    struct staff_fault fault = {0};
    enum err e = staff_parse(&m->arena, m->doc[STAFF_INSPECTORS], m->doc[STAFF_FORBIDDEN], m->doc[STAFF_RULES], &m->staff, &fault);

    if (e == OK || e == ERR_MEMORY)
        return e;
    return ctx_refuse(m->c, ERR_DIGEST, "%s line %zu: %s", staff_file_name(fault.file), fault.line,
                      fault.what == NULL ? "" : fault.what);
}

static enum err
solve_once(struct matching *m, void *arg)
{
    unsigned char draw_digest[HASH_LEN];
    struct match_options o = {.reserves = true, .progress = m->watch.tell, .ctx = m->watch.arg};
    size_t bad = 0;
    enum err e = parse_staff(m);

    (void) arg;
    if (e == OK)
        e = hex_decode(m->d.draw_digest, draw_digest, sizeof draw_digest);
    if (e == OK)
        e = staff_seal_check(m->doc[STAFF_SEAL], &m->staff, draw_digest);
    if (e == OK)
        e = staff_derive(&m->arena, &m->staff, m->targets, m->target_count, NULL, &m->derived, &bad);
    if ((e == ERR_NOT_FOUND || e == ERR_POLICY || e == ERR_DUPLICATE) && bad < m->target_count)
        return ctx_refuse(m->c, e, "the rules of the matching do not cover target %s", m->targets[bad].id.p);
    memcpy(o.seed, m->seed, sizeof o.seed);
    o.slack = m->staff.rules.slack;
    return e == OK ? match_solve(&m->arena, &m->derived.instance, &o, &m->result) : e;
}

/* How much memory an instance takes shows when it runs out: twice as much, from the beginning. */
static enum err
in_memory(struct matching *m, enum err (*once)(struct matching *m, void *arg), void *arg)
{
    enum err e = ERR_MEMORY;

    for (size_t size = ARENA_BYTES_MIN; e == ERR_MEMORY && size <= ARENA_BYTES_MAX; size *= 2) {
        free(m->block);
        m->block = malloc(size);
        if (m->block == NULL)
            return ERR_MEMORY;
        m->arena = arena_over(m->block, size);
        e = once(m, arg);
    }
    return e;
}

/* --- on trial ------------------------------------------------------------------------------------------------------------ */

struct trying {
    const struct staff_trial *trial;
    struct staff_tried *out;
};

static enum err
try_once(struct matching *m, void *arg)
{
    const struct trying *t = arg;
    enum err e = parse_staff(m);

    return e == OK ? staff_try(&m->arena, &m->staff, m->targets, m->target_count, t->trial, t->out) : e;
}

static enum err
bits_of(struct matching *m, struct staff_trial *t, const struct str *departments)
{
    enum err e = OK;

    for (size_t i = 0; e == OK && i < t->more_count; i++) {
        unsigned bit = 0;

        if (!participants_have(&m->task.participants, departments[i]))
            return ctx_refuse(m->c, ERR_NOT_FOUND, "%.*s takes no part", (int) departments[i].n, departments[i].p);
        e = org_bit(m->c, departments[i], &bit);
        t->more[i].department = bit;
    }
    return e;
}

enum err
assignment_try(struct ctx *c, struct str task, struct staff_trial *t, const struct str *departments, struct staff_tried *out)
{
    struct matching m = {.c = c};
    enum err e = find_draw(&m, task);

    if (e == OK)
        e = bits_of(&m, t, departments);
    if (e == OK)
        e = read_documents(&m);
    if (e == OK)
        e = read_targets(&m);
    if (e == OK)
        e = in_memory(&m, try_once, &(struct trying){t, out});
    for (int i = 0; i < DOCUMENTS; i++)
        drawing_unmap(m.doc[i]);
    free(m.block);
    return e;
}

/* --- diagnosis --------------------------------------------------------------------------------------------------------- */

static const char *const REMEDY_NAMES[] = {"raise_caps", "lift_rotation", "add_region"};

static void
put_cut(struct buf *b, const struct matching *m, const struct match_cut *cut)
{
    buf_z(b, "{\"need\":");
    buf_u64(b, cut->need);
    buf_z(b, ",\"capacity\":");
    buf_u64(b, cut->capacity);
    buf_z(b, ",\"groups\":");
    buf_u64(b, cut->group_count);
    buf_z(b, ",\"targets\":[");
    for (uint32_t i = 0; i < cut->group_count && i < 20; i++) {
        buf_z(b, i == 0 ? "" : ",");
        json_put_text(b, m->targets[m->derived.groups[cut->groups[i]].target].id);
    }
    buf_z(b, "],\"inspectors\":[");
    for (uint32_t i = 0; i < cut->inspector_count && i < 20; i++) {
        buf_z(b, i == 0 ? "" : ",");
        json_put_text(b, m->staff.inspectors[cut->inspectors[i]].pseudonym);
    }
    buf_z(b, "]}");
}

static void
put_excluded(struct buf *b, const struct matching *m)
{
    buf_z(b, "\"excluded\":{");
    for (int r = 0; r < STAFF_REASONS; r++) {
        json_put_name(b, staff_reason_name((enum staff_reason) r));
        buf_u64(b, m->derived.reason_count[r]);
    }
    buf_z(b, "}");
}

static enum err
diagnose(struct matching *m, struct str *out)
{
    struct staff_remedy *remedies = arena_array(m->c->arena, STAFF_REMEDY_MAX, sizeof *remedies);
    size_t count = 0, shown = m->result.cut_count < 20 ? m->result.cut_count : 20;
    struct buf b;
    enum err e = buf_in(m->c, 4096 + shown * 4096 + STAFF_REMEDY_MAX * 128, &b);

    if (e == OK && remedies == NULL)
        e = ERR_MEMORY;
    if (e == OK)
        e = staff_remedies(&m->arena, &m->staff, m->targets, m->target_count, &m->derived, &m->result, remedies, &count);
    if (e != OK)
        return e;
    buf_z(&b, "{\"cut_count\":");
    buf_u64(&b, m->result.cut_count);
    buf_z(&b, ",\"cuts\":[");
    for (size_t i = 0; i < shown; i++) {
        buf_z(&b, i == 0 ? "" : ",");
        put_cut(&b, m, &m->result.cuts[i]);
    }
    buf_z(&b, "],");
    put_excluded(&b, m);
    buf_z(&b, ",\"remedies\":[");
    for (size_t i = 0; i < count; i++) {
        buf_z(&b, i == 0 ? "{\"kind\":" : ",{\"kind\":");
        json_put_text(&b, str_of(REMEDY_NAMES[remedies[i].kind]));
        if (remedies[i].kind == STAFF_ADD_REGION) {
            json_put_name(&b, "region");
            json_put_text(&b, remedies[i].region);
        }
        buf_z(&b, remedies[i].unsure     ? ",\"resolves\":null}" /* too large to be solved once more */
                  : remedies[i].resolves ? ",\"resolves\":true}"
                                         : ",\"resolves\":false}");
    }
    buf_z(&b, "]}");
    return buf_take(m->c, &b, out);
}

/* --- owners.txt and the rows --------------------------------------------------------------------------------------------- */

static enum err
put_owners(struct matching *m, struct str text, struct str *digest)
{
    unsigned char hash[HASH_LEN];
    struct str written;
    enum err e = drawing_begin(m->c, m->key, "owners.txt", &m->owners);

    if (e != OK) {
        m->owners.out = NULL;
        return e;
    }
    if (fwrite(text.p, 1, text.n, m->owners.out) != text.n)
        return ERR_IO;
    e = drawing_map_beside(&m->owners, &written); /* its digest is that of what is really there */
    if (e != OK)
        return e;
    hash_of(HASH_SHA256, written.p, written.n, hash);
    drawing_unmap(written);
    return drawing_hex(m->c, hash, digest);
}

static enum err
write_owners(struct matching *m, struct str *digest)
{
    size_t size = staff_owners_bytes(&m->derived, &m->result);
    char *text = malloc(size);
    struct buf b = buf_over(text, text == NULL ? 0 : size);
    enum err e = text == NULL ? ERR_MEMORY : OK;

    if (e == OK)
        staff_owners_write(&b, &m->staff, m->targets, &m->derived, &m->result, m->staff_digest, m->seed);
    if (e == OK)
        e = b.overflow ? ERR_INTERNAL : put_owners(m, buf_view(&b), digest);
    free(text);
    return e;
}

static enum err
department_of_bit(struct matching *m, uint32_t bit, struct str *out)
{
    for (size_t i = 0; i < m->task.participants.count; i++) {
        unsigned b;
        enum err e = org_bit(m->c, m->task.participants.v[i].department, &b);

        if (e != OK)
            return e;
        if (b == bit) {
            *out = m->task.participants.v[i].department;
            return OK;
        }
    }
    return ERR_INTERNAL;
}

static enum err
store_person(struct matching *m, uint32_t g, struct str department, uint32_t inspector, const char *role, int64_t rank)
{
    return assignment_put(m->c->db, &(struct assignment_put_in) {m->targets[m->derived.groups[g].target].id, m->key.draw,
                                                                 m->key.attempt, department,
                                                                 m->staff.inspectors[inspector].pseudonym, str_of(role), rank});
}

static enum err
store_group(struct matching *m, uint32_t g, struct str department)
{
    const struct match_result *r = &m->result;
    uint64_t reserves = r->reserve_first[g + 1] - r->reserve_first[g];
    enum err e = OK;

    for (uint32_t i = r->team_first[g]; e == OK && i < r->team_first[g + 1]; i++)
        e = store_person(m, g, department, r->team[i], r->team[i] == r->lead[g] ? "lead" : "member", 0);
    for (uint64_t i = 0; e == OK && i < reserves && i < m->reserves_stored; i++)
        e = store_person(m, g, department, r->reserve[r->reserve_first[g] + i], "reserve", (int64_t) i + 1);
    return e;
}

/* A group and the code of its target: rows go in by target, as their keys do. */
struct place {
    struct str target;
    uint32_t group;
};

static int
by_target(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = str_cmp(x->target, y->target);

    return order != 0 ? order : x->group < y->group ? -1 : 1;
}

static enum err
sort_groups(struct matching *m, struct place **out)
{
    uint32_t count = m->derived.instance.groups;
    struct place *p = arena_array(&m->arena, (size_t) count + 1, sizeof *p);

    *out = p;
    if (p == NULL)
        return ERR_MEMORY;
    for (uint32_t g = 0; g < count; g++)
        p[g] = (struct place) {m->targets[m->derived.groups[g].target].id, g};
    qsort(p, count, sizeof *p, by_target);
    return OK;
}

static enum err
store_teams(struct matching *m)
{
    struct str departments[STAFF_DEPARTMENTS] = {{0}};
    uint32_t count = m->derived.instance.groups;
    struct place *places;
    enum err e = sort_groups(m, &places);

    m->reserves_stored = count == 0 ? 0 : ASSIGNMENT_RESERVE_ROWS / count;
    if (m->reserves_stored > ASSIGNMENT_RESERVES_STORED)
        m->reserves_stored = ASSIGNMENT_RESERVES_STORED;
    for (uint32_t i = 0; e == OK && i < count; i++) {
        uint32_t bit = m->derived.groups[places[i].group].department;

        if (i % TELL_EVERY == 0)
            e = drawing_told(m->watch, i, count);
        if (e == OK && departments[bit].p == NULL)
            e = department_of_bit(m, bit, &departments[bit]);
        if (e == OK)
            e = store_group(m, places[i].group, departments[bit]);
    }
    for (size_t t = 0; e == OK && t < m->target_count; t++)
        e = visit_open(m->c, &(struct visit_plan) {m->targets[t].id, m->task.row.code, m->key.draw, m->key.attempt,
                                                   m->targets[t].mask, m->task.row.cap_exempt});
    return e;
}

/* --- the operation --------------------------------------------------------------------------------------------------------- */

static enum err
count_loads(struct matching *m)
{
    uint32_t *load = arena_array(&m->arena, m->staff.inspector_count + 1, sizeof *load);
    const struct match_instance *in = &m->derived.instance;
    struct assignment_outcome *out = &m->out;

    if (load == NULL)
        return ERR_MEMORY;
    for (uint32_t g = 0; g < in->groups; g++) {
        out->place_count += in->demand[g];
        for (uint32_t i = m->result.team_first[g]; m->result.feasible && i < m->result.team_first[g + 1]; i++)
            load[m->result.team[i]]++;
    }
    out->least_load = UINT64_MAX;
    for (size_t i = 0; i < m->staff.inspector_count; i++) {
        out->least_load = load[i] < out->least_load ? load[i] : out->least_load;
        out->most_load = load[i] > out->most_load ? load[i] : out->most_load;
    }
    out->group_count = in->groups;
    out->inspector_count = m->staff.inspector_count;
    for (int r = 0; r < STAFF_REASONS; r++)
        out->excluded[r] = m->derived.reason_count[r];
    return OK;
}

static enum err
compute(struct matching *m)
{
    enum err e = read_documents(m);

    if (e == OK)
        e = read_targets(m);
    if (e == OK)
        e = make_seed(m);
    if (e == OK)
        e = in_memory(m, solve_once, NULL);
    return e == OK ? count_loads(m) : e;
}

/* Done before: the stored outcome, never a second matching. */
static void
take_stored(struct matching *m)
{
    m->out = (struct assignment_outcome) {.key = m->key,
                                          .again = true,
                                          .feasible = str_eq(m->staffing.state, STR("assigned")),
                                          .digest = m->staffing.owners_digest,
                                          .diagnosis = m->staffing.diagnosis};
}

static enum err
solve(struct matching *m, struct str task)
{
    enum err e = find_draw(m, task);

    if (e != OK)
        return e;
    m->out.key = m->key;
    if (!str_eq(m->staffing.state, STR("frozen"))) {
        take_stored(m);
        return OK;
    }
    e = compute(m);
    m->out.feasible = e == OK && m->result.feasible;
    if (e == OK)
        e = write_owners(m, &m->out.digest);
    return e == OK && !m->result.feasible ? diagnose(m, &m->out.diagnosis) : e;
}

enum err
assignment_prepare(struct ctx *c, struct str task, struct drawing_watch watch, struct matching **out)
{
    struct matching *m = calloc(1, sizeof *m);

    *out = m;
    if (m == NULL)
        return ERR_MEMORY;
    m->c = c;
    m->watch = watch;
    return solve(m, task);
}

void
assignment_abandon(struct matching *m)
{
    if (m == NULL)
        return;
    if (m->owners.out != NULL) {
        enum err e = file_end(&m->owners, ERR_CANCELLED);

        (void) e;
    }
    for (int i = 0; i < DOCUMENTS; i++)
        drawing_unmap(m->doc[i]);
    free(m->block);
    free(m);
}

/* The rows, then the file gets its name: whoever breaks it off before leaves neither. */
static enum err
store(struct matching *m)
{
    bool feasible = m->result.feasible;
    struct str seed;
    enum err e = drawing_hex(m->c, m->seed, &seed);

    if (e == OK)
        e = assignment_staffing_move(m->c->db, &(struct assignment_staffing_move_in) {
                                                   m->key.draw, m->key.attempt, feasible ? STR("assigned") : STR("infeasible"),
                                                   seed, m->out.digest, m->out.diagnosis, m->c->now_us});
    if (e == OK && feasible)
        e = store_teams(m);
    if (e == OK && feasible)
        e = task_step(m->c, m->task.row.code, TASK_DRAWN, TASK_ASSIGNED);
    if (e == OK)
        e = file_end(&m->owners, OK);
    return e == OK ? note(m->c, feasible ? "assignment.assign" : "assignment.infeasible", m->key, "digest", m->out.digest) : e;
}

/* What is stored now decides: another may have been faster, or the draw was voided. */
static enum err
store_once(struct matching *m)
{
    struct drawing_key solved = m->key;
    enum err e = m->out.again ? OK : find_draw(m, m->task.row.code);

    if (e != OK || m->out.again)
        return e;
    if (!str_eq(solved.draw, m->key.draw) || solved.attempt != m->key.attempt)
        return ctx_refuse(m->c, ERR_STATE, "draw %s attempt %lld was voided", solved.draw.p, (long long) solved.attempt);
    if (str_eq(m->staffing.state, STR("frozen")))
        return store(m);
    take_stored(m);
    return OK;
}

enum err
assignment_store(struct ctx *c, struct matching *m, struct drawing_watch watch, struct assignment_outcome *out)
{
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    m->c = c;
    m->watch = watch;
    e = db_end(c->db, store_once(m));
    *out = m->out;
    return e;
}

static enum err
assign_once(struct ctx *c, struct str task, struct assignment_outcome *out)
{
    const struct drawing_watch nobody = {0};
    struct matching *m;
    enum err e = assignment_prepare(c, task, nobody, &m);

    *out = (struct assignment_outcome) {0};
    if (e == OK)
        e = assignment_store(c, m, nobody, out);
    assignment_abandon(m);
    return e;
}

/* Two at once: where writers do not wait for each other the later one finds the pool assigned, and gets the stored outcome. */
enum err
assignment_assign(struct ctx *c, struct str task, struct assignment_outcome *out)
{
    enum err e = assign_once(c, task, out);

    return e == ERR_STATE || e == ERR_EXISTS ? assign_once(c, task, out) : e;
}

/* --- substituted targets, voided draws ----------------------------------------------------------------------------------------- */

static enum err
copy_team(struct ctx *c, struct drawing_key k, const struct drawing_substitution_list_row *s, struct str department,
          bool *is_new)
{
    struct assignment_list_row *rows, *there;
    size_t count, there_count;
    enum err e = assignment_list(c->db, c->arena, &(struct assignment_list_in) {s->substitute, k.draw, k.attempt}, &there,
                                 &there_count);

    for (size_t i = 0; e == OK && i < there_count; i++)
        if (str_eq(there[i].department, department))
            return OK;
    if (e == OK)
        e = assignment_list(c->db, c->arena, &(struct assignment_list_in) {s->target, k.draw, k.attempt}, &rows, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        if (str_eq(rows[i].department, department) && !str_eq(rows[i].role, STR("recused"))) {
            *is_new = true;
            e = assignment_put(c->db, &(struct assignment_put_in) {s->substitute, k.draw, k.attempt, department,
                                                                   rows[i].inspector, rows[i].role, rows[i].rank});
        }
    return e;
}

static enum err
follow_one(struct ctx *c, const struct task *t, struct drawing_key k, const struct drawing_substitution_list_row *s,
           size_t *count)
{
    bool is_new = false;
    enum err e = OK;

    for (size_t i = 0; e == OK && i < t->participants.count; i++) {
        unsigned bit = 0;

        e = org_bit(c, t->participants.v[i].department, &bit);
        if (e == OK && (int64_t) bit == s->grp)
            e = copy_team(c, k, s, t->participants.v[i].department, &is_new);
    }
    if (e != OK || !is_new)
        return e;
    (*count)++;
    return visit_open(c, &(struct visit_plan) {s->substitute, t->row.code, k.draw, k.attempt, UINT64_C(1) << s->grp,
                                               t->row.cap_exempt});
}

static enum err
follow(struct ctx *c, struct str task, size_t *count)
{
    struct drawing_current_row d;
    struct drawing_substitution_list_row *subs;
    enum drawing_state state;
    struct drawing_key k;
    struct task t;
    size_t sub_count = 0;
    enum err e = drawing_find(c, task, &d, &state);

    if (e == OK)
        e = task_load(c, task, &t);
    if (e == OK && t.state < TASK_ASSIGNED)
        e = ctx_refuse(c, ERR_STATE, "task %s is %s, not assigned", t.row.code.p, task_state_name(t.state));
    if (e == OK)
        e = drawing_substitution_list(c->db, c->arena, &(struct drawing_substitution_list_in) {d.draw, d.attempt}, &subs,
                                      &sub_count);
    k = (struct drawing_key) {d.draw, d.attempt};
    *count = 0;
    for (size_t i = 0; e == OK && i < sub_count; i++)
        e = follow_one(c, &t, k, &subs[i], count);
    return e == OK && *count > 0 ? note(c, "assignment.follow", k, "task", task) : e;
}

enum err
assignment_follow(struct ctx *c, struct str task, size_t *count)
{
    enum err e = db_begin(c->db);

    return e == OK ? db_end(c->db, follow(c, task, count)) : e;
}

enum err
assignment_substitute(struct ctx *c, struct str task, struct str target, struct str reason, struct str evidence,
                      struct str approver, size_t *count)
{
    size_t followed;
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = drawing_substitute(c, task, target, reason, evidence, approver, count);
    if (e == OK)
        e = assignment_follow(c, task, &followed);
    return db_end(c->db, e);
}

enum err
assignment_void(struct ctx *c, struct str task, struct str reason)
{
    struct drawing_current_row d;
    enum drawing_state state;
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = drawing_find(c, task, &d, &state);
    if (e == OK)
        e = drawing_void(c, task, reason);
    if (e == OK)
        e = visit_forget(c->db, &(struct visit_forget_in) {d.draw, d.attempt, task});
    if (e == OK)
        e = assignment_forget(c->db, &(struct assignment_forget_in) {d.draw, d.attempt});
    return db_end(c->db, e);
}

/* --- a department agrees ------------------------------------------------------------------------------------------------------ */

static enum err
confirm(struct ctx *c, struct str task, struct str department)
{
    struct drawing_current_row d;
    struct assignment_staffing_row staffing;
    struct assignment_teams_of_row *teams;
    enum drawing_state state;
    bool has_team = false;
    size_t count = 0;
    enum err e = drawing_find(c, task, &d, &state);

    if (e == OK)
        e = assignment_staffing(c->db, c->arena, &(struct assignment_staffing_in) {d.draw, d.attempt}, &staffing);
    if (e == ERR_NOT_FOUND || (e == OK && (state != DRAWING_DRAWN || !str_eq(staffing.state, STR("assigned")))))
        return ctx_refuse(c, ERR_STATE, "no teams are matched for task %.*s", (int) task.n, task.p);
    if (e == OK)
        e = assignment_teams_of(c->db, c->arena, &(struct assignment_teams_of_in) {d.draw, d.attempt}, &teams, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        has_team |= str_eq(teams[i].department, department);
    if (e == OK && !has_team)
        e = ctx_refuse(c, ERR_NOT_FOUND, "%.*s has no team in this draw", (int) department.n, department.p);
    if (e == OK)
        e = assignment_confirmation_put(c->db, &(struct assignment_confirmation_put_in) {d.draw, d.attempt, department,
                                                                                         c->now_us});
    return e == OK ? note(c, "assignment.confirm", (struct drawing_key) {d.draw, d.attempt}, "department", department) : e;
}

enum err
assignment_confirm(struct ctx *c, struct str task, struct str department)
{
    enum err e = db_begin(c->db);

    if (e == OK)
        e = db_end(c->db, confirm(c, task, department));
    return e == ERR_EXISTS ? OK : e; /* it had agreed before; nothing was written */
}
