"""The independent matcher: its vectors, its refusals, the promised properties, and the derivation from the registry."""
import glob
import os
import random
import subprocess
import sys
import unittest

from paths import SOURCE, VECTORS, folders, load, silent

import draw
import match
import matchings
import own_vectors

MATCH = os.path.join(VECTORS, "match")


def read(path):
    with open(path, "rb") as f:
        return f.read()


def most_places(instance):
    """The largest number of places that can be filled, found in another way: augmenting paths, place by place."""
    seats = [(g, s) for g, group in enumerate(instance.groups) for s in range(group[2])]
    held = [[] for _ in instance.base]  # seats of each inspector

    def seat_someone(seat, seen):
        for i in instance.eligible(seat[0]):
            if i in seen or any(other[0] == seat[0] and other != seat for other in held[i]):
                continue
            seen.add(i)
            if len(held[i]) < instance.cap[i]:
                held[i].append(seat)
                return True
            for other in list(held[i]):
                held[i].remove(other)
                if seat_someone(other, seen):
                    held[i].append(seat)
                    return True
                held[i].append(other)
        return False

    return sum(seat_someone(seat, set()) for seat in seats)


def instances(first, count):
    for number in range(first, first + count):
        rng = random.Random(number)
        yield matchings.make_instance(rng), match.sha256(b"%d" % number), rng.choice((-1, 0, 1, 3))


class Vectors(unittest.TestCase):
    def test_every_vector_gives_its_line(self):
        lines = 0
        for path in sorted(glob.glob(os.path.join(MATCH, "*.expected"))):
            instance = match.parse_instance(read(path[:-9] + ".txt"))
            for line in read(path).decode().splitlines():
                if line:
                    _, slack, _, seed, expected = line.split(" ", 4)
                    self.assertEqual(match.run_line(instance, bytes.fromhex(seed), int(slack)), expected, path)
                    lines += 1
        self.assertGreaterEqual(lines, 30)

    def test_every_frozen_registry_gives_its_owners(self):
        found = folders("match", "staff")
        self.assertTrue(found)
        for folder in found:
            files = load(folder)
            self.assertEqual(match.recompute(files, draw.recompute(files)), files["owners.txt"], folder)

    def test_own_vectors_are_still_what_the_generator_writes(self):
        for name, data in own_vectors.own_matches().items():
            self.assertEqual(read(os.path.join(MATCH, name)), data, name)
        for name, files in own_vectors.own_staffings().items():
            self.assertEqual(load(os.path.join(MATCH, name)), files, name)

    def test_the_vectors_hold_leads_reserves_cuts_and_joint_visits(self):
        text = b"".join(read(os.path.join(f, "owners.txt")) for f in folders("match", "staff")).decode()
        self.assertRegex(text, r"group \S+ \d+ \S+ ZF-\S+ ZF-\S+,ZF-")
        self.assertRegex(text, r"group (\S+) \d+ .*\ngroup \1 ")
        self.assertRegex(text, r"cut \d+ \d+\nshort ")

    def test_any_altered_byte_behind_owners_is_noticed(self):
        rng, folder = random.Random(2), folders("match", "staff")[1]
        files = load(folder)
        done = draw.recompute(files)
        for name in match.INPUTS + ("owners.txt",):
            for at in rng.sample(range(len(files[name])), 150):
                spoilt = bytearray(files[name])
                spoilt[at] ^= 1 << rng.randrange(8)
                with self.assertRaises(draw.Refused, msg="%s byte %d" % (name, at)):
                    match.verify(dict(files, **{name: bytes(spoilt)}), done, silent)


