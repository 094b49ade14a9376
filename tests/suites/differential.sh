#!/usr/bin/env bash
# The compiled program against the independent implementation: the fixed part (tools/check-long.sh runs the long one).
cd "$(dirname "$0")/../differential" && exec python3 matchings.py --count 150
