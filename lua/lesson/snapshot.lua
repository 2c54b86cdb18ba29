-- SPDX-License-Identifier: GPL-3.0-or-later
-- A copy of the student's world to return to after a wrong answer: the global variables and
-- all that hangs on them. The objects stay the same ones: a table gets back its fields, a
-- tensor its numbers, a closure its upvalues, the generator its state.
--
-- Cost: fields are copied each time, the numbers of a tensor only if they have changed since
-- an earlier copy, which is kept beside the tensor.

local library = require("gradus.lesson.library")
local compare = require("gradus.lesson.compare")
local screen = require("gradus.lesson.screen")
local debug = library.debug
local mark = require("gradus.nn.mark")
local tensors = require("gradus.snapshot")

local Snapshot = {}
Snapshot.__index = Snapshot

-- --- walking ----------------------------------------------------------------------------

local function upvalues_of(f)
  local list = {}
  for i = 1, 255 do
    local name, v = debug.getupvalue(f, i)
    if not name then break end
    list[i] = {v}
  end
  return list
end

local function fields_of(t)
  local copy = {}
  for k, v in next, t do copy[k] = v end
  return copy
end

local visit = {}

function visit.table(self, t, push)
  if self.skip[t] or rawequal(t, self.vars) or rawequal(t, _G) or screen.is_private(t) then return end
  local metatable = debug.getmetatable(t)
  local fields = fields_of(t)
  self.tables[t] = {fields = fields, metatable = metatable}
  push(metatable)
  for k, v in next, fields do
    push(k)
    push(v)
  end
end

-- A function that the library has made for the student, the iterator of a pass over data say, keeps its
-- place in its upvalues. What the library keeps for itself is left out.
local function is_library(f)
  return debug.getinfo(f, "S").what == "C"
    or library.owns_function(f) and (library.functions()[f] or not library.makes_for_students(f))
end

visit["function"] = function(self, f, push)
  f = screen.inner(f)
  if is_library(f) then return end
  local list = upvalues_of(f)
  if #list == 0 then return end
  self.functions[f] = list
  for _, box in ipairs(list) do push(box[1]) end
end

function visit.userdata(self, u, push)
  if not compare.is_tensor(u) or not tensors.is_open(u) then return end
  self.tensors[u] = self.keep(u)
  push(u.grad)
end

