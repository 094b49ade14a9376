#!/usr/bin/env python3
"""Check the public log 全过程留痕 of an installation from its published files: mingqian-log/v1 (docs/spec/log-1.md).

    python3 log.py LOG                      LOG: a directory or http(s) address that holds `checkpoint` and `tile/`
    python3 log.py LOG --draw NUMBER        also list what the log says of one draw, attempt by attempt
    --vkey FILE          the log's public keys that you kept (otherwise LOG/log.vkey is believed)
    --witness FILE       public keys of witnesses you trust
    --against FILE       an older checkpoint that you kept: is it still part of this log?
    --en                 English instead of Chinese

Written from the specification alone: it shares no code with the program that keeps the log. Python 3.9 or newer,
standard library only. Numbers such as (6.4) in comments are the sections of the specification.
"""
import base64
import binascii
import datetime
import hashlib
import json
import os
import re
import sys
import urllib.error
import urllib.request

from draw import Refused, sm3_own

TILE = 256  # hashes in a full tile
ENTRY_MAX = 65535
FETCH_MAX = 1 << 28


def sha256(data):
    return hashlib.sha256(data).digest()


# --- where the files are -----------------------------------------------------------------------------------------------

class Place:
    """A directory, or an http(s) address, with files below it."""

    def __init__(self, base):
        self.base, self.remote = base.rstrip("/"), re.match("https?://", base) is not None

    def read(self, path):
        """The bytes of a file; Refused when it is not there."""
        try:
            if self.remote:
                with urllib.request.urlopen(self.base + "/" + path, timeout=60) as answer:
                    return answer.read(FETCH_MAX)
            with open(os.path.join(self.base, *path.split("/")), "rb") as f:
                return f.read()
        except (OSError, ValueError, urllib.error.URLError):
            raise Refused(path, 0, "没有此文件或读不到", "is missing or cannot be read")

    def below(self, path):
        return Place(self.base + "/" + path)

    def partial_tiles(self):
        """Paths of all partial tiles; only a directory can tell."""
        found = []
        for folder, _, names in [] if self.remote else os.walk(os.path.join(self.base, "tile")):
            inside = os.path.relpath(folder, self.base).replace(os.sep, "/")
            found += [inside + "/" + n for n in names if inside.endswith(".p") and n.isdigit()]
        return sorted(found)


# --- Ed25519 (RFC 8032, 5.1): only verification, in affine thinking and projective numbers -------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
BASE_Y = 4 * pow(5, P - 2, P) % P


def point_add(a, b):
    """Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, T = XY/Z (5.1.4)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    x, y, z, t = f - e, h - g, h + g, f + e
    return x * y % P, z * t % P, y * z % P, x * t % P


def point_times(n, point):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = point_add(out, point)
        point, n = point_add(point, point), n >> 1
    return out


def point_from(y, odd):
    """The point with this y and the parity of x, or None (5.1.3)."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_M1 % P
    if x * x % P != square or x == 0 and odd:
        return None
    x = P - x if x % 2 != odd else x
    return x, y, 1, x * y % P


def decode_point(data):
    n = int.from_bytes(data, "little")
    return point_from(n & (2**255 - 1), n >> 255)


def encode_point(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def ed25519_verify(key, message, signature):
    """Is R = S*B - k*A, with S below the order? (5.1.7)"""
    A, S = decode_point(key), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or A is None or S >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    minus_A = (P - A[0], A[1], 1, P - A[3])
    return encode_point(point_add(point_times(S, point_from(BASE_Y, 0)), point_times(k, minus_A))) == signature[:32]


# --- SM2 (GB/T 32918.2 on the curve of GB/T 32918.5): only verification --------------------------------------------------

SM2_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
SM2_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SM2_A = SM2_P - 3
SM2_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
SM2_G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
         0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)


