/* Archives check themselves, hold what the row scope shows, and stop when they are told to. */
#include "mod/archive/archive.h"

#include <stdio.h>
#include <string.h>

#include "core/calendar.h"
#include "mod/file.h"
#include "mod/flow_testing.h"
#include "mod/followup/followup.h"
#include "mod/visit/visit.h"

/* A drawn task, one of whose targets was visited and has a follow-up. */
struct city {
    struct str task, target;
};
static struct city
city(struct ctx *c)
{
    struct city t = {flow_assigned(c), {NULL, 0}};
    struct visit_list_row *v;
    size_t n;
    struct followup_attachment paper;
    char from[FILE_PATH_BYTES];
    int64_t id;

    EXPECT_INT(visit_list(c->db, c->arena, &(struct visit_list_in){t.task, STR(" "), 1}, &v, &n), OK);
    EXPECT_INT(n, 1);
    t.target = v[0].target;
    EXPECT_INT(visit_submit(c, t.target, t.task, day_of_us(c->now_us), (struct str){NULL, 0}, VISIT_END_SIGNED), OK);
    EXPECT_INT(followup_start(c, &(struct followup_origin){t.target, t.task, STR("G1"), STR("scjgj"), STR("411525"), 7}, STR("rectification"),
                              &(struct followup_say){.content = STR("补报年度报告"), .due_day = {true, day_of_us(c->now_us) + 5}}, &id),
               OK);
    EXPECT_INT(file_path(from, c->dir, STR("received")), OK);
    EXPECT_INT(file_write(from, STR("%PDF-1.4 report"), 0600), OK);
    EXPECT_INT(followup_place(c, from, STR("report.pdf"), false, &paper), OK);
    EXPECT_INT(followup_attach(c, t.target, id, &paper), OK);
    return t;
}

/* The whole file: names and stored texts of a ZIP are found in it as they are when they were not compressed; index.html may be. */
static enum err
made(struct ctx *c, const struct archive_wanted *w, struct archive_watch watch, struct str *bytes, int64_t *files)
{
    char path[FILE_PATH_BYTES];
    enum err e = file_path(path, c->dir, STR("archive.zip"));

    if (e == OK)
        e = archive_write(c, w, NULL, 0, watch, path, files);
    return e == OK ? file_read(c->arena, path, 16 << 20, bytes) : e;
}

static bool
holds(struct str zip, const char *name)
{
    return memmem(zip.p, zip.n, name, strlen(name)) != NULL;
}

TEST_DB(archives_of_a_task_a_target_and_an_inspector_hold_their_visits)
{
    struct city t = city(c);
    struct archive_wanted w = {.kind = ARCHIVE_TASK, .code = t.task};
    int64_t all, few, today = day_of_us(c->now_us);
    struct str zip;

    EXPECT_INT(made(c, &w, (struct archive_watch){NULL, NULL}, &zip, &all), OK);
    EXPECT(holds(zip, "index.html") && holds(zip, "SHA256SUMS") && holds(zip, "/1/draw.txt") && holds(zip, "/1/roster.tsv"));
    w = (struct archive_wanted){.kind = ARCHIVE_TARGET, .code = t.target};
    EXPECT_INT(made(c, &w, (struct archive_watch){NULL, NULL}, &zip, &few), OK);
    EXPECT(holds(zip, "/1/draw.txt") && holds(zip, "followup/"));
    w.code = STR("T9999999");
    EXPECT_INT(made(c, &w, (struct archive_watch){NULL, NULL}, &zip, &few), ERR_NOT_FOUND);
    w = (struct archive_wanted){.kind = ARCHIVE_INSPECTOR, .code = STR("ZF-scjgj-001"), .from_day = today, .to_day = today - 1};
    EXPECT_INT(made(c, &w, (struct archive_watch){NULL, NULL}, &zip, &few), ERR_RANGE);
    w.to_day = today;
    EXPECT_INT(made(c, &w, (struct archive_watch){NULL, NULL}, &zip, &few), OK);
    EXPECT(holds(zip, "index.html"));
}

TEST_DB(what_another_department_or_county_has_stays_out_of_a_dossier)
{
    struct city t = city(c);
    struct archive_wanted w = {.kind = ARCHIVE_TARGET, .code = t.target};
    int64_t files;
    struct str zip;

    c->department = STR("sthjj"); /* it went there too, but the follow-up is the other's */
    EXPECT_INT(made(c, &w, (struct archive_watch){NULL, NULL}, &zip, &files), OK);
    EXPECT(holds(zip, "/1/draw.txt") && !holds(zip, "followup/"));
    c->department = STR("scjgj");
    EXPECT_INT(made(c, &w, (struct archive_watch){NULL, NULL}, &zip, &files), OK);
    EXPECT(holds(zip, "followup/"));
    c->region = STR("411599");
    EXPECT_INT(made(c, &w, (struct archive_watch){NULL, NULL}, &zip, &files), ERR_NOT_FOUND);
}

static bool
never(void *arg, uint64_t done)
{
    (void) done;
    ++*(int *) arg;
    return false;
}

TEST_DB(an_archive_that_is_stopped_says_so_and_a_finished_one_is_noted_once)
{
    struct city t = city(c);
    struct archive_wanted w = {.kind = ARCHIVE_TASK, .code = t.task};
    struct archive_made m = {.id = 5, .bytes_count = 10, .files_count = 3, .digest = STR("00")};
    struct archive_get_row row;
    enum archive_kind kind;
    int asked = 0;
    int64_t files;
    struct str zip;

    EXPECT_INT(made(c, &w, (struct archive_watch){never, &asked}, &zip, &files), ERR_CANCELLED);
    EXPECT_INT(asked, 1);
    EXPECT_INT(archive_kind_parse(STR("city"), &kind), ERR_INPUT);
    EXPECT_INT(archive_done(c, &m), ERR_NOT_FOUND);
    EXPECT_INT(archive_insert(c->db, &(struct archive_insert_in){.id = 5, .account = 1, .kind = STR("task"), .code = t.task, .created_us = 1}),
               OK);
    EXPECT_INT(archive_done(c, &m), OK);
    EXPECT_INT(archive_done(c, &m), ERR_STATE);
    EXPECT_INT(archive_get(c->db, c->arena, &(struct archive_get_in){5}, &row), OK);
    EXPECT_INT(row.line.files_count.v, 3);
}

TEST_MAIN(T(archives_of_a_task_a_target_and_an_inspector_hold_their_visits),
          T(what_another_department_or_county_has_stays_out_of_a_dossier),
          T(an_archive_that_is_stopped_says_so_and_a_finished_one_is_noted_once))
