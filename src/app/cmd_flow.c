/* app/cmd_flow.c - plans and tasks on the command line; what the commands of the workflow share */
#include "cmd_flow.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/file.h"
#include "mod/json.h"
#include "mod/plan/plan.h"
#include "mod/task/task.h"

enum { LIST_ROWS = 1000 };

/* --- shared ------------------------------------------------------------------------------------------------------ */

bool
flow_open(struct flow *f, const struct cli_command *self, struct flow_options o, int argc, char **argv, int *status)
{
    enum err e;

    if (!cli_parse(self, o.list, o.count, o.positional_min, o.positional_max, argc, argv, &f->args, status))
        return false;
    e = app_open(&f->args, &f->app);
    *status = err_exit_status(e);
    return e == OK;
}

int
flow_close(struct flow *f, enum err e, const char *place)
{
    return app_finish(&f->args, &f->app, e, place);
}

struct str
flow_arg(const struct flow *f, size_t i)
{
    return i < f->args.positional_count ? str_of(f->args.positional[i]) : (struct str) {0};
}

struct str
flow_value(const struct flow *f, const char *name)
{
    return str_of(cli_value(&f->args, name));
}

static enum err
read_stdin(struct arena *a, struct str *out)
{
    char *p = arena_alloc(a, JSON_BYTES_MAX + 1);
    size_t n = p == NULL ? 0 : fread(p, 1, JSON_BYTES_MAX + 1, stdin);

    if (p == NULL)
        return ERR_MEMORY;
    if (ferror(stdin))
        return ERR_IO;
    *out = (struct str) {p, n};
    return n > JSON_BYTES_MAX ? ERR_TOO_LARGE : OK;
}

enum err
flow_read(struct flow *f, const char *path, struct str *out)
{
    if (strcmp(path, "-") == 0)
        return read_stdin(f->app.ctx.arena, out);
    return file_read(f->app.ctx.arena, path, JSON_BYTES_MAX, out);
}

struct flow_answer
flow_answer(const struct flow *f)
{
    struct flow_answer a = {f->args.json, false};

    if (a.json)
        putchar('{');
    return a;
}

static void
begin_value(struct flow_answer *a, const char *name)
{
    if (a->json && a->any)
        putchar(',');
    if (a->json)
        cli_json_string(str_of(name));
    else
        printf("%s", name);
    fputs(a->json ? ":" : ": ", stdout);
    a->any = true;
}

void
flow_say_raw(struct flow_answer *a, const char *name, struct str json)
{
    if (json.p == NULL && !a->json)
        return;
    begin_value(a, name);
    printf("%.*s%s", json.p == NULL ? 4 : (int) json.n, json.p == NULL ? "null" : json.p, a->json ? "" : "\n");
}

void
flow_say(struct flow_answer *a, const char *name, struct str value)
{
    if (value.p == NULL || !a->json) {
        flow_say_raw(a, name, value);
        return;
    }
    begin_value(a, name);
    cli_json_string(value);
}

void
flow_say_number(struct flow_answer *a, const char *name, int64_t value)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long) value);
    flow_say_raw(a, name, str_of(text));
}

void
flow_say_day(struct flow_answer *a, const char *name, struct opt_i64 day)
{
    char text[DAY_TEXT + 1] = "";

    if (day.set)
        day_format(day.v, text);
    flow_say(a, name, day.set ? str_of(text) : (struct str) {0});
}

void
flow_say_end(struct flow_answer *a)
{
    if (a->json)
        puts("}");
}

/* --- plan --------------------------------------------------------------------------------------------------------- */

int
cmd_plan_create(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct str json, code = {0};
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 1, 1}, argc, argv, &status))
        return status;
    e = flow_read(&f, f.args.positional[0], &json);
    if (e == OK)
        e = plan_create(&f.app.ctx, str_of(f.app.config.region), json, &code);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say(&a, "plan", code);
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

static const struct cli_option MOVE_OPTIONS[] = {
    {"opinion", "TEXT", "意见(退回时必填)或会议纪要", "opinion (required for a return) or minutes"},
    {"document-no", "TEXT", "备案文号", "number of the filing"},
    {"file", "FILE", "备案文件(pdf ofd doc docx …)", "the document that is filed"},
};

/* The document of a filing, as it lies on the disk. */
static enum err
attach_file(struct flow *f)
{
    struct str path = flow_value(f, "file"), bytes, digest;
    const char *name;
    enum err e;

    if (path.p == NULL)
        return OK;
    e = file_read(&f->app.arena, path.p, PLAN_FILING_BYTES, &bytes);
    name = strrchr(path.p, '/');
    return e == OK ? plan_attach(&f->app.ctx, flow_arg(f, 0), str_of(name == NULL ? path.p : name + 1), bytes, &digest) : e;
}

