#!/usr/bin/env python3
"""Random draws, byte for byte: the independent tools/verify/draw.py against `mingqian draw recompute DIR`.

Each case is a function of its number. Both suites, both rules, open and salted rows, several strata and groups, ids of
1 to 54 bytes, weights from equal to 2^20, batches, substitutes, absent parties, beacons, voided attempts; and about one
case in five spoilt in one place, where both must refuse.
"""
import os
import random
import subprocess
import sys
import tempfile

import common
import draw

USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VISIBLE = "".join(map(chr, range(0x21, 0x7F)))


def word(rng, alphabet, low, high):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(low, high)))


def make_id(rng):
    kind = rng.random()
    if kind < 0.5:
        return "91411525" + word(rng, USCC, 10, 10)
    if kind < 0.6:
        return "R-" + word(rng, "0123456789", 15, 15)
    if kind < 0.7:
        return "P-" + word(rng, USCC + "-", 1, 52)
    return word(rng, VISIBLE, rng.choice((1, 20, 53, 54)), 54)


def row_count(rng):
    return rng.choice((0, 1, 2, 3, 5, 8, 13, 21, 34)) if rng.random() < 0.97 else rng.randint(100, 1500)


def make_weight(rng, style):
    return {"one": lambda: 1, "years": lambda: rng.randint(1, 10), "wide": lambda: 1 << rng.randint(0, 20),
            "heavy": lambda: 1 << 20 if rng.random() < 0.2 else rng.randint(1, 3),
            "equal": lambda: 7, "any": lambda: rng.randint(1, 1 << 20)}[style]()


def make_roster(rng, groups, strata):
    """[(id, stratum, weight, mask, salt)], ascending."""
    style = rng.choice(("one", "years", "wide", "heavy", "equal", "any"))
    salted, rows = rng.random() < 0.3, []
    for who in sorted({make_id(rng) for _ in range(row_count(rng))}):
        mask = sum(1 << g for g in groups if rng.random() < 0.7)
        salt = "%032x" % rng.getrandbits(128) if salted else "-"
        if rng.random() < 0.08:
            rows.append((who, "!" + rng.choice(("cap", "low-risk", "observation")), 0, mask, salt))
        else:
            rows.append((who, rng.choice(strata), make_weight(rng, style), mask, salt))
    return rows


