/* http/pace.c - see pace.h */
#include "pace.h"

#include <pthread.h>
#include <stdlib.h>

enum { SLOTS = 8192, PROBES = 8 };

struct slot {
    uint64_t who; /* hash of act and peer; 0 = free */
    int64_t since_us;
    unsigned count;
};
struct pace {
    pthread_mutex_t lock;
    uint64_t salt;
    struct slot slots[SLOTS];
};

struct pace *
pace_new(uint64_t salt)
{
    struct pace *p = calloc(1, sizeof *p);

    if (p == NULL)
        return NULL;
    pthread_mutex_init(&p->lock, NULL);
    p->salt = salt;
    return p;
}

void
pace_free(struct pace *p)
{
    if (p == NULL)
        return;
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* FNV-1a over both, begun with a secret and mixed at the end. */
static uint64_t
hash(uint64_t salt, struct str act, struct str peer)
{
    uint64_t h = salt ^ 0xcbf29ce484222325u;

    for (size_t i = 0; i < act.n; i++)
        h = (h ^ (unsigned char) act.p[i]) * 0x100000001b3u;
    h = (h ^ 0xff) * 0x100000001b3u;
    for (size_t i = 0; i < peer.n; i++)
        h = (h ^ (unsigned char) peer.p[i]) * 0x100000001b3u;
    h = (h ^ h >> 32) * 0xd6e8feb86659fd93u;
    h ^= h >> 32;
    return h == 0 ? 1 : h;
}

/* Its slot, or a free one, or that which began first among the neighbours. */
static struct slot *
slot_of(struct pace *p, uint64_t who)
{
    struct slot *oldest = NULL;

    for (size_t i = 0; i < PROBES; i++) {
        struct slot *s = &p->slots[(who + i) % SLOTS];

        if (s->who == who || s->who == 0)
            return s;
        if (oldest == NULL || s->since_us < oldest->since_us)
            oldest = s;
    }
    return oldest;
}

bool
pace_allows(struct pace *p, const char *act, struct str peer, int64_t now_us, unsigned limit, int64_t window_us)
{
    uint64_t who = hash(p->salt, str_of(act), peer);
    struct slot *s;
    bool allowed;

    pthread_mutex_lock(&p->lock);
    s = slot_of(p, who);
    if (s->who != who || now_us - s->since_us >= window_us || now_us < s->since_us)
        *s = (struct slot){who, now_us, 0};
    allowed = s->count < limit;
    s->count += allowed;
    pthread_mutex_unlock(&p->lock);
    return allowed;
}
