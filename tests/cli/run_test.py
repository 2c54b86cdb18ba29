# SPDX-License-Identifier: GPL-3.0-or-later
"""./run where there is no apt, and where nothing is missing."""
import os
import pathlib
import shutil
import unittest

import program

RUN = program.ROOT / "run"
BUILD = pathlib.Path(os.environ.get("GRADUS_BUILD", program.ROOT / "build"))
COMMANDS = ("sh dirname id cat grep env cc gcc meson ninja pkg-config gnuplot "
            "python3 mv printf").split()


@unittest.skipUnless(BUILD.resolve() == (program.ROOT / "build").resolve(),
                     "./run builds in build/ only")
class Run(program.TestCase):
    def run_with(self, commands, *args):
        """./run with these commands and no others on the search path."""
        folder = os.path.join(self.home, "bin")
        os.mkdir(folder)
        for name in commands:
            found = shutil.which(name)
            if found:
                os.symlink(os.path.realpath(found), os.path.join(folder, name))
        return self.gradus(*args, program=str(RUN), env={"PATH": folder})

    def test_without_apt_it_goes_on_if_all_is_there(self):
        done = self.run_with(COMMANDS, "-e", "print(arg[0] ~= nil, 1 + 1)")
        self.check(done, out="true\t2\n")

    def test_without_apt_it_names_what_is_missing(self):
        some = [name for name in COMMANDS if name not in ("gnuplot", "meson")]
        done = self.run_with(some, "--version")
        self.check(done, 1, err="meson gnuplot-nox")
        self.assertIn("there is no apt here", done.stderr)

    def test_from_another_folder_and_with_its_exit_code(self):
        self.write("a.lua", "print(arg[1]) os.exit(3)")
        done = self.gradus("a.lua", "x y", program=str(RUN),
                           env={"PATH": os.environ["PATH"]})
        self.check(done, 3, out="x y\n")

    def test_second_call_builds_nothing(self):
        self.gradus("--version", program=str(RUN))
        before = (BUILD / "src/gradus").stat().st_mtime_ns
        done = self.gradus("--version", program=str(RUN))
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(before, (BUILD / "src/gradus").stat().st_mtime_ns)
        self.assertIn("no work to do", (BUILD / "build.log").read_text())


if __name__ == "__main__":
    program.main()
