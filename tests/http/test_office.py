#!/usr/bin/env python3
"""/api/v1 from outside: sessions, permissions, rows of others, conflicts, repetitions. On SQLite, and on PostgreSQL when
MQ_TEST_PG holds a URL (tests/pg.sh)."""
import concurrent.futures
import http.client
import json
import pathlib
import sys
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fixture  # noqa: E402
import office as world  # noqa: E402

PASSWORD = world.PASSWORD


def code(reply):
    return reply.json["code"] if reply.json else None


class Sessions(world.Case):
    def new_account(self, *roles, **scope):
        login = "t" + uuid.uuid4().hex[:10]
        reply = self.users["system"].post("/accounts", {"login": login, "name": "测试", **scope})
        self.assertEqual(reply.status, 201, reply.content)
        self.office.links[login] = reply.json["link"].split("/")[-1]
        if roles:
            self.assertEqual(self.users["security"].put(f"/accounts/{login}/roles", {"roles": list(roles)}).status, 200)
        return login

    def test_there_is_one_link_for_each_of_the_first_accounts_and_it_works_once(self):
        self.assertEqual(set(self.users), {"system", "security", "audit", "scjgj-clerk", "scjgj-review", "scjgj-head", "sthjj-clerk",
                                           "sthjj-review", "sthjj-head", "secretary", "observer", "notary",
                                           "scjgj-inspect", "scjgj-inspect2"})
        again = world.Browser(self.office).post("/invitation/accept",
                                                {"token": self.office.links["system"], "password": PASSWORD})
        self.assertEqual((again.status, code(again)), (404, "ERR_NOT_FOUND"))

    def test_the_cookie_is_for_this_site_alone_and_out_of_reach_of_scripts(self):
        reply = self.office.log_in("scjgj-clerk")[1]
        cookie = reply.getheader("Set-Cookie")
        self.assertIn("HttpOnly", cookie)
        self.assertIn("SameSite=Strict", cookie)

    def test_each_login_gives_a_new_token(self):
        tokens = {self.office.log_in("scjgj-clerk")[0].cookie for _ in range(3)}
        self.assertEqual(len(tokens), 3)
        fixed = world.Browser(self.office)
        fixed.cookie = "mingqian=" + "a" * 64
        fixed.post("/session", {"login": "scjgj-clerk", "password": PASSWORD})
        self.assertNotEqual(fixed.cookie, "mingqian=" + "a" * 64)

    def test_without_a_session_there_is_nothing(self):
        for path in ("/session", "/targets", "/items", "/accounts", "/dashboard"):
            reply = world.Browser(self.office).get(path)
            self.assertEqual((reply.status, code(reply)), (401, "ERR_SESSION"), path)

    def test_a_change_without_the_token_of_the_page_is_refused(self):
        for token in (None, "", "0" * 64, self.other.csrf):
            reply = self.clerk.request("POST", "/targets/tag", {"codes": []}, X_CSRF_Token=token or "")
            self.assertEqual((reply.status, code(reply)), (403, "ERR_CSRF"))

    def test_five_failures_lock_and_the_right_password_no_longer_helps(self):
        login = self.new_account("clerk")
        self.office.enter(login)
        for _ in range(5):
            reply = world.Browser(self.office).post("/session", {"login": login, "password": "wrong"})
            self.assertEqual((reply.status, code(reply)), (401, "ERR_LOGIN"))
        reply = self.office.log_in(login)[1]
        self.assertEqual((reply.status, code(reply)), (429, "ERR_LOCKED"))

    def test_an_unknown_login_and_a_wrong_password_look_the_same(self):
        replies = [world.Browser(self.office).post("/session", {"login": name, "password": "wrong"})
                   for name in ("nobody-here", "sthjj-review")]
        self.assertEqual(replies[0].content, replies[1].content)

    def test_a_disabled_account_is_out_at_once(self):
        login = self.new_account("clerk")
        browser = self.office.enter(login)
        self.assertEqual(browser.get("/targets").status, 200)
        self.assertEqual(self.users["system"].post(f"/accounts/{login}/disable", {"reason": "调离"}).status, 200)
        self.assertEqual(browser.get("/targets").status, 401)
        self.assertEqual(self.office.log_in(login)[1].status, 401)
        self.assertEqual(self.users["system"].post(f"/accounts/{login}/enable", {"reason": "调回"}).status, 200)
        self.assertEqual(self.office.log_in(login)[1].status, 200)

    def test_logging_out_everywhere_ends_the_other_browsers(self):
        login = self.new_account("clerk")
        first = self.office.enter(login)
        second = self.office.log_in(login)[0]
        self.assertEqual(len(first.get("/sessions").json["rows"]), 2)
        self.assertEqual(first.delete("/sessions").status, 204)
        self.assertEqual((first.get("/session").status, second.get("/session").status), (401, 401))

    def test_weak_passwords_are_refused_with_their_field(self):
        login = self.new_account("clerk")
        for weak in ("short1A", "onlysmallletters", "aaaaaaa1"):
            reply = world.Browser(self.office).post("/invitation/accept", {"token": self.office.links[login], "password": weak})
            self.assertEqual((reply.status, reply.json["errors"][0]["pointer"]), (422, "/password"))
        self.office.enter(login)

    def test_the_one_time_link_is_in_no_log(self):
        text = (self.office.directory / "requests.log").read_text()
        for token in self.office.links.values():
            self.assertNotIn(token, text)

    def test_administrators_are_kept_apart(self):
        system, security, audit = (self.users[n] for n in ("system", "security", "audit"))
        login = self.new_account()
        self.assertEqual(security.put(f"/accounts/{login}/roles", {"roles": ["audit"]}).status, 422)
        self.assertEqual(security.put(f"/accounts/{login}/roles", {"roles": ["clerk", "reviewer"]}).status, 200)
        self.assertEqual(security.put("/accounts/system/roles", {"roles": ["system", "audit"]}).status, 422)
        self.assertEqual(security.put("/accounts/security/roles", {"roles": []}).status, 403)
        self.assertEqual(system.put(f"/accounts/{login}/roles", {"roles": ["head"]}).status, 403)
        self.assertEqual(security.post("/accounts", {"login": "xx", "name": "x"}).status, 403)
        self.assertEqual(audit.get("/accounts").status, 403)
        for admin in (system, security, audit):
            self.assertEqual(admin.get("/targets").status, 403)

    def test_granted_and_taken_roles_count_at_once(self):
        login = self.new_account()
        browser = self.office.enter(login)
        self.assertEqual(browser.get("/items").status, 403)
        self.users["security"].put(f"/accounts/{login}/roles", {"roles": ["clerk"]})
        self.assertEqual(browser.get("/items").status, 200)
        self.users["security"].put(f"/accounts/{login}/roles", {"roles": []})
        self.assertEqual(browser.get("/items").status, 403)

    def test_a_session_ends_after_twenty_idle_minutes(self):
        browser = self.office.log_in("scjgj-review")[0]
        start = self.office.clock
        try:
            self.office.at(start + 19 * 60)
            self.assertEqual(browser.get("/session").status, 200)
            self.office.at(start + 38 * 60)
            self.assertEqual(browser.get("/session").status, 200, "use moves the limit")
            self.office.at(start + 59 * 60)
            self.assertEqual(browser.get("/session").status, 401)
        finally:
            self.office.at(start)


