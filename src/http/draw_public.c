/* http/draw_public.c - see draw_public.h */
#include "draw_public.h"

#include <sys/stat.h>

/* From which state on a file may be seen. OUTCOME: once the draw is public; OPEN_ROSTER: never of a salted
 * draw. */
enum stage { SEALED, LOCKED, OUTCOME, OPEN_ROSTER };

static const struct {
    const char *name;
    enum stage stage;
    enum text words;
} FILES[] = {
    {"draw.txt", SEALED, TEXT_file_draw},      {"roster.tsv", OPEN_ROSTER, TEXT_file_roster},
    {"lock.txt", LOCKED, TEXT_file_lock},      {"reveal.json", OUTCOME, TEXT_file_reveal},
    {"result.txt", OUTCOME, TEXT_file_result}, {"staff.txt", OUTCOME, TEXT_file_staff},
    {"owners.txt", OUTCOME, TEXT_file_owners}, {"rules.txt", OUTCOME, TEXT_file_rules},
    {"experts.txt", OUTCOME, TEXT_file_experts}, {"panel.txt", OUTCOME, TEXT_file_panel},
    {"opened.tsv", OUTCOME, TEXT_file_opened}, {"void.txt", SEALED, TEXT_file_void},
};

bool
draw_is_public(const struct report_attempts_row *a, int64_t today)
{
    return str_eq(a->state, STR("drawn")) && (!a->publish_day.set || a->publish_day.v <= today);
}

static bool
allowed(enum stage stage, const struct report_attempts_row *a, int64_t today)
{
    switch (stage) {
    case SEALED:
        return true;
    case LOCKED:
        return a->lock_digest.p != NULL;
    case OUTCOME:
        return draw_is_public(a, today);
    case OPEN_ROSTER:
        return a->salted == 0;
    }
    return false;
}

enum err
draw_public_path(const struct ctx *c, struct str draw, int64_t attempt, struct str name,
                 char path[DRAW_PUBLIC_PATH_BYTES])
{
    struct buf b = buf_over(path, DRAW_PUBLIC_PATH_BYTES - 1);

    buf_z(&b, c->dir);
    buf_z(&b, "/draws/");
    for (size_t i = 0; i < draw.n; i++)
        buf_add(&b, draw.p[i] == '/' ? "-" : &draw.p[i], 1);
    buf_z(&b, "/");
    buf_i64(&b, attempt);
    buf_z(&b, "/");
    buf_str(&b, name);
    if (b.overflow)
        return ERR_TOO_LARGE;
    path[b.n] = '\0';
    return OK;
}

size_t
draw_public_files(struct ctx *c, const struct report_attempts_row *a, int64_t today,
                  struct draw_public_file out[DRAW_PUBLIC_FILES_MAX])
{
    char path[DRAW_PUBLIC_PATH_BYTES];
    struct stat st;
    size_t count = 0;

    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        if (!allowed(FILES[i].stage, a, today))
            continue;
        if (draw_public_path(c, a->draw, a->attempt, str_of(FILES[i].name), path) != OK ||
            stat(path, &st) != 0)
            continue;
        out[count++] = (struct draw_public_file){FILES[i].name, FILES[i].words, (int64_t) st.st_size};
    }
    return count;
}
