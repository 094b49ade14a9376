#!/usr/bin/env python3
"""The target registry through /api/v1: filters, search, edits, departments that share a target, duplicates, bulk tags. On
SQLite, and on PostgreSQL when MQ_TEST_OFFICE_DB holds a URL."""
import json
import pathlib
import sys
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fixture  # noqa: E402
import office as world  # noqa: E402


def scope(**fields):
    return json.dumps(fields, ensure_ascii=False)


class TargetTest(world.Case):
    serial = 0

    def account(self, *roles, **of):
        login = "t" + uuid.uuid4().hex[:10]
        reply = self.users["system"].post("/accounts", {"login": login, "name": "测试员", **of})
        self.assertEqual(reply.status, 201, reply.content)
        self.office.links[login] = reply.json["link"].split("/")[-1]
        self.users["security"].put(f"/accounts/{login}/roles", {"roles": list(roles)})
        return self.office.enter(login)

    def new_code(self):
        TargetTest.serial += 1
        return fixture.uscc("91411525" + fixture.organisation(60000000 + TargetTest.serial * 7919))

    def open(self, name, browser=None, **fields):
        body = {"code": self.new_code(), "name": name, "region": "411525", **fields}
        reply = (browser or self.clerk).post("/targets", body)
        self.assertEqual(reply.status, 201, reply.content)
        return reply.json

    def edit(self, browser, code, **fields):
        tag = browser.get("/targets/" + code).getheader("ETag")
        return browser.put("/targets/" + code, fields, If_Match=tag)

    def all(self, browser, path, **query):
        cursor, rows = None, []
        while True:
            page = browser.get(path, cursor=cursor, limit=200, **query)
            self.assertEqual(page.status, 200, page.content)
            rows += page.json["rows"]
            cursor = page.json["next"]
            if cursor is None:
                return rows


class Desk(TargetTest):
    LOGINS = ("system", "scjgj-clerk", "scjgj-review")

    def warnings(self, browser):
        return {w["id"]: w for w in browser.get("/dashboard").json["warnings"]}

    def test_the_desk_warns_of_licences_that_end_and_leads_to_their_list(self):
        before = {k: w["count"] for k, w in self.warnings(self.clerk).items()}
        soon = self.open("许可将满商店", licences=[{"name": "食品经营许可证", "no": "J1", "to": "2026-12-10"}])
        late = self.open("许可已过商店", licences=[{"name": "食品经营许可证", "no": "J2", "to": "2026-11-01"}])
        self.open("许可有效商店", licences=[{"name": "食品经营许可证", "no": "J3", "to": "2028-11-01"}])
        after = self.warnings(self.clerk)
        self.assertEqual(after["licence.ending"]["count"], before.get("licence.ending", 0) + 2)
        self.assertEqual(after["licence.ended"]["count"], before.get("licence.ended", 0) + 1)
        query = after["licence.ending"]["link"].split("?scope=")[1]
        codes = {t["code"] for t in self.all(self.clerk, "/targets", scope=world.urllib.parse.unquote(query))}
        self.assertLessEqual({soon["code"], late["code"]}, codes)
        self.assertEqual(len(codes), after["licence.ending"]["count"])
        self.assertNotIn("licence.ending", self.warnings(self.users["scjgj-review"]), "of those who keep the registry")


