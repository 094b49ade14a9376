#!/usr/bin/env bash
# run.sh [BUILD] [--full | --quick]: every benchmark, one after the other on one machine, into docs/bench.md: first a table of
# the figures, each with its goal and whether it was met, then what every program printed. Some ten minutes on two quiet
# cores. --full: peers of the draw over 10^7 rows, 10^7 imported rows. --quick: small sizes, to see that all of it runs; their
# figures say nothing and go to standard output alone.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
build=build mode=usual
for arg in "$@"; do
    case $arg in
    --full | --quick) mode=${arg#--} ;;
    *) build=$arg ;;
    esac
done
rows=10000000 peer_rows=1000000 import_rows="100000 1000000" match_sizes="10k 100k" search_rows=1000000
case $mode in
full) peer_rows=10000000 import_rows="100000 1000000 10000000" ;;
quick) rows=200000 peer_rows=100000 import_rows="10000 20000" match_sizes="1000x200" search_rows=20000 ;;
esac
[ "$mode" != quick ] || export SECONDS_EACH=2
bench/deps.sh
ninja -C "$build" mingqian bench_journal bench_search bench_draw_make bench_draw_sqlite >&2 || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0 order=()
# section NAME TITLE COMMAND…: keep what the command printed; one that fails is named as such, and the others still run.
section() {
    local name=$1 began=$SECONDS
    printf '%s\n' "$2" >"$work/$name.title"
    shift 2
    echo "$name …" >&2
    printf '%s\n' "$*" >"$work/$name.command"
    if ! timeout "${LIMIT:-900}" "$@" >"$work/$name.out" 2>"$work/$name.err"; then
        echo "FAILED: $(tail -1 "$work/$name.err")" >>"$work/$name.out"
        status=1
    fi
    echo "$name: $((SECONDS - began)) s" >&2
    order+=("$name")
}
each_import() { for n in $1; do RUNS=1 bench/import.sh "$build" "$n" || return; done; }
export -f each_import
export build
load=$(cut -d' ' -f1-3 /proc/loadavg)
section draw "Draw of 3 % of the rows, root included" bench/draw.sh "$build" $rows $peer_rows
section wasm "Verification in Debian's chromium" bench/wasm.sh "$build" $rows
# shellcheck disable=SC2086
section match "Matching beside LEMON's NetworkSimplex" bench/match.sh "$build" $match_sizes
section journal "Durable journal entries, 50 clients" bench/journal.sh "$build"
section portal "One enterprise's page, 200 connections, beside nginx with the same bytes" bench/portal.sh "$build"
section office "The registry in the console, 200 clients" bench/office.sh "$build"
section search "Search of names and codes" bench/search.sh "$build" $search_rows
section import "Import beside sqlite3 .import and COPY, which check nothing" bash -c "each_import \"$import_rows\""
page=$work/page.md
python3 bench/page.py "$work" "$load" "${order[@]}" >"$page" || exit
if [ "$mode" = quick ]; then
    cat "$page"
else
    cp "$page" docs/bench.md
    sed -n '/^| figure/,/^$/p' docs/bench.md
fi
exit $status
