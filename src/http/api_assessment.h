/* http/api_assessment.h - what the page and the file of an assessment share */
#ifndef MQ_API_ASSESSMENT_H
#define MQ_API_ASSESSMENT_H

#include "api.h"
#include "mod/assessment/assessment.h"

struct assessment_unit {
    struct str department, name;
    const struct assessment_mark_list_row *marks; /* one for each indicator, in its order */
    struct opt_i64 total_bp;
};
struct assessment_view {
    struct assessment_line scheme;
    struct assessment_indicator_list_row *indicators;
    size_t indicator_count;
    struct assessment_unit *units; /* in the fixed order of departments */
    size_t unit_count;
    bool all; /* those of all departments, not one's own alone */
};
/* assessment_view_of: the scheme of the address, within the scope of the call: the conference and accounts of all departments see every
 * department, others their own. */
MUST_USE enum err assessment_view_of(struct api *q, struct assessment_view *out);

#endif