class Filters(TargetTest):
    def test_count_and_list_agree_and_regions_hold_what_lies_below(self):
        for one in ({}, {"regions": ["411500"]}, {"regions": ["411525"]}, {"statuses": ["active"], "entity_types": ["individual"]},
                    {"risk_classes": ["D"]}, {"tags_none": ["没有这个标签"]}, {"visited_before": "2026-03-01"}):
            rows = self.all(self.clerk, "/targets", scope=json.dumps(one))
            count = self.clerk.get("/targets/count", scope=json.dumps(one)).json["count"]
            self.assertEqual(len(rows), count, one)
        county = self.all(self.clerk, "/targets", scope=scope(regions=["411525"]))
        self.assertTrue(county)
        self.assertEqual({r["region"][:6] for r in county}, {"411525"})

    def test_a_wrong_scope_is_refused_with_its_pointer(self):
        for bad in ("{", '{"nonsense":1}', '{"regions":["41|.*"]}', '{"established_from":"2026-02-30"}'):
            reply = self.clerk.get("/targets/count", scope=bad)
            self.assertEqual((reply.status, reply.json["errors"][0]["pointer"]), (422, "/scope"), bad)
        self.assertEqual(self.clerk.get("/targets", lacks="nonsense").status, 422)

    def test_risk_classes_are_no_filter_for_those_who_may_not_see_them(self):
        secretary = self.account("secretary")
        wanted = scope(risk_classes=["D"])
        self.assertEqual(secretary.get("/targets", scope=wanted).status, 403)
        self.assertEqual(secretary.get("/targets/count", scope=wanted).status, 403)
        self.assertEqual(self.clerk.get("/targets/count", scope=wanted).status, 200)

    def test_a_filter_is_saved_shared_renamed_and_deleted(self):
        reply = self.clerk.post("/filters", {"name": "固始企业", "shared": False, "scope": {"regions": ["411525"]}})
        self.assertEqual(reply.status, 201, reply.content)
        path, tag = "/filters/" + reply.json["id"], reply.getheader("ETag")
        self.assertEqual(reply.json["scope"], {"regions": ["411525"], "departments": ["scjgj"]})
        again = self.clerk.post("/filters", {"name": "固始企业", "scope": {}})
        self.assertEqual((again.status, again.json["errors"][0]["pointer"]), (409, "/name"))
        colleague = self.users["scjgj-review"]
        self.assertEqual(colleague.get(path).status, 404)
        changed = self.clerk.put(path, {"name": "固始", "shared": True, "scope": {"regions": ["411525"]}}, If_Match=tag)
        self.assertEqual(changed.status, 200, changed.content)
        self.assertIn("固始", [f["name"] for f in colleague.get("/filters").json["rows"]])
        self.assertEqual(self.other.get(path).status, 404)
        self.assertEqual(self.clerk.put(path, {"name": "x", "scope": {}}, If_Match=tag).status, 412)
        self.assertEqual([self.clerk.delete(path).status for _ in range(2)], [204, 404])

    def test_a_saved_filter_is_the_scope_of_a_task(self):
        self.clerk.post("/filters", {"name": "抽查范围", "shared": True, "scope": {"regions": ["411525"], "entity_types": ["enterprise"]}})
        item = next(i["code"] for i in self.clerk.get("/items", state="published", limit=200).json["rows"] if i["department"] == "scjgj")
        task = {"adhoc_reason": "投诉集中", "name": "按已存筛选抽查", "items": [item], "filter": "抽查范围",
                "strata": {"by": "one", "strata": [{"ratio_bp": 100}]}, "lead": "scjgj",
                "participants": ["scjgj"], "from": "2026-11-25", "to": "2026-12-31"}
        file = self.office.directory / "task.json"
        file.write_text(json.dumps(task, ensure_ascii=False), encoding="utf-8")
        made = json.loads(self.office.run("task", "create", str(file), "--json"))
        shown = json.loads(self.office.run("task", "show", made["task"] if "task" in made else made["code"], "--json"))
        self.assertEqual(shown["scope"], {"regions": ["411525"], "entity_types": ["enterprise"], "departments": ["scjgj"]})


class Search(TargetTest):
    def test_name_first_letters_former_name_and_code_find_a_target_at_once(self):
        t = self.open("固始县琥珀茶社")
        for words in ("琥珀茶", "hpcs", "GSXHPCS", t["code"][:12], t["code"].lower()):
            self.assertIn(t["code"], [r["code"] for r in self.clerk.get("/targets", q=words, limit=200).json["rows"]], words)
        self.assertEqual(self.edit(self.clerk, t["code"], name="固始县翡翠茶社").status, 200)
        for words in ("翡翠茶", "琥珀茶", "fccs"):
            self.assertIn(t["code"], [r["code"] for r in self.clerk.get("/targets", q=words).json["rows"]], words)
        self.assertEqual(self.clerk.get("/targets", q="hpcs").json["rows"], [])

    def test_filters_and_the_row_scope_come_before_the_limit(self):
        browser = self.other
        for i in range(6):
            self.open(f"限额试验商贸{i}")
        mine = self.open("限额试验商贸甲", browser)
        self.assertEqual([r["code"] for r in browser.get("/targets", q="限额试验", limit=1).json["rows"]], [mine["code"]])
        pages, cursor = [], None
        while True:
            page = self.clerk.get("/targets", q="限额试验", limit=2, cursor=cursor).json
            pages += [r["code"] for r in page["rows"]]
            cursor = page["next"]
            if cursor is None:
                break
        self.assertEqual((len(pages), len(set(pages))), (6, 6))
        self.assertEqual(self.clerk.get("/targets", q="限额试验", region="411502").json["rows"], [])

    def test_a_search_text_that_is_too_long_is_refused(self):
        self.assertEqual(self.clerk.get("/targets", q="长" * 31).status, 422)


