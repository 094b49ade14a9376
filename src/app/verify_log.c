/* app/verify_log.c - a draw against its published log */
#include "verify_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "draw_dir.h"
#include "fetch.h"
#include "mod/file.h"
#include "mod/journal/journal_keys.h"

enum { KEPT_BYTES = 48 << 20, PLACE_BYTES = 1024 };
#define FETCH_BYTES_MAX ((size_t) 1 << 36)

/* where --------------------------------------------------------------------------------------------------------- */

/* Take n path components off the end of a URL or path. */
static bool
go_up(char *place, int n)
{
    size_t end = strlen(place), least = fetch_is_url(place) ? (size_t) (strstr(place, "//") - place) + 2 : 0;

    while (end > least && place[end - 1] == '/')
        end--;
    for (; n > 0; n--) {
        while (end > least && place[end - 1] != '/')
            end--;
        if (end <= least)
            return false;
        while (end > least && place[end - 1] == '/')
            end--;
    }
    place[end] = '\0';
    return true;
}

/* BASE/draws/DRAW/ATTEMPT gives BASE/log. A directory is made absolute first. */
static bool
log_beside(const char *place, char out[static PLACE_BYTES])
{
    char *real = fetch_is_url(place) ? strdup(place) : realpath(place, NULL);
    bool ok = real != NULL && strlen(real) + 5 < PLACE_BYTES;

    if (ok)
        memcpy(out, real, strlen(real) + 1);
    free(real);
    if (!ok || !go_up(out, 3))
        return false;
    memcpy(out + strlen(out), "/log", 5);
    return true;
}

/* A log behind a URL. */
struct remote {
    struct fetch *fetch;
    const char *base;
};

static enum err
fetch_remote(void *ctx, struct arena *a, const char *path, size_t max_bytes, struct str *out)
{
    const struct remote *remote = ctx;
    char url[2 * PLACE_BYTES];
    int n = snprintf(url, sizeof url, "%s/%s", remote->base, path);

    return n < 0 || (size_t) n >= sizeof url ? ERR_TOO_LARGE
                                             : fetch_bytes(remote->fetch, a, url, max_bytes, out);
}

/* checking ------------------------------------------------------------------------------------------------------- */

/* Fewer than k of the n witnesses is a fault of the checkpoint. */
static enum err
check_witnesses(struct verify_log *v, const struct log *log, struct verify_witnesses w, struct arena *a)
{
    struct note *note = arena_alloc(a, sizeof *note);
    struct buf scratch = buf_over(arena_alloc(a, NOTE_BYTES_MAX + 64), NOTE_BYTES_MAX + 64);

    if (note == NULL || scratch.p == NULL)
        return ERR_MEMORY;
    v->witnesses_needed = w.needed;
    for (size_t i = 0; i < w.count; i++) {
        scratch.n = 0;
        v->witnesses += note_parse(log->checkpoint_bytes, note) == OK &&
                        note_verify(note, &w.keys[i], journal_verify, NULL, &scratch, NULL) == OK;
    }
    return v->witnesses >= w.needed ? OK
                                    : log_fault_at(&v->fault, ERR_MISSING, "checkpoint", 0, "见证签名不足",
                                                   "too few of the witnesses have cosigned it");
}

static enum err
check(struct verify_log *v, struct log_source source, const char *vkey_file, struct verify_witnesses witnesses, bool asked_for,
      const struct draw_files *files)
{
    struct arena kept = arena_over(v->memory, KEPT_BYTES);
    struct arena scratch = arena_over((char *) v->memory + KEPT_BYTES, LOG_SCRATCH_BYTES);
    struct log *log = arena_alloc(&kept, sizeof *log);
    struct str vkeys = {NULL, 0}, checkpoint;
    enum err e = log == NULL ? ERR_MEMORY : OK;

    if (e == OK && vkey_file != NULL)
        e = file_read(&kept, vkey_file, LOG_VKEY_BYTES_MAX, &vkeys);
    if (e != OK)
        return e;
    v->pinned = vkey_file != NULL;
    e = source.fetch(source.ctx, &kept, "checkpoint", NOTE_BYTES_MAX, &checkpoint);
    if (e == ERR_NOT_FOUND && !asked_for)
        return OK; /* VERIFY_LOG_NONE */
    e = log_open(log, source, &kept, vkeys, &v->fault);
    if (e == OK)
        e = log_check_draw(log, &scratch, files, &v->acts, &v->papers, &v->fault);
    if (e == OK)
        e = check_witnesses(v, log, witnesses, &scratch);
    v->size = log->checkpoint.size;
    v->state = e == OK ? VERIFY_LOG_OK : VERIFY_LOG_FAULT;
    return OK;
}

