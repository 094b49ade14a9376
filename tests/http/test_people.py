#!/usr/bin/env python3
"""Inspectors, experts and teams over /api/v1: fields that clear, parts, private fields, row scope by department and region.
On SQLite, and on PostgreSQL when MQ_TEST_OFFICE_DB holds a URL. Names and numbers stand for nobody."""
import pathlib
import sqlite3
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402

PHONE, ID_NO = "13800001234", "11010519491231002X"  # the example of GB 11643


def pointers(reply):
    return [e["pointer"] for e in reply.json.get("errors", [])]


class PeopleTest(world.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county = cls.account("xian-clerk", "clerk", department="scjgj", region="411502")
        cls.gushi = cls.account("gushi-clerk", "clerk", department="scjgj", region="411525")
        cls.all = cls.account("all-clerk", "clerk")
        cls.reviewer = cls.users["scjgj-review"]
        cls.anonymous = world.Browser(cls.office)

    @classmethod
    def account(cls, login, role, **scope):
        reply = cls.users["system"].post("/accounts", {"login": login, "name": "经办人", **scope})
        cls.office.links[login] = reply.json["link"].split("/")[-1]
        assert cls.users["security"].put(f"/accounts/{login}/roles", {"roles": [role]}).status == 200
        return cls.office.enter(login)

    def inspector(self, **more):
        """A new inspector of 市场监管 in 固始; the reply."""
        code = "ZF-" + uuid.uuid4().hex[:12]
        reply = self.clerk.post("/inspectors", {"code": code, "name": "检查员-新", "region": "411525", **more})
        self.assertEqual(reply.status, 201, reply.content)
        return reply

    def path(self, reply):
        return "/inspectors/" + reply.json["code"]


class Inspectors(PeopleTest):
    def test_a_new_inspector_is_of_ones_own_department_and_at_work(self):
        new = self.inspector(skills=["食品安全"], cap_count=12, lead=True)
        self.assertEqual((new.json["department"], new.json["state"], new.json["cap_count"], new.json["lead"]),
                         ("scjgj", "active", 12, True))
        self.assertEqual(new.json["why_not"], "no_certificate")
        again = self.clerk.post("/inspectors", {"code": new.json["code"], "name": "x"})
        self.assertEqual((again.status, again.json["code"]), (409, "ERR_EXISTS"))

    def test_wrong_fields_are_refused_at_their_place(self):
        base = {"code": "ZF-" + uuid.uuid4().hex[:8], "name": "检查员", "region": "411525"}
        for field, value in (("code", "有空 格"), ("region", "999999"), ("regions", ["411525", "000000"]), ("items", ["NONE"]),
                             ("skills", [7]), ("cap_count", 10001), ("phone", "12345678901"), ("id_no", "110105194912310021"),
                             ("department", "nobody"), ("name", "长" * 200)):
            reply = self.clerk.post("/inspectors", {**base, field: value})
            self.assertIn(reply.status, (403, 422), (field, reply.content))
            self.assertEqual(pointers(reply), ["/" + field if field != "department" else pointers(reply)[0]], field)
        self.assertEqual(self.clerk.get("/inspectors/" + base["code"]).status, 404)

    def test_null_clears_and_absent_stays(self):
        new = self.inspector(level="县级", skills=["食品安全", "特种设备"], phone=PHONE)
        changed = self.clerk.put(self.path(new), {"level": None, "skills": []}, If_Match=new.getheader("ETag"))
        self.assertEqual(changed.status, 200, changed.content)
        self.assertEqual((changed.json["level"], changed.json["skills"], changed.json["name"], changed.json["region"],
                          changed.json["phone_masked"]), (None, [], "检查员-新", "411525", "138****1234"))
        cleared = self.clerk.put(self.path(new), {"phone": None}, If_Match=changed.getheader("ETag"))
        self.assertIsNone(cleared.json["phone_masked"])
        self.assertEqual(self.clerk.put(self.path(new), {"name": None}, If_Match=cleared.getheader("ETag")).status, 422)

    def test_of_two_who_save_the_second_is_told_and_nobody_saves_blindly(self):
        new = self.inspector()
        self.assertEqual(self.clerk.put(self.path(new), {"level": "x"}).status, 428)
        self.assertEqual(self.clerk.put(self.path(new), {"level": "x"}, If_Match=new.getheader("ETag")).status, 200)
        self.assertEqual(self.clerk.put(self.path(new), {"level": "y"}, If_Match=new.getheader("ETag")).status, 412)
        self.assertEqual(self.clerk.put(self.path(new) + "/certificates", {"kind": "national", "no": "Z", "valid_to": "2027-01-01"},
                                        If_Match=new.getheader("ETag")).status, 412)

    def test_state_changes_need_a_reason_and_show_why_nobody_is_matched(self):
        new = self.inspector()
        self.assertEqual(pointers(self.clerk.post(self.path(new) + "/state", {"state": "suspended"}, If_Match=new.getheader("ETag"))),
                         ["/reason"])
        self.assertEqual(self.clerk.post(self.path(new) + "/state", {"state": "suspended", "reason": "x"}).status, 428)
        moved = self.clerk.post(self.path(new) + "/state", {"state": "suspended", "reason": "脱产学习"}, If_Match=new.getheader("ETag"))
        self.assertEqual((moved.status, moved.json["state"], moved.json["state_reason"], moved.json["why_not"]),
                         (200, "suspended", "脱产学习", "suspended"))
        again = self.clerk.post(self.path(new) + "/state", {"state": "suspended", "reason": "x"}, If_Match=moved.getheader("ETag"))
        self.assertIn(again.status, (409, 412))

    def test_certificates_are_entered_renewed_removed_and_warn_by_level(self):
        new = self.inspector()
        path, tag, levels = self.path(new) + "/certificates", new.getheader("ETag"), {}
        for days, level in ((-1, "expired"), (7, "7"), (8, "30"), (30, "30"), (90, "90"), (91, None)):
            day = world_day(self.office.clock, days)
            reply = self.clerk.put(path, {"kind": "national", "no": "豫执法-0001", "valid_to": day}, If_Match=tag)
            self.assertEqual(reply.status, 200, reply.content)
            tag = reply.getheader("ETag")
            levels[days] = reply.json["certificates"][0]["warning"]
            self.assertEqual(levels[days], level)
            row = self.row(new.json["code"])
            self.assertEqual((row["warning"], row["why_not"]), (level, "expired" if days < 0 else None))
        self.assertEqual(pointers(self.clerk.put(path, {"kind": "driving", "no": "1", "valid_to": "2027-01-01"}, If_Match=tag)), ["/kind"])
        self.assertEqual(pointers(self.clerk.put(path, {"kind": "national", "no": "1", "valid_to": "2027-02-30"}, If_Match=tag)), ["/valid_to"])
        self.assertEqual(pointers(self.clerk.post(path + "/national/remove", {}, If_Match=tag)), ["/reason"])
        gone = self.clerk.post(path + "/national/remove", {"reason": "证件注销"}, If_Match=tag)
        self.assertEqual((gone.status, gone.json["certificates"]), (200, []))
        self.assertEqual(self.clerk.post(path + "/national/remove", {"reason": "x"}, If_Match=gone.getheader("ETag")).status, 404)

    def row(self, code, browser=None):
        rows = (browser or self.clerk).get("/inspectors", q=code).json["rows"]
        return next((r for r in rows if r["code"] == code), None)

    def test_warnings_are_on_the_desk_and_in_the_list_of_certificates(self):
        new = self.inspector()
        self.clerk.put(self.path(new) + "/certificates", {"kind": "provincial", "no": "S1", "valid_to": world_day(self.office.clock, 5)},
                       If_Match=new.getheader("ETag"))
        report = self.clerk.get("/certificates/expiring", days=7).json
        self.assertGreaterEqual(report["counts"]["7"], 1)
        self.assertIn(new.json["code"], [r["inspector"] for r in report["rows"]])
        warnings = {w["id"]: w["count"] for w in self.clerk.get("/dashboard").json["warnings"]}
        self.assertEqual(warnings["certificate.7"], report["counts"]["7"])
        self.assertEqual(warnings.get("certificate.expired", 0), report["counts"]["expired"])
        self.assertIn(new.json["code"], [r["code"] for r in self.clerk.get("/inspectors", expiring=7, limit=200).json["rows"]])
        self.assertNotIn(new.json["code"], [r["code"] for r in self.clerk.get("/inspectors", expiring=0, limit=200).json["rows"]])
        self.assertEqual(self.clerk.get("/inspectors", expiring="soon").status, 422)

    def test_leaves_do_not_overlap_are_changed_and_taken_back(self):
        new = self.inspector()
        path = self.path(new) + "/leave"
        first = self.clerk.post(path, {"from": "2026-12-01", "to": "2026-12-10", "reason": "年休假"})
        self.assertEqual((first.status, len(first.json["leave"])), (201, 1))
        for start, end in (("2026-12-10", "2026-12-20"), ("2026-11-01", "2026-12-01"), ("2026-12-03", "2026-12-04")):
            reply = self.clerk.post(path, {"from": start, "to": end})
            self.assertEqual((reply.status, pointers(reply)), (409, ["/from"]), start)
        self.assertEqual(pointers(self.clerk.post(path, {"from": "2027-02-02", "to": "2027-02-01"})), ["/to"])
        moved = self.clerk.put(path + "/2026-12-01", {"from": "2026-11-24", "to": "2026-12-02"}, If_Match=first.getheader("ETag"))
        self.assertEqual((moved.status, moved.json["leave"][0]["from"], moved.json["leave"][0]["reason"]), (200, "2026-11-24", None))
        self.assertEqual(self.row(new.json["code"])["away_to"], "2026-12-02")
        self.assertEqual(self.clerk.request("DELETE", path + "/2026-11-24").status, 428)
        gone = self.clerk.request("DELETE", path + "/2026-11-24", If_Match=moved.getheader("ETag"))
        self.assertEqual((gone.status, gone.json["leave"]), (200, []))
        self.assertEqual(self.clerk.request("DELETE", path + "/2026-11-24", If_Match=gone.getheader("ETag")).status, 404)

    def test_a_recusal_has_evidence_is_ended_with_a_reason_and_may_come_again(self):
        new = self.inspector()
        path, target = self.path(new) + "/recusals", self.clerk.get("/targets", limit=1).json["rows"][0]
        self.assertEqual(pointers(self.clerk.post(path, {"target": target["code"], "kind": "relative"})), ["/evidence"])
        self.assertEqual(pointers(self.clerk.post(path, {"target": "1", "kind": "relative", "evidence": "x"})), ["/target"])
        self.assertEqual(pointers(self.clerk.post(path, {"target": target["code"], "kind": "friend", "evidence": "x"})), ["/kind"])
        made = self.clerk.post(path, {"target": target["code"], "kind": "relative", "evidence": "配偶在该单位任职"})
        self.assertEqual((made.status, made.json["recusals"][0]["evidence"], made.json["recusals"][0]["name"]),
                         (201, "配偶在该单位任职", target["name"]))
        self.assertEqual(self.clerk.post(path, {"target": target["code"], "kind": "other", "evidence": "x"}).status, 409)
        ended = self.clerk.post(f"{path}/{target['code']}/end", {"reason": "已离职"}, If_Match=made.getheader("ETag"))
        self.assertEqual(ended.json["recusals"][0]["end_reason"], "已离职")
        again = self.clerk.post(path, {"target": target["code"], "kind": "interest", "evidence": "持股"})
        self.assertEqual((again.status, again.json["recusals"][0]["kind"], again.json["recusals"][0]["ended"]), (201, "interest", None))

    def test_trainings_are_kept(self):
        new = self.inspector()
        path = self.path(new) + "/training"
        say = {"name": "食品安全监管业务培训", "day": "2026-05-11", "hours": 16, "organiser": "市司法局", "result": "passed"}
        made = self.clerk.post(path, say)
        self.assertEqual((made.status, made.json["training"][0]["hours"]), (201, 16))
        self.assertEqual(pointers(self.clerk.post(path, {**say, "hours": 0})), ["/hours"])
        self.assertEqual(pointers(self.clerk.post(path, {**say, "result": "excellent"})), ["/result"])
        gone = self.clerk.request("DELETE", f"{path}/{made.json['training'][0]['id']}", If_Match=made.getheader("ETag"))
        self.assertEqual((gone.status, gone.json["training"]), (200, []))

    def test_a_part_sent_twice_counts_once(self):
        new = self.inspector()
        key = uuid.uuid4().hex
        say = {"name": "培训", "day": "2026-05-11", "hours": 8, "result": "attended"}
        replies = [self.clerk.post(self.path(new) + "/training", say, Idempotency_Key=key) for _ in range(2)]
        self.assertEqual([r.status for r in replies], [201, 201])
        self.assertEqual(len(self.clerk.get(self.path(new)).json["training"]), 1)

    def test_the_dossier_shows_load_by_draw_and_each_change(self):
        busy = next(r for r in self.clerk.get("/inspectors", limit=200).json["rows"]
                    if self.clerk.get(f"/inspectors/{r['code']}/dossier").json["draws"])
        draws = self.clerk.get(f"/inspectors/{busy['code']}/dossier").json["draws"]
        self.assertEqual(set(draws[0]), {"draw", "attempt", "task", "task_name", "from", "to", "places", "reserves", "recused"})
        new = self.inspector()
        self.clerk.put(self.path(new), {"level": "县级"}, If_Match=new.getheader("ETag"))
        changes = self.clerk.get(self.path(new) + "/dossier").json["changes"]
        self.assertEqual([c["act"] for c in changes], ["inspector.change", "inspector.add"])
        self.assertEqual(changes[0]["detail"], {"fields": ["level"]})
        self.assertIn("scjgj-clerk", changes[0]["actor"])


def world_day(clock, days):
    import datetime
    return str((datetime.datetime.fromtimestamp(clock + 8 * 3600, datetime.timezone.utc) + datetime.timedelta(days=days)).date())


class Private(PeopleTest):
    def test_numbers_are_masked_everywhere_and_opened_with_a_reason_that_is_an_entry(self):
        new = self.inspector(phone=PHONE, id_no=ID_NO)
        self.assertEqual((new.json["phone_masked"], new.json["id_no_masked"]), ("138****1234", "1101**********002X"))
        for path in (self.path(new), "/inspectors?limit=200", self.path(new) + "/dossier"):
            content = self.clerk.get(path).content
            self.assertNotIn(PHONE.encode(), content)
            self.assertNotIn(ID_NO.encode(), content)
        self.assertEqual(pointers(self.clerk.post(self.path(new) + "/reveal", {})), ["/reason"])
        self.assertNotIn("inspector.reveal", self.acts(new))
        shown = self.clerk.post(self.path(new) + "/reveal", {"reason": "通知参加抽查"})
        self.assertEqual(shown.json, {"phone": PHONE, "id_no": ID_NO})
        changes = self.clerk.get(self.path(new) + "/dossier").json["changes"]
        self.assertEqual((changes[0]["act"], changes[0]["detail"]["reason"]), ("inspector.reveal", "通知参加抽查"))

    def acts(self, new):
        return [c["act"] for c in self.clerk.get(self.path(new) + "/dossier").json["changes"]]

    def test_to_see_them_is_a_permission_of_its_own(self):
        new = self.inspector(phone=PHONE)
        self.assertEqual(self.reviewer.get(self.path(new)).json["phone_masked"], "138****1234")
        self.assertEqual(self.reviewer.post(self.path(new) + "/reveal", {"reason": "x"}).status, 403)
        self.assertEqual(self.users["system"].post(self.path(new) + "/reveal", {"reason": "x"}).status, 403)
        self.assertEqual(self.other.post(self.path(new) + "/reveal", {"reason": "x"}).status, 404)
        self.assertEqual(self.gushi.post(self.path(new) + "/reveal", {"reason": "x"}).status, 200)
        self.assertEqual(self.county.post(self.path(new) + "/reveal", {"reason": "x"}).status, 404)

    def test_nothing_of_them_is_in_the_files_of_the_installation(self):
        self.inspector(phone="13900005678", id_no=ID_NO)
        expert = self.clerk.post("/experts", {"code": "ZJ-" + uuid.uuid4().hex[:8], "name": "专家", "phone": "13900005678"})
        self.assertEqual(expert.json["phone_masked"], "139****5678")
        database = self.office.directory / "mingqian.db"
        if database.exists():  # move the log of the database into it
            sqlite3.connect(database).execute("PRAGMA wal_checkpoint(FULL)")
        for file in self.office.directory.rglob("*"):
            if file.is_file():
                content = file.read_bytes()
                self.assertNotIn(b"13900005678", content, file)
                self.assertNotIn(ID_NO.encode(), content, file)
        self.assertEqual((self.office.directory / "keys" / "person.key").stat().st_mode & 0o777, 0o600)


class Scope(PeopleTest):
    def test_each_part_of_an_inspector_follows_its_department_and_region(self):
        new = self.inspector(phone=PHONE)
        path, tag = self.path(new), new.getheader("ETag")
        reads = ("", "/dossier")
        writes = [("PUT", "", {"level": "x"}), ("POST", "/state", {"state": "left", "reason": "x"}),
                  ("PUT", "/certificates", {"kind": "national", "no": "1", "valid_to": "2027-01-01"}),
                  ("POST", "/certificates/national/remove", {"reason": "x"}), ("POST", "/leave", {"from": "2027-01-01", "to": "2027-01-02"}),
                  ("PUT", "/leave/2027-01-01", {"from": "2027-01-01", "to": "2027-01-02"}), ("DELETE", "/leave/2027-01-01", None),
                  ("POST", "/recusals", {"target": "P-1", "kind": "other", "evidence": "x"}), ("POST", "/recusals/P-1/end", {"reason": "x"}),
                  ("POST", "/secondments", {"task": "1", "department": "sthjj", "reason": "x"}), ("POST", "/secondments/1/end", {"reason": "x"}),
                  ("POST", "/training", {"name": "x", "day": "2026-01-01", "hours": 1, "result": "passed"}), ("DELETE", "/training/1", None),
                  ("POST", "/reveal", {"reason": "x"})]
        for who, status in ((self.other, 404), (self.county, 404), (self.anonymous, 401), (self.users["system"], 403)):
            for part in reads:
                self.assertEqual(who.get(path + part).status, status, part)
            for method, part, body in writes:
                self.assertEqual(who.request(method, path + part, body, If_Match=tag).status, status, (method, part))
        self.assertEqual(self.clerk.get(path).getheader("ETag"), tag, "nothing was changed")
        self.assertEqual(self.gushi.get(path).status, 200)
        self.assertEqual(self.gushi.put(path, {"level": "县级"}, If_Match=tag).status, 200)

    def test_lists_hold_ones_own_department_and_region_alone(self):
        code = self.inspector().json["code"]
        for who, sees in ((self.clerk, True), (self.gushi, True), (self.all, True), (self.county, False), (self.other, False)):
            self.assertEqual(code in [r["code"] for r in who.get("/inspectors", q=code).json["rows"]], sees)
        self.assertEqual({r["region"] for r in self.county.get("/inspectors", limit=200).json["rows"]}, {"411502"})
        self.assertEqual(self.county.get("/inspectors", region="411525").json["rows"], [])
        self.assertEqual({r["region"][:6] for r in self.clerk.get("/inspectors", region="411525", limit=200).json["rows"]}, {"411525"})
        self.assertEqual({r["region"] for r in self.county.get("/certificates/expiring", days=3000).json["rows"]}, {"411502"})

    def test_nobody_enters_or_moves_people_out_of_the_scope(self):
        say = {"code": "ZF-" + uuid.uuid4().hex[:8], "name": "检查员", "region": "411525"}
        self.assertEqual(self.county.post("/inspectors", say).status, 403)
        self.assertEqual(self.clerk.post("/inspectors", {**say, "department": "sthjj"}).status, 403)
        new = self.inspector()
        for body in ({"department": "sthjj"}, {"region": "411502"}, {"region": None}):
            browser = self.clerk if "department" in body else self.gushi
            self.assertEqual(browser.put(self.path(new), body, If_Match=new.getheader("ETag")).status, 403, body)
        self.assertEqual(self.all.put(self.path(new), {"department": "sthjj"}, If_Match=new.getheader("ETag")).status, 200)


class Teams(PeopleTest):
    def test_a_team_is_formed_changed_filters_the_list_and_is_dissolved(self):
        people = [self.inspector().json["code"] for _ in range(2)]
        code = "T-" + uuid.uuid4().hex[:8]
        say = {"code": code, "name": "食品组", "members": people, "lead": people[0], "purpose": "食品抽查"}
        self.assertEqual(pointers(self.clerk.post("/teams", {**say, "lead": "ZF-none"})), ["/lead"])
        self.assertEqual(pointers(self.clerk.post("/teams", {**say, "members": ["ZF-none"]})), ["/members"])
        made = self.clerk.post("/teams", say)
        self.assertEqual((made.status, [m["code"] for m in made.json["members"]]), (201, sorted(people)))
        self.assertEqual({r["code"] for r in self.clerk.get("/inspectors", team=code).json["rows"]}, set(people))
        self.assertEqual(next(t for t in self.clerk.get("/teams").json["rows"] if t["code"] == code)["ready"], 0)
        self.assertEqual(self.clerk.get("/inspectors/" + people[0]).json["teams"], [{"code": code, "name": "食品组"}])
        for who, status in ((self.other, 404), (self.county, 404), (self.anonymous, 401)):
            self.assertEqual(who.get("/teams/" + code).status, status)
            self.assertEqual(who.put("/teams/" + code, {"name": "x", "members": []}, If_Match='"1"').status, status)
            self.assertEqual(who.request("DELETE", "/teams/" + code, If_Match='"1"').status, status)
        changed = self.clerk.put("/teams/" + code, {"name": "餐饮组", "members": people[:1]}, If_Match=made.getheader("ETag"))
        self.assertEqual((changed.status, changed.json["name"], len(changed.json["members"])), (200, "餐饮组", 1))
        self.assertEqual(self.clerk.put("/teams/" + code, {"name": "x", "members": []}, If_Match=made.getheader("ETag")).status, 412)
        self.assertEqual(self.clerk.request("DELETE", "/teams/" + code, If_Match=changed.getheader("ETag")).status, 204)
        self.assertEqual(self.clerk.get("/teams/" + code).status, 404)


class Experts(PeopleTest):
    def expert(self, browser=None, **more):
        reply = (browser or self.clerk).post("/experts", {"code": "ZJ-" + uuid.uuid4().hex[:8], "name": "专家", **more})
        self.assertEqual(reply.status, 201, reply.content)
        return reply

    def test_an_expert_has_a_contract_that_warns_and_conflicts(self):
        new = self.expert(organisation="检测研究院", specialty=["特种设备"], contract_no="聘-1", contract_from="2025-01-01",
                          contract_to=world_day(self.office.clock, 20), conflicts=["91350100M000100Y43"])
        self.assertEqual((new.json["warning"], new.json["days_left"], new.json["department"]), ("30", 20, "scjgj"))
        path = "/experts/" + new.json["code"]
        wrong = self.clerk.put(path, {"contract_to": "2024-01-01"}, If_Match=new.getheader("ETag"))
        self.assertEqual((wrong.status, pointers(wrong)), (422, ["/contract_to"]))
        self.assertEqual(pointers(self.clerk.put(path, {"conflicts": ["nobody"]}, If_Match=new.getheader("ETag"))), ["/conflicts"])
        self.assertEqual(self.clerk.put(path, {"name": "x"}).status, 428)
        cleared = self.clerk.put(path, {"contract_to": None, "specialty": []}, If_Match=new.getheader("ETag"))
        self.assertEqual((cleared.json["contract_to"], cleared.json["specialty"], cleared.json["organisation"]), (None, [], "检测研究院"))
        self.assertEqual(self.clerk.put(path, {"name": "x"}, If_Match=new.getheader("ETag")).status, 412)

    def test_contracts_are_counted_on_the_desk_and_filter_the_list(self):
        new = self.expert(contract_to=world_day(self.office.clock, 3))
        self.assertIn("contract.7", {w["id"] for w in self.clerk.get("/dashboard").json["warnings"]})
        self.assertIn(new.json["code"], [r["code"] for r in self.clerk.get("/experts", ending=7, limit=200).json["rows"]])

    def test_other_departments_and_counties_do_not_see_them_but_all_see_those_that_are_shared(self):
        own, shared = self.expert(region="411525", phone=PHONE), self.expert(self.all)
        path, tag = "/experts/" + own.json["code"], own.getheader("ETag")
        for who, status in ((self.other, 404), (self.county, 404), (self.anonymous, 401), (self.users["audit"], 403)):
            self.assertEqual(who.get(path).status, status)
            self.assertEqual(who.put(path, {"name": "x"}, If_Match=tag).status, status)
            self.assertEqual(who.post(path + "/state", {"state": "left", "reason": "x"}, If_Match=tag).status, status)
            self.assertEqual(who.post(path + "/reveal", {"reason": "x"}).status, status)
            self.assertEqual(who.get(path + "/dossier").status, status)
        self.assertIsNone(shared.json["department"])
        for who in (self.clerk, self.other, self.county):
            self.assertEqual(who.get("/experts/" + shared.json["code"]).status, 200)
            self.assertEqual(who.put("/experts/" + shared.json["code"], {"name": "x"}, If_Match='"1"').status, 403)
            codes = [r["code"] for r in who.get("/experts", q="ZJ-", limit=200).json["rows"]]
            self.assertIn(shared.json["code"], codes)
            self.assertEqual(own.json["code"] in codes, who is self.clerk)

    def test_leaving_and_coming_back_have_reasons_and_a_look_is_an_entry(self):
        new = self.expert(phone=PHONE)
        path = "/experts/" + new.json["code"]
        self.assertEqual(pointers(self.clerk.post(path + "/state", {"state": "left"}, If_Match=new.getheader("ETag"))), ["/reason"])
        left = self.clerk.post(path + "/state", {"state": "left", "reason": "聘期届满"}, If_Match=new.getheader("ETag"))
        self.assertEqual((left.json["state"], left.json["state_reason"]), ("left", "聘期届满"))
        self.assertEqual(self.clerk.post(path + "/reveal", {"reason": "联系续聘"}).json["phone"], PHONE)
        self.assertEqual([c["act"] for c in self.clerk.get(path + "/dossier").json["changes"]],
                         ["expert.reveal", "expert.state", "expert.add"])

    def test_pages_hold_every_expert_once(self):
        cursor, seen = None, []
        while True:
            page = self.all.get("/experts", cursor=cursor, limit=7).json
            seen += [r["code"] for r in page["rows"]]
            cursor = page["next"]
            if cursor is None:
                break
        self.assertEqual(seen, sorted(set(seen)))
        self.assertGreater(len(seen), 7)


class Imports(PeopleTest):
    def report(self, browser, kind, text):
        name = uuid.uuid4().hex + ".csv"
        path = "/imports?" + world.urllib.parse.urlencode({"kind": kind, "name": name})
        job = browser.request("POST", path, raw=text.encode(), Content_Type="application/octet-stream")
        self.assertEqual(job.status, 202, job.content)
        import time
        for _ in range(200):
            if browser.get("/jobs/" + job.json["id"]).json["ended"]:
                break
            time.sleep(0.05)
        return next(r for r in browser.get("/imports", limit=100).json["rows"] if r["name"] == name)

    def test_private_columns_come_in_checked_and_people_of_others_are_rejected(self):
        mine, theirs = self.inspector().json["code"], self.other.get("/inspectors", limit=1).json["rows"][0]["code"]
        text = ("人员编号,姓名,部门,所在区划,手机号,身份证号\n"
                f"{mine},检查员-新,scjgj,411525,{PHONE},{ID_NO}\n"
                f"{mine}x,检查员-坏,scjgj,411525,123,{ID_NO}\n"
                f"{theirs},冒名,scjgj,411502,,\n")
        tried = self.report(self.clerk, "inspectors", text)
        self.assertEqual([tried["report"][k] for k in ("read", "added", "changed", "rejected")], [3, 0, 1, 2], tried)
        self.assertIsNone(self.clerk.get("/inspectors/" + mine).json["phone_masked"], "a dry run changes nothing")
        self.assertEqual(self.other.get("/inspectors/" + theirs).json["department"], "sthjj")


if __name__ == "__main__":
    unittest.main()
