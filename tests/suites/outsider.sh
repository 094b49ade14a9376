#!/usr/bin/env bash
# What an outsider sees: the program and the independent verifier on published sites, honest and manipulated.
cd "$(dirname "$0")/../outsider" && exec python3 -m unittest test_outsider
