/* mod/assignment/reserves.c - reserves that no row holds yet, out of owners.txt (match-1, section 6) */
#include <string.h>

#include "mod/assignment/assignment_int.h"
#include "mod/org/org.h"

/* "group TARGET BIT TEAM LEAD RESERVES": the last field of the line. A substitute, which came later, has no line: "-". */
static enum err
find_line(struct ctx *c, struct str owners, struct str target, unsigned bit, struct str *reserves)
{
    struct buf b;
    const char *at, *end;
    enum err e = buf_in(c, target.n + 32, &b);

    if (e != OK)
        return e;
    buf_z(&b, "\ngroup ");
    buf_str(&b, target);
    buf_z(&b, " ");
    buf_u64(&b, bit);
    buf_z(&b, " ");
    at = memmem(owners.p, owners.n, b.p, b.n);
    *reserves = STR("-");
    if (at == NULL)
        return OK;
    at += b.n;
    end = memchr(at, '\n', (size_t) (owners.p + owners.n - at));
    if (end == NULL)
        return ERR_SYNTAX;
    for (int field = 0; field < 2 && at != NULL; field++) {
        at = memchr(at, ' ', (size_t) (end - at));
        at = at == NULL ? NULL : at + 1;
    }
    if (at == NULL)
        return ERR_SYNTAX;
    *reserves = (struct str) {at, (size_t) (end - at)};
    return OK;
}

static bool
is_named(const struct assignment_list_row *rows, size_t count, struct str department, struct str inspector)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].department, department) && str_eq(rows[i].inspector, inspector))
            return true;
    return false;
}

/* The reserves in their order; those with a row were taken before. */
static enum err
put(struct ctx *c, struct drawing_key k, struct str target, struct str department, struct str reserves, size_t *added)
{
    struct assignment_list_row *rows;
    size_t count;
    int64_t rank = 0;
    struct str one;
    bool more = !str_eq(reserves, STR("-"));
    enum err e = assignment_list(c->db, c->arena, &(struct assignment_list_in) {target, k.draw, k.attempt}, &rows, &count);

    while (e == OK && more && *added < ASSIGNMENT_RESERVES_STORED) {
        more = str_split(reserves, ',', &one, &reserves);
        rank++;
        if (is_named(rows, count, department, one))
            continue;
        e = assignment_put(c->db, &(struct assignment_put_in) {target, k.draw, k.attempt, department, one, STR("reserve"), rank});
        (*added)++;
    }
    return e;
}

/* The list as it stands in the file of the log. */
static enum err
listed(struct ctx *c, struct drawing_key k, struct str owners, struct str target, struct str department, struct str *reserves)
{
    struct assignment_staffing_row staffing;
    unsigned char hash[HASH_LEN];
    struct str digest;
    unsigned bit = 0;
    enum err e = assignment_staffing(c->db, c->arena, &(struct assignment_staffing_in) {k.draw, k.attempt}, &staffing);

    hash_of(HASH_SHA256, owners.p, owners.n, hash);
    if (e == OK)
        e = drawing_hex(c, hash, &digest);
    if (e == OK && !str_eq(digest, staffing.owners_digest))
        e = ctx_refuse(c, ERR_DIGEST, "owners.txt was altered after it was logged");
    if (e == OK)
        e = org_bit(c, department, &bit);
    return e == OK ? find_line(c, owners, target, bit, reserves) : e;
}

enum err
assignment_take_reserves(struct ctx *c, struct drawing_key k, struct str target, struct str department, size_t *added)
{
    struct str owners, reserves = {0};
    enum err e = drawing_map(c, k, "owners.txt", &owners);

    *added = 0;
    if (e != OK)
        return e;
    e = listed(c, k, owners, target, department, &reserves);
    if (e == OK)
        e = put(c, k, target, department, reserves, added);
    drawing_unmap(owners);
    return e;
}
