"""Killed at any moment, no space, no permission, many at once: what was acknowledged is there, nothing is half-done, the
log is sound, and the same command again completes.

MQ_KILLS: how many times each kind of work is killed (default 2; tests/long/faults.sh takes many more).
MQ_DATABASE: a postgresql:// address instead of the embedded database.
"""
import contextlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
import office  # noqa: E402
from office import Office  # noqa: E402

KILLS = int(os.environ.get("MQ_KILLS", "2"))
SEED = int(os.environ.get("MQ_SEED", "1"))
POSTGRES = os.environ.get("MQ_TEST_PG")
ROWS = 2000


def prepared():
    """A city whose draw is ready to run; made once, copied for every try."""
    city = Office()
    city.do("import", "targets", city.file("firms.csv", office.register(400)))
    city.staff()
    return city


def copy_of(city):
    twin = Office(init=False)
    shutil.copytree(city.folder, twin.folder, dirs_exist_ok=True)
    return twin


class Killed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = prepared()
        cls.addClassCleanup(cls.base.close)
        cls.chance = random.Random(SEED)

    def rounds(self, city, words, check, count=KILLS):
        """Run the command once to see how long it takes, then kill copies of it at random moments; each must recover."""
        killed = finished = 0
        whole = copy_of(city)
        start = time.monotonic()
        whole.do(*words)
        seconds = time.monotonic() - start
        check(whole)
        whole.close()
        for _ in range(count):
            twin = copy_of(city)
            before = twin.fsck()
            process = twin.start(*words)
            time.sleep(self.chance.random() * seconds)
            process.kill()
            process.communicate()
            if process.returncode == -signal.SIGKILL:
                killed += 1
            else:
                finished += 1
            self.assertGreaterEqual(twin.fsck(), before)
            done = twin.run(*words)
            self.assertIn(done.status, (0, 4), done) # 4: it had happened, and says so
            self.assertEqual(twin.run(*words).status, twin.run(*words).status)
            check(twin)
            twin.fsck()
            twin.close()
        print(f"{' '.join(map(str, words[:2]))}: {killed} killed, {finished} finished first", file=sys.stderr)

    def test_init(self):
        for _ in range(KILLS):
            city = Office(init=False)
            process = city.start("init", city.dir)
            time.sleep(self.chance.random() * 0.4)
            process.kill()
            process.communicate()
            done = city.run("init", city.dir)
            self.assertIn(done.status, (0, 4), done)
            city.do("task", "list")
            city.fsck()
            city.do("import", "targets", city.file("f.csv", office.register(5)))
            city.close()

    def test_import(self):
        city = copy_of(self.base)
        city.file("more.csv", office.register(ROWS, first=5000))

        def check(twin):
            done = twin.ask("import", "targets", "more.csv")
            self.assertEqual((done["unchanged"], done["new"]), (ROWS, 0))
        self.rounds(city, ("import", "targets", "more.csv"), check)
        city.close()

    def test_seal_and_run(self):
        city = copy_of(self.base)
        task = city.task()
        city.open(task)
        city.commit(task)

        def sealed(twin):
            status = twin.ask("draw", "status", task)
            self.assertEqual(status["state"], "sealed")
            twin.run("assign", "freeze", task, "--any-region")
            twin.reveal(task)
        self.rounds(city, ("draw", "seal", task, "--any-region"), sealed)
        city.seal(task)
        city.reveal(task)
        city.do("draw", "lock", task)
        city.beacon(task)
        digests = set()

        def drawn(twin):
            digests.add(twin.ask("draw", "run", task)["result_digest"])
            self.assertEqual(twin.run("draw", "verify", twin.files(), "--require-log").status, 0)
        self.rounds(city, ("draw", "run", task), drawn)
        self.assertEqual(len(digests), 1)
        city.do("draw", "run", task)
        self.rounds(city, ("assign", task), lambda twin: self.assertTrue(twin.ask("assign", task)["again"]))
        city.do("assign", task)
        city.do("result", "enter", task, "--file", city.results_file(task))
        city.do("result", "review", task, "--all")
        self.rounds(city, ("result", "publish", task, "--all"), lambda twin: self.assertEqual(twin.ask("result", "publish", task, "--all")["changed"], 0))
        city.close()

    def test_acknowledged_imports_survive_a_series_of_kills(self):
        city = copy_of(self.base)
        acknowledged = []
        for i in range(2 * KILLS):
            name = city.file(f"part{i}.csv", office.register(20, first=20000 + 20 * i)).name
            process = city.start("import", "targets", name)
            if i % 2:
                time.sleep(self.chance.random() * 0.3)
                process.kill()
            process.communicate()
            if process.returncode == 0:
                acknowledged.append(name)
        for name in acknowledged:
            self.assertEqual(city.ask("import", "targets", name)["unchanged"], 20)
        city.fsck()
        city.close()


@contextlib.contextmanager
def small_disk(megabytes):
    folder = tempfile.mkdtemp()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=False).returncode != 0:
        os.rmdir(folder)
        raise unittest.SkipTest("a small file system can be mounted only by root")
    try:
        yield pathlib.Path(folder)
    finally:
        subprocess.run(["umount", folder], check=True)
        os.rmdir(folder)


