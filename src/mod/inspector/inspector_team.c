/* mod/inspector/inspector_team.c - teams 执法小组: named groups of inspectors of one department */
#include "mod/dict/dict.h"
#include "mod/inspector/inspector_int.h"
#include "mod/org/org.h"
#include "mod/scope.h"

enum err
inspector_team_see(struct ctx *c, struct str code, struct inspector_team_get_row *out)
{
    enum err e = inspector_team_get(c->db, c->arena, &(struct inspector_team_get_in){code}, out);

    return e == OK && !scope_sees(c, out->department, out->region) ? ERR_NOT_FOUND : e;
}

static enum err
member_ok(struct ctx *c, const struct inspector_team *say, struct str code)
{
    struct inspector_get_row row;
    enum err e = inspector_see(c, code, &row);

    if (e == ERR_NOT_FOUND || (e == OK && !str_eq(row.department, say->department)))
        return ctx_refuse(c, ERR_INPUT, "%.*s is no inspector of this department", (int) code.n, code.p);
    return e;
}

static enum err
members_ok(struct ctx *c, const struct inspector_team *say, const char **field)
{
    bool lead_found = say->lead.n == 0;
    enum err e = OK;

    *field = "members";
    if (say->member_count > INSPECTOR_TEAM_MAX)
        return ctx_refuse(c, ERR_RANGE, "at most %d members", INSPECTOR_TEAM_MAX);
    for (size_t i = 0; e == OK && i < say->member_count; i++) {
        e = member_ok(c, say, say->members[i]);
        lead_found = lead_found || str_eq(say->members[i], say->lead);
    }
    if (e != OK)
        return e;
    *field = "lead";
    return lead_found ? OK : ctx_refuse(c, ERR_INPUT, "the lead is one of the members");
}

static enum err
check(struct ctx *c, const struct inspector_team *say, const char **field)
{
    struct dict_region_get_row region;
    enum err e;

    *field = "name";
    if (say->name.n == 0 || say->name.n > INSPECTOR_NAME_MAX || !utf8_valid(say->name))
        return ERR_LENGTH;
    *field = "purpose";
    if (say->purpose.n > INSPECTOR_TEXT_MAX || !utf8_valid(say->purpose))
        return ERR_LENGTH;
    *field = "region";
    e = say->region.n == 0 ? OK : dict_region_get(c->db, c->arena, &(struct dict_region_get_in){say->region}, &region);
    if (e != OK)
        return e == ERR_NOT_FOUND ? ERR_REGION : e;
    if (!scope_sees(c, say->department, say->region))
        return ctx_refuse(c, ERR_PERMISSION, "the team would lie outside one's own department or region");
    if ((e = members_ok(c, say, field)) == OK)
        *field = NULL;
    return e;
}

static enum err
put_members(struct ctx *c, const struct inspector_team *say)
{
    enum err e = inspector_team_member_clear(c->db, &(struct inspector_team_member_clear_in){say->code});

    for (size_t i = 0; e == OK && i < say->member_count; i++)
        e = inspector_team_member_put(c->db, &(struct inspector_team_member_put_in){say->code, say->members[i]});
    return e;
}

static enum err
open_team(struct ctx *c, const struct inspector_team *say)
{
    enum err e = inspector_team_add(c->db, &(struct inspector_team_add_in){say->code, say->name, say->department,
                                                                           say->region, say->lead, say->purpose,
                                                                           c->now_us});

    if (e == OK)
        e = put_members(c, say);
    return e == OK ? inspector_note(c, STR("team.add"), say->code, NULL, 0) : e;
}

enum err
inspector_team_open(struct ctx *c, const struct inspector_team *say, const char **field)
{
    struct org_department_get_row department;
    struct inspector_team_get_row old;
    enum err e;

    *field = "code";
    if (!inspector_code_ok(say->code))
        return ctx_refuse(c, ERR_CHARSET, "a code begins with a letter or digit and has at most 32 of A-Z a-z 0-9 . _ -");
    e = inspector_team_get(c->db, c->arena, &(struct inspector_team_get_in){say->code}, &old);
    if (e != ERR_NOT_FOUND)
        return e == OK ? ERR_EXISTS : e;
    *field = "department";
    e = org_department_get(c->db, c->arena, &(struct org_department_get_in){say->department}, &department);
    if (e != OK)
        return e == ERR_NOT_FOUND ? ERR_INPUT : e;
    if ((e = check(c, say, field)) != OK || (e = db_begin(c->db)) != OK)
        return e;
    return db_end(c->db, open_team(c, say));
}

static enum err
edit_team(struct ctx *c, int64_t row_version, const struct inspector_team *say)
{
    enum err e = inspector_team_update(c->db, &(struct inspector_team_update_in){say->code, row_version, say->name,
                                                                                 say->region, say->lead, say->purpose,
                                                                                 c->now_us});

    if (e == OK)
        e = put_members(c, say);
    if (e == OK)
        e = inspector_note(c, STR("team.change"), say->code, NULL, 0);
    return e == ERR_STATE ? ERR_CONFLICT : e;
}

enum err
inspector_team_edit(struct ctx *c, int64_t row_version, const struct inspector_team *say, const char **field)
{
    struct inspector_team_get_row old;
    struct inspector_team to = *say;
    enum err e = inspector_team_see(c, say->code, &old);

    *field = NULL;
    if (e != OK)
        return e;
    to.department = old.department;
    if ((e = check(c, &to, field)) != OK || (e = db_begin(c->db)) != OK)
        return e;
    return db_end(c->db, edit_team(c, row_version, &to));
}

static enum err
close_team(struct ctx *c, int64_t row_version, struct str code)
{
    enum err e = inspector_team_delete(c->db, &(struct inspector_team_delete_in){code, row_version});

    if (e == OK)
        e = inspector_team_member_clear(c->db, &(struct inspector_team_member_clear_in){code});
    if (e == OK)
        e = inspector_note(c, STR("team.close"), code, NULL, 0);
    return e == ERR_STATE ? ERR_CONFLICT : e;
}

enum err
inspector_team_close(struct ctx *c, int64_t row_version, struct str code)
{
    struct inspector_team_get_row old;
    enum err e = inspector_team_see(c, code, &old);

    if (e == OK)
        e = db_begin(c->db);
    return e == OK ? db_end(c->db, close_team(c, row_version, code)) : e;
}
