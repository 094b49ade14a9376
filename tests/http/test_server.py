#!/usr/bin/env python3
"""How the server starts, what it tells the service manager, which setting wins, and that content has a deadline."""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import office as world  # noqa: E402

BUILD = world.PROGRAM.parent


class Starting(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.directory = pathlib.Path(cls.folder.name) / "data"
        subprocess.run([world.PROGRAM, "init", cls.directory, "--region", "411500", "--name", "测试"], check=True, capture_output=True)
        cls.file = cls.directory / "mingqian.toml"
        cls.written = cls.file.read_text()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.file.write_text(self.written)

    def serve(self, *arguments, **environment):
        process = subprocess.Popen([world.PROGRAM, "serve", "--dir", self.directory, "--json", *arguments], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=dict(os.environ, **environment))
        self.addCleanup(self.end, process)
        line = process.stdout.readline()
        return process, json.loads(line)["address"] if line else None

    def end(self, process):
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        process.stdout.close()
        process.stderr.close()

    def free_port(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            return s.getsockname()[1]

    def test_a_flag_wins_over_the_environment_and_that_over_the_file(self):
        file, environment, flag = (f"127.0.0.1:{self.free_port()}" for _ in range(3))
        self.file.write_text(self.written + f'listen = "{file}"\nquiet = true\nthreads = 2\n')
        self.assertIn(file, self.serve()[1])
        self.assertIn(environment, self.serve(MINGQIAN_LISTEN=environment)[1])
        self.assertIn(flag, self.serve("--listen", flag, MINGQIAN_LISTEN=environment)[1])

    def test_https_of_the_file_makes_the_cookie_secure_and_the_environment_may_deny_it(self):
        self.file.write_text(self.written + "https = true\n")
        for environment, secure in (({}, True), ({"MINGQIAN_HTTPS": "false"}, False)):
            link = subprocess.run([world.PROGRAM, "account", "invite", "system", "--dir", self.directory, "--json"], check=True,
                                  capture_output=True, text=True).stdout
            process, address = self.serve("--listen", "127.0.0.1:0", **environment)
            connection = http.client.HTTPConnection(re.search(r"//([^/]+)/", address)[1], timeout=30)
            connection.request("POST", "/api/v1/invitation/accept", headers={"Content-Type": "application/json"}, body=json.dumps(
                {"token": json.loads(link)["link"].split("/")[-1], "password": world.PASSWORD}))
            reply = connection.getresponse()
            reply.read()
            connection.close()
            self.assertEqual(reply.status, 200)
            self.assertEqual("Secure" in reply.getheader("Set-Cookie"), secure)
            self.end(process)

    def test_an_unknown_key_stops_the_start_with_its_line(self):
        lines = self.written.count("\n") + 1
        for wrong in ("lisen = \"x\"\n", "threads = \"many\"\n", "threads = 0x\n"):
            self.file.write_text(self.written + wrong)
            done = subprocess.run([world.PROGRAM, "serve", "--dir", self.directory, "--lang", "en"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(f"mingqian.toml:{lines}", done.stderr)

    def test_a_bad_number_of_threads_is_refused_wherever_it_stands(self):
        for arguments, environment in ((("--threads", "0"), {}), (("--threads", "1000"), {}), ((), {"MINGQIAN_THREADS": "x"})):
            done = subprocess.run([world.PROGRAM, "serve", "--dir", self.directory, *arguments], capture_output=True,
                                  env=dict(os.environ, **environment))
            self.assertEqual(done.returncode, 2)

    def test_the_service_manager_hears_ready_alive_and_stopping(self):
        path = pathlib.Path(self.folder.name) / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.bind(str(path))
            s.settimeout(30)
            process, _ = self.serve("--listen", "127.0.0.1:0", NOTIFY_SOCKET=str(path), WATCHDOG_USEC="400000")
            self.assertEqual(s.recv(100), b"READY=1")
            self.assertEqual([s.recv(100) for _ in range(2)], [b"WATCHDOG=1"] * 2)
            process.send_signal(signal.SIGTERM)
            heard = b""
            while heard in (b"", b"WATCHDOG=1"):
                heard = s.recv(100)
            self.assertEqual(heard, b"STOPPING=1")
            self.assertEqual(process.wait(timeout=30), 0)
        path.unlink()

    def test_the_unit_is_hardened_and_names_the_program(self):
        unit = (BUILD / "mingqian.service").read_text()
        self.assertRegex(unit, r"ExecStart=/.*/mingqian serve --dir /var/lib/mingqian")
        for line in ("Type=notify", "WatchdogSec=60", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=",
                     "MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service", "UMask=0077", "StateDirectory=mingqian"):
            self.assertIn(line + "\n", unit)
        if subprocess.run(["which", "systemd-analyze"], capture_output=True).returncode == 0:
            done = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=30", BUILD / "mingqian.service"],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr)

    def test_content_that_drips_is_cut_off_at_an_absolute_time(self):
        """A byte a second never is inactive; 30 seconds are all that content gets."""
        _, address = self.serve("--listen", "127.0.0.1:0", "--quiet")
        host, port = re.search(r"//([^/:]+):(\d+)/", address).groups()
        start = time.monotonic()
        with socket.create_connection((host, int(port)), timeout=1) as s:
            s.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
            try:
                while time.monotonic() - start < 60:
                    s.sendall(b" ")
                    try:
                        if s.recv(1) == b"":
                            break
                    except TimeoutError:
                        pass
            except OSError:
                pass
        self.assertLess(time.monotonic() - start, 40)
        self.assertGreater(time.monotonic() - start, 15)

    def test_metrics_are_openmetrics(self):
        _, address = self.serve("--listen", "127.0.0.1:0", "--quiet")
        connection = http.client.HTTPConnection(re.search(r"//([^/]+)/", address)[1], timeout=30)
        connection.request("GET", "/metrics")
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        self.assertTrue(reply.getheader("Content-Type").startswith("application/openmetrics-text"))
        self.assertTrue(text.endswith("# EOF\n"))
        declared = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M))
        for line in text.splitlines():
            if not line.startswith("#"):
                name = re.fullmatch(r"(\w+)(\{[^}]*\})? \d+", line)[1]
                self.assertTrue(name in declared or declared.get(name.removesuffix("_total")) == "counter", line)


if __name__ == "__main__":
    unittest.main()
