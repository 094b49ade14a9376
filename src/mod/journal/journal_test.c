/* mod/journal/journal_test.c - entries of the journal */
#include "mod/testing.h"

#include <stdio.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/entry.h"
#include "mod/file.h"
#include "mod/journal/journal.h"
#include "mod/journal/journal_sequence.h"
#include "mod/journal/log_source.h"
#include "mod/journal/sm2.h"
#include "mod/journal_sql.h"
#include "store/engine.h"

static enum err
add(struct ctx *c, struct str subject, struct str detail)
{
    enum err e = db_begin(c->db);

    return e != OK ? e : db_end(c->db, journal_add(c, &(struct journal_act) {STR("test.act"), subject, detail}));
}

/* n entries in one transaction. */
static void
add_many(struct ctx *c, int n)
{
    char subject[32];

    EXPECT(db_begin(c->db) == OK);
    for (int i = 0; i < n; i++) {
        snprintf(subject, sizeof subject, "s/%d", i);
        EXPECT(journal_add(c, &(struct journal_act) {STR("test.act"), str_of(subject), STR("{\"x\":1}")}) == OK);
    }
    EXPECT(db_end(c->db, OK) == OK);
}

static const char *
path_in(struct ctx *c, const char *relative)
{
    char *path = arena_alloc(c->arena, FILE_PATH_BYTES);

    EXPECT(path != NULL && file_path(path, c->dir, str_of(relative)) == OK);
    return path;
}

static struct str
read_in(struct ctx *c, const char *relative)
{
    struct str bytes = {NULL, 0};

    EXPECT(file_read(c->arena, path_in(c, relative), 1 << 20, &bytes) == OK);
    return bytes;
}

static bool
exists_in(struct ctx *c, const char *relative)
{
    return access(path_in(c, relative), F_OK) == 0;
}

static void
make_keys(struct ctx *c, bool sm2, struct journal_keys *keys)
{
    EXPECT(journal_keys_create(c, STR("log.test/mingqian"), sm2) == OK);
    EXPECT(journal_keys_load(c, keys) == OK);
}

static struct log *
open_log(struct ctx *c)
{
    struct log *log = arena_alloc(c->arena, sizeof *log);
    struct log_fault f;

    EXPECT(log != NULL && log_open(log, log_source_directory(path_in(c, "log")), c->arena, (struct str) {NULL, 0}, &f) == OK);
    return log;
}

TEST_DB(keys_are_made_once_and_kept_from_others)
{
    struct journal_keys keys;
    struct stat s;

    EXPECT(journal_keys_load(c, &keys) == ERR_NOT_FOUND);
    EXPECT(journal_keys_create(c, STR("two words"), false) == ERR_CHARSET);
    EXPECT(!exists_in(c, "keys/log.key"));
    make_keys(c, true, &keys);
    EXPECT(journal_keys_create(c, STR("log.test/mingqian"), true) == ERR_EXISTS);
    EXPECT(stat(path_in(c, "keys/log.key"), &s) == 0 && (s.st_mode & 0777) == 0600);
    EXPECT(chmod(path_in(c, "keys/log.key"), 0640) == 0);
    EXPECT(journal_keys_load(c, &keys) == ERR_PERMISSION);
}

TEST_DB(a_damaged_key_file_is_refused)
{
    struct journal_keys keys;
    struct str text;

    make_keys(c, false, &keys);
    text = read_in(c, "keys/log.key");
    EXPECT(file_write(path_in(c, "keys/log.key"), (struct str) {text.p, text.n - 2}, 0600) == OK);
    EXPECT(journal_keys_load(c, &keys) == ERR_SYNTAX);
    EXPECT(file_write(path_in(c, "keys/log.key"), STR(""), 0600) == OK);
    EXPECT(journal_keys_load(c, &keys) == ERR_SYNTAX);
}

