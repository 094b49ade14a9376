#!/usr/bin/env python3
"""The item list from outside: drafts, reviews with opinions, changes of the law, joint items, the two published layouts, and
what the portal shows of them. On SQLite, and on PostgreSQL when MQ_TEST_OFFICE_DB holds a URL."""
import http.client
import io
import pathlib
import sys
import time
import unittest
import urllib.parse
import uuid
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402

BODY = {"domain": "登记注册", "name": "亮照经营检查", "class": "GENERAL", "cap_bp": 300, "target_scope": "企业", "target_tags": ["食品"],
        "methods": ["written", "on_site"], "levels": ["city", "county"], "points": [{"content": "亮照", "how": "现场查看"}],
        "legal_basis": [{"law": "《试验条例》", "article": "第三条", "text": "应当亮照", "from": "2022-03-01"}], "frequency": "1次/年",
        "expert_needed": True, "skills": ["登记"]}


def code(reply):
    return reply.json["code"] if reply.json else None


def pointers(reply):
    return {e["pointer"]: e["code"] for e in reply.json["errors"]}


class ItemsTest(world.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk, cls.reviewer, cls.other = (cls.users[u] for u in ("scjgj-clerk", "scjgj-review", "sthjj-clerk"))

    def drafted(self, **more):
        body = dict(BODY, code="T-" + uuid.uuid4().hex[:8], **more)
        reply = self.clerk.post("/items", body)
        self.assertEqual(reply.status, 201, reply.content)
        return body["code"]

    def moved(self, who, item, state, reason=None, **more):
        body = dict(more, state=state, **({"reason": reason} if reason else {}))
        return who.post(f"/items/{item}/move", body)

    def published(self, **more):
        item = self.drafted(**more)
        for who, state in ((self.clerk, "legal_review"), (self.reviewer, "published")):
            self.assertEqual(self.moved(who, item, state).status, 200)
        return item

    def page(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.office.port, timeout=60)
        connection.request("GET", path)
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, text


class Items(ItemsTest):
    def test_a_version_says_all_its_fields_and_clears_what_is_not_said(self):
        item = self.drafted()
        first = self.clerk.get("/items/" + item)
        for name, value in BODY.items():
            self.assertEqual(sorted(first.json[name]) if name == "methods" else first.json[name], sorted(value) if name == "methods" else value)
        rest = {k: v for k, v in BODY.items() if k not in ("frequency", "skills", "target_tags", "expert_needed", "levels")}
        again = self.clerk.post(f"/items/{item}/versions", rest, If_Match=first.getheader("ETag"))
        self.assertEqual((again.status, again.json["version"]), (201, 2))
        self.assertEqual([again.json[k] for k in ("frequency", "skills", "target_tags", "expert_needed", "levels")], [None, [], [], False, []])
        stale = self.clerk.post(f"/items/{item}/versions", BODY, If_Match=first.getheader("ETag"))
        self.assertEqual((stale.status, code(stale)), (412, "ERR_CONFLICT"))
        same = self.clerk.post(f"/items/{item}/versions", rest)
        self.assertEqual((same.status, same.json["version"]), (200, 2), "nothing new is no version")

    def test_faults_are_told_at_their_fields(self):
        bad = dict(BODY, code="甲", name="", **{"class": "KEY"}, points=[{"how": "看"}], legal_basis=[{"law": "甲法", "from": "2026-02-30"}],
                   methods=["telepathy"], partners=["nobody"])
        reply = self.clerk.post("/items", bad)
        self.assertEqual(reply.status, 422)
        self.assertEqual(set(pointers(reply)), {"/name"}, "the form first")
        reply = self.clerk.post("/items", dict(bad, name="名"))
        self.assertEqual(set(pointers(reply)), {"/cap_bp", "/points/0/content", "/legal_basis/0/from", "/methods/0", "/partners/0"})
        self.assertEqual(pointers(self.clerk.post("/items", dict(BODY, code="甲"))), {"/code": "ERR_CHARSET"})

    def test_what_lacks_its_law_is_not_handed_in(self):
        item = self.drafted(legal_basis=[], cap_bp=None)
        reply = self.moved(self.clerk, item, "legal_review")
        self.assertEqual((reply.status, pointers(reply)), (422, {"/legal_basis": "ERR_MISSING", "/cap_bp": "ERR_MISSING"}))

    def test_a_returned_draft_keeps_the_opinion_and_the_mended_one_is_published(self):
        item = self.drafted()
        self.assertEqual(self.moved(self.clerk, item, "legal_review").status, 200)
        editing = self.clerk.post(f"/items/{item}/versions", dict(BODY, name="改"))
        self.assertEqual((editing.status, code(editing)), (409, "ERR_STATE"), "what is being read does not change")
        silent = self.moved(self.reviewer, item, "draft")
        self.assertEqual((silent.status, pointers(silent)), (422, {"/reason": "ERR_MISSING"}))
        self.assertEqual(self.moved(self.reviewer, item, "draft", "条款应写到项").status, 200)
        steps = self.clerk.get(f"/items/{item}/reviews").json["rows"]
        self.assertEqual([(s["to"], s["opinion"]) for s in steps], [("legal_review", None), ("draft", "条款应写到项")])
        self.assertEqual(self.other.get(f"/items/{item}/reviews").status, 404)
        mended = self.clerk.post(f"/items/{item}/versions", dict(BODY, legal_basis=[{"law": "《试验条例》", "article": "第三条第一项"}]))
        self.assertEqual((mended.status, mended.json["version"], mended.json["state"]), (201, 2, "draft"))
        self.assertEqual(self.moved(self.clerk, item, "legal_review", version=1).status, 409, "the draft that was replaced")
        self.assertEqual(self.moved(self.clerk, item, "legal_review").status, 200)
        self.assertEqual(self.moved(self.clerk, item, "published").status, 403)
        self.assertEqual(self.moved(self.reviewer, item, "published", "同意").json["state"], "published")
        self.assertEqual(self.other.get(f"/items/{item}/reviews").json["rows"], [], "opinions stay in the department")

    def test_others_see_what_is_in_force_while_the_next_version_is_drafted(self):
        item = self.published()
        draft = dict(BODY, name="新名称", reason="名称规范")
        self.assertEqual(pointers(self.clerk.post(f"/items/{item}/versions", dict(draft, reason=None))), {"/reason": "ERR_MISSING"})
        self.assertEqual(self.clerk.post(f"/items/{item}/versions", draft).status, 201)
        mine, theirs = self.clerk.get("/items/" + item).json, self.other.get("/items/" + item).json
        self.assertEqual((mine["version"], mine["state"], mine["in_force"]), (2, "draft", 1))
        self.assertEqual((theirs["version"], theirs["name"]), (1, BODY["name"]))
        self.assertEqual(self.other.get(f"/items/{item}/versions/2").status, 404)
        rows = {r["code"]: r for r in self.other.get("/items", q=item).json["rows"]}
        self.assertEqual(rows[item]["version"], 1)
        self.assertEqual(self.moved(self.reviewer, item, "suspended", "法规调整", version=1).status, 200)
        self.assertEqual(self.moved(self.reviewer, item, "retired", "法规废止", version=1).status, 200)
        self.assertEqual(self.clerk.get("/items/" + item).json["state"], "retired", "the draft ends with it")

    def test_the_summary_counts_and_warns(self):
        secretary = self.secretary()
        before = self.clerk.get("/items/summary").json
        item = self.published(cap_bp=9000)
        after = self.clerk.get("/items/summary").json
        self.assertEqual(after["states"]["published"], before["states"]["published"] + 1)
        self.assertEqual(after["classes"]["GENERAL"], before["classes"]["GENERAL"] + 1)
        self.assertIn(item, [i["code"] for w in after["warnings"] if w["id"] == "over_cap" for i in w["items"]])
        self.assertEqual(self.clerk.put("/items/limits", {"cap_bp": 9000, "key_share_bp": 1}).status, 403)
        self.assertEqual(pointers(secretary.put("/items/limits", {"cap_bp": 0, "key_share_bp": 1})), {"/cap_bp": "ERR_RANGE"})
        self.assertEqual(secretary.put("/items/limits", {"cap_bp": 9000, "key_share_bp": 1}).status, 200)
        warnings = {w["id"] for w in self.clerk.get("/items/summary").json["warnings"]}
        self.assertIn("key_share", warnings)
        self.assertNotIn("over_cap", warnings)
        secretary.put("/items/limits", {"cap_bp": 500, "key_share_bp": 3000})

    def secretary(self):
        login = "m" + uuid.uuid4().hex[:8]
        self.office.links[login] = self.users["system"].post("/accounts", {"login": login, "name": "秘书"}).json["link"].split("/")[-1]
        self.users["security"].put(f"/accounts/{login}/roles", {"roles": ["secretary"]})
        return self.office.enter(login)


class Law(ItemsTest):
    def test_a_change_of_the_law_reminds_until_a_version_is_drafted_or_a_reason_given(self):
        law = "《改" + uuid.uuid4().hex[:6] + "条例》"
        mine, kept = (self.published(legal_basis=[{"law": law, "article": "第五条"}]) for _ in range(2))
        say = {"law": law, "article": "第五条", "kind": "replaced", "day": "2026-12-31", "note": "新条例施行"}
        self.assertEqual(self.reviewer.post("/basis-changes", say).status, 403)
        self.assertEqual(pointers(self.clerk.post("/basis-changes", dict(say, kind="gone"))), {"/kind": "ERR_INPUT"})
        reply = self.other.post("/basis-changes", say)
        self.assertEqual((reply.status, reply.json["found"], reply.json["due"]), (201, 2, "2027-01-31"))
        self.assertEqual(self.clerk.post("/basis-changes", say).status, 409)
        change = reply.json["id"]
        self.assertEqual(self.other.get("/reminders", change=change).json["rows"], [], "the items are another department's")
        rows = self.clerk.get("/reminders", change=change, state="open").json["rows"]
        self.assertEqual({r["item"] for r in rows}, {mine, kept})
        self.assertIn("item.basis", [t["id"] for t in self.clerk.get("/dashboard").json["todos"]])
        self.assertEqual(self.clerk.get("/items/summary").json["reminders"] >= 2, True)
        self.clerk.post(f"/items/{mine}/versions", dict(BODY, name="随法修改", reason="依据被替代"))
        self.assertEqual(self.clerk.get("/reminders", item=mine).json["rows"][0]["state"], "drafted")
        keep = f"/basis-changes/{change}/keep"
        self.assertEqual(self.other.post(keep, {"item": kept, "reason": "不影响"}).status, 403)
        self.assertEqual(self.clerk.post(keep, {"item": kept}).status, 422)
        self.assertEqual(self.clerk.post(keep, {"item": kept, "reason": "条文内容未变"}).status, 204)
        self.assertEqual(self.clerk.post(keep, {"item": kept, "reason": "条文内容未变"}).status, 409)
        self.assertEqual(self.clerk.get("/reminders", change=change, state="open").json["rows"], [])
        listed = next(r for r in self.clerk.get("/basis-changes").json["rows"] if r["id"] == change)
        self.assertEqual((listed["found"], listed["open"]), (2, 0))


class Joint(ItemsTest):
    BODY = {"kind": "joint", "domain": "学校食堂", "name": "学校食堂检查", "target_scope": "各类学校", "partners": ["wjw", "jyty"], "levels": ["county"]}

    def test_a_joint_item_goes_the_way_of_an_item(self):
        item = "J-" + uuid.uuid4().hex[:8]
        self.assertEqual(pointers(self.clerk.post("/joint-items", dict(self.BODY, code=item, partners=["scjgj"]))), {"/partners/0": "ERR_DUPLICATE"})
        self.assertEqual(self.clerk.post("/joint-items", dict(self.BODY, code=item)).status, 201)
        self.assertEqual(self.other.get("/joint-items/" + item).status, 404)
        path = f"/joint-items/{item}/move"
        self.assertEqual(self.clerk.post(path, {"state": "legal_review"}).status, 200)
        self.assertEqual(self.clerk.post(path, {"state": "published"}).status, 403)
        self.assertEqual(self.reviewer.post(path, {"state": "draft", "reason": "层级不明"}).status, 200)
        self.assertEqual(self.clerk.post(f"/joint-items/{item}/versions", dict(self.BODY, levels=["city", "county"])).status, 201)
        self.assertEqual(self.clerk.post(path, {"state": "legal_review"}).status, 200)
        self.assertEqual(self.reviewer.post(path, {"state": "published"}).json["version"], 2)
        self.assertEqual(self.other.get("/joint-items/" + item).json["levels"], ["city", "county"])
        status, text = self.page(f"/joint-items/{item}/")
        self.assertEqual(status, 200)
        self.assertIn("学校食堂检查", text)
        self.assertIn(f"/joint-items/{item}/", self.page("/joint-items/")[1])
        self.assertEqual(self.reviewer.post(path, {"state": "retired", "reason": "不再联合"}).status, 200)
        self.assertNotIn(f"/joint-items/{item}/", self.page("/joint-items/")[1])

    def test_rules_of_procedure_are_published_with_their_text_and_history(self):
        code = "R-" + uuid.uuid4().hex[:8]
        say = {"kind": "rules", "domain": "综合", "name": "部门联合抽查实施办法", "partners": ["wjw"], "levels": ["city", "county"]}
        self.assertEqual(pointers(self.clerk.post("/joint-items", dict(say, code=code))), {"/body": "ERR_MISSING"})
        self.assertEqual(pointers(self.clerk.post("/joint-items", dict(say, code=code, body="长" * 5001))), {"/body": "ERR_LENGTH"})
        self.assertEqual(pointers(self.clerk.post("/joint-items", dict(say, code=code, body="第一条", items=["SCJGJ-06"]))), {"/items": "ERR_INPUT"})
        first = "第一条 为规范部门联合抽查，制定本办法。\n第二条 抽取由<发起部门>组织。"
        self.assertEqual(self.clerk.post("/joint-items", dict(say, code=code, body=first)).json["body"], first)
        move = f"/joint-items/{code}/move"
        self.assertEqual(self.clerk.post(move, {"state": "legal_review"}).status, 200)
        self.assertEqual(self.page(f"/joint-items/{code}/")[0], 404)
        self.assertEqual(self.reviewer.post(move, {"state": "published"}).status, 200)
        text = self.page(f"/joint-items/{code}/")[1]
        self.assertIn("第二条 抽取由&lt;发起部门&gt;组织。", text)
        self.assertIn("部门联合抽查实施办法", self.page("/joint-items/")[1])
        again = dict(say, body=first + "\n第三条 自公布之日起施行。")
        version = self.clerk.get("/joint-items/" + code).getheader("ETag")
        self.assertEqual(pointers(self.clerk.post(f"/joint-items/{code}/versions", again, If_Match=version)), {"/reason": "ERR_MISSING"})
        self.assertEqual(self.clerk.post(f"/joint-items/{code}/versions", dict(again, reason="补充施行日期"), If_Match=version).json["version"], 2)
        self.assertEqual(self.clerk.post(move, {"state": "legal_review"}).status, 200)
        self.assertEqual(self.reviewer.post(move, {"state": "published"}).status, 200)
        text = self.page(f"/joint-items/{code}/")[1]
        self.assertIn("补充施行日期", text)
        self.assertIn("第三条 自公布之日起施行。", text)
        self.assertEqual(self.clerk.get(f"/joint-items/{code}/versions/1").json["body"], first)

    def test_a_bundle_holds_known_items_in_their_order(self):
        item = "B-" + uuid.uuid4().hex[:8]
        body = dict(self.BODY, kind="trade", domain="餐饮业", name="餐饮店一业一查", code=item)
        self.assertEqual(pointers(self.clerk.post("/joint-items", dict(body, items=["SCJGJ-06"]))), {"/items": "ERR_MISSING"})
        self.assertEqual(pointers(self.clerk.post("/joint-items", dict(body, items=["SCJGJ-06", "NO-1"]))), {"/items/1": "ERR_NOT_FOUND"})
        self.assertEqual(self.clerk.post("/joint-items", dict(body, items=["SCJGJ-06", "SCJGJ-01"])).json["items"], ["SCJGJ-06", "SCJGJ-01"])
        self.assertEqual({r["kind"] for r in self.clerk.get("/joint-items", kind="trade").json["rows"]}, {"trade"})


class Layouts(ItemsTest):
    def hand_in(self, kind, name, data):
        path = "/imports?" + urllib.parse.urlencode({"kind": kind, "name": name})
        reply = self.clerk.request("POST", path, raw=data, Content_Type="application/octet-stream")
        self.assertEqual(reply.status, 202, reply.content)
        for _ in range(300):
            if self.clerk.get("/jobs/" + reply.json["id"]).json["ended"]:
                break
            time.sleep(0.05)
        return next(r for r in self.clerk.get("/imports", limit=100).json["rows"] if r["name"] == name)

    def test_the_item_list_goes_out_and_comes_back_unchanged(self):
        self.published(name="-5℃冷库检查" + uuid.uuid4().hex[:4], legal_basis=[{"law": "《甲法》", "article": "第一条", "text": "条文", "from": "2020-01-01"},
                                                                          {"law": "乙办法", "text": "全文"}])
        for form in ("csv", "xlsx"):
            reply = self.clerk.get("/items/export", layout="published", format=form, department="scjgj")
            self.assertEqual(reply.status, 200)
            if form == "csv":
                lines = reply.content.decode("utf-8-sig").splitlines()
                self.assertTrue(reply.content.startswith(b"\xef\xbb\xbf"))
                self.assertEqual(lines[0], "序号,抽查类别,抽查事项,检查对象,事项类别,检查方式,检查主体,检查依据")
                self.assertTrue(any("'-5℃" in line for line in lines), "no cell begins like a formula")
            else:
                self.assertIn("xl/workbook.xml", zipfile.ZipFile(io.BytesIO(reply.content)).namelist())
            tried = self.hand_in("items", "清单." + form, reply.content)
            report = tried["report"]
            self.assertEqual((report["added"], report["changed"], report["rejected"]), (0, 0, 0), form)
            self.assertEqual(report["unchanged"], report["read"])
            self.assertGreater(report["read"], 20)

    def test_the_joint_list_goes_out_and_comes_back_unchanged(self):
        for form in ("csv", "xlsx"):
            reply = self.clerk.get("/joint-items/export", format=form, department="scjgj")
            if form == "csv":
                self.assertEqual(reply.content.decode("utf-8-sig").splitlines()[0], "序号,抽查领域,抽查事项,检查对象,发起部门,配合部门,抽查层级")
            report = self.hand_in("joint-items", "联合." + form, reply.content)["report"]
            self.assertEqual((report["added"], report["changed"], report["rejected"], report["read"] > 0), (0, 0, 0, True), report)

    def test_unknown_layouts_and_formats_are_refused(self):
        self.assertEqual(self.clerk.get("/items/export", format="pdf").status, 422)
        self.assertEqual(self.clerk.get("/items/export", layout="mine").status, 422)


class Portal(ItemsTest):
    def test_the_history_shows_dates_reasons_and_what_changed_and_hides_what_is_not_public(self):
        item = self.published()
        self.clerk.post(f"/items/{item}/versions", dict(BODY, name="被退回的名称", reason="试"))
        self.moved(self.clerk, item, "legal_review")
        self.moved(self.reviewer, item, "draft", "内部意见")
        self.clerk.post(f"/items/{item}/versions", dict(BODY, name="亮照经营情况检查", cap_bp=200, reason="名称规范,上限调低"))
        self.moved(self.clerk, item, "legal_review")
        self.moved(self.reviewer, item, "published")
        self.moved(self.reviewer, item, "suspended", "法规修订期间暂停")
        for language in ("", "/en"):
            status, text = self.page(f"{language}/items/{item}/")
            self.assertEqual(status, 200)
            for words in ("<del>亮照经营检查</del>", "<ins>亮照经营情况检查</ins>", "<del>≤ 3 %</del>", "<ins>≤ 2 %</ins>", "名称规范,上限调低", "法规修订期间暂停"):
                self.assertIn(words, text)
            for words in ("被退回的名称", "内部意见"):
                self.assertNotIn(words, text)
        self.assertIn(item, self.page("/items/")[1])
        self.moved(self.reviewer, item, "retired", "依据废止")
        self.assertIn("已废止", self.page(f"/items/{item}/")[1])


if __name__ == "__main__":
    unittest.main()
