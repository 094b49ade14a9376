/* core/runner.h - injected parallelism: core cuts work into numbered jobs, the caller decides who runs them.
 * The result never depends on the number of threads or the order of the jobs. */
#ifndef MQ_RUNNER_H
#define MQ_RUNNER_H

#include <stddef.h>

/* run() calls job(arg, i) once for every i < job_count, in any order, on any thread, and returns when all
 * ended. */
struct runner {
    void (*run)(void *ctx, void (*job)(void *arg, size_t i), void *arg, size_t job_count);
    void *ctx;
};

/* runner_serial: one thread, ascending order. app/ supplies a runner on POSIX threads. */
struct runner runner_serial(void);

#endif
