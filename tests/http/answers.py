#!/usr/bin/env python3
"""answers.py - each answer of /api/v1 that a test sees is held against the schema which /openapi.json gives for its address.

As a program: answers.py RECORDS prints the lines of src/http/answers.def for addresses that have none, as MQ_ANSWERS=RECORDS
made the tests write down what they saw. To be read over before they are used: what was never null looks as if it never were."""
import json
import os
import pathlib
import re
import sys

TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "number": (int, float), "null": type(None)}
ROWS_LOOKED_AT = 12  # of a long list the first and the last


def is_of(value, name):
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def differences(value, schema, components, where=""):
    """Where a value does not fit its schema; the words of JSON Schema that api_schema.c uses, no others."""
    if "$ref" in schema:
        schema = {**components[schema["$ref"].rsplit("/", 1)[1]], **{k: v for k, v in schema.items() if k != "$ref"}}
    if "anyOf" in schema:
        tried = [list(differences(value, one, components, where)) for one in schema["anyOf"]]
        if all(tried):
            yield from tried[0]
        return
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_of(value, name) for name in types):
        yield f"{where or '/'}: {json.dumps(value, ensure_ascii=False)[:60]} is no {' or '.join(types)}"
    elif isinstance(value, dict):
        properties = schema.get("properties", {})
        for name in schema.get("required", []):
            if name not in value:
                yield f"{where}/{name}: missing"
        for name, one in value.items():
            if name in properties:
                yield from differences(one, properties[name], components, f"{where}/{name}")
            elif schema.get("additionalProperties") is False:
                yield f"{where}/{name}: not in the schema"
    elif isinstance(value, list) and "items" in schema:
        some = value if len(value) <= ROWS_LOOKED_AT else value[:ROWS_LOOKED_AT // 2] + value[-ROWS_LOOKED_AT // 2:]
        for i, one in enumerate(some):
            yield from differences(one, schema["items"], components, f"{where}/{i}")


class Interface:
    """/openapi.json, and which of its operations an address is."""
    def __init__(self, document):
        self.document = document
        self.components = document["components"]["schemas"]
        self.patterns = [(re.compile("^" + re.sub(r"\{\w+\}", "[^/]+", path).replace(".", r"\.") + "$"), path)
                         for path in sorted(document["paths"], key=lambda p: p.count("{"))]

    def operation(self, method, path):
        for pattern, name in self.patterns:
            if pattern.match(path) and method.lower() in self.document["paths"][name]:
                return name, self.document["paths"][name][method.lower()]
        return None, None

    def check(self, method, path, reply):
        """Raises AssertionError when the answer is not the one that is announced."""
        path = path.split("?")[0]
        if reply.status // 100 not in (2, 4, 5):
            return
        name, operation = self.operation(method, path)
        if operation is None:
            return
        kind = (reply.getheader("Content-Type") or "").split(";")[0]
        response = operation["responses"]["2XX" if reply.status // 100 == 2 else "default"]
        content = response.get("content", {})
        if "x-undescribed" in response:  # test_access.py tells
            return
        if reply.status == 204 or not reply.content:
            return
        assert kind in content, f"{method} {name}: {kind} is not announced, but {', '.join(content) or 'nothing'}"
        if "json" in kind and "schema" in content[kind]:
            wrong = list(differences(reply.json, content[kind]["schema"], self.components))
            assert not wrong, f"{method} {name}: " + "; ".join(wrong[:8])


def record(method, path, reply):
    """For the program below."""
    where = os.environ.get("MQ_ANSWERS")
    if where and reply.status // 100 == 2 and len(reply.content) < 4_000_000:
        kind = (reply.getheader("Content-Type") or "").split(";")[0]
        with open(f"{where}.{os.getpid()}", "a", encoding="utf-8") as out:
            out.write(json.dumps([method, path.split("?")[0], kind, reply.json], ensure_ascii=False) + "\n")


# --- schemas from what was seen ---------------------------------------------------------------------------------------------

FREE = {"scope", "strata", "particulars", "filters", "content", "input", "diagnosis"}  # objects whose names are data


def merged(values, name=""):
    kinds = {"b" if isinstance(v, bool) else "i" if isinstance(v, int) else "n" if isinstance(v, float) else "s" if isinstance(v, str)
             else "a" if isinstance(v, list) else "o" for v in values if v is not None}
    null = "?" if any(v is None for v in values) else ""
    if not kinds:
        return "*"
    if kinds == {"i", "n"}:
        kinds = {"n"}
    if len(kinds) > 1:
        return "*"
    kind = kinds.pop()
    if kind == "a":
        inner = [x for v in values if v is not None for x in v]
        return "[" + (merged(inner, name) if inner else "*") + "]" + null
    if kind != "o":
        return kind + null
    values = [v for v in values if v is not None]
    if name in FREE:
        return "*" + null
    names = list(dict.fromkeys(k for v in values for k in v))
    fields = [k + ("" if all(k in v for v in values) else "?") + ":" + merged([v[k] for v in values if k in v], k) for k in names]
    return "{" + " ".join(fields) + "}" + null


def main():
    root = pathlib.Path(__file__).resolve().parents[2] / "src" / "http"
    routes = re.findall(r'^API\((HTTP_\w+), "([^"]+)"', (root / "routes.def").read_text(encoding="utf-8"), re.M)
    known = set(re.findall(r'^ANSWER\((HTTP_\w+), "([^"]+)"', (root / "answers.def").read_text(encoding="utf-8"), re.M))
    patterns = [(m, p, re.compile("^" + re.sub(r"\{\w+\}", "[^/]+", p).replace(".", r"\.") + "$")) for m, p in
                sorted(routes, key=lambda r: r[1].count("{"))]
    seen = {}
    for file in pathlib.Path(sys.argv[1]).parent.glob(pathlib.Path(sys.argv[1]).name + ".*"):
        for line in file.read_text(encoding="utf-8").splitlines():
            method, path, kind, value = json.loads(line)
            for m, p, pattern in patterns:
                if m == "HTTP_" + method and pattern.match(path):
                    seen.setdefault((m, p), {}).setdefault(kind, []).append(value)
                    break
    for route in routes:
        if route in known:
            continue
        kinds = seen.get(route, {})
        values = [v for k, v in kinds.items() if "json" in k]
        values = [x for v in values for x in v if x is not None]
        if values and not [k for k in kinds if k and "json" not in k]:
            rows = all(isinstance(v, dict) and set(v) == {"rows", "next"} for v in values)
            text = "rows " + merged([x for v in values for x in v["rows"]] or [None]) if rows else merged(values)
        elif not kinds:
            text = "UNSEEN"
        else:
            text = " ".join(sorted("file:" + k for k in kinds if k)) or "-"
        print(f'ANSWER({route[0]}, "{route[1]}", "{text}")')


if __name__ == "__main__":
    main()
