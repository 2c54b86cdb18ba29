# SPDX-License-Identifier: GPL-3.0-or-later
"""A training that was killed, again and again, and resumed ends in the same
weights, bit for bit, as one that was left alone."""
import os
import pathlib
import random
import subprocess
import time
import unittest

import program

SCRIPT = """
gradus.seed(5)
local set = data.digits()
set.x = set.x / 16
local train_set, valid_set = data.split(set, 0.3, {stratify = true})
local net = nn.Sequential(nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU(),
  nn.Dropout(0.2), nn.Linear(32, 10))
local opt = optim.Adam(net:parameters(), {lr = 0.01})
local h = train.fit(net, {data = train_set, valid = valid_set, opt = opt,
  epochs = 40, metrics = {"accuracy"}, clip = 1, l2 = 1e-4,
  scheduler = optim.lr_scheduler.CosineAnnealingLR(opt, 40),
  early_stop = {patience = 100}, checkpoint = "run.safetensors",
  resume = true, on_epoch = slow})
net:save("end.safetensors")
local file = io.open("history", "w")
for _, row in ipairs(h.epochs) do
  file:write(("%d %a %a %a %a\\n"):format(row.epoch, row.loss, row.valid_loss,
    row.valid_accuracy, row.lr))
end
for _, loss in ipairs(h.steps) do file:write(("%a\\n"):format(loss)) end
file:write("best ", h.best, "\\n")
file:close()
"""
# Some time in every epoch, so that a kill hits the middle of a run; which does not end before.
SLOW = ("local n = 0 function slow() n = n + 1 "
        "require('gradus.terminal').sleep(n < 6 and 0.1 or 1000) end")


def modified(path):
    try:
        return os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return None


class Resume(program.TestCase):
    def start(self, folder, *words):
        os.makedirs(folder, exist_ok=True)
        pathlib.Path(folder, "run.lua").write_text(SCRIPT)
        return subprocess.Popen([program.PROGRAM, *words, "run.lua"],
                                cwd=folder, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT,
                                env=program.environment(self.home))

    def finish(self, process):
        text = process.communicate(timeout=600)[0].decode()
        self.assertEqual(0, process.returncode, text)
        return text

    def test_killed_and_resumed(self):
        left = os.path.join(self.home, "left")
        killed = os.path.join(self.home, "killed")
        checkpoint = os.path.join(killed, "run.safetensors")
        self.finish(self.start(left, "-e", "slow = false"))
        kills, chance = 0, random.Random(1)
        while kills < 4:
            before = modified(checkpoint)
            process = self.start(killed, "-e", SLOW)
            while process.poll() is None and modified(checkpoint) == before:
                time.sleep(0.001)
            time.sleep(0.1 * chance.random())
            self.assertIsNone(process.poll(), "the run ended before it was killed")
            process.kill()
            kills += 1
            process.communicate()
        self.finish(self.start(killed, "-e", "slow = false"))
        for name in ("end.safetensors", "history"):
            self.assertEqual(pathlib.Path(left, name).read_bytes(),
                             pathlib.Path(killed, name).read_bytes(), name)
        self.assertNotIn("run.safetensors.", " ".join(os.listdir(left)))


if __name__ == "__main__":
    program.main()
