#!/usr/bin/env bash
# check.sh DIR: every test. Ends with a line "N passed, N failed" and exits 1 when anything failed.
set -uo pipefail
cd "$(dirname "$0")/.."
dir=${1:-build-check}
log=$dir/check.log
export MQ_BUILD_DIR=$PWD/$dir ASAN_OPTIONS=detect_leaks=1 LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export MINGQIAN_LANG=zh
mkdir -p "$dir"

# Tests sync much and keep nothing: their files lie in memory where there is room for them, else on the disk.
memory=/dev/shm
if [ "$(stat -f -c %T "$memory" 2>/dev/null)" = tmpfs ] && [ "$(df --output=avail -B1G "$memory" | tail -1)" -ge 4 ]; then
    TMPDIR=$(mktemp -d "$memory/mq-XXXXXX")
    chmod 755 "$TMPDIR" # PostgreSQL is another account
    export TMPDIR
    trap 'rm -rf "$TMPDIR"' EXIT
fi
rm -f "$dir"/suite-*.log "$dir"/failed

# suite NAME COMMAND…: run it, show its last lines when it fails, remember the failure in a file: two may run beside each other.
suite() {
    local name=$1 start=$SECONDS said=ok out shown=
    shift
    out=$dir/suite-$name.log
    if ! "$@" >"$out" 2>&1; then
        said=FAIL shown=$'\n'$(tail -n 60 "$out")
        echo "$name" >>"$dir/failed"
    fi
    printf '%-5s %-22s %4d s%s\n' "$said" "$name" $((SECONDS - start)) "$shown"
}
# scripts FILE…: these suites, one after the other.
scripts() {
    local script
    for script; do suite "$(basename "${script%.*}")" "$script"; done
}
# suites_named GREP_OPTIONS PATTERN: their files.
suites_named() { find tests/suites -type f | sort | grep "$@"; }

export CC_LD=lld # a hundred test programs are linked in each tree: in half the time of the default linker
gcc_build() {
    tools/build.sh "$dir" all -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false
}
clang_build() { MQ_BUILT_BESIDE=$MQ_BUILD_DIR CC=clang tools/build.sh "$dir-clang" all -Dbuildtype=debug; }

suite arrows tools/arrows.py
suite build-gcc gcc_build
[ ! -e "$dir/failed" ] || { echo "0 passed, 1 failed"; exit 1; }
suite build-clang clang_build
suite unit tests/pg.sh meson test -C "$dir" --no-rebuild --print-errorlogs --num-processes 2

# Some suites keep two cores busy by themselves; of those that use one (most of the time), faults is as long as all others.
one_core='/(clauses|differential|match_lemon|match_wasm|outsider|verify_py)\.'
scripts $(suites_named -vE "$one_core|/faults\.")
scripts $(suites_named -E "$one_core") &
scripts tests/suites/faults.sh
wait $! || echo "suites beside faults" >>"$dir/failed"

# Count single tests: cmocka, unittest, node and shell suites all end with a line of a known form.
cat "$dir"/suite-*.log >"$log"
[ ! -s "$dir/meson-logs/testlog.txt" ] || cat "$dir/meson-logs/testlog.txt" >>"$log"
touch "$dir/failed"
python3 tools/count_tests.py "$log" "$(wc -l <"$dir/failed")"
