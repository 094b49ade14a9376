#!/usr/bin/env bash
# The portal and the office console in Debian's chromium: journeys and axe, two files at a time, the longest first; pictures of
# the pages with MQ_SHOTS=1.
cd "$(dirname "$0")/../e2e" || exit 1
[ -d node_modules/playwright-core ] || npm ci --no-audit --no-fund >&2 || exit 1
# Browsers are slow enough: the program without sanitizers, where it was built.
[ ! -x "${MQ_BUILD_DIR:-}-clang/mingqian" ] || export MQ_BUILD_DIR=$MQ_BUILD_DIR-clang
out=$(mktemp)
trap 'rm -f "$out"' EXIT
node --test --test-reporter=tap --test-concurrency=2 $(ls -S *_test.mjs) | tee "$out"
passed=$(sed -n 's/^# pass //p' "$out") failed=$(sed -n 's/^# fail //p' "$out")
echo "${passed:-0} passed, ${failed:-1} failed"
[ "${failed:-1}" = 0 ] && [ "${passed:-0}" -gt 0 ]
