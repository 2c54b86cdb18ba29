-- SPDX-License-Identifier: GPL-3.0-or-later
-- The trials of a search in several processes. Each process is gradus with the
-- same file: it runs the file up to the same call of train.search and waits
-- there for trials. Messages are lines of JSON, from here to standard input,
-- and back on standard output behind the byte RS (30); what else a trial
-- prints comes before its reply and is shown with it.

local json = require("gradus.json")

local M = {}

local RS = "\30"

-- The state of this session: which search it is in (they are counted), what
-- the finished ones gave, and, in a worker, which search it works for.
local count, past, target = 0, {}, nil

-- --- in a worker -------------------------------------------------------------

--- workers.begin(search: integer)
--- Makes this process a worker for that search of the file, counted from 1. It ends when the
--- process that started it does, in the middle of a trial too.
--- > type(require("gradus.train.workers").begin)
--- function
function M.begin(search)
  target = search
  require("gradus.process").end_with_parent()
end

local function reply(message)
  io.stdout:write(RS, json.encode(message), "\n")
  io.stdout:flush()
end

-- Answers trials until there are no more; the process ends here.
local function serve(evaluate)
  reply{ready = true}
  for text in io.stdin:lines() do
    local job = json.decode(text)
    local ok, score = xpcall(evaluate, function(why)
      return type(why) == "string" and why or tostring(why)
    end, job)
    reply(ok and {score = score} or {failure = score})
  end
  os.exit(0)
end

-- --- searches are counted ----------------------------------------------------

--- workers.enter(evaluate: function) -> table?
--- Begins a search. In a worker: serves, if it is the one it works for, and ends the process; for
--- an earlier one, gives what `leave` was told about it.
--- > type(require("gradus.train.workers").enter)
--- function
function M.enter(evaluate)
  count = count + 1
  if not target then return nil end
  if count == target then serve(evaluate) end
  local text = io.stdin:read("l")
  if not text then os.exit(0) end
  return json.decode(text)
end

--- workers.leave(found: table)
--- Ends a search that began with enter; the workers of later ones are told what it found.
--- > type(require("gradus.train.workers").leave)
--- function
function M.leave(found) past[count] = json.encode(found) end

-- --- the processes -----------------------------------------------------------

-- The file that is being run: the outermost chunk that came from one.
local function running_file()
  local found
  for level = 2, math.huge do
    local info = debug.getinfo(level, "S")
    if not info then return found end
    if info.what == "main" and info.source:sub(1, 1) == "@" then found = info.source:sub(2) end
  end
end

-- The words of the command line of a worker: those of this process, if it runs
-- the file as its script.
local function command(file)
  local words = {require("gradus.process").program()}
  local arg = rawget(_G, "arg") or {}
  local is_script = arg[0] == file and arg[-1] ~= nil
  local first = 0
  while is_script and arg[first - 1] do first = first - 1 end
  for i = first + 1, -1 do
    if arg[i] ~= "-i" then words[#words + 1] = arg[i] end
  end
  words[#words + 1] = "-e"
  words[#words + 1] = ("require('gradus.train.workers').begin(%d)"):format(count)
  words[#words + 1] = file
  return table.move(is_script and arg or {}, 1, #arg, #words + 1, words)
end

local Pool = {}
Pool.__index = Pool

--- workers.pool(n: integer) -> Pool
--- n processes for the search that was entered last: pool:run(jobs, f) hands the jobs out and
--- calls f(i, reply) in the order of the jobs; pool:close() ends them.
--- > type(require("gradus.train.workers").pool)
--- function
function M.pool(n)
  local file = running_file()
  if require("gradus.guest").depth > 0 then
    error("train.search: a lesson starts no processes", 0)
  elseif not file then
    error("train.search: with processes the search has to stand in a file, run by `gradus FILE` "
      .. "or dofile(\"FILE\"): every process runs that file", 0)
  end
  local self = setmetatable({workers = {}, handles = {}}, Pool)
  local words = command(file)
  for i = 1, n do
    self.handles[i] = require("gradus.process").start(words)
    self.workers[i] = {handle = self.handles[i], text = ""}
    for k = 1, count - 1 do self.handles[i]:send(past[k] .. "\n") end
  end
  return self
end

-- What a worker has sent: its finished messages, each with the text before it.
local function receive(worker)
  local list, chunk = {}, worker.handle:read()
  while chunk and chunk ~= "" do
    worker.text = worker.text .. chunk
    chunk = worker.handle:read()
  end
  while true do
    local before, message, rest = worker.text:match("^([^\30]*)\30([^\n]*)\n(.*)$")
    if not before then break end
    worker.text = rest
    local told = json.decode(message)
    told.printed = before
    list[#list + 1] = told
  end
  if not chunk and #list == 0 then
    error(("train.search: a process ended early; the last it said was:\n%s"):format(
      worker.text:sub(-2000)), 0)
  end
  return list
end

-- Takes in a reply, and gives the worker its next job.
local function go_on(worker, told, jobs, state)
  if worker.job then
    state.replies[worker.job] = told
    worker.job = nil
  end
  worker.ready = true
  if state.next <= #jobs then
    worker.job, state.next = state.next, state.next + 1
    worker.handle:send(json.encode(jobs[worker.job]) .. "\n")
  end
end

function Pool:run(jobs, f)
  local state, shown = {next = 1, replies = {}}, 0
  for _, worker in ipairs(self.workers) do
    if worker.ready then go_on(worker, nil, jobs, state) end
  end
  while shown < #jobs do
    require("gradus.process").wait(self.handles, 1)
    for _, worker in ipairs(self.workers) do
      for _, told in ipairs(receive(worker)) do go_on(worker, told, jobs, state) end
    end
    while state.replies[shown + 1] do
      shown = shown + 1
      f(shown, state.replies[shown])
    end
  end
end

function Pool:close()
  for _, handle in ipairs(self.handles) do handle:close() end
end

return M
