#!/usr/bin/env python3
"""Notices of checks 检查通知书 over /api/v1, and the page by which an enterprise knows of its visit: who may issue, who may know,
what stands there, the receipt by a form without scripts."""
import concurrent.futures
import hashlib
import http.client
import io
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import uuid
import zipfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402

SAY = {"contact": "市市场监督管理局 0376-0000000"}


def words_of(pdf):
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        return subprocess.run(["pdftotext", "-layout", file.name, "-"], check=True, capture_output=True, text=True).stdout


def picture(shade):
    """A PNG of 40 × 30 grey dots."""
    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    head = (40).to_bytes(4, "big") + (30).to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress((b"\0" + bytes([shade]) * 40) * 30)) + chunk(b"IEND", b"")


class NoticeTest(world.Case):
    LOGINS = ("scjgj-clerk", "scjgj-review", "sthjj-clerk", "observer", "scjgj-inspect")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = next(r["code"] for r in cls.clerk.get("/tasks", state="assigned").json["rows"] if r["lead"] == "scjgj")
        cls.notices = f"/tasks/{cls.task}/notices"

    def page(self, path, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.office.port, timeout=60)
        fields = {k.replace("_", "-"): v for k, v in headers.items()}
        if body is not None:
            fields.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection.request(method, path, body=body, headers=fields)
        reply = connection.getresponse()
        reply.content = reply.read()
        connection.close()
        return reply

    def code_of(self, pdf):
        """The code on a notice."""
        return re.search(r"检查码\s*([0-9A-Z]{16})", words_of(pdf))[1]

    def test_1_only_the_lead_issues_and_says_whom_to_ask(self):
        self.assertEqual(self.other.post(self.notices, SAY).status, 404)
        self.assertEqual(self.users["scjgj-review"].post(self.notices, SAY).status, 403)
        self.assertEqual(self.users["observer"].post(self.notices, SAY).status, 403)
        reply = self.clerk.post(self.notices, {})
        self.assertEqual((reply.status, reply.json["errors"][0]["pointer"]), (422, "/contact"))
        reply = self.clerk.post(self.notices, {**SAY, "papers": [""]})
        self.assertEqual((reply.status, reply.json["errors"][0]["pointer"]), (422, "/papers"))
        self.assertEqual(self.clerk.post(self.notices, {**SAY, "methods": ["look"]}).status, 422)
        self.assertEqual(self.clerk.get(self.notices + "/file").status, 404)
        self.assertEqual(self.clerk.get(self.notices).json["counts"]["issued"], 0)

    def test_2_asked_for_by_many_at_once_each_visit_has_one_notice(self):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda _: self.clerk.post(self.notices, SAY), range(8)))
        self.assertEqual({r.status for r in replies}, {200})
        listed = self.clerk.get(self.notices).json
        visits = len(listed["rows"])
        self.assertEqual(sum(r.json["issued"] for r in replies), visits)
        self.assertEqual(listed["counts"], {"issued": visits, "delivered": 0, "read": 0, "withdrawn": 0})
        numbers = sorted(int(re.search(r"〔2026〕(\d+)号", r["notices"][0]["no"])[1]) for r in listed["rows"])
        self.assertEqual(numbers, list(range(1, visits + 1)))
        self.assertEqual(self.clerk.get(f"/tasks/{self.task}").json["state"], "notified")

    def test_3_a_notice_on_paper(self):
        row = self.clerk.get(self.notices).json["rows"][0]
        reply = self.clerk.get(f"{self.notices}/{row['notices'][0]['id']}/file")
        self.assertEqual((reply.status, reply.getheader("Content-Type")), (200, "application/pdf"))
        text = words_of(reply.content)
        for word in (row["name"], row["notices"][0]["no"].split("〔")[0], "有权申请其回", "执法证号", SAY["contact"].split()[0], "签收人"):
            self.assertIn(word, text)
        self.assertEqual(reply.content, self.clerk.get(f"{self.notices}/{row['notices'][0]['id']}/file").content)
        self.assertEqual(self.users["observer"].get(f"{self.notices}/{row['notices'][0]['id']}/file").status, 403)
        self.assertEqual(self.users["observer"].get(self.notices + "/file").status, 403)
        every = words_of(self.clerk.get(self.notices + "/file").content)
        for one in self.clerk.get(self.notices).json["rows"]:
            self.assertIn(one["name"], every)

    def test_4_the_enterprise_sees_who_comes_and_confirms_without_scripts(self):
        row = self.clerk.get(self.notices).json["rows"][0]
        notice = row["notices"][0]
        code = self.code_of(self.clerk.get(f"{self.notices}/{notice['id']}/file").content)
        page = self.page(f"/v/{code}/")
        text = page.content.decode()
        self.assertEqual((page.status, page.getheader("Cache-Control")), (200, "no-store"))
        self.assertIn('name="robots" content="noindex', text)
        for word in (row["name"], notice["no"], "证件有效", "为什么抽中我", f'action="/v/{code}/receipt"', SAY["contact"], 'href="/objections/"', 'href="/rate/"', 'href="/report/"'):
            self.assertIn(word, text)
        self.assertNotIn("<script>", text)
        self.assertIn("Two at least", self.page(f"/en/v/{code}/").content.decode())
        self.assertEqual(self.page(f"/v/{code.lower()[:8]}-{code.lower()[8:]}/").status, 200)
        self.assertTrue(self.page(f"/v/{code}/notice.pdf").content.startswith(b"%PDF"))
        for again in range(2):
            reply = self.page(f"/v/{code}/receipt", "POST", "")
            self.assertEqual((reply.status, reply.getheader("Location")), (303, f"/v/{code}/"), again)
        self.assertEqual(self.page(f"/en/v/{code}/receipt", "POST", "").getheader("Location"), f"/en/v/{code}/")
        self.assertIn("已确认收到", self.page(f"/v/{code}/").content.decode())
        now = self.clerk.get(self.notices).json["rows"][0]["notices"][0]
        self.assertEqual(now["delivery"], "portal")
        self.assertIsNotNone(now["read"])

    def test_5_a_form_of_another_site_or_kind_is_refused(self):
        row = self.clerk.get(self.notices).json["rows"][1]
        code = self.code_of(self.clerk.get(f"{self.notices}/{row['notices'][0]['id']}/file").content)
        path = f"/v/{code}/receipt"
        self.assertEqual(self.page(path, "POST", "", Sec_Fetch_Site="cross-site").status, 403)
        self.assertEqual(self.page(path, "POST", "", Origin="http://elsewhere.example").status, 403)
        self.assertEqual(self.page(path, "POST", "{}", Content_Type="application/json").status, 400)
        self.assertEqual(self.page(path, "POST", "a=%zz").status, 400)
        self.assertEqual(self.page(path).status, 405)
        self.assertEqual(self.page(f"/v/{code}/", "POST", "").status, 405)
        self.assertEqual(self.page("/v/0000000000000000/receipt", "POST", "").status, 404)
        for wrong in ("0000000000000000", "x", "U" * 16, urllib.parse.quote("码")):
            self.assertEqual(self.page(f"/v/{wrong}/").status, 404, wrong)
        self.assertIsNone(self.clerk.get(self.notices).json["rows"][1]["notices"][0]["read"])

    def test_6_delivery_withdrawal_and_a_new_notice(self):
        row = self.clerk.get(self.notices).json["rows"][1]
        one = f"{self.notices}/{row['notices'][0]['id']}"
        self.assertEqual(self.other.post(one + "/deliver", {"method": "post"}).status, 404)
        reply = self.clerk.post(one + "/deliver", {"method": "post", "day": "2026-12-24"})
        self.assertEqual((reply.status, reply.json["errors"][0]["pointer"]), (422, "/day"))
        reply = self.clerk.post(one + "/deliver", {"method": "pigeon"})
        self.assertEqual((reply.status, reply.json["errors"][0]["pointer"]), (422, "/method"))
        for again in range(2):
            reply = self.clerk.post(one + "/deliver", {"method": "personal", "receiver": "前台"})
            self.assertEqual((reply.status, reply.json["delivery"], reply.json["delivered"]), (200, "personal", "2026-11-24"), again)
        self.assertEqual(self.clerk.post(one + "/withdraw", {}).status, 422)
        self.assertEqual(self.clerk.post(one + "/withdraw", {"reason": "时间改期"}).json["state"], "withdrawn")
        self.assertEqual(self.clerk.post(self.notices, SAY).json["issued"], 1)
        after = self.clerk.get(self.notices).json["rows"][1]["notices"]
        self.assertEqual([n["state"] for n in after], ["issued", "withdrawn"])
        self.assertEqual(after[0]["replaces"], after[1]["no"])
        self.assertEqual(after[1]["reason"], "时间改期")

    def test_7_the_record_of_a_visit_on_paper_with_its_photographs(self):
        inspector = self.users["scjgj-inspect"]
        mine = inspector.get("/my/visits").json
        visit = next(r for r in mine["rows"] if r["task"] == self.task)
        me = mine["inspector"]["code"]
        other = next(p["code"] for p in inspector.get(f"/my/visits/{self.task}/{visit['target']}").json["team"] if p["code"] != me)
        record = f"/tasks/{self.task}/records/{visit['target']}/file"
        self.assertEqual(self.clerk.get(record).status, 404)
        pictures = [picture(60), picture(120), picture(180), picture(240), b"\x89PNG\r\n\x1a\nbroken"]
        hashes = [hashlib.sha256(p).hexdigest() for p in pictures]
        for digest, data in zip(hashes, pictures):
            self.assertEqual(inspector.request("PUT", f"/my/evidence/{digest}", raw=data, Content_Type="image/png").status, 200)
        at = self.office.clock * 1000 - 600000
        law = {k: v for k, v in self.clerk.get("/items/SCJGJ-19").json["legal_basis"][0].items() if k in ("law", "article")}
        sign = [{"role": "inspector", "inspector": me, "name": "检查员甲", "hash": hashes[0], "at": at},
                {"role": "inspector", "inspector": other, "name": "检查员乙", "hash": hashes[1], "at": at},
                {"role": "target", "name": "店长", "hash": hashes[2], "at": at}]
        reply = inspector.post("/my/records", {"sent": self.office.clock * 1000, "record": {
            "id": uuid.uuid4().hex, "target": visit["target"], "task": self.task, "final": True, "outcome": "checked", "methods": ["on_site"],
            "start": at - 60000, "end": at, "produced": at, "checkin": {"at": at - 60000, "reason": "对象未收到通知书", "place": "门店"},
            "answers": [{"item": "SCJGJ-19", "base": 0, "answer": "problem", "problem": "处方药与非处方药混放", "codes": ["rectification"],
                         "disposal": "rectification", "law": law, "at": at}, {"item": "SCJGJ-08", "base": 0, "answer": "none", "at": at}],
            "evidence": [{"hash": hashes[3], "kind": "photo", "name": "药架", "place": "门店", "at": at},
                         {"hash": hashes[4], "kind": "photo", "name": "坏照片", "place": "门店", "at": at}], "signatures": sign}})
        self.assertEqual((reply.status, reply.json.get("state")), (200, "submitted"), reply.content)
        reply = self.clerk.get(record)
        self.assertEqual((reply.status, reply.getheader("Content-Type")), (200, "application/pdf"), reply.content[:300])
        text = words_of(reply.content)
        for word in ("随机抽查情况记录表", "处方药与非处方", "检查员-", "店长", "药架", hashes[3][:40], "对象未收到通知书", "实地检查"):
            self.assertIn(word, text)
        self.assertNotIn("处方药与非处方", words_of(self.clerk.get(record, department="sthjj").content))
        self.assertEqual(self.other.get(record).status, 404)
        self.assertEqual(self.users["observer"].get(record).status, 403)
        if "MQ_KEEP" in world.os.environ:
            pathlib.Path(world.os.environ["MQ_KEEP"], "record.pdf").write_bytes(reply.content)

    def archive(self, who, path, body=None):
        """Asked for, made behind, fetched; every file in it has its digest and every link its file."""
        job = who.post(path + "/archive", body)
        self.assertEqual(job.status, 202, job.content)
        self.assertEqual(job.json["kind"], "archive")
        events = who.get(f"/jobs/{job.json['id']}/events")  # until the end
        self.assertIn(b'"state":"done"', events.content, events.content[-600:])
        reply = who.get(f"/archives/{job.json['id']}/file")
        self.assertEqual((reply.status, reply.getheader("Content-Type")), (200, "application/zip"), reply.content[:300])
        row = next(r for r in who.get("/archives").json["rows"] if r["id"] == job.json["id"])
        self.assertEqual((row["sha256"], row["bytes"], row["there"]), (hashlib.sha256(reply.content).hexdigest(), len(reply.content), True))
        archive = zipfile.ZipFile(io.BytesIO(reply.content))
        self.assertIsNone(archive.testzip())
        names = archive.namelist()
        self.assertEqual((len(names), len(set(names))), (row["files"], row["files"]))
        sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
        self.assertEqual(set(sums), set(names) - {"SHA256SUMS"})
        for name, digest in sums.items():
            self.assertEqual(hashlib.sha256(archive.read(name)).hexdigest(), digest, name)
        page = archive.read("index.html").decode()
        for name in re.findall(r'href="([^"]+)"', page):
            self.assertIn(name, names)
        return archive, set(names), page

    def test_8_the_archive_of_a_task_holds_everything_and_checks_itself(self):
        archive, names, _ = self.archive(self.clerk, "/tasks/" + self.task)
        self.assertTrue({"plan.pdf", "verify.html"} <= names)
        for beginning in ("draws/", "notices/", "records/", "evidence/", "log/"):
            self.assertTrue([n for n in names if n.startswith(beginning)], beginning)
        draws = sorted({n.rsplit("/", 1)[0] for n in names if n.startswith("draws/")})
        with tempfile.TemporaryDirectory() as folder:
            archive.extractall(folder)
            done = subprocess.run([world.PROGRAM, "draw", "verify", pathlib.Path(folder) / draws[-1]], capture_output=True, text=True,
                                  env=self.office.environment())
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        last = self.clerk.get("/archives").json["rows"][0]["id"]
        self.assertEqual(self.users["scjgj-review"].get(f"/archives/{last}/file").status, 404)  # asked for by somebody else
        self.assertEqual(self.other.post(f"/tasks/{self.task}/archive").status, 404)
        self.assertEqual(self.users["observer"].post(f"/tasks/{self.task}/archive").status, 403)

    def test_9_a_dossier_of_a_target_and_the_duty_pack_of_an_inspector(self):
        inspector = self.users["scjgj-inspect"]
        mine = inspector.get("/my/visits").json
        target = next(r["target"] for r in mine["rows"] if r["task"] == self.task and r["state"] == "submitted")
        code = mine["inspector"]["code"]
        _, names, page = self.archive(self.clerk, "/targets/" + target)
        for word in ("一户一档", target, self.task):
            self.assertIn(word, page)
        for beginning in ("draws/", "notices/", "records/", "evidence/", "log/"):
            self.assertTrue([n for n in names if n.startswith(beginning)], beginning)
        period = {"from": "2026-11-01", "to": "2026-11-30"}
        _, names, page = self.archive(inspector, "/inspectors/" + code, period)  # one's own
        for word in ("尽职照单", code, target, "发现问题（本人记录）", "2026-11-01 至 2026-11-30"):
            self.assertIn(word, page)
        self.assertTrue([n for n in names if n.startswith("records/" + target)])
        empty = self.archive(self.users["scjgj-review"], "/inspectors/" + code, {"from": "2025-01-01", "to": "2025-01-31"})[2]
        self.assertNotIn(target, empty)
        wrong = self.clerk.post(f"/inspectors/{code}/archive", {"from": "2026-12-01", "to": "2026-11-01"})
        self.assertEqual((wrong.status, wrong.json["errors"][0]["pointer"]), (422, "/to"))
        self.assertEqual(self.other.post(f"/inspectors/{code}/archive", period).status, 404)
        self.assertEqual(self.users["observer"].post(f"/targets/{target}/archive").status, 403)


if __name__ == "__main__":
    unittest.main()
