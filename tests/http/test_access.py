#!/usr/bin/env python3
"""The access matrix: every route of /api/v1 × every role × {own, another department, another county, nobody}. The cells come
from routes.def (permission), permissions.def (roles) and rows.def (whose rows), as the server tells them at /access: a new
route is walked without a further line; one that names a new kind of rows needs its line in rows.def and a row in World.rows
below. On SQLite, and on PostgreSQL when MQ_TEST_OFFICE_DB holds a URL."""
import http.client
import json
import pathlib
import re
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import answers  # noqa: E402
import fixture  # noqa: E402
import office as world  # noqa: E402

BUSINESS = ("clerk", "reviewer", "head", "secretary", "inspector", "expert", "observer", "notary")
ADMINISTRATORS = ("system", "security", "audit")
OWN = {"department": "scjgj", "region": "411502"}
OTHERS = {"department": {"department": "sthjj", "region": "411502"}, "county": {"department": "scjgj", "region": "411525"}}
# Which of the others' rows one sees or may touch, by the word of rows.def.
OPEN = {"shared": ("department", "county"), "department": ("county",), "region": ("department",), "scope": (), "part": (), "own": ()}
# Observers and notaries (纪检、公证) follow the draws of all departments of their region.
WITNESSES = ("observer", "notary")
# Rows that take a whole draw to be made: the test that looks at them with the eyes of others.
ELSEWHERE = {"/mergings/{id}": "test_ceremony", "/results/{target}": "test_results", "/followups/{target}": "test_results",
             "/referrals/{target}": "test_results", "/recognitions/{target}": "test_results", "/campaigns/{code}": "test_results", "/risk/runs/{id}": "test_risk",
             "/my/visits/{task}": "test_phone", "/my/evidence/{hash}": "test_phone"}
# Fields that must hold more than their type before the handler looks for the row.
FIELDS = {"state": "approved", "reason": "理由", "day": "2026-12-01", "from": "2026-12-01", "to": "2026-12-02", "held": "2026-12-01",
          "class": "KEY", "kind": "joint", "no": "1", "valid_to": "2027-01-01", "rounds": 1, "scope": {}, "stance": "agree",
          "decision": "adopted", "codes": ["x"], "hours": 1, "result": "合格", "points": [{"content": "亮照", "how": "查看"}]}
# Contents that differ from FIELDS, by the end of the address.
CONTENTS = {"/inspectors/{code}/state": {"state": "suspended", "reason": "调查"}, "/experts/{code}/state": {"state": "left", "reason": "期满"},
            "/inspectors/{code}/certificates": {"kind": "national", "no": "41150001", "valid_to": "2027-01-01"},
            "/inspectors/{code}/recusals": {"target": "R-411502000000001", "kind": "relative", "evidence": "申报表"},
            "/inspectors/{code}/secondments": {"task": "411500202611250001", "department": "sthjj", "reason": "借调函"},
            "/leads/{code}/inspect": {"day": "2026-12-01", "inspectors": ["a", "b"]},
            "/tasks/{code}/results": {"act": "approve"},
            "/assessments/{id}": {"name": "x", "from": "2026-01-01", "to": "2026-12-31", "indicators": [{"name": "x", "source": "manual", "weight_bp": 10000}]},
            "/inspectors/{code}/training": {"name": "培训", "day": "2026-11-01", "hours": 8, "result": "passed"}}
# Rows that are not there yet: an unseen number in the journal, teams before a draw.
NOT_YET = ("/journal/{id}", "/proof", "/tasks/{code}/drawn", "/notices/file", "/batches/{no}", "/batches/{no}/rows", "/batches/{no}/file")
SCHEME = "mingqian-risk/v1\nname x\nwindow 730\nclass A 0\nclass B 10\nrule r status >= 1 points 60 times 1 weight 100 x\n"
DRAFT = {"domain": "测试", "class": "KEY", "reason": "测试"}


def first(pattern):
    """The noun of a pattern: up to its first {name}."""
    return re.match(r"/api/v1(/.*?\{\w+\})", pattern)[1]


