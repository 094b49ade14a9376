/* http/memo.c - see memo.h. A key has one slot, by its hash; another key that needs it takes it over. */
#include "memo.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct slot {
    char *key, *text;
    size_t key_n, text_n;
    int64_t revision, made_us, keep_us;
    bool busy; /* somebody computes it */
};

struct memo {
    pthread_mutex_t lock;
    pthread_cond_t given;
    struct slot slots[MEMO_SLOTS];
};

struct memo *
memo_new(void)
{
    struct memo *m = calloc(1, sizeof *m);

    if (m == NULL)
        return NULL;
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->given, NULL);
    return m;
}

void
memo_free(struct memo *m)
{
    if (m == NULL)
        return;
    for (size_t i = 0; i < MEMO_SLOTS; i++) {
        free(m->slots[i].key);
        free(m->slots[i].text);
    }
    pthread_mutex_destroy(&m->lock);
    pthread_cond_destroy(&m->given);
    free(m);
}

static struct slot *
slot_of(struct memo *m, struct str key)
{
    uint64_t h = 0xcbf29ce484222325U;

    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char) key.p[i]) * 0x100000001b3U;
    return &m->slots[(size_t) (h >> 32) % MEMO_SLOTS];
}

static bool
holds(const struct slot *s, struct str key)
{
    return s->key != NULL && str_eq((struct str){s->key, s->key_n}, key);
}

static char *
copy_of(struct str s)
{
    char *p = malloc(s.n + 1);

    if (p != NULL && s.n > 0)
        memcpy(p, s.p, s.n);
    return p;
}

bool
memo_take(struct memo *m, struct str key, int64_t revision, int64_t now_us, struct arena *a, struct str *text)
{
    struct slot *s;
    bool found = false;

    *text = (struct str){NULL, 0};
    if (m == NULL || key.n > MEMO_KEY_BYTES)
        return false;
    pthread_mutex_lock(&m->lock);
    s = slot_of(m, key);
    while (s->busy && holds(s, key) && s->text == NULL)
        pthread_cond_wait(&m->given, &m->lock);
    found = holds(s, key) && s->text != NULL &&
            (s->busy || s->revision == revision || now_us - s->made_us < s->keep_us);
    if (found) {
        *text = str_copy(a, (struct str){s->text, s->text_n});
    } else if (holds(s, key)) {
        s->busy = true;
    } else if (!s->busy) {
        free(s->key);
        free(s->text);
        *s = (struct slot){.key = copy_of(key), .key_n = key.n, .busy = true};
        s->busy = s->key != NULL;
    }
    pthread_mutex_unlock(&m->lock);
    return found;
}

void
memo_give(struct memo *m, struct str key, int64_t revision, int64_t now_us, int64_t keep_us, struct str text)
{
    struct slot *s;

    if (m == NULL || key.n > MEMO_KEY_BYTES)
        return;
    pthread_mutex_lock(&m->lock);
    s = slot_of(m, key);
    if (s->busy && holds(s, key)) { /* or another key computes in its place */
        free(s->text);
        s->text = text.n == 0 || text.n > MEMO_TEXT_BYTES ? NULL : copy_of(text);
        s->text_n = text.n;
        s->revision = revision;
        s->made_us = now_us;
        s->keep_us = keep_us;
        s->busy = false;
        pthread_cond_broadcast(&m->given);
    }
    pthread_mutex_unlock(&m->lock);
}
