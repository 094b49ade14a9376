/* http/api_person.h - shared by the handlers of inspectors 执法检查人员, experts 专家 and teams */
#ifndef MQ_API_PERSON_H
#define MQ_API_PERSON_H

#include "api_handlers.h"
#include "mod/person/person.h"

/* api_wrong_field: e with the pointer of this field and the words of the refusal; field NULL: e alone. */
MUST_USE enum err api_wrong_field(struct api *q, const char *field, enum err e);
/* api_query_days: a number of days in the address. ERR_RANGE. */
MUST_USE enum err api_query_days(struct api *q, const char *name, struct opt_i64 *out);
/* api_quoted: a text as JSON writes it, to be found in a stored array; absent when absent. */
struct str api_quoted(struct api *q, struct str s);
/* api_private: telephone and identity number of the content. */
struct person_say api_private(const struct api *q);
/* api_give_masked: the same as the answer shows them: null when not known. */
void api_give_masked(struct api *q, const struct person_masked *masked);
/* api_give_changes: what the journal holds about q->params[0] among the acts that begin so, the latest first. */
MUST_USE enum err api_give_changes(struct api *q, struct str acts, json_t *list);
/* api_give_inspector: one inspector with all that belongs to it, as the answer. */
MUST_USE enum err api_give_inspector(struct api *q, struct str code);

#endif
