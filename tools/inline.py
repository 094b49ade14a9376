#!/usr/bin/env python3
"""inline.py OUT.html PAGE.html STYLE.css VERIFY.js WORKER.js VERIFY.wasm - the verifier as one file for use offline.

The page holds {{style}}, {{verify}}, {{worker}} and {{wasm}}; the worker and the module enter as base64.
"""
import base64
import pathlib
import sys


def main():
    out, page, style, verify, worker, wasm = map(pathlib.Path, sys.argv[1:])
    text = page.read_text(encoding="utf-8")
    parts = {
        "style": style.read_text(encoding="utf-8"),
        "verify": verify.read_text(encoding="utf-8").replace("</script", "<\\/script"),
        "worker": base64.b64encode(worker.read_bytes()).decode(),
        "wasm": base64.b64encode(wasm.read_bytes()).decode(),
    }
    for name, value in parts.items():
        place = "{{" + name + "}}"
        if text.count(place) != 1:
            sys.exit(f"{page}: {place} must stand exactly once")
        text = text.replace(place, value)
    out.write_text(text, encoding="utf-8")


main()
