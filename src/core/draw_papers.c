/* core/draw_papers.c - the documents beside the five files of a draw, made again */
#include "core/draw_papers.h"

#include <string.h>

#include "core/panel.h"
#include "core/staff.h"

const char *
draw_paper_name(enum draw_paper p)
{
    static const char *const NAMES[PAPER_COUNT] = {"staff.tsv",   "forbidden.tsv", "rules.txt",  "staff.txt", "owners.txt",
                                                   "experts.txt", "panel.txt",     "opened.tsv", "void.txt"};

    return NAMES[p];
}

void
paper_step_begin(struct paper_step *s, const char *name, const char *zh, const char *en)
{
    *s = (struct paper_step){.name = name, .zh = zh, .en = en, .state = DRAW_PASS};
}

void
paper_step_fail(struct paper_step *s, enum err e, const char *file, uint64_t line, const char *zh, const char *en)
{
    s->state = DRAW_FAIL;
    s->err = e;
    s->file = file;
    s->line = line;
    s->why_zh = zh;
    s->why_en = en;
}

/* The line of the first byte in which two documents differ. */
static uint64_t
first_line(struct str a, struct str b)
{
    uint64_t line = 1;

    for (size_t i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++)
        line += a.p[i] == '\n';
    return line;
}

/* --- inspectors: owners.txt from the frozen registers (match-1) ---------------------------------------------------------- */

struct matched {
    struct staff staff;
    struct staff_target *targets;
    struct staff_derived derived;
    struct match_result result;
    unsigned char staff_digest[HASH_LEN];
    struct match_options options;
    struct buf owners;
};

static enum err
drawn_targets(struct matched *m, const struct draw_run *run, struct arena *a)
{
    m->targets = arena_array(a, run->target_count + 1, sizeof *m->targets);
    if (m->targets == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < run->target_count; i++) {
        struct roster_row row = roster_at(&run->roster, run->targets[i].row);

        m->targets[i] = (struct staff_target){row.id, row.stratum, run->targets[i].mask, run->targets[i].batch};
    }
    return OK;
}

static void
seed_of(const struct draw_papers *p, struct matched *m)
{
    unsigned char key[HASH_LEN];

    hash_of(HASH_SHA256, p->of[PAPER_STAFF].p, p->of[PAPER_STAFF].n, m->staff_digest);
    draw_subkey(p->run->spec.suite, "inspector", p->run->seed, key);
    match_seed(key, m->staff_digest, m->options.seed);
}

static enum err
match_again(const struct draw_papers *p, struct matched *m, struct arena *a)
{
    struct staff_fault fault;
    size_t bad, size;
    enum err e = staff_parse(a, p->of[PAPER_STAFF_TSV], p->of[PAPER_FORBIDDEN], p->of[PAPER_RULES], &m->staff, &fault);

    if (e == OK)
        e = staff_seal_check(p->of[PAPER_STAFF], &m->staff, p->run->spec.digest);
    if (e == OK)
        e = drawn_targets(m, p->run, a);
    if (e == OK)
        e = staff_derive(a, &m->staff, m->targets, p->run->target_count, NULL, &m->derived, &bad);
    if (e != OK)
        return e;
    seed_of(p, m);
    m->options.reserves = true;
    m->options.slack = m->staff.rules.slack;
    e = match_solve(a, &m->derived.instance, &m->options, &m->result);
    if (e != OK)
        return e;
    size = staff_owners_bytes(&m->derived, &m->result);
    m->owners = buf_over(arena_alloc(a, size), size);
    if (m->owners.p == NULL)
        return ERR_MEMORY;
    staff_owners_write(&m->owners, &m->staff, m->targets, &m->derived, &m->result, m->staff_digest, m->options.seed);
    return OK;
}

static enum err
check_owners(const struct draw_papers *p, struct arena *a, struct paper_step *s)
{
    struct matched m = {.staff_digest = {0}};
    struct str published = p->of[PAPER_OWNERS];
    enum err e = match_again(p, &m, a);

    if (e == ERR_MEMORY)
        return e;
    if (e != OK)
        paper_step_fail(s, e, "staff.txt", 0, "冻结的名册不能得出匹配", "the frozen registers do not give a matching");
    else if (!str_eq(published, buf_view(&m.owners)))
        paper_step_fail(s, ERR_MISMATCH, "owners.txt", first_line(published, buf_view(&m.owners)), "与重算的匹配不一致",
                        "not what the matching gives");
    return OK;
}

/* Registers that are not public: the head of owners.txt still follows from staff.txt and the seed. */
static void
check_owners_head(const struct draw_papers *p, struct paper_step *s)
{
    char text[256];
    struct buf b = buf_over(text, sizeof text);
    struct matched m = {.staff_digest = {0}};

    seed_of(p, &m);
    buf_z(&b, "mingqian-owners/v1\nstaff-digest ");
    buf_hex(&b, m.staff_digest, HASH_LEN);
    buf_z(&b, "\nmatch-seed ");
    buf_hex(&b, m.options.seed, MATCH_SEED_LEN);
    buf_z(&b, "\n");
    if (!str_starts(p->of[PAPER_OWNERS], buf_view(&b)))
        paper_step_fail(s, ERR_MISMATCH, "owners.txt", first_line(p->of[PAPER_OWNERS], buf_view(&b)), "开头与名册和种子不符",
                        "its head does not follow from staff.txt and the seed");
}

