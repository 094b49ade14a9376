#!/usr/bin/env python3
"""Tasks and the drawing ceremony over /api/v1: five accounts hold a draw; refusals, repetitions, silence, voids, and what an
outsider recomputes. On SQLite, and on PostgreSQL when MQ_TEST_OFFICE_DB holds a URL."""
import concurrent.futures
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402

SSQ, DLT = "03,07,12,18,25,33+09", "05,11,19,28,34+02,10"
BEACONS = [{"name": "cwl-ssq", "event": "2026137"}, {"name": "sports-dlt", "event": "26137"}]
TASK = {
    "adhoc_reason": "上级交办的专项抽查", "name": "工业企业联合抽查", "items": ["SCJGJ-12", "STHJJ-02"], "lead": "scjgj", "region": "411500",
    "scope": {"entity_types": ["enterprise"], "tags": ["工业产品生产"], "statuses": ["active"]},
    "strata": {"by": "one", "strata": [{"label": "all", "ratio_bp": 300}]},
    "participants": [{"department": "scjgj", "places": 2}, {"department": "sthjj", "places": 1}],
    "from": "2026-11-20", "to": "2026-12-31",
}


def code(reply):
    return reply.json["code"] if reply.json else None


def secret_of(word):
    return hashlib.sha256(word.encode()).hexdigest()


def commitment(draw, party, secret):
    text = f"mingqian-commit/v1\n{draw['draw']}\n{draw['attempt']}\n{party}\n{secret}\n"
    return hashlib.sha256(text.encode()).hexdigest()


class CeremonyTest(world.Case):
    LOGINS = ("scjgj-clerk", "scjgj-head", "scjgj-review", "sthjj-clerk", "observer", "notary", "system")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk, cls.head, cls.other = (cls.users[n] for n in ("scjgj-clerk", "scjgj-head", "sthjj-clerk"))
        cls.observer, cls.notary = cls.users["observer"], cls.users["notary"]
        cls.who = {"scjgj": cls.clerk, "sthjj": cls.other, "observer": cls.observer, "notary": cls.notary}

    # --- steps

    def ok(self, reply, status=200):
        self.assertEqual(reply.status, status, reply.content)
        return reply.json

    def wrong(self, reply, status, name):
        self.assertEqual((reply.status, code(reply)), (status, name), reply.content)

    def task(self, approved=True, **change):
        path = "/tasks/" + self.ok(self.clerk.post("/tasks", {**TASK, **change}), 201)["code"]
        if approved:
            self.ok(self.head.post(path + "/approve"))
        return path

    def open(self, path, parties=("scjgj", "sthjj"), beacons=BEACONS, **more):
        return self.ok(self.clerk.post(path + "/draw/open", {"parties": list(parties), "beacons": beacons, **more}))["draw"]

    def commit(self, path, draw, parties):
        for party in parties:
            secret = secret_of(f"{path} {draw['attempt']} {party}")
            self.ok(self.who[party].post(path + "/draw/commit", {"party": party, "commitment": commitment(draw, party, secret)}))

    def reveal(self, path, draw, parties):
        for party in parties:
            self.ok(self.who[party].post(path + "/draw/reveal", {"party": party, "secret": secret_of(f"{path} {draw['attempt']} {party}")}))

    def job(self, browser, path, body=None):
        job = self.ok(browser.post(path, body or {}), 202)
        for _ in range(600):
            if job["ended"]:
                return job
            time.sleep(0.05)
            job = self.ok(browser.get(f"/jobs/{job['id']}"))
        self.fail(f"{path} does not end")

    def done(self, browser, path, body=None):
        job = self.job(browser, path, body)
        self.assertEqual(job["state"], "done", job)
        return job["result"]

    def beacons(self, path):
        for browser in (self.clerk, self.other):
            for name, value in (("cwl-ssq", SSQ), ("sports-dlt", DLT)):
                last = self.ok(browser.post(path + "/draw/beacon", {"name": name, "value": value}))
        return last

    def locked(self, parties=("scjgj", "sthjj"), silent=(), seal=None, **more):
        path = self.task()
        draw = self.open(path, parties, **more)
        self.commit(path, draw, parties)
        self.done(self.clerk, path + "/draw/seal", seal or {})
        self.reveal(path, draw, [p for p in parties if p not in silent])
        self.ok(self.clerk.post(path + "/draw/lock"))
        return path, draw

    def drawn(self, **more):
        path, draw = self.locked(**more)
        self.beacons(path)
        return path, draw, self.done(self.clerk, path + "/draw/run")


