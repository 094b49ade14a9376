#!/usr/bin/env python3
"""count_tests.py LOG FAILED_SUITES: add up the closing lines of every suite and print 'N passed, N failed'."""
import re
import sys

text = open(sys.argv[1], encoding="utf-8", errors="replace").read()
suites_failed = int(sys.argv[2])
passed = failed = 0
for n in re.findall(r"^\[  PASSED  \] (\d+) test\(s\)\.", text, re.M):  # cmocka
    passed += int(n)
for n in re.findall(r"^\[  FAILED  \] tests: (\d+) test\(s\), listed below:", text, re.M) + re.findall(
    r"^\[  FAILED  \] [^\n]*?: (\d+) test\(s\), listed below:", text, re.M
):
    failed += int(n)
for ran, verdict in re.findall(r"^Ran (\d+) tests? in [^\n]*\n\n(OK|FAILED[^\n]*)", text, re.M):  # unittest
    bad = sum(int(x) for x in re.findall(r"(?:failures|errors)=(\d+)", verdict))
    passed += int(ran) - bad - sum(int(x) for x in re.findall(r"skipped=(\d+)", verdict))
    failed += bad
for p, f in re.findall(r"^(?:\w+: )?(\d+) passed, (\d+) failed$", text, re.M):  # our own suites
    passed += int(p)
    failed += int(f)
failed = max(failed, suites_failed)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
