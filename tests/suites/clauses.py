#!/usr/bin/env python3
"""Every test that docs/law/clauses.md names as `file: test`, and every file it names, exists. Exit 1 otherwise."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent.parent
text = (root / "docs/law/clauses.md").read_text(encoding="utf-8")
wrong = 0
named = re.findall(r"`([a-z0-9_/]+_test\.c)(?:: ([a-z0-9_]+))?`", text)
for path, test in named:
    source = root / "src" / path
    if not source.exists():
        print(f"clauses.md names {path}, which does not exist")
        wrong += 1
    elif test and not re.search(rf"^TEST\w*\({test}\)", source.read_text(encoding="utf-8"), re.M):
        print(f"clauses.md names {path}: {test}, which is not there")
        wrong += 1
print(f"{len(named)} tests named, {wrong} wrong")
sys.exit(wrong > 0 or not named)
