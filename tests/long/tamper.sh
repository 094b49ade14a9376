#!/usr/bin/env bash
# MQ_CHANGES (100,000) changes to a published site, each of which an outsider's verifier must notice.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$MQ_BUILD_DIR/mingqian" init "$dir/city" --demo --scale 1k >/dev/null
"$MQ_BUILD_DIR/mingqian" export-static --dir "$dir/city" "$dir/site" >/dev/null 2>&1
"$MQ_BUILD_DIR/tamper" "$dir/site" "${MQ_CHANGES:-100000}" "${MQ_SEED:-$RANDOM}"