/* GB/T 32918.5 appendix A: the point of the example's private key. */
TEST(sm2_agrees_with_the_standard)
{
    unsigned char secret[SM2_SECRET_BYTES], point[SM2_PUBLIC_BYTES], want[SM2_PUBLIC_BYTES],
        signature[SM2_SIGNATURE_BYTES];

    EXPECT(hex_decode(STR("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"), secret, 32) == OK);
    EXPECT(hex_decode(STR("0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                          "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"),
                      want, 65) == OK);
    EXPECT(sm2_public(secret, point));
    EXPECT_BYTES(point, want, 65);
    /* The example's signature of "message digest" (A.2). */
    EXPECT(hex_decode(STR("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
                          "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"),
                      signature, 64) == OK);
    EXPECT(sm2_verify(point, "message digest", 14, signature));
    EXPECT(!sm2_verify(point, "message digesT", 14, signature));
    EXPECT(sm2_sign(secret, "abc", 3, signature) && sm2_verify(point, "abc", 3, signature));
    signature[40] ^= 1;
    EXPECT(!sm2_verify(point, "abc", 3, signature));
    memset(secret, 0, sizeof secret);
    EXPECT(!sm2_public(secret, point));
    memset(secret, 0xFF, sizeof secret);
    EXPECT(!sm2_public(secret, point));
}

TEST_DB(the_sequencer_publishes_what_was_added_however_it_is_cut)
{
    static const int STEPS[] = {1, 2, 252, 1, 1, 255, 0, 300};
    struct journal_keys keys;
    uint64_t size = 0, total = 0;

    make_keys(c, true, &keys);
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        total += (uint64_t) STEPS[i];
        add_many(c, STEPS[i]);
        EXPECT(journal_sequence(c, &keys, &size) == OK && size == total);
        EXPECT(open_log(c)->checkpoint.size == total);
    }
    EXPECT(exists_in(c, "log/tile/0/000") && exists_in(c, "log/tile/entries/001") && exists_in(c, "log/tile/1/000.p/3"));
    EXPECT(exists_in(c, "log/tile/entries/003.p/44") && !exists_in(c, "log/tile/0/000.p"));
    {
        struct log *log = open_log(c);
        struct merkle_source tree = log_tree(log);
        unsigned char root[HASH_LEN];

        EXPECT(merkle_range(&tree, 0, total, root) == OK);
        EXPECT_BYTES(root, log->checkpoint.root, HASH_LEN);
    }
}

TEST_DB(entries_of_one_subject_come_back_in_order)
{
    struct journal_list_subject_row *rows;
    size_t count;

    for (int i = 0; i < 20; i++)
        EXPECT(add(c, i % 2 ? STR("a") : STR("b"), (struct str) {NULL, 0}) == OK);
    EXPECT(journal_list_subject(c->db, c->arena, &(struct journal_list_subject_in) {STR("a"), 0, 100}, &rows, &count) ==
           OK);
    EXPECT_INT(count, 10);
    for (size_t i = 1; i < count; i++)
        EXPECT(rows[i].id > rows[i - 1].id && !rows[i].leaf.set);
}

TEST_DB(a_clock_that_went_back_does_not_disorder_the_journal)
{
    struct journal_last_id_row before, after;

    EXPECT(add(c, STR("a"), STR("{\"x\":1}")) == OK);
    EXPECT(journal_last_id(c->db, c->arena, &before) == OK);
    c->now_us -= INT64_C(3600000000);
    EXPECT(add(c, STR("a"), (struct str) {NULL, 0}) == OK);
    EXPECT(journal_last_id(c->db, c->arena, &after) == OK);
    EXPECT(after.id > before.id);
}

TEST_DB(an_entry_with_a_bad_field_is_refused)
{
    static char big[ENTRY_BYTES_MAX];
    struct journal_last_id_row last;

    memset(big, 'x', sizeof big);
    memcpy(big, "{\"x\":\"", 6);
    memcpy(big + sizeof big - 2, "\"}", 2);
    EXPECT(add(c, STR(""), (struct str) {NULL, 0}) == ERR_LENGTH);
    EXPECT(add(c, STR("a\nb"), (struct str) {NULL, 0}) == ERR_CHARSET);
    EXPECT(add(c, STR("\xC0\x80"), (struct str) {NULL, 0}) == ERR_CHARSET);
    EXPECT(add(c, STR("a"), STR("words")) == ERR_CHARSET);
    EXPECT(add(c, STR("a"), (struct str) {big, sizeof big}) == ERR_TOO_LARGE);
    c->actor = STR("");
    EXPECT(add(c, STR("a"), (struct str) {NULL, 0}) == ERR_LENGTH);
    EXPECT(journal_last_id(c->db, c->arena, &last) == OK && last.id == 0);
}

