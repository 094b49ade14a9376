#!/usr/bin/env python3
"""Random matchings, line for line: the independent tools/verify/match.py against `mingqian match run INSTANCE`.

Each case is a function of its number: prior loads and caps, shared classes, forbidden inspectors, joint visits of several
departments, several components, teams of one to three, impossible ones; slacks -1, 0, 1, 3. About one case in ten is
spoilt in one place, where both must say the same: a line or a refusal.
"""
import os
import random
import subprocess
import sys
import tempfile

import common
import draw
import draws
import match


def make_classes(rng, inspectors, departments):
    """{department: [class numbers]} and the class lists; departments share nobody."""
    home = [rng.randrange(departments) for _ in range(inspectors)]
    classes, of = [], {}
    for q in range(departments):
        members = [i for i in range(inspectors) if home[i] == q]
        for _ in range(rng.randint(1, 3)):
            of.setdefault(q, []).append(len(classes))
            classes.append([i for i in members if rng.random() < rng.choice((0.5, 0.8, 1.0, 1.0))])
    return of, classes


def make_groups(rng, of, classes, targets, inspectors):
    groups = []
    for t in range(targets):
        if rng.random() < 0.05:
            continue
        for q in sorted(of):
            if rng.random() < 0.7:
                c = rng.choice(of[q])
                forbidden = {i for i in classes[c] if rng.random() < rng.choice((0, 0, 0.1, 0.4))}
                forbidden |= {rng.randrange(inspectors) for _ in range(rng.choice((0, 0, 0, 1)) if inspectors else 0)}
                groups.append((t, c, rng.choice((0, 1, 1, 1, 1, 2, 2, 3)), frozenset(forbidden)))
    return groups


def make_instance(rng):
    """Small; one in thirty some hundred groups."""
    large = rng.random() < 0.03
    inspectors = rng.randint(20, 80) if large else rng.randint(0, 14)
    targets = rng.randint(30, 150) if large else rng.randint(0, 9)
    of, classes = make_classes(rng, inspectors, rng.choice((1, 1, 2, 3)))
    groups = make_groups(rng, of, classes, targets, inspectors)
    wide = 1 + sum(g[2] for g in groups) * 2 // max(1, inspectors)
    base = [rng.randint(0, 3) if rng.random() < 0.3 else 0 for _ in range(inspectors)]
    least = rng.choice((0, 0, 1, wide))  # the tight ones are where the searches work
    cap = [rng.randint(least, least + rng.choice((1, wide, wide + 2))) for _ in range(inspectors)]
    return match.Instance(base, cap, classes, groups)


def spoil(data, rng):
    by_lines = rng.random() < 0.5
    words = data.splitlines(keepends=True) if by_lines else data.split(b" ")
    at = rng.randrange(len(words))
    if rng.random() < 0.3:
        words[at:at + 1] = []
    elif rng.random() < 0.5:
        words[at:at + 1] = [words[at], words[at]]
    else:
        words[at] = rng.choice((b"", b"-1", b"07", b"+3", b"\x00", b"99999999999999999999", b"1048577", b"x", b"4 4"))
    return (b"" if by_lines else b" ").join(words)


def ours(data, seed, slack):
    try:
        return match.run_line(match.parse_instance(data), bytes.fromhex(seed), slack) + "\n", ""
    except draw.Refused as e:
        return None, e.text(True)


