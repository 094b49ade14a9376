#!/usr/bin/env python3
"""fixture.py MINGQIAN DIR - a small portal for the tests of HTTP and of the browser.

Makes a data directory with `mingqian init`, then writes one year's work into it: departments, items, a plan, 600
targets, a voided and a finished draw with two departments and a beacon (computed by tools/verify/draw.py, which shares
no code with the program), a draw with salted leaves, one that is not public yet, results and their publications. All
names are generated and stand for nobody.
"""
import datetime
import hashlib
import json
import pathlib
import sqlite3
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "verify"))
import draw as verifier  # noqa: E402

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
COUNTIES = [("411502", "浉河区"), ("411503", "平桥区"), ("411521", "罗山县"), ("411522", "光山县"), ("411523", "新县"),
            ("411524", "商城县"), ("411525", "固始县"), ("411526", "潢川县"), ("411527", "淮滨县"), ("411528", "息县")]
TRADES = ["商贸", "食品", "建材", "物流", "餐饮", "农业", "电子", "医药"]
WORDS = "安平和顺兴旺福源盛达恒信同心远航明德嘉禾丰茂广益"
DEPARTMENTS = [("scjgj", "市市场监管局"), ("sthjj", "市生态环境局"), ("yjglj", "市应急局"), ("wjw", "市卫生健康委")]
DAY_US = 86400 * 10**6
NOW_US = int(datetime.datetime(2026, 5, 20, 2, tzinfo=datetime.timezone.utc).timestamp()) * 10**6
TODAY = NOW_US // DAY_US


def uscc(body):
    """The code with these first 17 characters."""
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


