#!/usr/bin/env python3
"""sqlgen - SQL written once, for both engines, as C (HACKING.md, "SQL").

  sqlgen.py queries NOUN.sql OUT.h OUT.c        structs, typed functions and a table of one module's queries
  sqlgen.py tables OUT.c NOUN...                one table of all modules' queries, for the tests
  sqlgen.py migrations OUT.h OUT.c FILE.sql...  schema/NNNN_name.sql as statements for each engine
"""
import hashlib
import os
import re
import sys

ENGINES = ("sqlite", "postgres")  # order of enum db_engine
TYPES = {"i64": ("DB_I64", "int64_t", "bigint"), "text": ("DB_TEXT", "struct str", "text"),
         "blob": ("DB_BLOB", "struct str", "bytea")}
KEYWORDS = set("""auto break case char const continue default do double else enum extern float for goto if inline
int long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile
while""".split())
FIELDS_MAX = 64
# What can hide a colon or a semicolon: strings, quoted names, comments, casts.
OPAQUE = r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|::"


def fail(where, message):
    sys.exit(f"{where}: {message}")


class Field:
    def __init__(self, text, where):
        self.struct = None  # the part it belongs to, and under which name
        m = re.fullmatch(r"([a-z][a-z0-9_]*) (i64|text|blob)(\?)?", text.strip())
        if not m or m[1] in KEYWORDS:
            fail(where, f"not a field: {text!r} (want: name i64|text|blob[?])")
        self.name, self.type, self.nullable = m[1], m[2], bool(m[3])

    def declaration(self):
        return f"{'struct opt_i64' if self.type == 'i64' and self.nullable else TYPES[self.type][1]} {self.name};"

    def entry(self, struct):
        path = f"{self.struct[0]}.{self.name}" if self.struct else self.name
        return (f'{{"{self.name}", offsetof(struct {struct}, {path}), {TYPES[self.type][0]}, '
                f'{"true" if self.nullable else "false"}}}')


class Query:
    def __init__(self, name, where):
        self.name, self.where = name, where
        self.doc, self.fields, self.rows, self.changes_one, self.scan = [], {"in": [], "out": []}, None, False, None
        self.text = {None: []}
        self.parts = [] # texts used by several queries, with their inputs or columns as one struct

    def engine_text(self, engine):
        return "\n".join(self.text.get(ENGINES[engine]) or self.text[None]).strip().rstrip(";")

    def take_fields(self, side, words, parts, where):
        """name type, …; or name part."""
        for word in filter(None, (w.strip() for w in words.split(","))):
            part = parts.get(word.split(" ")[-1])
            if part is None:
                self.fields[side].append(Field(word, where))
                continue
            self.parts.append(part)
            for f in part.fields[side]:
                copy = Field(f"{f.name} {f.type}{'?' if f.nullable else ''}", where)
                copy.struct = (word.split(" ")[0], part.name)
                self.fields[side].append(copy)

    def sql(self, engine):
        text = self.engine_text(engine)
        for part in self.parts:
            text = text.replace("{" + part.name + "}", part.engine_text(engine))
        numbers = {f.name: i + 1 for i, f in enumerate(self.fields["in"])}
        seen = set()

        def parameter(m):
            if m[1] is None:
                return m[0]
            if m[1] not in numbers:
                fail(self.where, f"{self.name}: parameter :{m[1]} is not declared by '-- in:'")
            seen.add(m[1])
            cast = TYPES[self.fields["in"][numbers[m[1]] - 1].type][2]
            return f"${numbers[m[1]]}::{cast}" if engine == 1 else f"?{numbers[m[1]]}"

        out = re.sub(OPAQUE + r"|:([a-z][a-z0-9_]*)", parameter, text)
        if not text or seen != set(numbers):
            fail(self.where, f"{self.name}: no statement, or unused inputs {sorted(set(numbers) - seen)}")
        return out

    def finish(self):
        if self.rows is None and self.fields["out"]:
            fail(self.where, f"{self.name}: '-- out:' needs '-- rows: one' or 'many'")
        if self.rows and not self.fields["out"]:
            fail(self.where, f"{self.name}: '-- rows:' needs '-- out:'")
        for side in self.fields.values():
            if len(side) > FIELDS_MAX or len({f.name for f in side}) < len(side):
                fail(self.where, f"{self.name}: too many fields, or one twice")
        if self.changes_one and self.rows:
            fail(self.where, f"{self.name}: '-- changes: one' is for statements without rows")


