#!/usr/bin/env bash
# Every mutant of tests/mutants/*.tsv must be killed by the test that its line names.
cd "$(dirname "$0")/../.." && exec python3 tests/mutants/run.py
