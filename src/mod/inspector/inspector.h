/* mod/inspector/inspector.h - inspectors 执法检查人员: register, certificates, leave, recusals (regulation
 * 二(三)). */
#ifndef MQ_INSPECTOR_H
#define MQ_INSPECTOR_H

#include "mod/ctx.h"
#include "mod/inspector_sql.h"
#include "mod/person/person.h"

enum {
    INSPECTOR_CODE_MAX = 64,
    INSPECTOR_NAME_MAX = 200,
    INSPECTOR_CAP_MAX = 10000,
    INSPECTOR_RECUSALS_MAX = 256,
    INSPECTOR_TEXT_MAX = 600,   /* bytes of a reason, an evidence */
    INSPECTOR_LEAVE_MAX = 1830, /* days */
    INSPECTOR_HOURS_MAX = 2000,
    INSPECTOR_TEAM_MAX = 64
};

/* Words to ids; absent when unknown. 在岗 active, 暂停 suspended, 离职 left; 行政执法证 national, 省执法证
 * provincial, 技术资格证 technical. */
struct str inspector_state(struct str words);
struct str inspector_certificate_kind(struct str words);
/* 近亲属 relative, 利害关系 interest, 本人申报 declared, 对象申请 requested, 其他 other. */
struct str inspector_recusal_kind(struct str words);

/* What a register says about one inspector; absent fields keep what is known. */
struct inspector_say {
    struct inspector_put_in row; /* state absent: active; cap_count, lead: see the flags */
    bool cap_said, lead_said;
    struct inspector_certificate_put_in certificate; /* no certificate when no.n is 0 */
    struct inspector_leave_put_in leave;             /* none when leave_said is false */
    bool leave_said;
    struct str recusals[INSPECTOR_RECUSALS_MAX]; /* target codes */
    size_t recusal_count;
};

enum inspector_effect { INSPECTOR_NEW, INSPECTOR_CHANGED, INSPECTOR_UNCHANGED };

/*
 * inspector_accept: store what the register says, inside the caller's transaction and under its journal
 * entry; with dry_run only decide. *effect tells which. ERR_MEMORY and errors of the database.
 */
MUST_USE enum err inspector_accept(struct ctx *c, const struct inspector_say *say, bool dry_run,
                                   enum inspector_effect *effect);

/* --- the register as people read and change it (inspector_edit.c) -------------------------------------------------------- */

/* inspector_see: one within the row scope of c (department and region with what lies below); otherwise ERR_NOT_FOUND. */
MUST_USE enum err inspector_see(struct ctx *c, struct str code, struct inspector_get_row *out);

enum inspector_field {
    INSPECTOR_NAME = 1,
    INSPECTOR_DEPARTMENT = 2,
    INSPECTOR_LEVEL = 4,
    INSPECTOR_REGION = 8,
    INSPECTOR_REGIONS = 16,
    INSPECTOR_SKILLS = 32,
    INSPECTOR_ITEMS = 64,
    INSPECTOR_CAP = 128,
    INSPECTOR_LEAD = 256
};
/* What a person says: the fields named by `said`, the others stay. Absent and said: nothing any more. regions, skills, items:
 * JSON arrays. The state of row does not count: inspector_move changes it. */
struct inspector_change {
    struct inspector_put_in row;
    unsigned said; /* of enum inspector_field */
    struct person_say person;
};
/*
 * inspector_open: a new one, at work. inspector_edit: change one; row_version must be the present one. *field names the wrong
 * field, or is NULL. Journal: inspector.add, inspector.change with the names of the fields.
 * ERR_LENGTH, ERR_CHARSET (a code is a pseudonym of published files: letters, digits, . _ -), ERR_INPUT (department, item),
 * ERR_REGION, ERR_RANGE, errors of core/person.h; ERR_PERMISSION it would lie outside one's row scope; ERR_EXISTS (open);
 * ERR_CONFLICT, ERR_NOT_FOUND (edit).
 */
MUST_USE enum err inspector_open(struct ctx *c, const struct inspector_change *say, const char **field);
MUST_USE enum err inspector_edit(struct ctx *c, int64_t row_version, const struct inspector_change *say,
                                 const char **field);

/* One of the register as the user saw it; row_version -1: whatever it is now. All that follows: ERR_NOT_FOUND outside the row
 * scope, ERR_CONFLICT another row_version; one transaction, one entry. */
struct inspector_at {
    struct str code;
    int64_t row_version;
};
/* inspector_move: active, suspended, left, each to each other; reason required. ERR_STATE it is so already; ERR_INPUT;
 * ERR_LENGTH. Journal: inspector.state. */
MUST_USE enum err inspector_move(struct ctx *c, struct inspector_at at, struct str state, struct str reason);

/* --- certificates, leave, recusals, training (inspector_part.c) ----------------------------------------------------------- */

/* How near the end is: expired, 7, 30, 90 days or less; "" later. */
const char *inspector_level(int64_t days_left);
/* inspector_certify: enter or renew the certificate of its kind. ERR_INPUT the kind; ERR_LENGTH the number or issuer.
 * inspector_uncertify: take it out, with a reason. Journal: inspector.certificate, inspector.uncertify. */
