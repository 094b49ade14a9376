"""The independent log verifier: signatures, tiles, entries, the order of draws, and that no altered byte passes."""
import base64
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

from paths import SOURCE, silent

import log
import logs
from draw import Refused

DRAW = "411500/2026/0017"


def digest(letter):
    return letter * 64


def act(number, verb, attempt, letter, **more):
    return logs.entry(number, "draw." + verb, "%s/%d" % (DRAW, attempt), dict({"digest": digest(letter)}, **more))


def whole_draw(first=1):
    """A voided first attempt and a finished second one."""
    acts = [("seal", 1, "a"), ("lock", 1, "b"), ("void", 1, "a"), ("seal", 2, "c"), ("lock", 2, "d"), ("result", 2, "e")]
    return [act(first + k, *a, **({"reason": "作废"} if a[0] == "void" else {})) for k, a in enumerate(acts)]


def plain(count, first=1000):
    return [logs.entry(first + k, detail={"name": "明签 %d" % k, "n": k}) for k in range(count)]


def check(files, said=None, witnesses=()):
    place = logs.Memory(files)
    keys = log.parse_vkeys(place.read("log.vkey"), "log.vkey")
    return log.read_log(place, keys, list(witnesses), said or silent)


class Signatures(unittest.TestCase):
    """RFC 8032, 7.1, tests 1 to 3."""
    CASES = (("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
              "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
             ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
             ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
              "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"))

    def test_ed25519_accepts_the_vectors_of_the_rfc(self):
        for key, message, signature in self.CASES:
            self.assertTrue(log.ed25519_verify(*map(bytes.fromhex, (key, message, signature))))

    def test_ed25519_refuses_any_altered_bit(self):
        key, message, signature = map(bytes.fromhex, self.CASES[1])
        for bit in range(0, 512, 3):
            spoilt = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")
            self.assertFalse(log.ed25519_verify(key, message, spoilt))
        self.assertFalse(log.ed25519_verify(key, b"s", signature))

    def test_ed25519_refuses_a_scalar_above_the_order(self):
        key, message, signature = map(bytes.fromhex, self.CASES[1])
        larger = int.from_bytes(signature[32:], "little") + log.ORDER
        self.assertFalse(log.ed25519_verify(key, message, signature[:32] + larger.to_bytes(32, "little")))

    def test_ed25519_refuses_wrong_lengths_and_no_points(self):
        key, message, signature = map(bytes.fromhex, self.CASES[1])
        self.assertFalse(log.ed25519_verify(key, message, signature[:-1]))
        self.assertFalse(log.ed25519_verify(b"\xff" * 32, message, signature))

    @unittest.skipUnless(shutil.which("openssl"), "no openssl to compare with")
    def test_sm2_agrees_with_openssl(self):
        with tempfile.TemporaryDirectory() as folder:
            def openssl(*arguments):
                subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            openssl("genpkey", "-algorithm", "SM2", "-out", "k.pem")
            openssl("pkey", "-in", "k.pem", "-pubout", "-outform", "DER", "-out", "p.der")
            message = b"a note\n"
            with open(os.path.join(folder, "m"), "wb") as f:
                f.write(message)
            openssl("pkeyutl", "-sign", "-inkey", "k.pem", "-in", "m", "-rawin", "-digest", "sm3",
                    "-pkeyopt", "distid:1234567812345678", "-out", "s.der")
            with open(os.path.join(folder, "p.der"), "rb") as f:
                public = f.read()[-65:]
            with open(os.path.join(folder, "s.der"), "rb") as f:
                signature = self.plain(f.read())
        self.assertTrue(log.sm2_verify(public, message, signature))
        self.assertFalse(log.sm2_verify(public, message + b"x", signature))
        self.assertFalse(log.sm2_verify(public, message, signature[:63] + bytes([signature[63] ^ 1])))

    def plain(self, der):
        """r and s from a DER sequence of two integers."""
        r_end = 4 + der[3]
        return b"".join(int.from_bytes(x, "big").to_bytes(32, "big") for x in (der[4:r_end], der[r_end + 2:]))


