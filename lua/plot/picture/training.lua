-- SPDX-License-Identifier: GPL-3.0-or-later
-- Around a training: schedules, spread by depth, folds, importance, searches.

local figure = require "gradus.plot.figure"
local make = require "gradus.plot.picture.make"
local values = require "gradus.plot.values"
local strict = require("gradus.strict")
local watched = require "gradus.plot.picture.watched"

local M = {}

--- plot.schedule(schedule, {steps: integer = 100}) -> figure
--- Learning rate against epoch: of a scheduler (its `lr_at`), a function of the epoch, a list of
--- rates; several as {{"cosine", s1}, {"step", s2}}.
--- > plot.schedule(function(t) return 0.1 / (1 + t) end, {steps = 3}).marks[1].y[2]
--- 0.05
function M.schedule(given, o)
  o = make.options("plot.schedule", o, {steps = 100, xlabel = "epoch", ylabel = "learning rate"})
  local list = make.is_named_list(given) and given or {{nil, given}}
  local marks, notes = {}, figure.notes()
  for i, entry in ipairs(list) do
    local s, x, y = entry[2], {}, {}
    if values.is_data(s) then
      y = values.list("plot.schedule", s, "rates")
      for k = 1, #y do x[k] = k - 1 end
    else
      if type(s) ~= "function" and not strict.find(s, "lr_at") then
        error(("plot.schedule: a scheduler, a function of the epoch or a list of rates expected; got %s"):format(
          values.what(s)), 2)
      end
      for t = 0, o.steps - 1 do
        x[t + 1] = t
        local rate
        if type(s) == "function" then rate = s(t) else rate = s:lr_at(t) end
        y[t + 1] = type(rate) == "table" and rate[1] or rate
        if type(y[t + 1]) ~= "number" then
          error(("plot.schedule: the rate of epoch %d is no number but a %s"):format(t, type(y[t + 1])), 2)
        end
      end
    end
    notes:add(values.note(y, entry[1]))
    marks[i] = {kind = "line", x = x, y = y, color = i, name = entry[1], lost = true}
  end
  return make.figure(o, {marks = marks, notes = notes, x = {whole = true}})
end

-- The middle of several runs on a log axis is the geometric mean.
local function log_spread(lists)
  local logs = {}
  for i, list in ipairs(lists) do
    logs[i] = {}
    for k, v in ipairs(list) do
      logs[i][k] = v > 0 and math.log(v) or (v == v and -math.huge or v)
    end
  end
  local mean, lo, hi = make.spread(logs)
  for _, list in ipairs {mean, lo, hi} do
    for i = 1, #list do list[i] = math.exp(list[i]) end
  end
  return mean, lo, hi
end

