/* mod/task/task.h - tasks of checks 抽查任务: from a line of a plan, or ad hoc with a reason (regulation
 * 二(四), 二(五)). */
#ifndef MQ_TASK_H
#define MQ_TASK_H

#include "mod/plan/terms.h"
#include "mod/task_sql.h"

enum { TASK_CODE_BYTES = 18, TASK_NAME_MAX = 300, TASK_REASON_MAX = 2000 };

/* draft 草案 → approved 审定 → sealed 名单封存 → drawn 已抽取 → assigned 已匹配 → notified 已告知 →
 * inspecting 检查中 → closed. A voided draw leads back to approved; both attempts stay public. */
enum task_state {
    TASK_DRAFT,
    TASK_APPROVED,
    TASK_SEALED,
    TASK_DRAWN,
    TASK_ASSIGNED,
    TASK_NOTIFIED,
    TASK_INSPECTING,
    TASK_CLOSED,
    TASK_STATE_COUNT
};
bool task_may_move(enum task_state from, enum task_state to);
const char *task_state_name(enum task_state s);
MUST_USE enum err task_state_parse(struct str s, enum task_state *out); /* ERR_INPUT */

/* A task with its terms parsed. Texts live in the arena. */
struct task {
    struct task_get_row row;
    enum task_state state;
    struct scope scope;
    struct sampling sampling;
    struct participants participants;
    struct texts items;
};

/*
 * task_create: a draft from JSON.
 *   {"plan":"41150020260001","line":1}                     the terms are those of the line; the plan must be
 * published or running. name, from, to may be given: the window lies within that of the line.
 *   {"adhoc_reason":"…","name":"…","items":[…],"scope":{…},"strata":{…},"lead":"…","participants":[…],
 *    "from":"2026-03-01","to":"2026-06-30"}                 ad hoc; "filter":"…" (id or name of a saved filter) instead
 *                                                           of scope
 *   ad hoc may leave the scope out: then it is the tags that its items name (对象标签), or all targets
 *   ad hoc may say why the yearly visit caps (domain: 频次上限) neither bind its frame nor count its visits:
 *   "cap_exempt": complaint 投诉举报 | superior 上级交办 | case 案件调查 | recheck 整改复查 | application 依申请 |
 *                 licence 许可现场核查 | emergency 突发事件
 *   both: "code" (otherwise region + date + the next four digits), "directed": 1 定向 | 0 不定向 (default)
 * ERR_EXISTS, ERR_NOT_FOUND, ERR_STATE, ERR_INPUT, ERR_DATE …: particulars in c->why. *code: in the arena.
 */
MUST_USE enum err task_create(struct ctx *c, struct str region, struct str json, struct str *code);
/* task_load: one task, parsed. ERR_NOT_FOUND names it in c->why. */
MUST_USE enum err task_load(struct ctx *c, struct str code, struct task *out);
/* task_approve: draft → approved. Every item is published (an unpublished item may not be inspected), the
 * ratio keeps the caps, the window is not over. Who created it on an account of the office does not approve it:
 * ERR_PERMISSION. ERR_STATE, ERR_CAP, ERR_DATE. */
MUST_USE enum err task_approve(struct ctx *c, struct str code);
/* task_step: one allowed move, inside the caller's transaction and under its journal entry. ERR_STATE. */
MUST_USE enum err task_step(struct ctx *c, struct str code, enum task_state from, enum task_state to);
/* task_own_entry: how a department stands in the canonical participants, for task_search: {"department":"scjgj", …; absent for
 * no department. */
MUST_USE enum err task_own_entry(struct ctx *c, struct str department, struct str *out);
/* task_close: inspecting → closed. */
MUST_USE enum err task_close(struct ctx *c, struct str code);

#endif
