#!/usr/bin/env bash
# The server from outside: routes, guards, limits, what is public. Two files of tests at a time, the longest first.
cd "$(dirname "$0")/../http" || exit 1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
ls -S test_*.py | OUT=$out xargs -P 2 -I {} sh -c 'name={}; python3 -m unittest "${name%.py}" >"$OUT/$name.log" 2>&1'
status=$?
cat "$out"/*.log
exit $status
