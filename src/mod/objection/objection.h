/* mod/objection/objection.h - objections 异议: a target says that a published result is wrong; the department answers within its
 * working days, corrects the result when it is, and both stand beside the result where the target agrees (regulation 二(六)). */
#ifndef MQ_OBJECTION_H
#define MQ_OBJECTION_H

#include "mod/json.h"
#include "mod/objection_sql.h"

enum {
    OBJECTION_WORKING_DAYS = 20, /* to answer: our own term, as 企业信息公示暂行条例 (国务院令第654号) 第十三条 has for a query; 第十二条 gives the right to a correction, and no term */
    OBJECTION_TEXT_MAX = 4000    /* bytes of an objection, of an answer */
};

struct objection_say {
    struct str target;
    int64_t result;
    struct str content;
    bool publish; /* the target agrees that objection and answer become public */
    bool account; /* it came from the target's account; else from somebody with the code of its visit */
};
struct objection_filed {
    int64_t id;
    struct opt_i64 due; /* unset: the calendar lacks the year */
    bool again;         /* the same was filed before: nothing changed */
};
/* objection_file: the caller knows that the target itself speaks. One transaction, entry objection.file. ERR_NOT_FOUND no such
 * result; ERR_STATE it is not public; ERR_EXISTS another objection to it was filed; ERR_LENGTH; ERR_ENCODING. */
MUST_USE enum err objection_file(struct ctx *c, const struct objection_say *say, struct objection_filed *out);

struct objection_reply {
    struct str target;
    int64_t id, row_version;
    bool upheld;         /* the result was wrong: it is corrected to these codes in the same transaction */
    struct texts codes;  /* with upheld: one or more */
    struct str answer;   /* required; the reason of the correction */
};
/* objection_reply: by the department of the result. Entry objection.answer. ERR_NOT_FOUND outside the row scope of c; ERR_STATE
 * answered before; ERR_CONFLICT; ERR_LENGTH; errors of result_correct. */
MUST_USE enum err objection_reply(struct ctx *c, const struct objection_reply *say);

#endif
