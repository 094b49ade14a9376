#!/usr/bin/env python3
"""A joint plan from its draft over the conference to the portal, by the roles that may (regulation 二(四), 三(一))."""
import hashlib
import pathlib
import sys
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402


def line(items, **more):
    return {"name": "企业信息抽查", "items": items, "scope": {"entity_types": ["enterprise"]}, "scope_words": "全市企业",
            "ratio_words": "3 %；1次/年", "strata": {"by": "one", "strata": [{"label": "all", "ratio_bp": 300}]},
            "from": "2026-12-01", "to": "2026-12-31", "participants": [{"department": "scjgj", "places": 2},
                                                                      {"department": "sthjj", "places": 1}], **more}


class PlanTest(world.Case):
    LOGINS = ("system", "security", "scjgj-clerk", "sthjj-clerk")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.office.enter("scjgj-head")
        cls.other_head = cls.office.enter("sthjj-head")
        cls.secretary = cls.account("city-secretary", ["secretary"], region="411500")
        cls.stranger = cls.account("swj-clerk", ["clerk"], department="swj")
        cls.county = cls.account("county-clerk", ["clerk"], region="411525")
        rows = cls.clerk.get("/items", state="published", department="scjgj", limit=200).json["rows"]
        cls.item = next(r["code"] for r in rows if r["class"] == "KEY")

    @classmethod
    def account(cls, login, roles, **scope):
        reply = cls.users["system"].post("/accounts", {"login": login, "name": "测试", **scope})
        assert reply.status == 201, reply.content
        cls.office.links[login] = reply.json["link"].split("/")[-1]
        assert cls.users["security"].put(f"/accounts/{login}/roles", {"roles": roles}).status == 200
        return cls.office.enter(login)

    def draft(self, **more):
        reply = self.clerk.post("/plans", {"year": 2026, "name": "部门联合抽查计划", "region": "411500",
                                           "lines": [line([self.item])], **more})
        self.assertEqual(reply.status, 201, reply.content)
        return reply

    def test_a_joint_plan_goes_from_a_draft_over_the_conference_to_the_portal(self):
        code = self.draft().json["code"]
        self.assertEqual(self.clerk.post(f"/plans/{code}/move", {"state": "approved"}).status, 403)
        self.assertEqual(self.other_head.post(f"/plans/{code}/move", {"state": "approved"}).status, 403)
        self.assertEqual(self.head.post(f"/plans/{code}/move", {"state": "approved", "opinion": "同意上会"}).status, 200)
        self.assertEqual(self.head.post(f"/plans/{code}/move", {"state": "filed"}).status, 403)
        meeting = self.secretary.post("/conferences", {"name": "2026 年第四次联席会议", "held": "2026-11-27"})
        self.assertEqual(meeting.status, 201, meeting.content)
        path = "/conferences/" + meeting.json["id"]
        self.assertEqual(self.clerk.post(path + "/topics", {"plan": code}).status, 403)
        self.assertEqual(self.secretary.post(path + "/topics", {"plan": code}).status, 200)
        self.assertEqual(self.stranger.post(path + "/opinions", {"plan": code, "stance": "agree"}).status, 403)
        self.assertEqual(self.other.post(path + "/opinions", {"plan": code, "stance": "amend"}).status, 422)
        said = self.other.post(path + "/opinions", {"plan": code, "stance": "agree", "opinion": "派员参加"})
        self.assertEqual(said.json["topics"][0]["opinions"][0]["department"], "sthjj")
        self.assertEqual(self.secretary.post(path + "/close", {"minutes": "纪要"}).status, 409)
        self.assertEqual(self.secretary.post(path + "/decisions", {"plan": code, "decision": "adopted"}).status, 200)
        self.assertEqual(self.secretary.post(path + "/close", {"minutes": "会议通过一件计划。"}).status, 200)
        refused = self.secretary.post(f"/plans/{code}/move", {"state": "filed", "document_no": "信双随机〔2026〕9号"})
        self.assertEqual((refused.status, refused.json["code"]), (422, "ERR_MISSING"), "a filing has a document")
        name = urllib.parse.quote("备案报告.pdf")
        send = lambda who, data=b"%PDF-1.7 x", file=name: who.request(  # noqa: E731
            "POST", f"/plans/{code}/filing?name={file}", raw=data, Content_Type="application/octet-stream")
        self.assertEqual(send(self.clerk).status, 403)
        self.assertEqual(send(self.stranger).status, 404)
        self.assertEqual(send(self.secretary, b"").status, 422)
        self.assertEqual(send(self.secretary, file="a.exe").status, 422)
        filed = send(self.secretary).json["filings"]
        self.assertEqual([f["digest"] for f in filed], [hashlib.sha256(b"%PDF-1.7 x").hexdigest()])
        self.assertEqual(send(self.secretary).json["filings"], filed, "the same bytes again")
        self.assertEqual(self.other.get(f"/plans/{code}/filing/{filed[0]['digest']}").content, b"%PDF-1.7 x")
        for state, more in (("filed", {"document_no": "信双随机〔2026〕9号"}), ("published", {})):
            reply = self.secretary.post(f"/plans/{code}/move", {"state": state, **more})
            self.assertEqual(reply.status, 200, reply.content)
        self.assertEqual([r["to"] for r in reply.json["reviews"]], ["approved", "conference", "adopted", "filed", "published"])
        self.assertEqual(reply.json["document_no"], "信双随机〔2026〕9号")
        changed = self.clerk.post(f"/plans/{code}/revise", {"line": 1, "reason": "时间调整", "content": line(
            [self.item], lead="scjgj", to="2026-12-25")})
        self.assertEqual((changed.status, changed.json["revision"]), (200, 1), changed.content)
        self.assertEqual(changed.json["revisions"][0]["after"]["to"], "2026-12-25")

    def test_a_returned_plan_is_a_draft_again_with_the_opinion(self):
        code = self.draft().json["code"]
        self.head.post(f"/plans/{code}/move", {"state": "approved"})
        self.assertEqual(self.head.post(f"/plans/{code}/move", {"state": "draft"}).status, 422)
        reply = self.head.post(f"/plans/{code}/move", {"state": "draft", "opinion": "补充依据"})
        self.assertEqual((reply.status, reply.json["state"], reply.json["reviews"][-1]["opinion"]), (200, "draft", "补充依据"))

    def test_of_two_who_rewrite_a_draft_the_second_is_told(self):
        made = self.draft()
        path, tag = "/plans/" + made.json["code"], made.getheader("ETag")
        body = {"year": 2026, "name": "改名", "lines": []}
        self.assertEqual(self.clerk.put(path, body).status, 428)
        self.assertEqual(self.other.put(path, body, If_Match=tag).status, 403)
        self.assertEqual(self.stranger.put(path, body, If_Match=tag).status, 404)
        self.assertEqual(self.clerk.put(path, body, If_Match=tag).status, 200)
        self.assertEqual(self.clerk.put(path, body, If_Match=tag).status, 412)
        self.assertEqual(self.head.post(path + "/move", {"state": "approved"}).status, 409)  # no line

    def test_a_bad_line_is_refused_with_its_number_and_nothing_is_stored(self):
        before = len(self.clerk.get("/plans", limit=200).json["rows"])
        reply = self.clerk.post("/plans", {"year": 2026, "name": "x", "region": "411500",
                                           "lines": [line([self.item]), line([self.item], to="2026-11-01")]})
        self.assertEqual(reply.status, 422)
        self.assertIn("line 2", reply.json["detail"])
        self.assertEqual(len(self.clerk.get("/plans", limit=200).json["rows"]), before)
        self.assertEqual(self.clerk.post("/plans", {"year": 2026, "name": "x", "region": "41"}).status, 422)
        self.assertEqual(self.clerk.post("/plans", {"year": 2026, "name": "x", "region": "411500",
                                                    "department": "sthjj"}).status, 403)

    def test_who_takes_no_part_sees_only_what_is_published(self):
        code = self.draft().json["code"]
        self.assertEqual(self.other.get(f"/plans/{code}").status, 200)
        self.assertEqual(self.stranger.get(f"/plans/{code}").status, 404)
        self.assertEqual(self.county.get(f"/plans/{code}").status, 404)
        self.assertEqual(self.stranger.get(f"/plans/{code}/check").status, 404)
        self.assertNotIn(code, [r["code"] for r in self.stranger.get("/plans", limit=200).json["rows"]])
        self.assertTrue(self.stranger.get("/plans").json["rows"], "the published plans of the demo city")

    def checked(self, code):
        job = self.clerk.post(f"/plans/{code}/check")
        self.assertEqual(job.status, 202, job.content)
        while not job.json["ended"]:
            time.sleep(0.02)
            job = self.clerk.get("/jobs/" + job.json["id"])
        self.assertEqual(job.json["state"], "done", job.content)
        return self.clerk.get(f"/plans/{code}/check").json

    def test_the_check_is_kept_until_the_plan_is_another(self):
        made = self.draft()
        code = made.json["code"]
        first = self.clerk.get(f"/plans/{code}/check").json
        self.assertEqual((first["checked"], first["current"], first["lines"]), (None, False, []))
        self.assertTrue(self.checked(code)["current"])
        self.assertTrue(self.clerk.get(f"/plans/{code}/check").json["current"])
        self.clerk.put(f"/plans/{code}", {"year": 2026, "name": "改名", "lines": [line([self.item])]}, If_Match=made.getheader("ETag"))
        again = self.clerk.get(f"/plans/{code}/check").json
        self.assertFalse(again["current"])
        self.assertEqual(len(again["lines"]), 1)

    def test_the_check_tells_what_would_be_drawn(self):
        code = self.draft(lines=[line([self.item]), line([self.item], name="同一批企业")]).json["code"]
        check = self.checked(code)
        self.assertGreater(check["lines"][0]["population"], 50)
        self.assertEqual(check["lines"][0]["strata"][0]["sample"], check["lines"][0]["sample"])
        overlap = [f for f in check["findings"] if f["kind"] == "overlap"]
        self.assertEqual([(f["line"], f["other"], f["b"]) for f in overlap], [(1, 2, 10000)])

    def test_a_plan_goes_out_in_the_published_layout_and_comes_back(self):
        made = self.draft().json
        sheet = self.clerk.get(f"/plans/{made['code']}/export", format="csv")
        self.assertEqual(sheet.status, 200, sheet.content)
        self.assertTrue(sheet.content.decode("utf-8-sig").startswith("序号,任务名称,抽查事项,对象范围,比例及频次"))
        back = self.clerk.request("POST", "/plans/layout?year=2026", raw=sheet.content, Content_Type="text/csv").json["rows"]
        for field in ("name", "items", "participants", "from", "to", "scope_words", "ratio_words", "lead"):
            self.assertEqual(back[0]["line"][field], made["lines"][0][field], field)
        self.assertEqual(self.clerk.get(f"/plans/{made['code']}/export").content[:2], b"PK")
        self.assertEqual(self.stranger.get(f"/plans/{made['code']}/export").status, 404)
        public = [r["code"] for r in self.clerk.get("/plans", state="published").json["rows"]
                  + self.clerk.get("/plans", state="running").json["rows"]]
        for code, status in ((public[0], 200), (made["code"], 404)):
            connection = world.http.client.HTTPConnection("127.0.0.1", self.office.port, timeout=60)
            connection.request("GET", f"/plans/{code}/plan.xlsx")
            self.assertEqual(connection.getresponse().status, status)
            connection.close()

    def test_a_published_table_becomes_lines_and_nothing_is_stored(self):
        before = len(self.clerk.get("/plans", limit=200).json["rows"])
        table = ("序号,任务名称,抽查事项,对象范围,比例及频次,信用风险分类要求,起止时间,发起部门,配合部门,模式\n"
                 f"1,企业信息抽查,{self.item},全市企业,A类1%、B类3%,按类递加,3—12月,市场监管局,市生态环境局,市抽县查\n"
                 "2,烟草,没有的事项,,按需,,另行通知,某局,,\n")
        for encoding in ("utf-8-sig", "gb18030"):
            reply = self.clerk.request("POST", "/plans/layout?year=2027", raw=table.encode(encoding), Content_Type="text/csv")
            self.assertEqual(reply.status, 200, reply.content)
            good, bad = reply.json["rows"]
            self.assertEqual((good["problems"], good["line"]["from"], good["line"]["to"]), ([], "2027-03-01", "2027-12-31"))
            self.assertEqual([p["department"] for p in good["line"]["participants"]], ["scjgj", "sthjj"])
            self.assertEqual([s["ratio_bp"] for s in good["line"]["strata"]["strata"]], [100, 300])
            self.assertEqual([p["column"] for p in bad["problems"]], ["起止时间", "比例及频次", "抽查事项", "发起部门"])
        self.assertEqual(self.clerk.request("POST", "/plans/layout?year=2027", raw=b"a,b\n1,2\n", Content_Type="text/csv").status, 422)
        self.assertEqual(self.clerk.request("POST", "/plans/layout", raw=table.encode(), Content_Type="text/csv").status, 422)
        self.assertEqual(len(self.clerk.get("/plans", limit=200).json["rows"]), before)


if __name__ == "__main__":
    unittest.main()
