"""A published draw as an outsider sees it, from a directory and over http, and planted manipulations, each named."""
import functools
import http.server
import io
import os
import shutil
import tempfile
import threading
import unittest
from contextlib import redirect_stderr, redirect_stdout

from paths import folders, load

import draw
import log
import logs
import verify


def publish(folder, vector, extra=(), log_entries=None):
    """A site with one draw and its log under `folder`; the directory of the attempt."""
    files = load(vector)
    d = draw.parse_draw(files["draw.txt"])
    H = draw.hash_of(d["suite"])
    subject = "%s/%d" % (d["draw"], d["attempt"])
    acts = [("draw.seal", {"digest": H(files["draw.txt"]).hex(), "root": d["root"]}), ("draw.lock", {"digest": H(files["lock.txt"]).hex()}),
            ("draw.result", {"digest": H(files["result.txt"]).hex()})]
    if "owners.txt" in files:
        acts.insert(1, ("assignment.freeze", {"digest": draw.sha256(files["staff.txt"]).hex()}))
        acts.append(("assignment.assign", {"digest": draw.sha256(files["owners.txt"]).hex()}))
    entries = [logs.entry(k, act, subject, detail) for k, (act, detail) in enumerate(acts, 100)]
    logs.write(os.path.join(folder, "log"), logs.files_of((log_entries or (lambda e: e))(list(extra) + entries)))
    place = os.path.join(folder, "draws", d["draw"].replace("/", "-"), str(d["attempt"]))
    os.makedirs(place)
    for name, data in files.items():
        with open(os.path.join(place, name), "wb") as f:
            f.write(data)
    return place


def edit(place, name, change):
    path = os.path.join(place, name)
    with open(path, "rb") as f:
        data = f.read()
    changed = change(data)
    assert changed != data
    with open(path, "wb") as f:
        f.write(changed)


def run(*arguments):
    """(exit status, everything that was said)"""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        status = verify.main([*arguments, "--en"])
    return status, said.getvalue()