enum err
verify_log(const char *place, const char *log_place, const char *vkey_file, struct verify_witnesses witnesses,
           const struct draw_files *files, struct verify_log *out)
{
    struct remote remote = {NULL, out->place};
    enum err e = OK;

    *out = (struct verify_log) {.state = VERIFY_LOG_NONE};
    if (log_place == NULL && !log_beside(place, out->place))
        return OK;
    if (log_place != NULL && snprintf(out->place, sizeof out->place, "%s", log_place) >= (int) sizeof out->place)
        return ERR_TOO_LARGE;
    out->memory = malloc((size_t) KEPT_BYTES + LOG_SCRATCH_BYTES);
    if (out->memory == NULL)
        return ERR_MEMORY;
    if (!fetch_is_url(out->place))
        return check(out, log_source_directory(out->place), vkey_file, witnesses, log_place != NULL, files);
    e = fetch_open(&remote.fetch);
    if (e == OK)
        e = check(out, (struct log_source) {fetch_remote, &remote}, vkey_file, witnesses, log_place != NULL, files);
    fetch_close(remote.fetch);
    return e;
}

void
verify_log_free(struct verify_log *v)
{
    free(v->memory);
    v->memory = NULL;
}

/* telling -------------------------------------------------------------------------------------------------------- */

static const char *
kind_text(enum log_draw_kind kind)
{
    static const char *const ZH[] = {"封存", "锁定", "结果", "作废"}, *const EN[] = {"sealed", "locked", "result", "void"};

    return cli_text(ZH[kind], EN[kind]);
}

void
verify_log_print(const struct verify_log *v)
{
    if (v->state == VERIFY_LOG_NONE) {
        printf("%s\n", cli_text("没有看到留痕日志:公布时间、缺失的抽取次数无法核对。",
                                "No log was seen: times of publication and missing attempts are not checked."));
        return;
    }
    printf(cli_text("日志 %s(%" PRIu64 " 条):\n", "log %s (%" PRIu64 " entries):\n"), v->place, v->size);
    for (const struct log_draw_act *act = v->acts.first; act != NULL; act = act->next) {
        time_t seconds = (time_t) (act->time_us / 1000000 + 8 * 3600);
        struct tm t;
        char text[32] = "";

        if (gmtime_r(&seconds, &t) != NULL)
            strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S+08:00", &t);
        printf(cli_text("  第 %" PRIu32 " 次 %s  %s  条目 %" PRIu64 "\n", "  attempt %" PRIu32 " %s  %s  entry %" PRIu64 "\n"),
               act->attempt, kind_text(act->kind), text, act->index);
    }
    if (v->witnesses_needed > 0)
        printf(cli_text("见证签名 %zu 个,要求至少 %zu 个\n", "cosigned by %zu of the witnesses, %zu are required\n"), v->witnesses,
               v->witnesses_needed);
    if (v->state == VERIFY_LOG_OK) {
        printf("%s\n", cli_text("文件与日志一致,次序正确,没有缺失的抽取。",
                                "The files are those in the log, in order, and no attempt is missing."));
        if (!v->pinned)
            printf("%s\n", cli_text("注意:日志公钥取自同一处;请用 --vkey 指定事先保存的公钥。",
                                    "Note: the keys of the log came from beside it; pin them with --vkey."));
        return;
    }
    printf("  %s:%" PRIu64, v->fault.file, v->fault.byte);
    if (v->fault.has_entry)
        printf(cli_text("(第 %" PRIu64 " 条)", " (entry %" PRIu64 ")"), v->fault.entry);
    printf(": %s (%s)\n", cli_text(v->fault.zh, v->fault.en), err_name(v->fault.err));
}

