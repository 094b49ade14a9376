#!/usr/bin/env python3
"""import_http.py BUILD [ROWS]: import through the office, as a browser does it: a CSV of generated targets is handed in
over HTTP, checked, confirmed, handed in again and undone, while another account saves all the time. Machine-readable lines; anon_kb: largest private
memory of the server (RssAnon) in that step; save_*_ms: how long those saves took (p50, p99, worst).
SKIP=confirm stops after the check. Data goes to TMPDIR (default /var/tmp: a disk, not memory)."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[1]
os.environ["MQ_BUILD_DIR"] = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build").resolve())
sys.path.insert(0, str(ROOT / "tests/http"))
import office as world  # noqa: E402
from meter import Meter  # noqa: E402

ROWS = int(sys.argv[2]) if len(sys.argv) > 2 else 100000


def ended(clerk, job):
    while True:
        state = clerk.get("/jobs/" + job).json
        if state["ended"]:
            return state
        time.sleep(0.1)


def step(name, office, clerk, saver, work):
    meter, begin = Meter(office, saver), time.monotonic()
    answer = work()
    seconds = time.monotonic() - begin
    print(f"name={name} rows={ROWS} seconds={seconds:.2f} rows_per_s={ROWS / seconds:.0f} {meter.stop()}", flush=True)
    return answer


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        path = pathlib.Path(folder) / "targets.csv"
        with open(path, "wb") as out:
            subprocess.run([world.PROGRAM, "demo", "generate", "targets", "--scale", str(ROWS)], stdout=out, check=True)
        office = world.Office(pathlib.Path(folder) / "city", scale=200).start()
        clerk, saver = office.enter("scjgj-clerk"), office.enter("sthjj-clerk")
        print(f"name=import_http.file rows={ROWS} bytes={path.stat().st_size}")

        def hand_in():
            with open(path, "rb") as content:
                return clerk.request("POST", "/imports?" + urllib.parse.urlencode({"kind": "targets", "name": "targets.csv"}),
                                     raw=content, Content_Type="application/octet-stream",
                                     Content_Length=str(path.stat().st_size)).json

        def act(where, body=None):
            return ended(clerk, clerk.post(where, body).json["id"])

        job = step("import_http.upload", office, clerk, saver, hand_in)
        step("import_http.check", office, clerk, saver, lambda: ended(clerk, job["id"]))
        upload = "/imports/" + job["subject"].split("/")[1]
        if os.environ.get("SKIP") != "confirm":
            step("import_http.run", office, clerk, saver, lambda: act(upload + "/confirm"))
            print("name=import_http.report " + str(clerk.get(upload).json["report"]))
            step("import_http.again", office, clerk, saver, lambda: ended(clerk, hand_in()["id"]))
            step("import_http.undo", office, clerk, saver, lambda: act(upload + "/undo", {"reason": "bench"}))
        office.stop()


main()