def make_quotas(rng, rows, groups, strata):
    quotas = []
    for group in sorted(groups):
        for stratum in sorted(strata):
            population = sum(1 for r in rows if r[1] == stratum and r[3] >> group & 1)
            if rng.random() < 0.85:
                n = rng.choice((0, population, rng.randint(0, population), -(-population * 3 // 100)))
                quotas.append((group, stratum, n, rng.choice((0, 1, 2, 5, population + 3))))
    return quotas or [(groups[0], strata[0], 0, 1)]


def make_parties(rng, fewest):
    """[(name, secret, present)] ascending; without a beacon all are present."""
    names = sorted({word(rng, "ABYZabyz0129", 1, 1) + word(rng, "AZaz09._-", 0, 31) for _ in range(rng.randint(fewest, 5))})
    while len(names) < fewest:
        names = sorted(set(names) | {word(rng, "abcdefgh", 3, 9)})
    return [[n, "%064x" % rng.getrandbits(256), True] for n in names]


def make_beacons(rng):
    """[(name, event, value)] ascending."""
    known = {"cwl-3d": ("2026205", "7,0,3"), "cwl-ssq": ("2026083", "03,07,12,18,25,33+09"),
             "drand-quicknet": (word(rng, "0123456789abcdef", 64, 64) + ":%d" % rng.randint(1, 9999999), "%064x" % rng.getrandbits(256)),
             "sports-dlt": ("26083", "05,11,19,28,34+02,10")}
    if rng.random() < 0.2:
        known = {name: (event, rng.choice((value[:-1], value + "1", value.upper(), value.replace("3", "9"), value[::-1])))
                 for name, (event, value) in known.items()}
    any_text = VISIBLE.replace('"', "").replace("\\", "")
    known["x" + word(rng, "AZaz09._-", 0, 31)] = (word(rng, any_text, 1, 160), word(rng, any_text, 1, 160))
    return [(n, *known[n]) for n in sorted(rng.sample(sorted(known), rng.randint(0, len(known))))]


def draw_text(rng, head, rows_root, quotas, parties, beacons):
    out = ["mingqian-draw/v1"] + head + ["roster %d %s" % rows_root, "rule " + rng.choice(("uniform", "pareto")),
                                         "batches %d" % rng.choice((1, 2, 3, 5, 12, 400, 1 << 20))]
    present = sum(p[2] for p in parties)
    out.append("min-parties %d" % rng.randint(min(1, present), present))
    out += ["quota %d %s %d %d" % q for q in quotas]
    return out + ["party %s %s" % p for p in parties_committed(head, parties)] + ["beacon %s %s" % b[:2] for b in beacons]


def parties_committed(head, parties):
    H = draw.hash_of(head[0].split()[1])
    about = {"draw": head[1].split()[1], "attempt": int(head[2].split()[1])}
    return [(name, draw.commitment(about, name, secret, H)) for name, secret, _ in parties]


def number_of(rng):
    if rng.random() < 0.1:
        return word(rng, VISIBLE.replace('"', "").replace("\\", ""), 1, 64)
    return "%06d/%04d/%04d" % (rng.randint(110000, 659999), rng.randint(2019, 2099), rng.randint(1, 9999))


def make_head(rng):
    attempt = 1 if rng.random() < 0.7 else rng.randint(2, 12)
    return ["suite " + rng.choice(("sha256", "sm3")), "draw " + number_of(rng),
            "attempt %d" % attempt, "prev " + ("-" if attempt == 1 else "%064x" % rng.getrandbits(256))]


def make_case(number):
    """The four files of case `number`."""
    rng = random.Random(number)
    groups = rng.sample(range(64), rng.choice((1, 1, 2, 3, 8)))
    strata = rng.sample(["A", "B", "C", "D", "key", "0", "x-1.y_2", "Z" * 32], rng.choice((1, 2, 3, 5)))
    rows = make_roster(rng, groups, strata)
    roster = "".join("%s\t%s\t%d\t%x\t%s\n" % r for r in rows).encode()
    head, beacons = make_head(rng), make_beacons(rng)
    H = draw.hash_of(head[0].split()[1])
    parties = make_parties(rng, 1 if beacons else 2)
    for p in parties[1:] if beacons else []:
        p[2] = rng.random() < 0.8
    root = draw.tree_root(roster.split(b"\n")[:-1], H).hex()
    text = "\n".join(draw_text(rng, head, (len(rows), root), make_quotas(rng, rows, groups, strata), parties, beacons)) + "\n"
    lock = ["mingqian-lock/v1", "draw-digest " + H(text.encode()).hex()]
    lock += ["party %s %s" % (name, "present" if here else "absent") for name, _, here in parties]
    reveal = draw.reveal_layouts([(n, s) for n, s, here in parties if here], [(n, v) for n, _, v in beacons])[0]
    return {"roster.tsv": roster, "draw.txt": text.encode(), "lock.txt": ("\n".join(lock) + "\n").encode(), "reveal.json": reveal}


def spoil(files, number):
    """One byte changed, a line dropped, doubled or exchanged in one of the files."""
    rng = random.Random(-number)
    name = rng.choice(sorted(n for n in files if files[n]))
    data = bytearray(files[name])
    lines = bytes(data).splitlines(keepends=True)
    at, how = rng.randrange(len(lines)), rng.randrange(6)
    if how < 3:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif how == 3:
        data = b"".join(lines[:at] + lines[at + 1:])
    elif how == 4:
        data = b"".join(lines[:at] + [lines[at]] + lines[at:])
    else:
        data = bytes(data[:rng.randrange(len(data))])
    return dict(files, **{name: bytes(data)}), name


def ours(work, files):
    """work: draw.recompute or draw.verify. (result or None, the reason)"""
    try:
        return work(files, lambda zh, en: None)["result"], ""
    except draw.Refused as e:
        return None, e.text(True)


def theirs(verb, files, program, directory):
    """(result or None, exit status, what it said) of `mingqian draw VERB DIR`."""
    os.makedirs(directory)
    for name, data in files.items():
        with open(os.path.join(directory, name), "wb") as f:
            f.write(data)
    done = subprocess.run([program, "draw", verb, directory], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for name in files:
        os.unlink(os.path.join(directory, name))
    os.rmdir(directory)
    return done.stdout if done.returncode == 0 else None, done.returncode, (done.stderr or done.stdout).decode("utf-8", "replace").strip()


def recomputed(number, files, program, directory):
    """Both results, or both refusals with a reason; the difference in words, or ""."""
    mine, why = ours(draw.recompute, files)
    other, status, said = theirs("recompute", files, program, directory)
    same = mine == other and (status == 0 or status in (1, 2, 4) and said)
    return mine is not None, "" if same else "recompute: here: %s; there: %d %s" % (why or "accepted", status, said)


def verified(number, files, program, directory):
    """All five files with one spoilt: both pass (nothing of weight was hit), or both refuse, the program with status 1."""
    mine, why = ours(draw.verify, files)
    _, status, said = theirs("verify", files, program, directory)
    same = status == (1 if mine is None else 0) and said
    return mine is not None, "" if same else "verify: here: %s; there: %d %s" % (why or "accepted", status, said)


def compare(task):
    number, program, directory = task
    files, spoilt = make_case(number), "-"
    if number % 10 == 1:
        files["result.txt"] = draw.recompute(files)["result"]
        accepted, difference = verified(number, files, program, directory)
    elif number % 10 == 0:
        files, spoilt = spoil(dict(files, **{"result.txt": draw.recompute(files)["result"]}), number)
        accepted, difference = verified(number, files, program, directory)
    else:
        if number % 5 == 0:
            files, spoilt = spoil(files, number)
        accepted, difference = recomputed(number, files, program, directory)
    if difference:
        difference = "kept in %s; spoilt: %s; %s" % (common.keep(files, "draw%d" % number), spoilt, difference)
    return number, "drawn" if accepted else "refused", difference


if __name__ == "__main__":
    options = common.arguments(__doc__, 300)
    sys.exit(common.run("draws", compare, options, tempfile.mkdtemp(prefix="draws")))
