/* core/draw_verify.c - the five files against each other, step by step, and where the first fault lies */
#include <string.h>

#include "core/draw_locate.h"
#include "core/draw_run_int.h"

enum step {
    STEP_FILES,
    STEP_DRAW,
    STEP_LOCK,
    STEP_REVEAL,
    STEP_ROSTER,
    STEP_ROOT,
    STEP_QUOTA,
    STEP_LAYOUT,
    STEP_BEACON,
    STEP_SEED,
    STEP_RESULT,
    STEP_POLICY,
    STEP_COUNT
};

static const struct {
    const char *name, *zh, *en;
} TEXT[STEP_COUNT] = {
    {"files", "五个文件齐全", "all five files are there"},
    {"draw", "draw.txt 符合 mingqian-draw/v1", "draw.txt is mingqian-draw/v1"},
    {"lock", "lock.txt 属于这份 draw.txt,到场人数足够",
     "lock.txt belongs to this draw.txt, enough parties present"},
    {"reveal", "reveal.json 中的随机数与各方承诺一致", "the secrets in reveal.json open the commitments"},
    {"roster", "名单逐行合规,编号严格升序", "every row of the roster is well-formed, ids ascend"},
    {"root", "名单的行数和默克尔根与 draw.txt 一致",
     "rows and Merkle root of the roster are those of draw.txt"},
    {"quota", "各层抽取数量不超过候选数量", "no quota exceeds its population"},
    {"layout", "reveal.json 为规定的排版", "reveal.json has the fixed layout"},
    {"beacon", "信标值是可能出现的值", "the beacon values are possible ones"},
    {"seed", "重算种子与 result.txt 一致", "the recomputed seed is that of result.txt"},
    {"result", "重算结果与 result.txt 逐字节一致", "the recomputed result equals result.txt byte for byte"},
    {"policy", "参与方与信标强度符合规则", "parties and beacons are strong enough"},
};

static struct draw_step *
step_at(struct draw_report *r, enum step s)
{
    return &r->step[s];
}

static void
fail(struct draw_report *r, enum step s, const struct fault *f)
{
    step_at(r, s)->state = DRAW_FAIL;
    step_at(r, s)->fault = *f;
    r->ok = false;
}

static void
pass_before(struct draw_report *r, enum step s)
{
    for (int i = 0; i < (int) s; i++)
        step_at(r, (enum step) i)->state = DRAW_PASS;
}

void
draw_report_start(struct draw_report *r)
{
    *r = (struct draw_report){.step_count = STEP_COUNT, .ok = true};
    for (int i = 0; i < STEP_COUNT; i++)
        r->step[i] =
            (struct draw_step){.name = TEXT[i].name, .zh = TEXT[i].zh, .en = TEXT[i].en, .state = DRAW_SKIP};
}

static bool
files_given(const struct draw_files *files, struct draw_report *r)
{
    for (int i = 0; i < DRAW_FILE_COUNT; i++)
        if (files->file[i].p == NULL) {
            struct fault f = {.err = ERR_MISSING,
                              .file = (enum draw_file) i,
                              .zh = "缺少此文件",
                              .en = "this file is missing"};

            fail(r, STEP_FILES, &f);
            return false;
        }
    return true;
}

/* Which step a fault of draw_run belongs to. */
static enum step
step_of(const struct fault *f)
{
    if (f->file == DRAW_DRAW)
        return f->err == ERR_QUOTA ? STEP_QUOTA : STEP_DRAW;
    if (f->file == DRAW_LOCK)
        return STEP_LOCK;
    if (f->file == DRAW_REVEAL)
        return STEP_REVEAL;
    return f->err == ERR_DIGEST ? STEP_ROOT : STEP_ROSTER;
}

/* The digest on line 2 of lock.txt or result.txt. */
static bool
stated_digest(struct str text, struct str head, unsigned char out[static HASH_LEN])
{
    if (!str_starts(text, head) || text.n < head.n + HASH_HEX_LEN)
        return false;
    return hex_decode((struct str){text.p + head.n, HASH_HEX_LEN}, out, HASH_LEN) == OK;
}

