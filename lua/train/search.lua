-- SPDX-License-Identifier: GPL-3.0-or-later
-- Looking for good settings. Trials are numbered; trial i has a seed of its own
-- made from the search's seed and i, and runs on a fixed number of threads, so
-- that a search split over processes or machines gives the same table as one.

local core = require("gradus.core")
local notice = require("gradus.notice")
local options = require("gradus.options")
local ranges = require("gradus.train.ranges")
local records = require("gradus.train.records")
local results = require("gradus.train.results")
local seeded = require("gradus.seeded").run
local workers = require("gradus.train.workers")

local M = {}

-- --- one trial -----------------------------------------------------------------

-- A job is what a process needs to know: trial, share, seed, and the settings,
-- choices by their place, since not every value can be written as text.
local function encode(space, names, trial)
  local settings = {}
  for _, name in ipairs(names) do
    settings[name] = trial[name]
    for k, value in ipairs(space[name].values or {}) do
      if rawequal(value, trial[name]) then settings[name] = k end
    end
  end
  return settings
end

local function decode(space, names, settings)
  local trial = {}
  for _, name in ipairs(names) do
    local values = space[name].values
    trial[name] = values and values[settings[name]] or settings[name]
  end
  return trial
end

local function on_threads(n)
  local before = core.threads()
  core.threads(n)
  return setmetatable({}, {__close = function() core.threads(before) end})
end

-- The function of a job that gives its score.
local function evaluator(space, names, evaluate, o)
  return function(job)
    local _ <close> = on_threads(o.threads)
    local score = seeded(job.seed, evaluate, decode(space, names, job.settings), job.trial,
      job.share)
    if type(score) == "number" then return score end
    error("train.search: the function should return a number, the score; got " .. type(score), 0)
  end
end

-- --- a round of trials -----------------------------------------------------------

local Search = {}
Search.__index = Search

