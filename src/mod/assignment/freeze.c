/* mod/assignment/freeze.c - the pool is frozen: staff.tsv, forbidden.tsv, rules.txt, staff.txt (match-1, section 5) */
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/assignment/assignment_int.h"
#include "mod/inspector/inspector.h"
#include "mod/item/item.h"
#include "mod/journal/journal.h"
#include "mod/org/org.h"
#include "mod/task/task.h"

enum { TOKEN_MAX = 32, LIST_MAX = 256 };

struct freezing {
    struct ctx *c;
    struct drawing_current_row d;
    struct drawing_key key;
    struct task task;
    unsigned bits[TERMS_PARTICIPANTS_MAX];
    const struct assignment_rules *rules;
    struct inspector_list_row *people; /* all of the registry, by code */
    size_t person_count;
    unsigned char *taken; /* by person: stands in staff.tsv */
    struct inspector_certificate_list_row *certificates;
    struct inspector_leave_list_row *leaves;
    struct inspector_recusal_list_row *recusals;
    struct inspector_secondment_of_task_row *lent; /* by inspector */
    struct assignment_last_row *last;
    size_t certificate_count, leave_count, recusal_count, last_count, lent_count;
    size_t certificate_at, leave_at, lent_at; /* the first of the person in work; lists and people go by code */
    struct str unique_items[TERMS_PARTICIPANTS_MAX], skills[TERMS_PARTICIPANTS_MAX]; /* lists by participant */
    struct assignment_frozen *out;
};

/* --- tokens and lists ------------------------------------------------------------------------------------------------ */

static bool
is_token(struct str s)
{
    return draw_name_ok(s); /* the same rule: [A-Za-z0-9][A-Za-z0-9._-]{0,31} */
}

static enum err
token(struct ctx *c, struct str word, struct str *out)
{
    unsigned char digest[HASH_LEN];
    char text[1 + 24];

    *out = word;
    if (is_token(word))
        return OK;
    hash_of(HASH_SHA256, word.p, word.n, digest);
    text[0] = 'u';
    hex_encode(digest, 12, text + 1);
    *out = str_copy(c->arena, (struct str) {text, sizeof text});
    return out->p == NULL ? ERR_MEMORY : OK;
}

static int
by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *) a, *(const struct str *) b);
}

/* A list as match-1 writes it: tokens ascending, each once, separated by commas; "-" when empty. */
static enum err
join(struct ctx *c, struct str *words, size_t count, struct str *out)
{
    struct buf b;
    size_t need = 2;
    enum err e = OK;

    for (size_t i = 0; e == OK && i < count; i++) {
        e = token(c, words[i], &words[i]);
        need += words[i].n + 1;
    }
    if (e == OK)
        e = buf_in(c, need, &b);
    if (e != OK)
        return e;
    qsort(words, count, sizeof *words, by_bytes);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || !str_eq(words[i], words[i - 1])) {
            buf_z(&b, b.n > 0 ? "," : "");
            buf_str(&b, words[i]);
        }
    if (b.n == 0)
        buf_z(&b, "-");
    return buf_take(c, &b, out);
}

static enum err
json_list(struct ctx *c, struct str json, const char *absent, struct str *out)
{
    struct texts t;
    enum err e;

    *out = str_of(absent);
    if (json.p == NULL)
        return OK;
    e = json_texts_of(c, json, LIST_MAX, TERMS_TEXT_MAX, &t);
    return e == OK ? join(c, t.v, t.count, out) : e;
}

/* --- staff.tsv ------------------------------------------------------------------------------------------------------- */

static enum err
load(struct freezing *f)
{
    struct ctx *c = f->c;
    enum err e = inspector_list(c->db, c->arena, &f->people, &f->person_count);

    if (e == OK)
        e = inspector_certificate_list(c->db, c->arena, &f->certificates, &f->certificate_count);
    if (e == OK)
        e = inspector_leave_list(c->db, c->arena,
                                 &(struct inspector_leave_list_in) {f->task.row.from_day, f->task.row.to_day}, &f->leaves,
                                 &f->leave_count);
    if (e == OK)
        e = inspector_recusal_list(c->db, c->arena, &f->recusals, &f->recusal_count);
    if (e == OK)
        e = inspector_secondment_of_task(c->db, c->arena, &(struct inspector_secondment_of_task_in) {f->task.row.code}, &f->lent,
                                         &f->lent_count);
    if (e == OK && !f->rules->no_rotation)
        e = assignment_last(c->db, c->arena, &f->last, &f->last_count);
    f->taken = arena_alloc(c->arena, f->person_count + 1);
    return e == OK && f->taken == NULL ? ERR_MEMORY : e;
}

