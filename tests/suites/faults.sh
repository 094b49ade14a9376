#!/usr/bin/env bash
# Killed, full, forbidden, crowded: a small fixed number of each, on SQLite and (the crowd) on PostgreSQL. Two modules
# are called office: each file of tests has a process of its own.
cd "$(dirname "$0")/../faults" || exit 1
status=0
for name in test_faults test_nth test_server; do
    ../pg.sh python3 -m unittest $name || status=1
done
exit $status
