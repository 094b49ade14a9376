/* http/api_risk.h - shared by the handlers of risk classes, for nobody else */
#ifndef MQ_API_RISK_H
#define MQ_API_RISK_H

#include "api.h"
#include "mod/risk/risk.h"

/* risk_scheme_json: all of a scheme that can be read. risk_why_json: reasons (JSON) with the names the scheme gives them;
 * scheme may be NULL. risk_scope: a part of the row scope of the call; absent: none. */
json_t *risk_scheme_json(const struct risk_scheme *s);
json_t *risk_why_json(const struct risk_scheme *scheme, struct str reasons);
struct str risk_scope(struct str part);
/* risk_actor_json: the name of who acted, or the actor itself. */
MUST_USE enum err risk_actor_json(struct api *q, struct str actor, json_t **out);
/* risk_scheme_load: the parsed scheme of a version, in the arena, whoever asks. ERR_NOT_FOUND. */
MUST_USE enum err risk_scheme_load(struct api *q, int64_t version, struct risk_scheme **out);
/* risk_start_due: what a stop of the server broke off is taken back; runs that are due by the calendar are started (office.c,
 * now and then). */
void risk_start_due(struct office *o, struct ctx *c);

#endif
