#!/usr/bin/env bash
# run.sh [BUILD] [--full]: every benchmark, one after the other on one machine, into docs/bench.md. A few minutes; --full
# takes the larger sizes (10^6 imported rows, LEMON on 100,000 x 20,000, peers of the draw on 10^7 rows).
set -uo pipefail
cd "$(dirname "$0")/.." || exit
build=build full=no
for arg in "$@"; do
    case $arg in
    --full) full=yes ;;
    *) build=$arg ;;
    esac
done
out=docs/bench.md new=$(mktemp)
trap 'rm -f "$new"' EXIT
if [ "$full" = yes ]; then
    peer_rows=10000000 import_rows=1000000 match_sizes="10k 100k"
else
    peer_rows=1000000 import_rows=200000 match_sizes="10k"
fi
status=0
ninja -C "$build" bench_journal >&2 || exit
# section TITLE GOAL COMMAND…: what the command printed; one that fails or is absent is named as such.
section() {
    local title=$1 goal=$2 began=$SECONDS
    shift 2
    printf '\n## %s\n\n%s\n\n`%s`\n\n```\n' "$title" "$goal" "$*" >>"$new"
    echo "$title …" >&2
    "$@" 2>"$new.err" | tee -a "$new"
    if [ "${PIPESTATUS[0]}" -ne 0 ]; then
        echo "FAILED: $(tail -1 "$new.err")" | tee -a "$new"
        status=1
    fi
    rm -f "$new.err"
    printf '```\n' >>"$new"
    echo "$title: $((SECONDS - began)) s" >&2
}
cat >"$new" <<HEAD
# Measured beside the peers

Written by \`make bench\` in one run, program and peers on the same machine: read the ratios, not the seconds.

- date: $(date -u +%Y-%m-%dT%H:%MZ), commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)
- machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) processors, $(awk '/MemTotal/ { printf "%.0f GB", $2 / 1048576 }' /proc/meminfo), Linux $(uname -r)
- load before the run: $(cut -d' ' -f1-3 /proc/loadavg)
HEAD
section "Draw" "Goal: 3 % of 10^7 rows with root in at most 0.5 s on two threads; at least ten times the fastest peer that hashes. Peers are timed for the query alone over rows already loaded, the program as a whole process that also reads, checks and hashes the file; ratios are over the same rows." \
    bench/draw.sh "$build" 10000000 "$peer_rows"
section "Verification in the browser" "Goal: 10^7 rows in at most 2 s." bench/wasm.sh "$build" 10000000
# shellcheck disable=SC2086
section "Matching" "Goal: at least twenty times LEMON's NetworkSimplex, the same optimum; at most 200 MB." \
    bench/match.sh "$build" $match_sizes
section "Matching of 100,000 x 20,000 with its walks" "Goal: at most 6 s." bench/match_large.sh "$build"
section "Import" "Goal: at most twice sqlite3 .import, which checks nothing." bench/import.sh "$build" "$import_rows"
section "Journal" "Goal: at least 5,000 durable entries a second." bench/journal.sh "$build"
section "Target registry in the office" "200 clients at 550,000 targets. Goals: list and search within 50 ms and a count within 300 ms each on its own; under the load p99 of a save below 500 ms." bench/office.sh "$build"
section "Portal" "One enterprise's page beside nginx with the same bytes from a file." bench/portal.sh "$build"
mv "$new" "$out"
chmod 644 "$out"
exit $status
