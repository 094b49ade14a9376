#!/usr/bin/env python3
"""The server from outside: every route, its guards, its limits. Needs MQ_BUILD_DIR with the program."""
import contextlib
import gzip
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
import fixture  # noqa: E402

PROGRAM = pathlib.Path(os.environ.get("MQ_BUILD_DIR", ROOT / "build")) / "mingqian"


class Server:
    def __init__(self, directory, *options):
        environment = dict(os.environ, MINGQIAN_NOW=str(fixture.NOW_US // 10**6), MINGQIAN_LANG="zh")
        self.log = open(directory / "requests.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen([PROGRAM, "serve", "--dir", directory, "--listen", "127.0.0.1:0", "--json", *options],
                                        stdout=subprocess.PIPE, stderr=self.log, env=environment)
        self.address = json.loads(self.process.stdout.readline())["address"]
        self.port = int(re.search(r":(\d+)/", self.address)[1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=20)
        self.process.stdout.close()
        self.log.close()
        return status

    def request(self, path, method="GET", headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body=body, headers=headers or {})
        reply = connection.getresponse()
        reply.content = reply.read()
        connection.close()
        return reply

    def raw(self, data, timeout=5):
        """What comes back for these bytes, until the server closes or nothing more comes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as s:
            s.sendall(data)
            out = b""
            try:
                while chunk := s.recv(65536):
                    out += chunk
            except (TimeoutError, ConnectionResetError):
                pass
            return out


class HttpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.directory = pathlib.Path(cls.folder.name) / "city"
        cls.city, cls.drawn = fixture.make(PROGRAM, cls.directory)
        (cls.directory / "log" / "tile" / "0").mkdir(parents=True, exist_ok=True)
        (cls.directory / "log" / "checkpoint").write_text("origin\n1\nroot\n")
        (cls.directory / "log" / "tile" / "0" / "000").write_bytes(bytes(8192))
        cls.server = Server(cls.directory)

    @classmethod
    def tearDownClass(cls):
        status = cls.server.stop()
        cls.folder.cleanup()
        assert status == 0, f"the server ended with {status}"

    def get(self, path, **headers):
        return self.server.request(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


class Pages(HttpTest):
    PAGES = ["/", "/search/", "/search/?q=911", "/items/", "/items/A01/", "/items/?department=sthjj&class=KEY", "/plans/",
             "/plans/41150020260001/", "/draws/", "/draws/411500-2026-0001/", "/draws/411500-2026-0001/1/",
             "/draws/411500-2026-0002/1/", "/tasks/", "/tasks/411500202604010001/", "/departments/",
             "/departments/scjgj/", "/open-data/", "/results/", "/results/?department=sthjj&region=411525&item=C01&from=2026-01-01&to=2026-12-31",
             "/statistics/", "/about/", "/verify/", "/log/"]

    def test_every_page_is_there_in_both_languages(self):
        for path in self.PAGES:
            for prefix, language in (("", "zh-CN"), ("/en", "en")):
                with self.subTest(prefix + path):
                    reply = self.get(prefix + path)
                    self.assertEqual(reply.status, 200)
                    text = reply.content.decode()
                    self.assertIn(f'<html lang="{language}">', text)
                    self.assertEqual(text.count("<h1"), 1)
                    self.assertIn("</html>", text)

    def test_no_page_holds_code_or_style_of_its_own(self):
        for path in self.PAGES:
            text = self.get(path).content.decode()
            self.assertNotRegex(text, r"<script(?![^>]*src=)|<style|style=\"| on[a-z]+=\"|javascript:", path)

    def test_every_link_of_every_page_leads_somewhere(self):
        seen = set()
        for path in self.PAGES:
            seen.update(re.findall(r'(?:href|src|action)="(/[^"#]*)', self.get(path).content.decode()))
        self.assertGreater(len(seen), 60)
        for link in sorted(seen):
            self.assertEqual(self.get(link.replace("&amp;", "&")).status, 200, link)

    def test_a_page_without_its_slash_moves(self):
        for path in ("/items", "/draws/411500-2026-0001", "/en/about", "/en"):
            reply = self.get(path)
            self.assertEqual((reply.status, reply.getheader("Location")), (301, path + "/"))

    def test_a_demonstration_says_so_on_every_page(self):
        for path in self.PAGES:
            self.assertIn("模拟数据", self.get(path).content.decode())

    def test_an_unknown_page_says_so_in_both_languages(self):
        for path in ("/nothing/", "/items/ZZZ/", "/draws/1-2-3/", "/targets/X/", "/results/after/1/", "/draws/411500-2026-0001/9/"):
            reply = self.get(path)
            self.assertEqual(reply.status, 404, path)
            self.assertIn("没有找到", reply.content.decode())
            self.assertIn("not found", reply.content.decode())


class WhatIsPublic(HttpTest):
    def individual(self):
        return next(t for t in self.city.targets if t["type"] == "individual" and t["code"] in self.drawn)

    def test_a_sole_trader_is_masked_everywhere(self):
        t = self.individual()
        for path in (f"/targets/{t['code']}/", "/draws/411500-2026-0001/", "/results/", "/", f"/search/?q={t['code']}"):
            text = self.get(path).content.decode()
            self.assertNotIn(t["name"], text, path)
            self.assertNotIn(t["address"], text, path)

    def test_a_sole_trader_is_not_found_by_name(self):
        t = self.individual()
        text = self.get("/search/?q=" + "".join(f"%{b:02X}" for b in t["name"].encode())).content.decode()
        self.assertNotIn(t["code"], text)

    def test_a_firm_is_found_by_name_and_by_code_in_small_letters(self):
        t = next(t for t in self.city.targets if t["type"] == "enterprise")
        for words in (t["name"][2:6], t["code"], t["code"].lower()):
            text = self.get("/search/?q=" + "".join(f"%{b:02X}" for b in words.encode())).content.decode()
            self.assertIn(f"/targets/{t['code']}/", text)

    def test_risk_classes_are_nowhere(self):
        for t in self.city.targets[:20]:
            text = self.get(f"/targets/{t['code']}/").content.decode()
            self.assertNotRegex(text, r"(?i)risk.?class|<code>[ABCD]</code>")

    def test_why_gives_ticket_and_probability_of_open_draws_only(self):
        code = self.drawn[0]
        text = self.get(f"/en/targets/{code}/").content.decode()
        self.assertIn("24 / 600", text)
        self.assertRegex(text, r'class="tag mark">drawn</span>')
        self.assertIn("told to the firm alone", text)
        other = next(t["code"] for t in self.city.targets if t["code"] not in self.drawn)
        self.assertRegex(self.get(f"/en/targets/{other}/").content.decode(), r'class="tag plain">not drawn</span>')

    def test_a_salted_roster_is_never_served(self):
        self.assertEqual(self.get("/draws/411500-2026-0002/1/roster.tsv").status, 404)
        self.assertEqual(self.get("/draws/411500-2026-0002/1/result.txt").status, 200)

    def test_nothing_of_an_unannounced_draw_shows_before_its_day(self):
        for name in ("result.txt", "reveal.json"):
            self.assertEqual(self.get(f"/draws/411500-2026-0003/1/{name}").status, 404)
        text = self.get("/draws/411500-2026-0003/1/").content.decode()
        self.assertNotIn("/targets/", text)
        for party in ("scjgj", "sthjj"):
            self.assertNotIn(fixture.secret_of(fixture.HIDDEN, party), text)
        folder = self.directory / "draws" / "411500-2026-0003" / "1"
        seed = re.search(r"seed ([0-9a-f]{64})", (folder / "result.txt").read_text())[1]
        self.assertNotIn(seed, text)

    def test_a_secret_whose_day_has_come_and_that_is_not_published_is_flagged(self):
        self.assertNotIn("揭示逾期", self.get("/draws/411500-2026-0003/1/").content.decode())
        with contextlib.closing(sqlite3.connect(self.directory / "mingqian.db", timeout=10)) as db, db:
            day, = db.execute("SELECT publish_day FROM draw WHERE draw = ?", (fixture.HIDDEN,)).fetchone()
            secrets = db.execute("SELECT secret, name FROM draw_party WHERE draw = ?", (fixture.HIDDEN,)).fetchall()
            db.execute("UPDATE draw SET publish_day = ? WHERE draw = ?", (fixture.TODAY - 1, fixture.HIDDEN))
            db.execute("UPDATE draw_party SET secret = NULL WHERE draw = ?", (fixture.HIDDEN,))
        try:
            self.assertEqual(self.get("/en/draws/411500-2026-0003/1/").content.decode().count("reveal overdue"), 2)
        finally:
            with contextlib.closing(sqlite3.connect(self.directory / "mingqian.db", timeout=10)) as db, db:
                db.execute("UPDATE draw SET publish_day = ? WHERE draw = ?", (day, fixture.HIDDEN))
                db.executemany("UPDATE draw_party SET secret = ? WHERE draw = ? AND name = ?", [(s, fixture.HIDDEN, n) for s, n in secrets])

    def test_every_attempt_is_listed_with_its_reason(self):
        text = self.get("/draws/411500-2026-0001/").content.decode()
        self.assertIn("封存后发现名单漏列一个乡镇", text)

    def test_published_files_are_the_bytes_of_the_draw(self):
        folder = self.directory / "draws" / "411500-2026-0001" / "2"
        for name in ("roster.tsv", "draw.txt", "lock.txt", "reveal.json", "result.txt"):
            self.assertEqual(self.get(f"/draws/411500-2026-0001/2/{name}").content, (folder / name).read_bytes())

    def test_the_log_is_served_at_its_paths_and_nothing_else_of_the_directory(self):
        self.assertEqual(self.get("/log/checkpoint").content, b"origin\n1\nroot\n")
        tile = self.get("/log/tile/0/000")
        self.assertEqual((len(tile.content), tile.getheader("Cache-Control")), (8192, "public, max-age=31536000, immutable"))
        for path in ("/log/../mingqian.toml", "/log/%2e%2e/keys/log.key", "/log/tile/../../keys/log.key", "/log/mingqian.db",
                     "/log/tile/entries/../../../mingqian.db", "/draws/411500-2026-0001/2/..%2f..%2f..%2fmingqian.toml",
                     "/draws/../mingqian.db", "/keys/log.key", "/mingqian.toml", "/draws/411500-2026-0001/2/secret.key",
                     "/assets/../mingqian.toml", "/assets/portal.css"):
            self.assertIn(self.server.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()).split()[1],
                          (b"404", b"400"), path)

    def test_the_query_is_never_logged(self):
        self.get("/search/?q=PRIVATEWORD")
        time.sleep(0.2)
        log = (self.directory / "requests.log").read_text()
        self.assertIn('"path":"/search/"', log)
        self.assertNotIn("PRIVATEWORD", log)
        for line in log.splitlines():
            self.assertLessEqual({"time_us", "id", "method", "path", "status", "bytes", "took_us"}, json.loads(line).keys())


class Protocol(HttpTest):
    def test_security_fields_are_on_every_reply(self):
        for path in ("/", "/nothing/", "/healthz", "/items", "/log/checkpoint"):
            reply = self.get(path)
            self.assertIn("default-src 'none'", reply.getheader("Content-Security-Policy"))
            self.assertNotIn("unsafe-inline", reply.getheader("Content-Security-Policy"))
            self.assertEqual(reply.getheader("X-Content-Type-Options"), "nosniff")
            self.assertEqual(reply.getheader("Referrer-Policy"), "no-referrer")

    def test_head_is_get_without_content(self):
        for path in ("/", "/draws/411500-2026-0001/2/roster.tsv", "/healthz"):
            head, get = self.server.request(path, "HEAD"), self.get(path)
            self.assertEqual((head.status, head.content), (200, b""))
            self.assertEqual(head.getheader("Content-Length"), get.getheader("Content-Length"))

    def test_a_page_that_is_unchanged_is_not_sent_again(self):
        tag = self.get("/about/").getheader("ETag")
        self.assertTrue(tag)
        again = self.get("/about/", If_None_Match=tag)
        self.assertEqual((again.status, again.content), (304, b""))
        self.assertEqual(self.get("/about/", If_None_Match='"other"').status, 200)

    def test_assets_are_compressed_and_last_for_ever(self):
        css = re.search(r'href="(/assets/portal\.[0-9a-f]{8}\.css)"', self.get("/").content.decode())[1]
        plain = self.get(css)
        self.assertEqual(plain.getheader("Cache-Control"), "public, max-age=31536000, immutable")
        packed = self.get(css, Accept_Encoding="gzip")
        self.assertEqual(packed.getheader("Content-Encoding"), "gzip")
        self.assertEqual(gzip.decompress(packed.content), plain.content)
        self.assertEqual(self.get(css, Accept_Encoding="br, gzip").getheader("Content-Encoding"), "br")
        self.assertNotEqual(plain.getheader("ETag"), packed.getheader("ETag"))

    def test_pages_are_compressed_when_the_client_takes_it(self):
        plain, packed = self.get("/results/"), self.get("/results/", Accept_Encoding="gzip")
        self.assertEqual(gzip.decompress(packed.content), plain.content)
        self.assertIsNone(self.get("/results/", Accept_Encoding="gzip;q=0").getheader("Content-Encoding"))
        self.assertEqual(plain.getheader("Vary"), "Accept-Encoding")

    def test_other_methods_are_refused(self):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"):
            reply = self.server.request("/items/", method)
            self.assertEqual((reply.status, reply.getheader("Allow")), (405, "GET, HEAD"), method)

    def test_a_body_in_a_get_is_refused(self):
        self.assertEqual(self.server.request("/", "GET", body=b"x").status, 400)

    def test_health_readiness_and_metrics(self):
        self.assertEqual(self.get("/healthz").content, b"ok\n")
        self.assertEqual(self.get("/readyz").status, 200)
        text = self.get("/metrics").content.decode()
        self.assertRegex(text, r"(?m)^mingqian_requests_total \d+$")
        self.assertTrue(text.endswith("# EOF\n"))

    def test_hostile_queries_do_no_harm(self):
        for q in ("%27%20OR%201=1--", "%3Cscript%3Ealert(1)%3C/script%3E", "%25%25%25%25%25%25", "a" * 299, "%00", "%ff", "&&&==&", "__"):
            reply = self.get("/search/?q=" + q)
            self.assertEqual(reply.status, 200, q)
            self.assertNotIn(b"<script>alert", reply.content)
        self.assertEqual(self.get("/search/?q=" + "a" * 301).status, 400)
        self.assertEqual(self.get("/" + "a" * 3000).status, 413)


class Guards(HttpTest):
    GOOD = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    def status(self, data):
        reply = self.server.raw(data)
        return int(reply.split()[1]) if reply.startswith(b"HTTP/") else 0

    def test_a_plain_request_passes(self):
        self.assertEqual(self.status(self.GOOD), 200)
        self.assertEqual(self.status(b"GET /healthz HTTP/1.0\r\n\r\n"), 200)
        self.assertEqual(self.status(b"GET /healthz HTTP/1.1\r\nHost:x\r\nX-A: b\tc\r\nConnection: close\r\n\r\n"), 200)

    def test_ambiguous_framing_is_refused(self):
        for extra in (b"Content-Length: 0\r\nContent-Length: 0\r\n", b"Content-Length: 1\r\nContent-Length: 2\r\n",
                      b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                      b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", b"Host: y\r\n",
                      b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Length: -1\r\n",
                      b"Content-Length: 0x5\r\n", b"Transfer-Encoding: xchunked\r\n"):
            self.assertIn(self.status(self.GOOD[:-2] + extra + b"\r\n"), (400, 0), extra)

    def test_a_request_hidden_in_a_body_is_not_answered(self):
        hidden = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
        reply = self.server.raw(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                                % len(hidden) + hidden)
        self.assertNotIn(b"mingqian_requests_total", reply)

    def test_folded_lines_and_hidden_bytes_are_refused(self):
        for lines in (b"X-A: b\r\n c\r\n", b"X-A: b\r\n\tc\r\n", b"X-A: b\0c\r\n", b"X\0A: b\r\n", b"X-A : b\r\n", b"X-A\r\n",
                      b": b\r\n", b"X-A: b\x01c\r\n"):
            for data in (b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + lines + b"Connection: close\r\n\r\n",
                         b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + lines + b"\r\n"):
                self.assertIn(self.status(data), (400, 0), lines)

    def test_a_request_without_host_is_refused(self):
        self.assertEqual(self.status(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), 400)

    def test_garbage_is_refused(self):
        for data in (b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n", b"GET  HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
                     b"GET http://evil/ HTTP/1.1\r\nHost: x\r\n\r\n", b"GET x HTTP/1.1\r\nHost: x\r\n\r\n"):
            self.assertIn(self.status(data), (400, 404, 505, 0), data)
        self.assertEqual(self.status(self.GOOD), 200)

    def test_headers_have_a_limit(self):
        self.assertIn(self.status(self.GOOD[:-2] + b"X-A: " + b"a" * 40000 + b"\r\n\r\n"), (431, 413, 400, 0))

    def test_two_requests_on_one_connection_are_both_answered(self):
        reply = self.server.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + self.GOOD)
        self.assertEqual(reply.count(b"HTTP/1.1 200"), 2)


class Time(HttpTest):
    def test_a_client_that_drips_is_cut_off_at_an_absolute_time(self):
        """One byte every two seconds never is inactive; 20 seconds are all it gets."""
        start = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=2) as s:
            s.sendall(b"GET / HTTP/1.1\r\n")
            try:
                while time.monotonic() - start < 40:
                    s.sendall(b"x")
                    try:
                        if s.recv(1) == b"":
                            break
                    except TimeoutError:
                        pass
            except OSError:
                pass
        took = time.monotonic() - start
        self.assertGreater(took, 10)
        self.assertLess(took, 26)

    def test_sigterm_lets_a_running_reply_end(self):
        server = Server(self.directory)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.request("GET", "/draws/411500-2026-0001/2/roster.tsv")
        reply = connection.getresponse()
        self.assertEqual(server.stop(), 0)
        self.assertEqual(reply.read(), (self.directory / "draws/411500-2026-0001/2/roster.tsv").read_bytes())
        connection.close()

    def test_a_unix_socket_serves_and_is_taken_away(self):
        path = pathlib.Path(self.folder.name) / "s"
        process = subprocess.Popen([PROGRAM, "serve", "--dir", self.directory, "--listen", f"unix:{path}", "--quiet"],
                                   stdout=subprocess.PIPE)
        process.stdout.readline()
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(path))
            s.sendall(Guards.GOOD)
            self.assertTrue(s.recv(100).startswith(b"HTTP/1.1 200"))
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=20), 0)
        process.stdout.close()
        self.assertFalse(path.exists())

    def test_an_address_in_use_or_malformed_is_an_error(self):
        for address, status in ((f"127.0.0.1:{self.server.port}", 5), ("127.0.0.1", 2), ("nowhere.invalid:1", 2), ("unix:", 2)):
            done = subprocess.run([PROGRAM, "serve", "--dir", self.directory, "--listen", address], capture_output=True)
            self.assertEqual(done.returncode, status, address)


if __name__ == "__main__":
    unittest.main()
