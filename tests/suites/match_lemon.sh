#!/usr/bin/env bash
# The balanced assignment has the same least sum of squares as LEMON's NetworkSimplex finds (an oracle that shares no code).
set -uo pipefail
cd "$(dirname "$0")/../.."
build=${MQ_BUILD_DIR:-build}
good=0 bad=0
for size in 100x1000 300x1200 1000x1100 2000x1300 3000x3000; do
    if bench/match.sh "$build" $size; then good=$((good + 1)); else bad=$((bad + 1)); fi
done
echo "$good passed, $bad failed"
[ $bad -eq 0 ]
