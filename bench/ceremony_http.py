#!/usr/bin/env python3
"""ceremony_http.py BUILD [TARGETS] [INSPECTORS]: the whole ceremony through the office, as browsers hold it: a demo city
of TARGETS (default 550,000) and INSPECTORS (default 4,500), one task of all 16 departments and 1 % of the targets. Times
of the long steps, each with what its progress told, the largest private memory of the server, and how long another
account's saves took meanwhile. Machine-readable lines. Data goes to TMPDIR (default /var/tmp: a disk, not memory).
KEEP=DIR keeps the city there and uses it again; ROOM=1 looks at the page of the room, too (bench/room.mjs)."""
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
os.environ["MQ_BUILD_DIR"] = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build").resolve())
sys.path.insert(0, str(ROOT / "tests/http"))
import office as world  # noqa: E402
from meter import Meter  # noqa: E402

TARGETS = int(sys.argv[2]) if len(sys.argv) > 2 else 550000
INSPECTORS = int(sys.argv[3]) if len(sys.argv) > 3 else 4500
DEPARTMENTS = [line.split(",")[0] for line in (ROOT / "data/departments.csv").read_text().splitlines()[1:]]
PARTIES = ("scjgj", "sthjj")
NUMBERS = (("cwl-ssq", "03,07,12,18,25,33+09"), ("sports-dlt", "05,11,19,28,34+02,10"))
TASK = {"adhoc_reason": "度量", "name": "十六部门联合抽查", "items": ["SCJGJ-12"], "lead": "scjgj", "region": "411500",
        "scope": {"statuses": ["active"]}, "strata": {"by": "one", "strata": [{"label": "all", "ratio_bp": 100}]},
        "participants": [{"department": d, "places": 1} for d in DEPARTMENTS], "from": "2026-11-20", "to": "2026-12-31"}


def ok(reply):
    assert reply.status < 300, reply.content.decode()
    return reply.json


def long_step(name, office, clerk, saver, path, body=None):
    """Its result; prints seconds, and each phase with the share of the work it told."""
    meter, begin, told = Meter(office, saver), time.monotonic(), []
    job = ok(clerk.post(path, body or {}))
    while not job["ended"]:
        time.sleep(0.05)
        job = ok(clerk.get("/jobs/" + job["id"]))
        if job["phase"] and (not told or told[-1] != job["phase"]):
            told.append(job["phase"])
    seconds = time.monotonic() - begin
    assert job["state"] == "done", job
    print(f"name={name} seconds={seconds:.2f} phases={'/'.join(told)} {meter.stop()}", flush=True)
    return seconds, job["result"]


def registers(office, folder):
    """The registers of a city, handed in as files. A city of scale n has 704 + n / 400 inspectors."""
    for kind, scale in (("targets", TARGETS), ("inspectors", max(100, (INSPECTORS - 704) * 400))):
        path = pathlib.Path(folder) / (kind + ".csv")
        with open(path, "w") as out:
            subprocess.run([world.PROGRAM, "demo", "generate", kind, "--scale", str(scale)], check=True, stdout=out)
        if kind == "inspectors":  # room for a task of all departments at once
            rows = [line.split(",") for line in path.read_text().splitlines()]
            path.write_text("".join(",".join([*r[:9], "100" if n else r[9], *r[10:]]) + "\n" for n, r in enumerate(rows)))
        office.run("import", kind, str(path))
        path.unlink()


def commit(users, path, draw):
    for party in PARTIES:
        secret = hashlib.sha256(party.encode()).hexdigest()
        text = f"mingqian-commit/v1\n{draw['draw']}\n{draw['attempt']}\n{party}\n{secret}\n"
        ok(users[party].post(path + "/draw/commit", {"party": party, "commitment": hashlib.sha256(text.encode()).hexdigest()}))