/*
 * lock.txt and result.txt agree on a digest that draw.txt does not have: draw.txt was altered. Point to the
 * byte. False: they do not agree, or draw.txt has that digest.
 */
static bool
blame_draw(const struct draw_files *files, uint64_t *budget, struct fault *f)
{
    unsigned char by_lock[HASH_LEN], by_result[HASH_LEN], d[HASH_LEN];
    struct str text = files->file[DRAW_DRAW];
    size_t offset;

    if (!stated_digest(files->file[DRAW_LOCK], STR("mingqian-lock/v1\ndraw-digest "), by_lock) ||
        !stated_digest(files->file[DRAW_RESULT], STR("mingqian-result/v1\ndraw-digest "), by_result) ||
        memcmp(by_lock, by_result, HASH_LEN) != 0)
        return false;
    for (int s = 0; s < HASH_SUITE_COUNT; s++) {
        hash_of((enum hash_suite) s, text.p, text.n, d);
        if (memcmp(d, by_lock, HASH_LEN) == 0)
            return false;
    }
    if (f->file != DRAW_DRAW)
        *f = (struct fault){.err = ERR_DIGEST,
                            .file = DRAW_DRAW,
                            .zh = "draw.txt 已不是锁定时的内容",
                            .en = "draw.txt is not what was locked"};
    for (int s = 0; s < HASH_SUITE_COUNT; s++)
        if (locate_byte((enum hash_suite) s, text, by_lock, budget, &offset))
            locate_line(text, offset, f);
    return true;
}

/* The party whose secret begins at this byte of reveal.json is the one whose commitment failed. */
static void
refine_secret(const struct draw_files *files, const struct draw_run *run, uint64_t *budget, struct fault *f)
{
    unsigned char secret[DRAW_SECRET_BYTES];
    struct str text = files->file[DRAW_REVEAL];
    size_t digit;

    if (f->byte + HASH_HEX_LEN > text.n ||
        hex_decode((struct str){text.p + f->byte, HASH_HEX_LEN}, secret, sizeof secret) != OK)
        return;
    for (size_t i = 0; i < run->spec.party_count; i++)
        if (run->lock.present[i] && locate_secret(&run->spec, i, secret, budget, &digit)) {
            f->byte += digit;
            f->column += digit;
            return;
        }
}

static void
refine_row(const struct draw_run *run, uint64_t *budget, struct fault *f)
{
    uint64_t row;
    size_t offset;

    if (run->roster.count != run->spec.roster_count ||
        !locate_row(&run->roster, run->spec.roster_root, budget, &row, &offset))
        return;
    f->line = row + 1;
    f->column = offset + 1;
    f->byte = (uint64_t) (roster_line(&run->roster, row).p - run->roster.text.p) + offset;
    f->zh = "这一字节被改动过:换回原字节后根与 draw.txt 一致";
    f->en = "this byte was altered: with another one the root is that of draw.txt";
}

/* draw_run failed: blame the right file, as exactly as the budget allows. */
static void
report_failure(const struct draw_files *files, struct draw_report *r, uint64_t *budget, struct fault *f)
{
    enum step s;

    if (f->file == DRAW_DRAW || (f->file == DRAW_LOCK && f->err == ERR_DIGEST))
        (void) blame_draw(files, budget, f);
    if (f->err == ERR_COMMITMENT)
        refine_secret(files, &r->run, budget, f);
    if (f->file == DRAW_ROSTER && (f->err == ERR_ORDER || f->err == ERR_DUPLICATE))
        locate_order(files->file[DRAW_ROSTER], f);
    s = step_of(f);
    if (s == STEP_ROOT)
        refine_row(&r->run, budget, f);
    pass_before(r, s);
    fail(r, s, f);
}

static size_t
first_difference(struct str a, struct str b)
{
    size_t i = 0, n = a.n < b.n ? a.n : b.n;

    while (i < n && a.p[i] == b.p[i])
        i++;
    return i;
}