def organisation(number):
    """Nine characters with a GB 11714 check."""
    text = f"{number:08d}"
    rest = 11 - sum(int(c) * w for c, w in zip(text, (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    return text + {10: "X", 11: "0"}.get(rest, str(rest))


def make_target(i):
    region, county = COUNTIES[i * 7 % 10]
    individual = i % 3 == 0
    code = uscc(("92" if individual else "91") + region + organisation(70000000 + i * 7919))
    name = WORDS[i % 24] + WORDS[(i // 24 + 5) % 24] + TRADES[i % 8]
    name = f"{county}{name}店" if individual else f"信阳{name}有限公司"
    return {"code": code, "name": name, "region": region, "type": "individual" if individual else "enterprise",
            "class": "ABCD"[(i % 20 > 5) + (i % 20 > 16) + (i % 20 > 18)], "address": f"{county}示例路{i % 300 + 1}号"}


def digest(data):
    return hashlib.sha256(data).hexdigest()


def secret_of(draw, party):
    return hashlib.sha256(f"fixture {draw} {party}".encode()).hexdigest()


def files_of(draw, attempt, prev, rows, quotas, parties, salted):
    """The five files of a draw; rows: (id, stratum, mask)."""
    roster = "".join(f"{i}\t{s}\t1\t{m:x}\t{digest(i.encode())[:32] if salted else '-'}\n" for i, s, m in sorted(rows))
    roster = roster.encode()
    root = verifier.tree_root(roster.split(b"\n")[:-1], verifier.sha256).hex()
    lines = ["mingqian-draw/v1", "suite sha256", f"draw {draw}", f"attempt {attempt}", f"prev {prev or '-'}",
             f"roster {len(rows)} {root}", "rule uniform", "batches 3", "min-parties 2"]
    lines += [f"quota {g} {s} {n} {r}" for g, s, n, r in quotas]
    head = {"draw": draw, "attempt": attempt}
    for name in parties:
        commitment = verifier.commitment(head, name, secret_of(draw, name), verifier.sha256)
        lines.append(f"party {name} {commitment}")
    lines.append("beacon drand-quicknet 52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971:657413")
    files = {"draw.txt": ("\n".join(lines) + "\n").encode(), "roster.tsv": roster}
    lock = ["mingqian-lock/v1", "draw-digest " + digest(files["draw.txt"])] + [f"party {n} present" for n in parties]
    files["lock.txt"] = ("\n".join(lock) + "\n").encode()
    secrets = {n: secret_of(draw, n) for n in parties}
    value = digest(f"beacon {draw} {attempt}".encode())
    files["reveal.json"] = json.dumps({"secrets": secrets, "beacons": [["drand-quicknet", value]]}, indent=1).encode()
    done = verifier.recompute(files)
    files["result.txt"] = done["result"]
    return files, done, root, value


class City:
    def __init__(self, directory):
        self.directory = directory
        self.db = sqlite3.connect(directory / "mingqian.db")
        self.targets = [make_target(i) for i in range(600)]

    def put(self, table, **values):
        names = ", ".join(values)
        self.db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))

    def registers(self):
        for table in ("department", "region", "setting"):
            self.db.execute(f"DELETE FROM {table}")
        self.put("setting", key="demo", value="1")
        for bit, (code, name) in enumerate(DEPARTMENTS):
            self.put("department", code=code, name=name, bit=bit, row_version=1)
        for code, name in [("411500", "信阳市")] + COUNTIES:
            self.put("region", code=code, name=name, parent=None if code == "411500" else "411500", retired=0)
        for t in self.targets:
            self.put("target", code=t["code"], kind="entity", entity_type=t["type"], name=t["name"], address=t["address"],
                     region=t["region"], region_derived=0, status="active", risk_class=t["class"], visits_year=0,
                     updated_us=NOW_US, row_version=1)
            pairs = [t["name"][k:k + 2] for k in range(len(t["name"]))] # as mod/target/target.c cuts a name
            self.db.execute("INSERT INTO target_search (rowid, grams) SELECT rowid, ? FROM target WHERE code = ?",
                            (" ".join(pairs), t["code"]))

    def item(self, code, version, name, key, department, reason=None):
        self.put("item", code=code, version=version, state="published", domain="食品安全" if key else "登记事项", name=name,
                 **{"class": "KEY" if key else "GENERAL"}, track="random", department=department,
                 partners=json.dumps(["wjw"]) if key else None, target_scope="本辖区企业和个体工商户",
                 points=json.dumps([{"content": "经营场所与登记一致", "how": "实地核查"}, {"content": "公示信息真实", "how": "核对材料"}],
                                   ensure_ascii=False),
                 legal_basis=json.dumps([{"law": "《企业信息公示暂行条例》", "article": "第十四条", "text": "随机抽取、公示结果"}],
                                        ensure_ascii=False),
                 cap_bp=None if key else 500, frequency="1次/年", reason=reason, published_us=NOW_US - (200 - version) * DAY_US)

    def plan_and_items(self):
        self.item("A01", 1, "登记事项检查", False, "scjgj")
        self.item("A01", 2, "登记事项检查", False, "scjgj", "依据修改后的条例调整检查内容")
        self.item("B01", 1, "学校食堂食品安全检查", True, "scjgj")
        self.item("C01", 1, "排污许可执行情况检查", True, "sthjj")
        self.put("plan", code="41150020260001", year=2026, name="2026 年度部门联合抽查计划", joint=1, lead="scjgj", state="running",
                 document_no="信双随机〔2026〕1 号", revision=1, published_us=NOW_US - 120 * DAY_US, row_version=1)
        self.put("plan_line", plan="41150020260001", line=1, name="企业登记和排污联合抽查", items=json.dumps(["A01", "C01"]), scope="{}",
                 scope_words="本市存续企业", ratio_words="3 %;1次/年", strata="{}", from_day=TODAY - 80, to_day=TODAY + 100, lead="scjgj",
                 participants=json.dumps(["scjgj", "sthjj"]), mode="市抽县查")
        self.put("plan_revision", plan="41150020260001", revision=1, line=1, before="{}", after="{}", reason="检查时间顺延一个月",
                 revised_us=NOW_US - 60 * DAY_US)
        for n in range(1, 5):
            self.put("task", code=f"41150020260401000{n}", plan="41150020260001", line=1, name=TASKS[n - 1], directed=0,
                     items=json.dumps(["A01", "C01"]), scope="{}", strata="{}", lead="scjgj",
                     participants=json.dumps([{"department": "scjgj", "places": 2}, {"department": "sthjj", "places": 2}]),
                     from_day=TODAY - 40, to_day=TODAY + 20, state="inspecting", created_us=NOW_US - 45 * DAY_US, row_version=1)

    def draw(self, number, attempt, task, prev, salted=False, hidden=False, void=None):
        rows = [(t["code"], t["class"] if salted else "all", 3 if t["type"] == "enterprise" else 1) for t in self.targets]
        strata = sorted({r[1] for r in rows}) if salted else ["all"]
        quotas = [(g, s, n, 2) for g in (0, 1) for s in strata for n in [2 if salted else 24 if g == 0 else 12]]
        files, done, root, value = files_of(number, attempt, prev, rows, quotas, ["scjgj", "sthjj"], salted)
        sealed = NOW_US - (30 - attempt * 2) * DAY_US
        self.put("draw", draw=number, attempt=attempt, task=task, state="void" if void else "drawn", suite="sha256",
                 rule="uniform", batches=3, min_parties=2, salted=int(salted), publish_day=TODAY + 30 if hidden else None,
                 prev=prev, population_count=len(rows), roster_root=root, draw_digest=digest(files["draw.txt"]),
                 lock_digest=None if void else digest(files["lock.txt"]), seed=None if void else done["seed"],
                 result_digest=None if void else digest(files["result.txt"]), void_reason=void, opened_us=sealed - DAY_US,
                 sealed_us=sealed, locked_us=None if void else sealed + 3600 * 10**6,
                 drawn_us=None if void else sealed + 7200 * 10**6, voided_us=sealed + DAY_US if void else None)
        self.quotas_and_parties(number, attempt, done, quotas, value, void)
        folder = self.directory / "draws" / number.replace("/", "-") / str(attempt)
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            if not void or name in ("draw.txt", "roster.tsv"):
                (folder / name).write_bytes(data)
        return digest(files["draw.txt"]), [] if void else self.drawn(number, attempt, done)

    def quotas_and_parties(self, number, attempt, done, quotas, value, void):
        for group, stratum, order, n, reserve in done["chosen"]:
            chance = n * 1000000 // len(order)
            self.put("draw_quota", draw=number, attempt=attempt, grp=group, stratum=stratum, population_count=len(order),
                     sample_count=n, reserve_count=reserve, ratio_bp=n * 10000 // len(order), least_ppm=chance, most_ppm=chance)
        for name, commitment in done["draw"]["parties"]:
            self.put("draw_party", draw=number, attempt=attempt, name=name, commitment=commitment,
                     present=None if void else 1, secret=None if void else secret_of(number, name))
        for name, event in done["draw"]["beacons"]:
            self.put("draw_beacon", draw=number, attempt=attempt, name=name, event=event, value=None if void else value)

    def drawn(self, number, attempt, done):
        lines = [w.split(" ") for w in done["result"].decode().splitlines() if w.startswith("target ")]
        for position, (_, code, mask, batch) in enumerate(lines, 1):
            self.put("drawn", target=code, draw=number, attempt=attempt, stratum="all", mask=int(mask, 16), position=position,
                     batch=int(batch))
            for k in range(2):
                self.put("assignment", target=code, draw=number, attempt=attempt, department="scjgj",
                         inspector=f"ZF-411500-{(position * 2 + k) % 60:04d}", role="member" if k else "lead", rank=0)
        return [line[1] for line in lines]

    def results(self, task, codes):
        for i, code in enumerate(codes):
            produced = TODAY - 12 + i % 6
            kinds = ["no_problem"] if i % 4 else ["rectification", "not_disclosed"] if i % 8 else ["unreachable"]
            published = (produced + 5 + i % 5) * DAY_US
            self.put("result", target=code, id=1000 + i, task=task, item="A01", item_version=2, department="scjgj",
                     codes=json.dumps(kinds), produced_day=produced, due_day=produced + 28, state="published", entered_by="user:3",
                     entered_us=produced * DAY_US, published_us=published, row_version=1)
            self.put("publication", target=code, id=2000 + i, result=1000 + i, correction=0, task=task, item="A01",
                     item_name="登记事项检查", department="scjgj" if i % 3 else "sthjj", codes=json.dumps(kinds),
                     produced_day=produced, due_day=produced + 28, published_us=published)


    def told_anew(self, task, codes):
        """A correction, a withdrawal after a revoked decision, a take-down, and a duplicate with a result of its own."""
        for i, target in ((0, codes[0]), (9, codes[1])):
            kinds = json.dumps(["no_problem"] if i == 0 else ["pending"])
            self.put("publication", target=target, id=3000 + i, result=1000 if i == 0 else 1001, correction=1, task=task, item="A01",
                     item_name="登记事项检查", department="scjgj", codes=kinds, produced_day=TODAY - 12, due_day=None,
                     published_us=NOW_US - DAY_US)
        self.put("revocation", target=codes[2], result=1002, document_no="信市监撤〔2026〕3 号", reason="责令改正决定被复议撤销",
                 revoked_day=TODAY - 3, department="scjgj", noted_by="test", noted_us=NOW_US - 2 * DAY_US, withdrawn_by="test",
                 withdrawn_us=NOW_US - DAY_US)
        self.put("takedown", target=codes[3], publication=2003, id=1, department="scjgj", reason="含有个人信息", basis="个人信息保护法第四十七条",
                 state="taken", asked_by="test", asked_us=NOW_US - DAY_US, decided_by="test", decided_us=NOW_US - DAY_US, taken_us=NOW_US - DAY_US,
                 row_version=2)
        copy = dict(self.targets[1], code="R-411500000000001", name="信阳旧名有限公司")
        self.put("target", code=copy["code"], kind="entity", entity_type="enterprise", name=copy["name"], region="411502",
                 region_derived=0, status="active", merged_into=codes[0], visits_year=0, updated_us=NOW_US, row_version=1)
        self.put("publication", target=copy["code"], id=3100, result=3100, correction=0, task=task, item="C01",
                 item_name="排污许可执行情况检查", department="sthjj", codes=json.dumps(["no_problem"]), produced_day=TODAY - 20,
                 due_day=None, published_us=NOW_US - 4 * DAY_US)


TASKS = ["企业登记和排污联合抽查", "按风险分类的企业抽查", "事先不通知的食品抽查", "个体工商户登记抽查"]
OPEN, SALTED, HIDDEN = "411500/2026/0001", "411500/2026/0002", "411500/2026/0003"


def make(mingqian, directory):
    directory = pathlib.Path(directory)
    subprocess.run([mingqian, "init", directory, "--name", "信阳市市场监督管理局", "--region", "411500"], check=True,
                   stdout=subprocess.DEVNULL)
    city = City(directory)
    with city.db:
        city.registers()
        city.plan_and_items()
        first, _ = city.draw(OPEN, 1, "411500202604010001", None, void="封存后发现名单漏列一个乡镇")
        _, codes = city.draw(OPEN, 2, "411500202604010001", first)
        city.draw(SALTED, 1, "411500202604010002", None, salted=True)
        city.draw(HIDDEN, 1, "411500202604010003", None, hidden=True)
        city.results("411500202604010001", codes)
        city.told_anew("411500202604010001", codes)
    city.db.close()
    return city, codes


if __name__ == "__main__":
    print(json.dumps({"drawn": make(sys.argv[1], sys.argv[2])[1][:3]}))
