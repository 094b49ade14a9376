/* mod/journal/log_test.c - a published log against everything that can be done to its files */
#include "mod/testing.h"

#include <fts.h>
#include <stdio.h>
#include <unistd.h>

#include "mod/file.h"
#include "mod/journal/journal.h"
#include "mod/journal/journal_sequence.h"
#include "mod/journal/log_fsck.h"

#define DRAW "411500/2026/0017"

static void
act(struct ctx *c, const char *name, const char *subject, const char *detail)
{
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, journal_add(c, &(struct journal_act) {str_of(name), str_of(subject), str_of(detail)})) == OK);
}

static void
filler(struct ctx *c, int n)
{
    char subject[32];

    EXPECT(db_begin(c->db) == OK);
    for (int i = 0; i < n; i++) {
        snprintf(subject, sizeof subject, "s/%d", i);
        EXPECT(journal_add(c, &(struct journal_act) {STR("test.act"), str_of(subject), STR("{\"x\":1}")}) == OK);
    }
    EXPECT(db_end(c->db, OK) == OK);
}

/* detail {"digest": 64 times the digit} */
static const char *
digest(struct ctx *c, char digit)
{
    char *text = arena_alloc(c->arena, 96);

    EXPECT(text != NULL);
    memcpy(text, "{\"digest\":\"", 11);
    memset(text + 11, digit, 64);
    memcpy(text + 75, "\"}", 2);
    return text;
}

static void
start_log(struct ctx *c, struct journal_keys *keys)
{
    EXPECT(journal_keys_create(c, STR("log.test/mingqian"), false) == OK);
    EXPECT(journal_keys_load(c, keys) == OK);
}

static const char *
log_dir(struct ctx *c)
{
    char *path = arena_alloc(c->arena, FILE_PATH_BYTES);

    EXPECT(path != NULL && file_path(path, c->dir, STR("log")) == OK);
    return path;
}

static enum err
fsck_against(struct ctx *c, struct str against, struct log_fault *f)
{
    size_t mark = arena_mark(c->arena);
    struct log_fsck options = {.dir = log_dir(c), .against = against};
    struct log_fsck_report report;
    enum err e;

    *f = (struct log_fault) {.err = OK};
    e = log_fsck(&options, c->arena, &report, f);
    EXPECT(e == f->err && (e == OK || f->en != NULL));
    arena_rewind(c->arena, mark);
    return e;
}

static enum err
fsck(struct ctx *c, struct log_fault *f)
{
    return fsck_against(c, (struct str) {NULL, 0}, f);
}

/* Alter one byte in every `step` of a file; fsck must name the file, and the byte unless it is a bundle's or a note's. */
static void
flip_bytes(struct ctx *c, const char *relative, size_t step)
{
    char path[FILE_PATH_BYTES];
    bool exact = strncmp(relative, "tile/", 5) == 0 && strncmp(relative, "tile/entries", 12) != 0;
    struct str bytes;
    struct log_fault f;
    FILE *file;

    EXPECT(file_path(path, log_dir(c), str_of(relative)) == OK);
    EXPECT(file_read(c->arena, path, 1 << 24, &bytes) == OK);
    file = fopen(path, "r+");
    EXPECT(file != NULL);
    setvbuf(file, NULL, _IONBF, 0);
    for (size_t i = 0; i < bytes.n; i += step) {
        fseek(file, (long) i, SEEK_SET);
        fputc(bytes.p[i] ^ (1 << i % 8), file);
        EXPECT(fsck(c, &f) != OK);
        EXPECT_STR(f.file, relative);
        EXPECT(exact ? f.byte == i : f.byte <= i || strcmp(relative, "checkpoint") == 0);
        EXPECT(strncmp(relative, "tile/entries", 12) != 0 || i - f.byte < 200); /* the entry around it */
        fseek(file, (long) i, SEEK_SET);
        fputc(bytes.p[i], file);
    }
    fclose(file);
    EXPECT(fsck(c, &f) == OK);
}

