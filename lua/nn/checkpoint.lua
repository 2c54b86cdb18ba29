-- SPDX-License-Identifier: GPL-3.0-or-later
-- A whole training in one safetensors file: tensors as tensors, all else as JSON among the file's metadata.

local core = require("gradus.core")
local json = require("gradus.json")
local options = require("gradus.options")
local strict = require("gradus.strict")

local M = {}

local VERSION = "1"

-- Plain data for JSON. A tensor becomes its name in the file, each once; a table the lists of its keys and
-- its values, so that numbers stay numbers as keys; what JSON cannot write is spelt out.
local function pack(value, path, kept)
  if core.is_tensor(value) then
    if not kept.names[value] then
      kept.names[value] = path
      kept.list[#kept.list + 1] = {name = path, tensor = value:detach()}
    end
    return {tensor = kept.names[value]}
  elseif type(value) == "number" and value - value ~= 0 then
    return {number = tostring(value):gsub("^%-?nan", "nan")}
  elseif type(value) ~= "table" then
    local plain = {boolean = true, number = true, string = true}
    if not plain[type(value)] then
      error(("%s is a %s, which cannot be saved"):format(path, type(value)), 0)
    end
    return value
  end
  if kept.open[value] then error(path .. " holds itself", 0) end
  kept.open[value] = true
  local out = {keys = {}, values = {}}
  local names = {}
  for k in pairs(value) do names[#names + 1] = k end
  table.sort(names, function(a, b) return tostring(a) < tostring(b) end)
  for i, k in ipairs(names) do
    out.keys[i], out.values[i] = k, pack(value[k], path .. "." .. tostring(k), kept)
  end
  kept.open[value] = nil
  return out
end

local numbers = {nan = 0 / 0, inf = math.huge, ["-inf"] = -math.huge}

local function unpack(value, tensors)
  if type(value) ~= "table" then return value end
  if value.tensor then return tensors[value.tensor] end
  if value.number then return numbers[value.number] end
  local out = {}
  for i, k in ipairs(value.keys) do out[k] = unpack(value.values[i], tensors) end
  return out
end

local function has_state(v)
  return type(v) == "table" and getmetatable(v) ~= nil and type(strict.find(v, "state_dict")) == "function"
end

-- Names and tensors of a net; what another part says of itself.
local function state_of(part)
  local state, out = part:state_dict(), {}
  for k, v in pairs(state) do
    if type(k) == "string" then out[k] = v end
  end
  return out
end

--- nn.save_checkpoint(path: string, parts: {name = net|optimizer|scheduler|any, ...})
--- Saves a training so that it goes on bit for bit: whatever has a state_dict (nets, optimisers,
--- schedules) by it, plain data as they are, and the generator of random numbers. The old file is there until
--- the new one is whole.
--- > net = nn.Linear(2, 1)
--- > opt = optim.Adam(net:parameters())
--- > nn.save_checkpoint("run.safetensors", {net = net, opt = opt, epoch = 3})
--- > nn.load_checkpoint("run.safetensors", {net = net, opt = opt}).epoch
--- 3
function M.save_checkpoint(path, parts)
  if type(parts) ~= "table" then
    error("nn.save_checkpoint: expected (path, {net = net, opt = opt, ...}); got " .. type(parts), 2)
  end
  local kept = {list = {}, names = {}, open = {}}
  local plain = {generator = core.random_state()}
  for _, name in ipairs(options.keys(parts)) do
    local part = parts[name]
    local ok, packed = pcall(pack, has_state(part) and state_of(part) or part, name, kept)
    if not ok then error("nn.save_checkpoint: " .. packed, 2) end
    plain[name] = packed
  end
  core.safetensors.save(path, kept.list, {gradus_checkpoint = VERSION, parts = json.encode(plain)})
end

local function read(path)
  local list, metadata = core.safetensors.load(path)
  if not metadata or metadata.gradus_checkpoint ~= VERSION then
    error(("nn.load_checkpoint: '%s' was not written by nn.save_checkpoint"):format(path), 3)
  end
  local tensors = {}
  for _, entry in ipairs(list) do tensors[entry.name] = entry.tensor end
  return json.decode(metadata.parts), tensors
end

--- nn.load_checkpoint(path: string, parts: {name = net|optimizer|scheduler, ...}) -> table
--- Puts the parts and the generator back as they were saved, under the names they were saved with. Returns
--- all else that was saved. Make net and optimiser as before: their shapes must fit.
function M.load_checkpoint(path, parts)
  local plain, tensors = read(path)
  local generator, rest = plain.generator, {}
  plain.generator = nil
  for _, name in ipairs(options.keys(parts or {})) do
    if not plain[name] then
      error(("nn.load_checkpoint: '%s' holds no '%s'. It holds: %s"):format(path, name,
        table.concat(options.keys(plain), ", ")), 2)
    end
    parts[name]:load_state_dict(unpack(plain[name], tensors))
  end
  for name, value in pairs(plain) do
    if not (parts and parts[name]) then rest[name] = unpack(value, tensors) end
  end
  core.random_state(generator)
  return rest
end

return M