class Access(world.Case):
    def test_rows_of_another_department_do_not_exist(self):
        mine = {t["code"] for t in self.all(self.clerk, "/targets")}
        theirs = {t["code"] for t in self.all(self.other, "/targets")}
        hidden = sorted(mine - theirs)
        self.assertTrue(hidden, "the demo city has targets that only one department supervises")
        target = self.clerk.get("/targets/" + hidden[0])
        self.assertEqual(self.other.get("/targets/" + hidden[0]).status, 404)
        self.assertEqual(self.other.get(f"/targets/{hidden[0]}/dossier").status, 404)
        self.assertEqual(self.other.put("/targets/" + hidden[0], {"address": "x"}, If_Match=target.getheader("ETag")).status, 404)
        self.assertEqual(self.other.post("/targets/tag", {"codes": [hidden[0]], "add": ["x"]}).status, 404)
        self.assertEqual(self.other.get("/targets", q=target.json["name"]).json["rows"], [])
        for path in ("/inspectors",):
            self.assertEqual({r["department"] for r in self.all(self.other, path)}, {"sthjj"})

    def test_a_county_sees_itself_and_a_city_all_of_them(self):
        system, security = self.users["system"], self.users["security"]
        seen = {}
        for login, region in (("xian-clerk", "411525"), ("shi-clerk", "411500")):
            reply = system.post("/accounts", {"login": login, "name": "区县", "region": region})
            self.assertEqual(reply.status, 201, reply.content)
            self.office.links[login] = reply.json["link"].split("/")[-1]
            security.put(f"/accounts/{login}/roles", {"roles": ["clerk"]})
            browser = self.office.enter(login)
            seen[login] = {t["region"] for t in self.all(browser, "/targets")}
            if region == "411525":
                elsewhere = browser.get("/targets", region="411502").json["rows"]
                self.assertEqual(elsewhere, [])
        self.assertEqual({r[:6] for r in seen["xian-clerk"]}, {"411525"})
        self.assertGreater(len({r[:6] for r in seen["shi-clerk"]}), 5)

    def all(self, browser, path):
        cursor, rows = None, []
        while True:
            page = browser.get(path, cursor=cursor, limit=200).json
            rows += page["rows"]
            cursor = page["next"]
            if cursor is None:
                return rows


