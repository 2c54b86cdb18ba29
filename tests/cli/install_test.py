# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pathlib
import shutil
import subprocess
import unittest

import program

BUILD = os.environ.get("GRADUS_BUILD", str(program.ROOT / "build"))


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = program.tempfile.mkdtemp(prefix="gradus-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        done = subprocess.run(
            ["meson", "install", "-C", BUILD, "--no-rebuild",
             "--destdir", cls.folder], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, done.stdout
        [found] = pathlib.Path(cls.folder).rglob("bin/gradus")
        cls.prefix = found.parent.parent

    def run_program(self, prefix, *args):
        done = subprocess.run(
            [prefix / "bin/gradus", *args], cwd="/", stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
            env=program.environment(self.folder))
        return done.stdout, done.stderr, done.returncode

    LIBRARY = "print(require('gradus.help.docs').find('gradus.seed').path)"

    def test_files(self):
        for name in ("share/gradus/lua/init.lua", "share/gradus/lua/options.lua",
                     "share/gradus/lessons/README.md",
                     "share/gradus/stubs/gradus.d.lua", "share/man/man1/gradus.1",
                     "share/bash-completion/completions/gradus",
                     "share/doc/gradus/LICENSE"):
            self.assertTrue((self.prefix / name).exists(), name)

    def test_runs_from_there_with_its_own_library(self):
        out, err, code = self.run_program(self.prefix, "-e", self.LIBRARY)
        self.assertEqual(("", 0), (err, code))
        self.assertTrue(os.path.realpath(out.strip()).startswith(
            os.path.realpath(self.prefix / "share/gradus/lua")), out)

    def test_runs_after_a_move_and_through_a_link(self):
        moved = pathlib.Path(self.folder) / "else where"
        shutil.copytree(self.prefix, moved, symlinks=True)
        out, err, code = self.run_program(moved, "-e", self.LIBRARY)
        self.assertEqual(("", 0), (err, code))
        self.assertIn("/else where/", out)
        links = pathlib.Path(self.folder) / "links" / "bin"
        links.mkdir(parents=True)
        (links / "gradus").symlink_to(moved / "bin/gradus")
        out, err, code = self.run_program(links.parent, "-e", self.LIBRARY)
        self.assertIn("/else where/", out)

    def test_says_where_its_library_should_be(self):
        lonely = pathlib.Path(self.folder) / "lonely" / "bin"
        lonely.mkdir(parents=True)
        shutil.copy(self.prefix / "bin/gradus", lonely)
        _, err, code = self.run_program(lonely.parent, "-e", "print(1)")
        self.assertEqual(1, code)
        self.assertIn("the Lua library of gradus is not at", err)

    def test_stubs_are_lua_with_types(self):
        text = (self.prefix / "share/gradus/stubs/gradus.d.lua").read_text()
        self.assertTrue(text.startswith("---@meta"))
        self.assertIn("---@param n? integer\n---@return integer\n"
                      "function gradus.seed(n) end", text)
        self.assertNotIn("function options.", text)

    def test_man_page(self):
        if not shutil.which("man"):
            self.skipTest("no man here")
        done = subprocess.run(
            ["man", "--warnings", "-l", self.prefix / "share/man/man1/gradus.1"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=program.environment(self.folder, LC_ALL="C.UTF-8", MANPAGER="cat",
                                    MANWIDTH="78"))
        self.assertEqual("", done.stderr)
        help_text = subprocess.run([program.PROGRAM, "--help"],
                                   stdout=subprocess.PIPE, text=True).stdout
        for word in help_text.split():
            if word.startswith("-"):
                self.assertIn(word, done.stdout.replace("\u2010", "-"), word)

    def test_completion(self):
        script = self.prefix / "share/bash-completion/completions/gradus"
        ask = ("source '%s'; COMP_WORDS=(gradus %s); COMP_CWORD=%d; _gradus; "
               "echo ${COMPREPLY[*]}")
        for words, index, reply in (("--se", 1, "--seed"), ("che", 1, "check"),
                                    ("--terminal sixel", 2, "sixelgd")):
            out = subprocess.run(["bash", "-c", ask % (script, words, index)],
                                 stdout=subprocess.PIPE, text=True, cwd=self.folder)
            self.assertEqual(reply, out.stdout.strip())


if __name__ == "__main__":
    program.main()
