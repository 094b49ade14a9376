#!/usr/bin/env bash
# Hours of trouble: MQ_KILLS kills of each kind of work (default 100) and fifty of each command at once, SQLite and PostgreSQL; the
# server killed MQ_SERVER_KILLS times (1,000) and cut off its disk MQ_CUTS times (500) under MQ_CLIENTS clients (50); every Nth
# malloc, write, fsync and open failing, spread over MQ_NTH values (200). The last figures stand in docs/faults.md.
cd "$(dirname "$0")/../faults" || exit 1
export MQ_SERVER_KILLS=${MQ_SERVER_KILLS:-1000} MQ_CUTS=${MQ_CUTS:-500} MQ_CLIENTS=${MQ_CLIENTS:-50} MQ_NTH=${MQ_NTH:-200}
MQ_KILLS=${MQ_KILLS:-100} MQ_CROWD=${MQ_CROWD:-50} MQ_SEED=${MQ_SEED:-$RANDOM} exec ../pg.sh python3 -m unittest -v test_faults test_nth test_server