class Rows(world.Case):
    def a_target(self):
        row = self.clerk.get("/targets", limit=1).json["rows"][0]
        return self.clerk.get("/targets/" + row["code"])

    def test_pages_hold_every_row_once(self):
        cursor, seen, pages = None, [], 0
        while True:
            reply = self.clerk.get("/targets", cursor=cursor, limit=37)
            seen += [r["code"] for r in reply.json["rows"]]
            self.assertLessEqual(len(reply.json["rows"]), 37)
            pages += 1
            cursor = reply.json["next"]
            if cursor is None:
                self.assertIsNone(reply.getheader("Link"))
                break
            self.assertIn('rel="next"', reply.getheader("Link"))
        self.assertEqual(seen, sorted(set(seen)))
        self.assertGreater(pages, 2)

    def test_a_bad_limit_is_refused(self):
        for limit in ("0", "201", "-1", "x"):
            self.assertEqual(self.clerk.get("/targets", limit=limit).status, 422)

    def test_of_two_who_save_the_second_is_told(self):
        target = self.a_target()
        path, tag = "/targets/" + target.json["code"], target.getheader("ETag")
        first = self.clerk.put(path, {"station": "一号站 " + uuid.uuid4().hex}, If_Match=tag)
        self.assertEqual(first.status, 200)
        self.assertNotEqual(first.getheader("ETag"), tag)
        second = self.clerk.put(path, {"station": "二号站"}, If_Match=tag)
        self.assertEqual((second.status, code(second)), (412, "ERR_CONFLICT"))
        self.assertEqual(self.clerk.get(path).json["station"], first.json["station"])
        self.assertEqual(self.clerk.put(path, {"station": "x"}).status, 428)

    def test_a_change_shows_in_the_dossier(self):
        target = self.a_target()
        path = "/targets/" + target.json["code"]
        self.clerk.put(path, {"station": "站 " + uuid.uuid4().hex}, If_Match=target.getheader("ETag"))
        changes = self.clerk.get(path + "/dossier").json["changes"]
        self.assertEqual((changes[0]["act"], changes[0]["field"]), ("target.change", "station"))
        self.assertEqual(changes[0]["actor"], self.clerk.get("/session").json["name"])

    def test_the_same_request_fifty_times_at_once_acts_once(self):
        key, item = uuid.uuid4().hex, "T-" + uuid.uuid4().hex[:8]
        body = {"code": item, "domain": "测试", "name": "重复提交", "class": "KEY"}
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            replies = list(pool.map(lambda _: self.clerk.post("/items", body, Idempotency_Key=key), range(50)))
        self.assertEqual({r.status for r in replies}, {201})
        self.assertEqual(len({r.content for r in replies}), 1)
        self.assertEqual(len(self.clerk.get(f"/items/{item}/versions").json["rows"]), 1)
        other = self.clerk.post("/items", dict(body, name="另一个"), Idempotency_Key=key)
        self.assertEqual((other.status, code(other)), (409, "ERR_EXISTS"))

    def test_without_a_key_the_second_of_two_is_a_conflict(self):
        body = {"code": "T-" + uuid.uuid4().hex[:8], "domain": "测试", "name": "重复提交", "class": "KEY"}
        self.assertEqual([self.clerk.post("/items", body).status for _ in range(2)], [201, 409])

    def test_an_item_goes_through_its_states_by_the_right_hands(self):
        item = "T-" + uuid.uuid4().hex[:8]
        reviewer = self.users["scjgj-review"]
        body = {"domain": "测试", "name": "事项", "class": "GENERAL", "cap_bp": 300, "target_scope": "企业", "methods": ["on_site"],
                "points": [{"content": "亮照", "how": "现场查看"}], "legal_basis": [{"law": "《条例》", "article": "第三条"}]}
        self.clerk.post("/items", dict(body, code=item))
        self.assertEqual(self.other.get("/items/" + item).status, 404, "a draft is its department's")
        self.assertEqual(reviewer.post(f"/items/{item}/move", {"state": "legal_review"}).status, 403)
        self.assertEqual(self.clerk.post(f"/items/{item}/move", {"state": "legal_review"}).status, 200)
        self.assertEqual(self.clerk.post(f"/items/{item}/move", {"state": "published"}).status, 403)
        self.assertEqual(self.users["sthjj-review"].post(f"/items/{item}/move", {"state": "published"}).status, 404)
        self.assertEqual(reviewer.post(f"/items/{item}/move", {"state": "published"}).json["state"], "published")
        self.assertEqual(self.other.get("/items/" + item).status, 200)
        revised = self.clerk.post(f"/items/{item}/versions", dict(body, name="事项(修订)", cap_bp=500, reason="法规修订"))
        self.assertEqual((revised.status, revised.json["version"]), (201, 2))
        diff = {r["field"]: (r["before"], r["after"]) for r in self.clerk.get(f"/items/{item}/diff", **{"from": 1, "to": 2}).json["rows"]}
        self.assertEqual(diff, {"name": ("事项", "事项(修订)"), "cap_bp": (300, 500)})

    def test_wrong_fields_are_named_in_both_languages(self):
        reply = self.clerk.post("/items", {"code": 7, "name": "x", "nonsense": True}, Accept_Language="en")
        self.assertEqual((reply.status, reply.getheader("Content-Type")), (422, "application/problem+json"))
        self.assertEqual({e["pointer"] for e in reply.json["errors"]}, {"/code", "/domain", "/class", "/nonsense"})
        self.assertEqual(reply.json["title"], reply.json["en"])
        self.assertEqual(self.clerk.post("/items", {}).json["title"], reply.json["zh"])

    def test_bad_content_is_refused_and_nothing_breaks(self):
        for raw in (b"{", b"[]", b'{"a":1,"a":2}', b"\xff", b'{"code":"\\u0000"}'):
            reply = self.clerk.request("POST", "/items", raw=raw, Content_Type="application/json")
            self.assertEqual(reply.status, 422, raw)
        self.assertEqual(self.clerk.request("POST", "/items", raw=b"{}", Content_Type="text/plain").status, 422)
        self.assertEqual(self.clerk.get("/session").status, 200)

    def test_risk_classes_are_for_those_who_may_see_them(self):
        system, security = self.users["system"], self.users["security"]
        link = system.post("/accounts", {"login": "mishu", "name": "秘书"}).json["link"]
        self.office.links["mishu"] = link.split("/")[-1]
        security.put("/accounts/mishu/roles", {"roles": ["secretary"]})
        secretary = self.office.enter("mishu")
        self.assertEqual({t["risk_class"] for t in secretary.get("/targets", limit=200).json["rows"]}, {None})
        self.assertNotEqual({t["risk_class"] for t in self.clerk.get("/targets", limit=200).json["rows"]}, {None})

    def test_what_was_done_is_soon_in_the_signed_log(self):
        before = (self.office.directory / "log" / "checkpoint").read_text().split("\n")[1]
        target = self.a_target()
        self.clerk.put("/targets/" + target.json["code"], {"station": uuid.uuid4().hex}, If_Match=target.getheader("ETag"))
        for _ in range(50):
            after = (self.office.directory / "log" / "checkpoint").read_text().split("\n")[1]
            if int(after) > int(before):
                return
            time.sleep(0.1)
        self.fail("not sequenced within five seconds")