class FullDisk(unittest.TestCase):
    def fill(self, folder, leave):
        """Take all the space but this many bytes."""
        space = os.statvfs(folder)
        size = max(space.f_bavail * space.f_frsize - leave, 0)
        with open(folder / "ballast", "wb") as f:
            with contextlib.suppress(OSError):
                for _ in range(size // 4096):
                    f.write(b"x" * 4096)

    def test_no_space_says_so_and_recovers(self):
        with small_disk(64) as folder:
            city = Office(folder)
            city.file("firms.csv", office.register(400))
            city.do("import", "targets", "firms.csv")
            city.staff()
            city.file("more.csv", office.register(ROWS, first=5000))
            task = city.task()
            city.open(task)
            city.commit(task)
            for leave in (0, 8 << 10, 64 << 10, 400 << 10):
                for words in (("import", "targets", "more.csv"), ("draw", "seal", task, "--any-region")):
                    with self.subTest(words=words, leave=leave):
                        self.fill(folder, leave)
                        before = city.run("draw", "status", task, "--json")
                        done = city.run(*words, "--json")
                        os.unlink(folder / "ballast")
                        self.assertIn(done.status, (0, 4, 5), done)
                        if done.status == 5:
                            self.assertIn("ERR_NO_SPACE", done.err)
                        city.fsck()
                        del before
            self.assertIn(city.run("draw", "seal", task, "--any-region").status, (0, 4))
            city.run("assign", "freeze", task, "--any-region")
            city.do("import", "targets", "more.csv")
            city.reveal(task)
            city.do("draw", "lock", task)
            city.beacon(task)
            self.fill(folder, 0)
            done = city.run("draw", "run", task, "--json")
            self.assertEqual(done.status, 5, done)
            self.assertIn("ERR_NO_SPACE", done.err)
            os.unlink(folder / "ballast")
            city.do("draw", "run", task)
            self.assertEqual(city.run("draw", "verify", city.files(), "--require-log").status, 0)
            city.fsck()


class Unwritable(unittest.TestCase):
    def test_without_the_key_of_the_log_nothing_happens(self):
        city = Office()
        self.addCleanup(city.close)
        before = city.fsck()
        (city.dir / "keys" / "log.key").rename(city.folder / "log.key")
        done = city.run("import", "targets", city.file("f.csv", office.register(5)), "--json")
        self.assertEqual(done.status, 5, done)
        self.assertIn("ERR_JOURNAL", done.err)
        self.assertEqual(city.fsck(), before)
        (city.folder / "log.key").rename(city.dir / "keys" / "log.key")
        again = city.run("import", "targets", city.file("f.csv", office.register(5)), "--json")
        self.assertEqual((again.status, again.json["new"]), (0, 5), again) # nothing of the first was kept
        self.assertEqual(city.fsck(), before + 1)

    def test_without_permission_nothing_happens(self):
        if os.geteuid() == 0:
            self.skipTest("root may write everywhere")
        city = Office()
        self.addCleanup(city.close)
        for name in ("mingqian.db", "log", "keys"):
            mode = (city.dir / name).stat().st_mode
            os.chmod(city.dir / name, 0o400 if name == "mingqian.db" else 0o500)
            done = city.run("import", "targets", city.file("f.csv", office.register(5)))
            os.chmod(city.dir / name, mode)
            self.assertNotEqual(done.status, 0, done)
            city.fsck()


class Crowd(unittest.TestCase):
    """The same command many times at once (MQ_CROWD, default 12)."""
    COUNT = int(os.environ.get("MQ_CROWD", "12"))
    database = None

    def crowd(self, city, *words):
        running = [city.start(*words) for _ in range(self.COUNT)]
        said = [(p.communicate(), p.returncode) for p in running]
        return [status for _, status in said], [out.decode() + err.decode() for (out, err), _ in said]

    def test_many_at_once(self):
        city = Office(database=self.database)
        self.addCleanup(city.close)
        city.file("firms.csv", office.register(300))
        statuses, said = self.crowd(city, "import", "targets", "firms.csv", "--json")
        self.assertEqual(set(statuses), {0}, "\n".join(said))
        self.assertEqual(sum('"new":300' in s for s in said), 1)
        self.assertEqual(sum('"unchanged":300' in s for s in said), self.COUNT - 1)
        entries = city.fsck()
        bad = city.file("bad.csv", "企业名称,统一社会信用代码\n甲,1\n乙,2\n")
        statuses, said = self.crowd(city, "import", "targets", bad)
        self.assertEqual(set(statuses), {0}, "\n".join(said))
        self.assertEqual(len((city.folder / "bad.csv.rejects.csv").read_text(encoding="utf-8-sig").splitlines()), 3)
        self.assertEqual(city.fsck(), entries)
        city.staff()
        task = city.task()
        city.open(task)
        city.commit(task)
        statuses, said = self.crowd(city, "draw", "seal", task, "--any-region")
        self.assertEqual(sorted(set(statuses)), [0, 4], "\n".join(said))
        self.assertEqual(statuses.count(0), 1, "\n".join(said))
        city.reveal(task)
        city.do("draw", "lock", task)
        city.beacon(task)
        statuses, said = self.crowd(city, "draw", "run", task, "--json")
        self.assertEqual(set(statuses), {0}, "\n".join(said))
        self.assertEqual(sum('"again":false' in s for s in said), 1)
        city.do("assign", task)
        city.do("result", "enter", task, "--file", city.results_file(task))
        city.do("result", "review", task, "--all")
        entries = city.fsck()
        statuses, said = self.crowd(city, "result", "publish", task, "--all", "--json")
        self.assertEqual(set(statuses), {0}, "\n".join(said))
        self.assertEqual(sum(s.count('"changed":0}') for s in said), self.COUNT - 1, "\n".join(said))
        self.assertEqual(city.run("draw", "verify", city.files(), "--require-log").status, 0)
        self.assertEqual(city.fsck(), entries + len(city.drawn()))


@unittest.skipUnless(POSTGRES, "no PostgreSQL (run under tests/pg.sh)")
class PostgresCrowd(Crowd):
    database = POSTGRES


if __name__ == "__main__":
    unittest.main()
