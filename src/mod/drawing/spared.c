/* mod/drawing/spared.c - recognised results 结果互认 keep a target out of the frame (regulation 二(六)) */
#include "mod/drawing/spared.h"

#include <stdlib.h>

#include "mod/followup/followup.h"
#include "mod/item/item.h"

static uint64_t
all_items(const struct spared *s)
{
    size_t n = s->task->items.count;

    return n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

/* Whose the items of the task are. */
static enum err
read_items(struct spared *s)
{
    const struct participants *p = &s->task->participants;
    enum err e = OK;

    for (size_t i = 0; e == OK && i < s->task->items.count; i++) {
        struct item_current_row item;

        e = item_current(s->c->db, s->c->arena, &(struct item_current_in){s->task->items.v[i]}, &item);
        if (e == ERR_NOT_FOUND) { /* withdrawn meanwhile: nobody's */
            e = OK;
            continue;
        }
        if (e != OK)
            return e;
        s->departments[i] = item.department;
        for (size_t k = 0; k < p->count; k++)
            if (str_eq(p->v[k].department, item.department))
                s->own[k] |= UINT64_C(1) << i;
    }
    return e;
}

static enum err
room_for_one(struct spared *s)
{
    size_t size = s->size == 0 ? 256 : 2 * s->size;
    struct spared_target *more;

    if (s->count < s->size)
        return OK;
    if ((more = realloc(s->v, size * sizeof *more)) == NULL)
        return ERR_MEMORY;
    s->v = more;
    s->size = size;
    return OK;
}

static enum err
on_recognition(void *arg, const struct followup_recognition_valid_row *r)
{
    struct spared *s = arg;
    uint64_t items = 0;
    enum err e;

    for (size_t i = 0; i < s->task->items.count; i++)
        if (str_eq(s->task->items.v[i], r->to_item) && str_eq(s->departments[i], r->to_department))
            items |= UINT64_C(1) << i;
    if (items == 0)
        return OK;
    if (s->count > 0 && str_eq(s->v[s->count - 1].target, r->target)) {
        s->v[s->count - 1].items |= items;
        return OK;
    }
    if ((e = room_for_one(s)) != OK)
        return e;
    s->v[s->count] = (struct spared_target){str_copy(s->c->arena, r->target), items};
    return s->v[s->count++].target.p == NULL ? ERR_MEMORY : OK;
}

enum err
spared_read(struct ctx *c, const struct task *task, const unsigned *bits, int64_t today, struct spared *s)
{
    enum err e;

    *s = (struct spared){.c = c, .task = task, .bits = bits};
    if (task->row.cap_exempt.p != NULL)
        return OK;
    e = read_items(s);
    return e == OK ? followup_recognition_valid_each(c->db, &(struct followup_recognition_valid_in){today}, on_recognition, s) : e;
}

uint64_t
spared_leaves(struct spared *s, struct str target, uint64_t mask)
{
    uint64_t items;

    while (s->next < s->count && str_cmp(s->v[s->next].target, target) < 0)
        s->next++;
    if (s->next == s->count || !str_eq(s->v[s->next].target, target))
        return mask;
    items = s->v[s->next].items;
    if (items == all_items(s))
        return 0;
    for (size_t k = 0; k < s->task->participants.count; k++)
        if (s->own[k] != 0 && (s->own[k] & ~items) == 0)
            mask &= ~(UINT64_C(1) << s->bits[k]);
    return mask;
}