class Properties(unittest.TestCase):
    def test_teams_respect_every_rule(self):
        for instance, seed, slack in instances(100, 120):
            answer, cuts = match.solve(instance, seed, slack)
            if cuts:
                continue
            load_of = [0] * len(instance.base)
            for g, (target, c, demand, forbidden) in enumerate(instance.groups):
                team, lead, reserves = answer[g]
                self.assertEqual(len(set(team)), demand)
                self.assertTrue(set(team) <= set(instance.eligible(g)))
                self.assertEqual(sorted(team + reserves), instance.eligible(g))
                for i in team:
                    load_of[i] += 1
            self.assertTrue(all(a <= b for a, b in zip(load_of, instance.cap)))

    def test_infeasible_exactly_when_another_method_says_so(self):
        seen = set()
        for instance, seed, slack in instances(300, 200):
            possible = most_places(instance) == sum(g[2] for g in instance.groups)
            self.assertEqual(match.run_line(instance, seed, slack).startswith("owners"), possible)
            seen.add(possible)
        self.assertEqual(seen, {True, False})

    def test_the_published_cut_is_a_proof_and_minimal_and_free_of_the_seed(self):
        cut_count = 0
        for instance, seed, slack in instances(500, 150):
            both = []
            for s in (seed, match.sha256(seed)):
                raws = match.solve(instance, s, slack)[1]
                both.append([match.minimal_cut(instance, raw) for raw in raws])
            self.assertEqual(both[0], both[1])
            for S, A in both[0]:
                outside = sum(len(set(instance.eligible(g)) - set(A)) for g in S)
                self.assertGreater(match.need(instance, S), sum(instance.cap[i] for i in A) + outside)
                for g in S:
                    left = set(S) - {g}
                    self.assertLessEqual(match.need(instance, left), match.capacity(instance, left))
                cut_count += 1
        self.assertGreater(cut_count, 30)

    def profile(self, instance, seed):
        state = match.State(instance, match.Words(seed))
        match.greedy(state)
        if match.fill(state):
            return None
        match.balance(state)
        self.no_move_is_left(state)
        return sorted(state.level(i) for i in range(len(state.base)))

    def no_move_is_left(self, state):
        """No chain of moves leads from level L to L - 2 or below: checked inspector by inspector."""
        for start in range(len(state.base)):
            reached, queue = {start}, [start]
            for i in queue:
                for place in state.places[i]:
                    for w in state.candidates(state.place_group[place]):
                        if w not in reached:
                            reached.add(w)
                            queue.append(w)
                            self.assertFalse(state.level(w) <= state.level(start) - 2 and state.has_room(w))

    def test_the_balanced_profile_is_the_same_for_every_seed(self):
        for instance, seed, _ in instances(700, 60):
            profiles = {str(self.profile(instance, match.sha256(seed + b"%d" % k))) for k in range(4)}
            self.assertEqual(len(profiles), 1)

    def test_strict_walks_keep_the_profile_and_slack_its_window(self):
        for instance, seed, slack in instances(800, 60):
            answer, cuts = match.solve(instance, seed, -1)
            if cuts:
                continue
            loads = list(instance.base)
            for team, _, _ in answer.values():
                for i in team:
                    loads[i] += 1
            for groups in match.components(instance):
                sub, people = match.extract(instance, groups)
                self.assertEqual(sorted(loads[i] for i in people), self.profile(sub, bytes(32)))

    def test_all_derangements_of_three_are_reached_evenly(self):
        """Three people, three places, none at its own: two derangements, each half of the time (chi-square below 10.8)."""
        instance = match.Instance([0] * 3, [1] * 3, [[0, 1, 2]], [(t, 0, 1, frozenset({t})) for t in range(3)])
        counts = {}
        for k in range(400):
            line = match.run_line(instance, match.sha256(b"d%d" % k), -1)
            counts[line] = counts.get(line, 0) + 1
        self.assertEqual(len(counts), 2)
        self.assertLess(sum((c - 200)**2 / 200 for c in counts.values()), 10.8)

    def test_undoing_a_walk_puts_everybody_back(self):
        class Sequence:
            def __init__(self, numbers):
                self.numbers = numbers

            def below(self, n):
                return self.numbers.pop(0) % n if n > 1 else 0
        undone = 0
        for instance, seed, _ in instances(900, 80):
            state, u, cuts = match.start(instance, match.Words(seed))
            if cuts or not state.owner:
                continue
            before = list(state.owner)
            walker = match.Walker(state, u, 1)
            walker.closes = lambda w, v, kv, vok: False
            match.MAX_STEPS, kept = 50, match.MAX_STEPS
            walker.walk(match.Words(seed))
            match.MAX_STEPS = kept
            self.assertEqual(state.owner, before)
            undone += 1
        self.assertGreater(undone, 20)

    def test_bounded_words_are_even(self):
        words, counts = match.Words(bytes(32)), [0] * 6
        for _ in range(6000):
            counts[words.below(6)] += 1
        self.assertLess(sum((c - 1000)**2 / 1000 for c in counts), 20.5)