class Whole(unittest.TestCase):
    def test_logs_of_many_sizes_are_whole(self):
        for size in (0, 1, 2, 3, 255, 256, 257, 600):
            self.assertEqual(check(logs.files_of(plain(size))).size, size)

    def test_a_log_with_three_levels_is_whole_and_its_upper_tiles_are_checked(self):
        files = logs.files_of([logs.entry(k + 1) for k in range(65536 + 300)])
        self.assertEqual(sorted(p for p in files if p.startswith(("tile/1", "tile/2"))), ["tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"])
        self.assertIn("tile/0/256", files)
        check(files)
        for path in ("tile/1/000", "tile/2/000.p/1"):
            with self.assertRaisesRegex(Refused, path + ": byte 5"):
                check(dict(files, **{path: files[path][:5] + bytes([files[path][5] ^ 1]) + files[path][6:]}))

    def test_numbers_of_tiles(self):
        self.assertEqual([log.tile_number(n) for n in (0, 7, 999, 1000, 1234067)], ["000", "007", "999", "x001/000", "x001/x234/067"])

    def test_any_altered_byte_is_noticed(self):
        rng, files = random.Random(3), logs.files_of(whole_draw() + plain(300))
        for path in files:
            for at in rng.sample(range(len(files[path])), min(40, len(files[path]))):
                spoilt = bytearray(files[path])
                spoilt[at] ^= 1 << rng.randrange(8)
                with self.assertRaises(Refused, msg="%s byte %d" % (path, at)):
                    check(dict(files, **{path: bytes(spoilt)}))

    def test_a_tampered_tile_is_named_with_its_byte(self):
        files = logs.files_of(plain(300))
        files["tile/0/000"] = files["tile/0/000"][:70] + b"?" + files["tile/0/000"][71:]
        with self.assertRaisesRegex(Refused, r"tile/0/000: byte 70: not the hash of entry 2 \(tile/entries/000, byte \d+\)"):
            check(files)

    def test_a_tampered_entry_is_named(self):
        files = logs.files_of(plain(3))
        files["tile/entries/000.p/3"] = files["tile/entries/000.p/3"].replace(b"cli:clerk", b"cli:clark", 1)
        with self.assertRaisesRegex(Refused, r"entry 0 \(tile/entries/000.p/3, byte 0\)"):
            check(files)

    def test_missing_short_and_long_files_are_named(self):
        files = logs.files_of(plain(300))
        for path in files:
            less = {p: d for p, d in files.items() if p != path}
            with self.assertRaises(Refused) as caught:
                check(less)
            self.assertEqual(caught.exception.file, path)
            for data in (files[path][:-1], files[path] + b"\0"):
                with self.assertRaises(Refused, msg=path):
                    check(dict(files, **{path: data}))

    def test_a_partial_tile_of_an_earlier_size_must_be_a_beginning(self):
        files = logs.files_of(plain(300))
        old = files["tile/0/000"][:32 * 10]
        check(dict(files, **{"tile/0/000.p/10": old}))
        with self.assertRaisesRegex(Refused, "tile/0/000.p/10: byte 9"):
            check(dict(files, **{"tile/0/000.p/10": old[:9] + b"\0" + old[10:]}))

    def test_a_log_signed_by_another_key_is_refused(self):
        files = logs.files_of(plain(2))
        public = logs.key_parts(b"x" * 32)[2]
        with self.assertRaisesRegex(Refused, "no Ed25519 signature"):
            check(dict(files, **{"log.vkey": logs.vkey(logs.ORIGIN, b"\x01", public).encode()}))

    def test_unknown_signatures_are_ignored_and_false_known_ones_refused(self):
        entries = plain(2)
        files, root = logs.files_of(entries), log.tree_root([log.sha256(b"\0" + e) for e in entries])
        text = logs.note(2, root).split(b"\n\n")[0] + b"\n"
        witness = log.parse_vkeys(logs.vkey("witness.example/w", b"\x04", logs.key_parts(b"w" * 32)[2]).encode(), "w")
        said = []
        good = dict(files, checkpoint=logs.note(2, root, logs.witness_line(text, 1767585700)))
        check(good)
        check(good, lambda zh, en: said.append(en), witness)
        self.assertIn("witness witness.example/w saw this checkpoint at 2026-01-05 04:01:40 UTC", said)
        with self.assertRaisesRegex(Refused, "witness.example/w does not verify"):
            check(dict(files, checkpoint=logs.note(2, root, logs.witness_line(text + b"x", 1767585700))), None, witness)

    def test_an_older_checkpoint_must_be_the_beginning(self):
        entries = plain(300)
        whole, keys = check(logs.files_of(entries)), log.parse_vkeys(logs.files_of([])["log.vkey"], "k")
        for size in (0, 1, 200, 256, 299, 300):
            log.check_against(whole, logs.files_of(entries[:size])["checkpoint"], keys, "old", silent)
        for other in (entries[1:200], entries[:10] + plain(5, 5000), entries + plain(1, 9000)):
            with self.assertRaises(Refused):
                log.check_against(whole, logs.files_of(other)["checkpoint"], keys, "old", silent)


class Notes(unittest.TestCase):
    def refused(self, data):
        with self.assertRaises(Refused, msg=data):
            log.parse_checkpoint(data, "checkpoint")

    def test_broken_notes(self):
        good = logs.note(5, bytes(32))
        log.parse_checkpoint(good, "checkpoint")
        root = base64.b64encode(bytes(32))
        for old, new in ((b"\n5\n", b"\n05\n"), (b"\n5\n", b"\n-5\n"), (b"\n5\n", b"\n5\nmore\n"), (root, root[:-1]), (root, base64.b64encode(bytes(31))),
                         (root, root[:-2] + b"B="), (b"\n\n", b"\n"), ("\u2014".encode(), b"-"), (b"log.example", b"log example")):
            self.refused(good.replace(old, new, 1))
        self.refused(good[:-1])
        self.refused(good + b"\n")
        self.refused(b"")

    def test_broken_vkeys(self):
        good = logs.files_of([])["log.vkey"]
        for data in (good.replace(b"+", b" ", 1), good.replace(b"example", b"exomple"), good[:-3] + b"\n"):
            with self.assertRaises(Refused):
                log.parse_vkeys(data, "log.vkey")


