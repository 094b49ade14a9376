#!/usr/bin/env python3
"""Imports and exports of the office from outside: mapping, errors per cell, differences, rejects that come back mended, undo,
a killed server, row versions, who may export what. On SQLite, and on PostgreSQL when MQ_TEST_OFFICE_DB holds a URL."""
import concurrent.futures
import csv
import io
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import unittest
import xml.etree.ElementTree as xml
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402

SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def uscc(number, region="411502"):
    """A true code of this region: GB 11714 in its middle, GB 32100 at its end."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    organisation = f"{number:08d}"
    check = (11 - sum(int(d) * w for d, w in zip(organisation, weights)) % 11) % 11
    text = "91" + region + organisation + ("X" if check == 10 else str(check))
    total = sum(SYMBOLS.index(c) * pow(3, i, 31) for i, c in enumerate(text))
    return text + SYMBOLS[(31 - total % 31) % 31]


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def column_number(name):
    n = 0
    for c in re.match("[A-Z]+", name)[0]:
        n = n * 26 + ord(c) - 64
    return n - 1


def read_xlsx(content):
    """Rows of the first sheet, its comments by cell, its hidden columns."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    shared = []
    if "xl/sharedStrings.xml" in archive.namelist():
        shared = ["".join(t.text or "" for t in s.iter(MAIN + "t")) for s in xml.fromstring(archive.read("xl/sharedStrings.xml"))]
    sheet = xml.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iter(MAIN + "row"):
        cells = {}
        for cell in row.iter(MAIN + "c"):
            text = "".join(t.text or "" for t in cell.iter(MAIN + "t"))
            value = cell.find(MAIN + "v")
            if cell.get("t") == "s":
                text = shared[int(value.text)]
            assert cell.find(MAIN + "f") is None, "no formula is ever written"
            cells[column_number(cell.get("r"))] = text
        rows.append([cells.get(i, "") for i in range(max(cells, default=-1) + 1)])
    comments = {}
    if "xl/comments1.xml" in archive.namelist():
        for c in xml.fromstring(archive.read("xl/comments1.xml")).iter(MAIN + "comment"):
            comments[c.get("ref")] = "".join(t.text or "" for t in c.iter(MAIN + "t"))
    hidden = [int(c.get("min")) - 1 for c in sheet.iter(MAIN + "col") if c.get("hidden") == "1"]
    return rows, comments, hidden


def write_csv(rows, encoding="utf-8"):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


class ImportsTest(world.Case):
    number = 30000000
    handed_in = 0

    def code(self):
        ImportsTest.number += 1
        return uscc(ImportsTest.number)

    def hand_in(self, content, who=None, **query):
        ImportsTest.handed_in += 1
        content = content.encode() if isinstance(content, str) else content
        fields = {"kind": "targets", "name": f"名录-{ImportsTest.handed_in}.csv", **query}
        return (who or self.clerk).request("POST", "/imports?" + world.urllib.parse.urlencode(fields), raw=content,
                                           Content_Type="application/octet-stream")

    def ended(self, job, who=None, seconds=60):
        for _ in range(seconds * 20):
            state = (who or self.clerk).get("/jobs/" + job).json
            if state["ended"]:
                return state
            time.sleep(0.05)
        self.fail("the job does not end")

    def checked(self, content, who=None, **query):
        """Hands a file in and waits for its dry run: the import as it is then."""
        reply = self.hand_in(content, who, **query)
        self.assertEqual(reply.status, 202, reply.content)
        job = self.ended(reply.json["id"], who)
        return (who or self.clerk).get("/imports/" + job["subject"].split("/")[1]).json

    def confirmed(self, upload, who=None):
        who = who or self.clerk
        reply = who.post(f"/imports/{upload['id']}/confirm")
        self.assertEqual(reply.status, 202, reply.content)
        self.ended(reply.json["id"], who)
        return who.get("/imports/" + upload["id"]).json

    def undone(self, upload, reason="导错了文件"):
        reply = self.clerk.post(f"/imports/{upload['id']}/undo", {"reason": reason})
        self.assertEqual(reply.status, 202, reply.content)
        self.ended(reply.json["id"])
        return self.clerk.get("/imports/" + upload["id"]).json

    def counts(self, upload):
        return [upload["report"][k] for k in ("read", "added", "changed", "unchanged", "rejected")]

    def acts(self):
        """Acts and details of the journal, from the published log."""
        time.sleep(1.3)
        return (self.office.directory / "log").exists()

    def exported(self, list_name, form="csv", who=None, **filters):
        who = who or self.clerk
        reply = who.post("/exports", {"list": list_name, "format": form, "filters": filters})
        self.assertEqual(reply.status, 202, reply.content)
        self.assertEqual(self.ended(reply.json["id"], who)["state"], "done")
        answer = who.get(f"/exports/{reply.json['id']}/file")
        self.assertEqual(answer.status, 200, answer.content)
        return answer


