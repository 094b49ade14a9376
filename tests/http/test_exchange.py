#!/usr/bin/env python3
"""Batches for the national publicity system over HTTP: produced, acknowledged, refused, sent again, compared; by row scope."""
import csv
import json

import office as world


class Exchange(world.Case):
    LOGINS = ("scjgj-clerk", "sthjj-clerk")

    def counts(self, browser):
        n = browser.get("/exchange").json
        self.assertEqual(n["twice"], 0)
        self.assertEqual(n["published"], n["accepted"] + n["sent"] + n["refused"] + n["missing"])
        return n

    def test_every_publication_ends_in_exactly_one_acknowledged_batch(self):
        before = self.counts(self.clerk)
        self.assertGreater(before["missing"], 2)
        theirs = self.counts(self.other)
        made = self.clerk.post("/exchange/batches")
        self.assertEqual(made.status, 201, made.content)
        no, rows = made.json["no"], made.json["rows"]
        self.assertEqual((len(no), rows, made.json["department"]), (18, before["missing"], "scjgj"))
        self.assertEqual(self.clerk.post("/exchange/batches").status, 409)
        self.assertEqual(self.counts(self.other), theirs)
        for path in ("", "/rows", "/file"):
            self.assertEqual(self.other.get(f"/exchange/batches/{no}{path}").status, 404)
        self.assertEqual(self.other.post(f"/exchange/batches/{no}/receipt", {"receiptNo": "X", "accepted": rows}).status, 404)

        file = json.loads(self.clerk.get(f"/exchange/batches/{no}/file").content)
        details = [d for r in file["records"] for d in r["details"]]
        self.assertEqual([d["seqno"] for d in details], list(range(1, rows + 1)))
        for record in file["records"]:
            self.assertRegex(record["raninsTaskId"], r"^\d{18}$")
            self.assertRegex(record["insDate"], r"^\d{4}-\d\d-\d\d$")
            self.assertIn(record["raninsTypeName"], ("定向", "不定向"))
            self.assertNotIn("risk", json.dumps(record))

        self.assertEqual(self.clerk.post(f"/exchange/batches/{no}/resend").json["sent"], 2)
        wrong = self.clerk.post(f"/exchange/batches/{no}/receipt", {"receiptNo": "HZ-1", "accepted": rows - 2})
        self.assertEqual((wrong.status, wrong.json["errors"][0]["pointer"]), (422, "/accepted"))
        wrong = self.clerk.post(f"/exchange/batches/{no}/receipt", {"receiptNo": "HZ-1", "accepted": rows - 1,
                                                                    "refused": [{"seqno": rows + 5, "reason": "?"}]})
        self.assertEqual((wrong.status, wrong.json["errors"][0]["pointer"]), (422, "/refused"))
        receipt = {"receiptNo": "HZ-1", "accepted": rows - 1, "refused": [{"seqno": 2, "reason": "名称不符"}]}
        for _ in range(2):
            self.assertEqual(self.clerk.post(f"/exchange/batches/{no}/receipt", receipt).json["state"], "acknowledged")
        self.assertEqual(self.clerk.post(f"/exchange/batches/{no}/resend").status, 409)
        refused = self.clerk.get(f"/exchange/batches/{no}/rows", state="refused").json["rows"]
        self.assertEqual([(r["seqno"], r["reason"]) for r in refused], [(2, "名称不符")])
        missing = self.clerk.get("/exchange/missing").json["rows"]
        self.assertEqual([(m["target"], m["reason"]) for m in missing], [(refused[0]["target"], "名称不符")])

        again = self.clerk.post("/exchange/batches", {"again": True}).json
        self.assertEqual(again["rows"], 1)
        self.clerk.post(f"/exchange/batches/{again['no']}/receipt", {"receiptNo": "HZ-2", "accepted": 1})
        done = self.counts(self.clerk)
        self.assertEqual((done["accepted"], done["missing"], done["refused"]), (done["published"], 0, 0))
        self.assertEqual([b["no"] for b in self.clerk.get("/exchange/batches").json["rows"]], [again["no"], no])
        self.assertEqual(self.other.get("/exchange/batches").json["rows"], [])
        pages = [self.clerk.get("/exchange/batches", limit=1).json]
        pages.append(self.clerk.get("/exchange/batches", limit=1, cursor=pages[0]["next"]).json)
        self.assertEqual([p["rows"][0]["no"] for p in pages], [again["no"], no])


class Mapping(world.Case):
    LOGINS = ("scjgj-clerk",)

    def test_every_code_has_a_name_of_its_own_and_a_batch_reads_back_into_what_was_published(self):
        with open(world.ROOT / "data" / "exchange.csv", encoding="utf-8-sig", newline="") as file:
            names = {row["zh"]: row["code"] for row in csv.DictReader(file)}
        with open(world.ROOT / "data" / "results.csv", encoding="utf-8-sig", newline="") as file:
            codes = [row["code"] for row in csv.DictReader(file)]
        self.assertEqual(set(names.values()), {*codes, "directed", "undirected"})
        self.assertEqual(len(names), len(codes) + 2)
        guide = (world.ROOT / "docs" / "how-to" / "exchange.md").read_text()
        for name, code in names.items():
            self.assertIn(f"| `{code}` | {name} |", guide)
        wanted = {(r["target"], r["publication"]): r for r in self.rows("/exchange/missing")}
        made = self.clerk.post("/exchange/batches").json
        sent = {r["seqno"]: r for r in self.rows(f"/exchange/batches/{made['no']}/rows")}
        count = 0
        for record in json.loads(self.clerk.get(f"/exchange/batches/{made['no']}/file").content)["records"]:
            self.assertEqual(set(record), {"uniscid", "entname", "raninsPlanId", "raninsPlaneName", "raninsTaskId", "raninsTaskName",
                                           "raninsTypeName", "insAuth", "insDate", "details"})
            for detail in record["details"]:
                row = sent[detail["seqno"]]
                told = wanted.pop((row["target"], row["publication"]))
                self.assertEqual((row["target"], told["item"], told["task"], told["correction"]),
                                 (record["uniscid"], detail["raninsItemName"], record["raninsTaskId"], detail["correction"]))
                read = [names[name] for name in detail["raninsCheckResName"].split("；")]
                results = self.clerk.get("/results", task=record["raninsTaskId"], state="published", limit=200).json["rows"] if count < 5 else []
                if results:
                    self.assertIn(read, [r["codes"] for r in results if r["target"] == row["target"]])
                count += 1
        self.assertEqual((count, wanted), (made["rows"], {}))

    def rows(self, path):
        out, cursor = [], None
        while True:
            page = self.clerk.get(path, limit=200, cursor=cursor).json
            out += page["rows"]
            cursor = page["next"]
            if cursor is None:
                return out


if __name__ == "__main__":
    import unittest
    unittest.main()
