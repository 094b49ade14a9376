/* app/cmd_account.h - the first accounts of a data directory */
#ifndef MQ_CMD_ACCOUNT_H
#define MQ_CMD_ACCOUNT_H

#include "cli.h"
#include "mod/ctx.h"

/* first_accounts: the three administrators 三员; for a demonstration a clerk and a reviewer of two
 * departments too. Prints their one-time links (with --json: none, `account invite` makes them). */
MUST_USE enum err first_accounts(const struct cli_args *args, struct ctx *c, bool demo);

#endif
