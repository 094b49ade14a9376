#!/usr/bin/env python3
"""page.py DIR LOAD NAME…: the page of figures from what the benchmarks printed into DIR/NAME.out (bench/run.sh)."""
import os
import re
import subprocess
import sys
import time

directory, load, *names = sys.argv[1:]


def read(name, part):
    with open(os.path.join(directory, f"{name}.{part}"), encoding="utf-8") as f:
        return f.read().rstrip("\n")


def pairs(name):
    """Lines of key=value pairs as dictionaries; "portal NAME VALUE UNIT" as one with name and value."""
    rows = []
    if name not in names:
        return rows
    for line in read(name, "out").split("\n"):
        row = dict(re.findall(r"(\w+)=(\S+)", line))
        portal = re.match(r"portal (\w+) ([\d.]+)", line)
        if portal:
            row = {"name": portal[1], "value": portal[2]}
        if row:
            rows.append(row)
    return rows


def pick(section, /, **wanted):
    for row in pairs(section):
        if all(row.get(k) == v for k, v in wanted.items()):
            return row
    return None


table = []


def figure(what, here, peer, goal, met):
    """met: True, False, or None where the machine or a missing peer gave no answer."""
    table.append((what, here, peer, goal, "–" if goal == "–" else {True: "met", False: "**missed**", None: "not measured"}[met]))


def draws():
    runs = [r for r in pairs("draw") if r.get("who") == "mingqian" and "seconds" in r]
    if not runs:
        return figure("draw 3 %", "", "", "≤ 0.5 s", None)
    two = runs[0]
    figure(f"draw 3 % of {int(two['rows']):,} rows, root included, two threads, whole process", f"{two['seconds']} s "
           f"({two.get('cpu_seconds', '?')} s of processor)", "", "≤ 0.5 s", float(two["seconds"]) <= 0.5)
    hashing = [r for r in pairs("draw") if r.get("hashes") == "yes"]
    if hashing:
        best = min(hashing, key=lambda r: float(r["seconds"]))
        figure("the same rows by peers that hash", "", f"{best['who']}: {best['seconds']} s over {int(best['rows']):,} rows, {best['ratio']} × our time",
               "≥ 10 × the fastest", float(best["ratio"]) >= 10)
    shuf = pick("draw", who="shuf")
    if shuf:
        figure("shuf -n, which neither hashes nor checks", "", f"{shuf['seconds']} s, {shuf['ratio']} × our time", "–", None)


def wasm():
    run = pick("wasm", bench="wasm")
    if run is None or "core_seconds" not in run:
        return figure("verify in the browser", "", "", "≤ 2 s", None)
    figure(f"verify {int(run['rows']):,} rows in chromium, {run['threads']} workers", f"{run['core_seconds']} s; with reading the files "
           f"{run['page_seconds']} s, {run['cpu_seconds']} s of processor", "", "≤ 2 s", float(run["core_seconds"]) <= 2)


def match():
    for run in pairs("match"):
        if "ratio" not in run:
            continue
        figure(f"match {run['size']}", f"{run['ours_ms']} ms, {run['ours_mb']} MB; walks {run['walks_ms']} ms",
               f"LEMON {run['lemon_ms']} ms, {run['lemon_mb']} MB, same optimum: {run['same_optimum']}; {run['ratio']} × our time",
               "≥ 20 ×, ≤ 200 MB", float(run["ratio"]) >= 20 and float(run["ours_mb"]) <= 200 and run["same_optimum"] == "yes")


def journal():
    disk = pick("journal", name="disk.fdatasync")
    for engine in ("sqlite", "postgres"):
        run = pick("journal", name="journal.append", engine=engine)
        figure(f"durable journal entries, {engine}", f"{run['per_second']}/s, worst {run['worst_ms']} ms" if run else "",
               f"the disk: {disk['per_second']} fdatasync/s" if disk else "", "≥ 5,000/s", float(run["per_second"]) >= 5000 if run else None)


