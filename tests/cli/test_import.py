"""Registers in, from outside: encodings, workbooks, refusals, what comes back in the rejects."""
import csv
import io
import os
import struct
import subprocess
import time
import unittest
import zipfile
import zlib

import office
from office import Office, code_of

HEADER = "企业名称,统一社会信用代码,注册日期,地区\n"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                           '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                           '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{DOC}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOC}"><sheets><sheet name="名录" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{DOC}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def sheet(rows):
    """Inline strings; a cell that begins with = is a formula with a cached value, a number is a number."""
    out = []
    for row in rows:
        cells = []
        for cell in row:
            if isinstance(cell, int):
                cells.append(f"<c><v>{cell}</v></c>")
            elif cell.startswith("="):
                cells.append(f'<c t="str"><f>{cell[1:]}</f><v>x</v></c>')
            else:
                cells.append(f'<c t="inlineStr"><is><t>{cell}</t></is></c>')
        out.append("<row>" + "".join(cells) + "</row>")
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(out)}</sheetData></worksheet>'


def workbook(path, rows):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in PARTS.items():
            z.writestr(name, text)
        z.writestr("xl/worksheets/sheet1.xml", sheet(rows))
    return path


def bomb(path, bytes_out, bytes_written):
    """A workbook whose sheet says it unpacks to bytes_out and holds deflated blanks for bytes_written."""
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
    data = c.compress(head) + c.flush(zlib.Z_FULL_FLUSH)
    block = c.compress(b" " * (1 << 20)) + c.flush(zlib.Z_FULL_FLUSH)
    data += block * (bytes_written >> 20) + c.flush(zlib.Z_FINISH)
    entries = [(name.encode(), zlib.compressobj(9, zlib.DEFLATED, -15), text.encode()) for name, text in PARTS.items()]
    entries = [(name, z.compress(text) + z.flush(), len(text), zlib.crc32(text)) for name, z, text in entries]
    entries.append((b"xl/worksheets/sheet1.xml", data, min(bytes_out, 0xFFFFFFFE), 0))
    directory, offset = b"", 0
    with open(path, "wb") as f:
        for name, packed, size, crc in entries:
            fixed = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(packed), size, len(name), 0)
            directory += b"PK\1\2" + struct.pack("<H", 20) + fixed + struct.pack("<HHHII", 0, 0, 0, 0, offset) + name
            offset += f.write(b"PK\3\4" + fixed + name + packed)
        f.write(directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), offset, 0))
    return path


