#!/usr/bin/env bash
# The server from outside: routes, guards, limits, what is public. Two files of tests at a time, the longest first. Every address
# with every role on both engines (test_access); of the other files some run on PostgreSQL, most on SQLite.
cd "$(dirname "$0")/../http" || exit 1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
export OUT=$out
on_postgres="test_items.py test_plans.py"
# run ENGINE FILE…
run() {
    local engine=$1
    shift
    printf '%s\n' "$@" | ENGINE=$engine xargs -P 2 -I {} sh -c \
        'name={}; [ "$ENGINE" = sqlite ] || export MQ_TEST_OFFICE_DB=$MQ_TEST_PG; python3 -m unittest "${name%.py}" >"$OUT/$ENGINE-$name.log" 2>&1'
}
if [ -n "${MQ_TEST_PG:-}" ]; then
    run postgres test_access.py $on_postgres
    status=$?
    cat "$out"/*.log
    exit $status
fi
run sqlite $(ls -S test_*.py | grep -vxF "$(printf '%s\n' $on_postgres)")
status=$?
../pg.sh ../suites/"$(basename "$0")" || status=1
cat "$out"/*.log
exit $status
