/* mod/inspector/inspector.h - inspectors 执法检查人员: register, certificates, leave, recusals (regulation
 * 二(三)). */
#ifndef MQ_INSPECTOR_H
#define MQ_INSPECTOR_H

#include "mod/ctx.h"
#include "mod/inspector_sql.h"

enum {
    INSPECTOR_CODE_MAX = 64,
    INSPECTOR_NAME_MAX = 200,
    INSPECTOR_CAP_MAX = 10000,
    INSPECTOR_RECUSALS_MAX = 256
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

/* inspector_see: one within the row scope of c; otherwise ERR_NOT_FOUND. inspector_edit: a person changes the register:
 * inspector_accept in a transaction with its entry inspector.change. row_version -1: it must be new (ERR_EXISTS). ERR_CONFLICT;
 * ERR_PERMISSION another department; ERR_NOT_FOUND. */
MUST_USE enum err inspector_see(struct ctx *c, struct str code, struct inspector_get_row *out);
MUST_USE enum err inspector_edit(struct ctx *c, int64_t row_version, const struct inspector_say *say);

/* inspector_recuse: declare a recusal 回避, a transaction with its own journal entry (inspector.recuse).
 * kind: relative | interest | declared | requested | other. ERR_NOT_FOUND the inspector; ERR_INPUT the kind;
 * ERR_EXISTS declared before. */
MUST_USE enum err inspector_recuse(struct ctx *c, struct str inspector, struct str target, struct str kind,
                                   struct str evidence);

#endif