class Line(world.Browser):
    """A browser with one connection for all its requests."""
    def __init__(self, office, of=None):
        super().__init__(office)
        self.cookie, self.csrf = (of.cookie, of.csrf) if of else (None, None)
        self.connection = http.client.HTTPConnection("127.0.0.1", office.port, timeout=60)

    def request(self, method, path, body=None, raw=None, **headers):
        fields = {k.replace("_", "-"): v for k, v in headers.items()}
        if self.cookie:
            fields["Cookie"], fields["X-CSRF-Token"] = self.cookie, self.csrf
        if body is not None:
            raw = json.dumps(body).encode()
            fields.setdefault("Content-Type", "application/json")
        for last in (False, True):
            try:
                self.connection.request(method, "/api/v1" + path, body=raw, headers=fields)
                reply = self.connection.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionError):  # a refusal before the content closes the connection
                self.connection.close()
                if last:
                    raise
        reply.content = reply.read()
        kind = reply.getheader("Content-Type") or ""
        reply.json = json.loads(reply.content) if "json" in kind and reply.content else None
        self.office.heard(method, path, reply)
        return reply


class World(world.Case):
    maxDiff = None
    LOGINS = ADMINISTRATORS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = {None: Line(cls.office)}
        for role in ADMINISTRATORS:
            cls.lines[role] = Line(cls.office, cls.users[role])
        for role in BUSINESS:
            cls.lines[role] = cls.account("own-" + role, [role], OWN)
        cls.makers = {"own": cls.account("own-maker", ["clerk", "secretary"], OWN)}
        for whose, scope in OTHERS.items():
            cls.makers[whose] = cls.account(f"{whose}-maker", ["clerk", "secretary"], scope)
        unit = cls.users["system"].post("/units", {"code": "u1", "name": "市局", "level": "city", "region": "411500"})
        assert unit.status == 201, unit.content
        cls.item = {}
        for department in ("scjgj", "sthjj"):
            rows = cls.makers["own"].get("/items", state="published", department=department).json["rows"]
            cls.item[department] = next(r["code"] for r in rows if r["class"] == "KEY")
        cls.samples = {whose: cls.rows(whose, OTHERS.get(whose, OWN), maker) for whose, maker in cls.makers.items()}
        cls.users["system"].put("/accounts/own-inspector/inspector", {"inspector": cls.samples["own"]["/inspectors/{code}"]},
                                If_Match=cls.users["system"].get("/accounts/own-inspector").getheader("ETag"))
        invited = cls.makers["own"].post(f"/targets/{cls.samples['own']['/targets/{code}']}/account")
        assert invited.status == 201, invited.content
        cls.office.links[invited.json["login"]] = invited.json["link"].split("/")[-1]
        cls.lines["enterprise"] = Line(cls.office, cls.office.enter(invited.json["login"]))
        cls.routes = cls.makers["own"].get("/access").json["rows"]
        cls.operations = cls.makers["own"].get("/openapi.json").json["paths"]

    @classmethod
    def account(cls, login, roles, scope):
        reply = cls.users["system"].post("/accounts", {"login": login, "name": login, **scope})
        assert reply.status == 201, reply.content
        cls.office.links[login] = reply.json["link"].split("/")[-1]
        assert cls.users["security"].put(f"/accounts/{login}/roles", {"roles": roles}).status == 200
        return Line(cls.office, cls.office.enter(login))

    @classmethod
    def rows(cls, whose, scope, maker):
        """One row of each kind, made by somebody of this scope: address → name. What only its own may see carries the mark."""
        cls.mark = "标记"
        mark, region = f"{cls.mark}{whose}", scope["region"]
        serial = list(cls.makers).index(whose)
        item = cls.item[scope["department"]]

        def made(path, body, key="code", status=201):
            reply = maker.post(path, body)
            assert reply.status == status, (path, reply.content)
            return reply.json[key]

        code = fixture.uscc("91" + region + fixture.organisation(50000000 + serial * 7919))
        stem = whose.upper()
        inspector = made("/inspectors", {"code": "ZF-" + stem, "name": mark, "region": region})
        upload = maker.request("POST", f"/imports?kind=targets&name={stem}.csv", raw=b"a,b\n1,2\n", Content_Type="application/octet-stream")
        assert upload.status == 202, upload.content
        task = {"adhoc_reason": mark, "name": mark, "items": [item], "lead": scope["department"], "region": region,
                "scope": {"entity_types": ["enterprise"], "statuses": ["active"]},
                "strata": {"by": "one", "strata": [{"label": "all", "ratio_bp": 300}]},
                "participants": [{"department": scope["department"], "places": 2}], "from": "2026-11-25", "to": "2026-12-31"}
        line = {k: task[k] for k in ("name", "items", "scope", "strata", "participants", "from", "to")}
        return {
            "/targets/{code}": made("/targets", {"code": code, "name": mark, "region": region}),
            "/inspectors/{code}": inspector,
            "/experts/{code}": made("/experts", {"code": "ZJ-" + stem, "name": mark, "region": region}),
            "/teams/{code}": made("/teams", {"code": "T-" + stem, "name": mark, "region": region, "members": [inspector]}),
            "/risk/schemes/{version}": str(made("/risk/schemes", {"content": SCHEME, "reason": mark}, "version")),
            "/filters/{id}": made("/filters", {"name": mark, "scope": {}}, "id"),
            "/items/{code}": made("/items", {**DRAFT, "code": "I-" + stem, "name": mark}),
            "/joint-items/{code}": made("/joint-items", {"code": "J-" + stem, "kind": "joint", "domain": "测试", "name": mark}),
            "/plans/{code}": made("/plans", {"year": 2026, "name": mark, "region": region, "lines": [
                {**line, "scope_words": "企业", "ratio_words": "3 %"}]}),
            "/tasks/{code}": made("/tasks", task),
            "/leads/{code}": made("/leads", {"source": "complaint", "content": mark, "region": region,
                                             "department": scope["department"]}),
            "/conferences/{id}": made("/conferences", {"name": mark, "held": "2026-11-27", "region": region}, "id"),
            "/imports/{id}": maker.get("/imports").json["rows"][0]["id"],
            "/exports/{id}": made("/exports", {"list": "items", "format": "csv"}, "id", 202),
            "/jobs/{id}": upload.json["id"],
            "/sessions/{id}": maker.get("/sessions").json["rows"][0]["id"],
            "/accounts/{login}": whose + "-maker", "/departments/{code}": scope["department"], "/units/{code}": "u1",
            "/words/{dict}": "methods", "/dictionaries/{dict}": "holidays", "/journal/{id}": "1", "/basis-changes/{id}": "1",
            "/import-templates/{kind}": "targets", "/calendars/{token}": "0" * 64, "/assessments/{id}": made("/assessments", {"name": mark, "region": region, "from": "2026-01-01", "to": "2026-12-31", "indicators": [
                {"name": "x", "source": "manual", "weight_bp": 10000}]}, "id"),
            "/archives/{id}": made(f"/targets/{code}/archive", {}, "id", 202), "/exchange/batches/{no}": "1",
        }

    def path(self, route, whose):
        """The address of a row: the first name is the sample's, further ones are made up."""
        path, noun = route["path"][len("/api/v1"):], None
        if "{" in path:
            noun = first(route["path"])
            self.assertIn(noun, {**self.samples[whose], **ELSEWHERE}, "a row of this kind in World.rows")
            path = noun[:noun.index("{")] + self.samples[whose].get(noun, "1") + path[len(noun):]
        return re.sub(r"\{\w+\}", lambda m: {"{kind}": "national", "{day}": "2026-12-01"}.get(m[0], "1"), path)

    def content(self, route):
        """Just what the interface asks for."""
        path = route["path"][len("/api/v1"):]
        if path in CONTENTS:
            return CONTENTS[path]
        operation = self.operations[path][route["method"].lower()]
        body = operation.get("requestBody", {"content": {}})["content"].get("application/json")
        if body is None:
            return {}
        types = {"string": "x", "integer": 1, "boolean": True, "array": [], "object": {}}
        return {name: FIELDS.get(name, types[body["schema"]["properties"][name]["type"]]) for name in body["schema"]["required"]}