class Wizard(ImportsTest):
    def test_plans_and_tasks_come_out_as_their_pages_show_them(self):
        for name, title in (("plans", "计划编号"), ("tasks", "任务编号")):
            page = [r["code"] for r in self.clerk.get(f"/{name}", limit=200).json["rows"]]
            rows = list(csv.reader(io.StringIO(self.exported(name).content.decode("utf-8-sig"))))
            self.assertEqual(rows[0][0], title)
            self.assertEqual(sorted(row[0] for row in rows[1:]), sorted(page))
            self.assertGreater(len(page), 0)

    def test_unknown_headers_are_mapped_by_hand_and_remembered_for_the_department(self):
        a, b = self.code(), self.code()
        rows = [["证照编码", "全名", "县", "乱七八糟"], [a, "映射甲商店", "411502", "x"], [b, "映射乙商店", "411502", "y"]]
        upload = self.checked(write_csv(rows))
        self.assertEqual(upload["state"], "unmapped")
        columns = upload["look"]["columns"]
        self.assertEqual([c["header"] for c in columns], rows[0])
        self.assertEqual([c["field"] for c in columns], [None] * 4)
        self.assertEqual(columns[1]["samples"], ["映射甲商店", "映射乙商店"])
        self.assertEqual(self.clerk.post(f"/imports/{upload['id']}/confirm").status, 409)
        mapping = f"/imports/{upload['id']}/mapping"
        missing = self.clerk.post(mapping, {"fields": [None, "name", "region", None]})
        self.assertEqual((missing.status, missing.json["code"]), (422, "ERR_MISSING"))
        self.assertEqual(self.clerk.post(mapping, {"fields": ["code", "code", None, None]}).status, 409)
        self.assertEqual(self.clerk.post(mapping, {"fields": ["nonsense", "name", None, None]}).status, 422)
        reply = self.clerk.post(mapping, {"fields": ["code", "name", "region", None]})
        self.assertEqual(reply.status, 202, reply.content)
        self.ended(reply.json["id"])
        upload = self.clerk.get("/imports/" + upload["id"]).json
        self.assertEqual((upload["state"], self.counts(upload)), ("checked", [2, 2, 0, 0, 0]))
        self.assertEqual(self.confirmed(upload)["state"], "done")
        self.assertEqual(self.clerk.get("/targets/" + a).json["name"], "映射甲商店")
        again = self.checked(write_csv(rows))
        self.assertEqual((again["state"], again["look"]["remembered"], self.counts(again)), ("checked", True, [2, 0, 0, 2, 0]))
        theirs = self.checked(write_csv(rows), self.other)
        self.assertEqual(theirs["state"], "unmapped", "another department has not said how it reads them")

    def test_a_guess_is_corrected(self):
        a = self.code()
        rows = [["统一社会信用代码", "名称", "住所", "经营场所"], [a, "改正商店", "东路 1 号", "西路 2 号"]]
        upload = self.checked(write_csv(rows))
        self.assertEqual([c["field"] for c in upload["look"]["columns"]], ["code", "name", "address", "business_address"])
        reply = self.clerk.post(f"/imports/{upload['id']}/mapping", {"fields": ["code", "name", "business_address", "address"]})
        self.ended(reply.json["id"])
        self.confirmed(self.clerk.get("/imports/" + upload["id"]).json)
        target = self.clerk.get("/targets/" + a).json
        self.assertEqual((target["address"], target["business_address"]), ("西路 2 号", "东路 1 号"))

    def test_the_preview_marks_the_bad_cells(self):
        a = self.code()
        upload = self.checked(write_csv([["统一社会信用代码", "名称", "成立日期", "登记状态"], [a, "好店", "2020-01-02", "存续"],
                                         ["123", "坏店", "2020-02-30", "飞了"]]))
        self.assertEqual(self.counts(upload), [2, 1, 0, 0, 1])
        rows = self.clerk.get(f"/imports/{upload['id']}/rows").json["rows"]
        self.assertEqual([r["line"] for r in rows], [2, 3])
        self.assertEqual(rows[0]["errors"], [])
        self.assertEqual({(e["cell"], e["field"]) for e in rows[1]["errors"]}, {(0, "code"), (2, "established_day"), (3, "status")})
        only = self.clerk.get(f"/imports/{upload['id']}/rows", only="bad").json
        self.assertEqual(([r["line"] for r in only["rows"]], only["total"]), ([3], 1))

    def test_differences_are_shown_cell_by_cell_and_page_by_page(self):
        codes = [self.code() for _ in range(5)]
        head = ["统一社会信用代码", "名称", "住所", "登记状态"]
        self.confirmed(self.checked(write_csv([head] + [[c, f"差异店{i}", "旧路", "存续"] for i, c in enumerate(codes)])))
        upload = self.checked(write_csv([head] + [[c, f"差异店{i}", "新路" if i < 3 else "旧路", "注销" if i == 0 else ""]
                                                  for i, c in enumerate(codes)] + [[self.code(), "新店", "", ""]]))
        self.assertEqual(self.counts(upload), [6, 1, 3, 2, 0])
        first = self.clerk.get(f"/imports/{upload['id']}/changes", effect="changed", limit=2).json
        self.assertEqual((len(first["rows"]), first["total"]), (2, 3))
        second = self.clerk.get(f"/imports/{upload['id']}/changes", effect="changed", limit=2, cursor=first["next"]).json
        self.assertEqual((len(second["rows"]), second["next"]), (1, None))
        by_key = {r["key"]: {c["field"]: (c["before"], c["after"]) for c in r["cells"]} for r in first["rows"] + second["rows"]}
        self.assertEqual(by_key[codes[0]], {"address": ("旧路", "新路"), "status": ("存续", "注销")})
        self.assertEqual(by_key[codes[1]], {"address": ("旧路", "新路")})
        new = self.clerk.get(f"/imports/{upload['id']}/changes", effect="new").json["rows"]
        self.assertEqual({c["field"]: c["after"] for c in new[0]["cells"]}["name"], "新店")
        self.assertEqual(self.clerk.get(f"/imports/{upload['id']}/changes", effect="nonsense").status, 422)
        done = self.confirmed(upload)
        after = self.clerk.get(f"/imports/{done['id']}/changes", effect="changed").json["rows"]
        self.assertEqual({r["key"]: {c["field"]: (c["before"], c["after"]) for c in r["cells"]} for r in after}, by_key)

    def test_rejects_come_as_a_workbook_with_comments_and_go_back_mended(self):
        a, b, c = self.code(), self.code(), self.code()
        rows = [["统一社会信用代码", "名称", "成立日期", "备注"], [a, "退回甲", "2020-01-02", "=1+1"], [b, "退回乙", "2020-13-01", "乙"],
                [c[:-1] + "?", "退回丙", "", "丙"], [a, "又是甲", "", ""]]
        upload = self.checked(write_csv(rows, "gb18030"))
        self.assertEqual((self.counts(upload), upload["report"]["encoding"]), ([4, 1, 0, 0, 3], "GB18030"))
        self.confirmed(upload)
        reply = self.clerk.get(f"/imports/{upload['id']}/rejects", **{"as": "xlsx"})
        sheet, comments, _ = read_xlsx(reply.content)
        self.assertEqual(sheet[0], rows[0] + ["退回原因"])
        self.assertEqual([r[:2] for r in sheet[1:]], [[b, "退回乙"], [c[:-1] + "?", "退回丙"], [a, "又是甲"]])
        self.assertEqual(set(comments), {"C2", "A3", "A4"})
        self.assertIn("ERR_DATE", comments["C2"])
        self.assertIn("第 2 行", comments["A4"])
        text = read_csv(self.clerk.get(f"/imports/{upload['id']}/rejects", **{"as": "csv"}).content)
        self.assertEqual([r[:2] for r in text], [r[:2] for r in sheet])
        sheet[1][2], sheet[2][0] = "2020-12-01", c
        mended = self.checked(write_csv(sheet[:3]))
        self.assertEqual((self.counts(mended), mended["report"]["unused"]), ([2, 2, 0, 0, 0], "备注"))
        self.assertEqual(self.clerk.get(f"/imports/{mended['id']}/rejects").status, 404)
        self.confirmed(mended)
        self.assertEqual(self.clerk.get("/targets/" + c).json["name"], "退回丙")

    def test_rows_of_another_department_are_refused_and_the_others_enter(self):
        mine = {t["code"] for t in self.clerk.get("/targets", limit=200, department="scjgj").json["rows"]}
        hidden = next(t for t in sorted(mine) if self.other.get("/targets/" + t).status == 404)
        a = self.code()
        upload = self.checked(write_csv([["统一社会信用代码", "名称"], [hidden, "改个名"], [a, "自己的店"]]), self.other)
        self.assertEqual(self.counts(upload), [2, 1, 0, 0, 1])
        bad = self.other.get(f"/imports/{upload['id']}/rows", only="bad").json["rows"]
        self.assertEqual([(r["line"], r["errors"][0]["code"]) for r in bad], [(2, "ERR_PERMISSION")])
        self.confirmed(upload, self.other)
        self.assertNotEqual(self.clerk.get("/targets/" + hidden).json["name"], "改个名")
        people = self.checked(write_csv([["人员编号", "姓名", "部门"], ["ZF-X-1", "王某", "scjgj"], ["ZF-X-2", "李某", ""]]), self.other,
                              kind="inspectors")
        self.assertEqual(self.counts(people), [2, 1, 0, 0, 1])

    def test_every_kind_is_checked_imported_and_undone(self):
        files = {"items": [["事项编码", "抽查事项", "抽查领域", "检查内容"], ["WZ-1", "向导事项", "测试", "看——现场看;问"]],
                 "inspectors": [["人员编号", "姓名", "执法证号", "执法证有效期"], ["WZ-N1", "向导人员", "Z1", "2030-01-01"]],
                 "experts": [["专家编号", "姓名", "专业"], ["WZ-X1", "向导专家", "食品、特种设备"]]}
        paths = {"items": "/items/WZ-1", "inspectors": "/inspectors/WZ-N1", "experts": "/experts/WZ-X1"}
        for kind, rows in files.items():
            upload = self.checked(write_csv(rows), kind=kind)
            self.assertEqual((kind, upload["state"], self.counts(upload)), (kind, "checked", [1, 1, 0, 0, 0]))
            self.assertEqual(self.clerk.get(paths[kind]).status, 404, "a dry run stores nothing")
            self.assertTrue(self.clerk.get(f"/imports/{upload['id']}/changes", effect="new").json["rows"][0]["cells"])
            self.assertEqual(self.confirmed(upload)["state"], "done")
            self.assertEqual(self.clerk.get(paths[kind]).status, 200)
            again = self.checked(write_csv(rows), kind=kind)
            self.assertEqual((kind, self.counts(again)), (kind, [1, 0, 0, 1, 0]))
            undone = self.undone(upload)
            self.assertEqual((kind, undone["state"], undone["undo"]["removed"]), (kind, "undone", 1))
            self.assertEqual(self.clerk.get(paths[kind]).status, 404)

    def test_templates_come_back_without_a_row(self):
        for kind in ("targets", "items", "inspectors", "experts", "recusals"):
            for form in ("csv", "xlsx"):
                reply = self.clerk.get(f"/import-templates/{kind}", **{"as": form})
                self.assertEqual(reply.status, 200)
                rows = read_csv(reply.content) if form == "csv" else read_xlsx(reply.content)[0]
                self.assertEqual(len(rows), 3)
                upload = self.checked(reply.content, kind=kind)
                self.assertEqual((kind, form, upload["state"], self.counts(upload)), (kind, form, "checked", [0] * 5))
        self.assertEqual(self.clerk.get("/import-templates/nonsense").status, 404)

    def test_hostile_and_empty_files_are_refused_and_change_nothing(self):
        for content in (b"", b"\x00\x01\x02", b"PK\x03\x04nonsense", b"\xff\xfea\x00", b'"' * 3000, b"a,b\n" * 20):
            reply = self.hand_in(content)
            if reply.status == 202:
                state = self.ended(reply.json["id"])
                self.assertEqual(state["state"], "failed", content[:10])
                upload = self.clerk.get("/imports/" + state["subject"].split("/")[1]).json
                self.assertIn(upload["state"], ("failed", "unmapped"))
                self.assertEqual(self.clerk.post(f"/imports/{upload['id']}/confirm").status, 409)
        self.assertEqual(self.clerk.get("/session").status, 200)