TEST_DB(a_witness_signs_along_and_strangers_do_not)
{
    unsigned char seed[32] = {1}, public_key[32], secret[64], signature[64];
    struct note_key witness, stranger;
    struct journal_keys keys;
    char lines[1024], message[2048];
    struct buf line = buf_over(lines, sizeof lines), signed_bytes = buf_over(message, sizeof message);
    struct str note;
    size_t added = 9;

    make_keys(c, false, &keys);
    EXPECT(journal_cosign(c, NULL, 0, STR("x"), &added) == ERR_NOT_FOUND);
    add_many(c, 3);
    EXPECT(journal_sequence(c, &keys, NULL) == OK);
    crypto_sign_seed_keypair(public_key, secret, seed);
    EXPECT(note_key_make(STR("witness.test/1"), NOTE_COSIGNATURE, public_key, 32, &witness) == OK);
    public_key[0] ^= 1;
    EXPECT(note_key_make(STR("witness.test/2"), NOTE_COSIGNATURE, public_key, 32, &stranger) == OK);
    note = read_in(c, "log/checkpoint");
    for (size_t i = 0; i + 1 < note.n; i++)
        if (note.p[i] == '\n' && note.p[i + 1] == '\n')
            note_cosigned_message(&signed_bytes, 1772416800, (struct str) {note.p, i + 1});
    crypto_sign_detached(signature, NULL, (unsigned char *) message, signed_bytes.n, secret);
    note_add_cosignature(&line, &witness, 1772416800, signature);

    EXPECT(journal_cosign(c, &stranger, 1, buf_view(&line), &added) == ERR_SIGNATURE);
    EXPECT(str_eq(read_in(c, "log/checkpoint"), note));
    EXPECT(journal_cosign(c, &witness, 1, buf_view(&line), &added) == OK && added == 1);
    EXPECT(journal_cosign(c, &witness, 1, buf_view(&line), &added) == OK && added == 0); /* sent twice */
    EXPECT(read_in(c, "log/checkpoint").n == note.n + line.n);
    add_many(c, 1);
    EXPECT(journal_sequence(c, &keys, NULL) == OK);
    EXPECT(journal_cosign(c, &witness, 1, buf_view(&line), &added) == ERR_SIGNATURE); /* another checkpoint */
}

TEST_DB(every_entry_is_proved_from_the_published_files)
{
    struct journal_keys keys;
    struct log *log;

    make_keys(c, true, &keys);
    add_many(c, 600);
    EXPECT(journal_sequence(c, &keys, NULL) == OK);
    log = open_log(c);
    for (uint64_t i = 0; i < 600; i += 37) {
        size_t mark = arena_mark(c->arena);
        char *text = arena_alloc(c->arena, 1 << 18);
        struct buf b = buf_over(text, 1 << 18);
        struct checkpoint checkpoint;
        struct str entry;

        EXPECT(log_prove(log, i, &b) == OK && !b.overflow);
        EXPECT(log_check_proof(buf_view(&b), log->keys, log->key_count, c->arena, &entry, &checkpoint) == OK);
        EXPECT(checkpoint.size == 600);
        for (size_t at = 0; at < b.n; at += 11) { /* any altered byte is noticed */
            text[at] ^= 1;
            EXPECT(log_check_proof(buf_view(&b), log->keys, log->key_count, c->arena, &entry, &checkpoint) != OK);
            text[at] ^= 1;
            arena_rewind(c->arena, mark + (1 << 18) + 16);
        }
        arena_rewind(c->arena, mark);
    }
    EXPECT(log_prove(log, 600, &(struct buf) {NULL, 0, 0, false}) == ERR_RANGE);
}

TEST_DB(a_lost_checkpoint_file_is_written_again)
{
    struct journal_keys keys;
    struct str note;

    make_keys(c, false, &keys);
    add_many(c, 5);
    EXPECT(journal_sequence(c, &keys, NULL) == OK);
    note = read_in(c, "log/checkpoint");
    EXPECT(unlink(path_in(c, "log/checkpoint")) == 0);
    EXPECT(journal_sequence(c, &keys, NULL) == OK);
    EXPECT(str_eq(read_in(c, "log/checkpoint"), note));
}

