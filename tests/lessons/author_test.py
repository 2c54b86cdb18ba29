# SPDX-License-Identifier: GPL-3.0-or-later
"""`gradus check`: finds each planted mistake with file and line, and nothing in a sound lesson."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = str(HERE.parents[1] / "build/src/gradus")


def gradus(*args, **more):
    return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=600,
                          check=False, **more)


class Author(unittest.TestCase):
    def test_planted_mistakes(self):
        files = sorted((HERE / "planted").glob("*.lua"))
        self.assertGreaterEqual(len(files), 10)
        for path in files:
            with self.subTest(path.name):
                finds = [line[len("-- finds: "):] for line in
                         path.read_text(encoding="utf-8").splitlines()
                         if line.startswith("-- finds: ")]
                result = gradus("check", path)
                self.assertEqual(1, result.returncode, result.stdout + result.stderr)
                for text in finds:
                    self.assertIn(f"{path.name}:{text}", result.stdout)
                complaints = [line for line in result.stdout.splitlines()
                              if line.startswith(path.name + ":") and " steps, " not in line]
                self.assertEqual(len(finds), len(complaints), result.stdout)

    def test_every_step_is_sound(self):
        result = gradus("check", HERE / "every.lua")
        self.assertEqual(0, result.returncode, result.stdout)

    def test_skeleton_is_sound(self):
        with tempfile.TemporaryDirectory() as folder:
            result = gradus("lesson", "new", "mine", cwd=folder)
            self.assertEqual(0, result.returncode, result.stderr)
            result = gradus("check", "mine.lua", cwd=folder)
            self.assertEqual(0, result.returncode, result.stdout)
            self.assertEqual(1, gradus("lesson", "new", "mine", cwd=folder).returncode)

    def test_a_folder_and_scripts_beside_lessons(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(0, gradus("lesson", "new", "mine", cwd=folder).returncode)
            pathlib.Path(folder, "sweep.lua").write_text("print(1)\n", encoding="utf-8")
            self.assertIn("mine.lua: ", gradus("check", ".", cwd=folder).stdout)
            result = gradus("check", "mine.lua", "sweep.lua", cwd=folder)
            self.assertEqual(0, result.returncode, result.stdout)
            self.assertIn("sweep.lua: a script, no lesson; passed over", result.stdout)
            self.assertEqual(1, gradus("check", "sweep.lua", cwd=folder).returncode)
            pathlib.Path(folder, "late.lua").write_text('x = 1\nlesson "L" {}\n', encoding="utf-8")
            result = gradus("check", "mine.lua", "late.lua", cwd=folder)
            self.assertIn("late.lua: no lesson: its first statement must call lesson", result.stdout)
            self.assertEqual(1, result.returncode)

    def test_lessons_in_the_readme_are_sound(self):
        text = (HERE.parents[1] / "lessons/README.md").read_text(encoding="utf-8")
        blocks = [part.split("```")[0] for part in text.split("```lua\n")[1:]]
        whole = [block for block in blocks if block.startswith("lesson ")]
        parts = [block for block in blocks if not block.startswith("lesson ")]
        self.assertTrue(whole and parts)
        whole.append('lesson "Parts" {topic = "the parts of the README", minutes = 5}\n'
                     + "\n".join(parts))
        with tempfile.TemporaryDirectory() as folder:
            for number, block in enumerate(whole):
                path = pathlib.Path(folder, f"readme{number}.lua")
                path.write_text(block, encoding="utf-8")
                result = gradus("check", path)
                self.assertEqual(0, result.returncode, result.stdout + block)

    def test_a_search_speaks_in_the_lesson_only(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "search.lua")
            path.write_text('lesson "A search" {topic = "trials", minutes = 2}\n'
                            'code [[ train.search({a = train.uniform(0, 1)}, '
                            'function(s) return s.a end, {trials = 3}) ]]\n'
                            'number "How many trials?" {answer = 3, hints = {"Count."}}\n',
                            encoding="utf-8")
            checked = gradus("check", path)
            self.assertEqual(1, len(checked.stdout.splitlines()), checked.stdout)
            self.assertIn("sound", checked.stdout)
            run = gradus("lesson", path, "--batch").stdout
            self.assertEqual(3, run.count("val acc: "), run)
            page = pathlib.Path(folder, "page.html")
            exported = gradus("lesson", path, "--export", page).stdout
            self.assertNotIn("val acc", exported)
            self.assertEqual(3, page.read_text(encoding="utf-8").count("val acc: "))

    def test_usage(self):
        self.assertEqual(2, gradus("check").returncode)
        self.assertEqual(2, gradus("lesson", "x", "--sed=3").returncode)
        self.assertEqual(1, gradus("lesson", "no-such-lesson").returncode)


if __name__ == "__main__":
    if len(sys.argv) > 1 and pathlib.Path(sys.argv[1]).is_file():
        PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