/* The last day of a certificate of enforcement 行政执法证; a technical one does not count. */
static enum err
valid_to(struct freezing *f, struct str person, struct str *out)
{
    int64_t best = INT64_MIN;
    char text[DAY_TEXT + 1];

    *out = STR("-");
    while (f->certificate_at < f->certificate_count &&
           str_cmp(f->certificates[f->certificate_at].inspector, person) < 0)
        f->certificate_at++;
    for (size_t i = f->certificate_at; i < f->certificate_count && str_eq(f->certificates[i].inspector, person); i++)
        if (!str_eq(f->certificates[i].kind, STR("technical")) && f->certificates[i].valid_to_day > best)
            best = f->certificates[i].valid_to_day;
    if (best == INT64_MIN)
        return OK;
    day_format(best, text);
    *out = str_copy(f->c->arena, str_of(text));
    return out->p == NULL ? ERR_MEMORY : OK;
}

/* Leaves come by their first day; those that touch or overlap are written as one. */
static enum err
leave_list(struct freezing *f, struct str person, struct str *out)
{
    char from[DAY_TEXT + 1], to[DAY_TEXT + 1];
    size_t end;
    struct buf b;
    enum err e;

    while (f->leave_at < f->leave_count && str_cmp(f->leaves[f->leave_at].inspector, person) < 0)
        f->leave_at++;
    for (end = f->leave_at; end < f->leave_count && str_eq(f->leaves[end].inspector, person);)
        end++;
    e = buf_in(f->c, 2 + (end - f->leave_at + 1) * (2 * DAY_TEXT + 2), &b);
    for (size_t i = f->leave_at; e == OK && i < end; i++) {
        int64_t first = f->leaves[i].from_day, last = f->leaves[i].to_day;

        while (i + 1 < end && f->leaves[i + 1].from_day <= last + 1) {
            i++;
            last = f->leaves[i].to_day > last ? f->leaves[i].to_day : last;
        }
        day_format(first, from);
        day_format(last, to);
        buf_z(&b, b.n > 0 ? "," : "");
        buf_z(&b, from);
        buf_z(&b, "/");
        buf_z(&b, to);
    }
    if (e != OK)
        return e;
    if (b.n == 0)
        buf_z(&b, "-");
    return buf_take(f->c, &b, out);
}

static enum err
salt(struct freezing *f, char hex[static 2 * DRAW_SALT_BYTES])
{
    unsigned char bytes[DRAW_SALT_BYTES];
    enum err e = f->c->entropy(bytes, sizeof bytes);

    if (e == OK)
        hex_encode(bytes, sizeof bytes, hex);
    return e;
}

static int
participant_of(const struct freezing *f, struct str department)
{
    for (size_t i = 0; i < f->task.participants.count; i++)
        if (str_eq(f->task.participants.v[i].department, department))
            return (int) i;
    return -1;
}

/* The secondment 借调 of the person in work for this task; NULL: he counts for his own department. */
static const struct inspector_secondment_of_task_row *
lent(struct freezing *f, struct str person)
{
    while (f->lent_at < f->lent_count && str_cmp(f->lent[f->lent_at].inspector, person) < 0)
        f->lent_at++;
    return f->lent_at < f->lent_count && str_eq(f->lent[f->lent_at].inspector, person) ? &f->lent[f->lent_at] : NULL;
}

