# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl-C in a training and in a search."""
import os
import pathlib

import prompt

NET = ("gradus.seed(3) set = data.moons(200, {seed = 1}) "
       "net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2)) "
       "opt = optim.Adam(net:parameters(), {lr = 0.01})")


class Fit(prompt.TestCase):
    def run_and_stop(self, options):
        self.type(NET)
        self.ready()
        self.type("h = train.fit(net, {data = set, valid = set, opt = opt, "
                  "epochs = 1000000" + options + "})")

    def test_history_and_weights_are_those_of_whole_steps(self):
        self.run_and_stop("")
        self.see("epoch 20/1000000")
        self.interrupt()
        self.see("was broken off; train.last has what was before")
        self.see("interrupted")
        self.ready()
        self.type("h")
        self.see("`h` is not defined")
        self.ready()
        self.type("last = train.last  w = net[1].weight:detach():clone()  "
                  "print('stopped:', last.stopped, #last.epochs >= 20, "
                  "#last.steps // 7 - #last.epochs, net.training)")
        self.see_match(r"stopped:\s+interrupted\s+true\s+[01]\s+true")
        self.ready()
        # The same run, ended by itself after as many steps, has the same
        # weights: no half step was left. The last loss may be missing, if
        # Ctrl-C came between the step and the note of it.
        self.type(NET)
        self.ready()
        self.type("n, hit = #last.steps, 0 "
                  "train.fit(net, {data = set, valid = set, opt = opt, "
                  "epochs = 1000000, progress = 'none', on_step = function(h) "
                  "if #h.steps >= n and net[1].weight:eq(w):all() then "
                  "hit = hit + 1 end return #h.steps <= n end}) "
                  "print('same weights:', hit)")
        self.see_match(r"same weights:\s+1")

    def test_goes_on_afterwards(self):
        self.run_and_stop(", checkpoint = 'c.safetensors'")
        self.see("epoch 5/1000000")
        self.interrupt()
        self.ready()
        self.type("n = #train.last.epochs "
                  "h = train.fit(net, {data = set, valid = set, opt = opt, "
                  "epochs = n + 2, resume = 'c.safetensors'}) "
                  "print('epochs:', #h.epochs - n)")
        self.see_match(r"epochs:\s+2")

    def test_live_curves_end(self):
        self.run_and_stop(", live = true")
        self.see("validation")
        self.see_match(r"epoch \d+/1000000  loss")
        self.interrupt()
        self.see("was broken off")
        self.ready()
        self.type("1 + 1")
        self.see("2")


def state_and_parent(pid):
    """The letter of a process's state, `Z` if there is no such process, and its parent."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[:2]
    except OSError:  # it ended meanwhile
        return "Z", "0"


def runs(pid):
    """Whether it does; one that nobody has waited for does not."""
    return state_and_parent(pid)[0] not in "ZX"


def children(pid):
    """The child processes of a process that run."""
    return [path.name for path in pathlib.Path("/proc").glob("[0-9]*")
            if runs(path.name) and state_and_parent(path.name)[1] == str(pid)]


SEARCH = """
io.open("started", "a"):close()
local function forever(s, i)
  local file = io.open("trial" .. i, "w")
  file:close()
  while true do s.a = s.a + 1 end
end
train.search({a = train.uniform(0, 1)}, forever, {trials = 8, processes = 4})
"""


class Search(prompt.TestCase):
    def wait_for_trials(self):
        self.wait_for(lambda: all((pathlib.Path(self.home) / f"trial{i}").exists()
                                  for i in (1, 2, 3, 4)))

    def gone(self, pids):
        self.wait_for(lambda: not any(map(runs, pids)))

    def setUp(self):
        super().setUp()
        path = os.path.join(self.home, "forever.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SEARCH)

    def test_interrupt_stops_the_processes(self):
        self.type("dofile 'forever.lua'")
        self.wait_for_trials()
        pids = children(self.child.pid)
        self.assertEqual(4, len(pids))
        self.interrupt()
        self.see("interrupted")
        self.ready()
        self.gone(pids)
        self.type("1 + 1")
        self.see("2")

    def test_script(self):
        self.start("forever.lua", wait=False)
        self.wait_for_trials()
        pids = children(self.child.pid)
        self.interrupt()
        self.leaves(130)
        self.gone(pids)

    def test_processes_do_not_outlive_a_killed_search(self):
        self.start("forever.lua", wait=False)
        self.wait_for_trials()
        pids = children(self.child.pid)
        self.assertEqual(4, len(pids))
        self.child.kill(9)
        self.gone(pids)

    def test_a_function_of_the_prompt_has_no_file(self):
        self.type("train.search({a = {1, 2}}, function() return 1 end, "
                  "{processes = 2})")
        self.see("the search has to stand in a file")


if __name__ == "__main__":
    prompt.main()
