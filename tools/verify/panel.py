#!/usr/bin/env python3
"""Which experts 专家 assist at which drawn target: mingqian-panel/v1 (docs/spec/panel-1.md).

    python3 panel.py DIR               choose again from experts.txt and the draw, compare with panel.txt
    python3 panel.py DIR --recompute   print the bytes of panel.txt as computed here
    --en                               English instead of Chinese

Written from the specification alone. Python 3.9 or newer, standard library only.
"""
import re
import sys

import draw
from draw import Refused, sha256

INPUTS = ("experts.txt",)
ID = re.compile(r"[!-~]{1,54}")
EXPERTS_MAX, AVOID_MAX = 1 << 16, 1 << 20


def parse_experts(data, draw_digest):
    """(1) places, the experts in order, and for each target who keeps away."""
    r = draw.Reader(data, "experts.txt")
    r.take("mingqian-experts/v1", 0)
    if r.take("draw-digest", 1)[0] != draw_digest:
        r.refuse("不是这次抽取的专家名单", "it belongs to another draw.txt")
    places = r.integer(r.take("places", 1)[0], 1, 8)
    experts, avoid, before = [], {}, None
    while r.next_is("expert"):
        name = r.matching(draw.NAME, r.take("expert", 1)[0])
        r.ascending(experts[-1] if experts else None, name)
        experts.append(name)
    known, count = set(experts), 0
    while r.next_is("avoid"):
        who, name = r.take("avoid", 2)
        r.matching(ID, who)
        if name not in known:
            r.refuse("回避的专家不在库中", "an expert that the list lacks")
        r.ascending(before, (who, name))
        before, count = (who, name), count + 1
        avoid.setdefault(who, set()).add(name)
    if len(experts) > EXPERTS_MAX or count > AVOID_MAX:
        r.refuse("专家或回避行过多", "too many experts or avoid lines")
    r.end()
    return places, experts, avoid


def choose(pool, who, key, H):
    """(2)"""
    places, experts, avoid = pool
    free = [e for e in experts if e not in avoid.get(who, ())]
    m, chosen = len(free), []
    for j in range(min(places, m)):
        i = j + draw.uniform_below(key, "expert/%s/%d" % (who, j), m - j, H)
        chosen.append(free[i])
        free[i] = free[j]
    return chosen


def targets_of(result):
    """The ids of the target lines of result.txt, in visiting order."""
    return [line.split(" ")[1] for line in result.decode("ascii").splitlines() if line.startswith("target ")]


def recompute(files, d, seed):
    """(3) The bytes of panel.txt. d: draw.txt parsed; seed: hex."""
    H = draw.hash_of(d["suite"])
    pool = parse_experts(files["experts.txt"], H(files["draw.txt"]).hex())
    key = draw.subkey("int", seed, H)
    lines = ["mingqian-panel/v1", "experts-digest " + sha256(files["experts.txt"]).hex(), "seed " + seed]
    for who in targets_of(files["result.txt"]):
        lines.append("target %s %s" % (who, ",".join(choose(pool, who, key, H)) or "-"))
    return ("\n".join(lines) + "\n").encode("ascii")


def verify(files, d, seed, say):
    difference = draw.first_difference(files["panel.txt"], recompute(files, d, seed))
    if difference:
        line, theirs, ours = difference
        raise Refused("panel.txt", line, "公布的是“%s”，重算得“%s”" % (theirs, ours), "published '%s', recomputed '%s'" % (theirs, ours))
    say("panel.txt 逐字节一致（专家）", "panel.txt is the same byte for byte (experts)")


def main(arguments):
    english = "--en" in arguments

    def say(zh, en):
        print(en if english else zh)

    if not arguments or arguments[0].startswith("--"):
        sys.stderr.write(__doc__)
        return 2
    try:
        files = draw.read_files(arguments[0], draw.INPUTS + ("result.txt",) + INPUTS)
        done = draw.recompute(files)
        if "--recompute" in arguments:
            sys.stdout.buffer.write(recompute(files, done["draw"], done["seed"]))
            return 0
        files.update(draw.read_files(arguments[0], ("panel.txt",)))
        verify(files, done["draw"], done["seed"], say)
        return 0
    except Refused as e:
        sys.stderr.write(("REFUSED " if english else "不符 ") + e.text(english) + "\n")
    except OSError as e:
        sys.stderr.write("%s\n" % e)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
