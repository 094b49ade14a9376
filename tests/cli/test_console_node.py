#!/usr/bin/env python3
"""tools/console.py with the node of the distribution: new enough, too old, absent, and no way to another."""
import importlib.util
import os
import pathlib
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("console", ROOT / "tools" / "console.py")
console = importlib.util.module_from_spec(spec)
spec.loader.exec_module(console)


class Node(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.bin, self.work = pathlib.Path(self.folder.name) / "bin", pathlib.Path(self.folder.name) / "work"
        self.bin.mkdir()
        self.work.mkdir()

    def program(self, name, script):
        (self.bin / name).write_text("#!/bin/sh\n" + script + "\n", encoding="ascii")
        (self.bin / name).chmod(0o755)

    def choose(self):
        with mock.patch.dict(os.environ, {"PATH": f"{self.bin}:/nowhere"}):
            return console.node(self.work)

    def test_a_new_one_is_used(self):
        self.program("node", "echo v20.19.1")
        self.assertEqual(self.choose(), "node")

    def test_beside_an_old_one_another_is_installed_once(self):
        self.program("node", "echo v18.19.0")
        self.program("npm", f"/bin/mkdir -p node_modules/node/bin && echo x >node_modules/node/bin/node && echo again >>{self.bin}/calls")
        own = str(self.work.parent / "node" / "node_modules" / "node" / "bin" / "node")
        self.assertEqual([self.choose(), self.choose()], [own, own])
        self.assertEqual((self.bin / "calls").read_text(), "again\n")

    def test_without_a_network_it_says_what_is_needed(self):
        self.program("node", "echo v18.19.0")
        self.program("npm", "echo no network; exit 1")
        with self.assertRaises(SystemExit) as told:
            self.choose()
        for words in ("20.19", "18.19.0", "no network", "PATH"):
            self.assertIn(words, str(told.exception))

    def test_without_any_node_it_says_so(self):
        with self.assertRaises(SystemExit) as told:
            self.choose()
        self.assertIn("tools/install-deps.sh", str(told.exception))


if __name__ == "__main__":
    unittest.main()