def read_queries(path):
    noun = os.path.basename(path)[:-len(".sql")]
    queries, q, engine, pending, parts = [], None, None, None, {}
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        where, line = f"{path}:{number}", line.rstrip()
        m = re.match(r"-- (name|part|in|out|rows|changes|scan|sqlite|postgres):\s*(.*)", line)
        if m and m[1] == "name":
            if not re.fullmatch(noun + r"(_[a-z0-9_]+)?", m[2]):
                fail(where, f"query names of this file start with {noun}_")
            q, engine, pending = Query(m[2], where), None, None
            queries.append(q)
        elif m and m[1] == "part":
            if not re.fullmatch(noun + r"_[a-z0-9_]+", m[2]) or m[2] in parts:
                fail(where, f"parts of this file start with {noun}_, each once")
            q, engine, pending = Query(m[2], where), None, None
            parts[m[2]] = q
        elif q is None:
            if line and not line.startswith("--"):
                fail(where, "a statement before the first '-- name:'")
        elif m and m[1] in ("in", "out") or (pending and line.startswith("--")):
            side, words = (m[1], m[2]) if m else (pending, line[2:])
            q.take_fields(side, words, parts, where)
            pending = side if words.rstrip().endswith(",") else None
        elif m and m[1] in ENGINES:
            engine = m[1]
            q.text[engine] = []
        elif m and m[1] == "rows" and m[2] in ("one", "many"):
            q.rows = m[2]
        elif m and m[1] == "changes" and m[2] == "one":
            q.changes_one = True
        elif m and m[1] == "scan" and m[2]:
            q.scan = m[2]
        elif m:
            fail(where, f"'-- {m[1]}: {m[2]}' is not understood")
        elif line.startswith("--"):
            if not any(q.text.values()):
                q.doc.append(line[2:].strip())
        elif line:
            q.text.setdefault(engine, []).append(line)
    for q in queries:
        q.finish()
    if len({q.name for q in queries}) < len(queries):
        fail(path, "a query name twice")
    return noun, queries, list(parts.values())


def literal(text):
    """A C string, one line of source per line of text."""
    escape = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}
    return "\n        ".join('"' + "".join(escape.get(c, c) for c in line) + '"'
                             for line in text.splitlines(keepends=True) or [""])


def signatures(q):
    """(result name, parameters) of each function of a query."""
    arg = f"const struct {q.name}_in *in, " if q.fields["in"] else ""
    if q.rows == "one":
        return [(q.name, f"struct db *db, struct arena *a, {arg}struct {q.name}_row *row")]
    if q.rows == "many":
        return [(q.name, f"struct db *db, struct arena *a, {arg}struct {q.name}_row **rows, size_t *count"),
                (q.name + "_each", f"struct db *db, {arg}{q.name}_fn fn, void *ctx")]
    arg = arg[:-2]
    return [(q.name, ", ".join(filter(None, ["struct db *db", arg]))),
            (q.name + "_counted", ", ".join(filter(None, ["struct db *db", arg, "int64_t *changed"])))]


