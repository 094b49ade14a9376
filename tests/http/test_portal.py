#!/usr/bin/env python3
"""The portal's pages of tasks, departments, results and entities, its feeds and large text, from outside."""
import csv
import hashlib
import io
import json
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as xml

import fixture
from test_http import PROGRAM, HttpTest

ATOM = "{http://www.w3.org/2005/Atom}"
TASK, HIDDEN_TASK = "411500202604010001", "411500202604010003"


def rows_of(text):
    return re.findall(r'<th scope="row"><a href="[^"]*/targets/([^/]+)/">', text)


class Portal(HttpTest):
    def page(self, path):
        reply = self.get(path)
        self.assertEqual(reply.status, 200, path)
        return reply.content.decode()


class Pages(Portal):
    def test_a_task_shows_how_far_it_has_come_and_leads_on(self):
        text = self.page(f"/tasks/{TASK}/")
        for part in ("企业登记和排污联合抽查", "/items/A01/", "/plans/41150020260001/", "/draws/411500-2026-0001/2/", "/departments/sthjj/",
                     "抽中 <b>24</b>"):
            self.assertIn(part, text)

    def test_of_an_unannounced_task_nothing_is_there_before_its_day(self):
        self.assertEqual(self.get(f"/tasks/{HIDDEN_TASK}/").status, 404)
        for path in ("/tasks/", "/departments/scjgj/", "/departments/sthjj/"):
            self.assertNotIn(HIDDEN_TASK, self.page(path))
        self.assertEqual(self.get("/tasks/411500202604010004/").status, 404)  # nothing is sealed for it

    def test_results_are_found_by_department_item_county_task_and_period(self):
        everything = rows_of(self.page("/results/"))
        self.assertGreater(len(everything), 20)
        some = rows_of(self.page("/results/?department=sthjj"))
        self.assertTrue(set(some) < set(everything))
        self.assertNotIn("市市场监管局</td>", self.page("/results/?department=sthjj"))
        self.assertEqual(rows_of(self.page("/results/?item=C01")), ["R-411500000000001"])
        self.assertEqual(rows_of(self.page("/results/?item=C01&department=scjgj")), [])
        region = {t["code"]: t["region"] for t in self.city.targets}
        county = region[self.drawn[0]]
        self.assertEqual({region.get(code) for code in rows_of(self.page("/results/?region=" + county))} - {None}, {county})
        self.assertEqual(rows_of(self.page("/results/?region=411500")), everything)
        self.assertEqual(sorted(rows_of(self.page(f"/results/?task={TASK}"))), sorted(everything))
        self.assertEqual(rows_of(self.page("/results/?from=2030-01-01")), [])
        self.assertEqual(rows_of(self.page("/results/?from=2020-01-01&to=2030-01-01")), everything)
        self.assertEqual(rows_of(self.page("/results/?task=no-such-task")), [])
        for wrong in ("from=yesterday", "after=1", "after=x-y-z"):
            self.assertEqual(self.get("/results/?" + wrong).status, 404, wrong)

    def test_a_correction_a_withdrawal_and_a_take_down_are_to_be_seen(self):
        corrected, _, withdrawn, taken = [self.page(f"/targets/{code}/") for code in self.drawn_codes(4)]
        self.assertIn("更正 1", corrected)
        self.assertIn("已被更正", corrected)
        self.assertIn("责令改正决定被复议撤销", withdrawn)
        self.assertIn("信市监撤〔2026〕3 号", withdrawn)
        self.assertNotIn('class="result', withdrawn)
        self.assertIn("个人信息保护法", taken)
        self.assertNotIn('class="result', taken)

    def drawn_codes(self, count):
        return self.drawn[:count]

    def test_merged_records_show_together_under_either_code(self):
        kept = self.page(f"/targets/{self.drawn[0]}/")
        self.assertIn("排污许可执行情况检查", kept)
        self.assertIn("R-411500000000001", kept)
        self.assertIn(f"<code>{self.drawn[0]}</code>", self.page("/targets/R-411500000000001/"))

    def test_no_page_tells_a_class_of_risk_or_the_name_or_address_of_a_sole_trader(self):
        trader = next(t for t in self.city.targets if t["type"] == "individual" and t["code"] in self.drawn)
        for path in (f"/targets/{trader['code']}/", f"/en/targets/{trader['code']}/", "/results/", "/", f"/targets/{trader['code']}/feed.atom",
                     "/feed.atom", "/draws/411500-2026-0001/2/", f"/tasks/{TASK}/", "/departments/scjgj/", "/search/?q=" + trader["code"]):
            text = self.page(path)
            self.assertNotIn(trader["name"], text, path)
            self.assertNotIn(trader["address"], text, path)
            self.assertNotRegex(text, "risk_class|风险等级", path)

    def test_large_text_needs_no_cookie_and_stays(self):
        reply = self.get("/large/en/tasks/")
        text = reply.content.decode()
        self.assertIsNone(reply.getheader("Set-Cookie"))
        self.assertIn('<html lang="en" class=large>', text)
        self.assertIn('href="/large/en/results/"', text)
        self.assertIn('href="/en/tasks/"', text)
        self.assertEqual(self.get("/large/tasks").getheader("Location"), "/large/tasks/")
        self.assertEqual(self.get("/large/feed.atom").status, 404)

    def test_on_paper_a_page_leads_to_itself_by_the_address_it_was_asked_at(self):
        path = f"/targets/{self.drawn[0]}/"
        for host in ("portal.example:8443", "other.example", "portal.example:8443"):
            text = self.get(path, Host=host).content.decode()
            self.assertIn(f"http://{host}{path}</p>", text)
        self.assertIn("/results/?department=sthjj</p>", self.page("/results/?department=sthjj"))


