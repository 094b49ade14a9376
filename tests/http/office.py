"""office.py - a demo city, its server and browsers without a screen, for the tests of /api/v1."""
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest
import urllib.parse

import answers

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("MQ_BUILD_DIR", ROOT / "build")) / "mingqian"
NOW = 1795500000  # 2026-11-24 in the afternoon, China
PASSWORD = "Shuang-2026-ji"


def links_of(text):
    return dict(re.findall(r"^\s+(\S+)\s+/app/#/welcome/([0-9a-f]{64})$", text, re.M))


class Office:
    """A data directory and its server. clock: seconds since 1970."""

    def __init__(self, directory, database=None, scale=600):
        self.directory = pathlib.Path(directory)
        self.clock = NOW
        command = [PROGRAM, "init", self.directory, "--demo", "--scale", str(scale)]
        if database:  # a schema of its own in this database
            schema = f"office_{os.getpid()}_{id(self)}"
            subprocess.run(["psql", "-qX", database, "-c", f"CREATE SCHEMA {schema}"], check=True)
            database += ("&" if "?" in database else "?") + f"options=-csearch_path%3D{schema}"
            command += ["--database", database]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=self.environment())
        self.links = links_of(done.stdout)
        self.process = self.interface = None

    def heard(self, method, path, reply):
        """Every answer is held against /openapi.json."""
        answers.record(method, path, reply)
        if path == "/openapi.json":
            return
        if self.interface is None:
            self.interface = answers.Interface(Browser(self).get("/openapi.json").json)
        self.interface.check(method, path, reply)

    def environment(self):
        return dict(os.environ, MINGQIAN_NOW=str(self.clock), MINGQIAN_LANG="zh")

    def run(self, *arguments):
        return subprocess.run([PROGRAM, *arguments, "--dir", self.directory], check=True, capture_output=True, text=True,
                              env=self.environment()).stdout

    def run_pure(self, *arguments):
        """A command that needs no data directory."""
        return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True, env=self.environment()).stdout

    def start(self):
        self.log = open(self.directory / "requests.log", "a", encoding="utf-8")
        self.process = subprocess.Popen([PROGRAM, "serve", "--dir", self.directory, "--listen", "127.0.0.1:0", "--json"],
                                        stdout=subprocess.PIPE, stderr=self.log, env=self.environment())
        self.port = int(re.search(r":(\d+)/", json.loads(self.process.stdout.readline())["address"])[1])
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.log.close()
        return status

    def at(self, seconds):
        """The server again, at another time: sessions are in the database."""
        assert self.stop() == 0
        self.clock = seconds
        self.start()

    def enter(self, login):
        """A browser of the owner of this one-time link."""
        browser = Browser(self)
        reply = browser.post("/invitation/accept", {"token": self.links[login], "password": PASSWORD})
        assert reply.status == 200, reply.content
        browser.csrf = reply.json["csrf"]
        return browser

    def log_in(self, login, **more):
        browser = Browser(self)
        reply = browser.post("/session", {"login": login, "password": PASSWORD, **more})
        if reply.status == 200:
            browser.csrf = reply.json["csrf"]
        return browser, reply


class Browser:
    def __init__(self, office):
        self.office, self.cookie, self.csrf = office, None, None

    def request(self, method, path, body=None, raw=None, **headers):
        fields = {k.replace("_", "-"): v for k, v in headers.items()}
        if self.cookie:
            fields.setdefault("Cookie", self.cookie)
        if self.csrf:
            fields.setdefault("X-CSRF-Token", self.csrf)
        if body is not None:
            raw = json.dumps(body).encode()
            fields.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.office.port, timeout=60)
        connection.request(method, "/api/v1" + path, body=raw, headers={k: v for k, v in fields.items() if v is not None})
        reply = connection.getresponse()
        reply.content = reply.read()
        kind = reply.getheader("Content-Type") or ""
        reply.json = json.loads(reply.content) if "json" in kind and reply.content else None
        connection.close()
        self.office.heard(method, path, reply)
        cookie = reply.getheader("Set-Cookie")
        if cookie:
            self.cookie = cookie.split(";")[0]
        return reply

    def get(self, path, **query):
        text = urllib.parse.urlencode({k: v for k, v in query.items() if v is not None})
        return self.request("GET", path + ("?" + text if text else ""))

    def post(self, path, body=None, **headers):
        return self.request("POST", path, {} if body is None else body, **headers)

    def put(self, path, body, **headers):
        return self.request("PUT", path, body, **headers)

    def delete(self, path):
        return self.request("DELETE", path)


class Case(unittest.TestCase):
    """A demo city and its server for the tests of one class; on PostgreSQL when MQ_TEST_OFFICE_DB holds a URL."""
    LOGINS = None  # who has entered; None: everybody
    SCALE = 600

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.office = Office(pathlib.Path(cls.folder.name) / "city", os.environ.get("MQ_TEST_OFFICE_DB"), cls.SCALE).start()
        cls.users = {login: cls.office.enter(login) for login in cls.LOGINS or cls.office.links}
        cls.clerk, cls.other = cls.users.get("scjgj-clerk"), cls.users.get("sthjj-clerk")

    @classmethod
    def tearDownClass(cls):
        status = cls.office.stop()
        cls.folder.cleanup()
        assert status == 0, f"the server ended with {status}"
