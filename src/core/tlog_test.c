/* core/tlog_test.c - checkpoints, tile paths, bundles, proofs */
#include "base/test.h"

#include "core/tlog.h"

/* The example of c2sp.org/tlog-checkpoint. */
#define CHECKPOINT                                                                                           \
    "example.com/behind-the-sofa\n20852163\n"                                                                \
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

TEST(the_published_checkpoint_is_read_and_written_back)
{
    struct checkpoint c;
    char p[256];
    struct buf b = buf_over(p, sizeof p), tiny = buf_over(p, 20);

    EXPECT(checkpoint_parse(STR(CHECKPOINT), &c) == OK);
    EXPECT(str_eq(c.origin, STR("example.com/behind-the-sofa")) && c.size == 20852163 && c.root[0] == 0x0A);
    EXPECT(checkpoint_write(&b, &c) == OK && str_eq(buf_view(&b), STR(CHECKPOINT)));
    EXPECT(checkpoint_write(&tiny, &c) == ERR_TOO_LARGE);
}

TEST(checkpoints_of_another_form_are_refused)
{
    struct checkpoint c = {.size = 9};

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    EXPECT(checkpoint_parse(STR(""), &c) == ERR_SYNTAX);
    EXPECT(checkpoint_parse(STR("a\n1\n"), &c) == ERR_SYNTAX);
    EXPECT(checkpoint_parse(STR("\n1\n" ROOT), &c) == ERR_LENGTH);
    EXPECT(checkpoint_parse(STR("a\n01\n" ROOT), &c) == ERR_SYNTAX);
    EXPECT(checkpoint_parse(STR("a\n18446744073709551616\n" ROOT), &c) == ERR_SYNTAX);
    EXPECT(checkpoint_parse(STR("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n"), &c) == ERR_SYNTAX);
    EXPECT(checkpoint_parse(STR("a\n1\n" ROOT "more\n"), &c) == ERR_SYNTAX);
    EXPECT(checkpoint_parse(STR("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="), &c) == ERR_SYNTAX);
    EXPECT(checkpoint_parse(STR("a\tb\n1\n" ROOT), &c) == ERR_CHARSET);
    EXPECT(c.size == 9);
}

TEST(tile_paths_are_those_of_the_specification)
{
    static const struct {
        struct tile tile;
        const char *path;
    } PATHS[] = {{{false, 0, 0, 256}, "tile/0/000"},
                 {{false, 0, 1234067, 256}, "tile/0/x001/x234/067"},
                 {{false, 0, 1067, 256}, "tile/0/x001/067"},
                 {{false, 7, 999, 1}, "tile/7/999.p/1"},
                 {{true, 0, 1000, 255}, "tile/entries/x001/000.p/255"},
                 {{true, 0, 5, 256}, "tile/entries/005"},
                 {{false, 1, UINT64_MAX, 112}, "tile/1/x018/x446/x744/x073/x709/x551/615.p/112"}};

    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
        char p[TLOG_PATH_MAX];
        struct buf b = buf_over(p, sizeof p);
        struct tile t;

        tile_path(&b, &PATHS[i].tile);
        EXPECT(!b.overflow && str_eq(buf_view(&b), str_of(PATHS[i].path)));
        EXPECT(tile_path_parse(str_of(PATHS[i].path), &t) == OK);
        EXPECT(t.entries == PATHS[i].tile.entries && t.level == PATHS[i].tile.level);
        EXPECT(t.index == PATHS[i].tile.index && t.width == PATHS[i].tile.width);
    }
}

TEST(other_tile_paths_are_refused)
{
    static const char *const BAD[] = {"",
                                      "tile",
                                      "tile/0",
                                      "tile/0/",
                                      "tile/0/00",
                                      "tile/0/0000",
                                      "tile/00/000",
                                      "tile/8/000",
                                      "tile/x/000",
                                      "/tile/0/000",
                                      "tile/0/x000/001",
                                      "tile/0/x001",
                                      "tile/0/001/",
                                      "tile/0/x1/001",
                                      "tile/0/000.p/0",
                                      "tile/0/000.p/256",
                                      "tile/0/000.p/01",
                                      "tile/0/000.p/",
                                      "tile/0/000.p",
                                      "tile/entries",
                                      "tile/entries/..",
                                      "tile/0/../../etc",
                                      "tile/0/001/002",
                                      "TILE/0/000",
                                      "tile/0/x018/x446/x744/x073/x709/x551/616",
                                      "tile/0/x999/x999/x999/x999/x999/x999/x999/999"};

    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct tile t;

        EXPECT(tile_path_parse(str_of(BAD[i]), &t) == ERR_SYNTAX);
    }
}

/* The worked example of c2sp.org/tlog-tiles: a tree of 70,000. */
TEST(a_tree_of_70000_has_the_tiles_of_the_specification)
{
    EXPECT(tile_full_count(70000, 0) == 273 && tile_partial_width(70000, 0) == 112);
    EXPECT(tile_full_count(70000, 1) == 1 && tile_partial_width(70000, 1) == 17);
    EXPECT(tile_full_count(70000, 2) == 0 && tile_partial_width(70000, 2) == 1);
    EXPECT(tile_full_count(70000, 3) == 0 && tile_partial_width(70000, 3) == 0);
    EXPECT(tile_full_count(256, 0) == 1 && tile_partial_width(256, 0) == 0 &&
           tile_partial_width(256, 1) == 1);
    EXPECT(tile_full_count(UINT64_MAX, 7) == 0 && tile_partial_width(UINT64_MAX, 7) == 255);
    EXPECT(tile_full_count(UINT64_MAX, 8) == 0 && tile_partial_width(UINT64_MAX, 9) == 0);
}

