#!/usr/bin/env python3
"""Re-run the matching of inspectors 匹配检查人员: mingqian-match/v1 (docs/spec/match-1.md).

    python3 match.py INSTANCE --seed HEX --slack N   the teams: "owners …", or "infeasible …" with its raw cuts
    python3 match.py DIR                             derive the instance from the frozen files, match, compare owners.txt
    python3 match.py DIR --recompute                 print the bytes of owners.txt as computed here
    python3 match.py DIR --instance                  print the derived instance
    --en                                             English instead of Chinese

Written from the specification alone: it shares no code with the program that made the match. Python 3.9 or newer,
standard library only. Numbers such as (3.5) in comments are the sections of the specification.
"""
import datetime
import hashlib
import os
import re
import sys

import draw
from draw import Reader, Refused

LIMIT = 1 << 20
MAX_STEPS = 100000  # of one walk


def sha256(data):
    return hashlib.sha256(data).digest()


# --- (2) random words ----------------------------------------------------------------------------------------------

class Words:
    """Numbers from a 32-byte seed."""

    def __init__(self, seed):
        self.seed, self.counter, self.ready = seed, 0, []

    def word(self):
        if not self.ready:
            block = sha256(self.seed + b"DM1\0" + self.counter.to_bytes(8, "big"))
            self.ready = [int.from_bytes(block[i:i + 8], "big") for i in (24, 16, 8, 0)]  # used from the left
            self.counter += 1
        return self.ready.pop()

    def below(self, n):
        """bnd(n): uniform from 0 to n - 1, without the bias of a plain remainder."""
        if n <= 1:
            return 0
        while True:
            v = self.word()
            if v < 2**64 - 2**64 % n:
                return v % n

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items


# --- (1) the instance ----------------------------------------------------------------------------------------------

class Instance:
    """Inspectors with prior load `base` and `cap` of new places; class lists; groups of places to fill."""

    def __init__(self, base, cap, classes, groups, lead=()):
        self.base, self.cap, self.classes = base, cap, classes
        self.groups = groups  # of (target, class, demand, set of forbidden inspectors)
        self.lead = frozenset(lead)  # lead-qualified inspectors

    def eligible(self, g):
        """Ascending."""
        _, c, _, forbidden = self.groups[g]
        return [i for i in self.classes[c] if i not in forbidden]


class Tokens:
    """The integers of an instance, one after the other, each with its line."""

    def __init__(self, data, file):
        self.file, self.at, self.number = file, 0, 1
        self.tokens = [(number, word) for number, line in enumerate(data.split(b"\n"), 1)
                       for word in re.split(rb"[ \t\r]+", line) if word]

    def refuse(self, zh, en):
        raise Refused(self.file, self.number, zh, en)

    def take(self, limit):
        """The next integer, from 0 to limit."""
        if self.at == len(self.tokens):
            self.refuse("内容不完整", "an integer is missing")
        self.number, word = self.tokens[self.at]
        self.at += 1
        if not re.fullmatch(rb"0|[1-9][0-9]{0,15}", word) or int(word) > limit:
            shown = word.decode("ascii", "replace")
            self.refuse("“%s”不是 0 至 %d 的整数" % (shown, limit), "'%s' is not an integer from 0 to %d" % (shown, limit))
        return int(word)

    def take_list(self, below):
        """A count and so many inspectors, strictly ascending."""
        ids = []
        for _ in range(self.take(LIMIT)):
            ids.append(self.take(below - 1))
            if len(ids) > 1 and ids[-2] >= ids[-1]:
                self.refuse("编号未按升序排列或重复", "not strictly ascending")
        return ids

    def end(self):
        if self.at < len(self.tokens):
            self.number = self.tokens[self.at][0]
            self.refuse("多余的数", "an integer too many")


def check_targets(t, classes, groups):
    """Targets ascend, so the groups of one stand together; their classes share nobody."""
    before, members = -1, set()
    for target, c, _, _ in groups:
        if target < before:
            t.refuse("对象 %d 次序不对" % target, "target %d after target %d" % (target, before))
        if target > before:
            before, members = target, set()
        if not members.isdisjoint(classes[c]):
            t.refuse("对象 %d 的两组有共同人员" % target, "two groups of target %d share an inspector" % target)
        members.update(classes[c])