class Site(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def publish(self, prefix="TV3", kind="draw", **how):
        return publish(self.folder, folders(kind, prefix)[0], **how)

    def refused(self, place, words, *arguments):
        status, said = run(place, *arguments)
        self.assertEqual(status, 1, said)
        self.assertIn(words, said)

    def test_an_honest_draw_passes(self):
        for kind, prefix in (("draw", "TV1"), ("draw", "TV2"), ("match", "staff2")):
            with tempfile.TemporaryDirectory() as folder:
                status, said = run(publish(folder, folders(kind, prefix)[0]), "--require-log")
                self.assertEqual(status, 0, said)
                self.assertIn("everything agrees", said)
                self.assertEqual("owners.txt is the same byte for byte" in said, kind == "match")

    def test_the_five_files_alone_pass_but_it_says_that_no_log_was_seen(self):
        place = folders("draw", "TV1")[0]
        self.assertEqual(run(place)[0], 0)
        self.assertIn("no log was seen", run(place)[1])
        self.assertEqual(run(place, "--require-log")[0], 1)

    def test_a_row_edited_after_the_seal(self):
        place = self.publish()
        edit(place, "roster.tsv", lambda d: d.replace(b"\t40\t", b"\t41\t", 1))
        self.refused(place, "roster.tsv: 21 rows with root")

    def test_a_row_edited_and_everything_resealed(self):
        place = self.publish()
        edit(place, "roster.tsv", lambda d: d.replace(b"\t40\t", b"\t41\t", 1))
        with open(os.path.join(place, "roster.tsv"), "rb") as f:
            root = draw.tree_root(f.read().split(b"\n")[:-1], draw.sha256).hex().encode()
        edit(place, "draw.txt", lambda d: d.replace(d.split(b"roster 21 ")[1][:64], root))
        with open(os.path.join(place, "draw.txt"), "rb") as f:
            digest = draw.sha256(f.read()).hex().encode()
        edit(place, "lock.txt", lambda d: d.replace(d.split(b"draw-digest ")[1][:64], digest))
        with open(os.path.join(place, "result.txt"), "wb") as f:
            f.write(draw.recompute(draw.read_files(place, draw.INPUTS))["result"])
        self.refused(place, "draw.txt: its digest")

    def test_a_lock_written_again(self):
        place = self.publish()
        edit(place, "lock.txt", lambda d: d.replace(b"wjw absent", b"wjw present"))
        self.refused(place, "reveal.json")

    def test_a_lock_after_the_result(self):
        place = self.publish(log_entries=lambda e: [e[0], e[2], e[1]])
        self.refused(place, "a result before the lock")

    def test_a_swapped_commitment(self):
        place = self.publish()
        edit(place, "draw.txt", lambda d: d.replace(b"6e935b", b"6e935c", 1))
        self.refused(place, "lock.txt:2: is not the digest of draw.txt")

    def test_a_dropped_attempt(self):
        first = [logs.entry(1, "draw.seal", "411525/2026/0004/1", {"digest": "b" * 64}),
                 logs.entry(2, "draw.void", "411525/2026/0004/1", {"digest": "b" * 64, "reason": "r"})]
        place = self.publish("TV4")
        self.refused(place, "attempt 1 expected: one is missing")
        shutil.rmtree(self.folder)
        self.refused(self.publish("TV4", extra=first), "prev is not the digest that the log voided")

    def test_a_second_attempt_whose_first_is_voided_in_the_log(self):
        prev = draw.parse_draw(load(folders("draw", "TV4")[0])["draw.txt"])["prev"]
        first = [logs.entry(1, "draw.seal", "411525/2026/0004/1", {"digest": prev}),
                 logs.entry(2, "draw.void", "411525/2026/0004/1", {"digest": prev, "reason": "r"})]
        status, said = run(self.publish("TV4", extra=first))
        self.assertEqual(status, 0, said)
        self.assertIn("attempt 1 draw.void: entry 1", said)

    def test_a_hidden_redraw(self):
        d = draw.parse_draw(load(folders("draw", "TV3")[0])["draw.txt"])
        place = self.publish(extra=[logs.entry(1, "draw.seal", d["draw"] + "/1", {"digest": "c" * 64})])
        self.refused(place, "attempt 2 expected")

    def test_a_tampered_tile(self):
        place = self.publish()
        edit(os.path.join(self.folder, "log", "tile", "0", "000.p"), "3", lambda d: d[:40] + bytes([d[40] ^ 1]) + d[41:])
        self.refused(place, "tile/0/000.p/3: byte 40")

    def test_a_rewritten_log_does_not_hold_an_old_checkpoint(self):
        place = self.publish()
        kept = os.path.join(self.folder, "kept")
        with open(kept, "wb") as f:
            f.write(logs.files_of([logs.entry(7)])["checkpoint"])
        self.refused(place, "the log was rewritten", "--against", kept)

    def test_inspectors_exchanged(self):
        place = self.publish("staff2", "match")
        edit(place, "owners.txt", lambda d: d.replace(b"ZF-411525-0040,", b"ZF-411525-0041,", 1))
        self.refused(place, "owners.txt:7: published")

    def test_registers_frozen_after_the_lock(self):
        place = self.publish("staff2", "match", log_entries=lambda e: [e[0], e[2], e[1], e[3], e[4]])
        self.refused(place, "frozen after the lock")

    def test_registers_or_teams_that_were_never_logged(self):
        for kept, name in ((lambda e: e[:1] + e[2:], "staff.txt"), (lambda e: e[:4], "owners.txt")):
            self.refused(self.publish("staff2", "match", log_entries=kept), name + ": no entry of the log")
            for folder in os.listdir(self.folder):
                shutil.rmtree(os.path.join(self.folder, folder))

    def test_an_inspector_added_to_the_frozen_register(self):
        place = self.publish("staff2", "match")
        edit(place, "staff.tsv", lambda d: d + d.splitlines(keepends=True)[-1].replace(b"ZF-", b"ZG-"))
        self.refused(place, "staff.txt:3: staff.tsv has 61 lines")

    def test_a_sealed_roster_is_checked_as_far_as_it_goes(self):
        place = self.publish("TV8")
        os.unlink(os.path.join(place, "roster.tsv"))
        status, said = run(place)
        self.assertEqual(status, 0, said)
        self.assertIn("the roster is sealed", said)
        edit(place, "reveal.json", lambda d: d[:30] + (b"0" if d[30:31] != b"0" else b"1") + d[31:])
        self.assertEqual(run(place)[0], 1)

    def test_over_http_it_is_the_same(self):
        place = self.publish("staff2", "match")

        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *arguments):
                """Say nothing."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=self.folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        address = "http://127.0.0.1:%d/%s" % (server.server_address[1], os.path.relpath(place, self.folder))
        status, said = run(address, "--require-log")
        self.assertEqual((status, said), run(place, "--require-log"))
        self.assertEqual(status, 0, said)
        edit(place, "result.txt", lambda d: d.replace(b"target ", b"Target ", 1))
        self.refused(address, "result.txt:")


if __name__ == "__main__":
    unittest.main()
