/* http/api_team.c - teams 执法小组: named groups of inspectors of one department */
#include "api_person.h"
#include "core/calendar.h"
#include "mod/inspector/inspector.h"
#include "mod/scope.h"

enum { TEAMS_MAX = 500 };

enum err
api_teams_get(struct api *q)
{
    struct inspector_team_list_row *r;
    struct scope_regions regions;
    struct str own = q->ctx->department.n > 0 ? q->ctx->department : api_query(q, "department");
    size_t n;
    json_t *rows;
    enum err e = scope_regions(q->ctx, NO_STR, &regions);

    if (e == OK)
        e = inspector_team_list(q->ctx->db, q->ctx->arena,
                                &(struct inspector_team_list_in){own.n == 0 ? NO_STR : own, regions.from, regions.below,
                                                                 day_of_us(q->ctx->now_us), TEAMS_MAX},
                                &r, &n);
    if (e != OK)
        return e;
    rows = api_rows(q);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I}", "code", api_str(r[i].code), "name",
                            api_str(r[i].name), "department", api_str(r[i].department), "region", api_str(r[i].region),
                            "lead", api_str(r[i].lead), "lead_name", api_str(r[i].lead_name), "purpose",
                            api_str(r[i].purpose), "row_version", (json_int_t) r[i].row_version, "members",
                            (json_int_t) r[i].members, "ready", (json_int_t) r[i].ready));
    return OK;
}

static enum err
give_team(struct api *q, struct str code)
{
    struct inspector_team_get_row t;
    struct inspector_team_members_row *m;
    size_t n;
    json_t *members;
    enum err e = inspector_team_see(q->ctx, code, &t);

    if (e == OK)
        e = inspector_team_members(q->ctx->db, q->ctx->arena, &(struct inspector_team_members_in){code}, &m, &n);
    if (e != OK)
        return e;
    members = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(members, json_pack("{s:o, s:o, s:o, s:b, s:o}", "code", api_str(m[i].code), "name",
                                                 api_str(m[i].name), "state", api_str(m[i].state), "lead", m[i].lead != 0,
                                                 "skills", api_list(m[i].skills)));
    q->etag = t.row_version;
    q->out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "code", api_str(t.code), "name", api_str(t.name),
                       "department", api_str(t.department), "region", api_str(t.region), "lead", api_str(t.lead), "purpose",
                       api_str(t.purpose), "row_version", (json_int_t) t.row_version, "members", members);
    return OK;
}

enum err
api_team_get(struct api *q)
{
    return give_team(q, q->params[0]);
}

static enum err
read_team(struct api *q, struct str code, struct inspector_team *say)
{
    const json_t *list = json_object_get(q->in, "members");
    size_t n = json_array_size(list);
    struct str *members = arena_array(q->ctx->arena, n + 1, sizeof *members);
    struct str department = api_text(q, "department");

    if (members == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        const json_t *v = json_array_get(list, i);

        if (!json_is_string(v) || json_string_length(v) == 0)
            return api_wrong(q, "members", ERR_INPUT, NULL);
        members[i] = (struct str){json_string_value(v), json_string_length(v)};
    }
    *say = (struct inspector_team){code,
                                   api_text(q, "name"),
                                   department.n > 0 ? department : q->ctx->department,
                                   api_text(q, "region"),
                                   api_text(q, "lead"),
                                   api_text(q, "purpose"),
                                   members,
                                   n};
    return OK;
}

enum err
api_teams_post(struct api *q)
{
    struct inspector_team say;
    const char *field = NULL;
    enum err e = read_team(q, api_text(q, "code"), &say);

    if (e == OK)
        e = inspector_team_open(q->ctx, &say, &field);
    if (e != OK)
        return api_wrong_field(q, field, e);
    q->status = 201;
    return give_team(q, say.code);
}

enum err
api_team_put(struct api *q)
{
    struct inspector_team say;
    const char *field = NULL;
    int64_t version;
    enum err e = api_if_match(q, &version);

    if (e == OK)
        e = read_team(q, q->params[0], &say);
    if (e == OK)
        e = inspector_team_edit(q->ctx, version, &say, &field);
    return e == OK ? give_team(q, q->params[0]) : api_wrong_field(q, field, e);
}

enum err
api_team_delete(struct api *q)
{
    int64_t version;
    enum err e = api_if_match(q, &version);

    return e == OK ? inspector_team_close(q->ctx, version, q->params[0]) : e;
}