def parse_instance(data, file="instance"):
    t = Tokens(data, file)
    pairs = [(t.take(LIMIT), t.take(LIMIT)) for _ in range(t.take(LIMIT))]
    classes = [t.take_list(len(pairs)) for _ in range(t.take(LIMIT))]
    groups = []
    for _ in range(t.take(LIMIT)):
        target, c, demand = t.take(2**53 - 1), t.take(len(classes) - 1), t.take(1024)
        groups.append((target, c, demand, frozenset(t.take_list(len(pairs)))))
    t.end()
    if sum(g[2] for g in groups) > 1 << 22:
        t.refuse("位置总数过多", "too many places in all")
    if sum(map(len, classes)) + sum(len(g[3]) for g in groups) > 1 << 27:
        t.refuse("名单总长过大", "too many list entries in all")
    check_targets(t, classes, groups)
    return Instance([p[0] for p in pairs], [p[1] for p in pairs], classes, groups)


def canonical(instance):
    """The instance as text."""
    def row(*numbers):
        return " ".join(map(str, numbers)) + "\n"

    out = [row(len(instance.base))] + [row(b, c) for b, c in zip(instance.base, instance.cap)]
    out += [row(len(instance.classes))] + [row(len(c), *c) for c in instance.classes]
    out.append(row(len(instance.groups)))
    out += [row(t, c, d, len(f), *sorted(f)) for t, c, d, f in instance.groups]
    return "".join(out).encode()


# --- (3.1) components ------------------------------------------------------------------------------------------------

def components(instance):
    """Lists of groups, joined through inspectors eligible for both, ordered by their smallest group."""
    parent = list(range(len(instance.groups)))

    def root(g):
        while parent[g] != g:
            g = parent[g]
        return g

    first_of = {}
    for g in range(len(parent)):
        for i in instance.eligible(g):
            a, b = root(first_of.setdefault(i, g)), root(g)
            parent[max(a, b)] = min(a, b)
    parts = {}
    for g in range(len(parent)):
        parts.setdefault(root(g), []).append(g)
    return [parts[r] for r in sorted(parts)]


def component_seed(seed, target, group):
    return sha256(seed + b"COMP" + target.to_bytes(8, "big") + group.to_bytes(8, "big"))


def extract(instance, groups):
    """The sub-instance of one component, and its inspectors (ascending)."""
    people = sorted({i for g in groups for i in instance.eligible(g)})
    new = {i: k for k, i in enumerate(people)}
    used = sorted({instance.groups[g][1] for g in groups})
    classes = [[new[i] for i in instance.classes[c] if i in new] for c in used]
    sub = []
    for g in groups:
        target, c, demand, forbidden = instance.groups[g]
        sub.append((target, used.index(c), demand, frozenset(new[i] for i in forbidden if i in new)))
    lead = [new[i] for i in instance.lead if i in new]
    return Instance([instance.base[i] for i in people], [instance.cap[i] for i in people], classes, sub, lead), people


# --- (3.2) the state of a match --------------------------------------------------------------------------------------

def inverse(labels):
    """From "label of each number" to "number of each label"."""
    numbers = [0] * len(labels)
    for number, label in enumerate(labels):
        numbers[label] = number
    return numbers


