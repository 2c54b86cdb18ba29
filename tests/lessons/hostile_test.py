# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile lessons: each is opened at the prompt, says why it was stopped, changes nothing outside
and leaves the prompt alive with the library whole."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "repl"))
import prompt  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


class Hostile(prompt.TestCase):
    size = (1000, 200)  # a page that does not fit waits for Enter
    screens = {"19-pictures": "svg"}

    def attack(self, path):
        self.start(env={"GNUTERM": self.screens.get(path.stem, "")})
        home = pathlib.Path(self.home)
        canary = home / "canary"
        text = path.read_text(encoding="utf-8")
        lesson = home / path.name
        lesson.write_text(text.replace("$CANARY", str(canary)), encoding="utf-8")
        said = [line[len("-- says: "):] for line in text.splitlines()
                if line.startswith("-- says: ")]
        self.type("function student_opens(p) io.open(p, \"w\"):close() end")
        self.ready()
        self.type("holder = {open = io.open}; keep = tensor{1, 2}")
        self.ready()
        self.type("student_csv = require(\"gradus.core\").csv")
        self.type("student_npy = require(\"gradus.core\").npy")
        self.ready()
        before = {p.name for p in home.iterdir()}
        self.type(f":lesson {lesson}")
        for line in said:
            self.see_match(r"\s+".join(map(re.escape, line.split())), 300)
        self.type("tensor.zeros(2):sum():item() + keep:sum():item() + (\"ab\"):len()")
        self.see("5.0")
        self.type("if later then pcall(later) end")
        for line in text.splitlines():
            for name in line.split()[2:] if line.startswith("-- leaves: ") else ():
                self.type(f"print('{name} is ' .. type({name}))")
                self.see_match(f"{name} is (table|function|userdata)")
        for line in text.splitlines():  # what the student does with what the lesson has left
            if line.startswith("-- then: "):
                self.type(line[len("-- then: "):].replace("$CANARY", str(canary)))
                self.type('print("do" .. "ne")')
                self.see("done")
                self.assertFalse(canary.exists(), line)
        self.type("type(io.open) .. type(print) .. type(plot.curve) .. type(os.remove)")
        self.see("functionfunctionfunctionfunction")
        self.assertFalse(canary.exists(), self.screen())
        self.log.flush()
        with open(self.log.name, encoding="utf-8", newline="") as log:
            self.assertNotIn("\x1b]", log.read())  # a command to the terminal, not a colour
        after = {p.name for p in home.iterdir() if not p.match("picture-*.svg")} - {".local"}
        self.assertEqual((before | {path.name}) - {".local"}, after)
        self.type("student_opens(\"" + str(canary) + "\")")
        self.type("11 + 22")
        self.see("33")
        self.assertTrue(canary.exists(), "the student's own function works outside the lesson")
        canary.unlink()


class Start(prompt.TestCase):
    """What gradus is given before a lesson begins."""

    def test_lua_init_and_modules_beside_the_lesson(self):
        home = pathlib.Path(self.home)
        (home / "lesson.lua").write_text(
            'lesson "Init" {topic = "t", minutes = 1}\ncode [[ x = require("evil") ]]\n',
            encoding="utf-8")
        (home / "evil.lua").write_text('io.open("canary", "w"):close()', encoding="utf-8")
        (home / "evil.so").write_bytes(b"\x7fELF")
        self.start("lesson", "lesson.lua", wait=False,
                   env={"LUA_INIT": "io.open('canary', 'w'):close()",
                        "LUA_INIT_5_4": "io.open('canary', 'w'):close()",
                        "LUA_PATH": "./?.lua", "LUA_CPATH": "./?.so"})
        self.see("a lesson has no 'require'")
        self.see("The end")
        self.assertFalse((home / "canary").exists())

    def test_a_compiled_file_is_no_lesson(self):
        path = pathlib.Path(self.home, "compiled.lua")
        self.type(f"f = io.open('{path}', 'wb'); f:write(string.dump(load('lesson \"x\" {{}}')));"
                  " f:close()")
        self.ready()
        self.assertEqual(b"\x1bLua", path.read_bytes()[:4])
        self.type(f":lesson {path}")
        self.see("no lesson")
        self.ready()


def case(path):
    def test(self):
        self.attack(path)
    return test


for _path in sorted((HERE / "hostile").glob("*.lua")):
    setattr(Hostile, "test_" + _path.stem.replace("-", "_"), case(_path))


if __name__ == "__main__":
    prompt.main()