TEST(a_bundle_gives_its_entries_back_and_a_short_one_is_refused)
{
    static char big[TLOG_ENTRY_BYTES_MAX + 1], p[70000];
    struct buf b = buf_over(p, sizeof p);
    struct str rest, entry;

    EXPECT(bundle_add(&b, STR("one")) == OK && bundle_add(&b, STR("")) == OK);
    EXPECT(bundle_add(&b, (struct str){big, TLOG_ENTRY_BYTES_MAX}) == OK);
    EXPECT(bundle_add(&b, (struct str){big, TLOG_ENTRY_BYTES_MAX + 1}) == ERR_TOO_LARGE);
    EXPECT(p[0] == 0 && p[1] == 3 && p[2] == 'o');
    rest = buf_view(&b);
    EXPECT(bundle_next(&rest, &entry) == OK && str_eq(entry, STR("one")));
    EXPECT(bundle_next(&rest, &entry) == OK && entry.n == 0);
    EXPECT(bundle_next(&rest, &entry) == OK && entry.n == TLOG_ENTRY_BYTES_MAX && rest.n == 0);
    EXPECT(bundle_next(&rest, &entry) == ERR_SYNTAX);
    rest = (struct str){p, 4};
    EXPECT(bundle_next(&rest, &entry) == ERR_SYNTAX);
    rest = (struct str){p, 1};
    EXPECT(bundle_next(&rest, &entry) == ERR_SYNTAX);
}

#define HASH "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

#define PROOF                                                                                                \
    "c2sp.org/tlog-proof@v1\nextra ZXh0cmE=\nindex 10\n" HASH "\n\nexample.com/x\n1\n" HASH                  \
    "\n\n\xE2\x80\x94 x AAAAAAA=\n"

TEST(a_proof_has_the_lines_of_the_specification)
{
    struct tlog_proof p;
    char text[1024];
    struct buf b = buf_over(text, sizeof text);

    EXPECT(tlog_proof_parse(STR(PROOF), &p) == OK);
    EXPECT(p.index == 10 && p.hash_count == 1 && p.hashes[0][0] == 0x0A && str_eq(p.extra, STR("ZXh0cmE=")));
    EXPECT(str_starts(p.checkpoint, STR("example.com/x\n1\n")));
    EXPECT(tlog_proof_write(&b, &p, STR("extra")) == OK && str_eq(buf_view(&b), STR(PROOF)));
    b.n = 0;
    EXPECT(tlog_proof_write(&b, &p, (struct str){0}) == OK);
    EXPECT(tlog_proof_parse(buf_view(&b), &p) == OK && p.extra.p == NULL);
}

TEST(a_proof_of_the_only_entry_has_no_hashes)
{
    struct tlog_proof p;

    EXPECT(tlog_proof_parse(STR("c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n"), &p) == OK);
    EXPECT(p.hash_count == 0 && p.index == 0 && str_eq(p.checkpoint, STR("checkpoint\n")));
}

TEST(proofs_of_another_form_are_refused)
{
    static const char *const BAD[] = {"",
                                      "c2sp.org/tlog-proof@v1\n",
                                      "c2sp.org/tlog-proof@v2\nindex 0\n\nx\n",
                                      "c2sp.org/tlog-proof@v1\nindex notanumber\n\nx\n",
                                      "c2sp.org/tlog-proof@v1\nindex 01\n\nx\n",
                                      "c2sp.org/tlog-proof@v1\nindex 0\n",
                                      "c2sp.org/tlog-proof@v1\nindex 0\n\n",
                                      "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx\n",
                                      "c2sp.org/tlog-proof@v1\nindex 0\n" HASH "\n",
                                      "c2sp.org/tlog-proof@v1\nextra AAAA\n",
                                      "c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\nx\n"};
    static char many[64 * 1024];
    struct buf b = buf_over(many, sizeof many);
    struct tlog_proof p;

    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        EXPECT(tlog_proof_parse(str_of(BAD[i]), &p) == ERR_SYNTAX);
    buf_z(&b, "c2sp.org/tlog-proof@v1\nindex 0\n");
    for (int i = 0; i < 65; i++)
        buf_z(&b, HASH "\n");
    buf_z(&b, "\nx\n");
    EXPECT(tlog_proof_parse(buf_view(&b), &p) == ERR_TOO_LARGE);
}

TEST_MAIN(T(the_published_checkpoint_is_read_and_written_back), T(checkpoints_of_another_form_are_refused),
          T(tile_paths_are_those_of_the_specification), T(other_tile_paths_are_refused),
          T(a_tree_of_70000_has_the_tiles_of_the_specification),
          T(a_bundle_gives_its_entries_back_and_a_short_one_is_refused),
          T(a_proof_has_the_lines_of_the_specification), T(a_proof_of_the_only_entry_has_no_hashes),
          T(proofs_of_another_form_are_refused))
