-- SPDX-License-Identifier: GPL-3.0-or-later
-- Losses over a training: one history or several, smoothed, with validation and bands over seeds.

local figure = require "gradus.plot.figure"
local make = require "gradus.plot.picture.make"
local strict = require "gradus.strict"
local values = require "gradus.plot.values"

local M = {}

--- The exponential moving average with its bias taken out; a number that is not finite is passed on
--- and left out of the average. m = beta m + (1 - beta) x, shown is m / (1 - beta^t).
function M.smooth(list, beta)
  local out, m, share = {}, 0, 1
  for i, x in ipairs(list) do
    if values.is_finite(x) then
      m, share = beta * m + (1 - beta) * x, share * beta
      out[i] = m / (1 - share)
    else
      out[i] = x
    end
  end
  return out
end

-- The names under which a history may carry its lists, the first found is taken.
local train_names = {"train", "loss", "train_loss"}
local valid_names = {"valid", "valid_loss", "val_loss", "test"}

local function pick(t, names)
  for _, name in ipairs(names) do
    local v = strict.find(t, name)
    if v ~= nil then return v end
  end
end

-- A list of records {epoch =, loss =, valid_loss =} as two lists and the epochs.
local function records(list)
  local train, valid, x = {}, nil, {}
  for i, r in ipairs(list) do
    train[i] = pick(r, train_names) or 0 / 0
    x[i] = r.epoch or r.step or i
    local v = pick(r, valid_names)
    if v then
      valid = valid or {x = {}, y = {}}
      table.insert(valid.x, x[i])
      table.insert(valid.y, v)
    end
  end
  local first = list[1]
  return {x = x, y = train, unit = first.epoch and "epoch" or first.step and "step"}, valid
end

