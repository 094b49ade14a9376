/* app/threads.c - numbered jobs shared out to threads by one counter */
#include "threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

struct work {
    void (*job)(void *arg, size_t i);
    void *arg;
    size_t job_count;
    atomic_size_t next;
};

static void *
take_jobs(void *arg)
{
    struct work *w = arg;
    size_t i;

    while ((i = atomic_fetch_add(&w->next, 1)) < w->job_count)
        w->job(w->arg, i);
    return NULL;
}

static void
run_threads(void *ctx, void (*job)(void *arg, size_t i), void *arg, size_t job_count)
{
    const struct threads *t = ctx;
    struct work w = {job, arg, job_count, 0};
    pthread_t thread[THREADS_MAX];
    unsigned started = 0;

    while (started + 1 < t->count && started + 1 < job_count &&
           pthread_create(&thread[started], NULL, take_jobs, &w) == 0)
        started++;
    (void) take_jobs(&w);
    while (started > 0)
        (void) pthread_join(thread[--started], NULL);
}

unsigned
threads_available(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

    return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (unsigned) n;
}

struct runner
threads_runner(struct threads *t)
{
    return (struct runner){run_threads, t};
}
