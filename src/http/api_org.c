/* http/api_org.c - departments and units, kept by the system administrator */
#include "api_handlers.h"
#include "mod/org/org.h"

static enum err
blame(struct api *q, enum err e)
{
    const char *field = e == ERR_CHARSET || e == ERR_EXISTS   ? "code"
                        : e == ERR_LENGTH                     ? "name"
                        : e == ERR_INPUT                      ? "level"
                        : e == ERR_REGION                     ? "region"
                        : e == ERR_ORDER || e == ERR_NOT_FOUND ? "parent"
                        : e == ERR_MISSING                    ? "reason"
                                                              : NULL;

    if (field == NULL)
        return e;
    e = api_wrong(q, field, e, q->ctx->why);
    return e == ERR_NOT_FOUND ? ERR_INPUT : e;
}

/* --- departments --------------------------------------------------------------------------------------------------------- */

static json_t *
department_json(const struct org_department_list_row *r)
{
    return json_pack("{s:o, s:o, s:I, s:b, s:o, s:I}", "code", api_str(r->code), "name", api_str(r->name), "bit",
                     (json_int_t) r->bit, "retired", r->retired_us.set, "retired_at", api_time(r->retired_us), "row_version",
                     (json_int_t) r->row_version);
}

enum err
api_departments_get(struct api *q)
{
    struct org_department_list_row *r;
    size_t n;
    json_t *rows;
    enum err e = org_department_list(q->ctx->db, q->ctx->arena, &r, &n);

    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, department_json(&r[i]));
    return OK;
}

static enum err
give_department(struct api *q, struct str code)
{
    struct org_department_get_row r;
    enum err e = org_department_get(q->ctx->db, q->ctx->arena, &(struct org_department_get_in){code}, &r);

    if (e != OK)
        return e;
    q->etag = r.row_version;
    q->out = department_json(&(struct org_department_list_row){r.code, r.name, r.bit, r.retired_us, r.row_version});
    return q->out == NULL ? ERR_MEMORY : OK;
}

enum err
api_department_get(struct api *q)
{
    return give_department(q, q->params[0]);
}

enum err
api_departments_post(struct api *q)
{
    enum err e = org_new(q->ctx, api_text(q, "code"), api_text(q, "name"));

    if (e != OK)
        return blame(q, e);
    q->status = 201;
    return give_department(q, api_text(q, "code"));
}

static enum err
read_change(struct api *q, struct org_change *ch)
{
    const json_t *retired = json_object_get(q->in, "retired");

    *ch = (struct org_change){.code = q->params[0], .name = api_text(q, "name"), .reason = api_text(q, "reason"),
                              .retired = json_is_true(retired)};
    return api_if_match(q, &ch->row_version);
}

enum err
api_department_put(struct api *q)
{
    struct org_change ch;
    enum err e = read_change(q, &ch);

    if (e == OK)
        e = org_change(q->ctx, &ch);
    return e == OK ? give_department(q, q->params[0]) : e == ERR_NOT_FOUND || e == ERR_CONFLICT ? e : blame(q, e);
}

/* --- units ---------------------------------------------------------------------------------------------------------------- */

static json_t *
unit_json(const struct org_unit_list_row *r)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:I}", "code", api_str(r->code), "name", api_str(r->name),
                     "level", api_str(r->level), "parent", api_str(r->parent), "region", api_str(r->region), "department",
                     api_str(r->department), "retired", r->retired_us.set, "retired_at", api_time(r->retired_us),
                     "row_version", (json_int_t) r->row_version);
}

enum err
api_units_get(struct api *q)
{
    struct org_unit_list_row *r;
    size_t n;
    json_t *rows;
    enum err e = org_unit_list(q->ctx->db, q->ctx->arena, &r, &n);

    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, unit_json(&r[i]));
    return OK;
}

static enum err
give_unit(struct api *q, struct str code)
{
    struct org_unit_get_row r;
    enum err e = org_unit_get(q->ctx->db, q->ctx->arena, &(struct org_unit_get_in){code}, &r);

    if (e != OK)
        return e;
    q->etag = r.row_version;
    q->out = unit_json(&(struct org_unit_list_row){r.code, r.name, r.level, r.parent, r.region, r.department, r.retired_us,
                                                   r.row_version});
    return q->out == NULL ? ERR_MEMORY : OK;
}

enum err
api_unit_get(struct api *q)
{
    return give_unit(q, q->params[0]);
}

enum err
api_units_post(struct api *q)
{
    struct org_unit u = {api_text(q, "code"),   api_text(q, "name"),   api_text(q, "level"),
                         api_text(q, "parent"), api_text(q, "region"), api_text(q, "department")};
    enum err e = org_unit_add(q->ctx, &u);

    if (e != OK)
        return blame(q, e);
    q->status = 201;
    return give_unit(q, u.code);
}

enum err
api_unit_put(struct api *q)
{
    struct org_change ch;
    enum err e = read_change(q, &ch);

    if (e == OK)
        e = org_unit_alter(q->ctx, &ch);
    return e == OK ? give_unit(q, q->params[0]) : e == ERR_NOT_FOUND || e == ERR_CONFLICT ? e : blame(q, e);
}