static enum err
person_row(struct freezing *f, const struct inspector_list_row *p, unsigned bit, struct staff_inspector *row)
{
    enum err e = is_token(p->code) ? OK : ctx_refuse(f->c, ERR_CHARSET, "inspector %s: not a pseudonym", p->code.p);

    *row = (struct staff_inspector) {.pseudonym = p->code, .department = bit, .lead = p->lead != 0};
    row->cap = p->cap_count < 0 ? 0 : p->cap_count > STAFF_CAP_MAX ? STAFF_CAP_MAX : (uint32_t) p->cap_count;
    if (e == OK)
        e = json_list(f->c, p->regions, "*", &row->regions);
    if (e == OK)
        e = json_list(f->c, p->skills, "-", &row->skills);
    if (e == OK)
        e = json_list(f->c, p->items, "*", &row->range);
    if (e == OK)
        e = valid_to(f, p->code, &row->valid_to);
    return e == OK ? leave_list(f, p->code, &row->leave) : e;
}

static enum err
put_line(struct file *out, const struct buf *b)
{
    return b->overflow ? ERR_TOO_LARGE : fwrite(b->p, 1, b->n, out->out) == b->n ? OK : ERR_IO;
}

static enum err
put_people(struct freezing *f, struct file *out)
{
    char line[STAFF_LINE_BYTES + 2], hex[2 * DRAW_SALT_BYTES];
    enum err e = OK;

    for (size_t i = 0; e == OK && i < f->person_count; i++) {
        const struct inspector_secondment_of_task_row *away = lent(f, f->people[i].code);
        int who = participant_of(f, away != NULL ? away->department : f->people[i].department);
        size_t mark = arena_mark(f->c->arena);
        struct staff_inspector row;
        struct buf b = buf_over(line, sizeof line);

        if (who < 0 || !str_eq(f->people[i].state, STR("active")))
            continue;
        e = person_row(f, &f->people[i], f->bits[who], &row);
        if (away != NULL)
            row.range = STR("*"); /* lent for whatever that department inspects in this task */
        if (away != NULL && away->anywhere != 0)
            row.regions = STR("*");
        if (e == OK)
            e = salt(f, hex);
        if (e == OK) {
            row.salt = (struct str) {hex, sizeof hex};
            staff_inspector_write(&b, &row);
            e = put_line(out, &b);
        }
        arena_rewind(f->c->arena, mark);
        f->taken[i] = 1;
        f->out->inspector_count++;
    }
    return e == OK && f->out->inspector_count == 0
               ? ctx_refuse(f->c, ERR_MISSING, "no active inspector in the participating departments")
               : e;
}

/* --- forbidden.tsv ----------------------------------------------------------------------------------------------------- */

