/* mod/inspector/inspector_prove.c - is somebody who shows a certificate an inspector who may work today? (regulation 三(三): 亮证执法) */
#include <string.h>

#include "core/calendar.h"
#include "mod/inspector/inspector.h"

/* The certificate that is valid longest; absent: none was ever entered. */
static enum err
best_certificate(struct ctx *c, struct inspector_proof *p)
{
    struct inspector_certificates_of_row *r;
    size_t n;
    enum err e = inspector_certificates_of(c->db, c->arena, &(struct inspector_certificates_of_in) {p->code}, &r, &n);

    for (size_t i = 0; e == OK && i < n; i++)
        if (p->no.n == 0 || r[i].valid_to_day > p->valid_to_day) {
            p->kind = r[i].kind;
            p->no = r[i].no;
            p->valid_to_day = r[i].valid_to_day;
        }
    return e;
}

static enum err
absence(struct ctx *c, int64_t day, struct inspector_proof *p)
{
    struct inspector_leave_overlapping_row *r;
    size_t n;
    enum err e = inspector_leave_overlapping(c->db, c->arena,
                                             &(struct inspector_leave_overlapping_in) {p->code, day, day, {false, 0}}, &r, &n);

    p->away = e == OK && n > 0;
    return e;
}

enum err
inspector_prove(struct ctx *c, struct str shown, struct inspector_proof *out)
{
    struct inspector_by_certificate_row by;
    struct inspector_get_row i;
    int64_t today = day_of_us(c->now_us);
    enum err e = inspector_by_certificate(c->db, c->arena, &(struct inspector_by_certificate_in) {shown}, &by);

    *out = (struct inspector_proof) {0};
    if (e == OK) {
        out->no = by.no;
        out->kind = by.kind;
        out->valid_to_day = by.valid_to_day;
    }
    if (e == OK || e == ERR_NOT_FOUND)
        e = inspector_get(c->db, c->arena, &(struct inspector_get_in) {e == OK ? by.inspector : shown}, &i);
    if (e != OK)
        return e;
    out->code = i.code;
    out->name = i.name;
    out->department = i.department;
    out->state = i.state;
    if (out->no.n == 0)
        e = best_certificate(c, out);
    if (e == OK)
        e = absence(c, today, out);
    out->certified = out->no.n > 0 && out->valid_to_day >= today;
    out->may_work = out->certified && !out->away && str_eq(out->state, STR("active"));
    return e;
}
