"""The main job at the command line: registers to published results, and an outsider who gets the same bytes."""
import json
import pathlib
import random
import shutil
import subprocess
import sys
import unittest

import office
from office import BEACONS, SOURCE, Office

FILES = ("roster.tsv", "draw.txt", "lock.txt", "reveal.json", "result.txt")


class Refusals:
    def refused(self, code, *words):
        done = self.office.run(*words, "--json")
        status = {"ERR_STATE": 4, "ERR_INPUT": 2, "ERR_USAGE": 2, "ERR_POLICY": 2, "ERR_SYNTAX": 2, "ERR_NOT_FOUND": 3, "ERR_COMMITMENT": 1,
                  "ERR_EXISTS": 4, "ERR_DATE": 2, "ERR_LENGTH": 2, "ERR_CAP": 2, "ERR_RANGE": 2, "ERR_CONFLICT": 4, "ERR_MISSING": 1}[code]
        self.assertEqual((done.status, done.json["error"]["code"]), (status, code), done)


class Registered(unittest.TestCase):
    """The 6,779 firms of the public register, read where they lie."""

    def test_from_the_register_to_the_outsider(self):
        if not office.REGISTER.exists():
            self.skipTest("the register of 6,779 firms is not beside the source")
        city = Office()
        self.addCleanup(city.close)
        done = city.ask("import", "targets", office.REGISTER, "--rejects", city.folder / "rejects.csv")
        self.assertEqual([done[k] for k in ("read", "new", "changed", "unchanged", "rejected")], [6779, 6779, 0, 0, 0])
        self.whole_job(city, 6779, 204)

    def whole_job(self, city, rows, sample):
        city.staff()
        task = city.task()
        self.assertEqual(city.ask("draw", "simulate", task)["sample"], sample)
        city.open(task)
        city.commit(task)
        sealed = city.seal(task)
        self.assertEqual((sealed["rows"], sealed["sample"]), (rows, sample))
        city.reveal(task)
        city.do("draw", "lock", task)
        city.beacon(task)
        first, again = city.ask("draw", "run", task), city.ask("draw", "run", task)
        self.assertEqual((first["targets"], first["again"], again["again"]), (sample, False, True))
        self.assertEqual(first["result_digest"], again["result_digest"])
        assigned = city.ask("assign", task)
        self.assertEqual((assigned["result"], assigned["groups"], assigned["places"]), ("assigned", sample, 2 * sample))
        self.assertEqual(city.ask("result", "enter", task, "--file", city.results_file(task))["entered"], sample)
        self.assertEqual(city.ask("result", "review", task, "--all")["changed"], sample)
        self.assertEqual(city.ask("result", "publish", task, "--all")["changed"], sample)
        self.assertEqual(city.ask("result", "publish", task, "--all")["changed"], 0)
        city.fsck()
        self.outsider(city)

    def outsider(self, city):
        """With nothing but the address."""
        files = city.files()
        server = city.start("serve", "--listen", "127.0.0.1:0", "--quiet", "--json")
        try:
            address = json.loads(server.stdout.readline())["address"]
            address = address if address.startswith("http") else f"http://{address}"
            url = f"{address.rstrip('/')}/draws/{files.parent.name}/{files.name}/"
            verified = city.run("draw", "verify", url, "--require-log")
            self.assertEqual(verified.status, 0, verified)
            other = subprocess.run([sys.executable, SOURCE / "tools/verify/verify.py", url, "--require-log"], capture_output=True, check=False)
            self.assertEqual(other.returncode, 0, other.stdout.decode() + other.stderr.decode())
        finally:
            server.terminate()
            server.communicate()
        self.assertEqual(server.returncode, 0)
        want = (files / "result.txt").read_bytes()
        self.assertEqual(city.do("draw", "recompute", files).out.encode(), want)
        other = subprocess.run([sys.executable, SOURCE / "tools/verify/draw.py", files], capture_output=True, check=False)
        self.assertEqual(other.returncode, 0, other.stderr)


