"""Manners of every command: help, exit codes, one JSON document, no colour, what to do without a data directory."""
import json
import re
import unittest

import office
from office import Office

TABLE = (office.SOURCE / "src/app/commands.def").read_text(encoding="utf-8")
COMMANDS = [(noun, verb if verb != "NULL" else None) for noun, verb in re.findall(r'^COMMAND\("([^"]+)", (?:"([^"]+)"|NULL)', TABLE, re.M)]


class Manners(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.office = Office()
        cls.addClassCleanup(cls.office.close)

    def words(self, command):
        return [w for w in command if w]

    def test_every_command_explains_itself(self):
        self.assertGreater(len(COMMANDS), 40)
        for command in COMMANDS:
            with self.subTest(command):
                done = self.office.run(*self.words(command), "--help")
                self.assertEqual((done.status, done.err), (0, ""))
                self.assertIn("mingqian " + " ".join(self.words(command)), done.out)
                self.assertNotIn("\x1b", done.out)

    def test_an_unknown_option_is_one_json_document_and_exit_2(self):
        for command in COMMANDS:
            with self.subTest(command):
                done = self.office.run(*self.words(command), "--no-such-option", "--json")
                self.assertEqual((done.status, done.json["error"]["code"]), (2, "ERR_USAGE"), done)

    def test_too_many_arguments_are_refused(self):
        for command in COMMANDS[::6]:
            with self.subTest(command):
                done = self.office.run(*self.words(command), *["x"] * 300, "--json")
                self.assertEqual((done.status, done.json["error"]["code"]), (2, "ERR_USAGE"), done)

    def test_without_a_data_directory_the_command_says_what_to_do(self):
        bare = {k: v for k, v in self.office.environment().items() if k != "MINGQIAN_DIR"}
        for words in (("task", "list"), ("plan", "list"), ("result", "overdue"), ("serve",), ("draw", "status", "T"), ("doctor",),
                      ("import", "targets", "x.csv"), ("export-static", "out"), ("backup", "x.tar"), ("log", "prove", "0")):
            with self.subTest(words):
                done = self.office.run(*words, env=bare)
                self.assertEqual(done.status, 2, done)
                self.assertIn("MINGQIAN_DIR", done.err)
                done = self.office.run(*words, "--dir", self.office.folder / "nowhere", "--json", env=bare)
                self.assertEqual((done.status, done.json["error"]["code"]), (3, "ERR_NOT_FOUND"), done)
                self.assertIn("mingqian init", done.err)

    def test_unknown_tasks_draws_and_results_are_exit_3(self):
        for words in (("task", "show", "T"), ("task", "approve", "T"), ("draw", "status", "T"), ("draw", "seal", "T"), ("draw", "run", "T"),
                      ("draw", "lock", "T"), ("draw", "void", "T", "--reason", "x"), ("assign", "T"), ("plan", "show", "P"),
                      ("result", "publish", "T", "X", "Y"), ("result", "review", "T", "X", "Y"), ("draw", "simulate", "T"),
                      ("draw", "commit", "T", "--party", "a", "--commitment", "0" * 64)):
            with self.subTest(words):
                done = self.office.run(*words, "--json")
                self.assertEqual((done.status, done.json["error"]["code"]), (3, "ERR_NOT_FOUND"), done)

    def test_bytes_that_are_no_text_still_give_valid_json(self):
        done = self.office.run("task", "show", b"\xff\xfe\"\n".decode("utf-8", "surrogateescape"), "--json")
        self.assertEqual(done.status, 3)
        self.assertTrue(json.loads(done.out)["error"]["place"])

    def test_a_directory_is_made_once(self):
        done = self.office.run("init", self.office.dir, "--json")
        self.assertEqual((done.status, done.json["error"]["code"]), (4, "ERR_EXISTS"))

    def test_a_refused_init_leaves_nothing_in_the_way(self):
        place = self.office.folder / "second"
        for wrong in (["--scale", "many"], ["--seed", "x"], ["--partitions", "999"], ["--name", 'a"b'], ["--database", "mysql:x"]):
            with self.subTest(wrong):
                self.assertEqual(self.office.run("init", place, *wrong, "--json").status, 2)
        self.assertEqual(self.office.run("init", place).status, 0)

    def test_fsck_takes_the_data_directory_or_its_log(self):
        a, b = (self.office.do("log", "fsck", d, "--json").json for d in (self.office.dir, self.office.dir / "log"))
        self.assertEqual(a, b)


if __name__ == "__main__":
    unittest.main()
