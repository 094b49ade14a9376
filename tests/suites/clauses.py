#!/usr/bin/env python3
"""Every test that docs/law/clauses.md and defects.md name as `file: test`, and every file they name, exists. Exit 1 otherwise."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent.parent
named = wrong = 0


def complain(page, what):
    global wrong
    print(f"{page} names {what}, which is not there")
    wrong += 1


for page in ("clauses.md", "defects.md"):
    text = (root / "docs/law" / page).read_text(encoding="utf-8")
    for path, test in re.findall(r"`([a-z0-9_/]+_test\.c|tests/[a-z0-9_/]+\.(?:py|mjs))(?:: ([^`]+))?`", text):
        named += 1
        source = root / ("" if path.startswith("tests/") else "src") / path
        if not source.exists():
            complain(page, path)
            continue
        code = source.read_text(encoding="utf-8")
        if path.endswith(".c"):
            found = not test or re.search(rf"^TEST\w*\({test}\)", code, re.M)
        elif path.endswith(".py"):
            found = not test or re.search(rf"^class {test.split('.')[0]}\(", code, re.M) and re.search(rf"def {test.split('.')[1]}\(", code)
        else:
            found = not test or any(test in line for line in code.splitlines() if "test(" in line)
        if not found:
            complain(page, f"{path}: {test}")
print(f"{named} tests named, {wrong} wrong")
sys.exit(wrong > 0 or not named)