def body(q, name):
    query, arg = f"&{q.name}_query", "in" if q.fields["in"] else "NULL"
    if q.rows == "one":
        return f"    return db_one(db, a, {query}, {arg}, row);\n"
    if name.endswith("_each") and q.rows:
        return (f"    struct {q.name}_call call = {{fn, ctx}};\n\n"
                f"    return db_each(db, {query}, {arg}, {q.name}_row_each, &call);\n")
    if q.rows:
        return (f"    void *list = NULL;\n    enum err e = db_list(db, a, {query}, {arg}, &list, count);\n\n"
                "    if (e == OK)\n        *rows = list;\n    return e;\n")
    if name != q.name:
        return f"    return db_run(db, {query}, {arg}, changed);\n"
    if not q.changes_one:
        return f"    return db_run(db, {query}, {arg}, NULL);\n"
    return (f"    int64_t changed = 0;\n    enum err e = db_run(db, {query}, {arg}, &changed);\n\n"
            "    return e == OK && changed == 0 ? ERR_STATE : e;\n")


def members_of(fields):
    """The members of a struct: the inputs of a part are one of them."""
    lines = (f"struct {f.struct[1]} {f.struct[0]};" if f.struct else f.declaration() for f in fields)
    return ["    " + line for line in dict.fromkeys(lines)]


def header_of_part(part):
    return [f"struct {part.name} {{", *members_of(part.fields["in"] or part.fields["out"]), "};",
            "/* " + " ".join(part.doc).replace("*/", "* /") + " */", ""]


def header_of(q):
    out = []
    for side, struct in (("in", q.name + "_in"), ("out", q.name + "_row")):
        if q.fields[side]:
            out += [f"struct {struct} {{", *members_of(q.fields[side]), "};"]
    if q.rows == "many":
        out.append(f"typedef enum err (*{q.name}_fn)(void *ctx, const struct {q.name}_row *row);")
    out.append(f"extern const struct db_query {q.name}_query;")
    out += ["/* " + " ".join(q.doc).replace("*/", "* /") + " */"] if q.doc else []
    return out + [f"MUST_USE enum err {name}({args});" for name, args in signatures(q)] + [""]


def source_of(q):
    out, pointers = [], {}
    for side, struct in (("in", q.name + "_in"), ("out", q.name + "_row")):
        fields, pointers[side] = q.fields[side], ("NULL", "0", "0")
        if fields:
            out += [f"static const struct db_field {q.name}_{side}_fields[] = {{",
                    *(f"    {f.entry(struct)}," for f in fields), "};"]
            pointers[side] = (f"{q.name}_{side}_fields", str(len(fields)), f"sizeof(struct {struct})")
    (i, ic, ib), (o, oc, ob) = pointers["in"], pointers["out"]
    scan = literal(q.scan) if q.scan else "NULL"
    out += [f"const struct db_query {q.name}_query = {{", f'    "{q.name}",',
            *(f"    {'{' if e == 0 else ' '}{literal(q.sql(e))}{'},' if e else ','}" for e in (0, 1)),
            f"    {i}, {o}, {ic}, {oc}, {ib}, {ob}, {scan}", "};"]
    if q.rows == "many":
        out += [f"struct {q.name}_call {{", f"    {q.name}_fn fn;", "    void *ctx;", "};", "static enum err",
                f"{q.name}_row_each(void *ctx, const void *row)", "{",
                f"    struct {q.name}_call *call = ctx;", "", "    return call->fn(call->ctx, row);", "}"]
    for name, args in signatures(q):
        out += ["enum err", f"{name}({args})", "{", body(q, name) + "}"]
    return out + [""]


def write(path, lines):
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


def main_queries(path, header, source):
    noun, queries, parts = read_queries(path)
    guard = f"MQ_{noun.upper()}_SQL_H"
    write(header, [f"/* Generated from {noun}.sql by tools/sqlgen.py. */", f"#ifndef {guard}", f"#define {guard}", "",
                   '#include "store/db.h"', "", *(line for part in parts for line in header_of_part(part)),
                   *(line for q in queries for line in header_of(q)),
                   f"extern const struct db_query *const {noun}_queries[];",
                   f"extern const size_t {noun}_queries_count;", "", "#endif"])
    write(source, [f"/* Generated from {noun}.sql by tools/sqlgen.py. */", f'#include "mod/{noun}_sql.h"', "",
                   *(line for q in queries for line in source_of(q)),
                   f"const struct db_query *const {noun}_queries[] = {{",
                   *(f"    &{q.name}_query," for q in queries), "    NULL};",
                   f"const size_t {noun}_queries_count = {len(queries)};"])