static void
small_city(struct ctx *c, struct journal_keys *keys)
{
    start_log(c, keys);
    filler(c, 200);
    act(c, "draw.seal", DRAW "/1", digest(c, '1'));
    act(c, "draw.lock", DRAW "/1", digest(c, '2'));
    act(c, "draw.void", DRAW "/1", digest(c, '1'));
    EXPECT(journal_sequence(c, keys, NULL) == OK);
    act(c, "draw.seal", DRAW "/2", digest(c, '3'));
    act(c, "draw.lock", DRAW "/2", digest(c, '4'));
    act(c, "draw.result", DRAW "/2", digest(c, '5'));
    filler(c, 330);
    EXPECT(journal_sequence(c, keys, NULL) == OK);
}

TEST_DB(fsck_names_every_altered_byte)
{
    struct journal_keys keys;
    struct log_fault f;

    if (testing_engine_of(c) != TESTING_SQLITE) /* the files do not depend on the engine */
        return;
    small_city(c, &keys);
    EXPECT(fsck(c, &f) == OK);
    flip_bytes(c, "checkpoint", 1);
    flip_bytes(c, "tile/1/000.p/2", 1);
    flip_bytes(c, "tile/0/000", 151);
    flip_bytes(c, "tile/0/002.p/24", 29);
    flip_bytes(c, "tile/entries/000", 317);
    flip_bytes(c, "tile/entries/001", 411);
    flip_bytes(c, "tile/entries/002.p/24", 97);
}

TEST_DB(fsck_misses_no_file_and_no_byte_at_the_end)
{
    static const char *const FILES[] = {"checkpoint", "log.vkey", "tile/0/000", "tile/1/000.p/2", "tile/entries/001",
                                        "tile/entries/002.p/24"};
    struct journal_keys keys;
    struct log_fault f;

    if (testing_engine_of(c) != TESTING_SQLITE)
        return;
    small_city(c, &keys);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        char path[FILE_PATH_BYTES];
        struct str bytes, longer;

        EXPECT(file_path(path, log_dir(c), str_of(FILES[i])) == OK);
        EXPECT(file_read(c->arena, path, 1 << 24, &bytes) == OK);
        longer = (struct str) {str_z(c->arena, bytes), bytes.n + 1}; /* one more byte: NUL */
        EXPECT(unlink(path) == 0 && fsck(c, &f) != OK);
        EXPECT_STR(f.file, FILES[i]);
        EXPECT(file_write(path, (struct str) {bytes.p, bytes.n - 1}, 0644) == OK && fsck(c, &f) != OK);
        EXPECT_STR(f.file, FILES[i]);
        EXPECT(file_write(path, longer, 0644) == OK && fsck(c, &f) != OK);
        EXPECT_STR(f.file, FILES[i]);
        EXPECT(file_write(path, bytes, 0644) == OK && fsck(c, &f) == OK);
    }
}

TEST_DB(an_older_checkpoint_is_kept_to)
{
    struct journal_keys keys, other;
    struct log_fault f;
    char path[FILE_PATH_BYTES];
    struct str old, now;

    start_log(c, &keys);
    filler(c, 300);
    EXPECT(journal_sequence(c, &keys, NULL) == OK);
    EXPECT(file_path(path, log_dir(c), STR("checkpoint")) == OK);
    EXPECT(file_read(c->arena, path, 1 << 16, &old) == OK);
    filler(c, 300);
    EXPECT(journal_sequence(c, &keys, NULL) == OK);
    EXPECT(file_read(c->arena, path, 1 << 16, &now) == OK);
    EXPECT(fsck_against(c, old, &f) == OK && fsck_against(c, now, &f) == OK);
    /* Another history under the same keys. */
    other = keys;
    {
        struct buf b = buf_over(arena_alloc(c->arena, 1 << 12), 1 << 12);
        struct checkpoint forged = {STR("log.test/mingqian"), 300, {7}};
        unsigned char signature[JOURNAL_SIGNATURE_BYTES];

        EXPECT(checkpoint_write(&b, &forged) == OK);
        EXPECT(journal_sign(&other, NOTE_ED25519, buf_view(&b), signature) == OK);
        buf_z(&b, "\n");
        note_add_signature(&b, &other.ed25519, signature, sizeof signature);
        EXPECT(fsck_against(c, buf_view(&b), &f) == ERR_PROOF);
    }
}