static bool
in_staff(const struct freezing *f, struct str code)
{
    size_t low = 0, high = f->person_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(f->people[mid].code, code);

        if (order == 0)
            return f->taken[mid] != 0;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

static enum err
put_forbidden_line(struct freezing *f, struct file *out, struct str code, struct str target, enum staff_reason reason)
{
    char line[STAFF_LINE_BYTES + 2], hex[2 * DRAW_SALT_BYTES];
    struct buf b = buf_over(line, sizeof line);
    enum err e;

    if (!in_staff(f, code))
        return OK;
    if (!draw_id_ok(target))
        return ctx_refuse(f->c, ERR_CHARSET, "target %.*s of a recusal", (int) target.n, target.p);
    e = salt(f, hex);
    if (e != OK)
        return e;
    staff_forbidden_write(&b, &(struct staff_forbidden) {code, target, reason, {hex, sizeof hex}});
    f->out->forbidden_count++;
    return put_line(out, &b);
}

/* Two sorted lists become one, by inspector, target, reason ("last" before "recusal"). */
static enum err
put_forbidden(struct freezing *f, struct file *out)
{
    size_t r = 0, l = 0;
    enum err e = OK;

    while (e == OK && (r < f->recusal_count || l < f->last_count)) {
        int order;

        if (l == f->last_count) {
            order = 1;
        } else if (r == f->recusal_count) {
            order = -1;
        } else {
            order = str_cmp(f->last[l].inspector, f->recusals[r].inspector);
            order = order != 0 ? order : str_cmp(f->last[l].target, f->recusals[r].target);
        }
        if (order <= 0) {
            e = put_forbidden_line(f, out, f->last[l].inspector, f->last[l].target, STAFF_LAST);
            l++;
        } else {
            e = put_forbidden_line(f, out, f->recusals[r].inspector, f->recusals[r].target, STAFF_RECUSAL);
            r++;
        }
    }
    return e;
}

/* --- rules.txt --------------------------------------------------------------------------------------------------------- */

/* What the items of one participant are, and which skills they ask for. */
static enum err
item_lists(struct freezing *f, size_t who)
{
    struct str items[TERMS_ITEMS_MAX], skills[TERMS_ITEMS_MAX * 8];
    size_t item_count = 0, skill_count = 0;
    enum err e = OK;

    for (size_t i = 0; e == OK && i < f->task.items.count; i++) {
        struct item_current_row item;
        struct texts asked = {0};

        e = item_current(f->c->db, f->c->arena, &(struct item_current_in) {f->task.items.v[i]}, &item);
        if (e != OK || !str_eq(item.department, f->task.participants.v[who].department))
            continue;
        items[item_count++] = item.code;
        e = json_texts_of(f->c, item.skills, 8, TERMS_TEXT_MAX, &asked);
        for (size_t k = 0; e == OK && k < asked.count; k++)
            skills[skill_count++] = asked.v[k];
    }
    if (e == OK)
        e = join(f->c, items, item_count, &f->unique_items[who]);
    return e == OK ? join(f->c, skills, f->rules->skilled ? skill_count : 0, &f->skills[who]) : e;
}

/* The window of the task is cut into equal parts, one per batch. */
static void
weeks(const struct freezing *f, struct staff_week *out)
{
    int64_t days = f->task.row.to_day - f->task.row.from_day + 1, n = f->d.batches;

    for (int64_t b = 0; b < n; b++) {
        out[b].first_day = f->task.row.from_day + days * b / n;
        out[b].last_day = f->task.row.from_day + days * (b + 1) / n - 1;
        if (out[b].last_day < out[b].first_day) /* more batches than days */
            out[b].last_day = out[b].first_day;
    }
}

static void
by_bit(const struct freezing *f, size_t order[static TERMS_PARTICIPANTS_MAX])
{
    for (size_t i = 0; i < f->task.participants.count; i++) {
        size_t at = i;

        for (; at > 0 && f->bits[order[at - 1]] > f->bits[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static enum err
rules_text(struct freezing *f, struct buf *out)
{
    size_t order[TERMS_PARTICIPANTS_MAX], n = f->task.participants.count;
    struct staff_items items[TERMS_PARTICIPANTS_MAX];
    struct staff_places places[TERMS_PARTICIPANTS_MAX];
    struct staff_rules r = {.slack = f->rules->slack,
                            .team = ASSIGNMENT_TEAM_MIN,
                            .rotation = !f->rules->no_rotation,
                            .items = items,
                            .places = places,
                            .week_count = (size_t) f->d.batches,
                            .places_count = n};
    struct buf b;
    enum err e = buf_in(f->c, 4096 + r.week_count * 64 + n * 8192, &b);

    r.weeks = arena_array(f->c->arena, r.week_count + 1, sizeof *r.weeks);
    if (e == OK && r.weeks == NULL)
        e = ERR_MEMORY;
    for (size_t i = 0; e == OK && i < n; i++)
        e = item_lists(f, i);
    if (e != OK)
        return e;
    weeks(f, r.weeks);
    by_bit(f, order);
    for (size_t i = 0; i < n; i++) {
        size_t who = order[i];

        if (!str_eq(f->unique_items[who], STR("-")))
            items[r.items_count++] = (struct staff_items) {f->bits[who], f->unique_items[who]};
        places[i] = (struct staff_places) {f->bits[who], STR("*"), f->task.participants.v[who].places,
                                           f->rules->any_region ? STR("*") : STR("id"), f->skills[who]};
    }
    staff_rules_write(&b, &r);
    *out = b;
    return b.overflow ? ERR_MEMORY : OK;
}

static enum err
write_rules(struct freezing *f)
{
    struct buf b;
    enum err e = rules_text(f, &b);

    return e == OK ? drawing_write(f->c, f->key, "rules.txt", buf_view(&b)) : e;
}

/* --- staff.txt ----------------------------------------------------------------------------------------------------------- */

static enum err
seal_documents(struct freezing *f, const struct str doc[static 3], struct arena *a)
{
    struct staff_fault fault = {0};
    unsigned char draw_digest[HASH_LEN], digest[HASH_LEN];
    struct staff s;
    struct buf b;
    enum err e = staff_parse(a, doc[0], doc[1], doc[2], &s, &fault);

    if (e != OK)
        return fault.what == NULL ? e : ctx_refuse(f->c, e, "%s line %zu: %s", staff_file_name(fault.file), fault.line,
                                                   fault.what);
    e = hex_decode(f->d.draw_digest, draw_digest, sizeof draw_digest);
    if (e == OK)
        e = buf_in(f->c, 1024, &b);
    if (e != OK)
        return e;
    staff_seal_write(&b, &s, draw_digest);
    e = b.overflow ? ERR_MEMORY : drawing_write(f->c, f->key, "staff.txt", buf_view(&b));
    hash_of(HASH_SHA256, b.p, b.n, digest);
    return e == OK ? drawing_hex(f->c, digest, &f->out->digest) : e;
}

/* The documents are read back from the disk before they are sealed. */
static enum err
write_seal(struct freezing *f)
{
    static const enum staff_file FILES[3] = {STAFF_INSPECTORS, STAFF_FORBIDDEN, STAFF_RULES};
    struct str doc[3] = {{0}};
    size_t need = 1 << 20;
    void *block = NULL;
    struct arena a;
    enum err e = OK;

    for (int i = 0; e == OK && i < 3; i++) {
        e = drawing_map(f->c, f->key, staff_file_name(FILES[i]), &doc[i]);
        need += 16 * doc[i].n;
    }
    if (e == OK) {
        block = malloc(need);
        a = arena_over(block, block == NULL ? 0 : need);
        e = block == NULL ? ERR_MEMORY : seal_documents(f, doc, &a);
    }
    for (int i = 0; i < 3; i++)
        drawing_unmap(doc[i]);
    free(block);
    return e;
}

/* --- the operation --------------------------------------------------------------------------------------------------------- */

static enum err
write_table(struct freezing *f, enum staff_file name, enum err (*put)(struct freezing *f, struct file *out))
{
    struct file out;
    enum err e = drawing_begin(f->c, f->key, staff_file_name(name), &out);

    return e == OK ? file_end(&out, put(f, &out)) : e;
}

static enum err
freeze(struct freezing *f, struct str task)
{
    enum err e = drawing_unseen(f->c, task, "the pool", &f->d);

    f->key = (struct drawing_key) {f->d.draw, f->d.attempt};
    if (e == OK)
        e = task_load(f->c, task, &f->task);
    for (size_t i = 0; e == OK && i < f->task.participants.count; i++)
        e = org_bit(f->c, f->task.participants.v[i].department, &f->bits[i]);
    if (e == OK) /* the row first: it holds back a second freezing */
        e = assignment_staffing_put(f->c->db, &(struct assignment_staffing_put_in) {f->key.draw, f->key.attempt, STR("-"),
                                                                                    f->c->now_us});
    if (e == ERR_EXISTS)
        return ctx_refuse(f->c, e, "the pool of draw %s attempt %lld is frozen", f->key.draw.p, (long long) f->key.attempt);
    if (e == OK)
        e = load(f);
    if (e == OK)
        e = write_table(f, STAFF_INSPECTORS, put_people);
    if (e == OK)
        e = write_table(f, STAFF_FORBIDDEN, put_forbidden);
    if (e == OK)
        e = write_rules(f);
    if (e == OK)
        e = write_seal(f);
    if (e == OK)
        e = assignment_staffing_seal(f->c->db, &(struct assignment_staffing_seal_in) {f->key.draw, f->key.attempt,
                                                                                      f->out->digest});
    return e;
}

static enum err
note(struct freezing *f)
{
    char subject[DRAW_NUMBER_MAX + 32], detail[128];
    struct buf s = buf_over(subject, sizeof subject), d = buf_over(detail, sizeof detail);

    buf_str(&s, f->key.draw);
    buf_z(&s, "/");
    buf_i64(&s, f->key.attempt);
    buf_z(&d, "{\"digest\":\"");
    buf_str(&d, f->out->digest);
    buf_z(&d, "\"}");
    if (s.overflow || d.overflow)
        return ERR_INTERNAL;
    return journal_add(f->c, &(struct journal_act) {STR("assignment.freeze"), buf_view(&s), buf_view(&d)});
}

enum err
assignment_freeze(struct ctx *c, struct str task, const struct assignment_rules *rules, struct assignment_frozen *out)
{
    struct freezing *f = calloc(1, sizeof *f);
    enum err e = f == NULL ? ERR_MEMORY : db_begin(c->db);

    if (e == OK) {
        *out = (struct assignment_frozen) {0};
        f->c = c;
        f->rules = rules;
        f->out = out;
        e = freeze(f, task);
        if (e == OK)
            e = note(f);
        out->key = f->key;
        e = db_end(c->db, e);
    }
    free(f);
    return e;
}

/* --- the same documents before anything is sealed: for a dry run ------------------------------------------------------------- */

static enum err
in_memory(struct freezing *f, enum err (*put)(struct freezing *f, struct file *out), struct str *text)
{
    char *p = NULL;
    size_t n = 0;
    struct file out = {.out = open_memstream(&p, &n)};
    enum err e = out.out == NULL ? ERR_MEMORY : put(f, &out);

    if (out.out != NULL && fclose(out.out) != 0 && e == OK)
        e = ERR_MEMORY;
    *text = (struct str) {p, n};
    return e;
}

static enum err
draft(struct freezing *f, struct str task, struct str doc[static 3])
{
    struct buf b;
    enum err e = task_load(f->c, task, &f->task);

    f->d.batches = f->task.sampling.batches;
    for (size_t i = 0; e == OK && i < f->task.participants.count; i++)
        e = org_bit(f->c, f->task.participants.v[i].department, &f->bits[i]);
    if (e == OK)
        e = load(f);
    if (e == OK)
        e = in_memory(f, put_people, &doc[STAFF_INSPECTORS]);
    if (e == OK)
        e = in_memory(f, put_forbidden, &doc[STAFF_FORBIDDEN]);
    if (e == OK)
        e = rules_text(f, &b);
    if (e == OK)
        doc[STAFF_RULES] = buf_view(&b);
    return e;
}

enum err
assignment_draft(struct ctx *c, struct str task, const struct assignment_rules *rules, struct str doc[static 3])
{
    struct assignment_frozen counts = {0};
    struct freezing *f = calloc(1, sizeof *f);
    enum err e = f == NULL ? ERR_MEMORY : OK;

    for (int i = 0; i < 3; i++)
        doc[i] = (struct str) {0};
    if (e == OK) {
        f->c = c;
        f->rules = rules;
        f->out = &counts;
        e = draft(f, task, doc);
    }
    free(f);
    return e;
}

/* --- secondment 借调: until the list is sealed --------------------------------------------------------------------------------- */

static enum err
may_lend(struct ctx *c, struct str code, struct task *t)
{
    enum err e = task_load(c, code, t);

    if (e == OK && t->state != TASK_APPROVED)
        return ctx_refuse(c, ERR_STATE, "the task is %s: people are lent between its approval and the seal", task_state_name(t->state));
    return e;
}

enum err
assignment_second(struct ctx *c, struct inspector_at at, const struct inspector_secondment_put_in *say)
{
    struct task t;
    enum err e = may_lend(c, say->task, &t);

    if (e == OK && !participants_have(&t.participants, say->department))
        return ctx_refuse(c, ERR_INPUT, "%.*s takes no part in the task", (int) say->department.n, say->department.p);
    return e == OK ? inspector_second(c, at, say) : e;
}

enum err
assignment_unsecond(struct ctx *c, struct inspector_at at, struct str task, struct str reason)
{
    struct task t;
    enum err e = may_lend(c, task, &t);

    return e == OK ? inspector_unsecond(c, at, task, reason) : e;
}
