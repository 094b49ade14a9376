#!/usr/bin/env python3
"""Results, their clock, follow-up, referrals, recognition, leads and campaigns through /api/v1."""
import csv
import datetime
import hashlib
import pathlib
import re
import sys
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402

TODAY = "2026-11-24"


def later(days):
    return (datetime.date.fromisoformat(TODAY) + datetime.timedelta(days)).isoformat()


class Results(world.Case):
    LOGINS = ("scjgj-clerk", "scjgj-review", "scjgj-head", "sthjj-clerk", "sthjj-review", "secretary", "scjgj-inspect", "audit")
    SCALE = 4000

    def setUp(self):
        self.review, self.head, self.inspect = (self.users[n] for n in ("scjgj-review", "scjgj-head", "scjgj-inspect"))

    @classmethod
    def free(cls, first=False):
        """A visit of the demo city that has no result yet: taken once."""
        if not hasattr(cls, "_free"):
            clerk, cls._free = cls.users["scjgj-clerk"], []
            for task in clerk.get("/tasks").json["rows"]:
                for visit in clerk.get(f"/tasks/{task['code']}/entry", limit=200).json["rows"]:
                    cls._free += [(task["code"], visit["target"], i["item"]) for i in visit["items"] if i["state"] is None]
        return cls._free.pop(0 if first else -1)

    def entered(self, codes=("no_problem",), who=None, produced=TODAY, first=False):
        task, target, item = self.free(first)
        body = {"task": task, "target": target, "item": item, "codes": list(codes), "produced": produced, "paper": True}
        reply = (who or self.clerk).post("/results", body)
        self.assertEqual(reply.status, 201, reply.content)
        return reply.json

    def act(self, who, result, verb, body=None, version=None):
        now = version or who.get(self.path(result)).json["row_version"]
        return who.post(f"{self.path(result)}/{verb}", body, If_Match=f'"{now}"')

    @staticmethod
    def path(row):
        return f"/results/{row['target']}/{row['id']}"

    def published(self, codes=("no_problem",)):
        result = self.entered(codes)
        self.assertEqual(self.act(self.review, result, "review", {"approve": True}).status, 200)
        reply = self.act(self.review, result, "publish")
        self.assertEqual((reply.status, reply.json["state"]), (200, "published"))
        return reply.json

    def test_a_result_goes_from_its_entry_to_the_public_and_each_day_is_told(self):
        result = self.entered()
        self.assertEqual((result["due"], result["left"], result["own"]), ("2026-12-22", 20, True))
        counted = [d["number"] for d in result["clock"]["days"] if d["number"]]
        self.assertEqual(counted, list(range(1, 21)))
        self.assertEqual(result["clock"]["days"][-1]["day"], result["due"])
        own = self.clerk.post(f"{self.path(result)}/review", {"approve": True}, If_Match='"1"')
        self.assertEqual(own.status, 403)
        self.assertEqual(self.review.post(f"{self.path(result)}/review", {"approve": True}).status, 428)
        self.assertEqual(self.act(self.review, result, "publish").status, 412)
        returned = self.act(self.review, result, "review", {"approve": False})
        self.assertEqual((returned.status, returned.json["errors"][0]["pointer"]), (422, "/opinion"))
        self.assertEqual(self.act(self.review, result, "review", {"approve": False, "opinion": "补充说明"}).status, 200)
        again = self.clerk.post("/results", {"task": result["task"], "target": result["target"], "item": result["item"],
                                             "codes": ["rectification"], "detail": "未悬挂证照", "produced": TODAY})
        self.assertEqual((again.status, again.json["state"]), (201, "entered"))
        self.assertEqual(self.act(self.review, result, "review", {"approve": True}, version=1).status, 412)
        self.assertEqual(self.act(self.review, result, "review", {"approve": True}).status, 200)
        done = self.act(self.review, result, "publish").json
        self.assertEqual([s["act"] for s in done["steps"]],
                         ["result.enter", "result.return", "result.enter", "result.approve", "result.publish"])
        self.assertEqual((done["steps"][0]["codes"], done["steps"][2]["codes"]), (["no_problem"], ["rectification"]))

    def test_what_another_department_has_is_not_there(self):
        result = self.entered()
        for verb, body in (("review", {"approve": True}), ("publish", {}), ("withhold", {"reason": "x"})):
            reply = self.users["sthjj-review"].post(f"{self.path(result)}/{verb}", body, If_Match='"1"')
            self.assertEqual(reply.status, 404, (verb, reply.content))
        self.assertEqual(self.other.get(self.path(result)).status, 404)
        self.assertNotIn(result["id"], str(self.other.get("/results").json))
        self.assertIn(result["id"], str(self.users["secretary"].get("/results", limit=200).json))
        wrong = self.clerk.post("/results", {"task": result["task"], "target": result["target"], "item": result["item"],
                                             "codes": ["no_problem", "moved"], "produced": TODAY})
        self.assertEqual((wrong.status, wrong.json["errors"][0]["pointer"]), (422, "/codes"))

    def test_an_edit_is_kept_beside_what_was_before_and_who_edits_does_not_review(self):
        result = self.entered()
        reply = self.review.put(self.path(result), {"codes": ["pending"], "detail": "需复核"}, If_Match='"1"')
        self.assertEqual((reply.status, reply.json["codes"]), (200, ["pending"]))
        self.assertEqual([s["codes"] for s in reply.json["steps"]], [["no_problem"], ["pending"]])
        self.assertEqual(self.act(self.review, result, "review", {"approve": True}).status, 403)
        self.assertEqual(self.act(self.head, result, "review", {"approve": True}).status, 200)

    def test_many_are_reviewed_and_published_at_once_and_refusals_are_told(self):
        mine, theirs = self.entered(who=self.clerk), self.entered()
        self.review.put(self.path(theirs), {"codes": ["pending"]}, If_Match='"1"')
        keys = [{"target": r["target"], "id": r["id"]} for r in (mine, theirs)]
        reply = self.review.post("/results/batch", {"act": "approve", "keys": keys}).json
        self.assertEqual((reply["changed"], [r["code"] for r in reply["refused"]]), (1, ["ERR_PERMISSION"]))
        again = self.review.post("/results/batch", {"act": "approve", "keys": keys[:1]}).json
        self.assertEqual((again["changed"], again["refused"]), (0, []))
        job = self.head.post(f"/tasks/{mine['task']}/results", {"act": "publish"})
        self.assertEqual(job.status, 202, job.content)
        while not (state := self.head.get(f"/jobs/{job.json['id']}").json)["ended"]:
            pass
        self.assertEqual(state["state"], "done", state)
        self.assertGreaterEqual(state["result"]["changed"], 1)
        self.assertEqual(self.clerk.get(self.path(mine)).json["state"], "published")

    def test_a_withheld_one_names_the_law_and_a_correction_keeps_the_old_text(self):
        result = self.entered()
        self.act(self.review, result, "review", {"approve": True})
        bad = self.act(self.review, result, "withhold", {"reason": " "})
        self.assertEqual((bad.status, bad.json["errors"][0]["pointer"]), (422, "/reason"))
        self.assertEqual(self.act(self.review, result, "withhold", {"reason": "《保守国家秘密法》第二十六条"}).json["state"], "withheld")
        other = self.published()
        self.assertEqual(self.act(self.review, other, "correct", {"codes": ["moved"], "reason": "录入有误"}).json["codes"], ["moved"])

    def test_a_revoked_decision_is_withdrawn_within_five_working_days(self):
        result = self.published(["uncooperative"])
        body = {"document_no": "豫复决〔2026〕9号", "reason": "行政复议撤销", "revoked": TODAY}
        noted = self.act(self.clerk, result, "revoke", body)
        self.assertEqual((noted.status, noted.json["revocation"]["due"]), (200, "2026-12-01"))
        self.assertIn("revocation.open", str(self.review.get("/dashboard").json))
        self.assertEqual(self.act(self.review, result, "withdraw").json["state"], "withdrawn")

    def portal(self, path):
        """A page or a file as everybody sees it."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.office.port}{path}", timeout=30) as reply:
            return reply.read().decode("utf-8-sig")

    def open_data(self, target):
        folder = pathlib.Path(self.folder.name) / "open"
        self.office.run("open-data", folder)
        with open(folder / "results.csv", encoding="utf-8-sig", newline="") as file:
            return [row for row in csv.DictReader(file) if row["target"] == target]

    def proved(self, act):
        """The entries of an act are in the tree, and everything that was published derives from it again."""
        audit = self.users["audit"]
        entries = audit.get("/journal", act=act).json["rows"]
        self.assertTrue(entries)
        for entry in entries:
            while (told := audit.get(f"/journal/{entry['id']}").json)["verdict"] == "waiting":
                pass
            self.assertEqual(told["verdict"], "proved")
        self.office.run_pure("log", "fsck", self.office.directory)

    def test_of_a_withdrawn_result_the_public_sees_the_day_and_the_reason_and_no_finding(self):
        result = self.published(["uncooperative"])
        target, other = result["target"], self.published(["moved"])
        words = self.portal(f"/targets/{target}/")
        self.assertIn("不配合检查情节严重", words)
        body = {"document_no": "豫复决〔2026〕11号", "reason": "行政复议决定撤销", "revoked": TODAY}
        self.assertEqual(self.act(self.clerk, result, "revoke", body).status, 200)
        self.assertIn("不配合检查情节严重", self.portal(f"/targets/{target}/"))  # noted only: still public
        self.assertEqual(self.act(self.review, result, "withdraw").json["state"], "withdrawn")
        for path in (f"/targets/{target}/", f"/results/?task={result['task']}", f"/targets/{target}/feed.atom"):
            words = self.portal(path)
            self.assertNotIn("不配合检查情节严重", words, path)
            self.assertIn("行政复议决定撤销", words, path)
        self.assertIn("豫复决〔2026〕11号", self.portal(f"/targets/{target}/"))
        row = next(r for r in self.open_data(target) if r["gone"])
        self.assertEqual((row["codes"], row["gone"], row["gone_basis"]), ("", "withdrawn", "豫复决〔2026〕11号"))
        self.assertIn("", [r["gone"] for r in self.open_data(other["target"])])
        self.assertNotIn(result["id"], [r["publication"] for r in self.clerk.get("/exchange/missing", limit=200).json["rows"]])
        self.proved("result.publish")
        self.proved("result.withdraw")

    def test_the_page_of_an_entity_lists_each_counted_day_with_the_notice_it_counts_by(self):
        result = self.published()
        page = self.portal(f"/targets/{result['target']}/")
        clock = re.search(r'<details class="clock">.*?</details>', page, re.S)[0]
        days = re.findall(r"<li>.*?(\d{4}-\d\d-\d\d).*?</li>", clock, re.S)
        told = result["clock"]["days"]
        self.assertEqual(days, [d["day"] for d in told])
        self.assertEqual(re.findall(r"第(\d+)个工作日", clock), [str(n) for n in range(1, 21)])
        self.assertEqual(days[-1], result["due"])
        self.assertIn("个工作日", clock)
        self.assertNotIn("working day", clock)
        old = self.entered(produced="2026-10-08", first=True)  # over a Saturday that is worked, with its notice
        self.act(self.review, old, "review", {"approve": True})
        old = self.act(self.review, old, "publish").json
        clock = re.search(r'<details class="clock">.*?</details>', self.portal(f"/targets/{old['target']}/"), re.S)[0]
        notices = {d["notice"] for d in old["clock"]["days"] if d["notice"]}
        self.assertTrue(notices)
        for d in old["clock"]["days"]:
            line = re.search(rf"<li>(?:(?!</li>).)*{d['day']}.*?</li>", clock, re.S)[0]
            self.assertEqual("《" in line, bool(d["notice"]), d)
            self.assertIn(f"第{d['number']}个工作日" if d["number"] else "放假" if d["why"] == "holiday" else "周末", line)

    def test_a_static_copy_with_its_large_version_is_verified_with_the_log(self):
        site = pathlib.Path(self.folder.name) / "site"
        self.office.run("export-static", site)
        draws = sorted(path.parent for path in site.glob("draws/*/*/result.txt"))
        self.assertTrue(draws)
        told = self.office.run_pure("draw", "verify", "--require-log", draws[0])
        self.assertTrue((site / "large" / draws[0].relative_to(site) / "index.html").exists())
        self.assertIn("result.txt", told)

    def test_a_publication_with_personal_data_is_taken_down_by_two_and_the_log_stays_whole(self):
        result = self.published(["false_disclosure"])
        publication = self.clerk.get(self.path(result)).json["publications"][0]
        key = {"target": result["target"], "publication": publication["id"]}
        ask = {**key, "reason": "载有负责人住址", "basis": "《个人信息保护法》第四十七条"}
        at = f"/targets/{result['target']}/"
        preview = self.clerk.get("/takedowns/preview", **key).json
        self.assertIsNone(preview["takedown"])
        for path in preview["places"]:
            if not path.startswith("/open-data/"):
                self.portal(path)
        bad = self.clerk.post("/takedowns", {**ask, "basis": " "})
        self.assertEqual((bad.status, bad.json["errors"][0]["pointer"]), (422, "/basis"))
        for who in (self.other, self.users["sthjj-review"]):
            self.assertEqual(who.get("/takedowns/preview", **key).status, 404)
        self.assertEqual(self.other.post("/takedowns", ask).status, 404)
        for _ in range(2):
            asked = self.clerk.post("/takedowns", ask)
            self.assertEqual((asked.status, asked.json.get("state"), asked.json.get("row_version")), (201, "asked", 1), asked.content)
        self.assertIn("公示信息隐瞒真实情况", self.portal(at))
        self.assertEqual(self.other.get("/takedowns").json["rows"], [])
        self.assertIn("takedown.asked", str(self.review.get("/dashboard").json))
        self.assertEqual(self.clerk.post("/takedowns/decide", {**key, "take": True}, If_Match='"1"').status, 403)
        bad = self.review.post("/takedowns/decide", {**key, "take": False}, If_Match='"1"')
        self.assertEqual((bad.status, bad.json["errors"][0]["pointer"]), (422, "/opinion"))
        self.assertEqual(self.users["sthjj-review"].post("/takedowns/decide", {**key, "take": True}, If_Match='"1"').status, 404)
        taken = self.review.post("/takedowns/decide", {**key, "take": True}, If_Match='"1"')
        self.assertEqual((taken.status, taken.json["state"]), (200, "taken"), taken.content)
        self.assertEqual(self.review.post("/takedowns/decide", {**key, "take": True}, If_Match='"2"').status, 412)
        for path in (at, f"/results/?task={result['task']}", f"/targets/{result['target']}/feed.atom"):
            words = self.portal(path)
            self.assertNotIn("公示信息隐瞒真实情况", words, path)
            self.assertIn("载有负责人住址", words, path)
        row = next(r for r in self.open_data(result["target"]) if r["gone"])
        self.assertEqual((row["codes"], row["gone"]), ("", "taken"))
        self.assertEqual(self.clerk.get("/takedowns", state="taken").json["rows"][0]["publication"], publication["id"])
        self.proved("publication.takedown")

    def test_an_order_to_correct_goes_to_its_recheck_and_is_closed(self):
        result = self.published(["rectification"])
        bad = self.clerk.post(f"{self.path(result)}/followups", {"measure": "rectification"})
        self.assertEqual((bad.status, bad.json["code"]), (422, "ERR_INPUT"))
        reply = self.clerk.post(f"{self.path(result)}/followups",
                                {"measure": "rectification", "content": "限期改正", "due": later(10)})
        at = f"/followups/{result['target']}/{reply.json['followups'][0]['id']}"
        self.assertEqual(self.other.get(at).status, 404)
        step = self.inspect.post(at + "/move", {"state": "recheck", "day": TODAY, "evidence": "照片"}, If_Match='"1"')
        self.assertEqual((step.status, step.json["state"]), (200, "recheck"))
        self.assertEqual(self.inspect.post(at + "/move", {"state": "closed", "day": TODAY, "note": "已改正"}, If_Match='"1"').status, 412)
        step = self.inspect.post(at + "/move", {"state": "closed", "day": TODAY, "note": "已改正"}, If_Match='"2"')
        self.assertEqual((step.status, [s["to"] for s in step.json["steps"]]), (200, ["ordered", "recheck", "closed"]))

    def test_a_referral_is_answered_once_and_a_result_recognised(self):
        result = self.published(["pending"])
        reply = self.clerk.post(f"{self.path(result)}/followups", {"measure": "referral"})
        at = f"/followups/{result['target']}/{reply.json['followups'][0]['id']}"
        sent = self.clerk.post(at + "/referral", {"department": "sthjj", "kind": "transfer", "basis": "《行政处罚法》第二十七条",
                                                  "papers": ["笔录"]}, If_Match='"1"')
        self.assertEqual((sent.status, sent.json["state"]), (200, "referred"), sent.content)
        row = self.other.get("/referrals", way="in").json["rows"][0]
        to = f"/referrals/{row['target']}/{row['id']}"
        self.assertEqual(self.clerk.post(to + "/receive", {"receipt_no": "1"}, If_Match='"1"').status, 403)
        self.assertEqual(self.other.post(to + "/receive", {"receipt_no": "收〔2026〕1"}, If_Match='"1"').status, 200)
        self.assertEqual(self.other.post(to + "/answer", {"feedback": "已立案"}, If_Match='"2"').status, 200)
        self.assertEqual(self.other.post(to + "/answer", {"feedback": "又"}, If_Match='"3"').status, 412)
        item = next(r["code"] for r in self.other.get("/items", state="published", department="sthjj").json["rows"])
        offer = {"department": "sthjj", "item": item, "valid_to": later(90)}
        self.assertEqual(self.clerk.post(f"{self.path(result)}/recognitions", offer).status, 200)
        row = self.other.get("/recognitions").json["rows"][0]
        done = self.other.post(f"/recognitions/{row['target']}/{row['id']}/decide", {"accept": True, "avoided": True}, If_Match='"1"')
        self.assertEqual((done.json["state"], done.json["visit_avoided"]), ("accepted", True))

    def test_a_lead_is_checked_at_once_and_who_reported_is_read_only_by_the_handling_unit(self):
        body = {"source": "complaint", "content": "虚假公示", "region": "411525", "reporter_name": "举报人-0009", "reporter_phone": "13800000009"}
        bad = self.clerk.post("/leads", {**body, "source": "rumour"})
        self.assertEqual((bad.status, bad.json["errors"][0]["pointer"]), (422, "/source"))
        lead = self.clerk.post("/leads", body).json
        self.assertEqual(len(lead["token"]), 64)
        at = "/leads/" + lead["code"]
        self.assertNotIn("举报人-0009", self.clerk.get(at).content.decode())
        self.assertEqual(self.other.get(at).status, 404)
        self.assertEqual(self.users["secretary"].post(at + "/reveal", {"reason": "x"}).status, 403)
        self.assertEqual(self.clerk.post(at + "/reveal", {"reason": "核实"}).json["name"], "举报人-0009")
        entries = self.users["audit"].get("/journal", act="lead.reveal").json["rows"]
        self.assertEqual(len(entries), 1)
        self.assertNotIn("举报人-0009", str(self.users["audit"].get(f"/journal/{entries[0]['id']}").json))
        self.clerk.post(at + "/assign", {}, If_Match='"1"')
        team = [r["code"] for r in self.clerk.get("/inspectors", state="active", limit=200).json["rows"]]
        wrong = self.clerk.post(at + "/inspect", {"day": TODAY, "inspectors": team[:1]}, If_Match='"2"')
        self.assertEqual((wrong.status, wrong.json["errors"][0]["pointer"]), (422, "/inspectors"))
        for i in range(0, len(team) - 1, 2):  # some have no valid certificate
            reply = self.clerk.post(at + "/inspect", {"day": TODAY, "inspectors": team[i:i + 2], "remarks": "现场核查"}, If_Match='"2"')
            if reply.status == 200:
                break
        self.assertEqual(reply.json["state"], "inspecting", reply.content)
        for verb, more in (("dispose", {"outcome": "unfounded", "findings": "不属实"}), ("answer", {"reply": "经查不属实"}), ("close", {})):
            version = self.clerk.get(at).json["row_version"]
            reply = self.clerk.post(f"{at}/{verb}", more, If_Match=f'"{version}"')
            self.assertEqual(reply.status, 200, (verb, reply.content))
        self.assertEqual(reply.json["state"], "closed")

    def test_leads_become_a_campaign_and_its_task(self):
        lead = self.clerk.post("/leads", {"source": "monitoring", "content": "多户未年报", "region": "411525"}).json
        self.clerk.post(f"/leads/{lead['code']}/assign", {}, If_Match='"1"')
        item = next(r["code"] for r in self.clerk.get("/items", state="published", department="scjgj").json["rows"] if r["class"] == "KEY")
        body = {"name": "年报专项检查", "reason": "数据监测发现", "region": "411500", "leads": [lead["code"]], "items": [item],
                "scope": {"entity_types": ["enterprise"]}, "strata": {"by": "one", "strata": [{"label": "all", "ratio_bp": 2500}]},
                "participants": [{"department": "scjgj", "places": 2}], "from": "2026-11-25", "to": "2026-12-31"}
        bad = self.clerk.post("/campaigns", {**body, "strata": {}})
        self.assertEqual((bad.status, bad.json["errors"][0]["pointer"]), (422, "/terms"))
        code = self.clerk.post("/campaigns", body).json["code"]
        at = "/campaigns/" + code
        self.assertEqual(self.other.get(at).status, 404)
        self.assertEqual(self.clerk.post(at + "/start", {}, If_Match='"1"').status, 412)
        self.assertEqual(self.head.post(at + "/approve", {}, If_Match='"1"').status, 200)
        self.assertEqual(self.clerk.post(at + "/file", {"document_no": "信市监〔2026〕30号", "filed": TODAY}, If_Match='"2"').status, 200)
        task = self.clerk.post(at + "/start", {}, If_Match='"3"').json["task"]
        self.assertEqual(self.clerk.get("/tasks/" + task).json["strata"]["strata"][0]["ratio_bp"], 2500)

    def test_the_desk_links_to_what_is_near_its_last_day(self):
        overdue = self.entered(produced="2026-10-08", first=True)
        desk = self.head.get("/dashboard").json["warnings"]
        row = next(w for w in desk if w["id"] == "result.overdue")
        self.assertEqual((row["level"], row["link"]), ("error", "/results?due=overdue"))
        self.assertIn("result.overdue", str(self.users["secretary"].get("/dashboard").json))
        rows = self.head.get("/results", due="overdue").json["rows"]
        self.assertIn(overdue["id"], [r["id"] for r in rows])
        self.assertTrue(all(r["left"] < 0 for r in rows))
        self.assertEqual(self.head.get("/results", due="7x").status, 422)
        calendar = self.head.get("/results/deadlines.ics")
        self.assertEqual((calendar.status, calendar.getheader("Content-Type")), (200, "text/calendar; charset=utf-8"))
        lines = calendar.content.decode().split("\r\n")
        self.assertIn("DTSTART;VALUE=DATE:" + overdue["due"].replace("-", ""), lines)
        self.assertTrue(all(len(line.encode()) <= 75 for line in lines))
        self.assertNotIn(overdue["target"], calendar.content.decode())

    def test_files_of_a_follow_up_are_attached_opened_and_personal_ones_leave_a_trace(self):
        result = self.published(("rectification",))
        reply = self.clerk.post(f"{self.path(result)}/followups", {"measure": "rectification", "content": "补报", "due": later(20)})
        at = f"/followups/{result['target']}/{reply.json['followups'][0]['id']}"
        paper, identity = b"%PDF-1.4 report", b"%PDF-1.4 identity card"

        def attach(who, data, query):
            return who.request("POST", f"{at}/files?{query}", raw=data, Content_Type="application/octet-stream")
        self.assertEqual(attach(self.clerk, b"<html>", "name=x.png").status, 422)
        bare = attach(self.clerk, paper, "")
        self.assertEqual((bare.status, bare.json["errors"][0]["pointer"]), (422, "/name"))
        for again in range(2):
            reply = attach(self.clerk, paper, "name=report.pdf")
            self.assertEqual((reply.status, len(reply.json["files"])), (201, 1), again)
        reply = attach(self.clerk, identity, "name=identity.pdf&personal=1")
        files = sorted(reply.json["files"], key=lambda f: f["personal"])
        self.assertEqual([f["hash"] for f in files], [hashlib.sha256(d).hexdigest() for d in (paper, identity)])
        one, other = (f"{at}/files/{f['hash']}" for f in files)
        got = self.head.get(one)
        self.assertEqual((got.status, got.content, got.getheader("Content-Type")), (200, paper, "application/pdf"))
        self.assertEqual(self.head.get(other).status, 403)  # does not carry out follow-up
        self.assertEqual({f["name"] for f in self.head.get(at).json["files"]}, {"report.pdf", None})
        self.assertEqual(self.clerk.get(other).content, identity)
        acts = [r["act"] for r in self.users["audit"].get("/journal", subject=f"{result['target']}/{at.rsplit('/', 1)[1]}").json["rows"]]
        self.assertEqual([acts.count(a) for a in ("followup.attach", "followup.reveal")], [2, 1], acts)
        self.assertEqual([self.other.get(p).status for p in (one, other)], [404, 404])
        self.assertEqual(attach(self.other, paper, "name=a.pdf").status, 404)

    def test_a_calendar_program_subscribes_without_a_session_until_the_address_is_ended(self):
        stranger = world.Browser(self.office)
        self.assertFalse(self.head.get("/session/calendar").json["active"])
        reply = self.head.post("/session/calendar")
        self.assertEqual(reply.status, 201, reply.content)
        path = re.search(r"(/calendars/([0-9a-f]{64})/deadlines\.ics)$", reply.json["address"])
        feed = stranger.get(path[1])
        self.assertEqual((feed.status, feed.getheader("Content-Type")), (200, "text/calendar; charset=utf-8"))
        self.assertEqual(feed.content, self.head.get("/results/deadlines.ics").content)
        self.assertEqual(stranger.request("POST", path[1]).status, 405)
        self.assertEqual(stranger.get("/results/deadlines.ics").status, 401)
        self.assertNotIn(path[2], (self.office.directory / "requests.log").read_text())
        again = self.head.post("/session/calendar").json["address"].partition("/api/v1")[2]
        self.assertEqual((stranger.get(path[1]).status, stranger.get(again).status), (404, 200))
        self.assertEqual(self.users["audit"].post("/session/calendar").status, 403)
        self.assertEqual([self.head.delete("/session/calendar").status for _ in range(2)], [204, 204])
        self.assertEqual(stranger.get(again).status, 404)


if __name__ == "__main__":
    unittest.main()