class State:
    """Everything in labels (P0). A place has at most one owner; an inspector has a list of places."""

    def __init__(self, instance, words):
        label = words.shuffle(list(range(len(instance.base))))  # of each inspector
        self.person_of = inverse(label)
        self.group_of = inverse(words.shuffle(list(range(len(instance.groups)))))
        self.base = [instance.base[i] for i in self.person_of]
        self.cap = [instance.cap[i] for i in self.person_of]
        classes = [sorted(label[i] for i in c) for c in instance.classes]
        self.pool = [classes[instance.groups[g][1]] for g in self.group_of]  # of each group: its class list
        self.forbidden = [{label[i] for i in instance.groups[g][3]} for g in self.group_of]
        self.place_group = [k for k, g in enumerate(self.group_of) for _ in range(instance.groups[g][2])]
        self.owner = [None] * len(self.place_group)
        self.team = [set() for _ in self.group_of]
        self.places = [[] for _ in self.base]

    def level(self, i):
        return self.base[i] + len(self.places[i])

    def has_room(self, i):
        return len(self.places[i]) < self.cap[i]

    def may_join(self, i, g):
        return i not in self.forbidden[g] and i not in self.team[g]

    def candidates(self, g):
        """Those who may join group g, in label order."""
        return [i for i in self.pool[g] if self.may_join(i, g)]

    def take(self, place):
        """Take a place from its owner: the last of its list fills the gap."""
        i = self.owner[place]
        mine = self.places[i]
        mine[mine.index(place)] = mine[-1]
        mine.pop()
        self.team[self.place_group[place]].discard(i)
        self.owner[place] = None
        return i

    def give(self, place, i):
        self.owner[place] = i
        self.places[i].append(place)
        self.team[self.place_group[place]].add(i)


# --- (3.3) to (3.6): a complete and balanced start ----------------------------------------------------------------------

def greedy(state):
    """(3.3) Each place to the least loaded candidate, the smallest label among equals."""
    for place, g in enumerate(state.place_group):
        free = [i for i in state.candidates(g) if state.has_room(i)]
        if free:
            state.give(place, min(free, key=lambda i: (state.level(i), i)))


class Search:
    """(3.4) Breadth first: place -> candidates of its group -> their places. Each group is expanded once."""

    def __init__(self, state, ends):
        self.state, self.ends = state, ends
        self.groups, self.queue, self.came_by = set(), [], {}  # came_by: inspector -> place it would take

    def expand(self, place):
        """Reach the candidates of the place's group; the first that ends the search, or None."""
        g = self.state.place_group[place]
        if g in self.groups:
            return None
        self.groups.add(g)
        for i in self.state.candidates(g):
            if i not in self.came_by:
                self.came_by[i] = place
                self.queue.append(i)
                if self.ends(i):
                    return i
        return None

    def run(self):
        """Go on from the queued inspectors; the one that ends the search, or None."""
        for i in self.queue:  # grows while it is read
            for place in sorted(self.state.places[i]):
                end = self.expand(place)
                if end is not None:
                    return end
        return None

    def shift(self, i):
        """Inspector i takes the place it was reached by, whose owner takes the one before it, …"""
        while i is not None and self.came_by[i] is not None:
            place = self.came_by[i]
            before = self.state.take(place) if self.state.owner[place] is not None else None
            self.state.give(place, i)
            i = before


def fill(state):
    """(3.5) Fill the places left empty by shifting; the cuts that prove what cannot be filled."""
    cuts = []
    for place in range(len(state.owner)):
        if state.owner[place] is None:
            search = Search(state, state.has_room)
            end = search.expand(place)
            if end is None:
                end = search.run()
            if end is None:
                cuts.append((search.groups, set(search.came_by)))
            else:
                search.shift(end)
    return cuts


def balance(state):
    """(3.6) Move places from level L to level L - 2 or below until none can move. Gives the level u of each."""
    u = {}
    levels = [state.level(i) for i in range(len(state.base))]
    for top in range(max(levels, default=0), min(levels, default=0), -1):
        while True:
            search = Search(state, lambda i: state.level(i) <= top - 2 and state.has_room(i))
            search.queue = [i for i in range(len(state.base)) if state.level(i) == top]
            search.came_by = {i: None for i in search.queue}
            end = search.run()
            if end is None:
                break
            search.shift(end)
        for i in search.came_by:
            u.setdefault(i, min(top, state.base[i] + state.cap[i]))
    return [u.get(i, state.level(i)) for i in range(len(state.base))]


# --- (3.7) random walks ----------------------------------------------------------------------------------------------

