# SPDX-License-Identifier: GPL-3.0-or-later
"""What figures were measured on: the machine, its libraries, how busy it was,
and how far its cores are from each other."""
import ctypes
import datetime
import json
import os
import pathlib
import platform
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"
OPENMP = pathlib.Path("/usr/lib/x86_64-linux-gnu/openblas-openmp")
NEAR = 150  # nanoseconds of a round trip, above which two cores are far
BUSY = 0.5  # a load average, above which other programs are in the way


def said_by(*command):
    """What a command prints, or "" where it fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True,
                              check=True, timeout=60).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def processor():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    fields = dict(re.findall(r"^([^\t\n]+?)\s*: (.*)$", text, re.M))
    name = fields.get("model name", platform.machine())
    if "model" in fields and "cpu family" in fields:
        name += f" (family {fields['cpu family']}, model {fields['model']})"
    return name


def openblas(program):
    """Version and kernels of the OpenBLAS that the program is linked with."""
    found = re.search(r"libopenblas\S* => (\S+)", said_by("ldd", program))
    if not found:
        return "OpenBLAS of an unknown version"
    library = ctypes.CDLL(found[1])
    library.openblas_get_config.restype = ctypes.c_char_p
    library.openblas_get_corename.restype = ctypes.c_char_p
    version = " ".join(library.openblas_get_config().decode().split()[:2])
    return f"{version} ({library.openblas_get_corename().decode()})"


def torch():
    """PyTorch's version, or "" where it is missing."""
    return said_by(PYTHON, "-c", "import torch; print(torch.__version__)")


def system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def find_program(parser, path):
    """The whole path of a program that can be started, or the parser's error."""
    program = os.path.abspath(path)
    if not os.access(program, os.X_OK) or os.path.isdir(program):
        parser.error(f"no program {path}: build it, or name it with --gradus")
    return program


def describe(program):
    """Date, machine and libraries, a list of lines."""
    now = datetime.datetime.now(datetime.timezone.utc)
    version = said_by(program, "--version").splitlines()[0]
    commit = said_by("git", "-C", HERE, "describe", "--always", "--dirty")
    kind = said_by(program, "-e", "io.write(gradus.cpu())")
    return [
        f"{now:%Y-%m-%d %H:%M} UTC, {version}" + (f", {commit}" * bool(commit)),
        f"{processor()}, {os.cpu_count()} cores, {kind}; load average "
        f"{os.getloadavg()[0]:.2f} at the start",
        f"{openblas(program)}, PyTorch {torch()}, Python "
        f"{said_by(PYTHON, '--version').removeprefix('Python ')}, {system()}, "
        f"Linux {platform.release()}",
    ]


def remarks(threads):
    """What speaks against quoting figures that are taken now."""
    said = []
    if os.getloadavg()[0] > BUSY:
        said.append("The machine was busy with other things: these figures "
                    "are not for quoting.")
    if max(threads) > 1 and not OPENMP.is_dir():
        said.append("PyTorch is not at its best on two threads: "
                    "libopenblas0-openmp is missing.")
    return said


class Cores:
    """Whether the first two cores share a cache at the moment."""

    def __init__(self, folder):
        self.program = pathlib.Path(folder) / "pingpong"
        said_by("cc", "-O2", "-pthread", "-o", self.program,
                HERE / "peer/pingpong.c")

    def round_trip(self):
        """Nanoseconds; 0 where it cannot be told."""
        if not self.program.exists():
            return 0
        text = said_by(self.program)
        return json.loads(text)["roundtrip_ns"] if text else 0

    def near(self):
        return self.round_trip() <= NEAR
