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
import panel  # noqa: E402
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
        place = self.publish("TV3")
        test_verify.edit(os.path.join(self.folder, "log", "tile", "0", "000.p"), "3", lambda d: d[:40] + bytes([d[40] ^ 1]) + d[41:])
        self.refused(place, "tile/0/000.p/3:40")
        self.assertIn("tile/0/000.p/3: byte 40", self.both(place)[1][1])
        self.fsck_names(b"tile/0/000.p/3:40")

    def test_another_team_than_the_one_matched(self):
        place = self.publish("staff2")
        test_verify.edit(place, "owners.txt", lambda d: d.replace(b"\ngroup ", b"\ngroup  ", 1))
        self.refused(place, "owners.txt")

    def test_registers_frozen_after_the_lock(self):
        self.refused(self.publish("staff2", log_entries=lambda e: [e[0], e[2], e[1]] + e[3:]), "staff.txt")

    def panel(self, **how):
        """A draw with experts, made by the independent implementation."""
        place = self.publish("TV3", **how)
        files = draw.read_files(place, draw.INPUTS + ("result.txt",))
        done = draw.recompute(files)
        experts = ["mingqian-experts/v1", "draw-digest " + draw.sha256(files["draw.txt"]).hex(), "places 2"]
        experts += ["expert ZJ-%03d" % i for i in range(9)]
        drawn = panel.targets_of(files["result.txt"])
        experts += ["avoid %s ZJ-%03d" % pair for pair in sorted((who, i) for who in drawn[:3] for i in (1, 4, 5))]
        files["experts.txt"] = ("\n".join(experts) + "\n").encode()
        files["panel.txt"] = panel.recompute(files, done["draw"], done["seed"])
        for name in ("experts.txt", "panel.txt"):
            with open(os.path.join(place, name), "wb") as f:
                f.write(files[name])
        return place, files

    def panel_log(self, files, order=("draw.seal", "panel.freeze", "draw.lock", "draw.result", "panel.draw")):
        """The log of such a draw, its acts in this order."""
        d = draw.parse_draw(files["draw.txt"])
        digest = {act: draw.sha256(files[name]).hex() for act, name in (("draw.seal", "draw.txt"), ("draw.lock", "lock.txt"),
                  ("draw.result", "result.txt"), ("panel.freeze", "experts.txt"), ("panel.draw", "panel.txt"))}
        entries = [logs.entry(100 + k, act, "%s/%d" % (d["draw"], d["attempt"]),
                              {"digest": digest[act], **({"root": d["root"]} if act == "draw.seal" else {})}) for k, act in enumerate(order)]
        shutil.rmtree(os.path.join(self.folder, "log"))
        logs.write(os.path.join(self.folder, "log"), logs.files_of(entries))

    def test_honest_experts(self):
        place, files = self.panel()
        self.panel_log(files)
        (status, said), (other, also) = self.both(place)
        self.assertEqual((status, other), (0, 0), said + also)
        self.assertIn("[ok] the recomputed experts equal panel.txt", said)

    def test_another_expert_than_the_one_drawn(self):
        place, files = self.panel()
        self.panel_log(files)
        test_verify.edit(place, "panel.txt", lambda d: d.replace(b"ZJ-", b"ZX-", 1))
        self.refused(place, "panel.txt:4")

    def test_experts_frozen_after_the_lock(self):
        place, files = self.panel()
        self.panel_log(files, ("draw.seal", "draw.lock", "panel.freeze", "draw.result", "panel.draw"))
        self.refused(place, "experts.txt")

    def test_a_conflict_taken_out_of_the_list(self):
        place, files = self.panel()
        self.panel_log(files)
        test_verify.edit(place, "experts.txt", lambda d: d[:d.rindex(b"avoid ")])
        self.refused(place, "panel.txt")

    def sealed(self):
        """A draw whose roster is not published; the rows of the selected are, each with its proof."""
        place = self.publish("TV1")
        files = draw.read_files(place, draw.INPUTS + ("result.txt",))
        H = draw.hash_of(draw.parse_draw(files["draw.txt"])["suite"])
        rows = files["roster.tsv"].split(b"\n")[:-1]
        drawn = set(panel.targets_of(files["result.txt"]))
        lines = []
        for number, row in enumerate(rows):
            if row.split(b"\t")[0].decode() in drawn:
                path = draw.inclusion_path(rows, number, H)
                lines.append(b"%d\t%s\t%s\n" % (number, row, ",".join(path).encode() or b"-"))
        os.remove(os.path.join(place, "roster.tsv"))
        with open(os.path.join(place, "opened.tsv"), "wb") as f:
            f.writelines(lines)
        return place

    def test_an_honest_sealed_roster(self):
        (status, said), (other, also) = self.both(self.sealed())
        self.assertEqual((status, other), (0, 0), said + also)
        self.assertIn("[ok] the rows of the selected are opened", said)

    def test_opened_rows_that_were_changed(self):
        changes = (lambda d: d.replace(b"\t1\t", b"\t2\t", 1), lambda d: d[d.index(b"\n") + 1:],
                   lambda d: d[:70] + (b"0" if d[70:71] != b"0" else b"1") + d[71:], lambda d: d[:-1], lambda d: d + d[:d.index(b"\n") + 1])
        for change in changes:
            place = self.sealed()
            test_verify.edit(place, "opened.tsv", change)
            (status, said), (other, also) = self.both(place)
            self.assertEqual((status, other), (1, 1), said + also)
            for name in os.listdir(self.folder):
                shutil.rmtree(os.path.join(self.folder, name))

    def test_a_tampered_checkpoint(self):
        place = self.publish("TV3")
        test_verify.edit(os.path.join(self.folder, "log"), "checkpoint", lambda d: d.replace(b"\n3\n", b"\n2\n", 1))
        self.refused(place, "checkpoint")


if __name__ == "__main__":
    unittest.main()