class Refusals(unittest.TestCase):
    def test_broken_instances(self):
        good = b"2\n0 1\n0 1\n1\n2 0 1\n1\n0 0 1 0\n"
        match.parse_instance(good)
        bad = [b"", good + b"0", good[:-3], good.replace(b"2 0 1\n1", b"2 1 0\n1"), good.replace(b"2 0 1\n1", b"2 1 1\n1"),
               good.replace(b"2 0 1\n1", b"2 0 2\n1"), good.replace(b"0 0 1 0", b"0 1 1 0"), good.replace(b"0 0 1 0", b"0 0 1025 0"),
               good.replace(b"0 0 1 0", b"0 0 1 1 2"), good.replace(b"0 0 1 0", b"0 0 01 0"), good.replace(b"0 0 1 0", b"0 0 -1 0"),
               good.replace(b"0 0 1 0", b"0 0 1 0x"), good.replace(b"0 1\n0 1\n1", b"0 1\n0 1048577\n1"), good.replace(b" ", b"\x0b"),
               good.replace(b"0 0 1 0", b"9007199254740992 0 1 0"), good.replace(b"1\n0 0 1 0", b"2\n0 0 1 0\n0 0 1 0"),
               good.replace(b"1\n0 0 1 0", b"3\n0 0 1 0\n1 0 1 0\n0 0 1 0")]
        for data in bad:
            with self.subTest(data), self.assertRaises(draw.Refused):
                match.parse_instance(data)

    def test_a_refusal_names_the_line(self):
        with self.assertRaisesRegex(draw.Refused, "^instance:3: 'x'"):
            match.parse_instance(b"2\n0 1\n0 x\n")

    def test_the_canonical_form_reads_back(self):
        for instance, _, _ in instances(1000, 30):
            self.assertEqual(match.canonical(match.parse_instance(match.canonical(instance))), match.canonical(instance))


def person(**changes):
    fields = dict(name="p1", department="0", regions="*", skills="-", items="*", cap="5", lead="0", valid="2027-12-31", leave="-", salt="-")
    fields.update(changes)
    return "\t".join(fields.values()) + "\n"


RULES = b"mingqian-rules/v1\nslack 1\nteam 1\nrotation on\nweek 1 2026-09-07 2026-09-11\nitems 0 I1,I2\nplaces 0 * 1 id -\n"
TARGET = "91411525MA0000001X"


