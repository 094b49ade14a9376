#!/usr/bin/env bash
# match.sh [BUILD] [SIZE…]: the matching core against LEMON's NetworkSimplex on the same instances, in one run.
# One line of key=value pairs per size; exit 1 when the two optima differ. Sizes: 10k (10,000 targets x 2,000 inspectors), 100k
# (100,000 x 20,000), or TARGETSxINSPECTORS.
set -euo pipefail
build=${1:-build}
shift || true
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(10k 100k)
[ -e "$build/build.ninja" ] || meson setup "$build" -Dbuildtype=release >&2
ninja -C "$build" bench/match/match_generate bench/match/match_ours bench/match/match_lemon >&2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
value() { sed -n "s/.*[ ^]*$1=\([^ ]*\).*/\1/p" <<<"$2"; }
status=0
for size in "${sizes[@]}"; do
    case $size in
    10k) n=10000 m=2000 ;;
    100k) n=100000 m=20000 ;;
    *x*) n=${size%x*} m=${size#*x} ;;
    *) echo "unknown size $size" >&2 && exit 2 ;;
    esac
    "$build/bench/match/match_generate" $n $m >"$tmp/instance"
    ours=$("$build/bench/match/match_ours" <"$tmp/instance")
    peer=$("$build/bench/match/match_lemon" <"$tmp/instance")
    same=no
    [ "$(value cost "$ours")" = "$(value cost "$peer")" ] && same=yes || status=1
    ratio=$(awk -v a="$(value solve_ms "$peer")" -v b="$(value solve_ms "$ours")" 'BEGIN { printf "%.1f", a / b }')
    echo "bench=match size=$size places=$(value places "$ours") pairs=$(value pairs "$ours")" \
        "ours_ms=$(value solve_ms "$ours") lemon_ms=$(value solve_ms "$peer") ratio=$ratio same_optimum=$same" \
        "walks_ms=$(value walks_ms "$ours") steps=$(value steps "$ours")" \
        "ours_mb=$(value peak_mb "$ours") lemon_mb=$(value peak_mb "$peer")"
done
exit $status