/* reveal.json must have one of its two layouts; where it leaves the nearer one is the fault. */
static enum err
check_layout(const struct draw_files *files, struct draw_report *r, struct arena *a)
{
    const struct draw_run *run = &r->run;
    struct str text = files->file[DRAW_REVEAL];
    size_t size = 64 + DRAW_PARTY_MAX * 128 + DRAW_BEACON_MAX * 256, mark = arena_mark(a), i, k;
    struct buf indented = buf_over(arena_alloc(a, size), size), line = buf_over(arena_alloc(a, size), size);
    struct fault f = {.err = ERR_SYNTAX,
                      .file = DRAW_REVEAL,
                      .zh = "空白与规定的排版不同",
                      .en = "white space differs from the fixed layout"};

    if (indented.p == NULL || line.p == NULL)
        return ERR_MEMORY;
    draw_reveal_write(&run->spec, &run->lock, &run->reveal, &indented);
    draw_reveal_write_line(&run->spec, &run->lock, &run->reveal, &line);
    step_at(r, STEP_LAYOUT)->state = DRAW_PASS;
    i = first_difference(text, buf_view(&indented));
    k = first_difference(text, buf_view(&line));
    if (!str_eq(text, buf_view(&indented)) && !str_eq(text, buf_view(&line))) {
        locate_line(text, i > k ? i : k, &f);
        fail(r, STEP_LAYOUT, &f);
    }
    arena_rewind(a, mark);
    return OK;
}

static void
check_beacons(const struct draw_files *files, struct draw_report *r)
{
    const struct draw_run *run = &r->run;
    struct fault f = {.err = ERR_INPUT,
                      .file = DRAW_REVEAL,
                      .zh = "这种信标不可能给出这个值",
                      .en = "this kind of beacon cannot give this value"};

    step_at(r, STEP_BEACON)->state = DRAW_PASS;
    for (size_t i = 0; i < run->spec.beacon_count; i++)
        if (!draw_beacon_value_ok(run->spec.beacons[i].name, run->reveal.value[i])) {
            locate_line(files->file[DRAW_REVEAL],
                        (size_t) (run->reveal.value[i].p - files->file[DRAW_REVEAL].p), &f);
            fail(r, STEP_BEACON, &f);
            return;
        }
}

/* Where the digits of the seed begin: after the first line, draw-digest and "seed ". */
static size_t
seed_from(struct str result)
{
    struct str head = STR("mingqian-result/v1\ndraw-digest ");

    return str_starts(result, head) ? head.n + HASH_HEX_LEN + STR("\nseed ").n : 0;
}

/*
 * The seeds differ. When all else in result.txt is right, its seed line was altered; otherwise result.txt
 * comes from another seed, and the beacon values are the only input that nothing else vouches for.
 */
static void
blame_seed(const struct draw_files *files, struct str expected, size_t difference, struct draw_report *r,
           uint64_t *budget)
{
    struct str text = files->file[DRAW_RESULT], reveal = files->file[DRAW_REVEAL], rest, rest2;
    size_t end = seed_from(expected) + HASH_HEX_LEN, beacon, offset; /* all before the seed is equal */
    struct fault f = {
        .err = ERR_MISMATCH, .file = DRAW_RESULT, .zh = "种子与重算不一致", .en = "not the recomputed seed"};
    unsigned char seed[HASH_LEN];

    locate_line(text, difference, &f);
    rest = (struct str){text.p + (text.n < end ? text.n : end), text.n < end ? 0 : text.n - end};
    rest2 = (struct str){expected.p + end, expected.n - end};
    if (!str_eq(rest, rest2) && text.n >= end && difference < end &&
        hex_decode((struct str){text.p + end - HASH_HEX_LEN, HASH_HEX_LEN}, seed, HASH_LEN) == OK &&
        locate_value(&r->run.spec, &r->run.lock, &r->run.reveal, seed, budget, &beacon, &offset)) {
        f.file = DRAW_REVEAL;
        f.zh = "信标值此处被改动过:换回原字节后种子与 result.txt 一致";
        f.en = "the beacon's value was altered here: with another byte the seed is that of result.txt";
        locate_line(reveal, (size_t) (r->run.reveal.value[beacon].p - reveal.p) + offset, &f);
    }
    fail(r, STEP_SEED, &f);
}

