# SPDX-License-Identifier: GPL-3.0-or-later
"""The search of lessons/experiments in one process, in several, under GNU
parallel and as a Slurm array: always the same table."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import program

FOLDER = program.ROOT / "lessons/experiments"
SMALL = ["--trials", "6", "--epochs", "1"]


class Search(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gradus-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_in(self, name, words, **more):
        """Runs a command in a folder of its own, and returns what it prints."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        env = dict(os.environ, HOME=str(self.folder), TERM="dumb",
                   GRADUS=program.PROGRAM, **more)
        done = subprocess.run(words, cwd=folder, env=env, timeout=600,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              encoding="utf-8")
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        return done.stdout

    def gradus(self, name, *words):
        return self.run_in(name, [program.PROGRAM, str(FOLDER / "search.lua"),
                                  *words, *SMALL])

    def best(self, text):
        return text[text.index("the best:"):]

    def files(self, name):
        return sorted(p.name for p in (self.folder / name).glob("*.jsonl"))

    def test_processes(self):
        one = self.gradus("one")
        self.assertIn("(6 / 6)", one)
        self.assertEqual(one, self.gradus("four", "--processes", "4"))
        self.assertEqual(
            (self.folder / "one/search-results.jsonl").read_text(),
            (self.folder / "four/search-results.jsonl").read_text())

    def test_gnu_parallel(self):
        if not shutil.which("parallel"):
            self.skipTest("GNU parallel is not installed")
        text = self.run_in("parallel", [str(FOLDER / "search-parallel.sh"),
                                        "3", *SMALL])
        self.assertEqual([f"search-results.{i}of3.jsonl" for i in (1, 2, 3)],
                         self.files("parallel"))
        self.assertEqual(self.best(self.gradus("one")),
                         text[text.rindex("the best:"):])

    def test_slurm(self):
        for i in ("1", "2"):
            text = self.run_in(
                "slurm", ["sh", str(FOLDER / "search.slurm"), *SMALL],
                SLURM_ARRAY_TASK_ID=i, SLURM_ARRAY_TASK_COUNT="2",
                SLURM_SUBMIT_DIR=str(FOLDER))
            self.assertEqual(3, text.split("the best:")[0].count("/ 6)"))
        self.assertEqual(["search-results.1of2.jsonl",
                          "search-results.2of2.jsonl"], self.files("slurm"))
        self.assertEqual(self.gradus("one"), self.gradus("slurm"))


if __name__ == "__main__":
    program.main()
