# SPDX-License-Identifier: GPL-3.0-or-later
"""Batch runs, records, reports, replays, handouts and classroom mode."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = str(HERE.parents[1] / "build/src/gradus")
EVERY = HERE / "every.lua"

RANDOM = """
lesson "Random" {topic = "random numbers", minutes = 2}
code [[ w = tensor.randn(50, 50); w:sum() ]]
ask "The mean of `w`?" {solution = "w:mean()", hints = "h", mistakes = {{"w:sum()", "sum"}}}
ask "Its norm?" {solution = "w:norm()", hints = "h"}
"""


class Record(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "random.lua").write_text(RANDOM, encoding="utf-8")

    def gradus(self, *args, text="", code=0):
        result = subprocess.run([PROGRAM, *map(str, args)], input=text, capture_output=True,
                                text=True, timeout=600, check=False, cwd=self.folder,
                                env={"HOME": str(self.folder), "PATH": "/usr/bin:/bin"})
        self.assertEqual(code, result.returncode, result.stdout + result.stderr)
        return result.stdout

    def take(self, name, text):
        return self.gradus("lesson", "random.lua", "--seed=7", f"--record={name}", text=text)

    def test_batch_prints_a_transcript(self):
        out = self.gradus("lesson", EVERY, "--batch")
        self.assertIn("> x:sum()", out)
        self.assertIn("The end: Every step", out)
        self.assertNotIn("\x1b", out)
        again = self.gradus("lesson", EVERY, "--batch")
        self.assertEqual(out, again)

    def test_record_report_replay(self):
        self.take("a.jsonl", "w:sum()\n:hint\nw:mean()\nw:norm()\n")
        self.take("b.jsonl", "w:sum()\nw:max()\n")
        events = [json.loads(line) for line in
                  (self.folder / "a.jsonl").read_text(encoding="utf-8").splitlines()]
        kinds = [event["event"] for event in events]
        places = [event for event in events if event["event"] == "at"]
        self.assertEqual(["The mean of `w`?", "Its norm?"], [event["text"] for event in places])
        self.assertRegex(events[0]["fingerprint"]["version"], r"^\d+\.\d+\.\d+$")
        kinds = [kind for kind in kinds if kind != "at"]
        self.assertEqual(["start", "code", "input", "verdict", "hint", "input", "verdict",
                          "input", "verdict", "end"], kinds)
        self.assertEqual(7, events[0]["seed"])
        report = self.gradus("lesson", "report", "a.jsonl", "b.jsonl")
        self.assertIn("2 runs, 1 to the end", report)
        self.assertRegex(report, r"step 2 +2 x  w:sum\(\)  \(sum\)")
        self.assertIn("Where people stop", report)
        self.assertIn("all 7 results bit for bit", self.gradus("lesson", "replay", "a.jsonl"))

    def test_one_who_only_looks_stops_where_they_looked(self):
        self.take("a.jsonl", "w:mean()\n:quit\n")
        report = self.gradus("lesson", "report", "a.jsonl")
        self.assertRegex(report, r"(?m)^2 +1 +1 +1 +0 +0 +0 ")
        self.assertRegex(report, r"(?m)^3 +1 +0 +0 +0 +0 +1 +-  Its norm\?$")

    def test_a_shipped_lesson_is_found_again(self):
        self.gradus("--threads", "2", "lesson", "02", "--batch", "--seed=5", "--record=s.jsonl")
        out = self.gradus("--threads", "2", "lesson", "replay", "s.jsonl")
        self.assertIn("results bit for bit", out)
        self.assertIn("Same machine, version and threads", out)
        out = self.gradus("--threads", "1", "lesson", "replay", "s.jsonl")
        self.assertIn("Another machine, version or number of threads", out)

    def test_a_forged_record_is_noticed(self):
        self.take("a.jsonl", "w:mean()\nw:norm()\n")
        path = self.folder / "a.jsonl"
        text = path.read_text(encoding="utf-8").replace('"seed":7', '"seed":8')
        path.write_text(text, encoding="utf-8")
        out = self.gradus("lesson", "replay", "a.jsonl", code=1)
        self.assertIn("NOT the same", out)

    def test_damaged_records_are_left_out(self):
        self.take("a.jsonl", "w:mean()\nw:norm()\n")
        whole = (self.folder / "a.jsonl").read_text(encoding="utf-8")
        (self.folder / "cut.jsonl").write_text(whole[:whole.rindex('"event"')], encoding="utf-8")
        (self.folder / "bad.jsonl").write_text("1\n" + whole, encoding="utf-8")
        report = self.gradus("lesson", "report", "a.jsonl", "bad.jsonl", "cut.jsonl", "none.jsonl", code=1)
        self.assertIn("Left out: bad.jsonl:1: this line is no event", report)
        self.assertIn("Left out: there is no record 'none.jsonl'", report)
        self.assertIn("2 runs, 1 to the end", report)
        self.assertIn("bit for bit", self.gradus("lesson", "replay", "cut.jsonl"))

    def test_a_record_that_cannot_be_written_is_said_once(self):
        out = self.take("/dev/full", "w:mean()\nw:norm()\n")
        self.assertEqual(1, out.count("The record '/dev/full' cannot be written: No space left"), out)
        self.assertIn("The end", out)

    def test_another_machine_has_a_tolerance(self):
        self.take("a.jsonl", "w:mean()\nw:norm()\n")
        path = self.folder / "a.jsonl"
        events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for event in events:
            if event.get("result", {}).get("numbers"):
                event["result"]["bits"] = "0" * 16
                event["result"]["numbers"] = [x * 1.00001 for x in event["result"]["numbers"]]
        path.write_text("".join(json.dumps(e) + "\n" for e in events), encoding="utf-8")
        out = self.gradus("lesson", "replay", "a.jsonl")
        self.assertIn("within 0.001", out)

    def test_handouts(self):
        for name in ("handout.html", "handout.md"):
            self.gradus("lesson", EVERY, "--export", name)
            text = (self.folder / name).read_text(encoding="utf-8")
            self.assertIn("Answers", text)
            self.assertIn("data:image/png;base64,", text)
            questions, answers = text.split("Answers", 1)
            self.assertIn("What is the sum of", questions)
            self.assertNotIn("x:sum()", questions)
            self.assertIn("x:sum()", answers)

    def test_classroom(self):
        out = self.gradus("lesson", EVERY, "--present", text="   sb:1 + 41\n q")
        self.assertIn("What is the sum of", out)
        self.assertIn("The solution:", out)
        before = out.split("The solution:")[0]
        self.assertNotIn("x:sum()", before)
        self.assertIn("    42\n", out)
        self.assertNotIn("\x1b", out)


if __name__ == "__main__":
    if len(sys.argv) > 1 and pathlib.Path(sys.argv[1]).is_file():
        PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