class Entries(unittest.TestCase):
    def test_broken_entries(self):
        good = logs.entry(1, detail={"a": "b c", "n": [1, -2, {"x": None}]})
        log.parse_entry(good)
        for old, new in ((b"log/v1", b"log/v2"), (b"id 1", b"id 0"), (b"id 1", b"id 01"), (b"id 1", b"id 9223372036854775808"), (b"time 1", b"time -1"),
                         (b"cli:clerk", b""), (b"cli:clerk", b"c" * 129), (b"cli:clerk", b"a\tb"), (b"cli:clerk", b"\xff"), (b"cli:clerk", "\u0085".encode()),
                         (b"plan.publish", b"plan"), (b"plan.publish", b"Plan.publish"), (b"plan.publish", b"a." + b"b" * 63), (b"2026/1", b"x" * 513),
                         (b'{"a"', b'[{"a"'), (b"detail ", b"detail"), (b"}\n", b"}\n\n"), (b"}\n", b"}"), (b"}]}", b"}]")):
            with self.subTest(new), self.assertRaises(ValueError):
                log.parse_entry(good.replace(old, new, 1))

    def test_an_id_twice_is_refused(self):
        with self.assertRaisesRegex(Refused, "repeats an id"):
            check(logs.files_of([logs.entry(1), logs.entry(2), logs.entry(1)]))


class Draws(unittest.TestCase):
    def refused(self, entries, reason):
        with self.assertRaisesRegex(Refused, reason):
            check(logs.files_of(entries))

    def test_a_voided_and_a_second_attempt(self):
        whole = check(logs.files_of(whole_draw()))
        self.assertEqual([sorted(a.acts) for a in whole.draws[DRAW]], [["draw.lock", "draw.seal", "draw.void"], ["draw.lock", "draw.result", "draw.seal"]])
        log.check_attempt(whole, DRAW, 2, {"draw.seal": digest("c"), "draw.lock": digest("d"), "draw.result": digest("e")}, silent)
        with self.assertRaisesRegex(Refused, "^lock.txt"):
            log.check_attempt(whole, DRAW, 2, {"draw.seal": digest("c"), "draw.lock": digest("b")}, silent)
        with self.assertRaisesRegex(Refused, "no attempt 3"):
            log.check_attempt(whole, DRAW, 3, {}, silent)
        with self.assertRaisesRegex(Refused, "no draw"):
            log.check_attempt(whole, "411500/2026/0018", 1, {}, silent)

    def test_a_dropped_attempt_is_missed(self):
        self.refused(whole_draw()[3:], "attempt 1 expected")

    def test_a_hidden_redraw_is_seen(self):
        self.refused(whole_draw()[:2] + [act(9, "seal", 1, "f")], "attempt 2 expected")
        self.refused(whole_draw()[:2] + [act(9, "seal", 2, "f")], "not void")

    def test_a_late_lock_is_seen(self):
        self.refused([act(1, "seal", 1, "a"), act(2, "result", 1, "c"), act(3, "lock", 1, "b")], "result before the lock")
        self.refused([act(1, "lock", 1, "b"), act(2, "seal", 1, "a")], "never sealed")
        self.refused(whole_draw()[:3] + [act(9, "lock", 1, "b")], "after the void")

    def test_nothing_happens_twice(self):
        self.refused(whole_draw()[:2] + [act(9, "lock", 1, "f")], "there twice")
        self.refused(whole_draw() + [act(9, "result", 2, "f")], "there twice")

    def test_a_void_names_what_was_sealed(self):
        entries = whole_draw()
        entries[2] = act(3, "void", 1, "f")
        self.refused(entries, "does not void the digest")

    def test_subjects_and_digests_are_checked(self):
        self.refused([logs.entry(1, "draw.seal", DRAW, {"digest": digest("a")})], "DRAW/ATTEMPT")
        self.refused([logs.entry(1, "draw.seal", DRAW + "/1", {"digest": "abc"})], "DRAW/ATTEMPT")
        self.refused([logs.entry(1, "draw.seal", DRAW + "/1")], "DRAW/ATTEMPT")
        self.refused([act(1, "seal", 1, "a").replace(b"}", b',"digest":"%s"}' % (b"b" * 64))], "DRAW/ATTEMPT")


class Command(unittest.TestCase):
    def test_a_directory_is_checked(self):
        with tempfile.TemporaryDirectory() as folder:
            logs.write(folder, logs.files_of(whole_draw()))
            script = os.path.join(SOURCE, "tools", "verify", "log.py")
            done = subprocess.run([sys.executable, script, folder, "--draw", DRAW, "--en"], stdout=subprocess.PIPE)
            self.assertEqual(done.returncode, 0)
            self.assertIn(b"attempt 1 draw.void: entry 2", done.stdout)
            os.unlink(os.path.join(folder, "tile", "0", "000.p", "6"))
            done = subprocess.run([sys.executable, script, folder, "--en"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"tile/0/000.p/6", done.stderr)


if __name__ == "__main__":
    unittest.main()