def main_tables(source, nouns):
    write(source, ["/* Generated by tools/sqlgen.py: the queries of all modules. */", '#include "mod/all_sql.h"', "",
                   *(f"extern const struct db_query *const {n}_queries[];" for n in nouns), "",
                   "const struct db_query *const *const all_queries[] = {", *(f"    {n}_queries," for n in nouns),
                   "    NULL};"])


def statements_of(path):
    """(sql, table, hash column, engines) of each statement; the markers stand in comment lines above it."""
    text = open(path, encoding="utf-8").read()
    sql, comments = "", ""
    for token in re.findall(OPAQUE + r"|;|[^'\"\-:;]+|.", text + ";"):
        if token.startswith("--"):
            comments += token + "\n"
        elif token != ";":
            sql += token
        else:
            marks = dict(re.findall(r"^-- (hash|sqlite|postgres):\s*(\w*)", comments, re.M))
            sql = "\n".join(line.rstrip() for line in sql.splitlines() if line.strip())
            table = re.match(r"CREATE TABLE (\w+)", sql)
            if "hash" in marks and not table:
                fail(path, f"'-- hash:' needs CREATE TABLE: {sql[:60]!r}")
            if sql:
                yield sql, table and table[1], marks.get("hash"), [e for e in ENGINES if e in marks] or ENGINES
            sql, comments = "", ""


def dialect(sql, engine):
    """{blob} by engine; PostgreSQL sorts text by bytes, as SQLite does."""
    if engine == "sqlite":
        return sql.replace("{blob}", "BLOB")
    return re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', sql.replace("{blob}", "BYTEA"))


def main_migrations(header, source, paths):
    out, table = ["/* Generated from schema/ by tools/sqlgen.py. */", f'#include "mod/{os.path.basename(header)}"', ""], []
    for path in sorted(paths):
        m = re.fullmatch(r"(\d{4})_([a-z0-9_]+)\.sql", os.path.basename(path))
        if not m or int(m[1]) != len(table) + 1:
            fail(path, "migrations are named NNNN_name.sql and numbered 0001, 0002, … without a gap")
        parts = []
        for engine in ENGINES:
            rows = [(dialect(s, engine), t, h) for s, t, h, engines in statements_of(path) if engine in engines]
            name = f"{engine}_{m[1]}"
            out += [f"static const struct db_statement {name}[] = {{",
                    *("    {" + literal(s) + (f', "{t}", "{h}"}},' if h else ", NULL, NULL},") for s, t, h in rows), "};"]
            parts.append((name, len(rows)))
        digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
        table.append(f'    {{{int(m[1])}, "{m[2]}", "{digest}", {{{parts[0][0]}, {parts[1][0]}}}, '
                     f'{{{parts[0][1]}, {parts[1][1]}}}}},')
    out += ["const struct db_migration schema_migrations[] = {", *table, "};",
            f"const size_t schema_migrations_count = {len(table)};"]
    write(header, ["/* Generated from schema/ by tools/sqlgen.py. */", "#ifndef MQ_SCHEMA_SQL_H",
                   "#define MQ_SCHEMA_SQL_H", "", '#include "store/db.h"', "",
                   "extern const struct db_migration schema_migrations[];",
                   "extern const size_t schema_migrations_count;", "", "#endif"])
    write(source, out)


if __name__ == "__main__":
    args = sys.argv[1:]
    if len(args) == 4 and args[0] == "queries":
        main_queries(*args[1:])
    elif len(args) >= 2 and args[0] == "tables":
        main_tables(args[1], args[2:])
    elif len(args) >= 3 and args[0] == "migrations":
        main_migrations(args[1], args[2], args[3:])
    else:
        sys.exit(__doc__)