def sm2_add(a, b):
    """Affine points; None is the point at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % SM2_P == 0:
        return None
    if a == b:
        slope = (3 * a[0] * a[0] + SM2_A) * pow(2 * a[1], SM2_P - 2, SM2_P) % SM2_P
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], SM2_P - 2, SM2_P) % SM2_P
    x = (slope * slope - a[0] - b[0]) % SM2_P
    return x, (slope * (a[0] - x) - a[1]) % SM2_P


def sm2_times(n, point):
    out = None
    while n:
        if n & 1:
            out = sm2_add(out, point)
        point, n = sm2_add(point, point), n >> 1
    return out


def sm2_verify(key, message, signature):
    """GB/T 32918.2, 7.1, with the distinguishing id 1234567812345678."""
    point = int.from_bytes(key[1:33], "big"), int.from_bytes(key[33:], "big")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    on_curve = (point[1]**2 - point[0]**3 - SM2_A * point[0] - SM2_B) % SM2_P == 0
    if len(signature) != 64 or len(key) != 65 or key[0] != 4 or not on_curve or max(point) >= SM2_P:
        return False
    if not (0 < r < SM2_N and 0 < s < SM2_N) or (r + s) % SM2_N == 0:
        return False
    curve = b"".join(x.to_bytes(32, "big") for x in (SM2_A, SM2_B) + SM2_G)
    z = sm3_own(b"\x00\x80" + b"1234567812345678" + curve + key[1:])
    e = int.from_bytes(sm3_own(z + message), "big")
    found = sm2_add(sm2_times(s, SM2_G), sm2_times((r + s) % SM2_N, point))
    return found is not None and (e + found[0]) % SM2_N == r


# --- (3) the signed note -------------------------------------------------------------------------------------------------

SM2_TYPE = b"\xff" + b"mingqian-sm2/v1"


def decode_base64(text):
    """Strict: padded, no foreign characters, spare bits zero; None if not."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def parse_vkeys(data, file):
    """[(name, key id, kind, public key)] from lines NAME+HEXID+BASE64(type, key)."""
    keys, lines = [], data.decode("utf-8", "replace").split("\n")
    if lines.pop():
        raise Refused(file, len(lines) + 1, "末行缺少换行符", "the last line does not end in LF")
    for number, line in enumerate(lines, 1):
        parts = line.split("+", 2)
        body = decode_base64(parts[2]) if len(parts) == 3 else None
        if not body:
            raise Refused(file, number, "不是验证公钥", "is not a verifier key")
        expected = sha256(parts[0].encode() + b"\n" + body)[:4]
        if parts[1] != expected.hex():
            raise Refused(file, number, "公钥编号不符", "the key id does not belong to the key")
        kind = SM2_TYPE if body.startswith(SM2_TYPE) else body[:1]
        keys.append((parts[0], expected, kind, body[len(kind):]))
    return keys


def split_note(data, file):
    """(text with its last LF, [(name, key id, signature)])"""
    text, found, tail = data.partition(b"\n\n")
    if not found or len(data) > 65536 or not tail.endswith(b"\n"):
        raise Refused(file, 0, "不是签名文本", "is not a signed note")
    signatures = []
    for number, line in enumerate(tail[:-1].split(b"\n"), text.count(b"\n") + 3):
        m = re.fullmatch("\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)", line.decode("utf-8", "replace"))
        body = decode_base64(m.group(2)) if m else None
        if body is None or len(body) < 5 or len(signatures) == 64:
            raise Refused(file, number, "签名行无效", "is not a signature line")
        signatures.append((m.group(1), body[:4], body[4:]))
    return text + b"\n", signatures


def signature_holds(kind, key, text, body):
    """True, False, or None for a kind that is not known here; also the time of a witness."""
    if kind == b"\x01":
        return ed25519_verify(key, text, body), None
    if kind == SM2_TYPE:
        return sm2_verify(key, text, body), None
    if kind == b"\x04" and len(body) == 72:
        time = int.from_bytes(body[:8], "big")
        return ed25519_verify(key, b"cosignature/v1\ntime %d\n" % time + text, body[8:]), time
    return None, None


def parse_checkpoint(data, file):
    """(origin, size, root, text, signatures)"""
    text, signatures = split_note(data, file)
    lines = text.decode("utf-8", "replace").split("\n")[:-1]
    root = decode_base64(lines[2]) if len(lines) == 3 else None
    if root is None or len(root) != 32 or not re.fullmatch("[^ +]+", lines[0]) or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
        raise Refused(file, 0, "应为三行：来源、大小、根", "expected three lines: origin, size, root")
    return lines[0], int(lines[1]), root, text, signatures


