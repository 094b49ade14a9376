#!/usr/bin/env bash
# Killed, full, forbidden, crowded: a small fixed number of each, on SQLite and (the crowd) on PostgreSQL. Two modules
# are called office: each file of tests has a process of its own.
cd "$(dirname "$0")/../faults" || exit 1
status=0 plain=${MQ_BUILD_DIR:-../../build}
[ ! -x "$plain-clang/mingqian" ] || plain=$plain-clang # calls that fail cannot be put between a sanitizer and the system
../pg.sh python3 -m unittest test_faults || status=1
MQ_BUILD_DIR=$plain python3 -m unittest test_nth || status=1
python3 -m unittest test_server || status=1
exit $status
