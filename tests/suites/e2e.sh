#!/usr/bin/env bash
# The portal in Debian's chromium: journeys, axe, screenshots.
cd "$(dirname "$0")/../e2e" || exit 1
[ -d node_modules/playwright-core ] || npm ci --no-audit --no-fund >&2 || exit 1
node --test portal_test.mjs
status=$?
exit "$status"
