#!/usr/bin/env bash
# The compiled program against the independent implementation: the fixed part (tests/long/differential.sh is the long one).
cd "$(dirname "$0")/../differential" || exit 1
status=0
python3 draws.py --count 300 || status=1
python3 matchings.py --count 150 || status=1
python3 journals.py --count 60 || status=1
exit $status
