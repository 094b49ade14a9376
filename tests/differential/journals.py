#!/usr/bin/env python3
"""Random logs, whole and spoilt: the verdict of tools/verify/log.py against `mingqian log fsck DIR`.

Each case is a function of its number: 0 to 700 entries, several draws with voided attempts; about half of them spoilt: a byte,
a missing file, a cut file, or honestly signed nonsense (malformed entries, ids twice, acts of a draw out of order).
"""
import os
import random
import shutil
import subprocess
import sys
import tempfile

import common

sys.path.insert(0, os.path.join(common.SOURCE, "tests", "verify_py"))
import draw  # noqa: E402
import log  # noqa: E402
import logs  # noqa: E402


def acts_of_draw(rng, subject):
    """[(act, subject, detail)] of one draw in a lawful order."""
    acts = []
    for attempt in range(1, rng.choice((1, 1, 2, 3)) + 1):
        sealed, where = "%064x" % rng.getrandbits(256), "%s/%d" % (subject, attempt)
        if acts:
            acts.append(("draw.void", "%s/%d" % (subject, attempt - 1), {"digest": last, "reason": "作废: 名单有误"}))
        acts.append(("draw.seal", where, {"digest": sealed, "root": "%064x" % rng.getrandbits(256)}))
        for act in ("draw.lock", "draw.result")[:rng.randint(0, 2)]:
            acts.append((act, where, {"digest": "%064x" % rng.getrandbits(256)}))
        last = sealed
    return acts


def make_acts(rng):
    acts = [a for d in range(rng.randint(0, 3)) for a in acts_of_draw(rng, "411500/2026/%04d" % d)]
    size = rng.choice((0, 1, 2, 5, 20, 100, 255, 256, 257, 600))
    details = (None, {}, {"n": rng.randint(-9, 9)}, {"name": "明签 \"x\"", "list": [1, {"a": None}, True]})
    while len(acts) < size:
        acts.insert(rng.randint(0, len(acts)), ("item.change", "I%d" % len(acts), rng.choice(details)))
    return acts


def disorder(rng, acts):
    """Exchange, double or drop acts: mostly against the order of a draw."""
    if acts:
        a, b = rng.randrange(len(acts)), rng.randrange(len(acts))
        how = rng.randrange(3)
        if how == 0:
            acts[a], acts[b] = acts[b], acts[a]
        elif how == 1:
            acts.insert(b, acts[a])
        else:
            del acts[a]
    return acts


def deform(rng, entry):
    """Nonsense inside one entry, or something that only looks like it."""
    at = rng.randrange(len(entry))
    return rng.choice((
        lambda: entry[:at] + entry[at + 1:], lambda: entry[:at] + bytes([rng.randrange(256)]) + entry[at:],
        lambda: entry.replace(b"detail ", b"detail  "), lambda: entry.replace(b"id ", b"id 0"), lambda: entry + b"\n", lambda: entry[:-1],
        lambda: entry.replace(b"cli:clerk", "办公室".encode()), lambda: entry.replace(b"cli:clerk", b"x" * rng.choice((128, 129))),
        lambda: entry.replace(b"detail ", b"note x\ndetail "), lambda: entry.replace(b":", b": ", 2), lambda: entry.replace(b"}", b',"z":1.0}'),
        lambda: entry.replace(b"{", b'{"z":9007199254740991,' if b'":' in entry else b'{"z":9007199254740991'),
        lambda: entry.replace(b"}", b',"z":-0}'), lambda: entry.replace(b"}", b',"z":"\\u0041"}'), lambda: entry.replace(b"}", b',"z":"\\x"}'),
    ))()


def make_case(number):
    """{path: bytes} of a log, and in which way it was spoilt."""
    rng = random.Random(number)
    how = rng.choice(("", "", "", "byte", "file", "cut", "disorder", "entry", "entry", "twice"))
    acts = make_acts(rng)
    if how == "disorder":
        acts = disorder(rng, acts)
    entries = [logs.entry(1000 + k, *act) for k, act in enumerate(acts)]
    if how == "entry" and entries:
        at = rng.randrange(len(entries))
        entries[at] = deform(rng, entries[at])
    if how == "twice" and entries:
        entries.append(rng.choice(entries))
    files = logs.files_of(entries)
    path = rng.choice(sorted(p for p in files if files[p]))
    data = files[path]
    if how == "byte":
        at = rng.randrange(len(data))
        files[path] = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]
    elif how == "file":
        del files[path]
    elif how == "cut":
        files[path] = data[:rng.randrange(len(data))]
    return files, how


def ours(files):
    place = logs.Memory(files)
    try:
        log.read_log(place, log.parse_vkeys(place.read("log.vkey"), "log.vkey"), [], lambda zh, en: None)
        return 0, ""
    except draw.Refused as e:
        return 1, e.text(True)


def theirs(files, program, directory):
    logs.write(directory, files)
    os.makedirs(directory, exist_ok=True)
    done = subprocess.run([program, "log", "fsck", directory], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    shutil.rmtree(directory)
    return done.returncode, done.stdout.decode("utf-8", "replace").strip()


def compare(task):
    number, program, directory = task
    files, how = make_case(number)
    mine, why = ours(files)
    other, said = theirs(files, program, directory)
    kind = "refused" if mine else "whole"
    if (mine == 0) == (other == 0) and (other == 0 or other in (1, 2, 3, 5) and said):
        return number, kind, ""
    kept = common.keep({p.replace("/", "="): d for p, d in files.items()}, "journal%d" % number)
    return number, kind, "kept in %s; spoilt: %s; here: %s; there: %d %s" % (kept, how or "-", why or "whole", other, said)


if __name__ == "__main__":
    options = common.arguments(__doc__, 150)
    sys.exit(common.run("logs", compare, options, tempfile.mkdtemp(prefix="journals")))
