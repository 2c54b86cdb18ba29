-- SPDX-License-Identifier: GPL-3.0-or-later
-- A search split over four processes gives the same table as one, bit for bit,
-- for every kind; what a trial prints stands before its line.
local space = {lr = train.log_uniform(1e-3, 1), width = {4, 8}, rule = {optim.SGD, optim.Adam},
  act = {nn.ReLU, nn.Tanh}}
gradus.seed(3)
local set = data.moons(60, {seed = 1})
local here = 0 -- trials in this process

local function score(s, i, share)
  here = here + 1
  if i == 2 then io.write("trial 2 speaks\n") end
  local net = nn.Sequential(nn.Linear(2, s.width), s.act(), nn.Dropout(0.1), nn.Linear(s.width, 2))
  local h = train.fit(net, {data = set, opt = s.rule(net:parameters(), {lr = s.lr}),
    epochs = math.ceil(4 * (share or 1)), progress = "none"})
  return -h.epochs[#h.epochs].loss
end

-- All that a search prints, and its rows with every bit.
local function record(o)
  local said, say = {}, print
  here = 0
  print = function(...) said[#said + 1] = table.concat({...}, "\t") end -- luacheck: ignore
  local ok, rows = pcall(train.search, space, score, o)
  print = say -- luacheck: ignore
  if not ok then error(rows, 0) end
  local list = {}
  for i, r in ipairs(rows) do
    list[i] = ("%d %.17g %.17g %d %s %s"):format(r.trial, r.score, r.lr, r.width, r.rule.__name,
      r.act == nn.Tanh)
  end
  return table.concat(said, "\n"), table.concat(list, "\n"), here
end

for _, kind in ipairs{"random", "grid", "coarse to fine", "halving"} do
  local o = {kind = kind, trials = 6, points = 2, file = false}
  local text1, rows1, here1 = record(o)
  o.processes = 4
  local text4, rows4, here4 = record(o)
  print(kind, text1 == text4, rows1 == rows4, here1 > 0, here4)
end
-- expect: trial 2 speaks
-- expect: trial 2 speaks
-- expect: random	true	true	true	0
-- expect: trial 2 speaks
-- expect: trial 2 speaks
-- expect: grid	true	true	true	0
-- expect: trial 2 speaks
-- expect: trial 2 speaks
-- expect: trial 2 speaks
-- expect: trial 2 speaks
-- expect: coarse to fine	true	true	true	0
-- expect: trial 2 speaks
-- expect: trial 2 speaks
-- expect: halving	true	true	true	0

-- An error in a trial is an error of the search; so is the end of a process.
local function fails(f, o)
  local ok, why = pcall(train.search, {a = {1, 2}}, f, o)
  print(ok, (why:gsub("^[^\n]*/", ""):gsub("\n.*", "")))
end
fails(function() error("no such file") end, {quiet = true, trials = 2, processes = 2})
-- expect: false	processes.lua:62: no such file
fails(function() os.exit(3) end, {quiet = true, trials = 2, processes = 2})
-- expect: false	train.search: a process ended early; the last it said was:
fails(function() return "good" end, {quiet = true, trials = 2, processes = 2})
-- expect: false	train.search: the function should return a number, the score; got string
fails(function() return 1 end, {processes = 0})
-- expect: false	train.search: processes should be a whole number from 1; got 0
