#!/usr/bin/env bash
# ceremony.sh [BUILD] [TARGETS] [INSPECTORS]: seal, draw and match over HTTP; see ceremony_http.py. The build is made if need be.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build-release}
[ -e "$build/build.ninja" ] || meson setup "$build" -Dbuildtype=release >&2
ninja -C "$build" mingqian >&2
exec python3 bench/ceremony_http.py "$build" "${@:2}"
