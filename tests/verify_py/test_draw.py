"""The independent draw verifier: its vectors, its refusals, and that no altered byte passes."""
import hashlib
import os
import random
import subprocess
import sys
import unittest

from paths import SOURCE, folders, load, silent

import draw
import own_vectors

FIVE = draw.INPUTS + ("result.txt",)


def rehash(files):
    """Put the right root and digests back after an edit, so that only the edit itself can be refused."""
    H = draw.hash_of("sm3" if b"suite sm3" in files["draw.txt"] else "sha256")
    leaves = files["roster.tsv"].split(b"\n")[:-1]
    lines = files["draw.txt"].split(b"\n")
    lines = [b"roster %d %s" % (len(leaves), draw.tree_root(leaves, H).hex().encode()) if x.startswith(b"roster ") else x for x in lines]
    files["draw.txt"] = b"\n".join(lines)
    lock = files["lock.txt"].split(b"\n")
    lock[1:2] = [b"draw-digest " + H(files["draw.txt"]).hex().encode()]
    files["lock.txt"] = b"\n".join(lock)
    return files


class Vectors(unittest.TestCase):
    def test_every_vector_is_recomputed_byte_for_byte(self):
        for folder in folders("draw", "TV"):
            with self.subTest(os.path.basename(folder)):
                files = load(folder)
                self.assertEqual(draw.recompute(files)["result"], files["result.txt"])

    def test_own_vectors_are_still_what_the_generator_writes(self):
        found = {os.path.basename(f): load(f) for f in folders("draw", "TV")}
        for name, files in own_vectors.own_draws().items():
            self.assertEqual(found[name], files, name)

    def test_any_altered_byte_of_the_five_files_is_noticed(self):
        rng = random.Random(1)
        for folder in folders("draw", "TV"):
            files = load(folder)
            for name in FIVE:
                for at in range(len(files[name])):
                    spoilt = bytearray(files[name])
                    spoilt[at] ^= 1 << rng.randrange(8)
                    with self.assertRaises(draw.Refused, msg="%s %s byte %d" % (folder, name, at)):
                        draw.verify(dict(files, **{name: bytes(spoilt)}), silent)

    def test_any_file_cut_short_or_longer_is_noticed(self):
        files = load(folders("draw", "TV3")[0])
        for name in FIVE:
            for data in (files[name][:-1], files[name] + b"\n", files[name] + b" ", b""):
                with self.assertRaises(draw.Refused, msg=name):
                    draw.verify(dict(files, **{name: data}), silent)


