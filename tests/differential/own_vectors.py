#!/usr/bin/env python3
"""Write the vectors that come from the independent implementation: vectors/draw/TV2, 4, 6 …, vectors/match/own*.

Run once; after a release the files never change (tests/verify_py checks that they are still what this would write).
"""
import os
import random

import common
import draw
import draws
import match
import matchings

DRAWS = os.path.join(common.SOURCE, "vectors", "draw")
MATCHES = os.path.join(common.SOURCE, "vectors", "match")


def build(head, rows, tail, parties, beacons):
    """The five files. tail(n, root): the lines from `roster` to the quotas; parties: (name, secret, present)."""
    H = draw.hash_of(head[0].split()[1])
    roster = "".join("%s\t%s\t%d\t%x\t%s\n" % r for r in sorted(rows)).encode()
    root = draw.tree_root(roster.split(b"\n")[:-1], H).hex()
    lines = ["mingqian-draw/v1"] + head + ["roster %d %s" % (len(rows), root)] + tail
    lines += ["party %s %s" % p for p in draws.parties_committed(head, parties)] + ["beacon %s %s" % b[:2] for b in beacons]
    text = ("\n".join(lines) + "\n").encode()
    lock = ["mingqian-lock/v1", "draw-digest " + H(text).hex()]
    lock += ["party %s %s" % (name, "present" if here else "absent") for name, _, here in parties]
    files = {"roster.tsv": roster, "draw.txt": text, "lock.txt": ("\n".join(lock) + "\n").encode(),
             "reveal.json": draw.reveal_layouts([(n, s) for n, s, here in parties if here], [(n, v) for n, _, v in beacons])[0]}
    return dict(files, **{"result.txt": draw.recompute(files)["result"]})


def secret(rng):
    return "%064x" % rng.getrandbits(256)


def code(rng):
    return "91411525" + draws.word(rng, draws.USCC, 10, 10)


def tv2(rng):
    """SM3, uniform, two parties and a beacon."""
    rows = [(code(rng), rng.choice("AABD"), 1, 1, "-") for _ in range(40)]
    return build(["suite sm3", "draw 411525/2026/0003", "attempt 1", "prev -"], rows,
                 ["rule uniform", "batches 3", "min-parties 2", "quota 0 A 7 2", "quota 0 B 3 1", "quota 0 D 2 0"],
                 [("scjgj", secret(rng), True), ("sthjj", secret(rng), True)], [("cwl-ssq", "2026090", "01,05,09,20,27,31+16")])


def tv4(rng):
    """SM3, pareto, three groups, weights with certain units, one party absent, second attempt."""
    rows = [(code(rng), "X", rng.choice((1, 1, 2, 3, 5, 10, 10, 400)), rng.randint(1, 7), "-") for _ in range(60)]
    return build(["suite sm3", "draw 411525/2026/0004", "attempt 2", "prev " + secret(rng)], rows,
                 ["rule pareto", "batches 4", "min-parties 1", "quota 0 X 9 3", "quota 1 X 12 3", "quota 2 X 5 40"],
                 [("scjgj", secret(rng), True), ("wjw", secret(rng), False)], [("sports-dlt", "26090", "01,02,03,04,05+06,07")])


def tv6(rng):
    """A quota of an empty stratum, n = 0, n = N, ids of 54 bytes and of 1, more batches than targets, the 64th group."""
    rows = [("P-" + draws.word(rng, draws.VISIBLE, 52, 52), "a", 1, 1 << 63 | 1, "-") for _ in range(5)]
    rows += [("~", "a", 1, 1, "-"), ("!", "b.-_", 1, 1 << 63, "-"), (code(rng), "!cap", 0, 1, "-"), (code(rng), "b.-_", 1, 0, "-")]
    return build(["suite sha256", "draw 110000/2031/0001", "attempt 1", "prev -"], rows,
                 ["rule uniform", "batches 1000", "min-parties 2", "quota 0 a 6 3", "quota 0 b.-_ 0 0", "quota 0 none 0 5",
                  "quota 63 a 0 2", "quota 63 b.-_ 1 1"], [("a", secret(rng), True), ("b", secret(rng), True)], [])


def tv7(rng):
    """An empty roster."""
    return build(["suite sha256", "draw 411500/2026/0099", "attempt 1", "prev -"], [],
                 ["rule pareto", "batches 1", "min-parties 2", "quota 0 A 0 1"], [("a", secret(rng), True), ("b", secret(rng), True)], [])


def tv8(rng):
    """Sealed rows with salts, pareto with weights up to 2^20, n = 0 and n = N, all weights equal in one stratum."""
    rows = [(code(rng), "C", 1 << rng.randint(0, 20), 3, "%032x" % rng.getrandbits(128)) for _ in range(30)]
    rows += [(code(rng), "E", 6, 3, "%032x" % rng.getrandbits(128)) for _ in range(12)]
    return build(["suite sha256", "draw 411500/2026/0100", "attempt 1", "prev -"], rows,
                 ["rule pareto", "batches 2", "min-parties 2", "quota 0 C 11 4", "quota 0 E 4 4", "quota 1 C 0 3", "quota 1 E 12 1"],
                 [("a", secret(rng), True), ("b", secret(rng), True)], [("drand-quicknet", "x:1", secret(rng))])


def write(directory, files):
    os.makedirs(directory, exist_ok=True)
    for name, data in files.items():
        with open(os.path.join(directory, name), "wb") as f:
            f.write(data)


def own_matches():
    """{file name: bytes}: random instances of which some cannot be matched, three slacks each."""
    files = {}
    for number in range(1, 13):
        instance = matchings.make_instance(random.Random(9000 + number))
        files["own%d.txt" % number] = match.canonical(instance)
        lines = []
        for slack in (-1, 0, 1, 3):
            seed = match.sha256(b"own%d %d" % (number, slack))
            lines.append("slack %d seed %s %s\n" % (slack, seed.hex(), match.run_line(instance, seed, slack)))
        files["own%d.expected" % number] = "".join(lines).encode()
    return files


def own_draws():
    return {"TV%d" % k: make(random.Random(k)) for k, make in ((2, tv2), (4, tv4), (6, tv6), (7, tv7), (8, tv8))}


def own_staffings():
    """{directory: files}: frozen registries of inspectors behind a draw, with owners.txt."""
    seeds = (7001, 7011, 7022, 7026, 7042, 7057, 7059)  # cuts, joint visits, nobody drawn
    return {"staff%d" % k: matchings.make_staffing(random.Random(seed)) for k, seed in enumerate(seeds, 1)}


if __name__ == "__main__":
    for name, files in own_draws().items():
        write(os.path.join(DRAWS, name), files)
    write(MATCHES, own_matches())
    for name, files in own_staffings().items():
        write(os.path.join(MATCHES, name), files)