class Undo(ImportsTest):
    HEAD = ["统一社会信用代码", "名称", "住所"]

    def test_rows_nobody_touched_go_back_and_the_others_are_kept_and_listed(self):
        old, touched, new, kept = (self.code() for _ in range(4))
        self.confirmed(self.checked(write_csv([self.HEAD, [old, "老店", "老路"], [touched, "动店", "老路"]])))
        done = self.confirmed(self.checked(write_csv([self.HEAD, [old, "老店改名", "新路"], [touched, "动店", "新路"], [new, "新店", ""],
                                                      [kept, "新店又改", ""]])))
        self.assertEqual((done["state"], self.counts(done)), ("done", [4, 2, 2, 0, 0]))
        for code in (touched, kept):
            tag = self.clerk.get("/targets/" + code).getheader("ETag")
            self.assertEqual(self.clerk.put("/targets/" + code, {"station": "后来改的"}, If_Match=tag).status, 200)
        self.assertEqual(self.clerk.post(f"/imports/{done['id']}/undo", {"reason": " "}).status, 422)
        self.assertEqual(self.other.post(f"/imports/{done['id']}/undo", {"reason": "x"}).status, 404)
        undone = self.undone(done)
        self.assertEqual(undone["state"], "undone")
        self.assertEqual({k: undone["undo"][k] for k in ("reason", "undone", "removed", "kept")},
                         {"reason": "导错了文件", "undone": 1, "removed": 1, "kept": 2})
        back = self.clerk.get("/targets/" + old).json
        self.assertEqual((back["name"], back["address"], back["former_names"]), ("老店", "老路", []))
        self.assertEqual(self.clerk.get("/targets/" + new).status, 404)
        self.assertEqual(self.clerk.get("/targets", q="老店改名").json["rows"], [])
        self.assertEqual([r["code"] for r in self.clerk.get("/targets", q="老店").json["rows"]], [old])
        self.assertEqual(self.clerk.get("/targets/" + touched).json["address"], "新路")
        listed = self.clerk.get(f"/imports/{done['id']}/changes", effect="kept").json["rows"]
        self.assertEqual({(r["key"], r["why"]) for r in listed}, {(touched, "changed"), (kept, "changed")})
        self.assertEqual(self.clerk.post(f"/imports/{done['id']}/undo", {"reason": "again"}).status, 409)

    def test_a_target_that_came_back_is_found_again(self):
        code = self.code()
        text = write_csv([self.HEAD, [code, "来去商行", ""]])
        for _ in range(2):
            done = self.confirmed(self.checked(text))
            self.assertEqual([r["code"] for r in self.clerk.get("/targets", q="来去商行").json["rows"]], [code])
            self.undone(done)
            self.assertEqual(self.clerk.get("/targets", q="来去商行").json["rows"], [])
        self.confirmed(self.checked(text))
        self.assertEqual([r["code"] for r in self.clerk.get("/targets", q="来去商行").json["rows"]], [code])

    def test_a_new_row_that_something_refers_to_stays(self):
        code = self.code()
        done = self.confirmed(self.checked(write_csv([self.HEAD, [code, "被引用店", ""]])))
        inspector = self.clerk.get("/inspectors", limit=1).json["rows"][0]["code"]
        self.assertLess(self.clerk.post(f"/inspectors/{inspector}/recusals", {"target": code, "kind": "relative", "evidence": "本人申报"}).status, 300)
        undone = self.undone(done)
        self.assertEqual((undone["undo"]["removed"], undone["undo"]["kept"]), (0, 1))
        self.assertEqual(self.clerk.get(f"/imports/{done['id']}/changes", effect="kept").json["rows"][0]["why"], "referred")
        self.assertEqual(self.clerk.get("/targets/" + code).status, 200)

    def test_an_inspector_gets_back_certificate_and_leave(self):
        head = ["人员编号", "姓名", "执法证号", "执法证有效期", "请假开始", "请假结束", "专业"]
        self.confirmed(self.checked(write_csv([head, ["UN-1", "赵某", "A1", "2030-01-01", "", "", "食品"]]), kind="inspectors"))
        before = self.clerk.get("/inspectors/UN-1").json
        done = self.confirmed(self.checked(write_csv([head, ["UN-1", "赵某某", "B2", "2031-01-01", "2026-12-01", "2026-12-05", "药品"]]),
                                           kind="inspectors"))
        self.assertEqual(self.counts(done), [1, 0, 1, 0, 0])
        self.undone(done)
        after = self.clerk.get("/inspectors/UN-1").json
        for field in ("name", "certificates", "leave", "skills"):
            self.assertEqual(after[field], before[field], field)

    def test_telephones_of_a_file_lie_in_clear_nowhere_and_come_back_to_be_mended(self):
        phone, bad_phone, id_no = "13912345678", "1391234", "11010519491231002X"
        head = ["人员编号", "姓名", "手机", "身份证号", "专业"]
        upload = self.checked(write_csv([head, ["SE-1", "钱某", phone, id_no, "食品"], ["SE-2", "孙某", bad_phone, id_no, "食品"]]), kind="inspectors")
        self.assertEqual(self.counts(upload), [2, 1, 0, 0, 1])

        def clear():
            files = [f for f in self.office.directory.rglob("*") if f.is_file()]
            return {f.name: word for f in files for word in (phone, id_no) if word.encode() in f.read_bytes()}
        self.assertEqual(clear(), {}, "after the dry run")
        self.assertEqual(self.clerk.get(f"/imports/{upload['id']}/rows").json["rows"][0]["cells"][2], phone)
        self.assertEqual(read_csv(self.clerk.get(f"/imports/{upload['id']}/rejects").content)[1][:4], ["SE-2", "孙某", bad_phone, id_no])
        done = self.confirmed(upload)
        self.assertEqual(self.counts(done), [2, 1, 0, 0, 1])
        self.assertEqual(self.clerk.get("/inspectors/SE-1").json["phone_masked"], "139****5678")
        self.assertEqual(clear(), {}, "after the import")
        emptied = self.checked(write_csv([head, ["SE-1", "", "(空)", "", "(空)"]]), kind="inspectors")
        self.assertEqual(self.counts(emptied)[4], 1, "a name must be there")
        emptied = self.checked(write_csv([head, ["SE-1", "钱某", "(空)", "", "(空)"]]), kind="inspectors")
        changes = self.clerk.get(f"/imports/{emptied['id']}/changes").json["rows"][0]["cells"]
        self.assertEqual([(c["field"], c["before"], c["after"]) for c in changes], [("skills", "食品", "")])
        self.confirmed(emptied)
        after = self.clerk.get("/inspectors/SE-1").json
        self.assertEqual((after["phone_masked"], after["id_no_masked"] is not None, after["skills"]), (None, True, []))

    def test_undoing_is_refused_when_it_was_too_long_ago(self):
        done = self.confirmed(self.checked(write_csv([self.HEAD, [self.code(), "陈年旧店", ""]])))
        self.office.at(self.office.clock + 100 * 86400)
        try:
            clerk = self.office.log_in("scjgj-clerk")[0]
            reply = clerk.post(f"/imports/{done['id']}/undo", {"reason": "太晚"})
            self.assertEqual((reply.status, reply.json["code"]), (409, "ERR_STATE"))
        finally:
            self.office.at(world.NOW)


