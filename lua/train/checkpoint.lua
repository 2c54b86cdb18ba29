-- SPDX-License-Identifier: GPL-3.0-or-later
-- Everything a training needs to go on bit for bit, in one safetensors file:
-- weights and buffers, the optimiser's memory, the schedule, the generator and
-- the history. Tensors are stored as tensors, named by their path; the rest is
-- a line of JSON among the file's metadata.

local core = require("gradus.core")
local json = require("gradus.json")

local M = {}

local VERSION = "1"

-- A copy of a table in which every tensor is replaced by {_tensor = name} and
-- collected in `list`. Functions and what begins with _ stay behind.
local function strip(value, path, list)
  if core.is_tensor(value) then
    list[#list + 1] = {name = path, tensor = value:detach()}
    return {_tensor = path}
  end
  if type(value) ~= "table" then return value end
  local out, names = {}, {}
  for k, v in pairs(value) do
    local kept = type(v) ~= "function" and type(v) ~= "userdata" or core.is_tensor(v)
    if kept and not (type(k) == "string" and k:sub(1, 1) == "_") then names[#names + 1] = k end
  end
  table.sort(names, function(a, b) return tostring(a) < tostring(b) end)
  for _, k in ipairs(names) do out[k] = strip(value[k], path .. "." .. tostring(k), list) end
  return out
end

local function fill(value, tensors)
  if type(value) ~= "table" then return value end
  if value._tensor then return tensors[value._tensor] end
  for k, v in pairs(value) do value[k] = fill(v, tensors) end
  return value
end

-- The plain fields of a scheduler: what it has counted and seen so far.
local function plain_fields(scheduler)
  if not scheduler then return nil end
  local fields = {}
  for k, v in pairs(scheduler) do
    local t = type(v)
    if type(k) == "string" and (t == "number" or t == "boolean" or t == "string") then fields[k] = v end
  end
  return fields
end

local function rule_of(run)
  local rule = run.early
  if not rule then return nil end
  return {best = rule.best, best_epoch = rule.best_epoch, waited = rule.waited,
    weights = rule.weights}
end

--- checkpoint.save(path: string, net: Module, o: table, run: table)
--- Saves a run of train.fit after an epoch; the old file is there until the new one is whole.
function M.save(path, net, o, run)
  local list, state = {}, net:state_dict()
  for _, name in ipairs(state) do list[#list + 1] = {name = "net." .. name, tensor = state[name]:detach()} end
  local rest = strip({opt = o.opt:state_dict(), scheduler = plain_fields(o.scheduler),
    random = core.random_state(), early = rule_of(run),
    history = {steps = run.history.steps, epochs = run.history.epochs}}, "run", list)
  core.safetensors.save(path, list, {gradus = VERSION, run = json.encode(rest)})
end

local function read(path)
  local tensors, metadata = core.safetensors.load(path)
  local text = metadata and metadata.run
  if not text or metadata.gradus ~= VERSION then
    error(("train.fit: '%s' is no checkpoint of a training"):format(path), 0)
  end
  local named = {}
  for _, entry in ipairs(tensors) do named[entry.name] = entry.tensor end
  return named, json.decode(text)
end

--- checkpoint.load(path: string, net: Module, o: table, run: table)
--- Puts a saved run back: the next epoch goes on where that one ended.
function M.load(path, net, o, run)
  local tensors, rest = read(path)
  rest = fill(rest, tensors)
  local weights = {}
  for name, t in pairs(tensors) do
    if name:sub(1, 4) == "net." then weights[name:sub(5)] = t end
  end
  net:load_state_dict(weights)
  o.opt:load_state_dict(rest.opt)
  for k, v in pairs(rest.scheduler or {}) do o.scheduler[k] = v end
  if run.early and rest.early then
    for k, v in pairs(rest.early) do run.early[k] = v end
  end
  core.random_state(rest.random)
  for _, loss in ipairs(rest.history.steps) do run.history:add_step(loss) end
  for _, row in ipairs(rest.history.epochs) do run.history:add_epoch(row) end
end

return M