/* The log that these acts give, or the error that fsck finds in it. */
struct turn {
    const char *name, *subject;
    char digit;
};

static enum err
verdict(struct ctx *c, const struct turn *turns, size_t count)
{
    struct log_draws draws = {0};
    struct log_fault f;
    enum err e = OK;

    for (size_t i = 0; i < count && e == OK; i++) {
        struct entry entry = {1, 1, STR("a"), str_of(turns[i].name), str_of(turns[i].subject),
                              str_of(digest(c, turns[i].digit))};

        e = log_draws_add(&draws, c->arena, i, &entry, (struct str) {NULL, 0});
    }
    return e == OK ? log_draws_check(&draws, c->arena, &f) : e;
}
#define VERDICT(...) verdict(c, (const struct turn[]) {__VA_ARGS__}, sizeof((const struct turn[]) {__VA_ARGS__}) / sizeof(struct turn))
#define SEAL(k, d) {"draw.seal", "x/" #k, d}
#define LOCK(k) {"draw.lock", "x/" #k, '7'}
#define RESULT(k) {"draw.result", "x/" #k, '8'}
#define VOID(k, d) {"draw.void", "x/" #k, d}

TEST_DB(a_draw_out_of_order_or_with_a_missing_attempt_is_found)
{
    if (testing_engine_of(c) != TESTING_SQLITE)
        return;
    EXPECT(VERDICT(SEAL(1, '1'), LOCK(1), RESULT(1)) == OK);
    EXPECT(VERDICT(SEAL(1, '1'), VOID(1, '1'), SEAL(2, '2'), LOCK(2), RESULT(2), VOID(2, '2')) == OK);
    EXPECT(VERDICT(SEAL(1, '1'), {"draw.seal", "y/1", '1'}, LOCK(1), {"draw.lock", "y/1", '2'}) == OK);
    EXPECT(VERDICT(SEAL(2, '1')) == ERR_MISSING);
    EXPECT(VERDICT(SEAL(1, '1'), SEAL(2, '2')) == ERR_MISSING); /* no void */
    EXPECT(VERDICT(SEAL(1, '1'), SEAL(1, '2')) == ERR_DUPLICATE);
    EXPECT(VERDICT(LOCK(1)) == ERR_MISSING);
    EXPECT(VERDICT(SEAL(1, '1'), RESULT(1)) == ERR_ORDER);
    EXPECT(VERDICT(SEAL(1, '1'), LOCK(1), LOCK(1)) == ERR_DUPLICATE);
    EXPECT(VERDICT(SEAL(1, '1'), LOCK(1), RESULT(1), RESULT(1)) == ERR_DUPLICATE);
    EXPECT(VERDICT(SEAL(1, '1'), VOID(1, '1'), LOCK(1)) == ERR_ORDER);
    EXPECT(VERDICT(SEAL(1, '1'), VOID(1, '9')) == ERR_DIGEST);
    EXPECT(VERDICT(SEAL(1, '1'), VOID(1, '1'), SEAL(2, '2'), LOCK(1)) == ERR_ORDER);
    EXPECT(VERDICT({"draw.seal", "x", '1'}) == ERR_SYNTAX);
    EXPECT(VERDICT({"draw.seal", "x/01", '1'}) == ERR_SYNTAX);
    EXPECT(VERDICT({"draw.seal", "x/1", 'Z'}) == ERR_SYNTAX);
    EXPECT(VERDICT({"plan.seal", "x", 'Z'}) == OK); /* not a draw's */
}

/* the files of one draw against the log ----------------------------------------------------------------------------- */

