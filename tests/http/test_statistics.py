#!/usr/bin/env python3
"""/api/v1/statistics: figures within the row scope, the rows behind each of them, files; no ranking. On SQLite, and on
PostgreSQL when MQ_TEST_OFFICE_DB holds a URL."""
import csv
import io
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402

KINDS = ("due", "checked", "joint", "planned", "results", "published", "in_time", "late", "overdue", "waiting", "withheld", "problems")


class StatisticsTest(world.Case):
    SCALE = 2000
    LOGINS = ("secretary", "scjgj-head", "sthjj-clerk", "system")

    def setUp(self):
        self.all, self.head = self.users["secretary"], self.users["scjgj-head"]

    def rows(self, browser, **query):
        rows, cursor = [], None
        while True:
            page = browser.get("/statistics/rows", limit=7, cursor=cursor, **query).json
            rows += page["rows"]
            cursor = page["next"]
            if cursor is None:
                return rows

    def test_the_rows_behind_a_figure_are_as_many_as_it_says_for_every_unit(self):
        figures = self.all.get("/statistics").json
        self.assertGreater(figures["total"]["due"], 10)
        for kind in KINDS + ("drawn",):
            self.assertEqual(len(self.rows(self.all, of=kind)), figures["total"][kind], kind)
        for unit in figures["departments"]:
            for kind in ("due", "results", "problems", "overdue", "drawn"):
                self.assertEqual(len(self.rows(self.all, of=kind, department=unit["code"])) if unit[kind] else 0, unit[kind], unit)
        for county in figures["counties"]:
            self.assertEqual(len(self.rows(self.all, of="due", region=county["code"])) if county["due"] else 0, county["due"], county)
        for item in figures["items"]:
            self.assertEqual(len(self.rows(self.all, of="results", item=item["code"])), item["results"], item)

    def test_no_list_is_ordered_by_a_count_and_units_without_results_stand_there_too(self):
        figures = self.all.get("/statistics").json
        bits = [d["code"] for d in sorted(self.all.get("/departments").json["rows"], key=lambda d: d["bit"])]
        self.assertEqual([d["code"] for d in figures["departments"]], bits)
        self.assertTrue(any(d["due"] == 0 for d in figures["departments"]))
        for part in ("counties", "types", "items"):
            codes = [x["code"] for x in figures[part]]
            self.assertEqual(codes, sorted(codes))
        self.assertNotIn("inspector", str(figures["load"]).replace("inspectors", ""))

    def test_figures_keep_to_department_and_right(self):
        figures = self.head.get("/statistics").json
        self.assertEqual([d["code"] for d in figures["departments"]], ["scjgj"])
        self.assertTrue(figures["classes"])
        self.assertEqual(self.all.get("/statistics").json["classes"], [])  # the secretary does not see risk classes
        self.assertEqual(self.all.get("/statistics/rows", of="drawn", risk_class="D").status, 403)
        self.assertEqual(self.head.get("/statistics", department="sthjj").status, 404)
        self.assertEqual(self.head.get("/statistics/rows", of="due", department="sthjj").status, 404)
        self.assertEqual(self.users["system"].get("/statistics").status, 403)

    def test_a_wrong_period_or_figure_is_named(self):
        for query, pointer in (({"from": "2026-02-30"}, "/from"), ({"from": "2026-05-01", "to": "2026-04-01"}, "/to"),
                               ({"from": "1990-01-01"}, "/to")):
            reply = self.all.get("/statistics", **query)
            self.assertEqual((reply.status, reply.json["errors"][0]["pointer"]), (422, pointer))
        self.assertEqual(self.all.get("/statistics/rows", of="fines").json["errors"][0]["pointer"], "/of")
        self.assertEqual(self.all.get("/statistics/file", format="doc").json["errors"][0]["pointer"], "/format")

    def test_the_file_has_a_line_for_every_unit(self):
        figures = self.all.get("/statistics").json
        reply = self.all.get("/statistics/file", format="csv")
        rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
        self.assertEqual(rows[1][0], "合计")
        self.assertEqual(sum(r[0] == "部门" for r in rows), len(figures["departments"]))
        self.assertEqual(int(rows[1][rows[0].index("应检查户次")]), figures["total"]["due"])
        self.assertEqual(self.all.get("/statistics/file").content[:2], b"PK")
        self.assertEqual(self.all.get("/statistics/file", format="pdf").content[:5], b"%PDF-")

    def test_an_assessment_goes_from_its_draft_to_its_end_and_each_department_sees_its_own(self):
        indicators = [{"name": "按时公示率", "source": "in_time", "weight_bp": 5000, "aim_bp": 9500},
                      {"name": "名录库完整率", "source": "registry", "weight_bp": 3000, "aim_bp": 9000},
                      {"name": "工作创新", "source": "manual", "weight_bp": 2000, "words": "佐证材料"}]
        scheme = {"name": "2026 年度“双随机”考核", "from": "2026-01-01", "to": "2026-12-31", "region": "411500", "indicators": indicators}
        for bad in ([{**indicators[0], "name": "罚款金额"}, *indicators[1:]], indicators[:2], [{**indicators[0], "source": "fines"}]):
            reply = self.all.post("/assessments", {**scheme, "indicators": bad})
            self.assertEqual((reply.status, reply.json["errors"][0]["pointer"]), (422, "/indicators"), reply.content)
        self.assertEqual(self.head.post("/assessments", scheme).status, 403)
        made = self.all.post("/assessments", scheme)
        self.assertEqual((made.status, made.json["units"]), (201, []), made.content)
        at = "/assessments/" + made.json["id"]
        opened = self.all.post(at + "/open", {}, If_Match='"1"')
        self.assertEqual((opened.status, opened.json["state"]), (200, "open"), opened.content)
        self.assertEqual(self.all.post(at + "/open", {}, If_Match='"1"').status, 412)
        figures = {u["code"]: u for u in self.all.get("/statistics", **{"from": "2026-01-01", "to": "2026-12-31"}).json["departments"]}
        order = [u["code"] for u in self.all.get("/statistics").json["departments"]]
        units = [u["department"] for u in opened.json["units"]]
        self.assertEqual(units, [d for d in order if d in units])  # the fixed order, not that of the scores
        for unit in opened.json["units"]:
            n, mark = figures[unit["department"]], unit["marks"][0]
            self.assertEqual((mark["part"], mark["whole"]), (n["in_time"], n["in_time"] + n["late"] + n["overdue"]))
        own = self.head.get(at).json
        self.assertEqual(([u["department"] for u in own["units"]], own["all"]), (["scjgj"], False))
        say = {"seq": 3, "score_bp": 9000}
        missing = self.head.post(at + "/self", say, If_Match='"1"')
        self.assertEqual((missing.status, missing.json["errors"][0]["pointer"]), (422, "/note"))
        said = self.head.post(at + "/self", {**say, "note": "综合查一次", "evidence": "信市监〔2026〕8号"}, If_Match='"1"')
        self.assertEqual((said.status, said.json["units"][0]["marks"][2]["self_bp"]), (200, 9000), said.content)
        self.assertEqual(self.head.post(at + "/review", {"department": "scjgj", **say}, If_Match='"2"').status, 403)
        self.assertEqual(self.all.post(at + "/close", {}, If_Match='"2"').status, 412)  # marks are open
        for unit in self.all.get(at).json["units"]:
            for mark in unit["marks"]:
                reply = self.all.post(at + "/review", {"department": unit["department"], "seq": mark["seq"], "score_bp": 8000, "note": "评审"},
                                      If_Match=f'"{mark["row_version"]}"')
                self.assertEqual(reply.status, 200, reply.content)
        self.assertEqual({u["total_bp"] for u in reply.json["units"]}, {8000})
        closed = self.all.post(at + "/close", {}, If_Match='"2"')
        self.assertEqual((closed.status, closed.json["state"]), (200, "closed"), closed.content)
        self.assertEqual(self.all.post(at + "/fill", {}, If_Match='"3"').status, 412)
        table = list(csv.reader(io.StringIO(self.all.get(at + "/file", format="csv").content.decode("utf-8-sig"))))
        self.assertEqual(len(table), 1 + 4 * len(units))
        for format, magic in (("xlsx", b"PK"), ("pdf", b"%PDF")):
            self.assertTrue(self.all.get(at + "/file", format=format).content.startswith(magic), format)
        self.assertEqual(len(list(csv.reader(io.StringIO(self.head.get(at + "/file", format="csv").content.decode("utf-8-sig"))))), 5)
        self.assertNotIn("ZF-", self.all.get(at).content.decode())
        self.assertEqual(self.users["system"].get("/assessments").status, 403)


if __name__ == "__main__":
    unittest.main()