int
cmd_plan_move(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    enum plan_state to = PLAN_DRAFT;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {MOVE_OPTIONS, 3, 2, 2}, argc, argv, &status))
        return status;
    e = plan_state_parse(flow_arg(&f, 1), &to);
    if (e == OK)
        e = attach_file(&f);
    if (e == OK)
        e = plan_advance(&f.app.ctx, flow_arg(&f, 0), to, flow_value(&f, "opinion"), flow_value(&f, "document-no"));
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say(&a, "plan", flow_arg(&f, 0));
        flow_say(&a, "state", flow_arg(&f, 1));
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

static const struct cli_option REVISE_OPTIONS[] = {{"reason", "TEXT", "调整原因(必填)", "why (required)"}};

int
cmd_plan_revise(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct str json;
    uint64_t line = 0;
    int64_t revision = 0;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {REVISE_OPTIONS, 1, 3, 3}, argc, argv, &status))
        return status;
    e = str_u64(flow_arg(&f, 1), PLAN_LINES_MAX, &line);
    if (e == OK)
        e = flow_read(&f, f.args.positional[2], &json);
    if (e == OK)
        e = plan_revise(&f.app.ctx, flow_arg(&f, 0), (int64_t) line, json, flow_value(&f, "reason"), &revision);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say(&a, "plan", flow_arg(&f, 0));
        flow_say_number(&a, "revision", revision);
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

static void
say_line(const struct flow *f, const struct plan_line_list_row *l, bool first)
{
    struct flow_answer a;

    if (f->args.json && !first)
        putchar(',');
    a = flow_answer(f);
    flow_say_number(&a, "line", l->line);
    flow_say(&a, "name", l->name);
    flow_say_raw(&a, "items", l->items);
    flow_say_raw(&a, "scope", l->scope);
    flow_say_raw(&a, "strata", l->strata);
    flow_say_day(&a, "from", (struct opt_i64) {true, l->from_day});
    flow_say_day(&a, "to", (struct opt_i64) {true, l->to_day});
    flow_say(&a, "lead", l->lead);
    flow_say_raw(&a, "participants", l->participants);
    if (a.json)
        putchar('}');
}

int
cmd_plan_show(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct plan_get_row plan;
    struct plan_line_list_row *lines = NULL;
    size_t count = 0;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 1, 1}, argc, argv, &status))
        return status;
    e = plan_get(f.app.db, f.app.ctx.arena, &(struct plan_get_in) {flow_arg(&f, 0)}, &plan);
    if (e == OK)
        e = plan_line_list(f.app.db, f.app.ctx.arena, &(struct plan_line_list_in) {flow_arg(&f, 0)}, &lines, &count);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say(&a, "plan", plan.code);
        flow_say_number(&a, "year", plan.year);
        flow_say(&a, "name", plan.name);
        flow_say(&a, "lead", plan.lead);
        flow_say(&a, "state", plan.state);
        flow_say_number(&a, "revision", plan.revision);
        fputs(f.args.json ? ",\"lines\":[" : "", stdout);
        for (size_t i = 0; i < count; i++)
            say_line(&f, &lines[i], i == 0);
        fputs(f.args.json ? "]" : "", stdout);
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

/* One row of a list: code, state, name. */
static void
say_row(const struct flow *f, const char *noun, bool first, struct str code, struct str state, struct str name)
{
    if (!f->args.json) {
        printf("%s  %-10s  %s\n", code.p, state.p, name.p);
        return;
    }
    printf("%s{\"%s\":", first ? "" : ",", noun);
    cli_json_string(code);
    fputs(",\"state\":", stdout);
    cli_json_string(state);
    fputs(",\"name\":", stdout);
    cli_json_string(name);
    putchar('}');
}

int
cmd_plan_list(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct plan_list_row *rows = NULL;
    size_t count = 0;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 0, 0}, argc, argv, &status))
        return status;
    e = plan_list(f.app.db, f.app.ctx.arena, &(struct plan_list_in) {STR(" "), LIST_ROWS}, &rows, &count);
    fputs(e == OK && f.args.json ? "{\"plans\":[" : "", stdout);
    for (size_t i = 0; e == OK && i < count; i++)
        say_row(&f, "plan", i == 0, rows[i].code, rows[i].state, rows[i].name);
    fputs(e == OK && f.args.json ? "]}\n" : "", stdout);
    return flow_close(&f, e, "plan");
}