class Large(ImportsTest):
    """A file of 20,000 rows: others work meanwhile; it is cancelled, and the server is killed."""
    ROWS = 20000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.codes = [uscc(50000000 + i) for i in range(cls.ROWS)]

    def file(self, tail=""):
        return write_csv([["统一社会信用代码", "名称", "住所"]] + [[c, f"大批商店{i}{tail}", "路"] for i, c in enumerate(self.codes)])

    def here(self):
        return sum(self.clerk.get("/targets/" + c).status == 200 for c in self.codes[::500])

    def start(self, upload):
        reply = self.clerk.post(f"/imports/{upload['id']}/confirm")
        self.assertEqual(reply.status, 202)
        return reply.json["id"]

    def until_writing(self, job):
        for _ in range(2000):
            state = self.clerk.get("/jobs/" + job).json
            if state["ended"] or (state["phase"] == "writing" and state["done"] > 2000):
                return state
            time.sleep(0.005)

    def test_a_cancelled_import_leaves_nothing(self):
        upload = self.checked(self.file())
        job = self.start(upload)
        self.until_writing(job)
        self.clerk.post(f"/jobs/{job}/cancel")
        self.assertIn(self.ended(job)["state"], ("cancelled",))
        self.assertEqual(self.clerk.get("/imports/" + upload["id"]).json["state"], "cancelled")
        self.assertEqual(self.here(), 0)

    def test_a_killed_server_takes_the_import_back_at_its_next_start(self):
        upload = self.checked(self.file())
        job = self.start(upload)
        self.until_writing(job)
        self.office.process.send_signal(signal.SIGKILL)
        self.office.process.wait()
        self.office.process.stdout.close()
        self.office.log.close()
        self.office.start()
        for _ in range(400):
            state = self.clerk.get("/imports/" + upload["id"]).json["state"]
            if state != "importing":
                break
            time.sleep(0.05)
        self.assertEqual(state, "cancelled")
        self.assertEqual(self.here(), 0)
        self.assertEqual(self.clerk.get("/targets", q="大批商店7").json["rows"], [])

    def test_others_save_meanwhile_and_do_not_wait(self):
        target = self.clerk.get("/targets", limit=1).json["rows"][0]["code"]
        upload = self.checked(self.file("并行"))
        waits, stop = [], threading.Event()

        def save():
            while not stop.is_set():
                tag = self.clerk.get("/targets/" + target).getheader("ETag")
                begin = time.monotonic()
                self.assertEqual(self.clerk.put("/targets/" + target, {"station": str(begin)}, If_Match=tag).status, 200)
                waits.append(time.monotonic() - begin)

        thread = threading.Thread(target=save)
        thread.start()
        done = self.confirmed(upload)
        stop.set()
        thread.join()
        self.assertEqual((done["state"], self.here()), ("done", self.ROWS // 500))
        self.assertGreater(len(waits), 3)
        print(f"\n{len(waits)} saves beside an import of {self.ROWS} rows: worst wait {max(waits) * 1000:.0f} ms")
        self.assertLess(sorted(waits)[len(waits) * 9 // 10], 0.5)
        undone = self.undone(done)
        self.assertEqual((undone["state"], undone["undo"]["removed"], self.here()), ("undone", self.ROWS, 0))

    def test_two_imports_at_once_both_end_well(self):
        half = self.ROWS // 10
        files = [write_csv([["统一社会信用代码", "名称"]] + [[uscc(60000000 + 5000 * k + i), f"同时{k}-{i}"] for i in range(half)])
                 for k in range(2)]
        uploads = [self.checked(f) for f in files]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            done = list(pool.map(self.confirmed, uploads))
        self.assertEqual([(d["state"], self.counts(d)) for d in done], [("done", [half, half, 0, 0, 0])] * 2)


class Exports(ImportsTest):
    def test_every_register_comes_back_unchanged(self):
        for name, kind in (("targets", "targets"), ("inspectors", "inspectors"), ("experts", "experts"), ("items", "items")):
            for form in ("csv", "xlsx"):
                content = self.exported(name, form, **({"department": "scjgj"} if name == "items" else {})).content
                upload = self.checked(content, kind=kind)
                report = upload["report"]
                self.assertEqual((name, form, upload["state"], report["added"], report["changed"], report["rejected"]),
                                 (name, form, "checked", 0, 0, 0),
                                 [self.clerk.get(f"/imports/{upload['id']}/{x}").json["rows"][:2]
                                  for x in ("changes?effect=changed", "rows?only=bad")])
                self.assertGreater(report["unchanged"], 0 if name == "experts" else 5)

    def test_codes_are_text_the_version_is_hidden_and_formulas_are_harmless(self):
        code = self.code()
        self.confirmed(self.checked(write_csv([["统一社会信用代码", "名称"], [code, "公式店"]])))
        tag = self.clerk.get("/targets/" + code).getheader("ETag")
        self.assertEqual(self.clerk.put("/targets/" + code, {"contact": "+86 376 0000", "station": "-所", "capital": "=1+1"},
                                        If_Match=tag).status, 200)
        reply = self.exported("targets", "csv", q="公式店")
        self.assertTrue(reply.content.startswith(b"\xef\xbb\xbf"))
        rows = read_csv(reply.content)
        row = dict(zip(rows[0], rows[1]))
        self.assertEqual((row["统一社会信用代码"], row["联系电话"], row["监管所"], row["注册资金"]),
                         (code, "'+86 376 0000", "'-所", "'=1+1"))
        self.assertEqual(rows[0][-1], "行版本")
        back = self.checked(reply.content)
        self.assertEqual(self.counts(back), [1, 0, 0, 1, 0])
        sheet, _, hidden = read_xlsx(self.exported("targets", "xlsx", q="公式店").content)
        self.assertEqual(hidden, [len(sheet[0]) - 1])
        self.assertEqual(sheet[1][0], code)

    def test_an_edited_export_shows_its_difference_and_respects_row_versions(self):
        codes = [self.code() for _ in range(3)]
        self.confirmed(self.checked(write_csv([["统一社会信用代码", "名称", "标签"]] + [[c, "往返商店", "往返"] for c in codes])))
        rows = read_csv(self.exported("targets", "csv", tag="往返").content)
        self.assertEqual(len(rows), 4)
        tag = self.clerk.get("/targets/" + codes[0]).getheader("ETag")
        self.assertEqual(self.clerk.put("/targets/" + codes[0], {"address": "别人改的"}, If_Match=tag).status, 200)
        at = {title: i for i, title in enumerate(rows[0])}
        for row in rows[1:]:
            row[at["住所"]] = "我改的"
        upload = self.checked(write_csv(rows))
        self.assertEqual((self.counts(upload), upload["report"]["conflicts"]), ([3, 0, 2, 0, 1], 1))
        conflict = self.clerk.get(f"/imports/{upload['id']}/changes", effect="conflict").json["rows"]
        self.assertEqual([(r["key"], r["cells"][0]["before"], r["cells"][0]["after"]) for r in conflict],
                         [(codes[0], "别人改的", "我改的")])
        self.confirmed(upload)
        self.assertEqual([self.clerk.get("/targets/" + c).json["address"] for c in codes], ["别人改的", "我改的", "我改的"])
        bad = read_csv(self.clerk.get(f"/imports/{upload['id']}/rejects").content)
        self.assertIn("ERR_CONFLICT", bad[1][-1])

    def test_a_stale_inspector_is_a_conflict_too(self):
        self.confirmed(self.checked(write_csv([["人员编号", "姓名", "层级"], ["RV-1", "旧名", "县级"]]), kind="inspectors"))
        rows = read_csv(self.exported("inspectors", "csv", q="RV-1").content)
        tag = self.clerk.get("/inspectors/RV-1").getheader("ETag")
        self.assertLess(self.clerk.put("/inspectors/RV-1", {"level": "市级"}, If_Match=tag).status, 300)
        rows[1][1] = "新名"
        upload = self.checked(write_csv(rows), kind="inspectors")
        self.assertEqual((self.counts(upload), upload["report"]["conflicts"]), ([1, 0, 0, 0, 1], 1))
        cells = {c["field"]: (c["before"], c["after"]) for c in
                 self.clerk.get(f"/imports/{upload['id']}/changes", effect="conflict").json["rows"][0]["cells"]}
        self.assertEqual(cells["name"], ("旧名", "新名"))

    def test_row_scope_and_masking_hold(self):
        seen = {r[0] for r in read_csv(self.exported("targets", "csv", self.other).content)[1:]}
        self.assertEqual({c for c in seen if self.other.get("/targets/" + c).status != 200}, set())
        people = read_csv(self.exported("inspectors", "csv", self.other).content)
        at = people[0].index("部门")
        self.assertEqual(len({r[at] for r in people[1:]}), 1)
        system, security = self.users["system"], self.users["security"]
        link = system.post("/accounts", {"login": "mishu-x", "name": "秘书"}).json["link"]
        self.office.links["mishu-x"] = link.split("/")[-1]
        security.put("/accounts/mishu-x/roles", {"roles": ["secretary"]})
        secretary = self.office.enter("mishu-x")
        self.assertNotIn("信用风险分类", read_csv(self.exported("targets", "csv", secretary).content)[0])
        self.assertIn("信用风险分类", read_csv(self.exported("targets", "csv").content)[0])
        reply = secretary.post("/exports", {"list": "inspectors", "format": "csv"})
        self.assertEqual((reply.status, reply.json["code"]), (403, "ERR_PERMISSION"))

    def test_lists_and_files_of_others_do_not_exist(self):
        reply = self.clerk.post("/exports", {"list": "items", "format": "csv"})
        self.ended(reply.json["id"])
        self.assertEqual(self.other.get(f"/exports/{reply.json['id']}").status, 404)
        self.assertEqual(self.other.get(f"/exports/{reply.json['id']}/file").status, 404)
        self.assertEqual(self.clerk.post("/exports", {"list": "accounts", "format": "csv"}).status, 403)
        self.assertEqual(self.users["audit"].post("/exports", {"list": "targets", "format": "csv"}).status, 403)
        self.assertEqual(self.clerk.post("/exports", {"list": "nonsense", "format": "csv"}).status, 422)
        self.assertEqual(self.clerk.post("/exports", {"list": "items", "format": "pdf"}).status, 422)
        accounts = read_csv(self.exported("accounts", "csv", self.users["system"]).content)
        self.assertIn("scjgj-clerk", {r[0] for r in accounts})
        self.assertNotIn("argon2", str(accounts))
        mine = self.clerk.get("/exports").json["rows"]
        self.assertTrue(mine and all(r["rows"] is not None for r in mine))

    @unittest.skipIf(os.environ.get("MQ_TEST_OFFICE_DB"), "looks into the file of SQLite")
    def test_each_export_and_each_step_of_an_import_is_in_the_journal(self):
        done = self.confirmed(self.checked(write_csv([["统一社会信用代码", "名称"], [self.code(), "留痕店"]])))
        self.undone(done)
        self.exported("targets", "csv", status="active")
        with sqlite3.connect(f"file:{self.office.directory}/mingqian.db?mode=ro", uri=True) as db:
            entries = dict(db.execute("SELECT act, entry FROM journal ORDER BY id").fetchall())
        for act in ("import.begin", "import.targets", "import.undo", "export.targets"):
            self.assertIn(act, entries)
        self.assertIn(b'"filters":{"status":"active"}', entries["export.targets"])
        self.assertIn("导错了文件".encode(), entries["import.undo"])


if __name__ == "__main__":
    unittest.main()