static bool
registers_public(const struct draw_papers *p)
{
    for (int i = PAPER_STAFF_TSV; i <= PAPER_STAFF; i++)
        if (p->of[i].p == NULL)
            return false;
    return p->ran;
}

enum err
draw_papers_owners(const struct draw_papers *p, struct arena *a, struct paper_step *step, size_t *count)
{
    struct paper_step *s = &step[*count];
    enum err e = OK;

    if (p->of[PAPER_OWNERS].p == NULL)
        return OK;
    if (registers_public(p)) {
        paper_step_begin(s, "owners", "重算人员匹配,与 owners.txt 逐字节一致",
                         "the recomputed matching of inspectors equals owners.txt byte for byte");
        e = check_owners(p, a, s);
    } else {
        paper_step_begin(s, "owners-head", "owners.txt 属于这份 staff.txt 和这次抽取的种子(名册未全部公开,未重算)",
                         "owners.txt belongs to this staff.txt and to the seed (the registers are not all public: not re-run)");
        if (p->of[PAPER_STAFF].p == NULL)
            paper_step_fail(s, ERR_MISSING, "staff.txt", 0, "缺少此文件", "this file is missing");
        else
            check_owners_head(p, s);
    }
    *count += e == OK;
    return e;
}

/* --- experts: panel.txt from experts.txt (panel-1) ------------------------------------------------------------------------ */

/* The ids of the target lines of result.txt, one after the other. */
static bool
next_target(struct str *rest, struct str *id)
{
    struct str line;

    while (rest->n > 0) {
        str_split(*rest, '\n', &line, rest);
        if (str_starts(line, STR("target "))) {
            str_split((struct str){line.p + 7, line.n - 7}, ' ', id, &line);
            return true;
        }
    }
    return false;
}

static enum err
write_panel(const struct draw_papers *p, const struct panel_pool *pool, struct arena *a, struct buf *out)
{
    uint32_t *left = arena_array(a, pool->expert_count + 1, sizeof *left), chosen[PANEL_PLACES_MAX], count;
    struct str rest = p->result, id;
    unsigned char key[HASH_LEN];
    size_t size = PANEL_HEAD_MAX;

    while (next_target(&rest, &id))
        size += PANEL_LINE_MAX + id.n;
    *out = buf_over(arena_alloc(a, size), size);
    if (left == NULL || out->p == NULL)
        return ERR_MEMORY;
    draw_subkey(p->run->spec.suite, "int", p->run->seed, key);
    panel_write_head(pool, p->run->seed, out);
    rest = p->result;
    while (next_target(&rest, &id) && draw_id_ok(id)) {
        panel_choose(pool, p->run->spec.suite, key, id, left, chosen, &count);
        panel_write_target(pool, id, chosen, count, out);
    }
    return OK;
}

static enum err
check_panel(const struct draw_papers *p, struct arena *a, struct paper_step *s)
{
    struct panel_pool pool;
    struct fault f;
    struct buf b;
    enum err e = panel_pool_parse(p->of[PAPER_EXPERTS], a, &pool, &f);

    if (e == ERR_MEMORY)
        return e;
    if (e != OK)
        paper_step_fail(s, e, PANEL_EXPERTS_FILE, f.line, f.zh, f.en);
    else if (memcmp(pool.draw_digest, p->run->spec.digest, HASH_LEN) != 0)
        paper_step_fail(s, ERR_DIGEST, PANEL_EXPERTS_FILE, 2, "不是这次抽取的专家名单", "it belongs to another draw.txt");
    if (s->state == DRAW_FAIL)
        return OK;
    e = write_panel(p, &pool, a, &b);
    if (e == OK && !str_eq(p->of[PAPER_PANEL], buf_view(&b)))
        paper_step_fail(s, ERR_MISMATCH, PANEL_FILE, first_line(p->of[PAPER_PANEL], buf_view(&b)), "与重算的专家抽取不一致",
                        "not the experts that follow from the draw");
    return e;
}

enum err
draw_papers_panel(const struct draw_papers *p, struct arena *a, struct paper_step *step, size_t *count)
{
    struct paper_step *s = &step[*count];
    enum err e = OK;

    if (p->of[PAPER_PANEL].p == NULL)
        return OK;
    paper_step_begin(s, "panel", "重算专家抽取,与 panel.txt 逐字节一致", "the recomputed experts equal panel.txt byte for byte");
    if (p->of[PAPER_EXPERTS].p == NULL)
        paper_step_fail(s, ERR_MISSING, PANEL_EXPERTS_FILE, 0, "缺少此文件", "this file is missing");
    else
        e = check_panel(p, a, s);
    *count += e == OK;
    return e;
}

/* --- the opened rows of a roster that is not public (draw-1 §13) ----------------------------------------------------------- */

enum err
draw_papers_opened(const struct draw_papers *p, struct arena *a, struct paper_step *step, size_t *count)
{
    struct paper_step *s = &step[*count];
    struct opened_fault f;
    enum err e;

    if (p->of[PAPER_OPENED].p == NULL)
        return OK;
    paper_step_begin(s, "opened", DRAW_OPENED_ZH, DRAW_OPENED_EN);
    e = draw_check_opened(p->of[PAPER_OPENED], p->result, &p->run->spec, p->run->key_target, a, &f);
    if (e == ERR_MEMORY)
        return e;
    if (e != OK)
        paper_step_fail(s, e, f.file, f.line, f.zh, f.en);
    ++*count;
    return OK;
}
