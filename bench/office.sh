#!/usr/bin/env bash
# office.sh BUILD [ROWS]: the target registry of the office under 200 clients at ROWS (default 550,000) targets: a filtered
# list, its count, search by name, first letters and code, and saving a row; 50th and 99th percentile. DATABASE=postgres
# measures on PostgreSQL (tests/pg.sh, durable). CITY names a demo city (SQLite) filled before; it is written to. Prints "office NAME VALUE UNIT" lines. Needs wrk (Debian).
set -euo pipefail
build=$(cd "${1:-build}" && pwd)
rows=${2:-${ROWS:-550000}}
cd "$(dirname "$0")/.."
command -v wrk >/dev/null || { echo "office skipped: wrk is not installed"; exit 0; }
if [ "${DATABASE:-sqlite}" = postgres ] && [ -z "${MQ_TEST_PG:-}" ]; then
    PG_DURABLE=1 exec tests/pg.sh "$0" "$build" "$rows"
fi
work=$(mktemp -d "${TMPDIR:-/var/tmp}/mingqian-office-XXXXXX")
pids=()
stop() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
database=()
[ -z "${MQ_TEST_PG:-}" ] || database=(--database "$MQ_TEST_PG")
city=${CITY:-$work/city}
[ -n "${CITY:-}" ] || "$build/mingqian" init "$city" --demo --scale 600 --json "${database[@]}" >/dev/null
if [ -z "${CITY:-}" ]; then
    "$build/mingqian" demo generate targets --scale "$rows" >"$work/targets.csv"
    "$build/mingqian" import targets "$work/targets.csv" --dir "$city" --json >/dev/null
fi
[ -z "${MQ_TEST_PG:-}" ] || psql -qc ANALYZE "$MQ_TEST_PG"
link=$("$build/mingqian" account invite scjgj-clerk --dir "$city" --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["link"].rsplit("/", 1)[-1])')
"$build/mingqian" serve --dir "$city" --listen 127.0.0.1:0 --quiet --json >"$work/address" &
pids+=($!)
while [ ! -s "$work/address" ]; do sleep 0.1; done
address=$(python3 -c 'import json,sys; print(json.load(sys.stdin)["address"].rstrip("/"))' <"$work/address")
python3 bench/office_scripts.py "$address" "$link" "$work"
# run NAME: bench/office_scripts.py wrote NAME.lua.
run() {
    wrk -t2 -c200 -d"${SECONDS_EACH:-8}s" --timeout 20s --latency -s "$work/$1.lua" "$address" >"$work/out"
    awk -v name="$1" 'function ms(v) { u = v; gsub(/[a-z]/, "", v); return u ~ /us$/ ? v / 1000 : u ~ /ms$/ ? v : u ~ /m$/ ? v * 60000 : v * 1000 }
        /Requests\/sec/ { print "office " name "_rate", $2, "1/s" }
        / 50%/ { print "office " name "_p50", ms($2), "ms" }
        / 99%/ { print "office " name "_p99", ms($2), "ms" }
        /Non-2xx/ { print "office " name "_errors", $NF, "1" }' "$work/out"
}
echo "office targets $rows, 200 clients, ${DATABASE:-sqlite}"
for what in list count search save; do run "$what"; done
