#!/usr/bin/env python3
"""What the public asks and says on the portal: an inspector verified, a report with its receipt, an objection with its answer; each
only so often from one address. On SQLite, and on PostgreSQL when MQ_TEST_OFFICE_DB holds a URL."""
import hashlib
import html
import http.client
import os
import pathlib
import re
import sqlite3
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402


def root_of(line, index, count, proof):
    """RFC 6962 §2.1.1: the root that this leaf and its path give."""
    node, last = hashlib.sha256(b"\0" + line.encode()).digest(), count - 1
    for step in map(bytes.fromhex, proof):
        if index & 1 or index == last:
            node = hashlib.sha256(b"\1" + step + node).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + step).digest()
        index, last = index >> 1, last >> 1
    return node.hex()


class CitizenTest(world.Case):
    SCALE = 2000
    LOGINS = ("system", "scjgj-clerk", "scjgj-head", "sthjj-clerk", "sthjj-review")
    address = 0

    def send(self, path, fields=None, peer=None, method="POST"):
        """A form from an address of its own, so that no test slows another down."""
        if peer is None:
            CitizenTest.address += 1
            peer = f"192.0.2.{CitizenTest.address}"
        connection = http.client.HTTPConnection("127.0.0.1", self.office.port, timeout=30)
        body = urllib.parse.urlencode(fields) if fields is not None else None
        connection.request(method if body is not None else "GET", path, body, {"X-Forwarded-For": peer, **(
            {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {})})
        reply = connection.getresponse()
        reply.text = html.unescape(reply.read().decode())
        connection.close()
        return reply

    def certificate(self):
        rows = self.clerk.get("/inspectors", state="active", limit=50).json["rows"]
        code = next(r["code"] for r in rows if r["why_not"] is None)
        return code, self.clerk.get("/inspectors/" + code).json

    def test_a_genuine_certificate_is_told_from_an_unknown_one_and_no_name_is_shown(self):
        code, inspector = self.certificate()
        shown = max(inspector["certificates"], key=lambda c: c["valid_to"])
        for number in (code, shown["no"]):
            reply = self.send("/inspectors/", {"certificate": number})
            self.assertEqual(reply.status, 200)
            self.assertIn("证件真实，今天可以执法", reply.text)
            self.assertIn(shown["valid_to"], reply.text)
            self.assertNotIn(inspector["name"], reply.text)
        reply = self.send("/inspectors/", {"certificate": "41159999999999"})
        self.assertIn("名录库里没有这个号码", reply.text)
        self.assertIn("No such number", self.send("/en/inspectors/", {"certificate": "x"}).text)

    def test_one_who_is_suspended_or_on_leave_may_not_inspect_today(self):
        code, _ = self.certificate()
        etag = self.clerk.get("/inspectors/" + code).getheader("ETag")
        self.assertEqual(self.clerk.post(f"/inspectors/{code}/leave", {"from": "2026-11-20", "to": "2026-11-30"}, If_Match=etag).status // 100, 2)
        self.assertIn("今天休假", self.send("/inspectors/", {"certificate": code}).text)
        etag = self.clerk.get("/inspectors/" + code).getheader("ETag")
        self.assertEqual(self.clerk.post(f"/inspectors/{code}/state", {"state": "suspended", "reason": "调查"}, If_Match=etag).status, 200)
        self.assertIn("已停止执法", self.send("/inspectors/", {"certificate": code}).text)

    def test_numbers_cannot_be_tried_one_after_the_other(self):
        states = [self.send("/inspectors/", {"certificate": f"4115{i:08d}"}, "198.51.100.7").status for i in range(32)]
        self.assertEqual((states[0], states[29], states[30], states[31]), (200, 200, 429, 429))
        self.assertEqual(self.send("/inspectors/", {"certificate": "x"}, "198.51.100.8").status, 200)

    SAYS = {"region": "411525", "target_name": "某食品店", "place": "人民路", "content": "销售过期食品", "name": "张举报", "phone": "13800138000"}

    def form(self):
        page = self.send("/report/")
        return re.search(r'name="once" value="([0-9a-f]{32})"', page.text)[1]

    def test_a_report_gives_a_receipt_and_a_secret_with_which_one_asks_how_it_stands(self):
        reply = self.send("/report/", {"once": self.form(), **self.SAYS})
        self.assertEqual(reply.status, 200, reply.text)
        code, token = re.search(r"<code>(X\d{18})</code>", reply.text)[1], re.search(r"digest\">([0-9a-f]{64})<", reply.text)[1]
        self.assertIn("已接收", self.send("/report/state/", {"code": code, "token": token}).text)
        self.assertEqual(self.send("/report/state/", {"code": code, "token": "0" * 64}).status, 404)
        for page in (reply.text, self.send("/report/state/", {"code": code, "token": token}).text):
            self.assertNotIn("13800138000", page)

    def test_the_same_form_sent_twice_counts_once(self):
        once = self.form()
        first, second = self.send("/report/", {"once": once, **self.SAYS}), self.send("/report/", {"once": once, **self.SAYS})
        code = re.search(r"<code>(X\d{18})</code>", first.text)[1]
        self.assertIn(code, second.text)
        self.assertIn("此前已经收到", second.text)

    def test_what_is_wrong_is_named_and_nothing_is_lost(self):
        reply = self.send("/report/", {"once": self.form(), **self.SAYS, "content": ""})
        self.assertEqual(reply.status, 422)
        self.assertIn('aria-invalid="true"', reply.text)
        self.assertIn('value="某食品店"', reply.text)
        self.assertEqual(self.send("/report/", dict(self.SAYS)).status, 422, "a form of ours has its number")

    def test_a_flood_from_one_address_is_slowed_down(self):
        states = [self.send("/report/", {"once": self.form(), **self.SAYS}, "203.0.113.9").status for _ in range(8)]
        self.assertEqual(states, [200] * 6 + [429] * 2)

    def published(self):
        """The code of a visit, which stands on its notice only, its target and a published result of it."""
        if "MQ_TEST_OFFICE_DB" in os.environ:
            self.skipTest("codes of visits are read from the file of the database")
        db = sqlite3.connect(f"file:{self.office.directory}/mingqian.db?mode=ro", uri=True)
        row = db.execute("SELECT v.code, v.target, r.id, r.codes FROM visit v JOIN result r ON r.target = v.target AND r.task = v.task "
                         "WHERE r.state = 'published' AND r.department = 'scjgj' AND r.codes <> '[\"no_problem\"]' ORDER BY r.id").fetchone()
        db.close()
        return row

    def test_an_objection_is_filed_answered_corrects_the_result_and_stands_beside_it(self):
        code, target, result, _ = self.published()
        page = self.send("/objections/", {"visit": f"{code[:8]}-{code[8:].lower()}"})
        self.assertEqual(page.status, 200)
        self.assertIn(f'value="{result}"', page.text)
        says = {"visit": code, "result": result, "content": "当场已经改正", "publish": "1"}
        self.assertIn("异议已经收到", self.send("/objections/", says).text)
        self.assertIn("此前已经收到", self.send("/objections/", says).text)
        self.assertEqual(self.send("/objections/", {**says, "content": "换一个说法"}).status, 422)
        self.assertEqual(self.users["sthjj-review"].get("/objections").json["rows"], [], "another department's")
        row = self.users["scjgj-head"].get("/objections", state="received").json["rows"][0]
        self.assertEqual((row["target"], row["content"], row["publish"], row["late"]), (target, "当场已经改正", True, False))
        answer = {"target": target, "id": row["id"], "outcome": "upheld", "answer": "核实属实", "codes": ["no_problem"]}
        head = self.users["scjgj-head"]
        self.assertEqual(head.post("/objections/answer", answer).status, 428)
        self.assertEqual(head.post("/objections/answer", {**answer, "codes": []}, If_Match='"1"').json["errors"][0]["pointer"], "/codes")
        self.assertEqual(head.post("/objections/answer", {**answer, "outcome": "maybe"}, If_Match='"1"').json["errors"][0]["pointer"], "/outcome")
        self.assertEqual(self.users["sthjj-review"].post("/objections/answer", answer, If_Match='"1"').status, 404)
        self.assertEqual(head.post("/objections/answer", answer, If_Match='"1"').status, 204)
        public = self.send(f"/targets/{target}/").text
        for words in ("异议成立，结果已更正", "当场已经改正", "核实属实"):
            self.assertIn(words, public)
        self.assertIn("核实属实", self.send("/objections/", {"visit": code}).text)

    def test_an_enterprise_sees_its_own_rows_only_and_a_proof_of_its_own_leaf(self):
        _, target, result, _ = self.published()
        other = next(r["code"] for r in self.clerk.get("/targets", limit=5).json["rows"] if r["code"] != target)
        self.assertEqual(self.users["scjgj-head"].post(f"/targets/{target}/account").status, 403)
        invited = self.clerk.post(f"/targets/{target}/account")
        self.assertEqual(invited.status, 201, invited.content)
        login = invited.json["login"]
        self.office.links[login] = invited.json["link"].split("/")[-1]
        firm = self.office.enter(login)
        own = firm.get("/my/enterprise").json
        self.assertEqual(own["code"], target)
        self.assertGreaterEqual(own["visits_year"], 1)
        self.assertIn(str(result), [r["id"] for r in own["results"]])
        for path in ("/targets", f"/targets/{other}", "/tasks", "/statistics", "/objections", "/inspectors", "/departments"):
            self.assertEqual(firm.get(path).status, 403, path)
        held = 0
        for draw in own["draws"]:
            why = firm.get("/my/enterprise/why", draw=draw["draw"], attempt=draw["attempt"]).json
            held += why["held"]
            if why["held"]:
                self.assertTrue(why["line"].startswith(target + "\t"))
                self.assertEqual(root_of(why["line"], why["index"], why["count"], why["proof"]), why["root"])
        self.assertGreater(held, 0)
        self.assertEqual(firm.get("/my/enterprise/why", draw="411500/2026/9999", attempt=1).status, 404)
        self.assertEqual(firm.post("/my/enterprise/objections", {"result": "1", "content": "x"}).status, 404)
        self.assertEqual(self.clerk.get("/my/enterprise").status, 403)
        refused = self.users["system"].post("/accounts", {"login": "e-x", "name": "x", "kind": "enterprise"})
        self.assertEqual((refused.status, refused.json["errors"][0]["pointer"]), (422, "/kind"))

    def test_a_visit_is_rated_once_with_a_token_that_is_given_once(self):
        code = self.published()[0]
        db = sqlite3.connect(self.office.directory / "mingqian.db", timeout=20)
        with db:  # the window of the task is over when the demo city is looked at: as if it still ran
            db.execute("UPDATE task SET to_day = 0 WHERE code IN (SELECT task FROM visit WHERE code = ?)", (code,))
            self.assertEqual(db.total_changes, 1)
        over = self.send("/rate/", {"visit": code})
        self.assertEqual((over.status, "评价期已过" in over.text), (422, True))
        with db:
            db.execute("UPDATE task SET to_day = ? WHERE code IN (SELECT task FROM visit WHERE code = ?)", (world.NOW // 86400, code))
        db.close()
        claimed = self.send("/rate/", {"visit": code})
        token = re.search(r"digest\">([0-9a-f]{64})<", claimed.text)[1]
        self.assertEqual(self.send("/rate/", {"visit": code}).status, 409)
        form = self.send("/rate/form/", {"token": token})
        department = re.search(r'name="department" value="(\w+)"', form.text)[1]
        marks = {"lawful": 5, "clean": 5, "polite": 4, "spare": 3}
        self.assertEqual(self.send("/rate/give/", {"token": token, "department": department, **marks, "clean": 9}).status, 422)
        self.assertIn("评价已计入", self.send("/rate/give/", {"token": token, "department": department, **marks}).text)
        self.assertEqual(self.send("/rate/give/", {"token": token, "department": department, **marks}).status, 409)
        self.assertEqual(self.send("/rate/form/", {"token": "0" * 64}).status, 404)
        self.assertIn("还没有可以公布的评价", self.send("/rate/").text, "one rating is never shown")

    def test_without_the_code_of_a_visit_there_is_nothing_to_object_to(self):
        self.assertEqual(self.send("/objections/", {"visit": "0000 0000 0000 0000"}).status, 404)
        self.assertEqual(self.send("/objections/", {"visit": "x"}).status, 404)
        self.assertEqual(self.users["sthjj-clerk"].get("/objections").status, 403)


if __name__ == "__main__":
    unittest.main()