class Matrix(World):
    def test_each_role_may_use_exactly_the_routes_of_its_permissions(self):
        wrong, cells = [], 0
        for route in self.routes:
            path = self.path(route, "own")
            if (route["method"], path) in (("DELETE", "/session"), ("DELETE", "/sessions")):  # they end what the test needs
                continue
            for who, line in self.lines.items():
                allowed = route["anonymous"] or (who is not None and who in route["roles"])
                reply = line.request(route["method"], path, None if route["method"] == "GET" else {"no-such-field": 1})
                cells += 1
                if not allowed:
                    fits = reply.status == (403 if who else 401) and reply.json["code"] == ("ERR_PERMISSION" if who else "ERR_SESSION")
                elif route["method"] == "GET":
                    fits = reply.status in (200, 202, 404, 422)
                else:
                    fits = reply.status == 422
                if not fits and not (reply.status == 403 and (route["method"], path) == ("GET", "/targets/same-name")):
                    wrong.append((route["method"], path, who, reply.status))
        self.assertEqual(wrong, [])
        self.assertGreater(cells, 1500)

    def test_rows_of_others_do_not_exist_and_cannot_be_changed(self):
        wrong, cells = [], 0
        for route in self.routes:
            if "{" not in route["path"]:
                continue
            self.assertIn(route["rows"], OPEN, f"{route['path']}: its line in rows.def")
            if first(route["path"]) in ELSEWHERE:
                continue
            body = None if route["method"] == "GET" else self.content(route)
            for whose in OTHERS:
                if whose in OPEN[route["rows"]]:
                    continue
                path = self.path(route, whose)
                for role in route["roles"]:
                    if role in WITNESSES and route["rows"] == "part" and whose == "department":
                        continue
                    reply = self.lines[role].request(route["method"], path, body, If_Match='"1"')
                    cells += 1
                    if reply.status not in ((403, 404) if route["rows"] == "department" else (404,)):
                        wrong.append((route["method"], path, role, reply.status, reply.content[:160].decode()))
        self.assertEqual(wrong, [])
        self.assertGreater(cells, 200)

    def test_ones_own_rows_are_there(self):
        wrong = []
        for route in self.routes:
            if route["method"] != "GET" or "{" not in route["path"] or route["rows"] == "own" or route["path"].count("{") > 1 or route["path"].endswith("/diff") or \
                    first(route["path"]) in ELSEWHERE:
                continue
            for role in route["roles"]:
                reply = self.lines[role].get(self.path(route, "own"))
                if reply.status != 200 and not route["path"].endswith(NOT_YET):
                    wrong.append((route["path"], role, reply.status, reply.content[:160].decode()))
        self.assertEqual(wrong, [])

    def test_no_list_tells_of_the_rows_of_others(self):
        wrong, seen = [], 0
        for route in self.routes:
            if route["method"] != "GET" or "{" in route["path"] or route["path"].endswith(("/openapi.json", "/access")):
                continue
            path = route["path"][len("/api/v1"):]
            for role in route["roles"]:
                if role not in BUSINESS:
                    continue
                line = self.lines[role]
                queries = [""] + ["?q=" + world.urllib.parse.quote(self.mark)] * ("q" in self.names(route))
                for query in queries:
                    reply = line.request("GET", path + query)
                    self.assertIn(reply.status, (200, 403, 422), (path, reply.content))
                    text = reply.content.decode("utf-8", "replace") if reply.status == 200 else ""
                    seen += f"{self.mark}own" in text
                    for whose in OTHERS:
                        if whose == "department" and role in WITNESSES and path in ("/tasks", "/ceremonies"):
                            continue
                        for noun, name in self.hidden(whose, path):
                            if f'"{name}"' in text or f"{self.mark}{whose}" in text and noun == "mark":
                                wrong.append((path + query, role, whose, noun))
        self.assertEqual(wrong, [])
        self.assertGreater(seen, 10, "one's own rows are in the lists")

    def names(self, route):
        operation = self.operations[route["path"][len("/api/v1"):]]["get"]
        return {p["name"] for p in operation["parameters"]}

    def hidden(self, whose, path):
        """What of the others must not stand in a list: names, and the mark in every text."""
        whole = {"mark": ""}
        for noun, name in self.samples[whose].items():
            kind = next(r["rows"] for r in self.routes if "{" in r["path"] and first(r["path"]) == noun)
            if whose not in OPEN[kind] and not name.isdigit():
                whole[noun] = name
            if whose in OPEN[kind] and path == noun[:noun.index("/{")]:
                whole.pop("mark", None)
        if whose == "county" and path in ("/items/export", "/joint-items/export", "/items/summary", "/dashboard"):
            whole.pop("mark", None)
        return whole.items()

    def test_files_hold_no_rows_of_others(self):
        for name, line in (("clerk", self.lines["clerk"]), ("head", self.lines["head"])):
            for what in ("targets", "inspectors", "experts", "recusals", "items", "joint-items", "plans", "tasks"):
                reply = line.post("/exports", {"list": what, "format": "csv"})
                self.assertEqual(reply.status, 202, reply.content)
                job = reply.json["id"]
                while not (state := line.get(f"/jobs/{job}").json)["ended"]:
                    pass
                self.assertEqual(state["state"], "done", state)
                text = line.get(f"/exports/{job}/file").content.decode("utf-8-sig")
                self.assertNotIn(f"{self.mark}department", text, (name, what))
                if what not in ("items", "joint-items"):
                    self.assertNotIn(f"{self.mark}county", text, (name, what))

    def test_what_the_handler_asks_besides(self):
        """Permissions that depend on the step: whoever may read the route but not take the step is refused."""
        steps = [("/items/{code}/move", {"state": "legal_review"}, ("reviewer", "secretary", "inspector", "observer")),
                 ("/joint-items/{code}/move", {"state": "legal_review"}, ("reviewer", "secretary", "inspector", "observer")),
                 ("/plans/{code}/move", {"state": "approved"}, ("clerk", "secretary", "observer", "notary")),
                 ("/tasks/{code}/approve", {}, ("clerk", "secretary", "observer", "notary")),
                 ("/tasks/{code}/draw/void", {"reason": "x"}, ("clerk", "secretary", "observer", "notary"))]
        for pattern, body, roles in steps:
            noun = first("/api/v1" + pattern)
            path = pattern.replace(noun, noun[:noun.index("{")] + self.samples["own"][noun])
            for role in roles:
                reply = self.lines[role].post(path, body)
                self.assertIn((reply.status, reply.json["code"]), ((403, "ERR_PERMISSION"), (404, "ERR_NOT_FOUND")), (path, role, reply.content))
        for role in ("inspector", "expert", "observer"):
            for what in ("targets", "items", "inspectors", "accounts", "imports"):
                self.assertEqual(self.lines[role].post("/exports", {"list": what, "format": "csv"}).status, 403, (role, what))

    def test_the_interface_describes_every_address_its_parameters_and_its_answers(self):
        document = world.Browser(self.office).get("/openapi.json").json
        self.assertEqual((document["openapi"], document["components"]["securitySchemes"]["session"]["in"]), ("3.1.0", "cookie"))
        self.assertEqual([(r["method"], r["path"]) for r in self.routes if "x-undescribed" in document["paths"][r["path"][len("/api/v1"):]][
            r["method"].lower()]["responses"]["2XX"]], [], "their lines in answers.def")
        names, used = [], set()
        for route in self.routes:
            path = route["path"][len("/api/v1"):]
            operation = document["paths"][path][route["method"].lower()]
            where = f"{route['method']} {path}"
            names.append(operation["operationId"])
            self.assertEqual([p["name"] for p in operation["parameters"] if p["in"] == "path"], re.findall(r"\{(\w+)\}", path), where)
            self.assertEqual("security" in operation, not route["anonymous"], where)
            self.assertIn("application/problem+json", operation["responses"]["default"]["content"], where)
            self.assertTrue(operation["summary"] and operation["tags"] and operation["x-clause"], where)
            for schema in self.schemas(operation):
                self.assertLessEqual(set(schema), {"type", "properties", "required", "additionalProperties", "items", "anyOf", "$ref"}, where)
                self.assertLessEqual(set(schema.get("required", [])), set(schema.get("properties", {})), where)
                if "$ref" in schema:
                    used.add(schema["$ref"].rsplit("/", 1)[1])
        for schema in self.schemas({"properties": document["components"]["schemas"]}):
            used |= {schema["$ref"].rsplit("/", 1)[1]} if "$ref" in schema else set()
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(used, set(document["components"]["schemas"]), "each shape is there and used")
        self.assertEqual(sum(len(p) for p in document["paths"].values()), len(self.routes), "no address that is not there")

    def schemas(self, value):
        """All schemas below a value of the document."""
        if isinstance(value, list):
            for one in value:
                yield from self.schemas(one)
        elif isinstance(value, dict):
            for name, one in value.items():
                if name in ("schema", "items", "anyOf"):
                    yield from one if isinstance(one, list) else [one]
                elif name == "properties":
                    yield from one.values()
                yield from self.schemas(one)

    def test_an_answer_that_is_not_announced_is_noticed(self):
        """The check of office.py itself: a field more, one less, another type."""
        components = {"t": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False}}
        for value in ({"a": 1, "b": 2}, {}, {"a": "1"}, {"a": True}, {"a": None}, [], None):
            self.assertTrue(list(answers.differences(value, {"$ref": "#/components/schemas/t"}, components)), value)
        self.assertEqual(list(answers.differences({"a": 1}, {"$ref": "#/components/schemas/t"}, components)), [])


if __name__ == "__main__":
    unittest.main()
