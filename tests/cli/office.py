"""An office at its command line: one data directory, the program run as a clerk would run it."""
import json
import os
import pathlib
import subprocess
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.path.join(os.environ.get("MQ_BUILD_DIR") or str(SOURCE / "build"), "mingqian")
REGISTER = SOURCE.parent.parent / "shared" / "data" / "xinyang_companies_1978_2019.csv"
if not REGISTER.exists():
    REGISTER = SOURCE.parent / "shared" / "data" / "xinyang_companies_1978_2019.csv"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
NOW = 1772420000 # 2026-03-02
DAY = 86400
BEACONS = (("cwl-ssq", "2026083", "03,07,12,18,25,33+09"), ("sports-dlt", "26083", "05,11,19,28,34+02,10"))
PARTIES = ("scjgj", "sthjj")


def code_of(number, region="411525", kind="91"):
    """A true code of social credit: GB 11714 in its middle, GB 32100 at its end."""
    text = f"{number:08d}"
    rest = 11 - sum(int(c) * w for c, w in zip(text, (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    body = kind + region + text + {10: "X", 11: "0"}.get(rest, str(rest))
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


def register(count, first=1):
    """A register of firms that do not exist, as CSV text."""
    rows = [f"模拟企业{i}号,{code_of(10000000 + i * 7)},2019-04-30,新县" for i in range(first, first + count)]
    return "企业名称,统一社会信用代码,注册日期,地区\n" + "\n".join(rows) + "\n"


class Done:
    def __init__(self, arguments, process):
        self.arguments, self.status = arguments, process.returncode
        self.out, self.err = process.stdout.decode("utf-8"), process.stderr.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"{self.arguments}: exit {self.status}\n{self.out}\n{self.err}"


class Office:
    def __init__(self, folder=None, database=None, init=True):
        self.own = None if folder else tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(folder or self.own.name)
        self.dir = self.folder / "city"
        self.now = NOW
        if init:
            self.do("init", str(self.dir), *(["--database", database] if database else []))

    def close(self):
        if self.own:
            self.own.cleanup()

    def environment(self, **more):
        keep = {k: v for k, v in os.environ.items() if not k.startswith("MINGQIAN")}
        return keep | {"MINGQIAN_DIR": str(self.dir), "MINGQIAN_NOW": str(self.now), "MINGQIAN_LANG": "en"} | more

    def start(self, *arguments, **more):
        return subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def run(self, *arguments, env=None, timeout=120):
        process = subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, env=env or self.environment(), stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, check=False)
        if b"Sanitizer" in process.stderr or b"runtime error" in process.stderr:
            raise AssertionError(f"{arguments}: {process.stderr.decode('utf-8', 'replace')}")
        return Done(arguments, process)

    def do(self, *arguments):
        """Run what must succeed."""
        done = self.run(*arguments)
        if done.status != 0:
            raise AssertionError(str(done))
        return done

    def ask(self, *arguments):
        return self.do(*arguments, "--json").json

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def fsck(self):
        return self.do("log", "fsck", self.dir, "--json").json["entries"]

    # --- the main job, step by step

    def staff(self):
        """Items as they ship, inspectors of the demo city."""
        self.do("import", "items", SOURCE / "data" / "items.csv", "--rejects", self.folder / "items.rejects.csv")
        self.file("inspectors.csv", self.do("demo", "generate", "inspectors", "--scale", "20k").out)
        self.do("import", "inspectors", "inspectors.csv")

    def task(self, **terms):
        text = {"adhoc_reason": "专项检查", "name": "登记事项检查", "items": ["SCJGJ-01"], "scope": {"kinds": ["entity"]},
                "strata": {"by": "one", "strata": [{"label": "all", "ratio_bp": 300}]}, "lead": "scjgj",
                "participants": [{"department": "scjgj", "places": 2}], "from": "2026-03-01", "to": "2026-06-30"} | terms
        task = self.ask("task", "create", self.file("task.json", json.dumps(text)))["task"]
        self.do("task", "approve", task)
        return task

    def open(self, task, beacons=BEACONS):
        named = [w for name, event, _ in beacons for w in ("--beacon", f"{name} {event}")]
        return self.ask("draw", "open", task, *[w for p in PARTIES for w in ("--party", p)], *named)["draw"]

    def commit(self, task):
        for party in PARTIES:
            self.do("draw", "commit", task, "--party", party, "--secret-file", f"{party}.secret")

    def seal(self, task):
        return self.ask("draw", "seal", task, "--any-region")

    def reveal(self, task):
        for party in PARTIES:
            self.do("draw", "reveal", task, "--party", party, "--secret-file", f"{party}.secret")

    def beacon(self, task):
        for name, _, value in BEACONS:
            self.do("draw", "beacon", task, "--name", name, "--value", value)

    def until_ready(self, **terms):
        """A task whose draw needs nothing more than `draw run`."""
        task = self.task(**terms)
        self.open(task)
        self.commit(task)
        self.seal(task)
        self.reveal(task)
        self.do("draw", "lock", task)
        self.beacon(task)
        return task

    def files(self):
        return sorted((self.dir / "draws").glob("*/*"))[-1]

    def drawn(self):
        """Codes of the latest draw, as result.txt has them."""
        lines = (self.files() / "result.txt").read_text().splitlines()
        return [line.split()[1] for line in lines if line.startswith("target ")]

    def results_file(self, task, item="SCJGJ-01"):
        rows = [f"{code},{item},{'未发现问题' if i % 3 else '发现问题已责令改正'},2026-03-02," for i, code in enumerate(self.drawn())]
        return self.file("results.csv", "对象,事项,结果,日期,说明\n" + "\n".join(rows) + "\n")
