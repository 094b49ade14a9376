/* app/cmd_init.c - mingqian init DIR: folders, configuration, keys, database */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certificate.h"
#include "cmd_account.h"
#include "commands.h"
#include "data_dir.h"
#include "demo/city.h"
#include "demo_city.h"
#include "init_tables.h"
#include "mod/journal/journal_keys.h"
#include "mod/report/report.h"
#include "mod/org/org.h"
#include "schema_sql.h"

static const struct cli_option OPTIONS[] = {
    {"database", "URL", "数据库:sqlite:文件 或 postgresql://…(默认内嵌 SQLite)",
     "sqlite:FILE or postgresql://… (default: embedded SQLite)"},
    {"name", "NAME", "机关名称,显示在网站上", "name of the office, shown on the portal"},
    {"region", "CODE", "行政区划代码(默认 411500)", "GB/T 2260 code (default 411500)"},
    {"origin", "NAME", "日志名称,写进每个检查点", "name of the log in its checkpoints"},
    {"sm2", NULL, "检查点另加国密 SM2 签名", "an additional SM2 signature on checkpoints"},
    {"demo", NULL, "填入演示城市并走完全流程(模拟数据)", "fill in the demo city and run the main job (simulated data)"},
    {"scale", "N", "演示城市的检查对象数(默认 20000,可写 1k 20k 550k 10M)", "targets of the demo city (default 20000; 1k 20k 550k 10M)"},
    {"seed", "N", "演示城市的种子(默认 1)", "seed of the demo city (default 1)"},
    {"host", "NAME", "服务器的名称或地址,可重复:同时生成内网 HTTPS 证书", "name or address of the server, may be repeated: makes certificates for HTTPS on an intranet"},
    {"partitions", "N", "大表哈希分区数(仅 PostgreSQL)", "hash partitions of the large tables (PostgreSQL only)"},
};

static enum err
make_directory(const char *dir, const char *sub)
{
    char path[APP_PATH_BYTES];
    int n = snprintf(path, sizeof path, "%s%s%s", dir, *sub == '\0' ? "" : "/", sub);

    if (n < 0 || (size_t) n >= sizeof path)
        return ERR_TOO_LARGE;
    return mkdir(path, strcmp(sub, "keys") == 0 ? 0700 : 0755) == 0 || errno == EEXIST ? OK : ERR_IO;
}

/* A configured text must fit one quoted line of the configuration. */
static bool
plain(const char *value)
{
    return strlen(value) < APP_VALUE_BYTES && strpbrk(value, "\"\\\n\r") == NULL && utf8_valid(str_of(value));
}

static const char *
or_default(const struct cli_args *args, const char *name, const char *fallback)
{
    const char *value = cli_value(args, name);

    return value == NULL ? fallback : value;
}

static enum err
write_config(const struct cli_args *args, const char *dir)
{
    const char *region = or_default(args, "region", "411500"), *name = or_default(args, "name", "双随机、一公开办公室");
    const char *database = or_default(args, "database", "sqlite:mingqian.db");
    char origin[APP_VALUE_BYTES], path[APP_PATH_BYTES + 32];
    FILE *f;

    snprintf(origin, sizeof origin, "mingqian.%.32s", region);
    if (cli_has(args, "origin"))
        snprintf(origin, sizeof origin, "%s", cli_value(args, "origin"));
    if (!plain(region) || !plain(name) || !plain(database) || !plain(origin) || strpbrk(origin, " +") != NULL)
        return ERR_INPUT;
    snprintf(path, sizeof path, "%s/mingqian.toml", dir);
    if ((f = fopen(path, "wx")) == NULL)
        return errno == EEXIST ? ERR_EXISTS : errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    fprintf(f, "# mingqian 明签\ndatabase = \"%s\"\norigin = \"%s\"\nname = \"%s\"\nregion = \"%s\"\nsm2 = \"%s\"\n",
            database, origin, name, region, cli_has(args, "sm2") ? "on" : "off");
    if (fflush(f) != 0 || fsync(fileno(f)) != 0) {
        fclose(f);
        return ERR_IO;
    }
    return fclose(f) == 0 ? OK : ERR_IO;
}

static enum err
make_database(const char *dir, uint64_t partitions)
{
    struct app_config config;
    struct db *db = NULL;
    enum err e = app_read_config(dir, &config);

    if (e == OK)
        e = db_open(config.database, false, &db);
    if (e == OK)
        e = db_migrate(db, schema_migrations, schema_migrations_count, (int) partitions);
    if (e != OK && db != NULL)
        (void) cli_fail(NULL, e, config.database, db_last_message(db));
    db_close(db);
    return e;
}

