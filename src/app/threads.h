/* app/threads.h - core's injected runner on POSIX threads */
#ifndef MQ_THREADS_H
#define MQ_THREADS_H

#include "core/runner.h"

enum { THREADS_MAX = 64 };

struct threads {
    unsigned count; /* 1..THREADS_MAX, the caller's thread included */
};

/* threads_available: as many as the process may use, at most THREADS_MAX. */
unsigned threads_available(void);
/* threads_runner: a runner on t->count threads; t must outlive it. When threads cannot be made it works with
 * fewer. */
struct runner threads_runner(struct threads *t);

#endif
