#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real window on a display of its own (Xvfb), opened, drawn again and closed
in the middle of a training.

    window_test.py GRADUS

Needs Xvfb and a gnuplot with windows: gnuplot-qt or gnuplot-x11 in PATH, or the
one that GRADUS_TEST_GNUPLOT names. Without them it skips itself (code 77).
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SCRIPT = """
local gnuplot = require 'gradus.gnuplot'
gnuplot.program(os.getenv('GRADUS_TEST_GNUPLOT'))
local close = ("python3 '%s' "):format(os.getenv('CLOSER'))
local function count(text)
  local pipe = io.popen(close .. text .. ' --count')
  local n = pipe:read('n')
  pipe:close()
  return n
end
local function wait_for(text, wanted)
  for _ = 1, 4000 do
    if count(text) == wanted then return true end
    gnuplot.sleep(0.05)
  end
  return false
end
print('screen ' .. plot.terminal(os.getenv('WINDOW')))
local begin = gnuplot.clock()
plot.curve({1, 4, 9}, {title = 'first-picture'}):show()
print('in time', gnuplot.clock() - begin < 300)
print('opened', wait_for('first-picture', 1))
plot.curve({1, 4, 9}, {title = 'second-picture'}):show{window = 3}
print('two windows, one process', wait_for('second-picture', 1), gnuplot.pid() ~= nil)
os.execute(close .. 'second-picture > /dev/null')
print('closed', wait_for('second-picture', 0))
plot.curve({1, 4, 9}, {title = 'third-picture'}):show()
print('still draws', gnuplot.pid() ~= nil)

-- Closed after its first frame; the letters are some that core fonts of X have and some that they lack.
for _, letters in ipairs{'', 'é µ', 'é α 漢'} do
  local live = plot.live{title = 'live-picture', ylabel = 'loss ' .. letters, ylog = true}
  local steps, closed, pid = 0, nil, gnuplot.pid()
  begin = gnuplot.clock()
  while gnuplot.clock() - begin < 600 and not (closed and live.dead and gnuplot.clock() - closed > 1) do
    steps = steps + 1
    live:add('train', 1 / steps)
    if steps % 100 == 0 then gnuplot.sleep(0.001) end
    if not closed and live.frames >= 1 then
      print('live opened', wait_for('live-picture', 1))
      os.execute(close .. 'live-picture > /dev/null')
      wait_for('live-picture', 0)
      closed = gnuplot.clock()
    end
  end
  print('training went on', steps > 1000, live.dead, live.frames <= 10 * (gnuplot.clock() - begin) + 1)
  print('stays closed', count('live-picture') == 0)
  live:close()
  print('and at the end', count('live-picture') == 0, gnuplot.pid() == pid)
end
plot.close()
print('all gone', wait_for('picture', 0), gnuplot.pid())
"""
WANTED = """in time true
opened true
two windows, one process true true
closed true
still draws true
%sall gone true nil""" % (3 * """live opened true
training went on true true true
stays closed true
and at the end true true
""")


# After a script its window stays until someone closes it.
STAYS = """
require('gradus.gnuplot').program(os.getenv('GRADUS_TEST_GNUPLOT'))
plot.terminal(os.getenv('WINDOW'))
plot.curve({1, 4, 9}, {title = 'stays-open'}):show()
"""
SHELL = """
wait_for() {
    for i in $(seq 1000); do
        [ "$(python3 "$CLOSER" stays-open --count)" = "$1" ] && break
        sleep 0.1
    done
    python3 "$CLOSER" stays-open --count
}
"$GRADUS" stays.lua; echo "ended $?"
wait_for 1
python3 "$CLOSER" stays-open > /dev/null
wait_for 0
"""


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


def windows_of(program):
    said = subprocess.run([program, "-d", "-e", "print GPVAL_TERMINALS"],
                          capture_output=True, text=True).stderr.split()
    return [name for name in ("qt", "wxt", "x11") if name in said]


def try_window(gradus, program, window):
    with tempfile.TemporaryDirectory() as home:
        script = os.path.join(home, "script.lua")
        pathlib.Path(script).write_text(SCRIPT, encoding="utf-8")
        env = dict(os.environ, HOME=home, TMPDIR=home, WINDOW=window,
                   GRADUS_TEST_GNUPLOT=program,
                   CLOSER=str(HERE / "close_window.py"))
        done = subprocess.run(
            ["xvfb-run", "-a", "-s", "-screen 0 1400x900x24", gradus, script],
            cwd=home, env=env, capture_output=True, text=True, timeout=1000)
        pathlib.Path(home, "stays.lua").write_text(STAYS, encoding="utf-8")
        after = subprocess.run(
            ["xvfb-run", "-a", "-s", "-screen 0 1400x900x24", "sh", "-c",
             SHELL], cwd=home, env=dict(env, GRADUS=gradus),
            capture_output=True, text=True, timeout=600)
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    good = "\n".join(lines) == f"screen {window}\n" + WANTED
    good = good and after.stdout.split() == ["ended", "0", "1", "0"]
    print(("ok   " if good else "FAIL ") + window)
    if not good:
        print(done.stdout, done.stderr, after.stdout, after.stderr)
    return good


def main():
    gradus = os.path.abspath(sys.argv[1])
    if not shutil.which("xvfb-run"):
        skip("no xvfb-run. Hint: sudo apt install xvfb")
    program = os.environ.get("GRADUS_TEST_GNUPLOT") or next(
        filter(None, map(shutil.which, ("gnuplot-qt", "gnuplot-x11"))), None)
    if not program or not windows_of(program):
        skip("no gnuplot with windows. Hint: sudo apt install gnuplot-qt, or "
             "set GRADUS_TEST_GNUPLOT")
    results = [try_window(gradus, program, w) for w in windows_of(program)]
    return not all(results)


sys.exit(main())
