/* core/draw_select.c - heap selection, merge sort, certainty units */
#include "core/draw_select.h"

#include <string.h>

int
candidate_cmp(const struct ordering *o, const struct candidate *a, const struct candidate *b)
{
    if (o->pareto) {
        int c = draw_pareto_cmp(&o->odds, a->ticket, a->weight, b->ticket, b->weight);

        if (c != 0)
            return c;
    }
    if (a->ticket != b->ticket)
        return a->ticket < b->ticket ? -1 : 1;
    return o->tie(o->ctx, a->row, b->row);
}

static void
swap(struct candidate *a, struct candidate *b)
{
    struct candidate t = *a;

    *a = *b;
    *b = t;
}

/* Restore the heap (largest first) below i. */
static void
sift(const struct ordering *o, struct candidate *c, size_t count, size_t i)
{
    for (;;) {
        size_t child = 2 * i + 1;

        if (child >= count)
            return;
        if (child + 1 < count && candidate_cmp(o, &c[child], &c[child + 1]) < 0)
            child++;
        if (candidate_cmp(o, &c[i], &c[child]) >= 0)
            return;
        swap(&c[i], &c[child]);
        i = child;
    }
}

/* The `need` smallest to the front, in any order: a heap of the smallest so far, its largest on top. */
static void
gather_smallest(const struct ordering *o, struct candidate *c, size_t count, size_t need)
{
    for (size_t i = need / 2; i-- > 0;)
        sift(o, c, need, i);
    for (size_t i = need; i < count; i++)
        if (candidate_cmp(o, &c[i], &c[0]) < 0) {
            swap(&c[i], &c[0]);
            sift(o, c, need, 0);
        }
}

static void
insertion_sort(const struct ordering *o, struct candidate *c, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct candidate x = c[i];
        size_t j = i;

        for (; j > 0 && candidate_cmp(o, &x, &c[j - 1]) < 0; j--)
            c[j] = c[j - 1];
        c[j] = x;
    }
}

/* Two sorted runs, left of `middle` and from it, into one. */
static void
merge(const struct ordering *o, struct candidate *c, size_t middle, size_t count, struct candidate *scratch)
{
    size_t i = 0, j = middle, k = 0;

    if (candidate_cmp(o, &c[middle - 1], &c[middle]) < 0)
        return;
    memcpy(scratch, c, middle * sizeof *c);
    while (i < middle && j < count) {
        bool right = candidate_cmp(o, &c[j], &scratch[i]) < 0;

        c[k++] = right ? c[j] : scratch[i];
        j += right;
        i += !right;
    }
    memcpy(c + k, scratch + i, (middle - i) * sizeof *c);
}

static void
merge_sort(const struct ordering *o, struct candidate *c, size_t count, struct candidate *scratch)
{
    enum { RUN = 16 };

    for (size_t i = 0; i < count; i += RUN)
        insertion_sort(o, c + i, count - i < RUN ? count - i : RUN);
    for (size_t width = RUN; width < count; width *= 2)
        for (size_t i = 0; i + width < count; i += 2 * width)
            merge(o, c + i, width, count - i < 2 * width ? count - i : 2 * width, scratch);
}

/* Order by the top 32 bits of the ticket, one byte at a time; ties are left to the merge sort after it. */
static void
radix_sort(struct candidate *c, size_t count, struct candidate *scratch)
{
    for (unsigned shift = 32; shift < 64; shift += 8) {
        size_t at[257] = {0};
        struct candidate *t = c;

        for (size_t i = 0; i < count; i++)
            at[(c[i].ticket >> shift & 255) + 1]++;
        for (unsigned b = 0; b < 256; b++)
            at[b + 1] += at[b];
        for (size_t i = 0; i < count; i++)
            scratch[at[c[i].ticket >> shift & 255]++] = c[i];
        c = scratch;
        scratch = t;
    }
}

void
candidates_smallest(const struct ordering *o, struct candidate *c, size_t count, size_t need,
                    struct candidate *scratch)
{
    if (need == 0)
        return;
    if (need < count)
        gather_smallest(o, c, count, need);
    if (!o->pareto)
        radix_sort(c, need, scratch);
    merge_sort(o, c, need, scratch);
}

size_t
candidates_certain(struct candidate *c, size_t count, uint64_t n, struct draw_pareto *odds)
{
    size_t certain = 0, before;

    odds->k = n;
    odds->total = 0;
    for (size_t i = 0; i < count; i++)
        odds->total += c[i].weight;
    do {
        uint64_t taken = 0;

        before = certain;
        for (size_t i = certain; i < count; i++)
            if (c[i].weight * odds->k >= odds->total) {
                taken += c[i].weight;
                swap(&c[i], &c[certain++]);
            }
        odds->k -= certain - before;
        odds->total -= taken;
    } while (certain > before && odds->k > 0 && certain < count);
    return certain;
}
