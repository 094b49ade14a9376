/* mod/notice/notice_int.h - what the parts of notice share */
#ifndef MQ_NOTICE_INT_H
#define MQ_NOTICE_INT_H

#include "mod/notice/notice.h"

/* notice_text: a text field of a content, absent when it is not there. It lives as long as the JSON. */
struct str notice_text(const json_t *object, const char *name);
/* notice_visit: the visit as its code would find it. ERR_NOT_FOUND. */
MUST_USE enum err notice_visit(struct ctx *c, struct str target, int64_t id, struct visit_by_code_row *out);

#endif
