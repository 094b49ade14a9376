#!/usr/bin/env bash
# The command line from outside: registers in, the whole main job, manners, refusals.
cd "$(dirname "$0")/../cli" && exec python3 -m unittest test_manners test_import test_job test_console_node
