#!/usr/bin/env bash
# Hours of trouble: MQ_KILLS kills of each kind of work (default 100) and fifty of each command at once, SQLite and PostgreSQL.
cd "$(dirname "$0")/../faults" || exit 1
MQ_KILLS=${MQ_KILLS:-100} MQ_CROWD=${MQ_CROWD:-50} MQ_SEED=${MQ_SEED:-$RANDOM} exec ../pg.sh python3 -m unittest -v test_faults
