"""Build a small log with its own key, for the tests of the log verifier. Signing is not part of the verifier."""
import base64
import hashlib
import json
import os

import log

SECRET = hashlib.sha256(b"a key for tests").digest()
ORIGIN = "log.example/test"


def key_parts(secret):
    h = hashlib.sha512(secret).digest()
    scalar = int.from_bytes(h[:32], "little") & (2**254 - 8) | 2**254
    return scalar, h[32:], log.encode_point(log.point_times(scalar, log.point_from(log.BASE_Y, 0)))


def sign(secret, message):
    """RFC 8032, 5.1.6"""
    scalar, prefix, public = key_parts(secret)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % log.ORDER
    R = log.encode_point(log.point_times(r, log.point_from(log.BASE_Y, 0)))
    k = int.from_bytes(hashlib.sha512(R + public + message).digest(), "little") % log.ORDER
    return R + ((r + k * scalar) % log.ORDER).to_bytes(32, "little")


def vkey(name, kind, public):
    body = kind + public
    return "%s+%s+%s\n" % (name, log.sha256(name.encode() + b"\n" + body)[:4].hex(), base64.b64encode(body).decode())


def signature_line(name, kind, public, signature):
    key_id = log.sha256(name.encode() + b"\n" + kind + public)[:4]
    return "\u2014 %s %s\n" % (name, base64.b64encode(key_id + signature).decode())


def note(size, root, extra=""):
    text = "%s\n%d\n%s\n" % (ORIGIN, size, base64.b64encode(root).decode())
    public = key_parts(SECRET)[2]
    return (text + "\n" + signature_line(ORIGIN, b"\x01", public, sign(SECRET, text.encode())) + extra).encode()


def witness_line(text, time, name="witness.example/w", secret=b"w" * 32):
    signature = time.to_bytes(8, "big") + sign(secret, b"cosignature/v1\ntime %d\n" % time + text)
    return signature_line(name, b"\x04", key_parts(secret)[2], signature)


def entry(number, act="plan.publish", subject="2026/1", detail=None):
    words = "-" if detail is None else json.dumps(detail, separators=(",", ":"), ensure_ascii=False)
    return ("mingqian-log/v1\nid %d\ntime %d\nactor cli:clerk\nact %s\nsubject %s\ndetail %s\n" % (
        number, 1767585600000000 + number, act, subject, words)).encode()


def files_of(entries):
    """{path: bytes} of a whole log; tiles of all levels, entry bundles, checkpoint, key."""
    files, hashes, level = {}, [log.sha256(b"\0" + e) for e in entries], 0
    for number, (path, width) in enumerate(log.tile_paths("entries", len(entries))):
        part = entries[number * 256:number * 256 + width]
        files[path] = b"".join(len(e).to_bytes(2, "big") + e for e in part)
    root = log.tree_root(hashes)
    while hashes:
        for number, (path, width) in enumerate(log.tile_paths(level, len(hashes))):
            files[path] = b"".join(hashes[number * 256:number * 256 + width])
        hashes = [log.tree_root(hashes[i * 256:i * 256 + 256]) for i in range(len(hashes) // 256)]
        level += 1
    files["checkpoint"] = note(len(entries), root)
    files["log.vkey"] = vkey(ORIGIN, b"\x01", key_parts(SECRET)[2]).encode()
    return files


def write(folder, files):
    for path, data in files.items():
        full = os.path.join(folder, *path.split("/"))
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(data)


class Memory(log.Place):
    """A log that is only a dictionary."""

    def __init__(self, files):
        self.files = files

    def read(self, path):
        if path not in self.files:
            raise log.Refused(path, 0, "没有此文件", "is missing")
        return self.files[path]

    def partial_tiles(self):
        return sorted(p for p in self.files if ".p/" in p)
