/* mod/lead/lead.h - leads 线索 (regulation 二(七)): what complaints, orders, patrols and data show is checked at once, without a
 * draw; who reported it is known to the handling unit alone. */
#ifndef MQ_LEAD_H
#define MQ_LEAD_H

#include "mod/account/secret.h"
#include "mod/json.h"
#include "mod/lead_sql.h"

enum {
    LEAD_CODE_BYTES = 19,     /* X, region 6, date 8, four digits */
    LEAD_WORKING_DAYS = 15,   /* to verify and decide: 市场监督管理行政处罚程序规定 第十八条 */
    LEAD_CONTENT_MAX = 8000,  /* bytes of the report, of findings, of a reply */
    LEAD_WORDS_MAX = 600,     /* bytes of a name, a place, a note */
    LEAD_INSPECTORS_MIN = 2,
    LEAD_INSPECTORS_MAX = 16
};

/* received 已接收 → triage 已分办 → inspecting 检查中 → disposed 已处置 → replied 已答复 → closed 已办结. From triage to disposed:
 * not accepted 不予受理, or taken into a campaign. From disposed to closed: there is nobody to reply to. A lead that goes to
 * another department goes back to received → triage there. */
enum lead_state {
    LEAD_RECEIVED,
    LEAD_TRIAGE,
    LEAD_INSPECTING,
    LEAD_DISPOSED,
    LEAD_REPLIED,
    LEAD_CLOSED,
    LEAD_STATE_COUNT
};
bool lead_may_move(enum lead_state from, enum lead_state to);
const char *lead_state_name(enum lead_state s);
MUST_USE enum err lead_state_parse(struct str s, enum lead_state *out); /* ERR_INPUT */
/* lead_source_ok: assigned 交办转办 | complaint 投诉举报 | patrol 日常巡查 | monitoring 数据监测. */
bool lead_source_ok(struct str source);

/* Who reports 举报人; all absent: anonymous. Sealed with keys/person.key; it never stands in the journal. */
struct lead_reporter {
    struct str name, phone, address;
};
struct lead_say {
    struct str source, region;    /* region: six digits, required */
    struct str department;        /* that handles it; absent: named at the triage */
    struct str target;            /* code in the registry, or absent */
    struct str target_name, place; /* words, or absent */
    struct str content;           /* required */
    struct lead_reporter reporter;
    bool portal;                  /* it came from the public */
};
struct lead_receipt {
    struct str code;                       /* the receipt number, in the arena */
    char token[SECRET_TOKEN_CHARS + 1];    /* with it the sender asks how it stands; shown once, stored as a hash */
    struct opt_i64 due;                    /* unset: the calendar lacks the year */
};
/* lead_receive: by the office, or from the public (portal: c has no row scope). One transaction, entry lead.receive.
 * *field names the wrong field, or is NULL. ERR_INPUT the source, the department; ERR_REGION; ERR_LENGTH; ERR_ENCODING;
 * ERR_NOT_FOUND the target; ERR_PERMISSION outside one's row scope. */
MUST_USE enum err lead_receive(struct ctx *c, const struct lead_say *say, struct lead_receipt *out, const char **field);

/* lead_check: for the sender: state and reply. ERR_NOT_FOUND: no lead of this code and token. */
struct lead_standing {
    struct str state, reply; /* reply: absent before `replied` */
    int64_t received_day;
    struct opt_i64 due_day;
};
MUST_USE enum err lead_check(struct ctx *c, struct str code, struct str token, struct lead_standing *out);

/* lead_see: one within the row scope of c: its department (or none named yet, for those of all departments) and region.
 * ERR_NOT_FOUND. */
MUST_USE enum err lead_see(struct ctx *c, struct str code, struct lead_get_row *out);
/* lead_reveal: who reported, for accounts of the handling department alone (one without department is not the handling
 * unit). Entry lead.reveal with the reason. ERR_PERMISSION; ERR_LENGTH no reason; ERR_NOT_FOUND the lead, or anonymous. */
MUST_USE enum err lead_reveal(struct ctx *c, struct str code, struct str reason, struct lead_reporter *out);

/* One lead as the user saw it. What follows: one transaction, one entry; ERR_NOT_FOUND outside the row scope, ERR_CONFLICT
 * another row_version, ERR_STATE, ERR_LENGTH. */
struct lead_at {
    struct str code;
    int64_t row_version;
};
/* lead_assign: received → triage with the department that handles it. ERR_INPUT no such department. */
MUST_USE enum err lead_assign(struct ctx *c, struct lead_at at, struct str department, struct str note);
/* lead_pass: triage → received: it is another department's, and why; that department takes it by lead_assign. */
MUST_USE enum err lead_pass(struct ctx *c, struct lead_at at, struct str department, struct str reason);

/* A check at once, without a draw; it counts against no yearly cap. */
struct lead_inspection {
    int64_t day;
    struct texts inspectors; /* two or more of the department: at work, not on leave, with a certificate valid on the day,
                                not recused from the target */
    struct str methods;      /* JSON array of method codes, or absent */
    struct str remarks;
};
/* lead_inspect: triage → inspecting; again while inspecting: one more visit. ERR_INPUT the inspectors, with their reason in
 * c->why; ERR_DATE before the day of receipt or in the future. */
MUST_USE enum err lead_inspect(struct ctx *c, struct lead_at at, const struct lead_inspection *say);

struct lead_disposal {
    struct str outcome;     /* violation 属实 | unfounded 不属实 | unaccepted 不予受理 */
    struct str measure;     /* of the dictionary followups: with a violation required */
    struct str document_no; /* of a case, a referral; or absent */
    struct str findings;    /* required */
};
/* lead_dispose: inspecting → disposed; unaccepted: triage → disposed. ERR_INPUT. */
MUST_USE enum err lead_dispose(struct ctx *c, struct lead_at at, const struct lead_disposal *say);
/* lead_answer: disposed → replied. lead_close: replied → closed, or disposed → closed without a reporter to reply to. */
MUST_USE enum err lead_answer(struct ctx *c, struct lead_at at, struct str reply);
MUST_USE enum err lead_close(struct ctx *c, struct lead_at at, struct str note);

/* lead_join: for campaigns (mod/lead/campaign.h): triage or disposed lead becomes part of one; inside the caller's transaction
 * and under its entry. */
MUST_USE enum err lead_join(struct ctx *c, struct str code, struct str campaign);

#endif
