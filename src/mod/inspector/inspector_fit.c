/* mod/inspector/inspector_fit.c - may this inspector still go to a target? For reserves that enter after the matching: what holds
 * in match-1, section 5.5, as the register is today (regulation 二(五)) */
#include "core/calendar.h"
#include "mod/inspector/inspector.h"

/* No certificate of enforcement, or none that holds on the last day; a technical one does not count. */
static enum err
certificate(struct ctx *c, struct str code, int64_t to_day, const char **why)
{
    struct inspector_certificates_of_row *r;
    size_t n;
    enum err e = inspector_certificates_of(c->db, c->arena, &(struct inspector_certificates_of_in) {code}, &r, &n);

    if (e != OK)
        return e;
    *why = "no_certificate";
    for (size_t i = 0; i < n; i++) {
        if (str_eq(r[i].kind, STR("technical")))
            continue;
        *why = "expired";
        if (r[i].valid_to_day >= to_day) {
            *why = NULL;
            return OK;
        }
    }
    return OK;
}

/* Away on each of these days? Leaves of one person come by their first day. */
static enum err
away(struct ctx *c, struct str code, int64_t from_day, int64_t to_day, bool *whole)
{
    struct inspector_leaves_of_row *r;
    size_t n;
    int64_t open = from_day; /* the first day that no leave covers yet */
    enum err e = inspector_leaves_of(c->db, c->arena, &(struct inspector_leaves_of_in) {code}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        if (r[i].from_day <= open && r[i].to_day >= open)
            open = r[i].to_day + 1;
    *whole = open > to_day;
    return e;
}

enum err
inspector_fit(struct ctx *c, struct str code, struct str target, int64_t from_day, int64_t to_day, const char **why)
{
    struct inspector_get_row i;
    struct inspector_recusal_get_row r;
    bool whole = false;
    enum err e = inspector_get(c->db, c->arena, &(struct inspector_get_in) {code}, &i);

    *why = NULL;
    if (e != OK)
        return e;
    if (!str_eq(i.state, STR("active"))) {
        *why = str_eq(i.state, STR("left")) ? "left" : "suspended";
        return OK;
    }
    e = certificate(c, code, to_day, why);
    if (e != OK || *why != NULL)
        return e;
    e = away(c, code, from_day, to_day, &whole);
    if (e != OK || whole) {
        *why = "leave";
        return e;
    }
    e = inspector_recusal_get(c->db, c->arena, &(struct inspector_recusal_get_in) {code, target}, &r);
    if (e == OK && !r.ended_us.set)
        *why = "recusal";
    return e == ERR_NOT_FOUND ? OK : e;
}
