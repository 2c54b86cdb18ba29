-- SPDX-License-Identifier: GPL-3.0-or-later
-- Folds and stratified splits against scikit-learn's (tests/expect/make_metrics.py).
local folder = arg[0]:match("^(.*)/")
local cases = assert(loadfile(folder .. "/folds.txt", "t"))()

local function numbered(y)
  return {x = tensor.arange(#y):reshape(#y, 1), y = tensor(y)}
end

local function list(set) return table.concat(set.x:reshape(-1):to("float64"):totable(), " ") end

local function text(indices)
  local copy = {}
  for i, v in ipairs(indices) do copy[i] = v * 1.0 end
  return table.concat(copy, " ")
end

-- Every sample in exactly one part.
local function is_partition(n, ...)
  local seen, count = {}, 0
  for _, set in ipairs{...} do
    for _, v in ipairs(set.x:reshape(-1):totable()) do
      count = count + 1
      seen[v] = true
    end
  end
  local distinct = 0
  for _ in pairs(seen) do distinct = distinct + 1 end
  return count == n and distinct == n
end

local function counts(y, classes)
  local found = {}
  for c = 1, classes do found[c] = y:eq(c):sum():item() end
  return found
end

for _, c in ipairs(cases) do
  local set, good = c.y and numbered(c.y), 0
  if c.k then
    for _, stratify in ipairs{false, true} do
      for f, fold in ipairs(data.kfold(set, c.k, {stratify = stratify})) do
        local wanted = (stratify and c.stratified or c.plain)[f]
        good = good + (list(fold.valid) == text(wanted) and is_partition(c.n, fold.train, fold.valid)
          and 1 or 0)
      end
      -- Shuffled: as many of each class, whichever they are.
      for f, fold in ipairs(data.kfold(set, c.k, {stratify = stratify, shuffle = true, seed = 5})) do
        local wanted = stratify and c.stratified[f] or c.plain[f]
        local same = fold.valid.x:size(1) == #wanted
        if stratify then
          local labels = {}
          for i, k in ipairs(wanted) do labels[i] = c.y[k] end
          local a, b = counts(fold.valid.y, 4), counts(tensor(labels), 4)
          for k = 1, 4 do same = same and a[k] == b[k] end
        end
        good = good + (same and is_partition(c.n, fold.train, fold.valid) and 1 or 0)
      end
    end
    print("folds", c.k * 4 - good)
  elseif c.share then
    local wrong = 0
    for i, wanted in ipairs(c.sizes) do
      local a, b = data.split({x = tensor.zeros(i + 2)}, c.share)
      wrong = wrong + (#b.x == wanted and #a.x == i + 2 - wanted and 0 or 1)
    end
    print("sizes", wrong)
  else
    local a, b = data.split(set, c.size, {stratify = true, seed = 1})
    local found, most = counts(b.y, #c.counts), 0
    for k, wanted in ipairs(c.counts) do most = math.max(most, math.abs(found[k] - wanted)) end
    -- Which of two classes with equal remainders gets one more is drawn there.
    table.sort(found)
    table.sort(c.counts)
    print("stratified", most <= 1, text(found) == text(c.counts), is_partition(#c.y, a, b))
  end
end
-- expect: folds	0
-- expect: folds	0
-- expect: folds	0
-- expect: folds	0
-- expect: folds	0
-- expect: stratified	true	true	true
-- expect: stratified	true	true	true
-- expect: stratified	true	true	true
-- expect: stratified	true	true	true
-- expect: stratified	true	true	true
-- expect: sizes	0
-- expect: sizes	0
-- expect: sizes	0
-- expect: sizes	0
-- expect: sizes	0
-- expect: sizes	0

-- 0.07 * 100 is a little more than 7, and means 7; three parts, two classes.
print(#select(2, data.split({x = tensor.zeros(100)}, 0.07)).x) -- expect: 7
for _, part in ipairs{data.split(numbered(tensor.arange(20):gt(13):add(1):totable()),
  {0.5, 0.25, 0.25}, {stratify = true, shuffle = false})} do
  print(table.concat(counts(part.y, 2), " "), list(part))
end
-- expect: 7.0 3.0	1.0 2.0 3.0 4.0 5.0 6.0 7.0 14.0 15.0 16.0
-- expect: 3.0 2.0	8.0 9.0 10.0 17.0 18.0
-- expect: 3.0 2.0	11.0 12.0 13.0 19.0 20.0
print(pcall(data.split, {x = tensor.zeros(1)}, 0.2))
-- expect: false	data.split: 1 sample is too few for these shares: nothing is left for the first part
print(pcall(data.split, {x = tensor.zeros(4, 2), y = tensor.zeros(4, 1)}, 0.5, {stratify = true}))
-- expect: false	data.split: stratify needs labels: a tensor y with one for each sample

-- The same seed, the same parts; the session's numbers are left alone.
local set = numbered({1, 2, 1, 2, 1, 2, 1, 2, 1, 2})
gradus.seed(4)
local wanted = math.random()
gradus.seed(4)
local a, b, c = data.split(set, {0.5, 0.3, 0.2}, {seed = 9})
print(math.random() == wanted, is_partition(10, a, b, c), #a.x, #b.x, #c.x) -- expect: true	true	5	3	2
print(list(a) == list((data.split(set, {0.5, 0.3, 0.2}, {seed = 9})))) -- expect: true

-- Batches: each sample once an epoch, another order every epoch, the same for a seed.
local function orders()
  gradus.seed(3)
  local batches, texts = data.batches(set, 4), {}
  for e = 1, 2 do
    local parts = {}
    for x in batches do parts[#parts + 1] = {x = x} end
    texts[e] = list{x = tensor.cat({parts[1].x, parts[2].x, parts[3].x}, 1)}
    texts.whole = is_partition(10, table.unpack(parts))
  end
  return texts
end
local one, two = orders(), orders()
print(one.whole, one[1] ~= one[2], one[1] == two[1], one[2] == two[2]) -- expect: true	true	true	true
local n = 0
for x in data.batches(set, 4, {drop_last = true}) do n = n + x:size(1) end
print(n, #data.batches(set, 4), #data.batches(set, 4, {drop_last = true})) -- expect: 8	3	2
