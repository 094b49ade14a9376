/* http/api_archive.c - records of visits on paper, and the archive of a task 一案一档 (regulation 二(五)) */
#include "api_file.h"
#include "api_flow.h"
#include "api_handlers.h"
#include "asset.h"
#include "mod/archive/archive.h"
#include "mod/file.h"

/* Photographs and signatures: for those who work on the task. */
static enum err
find_part(struct api *q, struct flow_view *v)
{
    enum err e = flow_find(q, v);

    return e == OK && !flow_works(q, v) ? ERR_PERMISSION : e;
}

enum err
api_record_file(struct api *q)
{
    struct flow_view v;
    char path[IMPORT_PATH_MAX];
    struct file f;
    enum err e = find_part(q, &v);

    if (e == OK)
        e = api_file_place(q->ctx, path);
    if (e != OK)
        return e;
    if ((e = file_begin(&f, path, 0600)) == OK)
        e = file_end(&f, archive_record_print(q->ctx, q->params[0], q->params[1], api_query(q, "department"), f.out));
    return api_file_give(q, e, path, "application/pdf", "record.pdf");
}

enum err
api_task_archive(struct api *q)
{
    const struct asset *verifier = asset_find("verify.html");
    struct archive_extra extra = {"verify.html", verifier == NULL ? NO_STR : verifier->plain};
    struct flow_view v;
    char path[IMPORT_PATH_MAX];
    enum err e = find_part(q, &v);

    if (e == OK)
        e = api_file_place(q->ctx, path);
    if (e != OK)
        return e;
    e = archive_write(q->ctx, q->params[0], q->call->base, &extra, extra.bytes.n > 0 ? 1 : 0, path);
    return api_file_give(q, e, path, "application/zip", "archive.zip");
}