class Derivation(unittest.TestCase):
    def eligible(self, line, forbidden="", rules=RULES, target=TARGET, stratum="A"):
        """Is the one inspector a member of the one group's class, and why is he barred: (member, reason)."""
        staff = match.parse_staff(line.encode())
        taboo = match.parse_forbidden(forbidden.encode(), {"p1"})
        d = match.Derivation(staff, taboo, match.parse_rules(rules), [(target, stratum, 1, 1)])
        instance, _ = d.instance()
        reason = d.reason(staff[0], target, d.week(1))
        self.assertEqual(bool(instance.groups[0][3]), instance.classes[0] == [0] and reason is not None)
        return instance.classes[0] == [0], reason

    def test_certificate_must_hold_on_the_last_day_of_the_week(self):
        self.assertEqual(self.eligible(person(valid="2026-09-11")), (True, None))
        self.assertEqual(self.eligible(person(valid="2026-09-10")), (True, "expired"))
        self.assertEqual(self.eligible(person(valid="-")), (True, "expired"))

    def test_leave_counts_only_when_it_covers_the_whole_week(self):
        self.assertEqual(self.eligible(person(leave="2026-09-07/2026-09-11")), (True, "leave"))
        self.assertEqual(self.eligible(person(leave="2026-09-07/2026-09-10")), (True, None))
        self.assertEqual(self.eligible(person(leave="2026-09-08/2026-09-30")), (True, None))
        self.assertEqual(self.eligible(person(leave="2026-09-01/2026-09-08,2026-09-09/2026-09-30")), (True, "leave"))
        self.assertEqual(self.eligible(person(leave="2026-09-01/2026-09-08,2026-09-10/2026-09-30")), (True, None))

    def test_range_must_hold_all_items_asked(self):
        self.assertEqual(self.eligible(person(items="I1,I2,I3")), (True, None))
        self.assertEqual(self.eligible(person(items="I1")), (True, "range"))
        self.assertEqual(self.eligible(person(items="-")), (True, "range"))
        self.assertEqual(self.eligible(person(items="-"), rules=RULES.replace(b"items 0 I1,I2\n", b"")), (True, None))

    def test_recusal_always_counts_and_last_time_only_with_rotation(self):
        last, recusal = "p1\t%s\tlast\t-\n" % TARGET, "p1\t%s\trecusal\t-\n" % TARGET
        self.assertEqual(self.eligible(person(), last), (True, "last"))
        self.assertEqual(self.eligible(person(), last + recusal), (True, "recusal"))
        self.assertEqual(self.eligible(person(), last, RULES.replace(b"rotation on", b"rotation off")), (True, None))
        self.assertEqual(self.eligible(person(), last.replace(TARGET, "other")), (True, None))

    def test_the_first_reason_is_the_one_counted(self):
        self.assertEqual(self.eligible(person(valid="-", leave="2026-09-01/2026-09-30", items="-")), (True, "expired"))

    def test_regions_cover_by_their_beginning(self):
        self.assertEqual(self.eligible(person(regions="4115"))[0], True)
        self.assertEqual(self.eligible(person(regions="411502,411525"))[0], True)
        self.assertEqual(self.eligible(person(regions="411502"))[0], False)
        self.assertEqual(self.eligible(person(regions="411525001"))[0], False)
        self.assertEqual(self.eligible(person(regions="-"))[0], False)
        self.assertEqual(self.eligible(person(regions="-"), target="P-1")[0], True)

    def test_region_of_an_id(self):
        for who, region in ((TARGET, "411525"), ("R-411525000000001", "411525"), ("P-411525", "*"), ("9141152AMA0000001X", "*")):
            self.assertEqual(match.region_of_id(who), region)

    def test_a_stratums_own_places_line_goes_before_the_general_one(self):
        rules = RULES + b"places 0 A 2 411502 fire\n"
        self.assertEqual(self.eligible(person(regions="411502", skills="fire,food"), rules=rules)[0], True)
        self.assertEqual(self.eligible(person(regions="411502", skills="food"), rules=rules)[0], False)
        self.assertEqual(self.eligible(person(regions="411502", skills="fire"), rules=rules, stratum="B")[0], False)

    def test_rules_that_cannot_be_followed_are_refused(self):
        for rules in (RULES.replace(b"team 1", b"team 2"), RULES.replace(b"places 0 *", b"places 0 B"), RULES.replace(b"places 0 * 1", b"places 0 * 0")):
            with self.subTest(rules), self.assertRaises(draw.Refused):
                self.eligible(person(), rules=rules)

    def test_broken_staff_lines(self):
        for changes in (dict(name=""), dict(name="-x"), dict(department="64"), dict(department="00"), dict(regions="4115,4115"), dict(regions="42,41"),
                        dict(regions="41a"), dict(skills="*"), dict(skills="a,,b"), dict(cap="65536"), dict(cap=""), dict(lead="2"), dict(valid="2026-02-29"),
                        dict(valid="1899-12-31"), dict(valid="2026-9-1"), dict(valid=""), dict(leave="2026-09-02/2026-09-01"), dict(leave="2026-09-01"),
                        dict(leave="2026-09-01/2026-09-03,2026-09-03/2026-09-05"), dict(salt="0"), dict(salt="A" * 32), dict(name="p" * 33)):
            with self.subTest(changes), self.assertRaises(draw.Refused):
                match.parse_staff(person(**changes).encode())

    def test_broken_rules(self):
        for old, new in ((b"slack 1", b"slack 65"), (b"slack 1", b"slack -2"), (b"team 1", b"team 0"), (b"rotation on", b"rotation yes"), (b"week 1", b"week 2"),
                         (b"week 1 2026-09-07 2026-09-11\n", b""), (b"2026-09-11", b"2026-09-06"), (b"I1,I2", b"I2,I1"), (b"items 0", b"items 64"),
                         (b"places 0 * 1 id -\n", b""), (b"places 0 *", b"places 0 !a"), (b" id -", b" ID -"), (b"* 1 id", b"* 65 id"), (b"-\n", b"-\nx\n")):
            with self.subTest(new), self.assertRaises(draw.Refused):
                match.parse_rules(RULES.replace(old, new))

    def test_forbidden_names_only_known_inspectors(self):
        for line in ("p2\tx\tlast\t-\n", "p1\tx\tother\t-\n", "p1\tx\tlast\n", "p1\tx\trecusal\t-\np1\tx\tlast\t-\n"):
            with self.subTest(line), self.assertRaises(draw.Refused):
                match.parse_forbidden(line.encode(), {"p1"})


class Command(unittest.TestCase):
    def run_it(self, *arguments):
        script = os.path.join(SOURCE, "tools", "verify", "match.py")
        return subprocess.run([sys.executable, script, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=dict(os.environ, PYTHONIOENCODING="utf-8"))

    def test_an_instance_prints_its_line(self):
        first = read(os.path.join(MATCH, "path5.expected")).decode().splitlines()[0]
        _, slack, _, seed, expected = first.split(" ", 4)
        done = self.run_it(os.path.join(MATCH, "path5.txt"), "--seed", seed, "--slack", slack)
        self.assertEqual(done.stdout.decode().strip(), expected)

    def test_a_directory_is_derived_and_compared(self):
        folder = folders("match", "staff")[1]
        self.assertEqual(self.run_it(folder).returncode, 0)
        self.assertEqual(self.run_it(folder, "--recompute").stdout, load(folder)["owners.txt"])
        match.parse_instance(self.run_it(folder, "--instance").stdout)

    def test_usage(self):
        self.assertEqual(self.run_it().returncode, 2)
        self.assertEqual(self.run_it(os.path.join(MATCH, "path5.txt"), "--seed", "00").returncode, 2)


if __name__ == "__main__":
    unittest.main()
