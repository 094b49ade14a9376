"""The server under clients, killed or with its disk cut off at any moment: what it acknowledged is there after the next start,
once; its log continues every checkpoint that a client saw; every published file is whole.

MQ_SERVER_KILLS   how often the server is killed under the clients (default 2)
MQ_CUTS           how often its file system is shut down like by a power cut (default 1; needs root and loop devices)
MQ_CLIENTS        how many clients write at once (default 8)
"""
import fcntl
import http.client
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
import office  # noqa: E402
from office import Office, PROGRAM  # noqa: E402

KILLS = int(os.environ.get("MQ_SERVER_KILLS", "2"))
CUTS = int(os.environ.get("MQ_CUTS", "1"))
CLIENTS = int(os.environ.get("MQ_CLIENTS", "8"))
SEED = int(os.environ.get("MQ_SEED", "1"))
SHUTDOWN = 0x8004587D  # FS_IOC_SHUTDOWN of ext4 and XFS
WITHOUT_FLUSH = 2      # what is not on the disk yet is lost
GONE = (OSError, http.client.HTTPException, ValueError, AssertionError)


class Writers:
    """Clients that enter experts one after the other until the server is gone; what each was told."""

    def __init__(self, browser, first):
        self.browser, self.first = browser, first
        self.acknowledged, self.checkpoints = [], []
        self.ended = None  # when the power was cut: no answer can come later (here the machine still runs, and one may)
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(i,), daemon=True) for i in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def work(self, client):
        number = 0
        while True:
            code = f"ZJ-{self.first}-{client}-{number}"
            number += 1
            try:
                reply = self.browser.post("/experts", {"code": code, "name": "专家", "department": "scjgj"})
            except GONE:
                return
            if reply.status >= 500:
                return
            assert reply.status in (200, 201), reply.content
            with self.lock:
                if self.ended is not None:
                    return
                self.acknowledged.append(code)
            if client == 0:
                self.look()

    def look(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.browser.office.port, timeout=20)
        try:
            connection.request("GET", "/log/checkpoint")
            reply = connection.getresponse()
            if reply.status == 200:
                self.checkpoints.append(reply.read())
        except GONE:
            pass
        finally:
            connection.close()

    def end(self):
        with self.lock:
            self.ended = time.monotonic()

    def wait(self):
        for thread in self.threads:
            thread.join(timeout=90)
            assert not thread.is_alive()


class Series(unittest.TestCase):
    def begin(self, directory):
        self.office = Office(directory)
        self.office.start()
        self.addCleanup(lambda: self.office.process.kill())  # whichever runs when a check fails
        self.browser = self.office.enter("scjgj-clerk")
        self.chance = random.Random(SEED)
        self.acknowledged, self.slowest = set(), 0.0

    def start_again(self):
        start = time.monotonic()
        self.office.start()
        reply = self.browser.get("/experts", limit=1)
        self.assertEqual(reply.status, 200)
        self.slowest = max(self.slowest, time.monotonic() - start)

    def known(self):
        """The codes of the experts that the database holds, each as often as it does."""
        found, cursor = [], None
        while True:
            reply = self.browser.get("/experts", limit=200, cursor=cursor)
            self.assertEqual(reply.status, 200, reply.content)
            found += [row["code"] for row in reply.json["rows"]]
            cursor = reply.json["next"]
            if cursor is None:
                return found

    def check(self, writers):
        self.acknowledged |= set(writers.acknowledged)
        self.start_again()
        found = self.known()
        self.assertEqual(len(found), len(set(found)), "doubled")
        lost = self.acknowledged - set(found)
        self.assertFalse(lost, f"acknowledged and lost: {sorted(lost)[:5]}")
        self.assertEqual(self.office.stop(), 0)
        folder = pathlib.Path(self.office.directory)
        command = [PROGRAM, "log", "fsck", folder, "--json"]
        if writers.checkpoints:
            (folder / "kept").write_bytes(writers.checkpoints[-1])
            command += ["--against", folder / "kept"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        done = subprocess.run([PROGRAM, "doctor", "--dir", folder, "--json"], capture_output=True, text=True, check=False,
                              env=self.office.environment())
        self.assertEqual(json.loads(done.stdout)["failures"], 0, done.stdout)

    def tell(self, what, count):
        sys.stderr.write(f"{what}: {count}, {CLIENTS} clients, {len(self.acknowledged)} acts acknowledged, 0 lost, 0 doubled, "
                         f"log and files whole, ready again within {self.slowest:.2f} s\n")


class Kills(Series):
    def test_killed_under_clients(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.begin(os.path.join(folder, "city"))
        for i in range(KILLS):
            writers = Writers(self.browser, f"K{i}")
            time.sleep(self.chance.random() * 1.5)
            self.office.process.kill()
            self.office.process.wait()
            self.office.process.stdout.close()
            self.office.log.close()
            writers.wait()
            self.check(writers)
            if i + 1 < KILLS:
                self.office.start()
        self.tell("kill -9", KILLS)


class PowerCuts(Series):
    """A file system of its own on a loop device; the cut makes it forget all that was not synced and refuse everything."""

    def mount(self):
        done = subprocess.run(["mount", "-o", "loop", self.image, self.place], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest("no loop mount here: " + done.stderr.strip())

    def unmount(self):
        for _ in range(50):
            if subprocess.run(["umount", self.place], capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.1)
        self.fail("the file system stays busy")

    def cut(self):
        handle = os.open(self.place, os.O_RDONLY)
        fcntl.ioctl(handle, SHUTDOWN, struct.pack("I", WITHOUT_FLUSH))
        os.close(handle)

    def test_power_cut_under_clients(self):
        if os.geteuid() != 0:
            self.skipTest("only root may mount")
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.image, self.place = os.path.join(folder, "disk"), os.path.join(folder, "mount")
        os.mkdir(self.place)
        with open(self.image, "wb") as f:
            f.truncate(512 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", self.image], check=True)
        self.mount()
        self.addCleanup(subprocess.run, ["umount", "-l", self.place], capture_output=True, check=False)
        self.begin(os.path.join(self.place, "city"))
        for i in range(CUTS):
            writers = Writers(self.browser, f"C{i}")
            time.sleep(self.chance.random() * 1.5)
            writers.end()
            self.cut()
            time.sleep(0.2)
            self.office.process.kill()
            self.office.process.wait()
            self.office.process.stdout.close()
            try:
                self.office.log.close()
            except OSError:
                pass
            writers.wait()
            self.unmount()
            self.mount()
            self.check(writers)
            if i + 1 < CUTS:
                self.office.start()
        self.tell("power cut", CUTS)


if __name__ == "__main__":
    unittest.main()