class Feeds(Portal):
    TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"

    def feed(self, path):
        """A valid Atom feed (RFC 4287 4.1, 4.2)."""
        reply = self.get(path)
        self.assertEqual((reply.status, reply.getheader("Content-Type")), (200, "application/atom+xml; charset=utf-8"))
        root = xml.fromstring(reply.content)
        self.assertEqual(root.tag, ATOM + "feed")
        ids = set()
        for element in [root, *root.findall(ATOM + "entry")]:
            for name in ("id", "title", "updated"):
                self.assertEqual(len(element.findall(ATOM + name)), 1, name)
                self.assertTrue(element.findtext(ATOM + name))
            self.assertRegex(element.findtext(ATOM + "updated"), f"^{self.TIME}$")
            self.assertRegex(element.findtext(ATOM + "id"), "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
            self.assertTrue(element.find(ATOM + "author").findtext(ATOM + "name"))
            for link in element.findall(ATOM + "link"):
                self.assertTrue(link.get("href").startswith(self.server.address))
                self.assertEqual(self.get("/" + link.get("href")[len(self.server.address):]).status, 200)
            ids.add(element.findtext(ATOM + "id"))
        self.assertEqual([link.get("href") for link in root.findall(ATOM + "link") if link.get("rel") == "self"], [self.server.address + path[1:]])
        entries = root.findall(ATOM + "entry")
        self.assertEqual(len(ids), len(entries) + 1)
        return entries

    def test_feeds_of_all_of_a_department_and_of_an_entity_are_valid(self):
        everything = self.feed("/feed.atom")
        department = self.feed("/departments/sthjj/feed.atom")
        entity = self.feed(f"/targets/{self.drawn[0]}/feed.atom")
        self.assertGreater(len(everything), len(department))
        self.assertEqual({e.find(ATOM + "author").findtext(ATOM + "name") for e in department}, {"市生态环境局"})
        self.assertEqual(len(entity), 3)
        self.assertIn("（更正）", entity[0].findtext(ATOM + "title"))

    def test_pages_name_their_feed(self):
        for path, feed in (("/", "/feed.atom"), ("/departments/scjgj/", "/departments/scjgj/feed.atom"),
                           (f"/targets/{self.drawn[0]}/", f"/targets/{self.drawn[0]}/feed.atom")):
            self.assertRegex(self.page(path), f'<link rel="alternate" type="application/atom.xml" title="[^"]+" href="{feed}">')

    def test_what_was_taken_down_says_no_more_in_a_feed(self):
        summary = self.feed(f"/targets/{self.drawn[3]}/feed.atom")[0].findtext(ATOM + "summary")
        self.assertRegex(summary, "^已撤下 含有个人信息$")

    def test_a_feed_of_nobody_is_not_there(self):
        for path in ("/departments/nobody/feed.atom", "/targets/911/feed.atom"):
            self.assertEqual(self.get(path).status, 404)


class Links(Portal):
    """Whatever a page leads to is there: on the server, and in the static copy."""
    LINK = re.compile(r'(?:href|src|data-index|data-worker|data-wasm)="([^"#]+)')

    def test_every_link_of_every_page_leads_somewhere_in_both_languages_and_sizes(self):
        seen, waiting, wrong = {"/"}, [("", "/")], []
        while waiting:
            path, found = waiting[0][1], waiting.pop(0)
            reply = self.get(path)
            if reply.status not in (200, 302, 303) and not (path.endswith(("/open-data/results.csv", ".json")) and reply.status == 404):
                wrong.append((found[0], path, reply.status))
            if not (reply.getheader("Content-Type") or "").startswith("text/html") or path.startswith(("/app/", "/m/")):
                continue
            text = reply.content.decode()
            if "<title>" not in text or text.count("<h1") != 1:
                wrong.append((found[0], path, "no title or heading"))
            for link in self.LINK.findall(text):
                link = link.replace("&amp;", "&")
                if link.startswith("/") and link not in seen and not (link.startswith("/large/") and (path.startswith("/large/") or link.count("/") > 3)):
                    seen.add(link)
                    waiting.append((path, link))
        self.assertEqual(wrong, [])
        self.assertGreater(len(seen), 200)

    def test_the_static_copy_has_every_page_in_four_versions_and_no_link_leads_nowhere(self):
        site = pathlib.Path(self.folder.name) / "site"
        environment = dict(os.environ, MINGQIAN_NOW=str(fixture.NOW_US // 10**6), MINGQIAN_LANG="en")
        done = subprocess.run([PROGRAM, "export-static", "--dir", self.directory, site, "--address", "https://portal.example"], capture_output=True,
                              text=True, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("leads nowhere", done.stderr)
        pages = {str(page.relative_to(site)) for page in site.rglob("index.html")}
        usual = {page for page in pages if not page.startswith(("en/", "large/"))}
        self.assertEqual(pages, {prefix + page for page in usual for prefix in ("", "en/", "large/", "large/en/")})
        wrong = []
        for page in pages:
            text = (site / page).read_text()
            self.assertEqual("class=large" in text, page.startswith("large/"), page)
            for link in self.LINK.findall(text):
                if re.match("[a-z]+:", link):
                    continue
                to = os.path.normpath(os.path.join(os.path.dirname(page), link.split("?")[0]))
                if not (site / to).exists():
                    wrong.append((page, link))
                if page.startswith("large/") and to.endswith("index.html") and not to.startswith("large/") and 'class="size" href="' + link not in text:
                    wrong.append((page, link, "out of the large version"))
        self.assertEqual(wrong, [])


class OpenData(Portal):
    def test_before_the_first_night_the_page_says_so(self):
        self.assertIn("还没有生成", self.page("/open-data/"))
        self.assertEqual(self.get("/open-data/results.csv").status, 404)

    def test_the_files_are_served_signed_and_masked_and_any_change_is_found(self):
        run = lambda *a: subprocess.run([PROGRAM, *a], capture_output=True, text=True, check=False,  # noqa: E731
                                        env=dict(os.environ, MINGQIAN_NOW=str(fixture.NOW_US // 10**6), MINGQIAN_LANG="en"))
        self.assertEqual(run("open-data", "--dir", self.directory, "--address", "https://portal.example/").returncode, 0)
        text = self.page("/open-data/")
        names = re.findall(r'href="/open-data/([a-z.]+)"', text)
        self.assertEqual(len(names), 8 * 2 + 3)
        folder = pathlib.Path(self.folder.name) / "download"
        folder.mkdir()
        for name in names:
            reply = self.get("/open-data/" + name)
            self.assertEqual(reply.status, 200, name)
            (folder / name).write_bytes(reply.content)
        vkey = self.directory / "log" / "log.vkey"
        self.assertEqual(run("open-data", "verify", folder, "--vkey", vkey).returncode, 0)
        package = json.loads((folder / "datapackage.json").read_text())
        for resource in package["resources"]:
            data = (folder / resource["path"]).read_bytes()
            self.assertEqual(resource["hash"], "sha256:" + hashlib.sha256(data).hexdigest())
            if resource["format"] == "csv":
                rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
                self.assertEqual(list(rows[0]) if rows else [], [f["name"] for f in resource["schema"]["fields"]] if rows else [])
                key = [tuple(r[k] for k in resource["schema"]["primaryKey"]) for r in rows]
                self.assertEqual(len(set(key)), len(key))
                lines = [json.loads(line) for line in (folder / (resource["name"] + ".jsonl")).read_text().splitlines()]
                self.assertEqual(len(lines), len(rows))
        everything = b"".join((folder / name).read_bytes() for name in names).decode()
        trader = next(t for t in self.city.targets if t["type"] == "individual" and t["code"] in self.drawn)
        self.assertTrue(trader["code"] in everything)
        self.assertFalse(trader["name"] in everything)
        self.assertFalse(HIDDEN_TASK in everything)
        self.assertFalse("risk" in everything)
        catalogue = json.loads((folder / "catalog.jsonld").read_text())
        self.assertIn("https://portal.example/open-data/results.csv", json.dumps(catalogue))
        (folder / "results.csv").write_bytes((folder / "results.csv").read_bytes() + b" ")
        found = run("open-data", "verify", folder, "--vkey", vkey)
        self.assertEqual(found.returncode, 1)
        self.assertIn("results.csv", found.stderr)

    def test_nothing_else_of_the_folder_is_given(self):
        for name in ("current", "../mingqian.db", "%2e%2e/current", "20260520T020000Z", ".hidden"):
            self.assertEqual(self.get("/open-data/" + name).status, 404, name)


if __name__ == "__main__":
    import unittest
    unittest.main()
