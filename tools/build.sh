#!/usr/bin/env bash
# build.sh DIR [meson options]: configure once, then build.
set -euo pipefail
dir=$1
shift
[ -e "$dir/build.ninja" ] || meson setup "$dir" "$@" >&2
ninja -C "$dir" >&2
