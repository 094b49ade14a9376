#!/usr/bin/env bash
# search.sh BUILD [ROWS]: search of a registry of ROWS (default 1,000,000) generated targets by two characters, common
# words, words that no name holds, a full name, a code and its beginning; SQLite and PostgreSQL, median of 21 (goal:
# 20 ms). Machine-readable lines. DIR names a data directory (SQLite) filled before; NO_PG leaves PostgreSQL out.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-build}")/mingqian
search=$(realpath "${1:-build}")/bench_search
rows=${2:-${ROWS:-1000000}}
export TMPDIR=${TMPDIR:-/var/tmp}
dir=$(mktemp -d "$TMPDIR/mingqian-bench-XXXXXX")
trap 'rm -rf "$dir"' EXIT
csv=$dir/targets.csv
"$program" demo generate targets --scale "$rows" >"$csv"
name=$(sed -n '3p' "$csv" | cut -d, -f2)
code=$(sed -n '3p' "$csv" | cut -d, -f1)

all() {
    local words
    for words in 超市 模拟 固始县 固 模拟超市 有限公司 新县模拟便利店 超市有限公司 不存在的名 mn cs gsx hbx mncs "$name" "${name##*-}" "$code" "${code:0:8}"; do
        "$search" "$1" "$words"
    done
}
if [ -z "${DIR:-}" ]; then
    DIR=$dir/sqlite
    "$program" init "$DIR" >/dev/null
    "$program" import targets "$csv" --dir "$DIR" --json >/dev/null
fi
all "sqlite:$DIR/mingqian.db"
export -f all
export search program name code dir csv
[ -n "${NO_PG:-}" ] || tests/pg.sh bash -c '
    "$program" init "$dir/postgres" --database "$MQ_TEST_PG" >/dev/null
    "$program" import targets "$csv" --dir "$dir/postgres" --json >/dev/null
    psql -qc "ANALYZE" "$MQ_TEST_PG"
    all "$MQ_TEST_PG"'
