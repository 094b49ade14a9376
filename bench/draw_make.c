/* bench/draw_make.c - draw_make DIR ROWS [strata]: roster.tsv of so many rows in the classes A to D (30, 55,
 * 12, 3 %) and the draw.txt, lock.txt and reveal.json of a draw of 3 % of each, all a function of ROWS. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/draw_run.h"

enum { ARENA_BYTES = 1 << 20, ID_BYTES = 18 };

static uint64_t
mix(uint64_t z)
{
    z += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

static void
write_file(const char *dir, enum draw_file file, const char *p, size_t n)
{
    char path[1024];
    FILE *f;

    (void) snprintf(path, sizeof path, "%s/%s", dir, draw_file_name(file));
    f = fopen(path, "wb");
    if (f == NULL || fwrite(p, 1, n, f) != n || fclose(f) != 0) {
        perror(path);
        exit(5);
    }
}

/* Ascending codes that look like those of one prefecture; the class depends on the row. */
static struct str
make_roster(uint64_t rows, uint64_t counts[4])
{
    static const char SYMBOLS[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    size_t size = rows * 40 + 1;
    struct buf out = buf_over(malloc(size), size);

    for (uint64_t i = 0; i < rows; i++) {
        unsigned percent = (unsigned) (mix(i) % 100), class = percent < 30   ? 0
                                                              : percent < 85 ? 1
                                                              : percent < 97 ? 2
                                                                             : 3;
        char id[ID_BYTES + 1] = "91411500", stratum[2] = {(char) ('A' + (int) class), 0};
        uint64_t v = i * 3;

        for (size_t k = ID_BYTES - 1; k-- > 8; v /= 31)
            id[k] = SYMBOLS[v % 31];
        id[ID_BYTES - 1] = SYMBOLS[mix(~i) % 31];
        roster_row_write(
            &(struct roster_row){
                .id = {id, ID_BYTES}, .stratum = {stratum, 1}, .weight = 1, .mask = 1, .salt = STR("-")},
            &out);
        counts[class]++;
    }
    return buf_view(&out);
}

static void
write_documents(const char *dir, struct draw_spec *d, struct arena *a)
{
    static const bool PRESENT[DRAW_PARTY_MAX] = {true, true};
    static char text[8192];
    struct buf out = buf_over(text, sizeof text);
    struct draw_reveal r = {0};
    struct draw_lock lock;
    struct fault f;

    for (size_t i = 0; i < 2; i++) {
        memset(r.secret[i], (int) (i + 1), DRAW_SECRET_BYTES);
        draw_commitment(d->suite, d->number, 1, d->parties[i].name, r.secret[i], d->parties[i].commitment);
    }
    draw_write(d, &out);
    write_file(dir, DRAW_DRAW, out.p, out.n);
    if (draw_parse(buf_view(&out), a, d, &f) != OK)
        abort();
    out = buf_over(text + 4096, 4096);
    draw_lock_write(d, PRESENT, &out);
    write_file(dir, DRAW_LOCK, out.p, out.n);
    if (draw_lock_parse(buf_view(&out), d, &lock, &f) != OK)
        abort();
    out = buf_over(text + 4096, 4096);
    draw_reveal_write(d, &lock, &r, &out);
    write_file(dir, DRAW_REVEAL, out.p, out.n);
}

int
main(int argc, char **argv)
{
    uint64_t counts[4] = {0}, rows = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    struct draw_party parties[2] = {{.name = STR("a")}, {.name = STR("b")}};
    struct draw_quota quotas[4];
    struct draw_spec d = {.number = STR("411500/2026/0001"),
                          .attempt = 1,
                          .batches = 12,
                          .min_parties = 2,
                          .parties = parties,
                          .party_count = 2,
                          .quotas = quotas,
                          .quota_count = 4};
    struct draw_env env = draw_env_serial();
    struct arena small, large;
    struct roster roster;
    struct fault f;
    struct str text;
    enum err e;

    if (argc < 3 || rows == 0)
        return 2;
    small = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    text = make_roster(rows, counts);
    write_file(argv[1], DRAW_ROSTER, text.p, text.n);
    large = arena_over(malloc(rows * 8 + ARENA_BYTES), rows * 8 + ARENA_BYTES);
    e = roster_read(text, HASH_SHA256, NULL, NULL, &env, &large, &roster, &f);
    if (e == OK) {
        d.roster_count = roster.count;
        memcpy(d.roster_root, roster.root, HASH_LEN);
    }
    for (size_t i = 0; i < 4; i++) {
        static const char *const CLASS[] = {"A", "B", "C", "D"};

        quotas[i] = (struct draw_quota){.stratum = str_of(CLASS[i]), .n = (counts[i] * 3 + 99) / 100};
    }
    if (e == OK)
        write_documents(argv[1], &d, &small);
    free(large.base);
    free(small.base);
    free((void *) (uintptr_t) text.p);
    return err_exit_status(e);
}