class Ceremony(Refusals, unittest.TestCase):
    """Every step at the wrong time or with the wrong thing is refused and changes nothing."""

    @classmethod
    def setUpClass(cls):
        cls.office = Office()
        cls.addClassCleanup(cls.office.close)
        cls.office.do("import", "targets", cls.office.file("firms.csv", office.register(400)))
        cls.office.staff()

    def test_01_terms(self):
        text = {"name": "x", "items": ["SCJGJ-01"], "scope": {}, "strata": {"by": "one", "strata": [{"label": "all", "ratio_bp": 300}]},
                "lead": "scjgj", "participants": [{"department": "scjgj", "places": 2}], "from": "2026-03-01", "to": "2026-06-30"}
        for change, code in (({}, "ERR_INPUT"), ({"adhoc_reason": "x", "items": ["NO-SUCH"]}, None), ({"adhoc_reason": "x", "from": "2026-02-30"}, None),
                             ({"adhoc_reason": "x", "strata": {"by": "one", "strata": [{"label": "all", "ratio_bp": 20000}]}}, None)):
            with self.subTest(change):
                done = self.office.run("task", "create", self.office.file("bad.json", json.dumps(text | change)), "--json")
                if done.status == 0: # what only the approval can know
                    done = self.office.run("task", "approve", done.json["task"], "--json")
                self.assertIn(done.status, (2, 3, 4), done)
                self.assertTrue(done.json["error"]["code"] == code or code is None, done)
        self.refused("ERR_SYNTAX", "task", "create", self.office.file("bad.json", "{"))

    def test_02_ceremony(self):
        city, refused = self.office, self.refused
        task = city.task()
        refused("ERR_NOT_FOUND", "draw", "seal", task)
        refused("ERR_POLICY", "draw", "open", task, "--party", "scjgj")
        refused("ERR_USAGE", "draw", "open", task, "--party", "scjgj", "--party", "sthjj", "--beacon", "nameonly")
        city.open(task)
        refused("ERR_STATE", "draw", "seal", task) # nobody has committed
        refused("ERR_NOT_FOUND", "draw", "commit", task, "--party", "gaj", "--commitment", "0" * 64)
        refused("ERR_LENGTH", "draw", "commit", task, "--party", "scjgj", "--commitment", "00")
        refused("ERR_USAGE", "draw", "commit", task, "--party", "scjgj")
        city.commit(task)
        refused("ERR_STATE", "draw", "reveal", task, "--party", "scjgj", "--secret-file", "scjgj.secret") # before the seal
        refused("ERR_STATE", "draw", "lock", task)
        city.seal(task)
        refused("ERR_STATE", "draw", "seal", task)
        refused("ERR_STATE", "draw", "commit", task, "--party", "scjgj", "--commitment", "0" * 64)
        refused("ERR_MISSING", "draw", "lock", task) # nobody has revealed
        refused("ERR_COMMITMENT", "draw", "reveal", task, "--party", "scjgj", "--secret", "0" * 64)
        refused("ERR_NOT_FOUND", "draw", "reveal", task, "--party", "gaj", "--secret", "0" * 64)
        refused("ERR_NOT_FOUND", "draw", "reveal", task, "--party", "scjgj", "--secret-file", "nowhere")
        refused("ERR_STATE", "draw", "beacon", task, "--name", BEACONS[0][0], "--value", BEACONS[0][2]) # before the lock
        city.reveal(task)
        refused("ERR_STATE", "draw", "run", task)
        city.do("draw", "lock", task)
        refused("ERR_STATE", "draw", "reveal", task, "--party", "scjgj", "--secret", "0" * 64)
        refused("ERR_STATE", "draw", "run", task)
        refused("ERR_SYNTAX", "draw", "beacon", task, "--name", "cwl-ssq", "--value", "1 2 3")
        refused("ERR_NOT_FOUND", "draw", "beacon", task, "--name", "drand-quicknet", "--value", "0" * 64)
        refused("ERR_STATE", "assign", task)
        city.beacon(task)
        refused("ERR_CONFLICT", "draw", "beacon", task, "--name", "cwl-ssq", "--value", "01,02,03,04,05,06+07")
        city.do("draw", "run", task)
        refused("ERR_INPUT", "draw", "void", task)
        Ceremony.task = task

    def test_03_results(self):
        city, refused, task = self.office, self.refused, self.task
        target, other, third = city.drawn()[:3]
        refused("ERR_NOT_FOUND", "result", "enter", task, target, "SCJGJ-01", "--code", "no_problem") # nobody was assigned
        city.do("assign", task)
        self.assertTrue(city.ask("assign", task)["again"])
        refused("ERR_INPUT", "result", "enter", task, target, "SCJGJ-01", "--code", "fine")
        refused("ERR_INPUT", "result", "enter", task, target, "SCJGJ-01", "--code", "no_problem", "--code", "rectification")
        refused("ERR_NOT_FOUND", "result", "enter", task, target, "SCJGJ-99", "--code", "no_problem")
        refused("ERR_NOT_FOUND", "result", "enter", task, office.code_of(1), "SCJGJ-01", "--code", "no_problem")
        refused("ERR_DATE", "result", "enter", task, target, "SCJGJ-01", "--code", "no_problem", "--day", "2027-01-01")
        refused("ERR_USAGE", "result", "enter", task)
        for t in (target, other, third):
            city.do("result", "enter", task, t, "SCJGJ-01", "--code", "no_problem")
        refused("ERR_STATE", "result", "publish", task, target, "SCJGJ-01") # not reviewed
        refused("ERR_INPUT", "result", "review", task, other, "SCJGJ-01", "--return") # no opinion
        city.do("result", "review", task, "--all")
        refused("ERR_INPUT", "result", "withhold", task, other, "SCJGJ-01")
        city.do("result", "withhold", task, other, "SCJGJ-01", "--reason", "《政府信息公开条例》第十五条")
        refused("ERR_STATE", "result", "publish", task, other, "SCJGJ-01")
        city.do("result", "publish", task, target, "SCJGJ-01")
        city.do("result", "publish", task, target, "SCJGJ-01") # again changes nothing
        refused("ERR_INPUT", "result", "correct", task, target, "SCJGJ-01", "--code", "rectification") # no reason
        refused("ERR_USAGE", "result", "correct", task, target, "SCJGJ-01", "--reason", "x")
        city.do("result", "correct", task, target, "SCJGJ-01", "--code", "rectification", "--reason", "录入有误")
        bad = city.file("bad.csv", f"对象,事项,结果\n{third},SCJGJ-01,未发现问题\n{city.drawn()[3]},SCJGJ-01,胡写\n")
        done = city.run("result", "enter", task, "--file", bad, "--json")
        self.assertEqual(done.status, 2 if done.json["error"]["code"] == "ERR_INPUT" else 4, done)
        self.assertIn("bad.csv:", done.json["error"]["place"])
        city.fsck()

    def test_04_a_voided_draw_is_repeated_in_the_open(self):
        city, refused = self.office, self.refused
        task = city.until_ready()
        refused("ERR_INPUT", "draw", "void", task)
        city.do("draw", "void", task, "--reason", "信标作废")
        refused("ERR_STATE", "draw", "run", task)
        refused("ERR_STATE", "draw", "void", task, "--reason", "again")
        done = city.ask("draw", "open", task, "--party", "scjgj", "--party", "sthjj", "--beacon", "cwl-ssq 2026084", "--beacon", "sports-dlt 26084")
        self.assertEqual(done["attempt"], 2)
        city.fsck()

    def test_05_any_altered_byte_is_found(self):
        city, chance = self.office, random.Random(1)
        copy = pathlib.Path(city.folder) / "copy"
        source = sorted((city.dir / "draws").glob("*/1"))[0]
        shutil.copytree(source, copy)
        alone = city.run("draw", "verify", copy)
        self.assertEqual(alone.status, 0, alone)
        self.assertEqual(city.run("draw", "verify", copy, "--require-log").status, 1)
        for name in FILES:
            good = (copy / name).read_bytes()
            places = chance.sample(range(len(good)), min(len(good), 8))
            for at in places:
                (copy / name).write_bytes(good[:at] + bytes([good[at] ^ 1 << chance.randrange(8)]) + good[at + 1:])
                done = city.run("draw", "verify", copy)
                self.assertEqual(done.status, 1, f"{name} byte {at}: {done}")
            for changed in (good[:-1], good + b"\n", b""):
                (copy / name).write_bytes(changed)
                self.assertEqual(city.run("draw", "verify", copy).status, 1, f"{name} cut or longer")
            (copy / name).write_bytes(good)


if __name__ == "__main__":
    unittest.main()