def check_signatures(checkpoint, keys, witnesses, file, say):
    """(6.1) The Ed25519 signature of the log, and every other one by a known key."""
    origin, _, _, text, signatures = checkpoint
    signed = False
    for name, key_id, body in signatures:
        for key_name, known_id, kind, key in keys + witnesses:
            if (name, key_id) != (key_name, known_id):
                continue
            good, time = signature_holds(kind, key, text, body)
            if good is False:
                raise Refused(file, 0, "%s 的签名无效" % name, "the signature of %s does not verify" % name)
            signed = signed or bool(good) and kind == b"\x01" and name == origin
            if time is not None:
                say("见证人 %s 于 %s 见过此检查点" % (name, utc(time)), "witness %s saw this checkpoint at %s" % (name, utc(time)))
    if not signed:
        raise Refused(file, 0, "没有本日志公钥的 Ed25519 签名", "carries no Ed25519 signature by the log's key")


def utc(seconds):
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=min(seconds, 2**36))).strftime("%Y-%m-%d %H:%M:%S UTC")


# --- (4) tiles -----------------------------------------------------------------------------------------------------------

def tile_number(n):
    """1234067 -> x001/x234/067"""
    parts = ["%03d" % (n % 1000)]
    while n >= 1000:
        n //= 1000
        parts.insert(0, "x%03d" % (n % 1000))
    return "/".join(parts)


