#!/usr/bin/env bash
# match_large.sh [BUILD]: 100,000 targets x 20,000 inspectors without a peer: solving, walks, memory. One line of key=value
# pairs.
set -euo pipefail
build=${1:-build}
ninja -C "$build" bench/match/match_generate bench/match/match_ours >&2
"$build/bench/match/match_generate" 100000 20000 | "$build/bench/match/match_ours"
