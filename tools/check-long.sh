#!/usr/bin/env bash
# check-long.sh DIR: everything in tests/long, one after the other, on an optimised build. Figures go to docs/.
set -uo pipefail
cd "$(dirname "$0")/.."
dir=${1:-build-check}-long
tools/build.sh "$dir" all -Dbuildtype=release && ninja -C "$dir" tamper || exit 1
export MQ_BUILD_DIR=$PWD/$dir
failed=0
for script in tests/long/*; do
    echo "== $script"
    "$script" || failed=$((failed + 1))
done
[ $failed -eq 0 ] || { echo "$failed of the long tests failed"; exit 1; }
