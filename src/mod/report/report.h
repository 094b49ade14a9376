/* mod/report/report.h - what the world may see: the read-only views of the portal (regulation 二(六) 公示).
 *
 * The one module that reads the tables of others, and it only reads: report.sql is the complete list of what
 * leaves the house, so that a reviewer finds in one place what is public and from which day. It has no rules
 * and changes nothing; whatever it shows can be rebuilt from the facts. */
#ifndef MQ_REPORT_H
#define MQ_REPORT_H

#include "report_sql.h"

/* report_is_demo: is the setting "demo" on? The portal then says that its data are simulated. */
MUST_USE enum err report_is_demo(struct db *db, struct arena *a, bool *demo);

#endif
