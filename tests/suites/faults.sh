#!/usr/bin/env bash
# Killed, full, forbidden, crowded: a small fixed number of each, on SQLite and (the crowd) on PostgreSQL.
cd "$(dirname "$0")/../faults" && exec ../pg.sh python3 -m unittest test_faults test_nth test_server
