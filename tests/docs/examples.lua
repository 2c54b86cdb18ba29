-- SPDX-License-Identifier: GPL-3.0-or-later
-- Runs the examples of the doc comments as at the prompt and compares what they print:
--     gradus tests/docs/examples.lua [NAME_PREFIX...]
-- A line `...` of an example stands for any lines, `...` inside one for any text. Each doc
-- has a session of its own and begins with the same seed.

local compile = require("gradus.repl.compile")
local docs = require("gradus.help.docs")
local options = require("gradus.options")
local Session = require("gradus.repl.session")

-- The examples of a doc; an input that is not complete goes on in the next one.
local function whole_examples(doc)
  local list, open = {}, false
  for _, example in ipairs(docs.examples(doc)) do
    local last = list[#list]
    if open then
      last.input, last.expected = last.input .. "\n" .. example.input, example.expected
    else
      last = {input = example.input, expected = example.expected}
      list[#list + 1] = last
    end
    local _, failure = compile.load(last.input, "=example")
    open = failure and failure.unfinished
  end
  return list
end

local function lines_of(text)
  local list = {}
  for line in (text .. "\n"):gmatch("(.-)\n") do
    line = line:gsub("%s+$", "")
    if line ~= "" then list[#list + 1] = line end
  end
  return list
end

-- Several results may stand one a line.
local function one_a_line(lines)
  return lines_of((table.concat(lines, "\n"):gsub("\t", "\n")))
end

-- Whether a line is the expected one, in which `...` is any text.
local function same_line(expected, got)
  expected = expected:gsub("%s+$", "")
  if expected == got then return true end
  if not expected:find("...", 1, true) then return false end
  local pattern = expected:gsub("%p", "%%%0"):gsub("%%%.%%%.%%%.", ".*")
  return got:find("^" .. pattern .. "$") ~= nil
end

local function same(expected, got, i, j)
  i, j = i or 1, j or 1
  if i > #expected then return j > #got end
  if expected[i] == "..." then
    for k = j, #got + 1 do
      if same(expected, got, i + 1, k) then return true end
    end
    return false
  end
  return j <= #got and same_line(expected[i], got[j]) and same(expected, got, i + 1, j + 1)
end

-- A session and a function that returns what was printed since it was last asked.
local function new_session()
  local text = {}
  local function write(...) for _, part in ipairs{...} do text[#text + 1] = tostring(part) end end
  rawset(_G, "print", function(...)
    local parts = table.pack(...)
    for i = 1, parts.n do parts[i] = tostring(parts[i]) end
    write(table.concat(parts, "\t"), "\n")
  end)
  return Session.new{write = write}, function()
    local all = table.concat(text)
    text = {}
    return all
  end
end

local original_print = print
local seen = {}
for name in next, _G do seen[name] = true end

-- Puts the globals back as they were before the first example.
local function clean()
  rawset(_G, "print", original_print)
  for name, value in next, _G do
    if not seen[name] and package.loaded["gradus." .. tostring(name)] ~= value then
      rawset(_G, name, nil)
    end
  end
end

local function check(doc)
  gradus.seed(1)
  local session, printed = new_session()
  local wrong = {}
  for _, example in ipairs(whole_examples(doc)) do
    session:run(example.input)
    local got = lines_of(printed())
    if got[1] and got[1]:find("^module 'gradus%.[%w_.]+' not found") then
      clean()
      return nil, got[1]
    end
    if not same(example.expected, got) and not same(one_a_line(example.expected), one_a_line(got)) then
      wrong[#wrong + 1] = ("> %s\nexpected: %s\ngot:      %s"):format(example.input,
        table.concat(example.expected, "\n          "), table.concat(got, "\n          "))
    end
  end
  clean()
  return wrong
end

local function wanted(name)
  for _, prefix in ipairs(arg) do
    if name:sub(1, #prefix) == prefix then return true end
  end
  return #arg == 0
end

-- A part of the library that is not built yet is skipped, and said so.
local docs_run, failed, skipped = 0, 0, 0
for _, name in ipairs(options.keys(docs.index())) do
  local doc = docs.index()[name]
  if wanted(name) and #docs.examples(doc) > 0 then
    docs_run = docs_run + 1
    local wrong, missing = check(doc)
    if not wrong then
      skipped = skipped + 1
      print(("skip ?%s: %s"):format(name, missing))
    elseif #wrong > 0 then
      failed = failed + 1
      print(("FAIL ?%s (%s)\n%s\n"):format(name, doc.path or "C", table.concat(wrong, "\n")))
    end
  end
end
print(("%d passed, %d failed, %d skipped"):format(docs_run - failed - skipped, failed, skipped))
os.exit(failed == 0 and docs_run > 0 and 0 or 1, true)
