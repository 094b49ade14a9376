#!/usr/bin/env bash
# check.sh DIR: every test. Ends with a line "N passed, N failed" and exits 1 when anything failed.
set -uo pipefail
cd "$(dirname "$0")/.."
dir=${1:-build-check}
log=$dir/check.log
export MQ_BUILD_DIR=$PWD/$dir ASAN_OPTIONS=detect_leaks=1 LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export MINGQIAN_LANG=zh
mkdir -p "$dir"
: >"$log"

# Tests sync much and keep nothing: their files lie in memory where there is room for them, else on the disk.
memory=/dev/shm
if [ "$(stat -f -c %T "$memory" 2>/dev/null)" = tmpfs ] && [ "$(df --output=avail -B1G "$memory" | tail -1)" -ge 4 ]; then
    TMPDIR=$(mktemp -d "$memory/mq-XXXXXX")
    chmod 755 "$TMPDIR" # PostgreSQL is another account
    export TMPDIR
    trap 'rm -rf "$TMPDIR"' EXIT
fi
failed_suites=()

# suite NAME COMMAND…: run it, show its last lines when it fails, remember the failure.
suite() {
    local name=$1 start=$SECONDS out
    shift
    out=$dir/suite-$name.log
    if "$@" >"$out" 2>&1; then
        printf 'ok    %-22s %4d s\n' "$name" $((SECONDS - start))
    else
        printf 'FAIL  %-22s %4d s\n' "$name" $((SECONDS - start))
        tail -n 60 "$out"
        failed_suites+=("$name")
    fi
    cat "$out" >>"$log"
}

gcc_build() {
    tools/build.sh "$dir" all -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false
}
clang_build() { CC=clang tools/build.sh "$dir-clang" all -Dbuildtype=debug; }

suite arrows tools/arrows.py
suite build-gcc gcc_build
[ ${#failed_suites[@]} -eq 0 ] || { echo "0 passed, 1 failed"; exit 1; }
suite build-clang clang_build
suite unit tests/pg.sh meson test -C "$dir" --no-rebuild --print-errorlogs --num-processes 2
[ -s "$dir/meson-logs/testlog.txt" ] && cat "$dir/meson-logs/testlog.txt" >>"$log"
for script in tests/suites/*; do
    suite "$(basename "${script%.*}")" "$script"
done

# Count single tests: cmocka, unittest, node and shell suites all end with a line of a known form.
python3 tools/count_tests.py "$log" "${#failed_suites[@]}"
