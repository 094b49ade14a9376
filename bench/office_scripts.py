"""office_scripts.py ADDRESS TOKEN WORK - log in with a one-time token and write the wrk scripts of bench/office.sh: lists
and counts of filters, searches, and saves of rows that nobody saved before (each a PUT with If-Match)."""
import json
import pathlib
import sys
import urllib.parse
import urllib.request

address, token, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
CODES = 60000
SCOPES = [{"statuses": ["active"]}, {"regions": ["411502"]}, {"regions": ["411525"], "entity_types": ["individual"]},
          {"industries": ["F52"], "statuses": ["active"]}, {"regions": ["411500"], "tags": ["食品销售"]}, {}]
WORDS = ["超市", "有限公司", "模拟茶馆", "固始县", "新县模拟", "gsx", "mncs", "xx", "ncsyxgs", "9141", "92411502"]


def call(method, path, body=None, **headers):
    request = urllib.request.Request(address + "/api/v1" + path, method=method, headers=headers,
                                     data=None if body is None else json.dumps(body).encode())
    if body is not None:
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as reply:
        return reply.headers, json.loads(reply.read() or "null")


def script(name, paths, **headers):
    lines = ["local paths = {" + ", ".join(json.dumps(p) for p in paths) + "}", "local i = 0",
             "function request()", "  i = i % #paths + 1", "  return wrk.format('GET', paths[i], headers)", "end"]
    table = "headers = {" + ", ".join(f"[{json.dumps(k)}] = {json.dumps(v)}" for k, v in headers.items()) + "}"
    (work / f"{name}.lua").write_text("\n".join([table, *lines]) + "\n", encoding="utf-8")


headers, me = call("POST", "/invitation/accept", {"token": token, "password": "Shuang-2026-ji"})
cookie = headers["Set-Cookie"].split(";")[0]
quote = urllib.parse.quote
scopes = [quote(json.dumps(s, ensure_ascii=False, separators=(",", ":"))) for s in SCOPES]
script("list", [f"/api/v1/targets?limit=50&scope={s}" for s in scopes], Cookie=cookie)
script("count", [f"/api/v1/targets/count?scope={s}" for s in scopes], Cookie=cookie)
script("search", [f"/api/v1/targets?limit=50&q={quote(w)}" for w in WORDS], Cookie=cookie)
codes, cursor = [], ""
while len(codes) < CODES and cursor is not None:
    _, page = call("GET", f"/targets?limit=200&cursor={quote(cursor)}", Cookie=cookie)
    codes += [r["code"] for r in page["rows"] if r["row_version"] == 1]
    cursor = page["next"]
(work / "codes.txt").write_text("\n".join(codes) + "\n", encoding="ascii")
(work / "save.lua").write_text(f"""
local threads = 0
function setup(thread) thread:set("first", threads); threads = threads + 1 end
local codes, i = {{}}, 0
function init()
  for line in io.lines({json.dumps(str(work / "codes.txt"))}) do codes[#codes + 1] = line end
  i = first
end
local headers = {{["Cookie"] = {json.dumps(cookie)}, ["X-CSRF-Token"] = {json.dumps(me["csrf"])}, ["If-Match"] = '"1"',
  ["Content-Type"] = "application/json"}}
function request()
  i = i + 2
  return wrk.format("PUT", "/api/v1/targets/" .. codes[(i - 1) % #codes + 1], headers, '{{"station":"第一监管所"}}')
end
""", encoding="utf-8")
