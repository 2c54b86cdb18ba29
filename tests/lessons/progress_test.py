# SPDX-License-Identifier: GPL-3.0-or-later
"""The file in which the progress of a lesson is kept: damaged in every way, out of reach, used by
two at once, and its writer killed at any moment."""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = str(HERE.parents[1] / "build/src/gradus")
EVERY = HERE / "every.lua"
PATIENCE = 600


class Progress(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        self.state = self.home / "state/gradus/lessons"
        self.env = {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "TERM": "dumb",
                    "XDG_STATE_HOME": str(self.home / "state")}

    def gradus(self, *args, text="", env=None):
        result = subprocess.run([PROGRAM, *map(str, args)], input=text, capture_output=True,
                                text=True, timeout=PATIENCE, check=False, cwd=self.home,
                                env={**self.env, **(env or {})})
        self.assertEqual((0, ""), (result.returncode, result.stderr), result.stdout)
        return result.stdout

    def saved(self):
        self.gradus(HERE / "progress.lua", EVERY, "write")
        files = list(self.state.glob("*.json"))
        self.assertEqual(1, len(files))
        return files[0].read_bytes()

    def taken(self, contents):
        """How each of these files is taken."""
        names = []
        for number, content in enumerate(contents):
            path = self.home / f"case{number}"
            path.write_bytes(content)
            names.append(str(path))
        lines = self.gradus(HERE / "progress.lua", EVERY, "read",
                            text="".join(name + "\n" for name in names)).splitlines()
        self.assertEqual(len(names), len(lines), lines)
        return lines

    def test_what_was_saved_comes_back(self):
        whole = self.saved()
        self.assertEqual(["step 6 of 15"], self.taken([whole]))

    def test_a_file_cut_off_anywhere_is_set_aside(self):
        whole = self.saved().rstrip()
        cuts = range(0, len(whole), max(1, len(whole) // 60))
        self.assertEqual({"damaged"}, set(self.taken([whole[:cut] for cut in cuts])))

    def test_a_file_with_wrong_bytes_is_set_aside_or_read(self):
        whole, draw = self.saved(), random.Random(5)
        cases = []
        for _ in range(60):
            broken = bytearray(whole)
            for _ in range(draw.randint(1, 4)):
                broken[draw.randrange(len(broken))] = draw.randrange(256)
            cases.append(bytes(broken))
        for line in self.taken(cases):
            self.assertRegex(line, r"^(damaged|step \d+ of 15)$")

    def test_a_field_of_another_kind_is_refused(self):
        whole = json.loads(self.saved())
        cases = []
        for name in whole:
            for other in ([], {}, "text", 1.5, -7, True, None, [1], [[]], {"1": 2}, {"1": {"tries": "x"}}):
                cases.append(json.dumps({**whole, name: other}).encode())
        cases += [b"[]", b"{}", b"null", b"17", b"\0" * 500, b"\xff\xfe", b"[" * 5000]
        for line in self.taken(cases):
            self.assertRegex(line, r"^(damaged|step \d+ of 15)$")

    def test_a_lesson_begins_anew_where_its_progress_is_damaged(self):
        self.saved()
        file = next(self.state.glob("*.json"))
        file.write_text('{"version":1,"pa', encoding="utf-8")
        out = self.gradus("lesson", EVERY, text="\n:where\n")
        self.assertIn("cannot be read; it is set aside as", " ".join(out.split()))
        self.assertIn("step 4 of 15", out)
        self.assertEqual('{"version":1,"pa', file.with_suffix(".json.damaged").read_text("utf-8"))
        self.assertEqual(4, json.loads(file.read_text("utf-8"))["at"])

    def test_where_nothing_can_be_written_the_lesson_goes_on(self):
        (self.home / "file").write_text("", encoding="utf-8")
        for place in ("/proc/none", str(self.home / "file")):
            out = self.gradus("lesson", EVERY, text="\nx:sum()\n:where\n", env={"XDG_STATE_HOME": place})
            self.assertEqual(1, out.count("Progress cannot be saved"), out)
            self.assertIn("step 5 of 15", out)

    def test_killed_at_any_moment_it_resumes(self):
        draw = random.Random(7)
        for _ in range(12):
            child = subprocess.Popen([PROGRAM, "lesson", str(EVERY), "--fresh"], stdin=subprocess.PIPE,
                                     stdout=subprocess.DEVNULL, text=True, env=self.env, cwd=self.home)
            child.stdin.write("\nx:sum()\ny = 2 * x\n" + ":back\n:skip\n" * 200)
            child.stdin.flush()
            time.sleep(draw.uniform(0.05, 0.6))
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            child.stdin.close()
            for file in self.state.glob("*.json"):
                json.loads(file.read_text("utf-8"))
        self.assertIn("step ", self.gradus("lesson", EVERY, text=":where\n"))
        litter = [path.name for path in self.state.iterdir() if not path.name.endswith(".json")]
        self.assertEqual([], litter)


if __name__ == "__main__":
    if len(sys.argv) > 1 and pathlib.Path(sys.argv[1]).is_file():
        PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
