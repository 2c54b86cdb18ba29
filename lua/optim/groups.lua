-- SPDX-License-Identifier: GPL-3.0-or-later
-- Groups of parameters, each with options of its own.

local core = require("gradus.core")
local options = require("gradus.options")
local remarks = require("gradus.optim.remarks")

local M = {}

-- Options that every rule knows.
local common = {lr = 1e-3, weight_decay = 0, l1 = 0, maximize = false}

-- The engine's names for the entries of options that are pairs.
local entries = {beta1 = {"betas", 1}, beta2 = {"betas", 2}, eta_minus = {"etas", 1},
  eta_plus = {"etas", 2}, step_min = {"step_sizes", 1}, step_max = {"step_sizes", 2}}
local group_meta = {__index = function(group, key)
  local place = entries[key]
  local pair = place and rawget(group, place[1])
  return pair and pair[place[2]]
end}

local function fail(opt, text, ...)
  error(("optim.%s: " .. text):format(opt.__name, ...), 6)
end

local function check_parameters(opt, list)
  if type(list) ~= "table" or #list == 0 then
    fail(opt, "expected parameters, as in optim.%s(net:parameters(), {lr = 0.1}); got %s", opt.__name,
      type(list) == "table" and "an empty list" or type(list))
  end
  for i, p in ipairs(list) do
    if not core.is_tensor(p) then
      fail(opt, "parameter %d should be a tensor; got %s", i, type(p))
    elseif not p:is_leaf() then
      fail(opt, "parameter %d was computed from others; only leaves can be optimised. Hint: " ..
        "x:detach():requires_grad_()", i)
    end
  end
end

local function check_values(opt, group)
  for _, key in ipairs {"lr", "weight_decay", "l1", "momentum", "eps", "alpha", "rho"} do
    local value = group[key]
    if value ~= nil and (type(value) ~= "number" or not (value >= 0)) then
      fail(opt, "%s should be 0 or more; got %s", key, tostring(value))
    end
  end
  local betas = group.betas
  for i = 1, betas and 2 or 0 do
    local b = type(betas) == "table" and betas[i]
    if type(b) ~= "number" or b < 0 or b >= 1 then
      fail(opt, "betas are two numbers from 0 to below 1, as in {0.9, 0.999}")
    end
  end
  if group.nesterov and (group.momentum == 0 or group.dampening ~= 0) then
    fail(opt, "nesterov needs a momentum and no dampening")
  end
end

local function defaults(opt)
  local d = {}
  for k, v in pairs(common) do d[k] = v end
  for k, v in pairs(opt.defaults) do d[k] = v end
  return d
end

function M.read_options(opt, given)
  if type(given) == "number" then given = {lr = given} end
  return options.read("optim." .. opt.__name, given, defaults(opt))
end

-- The groups that a constructor's first argument means: tensors, or groups.
function M.list(opt, params)
  if type(params) == "table" and type(params.parameters) == "function" then
    fail(opt, "expected parameters; got a module. Hint: optim.%s(net:parameters(), ...)", opt.__name)
  end
  if type(params) == "table" and type(params[1]) == "table" then return params end
  return {{params = params}}
end

function M.add(opt, group)
  local own, list = {}, {}
  for k, v in pairs(group) do
    if k ~= "params" then own[k] = v end
  end
  local params = core.is_tensor(group.params) and {group.params} or group.params
  check_parameters(opt, params)
  local new = options.read("optim." .. opt.__name, own, opt._options)
  check_values(opt, new)
  for i, p in ipairs(params) do list[i] = p end
  for k, v in pairs(opt._fixed or {}) do new[k] = v end
  new.params = list
  opt.param_groups[#opt.param_groups + 1] = setmetatable(new, group_meta)
  opt.state[#opt.param_groups] = {}
  opt:_init_group(#opt.param_groups)
  remarks.adopt(opt, list)
end

local function show(v)
  if type(v) == "table" then return "{" .. table.concat(v, ", ") .. "}" end
  return type(v) == "number" and ("%.14g"):format(v) or tostring(v)
end

local function plural(n, word) return n == 1 and "1 " .. word or ("%d %ss"):format(n, word) end

-- What print shows: one line a group.
function M.text(opt)
  local lines = {}
  for i, group in ipairs(opt.param_groups) do
    local n, parts = 0, {}
    for _, p in ipairs(group.params) do n = n + p:numel() end
    for _, key in ipairs(options.keys(defaults(opt))) do
      parts[#parts + 1] = ("%s = %s"):format(key, show(group[key]))
    end
    lines[i] = ("%s(%s): %s, %s"):format(opt.__name, table.concat(parts, ", "),
      plural(#group.params, "tensor"), plural(n, "number"))
  end
  return table.concat(lines, "\n")
end

return M