local function depth_marks(list, which, notes)
  local marks = {}
  for i, entry in ipairs(list) do
    local name, v = entry[1], entry[2]
    if which then v = v[which] end
    if v ~= nil then
      local lists = {}
      local several = type(v) == "table" and (type(v[1]) == "table" or values.is_tensor(v[1]))
      for k, one in ipairs(several and v or {v}) do
        lists[k] = values.list("plot.depth", one, name)
      end
      for _, one in ipairs(lists) do
        notes:add(values.note(one, name))
        notes:add(figure.log_note({log = true}, {one}, name or "std"))
      end
      local mean, lo, hi = log_spread(lists)
      local x = values.count(#mean)
      local look = entry[3] or {}
      local color = look.color or i
      if #lists > 1 then
        marks[#marks + 1] = {kind = "band", x = x, lo = lo, hi = hi, color = color}
      end
      marks[#marks + 1] = {kind = "line", x = x, y = mean, color = color, name = name, lost = true,
        points = #x <= 60 and not look.dash, dash = look.dash}
    end
  end
  return marks
end

local function depth_figure(list, which, o, title, ylabel)
  local notes = figure.notes()
  local marks = depth_marks(list, which, notes)
  local all = {}
  for k, v in pairs(o) do all[k] = v end
  all.title = title or o.title
  all.caption = not which and o.caption or nil
  return make.figure(all, {marks = marks, notes = notes,
    x = {label = "layer", whole = true}, y = {label = ylabel or "standard deviation", log = true}})
end

--- plot.depth(runs, {ylabel: string, ylog: boolean = true}) -> figure
--- A number per layer (the standard deviation, as a rule) against depth, on a log axis: one list,
--- or {{"xavier", list}, {"kaiming", list}}. A list of lists is one run under several seeds: a line
--- and a band; `{"theory", list, {dash = true, color = 1}}` is a dashed line. Runs
--- {forward = ..., backward = ...} give two pictures, side by side; what nn.watch returns gives them for its
--- first and its last step.
--- > plot.depth({{"N(0, 1)", {1, 10, 100}}, {"xavier", {1, 1, 1}}}).y.log
--- true
--- > #plot.depth({{"xavier", {forward = {1, 1}, backward = {1, 0.9}}}}).grid
--- 2
function M.depth(runs, o)
  o = make.options("plot.depth", o, {})
  if runs == nil then
    error('plot.depth: a number per layer expected, a list or {{"name", list}, ...}; got nil', 2)
  end
  if watched.is_watch(runs) then runs = watched.depth(runs) end
  local list = runs
  if not make.is_named_list(runs) then list = {{nil, runs}} end
  local first = list[1] and list[1][2]
  if not values.is_tensor(first) then values.record("plot.depth", first, "a number per layer") end
  if type(first) ~= "table" or not (first.forward or first.backward) then
    return depth_figure(list, nil, o)
  end
  local forward = depth_figure(list, "forward", o, "forward: activations", "std of activations")
  local backward = depth_figure(list, "backward", o, "backward: gradients", "std of gradients")
  return figure.new {grid = {forward, backward}, columns = 2, title = o.title, caption = o.caption,
    width = o.width, height = o.height, marks = {}}
end

--- plot.fold_scores(scores, {ylabel: string = "score"}) -> figure
--- The score of each fold of a cross-validation as points, with the mean and one standard
--- deviation: one list (or what train.cross_validate returns), or {{"width 8", list}, {"width 64", list}}.
--- > plot.fold_scores({0.9, 0.8, 1.0}).caption
--- mean 0.9, std 0.1
function M.fold_scores(scores, o)
  o = make.options("plot.fold_scores", o, {ylabel = "score", xlabel = ""})
  local list = make.is_named_list(scores) and scores or {{"", scores}}
  local marks, notes, ticks = {}, figure.notes(), {}
  for i, entry in ipairs(list) do
    local scores_of = strict.find(entry[2], "scores") or entry[2]
    local y = values.list("plot.fold_scores", scores_of, entry[1] ~= "" and entry[1] or "scores")
    local x, mean, std = {}, make.moments(y)
    for k = 1, #y do x[k] = i + (#y > 1 and (k - 1) / (#y - 1) - 0.5 or 0) * 0.3 end
    notes:add(("%smean %s, std %s"):format(entry[1] ~= "" and entry[1] .. ": " or "",
      values.show(mean), values.show(std)))
    notes:add(values.note(y, entry[1]))
    ticks[i] = {i, entry[1]}
    marks[#marks + 1] = {kind = "band", x = {i - 0.3, i + 0.3}, lo = {mean - std, mean - std},
      hi = {mean + std, mean + std}, color = i}
    marks[#marks + 1] = {kind = "line", x = {i - 0.3, i + 0.3}, y = {mean, mean}, color = i}
    marks[#marks + 1] = {kind = "points", x = x, y = y, color = i, size = 1.6}
  end
  return make.figure(o, {marks = marks, notes = notes,
    x = {ticks = ticks, range = {0.4, #list + 0.6}}})
end

-- What metrics.permutation_importance returns: entries with name, mean, std.
local function from_entries(t)
  if strict.find(t[1], "mean") == nil then return t end
  local out = {mean = {}, std = {}, names = {}}
  for i, e in ipairs(t) do out.mean[i], out.std[i], out.names[i] = e.mean, e.std, e.name end
  return out
end

-- Names, means and spreads, the most important first.
local function sorted(names, means, spread)
  local order = values.count(#means)
  table.sort(order, function(a, b)
    if means[a] ~= means[b] then return means[a] > means[b] end
    return a < b
  end)
  local n, m, s = {}, {}, spread and {} or nil
  for i, k in ipairs(order) do
    n[i], m[i] = names[k] or ("feature " .. k), means[k]
    if s then s[i] = spread[k] end
  end
  return n, m, s
end

--- plot.importance(importance, {names: {string, ...}, spread: {number, ...}}) -> figure
--- How much each feature matters, the most important on top, with whiskers: a list of numbers, or a
--- table {mean = ..., std = ..., names = ...}, or what metrics.permutation_importance returns.
--- > plot.importance({0.1, 0.5}, {names = {"noise", "signal"}}).y.ticks[1][2]
--- signal
function M.importance(given, o)
  o = make.options("plot.importance", o, {xlabel = type(given) == "table" and rawget(given, "ratio") and
    "error when the feature is shuffled, times the error before" or
    "rise of the error when the feature is shuffled",
    ylabel = ""}, {"names", "spread"})
  local t = values.what(given) == "table" and from_entries(given) or {}
  local mean = t.mean or given
  local spread = o.spread or t.std
  local means = values.list("plot.importance", mean, "importance")
  spread = spread and values.list("plot.importance", spread, "spread")
  if spread then make.same("plot.importance", "importance", means, "spread", spread) end
  local names, heights, stds = sorted(o.names or t.names or {}, means, spread)
  local marks, notes, ticks = {}, figure.notes(), {}
  notes:add(values.note(means))
  local lo, hi
  if stds then
    lo, hi = {}, {}
    for i = 1, #heights do lo[i], hi[i] = heights[i] - stds[i], heights[i] + stds[i] end
    notes:add("Whiskers: one standard deviation over the repeats")
  end
  for i, name in ipairs(names) do ticks[i] = {i, tostring(name)} end
  marks[1] = {kind = "bars", at = values.count(#heights), height = heights, lo = lo, hi = hi,
    flat = true, width = 0.7, color = 1}
  return make.figure(o, {marks = marks, notes = notes,
    y = {ticks = ticks, reverse = true, range = {0.4, #heights + 0.6}}})
end

-- A mean with its spread as line and band.
local function with_band(marks, x, mean, std, color, name)
  local lo, hi = {}, {}
  for i = 1, #mean do lo[i], hi[i] = mean[i] - (std[i] or 0), mean[i] + (std[i] or 0) end
  marks[#marks + 1] = {kind = "band", x = x, lo = lo, hi = hi, color = color}
  marks[#marks + 1] = {kind = "line", x = x, y = mean, color = color, name = name, points = true,
    lost = true}
end

--- plot.scores(curve: table, {xlabel: string, xlog: boolean}) -> figure
--- What train.validation_curve and train.learning_curve return: training and validation scores
--- with one standard deviation over the folds.
--- > r = {x = {1, 2}, train = {1, 1}, train_std = {0, 0}, valid = {0.5, 0.6}, valid_std = {0.1, 0.1}}
--- > #plot.scores(r).marks
--- 4
function M.scores(curve, o)
  local made = "what train.validation_curve or train.learning_curve returns"
  o = make.options("plot.scores", o, {xlabel = values.record("plot.scores", curve, made).name or "setting",
    ylabel = "score"})
  if not (curve.x and curve.train and curve.valid) then error(("plot.scores: %s expected"):format(made), 2) end
  local x = values.list("plot.scores", curve.x, "x")
  local marks, notes = {}, figure.notes()
  with_band(marks, x, curve.train, curve.train_std or {}, 1, "training")
  with_band(marks, x, curve.valid, curve.valid_std or {}, 2, "validation")
  notes:add("Bands: one standard deviation over the folds")
  return make.figure(o, {marks = marks, notes = notes})
end

--- plot.find_lr(search: table, {title: string}) -> figure
--- Loss against learning rate on a log axis, as train.find_lr measured it, with its suggestion.
--- > r = {lr = {0.01, 0.1, 1}, loss = {3, 2, 4}, raw = {3, 1.9, 4}, suggestion = 0.1}
--- > plot.find_lr(r).x.log
--- true
function M.find_lr(r, o)
  o = make.options("plot.find_lr", o, {xlabel = "learning rate", ylabel = "loss"})
  values.record("plot.find_lr", r, "what train.find_lr returns")
  if not (r.lr and r.loss) then error("plot.find_lr: what train.find_lr returns expected", 2) end
  local marks, notes = {}, figure.notes()
  if r.raw then
    marks[1] = {kind = "line", x = r.lr, y = r.raw, color = 1, faint = true, width = 1.2, lost = true}
  end
  marks[#marks + 1] = {kind = "line", x = r.lr, y = r.loss, color = 1, name = "loss, smoothed"}
  if r.suggestion then
    marks[#marks + 1] = {kind = "rule", x = r.suggestion, color = 2,
      name = "suggestion " .. values.show(r.suggestion, 2)}
  end
  notes:add(values.note(r.raw or r.loss))
  if r.diverged then notes:add("Diverged at " .. values.show(r.diverged, 2)) end
  return make.figure(o, {marks = marks, notes = notes, x = {log = true}})
end

-- A setting that was drawn on a log scale is shown on one.
local function looks_log(list)
  local lo, hi = values.extent(list)
  return lo and lo > 0 and hi / lo > 30
end

local function column(results, name)
  local list = {}
  for i, row in ipairs(results) do list[i] = type(row[name]) == "number" and row[name] or 0 / 0 end
  return list
end

--- plot.search(results: table, {x: string, y: string, score: string}) -> figure
--- The trials of train.search: two settings against each other, coloured by the score; one
--- setting against the score if there is only one. The best trial has a ring.
--- > r = {{lr = 0.1, reg = 0.01, score = 0.9}, {lr = 0.01, reg = 1, score = 0.5}, names = {"lr", "reg"}}
--- > plot.search(r).y.label
--- reg
function M.search(results, o)
  local names = values.record("plot.search", results, "what train.search returns").names or {}
  o = make.options("plot.search", o, {x = names[1], y = names[2] or "score", score = "score"})
  if type(results[1]) ~= "table" or not o.x then error("plot.search: what train.search returns expected", 2) end
  local x, y, score = column(results, o.x), column(results, o.y), column(results, o.score)
  local notes, best = figure.notes(), 1
  notes:add(values.note(score, o.score))
  notes:add(("%d trials; best %s %s"):format(#results, o.score, values.show(score[best])))
  local marks = {{kind = "points", x = x, y = y, color = 1,
    values = o.y ~= o.score and score or nil, bar = o.y ~= o.score and o.score or nil},
    {kind = "points", x = {x[best]}, y = {y[best]}, color = "alarm", shape = 5, size = 3.2,
      name = "best"}}
  return make.figure(o, {marks = marks, notes = notes,
    x = {label = o.x, log = looks_log(x)}, y = {label = o.y, log = looks_log(y)}})
end

return M
