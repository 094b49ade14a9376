#!/usr/bin/env bash
# draw.sh [BUILD] [ROWS] [PEER_ROWS]: draw 3 % of ROWS sealed targets (default 10^7), and of PEER_ROWS (default 10^6)
# beside peers that only order ids, all in one run. The program is timed as a whole process: it reads the file, checks
# every row, hashes the Merkle tree and writes the result. Of the peers SQLite (in C) and DuckDB are timed for the query
# alone over rows already loaded, PostgreSQL with its client, shuf as a process. ratio: over the same PEER_ROWS, against
# two threads. The best of seven runs of ours, of three of the peers', but one of SQLite. cpu_seconds: user and system time. One line of key=value pairs each.
set -euo pipefail
build=${1:-build} rows=${2:-10000000} peer_rows=${3:-1000000}
here=$(cd "$(dirname "$0")" && pwd)
[ -e "$build/build.ninja" ] || meson setup "$build" -Dbuildtype=release >&2
ninja -C "$build" mingqian bench_draw_make bench_draw_sqlite >&2
tmp=$(mktemp -d)
chmod 755 "$tmp"
pg=
stop() {
    [ -z "$pg" ] || as_postgres "$pg/pg_ctl" -D "$tmp/pg" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$tmp"
}
trap stop EXIT
as_postgres() { if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
seconds() { # the best of RUNS (three) runs of a command
    local best= t0 t1 i
    for i in $(seq "${RUNS:-3}"); do
        t0=$(date +%s.%N)
        "$@" >/dev/null
        t1=$(date +%s.%N)
        best=$(awk -v a="$t0" -v b="$t1" -v m="$best" 'BEGIN { t = b - a; printf "%.3f", m == "" || t < m ? t : m }')
    done
    echo "$best"
}
mkdir "$tmp/ours" "$tmp/peer"
"$build/bench_draw_make" "$tmp/ours" "$rows"
"$build/bench_draw_make" "$tmp/peer" "$peer_rows"
chmod -R a+rX "$tmp"
n=$((peer_rows * 3 / 100))
processor() { # the least user and system time of three runs of a command
    local best= i
    for i in 1 2 3; do
        best=$({ TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>&1; } 2>&1 | awk -v m="$best" '{ t = $1 + $2; printf "%.3f", m == "" || t < m ? t : m }')
    done
    echo "$best"
}
for threads in 2 1; do
    ours=$(RUNS=7 seconds "$build/mingqian" draw recompute "$tmp/ours" --threads $threads)
    cpu=$(processor "$build/mingqian" draw recompute "$tmp/ours" --threads $threads)
    echo "bench=draw who=mingqian threads=$threads rows=$rows seconds=$ours cpu_seconds=$cpu"
done
same=$(RUNS=7 seconds "$build/mingqian" draw recompute "$tmp/peer" --threads 2)
echo "bench=draw who=mingqian threads=2 rows=$peer_rows seconds=$same"
report() { # who hashes seconds
    awk -v who="$1" -v h="$2" -v s="$3" -v r="$peer_rows" -v o="$same" 'BEGIN {
        printf "bench=draw who=%s hashes=%s rows=%d seconds=%.3f ns_per_row=%.0f ratio=%.1f\n", who, h, r, s, s / r * 1e9,
            s / o }'
}
report shuf no "$(seconds shuf -n "$n" "$tmp/peer/roster.tsv")"
report sqlite-random no "$("$build/bench_draw_sqlite" "$tmp/peer/roster.tsv" "$n" random)"
report sqlite-ticket yes "$("$build/bench_draw_sqlite" "$tmp/peer/roster.tsv" "$n" ticket)"
if pg=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1) && [ -n "$pg" ]; then
    mkdir "$tmp/pg" && { [ "$(id -u)" -ne 0 ] || chown postgres "$tmp/pg"; }
    as_postgres "$pg/initdb" -D "$tmp/pg" -A trust -U postgres >/dev/null
    as_postgres "$pg/pg_ctl" -D "$tmp/pg" -w -o "-k $tmp/pg -c listen_addresses= -c fsync=off -c work_mem=512MB" start >/dev/null
    sql() { as_postgres psql -qAtX -h "$tmp/pg" -U postgres -c "$1"; }
    sql "CREATE TABLE t (id text, a text, b text, c text, d text)"
    sql "COPY t FROM '$tmp/peer/roster.tsv'"
    sql "VACUUM ANALYZE t"
    report postgres-random no "$(seconds sql "SELECT id FROM t ORDER BY random() LIMIT $n")"
    report postgres-ticket yes \
        "$(seconds sql "SELECT id FROM t ORDER BY sha256((repeat('0', 63) || '1:' || id)::bytea) LIMIT $n")"
fi
[ -d "$here/node_modules/@duckdb/node-api" ] || "$here/deps.sh" || true
if duck=$(cd "$here" && node draw_duckdb.mjs "$tmp/peer/roster.tsv" "$n" 2); then
    report duckdb-ticket yes "$duck"
fi