class Edits(TargetTest):
    def test_null_empties_and_absent_stays(self):
        t = self.open("清空试验", contact="0376-1", address="某路 1 号")
        reply = self.edit(self.clerk, t["code"], contact=None)
        self.assertEqual((reply.status, reply.json["contact"], reply.json["address"]), (200, None, "某路 1 号"))
        reply = self.edit(self.clerk, t["code"], name=None)
        self.assertEqual((reply.status, reply.json["errors"][0]["pointer"]), (422, "/name"))

    def test_the_dossier_tells_before_and_after_who_and_when(self):
        t = self.open("变更试验", contact="0376-1")
        self.edit(self.clerk, t["code"], contact="0376-2", established="2020-05-01")
        changes = self.clerk.get(f"/targets/{t['code']}/dossier").json["changes"]
        seen = {c["field"]: (c["before"], c["after"]) for c in changes}
        self.assertEqual(seen, {"code": (None, t["code"]), "contact": ("0376-1", "0376-2"), "established": (None, "2020-05-01")})
        self.assertEqual({c["actor"] for c in changes}, {self.clerk.get("/session").json["name"]})

    def test_a_product_has_fields_of_its_own_and_needs_no_code(self):
        firm = self.open("某电器厂")
        reply = self.clerk.post("/targets", {"name": "电热水器", "kind": "product", "region": "411525", "holder": firm["code"],
                                             "particulars": {"model": "X-1"}})
        self.assertEqual(reply.status, 201, reply.content)
        self.assertTrue(reply.json["code"].startswith("P-"))
        self.assertEqual(reply.json["particulars"], {"model": "X-1"})
        wrong = self.edit(self.clerk, reply.json["code"], particulars={"stage": "施工"})
        self.assertEqual((wrong.status, wrong.json["errors"][0]["pointer"]), (422, "/particulars"))
        wrong = self.edit(self.clerk, reply.json["code"], industry="Z99")
        self.assertEqual((wrong.status, wrong.json["errors"][0]["pointer"]), (422, "/industry"))

    def test_a_row_outside_the_region_can_be_neither_read_nor_written(self):
        county = self.account("clerk", department="scjgj", region="411525")
        t = self.open("外县商贸", region="411502")
        for path in ("", "/dossier", "/known"):
            self.assertEqual(county.get(f"/targets/{t['code']}{path}").status, 404, path)
        self.assertEqual(county.put("/targets/" + t["code"], {"contact": "1"}, If_Match='"1"').status, 404)
        for act in ("claim", "release"):
            self.assertEqual(county.post(f"/targets/{t['code']}/{act}").status, 404, act)
        mine = self.open("本县商贸", county)
        self.assertEqual(self.edit(county, mine["code"], region="411502").status, 403)
        self.assertEqual(county.post(f"/targets/{mine['code']}/merge", {"drop": t["code"], "reason": "x"}).status, 404)


class Shared(TargetTest):
    def test_a_second_department_takes_it_on_instead_of_typing_it_again(self):
        t = self.open("共管商贸")
        code = t["code"]
        twice = self.other.post("/targets", {"code": code, "name": "共管商贸", "region": "411525"})
        self.assertEqual((twice.status, twice.json["errors"][0]["pointer"]), (409, "/code"))
        known = self.other.get(f"/targets/{code}/known").json
        self.assertEqual((known["name"], known["mine"], known["visible"]), ("共管商贸", False, False))
        self.assertEqual([self.other.post(f"/targets/{code}/claim").status for _ in range(2)], [200, 200])
        seen = self.other.get("/targets/" + code).json
        self.assertEqual((seen["departments"], seen["claimed"]), (["scjgj", "sthjj"], ["sthjj"]))
        refused = self.edit(self.other, code, contact="1")
        self.assertEqual((refused.status, refused.json["errors"][0]["pointer"]), (403, "/contact"))
        self.assertEqual(self.edit(self.other, code, tags=["排污"]).status, 200)
        self.assertEqual(self.other.post(f"/targets/{code}/release").status, 204)
        self.assertEqual(self.other.get("/targets/" + code).status, 404)
        self.assertEqual(self.clerk.post(f"/targets/{code}/release").status, 409)


