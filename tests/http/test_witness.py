#!/usr/bin/env python3
"""A witness on another machine follows the log, cosigns what continues, and refuses what does not."""
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402


class Witness:
    """The process of a witness with a directory of its own."""

    def __init__(self, directory, vkey, name=None):
        command = [world.PROGRAM, "witness", directory, "--log", vkey, "--listen", "127.0.0.1:0", "--json"]
        self.process = subprocess.Popen(command + (["--name", name] if name else []), stdout=subprocess.PIPE)
        said = json.loads(self.process.stdout.readline())
        self.vkey, self.url = said["vkey"], f"http://127.0.0.1:{said['port']}"

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=20)
        self.process.stdout.close()
        return status


class WitnessTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.home = pathlib.Path(self.folder.name)
        self.office = world.Office(self.home / "city", scale=300)
        self.vkey = self.office.directory / "log" / "log.vkey"
        self.witness = Witness(self.home / "witness", self.vkey, "witness.test/one")

    def tearDown(self):
        self.assertEqual(self.witness.stop(), 0)
        self.folder.cleanup()

    def ask(self):
        return subprocess.run([world.PROGRAM, "log", "ask", f"{self.witness.vkey} {self.witness.url}", "--dir", self.office.directory, "--json"],
                              capture_output=True, text=True, env=self.office.environment())

    def checkpoint(self):
        return (self.office.directory / "log" / "checkpoint").read_text(encoding="utf-8")

    def post(self, body):
        try:
            with urllib.request.urlopen(self.witness.url + "/add-checkpoint", body) as reply:
                return reply.status, reply.read().decode(), reply.headers["Content-Type"]
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode(), refused.headers["Content-Type"]

    def size(self):
        return int(self.checkpoint().split("\n")[1])

    def test_a_checkpoint_is_cosigned_once_and_the_witness_remembers_it(self):
        self.assertEqual(json.loads(self.ask().stdout), {"added": 1})
        self.assertIn("— witness.test/one ", self.checkpoint())
        self.assertEqual(json.loads(self.ask().stdout), {"added": 0})
        self.assertEqual(self.witness.stop(), 0)
        self.witness = Witness(self.home / "witness", self.vkey)
        status, text, kind = self.post(b"old 0\n\n" + self.checkpoint().encode())
        self.assertEqual((status, text, kind), (409, f"{self.size()}\n", "text/x.tlog.size"))

    def test_an_outsider_may_ask_for_witnesses(self):
        draw = next(p for p in sorted((self.office.directory / "draws").iterdir()) if (p / "1" / "result.txt").exists() and (p / "1" / "roster.tsv").exists()) / "1"
        verify = lambda *more: subprocess.run([world.PROGRAM, "draw", "verify", draw, "--require-log", "--witness", self.witness.vkey, *more],  # noqa: E731
                                              capture_output=True, text=True, env=self.office.environment())
        self.assertEqual(verify().returncode, 1)
        self.assertIn("ERR_MISSING", verify().stdout)
        self.assertEqual(verify("--witnesses", "0").returncode, 0)
        self.ask()
        self.assertEqual(verify().returncode, 0, verify().stdout)

    def test_a_log_that_grows_is_followed_with_its_proof(self):
        self.ask()
        before = self.size()
        self.office.run("task", "approve", self.draft())
        self.assertGreater(self.size(), before)
        self.assertNotIn("witness.test/one", self.checkpoint())
        self.assertEqual(json.loads(self.ask().stdout), {"added": 1})

    def draft(self):
        path = self.home / "task.json"
        path.write_text(json.dumps({"plan": "41150020260001", "line": 4}), encoding="utf-8")
        return re.search(r"4115002026\d{8}", self.office.run("task", "create", path))[0]

    def test_a_log_with_another_past_is_refused(self):
        self.ask()
        state = self.home / "witness" / "state"
        self.assertEqual(self.witness.stop(), 0)
        size = state.read_text().split()[0]
        state.write_text(f"{size} {'5a' * 32}\n")
        self.witness = Witness(self.home / "witness", self.vkey)
        self.office.run("task", "approve", self.draft())
        done = self.ask()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("422", done.stderr + done.stdout)
        self.assertNotIn("witness.test/one", self.checkpoint())

    def test_noise_and_other_logs_get_no_signature(self):
        note = self.checkpoint().encode()
        first, rest = note.split(b"\n", 1)
        for body, status in ((b"", 400), (b"old 0\n", 400), (b"old x\n\n" + note, 400), (b"old 0\n\nother.example/log\n" + rest, 404),
                             (b"old 0\n\n" + note.replace(b"\n\n\xe2\x80\x94 ", b"0\n\n\xe2\x80\x94 ", 1), 400), (b"x" * 200000, 400)):
            self.assertEqual(self.post(body)[0], status, body[:60])
        self.assertEqual(self.post(b"old 0\n\n" + note)[0], 200, "and it still answers")

    def test_the_server_asks_after_each_checkpoint(self):
        self.office.log = open(self.home / "requests.log", "w", encoding="utf-8")
        server = subprocess.Popen([world.PROGRAM, "serve", "--dir", self.office.directory, "--listen", "127.0.0.1:0", "--json", "--witness",
                                   f"{self.witness.vkey} {self.witness.url}"], stdout=subprocess.PIPE, stderr=self.office.log,
                                  env=self.office.environment())
        self.office.port = int(re.search(r":(\d+)/", json.loads(server.stdout.readline())["address"])[1])
        self.office.enter("scjgj-clerk")  # its acts are entries of the journal
        for _ in range(50):
            time.sleep(0.2)
            if "witness.test/one" in self.checkpoint():
                break
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(timeout=30), 0)
        server.stdout.close()
        self.office.log.close()
        self.assertIn("— witness.test/one ", self.checkpoint())


if __name__ == "__main__":
    unittest.main()