def portal():
    values = {r["name"]: float(r["value"]) for r in pairs("portal") if "value" in r}
    if "ratio" not in values:
        return figure("portal: one enterprise's page", "", "", "≥ 0.5 × nginx, p99 < 10 ms", None)
    figure("portal: one enterprise's page under 200 connections", f"{values['ours_rate']:.0f}/s, p99 {values['ours_p99']:.1f} ms",
           f"nginx with the same bytes {values['nginx_rate']:.0f}/s, p99 {values['nginx_p99']:.1f} ms; {values['ratio']:.2f} × its rate",
           "≥ 0.5 × nginx, p99 < 10 ms", values["ratio"] >= 0.5 and values["ours_p99"] < 10)


def search():
    for engine in ("sqlite", "postgres"):
        runs = [r for r in pairs("search") if r.get("engine") == engine and "median_ms" in r]
        worst = max(runs, key=lambda r: float(r["median_ms"]), default=None)
        figure(f"search, {engine}, the slowest of {len(runs)} kinds of words", f"median {worst['median_ms']} ms ({worst['words']})" if worst else "",
               "", "≤ 20 ms", float(worst["median_ms"]) <= 20 if worst else None)


def imports():
    largest = None
    anon = {}
    for run in pairs("import"):
        if run.get("name") == "import.mingqian":
            anon[int(run["rows"])] = int(run["anon_kb"]) // 1024
            largest = run
    if largest is None:
        return figure("import", "", "", "≤ 2 × .import", None)
    rows = largest["rows"]
    for peer, goal in (("same_keys", "≤ 2 ×, memory flat"), ("bare", "≤ 2 ×")):
        other = pick("import", name=f"import.sqlite3_{peer}", rows=rows)
        if other:
            ratio = float(largest["seconds"]) / float(other["seconds"])
            figure(f"import {int(rows):,} targets; peer: .import into {'the same keys and indexes' if peer == 'same_keys' else 'a bare table'}",
                   f"{largest['seconds']} s; private memory " + ", ".join(f"{mb} MB at {n:,} rows" for n, mb in sorted(anon.items())),
                   f"sqlite3 {other['seconds']} s; we take {ratio:.2f} × its time", goal,
                   ratio <= 2 and max(anon.values()) <= 2 * min(anon.values()))
    ours, copy = pick("import", name="import.mingqian_postgres", rows=rows), pick("import", name="import.copy_same_keys", rows=rows)
    if ours and copy:
        figure(f"import {int(rows):,} targets into PostgreSQL, names indexed", f"{ours['seconds']} s",
               f"COPY, same keys, no index of names {copy['seconds']} s; we take {float(ours['seconds']) / float(copy['seconds']):.2f} × its time", "–", None)


def machine():
    def text(path):
        with open(path, encoding="utf-8") as f:
            return f.read()
    model = re.search(r"^model name\s*: (.*)", text("/proc/cpuinfo"), re.M)
    memory = int(re.search(r"MemTotal:\s+(\d+)", text("/proc/meminfo"))[1]) / 1048576
    return f"{model[1] if model else os.uname().machine}, {os.cpu_count()} processors, {memory:.0f} GB, {os.uname().sysname} {os.uname().release}"


for part in (draws, wasm, match, journal, portal, search, imports):
    part()
commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip() or "unknown"
print("# Figures beside the peers\n")
print("Written by `make bench` in one run, program and peers on the same machine: read the ratios, not the seconds. What it does not run: [bench-single.md](bench-single.md).\n")
print(f"- date: {time.strftime('%Y-%m-%dT%H:%MZ', time.gmtime())}, commit {commit}")
print(f"- machine: {machine()}")
print(f"- load before the run: {load}\n")
print("| figure | here | peer | goal | |\n|---|---|---|---|---|")
for row in table:
    print("| " + " | ".join(row) + " |")
print("""
What the peers do: `shuf`, SQLite and PostgreSQL by random only order ids. SQLite (OpenSSL's digest registered as a function),
PostgreSQL and DuckDB by ticket hash every id with SHA-256 as the draw does and order by it; they are timed for the query
alone, over rows loaded before. The program is timed as a whole process: it reads the file, checks every row, hashes leaf,
tree and ticket of each, selects, orders and writes result.txt. `.import` and COPY check no cell and keep no journal.
nginx sends the same bytes from a file.
""")
for name in names:
    print(f"## {read(name, 'title')}\n\n`{read(name, 'command')}`\n\n```\n{read(name, 'out')}\n```\n")