class Tasks(CeremonyTest):
    def test_a_task_from_a_line_of_the_plan_takes_its_terms(self):
        plan = next(t["plan"] for t in self.ok(self.clerk.get("/tasks", limit=200))["rows"] if t["plan"])
        task = self.ok(self.clerk.post("/tasks", {"plan": plan, "line": 1, "name": "秋季复查"}), 201)
        self.assertEqual((task["name"], task["lead"], task["state"]), ("秋季复查", "scjgj", "draft"))
        self.assertEqual([p["department"] for p in task["participants"]], ["scjgj", "jyty"])
        self.wrong(self.clerk.post("/tasks", {"plan": plan, "line": 999}), 404, "ERR_NOT_FOUND")

    def test_an_ad_hoc_task_needs_its_reason(self):
        without = {k: v for k, v in TASK.items() if k != "adhoc_reason"}
        self.assertEqual(self.clerk.post("/tasks", without).status, 422)
        self.assertEqual(self.clerk.post("/tasks", {**TASK, "adhoc_reason": ""}).status, 422)

    def test_a_clerk_prepares_for_the_own_department_only(self):
        self.wrong(self.other.post("/tasks", TASK), 403, "ERR_PERMISSION")
        before = len(self.ok(self.clerk.get("/tasks", limit=200))["rows"])
        self.wrong(self.other.post("/tasks", {**TASK, "name": "越权"}), 403, "ERR_PERMISSION")
        self.assertEqual(len(self.ok(self.clerk.get("/tasks", limit=200))["rows"]), before, "nothing stays of a refused act")

    def test_an_inspector_is_lent_until_the_list_is_sealed(self):
        path = self.task(approved=False)
        person = self.ok(self.other.get("/inspectors", department="sthjj", state="active", limit=1))["rows"][0]
        mine = "/inspectors/" + person["code"]
        say = {"task": path.split("/")[-1], "department": "scjgj", "reason": "借调函〔2026〕3号"}
        self.wrong(self.other.post(mine + "/secondments", say), 409, "ERR_STATE")
        self.ok(self.head.post(path + "/approve"))
        self.wrong(self.clerk.post(mine + "/secondments", say), 404, "ERR_NOT_FOUND")
        for field, value in (("task", "411500209901010001"), ("department", "gaj"), ("department", "sthjj")):
            self.assertEqual([x["pointer"] for x in self.other.post(mine + "/secondments", {**say, field: value}).json["errors"]], ["/" + field])
        lent = self.other.post(mine + "/secondments", {**say, "anywhere": True})
        self.assertEqual([(s["task"], s["department"], s["anywhere"], s["ended"]) for s in self.ok(lent, 201)["secondments"]],
                         [(say["task"], "scjgj", True, None)])
        self.wrong(self.other.post(mine + "/secondments", say), 409, "ERR_STATE")
        rows = self.ok(self.clerk.get(path + "/secondments"))["rows"]
        self.assertEqual([(r["inspector"], r["home"], r["department"]) for r in rows], [(person["code"], "sthjj", "scjgj")])
        seen = self.ok(self.observer.get(path + "/secondments"))["rows"][0]
        self.assertEqual((seen["inspector"], seen["name"], seen["reason"]), (person["code"], None, None))
        end = mine + f"/secondments/{say['task']}/end"
        self.assertEqual(self.other.post(end, {"reason": "另有任务"}).status, 428)
        ended = self.other.post(end, {"reason": "另有任务"}, If_Match=lent.getheader("ETag"))
        self.assertEqual(self.ok(ended)["secondments"][0]["end_reason"], "另有任务")
        self.assertEqual(self.ok(self.clerk.get(path + "/secondments"))["rows"], [])
        again = self.other.post(mine + "/secondments", say)
        self.assertEqual(self.ok(again, 201)["secondments"][0]["ended"], None)
        draw = self.open(path)
        self.commit(path, draw, ["scjgj", "sthjj"])
        self.done(self.clerk, path + "/draw/seal")
        self.wrong(self.other.post(end, {"reason": "另有任务"}, If_Match=again.getheader("ETag")), 412, "ERR_CONFLICT")

    def test_the_head_approves_and_nobody_else(self):
        path = self.task(approved=False)
        self.wrong(self.clerk.post(path + "/approve"), 403, "ERR_PERMISSION")
        self.wrong(self.observer.post(path + "/approve"), 403, "ERR_PERMISSION")
        self.wrong(self.clerk.post(path + "/draw/open", {"parties": ["scjgj", "sthjj"], "beacons": BEACONS}), 409, "ERR_STATE")
        self.assertEqual(self.ok(self.head.post(path + "/approve"))["state"], "approved")
        self.assertEqual(self.ok(self.users["scjgj-review"].post(path + "/approve"))["state"], "approved", "a second time changes nothing")

    def test_a_task_is_seen_by_those_it_concerns(self):
        path = self.task(participants=[{"department": "scjgj", "places": 2}], items=["SCJGJ-12"], scope={"tags": ["工业产品生产"]})
        for browser, status in ((self.clerk, 200), (self.observer, 200), (self.other, 404), (self.users["system"], 403)):
            self.assertEqual(browser.get(path).status, status)
        self.open(path, ("scjgj", "sthjj"))
        self.ok(self.other.get(path))  # a party of the draw sees it
        mine = self.ok(self.other.get("/ceremonies"))["rows"]
        self.assertIn((path.split("/")[-1], "sthjj"), {(r["task"], r["party"]) for r in mine})

    def test_the_frame_shows_every_probability_before_it_is_sealed(self):
        path = self.task()
        frame = self.ok(self.clerk.get(path + "/frame"))
        self.assertGreater(frame["rows"], 0)
        for quota in frame["quotas"]:
            self.assertEqual(quota["n"], -(-quota["population"] * 300 // 10000), "rounded up")
            self.assertEqual(quota["least_ppm"], quota["n"] * 1000000 // quota["population"])
            self.assertEqual(quota["least_ppm"], quota["most_ppm"])
        self.assertEqual(frame["excluded"], sum(x["count"] for x in frame["exclusions"]))

    def test_a_dry_run_counts_and_leaves_nothing_behind(self):
        path = self.task()
        job = self.done(self.clerk, path + "/simulate", {"rounds": 50})
        self.assertEqual(job["rounds"], 50)
        for row in job["strata"]:
            self.assertLessEqual(row["least"], row["mean"])
            self.assertLessEqual(row["mean"], row["most"])
        task = self.ok(self.clerk.get(path))
        self.assertEqual((task["state"], task["draw"], task["attempts"]), ("approved", None, []))
        self.assertEqual(self.job(self.clerk, path + "/draw/run")["error"], "ERR_NOT_FOUND")
        self.wrong(self.clerk.post(path + "/simulate", {"rounds": 0}), 422, "ERR_RANGE")
        self.wrong(self.other.post(path + "/simulate", {"rounds": 5}), 403, "ERR_PERMISSION")


class Ceremony(CeremonyTest):
    def test_five_accounts_hold_a_draw_and_an_outsider_finds_the_same(self):
        parties = ("scjgj", "sthjj", "observer", "notary")
        path, draw, result = self.drawn(parties=parties)
        self.assertGreater(result["targets"], 0)
        task = self.ok(self.observer.get(path))
        self.assertEqual((task["state"], task["draw"]["state"]), ("drawn", "drawn"))
        self.assertTrue(all(p["present"] for p in task["draw"]["parties"]))
        rows = self.ok(self.clerk.get(path + "/drawn", limit=200))["rows"]
        self.assertEqual([r["position"] for r in rows], list(range(1, result["targets"] + 1)))
        time.sleep(1.5)  # the journal goes into the log
        url = f"http://127.0.0.1:{self.office.port}/draws/{draw['draw'].replace('/', '-')}/1/"
        with tempfile.TemporaryDirectory() as fresh:
            done = subprocess.run([world.PROGRAM, "draw", "verify", url, "--require-log", "--json"], capture_output=True, text=True,
                                  cwd=fresh, env=self.office.environment())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        with urllib.request.urlopen(url + "certificate/") as page:
            text = page.read().decode()
        for fact in (task["attempts"][0]["seed"], task["attempts"][0]["result_digest"], "纪检监督", "<svg"):
            self.assertIn(fact, text)

    def test_a_party_acts_for_itself_alone(self):
        path = self.task()
        draw = self.open(path, ("scjgj", "sthjj", "observer"))
        for browser, party in ((self.clerk, "sthjj"), (self.other, "scjgj"), (self.clerk, "observer"), (self.head, "sthjj"),
                               (self.observer, "scjgj")):
            self.wrong(browser.post(path + "/draw/commit", {"party": party, "commitment": commitment(draw, party, secret_of("x"))}), 403, "ERR_PERMISSION")
        self.wrong(self.notary.post(path + "/draw/commit", {"party": "notary", "commitment": "0" * 64}), 404, "ERR_NOT_FOUND")
        self.assertEqual([p["mine"] for p in self.ok(self.other.get(path))["draw"]["parties"]], [False, False, True])

    def test_commitments_are_not_copied_and_not_changed(self):
        path = self.task()
        draw = self.open(path)
        first = commitment(draw, "scjgj", secret_of("a"))
        self.ok(self.clerk.post(path + "/draw/commit", {"party": "scjgj", "commitment": first}))
        self.ok(self.clerk.post(path + "/draw/commit", {"party": "scjgj", "commitment": first}))
        self.wrong(self.clerk.post(path + "/draw/commit", {"party": "scjgj", "commitment": secret_of("b")}), 409, "ERR_STATE")
        self.wrong(self.other.post(path + "/draw/commit", {"party": "sthjj", "commitment": first}), 409, "ERR_DUPLICATE")
        self.wrong(self.other.post(path + "/draw/commit", {"party": "sthjj", "commitment": "xyz"}), 422, "ERR_LENGTH")

    def test_nothing_is_sealed_before_every_commitment(self):
        path = self.task()
        draw = self.open(path)
        self.commit(path, draw, ["scjgj"])
        job = self.job(self.clerk, path + "/draw/seal")
        self.assertEqual((job["state"], job["error"]), ("failed", "ERR_STATE"))
        self.assertIn("sthjj", job["why"])
        self.assertEqual(self.ok(self.clerk.get(path))["state"], "approved")

    def test_the_policy_refuses_weak_draws(self):
        path = self.task()
        for parties, beacons, more in ((["scjgj"], BEACONS, {}), (["scjgj", "sthjj"], [{"name": "cwl-3d", "event": "2026312"}], {}),
                                       (["scjgj", "sthjj"], BEACONS[:1], {"min_parties": 1})):
            self.wrong(self.clerk.post(path + "/draw/open", {"parties": parties, "beacons": beacons, **more}), 422, "ERR_POLICY")
        past = [{"name": "drand-quicknet", "event": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971:1000"}]
        self.wrong(self.clerk.post(path + "/draw/open", {"parties": ["scjgj", "sthjj"], "beacons": past}), 422, "ERR_POLICY")
        self.assertIsNone(self.ok(self.clerk.get(path))["draw"])

    def test_fifty_clicks_seal_and_run_once(self):
        path = self.task()
        draw = self.open(path)
        self.commit(path, draw, ["scjgj", "sthjj"])
        frame = self.ok(self.clerk.get(path + "/frame"))
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            seals = list(pool.map(lambda _: self.done(self.clerk, path + "/draw/seal"), range(16)))
        self.assertEqual(len({s["draw_digest"] for s in seals}), 1)
        self.assertEqual(self.ok(self.clerk.get(path + "/frame")), frame, "what was sealed is what was shown before")
        self.reveal(path, draw, ["scjgj", "sthjj"])
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            self.assertEqual({r.status for r in pool.map(lambda _: self.clerk.post(path + "/draw/lock"), range(8))}, {200})
        self.beacons(path)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            runs = list(pool.map(lambda _: self.done(self.clerk, path + "/draw/run"), range(16)))
        self.assertEqual(len({(r["seed"], r["result_digest"]) for r in runs}), 1)
        self.assertEqual(len(self.ok(self.clerk.get(path))["attempts"]), 1)

    def test_lottery_numbers_count_when_two_accounts_typed_the_same(self):
        path, _ = self.locked()
        typed = lambda browser, value: self.ok(browser.post(path + "/draw/beacon", {"name": "cwl-ssq", "value": value}))  # noqa: E731
        beacon = lambda reply: reply["draw"]["beacons"][0]  # noqa: E731
        self.assertEqual(typed(self.clerk, "01,07,12,18,25,33+09")["typed"], "alone")
        self.assertEqual(typed(self.clerk, "02,07,12,18,25,33+09")["typed"], "alone", "one account may correct itself, and stays one")
        reply = typed(self.other, SSQ)
        self.assertEqual((reply["typed"], beacon(reply)["typed"]["differ"], beacon(reply)["value"]), ("differs", True, None))
        self.assertEqual(beacon(reply)["typed"]["mine"], SSQ)
        self.assertNotIn("02,07,12", json.dumps(reply), "nobody copies from the other")
        reply = typed(self.clerk, SSQ)
        self.assertEqual((reply["typed"], beacon(reply)["value"]), ("counts", SSQ))
        self.wrong(self.clerk.post(path + "/draw/beacon", {"name": "cwl-ssq", "value": "01,02,03,04,05,06+07"}), 409, "ERR_CONFLICT")
        self.wrong(self.clerk.post(path + "/draw/beacon", {"name": "sports-dlt", "value": SSQ}), 422, "ERR_SYNTAX")
        self.assertEqual(self.job(self.clerk, path + "/draw/run")["error"], "ERR_STATE", "one beacon is still missing")

    def test_a_drand_round_is_the_digest_of_its_signature(self):
        chain = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
        future = (self.office.clock + 3600 - 1692803367) // 3 + 1
        path, _ = self.locked(beacons=[{"name": "drand-quicknet", "event": f"{chain}:{future}"}])
        self.wrong(self.clerk.post(path + "/draw/beacon", {"name": "drand-quicknet", "evidence": "ab" * 48}), 422, "ERR_POLICY")
        start = self.office.clock
        try:
            self.office.at(start + 3700)
            for login, party in (("scjgj-clerk", "clerk"),):
                setattr(type(self), party, self.office.log_in(login)[0])
            self.wrong(self.clerk.post(path + "/draw/beacon", {"name": "drand-quicknet", "evidence": "zz"}), 422, "ERR_SYNTAX")
            reply = self.ok(self.clerk.post(path + "/draw/beacon", {"name": "drand-quicknet", "evidence": "ab" * 48}))
            beacon = reply["draw"]["beacons"][0]
            self.assertEqual(beacon["value"], hashlib.sha256(bytes.fromhex("ab" * 48)).hexdigest())
            self.assertEqual(beacon["evidence"], "ab" * 48)
            self.assertGreater(self.done(self.clerk, path + "/draw/run")["targets"], 0)
        finally:
            self.office.at(start)
            type(self).clerk = self.office.log_in("scjgj-clerk")[0]
            for login, browser in self.users.items():
                fresh = self.office.log_in(login)[0]
                browser.cookie, browser.csrf = fresh.cookie, fresh.csrf
            type(self).clerk = self.users["scjgj-clerk"]
            type(self).who["scjgj"] = self.clerk

    def test_a_silent_party_is_absent_and_gains_nothing(self):
        path, _ = self.locked(parties=("scjgj", "sthjj", "observer"), silent=("observer",), min_parties=2)
        present = {p["name"]: p["present"] for p in self.ok(self.clerk.get(path))["draw"]["parties"]}
        self.assertEqual(present, {"scjgj": True, "sthjj": True, "observer": False})
        late = self.observer.post(path + "/draw/reveal", {"party": "observer", "secret": secret_of(f"{path} 1 observer")})
        self.wrong(late, 409, "ERR_STATE")
        self.beacons(path)
        self.assertGreater(self.done(self.clerk, path + "/draw/run")["targets"], 0)

    def test_too_few_parties_do_not_lock(self):
        path = self.task()
        draw = self.open(path)
        self.commit(path, draw, ["scjgj", "sthjj"])
        self.done(self.clerk, path + "/draw/seal")
        self.reveal(path, draw, ["scjgj"])
        self.wrong(self.clerk.post(path + "/draw/lock"), 422, "ERR_MISSING")
        self.wrong(self.other.post(path + "/draw/reveal", {"party": "sthjj", "secret": secret_of("another")}), 422, "ERR_COMMITMENT")

    def test_a_voided_attempt_stays_public_and_the_next_names_it(self):
        path, draw, first = self.drawn()
        self.wrong(self.clerk.post(path + "/draw/void", {"reason": "经办人不作废"}), 403, "ERR_PERMISSION")
        self.assertEqual(self.head.post(path + "/draw/void", {}).status, 422)
        task = self.ok(self.head.post(path + "/draw/void", {"reason": "摇奖结果被主管机关撤销"}))
        self.assertEqual((task["state"], task["draw"]["state"]), ("approved", "void"))
        self.ok(self.head.post(path + "/draw/void", {"reason": "再点一次"}))
        again = self.open(path)
        self.assertEqual((again["draw"], again["attempt"]), (draw["draw"], 2))
        self.commit(path, again, ["scjgj", "sthjj"])
        self.done(self.clerk, path + "/draw/seal")
        self.reveal(path, again, ["scjgj", "sthjj"])
        self.ok(self.clerk.post(path + "/draw/lock"))
        self.beacons(path)
        second = self.done(self.clerk, path + "/draw/run")
        self.assertNotEqual(first["seed"], second["seed"])
        attempts = self.ok(self.clerk.get(path))["attempts"]
        self.assertEqual([(a["attempt"], a["state"]) for a in attempts], [(2, "drawn"), (1, "void")])
        base = f"http://127.0.0.1:{self.office.port}/draws/{draw['draw'].replace('/', '-')}"
        for where in ("/1/", "/2/"):
            self.assertEqual(urllib.request.urlopen(base + where).status, 200)
        state = json.load(urllib.request.urlopen(base + "/room/state.json"))
        self.assertEqual([a["attempt"] for a in state["attempts"]], [1, 2])

    def test_the_room_sees_each_step_and_no_secret_before_its_time(self):
        path = self.task()
        draw = self.open(path)
        state = lambda: json.load(urllib.request.urlopen(  # noqa: E731
            f"http://127.0.0.1:{self.office.port}/draws/{draw['draw'].replace('/', '-')}/room/state.json"))
        self.assertEqual((state()["state"], [p["committed"] for p in state()["parties"]]), ("open", [False, False]))
        self.commit(path, draw, ["scjgj", "sthjj"])
        self.assertEqual([p["committed"] for p in state()["parties"]], [True, True])
        self.done(self.clerk, path + "/draw/seal")
        self.reveal(path, draw, ["scjgj", "sthjj"])
        now = state()
        self.assertEqual([p["revealed"] for p in now["parties"]], [True, True])
        self.assertNotIn(secret_of(f"{path} 1 scjgj"), json.dumps(now))
        self.ok(self.clerk.post(path + "/draw/lock"))
        self.beacons(path)
        self.done(self.clerk, path + "/draw/run")
        now = state()
        self.assertEqual(now["parties"][0]["secret"], secret_of(f"{path} 1 scjgj"))
        steps = "mingqian-seed/v1\n" + now["draw_digest"] + "\n" + now["lock_digest"] + "\n"
        steps += "".join(f"party {p['name']} {p['secret']}\n" for p in now["parties"])
        steps += "".join(f"beacon {b['name']} {b['value']}\n" for b in now["beacons"])
        self.assertEqual(now["seed"], hashlib.sha256(steps.encode()).hexdigest())
        rows = json.load(urllib.request.urlopen(
            f"http://127.0.0.1:{self.office.port}/draws/{draw['draw'].replace('/', '-')}/room/rows.json?attempt=1"))["rows"]
        self.assertEqual(len(rows), now["drawn"])

    def test_the_list_of_an_unannounced_check_is_hidden_from_the_room(self):
        path, draw, result = self.drawn(unannounced=True)
        base = f"http://127.0.0.1:{self.office.port}/draws/{draw['draw'].replace('/', '-')}"
        text = urllib.request.urlopen(base + "/room/state.json").read().decode()
        state = json.loads(text)
        self.assertTrue(state["unannounced"])
        self.assertIsNone(state["seed"])
        self.assertEqual(state["drawn"], 0)
        self.assertNotIn(result["seed"], text)
        for hidden in ("/room/rows.json?attempt=1", "/1/certificate/"):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(base + hidden)
            self.assertEqual(refused.exception.code, 404)
        self.assertEqual(len(self.ok(self.clerk.get(path + "/drawn", limit=200))["rows"]), result["targets"], "those who go there know")


class Teams(CeremonyTest):
    def test_teams_are_matched_confirmed_replaced_and_targets_substituted(self):
        path, draw, result = self.drawn(seal={"experts": 1, "slack": 1})
        self.wrong(self.clerk.post(path + "/draw/seal", {"experts": 9}), 422, "ERR_RANGE")
        self.wrong(self.clerk.post(path + "/confirm"), 409, "ERR_STATE")
        outcome = self.done(self.clerk, path + "/assign")
        self.assertTrue(outcome["feasible"])
        again = self.done(self.clerk, path + "/assign")
        self.assertEqual((again["again"], again["owners_digest"]), (True, outcome["owners_digest"]))
        task = self.ok(self.other.post(path + "/confirm"))
        self.ok(self.other.post(path + "/confirm"))
        self.assertEqual({t["department"]: bool(t["confirmed"]) for t in task["staffing"]["teams"]}, {"scjgj": False, "sthjj": True})
        self.assertEqual(task["staffing"]["confirm_due"], "2026-11-26")
        self.wrong(self.observer.post(path + "/confirm"), 403, "ERR_PERMISSION")
        row = self.ok(self.clerk.get(path + "/drawn"))["rows"][0]
        self.assertGreaterEqual(len(row["team"]), 2)
        self.assertEqual(len(row["experts"]), 1, "an expert assists, beside the team")
        gone = next(m for m in row["team"] if m["department"] == "scjgj")
        change = {"target": row["target"], "department": "scjgj", "inspector": gone["inspector"], "reason": "interest", "evidence": "本人申报"}
        self.wrong(self.clerk.post(path + "/replace", change), 403, "ERR_PERMISSION")
        self.assertEqual(self.head.post(path + "/replace", {**change, "reason": "tired"}).status, 422)
        came = self.ok(self.head.post(path + "/replace", change))["substitute"]
        team = self.ok(self.clerk.get(path + "/drawn"))["rows"][0]["team"]
        self.assertEqual({m["inspector"]: m["role"] for m in team}[gone["inspector"]], "recused")
        self.assertIn(came, {m["inspector"] for m in team if m["role"] != "recused"})
        self.recusals(path, self.ok(self.clerk.get(path + "/drawn"))["rows"][0])
        leave = {"target": row["target"], "reason": "cancelled", "evidence": "登记系统注销记录"}
        self.assertEqual(self.head.post(path + "/substitute", {**leave, "reason": "unreachable"}).status, 422)
        self.wrong(self.clerk.post(path + "/substitute", leave), 403, "ERR_PERMISSION")
        self.assertGreater(self.ok(self.head.post(path + "/substitute", leave))["entered"], 0)
        rows = self.ok(self.clerk.get(path + "/drawn", limit=200))["rows"]
        self.assertEqual(rows[0]["target"], row["target"], "the original stays listed")
        self.assertTrue(rows[0]["substitutes"])

    def recusals(self, path, row):
        """The enterprise asks that one steps back; the head of the department decides, and the next reserve comes in the same act."""
        task, target = path.split("/")[-1], row["target"]
        invited = self.ok(self.clerk.post(f"/targets/{target}/account"), 201)
        self.office.links[invited["login"]] = invited["link"].split("/")[-1]
        firm = self.office.enter(invited["login"])
        visit = next(v for v in self.ok(firm.get("/my/enterprise"))["visits"] if v["task_name"] == TASK["name"])
        gone = next(m for m in row["team"] if m["department"] == "scjgj" and m["role"] != "recused")
        asks = {"visit": visit["id"], "department": "scjgj", "inspector": gone["certificate"], "reason": "检查人员是股东的亲属，附户籍证明"}
        self.assertEqual(firm.post("/my/enterprise/recusals", {**asks, "inspector": "41150000000"}).json["errors"][0]["pointer"], "/inspector")
        for _ in range(2):
            self.assertEqual(firm.post("/my/enterprise/recusals", asks).status, 204)
        asked = [r for r in self.ok(self.head.get("/recusal-requests", state="asked"))["rows"] if r["target"] == target]
        self.assertEqual([(r["whom"], r["source"], r["late"]) for r in asked], [(gone["inspector"], "target", False)])
        self.assertIn("recusal.open", [t["id"] for t in self.ok(self.head.get("/dashboard"))["todos"]])
        answer = {"target": target, "id": asked[0]["id"], "granted": True, "answer": "核实属实，已更换"}
        self.assertEqual(self.head.post("/recusal-requests/answer", answer, If_Match='"1"').json["errors"][0]["pointer"], "/reason")
        answer["reason"] = "relative"
        self.wrong(self.clerk.post("/recusal-requests/answer", answer, If_Match='"1"'), 403, "ERR_PERMISSION")
        self.assertEqual(self.head.post("/recusal-requests/answer", answer).status, 428)
        came = self.ok(self.head.post("/recusal-requests/answer", answer, If_Match='"1"'))["substitute"]
        self.wrong(self.head.post("/recusal-requests/answer", answer, If_Match='"2"'), 412, "ERR_CONFLICT")
        roles = {m["inspector"]: m["role"] for r in self.ok(self.clerk.get(path + "/drawn"))["rows"] if r["target"] == target for m in r["team"]}
        self.assertEqual((roles[gone["inspector"]], roles[came] in ("lead", "member")), ("recused", True))
        own = self.ok(firm.get("/my/enterprise"))["recusals"][0]
        self.assertEqual((own["state"], own["answer"], own["replaced"]), ("granted", "核实属实，已更换", True))
        self.assertIn(target, [r["target"] for r in self.ok(self.clerk.get("/inspectors/" + gone["inspector"]))["recusals"]])
        draw = self.ok(self.clerk.get("/tasks/" + task))["draw"]["draw"].replace("/", "-")
        page = urllib.request.urlopen(f"http://127.0.0.1:{self.office.port}/draws/{draw}/").read().decode()
        for words in ("检查人员更换", gone["inspector"], came, "近亲属"):
            self.assertIn(words, page)
        self.assertNotIn("户籍证明", page)

    def matched(self, **change):
        """A task of every dangerous-chemicals firm, matched; its code."""
        path = self.task(items=["SCJGJ-07"], scope={"tags": ["危化品"], "statuses": ["active"]},
                         strata={"by": "one", "strata": [{"label": "all", "ratio_bp": 10000}]}, **change)
        draw = self.open(path)
        self.commit(path, draw, ["scjgj", "sthjj"])
        self.done(self.clerk, path + "/draw/seal", {"any_region": True})
        self.reveal(path, draw, ["scjgj", "sthjj"])
        self.ok(self.clerk.post(path + "/draw/lock"))
        self.beacons(path)
        self.assertGreater(self.done(self.clerk, path + "/draw/run")["targets"], 1)
        return path.split("/")[-1], self.done(self.clerk, path + "/assign")

    def test_tasks_that_meet_at_a_target_become_one_visit(self):
        team = [{"department": "scjgj", "places": 2}, {"department": "sthjj", "places": 1}]
        first, _ = self.matched(participants=team, to="2026-12-31")
        second, outcome = self.matched(participants=team, to="2026-12-18")
        self.assertGreater(outcome["mergings"], 1, "proposed with the matching")
        rows = self.ok(self.other.get("/mergings", state="proposed", limit=200))["rows"]
        self.assertEqual({(r["lead"], r["to"]) for r in rows}, {("scjgj", "2026-12-18")})
        path = "/mergings/" + rows[0]["id"]
        one = self.clerk.get(path)
        self.assertEqual({t["task"] for t in one.json["tasks"]}, {first, second})
        day = next(d for d in one.json["days"] if d["day"] == one.json["day"])
        self.assertTrue(day["works"] and day["planned"] >= 1)
        version = {"If_Match": one.getheader("ETag")}
        saturday = next(d["day"] for d in one.json["days"] if not d["works"])
        self.wrong(self.other.post(path + "/accept", {}, **version), 403, "ERR_PERMISSION")
        self.assertEqual(self.observer.post(path + "/accept", {}, **version).status, 403)
        self.assertEqual(self.clerk.post(path + "/accept", {}).status, 428)
        self.assertEqual(self.clerk.post(path + "/accept", {"day": saturday}, **version).json["errors"][0]["pointer"], "/day")
        done = self.ok(self.clerk.post(path + "/accept", {"day": day["day"]}, **version))
        self.assertEqual((done["state"], done["seen"]), ("accepted", False))
        self.wrong(self.clerk.post(path + "/accept", {}, **version), 412, "ERR_CONFLICT")
        todo = {e["id"] for e in self.ok(self.other.get("/dashboard"))["todos"]}
        self.assertIn("merging.news", todo, "the others are told")
        self.assertTrue(self.ok(self.other.post(path + "/seen"))["seen"])
        path = "/mergings/" + rows[1]["id"]
        version = {"If_Match": self.clerk.get(path).getheader("ETag")}
        self.wrong(self.clerk.post(path + "/decline", {"reason": "  "}, **version), 422, "ERR_INPUT")
        self.assertEqual(self.ok(self.clerk.post(path + "/decline", {"reason": "企业停产"}, **version))["reason"], "企业停产")
        counts = self.ok(self.clerk.get("/mergings/counts"))
        self.assertEqual((counts["accepted"], counts["declined"], counts["saved"]), (1, 1, 1))
        self.assertEqual(self.ok(self.clerk.post("/mergings", {"task": first}))["proposed"], 0, "nothing is asked twice")


if __name__ == "__main__":
    unittest.main()