/* --- task --------------------------------------------------------------------------------------------------------- */

static const struct cli_option TASK_OPTIONS[] = {
    {"plan", "CODE", "按计划的一行建任务", "from a line of this plan"},
    {"line", "N", "计划的行号", "number of the line"},
    {"from", "DAY", "开始日期(在计划行的时间内)", "first day, within that of the line"},
    {"to", "DAY", "结束日期", "last day"},
};

/* --plan and --line as the JSON that task_create reads. */
static enum err
task_json(struct flow *f, struct str *out)
{
    uint64_t line;
    struct buf b;
    enum err e;

    if (flow_value(f, "plan").p == NULL)
        return f->args.positional_count == 1 ? flow_read(f, f->args.positional[0], out) : ERR_USAGE;
    if (!cli_number(&f->args, "line", PLAN_LINES_MAX, 1, &line))
        return ERR_USAGE;
    e = buf_in(&f->app.ctx, 4096, &b);
    if (e != OK)
        return e;
    buf_z(&b, "{");
    json_put_name(&b, "plan");
    json_put_text(&b, flow_value(f, "plan"));
    json_put_name(&b, "line");
    buf_u64(&b, line);
    for (size_t i = 2; i < 4; i++)
        if (flow_value(f, TASK_OPTIONS[i].name).p != NULL) {
            json_put_name(&b, TASK_OPTIONS[i].name);
            json_put_text(&b, flow_value(f, TASK_OPTIONS[i].name));
        }
    buf_z(&b, "}");
    return buf_take(&f->app.ctx, &b, out);
}

int
cmd_task_create(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct str json, code = {0};
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {TASK_OPTIONS, 4, 0, 1}, argc, argv, &status))
        return status;
    e = task_json(&f, &json);
    if (e == OK)
        e = task_create(&f.app.ctx, str_of(f.app.config.region), json, &code);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say(&a, "task", code);
        flow_say_end(&a);
    }
    return flow_close(&f, e, "task");
}

static int
task_act(const struct cli_command *self, int argc, char **argv, enum err (*act)(struct ctx *c, struct str code),
         const char *state)
{
    struct flow f;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 1, 1}, argc, argv, &status))
        return status;
    e = act(&f.app.ctx, flow_arg(&f, 0));
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say(&a, "task", flow_arg(&f, 0));
        flow_say(&a, "state", str_of(state));
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

int
cmd_task_approve(const struct cli_command *self, int argc, char **argv)
{
    return task_act(self, argc, argv, task_approve, "approved");
}

int
cmd_task_close(const struct cli_command *self, int argc, char **argv)
{
    return task_act(self, argc, argv, task_close, "closed");
}

int
cmd_task_show(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct task t;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 1, 1}, argc, argv, &status))
        return status;
    e = task_load(&f.app.ctx, flow_arg(&f, 0), &t);
    if (e == OK) {
        struct flow_answer a = flow_answer(&f);

        flow_say(&a, "task", t.row.code);
        flow_say(&a, "name", t.row.name);
        flow_say(&a, "state", t.row.state);
        flow_say(&a, "plan", t.row.plan);
        flow_say(&a, "adhoc_reason", t.row.adhoc_reason);
        flow_say(&a, "cap_exempt", t.row.cap_exempt);
        flow_say_raw(&a, "items", t.row.items);
        flow_say_raw(&a, "scope", t.row.scope);
        flow_say_raw(&a, "strata", t.row.strata);
        flow_say_raw(&a, "participants", t.row.participants);
        flow_say_day(&a, "from", (struct opt_i64) {true, t.row.from_day});
        flow_say_day(&a, "to", (struct opt_i64) {true, t.row.to_day});
        flow_say_end(&a);
    }
    return flow_close(&f, e, f.args.positional[0]);
}

int
cmd_task_list(const struct cli_command *self, int argc, char **argv)
{
    struct flow f;
    struct task_list_row *rows = NULL;
    size_t count = 0;
    int status = 0;
    enum err e;

    if (!flow_open(&f, self, (struct flow_options) {NULL, 0, 0, 0}, argc, argv, &status))
        return status;
    e = task_list(f.app.db, f.app.ctx.arena, &(struct task_list_in) {STR(" "), LIST_ROWS}, &rows, &count);
    fputs(e == OK && f.args.json ? "{\"tasks\":[" : "", stdout);
    for (size_t i = 0; e == OK && i < count; i++)
        say_row(&f, "task", i == 0, rows[i].code, rows[i].state, rows[i].name);
    fputs(e == OK && f.args.json ? "]}\n" : "", stdout);
    return flow_close(&f, e, "task");
}