local function plain(who, v, what)
  local y = values.list(who, v, what)
  return {x = values.count(#y), y = y}
end

-- Of a list of losses nobody knows how many there are in an epoch: they are steps.
local function losses(who, v)
  local curve = plain(who, v, "loss")
  curve.unit = "step"
  return curve
end

-- A curve over the same stretch as another one of a different length: epochs over steps.
local function stretch(curve, over)
  if #curve.y == #over.y or #curve.y == 0 then return curve end
  local x, last = {}, over.x[#over.x]
  for i = 1, #curve.y do x[i] = i * last / #curve.y end
  return {x = x, y = curve.y}
end

--- A history in any form as train and valid curves: a list of losses; {train = ..., valid = ...};
--- a list of records; or what train.fit returns (its `epochs` or `steps`).
function M.read_history(who, h)
  if values.is_tensor(h) or type(h) == "number" then return losses(who, h) end
  values.record(who, h, "a history or a list of losses")
  if type(strict.find(h, "history")) == "table" then h = h.history end
  local list = pick(h, {"epochs", "records"})
  if type(list) == "table" and type(list[1]) == "table" then return records(list) end
  if type(h[1]) == "table" then
    return records(values.record(who, h[1], "a history or a list of losses") and h)
  end
  local train = pick(h, train_names)
  if train == nil then return losses(who, h) end
  train = plain(who, train, "train")
  local valid = pick(h, valid_names)
  return train, valid and stretch(plain(who, valid, "valid"), train)
end

-- A list of lists is one run under several seeds.
local function is_seeds(v)
  return type(v) == "table" and type(v[1]) == "table" and type(v[1][1]) == "number"
end

local function seeds_marks(run, color, who, notes)
  local lists = {}
  for i, one in ipairs(run.h) do
    lists[i] = values.list(who, one, run.name)
    notes:add(values.note(lists[i], ("%s, seed %d"):format(run.name, i)))
  end
  local mean, lo, hi = make.spread(lists)
  local x = values.count(#mean)
  return {
    {kind = "band", x = x, lo = lo, hi = hi, color = color},
    {kind = "line", x = x, y = mean, color = color, name = run.name, lost = true},
  }, x
end

local function raw_and_smooth(curve, name, color, beta)
  if beta == 0 then
    return {{kind = "line", x = curve.x, y = curve.y, color = color, name = name, lost = true}}
  end
  return {
    {kind = "line", x = curve.x, y = curve.y, color = color, faint = true, width = 1.2,
      lost = true},
    {kind = "line", x = curve.x, y = M.smooth(curve.y, beta), color = color, name = name},
  }
end

-- Long noisy curves are smoothed unless the user says otherwise.
local function default_beta(o, n)
  if o.smooth ~= nil then return o.smooth or 0 end
  return n >= 100 and 0.9 or 0
end

local function run_marks(run, i, o, notes, all)
  if is_seeds(run.h) then
    o.unit = o.unit or "step"
    if #run.h > 1 then return (seeds_marks(run, i, "plot.loss", notes)) end
    run.h = run.h[1] -- a single seed has no band
  end
  local train, valid = M.read_history("plot.loss", run.h)
  o.unit = o.unit or train.unit or #train.y > 200 and "step"
  all[#all + 1] = train.y
  notes:add(values.note(train.y, run.name))
  local both = o.single and valid
  local name = both and "training" or run.name
  local marks = raw_and_smooth(train, name, i, default_beta(o, #train.y))
  if valid then
    notes:add(values.note(valid.y, (run.name and run.name .. ", " or "") .. "validation"))
    marks[#marks + 1] = {kind = "line", x = valid.x, y = valid.y, color = both and i + 1 or i,
      dash = not both, name = both and "validation" or (run.name .. ", validation"), lost = true}
  end
  return marks
end

-- What comes before the table of options.
local function runs_of(...)
  local args = table.pack(...)
  local first = args[1]
  if make.is_named_list(first) then
    local runs = {}
    for i, entry in ipairs(first) do runs[i] = {name = entry[1], h = entry[2]} end
    return runs, args[2]
  end
  local o
  local last = args[args.n]
  if args.n > 1 and type(last) == "table" and not values.is_data(last) and
    not pick(last, train_names) and not pick(last, {"epochs", "history"}) then
    o = last
    args.n = args.n - 1
  end
  local runs = {}
  for i = 1, args.n do
    runs[i] = {name = args.n > 1 and ((o and strict.find(o, "names") and o.names[i]) or "run " .. i) or nil,
      h = args[i]}
  end
  return runs, o
end

-- A log axis by itself when the losses cover more than three decades.
local function wants_log(lists)
  local lo, hi
  for _, list in ipairs(lists) do
    local a, b = values.extent(list)
    if a then lo, hi = math.min(lo or a, a), math.max(hi or b, b) end
  end
  return lo and lo > 0 and hi / lo > 1000
end

--- plot.loss(history, {smooth: number, ylog: boolean, xlabel: string}) -> figure
--- Loss curves: of a history of train.fit, of a list of losses, of {train = ..., valid = ...}; of
--- several runs as `loss(h1, h2, {names = {"a", "b"}})` or `loss{{"a", h1}, {"b", h2}}`. A run
--- given as a list of lists is drawn as mean and band over its seeds.
---
--- `smooth` is the share kept by the moving average (0 for none); 0.9 for 100 losses or more,
--- with the raw curve faint behind. A list of losses is drawn against steps, a history against
--- epochs, unless `xlabel` says otherwise. Losses over more than three decades get a log axis.
--- > fig = plot.loss({train = {1, 0.5, 0.3}, valid = {1.1, 0.7, 0.6}})
--- > fig.marks[2].name
--- validation
--- > #plot.loss({{"one seed", {{1, 0.5, 0.3}}}}).marks[1].y
--- 3
function M.loss(...)
  local runs, o = runs_of(...)
  if #runs == 0 then error("plot.loss: a history or a list of losses expected; got nothing", 2) end
  o = make.options("plot.loss", o, {ylabel = "loss"}, {"smooth", "names"})
  o.single = #runs == 1
  local marks, notes, all = {}, figure.notes(), {}
  for i, run in ipairs(runs) do
    for _, mark in ipairs(run_marks(run, i, o, notes, all)) do
      marks[#marks + 1] = mark
      if mark.kind == "line" and not mark.faint then all[#all + 1] = mark.y end
    end
  end
  local best = o.single and type(runs[1].h) == "table" and runs[1].h.best
  if type(best) == "number" then
    marks[#marks + 1] = {kind = "rule", x = best, name = "best weights", color = "dim"}
  end
  if o.single and type(runs[1].h) == "table" and type(runs[1].h.stopped) == "string" then
    notes:add("Stopped: " .. runs[1].h.stopped)
  end
  if o.ylog == nil and wants_log(all) then o.ylog = true end
  notes:add(figure.log_note({log = o.ylog}, all, "loss"))
  return make.figure(o, {marks = marks, notes = notes,
    x = {label = o.unit or "epoch", whole = true}})
end

return M
