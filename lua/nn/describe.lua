-- SPDX-License-Identifier: GPL-3.0-or-later
-- Modules as text: one line, a tree, and the path of a layer that failed.

local core = require("gradus.core")

local M = {}

--- "(32, 784)" for a tensor or a table of sizes; what else it is otherwise.
function M.shape(x)
  if core.is_tensor(x) then x = x:size() end
  if type(x) ~= "table" or getmetatable(x) then return "a " .. type(x) end
  return "(" .. table.concat(x, ", ") .. ")"
end

--- "Linear(128 -> 10)"
function M.line(module)
  local class = getmetatable(module)
  local extra = module.extra_repr and module:extra_repr() or ""
  return ("%s(%s)"):format(class.__name, extra)
end

--- How a user writes a child behind the module: "[3]", or ".fc1" where it has a name.
function M.step(module, key)
  local name = type(key) == "number" and module:_name_of(key) or key
  return type(name) == "number" and ("[%d]"):format(name) or "." .. name
end

local function add_paths(paths, module, name, path)
  for key, child in module:_children() do
    local saved = module:_saved_name(key)
    local full = name == "" and saved or name .. "." .. saved
    paths[full] = path .. M.step(module, key)
    add_paths(paths, child, full, paths[full])
  end
  return paths
end

--- What a user writes behind the net, by saved name: {["0"] = "[1]", ["fc.weight"] = ".fc", ...}.
function M.paths(net)
  return add_paths({[""] = ""}, net, "", "")
end

-- The steps from `module` down to `target`; nil where it is not below it.
local function step_to(module, target)
  for key, child in module:_children() do
    if rawequal(child, target) then return M.step(module, key) end
    local rest = step_to(child, target)
    if rest then return M.step(module, key) .. rest end
  end
  return nil
end

--- The path of the innermost of the modules being called: "net[3]". A module that has caught an error
--- of its own child leaves that child on the stack: what is no parent is passed over.
function M.path(modules, depth)
  local path, child = "", modules[depth]
  for i = depth - 1, 1, -1 do
    local step = step_to(modules[i], child)
    if step then path, child = step .. path, modules[i] end
  end
  return "net" .. path
end

-- The folder of this library, as positions in error messages begin: possibly cut off in front.
local library = debug.getinfo(1, "S").source:match("^@(.*)nn/describe%.lua$") or ""

local function is_library_file(file)
  if file:sub(1, #library) == library then return true end
  local head = file:match("^%.%.%.(.*)nn/[%w_/]+%.lua$")
  return head ~= nil and library:sub(-#head) == head
end

-- Takes "file:line: " of the library's own files off; a position in a user's file stays.
local function strip(message)
  local file, rest = message:match("^([^\n:]+%.lua):%d+: (.*)$")
  return file and is_library_file(file) and rest or message
end

--- The message for an error inside a net: where, which layer, what it got, a hint.
function M.failure(message, modules, depth, ...)
  local module = modules[depth]
  if not module then return message end
  local text = strip(message)
  if module.remark then pcall(module.remark, module, ...) end
  if module.complain then
    local ok, better = pcall(module.complain, module, ...)
    if ok and better then text = better end
  end
  local where = depth > 1 and M.path(modules, depth) .. " " or ""
  local class = getmetatable(module)
  if depth == 1 and not module.complain and text ~= message then
    return ("%s: %s"):format(class.__name, text)
  end
  if module._is_container then return ("%s%s: %s"):format(where, class.__name, text) end
  return ("%s%s: %s"):format(where, M.line(module), text)
end

-- " (train)" where it says something new: at the root, and where a child's mode differs.
local function mode(module, outside)
  if module.training == outside then return "" end
  return module.training and " (train)" or " (eval)"
end

local function add_tree(lines, module, label, indent, outside)
  local children = {}
  for key, child in module:_children() do children[#children + 1] = {key, child} end
  local leaf = #children == 0
  local text = leaf and M.line(module) or getmetatable(module).__name
  if leaf and outside == nil and not module._has_modes then outside = module.training end
  lines[#lines + 1] = indent .. label .. text .. mode(module, outside)
  for _, pair in ipairs(children) do
    local name = M.step(module, pair[1]):gsub("^%.", "")
    add_tree(lines, pair[2], name .. ": ", indent .. "  ", module.training)
  end
end

--- The tree that print(net) shows, with the mode it is in.
function M.tree(module)
  local lines = {}
  add_tree(lines, module, "", "", nil)
  return table.concat(lines, "\n")
end

return M
