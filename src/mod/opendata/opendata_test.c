/* mod/opendata/opendata_test.c - what is written is whole, signed, masked, and any change of it is found */
#include "mod/opendata/opendata.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mod/file.h"
#include "mod/flow_testing.h"
#include "mod/journal/journal_keys.h"
#include "mod/publication/publication.h"

static const struct opendata_site SITE = {{"某市双随机办公室", 24}, {"https://portal.example", 22}, false};

static struct str
path_in(struct ctx *c, const char *dir, const char *name)
{
    char path[1200];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    return str_copy(c->arena, str_of(path));
}

static struct str
content(struct ctx *c, const char *dir, const char *name)
{
    struct str s = {NULL, 0};

    EXPECT(file_read(c->arena, path_in(c, dir, name).p, 1 << 22, &s) == OK);
    return s;
}

static bool
holds(struct str s, const char *word)
{
    return memmem(s.p, s.n, word, strlen(word)) != NULL;
}

/* A city with two results, the first corrected, and the open data of it. */
static struct str
published(struct ctx *c)
{
    struct publication_put_in p = {.target = STR("T0000001"), .result = 1, .item = STR("G1"), .item_name = STR("=公示,\"信息\""),
                                   .department = STR("scjgj"), .codes = STR("[\"no_problem\",\"pending\"]"), .produced_day = 20510};
    struct opendata_summary sum;
    char path[OPENDATA_PATH_BYTES];

    flow_city(c);
    flow_targets(c, 10);
    p.task = flow_task(c, FLOW_TASK);
    EXPECT(publication_add(c, &p) == OK);
    p.codes = STR("[\"rectification\"]");
    EXPECT(publication_add(c, &p) == OK);
    p.target = STR("T0000002");
    EXPECT(publication_add(c, &p) == OK);
    EXPECT(journal_keys_create(c, STR("log.example"), true) == OK);
    EXPECT(opendata_publish(c, &SITE, &sum) == OK);
    EXPECT_INT(sum.files, 2 * opendata_table_count + 3);
    EXPECT(opendata_current(c, path) == OK);
    return str_copy(c->arena, str_of(path));
}

static enum err
verdict(struct ctx *c, const char *dir, struct opendata_fault *f)
{
    struct opendata_summary sum;
    char vkey[1200];
    struct str keys;

    snprintf(vkey, sizeof vkey, "%s/log/log.vkey", c->dir);
    EXPECT(file_read(c->arena, vkey, 4096, &keys) == OK);
    return opendata_verify(c->arena, dir, keys, &sum, f);
}

TEST_DB(tables_hold_every_row_as_csv_and_as_lines)
{
    struct str dir = published(c), csv = content(c, dir.p, "results.csv"), lines = content(c, dir.p, "results.jsonl");
    struct str first, rest;
    json_t *v;

    EXPECT(str_starts(csv, STR("\xEF\xBB\xBFtarget,id,result,name,")));
    EXPECT(holds(csv, "\"'=公示,\"\"信息\"\"\""));
    EXPECT(holds(csv, "no_problem|pending"));
    EXPECT(str_split(lines, '\n', &first, &rest));
    v = json_loadb(first.p, first.n, 0, NULL);
    EXPECT(v != NULL);
    EXPECT_STR(json_string_value(json_object_get(v, "item_name")), "=公示,\"信息\"");
    EXPECT_STR(json_string_value(json_array_get(json_object_get(v, "codes"), 1)), "pending");
    EXPECT_STR(json_string_value(json_object_get(v, "produced")), "2026-02-26");
    EXPECT(json_is_null(json_object_get(v, "gone")));
    json_decref(v);
    EXPECT(holds(content(c, dir.p, "corrections.jsonl"), "\"correction\":1"));
    EXPECT(!holds(content(c, dir.p, "corrections.csv"), "T0000002"));
    EXPECT(holds(content(c, dir.p, "statistics.csv"), "timeliness,scjgj,"));
}

