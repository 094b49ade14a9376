#!/usr/bin/env bash
# build.sh DIR TARGET [meson options]: configure once, then build. TARGET: product (what is installed) or all.
set -euo pipefail
dir=$1 target=$2
shift 2
[ -e "$dir/build.ninja" ] || meson setup "$dir" "$@" >&2
ninja -C "$dir" "$target" >&2
