#!/usr/bin/env python3
"""assets.py OUT.c FILE... - the files of the portal as one C table: hashed names, gzip and brotli where they help.

The names are those of the files; the hash is the first 8 digits of the SHA-256 of the content. Deterministic.
"""
import gzip
import hashlib
import pathlib
import subprocess
import sys

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}

COUNTS = {"assets": "asset_count", "console_files": "console_file_count", "phone_files": "phone_file_count"} # as declared in http/asset.h


def bytes_of(name, data):
    lines = [f"static const unsigned char {name}[] = {{"]
    for i in range(0, len(data), 32):
        lines.append(",".join(str(b) for b in data[i:i + 32]) + ",")
    return "\n".join(lines + ["};"])


def brotli(data):
    return subprocess.run(["brotli", "-q", "11", "-c", "-"], input=data, stdout=subprocess.PIPE, check=True).stdout


def write(out, table, files):
    """One table of struct asset; files: (name, hashed name, bytes)."""
    arrays, rows = [], []
    for i, (name, hashed, data) in enumerate(files):
        fields = []
        for kind, body in (("plain", data), ("gzip", gzip.compress(data, 9, mtime=0)), ("brotli", brotli(data))):
            if kind != "plain" and len(body) >= len(data):
                fields.append("{0}")
                continue
            arrays.append(bytes_of(f"{kind}_{i}", body))
            fields.append(f"{{(const char *) {kind}_{i}, sizeof {kind}_{i}}}")
        rows.append(f'    {{"{name}", "{hashed}", "{TYPES[pathlib.PurePath(name).suffix]}", ' + ", ".join(fields) + "},")
    text = ["/* made from web/: do not edit */", '#include "http/asset.h"', *arrays,
            f"const struct asset {table}[] = {{", *rows, "};",
            f"const size_t {COUNTS[table]} = sizeof {table} / sizeof *{table};"]
    pathlib.Path(out).write_text("\n".join(text) + "\n", encoding="utf-8")


def main():
    out, *paths = sys.argv[1:]
    files = []
    for path in map(pathlib.Path, paths):
        data = path.read_bytes()
        files.append((path.name, f"{path.stem}.{hashlib.sha256(data).hexdigest()[:8]}{path.suffix}", data))
    write(out, "assets", files)


if __name__ == "__main__":
    main()