TEST_DB(nothing_is_signed_over_altered_tiles_or_an_older_database)
{
    struct journal_keys keys;
    struct str note, tile;
    uint64_t size = 77;

    make_keys(c, false, &keys);
    add_many(c, 520);
    EXPECT(journal_sequence(c, &keys, NULL) == OK);
    note = read_in(c, "log/checkpoint");
    add_many(c, 1);
    tile = read_in(c, "log/tile/1/000.p/2");
    ((char *) (uintptr_t) tile.p)[40] ^= 4;
    EXPECT(file_write(path_in(c, "log/tile/1/000.p/2"), tile, 0644) == OK);
    EXPECT(journal_sequence(c, &keys, &size) == ERR_PROOF && size == 77 && c->why[0] != '\0');
    EXPECT(str_eq(read_in(c, "log/checkpoint"), note));
    ((char *) (uintptr_t) tile.p)[40] ^= 4;
    EXPECT(file_write(path_in(c, "log/tile/1/000.p/2"), tile, 0644) == OK);
    EXPECT(journal_sequence(c, &keys, &size) == OK && size == 521);
    /* The database of yesterday: the checkpoint of today is ahead of it. */
    EXPECT(c->db->engine->script(c->db, "DELETE FROM checkpoint WHERE size = 521") == OK);
    EXPECT(c->db->engine->script(c->db, "DELETE FROM journal WHERE leaf = 520") == OK);
    EXPECT(journal_sequence(c, &keys, &size) == ERR_PROOF);
}

TEST_DB(a_change_that_cannot_be_logged_is_undone)
{
    const struct journal_act act = {STR("test.act"), STR("a"), {NULL, 0}};
    struct journal_leaf_count_row row;

    EXPECT(db_begin(c->db) == OK);
    EXPECT(journal_checkpoint_put(c->db, &(struct journal_checkpoint_put_in) {7, STR("r"), STR("n"), 1}) == OK);
    EXPECT(c->db->engine->script(c->db, "ALTER TABLE journal RENAME TO hidden") == OK); /* undone as well */
    EXPECT(journal_add(c, &act) == ERR_JOURNAL);
    EXPECT(db_end(c->db, OK) != OK); /* even when the caller forgot to pass the error on */
    EXPECT(journal_checkpoint_last(c->db, c->arena, &(struct journal_checkpoint_last_row) {0}) == ERR_NOT_FOUND);
    EXPECT(journal_leaf_count(c->db, c->arena, &row) == OK && row.count == 0);
    c->entropy = testing_no_entropy; /* no id, no entry */
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, journal_add(c, &act)) == ERR_JOURNAL);
}

TEST_DB(an_entry_that_could_not_be_signed_is_refused_and_the_act_with_it)
{
    const struct journal_act act = {STR("test.act"), STR("s"), {0}};
    struct journal_count_row before, after;

    EXPECT(journal_count(c->db, c->arena, &before) == OK);
    c->needs_log_key = true;
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, journal_add(c, &act)) == ERR_JOURNAL);
    EXPECT(journal_count(c->db, c->arena, &after) == OK && after.count == before.count);
    EXPECT(journal_keys_create(c, STR("test.log"), false) == OK);
    EXPECT(db_begin(c->db) == OK);
    EXPECT(db_end(c->db, journal_add(c, &act)) == OK);
    EXPECT(journal_count(c->db, c->arena, &after) == OK && after.count == before.count + 1);
}

TEST_MAIN(T(an_entry_that_could_not_be_signed_is_refused_and_the_act_with_it), T(keys_are_made_once_and_kept_from_others), T(a_damaged_key_file_is_refused), T(sm2_agrees_with_the_standard),
          T(the_sequencer_publishes_what_was_added_however_it_is_cut), T(entries_of_one_subject_come_back_in_order),
          T(a_clock_that_went_back_does_not_disorder_the_journal), T(an_entry_with_a_bad_field_is_refused),
          T(a_witness_signs_along_and_strangers_do_not), T(every_entry_is_proved_from_the_published_files),
          T(a_lost_checkpoint_file_is_written_again), T(a_change_that_cannot_be_logged_is_undone), T(nothing_is_signed_over_altered_tiles_or_an_older_database))
