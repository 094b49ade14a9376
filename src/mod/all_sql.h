/* mod/all_sql.h - the queries of all modules, for tests that walk them (tools/sqlgen.py tables) */
#ifndef MQ_ALL_SQL_H
#define MQ_ALL_SQL_H

#include "store/db.h"

/* One NULL-terminated table per module; the last entry is NULL. */
extern const struct db_query *const *const all_queries[];

#endif