def tile_paths(kind, hashes):
    """[(path, width)] of the tiles `kind` (a level, or "entries") that hold so many hashes."""
    paths = [("tile/%s/%s" % (kind, tile_number(n)), TILE) for n in range(hashes // TILE)]
    if hashes % TILE:
        paths.append(("tile/%s/%s.p/%d" % (kind, tile_number(hashes // TILE), hashes % TILE), hashes % TILE))
    return paths


def read_level(place, level, hashes):
    """All hashes of one level, in order; each file has exactly its length (6.2)."""
    found = []
    for path, width in tile_paths(level, hashes):
        data = place.read(path)
        if len(data) != 32 * width:
            raise Refused(path, 0, "长度 %d，应为 %d；第 %d 字节起不对" % (len(data), 32 * width, min(len(data), 32 * width)),
                          "has %d bytes instead of %d; wrong from byte %d" % (len(data), 32 * width, min(len(data), 32 * width)))
        found += [data[i:i + 32] for i in range(0, len(data), 32)]
    return found


def read_bundle(place, path, width):
    """The entries of one bundle: each after its length in two bytes (6.3)."""
    data, at, entries = place.read(path), 0, []
    for _ in range(width):
        length = int.from_bytes(data[at:at + 2], "big")
        if at + 2 + length > len(data):
            raise Refused(path, 0, "第 %d 字节处的条目不完整" % at, "the entry at byte %d is cut off" % at)
        entries.append((data[at + 2:at + 2 + length], path, at))
        at += 2 + length
    if at != len(data):
        raise Refused(path, 0, "第 %d 字节起多余" % at, "bytes are left over from byte %d" % at)
    return entries


def join(left, right):
    return sha256(b"\1" + left + right)


def tree_root(hashes):
    """RFC 6962, 2.1, over leaf hashes (or over roots of equally large full trees)."""
    if not hashes:
        return sha256(b"")
    while len(hashes) > 1:
        pairs = [join(hashes[i], hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]
        hashes = pairs + (hashes[-1:] if len(hashes) % 2 else [])
    return hashes[0]


def check_leaves(entries, leaves):
    """(6.4) Every entry has its hash in the level-0 tile."""
    paths = tile_paths(0, len(leaves))
    for index, (entry, bundle, at) in enumerate(entries):
        own = sha256(b"\0" + entry)
        if own != leaves[index]:
            byte = 32 * (index % TILE) + next(i for i in range(32) if own[i] != leaves[index][i])
            raise Refused(paths[index // TILE][0], 0, "第 %d 字节：与 %s 第 %d 字节处的条目 %d 不符" % (byte, bundle, at, index),
                          "byte %d: not the hash of entry %d (%s, byte %d)" % (byte, index, bundle, at))


def check_levels(place, leaves):
    """(6.5) Each hash of a level is the root of its full tile of the level below."""
    below, level = leaves, 0
    while len(below) >= TILE:
        level += 1
        above = read_level(place, level, len(below) // TILE)
        for n, value in enumerate(above):
            own = tree_root(below[n * TILE:(n + 1) * TILE])
            if own != value:
                path = tile_paths(level, len(above))[n // TILE][0]
                byte = 32 * (n % TILE) + next(i for i in range(32) if own[i] != value[i])
                raise Refused(path, 0, "第 %d 字节：与下一层不符" % byte, "byte %d: not the root of the tile below" % byte)
        below = above


def check_old_partials(place, size):
    """(6.7) A partial tile of an earlier size is the beginning of the present one."""
    for path in place.partial_tiles():
        m = re.fullmatch(r"tile/([0-9]+|entries)/((?:x[0-9]{3}/)*[0-9]{3})\.p/([0-9]+)", path)
        if not m:
            continue
        hashes = size if m.group(1) == "entries" else size // TILE**int(m.group(1))
        number = int(m.group(2).replace("x", "").replace("/", ""))
        now = [p for p, _ in tile_paths(m.group(1), hashes)[number:number + 1]]
        old = place.read(path)
        if not now or not place.read(now[0]).startswith(old):
            byte = next((i for i, (a, b) in enumerate(zip(old, place.read(now[0]))) if a != b), 0) if now else 0
            raise Refused(path, 0, "第 %d 字节：与现有的瓦片不符" % byte, "byte %d: not the beginning of the present tile" % byte)


# --- (1) entries ---------------------------------------------------------------------------------------------------------

def no_key_twice(pairs):
    if len({k for k, _ in pairs}) != len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def parse_detail(entry):
    """The JSON object of an act that is read here; an empty one if there is none."""
    try:
        detail = json.loads(entry["detail"], object_pairs_hook=no_key_twice)
    except (ValueError, RecursionError):
        detail = None
    return detail if isinstance(detail, dict) else {}


ENTRY = re.compile(r"mingqian-log/v1\nid ([1-9][0-9]{0,18})\ntime (0|[1-9][0-9]{0,18})\nactor ([^\n]+)\n"
                   r"act ([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)\nsubject ([^\n]+)\ndetail (-|\{[^\n]*\})\n")


def parse_entry(data):
    """The fields of one entry, or ValueError."""
    text = data.decode("utf-8")
    m = ENTRY.fullmatch(text)
    if not m or len(data) > ENTRY_MAX or any(ord(c) < 0x20 and c != "\n" or 0x7F <= ord(c) < 0xA0 for c in text):
        raise ValueError("not the seven lines")
    number, time, actor, act, subject, detail = m.groups()
    if int(number) >= 2**63 or int(time) >= 2**63 or len(actor.encode()) > 128 or len(act) > 64 or len(subject.encode()) > 512:
        raise ValueError("a field above its limit")
    return {"id": int(number), "time": int(time), "actor": actor, "act": act, "subject": subject, "detail": detail}


def parse_entries(raw):
    """(6.3) All entries, none with an id seen before."""
    ids, found = set(), []
    for index, (data, path, at) in enumerate(raw):
        try:
            entry = parse_entry(data)
        except ValueError as e:
            raise Refused(path, 0, "第 %d 字节处的条目 %d 格式不符" % (at, index), "entry %d at byte %d is not well-formed (%s)" % (index, at, e))
        if entry["id"] in ids:
            raise Refused(path, 0, "第 %d 字节处的条目 %d 编号重复" % (at, index), "entry %d at byte %d repeats an id" % (index, at))
        ids.add(entry["id"])
        found.append(dict(entry, index=index))
    return found


# --- (2) the order of a draw ---------------------------------------------------------------------------------------------

DRAW_ACTS = ("draw.seal", "draw.lock", "draw.result", "draw.void")


class Attempt:
    """What the log says of one attempt: the entry of each act."""

    def __init__(self, number):
        self.number, self.acts = number, {}

    def digest(self, act):
        return self.acts[act]["detail"]["digest"] if act in self.acts else None


def refuse_entry(entry, zh, en):
    raise Refused("log", 0, "条目 %d（%s %s）：%s" % (entry["index"], entry["act"], entry["subject"], zh),
                  "entry %d (%s %s): %s" % (entry["index"], entry["act"], entry["subject"], en))


def split_subject(entry):
    draw, _, attempt = entry["subject"].rpartition("/")
    entry["detail"] = parse_detail(entry)
    digest = entry["detail"].get("digest")
    if not draw or not re.fullmatch("[1-9][0-9]{0,9}", attempt) or not re.fullmatch("[0-9a-f]{64}", str(digest)):
        refuse_entry(entry, "编号或摘要格式不符", "not DRAW/ATTEMPT with a digest")
    return draw, int(attempt)


def place_act(attempts, number, entry):
    """Put one act into its attempt; refuse what must not follow."""
    act = entry["act"]
    if act == "draw.seal":
        if number != len(attempts) + 1:
            refuse_entry(entry, "应为第 %d 次：有缺失或重复的抽取" % (len(attempts) + 1), "attempt %d expected: one is missing, or there twice" % (len(attempts) + 1))
        if attempts and "draw.void" not in attempts[-1].acts:
            refuse_entry(entry, "上一次尚未作废", "the attempt before is not void")
        attempts.append(Attempt(number))
    if not 0 < number <= len(attempts):
        refuse_entry(entry, "此次未曾封存", "this attempt was never sealed")
    acts = attempts[number - 1].acts
    if act in acts or "draw.void" in acts:
        refuse_entry(entry, "重复，或在作废之后", "there twice, or after the void")
    if act == "draw.result" and "draw.lock" not in acts:
        refuse_entry(entry, "结果先于锁定", "a result before the lock")
    acts[act] = entry


def draws_of(entries):
    """{draw number: [Attempt 1, Attempt 2, …]} with the rules of (2) checked."""
    draws = {}
    for entry in entries:
        if entry["act"] in DRAW_ACTS:
            draw, number = split_subject(entry)
            place_act(draws.setdefault(draw, []), number, entry)
    for attempts in draws.values():
        for before, now in zip(attempts, attempts[1:]):
            if before.digest("draw.void") != before.digest("draw.seal"):
                refuse_entry(before.acts["draw.void"], "作废的摘要不是封存的摘要", "does not void the digest that was sealed")
    return draws


# --- (6) all of it ---------------------------------------------------------------------------------------------------------

class Log:
    def __init__(self, checkpoint, entries, draws, leaves):
        self.origin, self.size, self.root = checkpoint[:3]
        self.entries, self.draws, self.leaves = entries, draws, leaves


def read_log(place, keys, witnesses, say):
    """Check everything that is published; the Log, or Refused at the first thing wrong."""
    checkpoint = parse_checkpoint(place.read("checkpoint"), "checkpoint")
    check_signatures(checkpoint, keys, witnesses, "checkpoint", say)
    origin, size, root = checkpoint[:3]
    say("检查点 %s：%d 条，签名有效" % (origin, size), "checkpoint of %s: %d entries, its signature holds" % (origin, size))
    leaves = read_level(place, 0, size)
    raw = [e for path, width in tile_paths("entries", size) for e in read_bundle(place, path, width)]
    entries = parse_entries(raw)
    check_leaves(raw, leaves)
    check_levels(place, leaves)
    if tree_root(leaves) != root:
        raise Refused("checkpoint", 2, "根与瓦片不符：重算得 %s" % tree_root(leaves).hex(), "the tiles have another root: %s" % tree_root(leaves).hex())
    check_old_partials(place, size)
    say("由 %d 条记录逐条重算，根一致 %s" % (size, root.hex()), "the root of all %d entries, hashed again, is %s" % (size, root.hex()))
    return Log(checkpoint, entries, draws_of(entries), leaves)


def check_against(log, data, keys, file, say):
    """An older checkpoint: the tree of its size has its root."""
    old = parse_checkpoint(data, file)
    check_signatures(old, keys, [], file, say)
    if old[0] != log.origin or old[1] > log.size or tree_root(log.leaves[:old[1]]) != old[2]:
        raise Refused(file, 0, "旧检查点不是本日志的前段：日志被改写", "is not the beginning of this log: the log was rewritten")
    say("旧检查点（%d 条）仍是本日志的前段" % old[1], "the older checkpoint (%d entries) is the beginning of this log" % old[1])


NAMES = {"draw.seal": "封存", "draw.lock": "锁定", "draw.result": "结果", "draw.void": "作废"}


def tell_draw(log, draw, say):
    """Every attempt of a draw, as logged."""
    if draw not in log.draws:
        raise Refused("log", 0, "日志中没有抽取 %s" % draw, "the log has no draw %s" % draw)
    for attempt in log.draws[draw]:
        for act, e in attempt.acts.items():
            reason = " " + str(e["detail"].get("reason", "")) if act == "draw.void" else ""
            say("第 %d 次 %s：条目 %d，%s，摘要 %s%s" % (attempt.number, NAMES[act], e["index"], utc(e["time"] // 10**6), attempt.digest(act), reason),
                "attempt %d %s: entry %d, %s, digest %s%s" % (attempt.number, act, e["index"], utc(e["time"] // 10**6), attempt.digest(act), reason))
    say("锁定早于信标开奖，只有见证人的签名才能证明；没有见证时是发布机关的声明",
        "that the lock came before the beacon is proved only by a witness; without one it is the office's claim")


def check_attempt(log, draw, number, digests, say):
    """digests: {act: digest of the file in hand}. All logged, at the right place, and no attempt is missing."""
    tell_draw(log, draw, say)
    attempts = log.draws[draw]
    if number > len(attempts):
        raise Refused("log", 0, "日志中没有第 %d 次" % number, "the log has no attempt %d" % number)
    files = {"draw.seal": "draw.txt", "draw.lock": "lock.txt", "draw.result": "result.txt"}
    for act, digest in digests.items():
        logged = attempts[number - 1].digest(act)
        if logged != digest:
            raise Refused(files[act], 0, "摘要 %s 与日志 %s 不符" % (digest, logged), "its digest %s is not the logged %s" % (digest, logged))
        say("%s 与日志条目一致" % files[act], "%s is the file that was logged" % files[act])


def read_option(arguments, name):
    """The bytes of the file named after an option, or None."""
    if name not in arguments:
        return None
    at = arguments.index(name)
    if at + 1 == len(arguments):
        raise Refused(name, 0, "缺少文件名", "a file name is missing")
    with open(arguments[at + 1], "rb") as f:
        return f.read()


def open_log(place, arguments, say):
    """Keys by the options, then the whole check."""
    kept = read_option(arguments, "--vkey")
    if kept is None:
        say("注意：使用日志自己公布的公钥 log.vkey", "note: the keys are those that the log itself publishes")
    keys = parse_vkeys(place.read("log.vkey") if kept is None else kept, "log.vkey")
    log = read_log(place, keys, parse_vkeys(read_option(arguments, "--witness") or b"", "witness"), say)
    old = read_option(arguments, "--against")
    if old is not None:
        check_against(log, old, keys, "--against", say)
    return log


def main(arguments):
    english = "--en" in arguments

    def say(zh, en):
        print(en if english else zh)

    if not arguments or arguments[0].startswith("--"):
        sys.stderr.write(__doc__)
        return 2
    try:
        log = open_log(Place(arguments[0]), arguments, say)
        if "--draw" in arguments:
            tell_draw(log, arguments[arguments.index("--draw") + 1], say)
        say("日志完好", "the log is whole")
        return 0
    except Refused as e:
        sys.stderr.write(("REFUSED " if english else "不符 ") + e.text(english) + "\n")
    except (OSError, IndexError) as e:
        sys.stderr.write("%s\n" % e)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
