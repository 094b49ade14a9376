#!/usr/bin/env bash
# The command line from outside: registers in, the whole main job, manners, refusals. Two files of tests at a time.
cd "$(dirname "$0")/../cli" || exit 1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
printf '%s\n' test_job test_manners test_import test_console_node |
    OUT=$out xargs -P 2 -I {} sh -c 'python3 -m unittest {} >"$OUT/{}.log" 2>&1'
status=$?
cat "$out"/*.log
exit $status