local function walk(self, roots)
  local seen, stack = {}, {}
  local function push(v)
    if visit[type(v)] and not seen[v] then
      seen[v] = true
      stack[#stack + 1] = v
    end
  end
  for _, v in next, roots do push(v) end
  while #stack > 0 do
    local v = table.remove(stack)
    visit[type(v)](self, v, push)
  end
  return seen
end

-- --- tensors and the generator ----------------------------------------------------------

local copies = setmetatable({}, {__mode = "k"}) -- tensor -> {version, data}

local function keep(t)
  local version = tensors.version(t)
  local known = copies[t]
  if not known or known.version ~= version then
    known = {version = version, data = tensors.copy(t)}
    copies[t] = known
  end
  local parameter, buffer = mark.of(t)
  return {version = version, data = known.data, grad = t.grad, requires_grad = t.requires_grad,
    origin = tensors.origin(t), hooks = tensors.hooks(t), retains = tensors.retains_grad(t),
    parameter = parameter, buffer = buffer}
end

-- Two tensors may share their memory and its version: all that changed are found first.
local function changed_tensors(kept)
  local list = {}
  for t, k in next, kept do
    if not tensors.is_open(t) then tensors.reopen(t, k.data) end
    if tensors.version(t) ~= k.version then list[#list + 1] = t end
  end
  return list
end

-- What a right answer has hung on a tensor is cut off while the author's solution is tried, and
-- comes back with the snapshot that was taken after the answer.
local cut = setmetatable({}, {__mode = "k"}) -- tensor -> its hooks

local function restore_hooks(t, n)
  local now = tensors.hooks(t)
  if now > n then
    local tail = tensors.cut_hooks(t, n)
    cut[t] = cut[t] or tail
  elseif now < n and cut[t] then
    tensors.add_hooks(t, cut[t])
    cut[t] = nil
  end
end

local function restore_tensors(kept)
  for _, t in ipairs(changed_tensors(kept)) do
    local k = kept[t]
    tensors.restore(t, k.data, k.version)
    copies[t] = {version = k.version, data = k.data}
  end
  for t, k in next, kept do
    tensors.set_origin(t, k.origin)
    tensors.retains_grad(t, k.retains)
    mark.restore(t, k.parameter, k.buffer)
    restore_hooks(t, k.hooks)
    if t.grad ~= k.grad then t.grad = k.grad end
    if t.requires_grad ~= k.requires_grad then t:requires_grad_(k.requires_grad) end
  end
end

-- The state of the random numbers, while the engine has been used.
local function engine()
  return package.loaded["gradus.core"]
end

local function generator_state()
  return engine() and engine().random_state()
end

-- --- the snapshot -----------------------------------------------------------------------

local function student_names(vars)
  local names = {}
  for name, v in next, vars do
    if vars ~= _G or not library.owns_name(name) then names[name] = v end
  end
  return names
end

--- snapshot.take(vars: table) -> Snapshot
--- Copies the variables in a table (the globals: only the student's) and what they hold.
function Snapshot.take(vars)
  local self = setmetatable({vars = vars, names = student_names(vars), tables = {},
    functions = {}, tensors = {}, keep = keep, skip = library.tables(),
    generator = generator_state(), spent = tensors.hold()}, Snapshot)
  walk(self, self.names)
  return self
end

local function refill(t, fields)
  for k in next, t do
    if fields[k] == nil then rawset(t, k, nil) end
  end
  for k, v in next, fields do rawset(t, k, v) end
end

--- snapshot.done()
--- Nobody returns to a snapshot that was taken so far: what a backward has used up may be freed.
function Snapshot.done()
  tensors.end_hold()
  cut = setmetatable({}, {__mode = "k"})
end

--- Snapshot:restore()
--- Makes the world what it was: the same objects with their old contents.
function Snapshot:restore()
  for name in next, student_names(self.vars) do
    if self.names[name] == nil then rawset(self.vars, name, nil) end
  end
  for name, v in next, self.names do rawset(self.vars, name, v) end
  for t, kept in next, self.tables do
    refill(t, kept.fields)
    if not rawequal(debug.getmetatable(t), kept.metatable) then debug.setmetatable(t, kept.metatable) end
  end
  for f, list in next, self.functions do
    for i, box in ipairs(list) do debug.setupvalue(f, i, box[1]) end
  end
  restore_tensors(self.tensors)
  tensors.restore_hold(self.spent)
  if self.generator then engine().random_state(self.generator) end
end

-- --- what has changed -------------------------------------------------------------------

local function table_changed(t, kept)
  for k, v in next, t do
    if not rawequal(kept.fields[k], v) then return true end
  end
  for k in next, kept.fields do
    if rawget(t, k) == nil then return true end
  end
  return false
end

local function function_changed(f, list)
  for i, box in ipairs(list) do
    local _, v = debug.getupvalue(f, i)
    if not rawequal(v, box[1]) then return true end
  end
  return false
end

-- The objects that are not as they were.
local function dirty_objects(self)
  local dirty = {}
  for t, kept in next, self.tables do
    if table_changed(t, kept) then dirty[t] = true end
  end
  for f, list in next, self.functions do
    if function_changed(f, list) then dirty[f] = true end
  end
  for t, kept in next, self.tensors do
    if not tensors.is_open(t) or tensors.version(t) ~= kept.version then dirty[t] = true end
  end
  return dirty
end

local function reaches(self, value, dirty)
  local probe = {vars = self.vars, skip = self.skip, tables = {}, functions = {}, tensors = {},
    keep = function() return true end}
  for object in next, walk(probe, {value}) do
    if dirty[object] then return true end
  end
  return false
end

--- Snapshot:changed() -> {[name] = value}
--- The variables that are new, hold something else, or hold something that was changed in
--- place; with their present value.
function Snapshot:changed()
  local result = {}
  local dirty = dirty_objects(self)
  local any = next(dirty) ~= nil
  for name, v in next, student_names(self.vars) do
    if not rawequal(self.names[name], v) or any and reaches(self, v, dirty) then
      result[name] = v
    end
  end
  return result
end

return Snapshot
