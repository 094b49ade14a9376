#!/usr/bin/env bash
# wasm.sh [BUILD] [ROWS]: a draw of 3 % of ROWS (default 10^7) verified in Debian's chromium by the offline verifier, root,
# tickets and result.txt included. One line of key=value pairs.
set -euo pipefail
build=$(realpath "${1:-build}") rows=${2:-10000000}
cd "$(dirname "$0")/.."
command -v chromium >/dev/null || { echo "bench=wasm skipped: chromium is not installed"; exit 0; }
[ -d tests/e2e/node_modules/playwright-core ] || (cd tests/e2e && npm ci --no-audit --no-fund >&2)
ninja -C "$build" mingqian bench_draw_make >&2
dir=$(mktemp -d "${TMPDIR:-/var/tmp}/mingqian-bench-XXXXXX")
trap 'rm -rf "$dir"' EXIT
"$build/bench_draw_make" "$dir" "$rows"
"$build/mingqian" draw recompute "$dir" >"$dir/result.txt"
node bench/wasm.mjs "$build/src/http/verify.html" "$dir" "$rows"