static enum err
make_keys(const char *dir)
{
    struct ctx c = {.dir = dir, .entropy = app_entropy};
    struct app_config config;
    enum err e = app_read_config(dir, &config);

    return e != OK ? e : journal_keys_create(&c, str_of(config.origin), strcmp(config.sm2, "on") == 0);
}

/* DIR/init.unfinished stands until everything is there: an init that was cut short may be run again. */
static enum err
mark_unfinished(const char *dir, bool unfinished, bool *resumed)
{
    static const char *const NAMES[] = {"init.unfinished", "mingqian.toml"};
    char path[2][APP_PATH_BYTES + 32];
    int fd;

    for (size_t i = 0; i < 2; i++)
        snprintf(path[i], sizeof path[i], "%s/%s", dir, NAMES[i]);
    if (!unfinished)
        return unlink(path[0]) == 0 || errno == ENOENT ? OK : ERR_IO;
    *resumed = access(path[0], F_OK) == 0;
    if (*resumed && unlink(path[1]) != 0 && errno != ENOENT)
        return ERR_IO;
    if (access(path[1], F_OK) == 0)
        return ERR_EXISTS;
    fd = open(path[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
        return errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
    return close(fd) == 0 ? OK : ERR_IO;
}

/* The shipped tables, and the demo city when asked for, through the directory as any other command opens it. */
static int
fill(const struct cli_args *args, const char *dir, uint64_t scale, uint64_t seed, bool resumed)
{
    size_t hosts;
    const char *const *host = cli_values(args, "host", &hosts);
    struct cli_args with_dir = *args;
    struct app app;
    bool begun = false;
    enum err e;

    with_dir.dir = dir;
    if ((e = app_open_unfinished(&with_dir, &app)) != OK)
        return err_exit_status(e);
    if (resumed && cli_has(args, "demo") && report_is_demo(app.db, &app.arena, &begun) == OK && begun) {
        app_close(&app);
        return cli_fail(args, ERR_EXISTS, dir,
                        cli_text("上次 init --demo 中断在演示城市当中:请删除此目录后再运行",
                                 "an earlier init --demo was cut short inside the demo city: remove this directory, then run it again"));
    }
    e = init_tables(&app.ctx);
    if (e == ERR_EXISTS && resumed)
        e = OK; /* one transaction: all of them are there */
    if (e == OK)
        e = org_set(&app.ctx, STR("name"), str_of(app.config.name));
    if (e == OK && cli_has(args, "demo"))
        e = demo_city(args, &app, seed, scale);
    if (e == OK) {
        app.ctx.now_us = app_now_us(); /* the demo told a story of its own time */
        e = first_accounts(args, &app.ctx, cli_has(args, "demo"));
    }
    if (e == OK && hosts > 0)
        e = certificate_make(&app.ctx, app.config.name, host, hosts);
    return app_finish(args, &app, e, dir);
}

int
cmd_init(const struct cli_command *self, int argc, char **argv)
{
    static const char *const FOLDERS[] = {"", "keys", "draws", "log"};
    struct cli_args args;
    uint64_t partitions, scale = DEMO_SCALE_DEFAULT, seed;
    bool resumed = false;
    const char *dir;
    int status = 0;
    enum err e = OK;

    if (!cli_parse(self, OPTIONS, sizeof OPTIONS / sizeof *OPTIONS, 1, 1, argc, argv, &args, &status))
        return status;
    if (!cli_number(&args, "partitions", 64, 0, &partitions) ||
        !cli_number(&args, "seed", UINT64_MAX, 1, &seed))
        return err_exit_status(ERR_USAGE);
    if (cli_has(&args, "scale") && (e = city_scale_parse(str_of(cli_value(&args, "scale")), &scale)) != OK)
        return cli_fail(&args, e, "--scale", cli_value(&args, "scale"));
    dir = args.positional[0];
    for (size_t i = 0; e == OK && i < sizeof FOLDERS / sizeof *FOLDERS; i++)
        e = make_directory(dir, FOLDERS[i]);
    if (e == OK)
        e = mark_unfinished(dir, true, &resumed);
    if (e == OK)
        e = write_config(&args, dir);
    if (e == OK)
        e = make_database(dir, partitions);
    if (e == OK)
        e = make_keys(dir);
    if (e == ERR_EXISTS && resumed)
        e = OK; /* the keys of the first try */
    if (e != OK)
        return cli_fail(&args, e, dir, NULL);
    if ((status = fill(&args, dir, scale, seed, resumed)) != 0)
        return status;
    if ((e = mark_unfinished(dir, false, NULL)) != OK)
        return cli_fail(&args, e, dir, NULL);
    if (args.json)
        fputs("{\"dir\":", stdout), cli_json_string(str_of(dir)), puts("}");
    else
        printf(cli_text("数据目录已建立:%s\n", "data directory created: %s\n"), dir);
    return 0;
}
