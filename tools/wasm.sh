#!/usr/bin/env bash
# wasm.sh OUT.wasm SRC_DIR FILE.c... - compile the core to WebAssembly (SIMD, no C library); reproducible.
set -euo pipefail
out=$1 src=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
objects=()
for file in "$@"; do
    object=$work/$(basename "$file" .c).o
    builtin=()
    [ "$(basename "$file")" != runtime.c ] || builtin=(-fno-builtin) # or its loops would call themselves
    clang --target=wasm32 -std=gnu17 -O3 -msimd128 -ffreestanding "${builtin[@]}" -Wall -Wextra -Werror \
        -isystem "$src/wasm/include" -I"$src" -c "$file" -o "$object"
    objects+=("$object")
done
wasm-ld --no-entry --strip-all -z stack-size=262144 "${objects[@]}" -o "$out"
