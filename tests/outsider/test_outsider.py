"""An outsider with nothing but an address: `mingqian draw verify URL` and tools/verify/verify.py, side by side.

A static site with one draw and its log (made by the independent implementation) is served from a fresh directory; each planted manipulation
must be refused by both, and the program must name the file.
"""
import functools
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(SOURCE, "tests", "verify_py"))

from paths import folders, load  # noqa: E402
import draw  # noqa: E402
import logs  # noqa: E402
import test_verify  # noqa: E402

PROGRAM = os.path.join(os.environ.get("MQ_BUILD_DIR") or os.path.join(SOURCE, "build"), "mingqian")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Say nothing."""


class Outsider(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=self.folder))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def publish(self, prefix, **how):
        kind = "match" if prefix.startswith("staff") else "draw"
        return test_verify.publish(self.folder, folders(kind, prefix)[0], **how)

    def both(self, place):
        """(status, words) of the program and of the independent verifier."""
        address = "http://127.0.0.1:%d/%s" % (self.server.server_address[1], os.path.relpath(place, self.folder))
        done = subprocess.run([PROGRAM, "draw", "verify", address, "--require-log", "--lang", "en"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return (done.returncode, done.stdout.decode("utf-8", "replace")), test_verify.run(address, "--require-log")

    def refused(self, place, name):
        (status, said), (other, also) = self.both(place)
        self.assertEqual((status, other), (1, 1), said + also)
        self.assertIn(name, said)

    def fsck_names(self, words):
        done = subprocess.run([PROGRAM, "log", "fsck", os.path.join(self.folder, "log")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 1)
        self.assertIn(words, done.stdout)

    def test_honest_draws_pass(self):
        for prefix in ("TV1", "TV2", "TV3", "TV5", "TV6", "TV8", "staff2"):
            with self.subTest(prefix):
                (status, said), (other, also) = self.both(self.publish(prefix))
                self.assertEqual((status, other), (0, 0), said + also)
                for name in os.listdir(self.folder):
                    shutil.rmtree(os.path.join(self.folder, name))

    def test_a_row_edited_after_the_seal(self):
        place = self.publish("TV3")
        test_verify.edit(place, "roster.tsv", lambda d: d.replace(b"\t40\t", b"\t41\t", 1))
        self.refused(place, "roster.tsv")

    def test_everything_resealed_after_an_edit(self):
        place = self.publish("TV3")
        test_verify.edit(place, "draw.txt", lambda d: d.replace(b"batches 1\n", b"batches 2\n"))
        with open(os.path.join(place, "draw.txt"), "rb") as f:
            digest = draw.sha256(f.read()).hex().encode()
        test_verify.edit(place, "lock.txt", lambda d: d.replace(d.split(b"draw-digest ")[1][:64], digest))
        with open(os.path.join(place, "result.txt"), "wb") as f:
            f.write(draw.recompute(draw.read_files(place, draw.INPUTS))["result"])
        self.refused(place, "draw.txt")

    def test_a_dropped_attempt(self):
        self.refused(self.publish("TV4"), "")

    def test_a_hidden_redraw(self):
        number = draw.parse_draw(load(folders("draw", "TV3")[0])["draw.txt"])["draw"]
        self.refused(self.publish("TV3", extra=[logs.entry(1, "draw.seal", number + "/1", {"digest": "c" * 64, "root": "d" * 64})]), "")

    def test_a_late_lock(self):
        self.refused(self.publish("TV3", log_entries=lambda e: [e[0], e[2], e[1]]), "")

    def test_a_swapped_commitment(self):
        place = self.publish("TV3")
        test_verify.edit(place, "draw.txt", lambda d: d.replace(b"6e935b", b"6e935c", 1))
        self.refused(place, "lock.txt")

    def test_a_swapped_result_row(self):
        place = self.publish("TV1")
        test_verify.edit(place, "result.txt", lambda d: d.replace(b" 1 1\ntarget", b" 1 2\ntarget", 1))
        self.refused(place, "result.txt")

    def test_a_tampered_entry(self):
        place = self.publish("TV3")
        test_verify.edit(os.path.join(self.folder, "log", "tile", "entries", "000.p"), "3", lambda d: d.replace(b"cli:clerk", b"cli:clark", 1))
        self.refused(place, "the entries are not those of the checkpoint")
        self.fsck_names(b"tile/entries/000.p/3:0")

    def test_a_tampered_tile(self):
        """`draw verify` hashes the entries themselves and needs no tile; the check of the whole log names it."""
        place = self.publish("TV3")
        test_verify.edit(os.path.join(self.folder, "log", "tile", "0", "000.p"), "3", lambda d: d[:40] + bytes([d[40] ^ 1]) + d[41:])
        self.assertIn("tile/0/000.p/3: byte 40", self.both(place)[1][1])
        self.fsck_names(b"tile/0/000.p/3:40")

    def test_a_tampered_checkpoint(self):
        place = self.publish("TV3")
        test_verify.edit(os.path.join(self.folder, "log"), "checkpoint", lambda d: d.replace(b"\n3\n", b"\n2\n", 1))
        self.refused(place, "checkpoint")


if __name__ == "__main__":
    unittest.main()
