/* core/runner.c - the runner without threads */
#include "core/runner.h"

static void
run_serial(void *ctx, void (*job)(void *arg, size_t i), void *arg, size_t job_count)
{
    (void) ctx;
    for (size_t i = 0; i < job_count; i++)
        job(arg, i);
}

struct runner
runner_serial(void)
{
    return (struct runner){run_serial, NULL};
}
