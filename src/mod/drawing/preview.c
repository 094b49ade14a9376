/* mod/drawing/preview.c - a frame in figures: as it would be sealed now, or as it was sealed */
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/drawing/drawing_int.h"
#include "mod/drawing/frame.h"

struct previewing {
    struct ctx *c;
    struct task task;
    unsigned bits[TERMS_PARTICIPANTS_MAX];
    struct frame frame;
    struct frame_quota *quotas;
    size_t quota_count;
};

static enum err
room_for(struct ctx *c, size_t count, struct drawing_preview *out)
{
    out->quota_count = count;
    out->quotas = arena_array(c->arena, count + 1, sizeof *out->quotas);
    return out->quotas == NULL ? ERR_MEMORY : OK;
}

/* --- now
 * ----------------------------------------------------------------------------------------------------------- */

static enum err
give(const struct previewing *p, struct drawing_preview *out)
{
    enum err e = room_for(p->c, p->quota_count, out);

    for (size_t q = 0; e == OK && q < p->quota_count; q++) {
        const struct frame_quota *f = &p->quotas[q];

        out->quotas[q] = (struct drawing_preview_quota){p->task.participants.v[f->participant].department,
                                                        p->task.sampling.strata[f->stratum].label,
                                                        f->population,
                                                        f->n,
                                                        f->reserve,
                                                        f->least_ppm,
                                                        f->most_ppm,
                                                        f->ratio_bp};
    }
    out->rows = p->frame.rows;
    for (int x = FRAME_IN + 1; x < FRAME_EXCLUSION_COUNT; x++) {
        out->excluded += p->frame.excluded[x];
        out->reasons[x].count = p->frame.excluded[x];
        memcpy(out->reasons[x].codes, p->frame.codes[x], sizeof out->reasons[x].codes);
    }
    return e;
}

static enum err
read_now(struct previewing *p, struct drawing_preview *out)
{
    enum err e = OK;

    p->frame = (struct frame){.c = p->c,
                              .task = &p->task,
                              .bits = p->bits,
                              .region = {p->task.row.code.p, p->task.row.code.n < 6 ? p->task.row.code.n : 6},
                              .today = day_of_us(p->c->now_us)};
    e = frame_write(&p->frame);
    if (e == OK)
        e = frame_quotas(&p->frame, out->cap_bp, &p->quotas, &p->quota_count);
    return e == OK ? give(p, out) : e;
}

/* --- as it was sealed
 * ----------------------------------------------------------------------------------------------------------- */

static struct str
department_of(const struct previewing *p, int64_t group)
{
    for (size_t i = 0; i < p->task.participants.count; i++)
        if ((int64_t) p->bits[i] == group)
            return p->task.participants.v[i].department;
    return (struct str){0};
}

static void
take_reason(const struct drawing_exclusion_list_row *r, struct drawing_preview *out)
{
    struct str rest = r->codes;

    for (int x = FRAME_IN + 1; x < FRAME_EXCLUSION_COUNT; x++) {
        if (!str_eq(r->reason, str_of(frame_exclusion_word((enum frame_exclusion) x))))
            continue;
        out->reasons[x].count = (uint64_t) r->excluded_count;
        for (size_t i = 0; i < DRAWING_PREVIEW_CODES && rest.n > 0; i++)
            (void) str_split(rest, '\n', &out->reasons[x].codes[i], &rest);
    }
    out->excluded += (uint64_t) r->excluded_count;
}

static enum err
read_sealed(struct previewing *p, struct drawing_preview *out)
{
    struct drawing_current_row d;
    struct drawing_quota_list_row *q;
    struct drawing_exclusion_list_row *x;
    enum drawing_state state;
    struct ctx *c = p->c;
    size_t count = 0, reasons = 0;
    enum err e = drawing_find(c, p->task.row.code, &d, &state);

    if (e == OK)
        e = drawing_quota_list(c->db, c->arena, &(struct drawing_quota_list_in){d.draw, d.attempt}, &q, &count);
    if (e == OK)
        e = drawing_exclusion_list(c->db, c->arena, &(struct drawing_exclusion_list_in){d.draw, d.attempt}, &x, &reasons);
    if (e == OK)
        e = room_for(c, count, out);
    if (e != OK)
        return e;
    for (size_t i = 0; i < count; i++)
        out->quotas[i] = (struct drawing_preview_quota){department_of(p, q[i].grp),
                                                        q[i].stratum,
                                                        (uint64_t) q[i].population_count,
                                                        (uint64_t) q[i].sample_count,
                                                        (uint64_t) q[i].reserve_count,
                                                        (uint64_t) q[i].least_ppm,
                                                        (uint64_t) q[i].most_ppm,
                                                        (uint32_t) q[i].ratio_bp.v};
    for (size_t i = 0; i < reasons; i++)
        take_reason(&x[i], out);
    out->rows = (uint64_t) d.population_count.v;
    return OK;
}

enum err
drawing_preview(struct ctx *c, struct str task, struct drawing_preview *out)
{
    struct previewing *p = calloc(1, sizeof *p);
    enum err e = p == NULL ? ERR_MEMORY : OK;

    *out = (struct drawing_preview){0};
    if (e == OK) {
        p->c = c;
        e = frame_rules(c, task, &p->task, p->bits, &out->cap_bp);
    }
    if (e == OK)
        e = p->task.state > TASK_APPROVED ? read_sealed(p, out) : read_now(p, out);
    free(p);
    return e;
}