TEST_DB(the_package_and_the_catalogue_describe_each_file)
{
    struct str dir = published(c), text = content(c, dir.p, "datapackage.json");
    json_t *v = json_loadb(text.p, text.n, 0, NULL), *resources = json_object_get(v, "resources"), *one;

    EXPECT_INT(json_array_size(resources), 2 * opendata_table_count);
    one = json_array_get(resources, 0);
    EXPECT_STR(json_string_value(json_object_get(one, "path")), "items.csv");
    EXPECT_INT(json_array_size(json_object_get(json_object_get(one, "schema"), "fields")), opendata_tables[0].column_count);
    EXPECT_INT(json_integer_value(json_object_get(one, "bytes")), content(c, dir.p, "items.csv").n);
    json_decref(v);
    text = content(c, dir.p, "catalog.jsonld");
    v = json_loadb(text.p, text.n, 0, NULL);
    EXPECT_INT(json_array_size(json_object_get(v, "dcat:dataset")), opendata_table_count);
    EXPECT(holds(text, "https://portal.example/open-data/results.jsonl"));
    json_decref(v);
}

TEST_DB(any_changed_missing_or_added_byte_is_found)
{
    struct str dir = published(c);
    struct opendata_fault f;
    struct str was, manifest;

    EXPECT(verdict(c, dir.p, &f) == OK);
    was = content(c, dir.p, "drawn.csv");
    EXPECT(file_write(path_in(c, dir.p, "drawn.csv").p, STR("more"), 0644) == OK);
    EXPECT(verdict(c, dir.p, &f) == ERR_DIGEST);
    EXPECT_STR(f.file, "drawn.csv");
    EXPECT(unlink(path_in(c, dir.p, "drawn.csv").p) == 0);
    EXPECT(verdict(c, dir.p, &f) == ERR_MISSING);
    EXPECT(file_write(path_in(c, dir.p, "drawn.csv").p, was, 0644) == OK);
    manifest = content(c, dir.p, OPENDATA_MANIFEST);
    *(char *) (uintptr_t) memchr(manifest.p, 'Z', manifest.n) = 'z';
    EXPECT(file_write(path_in(c, dir.p, OPENDATA_MANIFEST).p, manifest, 0644) == OK);
    EXPECT(verdict(c, dir.p, &f) == ERR_SIGNATURE);
    EXPECT_STR(f.file, OPENDATA_MANIFEST);
}

TEST_DB(another_key_does_not_vouch_for_it)
{
    struct str dir = published(c);
    struct opendata_summary sum;
    struct opendata_fault f;

    EXPECT(opendata_verify(c->arena, dir.p, STR("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n"), &sum, &f) ==
           ERR_MISSING);
    EXPECT(opendata_verify(c->arena, dir.p, STR(""), &sum, &f) == ERR_MISSING);
}

TEST_DB(one_edition_before_the_last_stays)
{
    struct str first = published(c), second, third;
    struct opendata_summary sum;
    char path[OPENDATA_PATH_BYTES];

    c->now_us += INT64_C(86400000000);
    EXPECT(opendata_publish(c, &SITE, &sum) == OK && opendata_current(c, path) == OK);
    second = str_copy(c->arena, str_of(path));
    EXPECT(!str_eq(first, second) && access(first.p, F_OK) == 0);
    c->now_us += INT64_C(86400000000);
    EXPECT(opendata_publish(c, &SITE, &sum) == OK && opendata_current(c, path) == OK);
    third = str_copy(c->arena, str_of(path));
    EXPECT(access(first.p, F_OK) != 0 && access(second.p, F_OK) == 0 && access(third.p, F_OK) == 0);
}

TEST_DB(without_the_key_of_the_log_nothing_is_published)
{
    struct opendata_summary sum;
    char path[OPENDATA_PATH_BYTES];

    flow_city(c);
    EXPECT(opendata_publish(c, &SITE, &sum) == ERR_NOT_FOUND);
    EXPECT(opendata_current(c, path) == ERR_NOT_FOUND);
}

TEST_MAIN(T(tables_hold_every_row_as_csv_and_as_lines), T(the_package_and_the_catalogue_describe_each_file),
          T(any_changed_missing_or_added_byte_is_found), T(another_key_does_not_vouch_for_it),
          T(one_edition_before_the_last_stays), T(without_the_key_of_the_log_nothing_is_published))
