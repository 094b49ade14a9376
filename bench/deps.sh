#!/usr/bin/env bash
# deps.sh: the peers beside which bench/ measures, installed where they are missing (Debian and npm). One that cannot be
# installed is left out of the measurement, which says so.
set -uo pipefail
cd "$(dirname "$0")" || exit
missing=()
for p in nginx-light wrk postgresql sqlite3 liblemon-dev chromium; do
    case $p in
    nginx-light) command -v nginx >/dev/null && continue ;;
    esac
    dpkg-query -W -f='${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || missing+=("$p")
done
if [ ${#missing[@]} -gt 0 ]; then
    sudo=()
    [ "$(id -u)" -eq 0 ] || sudo=(sudo)
    echo "installing: ${missing[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    "${sudo[@]}" apt-get update -qq >&2 && "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
fi
[ -d node_modules/@duckdb/node-api ] || npm install --no-save --no-audit --no-fund --silent @duckdb/node-api >&2
[ -d ../tests/e2e/node_modules/playwright-core ] || (cd ../tests/e2e && npm ci --no-audit --no-fund >&2)
exit 0