class Imports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.office = Office()
        cls.addClassCleanup(cls.office.close)
        cls.number = 20000000

    def codes(self, count, region="411525"):
        """Codes that no test had before."""
        Imports.number += 100
        return [code_of(self.number + i, region) for i in range(count)]

    def take(self, name, content, *more, kind="targets"):
        return self.office.run("import", kind, self.office.file(name, content), "--json", *more)

    def counts(self, done, *want):
        self.assertEqual(done.status, 0, done)
        self.assertEqual(tuple(done.json[k] for k in ("read", "new", "changed", "unchanged", "rejected")), want, done)

    def refused(self, done, code, status=2):
        self.assertEqual((done.status, done.json["error"]["code"]), (status, code), done)

    def rejects(self, done):
        with open(done.json["rejects"], encoding="utf-8-sig", newline="") as f:
            return list(csv.DictReader(f))

    def test_utf8_with_and_without_mark_gb18030_and_xlsx_say_the_same(self):
        a, b = self.codes(2)
        text = HEADER + f"甲㐀𠀀店,{a},2019-04-30,新县\n乙店,{b},2019/5/1,\n"
        self.counts(self.take("plain.csv", text, "--dry-run"), 2, 2, 0, 0, 0)
        self.counts(self.take("plain.csv", text), 2, 2, 0, 0, 0)
        self.counts(self.take("mark.csv", "\ufeff" + text), 2, 0, 0, 2, 0)
        done = self.take("gb.csv", text.encode("gb18030"))
        self.counts(done, 2, 0, 0, 2, 0)
        self.assertEqual((done.json["encoding"], done.json["region_derived"]), ("GB18030", 1))
        path = workbook(self.office.folder / "book.xlsx", [r.split(",") for r in text.strip().split("\n")])
        done = self.office.run("import", "targets", path, "--json")
        self.counts(done, 2, 0, 0, 2, 0)
        self.assertEqual(done.json["encoding"], "XLSX")

    def test_a_dry_run_stores_and_logs_nothing(self):
        before = self.office.fsck()
        text = HEADER + f"丙店,{self.codes(1)[0]},,\n"
        for _ in range(2):
            self.counts(self.take("dry.csv", text, "--dry-run"), 1, 1, 0, 0, 0)
        self.assertEqual(self.office.fsck(), before)

    def test_a_second_run_changes_and_logs_nothing(self):
        text = office.register(50, first=5000)
        self.counts(self.take("again.csv", text), 50, 50, 0, 0, 0)
        before = self.office.fsck()
        self.counts(self.take("again.csv", text), 50, 0, 0, 50, 0)
        self.assertEqual(self.office.fsck(), before)
        self.counts(self.take("again.csv", text.replace("企业5001号", "企业改名", 1)), 50, 0, 1, 49, 0)
        self.assertEqual(self.office.fsck(), before + 1)

    def test_bad_rows_come_back_with_row_column_value_and_reason(self):
        good, twice, alien = *self.codes(2), self.codes(1, "999999")[0]
        wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
        done = self.take("bad.csv", HEADER + f"甲,{good},,\n乙,{wrong},,\n丙,{twice},,\n丁,{twice},,\n戊,{alien},,\n己,{self.codes(1)[0]},2023-02-30,\n"
                                             f"=1+1,{self.codes(1)[0]},,\n")
        self.counts(done, 7, 2, 0, 0, 5)
        rows = self.rejects(done)
        self.assertEqual([set(r) for r in rows], [{"row", "column", "value", "reason"}] * 5, rows)
        said = {r["row"]: (r["column"], r["value"], r["reason"].split(":")[0]) for r in rows}
        self.assertEqual(said, {"3": ("统一社会信用代码", wrong, "ERR_CHECK"), "5": ("统一社会信用代码", twice, "ERR_DUPLICATE"),
                                "6": ("地区", "", "ERR_REGION"), "7": ("注册日期", "2023-02-30", "ERR_DATE"), "8": ("企业名称", "'=1+1", "ERR_FORMULA")})

    def test_every_single_wrong_symbol_of_a_code_is_refused(self):
        code = self.codes(1)[0]
        rows = [f"甲,{code[:i]}{'1' if code[i] != '1' else '2'}{code[i + 1:]},," for i in range(8, 18)]
        self.counts(self.take("symbols.csv", HEADER + "\n".join(rows) + "\n"), 10, 0, 0, 0, 10)

    def test_broken_files_are_refused_whole(self):
        code = self.codes(1)[0]
        before = self.office.fsck()
        for name, content, error in (
                ("empty.csv", "", "ERR_INPUT"), ("header.csv", "甲,乙\n1,2\n", "ERR_INPUT"),
                ("nul.csv", (HEADER + f"甲\0,{code},,\n").encode(), "ERR_CHARSET"),
                ("gb.csv", (HEADER + f"甲,{code},,\n").encode("gb18030") + b"\x81\x30\x81,\xff\n", "ERR_ENCODING"),
                ("quote.csv", HEADER + f"甲,{code},,\n\"乙\n", "ERR_SYNTAX"), ("zip.xlsx", b"PK\3\4 no archive", "ERR_SYNTAX")):
            with self.subTest(name):
                self.refused(self.take(name, content), error)
        self.refused(self.office.run("import", "targets", "absent.csv", "--json"), "ERR_NOT_FOUND", 3)
        self.refused(self.office.run("import", "firms", "absent.csv", "--json"), "ERR_USAGE", 2)
        self.assertEqual(self.office.fsck(), before)

    def test_formulas_and_long_numbers_of_a_workbook_are_rejected(self):
        a, b = self.codes(2)
        path = workbook(self.office.folder / "formula.xlsx", [HEADER.strip().split(","), ["甲", a, "", ""], ["=A1", b, "", ""], ["丙", 911415001234567890, "", ""]])
        done = self.office.run("import", "targets", path, "--json")
        self.counts(done, 3, 1, 0, 0, 2)
        self.assertEqual([r["reason"].split(":")[0] for r in self.rejects(done)][:2], ["ERR_FORMULA", "ERR_PRECISION"])

    def test_a_workbook_that_unpacks_to_10_gb_is_refused_at_once(self):
        small = self.measure(workbook(self.office.folder / "small.xlsx", [HEADER.strip().split(",")]))
        for name, said, written in (("declared.xlsx", 0xFFFFFFFE, 8 << 20), ("real.xlsx", 10 << 30, 10 << 30), ("lying.xlsx", 1000, 10 << 30)):
            with self.subTest(name):
                status, seconds, kilobytes = self.measure(bomb(self.office.folder / name, said, written))
                self.assertEqual(status, 2)
                self.assertLess(seconds, 2, seconds)
                self.assertLess(kilobytes - small[2], 64 << 10)

    def measure(self, path):
        """(exit status, seconds, peak memory in KB) of an import."""
        start = time.monotonic()
        process = self.office.start("import", "targets", path, "--json")
        process.stdout.read()
        process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        process.stderr.close()
        return process.returncode, time.monotonic() - start, usage.ru_maxrss

    def test_several_files_are_one_document_also_when_one_is_refused(self):
        one = self.office.file("one.csv", HEADER + f"甲,{self.codes(1)[0]},,\n")
        two = self.office.file("two.csv", "")
        done = self.office.run("import", "targets", one, two, one, "--json")
        self.assertEqual(done.status, 2)
        self.assertEqual([("error" in d) for d in done.json], [False, True])

    def test_the_shipped_items_and_the_generated_dirty_rows(self):
        self.counts(self.office.run("import", "items", office.SOURCE / "data/items.csv", "--json"), 80, 80, 0, 0, 0)
        dirty = self.office.do("demo", "generate", "dirty").out
        done = self.take("dirty.csv", dirty)
        self.assertEqual(done.status, 0)
        self.assertEqual(done.json["read"], sum(1 for _ in csv.reader(io.StringIO(dirty))) - 1)
        self.assertGreater(done.json["rejected"], 0)
        self.assertEqual(done.json["read"], sum(done.json[k] for k in ("new", "changed", "unchanged", "rejected")))


if __name__ == "__main__":
    unittest.main()
