#!/usr/bin/env python3
"""risk_http.py BUILD [TARGETS] [DATABASE]: a run of risk classes over the demo city and its application, over HTTP, while another
account saves all the time. Machine-readable lines as of import_http.py; halfway_kb: private memory (RssAnon) when half was done.
Data goes to TMPDIR (default /var/tmp: a disk, not memory)."""
import os
import pathlib
import re
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
os.environ["MQ_BUILD_DIR"] = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build").resolve())
sys.path.insert(0, str(ROOT / "tests/http"))
import office as world  # noqa: E402
from meter import Meter  # noqa: E402
from test_risk import SCHEME  # noqa: E402

TARGETS = int(sys.argv[2]) if len(sys.argv) > 2 else 550000


def anon_kb(office):
    return int(re.search(r"RssAnon:\s+(\d+)", pathlib.Path(f"/proc/{office.process.pid}/status").read_text())[1])


def step(name, office, who, saver, reply):
    assert reply.status == 202, reply.content
    meter, begin, halfway = Meter(office, saver), time.monotonic(), 0
    while not (job := who.get(f"/jobs/{reply.json['id']}").json)["ended"]:
        if not halfway and job["total"] and job["done"] * 2 > job["total"]:
            halfway = anon_kb(office)
        time.sleep(0.1)
    assert job["state"] == "done", job
    print(f"name={name} seconds={time.monotonic() - begin:.2f} halfway_kb={halfway} {meter.stop()}", flush=True)


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        office = world.Office(pathlib.Path(folder) / "city", sys.argv[3] if len(sys.argv) > 3 else None, TARGETS).start()
        try:
            clerk, head, saver = (office.enter(login) for login in ("scjgj-clerk", "scjgj-review", "sthjj-clerk"))
            version, row = clerk.post("/risk/schemes", {"content": SCHEME, "reason": "x"}).json["version"], 1
            for state in ("approved", "in_force"):
                row = head.post(f"/risk/schemes/{version}/move", {"state": state}, If_Match=f'"{row}"').json["row_version"]
            step("run", office, clerk, saver, clerk.post(f"/risk/schemes/{version}/run"))
            run = clerk.get("/risk/runs").json["rows"][0]
            print(f"targets={run['targets']} changes={run['changes']}")
            path = f"/risk/runs/{run['id']}"
            for change in clerk.get(path + "/changes", sampled="1").json["rows"]:
                head.post(f"{path}/changes/{change['target']}", {"verdict": "agreed"})
            step("apply", office, head, saver, head.post(path + "/apply"))
        finally:
            office.stop()


main()
