/* A job ends once, and says how. */
#include "mod/job/job.h"

#include "mod/testing.h"

static struct job_get_row
get(struct ctx *c, int64_t id)
{
    struct job_get_row row = {0};

    EXPECT(job_get(c->db, c->arena, &(struct job_get_in){id}, &row) == OK);
    return row;
}

TEST_DB(a_job_waits_runs_and_ends_once)
{
    int64_t id = 0;

    EXPECT(job_add(c, STR("import.check"), STR("upload/1"), 7, &id) == OK);
    EXPECT(str_eq(get(c, id).state, STR("waiting")));
    EXPECT(job_run(c, id) == OK);
    EXPECT(str_eq(get(c, id).state, STR("running")));
    EXPECT(job_end(c, id, OK) == OK);
    EXPECT(str_eq(get(c, id).state, STR("done")) && get(c, id).error.p == NULL);
    EXPECT(job_end(c, id, ERR_IO) == ERR_STATE);
    EXPECT(job_run(c, id) == ERR_STATE);
}

TEST_DB(a_failed_job_names_its_error)
{
    int64_t id = 0;

    EXPECT(job_add(c, STR("import.run"), STR("upload/1"), 7, &id) == OK);
    EXPECT(ctx_refuse(c, ERR_INPUT, "no header") == ERR_INPUT);
    EXPECT(job_end(c, id, ERR_INPUT) == OK);
    EXPECT(str_eq(get(c, id).state, STR("failed")) && str_eq(get(c, id).error, STR("ERR_INPUT")));
    EXPECT(str_eq(get(c, id).why, STR("no header")));
}

TEST_DB(what_a_stopped_server_left_is_cancelled)
{
    int64_t a = 0, b = 0;

    EXPECT(job_add(c, STR("import.run"), STR("upload/1"), 7, &a) == OK);
    EXPECT(job_add(c, STR("import.run"), STR("upload/2"), 7, &b) == OK);
    EXPECT(job_end(c, b, OK) == OK);
    EXPECT(job_sweep(c) == OK);
    EXPECT(str_eq(get(c, a).state, STR("cancelled")) && str_eq(get(c, b).state, STR("done")));
}

TEST_MAIN(T(a_job_waits_runs_and_ends_once), T(a_failed_job_names_its_error),
          T(what_a_stopped_server_left_is_cancelled))
