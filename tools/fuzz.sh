#!/usr/bin/env bash
# fuzz.sh [NAME…]: run each libFuzzer target (clang, ASan, UBSan) for MQ_FUZZ_SECONDS (60). Seeds come from
# tests/fuzz/corpus; new inputs stay in build-fuzz; an input that crashes is kept in tests/fuzz/corpus/NAME, where
# every `make check` runs it again. Exit 1 when anything was found.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${MQ_FUZZ_SECONDS:-60}
build=build-fuzz
# The sanitizer libraries come with the compiler of the distribution; MQ_FUZZ_CC names another clang.
export CC=${MQ_FUZZ_CC:-clang}
[ -e $build/build.ninja ] || meson setup $build -Dfuzz=true -Dbuildtype=debugoptimized \
    -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link >&2
ninja -C $build fuzzers >&2
names=("$@")
[ ${#names[@]} -gt 0 ] || names=($(basename -a -s .c tests/fuzz/fuzz_*.c | sed s/fuzz_//))
found=0
for name in "${names[@]}"; do
    seeds=tests/fuzz/corpus/$name corpus=$build/corpus/$name log=$build/fuzz-$name.log
    mkdir -p "$corpus" "$seeds"
    args=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -max_len=8192)
    if "$build/tests/fuzz/fuzz_$name" "${args[@]}" -artifact_prefix="$seeds/" "$corpus" "$seeds" >"$log" 2>&1; then
        printf '%-8s %12s executions, nothing found\n' "$name" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
    else
        printf '%-8s FOUND: %s\n' "$name" "$(sed -n 's/^artifact_prefix.*Test unit written to //p' "$log")"
        grep -m3 -E 'ERROR|runtime error|demand' "$log" || true
        found=1
    fi
done
exit $found
