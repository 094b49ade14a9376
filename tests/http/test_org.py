#!/usr/bin/env python3
"""/api/v1: organisation, dictionaries in versions, the journal, the second factor, limits of sessions. On SQLite, and on
PostgreSQL when MQ_TEST_OFFICE_DB holds a URL."""
import base64
import csv
import hashlib
import hmac
import io
import pathlib
import struct
import sys
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402

CSV = {"Content_Type": "application/octet-stream"}


def code(reply):
    return reply.json["code"] if reply.json else None


def one_time(secret, at):
    """RFC 6238: six digits for this time."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", at // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


class OrgTest(world.Case):
    SCALE = 300
    LOGINS = ("system", "security", "audit", "scjgj-clerk", "scjgj-review")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system, cls.audit, cls.clerk = (cls.users[n] for n in ("system", "audit", "scjgj-clerk"))

    def back_to(self, seconds):
        """A login later on has swept the sessions of the others: they log in again."""
        self.office.at(seconds)
        for login, browser in self.users.items():
            again = self.office.log_in(login)[0]
            browser.cookie, browser.csrf = again.cookie, again.csrf

    def account(self, *roles, **scope):
        login = "t" + uuid.uuid4().hex[:10]
        reply = self.system.post("/accounts", {"login": login, "name": "测试", **scope})
        self.assertEqual(reply.status, 201, reply.content)
        self.office.links[login] = reply.json["link"].split("/")[-1]
        if roles:
            self.assertEqual(self.users["security"].put(f"/accounts/{login}/roles", {"roles": list(roles)}).status, 200)
        return login

    def hand_in(self, name, text, browser=None):
        return (browser or self.system).request("POST", f"/dictionaries/{name}/versions", raw=text.encode(), **CSV)

    def effect(self, name, version, reason="试验"):
        return self.system.post(f"/dictionaries/{name}/versions/{version}/effect", {"reason": reason})

    def csv_of(self, name):
        now = next(d for d in self.system.get("/dictionaries").json["rows"] if d["id"] == name)["now"]["version"]
        reply = self.system.get(f"/dictionaries/{name}/versions/{now}/file")
        self.assertEqual(reply.status, 200)
        return reply.content.decode("utf-8-sig")


class Dictionaries(OrgTest):
    def test_every_dictionary_has_a_version_in_force_that_shipped(self):
        rows = {d["id"]: d for d in self.system.get("/dictionaries").json["rows"]}
        self.assertEqual(set(rows), {"regions", "industries", "holidays", "results", "methods", "followups", "templates", "exchange"})
        for row in rows.values():
            self.assertEqual((row["now"]["state"], row["now"]["reason"]), ("effective", "init") if row["now"]["version"] == 1
                             else ("effective", row["now"]["reason"]))
            self.assertGreater(row["now"]["rows"], 2)

    def test_a_file_is_compared_before_it_takes_effect_and_needs_a_reason(self):
        text = self.csv_of("followups")
        reply = self.hand_in("followups", text + "publicity,媒体曝光,told to the press\r\n")
        self.assertEqual(reply.status, 201, reply.content)
        v = reply.json
        self.assertEqual((v["state"], v["added"], v["changed"], v["removed"]), ("proposed", 1, 0, 0))
        self.assertEqual(v["diff"], [{"key": "publicity", "kind": "added", "before": None,
                                      "after": ["publicity", "媒体曝光", "told to the press"]}])
        self.assertNotIn("publicity", [w["code"] for w in self.clerk.get("/words/followups").json["rows"]])
        self.assertEqual(self.effect("followups", v["version"], "").status, 422)
        done = self.effect("followups", v["version"], "市局通知")
        self.assertEqual((done.status, done.json["state"], done.json["decided_by"]), (200, "effective", "system"))
        self.assertIn("publicity", [w["code"] for w in self.clerk.get("/words/followups").json["rows"]])
        self.assertEqual((self.effect("followups", v["version"]).status), 409)
        history = self.clerk.get("/dictionaries/followups/versions").json["rows"]
        self.assertEqual([h["state"] for h in history if h["state"] != "withdrawn"].count("effective"), 1)

    def test_bad_rows_are_named_and_nothing_is_kept(self):
        before = len(self.system.get("/dictionaries/regions/versions").json["rows"])
        reply = self.hand_in("regions", "code,name,parent\n4115,信阳市,\n411500,,\n")
        self.assertEqual((reply.status, [e["pointer"] for e in reply.json["errors"]]), (422, ["/2/code", "/3/name"]))
        self.assertEqual(self.hand_in("regions", "").status, 422)
        self.assertEqual(self.hand_in("regions", "a,b\n1,2\n").status, 422)
        self.assertEqual(self.hand_in("nonsense", "code,name\na,b\n").status, 404)
        self.assertEqual(len(self.system.get("/dictionaries/regions/versions").json["rows"]), before)

    def test_a_region_that_is_no_longer_there_is_not_offered_and_not_lost(self):
        text = self.csv_of("regions")
        line = next(row for row in text.splitlines() if row.startswith("411528,"))
        v = self.hand_in("regions", "\n".join(row for row in text.splitlines() if not row.startswith("411528"))).json
        self.assertEqual((v["added"], v["changed"]), (0, 0))
        self.assertGreaterEqual(v["removed"], 1)
        self.assertEqual(self.effect("regions", v["version"], "区划调整").status, 200)
        self.assertEqual(self.clerk.get("/regions", q="411528").json["rows"], [])
        back = self.hand_in("regions", text).json
        self.assertEqual(self.effect("regions", back["version"], "恢复").status, 200)
        self.assertIn("411528", [r["code"] for r in self.clerk.get("/regions", q="411528").json["rows"]], line)

    def test_a_template_with_an_unknown_place_is_refused(self):
        text = self.csv_of("templates")
        reply = self.hand_in("templates", text.replace("{target_name}", "{mobile}", 1))
        self.assertEqual(reply.status, 422)
        self.assertIn("{mobile}", [e["detail"] for e in reply.json["errors"]])

    def test_only_the_system_administrator_changes_them(self):
        for who in ("audit", "security", "scjgj-clerk"):
            self.assertEqual(self.hand_in("followups", self.csv_of("followups"), self.users[who]).status, 403, who)
            self.assertEqual(self.users[who].post("/dictionaries/followups/versions/1/effect", {"reason": "x"}).status, 403, who)
        self.assertEqual(self.audit.get("/dictionaries").status, 403)

    def test_a_new_calendar_dates_the_open_results_anew(self):
        text = self.csv_of("holidays")
        years = self.clerk.get("/holidays").json["years"]
        self.assertNotIn(2027, years)
        more = text.rstrip() + "\r\n2027-01-01,1,元旦\r\n2027-02-06,1,春节\r\n"
        v = self.hand_in("holidays", more)
        self.assertEqual(v.status, 201, v.content)
        done = self.effect("holidays", v.json["version"], "国务院办公厅通知")
        self.assertEqual(done.status, 200, done.content)
        self.assertIn(2027, self.clerk.get("/holidays").json["years"])
        entry = self.audit.get("/journal", act="result.recalendar").json["rows"][0]
        self.assertTrue(entry["subject"].startswith("calendar/"))
        self.assertEqual(entry["login"], "system")

    def test_the_same_content_again_is_no_new_version(self):
        reply = self.hand_in("methods", self.csv_of("methods"))
        self.assertEqual((reply.status, code(reply)), (409, "ERR_STATE"))


class Organisation(OrgTest):
    def test_a_department_is_added_renamed_and_retired_and_keeps_its_bit(self):
        made = self.system.post("/departments", {"code": "yyj", "name": "医药局"})
        self.assertEqual(made.status, 201, made.content)
        bit = made.json["bit"]
        self.assertEqual(code(self.system.post("/departments", {"code": "yyj", "name": "医药局"})), "ERR_EXISTS")
        path, tag = "/departments/yyj", made.getheader("ETag")
        self.assertEqual(self.system.put(path, {"retired": True}, If_Match=tag).status, 422)
        gone = self.system.put(path, {"name": "医药管理局", "retired": True, "reason": "机构改革"}, If_Match=tag)
        self.assertEqual((gone.status, gone.json["retired"], gone.json["name"], gone.json["bit"]), (200, True, "医药管理局", bit))
        self.assertEqual(self.system.put(path, {"retired": False, "reason": "x"}, If_Match=tag).status, 412)
        self.assertEqual(self.system.put(path, {"retired": False, "reason": "x"}).status, 428)
        self.assertGreater(self.system.post("/departments", {"code": "d" + uuid.uuid4().hex[:6], "name": "新部门"}).json["bit"], bit)
        self.assertEqual(self.clerk.post("/departments", {"code": "zz", "name": "x"}).status, 403)

    def tree(self):
        tail = uuid.uuid4().hex[:6]
        names = [("sheng", "province", None, "410000"), ("shi", "city", "sheng", "411500"), ("xian", "county", "shi", "411525"),
                 ("suo", "station", "xian", self.town())]
        for name, level, parent, region in names:
            reply = self.system.post("/units", {"code": name + tail, "name": name, "level": level, "region": region,
                                                "department": "scjgj", **({"parent": parent + tail} if parent else {})})
            self.assertEqual(reply.status, 201, reply.content)
        return {name: name + tail for name, *_ in names}

    def town(self):
        return self.clerk.get("/regions", under="411525").json["rows"][0]["code"]

    def test_the_tree_has_four_levels_and_refuses_what_does_not_fit(self):
        units = self.tree()
        bad = self.system.post("/units", {"code": "x1", "name": "x", "level": "county", "parent": units["suo"], "region": "411525"})
        self.assertEqual((bad.status, bad.json["errors"][0]["pointer"]), (422, "/parent"))
        bad = self.system.post("/units", {"code": "x2", "name": "x", "level": "county", "parent": units["shi"], "region": "410100"})
        self.assertEqual((bad.status, bad.json["errors"][0]["pointer"]), (422, "/region"))
        self.assertEqual(self.users["security"].post("/units", {"code": "x3", "name": "x", "level": "city", "region": "411500"}).status, 403)

    def test_an_account_of_a_unit_sees_the_rows_of_its_unit_and_below(self):
        units, seen = self.tree(), {}
        for name in ("shi", "xian", "suo"):
            login = self.account("clerk", unit=units[name])
            browser = self.office.enter(login)
            me = browser.get("/session").json
            self.assertEqual(me["department"], "scjgj")
            rows, cursor = [], None
            while True:
                page = browser.get("/targets", limit=200, cursor=cursor).json
                rows += page["rows"]
                cursor = page["next"]
                if cursor is None:
                    break
            seen[name] = {t["code"]: t["region"] for t in rows}
        self.assertTrue(set(seen["suo"]) <= set(seen["xian"]) < set(seen["shi"]))
        self.assertTrue(all(r.startswith("411525") for r in seen["xian"].values()))
        town = self.town()
        self.assertTrue(all(r.startswith(town) for r in seen["suo"].values()))
        for target in sorted(set(seen["shi"]) - set(seen["xian"]))[:3]:
            self.assertEqual(browser.get("/targets/" + target).status, 404)

    def test_a_retired_unit_takes_no_accounts(self):
        units = self.tree()
        path = "/units/" + units["suo"]
        gone = self.system.put(path, {"retired": True, "reason": "合并"}, If_Match=self.system.get(path).getheader("ETag"))
        self.assertEqual(gone.status, 200)
        reply = self.system.post("/accounts", {"login": "t" + uuid.uuid4().hex[:8], "name": "x", "unit": units["suo"]})
        self.assertEqual((reply.status, reply.json["errors"][0]["pointer"]), (422, "/unit"))


class Journal(OrgTest):
    def test_only_the_audit_administrator_reads_it_and_the_refusal_is_in_it(self):
        for who in ("system", "security", "scjgj-clerk"):
            for path in ("/journal", "/journal.csv", "/journal/1", "/journal/1/proof"):
                self.assertEqual(self.users[who].get(path).status, 403, (who, path))
        rows = self.audit.get("/journal", act="access.refuse", actor="system").json["rows"]
        self.assertIn("GET /api/v1/journal", [r["subject"] for r in rows])
        self.assertEqual({r["login"] for r in rows}, {"system"})

    def test_a_refused_change_is_in_it_too(self):
        self.assertEqual(self.clerk.post("/departments", {"code": "aa", "name": "x"}).status, 403)
        rows = self.audit.get("/journal", act="access.refuse", actor="scjgj-clerk").json["rows"]
        self.assertIn("POST /api/v1/departments", [r["subject"] for r in rows])

    def test_logins_and_refused_logins_are_in_it(self):
        login = self.account("clerk")
        self.office.enter(login)
        world.Browser(self.office).post("/session", {"login": login, "password": "wrong"})
        acts = [r["act"] for r in self.audit.get("/journal", subject="account/", limit=20).json["rows"]]
        self.assertIn("session.refuse", acts)
        self.assertIn("session.open", acts)

    def test_it_is_paged_and_filtered_by_act_actor_subject_and_day(self):
        seen, cursor = [], None
        while len(seen) < 60:
            page = self.audit.get("/journal", limit=20, cursor=cursor).json
            seen += [int(r["id"]) for r in page["rows"]]
            cursor = page["next"]
            if cursor is None:
                break
        self.assertEqual(seen, sorted(set(seen), reverse=True))
        self.assertEqual({r["act"] for r in self.audit.get("/journal", act="session.open").json["rows"]}, {"session.open"})
        self.assertEqual({r["act"].split(".")[0] for r in self.audit.get("/journal", act="session.").json["rows"]}, {"session"})
        self.assertEqual(self.audit.get("/journal", **{"from": "2031-01-01"}).json["rows"], [])
        self.assertEqual(self.audit.get("/journal", to="2001-01-01").json["rows"], [])
        self.assertEqual(self.audit.get("/journal", to="yesterday").status, 422)
        self.assertEqual(self.audit.get("/journal", cursor="x").status, 422)

    def test_an_entry_is_proved_against_the_signed_checkpoint(self):
        row = self.audit.get("/journal", act="account.accept").json["rows"][-1]
        for _ in range(60):
            entry = self.audit.get("/journal/" + row["id"]).json
            if entry["verdict"] == "proved":
                break
            __import__("time").sleep(0.1)
        self.assertEqual(entry["verdict"], "proved")
        proof, data = entry["proof"], entry["entry"].encode()
        node = hashlib.sha256(b"\0" + data).digest()
        self.assertEqual(node.hex(), entry["leaf_hash"])
        first, last, hashes = proof["index"], proof["size"] - 1, [bytes.fromhex(h) for h in proof["hashes"]]
        for h in hashes:  # RFC 9162 2.1.3.2
            if first & 1 or first == last:
                node = hashlib.sha256(b"\1" + h + node).digest()
                while not first & 1 and first:
                    first, last = first >> 1, last >> 1
            else:
                node = hashlib.sha256(b"\1" + node + h).digest()
            first, last = first >> 1, last >> 1
        self.assertEqual((last, node.hex()), (0, proof["root"]))
        text = self.audit.get(f"/journal/{row['id']}/proof")
        self.assertIn(proof["origin"].encode(), text.content)
        self.assertEqual(self.audit.get("/journal/1").status, 404)

    def test_the_export_is_a_table_and_leaves_a_trace(self):
        reply = self.audit.get("/journal.csv", act="session.")
        rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
        self.assertEqual(rows[0], ["id", "leaf", "time", "actor", "login", "act", "subject"])
        self.assertGreater(len(rows), 4)
        self.assertTrue(all(r[5].startswith("session.") for r in rows[1:]))
        self.assertEqual(self.audit.get("/journal", act="journal.export").json["rows"][0]["login"], "audit")

    def test_no_name_of_a_person_and_no_password_is_in_an_entry(self):
        for row in self.audit.get("/journal", limit=200).json["rows"][:40]:
            text = self.audit.get("/journal/" + row["id"]).json["entry"]
            self.assertNotIn(world.PASSWORD, text)
            self.assertNotIn("经办人", text)


class SecondFactor(OrgTest):
    def enrolled(self):
        login = self.account("clerk")
        browser = self.office.enter(login)
        offer = browser.post("/session/totp").json
        self.assertTrue(offer["svg"].startswith("<svg") and offer["uri"].startswith("otpauth://totp/"))
        wrong = browser.put("/session/totp", {"password": world.PASSWORD, "secret": offer["secret"], "totp": "000000"})
        self.assertNotEqual(wrong.status, 204)
        on = browser.put("/session/totp", {"password": world.PASSWORD, "secret": offer["secret"],
                                           "totp": one_time(offer["secret"], self.office.clock)})
        self.assertEqual(on.status, 204, on.content)
        self.assertTrue(browser.get("/session").json["totp"])
        return login, offer["secret"], browser

    def test_the_second_factor_is_enrolled_asked_for_and_counts_once(self):
        login, secret, browser = self.enrolled()
        self.assertEqual(code(self.office.log_in(login)[1]), "ERR_TOTP")
        self.assertEqual(code(self.office.log_in(login, totp="123456")[1]), "ERR_TOTP")
        used = self.office.log_in(login, totp=one_time(secret, self.office.clock))[1]
        self.assertEqual((used.status, code(used)), (401, "ERR_TOTP"), "the code of the enrolment was used")
        start = self.office.clock
        try:
            self.office.at(start + 60)
            fresh = one_time(secret, self.office.clock)
            self.assertEqual(self.office.log_in(login, totp=fresh)[1].status, 200)
            self.assertEqual(code(self.office.log_in(login, totp=fresh)[1]), "ERR_TOTP")
            off = browser.put("/session/totp", {"password": world.PASSWORD, "secret": None})
            self.assertEqual(off.status, 204, off.content)
            self.assertEqual(self.office.log_in(login)[1].status, 200)
        finally:
            self.back_to(start)

    def test_turning_it_off_needs_the_password(self):
        _, _, browser = self.enrolled()
        self.assertEqual(browser.put("/session/totp", {"password": "wrong", "secret": None}).status, 401)
        self.assertTrue(browser.get("/session").json["totp"])

    def test_five_wrong_codes_lock_the_account(self):
        login, secret, _ = self.enrolled()
        for _ in range(5):
            self.assertEqual(code(self.office.log_in(login, totp="000001")[1]), "ERR_TOTP")
        self.assertEqual(code(self.office.log_in(login, totp=one_time(secret, self.office.clock))[1]), "ERR_LOCKED")


class Limits(OrgTest):
    def test_a_session_ends_after_twelve_hours_however_busy(self):
        start = self.office.clock
        busy = self.office.log_in("scjgj-review")[0]
        try:
            for step in range(1, 39):
                self.office.at(start + step * 19 * 60)
                status = busy.get("/session").status
                if status == 401:
                    break
            self.assertEqual((step, status), (38, 401), "38 × 19 minutes are just above twelve hours")
        finally:
            self.back_to(start)

    def test_one_session_is_ended_from_another(self):
        login = self.account("clerk")
        first = self.office.enter(login)
        second = self.office.log_in(login)[0]
        rows = first.get("/sessions").json["rows"]
        self.assertEqual([r["current"] for r in rows].count(True), 1)
        other = next(r["id"] for r in rows if not r["current"])
        self.assertEqual(first.delete("/sessions/" + other).status, 204)
        self.assertEqual((first.get("/session").status, second.get("/session").status), (200, 401))

    def test_a_lockout_ends_after_fifteen_minutes(self):
        login = self.account("clerk")
        self.office.enter(login)
        for _ in range(5):
            world.Browser(self.office).post("/session", {"login": login, "password": "wrong"})
        start = self.office.clock
        try:
            self.office.at(start + 14 * 60)
            self.assertEqual(code(self.office.log_in(login)[1]), "ERR_LOCKED")
            self.office.at(start + 15 * 60 + 1)
            self.assertEqual(self.office.log_in(login)[1].status, 200)
        finally:
            self.back_to(start)


class Requests(OrgTest):
    def test_each_reply_names_its_request_as_the_log_does(self):
        name = self.clerk.get("/session").getheader("X-Request-Id")
        self.assertRegex(name, r"^[0-9a-f]{8}-\d+$")
        log = self.office.directory / "requests.log"  # a line follows its reply
        for _ in range(100):
            if f'"id":"{name}"' in log.read_text():
                break
            time.sleep(0.1)
        self.assertIn(f'"id":"{name}"', log.read_text())


if __name__ == "__main__":
    unittest.main()