-- The rows of this shard and those of the others, as far as they are known.
function Search:rows_of(trials, seed, more)
  local own, others, missing, jobs = {}, {}, 0, {}
  for i, trial in ipairs(trials) do
    local row = {trial = trial.number, round = more.round, share = more.share}
    for _, name in ipairs(self.names) do row[name] = trial[name] end
    row.score = self.memory:find(row)
    if (i - 1) % self.of == self.shard - 1 then
      own[#own + 1] = row
      if not row.score then
        jobs[#jobs + 1] = {trial = row.trial, share = row.share, row = row,
          seed = (seed * 1000003 + row.trial ~ 1 << 61) & math.maxinteger,
          settings = encode(self.full, self.names, trial)}
      end
    elseif row.score then
      others[#others + 1] = row
    else
      missing = missing + 1
    end
  end
  return own, others, missing, jobs
end

-- Calls f(i, reply) for every job in order: here, or from the processes.
function Search:each(jobs, f)
  if self.replay and #jobs > 0 then
    error("train.search: this process did not find the trials of an earlier search", 0)
  end
  local o = self.o
  if o.processes > 1 and #jobs > 0 then
    self.pool = self.pool or workers.pool(math.min(o.processes, #jobs))
    local bare = {}
    for i, job in ipairs(jobs) do
      bare[i] = {trial = job.trial, share = job.share, seed = job.seed, settings = job.settings}
    end
    return self.pool:run(bare, f)
  end
  for i, job in ipairs(jobs) do f(i, {score = self.evaluate(job)}) end
end

-- Makes the trials of this shard and shows them in order. Returns the sorted
-- rows of all shards, or nil if other shards have not made theirs yet.
function Search:round(trials, seed, more)
  more = more or {}
  local own, others, missing, jobs = self:rows_of(trials, seed, more)
  local at = 1
  local function show()
    while own[at] and own[at].score do
      if not self.o.quiet then notice.tell(results.line(own[at], self.names, self.o, self.full)) end
      at = at + 1
    end
  end
  if more.title and not self.o.quiet then notice.tell(more.title) end
  show()
  self:each(jobs, function(i, reply)
    if reply.printed then io.stdout:write(reply.printed) end
    if reply.failure then error(reply.failure, 0) end
    jobs[i].row.score = records.number(reply.score)
    self.memory:add(jobs[i].row)
    show()
  end)
  table.move(own, 1, #own, #self.results + 1, self.results)
  if missing > 0 then
    self.waiting = ("%d trials of other shards are not there yet"):format(missing)
    return nil
  end
  local all = table.move(others, 1, #others, #own + 1, table.move(own, 1, #own, 1, {}))
  table.sort(all, results.better(self.o))
  return all
end

-- --- kinds of search ---------------------------------------------------------------

local function numbered(trials)
  for i, trial in ipairs(trials) do trial.number = i end
  return trials
end

local kinds = {}

function kinds.random(s)
  s:round(numbered(ranges._random(s.space, s.names, s.o.seed, s.o.trials)), s.o.seed)
end

function kinds.grid(s)
  local trials = numbered(ranges._grid(s.space, s.names, s.o.points))
  s.o.total = #trials
  s:round(trials, s.o.seed)
end

-- Random trials in narrower and narrower ranges.
kinds["coarse to fine"] = function(s)
  for round = 1, s.o.rounds do
    local seed = s.o.seed + round - 1
    local rows = s:round(numbered(ranges._random(s.space, s.names, seed, s.o.trials)), seed,
      {round = round, title = round > 1 and ("-- round %d"):format(round)})
    if not rows then return end
    if round < s.o.rounds then s.space = ranges._narrowed(s.space, s.names, rows) end
  end
end

-- Successive halving: all with a small share of the budget, the better half
-- with twice that, until one is left or the share is whole.
function kinds.halving(s)
  local alive = numbered(ranges._random(s.space, s.names, s.o.seed, s.o.trials))
  local by_number, share = table.move(alive, 1, #alive, 1, {}), 1
  while share * 2 <= #alive do share = share * 2 end
  while true do
    local rows = s:round(alive, s.o.seed,
      {share = 1 / share, title = ("-- share 1/%d"):format(share)})
    if not rows or share == 1 or #rows == 1 then return end
    alive, share = {}, share // 2
    for i = 1, (#rows + 1) // 2 do alive[i] = by_number[rows[i].trial] end
    table.sort(alive, function(a, b) return a.number < b.number end)
  end
end

-- --- the whole -----------------------------------------------------------------------

-- The value of --name among the script's arguments.
local function argument(name)
  for i, word in ipairs(rawget(_G, "arg") or {}) do
    if word == "--" .. name then return _G.arg[i + 1] end
    local value = tostring(word):match("^%-%-" .. name .. "=(.+)$")
    if value then return value end
  end
end

local function shard_of(text)
  if not text then return 1, 1 end
  local i, n = tostring(text):match("^(%d+)/(%d+)$")
  i, n = math.tointeger(tonumber(i)), math.tointeger(tonumber(n))
  if not i or i < 1 or i > n then
    error(('train.search: shard is "i/n" with 1 <= i <= n; got %s'):format(tostring(text)), 3)
  end
  return i, n
end

local function whole(o, name, least)
  if math.type(o[name]) ~= "integer" or o[name] < least then
    error(("train.search: %s should be a whole number from %d; got %s"):format(name, least,
      tostring(o[name])), 4)
  end
end

local function read(o)
  o = options.read("train.search", o, {kind = "random", trials = 20, points = 3, rounds = 2,
    seed = 1, minimise = false, label = "val acc", quiet = false, threads = 1},
    {"file", "shard", "processes"}, 4)
  if not kinds[o.kind] then
    error(('train.search: kind is "random", "grid", "coarse to fine" or "halving"; got %s'):format(
      tostring(o.kind)), 3)
  end
  o.processes = o.processes or argument("processes") or 1
  if o.processes == "cores" then o.processes = require("gradus.process").cores() end
  o.processes = math.tointeger(tonumber(o.processes)) or o.processes
  for _, name in ipairs{"trials", "points", "rounds", "threads", "processes"} do whole(o, name, 1) end
  if math.type(o.seed) ~= "integer" then
    error("train.search: seed should be a whole number; got " .. tostring(o.seed), 3)
  end
  o.total = o.trials
  return o
end

local depth = 0 -- above 0 while a trial runs: a search in it is no matter of processes

-- Tells the workers of later searches what this one found, and ends its own.
local function finish(s)
  return setmetatable({}, {__close = function(_, failure)
    depth = depth - 1
    if s.pool then s.pool:close() end
    if depth == 0 then
      workers.leave(failure and {failure = tostring(failure)} or {done = s.memory.done})
    end
  end})
end

-- In a worker the earlier searches of its file are not made again.
local function take_over(s, earlier)
  if earlier.failure then error(earlier.failure, 0) end
  for k, score in pairs(earlier.done) do s.memory.done[k] = records.number(score) end
  s.replay, s.memory.path, s.o.quiet = true, nil, true
end

--- train.search(space: table, evaluate: function, {kind: string = "random", trials: integer = 20, points: integer = 3, rounds: integer = 2, seed: integer = 1, file: string?, processes: integer|string = 1, threads: integer = 1, shard: string?, minimise: boolean = false, label: string = "val acc", quiet: boolean = false}) -> Results
--- Tries settings and prints a running table. space = {lr = train.log_uniform(1e-5, 1), ...};
--- evaluate(settings, i) trains and returns a score, the larger the better.
---
--- kind "random" draws `trials` settings, "grid" takes `points` values of every range, "coarse
--- to fine" draws `trials` in each of `rounds` rounds and narrows the ranges around the best
--- fifth in between (by hand: search again in results:narrowed(), or in your own ranges),
--- "halving" gives evaluate(settings, i, share) a growing share of the budget and keeps the
--- better half.
---
--- `file` keeps results as JSON lines and lets a search go on. `processes` (or --processes n on
--- the command line; "cores" for all) spreads the trials over processes of this machine: each
--- runs the search's file up to the search. `shard = "2/4"` (or --shard 2/4) makes every fourth
--- trial, the second one first, for several machines: each shard has a file of its own beside
--- `file`, and the search without --shard then shows them all. Kinds with rounds need all shards
--- of a round before the next one: start the shards again. The table is the same whichever way,
--- since every trial has a seed of its own and `threads` threads. The results are sorted, the
--- best first.
--- > r = train.search({lr = train.log_uniform(1e-4, 1)}, function(s) return -math.abs(math.log(s.lr, 10) + 2) end, {trials = 50, quiet = true})
--- > r[1].lr > 1e-3 and r[1].lr < 1e-1
--- true
function M.search(space, evaluate, o)
  o = read(o)
  local full, names = ranges._read(space)
  local s = setmetatable({o = o, full = full, space = full, names = names, results = {}}, Search)
  s.shard, s.of = shard_of(o.shard or argument("shard"))
  if s.of > 1 and not o.file and o.kind ~= "random" and o.kind ~= "grid" then
    error(('train.search: kind "%s" in shards needs a file'):format(o.kind), 2)
  end
  s.evaluate = evaluator(full, names, evaluate, o)
  s.memory = records.open(o.file, s.shard, s.of, o.seed, names, full)
  depth = depth + 1
  if depth > 1 then o.processes = 1 end
  local earlier = depth == 1 and workers.enter(s.evaluate)
  local _ <close> = finish(s)
  if earlier then take_over(s, earlier) end
  kinds[o.kind](s)
  return results.of(s)
end

return M
