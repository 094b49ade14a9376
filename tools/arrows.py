#!/usr/bin/env python3
"""Check the dependency arrows of ARCHITECTURE.md from the #include lines. Exit 1 and name each wrong line."""
import pathlib
import re
import sys

ALLOWED = {
    "base": {"base"},
    "core": {"base", "core"},
    "store": {"base", "core", "store"},
    "format": {"base", "format"},
    "data": {"base", "data"},
    "demo": {"base", "core", "demo", "data"},
    "mod": {"base", "core", "store", "format", "mod", "data"},
    "http": {"base", "core", "data", "mod", "http", "store", "format"},
    "wasm": {"base", "core"},
    "app": {"base", "core", "store", "format", "mod", "http", "demo", "data", "app"},
}
FORBIDDEN_IN_CORE = re.compile(r"\b(malloc|calloc|realloc|free|printf|fopen|time|double|float|setlocale)\s*[( ]")
INCLUDE = re.compile(r'^\s*#include\s+"([a-z_]+)/')


def code_lines(text):
    """Lines without comments, with their numbers."""
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)
    text = re.sub(r'"(\\.|[^"\\\n])*"', lambda m: m.group() if "/" in m.group() else '""', text)
    return enumerate(re.sub(r"//.*", "", text).splitlines(), 1)


def main():
    root = pathlib.Path(__file__).resolve().parent.parent / "src"
    wrong = 0
    for path in sorted(root.rglob("*.[ch]")):
        folder = path.relative_to(root).parts[0]
        test = path.stem.endswith(("_test", "_fixture")) or path.stem in ("test", "testing")
        for number, line in code_lines(path.read_text(encoding="utf-8")):
            include = INCLUDE.match(line)
            if include and not test and include[1] in ALLOWED and include[1] not in ALLOWED[folder]:
                print(f"{path.relative_to(root)}:{number}: {folder} must not include {include[1]}")
                wrong += 1
            if folder == "core" and not test and FORBIDDEN_IN_CORE.search(line):
                print(f"{path.relative_to(root)}:{number}: not pure: {line.strip()}")
                wrong += 1
    print(f"arrows: {wrong} wrong")
    return wrong > 0


sys.exit(main())
