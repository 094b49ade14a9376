#!/usr/bin/env python3
"""Check a published draw 抽取 completely: the draw, the matching of inspectors, the experts, and the log.

    python3 verify.py PLACE          PLACE: a directory or http(s) address .../draws/NUMBER/ATTEMPT
    --log PLACE          where the log is (otherwise ../../../log, as the portal publishes it)
    --require-log        without a log: exit 1
    --vkey FILE  --witness FILE  --against FILE      see log.py
    --en                 English instead of Chinese

Exit status 0: everything agrees; 1: something does not, and it is named; 2: usage. Every other file in this folder does
one part and can be run alone. Python 3.9 or newer, standard library only; nothing is shared with the program checked.
"""
import os
import re
import sys

import draw
import log
import match
import panel
from draw import Refused

MATCH_FILES = match.INPUTS + ("owners.txt",)
PANEL_FILES = panel.INPUTS + ("panel.txt",)


def try_read(place, name):
    try:
        return place.read(name)
    except Refused:
        return None


def read_all(place):
    """The published files of one attempt; those that are not there are left out."""
    found = {name: try_read(place, name) for name in draw.INPUTS + ("result.txt",) + MATCH_FILES + PANEL_FILES + ("opened.tsv", "void.txt")}
    return {name: data for name, data in found.items() if data is not None}


def needed(files, names):
    for name in names:
        if name not in files:
            raise Refused(name, 0, "没有此文件", "is missing")


def check_head(files, say):
    """A draw whose roster is sealed: everything that can be checked without it."""
    d = draw.parse_draw(files["draw.txt"])
    H = draw.hash_of(d["suite"])
    digest, lock = (H(files[n]).hex() for n in ("draw.txt", "lock.txt"))
    present = draw.parse_lock(files["lock.txt"], d, digest)
    secrets, beacons = draw.parse_reveal(files["reveal.json"], d, present)
    draw.check_reveal_bytes(files["reveal.json"], secrets, beacons)
    draw.check_beacons(d, beacons, say)
    for name, secret in secrets:
        if draw.commitment(d, name, secret, H) != dict(d["parties"])[name]:
            raise Refused("reveal.json", 0, "%s 公开的秘密与其事先承诺不符" % name, "the secret of %s does not open its commitment" % name)
    seed = draw.seed_of(digest, lock, secrets, beacons, H)
    lines = files["result.txt"].decode("ascii", "replace").split("\n")
    if lines[:3] != ["mingqian-result/v1", "draw-digest " + digest, "seed " + seed]:
        raise Refused("result.txt", 0, "开头三行与重算不符", "its first three lines are not what was recomputed")
    if "opened.tsv" in files:
        check_opened(files, d, seed, H, say)
    say("名单未公开（密封）：承诺、锁定、种子已核对；逐户重算须由审计人员持名单进行",
        "the roster is sealed: commitments, lock and seed are checked; an auditor with the roster can re-run the rest")
    return d


def parse_opened(data, d, H):
    """(draw-1, 13) The rows in opened.tsv by id: each proved to be in the sealed roster, in its order."""
    found, before = {}, (-1, "")
    for line, text in enumerate(draw.text_lines(data, "opened.tsv"), 1):
        fields = text.split("\t")
        if len(fields) != 7 or not draw.NUMBER.fullmatch(fields[0]):
            raise Refused("opened.tsv", line, "这一行格式不对", "a malformed line")
        number, row = int(fields[0]), "\t".join(fields[1:6])
        who = draw.parse_roster(row.encode() + b"\n")[0]
        path = [] if fields[6] == "-" else [bytes.fromhex(h) for h in fields[6].split(",") if draw.DIGEST.fullmatch(h)]
        if not (before[0] < number and before[1] < who[0]):
            raise Refused("opened.tsv", line, "未按名单次序", "not in the order of the roster")
        if log_root(H(b"\0" + row.encode()), number, d["rows"], path, H) != d["root"]:
            raise Refused("opened.tsv", line, "证明不能得出封存的根", "its proof does not lead to the sealed root")
        before = number, who[0]
        found[who[0]] = who
    return found


