#!/usr/bin/env python3
"""Records as phones hand them in: twice and in any order, interrupted, from two phones at once, by a clock that is wrong."""
import base64
import hashlib
import http.client
import json
import os
import pathlib
import random
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402

DAY = 86400
VISITS = 10000 if os.environ.get("MQ_LONG") else 200


def picture(words):
    """A file that begins like a PNG, and its SHA-256."""
    data = b"\x89PNG\r\n\x1a\n" + words.encode()
    return data, hashlib.sha256(data).hexdigest()


class Phones(world.Case):
    LOGINS = ["scjgj-inspect", "scjgj-inspect2", "scjgj-clerk", "sthjj-clerk", "system"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a, cls.b = cls.users["scjgj-inspect"], cls.users["scjgj-inspect2"]
        cls.extra(VISITS + 12)
        cls.hashes = []
        for words in ("first", "second", "target"):
            data, digest = picture(words)
            assert cls.put(cls.a, digest, data).status == 200
            cls.hashes.append(digest)

    @staticmethod
    def put(browser, digest, data, **headers):
        return browser.request("PUT", f"/my/evidence/{digest}", raw=data, Content_Type="image/png", **headers)

    @classmethod
    def extra(cls, count):
        """More visits of the same team, beyond what a city of this size has drawn."""
        cls.mine = cls.a.get("/my/visits").json
        cls.me = cls.mine["inspector"]["code"]
        first = cls.mine["rows"][0]
        cls.task = first["task"]
        cls.other = next(p["code"] for p in cls.a.get(f"/my/visits/{cls.task}/{first['target']}").json["team"] if p["code"] != cls.me)
        db = None if os.environ.get("MQ_TEST_OFFICE_DB") else sqlite3.connect(cls.office.directory / "mingqian.db", timeout=30)
        cls.spare = []
        if db is None:
            return
        with db:
            draw, attempt, mask = db.execute("SELECT draw, attempt, mask FROM visit WHERE task = ?", (cls.task,)).fetchone()
            rows = db.execute("SELECT code FROM target WHERE code NOT IN (SELECT target FROM visit WHERE task = ?)", (cls.task,))
            codes = [code for code, in rows]
            for i in range(len(codes), count):
                codes.append(f"P-{i:07d}")
                db.execute("INSERT INTO target (code, kind, name, region_derived, status, visits_year, updated_us, row_version) "
                           "VALUES (?, 'entity', '模拟药店', 0, 'active', 0, 1, 1)", (codes[-1],))
            for i, code in enumerate(codes[:count]):
                db.execute("INSERT INTO visit (target, id, task, draw, attempt, mask, state, code, row_version) "
                           "VALUES (?, ?, ?, ?, ?, ?, 'assigned', ?, 1)", (code, 7000000 + i, cls.task, draw, attempt, mask, f"{i:016d}"))
                for inspector, role in ((cls.me, "lead"), (cls.other, "member")):
                    db.execute("INSERT INTO assignment (target, draw, attempt, department, inspector, role, rank) "
                               "VALUES (?, ?, ?, 'scjgj', ?, ?, 0)", (code, draw, attempt, inspector, role))
        cls.spare = codes[:count]
        db.close()

    def visit(self):
        if not self.spare:
            self.skipTest("a city of its own on SQLite")
        return self.spare.pop()

    def record(self, target, final=True, answers=None, skew=0, **more):
        at = (self.office.clock + skew) * 1000 - 600000
        document = {"id": uuid.uuid4().hex, "target": target, "task": self.task, "produced": at,
                    "answers": answers if answers is not None else
                    [{"item": "SCJGJ-19", "base": 0, "answer": "none", "at": at}, {"item": "SCJGJ-08", "base": 0, "answer": "not_applicable", "at": at}]}
        if final:
            document |= {"final": True, "outcome": "checked", "methods": ["on_site"], "start": at - 60000, "end": at,
                         "checkin": {"at": at - 60000, "reason": "对象未收到告知书"},
                         "signatures": [{"role": "inspector", "inspector": self.me, "name": "甲", "hash": self.hashes[0], "at": at},
                                        {"role": "inspector", "inspector": self.other, "name": "乙", "hash": self.hashes[1], "at": at},
                                        {"role": "target", "name": "负责人", "hash": self.hashes[2], "at": at}]}
        return document | more

    def send(self, browser, document, skew=0):
        return browser.post("/my/records", {"record": document, "sent": (self.office.clock + skew) * 1000})

    def test_everything_sent_twice_in_any_order_is_there_once(self):
        targets = [self.visit() for _ in range(VISITS)]
        letters = [self.record(t) for t in targets] * 2
        random.Random(20261125).shuffle(letters)
        states = []
        for letter in letters:
            reply = self.send(self.a, letter)
            self.assertEqual(reply.status, 200, reply.content)
            self.assertEqual(reply.json["files"], self.hashes)
            states.append((reply.json["state"], reply.json["again"]))
        self.assertEqual(states.count(("submitted", False)), VISITS)
        self.assertEqual(states.count(("submitted", True)), VISITS)
        db = sqlite3.connect(self.office.directory / "mingqian.db", timeout=30)
        marks = ",".join("?" * len(targets))
        for table, each in (("record", 1), ("record_handin", 1), ("record_answer", 2), ("record_signature", 3), ("result", 2)):
            count, = db.execute(f"SELECT COUNT(*) FROM {table} WHERE task = ? AND target IN ({marks})" if table in ("record", "result", "record_handin")
                                else f"SELECT COUNT(*) FROM {table} WHERE ? <> '' AND target IN ({marks})", (self.task, *targets)).fetchone()
            self.assertEqual(count, each * VISITS, table)
        db.close()

    def test_a_server_killed_while_a_file_arrives_has_all_or_nothing_of_it(self):
        data, digest = picture("killed " + "x" * 400000)
        line = (f"PUT /api/v1/my/evidence/{digest} HTTP/1.1\r\nHost: x\r\nCookie: {self.a.cookie}\r\nX-CSRF-Token: {self.a.csrf}\r\n"
                f"Content-Length: {len(data)}\r\nContent-Type: image/png\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.office.port)) as half:
            half.sendall(line.encode() + data[:len(data) // 2])
            self.assertEqual(self.a.post("/my/evidence", {"hashes": [digest, self.hashes[0]]}).json["missing"], [digest])
            self.office.process.kill()
            self.office.process.wait()
            self.office.process.stdout.close()
            self.office.log.close()
        self.office.start()
        self.assertEqual(self.a.post("/my/evidence", {"hashes": [digest, self.hashes[0]]}).json["missing"], [digest])
        for _ in range(2):
            self.assertEqual(self.put(self.a, digest, data).status, 200)
        self.assertEqual(self.a.post("/my/evidence", {"hashes": [digest]}).json["missing"], [])
        target = self.visit()
        done = self.send(self.a, self.record(target, evidence=[{"hash": digest, "kind": "photo", "at": 1}]))
        self.assertEqual((done.status, set(done.json["files"])), (200, {digest, *self.hashes}))
        shown = self.b.get(f"/my/visits/{self.task}/{target}/evidence/{digest}")
        self.assertEqual((shown.content, shown.getheader("Content-Disposition").split(";")[0]), (data, "inline"), "it is shown, not saved")
        self.assertEqual(self.b.get(f"/my/visits/{self.task}/{self.visit()}/evidence/{digest}").status, 404)

    def test_a_file_is_bounded_and_is_what_its_name_says(self):
        data, digest = picture("x")
        self.assertEqual(self.put(self.a, digest, data + b"y").status, 422)
        self.assertEqual(self.put(self.a, digest, b"<html>").status, 422)
        self.assertEqual(self.put(self.a, "..%2F..%2Fkeys", data).status, 404)
        with self.assertRaises(OSError, msg="the connection ends where the limit is"):
            self.put(self.a, digest, b"\x89PNG\r\n\x1a\n" + b"x" * (9 << 20))
        self.assertEqual(self.put(self.users["scjgj-clerk"], digest, data).status, 403)

    def test_two_phones_on_one_visit_show_their_conflict_and_lose_nothing(self):
        target = self.visit()
        mine = [{"item": "SCJGJ-19", "base": 0, "answer": "none", "at": 1}]
        theirs = [{"item": "SCJGJ-19", "base": 0, "answer": "problem", "problem": "处方药开架销售", "disposal": "rectification", "at": 1},
                  {"item": "SCJGJ-08", "base": 0, "answer": "none", "at": 1}]
        self.assertEqual(self.send(self.a, self.record(target, False, mine)).json["state"], "saved")
        reply = self.send(self.b, self.record(target, False, theirs)).json
        self.assertEqual((reply["state"], reply["conflicts"]), ("conflict", ["SCJGJ-19"]))
        shown = {a["item"]: a for a in reply["answers"]}
        self.assertEqual((shown["SCJGJ-19"]["answer"], shown["SCJGJ-19"]["inspector"]), ("none", self.me))
        theirs[0]["base"] = shown["SCJGJ-19"]["version"]
        theirs[0]["law"] = {"law": "《中华人民共和国药品管理法》", "article": "第五十一条"}
        theirs[1]["base"] = shown["SCJGJ-08"]["version"]
        done = self.send(self.b, self.record(target, True, theirs))
        self.assertEqual((done.status, done.json["state"]), (200, "submitted"), done.content)
        late = self.send(self.a, self.record(target, True, mine)).json
        self.assertEqual((late["state"], late["conflicts"], late["record"]), ("conflict", ["SCJGJ-19"], "submitted"))
        seen = self.a.get(f"/my/visits/{self.task}/{target}").json
        self.assertEqual((seen["state"], seen["record"]["answers"][1]["problem"]), ("submitted", "处方药开架销售"))

    def test_a_clock_wrong_by_a_day_changes_no_date(self):
        for skew in (DAY, -DAY):
            target = self.visit()
            self.assertEqual(self.send(self.a, self.record(target, skew=skew), skew).status, 200)
            seen = self.a.get(f"/my/visits/{self.task}/{target}").json
            self.assertEqual((seen["visited"], seen["record"]["produced"][:10]), ("2026-11-24", "2026-11-24"))

    def test_an_incomplete_record_is_refused_whole_and_says_what_it_lacks(self):
        target = self.visit()
        lacking = self.record(target)
        lacking["signatures"] = lacking["signatures"][:1]
        reply = self.send(self.a, lacking)
        self.assertEqual((reply.status, reply.json["code"]), (422, "ERR_MISSING"))
        self.assertIn("two inspectors", reply.json["detail"])
        self.assertIsNone(self.a.get(f"/my/visits/{self.task}/{target}").json["record"])

    def test_an_outbox_comes_to_the_office_as_a_file(self):
        target = self.visit()
        data, digest = picture("carried")
        letter = self.record(target, skew=DAY, evidence=[{"hash": digest, "kind": "photo", "at": 1}])
        lines = [{"format": "mingqian-outbox/v1", "inspector": self.me, "offset": -DAY * 1000},
                 {"file": digest, "data": base64.b64encode(data).decode()}, {"record": letter}]
        text = "\n".join(json.dumps(line) for line in lines).encode()
        clerk = self.users["scjgj-clerk"]
        refused = self.users["sthjj-clerk"].request("POST", "/outbox", raw=text, Content_Type="application/x-ndjson")
        self.assertEqual(refused.status, 404, "another department's inspector")
        for again in (False, True):
            reply = clerk.request("POST", "/outbox", raw=text, Content_Type="application/x-ndjson")
            self.assertEqual((reply.status, reply.json["problems"]), (200, []), reply.content)
            self.assertEqual([(r["state"], r["again"]) for r in reply.json["records"]], [("submitted", again)])
        self.assertEqual(self.a.get(f"/my/visits/{self.task}/{target}").json["visited"], "2026-11-24")
        broken = clerk.request("POST", "/outbox", raw=text + b"\n{broken", Content_Type="application/x-ndjson")
        self.assertEqual([p["line"] for p in broken.json["problems"]], [4])
        self.assertEqual(clerk.request("POST", "/outbox", raw=b'{"format":"x"}', Content_Type="application/x-ndjson").status, 422)

    def test_an_account_is_one_inspector_and_sees_no_others_visits(self):
        system = self.users["system"]
        row = system.get("/accounts/scjgj-clerk")
        for inspector, status in (("ZF-NOBODY", 422), (self.me, 409)):
            reply = system.put("/accounts/scjgj-clerk/inspector", {"inspector": inspector}, If_Match=row.getheader("ETag"))
            self.assertEqual((reply.status, reply.json["errors"][0]["pointer"]), (status, "/inspector"), reply.content)
        row = system.get("/accounts/sthjj-clerk")
        self.assertIsNone(row.json["inspector"])
        self.assertEqual(self.users["scjgj-clerk"].get("/my/visits").status, 403)
        self.assertEqual(self.a.get(f"/my/visits/{self.task}/NOBODY").status, 404)


class Certificates(unittest.TestCase):
    """HTTPS on an intranet: a root that is made once, a certificate that is renewed."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.dir = pathlib.Path(self.folder.name) / "city"
        self.run_program("init", self.dir, "--name", "某局", "--host", "localhost", "--host", "127.0.0.1")

    def run_program(self, *arguments, check=True):
        return subprocess.run([world.PROGRAM, *arguments], check=check, capture_output=True, text=True, env=dict(os.environ, MINGQIAN_LANG="zh"))

    def test_a_browser_that_trusts_the_root_reaches_the_server(self):
        server = subprocess.Popen([world.PROGRAM, "serve", "--tls", "--dir", self.dir, "--listen", "127.0.0.1:0", "--json", "--quiet"],
                                  stdout=subprocess.PIPE)
        try:
            address = json.loads(server.stdout.readline())["address"]
            self.assertTrue(address.startswith("https://"))
            port = int(address.rstrip("/").rsplit(":", 1)[1])
            trusting = ssl.create_default_context(cafile=self.dir / "ca.pem")
            for host in ("localhost", "127.0.0.1"):
                connection = http.client.HTTPSConnection(host, port, context=trusting, timeout=30)
                connection.request("GET", "/ca.pem")
                reply = connection.getresponse()
                self.assertEqual((reply.status, reply.read()), (200, (self.dir / "ca.pem").read_bytes()))
                connection.close()
            with self.assertRaises(ssl.SSLCertVerificationError):
                http.client.HTTPSConnection("localhost", port, context=ssl.create_default_context(), timeout=30).request("GET", "/")
        finally:
            server.terminate()
            server.wait(timeout=30)
            server.stdout.close()

    def test_renewing_keeps_the_root_and_wrong_names_change_nothing(self):
        files = [self.dir / "ca.pem", self.dir / "keys" / "host.pem"]
        root, host = (f.read_bytes() for f in files)
        for wrong in ("a,IP:10.0.0.1", "-x", "a b", "x:443"):
            self.assertEqual(self.run_program("certificate", "make", wrong, "--dir", self.dir, check=False).returncode, 2, wrong)
        self.assertEqual([f.read_bytes() for f in files], [root, host])
        self.run_program("certificate", "make", "other.local", "--dir", self.dir)
        self.assertEqual(files[0].read_bytes(), root)
        self.assertNotEqual(files[1].read_bytes(), host)
        self.assertEqual((self.dir / "keys" / "ca.key").stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main()