MUST_USE enum err inspector_certify(struct ctx *c, struct inspector_at at, const struct inspector_certificate_put_in *say);
MUST_USE enum err inspector_uncertify(struct ctx *c, struct inspector_at at, struct str kind, struct str reason);
/* inspector_away: enter a leave, or change the one that began on *old_from_day. ERR_ORDER; ERR_RANGE longer than
 * INSPECTOR_LEAVE_MAX days; ERR_DUPLICATE it overlaps another; ERR_NOT_FOUND the old one. inspector_back: take it back.
 * Journal: inspector.leave, inspector.leave_cancel. */
MUST_USE enum err inspector_away(struct ctx *c, struct inspector_at at, const int64_t *old_from_day,
                                 const struct inspector_leave_put_in *say);
MUST_USE enum err inspector_back(struct ctx *c, struct inspector_at at, int64_t from_day);
/* inspector_recusal_keep: what inspector_recuse stores, in the caller's transaction and under the caller's entry. ERR_EXISTS it is in
 * force: what was declared first stands. */
MUST_USE enum err inspector_recusal_keep(struct ctx *c, const struct inspector_recusal_put_in *in);
/* inspector_recuse: declare a recusal 回避 with its evidence, in force until inspector_unrecuse ends it with a reason; then it
 * may be declared anew. kind: relative | interest | declared | requested | other. ERR_INPUT the kind; errors of
 * target_code_parse; ERR_LENGTH no evidence; ERR_EXISTS it is in force; ERR_STATE it is not. Journal: inspector.recuse,
 * inspector.unrecuse. */
MUST_USE enum err inspector_recuse(struct ctx *c, struct inspector_at at, struct str target, struct str kind,
                                   struct str evidence);
MUST_USE enum err inspector_unrecuse(struct ctx *c, struct inspector_at at, struct str target, struct str reason);
/* inspector_second: lend to another department for one task 借调 (assignment_second checks the task). ERR_INPUT to the own
 * department; ERR_LENGTH no reason; ERR_STATE lent for it already. inspector_unsecond takes it back: ERR_STATE it is not in
 * force. Journal: inspector.second, inspector.unsecond. */
MUST_USE enum err inspector_second(struct ctx *c, struct inspector_at at, const struct inspector_secondment_put_in *say);
MUST_USE enum err inspector_unsecond(struct ctx *c, struct inspector_at at, struct str task, struct str reason);
/* inspector_train: a training 业务培训; the id of *say is given. result: passed | failed | attended. ERR_LENGTH, ERR_RANGE
 * (hours), ERR_INPUT (result). inspector_untrain: it was entered by mistake. Journal: inspector.train, inspector.untrain. */
MUST_USE enum err inspector_train(struct ctx *c, struct inspector_at at, const struct inspector_training_put_in *say);
MUST_USE enum err inspector_untrain(struct ctx *c, struct inspector_at at, int64_t id);
/* inspector_link: an account belongs to this inspector (absent: to none), see account_link. ERR_MISSING no such inspector. */
MUST_USE enum err inspector_link(struct ctx *c, int64_t row_version, struct str login, struct str code);
/* inspector_reveal: telephone and identity number in clear, as person_reveal. */
MUST_USE enum err inspector_reveal(struct ctx *c, struct str code, struct str reason, struct person_plain *out);

/* --- teams 执法小组 (inspector_team.c) -------------------------------------------------------------------------------------- */

struct inspector_team {
    struct str code, name, department, region, lead, purpose; /* lead, region, purpose may be absent */
    const struct str *members;                                /* codes of inspectors of the department */
    size_t member_count;
};
/*
 * inspector_team_open, inspector_team_edit: the members are exactly these; department and code never change. *field names the
 * wrong field. ERR_LENGTH, ERR_CHARSET, ERR_REGION; ERR_INPUT a member of another department, or a lead who is no member;
 * ERR_TOO_LARGE more than INSPECTOR_TEAM_MAX; ERR_EXISTS; ERR_PERMISSION outside the row scope; ERR_NOT_FOUND, ERR_CONFLICT.
 * inspector_team_close: the team is no more, its inspectors stay. Journal: team.add, team.change, team.close.
 */
MUST_USE enum err inspector_team_see(struct ctx *c, struct str code, struct inspector_team_get_row *out);
MUST_USE enum err inspector_team_open(struct ctx *c, const struct inspector_team *say, const char **field);
MUST_USE enum err inspector_team_edit(struct ctx *c, int64_t row_version, const struct inspector_team *say,
                                      const char **field);
MUST_USE enum err inspector_team_close(struct ctx *c, int64_t row_version, struct str code);

/* What anybody may ask of one who shows a certificate: is it genuine, is it valid today, is its owner at work? */
struct inspector_proof {
    struct str code, name, department, state; /* name: published by policy only */
    struct str kind, no;                      /* of the certificate; absent: none */
    int64_t valid_to_day;
    bool certified; /* it is valid today */
    bool away;      /* on leave today */
    bool may_work;  /* certified, active, not away */
};
/* inspector_prove: by the number of a certificate or a pseudonym, exactly as it stands there. ERR_NOT_FOUND: not genuine. */
MUST_USE enum err inspector_prove(struct ctx *c, struct str shown, struct inspector_proof *out);

/* inspector_fit: may this inspector go to the target on a day from from_day to to_day, as the register is now? *why: NULL when so;
 * otherwise suspended | left | no_certificate | expired (before the last day) | leave (on all of these days) | recusal.
 * ERR_NOT_FOUND no such inspector. */
MUST_USE enum err inspector_fit(struct ctx *c, struct str code, struct str target, int64_t from_day, int64_t to_day,
                                const char **why);

#endif
