/* mod/assignment/assignment_int.h - shared by the files of the matching; not for others */
#ifndef MQ_ASSIGNMENT_INT_H
#define MQ_ASSIGNMENT_INT_H

#include "mod/assignment/assignment.h"

/* assignment_take_reserves: the next ASSIGNMENT_RESERVES_STORED reserves of one group become rows, out of owners.txt, which must
 * be the one whose digest was logged. *added: how many; 0 when there are none left. Inside the caller's transaction. ERR_DIGEST;
 * ERR_SYNTAX. */
MUST_USE enum err assignment_take_reserves(struct ctx *c, struct drawing_key k, struct str target, struct str department,
                                           size_t *added);

/* assignment_draft: staff.tsv, forbidden.tsv and rules.txt as they would be frozen now, without writing a file: by enum
 * staff_file. The caller frees the first two. ERR_MISSING, ERR_CHARSET as assignment_freeze. */
MUST_USE enum err assignment_draft(struct ctx *c, struct str task, const struct assignment_rules *rules, struct str doc[static 3]);

#endif
