-- SPDX-License-Identifier: GPL-3.0-or-later
local space = {lr = train.log_uniform(1e-4, 1), width = {8, 16}}
local function score(s) return -math.abs(math.log(s.lr, 10) + 2) + s.width / 1000 end

local all = train.search(space, score, {trials = 12, quiet = true})
print(#all, all[1].score >= all[12].score) -- expect: 12	true

-- In shards, each with a file of its own, it is the same table; the search
-- without a shard then finds every trial there.
local ran = 0
local function counted(...)
  ran = ran + 1
  return score(...)
end
local function same(a, b)
  local equal = #a == #b
  for i, row in ipairs(a) do
    equal = equal and row.score == b[i].score and row.lr == b[i].lr and row.trial == b[i].trial
      and row.share == b[i].share and row.round == b[i].round
  end
  return equal
end
for i = 1, 4 do
  train.search(space, counted, {trials = 12, quiet = true, shard = i .. "/4", file = "r.jsonl"})
end
print(ran, same(train.merge("r.jsonl"), all)) -- expect: 12	true
print(same(train.merge{"r.1of4.jsonl", "r.2of4.jsonl", "r.3of4.jsonl", "r.4of4.jsonl"}, all))
-- expect: true
local whole = train.search(space, counted, {trials = 12, quiet = true, file = "r.jsonl"})
print(ran, same(whole, all), tostring(whole) == tostring(all)) -- expect: 12	true	true
print(tostring(train.merge("r.jsonl")) == tostring(all)) -- expect: true

-- Another seed or another space is another search, though the file is the same.
train.search(space, counted, {trials = 12, quiet = true, file = "r.jsonl", seed = 2})
print(ran) -- expect: 24

-- Rounds wait for the shards that are missing; started again they go on.
for _, kind in ipairs{"coarse to fine", "halving"} do
  local one = train.search(space, score, {kind = kind, trials = 8, quiet = true})
  local file, waits = kind:sub(1, 4) .. ".jsonl", 0
  for _ = 1, 4 do
    for i = 1, 2 do
      local r = train.search(space, counted, {kind = kind, trials = 8, quiet = true,
        shard = i .. "/2", file = file})
      waits = waits + (r.waiting and 1 or 0)
    end
  end
  ran = 0
  print(waits, same(train.search(space, counted, {kind = kind, trials = 8, quiet = true,
    file = file}), one), ran)
end
-- expect: 2	true	0
-- expect: 4	true	0

-- A search that was broken off goes on, also in the middle of a line: what is
-- in the file is not run again. A score that is no number stays none.
local function cut(path, lines, rest)
  local kept = {}
  for text in io.lines(path) do
    if #kept < lines then kept[#kept + 1] = text end
  end
  local file = io.open(path, "w")
  file:write(table.concat(kept, "\n"), "\n", rest)
  file:close()
end
local function odd(s, i)
  ran = ran + 1
  return i == 2 and 0 / 0 or i == 3 and math.huge or i == 4 and -math.huge or score(s)
end
for _, kind in ipairs{"random", "grid", "coarse to fine", "halving"} do
  local o = {kind = kind, trials = 8, points = 4, quiet = true, file = kind .. ".log"}
  ran = 0
  local first = train.search(space, odd, o)
  local before = ran
  cut(o.file, 5, '{"trial":6,"sc')
  ran = 0
  local again = train.search(space, odd, o)
  print(kind, before, ran, tostring(first) == tostring(again), first[1].score,
    #train.merge(o.file) == before)
end
-- expect: random	8	3	true	inf	true
-- expect: grid	8	3	true	inf	true
-- expect: coarse to fine	16	11	true	inf	true
-- expect: halving	15	10	true	inf	true

print(#train.search(space, score, {kind = "grid", points = 3, quiet = true})) -- expect: 6
local r = train.search({lr = train.log_uniform(1e-4, 1)}, function(s)
  return -math.abs(math.log(s.lr, 10) + 2)
end, {kind = "coarse to fine", trials = 20, rounds = 2, quiet = true})
print(#r, r.space.lr.low > 1e-4, r.space.lr.high < 1) -- expect: 40	true	true
r = train.search({lr = train.log_uniform(1e-4, 1)}, function(s, _, share)
  return -math.abs(math.log(s.lr, 10) + 2) * share
end, {kind = "halving", trials = 8, quiet = true})
print(#r) -- expect: 8
train.search({a = {1}}, function() return 0.25 end, {trials = 1})
-- expect: val acc: 0.2500000, a: 1, (1 / 1)

-- By hand: search again in the ranges around the best.
r = train.search({lr = train.log_uniform(1e-4, 1), width = {8, 16}}, score, {quiet = true})
local narrow = r:narrowed()
print(narrow.lr.low > 1e-4 and narrow.lr.high < 1 and narrow.lr.low < 1e-2 and narrow.lr.high > 1e-2)
-- expect: true
print(pcall(train.merge, "nothing.jsonl"))
-- expect: false	train.merge: no results in 'nothing.jsonl'
print(pcall(train.search, {trial = {1}}, score))
-- expect: false	train.search: a setting cannot be called 'trial'; the results use that name
print(pcall(train.search, space, score, {kind = "halving", shard = "1/2"}))
-- expect: false	train.search: kind "halving" in shards needs a file
print(pcall(train.search, space, score, {shard = "3/2"}))
-- expect: false	train.search: shard is "i/n" with 1 <= i <= n; got 3/2
