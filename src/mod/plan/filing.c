/* mod/plan/filing.c - the document of a plan that is filed with the government 备案 (regulation 二(四)) */
#include <string.h>

#include "core/hash.h"
#include "mod/journal/journal.h"
#include "mod/plan/plan_int.h"

const char *
plan_filing_type(struct str name)
{
    static const struct {
        const char *end, *type;
    } TYPES[] = {{".pdf", "application/pdf"},
                 {".ofd", "application/ofd"},
                 {".doc", "application/msword"},
                 {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
                 {".xls", "application/vnd.ms-excel"},
                 {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
                 {".wps", "application/vnd.ms-works"},
                 {".jpg", "image/jpeg"},
                 {".png", "image/png"},
                 {".txt", "text/plain; charset=utf-8"}};

    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        size_t n = strlen(TYPES[i].end);

        if (name.n > n && strncasecmp(name.p + name.n - n, TYPES[i].end, n) == 0)
            return TYPES[i].type;
    }
    return NULL;
}

static enum err
may_attach(struct ctx *c, struct str code)
{
    struct plan_get_row plan;
    struct plan_filing_list_row *rows;
    enum plan_state state = PLAN_DRAFT;
    size_t count = 0;
    enum err e = plan_get(c->db, c->arena, &(struct plan_get_in){code}, &plan);

    if (e == OK)
        e = plan_state_parse(plan.state, &state);
    if (e == OK && state != PLAN_ADOPTED && state != PLAN_FILED && (state != PLAN_APPROVED || plan.joint != 0))
        e = ctx_refuse(c, ERR_STATE, "plan %s is %s: not the time of the filing", code.p, plan_state_name(state));
    if (e == OK)
        e = plan_filing_list(c->db, c->arena, &(struct plan_filing_list_in){code}, &rows, &count);
    return e == OK && count >= PLAN_FILINGS_MAX ? ERR_TOO_LARGE : e;
}

static enum err
attach(struct ctx *c, const struct plan_filing_put_in *put)
{
    struct plan_filing_get_row there;
    struct str detail;
    struct buf b;
    enum err e = may_attach(c, put->plan);

    if (e == OK)
        e = plan_filing_get(c->db, c->arena, &(struct plan_filing_get_in){put->plan, put->digest}, &there);
    if (e != ERR_NOT_FOUND)
        return e; /* the same bytes are there already */
    e = plan_filing_put(c->db, put);
    if (e == OK)
        e = buf_in(c, 256, &b);
    if (e != OK)
        return e;
    buf_z(&b, "{");
    json_put_name(&b, "digest");
    json_put_text(&b, put->digest);
    buf_z(&b, "}");
    e = buf_take(c, &b, &detail);
    return e == OK ? journal_add(c, &(struct journal_act){STR("plan.attach"), put->plan, detail}) : e;
}

enum err
plan_attach(struct ctx *c, struct str code, struct str name, struct str bytes, struct str *digest)
{
    const char *type = plan_filing_type(name);
    unsigned char hash[HASH_LEN];
    char hex[HASH_HEX_LEN];
    enum err e;

    if (name.n == 0 || name.n > PLAN_NAME_MAX || memchr(name.p, '/', name.n) != NULL)
        return ctx_refuse(c, ERR_LENGTH, "the name of a file, at most %d bytes", PLAN_NAME_MAX);
    if (bytes.n == 0 || type == NULL)
        return ctx_refuse(c, ERR_INPUT, "pdf, ofd, doc, docx, xls, xlsx, wps, jpg, png or txt, and not empty");
    if (bytes.n > PLAN_FILING_BYTES)
        return ERR_TOO_LARGE;
    hash_of(HASH_SHA256, bytes.p, bytes.n, hash);
    hex_encode(hash, HASH_LEN, hex);
    *digest = str_copy(c->arena, (struct str){hex, sizeof hex});
    if (digest->p == NULL)
        return ERR_MEMORY;
    e = db_begin(c->db);
    return e == OK ? db_end(c->db, attach(c, &(struct plan_filing_put_in){code, *digest, bytes, name, str_of(type),
                                                                          (int64_t) bytes.n, c->actor, c->now_us}))
                   : e;
}