void
verify_log_json(const struct verify_log *v)
{
    static const char *const STATES[] = {"none", "ok", "fault"}, *const KINDS[] = {"seal", "lock", "result", "void"};

    printf("\"log\":\"%s\"", STATES[v->state]);
    if (v->state == VERIFY_LOG_NONE)
        return;
    printf(",\"log_place\":");
    cli_json_string(str_of(v->place));
    printf(",\"log_entries\":%" PRIu64 ",\"log_pinned\":%s,\"witnesses\":%zu,\"acts\":[", v->size, v->pinned ? "true" : "false",
           v->witnesses);
    for (const struct log_draw_act *act = v->acts.first; act != NULL; act = act->next)
        printf("%s{\"attempt\":%" PRIu32 ",\"act\":\"%s\",\"entry\":%" PRIu64 ",\"time_us\":%" PRId64 "}",
               act == v->acts.first ? "" : ",", act->attempt, KINDS[act->kind], act->index, act->time_us);
    printf("]");
    if (v->state != VERIFY_LOG_FAULT)
        return;
    printf(",\"log_fault\":{\"error\":\"%s\",\"file\":\"%s\",\"byte\":%" PRIu64 ",\"zh\":", err_name(v->fault.err),
           v->fault.file, v->fault.byte);
    cli_json_string(str_of(v->fault.zh));
    printf(",\"en\":");
    cli_json_string(str_of(v->fault.en));
    printf("}");
}

/* fetching the files --------------------------------------------------------------------------------------- */

static enum err
fetch_one(struct fetch *fetch, const char *base, const char *dir, const char *name)
{
    char url[2 * PLACE_BYTES], path[FILE_PATH_BYTES];
    bool slash = base[0] != '\0' && base[strlen(base) - 1] == '/';
    int n = snprintf(url, sizeof url, "%s%s%s", base, slash ? "" : "/", name);
    enum err e = n < 0 || (size_t) n >= sizeof url ? ERR_TOO_LARGE : file_path(path, dir, str_of(name));
    FILE *out = e == OK ? fopen(path, "we") : NULL;

    if (e == OK && out == NULL)
        e = ERR_IO;
    if (e == OK)
        e = fetch_file(fetch, url, FETCH_BYTES_MAX, out);
    if (out != NULL && fclose(out) != 0 && e == OK)
        e = ERR_NO_SPACE;
    if (e != OK && out != NULL)
        unlink(path);
    return e;
}

/* The five files, then those beside them. */
static const char *
file_name(int f)
{
    return f < DRAW_FILE_COUNT ? draw_file_name((enum draw_file) f) : draw_paper_name((enum draw_paper) (f - DRAW_FILE_COUNT));
}

enum err
verify_fetch(const char *url, char dir[static 64], char why[static 512])
{
    struct fetch *fetch = NULL;
    enum err e = fetch_open(&fetch);
    int got = 0;

    why[0] = dir[0] = '\0';
    if (e != OK)
        return e;
    snprintf(dir, 64, "/tmp/mingqian-verify-XXXXXX");
    if (mkdtemp(dir) == NULL)
        e = ERR_IO;
    for (int f = 0; f < DRAW_FILE_COUNT + PAPER_COUNT && e == OK; f++) {
        e = fetch_one(fetch, url, dir, file_name(f));
        got += e == OK && f < DRAW_FILE_COUNT;
        e = e == ERR_NOT_FOUND ? OK : e;
    }
    if (e == OK && got == 0)
        e = ERR_NOT_FOUND;
    snprintf(why, 512, "%s", fetch_why(fetch));
    fetch_close(fetch);
    if (e != OK)
        verify_fetch_remove(dir);
    return e;
}

void
verify_fetch_remove(const char *dir)
{
    char path[FILE_PATH_BYTES];

    if (dir[0] == '\0')
        return;
    for (int f = 0; f < DRAW_FILE_COUNT + PAPER_COUNT; f++)
        if (file_path(path, dir, str_of(file_name(f))) == OK)
            unlink(path);
    rmdir(dir);
}
