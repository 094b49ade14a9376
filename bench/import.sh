#!/usr/bin/env bash
# import.sh BUILD [ROWS]: import of ROWS (default 1,000,000) generated targets from CSV (every code checked, duplicates
# found, journal kept, rows durable), beside `sqlite3 .import` into a bare table and into one with the same keys (both
# check nothing) and PostgreSQL COPY. Times in one run; rss: largest resident memory. Machine-readable lines.
# Data goes to TMPDIR (default /var/tmp: a disk, not memory).
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-build}")/mingqian
rows=${2:-${ROWS:-1000000}}
export TMPDIR=${TMPDIR:-/var/tmp}
dir=$(mktemp -d "$TMPDIR/mingqian-bench-XXXXXX")
trap 'rm -rf "$dir"' EXIT
csv=$dir/targets.csv
"$program" demo generate targets --scale "$rows" >"$csv"

# measure NAME COMMAND…: one line with seconds, processor seconds and kilobytes
measure() {
    local name=$1
    shift
    python3 - "$name" "$rows" "$@" <<'RUN'
import resource, subprocess, sys, time
name, rows, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
start = time.monotonic()
out = subprocess.run(command, capture_output=True, text=True)
seconds = time.monotonic() - start
if out.returncode != 0:
    sys.exit(f"{name}: {out.stderr[-500:]}{out.stdout[-500:]}")
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"name={name} rows={rows} seconds={seconds:.2f} cpu_seconds={used.ru_utime + used.ru_stime:.2f} rss_kb={used.ru_maxrss}")
if out.stdout.startswith("{"):
    import json
    answer = json.loads(out.stdout)
    print(f"name={name}.rows_durable rows={rows} seconds={answer['stored_seconds']:.2f}")
    assert answer["read"] == rows and answer["rejected"] == 0, answer
RUN
}

printf '.mode csv\n.import %s t\n' "$csv" >"$dir/bare.sql"
columns=$(head -1 "$csv" | tr -d '\r')
printf 'CREATE TABLE t (%s);\nCREATE UNIQUE INDEX t_code ON t (统一社会信用代码);\nCREATE INDEX t_region ON t (行政区划, 统一社会信用代码);\n.mode csv\n.import --skip 1 %s t\n' \
    "$columns" "$csv" >"$dir/keys.sql"
measure import.sqlite3_bare sh -c "sqlite3 '$dir/bare.db' <'$dir/bare.sql'"
measure import.sqlite3_same_keys sh -c "sqlite3 '$dir/keys.db' <'$dir/keys.sql'"
rm -f "$dir"/*.db
"$program" init "$dir/city" >/dev/null
measure import.mingqian "$program" import targets "$csv" --dir "$dir/city" --json
measure import.mingqian_again "$program" import targets "$csv" --dir "$dir/city" --json
rm -rf "$dir/city"
fields=$(echo "$columns" | sed 's/,/ text,/g; s/$/ text/')
export dir csv fields program rows
export -f measure
PG_DURABLE=1 tests/pg.sh bash -c '
    psql -q "$MQ_TEST_PG" -c "CREATE TABLE t ($fields)"
    measure import.copy psql -q "$MQ_TEST_PG" -c "\copy t FROM $csv WITH (FORMAT csv, HEADER true)"
    psql -q "$MQ_TEST_PG" -c "DROP TABLE t"
    "$program" init "$dir/city" --database "$MQ_TEST_PG" >/dev/null
    measure import.mingqian_postgres "$program" import targets "$csv" --dir "$dir/city" --json'
