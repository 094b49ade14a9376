#!/usr/bin/env bash
# Every parser fuzzed for MQ_FUZZ_SECONDS (60) under ASan and UBSan.
cd "$(dirname "$0")/../.." && exec tools/fuzz.sh