class Walker:
    """A walk takes one place out and passes places on until the load profile is within its window again."""

    def __init__(self, state, u, slack):
        self.state, self.u, self.slack = state, u, slack

    def closes(self, w, v, kv, vok):
        s = self.state
        if self.slack < 0:
            return s.level(w) == kv and s.has_room(w)
        return w == v or vok and s.level(w) < self.u[w] + self.slack and s.has_room(w)

    def pick(self, g, words):
        """Random members of the class list until one fits."""
        pool = self.state.pool[g]
        while True:
            w = pool[words.below(len(pool))]
            if self.state.may_join(w, g):
                return w

    def undo(self, moves, first, v):
        """Last move first: each inspector gets its old place back and then gives up the new one."""
        for w, new, old in reversed(moves):
            self.state.give(old, w)
            self.state.take(new)
        self.state.give(first, v)

    def walk(self, words):
        """One walk; the number of its steps."""
        s, moves = self.state, []
        first = place = words.below(len(s.owner))
        v = s.take(place)
        kv = s.level(v)
        vok = kv >= self.u[v] - 1 - self.slack
        for step in range(1, MAX_STEPS + 1):
            w = self.pick(s.place_group[place], words)
            if self.closes(w, v, kv, vok):
                s.give(place, w)
                return step
            if not s.places[w]:
                break
            old = s.places[w][words.below(len(s.places[w]))]
            s.take(old)
            s.give(place, w)
            moves.append((w, place, old))
            place = old
        self.undo(moves, first, v)
        return step


def start(instance, words):
    """P0 to P3: the state, its level bounds, and the raw cuts (then without bounds)."""
    state = State(instance, words)
    greedy(state)
    cuts = fill(state)
    return state, None if cuts else balance(state), cuts


