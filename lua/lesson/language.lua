-- SPDX-License-Identifier: GPL-3.0-or-later
-- The lesson language: the words of a lesson file. Each word adds one step to the list of the
-- lesson that is being read; the table that may follow fills the step in:
--
--     ask "What is the mean of `x`?" { solution = "x:mean()", hints = {"Try x:m<TAB>"} }
--
-- Nothing is run here. `lessons/README.md` is the teacher's manual of these words.

local checks = require("gradus.lesson.checks")
local markup = require("gradus.lesson.markup")
local options = require("gradus.options")

local M = {}

-- The fields a step of each kind may have, beside those of `graded`.
local fields = {
  text = {"name"},
  code = {"name", "seconds", "quiet", "caption"},
  picture = {"name", "code", "seconds"},
  pause = {"name"},
  try = {"name", "suggest", "seconds"},
  ask = {"solution", "check"},
  number = {"answer", "tolerance", "unit", "solution", "relative"},
  choice = {"shuffle"},
  predict = {"name", "run", "reveal", "unit", "within", "sketch", "after", "hints", "seconds"},
  fix = {"broken", "solution", "check", "quiet"},
}
local graded = {"name", "hints", "mistakes", "after", "variant", "seconds"}
local is_graded = {ask = true, number = true, choice = true, fix = true}

--- language.is_graded(kind: string) -> boolean
--- True for the kinds of steps that are right or wrong.
function M.is_graded(kind) return is_graded[kind] or false end

-- --- where a word stands in its file ----------------------------------------------------

local function line_in(chunk)
  for level = 3, 30 do
    local info = debug.getinfo(level, "Sl")
    if not info then return 0 end
    if info.source == chunk then return info.currentline end
  end
  return 0
end

local function complain(book, line, text, ...)
  if select("#", ...) > 0 then text = text:format(...) end
  error(("%s:%d: %s"):format(book.file, line, text), 0)
end

-- --- filling a step in ------------------------------------------------------------------

