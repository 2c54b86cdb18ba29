-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every public name of a part has a doc, and the examples in the docs are right. Run by gradus
-- with the part's name: `gradus check.lua tensor`. Public names are the fields of the part that
-- do not begin with _, those of its inner tables and the methods of its classes. A method that a
-- class only overrides (forward, say) may be documented at any class. Docs of other modules
-- (gradus.options and the like) are checked under the name `rest`.

local docs = require("gradus.help.docs")
local Session = require("gradus.repl.session")
local terminal = require("gradus.terminal")

local parts = {"gradus", table.unpack(require("gradus.init").parts)}
local part_name = arg[1]

local problems = 0

local function problem(text, ...)
  problems = problems + 1
  print(text:format(...))
end

-- Names ---------------------------------------------------------------------------------------

local function public(t)
  local names = {}
  for name in next, t do
    if type(name) == "string" and name:sub(1, 1) ~= "_" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

local method_docs = {} -- names after a colon that are documented anywhere
for name in pairs(docs.index()) do
  local method = name:match(":([%w_]+)$")
  if method then method_docs[method] = true end
end

local function is_class(t)
  local mt = getmetatable(t)
  return rawget(t, "__index") ~= nil or (type(mt) == "table" and rawget(mt, "__call") ~= nil)
end

local function is_documented(full, class)
  if docs.find(full) then return true end
  local method = full:match("([%w_]+)$")
  return class and (method_docs[method] or docs.find(class .. ":" .. method) ~= nil)
end

local function check_names(t, prefix, class, depth, seen)
  if seen[t] then return end
  seen[t] = true
  for _, name in ipairs(public(t)) do
    local value, full = rawget(t, name), prefix .. "." .. name
    local kind = type(value)
    local inner = kind == "table" and getmetatable(value) == nil and not is_class(value)
    if kind == "function" or kind == "table" and not (inner and depth < 2) then
      if not is_documented(full, class) then problem("no doc: %s", full) end
    end
    if kind == "table" and depth < 2 and (is_class(value) or inner) then
      check_names(value, full, is_class(value) and name or nil, depth + 1, seen)
    end
  end
end

-- Examples ------------------------------------------------------------------------------------

local function squeeze(text)
  return (text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

local function lines_of(text)
  local lines = {}
  for line in text:gmatch("[^\n]+") do
    if squeeze(line) ~= "" and not line:find("^  input %d+:%d+") then lines[#lines + 1] = line end
  end
  return lines
end

local function fits(wanted, got)
  wanted, got = squeeze(wanted), squeeze(got)
  if wanted == "..." or wanted == got then return true end
  local pattern = wanted:gsub("%p", "%%%0"):gsub("%%%.%%%.%%%.", ".*")
  return got:find("^" .. pattern .. "$") ~= nil
end

local function agree(expected, got)
  local i = 1
  for at, wanted in ipairs(expected) do
    if squeeze(wanted) == "..." and at == #expected then return true end
    if not got[i] or not fits(wanted, got[i]) then return false end
    i = i + 1
  end
  return got[i] == nil
end

local function run(session, input)
  terminal.capture(true)
  session:run(input)
  return lines_of(terminal.captured())
end

local function check_examples(doc)
  local session = Session.new()
  for _, example in ipairs(docs.examples(doc)) do
    local got = run(session, example.input)
    if not agree(example.expected, got) then
      problem("%s: > %s\n  expected: %s\n  got:      %s", doc.name, example.input,
        table.concat(example.expected, "\n            "), table.concat(got, "\n            "))
    end
  end
  for name in pairs(session:variables()) do rawset(_G, name, nil) end
end

-- The part that a doc belongs to: by its name, or by the folder of its file.
local function part_of(doc)
  local first = doc.name:match("^[%a_][%w_]*")
  for _, part in ipairs(parts) do
    if first == part then return part end
  end
  local file = doc.path and doc.path:sub(#terminal.library_folder() + 2) or "tensor.lua"
  first = file:match("^([%w_]+)")
  for _, part in ipairs(parts) do
    if first == part then return part end
  end
  return "rest"
end

local function check_all_examples()
  local names = {}
  for name, doc in pairs(docs.index()) do
    if part_of(doc) == part_name then names[#names + 1] = name end
  end
  table.sort(names)
  local count = 0
  for _, name in ipairs(names) do
    check_examples(docs.index()[name])
    count = count + #docs.examples(docs.index()[name])
  end
  print(("%s: %d docs, %d examples"):format(part_name, #names, count))
end

if part_name ~= "rest" then
  check_names(require("gradus." .. part_name), part_name, nil, 0, {[_G] = true})
  if part_name == "tensor" then
    check_names(require("gradus.core").methods, "tensor", "tensor", 2, {})
  end
end
check_all_examples()
print(("%d problems"):format(problems))
os.exit(problems == 0 and 0 or 1, true)