class Imports(world.Case):
    handed_in = 0
    GOOD = "统一社会信用代码,企业名称,行政区划\n91350100M000100Y43,导入试验商贸有限公司,411502\n"

    def hand_in(self, text, **query):
        Imports.handed_in += 1  # the clock of this world stands still: only the name tells two imports apart
        fields = {"kind": "targets", "name": f"名录-{Imports.handed_in}.csv", **query}
        path = "/imports?" + world.urllib.parse.urlencode(fields)
        return self.clerk.request("POST", path, raw=text.encode(), Content_Type="application/octet-stream")

    def ended(self, job):
        for _ in range(200):
            state = self.clerk.get("/jobs/" + job).json
            if state["ended"]:
                return state
            time.sleep(0.05)
        self.fail("the job does not end")

    def latest(self):
        name = f"名录-{Imports.handed_in}.csv"
        return next(row for row in self.clerk.get("/imports", limit=100).json["rows"] if row["name"] == name)

    def test_a_file_is_tried_then_confirmed_and_the_same_file_changes_nothing(self):
        for added, unchanged in ((1, 0), (0, 1)):
            reply = self.hand_in(self.GOOD + "坏代码,坏行,411502\n")
            self.assertEqual(reply.status, 202, reply.content)
            self.assertEqual(reply.getheader("Location"), "/api/v1/jobs/" + reply.json["id"])
            self.assertEqual(self.ended(reply.json["id"])["state"], "done")
            tried = self.latest()
            self.assertEqual(tried["state"], "checked")
            self.assertEqual([tried["report"][k] for k in ("read", "added", "unchanged", "rejected")], [2, added, unchanged, 1])
            self.assertIn("坏代码", self.clerk.get(f"/imports/{tried['id']}/rejects").content.decode("utf-8-sig"))
            self.assertEqual(self.clerk.get("/targets/91350100M000100Y43").status, 404 if added else 200)
            confirmed = self.clerk.post(f"/imports/{tried['id']}/confirm")
            self.assertEqual(confirmed.status, 202)
            self.assertEqual(self.clerk.post(f"/imports/{tried['id']}/confirm").status, 409)
            self.assertEqual(self.ended(confirmed.json["id"])["state"], "done")
            self.assertEqual(self.latest()["state"], "done")
            self.assertEqual(self.clerk.get("/targets/91350100M000100Y43").status, 200)

    def test_a_file_without_header_fails_and_says_why(self):
        reply = self.hand_in("a,b\n1,2\n")
        job = self.ended(reply.json["id"])
        self.assertEqual((job["state"], job["error"]), ("failed", "ERR_INPUT"))
        self.assertEqual(self.clerk.post(f"/imports/{self.latest()['id']}/confirm").status, 409)

    def test_imports_and_jobs_of_others_do_not_exist(self):
        reply = self.hand_in(self.GOOD)
        self.ended(reply.json["id"])
        upload = self.latest()["id"]
        for path in ("/jobs/" + reply.json["id"], f"/jobs/{reply.json['id']}/events", "/imports/" + upload,
                     f"/imports/{upload}/rejects"):
            self.assertEqual(self.other.get(path).status, 404, path)
        self.assertEqual(self.other.post(f"/imports/{upload}/confirm").status, 404)

    def many(self, count):
        rows = "".join(f"{fixture.uscc('91411502' + fixture.organisation(40000000 + i))},流水试验{i}有限公司,411502\n" for i in range(count))
        return "统一社会信用代码,企业名称,行政区划\n" + rows

    def events(self, job, **headers):
        """What one connection tells until the server ends it: [(event, id, job)], and the status."""
        reply = self.clerk.request("GET", f"/jobs/{job}/events", **headers)
        told = []
        for block in reply.content.decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
            if "data" in fields:
                told.append((fields["event"], fields["id"], json.loads(fields["data"])))
        return told, reply

    def test_one_connection_tells_the_progress_of_a_job_until_its_end(self):
        job = self.hand_in(self.many(12000)).json["id"]
        told, reply = self.events(job)
        self.assertEqual((reply.status, reply.getheader("Content-Type")), (200, "text/event-stream"))
        self.assertGreater(len(told), 1, "more than the end")
        self.assertEqual({e for e, _, _ in told[:-1]}, {"job"})
        self.assertEqual((told[-1][0], told[-1][2]["state"], told[-1][2]["id"]), ("end", "done", job))
        self.assertEqual(len({i for _, i, _ in told}), len(told), "no state is told twice")
        again, reply = self.events(job)
        self.assertEqual(([e for e, _, _ in again], reply.status), (["end"], 200))
        none, reply = self.events(job, Last_Event_ID=told[-1][1])
        self.assertEqual((none, reply.status), ([], 204), "whoever has seen the end stops asking")
        late, reply = self.events(job, Last_Event_ID=told[0][1])
        self.assertEqual([e for e, _, _ in late], ["end"])

    def test_an_account_has_few_streams_and_the_oldest_gives_way(self):
        job = self.hand_in(self.many(12000)).json["id"]
        open_ones = []
        for _ in range(10):
            connection = http.client.HTTPConnection("127.0.0.1", self.office.port, timeout=60)
            connection.request("GET", f"/api/v1/jobs/{job}/events", headers={"Cookie": self.clerk.cookie})
            open_ones.append((connection, connection.getresponse()))
        texts = [reply.read() for _, reply in open_ones]
        for connection, _ in open_ones:
            connection.close()
        self.assertEqual({reply.status for _, reply in open_ones}, {200})
        self.assertIn(b"event: end", texts[-1])
        self.ended(job)

    def test_a_stream_ends_when_the_server_does(self):
        job = self.hand_in(self.many(12000)).json["id"]
        connection = http.client.HTTPConnection("127.0.0.1", self.office.port, timeout=60)
        connection.request("GET", f"/api/v1/jobs/{job}/events", headers={"Cookie": self.clerk.cookie})
        reply = connection.getresponse()
        self.assertTrue(reply.readline().startswith(b"retry:"))
        start = time.monotonic()
        self.office.at(self.office.clock)
        self.assertLess(time.monotonic() - start, 8, "the server did not wait for its deadline")
        reply.read()  # the last chunk is there: no IncompleteRead
        connection.close()

    def test_an_unknown_kind_and_another_department_are_refused(self):
        self.assertEqual(self.hand_in(self.GOOD, kind="nonsense").status, 422)
        self.assertEqual(self.hand_in(self.GOOD, department="sthjj").status, 403)


if __name__ == "__main__":
    unittest.main()
