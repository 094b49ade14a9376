/* app/init_tables.h - what `mingqian init` puts into a new database */
#ifndef MQ_INIT_TABLES_H
#define MQ_INIT_TABLES_H

#include "mod/ctx.h"

/* init_tables: regions, industries, departments, working-day calendar from the shipped tables, in one transaction. */
MUST_USE enum err init_tables(struct ctx *c);

#endif
