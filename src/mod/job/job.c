/* mod/job/job.c */
#include "mod/job/job.h"

enum err
job_add(struct ctx *c, struct str kind, struct str subject, int64_t account, int64_t *id)
{
    enum err e = ctx_new_id(c, id);

    return e == OK ? job_insert(c->db, &(struct job_insert_in){*id, kind, subject, account, c->now_us}) : e;
}

enum err
job_run(struct ctx *c, int64_t id)
{
    return job_move(c->db, &(struct job_move_in){id, STR("running"), {NULL, 0}, {NULL, 0}, {false, 0}});
}

enum err
job_end(struct ctx *c, int64_t id, enum err result)
{
    struct job_move_in to = {.id = id, .ended_us = {true, c->now_us}};

    to.state = result == OK ? STR("done") : result == ERR_CANCELLED ? STR("cancelled") : STR("failed");
    if (result != OK) {
        to.error = str_of(err_name(result));
        to.why = str_of(c->why);
    }
    return job_move(c->db, &to);
}

enum err
job_sweep(struct ctx *c)
{
    enum err e = db_begin(c->db);

    if (e != OK)
        return e;
    e = job_orphans(c->db, &(struct job_orphans_in){c->now_us});
    if (e == OK)
        e = job_upload_orphans(c->db, &(struct job_upload_orphans_in){STR("cancelled")});
    return db_end(c->db, e);
}