def walk_count(instance, slack):
    """K, from a pilot run of this component on the all-zero seed."""
    words = Words(bytes(32))
    state, u, _ = start(instance, words)
    pilot = Walker(state, u, slack)
    steps = sum(pilot.walk(words) for _ in range(256))
    return max(64, -(-32 * len(state.owner) * 256 // steps))


def mix(instance, state, u, slack, words):
    if state.owner:
        walker = Walker(state, u, slack)
        for _ in range(walk_count(instance, slack)):
            walker.walk(words)


# --- (3.8) lead, reserves, result ------------------------------------------------------------------------------------

def choose(instance, g, team, words):
    """The lead (or None) and the ordered reserves of group g."""
    qualified = [i for i in team if i in instance.lead]
    lead = qualified[words.below(len(qualified))] if qualified else None
    return lead, words.shuffle([i for i in instance.eligible(g) if i not in team])


def solve_component(whole, groups, seed, slack):
    """({group: (team, lead, reserves)}, raw cuts) with the numbers of the whole instance."""
    instance, people = extract(whole, groups)
    words = Words(component_seed(seed, whole.groups[groups[0]][0], groups[0]))
    state, u, cuts = start(instance, words)
    if cuts:
        return {}, [(sorted(groups[state.group_of[g]] for g in S), sorted(people[state.person_of[i]] for i in A))
                    for S, A in cuts]
    mix(instance, state, u, slack, words)
    team_of = {state.group_of[k]: sorted(state.person_of[i] for i in team) for k, team in enumerate(state.team)}
    answer = {}
    for g, number in enumerate(groups):
        lead, reserves = choose(instance, g, team_of[g], words)
        answer[number] = ([people[i] for i in team_of[g]], None if lead is None else people[lead],
                          [people[i] for i in reserves])
    return answer, []


def solve(instance, seed, slack):
    """({group: (team, lead, reserves)}, the raw cuts of each component that has some)."""
    answer, cuts = {}, []
    for groups in components(instance):
        part, raw = solve_component(instance, groups, seed, slack)
        answer.update(part)
        if raw:
            cuts.append(raw)
    return answer, cuts


def run_line(instance, seed, slack):
    """(4) The line that `match run` prints."""
    answer, cuts = solve(instance, seed, slack)
    if cuts:
        return "infeasible " + "; ".join("groups %s inspectors %s" % cut for raw in cuts for cut in raw)
    return "owners " + ";".join(" ".join(map(str, answer[g][0])) for g in range(len(instance.groups)))


# --- (4) the cut that is published -----------------------------------------------------------------------------------

def count_eligible(instance, S):
    """e_i(S) of each inspector eligible for some group of S."""
    e = {}
    for g in S:
        for i in instance.eligible(g):
            e[i] = e.get(i, 0) + 1
    return e


def need(instance, S):
    return sum(instance.groups[g][2] for g in S)


def capacity(instance, S):
    return sum(min(instance.cap[i], e) for i, e in count_eligible(instance, S).items())


def minimal_cut(instance, raw):
    """The union of the raw cuts, made minimal by passes of deletion: (S, A)."""
    S, before = {g for groups, _ in raw for g in groups}, None
    while S != before:
        before = set(S)
        for g in sorted(S, reverse=True):
            if need(instance, S - {g}) > capacity(instance, S - {g}):
                S.remove(g)
    A = [i for i, e in count_eligible(instance, S).items() if instance.cap[i] < e]
    return sorted(S), sorted(A)


# --- (5) from the registry to the instance ---------------------------------------------------------------------------

TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
REGION = re.compile(r"[0-9]{1,12}")
ID = re.compile(r"[!-~]{1,54}")
SALT = re.compile(r"-|[0-9a-f]{32}")


def open_document(data, file):
    r = Reader(data, file)
    for r.number, line in enumerate(r.rest, 1):
        if len(line) > 4096:
            r.refuse("行过长", "the line is longer than 4096 bytes")
    r.number = 0
    return r


def parse_list(r, text, pattern):
    """A list of tokens: '-' is the empty one."""
    items = [] if text == "-" else [r.matching(pattern, x) for x in text.split(",")]
    for before, now in zip(items, items[1:]):
        r.ascending(before, now)
    return items


def parse_date(r, text):
    if re.fullmatch(r"(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
        try:
            return datetime.date.fromisoformat(text).toordinal()
        except ValueError:
            pass
    return r.refuse("日期无效：%s" % text, "not a date: %s" % text)


def parse_leave(r, text):
    periods = []
    for item in [] if text == "-" else text.split(","):
        ends = item.split("/")
        if len(ends) != 2:
            r.refuse("请假期间应为 起/止", "a leave is first/last")
        first, last = parse_date(r, ends[0]), parse_date(r, ends[1])
        if first > last or periods and first <= periods[-1][1]:
            r.refuse("请假期间颠倒或重叠", "a leave ends before it begins, or overlaps the one before")
        periods.append((first, last))
    return periods


def all_or_list(r, text, pattern):
    return "*" if text == "*" else parse_list(r, text, pattern)


def parse_inspector(r, fields):
    """(5.2) One line of staff.tsv."""
    name, department, regions, skills, items, cap, lead, valid, leave, salt = fields
    r.matching(SALT, salt)
    return {"name": r.matching(TOKEN, name), "department": r.integer(department, 0, 63),
            "regions": all_or_list(r, regions, REGION), "skills": set(parse_list(r, skills, TOKEN)),
            "items": all_or_list(r, items, TOKEN), "cap": r.integer(cap, 0, 65535),
            "lead": r.integer(lead, 0, 1), "valid": None if valid == "-" else parse_date(r, valid),
            "leave": parse_leave(r, leave)}


def table(data, file, columns):
    """Reader and fields of each line of a .tsv."""
    r = open_document(data, file)
    for r.number, line in enumerate(r.rest, 1):
        fields = line.split("\t")
        if len(fields) != columns:
            r.refuse("应有 %d 列" % columns, "%d columns expected" % columns)
        yield r, fields


def parse_staff(data):
    """(5.2) staff.tsv, ascending by pseudonym."""
    staff = []
    for r, fields in table(data, "staff.tsv", 10):
        person = parse_inspector(r, fields)
        r.ascending(staff[-1]["name"] if staff else None, person["name"])
        staff.append(person)
    return staff


def parse_forbidden(data, names):
    """(5.3) forbidden.tsv: a set of (pseudonym, id, reason)."""
    found, before = set(), None
    for r, (name, target, reason, salt) in table(data, "forbidden.tsv", 4):
        r.matching(SALT, salt)
        now = (r.matching(TOKEN, name), r.matching(ID, target), r.matching(re.compile("last|recusal"), reason))
        r.ascending(before, now)
        if name not in names:
            r.refuse("staff.tsv 中没有 %s" % name, "%s is not in staff.tsv" % name)
        found.add(now)
        before = now
    return found


def parse_weeks(r):
    weeks = []
    while r.next_is("week"):
        batch, first, last = r.take("week", 3)
        r.integer(batch, len(weeks) + 1, len(weeks) + 1)
        weeks.append((parse_date(r, first), parse_date(r, last)))
        if weeks[-1][0] > weeks[-1][1]:
            r.refuse("周的起止颠倒", "the week ends before it begins")
    return weeks


def parse_items(r):
    items, before = {}, None
    while r.next_is("items"):
        department, names = r.take("items", 2)
        q = r.integer(department, 0, 63)
        r.ascending(before, q)
        items[q], before = parse_list(r, names, TOKEN), q
    return items


def parse_places(r):
    """{(department, stratum or '*'): (n, region, skills as written)}"""
    places, before = {}, None
    while r.next_is("places"):
        department, stratum, n, region, skills = r.take("places", 5)
        now = (r.integer(department, 0, 63), stratum if stratum == "*" else r.matching(draw.NAME, stratum))
        r.ascending(before, now)
        if region not in ("*", "id"):
            r.matching(REGION, region)
        parse_list(r, skills, TOKEN)
        places[now], before = (r.integer(n, 0, 64), region, skills), now
    return places


def parse_rules(data):
    """(5.4) rules.txt"""
    r, rules = open_document(data, "rules.txt"), {}
    r.take("mingqian-rules/v1", 0)
    slack = r.take("slack", 1)[0]
    rules["slack"] = -1 if slack == "-1" else r.integer(slack, 0, 64)
    rules["team"] = r.integer(r.take("team", 1)[0], 1, 64)
    rules["rotation"] = r.matching(re.compile("on|off"), r.take("rotation", 1)[0]) == "on"
    rules["weeks"], rules["items"], rules["places"] = parse_weeks(r), parse_items(r), parse_places(r)
    r.end()
    if not rules["weeks"] or not rules["places"]:
        r.refuse("缺少 week 或 places 行", "a week and a places line are needed")
    return rules


def check_staff_text(files, draw_digest, staff_rows, forbidden_rows):
    """(5.1) staff.txt: the roots and digests of the files behind it."""
    r = open_document(files["staff.txt"], "staff.txt")
    r.take("mingqian-staff/v1", 0)
    if r.take("draw-digest", 1)[0] != draw_digest:
        r.refuse("draw-digest 与 draw.txt 不符", "is not the digest of draw.txt")
    for word, file, rows in (("inspectors", "staff.tsv", staff_rows), ("forbidden", "forbidden.tsv", forbidden_rows)):
        root = draw.tree_root(files[file].split(b"\n")[:-1], sha256).hex()
        if r.take(word, 2) != [str(rows), root]:
            r.refuse("与 %s 不符：%d 行，根 %s" % (file, rows, root), "%s has %d lines and root %s" % (file, rows, root))
    if r.take("rules", 1)[0] != sha256(files["rules.txt"]).hex():
        r.refuse("与 rules.txt 的摘要不符", "is not the digest of rules.txt")
    r.end()


def region_of_id(who):
    """(5.5, 3) The region in a target's id, '*' if it has none."""
    digits = who[2:8]
    if (len(who) == 18 or who.startswith("R-")) and re.fullmatch("[0-9]{6}", digits):
        return digits
    return "*"


def covers(regions, region):
    return region == "*" or regions == "*" or any(region.startswith(x) for x in regions)


def on_leave(periods, first, last):
    """(5.5, 5) Is every day from first to last a day of leave?"""
    day = first
    for begin, end in periods:
        if begin <= day:
            day = max(day, end + 1)
    return day > last


class Derivation:
    """(5.5) The instance as a function of the frozen documents and the drawn targets."""

    def __init__(self, staff, forbidden, rules, targets):
        self.staff, self.forbidden, self.rules = staff, forbidden, rules
        self.targets = targets  # of (id, stratum, mask, batch), in visiting order

    def refuse(self, zh, en):
        raise Refused("rules.txt", 0, zh, en)

    def groups_of(self, who, stratum, mask):
        """[(department, demand, region, skills)] of one target."""
        groups = []
        for q in range(64):
            if not mask >> q & 1:
                continue
            line = self.rules["places"].get((q, stratum)) or self.rules["places"].get((q, "*"))
            if line is None:
                self.refuse("部门 %d 层 %s 没有 places 行" % (q, stratum), "no places line for department %d, stratum %s" % (q, stratum))
            n, region, skills = line
            if n > 0:
                groups.append((q, n, region_of_id(who) if region == "id" else region, skills))
        if sum(g[1] for g in groups) < self.rules["team"]:
            self.refuse("%s 的人数少于 team" % who, "%s gets fewer inspectors than team" % who)
        return groups

    def members(self, q, region, skills):
        wanted = set() if skills == "-" else set(skills.split(","))
        return [i for i, p in enumerate(self.staff)
                if p["department"] == q and covers(p["regions"], region) and wanted <= p["skills"]]

    def reason(self, person, who, week):
        """Why this inspector may not visit this target, or None."""
        asked = set(self.rules["items"].get(person["department"], ()))
        if person["valid"] is None or person["valid"] < week[1]:
            return "expired"
        if on_leave(person["leave"], *week):
            return "leave"
        if person["items"] != "*" and not asked <= set(person["items"]):
            return "range"
        if (person["name"], who, "recusal") in self.forbidden:
            return "recusal"
        if self.rules["rotation"] and (person["name"], who, "last") in self.forbidden:
            return "last"
        return None

    def week(self, batch):
        if batch > len(self.rules["weeks"]):
            self.refuse("第 %d 批没有 week 行" % batch, "no week line for batch %d" % batch)
        return self.rules["weeks"][batch - 1]

    def instance(self):
        """The instance, and (target id, department) of each group."""
        rows = [(t, who, self.week(batch), g) for t, (who, stratum, mask, batch) in enumerate(self.targets)
                for g in self.groups_of(who, stratum, mask)]
        keys = sorted({(q, region, skills) for _, _, _, (q, _, region, skills) in rows})
        classes = [self.members(*key) for key in keys]
        number = {key: c for c, key in enumerate(keys)}
        groups, names = [], []
        for t, who, week, (q, n, region, skills) in rows:
            c = number[q, region, skills]
            barred = frozenset(i for i in classes[c] if self.reason(self.staff[i], who, week))
            groups.append((t, c, n, barred))
            names.append((who, q))
        lead = [i for i, p in enumerate(self.staff) if p["lead"]]
        return Instance([0] * len(self.staff), [p["cap"] for p in self.staff], classes, groups, lead), names


# --- (6) owners.txt --------------------------------------------------------------------------------------------------

def cut_lines(instance, raw, names, staff):
    S, A = minimal_cut(instance, raw)
    out = ["cut %d %d" % (need(instance, S), capacity(instance, S))]
    for g in S:
        outside = len(set(instance.eligible(g)) - set(A))
        out.append("short %s %d %d %d" % (names[g] + (instance.groups[g][2], outside)))
    return out + ["full %s %d" % (staff[i]["name"], instance.cap[i]) for i in A]


def owners_text(instance, names, staff, staff_digest, seed, slack):
    answer, cuts = solve(instance, seed, slack)
    out = ["mingqian-owners/v1", "staff-digest " + staff_digest, "match-seed " + seed.hex(), "slack %d" % slack,
           "groups %d" % len(names), "result " + ("infeasible" if cuts else "assigned")]
    for raw in cuts:
        out += cut_lines(instance, raw, names, staff)
    for g in range(0 if cuts else len(names)):
        team, lead, reserves = answer[g]
        listed = [",".join(staff[i]["name"] for i in people) or "-" for people in (team, reserves)]
        out.append("group %s %d %s %s %s" % (names[g] + (listed[0], "-" if lead is None else staff[lead]["name"], listed[1])))
    return ("\n".join(out) + "\n").encode()


def match_seed(key, staff_digest):
    """(3) key: hex of the draw's subkey "inspector"."""
    return sha256(("mingqian-match/v1\n%s\n%s\n" % (key, staff_digest)).encode())


# --- the command -----------------------------------------------------------------------------------------------------

INPUTS = ("staff.txt", "staff.tsv", "forbidden.tsv", "rules.txt")


def derive(files, done):
    """`done`: what draw.recompute gave. The instance, the names of its groups, the staff, the rules."""
    staff = parse_staff(files["staff.tsv"])
    forbidden = parse_forbidden(files["forbidden.tsv"], {p["name"] for p in staff})
    rules = parse_rules(files["rules.txt"])
    check_staff_text(files, done["H"](files["draw.txt"]).hex(), len(staff), files["forbidden.tsv"].count(b"\n"))
    stratum = {row[0]: row[1] for row in done["roster"]}
    targets = [(who, stratum[who], mask, batch) for who, mask, batch in done["visits"]]
    return Derivation(staff, forbidden, rules, targets).instance() + (staff, rules)


def recompute(files, done, say=lambda zh, en: None):
    """The bytes of owners.txt."""
    instance, names, staff, rules = derive(files, done)
    say("人员 %d 名，组 %d 个，位置 %d 个" % (len(staff), len(names), need(instance, range(len(names)))),
        "%d inspectors, %d groups, %d places" % (len(staff), len(names), need(instance, range(len(names)))))
    staff_digest = sha256(files["staff.txt"]).hex()
    seed = match_seed(draw.subkey("inspector", done["seed"], done["H"]), staff_digest)
    say("staff.txt 摘要 %s" % staff_digest, "digest of staff.txt %s" % staff_digest)
    say("匹配种子 %s" % seed.hex(), "match seed %s" % seed.hex())
    return owners_text(instance, names, staff, staff_digest, seed, rules["slack"])


def verify(files, done, say):
    difference = draw.first_difference(files["owners.txt"], recompute(files, done, say))
    if difference:
        line, theirs, ours = difference
        raise Refused("owners.txt", line, "公布的是“%s”，重算得“%s”" % (theirs, ours), "published '%s', recomputed '%s'" % (theirs, ours))
    say("owners.txt 逐字节一致", "owners.txt is the same byte for byte")


def option(arguments, name, pattern):
    """The value after an option; None if it is not there or not well formed."""
    at = arguments.index(name) if name in arguments else len(arguments)
    return arguments[at + 1] if at + 1 < len(arguments) and re.fullmatch(pattern, arguments[at + 1]) else None


def run_instance(path, arguments):
    seed, slack = option(arguments, "--seed", "[0-9a-f]{64}"), option(arguments, "--slack", "-1|[0-9]|[1-5][0-9]|6[0-4]")
    if seed is None or slack is None:
        sys.stderr.write(__doc__)
        return 2
    with open(path, "rb") as f:
        instance = parse_instance(f.read(), os.path.basename(path))
    print(run_line(instance, bytes.fromhex(seed), int(slack)))
    return 0


def run_directory(path, arguments, say):
    files = draw.read_files(path, draw.INPUTS + INPUTS)
    done = draw.recompute(files)
    if "--instance" in arguments:
        sys.stdout.buffer.write(canonical(derive(files, done)[0]))
    elif "--recompute" in arguments:
        sys.stdout.buffer.write(recompute(files, done))
    else:
        files.update(draw.read_files(path, ("owners.txt",)))
        verify(files, done, say)
    return 0


def main(arguments):
    english = "--en" in arguments

    def say(zh, en):
        print(en if english else zh)

    if not arguments or arguments[0].startswith("--"):
        sys.stderr.write(__doc__)
        return 2
    try:
        if os.path.isdir(arguments[0]):
            return run_directory(arguments[0], arguments[1:], say)
        return run_instance(arguments[0], arguments[1:])
    except Refused as e:
        sys.stderr.write(("REFUSED " if english else "不符 ") + e.text(english) + "\n")
    except OSError as e:
        sys.stderr.write("%s\n" % e)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
