#!/usr/bin/env bash
# The server from outside: routes, guards, limits, what is public.
cd "$(dirname "$0")/../http" && exec python3 -m unittest discover -p "test_*.py"