def pages(clerk, path, draw):
    """What the office and the public look at afterwards, the slowest of three each."""
    room = f"/draws/{draw['draw'].replace('/', '-')}/"
    for name, address in (("task", path), ("targets", path + "/drawn"), ("ceremonies", "/ceremonies")):
        begin = time.monotonic()
        ok(clerk.get(address))
        print(f"name=page_{name} seconds={time.monotonic() - begin:.3f}", flush=True)
    for name, address in (("draw", room), ("attempt", room + "1/"), ("room", room + "room/"), ("state", room + "room/state.json"),
                          ("rows", room + "room/rows.json"), ("certificate", room + "1/certificate/")):
        begin = time.monotonic()
        with urllib.request.urlopen(f"http://127.0.0.1:{clerk.office.port}" + address) as reply:
            size = len(reply.read())
        print(f"name=page_{name} seconds={time.monotonic() - begin:.3f} bytes={size}", flush=True)
    if os.environ.get("ROOM"):
        subprocess.run(["node", str(ROOT / "bench/room.mjs"), f"http://127.0.0.1:{clerk.office.port}{room}room/"], check=True)


def ceremony(office):
    users = {d: office.log_in(d + "-clerk")[0] for d in PARTIES}
    clerk, head = users["scjgj"], office.log_in("scjgj-head")[0]
    path = "/tasks/" + ok(clerk.post("/tasks", TASK))["code"]
    secretary = office.log_in("secretary")[0]
    approved = secretary.post(path + "/approve")
    ok(approved if approved.status < 300 else head.post(path + "/approve"))
    begin = time.monotonic()
    frame = ok(clerk.get(path + "/frame"))
    print(f"name=frame seconds={time.monotonic() - begin:.2f} rows={frame['rows']}", flush=True)
    draw = ok(clerk.post(path + "/draw/open", {"parties": list(PARTIES), "beacons": [
        {"name": "cwl-ssq", "event": "2026137"}, {"name": "sports-dlt", "event": "26137"}]}))["draw"]
    commit(users, path, draw)
    sealed, result = long_step("seal", office, clerk, users["sthjj"], path + "/draw/seal", {"any_region": False})
    print(f"name=sealed rows={result['rows']} sample={result['sample']} inspectors={result['inspectors']}", flush=True)
    for party in PARTIES:
        ok(users[party].post(path + "/draw/reveal", {"party": party, "secret": hashlib.sha256(party.encode()).hexdigest()}))
    ok(clerk.post(path + "/draw/lock"))
    for browser in users.values():
        for name, value in NUMBERS:
            ok(browser.post(path + "/draw/beacon", {"name": name, "value": value}))
    drawn, result = long_step("draw", office, clerk, users["sthjj"], path + "/draw/run")
    matched, teams = long_step("match", office, clerk, users["sthjj"], path + "/assign")
    print(f"name=ceremony targets={TARGETS} drawn={result['targets']} inspectors={teams['inspectors']} groups={teams['groups']} "
          f"places={teams['places']} feasible={teams['feasible']} seconds={sealed + drawn + matched:.2f}", flush=True)
    begin = time.monotonic()
    frame = ok(clerk.get(path + "/frame"))
    print(f"name=frame_sealed seconds={time.monotonic() - begin:.3f} rows={frame['rows']}", flush=True)
    pages(clerk, path, draw)


def main():
    keep = os.environ.get("KEEP")
    folder = pathlib.Path(keep or tempfile.mkdtemp(prefix="mingqian-bench-", dir=os.environ.get("TMPDIR", "/var/tmp")))
    known = (folder / "city/mingqian.db").exists()
    begin = time.monotonic()
    if known:
        office = world.Office.__new__(world.Office)
        office.directory, office.clock, office.links, office.process = folder / "city", world.NOW, {}, None
        office.start()
    else:
        folder.mkdir(parents=True, exist_ok=True)
        office = world.Office(folder / "city", scale=1000)
        registers(office, folder)
        office.start()
        for login in ("scjgj-clerk", "scjgj-head", "sthjj-clerk", "secretary"):
            office.enter(login)
        print(f"name=city seconds={time.monotonic() - begin:.1f}", flush=True)
    try:
        ceremony(office)
    finally:
        office.stop()
        if not keep:
            subprocess.run(["rm", "-rf", str(folder)], check=True)


main()