def theirs(data, seed, slack, program, path):
    with open(path, "wb") as f:
        f.write(data)
    done = subprocess.run([program, "match", "run", path, "--seed", seed, "--slack", str(slack)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    os.unlink(path)
    said = done.stdout.decode("utf-8", "replace")
    return said if said.startswith(("owners", "infeasible")) else None, done.returncode, done.stderr.decode("utf-8", "replace")


def make_case(number):
    rng = random.Random(number)
    data = match.canonical(make_instance(rng))
    if number % 10 == 0:
        data = spoil(data, rng)
    return data, "%064x" % rng.getrandbits(256), rng.choice((-1, 0, 1, 1, 3, 64))


def compare(task):
    number, program, path = task
    data, seed, slack = make_case(number)
    mine, why = ours(data, seed, slack)
    other, status, said = theirs(data, seed, slack, program, path)
    kind = "refused" if mine is None else mine.split()[0]
    if mine == other and (mine or status in (1, 2) and said):
        return number, kind, ""
    kept = common.keep({"instance.txt": data, "expected.txt": ("slack %d seed %s %s" % (slack, seed, mine or "refused\n")).encode()}, "match%d" % number)
    return number, kind, "kept in %s; here: %s; there: %d %s %s" % (kept, (mine or why).strip(), status, (other or "").strip(), said.strip())


# --- frozen registries behind a draw -----------------------------------------------------------------------------------

REGIONS = ("411502", "411503", "411521", "411525")
SKILLS = ("food", "fire", "special-equipment")
ITEMS = ("I001", "I002", "I003")


def listed(items):
    return ",".join(sorted(items)) or "-"


def some(rng, items, share):
    return [x for x in items if rng.random() < share]


def make_person(rng, number, departments):
    leave = rng.choice(("-", "-", "-", "2026-09-07/2026-09-11", "2026-09-01/2026-09-09,2026-09-10/2026-09-30", "2026-09-14/2026-09-18"))
    return "\t".join(("ZF-411525-%04d" % number, str(rng.randrange(departments)),
                      rng.choice(("*", "*", "4115", "4115", "-", listed(some(rng, REGIONS, 0.8)))), listed(some(rng, SKILLS, 0.8)),
                      rng.choice(("*", "*", listed(some(rng, ITEMS, 0.8)))), str(rng.choice((0, 4, 6, 9))), str(rng.randrange(2)),
                      rng.choice(("2027-12-31", "2027-12-31", "2027-12-31", "2028-02-29", "2026-09-11", "2026-09-10", "-")),
                      leave, rng.choice(("-", "%032x" % rng.getrandbits(128)))))


def make_rules(rng, departments, batches):
    out = ["mingqian-rules/v1", "slack %d" % rng.choice((-1, 0, 1, 2)), "team 2", "rotation " + rng.choice(("on", "off"))]
    out += ["week %d 2026-09-%02d 2026-09-%02d" % (b, 7 * b, 7 * b + 4) for b in range(1, batches + 1)]
    out += ["items %d %s" % (q, listed(some(rng, ITEMS, 0.5))) for q in range(departments) if rng.random() < 0.5]
    for q in range(departments):
        out.append("places %d * 2 %s %s" % (q, rng.choice(("*", "id", "411525")), rng.choice(("-", "food", "fire,food"))))
        if rng.random() < 0.5:
            out.append("places %d A %d %s -" % (q, rng.choice((2, 3)), rng.choice(("*", "id"))))
    return ("\n".join(out) + "\n").encode()


def make_drawn(rng, departments):
    """The files of a finished draw of a few targets with 18-character codes."""
    rows = [("91" + rng.choice(REGIONS) + draws.word(rng, draws.USCC, 10, 10), rng.choice("AB"), 1, rng.randrange(1, 1 << departments), "-")
            for _ in range(30)]
    rows += [("R-411525" + draws.word(rng, "0123456789", 9, 9), "A", 1, 1, "-"), ("P-77", "B", 1, 1, "-")]
    quotas = ["quota %d %s %d 1" % (q, s, min(rng.choice((0, 2, 4)), sum(1 for r in rows if r[1] == s and r[3] >> q & 1)))
              for q in range(departments) for s in "AB"]
    import own_vectors
    return own_vectors.build(["suite sha256", "draw 411525/2026/0021", "attempt 1", "prev -"], rows,
                             ["rule uniform", "batches 3", "min-parties 2"] + quotas,
                             [("a", own_vectors.secret(rng), True), ("b", own_vectors.secret(rng), True)], [])


def make_forbidden(rng, names, ids):
    lines = {(rng.choice(names), rng.choice(ids), rng.choice(("last", "recusal"))) for _ in range(20)}
    return "".join("%s\t%s\t%s\t-\n" % x for x in sorted(lines)).encode()


def make_staffing(rng):
    """The five files of a draw, the four of its staff, and owners.txt."""
    departments = rng.choice((1, 2, 3))
    files = make_drawn(rng, departments)
    people = [make_person(rng, n, departments) for n in range(rng.choice((4, 24, 40, 60)))]
    files["staff.tsv"] = "".join(p + "\n" for p in people).encode()
    ids = [line.split(b"\t")[0].decode() for line in files["roster.tsv"].splitlines()]
    files["forbidden.tsv"] = make_forbidden(rng, [p.split("\t")[0] for p in people], ids)
    files["rules.txt"] = make_rules(rng, departments, 3)
    roots = [draw.tree_root(files[f].split(b"\n")[:-1], match.sha256).hex() for f in ("staff.tsv", "forbidden.tsv")]
    files["staff.txt"] = ("mingqian-staff/v1\ndraw-digest %s\ninspectors %d %s\nforbidden %d %s\nrules %s\n" % (
        match.sha256(files["draw.txt"]).hex(), len(people), roots[0], files["forbidden.tsv"].count(b"\n"), roots[1],
        match.sha256(files["rules.txt"]).hex())).encode()
    return dict(files, **{"owners.txt": match.recompute(files, draw.recompute(files))})


if __name__ == "__main__":
    options = common.arguments(__doc__, 150)
    scratch = tempfile.mkdtemp(prefix="matchings")
    sys.exit(common.run("matchings", compare, options, scratch))