class Duplicates(TargetTest):
    def test_both_codes_lead_to_the_kept_record(self):
        keep, drop = self.open("双胞商贸", tags=["甲"]), self.open("双胞贸易", contact="0376-9", tags=["乙"])
        path = f"/targets/{keep['code']}/merge"
        self.assertEqual(self.clerk.post(path, {"drop": drop["code"]}).status, 422)
        self.assertEqual([self.clerk.post(path, {"drop": drop["code"], "reason": "同一门店"}).status for _ in range(2)], [200, 200])
        for code in (keep["code"], drop["code"]):
            got = self.clerk.get("/targets/" + code).json
            self.assertEqual((got["code"], got["contact"], got["tags"], got["former_names"]),
                             (keep["code"], "0376-9", ["乙", "甲"], ["双胞贸易"]))
        self.assertEqual([r["code"] for r in self.clerk.get("/targets", q=drop["code"]).json["rows"]], [keep["code"]])
        self.assertEqual([r["code"] for r in self.clerk.get("/targets", q="双胞贸易").json["rows"]], [keep["code"]])
        merged = self.clerk.get(f"/targets/{keep['code']}/dossier").json["merged"]
        self.assertEqual([(m["code"], m["reason"]) for m in merged], [(drop["code"], "同一门店")])
        self.assertEqual(self.clerk.post(path, {"drop": keep["code"], "reason": "x"}).status, 422)

    def test_namesakes_are_listed_within_the_row_scope(self):
        for _ in range(2):
            self.open("同名双店")
        rows = self.all(self.clerk, "/targets/same-name")
        self.assertIn({"name": "同名双店", "targets": 2}, rows)
        self.assertNotIn("同名双店", [r["name"] for r in self.all(self.other, "/targets/same-name")])


class Health(TargetTest):
    def test_each_finding_has_its_list_and_counts_ones_own_rows(self):
        licence = [{"name": "食品经营许可证", "no": "1", "issuer": "局", "to": "2026-01-01"}]
        t = self.open("体检商贸", licences=licence)
        for browser in (self.clerk, self.other):
            health = browser.get("/targets/health").json
            for finding in ("region", "derived_region", "industry", "address", "department", "unreachable", "expired_licence", "stale"):
                rows = self.all(browser, "/targets", lacks=finding)
                self.assertEqual(len(rows), health[finding] or 0, finding)
        self.assertIn(t["code"], [r["code"] for r in self.all(self.clerk, "/targets", lacks="expired_licence")])
        self.assertLess(self.other.get("/targets/health").json["targets"], self.all_count())

    def all_count(self):
        return self.account("clerk").get("/targets/count").json["count"]


class Bulk(TargetTest):
    def ended(self, browser, job):
        for _ in range(200):
            state = browser.get("/jobs/" + job).json
            if state["ended"]:
                return state
            time.sleep(0.05)
        self.fail("the job does not end")

    def test_all_that_match_are_tagged_by_a_job_and_those_of_others_are_not(self):
        count = self.clerk.get("/targets/count", scope=scope(regions=["411525"])).json["count"]
        self.assertGreater(count, 0)
        reply = self.clerk.post("/targets/tag-all", {"scope": {"regions": ["411525"]}, "add": ["春季检查"]})
        self.assertEqual(reply.status, 202, reply.content)
        job = self.ended(self.clerk, reply.json["id"])
        self.assertEqual((job["state"], job["done"], job["total"]), ("done", count, count), job)
        tagged = self.clerk.get("/targets/count", scope=scope(tags=["春季检查"])).json["count"]
        self.assertEqual(tagged, count)
        everybody = self.account("clerk")
        self.assertEqual(everybody.get("/targets/count", scope=scope(tags=["春季检查"])).json["count"], count)
        again = self.clerk.post("/targets/tag-all", {"scope": {"tags": ["春季检查"]}, "remove": ["春季检查"]})
        self.assertEqual(self.ended(self.clerk, again.json["id"])["state"], "done")
        self.assertEqual(self.clerk.get("/targets/count", scope=scope(tags=["春季检查"])).json["count"], 0)

    def test_an_order_without_tags_or_with_a_wrong_scope_is_refused(self):
        for body in ({"scope": {}}, {"scope": {"nonsense": 1}, "add": ["x"]}, {"add": ["长" * 30]}):
            self.assertEqual(self.clerk.post("/targets/tag-all", body).status, 422, body)


if __name__ == "__main__":
    unittest.main()