static void
compare_result(const struct draw_files *files, struct str expected, struct draw_report *r, uint64_t *budget)
{
    struct str text = files->file[DRAW_RESULT];
    size_t i = first_difference(text, expected);
    struct fault f = {
        .err = ERR_MISMATCH, .file = DRAW_RESULT, .zh = "与重算结果不一致", .en = "not what the draw gives"};

    step_at(r, STEP_SEED)->state = DRAW_PASS;
    if (i == text.n && i == expected.n) {
        step_at(r, STEP_RESULT)->state = DRAW_PASS;
        return;
    }
    locate_line(text, i, &f);
    if (f.line == 3) {
        blame_seed(files, expected, i, r, budget);
        return;
    }
    fail(r, STEP_RESULT, &f);
}

static enum err
check_result(const struct draw_files *files, struct draw_report *r, struct arena *a, uint64_t *budget)
{
    size_t mark = arena_mark(a), size = draw_result_bytes(&r->run);
    struct buf out = buf_over(arena_alloc(a, size), size);

    if (out.p == NULL)
        return ERR_MEMORY;
    draw_result_write(&r->run, &out);
    compare_result(files, buf_view(&out), r, budget);
    arena_rewind(a, mark);
    return OK;
}

static void
check_policy(struct draw_report *r)
{
    struct fault f;
    enum err e = draw_policy(&r->run.spec, &f);

    step_at(r, STEP_POLICY)->state = e == OK ? DRAW_PASS : DRAW_WARN;
    if (e != OK)
        step_at(r, STEP_POLICY)->fault = f;
}

enum err
draw_report_rest(const struct draw_files *files, const struct draw_env *env, struct arena *a, struct draw_report *out)
{
    uint64_t budget = env->locate_budget;
    enum err e;

    out->ran = true;
    pass_before(out, STEP_LAYOUT);
    check_beacons(files, out);
    check_policy(out);
    e = check_layout(files, out, a);
    return e == OK ? check_result(files, out, a, &budget) : e;
}

enum err
draw_verify(const struct draw_files *files, const struct draw_env *env, struct arena *a,
            struct draw_report *out)
{
    uint64_t budget = env->locate_budget;
    struct fault f;
    enum err e;

    draw_report_start(out);
    if (!files_given(files, out))
        return OK;
    e = draw_run(files, env, a, &out->run, &f);
    if (e == ERR_MEMORY)
        return e;
    if (e != OK) {
        report_failure(files, out, &budget, &f);
        return OK;
    }
    return draw_report_rest(files, env, a, out);
}

/* --- without the roster ------------------------------------------------------------------------------------------------ */

/* The first three lines of result.txt: format, digest of draw.txt, seed. */
static void
compare_head(const struct draw_files *files, struct draw_report *r)
{
    char text[256];
    struct buf b = buf_over(text, sizeof text);
    struct str result = files->file[DRAW_RESULT];
    struct fault f = {
        .err = ERR_MISMATCH, .file = DRAW_RESULT, .zh = "开头三行与重算不一致", .en = "its first lines are not what was recomputed"};

    buf_z(&b, "mingqian-result/v1\ndraw-digest ");
    buf_hex(&b, r->run.spec.digest, HASH_LEN);
    buf_z(&b, "\nseed ");
    buf_hex(&b, r->run.seed, HASH_LEN);
    buf_z(&b, "\n");
    step_at(r, STEP_SEED)->state = DRAW_PASS;
    if (str_starts(result, buf_view(&b)))
        return;
    locate_line(result, first_difference(result, buf_view(&b)), &f);
    fail(r, STEP_SEED, &f);
}

enum err
draw_verify_head(const struct draw_files *files, struct arena *a, struct draw_report *out)
{
    struct draw_files given = *files;
    uint64_t budget = 0;
    struct fault f;
    enum err e;

    draw_report_start(out);
    given.file[DRAW_ROSTER] = STR("");
    if (!files_given(&given, out))
        return OK;
    e = draw_run_documents(files, a, &out->run, &f);
    if (e == ERR_MEMORY)
        return e;
    if (e != OK) {
        report_failure(files, out, &budget, &f);
        return OK;
    }
    pass_before(out, STEP_ROSTER);
    check_beacons(files, out);
    check_policy(out);
    compare_head(files, out);
    return check_layout(files, out, a);
}