class Hashes(unittest.TestCase):
    def test_own_sm3_gives_the_examples_of_the_standard(self):
        self.assertEqual(draw.sm3_own(b"abc").hex(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        self.assertEqual(draw.sm3_own(b"abcd" * 16).hex(), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")

    @unittest.skipUnless("sm3" in hashlib.algorithms_available, "this Python has no SM3 to compare with")
    def test_own_sm3_equals_the_library_at_every_length(self):
        for n in range(260):
            data = bytes(i * 7 & 255 for i in range(n))
            self.assertEqual(draw.sm3_own(data), draw.sm3_library(data))

    def test_root_of_nothing_is_the_hash_of_nothing(self):
        self.assertEqual(draw.tree_root([], draw.sha256), hashlib.sha256(b"").digest())

    def test_root_joins_as_rfc_6962_says(self):
        H = draw.sha256
        a, b, c = (H(b"\0" + x) for x in (b"a", b"b", b"c"))
        self.assertEqual(draw.tree_root([b"a", b"b", b"c"], H), H(b"\1" + H(b"\1" + a + b) + c))

    def test_inclusion_paths_lead_to_the_root(self):
        H = draw.sha256
        for size in range(1, 20):
            leaves = [b"%d" % i for i in range(size)]
            for index in range(size):
                node, at, width = H(b"\0" + leaves[index]), index, size
                path = [bytes.fromhex(x) for x in draw.inclusion_path(leaves, index, H)]
                while width > 1:
                    if at ^ 1 < width:
                        step = path.pop(0)
                        node = H(b"\1" + (step + node if at & 1 else node + step))
                    at, width = at // 2, (width + 1) // 2
                self.assertEqual((node, path), (draw.tree_root(leaves, H), []))


class Selection(unittest.TestCase):
    def units(self, weights):
        return [(int.from_bytes(draw.sha256(b"%d" % i), "big"), "id%02d" % i, w) for i, w in enumerate(weights)]

    def test_equal_weights_draw_as_uniform(self):
        units = self.units([7] * 20)
        for n in range(20):
            self.assertEqual(draw.order_pareto(units, n), draw.order_uniform(units))

    def test_certain_units_come_first_and_in_ticket_order(self):
        units = self.units([1, 100, 1, 100, 1, 100, 1, 1])
        order = draw.order_pareto(units, 5)
        self.assertEqual([u[2] for u in order[:3]], [100] * 3)
        self.assertEqual(order[:3], sorted(order[:3]))

    def test_exactly_certain_is_certain(self):
        certain, rest, k = draw.certain_units(self.units([3, 1, 1, 1]), 2)
        self.assertEqual(([u[2] for u in certain], len(rest), k), ([3], 3, 1))

    def test_taking_the_certain_can_make_others_certain(self):
        certain, rest, k = draw.certain_units(self.units([50, 20, 1, 1, 1]), 3)
        self.assertEqual((sorted(u[2] for u in certain), k), ([20, 50], 1))

    def test_nobody_is_certain_when_nobody_is_drawn(self):
        units = self.units([1, 1 << 20, 5])
        self.assertEqual(draw.certain_units(units, 0), ([], units, 0))
        self.assertEqual(draw.order_pareto(units, 0), sorted(units))

    def test_forced_ties_fall_back_to_the_ticket_and_then_the_id(self):
        low = [((5 << 192) + 2, "b", 1), ((5 << 192) + 2, "a", 1), ((5 << 192) + 1, "c", 1), ((9 << 192), "d", 1)]
        self.assertEqual([u[1] for u in draw.order_pareto(low, 2)], ["c", "a", "b", "d"])

    def test_pareto_follows_the_weights(self):
        """Weight 3 is drawn three times as often as weight 1, within four standard deviations of 2,000 draws."""
        heavy = 0
        for round_ in range(2000):
            units = [(draw.ticket("%064x" % round_, "id%d" % i, draw.sha256), "id%d" % i, 3 if i < 4 else 1) for i in range(16)]
            heavy += sum(u[2] == 3 for u in draw.order_pareto(units, 4)[:4])
        self.assertLess(abs(heavy - 4000), 4 * (2000 * 4 * 0.25)**0.5)

    def test_uniform_integers_stay_below_and_hit_everything(self):
        key = "%064x" % 5
        self.assertEqual({draw.uniform_below(key, "x%d" % i, 3, draw.sha256) for i in range(60)}, {0, 1, 2})
        self.assertEqual(draw.uniform_below(key, "x", 1, draw.sha256), 0)

    def test_joint_samples_nest(self):
        """The same tickets serve all groups: a smaller sample of the same rows lies inside a larger one."""
        roster = [(who, "A", w, 3) for _, who, w in self.units([1] * 30)]
        tickets = {who: T for T, who, _ in self.units([1] * 30)}
        d = {"rule": "uniform", "quotas": [(0, "A", 4, 0), (1, "A", 9, 0)]}
        small, large = ({u[1] for u in order[:n]} for _, _, order, n, _ in draw.select(d, roster, tickets))
        self.assertLess(small, large)


class Refusals(unittest.TestCase):
    """Each edit is made with all digests put right again, so that the rule itself refuses it."""

    def refused(self, name, old, new, folder="TV3"):
        files = load(folders("draw", folder)[0])
        self.assertIn(old, files[name])
        files[name] = files[name].replace(old, new, 1)
        if name in ("draw.txt", "roster.tsv"):
            files = rehash(files)
        with self.assertRaises(draw.Refused) as caught:
            draw.recompute(files)
        return caught.exception

    def test_the_helper_itself_breaks_nothing(self):
        files = load(folders("draw", "TV3")[0])
        self.assertEqual(draw.recompute(rehash(dict(files)))["result"], files["result.txt"])

    def test_draw_txt(self):
        edits = [(b"mingqian-draw/v1", b"mingqian-draw/v2"), (b"suite sha256", b"suite sha512"), (b"suite sha256", b"suite  sha256"),
                 (b"draw 411500/2026/0017", b"draw \\411500"), (b"draw 411500/2026/0017", b"draw " + b"a" * 65), (b"attempt 1", b"attempt 10000"), (b"attempt 1", b"attempt 01"), (b"attempt 1", b"attempt 0"),
                 (b"attempt 1", b"attempt 2"), (b"prev -", b"prev " + b"a" * 64), (b"prev -", b"prev A"), (b"rule pareto", b"rule Pareto"),
                 (b"batches 1", b"batches 0"), (b"batches 1\n", b""), (b"min-parties 2", b"min-parties 3"), (b"min-parties 2", b"min-parties 4"),
                 (b"quota 0 X 6 2", b"quota 0 X 17 2"), (b"quota 0 X 6 2", b"quota 64 X 6 2"), (b"quota 0 X 6 2", b"quota 0 !X 0 2"),
                 (b"quota 0 X 6 2", b"quota 1 X 6 2"), (b"quota 0 X 6 2", b"quota 0 X 6"), (b"quota 0 X 6 2", b"quota 0 X 6 2 "),
                 (b"quota 0 X 6 2", b"quota 0 X -6 2"), (b"party scjgj", b"party zcjgj"), (b"party scjgj", b"party \xe5\xb8\x82"),
                 (b"beacon cwl-ssq", b"beacon tports-dlt"), (b"2026083\n", b"2026083\r\n"), (b"2026083\n", b"2026083\n\n"),
                 (b"2026083\n", b"2026083\nbeacon cwl-ssq 2026084\n")]
        for old, new in edits:
            with self.subTest(new=new):
                self.refused("draw.txt", old, new)

    def test_roster_tsv(self):
        row = b"9141150009L2QJH37H\tX\t1\t5\t-\n"
        edits = [b"9141150009L2QJH37H\tX\t1\t5\n", b"9141150009L2QJH37H X\t1\t5\t-\n", b"9141150009L2QJH37H\tX\t0\t5\t-\n",
                 b"9141150009L2QJH37H\tX\t1048577\t5\t-\n", b"9141150009L2QJH37H\tX\t01\t5\t-\n", b"9141150009L2QJH37H\tX\t1\t05\t-\n",
                 b"9141150009L2QJH37H\tX\t1\tF\t-\n", b"9141150009L2QJH37H\tX\t1\t10000000000000000\t-\n", b"9141150009L2QJH37H\tX\t1\t5\tab\n",
                 b"9141150009L2QJH37H\t!cap\t1\t5\t-\n", b"9141150009L2QJH37H\t!\t0\t5\t-\n", b"9141150009L2QJH37H\tX\t1\t5\t-\r\n",
                 b"91411500\xb9L2QJH37H\tX\t1\t5\t-\n", b"\tX\t1\t5\t-\n", b"A" * 55 + b"\tX\t1\t5\t-\n", row + row, row + b"\n"]
        for new in edits:
            with self.subTest(new=new):
                self.assertEqual(self.refused("roster.tsv", row, new).file, "roster.tsv")

    def test_lock_txt(self):
        for old, new in [(b"party scjgj present", b"party scjgj absent"), (b"party wjw absent", b"party wjw present"), (b"absent", b"Absent"),
                         (b"party wjw absent\n", b""), (b"party sthjj present", b"party sthjj maybe"), (b"lock/v1", b"lock/v2")]:
            with self.subTest(new=new):
                self.refused("lock.txt", old, new)

    def test_reveal_json(self):
        for old, new in [(b"scjgj", b"scjgk"), (b'"cwl-ssq"', b'"cwl-ssq "'), (b"{", b"["), (b"c0f6", b"C0F6"),
                         (b"c0f6", b"c0f7"), (b"03,07", b"03, 07"), (b'"beacons"', b'"beacon"'), (b'"03', b'"\\u0030' + b"3")]:
            with self.subTest(new=new):
                self.assertEqual(self.refused("reveal.json", old, new).file, "reveal.json")

    def test_white_space_of_reveal_json_matters_to_verification_alone(self):
        files = load(folders("draw", "TV3")[0])
        loose = dict(files, **{"reveal.json": files["reveal.json"].replace(b"\n ", b"\n\t") + b"\n"})
        self.assertEqual(draw.recompute(loose)["result"], files["result.txt"])
        with self.assertRaisesRegex(draw.Refused, "laid out"):
            draw.verify(loose, silent)

    def test_a_copied_secret_does_not_open_anothers_commitment(self):
        files = load(folders("draw", "TV1")[0])
        secrets, beacons = draw.parse_reveal(files["reveal.json"], draw.parse_draw(files["draw.txt"]), ["scjgj", "sthjj"])
        files["reveal.json"] = draw.reveal_layouts([("scjgj", secrets[0][1]), ("sthjj", secrets[0][1])], beacons)[0]
        with self.assertRaisesRegex(draw.Refused, "sthjj does not open"):
            draw.recompute(files)

    def test_a_roster_row_edited_after_the_seal_is_named(self):
        files = load(folders("draw", "TV1")[0])
        files["roster.tsv"] = files["roster.tsv"].replace(b"\tA\t1\t1\t-", b"\tD\t1\t1\t-", 1)
        with self.assertRaisesRegex(draw.Refused, "roster.tsv"):
            draw.recompute(files)

    def test_the_first_wrong_line_of_the_result_is_named(self):
        files = load(folders("draw", "TV1")[0])
        lines = files["result.txt"].split(b"\n")
        lines[6], lines[7] = lines[7], lines[6]
        with self.assertRaisesRegex(draw.Refused, "^result.txt:7: "):
            draw.verify(dict(files, **{"result.txt": b"\n".join(lines)}), silent)

    def test_no_beacon_needs_two_parties_and_all_of_them(self):
        files = load(folders("draw", "TV5")[0])
        files["lock.txt"] = files["lock.txt"].replace(b"b present", b"b absent")
        with self.assertRaises(draw.Refused):
            draw.recompute(files)


class Command(unittest.TestCase):
    def run_it(self, *arguments):
        script = os.path.join(SOURCE, "tools", "verify", "draw.py")
        return subprocess.run([sys.executable, script, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=dict(os.environ, PYTHONIOENCODING="utf-8"))

    def test_exit_status_says_it(self):
        folder = folders("draw", "TV1")[0]
        self.assertEqual(self.run_it(folder).returncode, 0)
        self.assertEqual(self.run_it(os.path.dirname(folder)).returncode, 1)
        self.assertEqual(self.run_it().returncode, 2)

    def test_recompute_prints_the_result(self):
        folder = folders("draw", "TV2")[0]
        self.assertEqual(self.run_it(folder, "--recompute").stdout, load(folder)["result.txt"])

    def test_explain_tells_rank_and_probability(self):
        said = self.run_it(folders("draw", "TV3")[0], "explain", "914115000A11LK93BJ", "--en").stdout.decode()
        self.assertIn("group 0 stratum X: 6 of 16, position 4, probability 1/1, drawn", said)
        self.assertIn("probability 160/175, not drawn", said)

    def test_explain_knows_whom_it_does_not_know(self):
        self.assertEqual(self.run_it(folders("draw", "TV3")[0], "explain", "nobody").returncode, 1)


if __name__ == "__main__":
    unittest.main()
