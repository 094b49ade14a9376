"""The Nth malloc, write, fsync or open fails, once or from then on, while the program works: it never crashes, nothing is
half-done, and the same command again completes.

MQ_NTH: how many values of N per command, kind and manner (default 3), spread evenly over all there are; 0: every one.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
import office  # noqa: E402
from office import Office  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
COUNT = int(os.environ.get("MQ_NTH", "3"))
KINDS = ("malloc", "write", "fsync", "open")


def shim(folder):
    path = os.path.join(folder, "nth.so")
    subprocess.run([os.environ.get("CC", "cc"), "-D_GNU_SOURCE", "-O1", "-fPIC", "-shared", "-o", path, HERE / "nth.c", "-ldl"], check=True)
    return path


def sanitized():
    return b"__asan_init" in pathlib.Path(office.PROGRAM).read_bytes()


class Nth(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if sanitized():
            raise unittest.SkipTest("the sanitizers bring their own malloc")
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.shim = shim(cls.folder)
        cls.base = Office()
        cls.addClassCleanup(cls.base.close)
        cls.base.do("import", "targets", cls.base.file("firms.csv", office.register(60)))
        cls.base.staff()
        cls.task = cls.base.until_ready()
        cls.base.file("more.csv", office.register(40, 1000))

    def twin(self):
        twin = Office(init=False)
        shutil.copytree(self.base.folder, twin.folder, dirs_exist_ok=True)
        self.addCleanup(twin.close)
        return twin

    def under(self, twin, fault, *words):
        count = pathlib.Path(self.folder) / "count"
        env = twin.environment(LD_PRELOAD=self.shim, MQ_FAIL=fault, MQ_FAIL_COUNT=str(count))
        done = twin.run(*words, env=env)
        return done, int(count.read_text()) if count.exists() else 0

    def series(self, *words):
        told = []
        for kind in KINDS:
            _, total = self.under(self.twin(), kind + ":0", *words)
            step = 1 if COUNT == 0 else max(1, total // COUNT)
            tries = 0
            for n in range(1, total + 1, step):
                for manner in ("", ":ever"):
                    with self.subTest(kind=kind, n=n, manner=manner):
                        self.one(f"{kind}:{n}{manner}", *words)
                        tries += 1
            told.append(f"{kind} {tries} of {2 * total}")
        sys.stderr.write(f"{' '.join(map(str, words[:2]))}: {', '.join(told)}; no crash, nothing half-done\n")

    def one(self, fault, *words):
        twin = self.twin()
        before = twin.fsck()
        done, _ = self.under(twin, fault, *words)
        self.assertGreaterEqual(done.status, 0, done)  # no signal
        self.assertGreaterEqual(twin.fsck(), before)
        again = twin.run(*words)
        self.assertIn(again.status, (0, 4), str(again) + str(done))
        self.assertEqual(twin.run("doctor").status, 0)
        twin.close()

    def test_import(self):
        self.series("import", "targets", "more.csv")

    def test_draw_run(self):
        self.series("draw", "run", self.task)


if __name__ == "__main__":
    unittest.main()
