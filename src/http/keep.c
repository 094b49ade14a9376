/* http/keep.c - see keep.h */
#include "keep.h"

#include <stdlib.h>
#include <string.h>

struct slot {
    char path[KEEP_PATH_BYTES], base[KEEP_BASE_BYTES];
    size_t path_n, base_n, body_n;
    bool english, large;
    int64_t revision, minute;
    char *body; /* malloc, NULL: free */
};

struct keep {
    struct slot slots[KEEP_SLOTS];
};

struct keep *
keep_new(void)
{
    return calloc(1, sizeof(struct keep));
}

void
keep_free(struct keep *k)
{
    for (size_t i = 0; k != NULL && i < KEEP_SLOTS; i++)
        free(k->slots[i].body);
    free(k);
}

static size_t
slot_of(const struct keep_key *key)
{
    uint64_t h = (key->english ? 0x9E3779B97F4A7C15U : 0xcbf29ce484222325U) + key->large;

    for (size_t i = 0; i < key->path.n; i++)
        h = (h ^ (unsigned char) key->path.p[i]) * 0x100000001b3U;
    return (size_t) (h >> 32) % KEEP_SLOTS;
}

bool
keep_get(const struct keep *k, const struct keep_key *key, struct str *body)
{
    const struct slot *s = &k->slots[slot_of(key)];

    if (s->body == NULL || s->revision != key->revision || s->minute != key->minute || s->english != key->english ||
        s->large != key->large || !str_eq((struct str) {s->path, s->path_n}, key->path) || s->base_n != key->base.n ||
        (s->base_n > 0 && memcmp(s->base, key->base.p, s->base_n) != 0))
        return false;
    *body = (struct str) {s->body, s->body_n};
    return true;
}

void
keep_put(struct keep *k, const struct keep_key *key, struct str body)
{
    struct slot *s = &k->slots[slot_of(key)];
    char *copy;

    if (key->path.n > KEEP_PATH_BYTES || key->base.n > KEEP_BASE_BYTES || body.n == 0 || body.n > KEEP_PAGE_BYTES ||
        (copy = malloc(body.n)) == NULL)
        return;
    memcpy(copy, body.p, body.n);
    memcpy(s->path, key->path.p, key->path.n);
    if (key->base.n > 0)
        memcpy(s->base, key->base.p, key->base.n);
    free(s->body);
    s->body = copy;
    s->body_n = body.n;
    s->path_n = key->path.n;
    s->base_n = key->base.n;
    s->english = key->english;
    s->large = key->large;
    s->revision = key->revision;
    s->minute = key->minute;
}
