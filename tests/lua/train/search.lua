-- SPDX-License-Identifier: GPL-3.0-or-later
local space = {lr = train.log_uniform(1e-4, 1), width = {8, 16}}
local function score(s) return -math.abs(math.log(s.lr, 10) + 2) + s.width / 1000 end

local all = train.search(space, score, {trials = 12, quiet = true})
print(#all, all[1].score >= all[12].score) -- expect: 12	true

-- Split over four processes it is the same table.
for i = 1, 4 do
  train.search(space, score, {trials = 12, quiet = true, shard = i .. "/4", file = "part" .. i})
end
local merged = train.merge{"part1", "part2", "part3", "part4"}
local same = #merged
for i, row in ipairs(merged) do
  if row.score ~= all[i].score or row.lr ~= all[i].lr then same = same - 1 end
end
print(#merged, same) -- expect: 12	12

-- A search that was broken off goes on: what is in the file is not run again.
local ran = 0
train.search(space, function(s)
  ran = ran + 1
  return score(s)
end, {trials = 12, quiet = true, shard = "1/2", file = "part1"})
print(ran) -- expect: 3

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
