#!/usr/bin/env python3
"""Credit-risk classes from outside: who may draft, approve, run, review and apply; whose rows; the same act sent twice; and that
nothing of it is public. On SQLite, and on PostgreSQL when MQ_TEST_OFFICE_DB holds a URL."""
import http.client
import pathlib
import re
import sys
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402

SCHEME = """mingqian-risk/v1
name 某市通用型信用风险分类
window 730
class A 0
class B 10
class C 30
class D 60
rule gone status >= 1 points 60 times 1 weight 100 已吊销或撤销
rule tax external:tax_arrears >= 1 points 35 times 1 weight 100 欠税
rule age age_months >= 1 points 12 times 1 weight 100 已开业
observe catering 120 industry H 餐饮新形式
"""


class RiskTest(world.Case):
    LOGINS = ("scjgj-clerk", "scjgj-review", "sthjj-clerk", "audit")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviewer = cls.users["scjgj-review"]

    def ended(self, who, reply):
        self.assertEqual(reply.status, 202, reply.content)
        until = time.monotonic() + 60
        while not (job := who.get(f"/jobs/{reply.json['id']}").json)["ended"] and time.monotonic() < until:
            time.sleep(.02)
        self.assertEqual(job["state"], "done", job)
        return job

    def moved(self, version, row_version, state):
        reply = self.reviewer.post(f"/risk/schemes/{version}/move", {"state": state}, If_Match=f'"{row_version}"')
        self.assertEqual(reply.status, 200, reply.content)
        return reply.json["row_version"]

    def page(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.office.port, timeout=60)
        connection.request("GET", path)
        reply = connection.getresponse()
        text = reply.read().decode("utf-8", "replace")
        connection.close()
        self.assertEqual(reply.status, 200, path)
        return text

    def entries(self, act):
        """What the log says of an act, once it is in the tree."""
        rows = self.users["audit"].get("/journal", act=act).json["rows"]
        self.assertTrue(rows, act)
        until = time.monotonic() + 30
        while any(self.users["audit"].get(f"/journal/{r['id']}").json["verdict"] == "waiting" for r in rows) and time.monotonic() < until:
            time.sleep(.02)
        return rows

    def test_from_a_draft_to_classes_that_are_applied_and_explained_and_nowhere_public(self):
        clerk, reviewer, other = self.clerk, self.reviewer, self.other
        wrong = clerk.post("/risk/schemes", {"content": SCHEME.replace("window 730", "window 0"), "reason": "年度"})
        self.assertEqual((wrong.status, wrong.json["errors"][0]["pointer"]), (422, "/content"))
        self.assertIn("3", wrong.json["errors"][0]["detail"])
        check = clerk.post("/risk/check", {"content": SCHEME.replace("class C", "class B")}).json
        self.assertEqual((check["ok"], check["line"], check["column"]), (False, 6, 1))
        self.assertEqual(reviewer.post("/risk/schemes", {"content": SCHEME, "reason": "x"}).status, 403)

        key = uuid.uuid4().hex
        first, again = (clerk.post("/risk/schemes", {"content": SCHEME, "reason": "年度"}, Idempotency_Key=key) for _ in range(2))
        self.assertEqual(first.status, 201, first.content)
        self.assertEqual(first.json["version"], again.json["version"])
        version = first.json["version"]
        at = f"/risk/schemes/{version}"
        self.assertEqual([r["points"] for r in first.json["scheme"]["rules"]], [60, 35, 12])
        self.assertEqual(other.get(at).status, 404, "another department")
        self.assertEqual(clerk.post(at + "/move", {"state": "approved"}, If_Match='"1"').status, 403)
        self.assertEqual(reviewer.post(at + "/move", {"state": "approved"}).status, 428)
        self.assertEqual(reviewer.post(at + "/move", {"state": "approved"}, If_Match='"7"').status, 412)
        self.assertEqual(clerk.post(at + "/run").status, 409, "not in force")
        self.moved(version, self.moved(version, 1, "approved"), "in_force")
        self.assertEqual(clerk.put(at, {"content": SCHEME, "reason": "x"}, If_Match='"3"').status, 412, "no draft any more")

        targets = clerk.get("/targets", limit=5).json["rows"]
        brought = clerk.post("/risk/external", {"name": "tax_arrears", "as_of": "2026-03-01", "source": "税务局", "rows": [
            {"target": targets[0]["code"], "value": 5}, {"target": "R-000000000000000", "value": 1}]})
        self.assertEqual((brought.status, brought.json), (200, {"stored": 1, "unknown": 1}))
        listed = reviewer.get("/risk/external").json["rows"]
        self.assertEqual([(b["name"], b["rows"], b["unknown"], b["as_of"]) for b in listed], [("tax_arrears", 2, 1, "2026-03-01")])
        self.assertEqual(other.get("/risk/external").json["rows"], [], "another department")
        wrong = clerk.post("/risk/external", {"name": "Tax", "as_of": "2026-03-01", "source": "x", "rows": [{"target": "R-1", "value": 1}]})
        self.assertEqual((wrong.status, wrong.json["errors"][0]["pointer"]), (422, "/name"))

        self.ended(clerk, clerk.post(at + "/run", Idempotency_Key=key + "r"))
        self.assertEqual(clerk.post(at + "/run").status, 409, "an earlier run waits")
        run = clerk.get("/risk/runs").json["rows"][0]
        self.assertEqual((run["state"], run["mine"]), ("proposed", True))
        self.assertEqual(sum(run["counts"]["after"].values()), run["targets"])
        self.assertEqual(run["targets"], clerk.get("/targets/count").json["count"], "the scope of who asked")
        path = f"/risk/runs/{run['id']}"
        for who in (other,):
            self.assertEqual(who.get(path).status, 404)
            self.assertEqual(who.get("/risk/runs").json["rows"], [])
        changes = clerk.get(path + "/changes", limit=200).json["rows"]
        mine = next(c for c in changes if c["target"] == targets[0]["code"])
        self.assertEqual([w["name"] for w in mine["why"] if w["rule"] == "tax"], ["欠税"])
        self.assertTrue(all(c["after"] == "C" for c in clerk.get(path + "/changes", after="C").json["rows"]))

        sample = clerk.get(path + "/changes", sampled="1").json["rows"]
        self.assertEqual(len(sample), run["sample"])
        self.assertEqual(clerk.post(f"{path}/changes/{sample[0]['target']}", {"verdict": "agreed"}).status, 403)
        self.assertEqual(reviewer.post(path + "/apply").status, 409, "nothing is reviewed")
        refuse = reviewer.post(f"{path}/changes/{sample[0]['target']}", {"verdict": "refused"})
        self.assertEqual((refuse.status, refuse.json["errors"][0]["pointer"]), (422, "/note"))
        for c in sample:
            reply = reviewer.post(f"{path}/changes/{c['target']}", {"verdict": "agreed"})
        self.assertEqual((reply.json["open"], reply.json["refused"]), (0, 0))
        self.assertEqual(clerk.post(path + "/apply").status, 403)
        self.ended(reviewer, reviewer.post(path + "/apply"))
        self.assertEqual(clerk.get(path).json["state"], "applied")
        self.assertEqual(reviewer.post(path + "/apply").status, 409)

        why = clerk.get(f"/targets/{mine['target']}/risk").json
        self.assertEqual((why["class"], why["source"], why["today"]["class"]), (mine["after"], "computed", mine["after"]))
        self.assertEqual(why["history"][0]["why"], mine["why"])
        self.assertEqual(sum(clerk.get("/risk/classes").json.values()), run["targets"])
        self.assertIsNone(clerk.get(path).json["job"], "nothing is under way")
        observed = f"/targets/{mine['target']}/observation"
        self.assertEqual(clerk.post(observed, {"until": "2020-01-01", "reason": "x"}).status, 422)
        self.assertEqual(reviewer.post(observed, {"reason": "x"}).status, 403)
        self.assertEqual(clerk.post(observed, {"until": "2027-06-01", "reason": "新业态试点"}).json["observation"]["source"], "hand")

        self.nothing_is_public(mine)

    def nothing_is_public(self, change):
        """The pages of the target, the open data, every entry of the log: they answer, and hold no class, no word of it."""
        self.entries("risk.apply")
        self.entries("risk.observe")
        self.office.run("open-data")
        listed = self.page("/open-data/")
        files = re.findall(r'href="(/open-data/[a-z.]+)"', listed)
        self.assertGreater(len(files), 10)
        size = int(self.page("/log/checkpoint").splitlines()[1])
        tiles = [f"/log/tile/entries/{n // 256:03}" + ("" if n + 256 <= size else f".p/{size - n}") for n in range(0, size, 256)]
        log = "".join(map(self.page, tiles))
        said = [entry for entry in log.split("mingqian-log/v1\n") if "\nact risk." in entry]
        acts = {re.search("\nact risk[.](.*)", entry)[1] for entry in said}
        self.assertEqual(acts, {"draft", "approve", "force", "bring", "run", "propose", "review", "apply", "observe"})
        for entry in said:
            self.assertFalse(change["target"] in entry, entry)
            self.assertRegex(entry, r'\ndetail \{("(digest|reason)":"[0-9a-f]{64}",?|"changes":[0-9]+)+\}\n')
        for path in ("/", f"/targets/{change['target']}/", f"/targets/{change['target']}/feed.atom", "/statistics/", "/log/", *files):
            text = self.page(path)
            self.assertFalse(re.search("risk_class|risk_as_of|observed_to|信用风险等级|风险类别|新业态试点", text), path)
        self.assertFalse("risk_class" in log or "新业态试点" in log)

    def test_who_may_not_see_classes_sees_nothing(self):
        for path in ("/risk/classes", "/risk/schemes", "/risk/runs", "/risk/schemes/1", "/risk/runs/1"):
            self.assertEqual(world.Browser(self.office).get(path).status, 401, path)


if __name__ == "__main__":
    unittest.main()