local function known_fields(kind)
  local list = {table.unpack(fields[kind])}
  if is_graded[kind] then
    for _, name in ipairs(graded) do list[#list + 1] = name end
  end
  return list
end

local function check_names(book, step, given)
  local known = {}
  for _, name in ipairs(known_fields(step.kind)) do known[name] = true end
  for key in pairs(given) do
    if type(key) == "string" and not known[key] then
      local names = options.keys(known)
      local near = options.nearest(key, names)
      complain(book, step.line, "%s has no field '%s'.%s Fields: %s", step.kind, key,
        near and (" Did you mean '%s'?"):format(near) or "", table.concat(names, ", "))
    end
  end
end

local types = {
  solution = "string", variant = "string", after = "string", broken = "string", unit = "string",
  run = "string", reveal = "string", caption = "string", code = "string", name = "string",
  tolerance = "number", relative = "number", seconds = "number", within = "number",
  mistakes = "table",
}

local function check_types(book, step, given)
  for name, wanted in pairs(types) do
    local v = given[name]
    if v ~= nil and type(v) ~= wanted then
      complain(book, step.line, "%s: '%s' is a %s, it should be a %s", step.kind, name, type(v),
        wanted)
    end
  end
end

local function as_list(v)
  return type(v) == "string" and {v} or v or {}
end

-- A text, or a list of texts.
local function texts(book, step, given, name)
  local list = as_list(given[name])
  local good = type(list) == "table"
  for _, v in ipairs(good and list or {}) do good = good and type(v) == "string" end
  if not good then
    complain(book, step.line, "%s: '%s' should be a text, or a list of them: %s = {\"...\", \"...\"}",
      step.kind, name, name)
  end
  return list
end

local function read_mistakes(book, step, list)
  local result = {}
  for i, m in ipairs(list or {}) do
    local code, say = m[1], m[2]
    if (type(code) ~= "string" and type(code) ~= "number") or type(say) ~= "string" then
      complain(book, step.line,
        "%s: mistake %d should be {wrong answer, what to say}", step.kind, i)
    end
    result[i] = {code = code, say = markup.dedent(say)}
  end
  return result
end

local choice_fields = {[1] = true, [2] = true, right = true}

local function check_choice(book, step, i, c)
  for key in pairs(c) do
    if not choice_fields[key] then
      complain(book, step.line, "choice %d has no field '%s'; the right one is marked by right = true", i,
        tostring(key))
    end
  end
end

local finish = {}

function finish.ask(book, step)
  if not step.solution then complain(book, step.line, "ask needs a solution") end
  step.check = checks.of(step.check)
end

function finish.fix(book, step)
  if not step.broken then complain(book, step.line, "fix needs broken code: broken = [[...]]") end
  finish.ask(book, step)
end

function finish.number(book, step)
  local kind = type(step.answer)
  if kind ~= "number" and kind ~= "string" then
    complain(book, step.line, "number needs an answer: a number, or code that computes it")
  end
end

function finish.choice(book, step, given)
  step.choices = {}
  local right = 0
  for i, c in ipairs(given) do
    if type(c) ~= "table" or type(c[1]) ~= "string" then
      complain(book, step.line, "choice %d should be {\"the answer\", \"what to say\"}", i)
    end
    check_choice(book, step, i, c)
    step.choices[i] = {text = c[1], say = c[2], right = c.right or false}
    right = right + (c.right and 1 or 0)
  end
  if #step.choices < 2 then complain(book, step.line, "choice needs at least two answers") end
  if right == 0 then complain(book, step.line, "choice: mark a right answer with right = true") end
  step.several = right > 1
end

function finish.predict(book, step)
  if not step.reveal then
    complain(book, step.line, "predict needs reveal: code whose value is what was predicted")
  end
end

function finish.picture(book, step)
  if not step.code then
    complain(book, step.line, "picture needs code that gives a figure: code = [[...]]")
  end
end

local function fill(book, step, given)
  if type(given) ~= "table" then
    complain(book, step.line, "%s: after the text comes a table {...}, not a %s", step.kind,
      type(given))
  end
  given = checks.plain(given)
  check_names(book, step, given)
  check_types(book, step, given)
  for key, v in pairs(given) do
    if type(key) == "string" then step[key] = v end
  end
  step.after = given.after and markup.dedent(given.after) -- words are put before it
  step.hints = texts(book, step, given, "hints")
  step.suggest = texts(book, step, given, "suggest")
  step.mistakes = read_mistakes(book, step, given.mistakes)
  if finish[step.kind] then finish[step.kind](book, step, given) end
  step.filled = true
end

-- --- the words --------------------------------------------------------------------------

-- Steps that say everything in their text.
local complete = {text = true, code = true, pause = true, try = true}

local function word(book, kind)
  return function(text)
    local line = line_in(book.chunk)
    if kind == "pause" and text == nil then text = "" end
    if type(text) ~= "string" then
      complain(book, line, "%s begins with a text, not with a %s", kind, type(text))
    end
    local step = {kind = kind, body = text, line = line, hints = {}, mistakes = {}, suggest = {},
      filled = complete[kind] or false}
    table.insert(book.into, step)
    return function(given) fill(book, step, given) end
  end
end

local header_fields = {topic = "string", minutes = "number", needs = "table", rows = "table",
  author = "string", aim = "string"}

local function read_header(book, line, given)
  for key, v in pairs(given) do
    local wanted = header_fields[key]
    if not wanted then
      local near = options.nearest(tostring(key), options.keys(header_fields))
      complain(book, line, "lesson has no field '%s'.%s", tostring(key),
        near and (" Did you mean '%s'?"):format(near) or "")
    elseif type(v) ~= wanted and not (key == "needs" and type(v) == "string") then
      complain(book, line, "lesson: '%s' is a %s, it should be a %s", key, type(v), wanted)
    end
    book[key] = key == "needs" and as_list(v) or v
  end
end

local function header(book)
  return function(title)
    local line = line_in(book.chunk)
    if type(title) ~= "string" then complain(book, line, "lesson begins with its title") end
    if book.title then complain(book, line, "a file holds one lesson") end
    book.title, book.line = title, line
    return function(given) read_header(book, line, checks.plain(given)) end
  end
end

-- fresh(function(random) ... end): steps made with numbers drawn from the run's seed.
local function fresh(book)
  return function(build)
    local line = line_in(book.chunk)
    if type(build) ~= "function" then complain(book, line, "fresh needs a function") end
    table.insert(book.into, {kind = "fresh", build = build, line = line})
  end
end

-- after("name", function(answer) ... end): steps that depend on an earlier answer.
local function after(book)
  return function(name, build)
    local line = line_in(book.chunk)
    if type(name) ~= "string" or type(build) ~= "function" then
      complain(book, line, "after needs the name of an earlier step and a function")
    end
    table.insert(book.into, {kind = "after", of = name, build = build, line = line})
  end
end

--- language.words(book: table) -> table
--- The words of a lesson file, which add steps to `book.steps`. The book names its file
--- (`file`) and the chunk's name (`chunk`).
function M.words(book)
  book.steps = {}
  book.into = book.steps
  book.needs = {}
  local words = checks.vocabulary()
  for kind in pairs(fields) do words[kind] = word(book, kind) end
  words.lesson, words.fresh, words.after = header(book), fresh(book), after(book)
  return words
end

--- language.unfilled(steps: {step, ...}) -> step?
--- The first step whose table {...} is missing.
function M.unfilled(steps)
  for _, step in ipairs(steps) do
    if step.filled == false then return step end
  end
end

--- language.is_lesson(source: string) -> boolean
--- True if the first statement of a source text calls `lesson`.
--- > require("gradus.lesson.language").is_lesson('-- a comment\nlesson "Shapes" {}')
--- true
function M.is_lesson(source)
  local at = source:match("^#[^\n]*\n()") or 1
  while true do
    at = source:find("%S", at)
    if not at then return false end
    local level = source:match("^%-%-%[(=*)%[", at)
    local stop = level and select(2, source:find("]" .. level .. "]", at, true))
      or source:find("^%-%-", at) and (source:find("\n", at, true) or #source)
    if not stop then break end
    at = stop + 1
  end
  return source:find("^lesson%s*[%(%[\"'{]", at) ~= nil
end

return M