def log_root(leaf, index, size, path, H):
    """(RFC 9162, 2.1.3.2) The root that an inclusion path leads to, in hex."""
    fn, sn, r = index, size - 1, leaf
    if index >= size:
        return ""
    for p in path:
        if sn == 0:
            return ""
        if fn & 1 or fn == sn:
            r = H(b"\1" + p + r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = H(b"\1" + r + p)
        fn, sn = fn >> 1, sn >> 1
    return r.hex() if sn == 0 else ""


def check_opened(files, d, seed, H, say):
    """(draw-1, 13) The opened rows are the drawn ones and give the numbers and the last tickets of result.txt."""
    rows = parse_opened(files["opened.tsv"], d, H)
    drawn = [line.split(" ") for line in files["result.txt"].decode("ascii").splitlines() if line.startswith("target ")]
    if sorted(rows) != sorted(line[1] for line in drawn):
        raise Refused("opened.tsv", 0, "公开的行不是抽中者的行", "the opened rows are not those of the drawn")
    quotas = [line.split(" ") for line in files["result.txt"].decode("ascii").splitlines() if line.startswith("quota ")]
    key = draw.subkey("target", seed, H)
    for (group, stratum, n, _), line in zip(d["quotas"], quotas):
        mine = [t[1] for t in drawn if int(t[2], 16) >> group & 1 and rows[t[1]][1] == stratum]
        tickets = ["%064x" % draw.ticket(key, who, H) for who in mine]
        stated = line[5] in tickets if d["rule"] == "pareto" else line[5] == max(tickets, default="-")
        if line[1:3] != [str(group), stratum] or len(mine) != n or not (stated or n == 0):
            raise Refused("result.txt", 0, "数量或最后的签号与公开的行不符", "a number or a last ticket that the opened rows do not give")
    say("抽中者的行都已公开并有证明", "the rows of the drawn are opened, each with its proof")


def check_draw(files, say):
    needed(files, ("draw.txt", "lock.txt", "reveal.json", "result.txt"))
    if "roster.tsv" not in files:
        return check_head(files, say), None
    done = draw.verify(files, say)
    return done["draw"], done


def check_match(files, done, say):
    if "owners.txt" not in files:
        say("尚未匹配检查人员", "no inspectors have been matched yet")
    elif done is None or any(name not in files for name in match.INPUTS):
        say("人员名册未全部公开：匹配未重算", "the staff files are not all public: the matching was not re-run")
    else:
        match.verify(files, done, say)


def check_panel(files, d, say):
    """(panel-1) The experts, from experts.txt, result.txt and its seed: also where the roster is sealed."""
    if "panel.txt" in files:
        needed(files, PANEL_FILES)
        seed = files["result.txt"].decode("ascii", "replace").split("\n")[2].split(" ")[-1]
        panel.verify(files, d, seed, say)


def log_place(place, arguments):
    """By option, or beside the draws."""
    if "--log" in arguments:
        return log.Place(arguments[arguments.index("--log") + 1])
    base = re.sub(r"/[^/]+/[^/]+/[^/]+$", "", place.base if place.remote else os.path.abspath(place.base))
    return log.Place(base + "/log")


def check_prev(whole, d):
    """(draw-1, prev) draw.txt names the digest of the attempt before it, as voided in the log."""
    before = whole.draws[d["draw"]][d["attempt"] - 2].digest("draw.void") if d["attempt"] > 1 else "-"
    if d["prev"] != before:
        raise Refused("draw.txt", 0, "prev 与日志中作废的摘要不符", "prev is not the digest that the log voided")


def logged_at(whole, acts, subject, digest, name, say):
    """The index of the entry that carries the digest of this file."""
    for e in whole.entries:
        if e["act"] in acts and e["subject"] == subject and log.parse_detail(e).get("digest") == digest:
            say("%s 在日志条目 %d 中" % (name, e["index"]), "%s is in entry %d of the log" % (name, e["index"]))
            return e["index"]
    raise Refused(name, 0, "日志中没有其摘要 %s" % digest, "no entry of the log has its digest %s" % digest)


def check_match_logged(whole, files, d, say):
    """(match-1, 5.1 and 6) staff.txt was logged before the lock, so before the beacon; owners.txt is the one that was logged."""
    subject = "%s/%d" % (d["draw"], d["attempt"])
    frozen = logged_at(whole, ("assignment.freeze",), subject, match.sha256(files["staff.txt"]).hex(), "staff.txt", say)
    if frozen > whole.draws[d["draw"]][d["attempt"] - 1].acts["draw.lock"]["index"]:
        raise Refused("staff.txt", 0, "人员名册在锁定之后才冻结", "the registers of inspectors were frozen after the lock")
    logged_at(whole, ("assignment.assign", "assignment.infeasible"), subject, match.sha256(files["owners.txt"]).hex(), "owners.txt", say)


def check_panel_logged(whole, files, d, say):
    """(panel-1, 4) experts.txt was logged before the lock; panel.txt is the one that was logged."""
    subject = "%s/%d" % (d["draw"], d["attempt"])
    frozen = logged_at(whole, ("panel.freeze",), subject, match.sha256(files["experts.txt"]).hex(), "experts.txt", say)
    if frozen > whole.draws[d["draw"]][d["attempt"] - 1].acts["draw.lock"]["index"]:
        raise Refused("experts.txt", 0, "专家名单在锁定之后才冻结", "the list of experts was frozen after the lock")
    logged_at(whole, ("panel.draw",), subject, match.sha256(files["panel.txt"]).hex(), "panel.txt", say)


def check_log(files, d, place, arguments, say):
    whole = log.open_log(place, arguments, say)
    H = draw.hash_of(d["suite"])
    digests = {act: H(files[name]).hex() for act, name in (("draw.seal", "draw.txt"), ("draw.lock", "lock.txt"), ("draw.result", "result.txt"))}
    log.check_attempt(whole, d["draw"], d["attempt"], digests, say)
    check_prev(whole, d)
    seal = whole.draws[d["draw"]][d["attempt"] - 1].acts["draw.seal"]
    if seal["detail"].get("root") != d["root"]:
        raise Refused("draw.txt", 0, "名单的根与日志不符", "its roster root is not the logged one")
    if "owners.txt" in files:
        check_match_logged(whole, files, d, say)
    if "panel.txt" in files:
        check_panel_logged(whole, files, d, say)


def check_voided(files, place, arguments, say):
    """(draw-1, 13) An attempt that was voided before its result: the void names this draw.txt, and is in the log."""
    d = draw.parse_draw(files["draw.txt"])
    digest = draw.hash_of(d["suite"])(files["draw.txt"]).hex()
    lines = files["void.txt"].decode("utf-8").split("\n")
    if len(lines) != 4 or lines[:2] != ["mingqian-void/v1", "draw-digest " + digest] or not lines[2].startswith("reason "):
        raise Refused("void.txt", 0, "不是这份 draw.txt 的作废记录", "not a void of this draw.txt")
    say("本次已作废：" + lines[2][7:], "this attempt was voided: " + lines[2][7:])
    beside = log_place(place, arguments)
    if "--log" not in arguments and try_read(beside, "checkpoint") is None:
        say("没有看到日志", "no log was seen")
        return 1 if "--require-log" in arguments else 0
    whole = log.open_log(beside, arguments, say)
    attempts = whole.draws.get(d["draw"], [])
    if len(attempts) < d["attempt"] or attempts[d["attempt"] - 1].digest("draw.void") != digest:
        raise Refused("void.txt", 0, "日志里没有这次作废", "the log holds no such void")
    say("作废在日志中", "the void is in the log")
    return 0


def run(where, arguments, say):
    place = log.Place(where)
    files = read_all(place)
    if "void.txt" in files and "draw.txt" in files and "result.txt" not in files:
        return check_voided(files, place, arguments, say)
    d, done = check_draw(files, say)
    check_match(files, done, say)
    check_panel(files, d, say)
    beside = log_place(place, arguments)
    if "--log" not in arguments and try_read(beside, "checkpoint") is None:
        say("没有看到日志：无法知道是否还有别的抽取", "no log was seen: whether other attempts exist cannot be told")
        return 1 if "--require-log" in arguments else 0
    check_log(files, d, beside, arguments, say)
    say("全部一致", "everything agrees")
    return 0


def main(arguments):
    english = "--en" in arguments

    def say(zh, en):
        print(en if english else zh)

    if not arguments or arguments[0].startswith("--"):
        sys.stderr.write(__doc__)
        return 2
    try:
        return run(arguments[0], arguments, say)
    except Refused as e:
        sys.stderr.write(("REFUSED " if english else "不符 ") + e.text(english) + "\n")
    except (OSError, IndexError) as e:
        sys.stderr.write("%s\n" % e)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
