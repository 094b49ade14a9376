#!/usr/bin/env bash
# The independent verifiers in Python: vectors, refusals, tampering.
cd "$(dirname "$0")/../.." && exec python3 -m unittest discover -s tests/verify_py