static const char DRAW_TXT[] = "mingqian-draw/v1\nsuite sha256\ndraw " DRAW "\nattempt %d\nprev %s\n"
                               "roster 0 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\nrule uniform\n"
                               "batches 1\nmin-parties 1\nquota 0 a 0 0\n"
                               "party p1 0000000000000000000000000000000000000000000000000000000000000000\n"
                               "party p2 0100000000000000000000000000000000000000000000000000000000000000\n";

static struct str
draw_txt(struct ctx *c, int attempt, const char *prev)
{
    char *text = arena_alloc(c->arena, 2048);

    EXPECT(text != NULL);
    snprintf(text, 2048, DRAW_TXT, attempt, prev);
    return str_of(text);
}

static const char *
detail_of(struct ctx *c, struct str document)
{
    unsigned char h[HASH_LEN];
    char *text = (char *) (uintptr_t) digest(c, '0');

    hash_of(HASH_SHA256, document.p, document.n, h);
    hex_encode(h, HASH_LEN, text + 11);
    return text;
}

static enum err
check_draw(struct ctx *c, struct str draw, struct str lock, struct str result, struct log_fault *f)
{
    static char scratch_block[LOG_SCRATCH_BYTES];
    struct arena scratch = arena_over(scratch_block, sizeof scratch_block);
    struct draw_files files = {.file = {[DRAW_DRAW] = draw, [DRAW_LOCK] = lock, [DRAW_RESULT] = result}};
    struct log *log = arena_alloc(c->arena, sizeof *log);
    struct log_draws found;
    enum err e = log_open(log, log_source_directory(log_dir(c)), c->arena, (struct str) {NULL, 0}, f);

    return e == OK ? log_check_draw(log, &scratch, &files, &found, &(struct log_papers) {0}, f) : e;
}

TEST_DB(the_files_of_a_draw_must_be_those_in_the_log)
{
    const struct str none = {NULL, 0};
    struct journal_keys keys;
    struct log_fault f;
    struct str first = draw_txt(c, 1, "-"), second, lock = STR("lock"), result = STR("result");
    char hex[65] = {0};
    unsigned char h[HASH_LEN];

    hash_of(HASH_SHA256, first.p, first.n, h);
    hex_encode(h, HASH_LEN, hex);
    second = draw_txt(c, 2, hex);
    start_log(c, &keys);
    filler(c, 300);
    EXPECT(journal_sequence(c, &keys, NULL) == OK);
    EXPECT(check_draw(c, first, none, none, &f) == ERR_MISSING); /* not sealed yet */
    act(c, "draw.seal", DRAW "/1", detail_of(c, first));
    act(c, "draw.void", DRAW "/1", detail_of(c, first));
    act(c, "draw.seal", DRAW "/2", detail_of(c, second));
    act(c, "draw.lock", DRAW "/2", detail_of(c, lock));
    EXPECT(journal_sequence(c, &keys, NULL) == OK);
    EXPECT(check_draw(c, second, lock, none, &f) == OK);
    EXPECT(check_draw(c, second, lock, result, &f) == ERR_MISSING);
    EXPECT_STR(f.file, "result.txt");
    EXPECT(check_draw(c, second, STR("other"), none, &f) == ERR_DIGEST);
    EXPECT_STR(f.file, "lock.txt");
    EXPECT(check_draw(c, draw_txt(c, 2, "1111111111111111111111111111111111111111111111111111111111111111"), none, none,
                      &f) == ERR_DIGEST);
    EXPECT_STR(f.file, "draw.txt");
    act(c, "draw.result", DRAW "/2", detail_of(c, result));
    EXPECT(journal_sequence(c, &keys, NULL) == OK);
    EXPECT(check_draw(c, second, lock, result, &f) == OK);
    EXPECT(check_draw(c, first, none, none, &f) == OK);
}

TEST_MAIN(T(fsck_names_every_altered_byte), T(fsck_misses_no_file_and_no_byte_at_the_end),
          T(an_older_checkpoint_is_kept_to), T(a_draw_out_of_order_or_with_a_missing_attempt_is_found),
          T(the_files_of_a_draw_must_be_those_in_the_log))
