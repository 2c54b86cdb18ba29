-- SPDX-License-Identifier: GPL-3.0-or-later
-- Where lessons stand: the shipped folder and the folder one is in; their names and headers.

local reader = require("gradus.lesson.reader")
local language = require("gradus.lesson.language")
local options = require("gradus.options")
local sandbox = require("gradus.sandbox")

local M = {}

--- shelf.folder() -> string
--- The folder of the shipped lessons.
function M.folder()
  return debug.getregistry()["gradus.lessons"]
end

local function is_file(path)
  local file = io.open(path, "rb")
  if not file then return false end
  local ok = file:read(0) ~= nil or file:seek("end") == 0
  file:close()
  return ok
end

local function first_bytes(path)
  local file = io.open(path, "rb")
  local text = file and file:read(8192)
  if file then file:close() end
  return text or ""
end

--- shelf.name(path: string) -> string
--- The name of a lesson: its file's name without folder and ending.
--- > require("gradus.lesson.shelf").name("a/b/01-shapes.lua")
--- 01-shapes
function M.name(path)
  return (path:match("([^/]*)$"):gsub("%.lua$", ""))
end

--- shelf.called(path: string) -> string
--- What to type after `:lesson` to open this file again, from any folder: the name of a shipped
--- lesson, else the whole path.
function M.called(path)
  local real = sandbox.real_path(path) or path
  local folder = sandbox.real_path(M.folder())
  if folder and real == folder .. "/" .. M.name(real) .. ".lua" then return M.name(real) end
  return real
end

local function lessons_in(folder)
  local list = {}
  for _, name in ipairs(sandbox.list_folder(folder)) do
    local path = folder .. "/" .. name
    if name:find("%.lua$") and language.is_lesson(first_bytes(path)) then list[#list + 1] = path end
  end
  return list
end

--- shelf.files() -> {string, ...}
--- The paths of the shipped lessons, in order.
function M.files()
  return lessons_in(M.folder())
end

-- A script that says nothing like `lesson "..."`: what lessons/*.lua may hold beside lessons.
local function is_other(path)
  return is_file(path) and not first_bytes(path):find("%f[%w_]lesson%s*[%(%[\"'{]")
end

--- shelf.to_check(names: {string, ...}) -> {string, ...}, {string, ...}
--- The paths of the lessons that are named: files, shipped names, and all lessons of a folder. Also
--- the scripts among several names, which are no lessons.
function M.to_check(names)
  local paths, others = {}, {}
  for _, name in ipairs(names) do
    local inside = lessons_in((name:gsub("(.)/+$", "%1")))
    table.move(inside, 1, #inside, #paths + 1, paths)
    if #inside == 0 and #names > 1 and is_other(name) then
      others[#others + 1] = name
    elseif #inside == 0 then
      paths[#paths + 1] = M.find(name)
    end
  end
  return paths, others
end

--- shelf.names() -> {string, ...}
--- The names of the shipped lessons.
function M.names()
  local names = {}
  for i, path in ipairs(M.files()) do names[i] = M.name(path) end
  return names
end

local function is_called(own, name)
  local number = tonumber(name)
  return own == name or own:match("^%d+%a?%-(.*)$") == name or own:match("^(%d+%a?)%-") == name
    or number and tonumber(own:match("^(%d+)%-")) == number
end

-- The paths of the shipped lessons for whose names `fits(own, name)` holds.
local function matching(name, fits)
  local found = {}
  if not name:find("/", 1, true) then name = name:gsub("%.lua$", "") end
  for _, path in ipairs(M.files()) do
    if fits(M.name(path), name) then found[#found + 1] = path end
  end
  return found
end

local function has_part(own, name) return #name > 2 and own:find(name, 1, true) end

--- shelf.find(name: string, in_part: boolean = false) -> string
--- The path of a lesson given by a path, a name like `01-first-steps`, its number or the name
--- without it; with in_part also by a part of the name that no other has.
function M.find(name, in_part)
  if name:find("%.lua$") and is_file(name) then return name end
  local called = matching(name, is_called)
  if #called == 1 then return called[1] end
  for _, candidate in ipairs{name, name .. ".lua"} do
    if is_file(candidate) then return candidate end
  end
  local parts = in_part and matching(name, has_part) or {}
  if #parts == 1 then return parts[1] end
  if #parts > 1 then
    for i, path in ipairs(parts) do parts[i] = M.name(path) end
    error(("'%s' may be %s"):format(name, table.concat(parts, " or ")), 0)
  end
  local near = options.nearest(name, M.names())
  error(("there is no lesson '%s'.%s"):format(name,
    near and (" Did you mean '%s'?"):format(near) or " `:lesson` lists them."), 0)
end

--- shelf.headers() -> {{path, name, title, topic, minutes, needs, error}, ...}
--- What the shipped lessons say of themselves.
function M.headers()
  local list = {}
  for i, path in ipairs(M.files()) do
    local ok, lesson = pcall(reader.read, path)
    list[i] = {path = path, name = M.name(path), error = not ok and tostring(lesson) or nil}
    if ok then
      for _, field in ipairs{"title", "topic", "minutes", "needs", "steps"} do
        list[i][field] = lesson[field]
      end
    end
  end
  return list
end

return M
