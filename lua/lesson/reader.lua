-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reads a lesson file: text in, a lesson (title, topic, ... and a list of steps) out. The file
-- itself runs as guest code, so that reading a stranger's lesson is safe.

local language = require("gradus.lesson.language")
local options = require("gradus.options")
local sandbox = require("gradus.sandbox")
local World = require("gradus.lesson.world")

local M = {}

local function read_text(path)
  local file = io.open(path, "rb")
  if not file then error(("there is no lesson file '%s'"):format(path), 0) end
  local text = file:read("a")
  file:close()
  if not text then error(("'%s' is no file"):format(path), 0) end
  return text
end

-- The environment of the file's own statements: the words, then what the file defines (which
-- should be local), then what guest code sees.
local function environment(book, words)
  book.own = {}
  return setmetatable({}, {
    __index = function(_, name)
      local v = words[name]
      if v == nil then v = book.own[name] end
      if v == nil then v = book.world.env[name] end
      return v
    end,
    __newindex = function(_, name, value)
      local info = require("gradus.lesson.library").debug.getinfo(2, "l")
      table.insert(book.globals, {name = tostring(name), line = info and info.currentline or 0})
      book.own[name] = value
    end,
    __metatable = false,
  })
end

local function strip_first_line(text)
  return text:sub(1, 1) == "#" and "--" .. text or text
end

local function short_name(path)
  return path:match("([^/]*)$")
end

local function check_filled(book, steps)
  local step = language.unfilled(steps)
  if not step then return end
  error(("%s:%d: %s needs a table {...} after its text"):format(book.file, step.line, step.kind), 0)
end

local function complete(book)
  if not book.title then
    error(("%s: the first statement of a lesson is lesson \"Title\" { ... }"):format(book.file), 0)
  end
  if #book.steps == 0 then
    error(("%s:%d: the lesson has no steps"):format(book.file, book.line), 0)
  end
  check_filled(book, book.steps)
end

local function number_steps(steps, prefix)
  for i, step in ipairs(steps) do step.id = prefix .. i end
end

-- A word that does not exist is nil to Lua; what is like it is named.
local function explain(book, message)
  local name = tostring(message):match("attempt to call a nil value %(global '([^']*)'%)")
  if not name then return message end
  local near = options.nearest(name, options.keys(book.words))
  return tostring(message):gsub("attempt to call.*", ("there is no word '%s'.%s"):format(name,
    near and (" Did you mean '%s'?"):format(near) or ""))
end

-- Runs code that adds steps: the whole file, or a function of fresh or after.
local function collect(book, world, run)
  local outer = book.into
  local steps = {}
  book.into = steps
  local outcome = run(world)
  book.into = outer
  if outcome.stopped then error(("%s: %s"):format(book.file, outcome.message), 0) end
  if not outcome.ok then error((explain(book, outcome.error or outcome.message)), 0) end
  return steps
end

--- reader.read(path: string, {trust, text}) -> lesson
--- Reads the lesson in a file, or in `text` as if it stood there.
function M.read(path, given)
  local o = given or {}
  local text = strip_first_line(o.text or read_text(path))
  local folder = path:match("^(.*)/[^/]*$") or "."
  local book = {path = path, file = short_name(path), folder = folder, globals = {},
    hash = sandbox.fingerprint(text), chunk = "=" .. short_name(path)}
  if not language.is_lesson(text) then
    error(("%s: no lesson: its first statement must call lesson"):format(book.file), 0)
  end
  local world = World.new{folder = folder, trust = o.trust, vars = o.trust and _G or nil}
  local words = language.words(book)
  book.env, book.words = environment(book, words), words
  book.world = world
  local f, message = world:load(text, book.file, book.env)
  if not f then error(message, 0) end
  book.steps = collect(book, world, function(w) return w:call(f) end)
  complete(book)
  for _, name in ipairs{"title", "topic"} do book[name] = book[name] and book[name]:gsub("%c", " ") end
  number_steps(book.steps, "")
  return book
end

--- reader.bind(lesson, world)
--- Lets the functions of the lesson file see the variables of this world.
function M.bind(book, world)
  book.world = world
  world:adopt(book.chunk)
end

--- reader.expand(lesson, node, world, argument) -> {step, ...}
--- Runs the function of a `fresh` or `after` node and returns the steps it makes.
function M.expand(book, node, world, argument)
  local steps = collect(book, world, function(w) return w:call(node.build, argument) end)
  check_filled(book, steps)
  number_steps(steps, node.id .. ".")
  return steps
end

return M
