-- SPDX-License-Identifier: GPL-3.0-or-later
-- One run of a lesson: a state machine that is fed with what the student types and emits
-- blocks to show ({kind = "text" | "code" | "result" | ...}). It knows neither terminal nor
-- prompt: the prompt, batch runs, replays, exports and tests all drive this one.
--
-- A run stands at a step that waits for the student, or is done. What a step does when it
-- is presented, answered or skipped is told by its kind, in step/KIND.lua:
--
--   present(run, step)           shows it; true if the run must wait there
--   take(run, step, text)        true if the text was an answer by itself (a choice, "64 ms")
--   judge(run, step, attempt)    judges what a command did
--   solution(run, step)          the block that shows the solution
--   skip(run, step)              does what the solution does
--   right(run, step)             the text a perfect student types, for batch runs
--   free                         true if everything typed is free play

local calls = require("gradus.lesson.calls")
local compare = require("gradus.lesson.compare")
local compile = require("gradus.repl.compile")
local figures = require("gradus.lesson.figure")
local markup = require("gradus.lesson.markup")
local random = require("gradus.lesson.random")
local reader = require("gradus.lesson.reader")
local sandbox = require("gradus.sandbox")
local Snapshot = require("gradus.lesson.snapshot")

local Runner = {}
Runner.__index = Runner

local kinds = setmetatable({}, {__index = function(t, kind)
  t[kind] = require("gradus.lesson.step." .. kind)
  return t[kind]
end})

Runner.kinds = kinds

local function ignore() end

--- Runner.new{lesson, world, seed, out, on_step, record} -> Runner
--- A run of a lesson in a world. `out(block)` shows, `on_step(run)` is called whenever the
--- run has moved, `record(event)` with everything that happens.
function Runner.new(given)
  local o = require("gradus.options").read("lesson run", given,
    {seed = 1, out = ignore, on_step = ignore, record = ignore}, {"lesson", "world", "present"})
  local run = setmetatable(o, Runner)
  reader.bind(run.lesson, run.world)
  run.world.print = function(text) run:say{kind = "output", text = text} end
  run:reset()
  return run
end

function Runner:reset()
  self.answers, self.journal, self.named, self.made = {}, {}, {}, {}
  self.at, self.pages = 0, {}
  self:flatten()
end

-- Texts of a lesson send no commands to the terminal: control characters are left out.
local function harmless(v)
  if type(v) == "string" then return (v:gsub("[%z\1-\8\11-\31\127]", ""):gsub("\xC2[\x80-\x9F]", "")) end
  if type(v) ~= "table" or getmetatable(v) ~= nil then return v end
  local copy = {}
  for key, x in next, v do copy[key] = harmless(x) end
  return copy
end

local written = {"text", "source", "caption", "how", "solution", "variant", "choices", "suggest"}

function Runner:say(block)
  if self.muted or self.quiet then return end
  for _, name in ipairs(written) do block[name] = harmless(block[name]) end
  for i = 1, block.n or 0 do
    if type(block[i]) == "string" then block[i] = harmless(block[i]) end
  end
  if not figures.of(block) then return self.out(block) end
  local drawn, why = pcall(self.out, block)
  if not drawn then self.out{kind = "error", text = "the picture does not draw: " .. tostring(why)} end
end

-- --- the list of steps ------------------------------------------------------------------

-- What an `after` node is told, and a key that changes with it; nil while nothing was answered.
local function answer_for(run, node)
  local a = run.named[node.of] and run.answers[run.named[node.of]]
  if not a or not (a.right or a.skipped) then return nil end
  local value = a.value
  if run.world:hides({value}, 1) then value = nil end
  return {value = value, right = a.right, first = a.first, tries = a.tries, skipped = a.skipped,
    choice = a.choice}, a.right and "right" or "skipped"
end

-- The steps of a `fresh` or `after` node; none while the answer is not known.
local function steps_of(run, node)
  local argument, key
  if node.kind == "fresh" then
    argument, key = random.new(run.seed, node.id), "fresh"
  else
    argument, key = answer_for(run, node)
    if not argument then return {} end
  end
  local made = run.made[node.id]
  if not made or made.key ~= key then
    made = {key = key, steps = reader.expand(run.lesson, node, run.world, argument)}
    run.made[node.id] = made
  end
  return made.steps
end

local function add(run, list, steps)
  for _, step in ipairs(steps) do
    if step.build then
      add(run, list, steps_of(run, step))
    else
      list[#list + 1] = step
      if step.name then run.named[step.name] = step.id end
    end
  end
end

--- Runner:flatten()
--- Makes the list of steps anew, with those that depend on earlier answers.
function Runner:flatten()
  local list = {}
  add(self, list, self.lesson.steps)
  self.steps = list
end

--- Runner:step() -> step?
--- The step at which the run stands; nil before the start and after the end.
function Runner:step()
  return self.steps[self.at]
end

function Runner:kind()
  local step = self:step()
  return step and kinds[step.kind]
end

--- Runner:answer(step) -> table
--- What is known of the student's answer to a step: tries, misses, hints, right, ...
function Runner:answer(step)
  local a = self.answers[step.id]
  if not a then
    a = {tries = 0, misses = 0, hints = 0, since = os.time()}
    self.answers[step.id] = a
  end
  return a
end

--- Runner:place() -> integer, integer
--- At which step of how many the run stands, as the file counts them: what `fresh` and `after`
--- make counts as one, so that the number of steps stays the same.
function Runner:place()
  local all = #self.lesson.steps
  local step = self.steps[math.max(1, math.min(self.at, #self.steps))]
  if self.done or not step then return all, all end
  return math.tointeger(tonumber(step.id:match("^%d+"))), all
end

--- Runner:answered(step) -> boolean
--- Whether a question is behind the student: answered, or skipped.
function Runner:answered(step)
  local a = kinds[step.kind].asks and self.answers[step.id]
  return a and (a.right or a.skipped) or false
end

--- Runner:signature(step) -> string
--- A name for a step's contents, by which it is found again in an edited lesson.
function Runner:signature(step) -- luacheck: no self
  return sandbox.fingerprint(table.concat({step.kind, step.body, step.solution or "",
    step.reveal or "", tostring(step.answer or "")}, "\0"))
end

-- --- moving -----------------------------------------------------------------------------

local function finish(run)
  if run.done then return end
  run.done = true
  run:say{kind = "end", lesson = run.lesson, score = run:score()}
  run.record{event = "end"}
end

-- Where the student is, for those who stop without a word, and what is asked there.
local function record_place(run, step)
  local words = step.body:gsub("%s+", " "):gsub("^ ", "")
  local most = utf8.offset(words, 61)
  run.record{event = "at", step = step.id, asks = kinds[step.kind].asks or false,
    text = most and words:sub(1, most - 1) .. "..." or words}
end

-- A question that is shown again, after `:back`.
local function remind(run, step)
  if run.present or not run:answered(step) then return end
  run:say{kind = "note", text = run.answers[step.id].right
    and "You have answered this one. Answer it once more, or go on with `:next`."
    or "You have skipped this one. Answer it now, or go on with `:next`."}
end

-- Ctrl-C ends a page in the middle. That is only noted here: until the stop is over, nothing that could
-- be stopped as well should run.
local function page_guard(run)
  return setmetatable({}, {__close = function(_, why)
    if why ~= nil and not run.broken_off then run.broken_off = "page" end
  end})
end

-- Judging tries the author's solutions in the student's world; where Ctrl-C ends that, the world is put
-- back. `pending` is the snapshot for it.
local function undo_trial(run)
  run.muted = false
  if run.stop_counting then run.stop_counting() end
  run.stop_counting = nil
  if not run.pending then return end
  run.pending:restore()
  run.pending, run.kept = nil, nil
  Snapshot.done()
  run:say{kind = "note", text = "The answer was not judged; your variables are as before it."}
end

--- Runner:after_interrupt()
--- Brings everything in order when Ctrl-C has ended what the run did, and says where it stands.
function Runner:after_interrupt()
  local how = self.broken_off
  self.broken_off = nil
  undo_trial(self)
  if how == "page" then
    self.on_step(self)
    self:say{kind = "note", text = "Broken off; `:next` goes on with the step behind it."}
  elseif how == "resume" then
    local at, all = self:place()
    self.keeps_saved = true -- until the run moves
    self:say{kind = "note", text = ("Broken off at step %d of %d. Your place is kept until you go on from "
      .. "here: `:quit`, and open the lesson again to come back to it."):format(at, all)}
  end
end

-- Shows steps until one has to be answered or left by hand.
local function flow(run)
  local guard <close> = page_guard(run) -- luacheck: ignore 211
  run.on_step(run)
  run.pages[#run.pages + 1] = run.at
  while run.at <= #run.steps do
    local step = run.steps[run.at]
    if run.present or kinds[step.kind].stops then run:answer(step).since = os.time() end
    if kinds[step.kind].stops then run.on_step(run) end
    run.world.limits.seconds = step.seconds
    if kinds[step.kind].present(run, step) or run.present then
      remind(run, step)
      return record_place(run, step)
    end
    run.at = run.at + 1
  end
  finish(run)
  run.on_step(run)
end

--- Runner:show_page()
--- Shows the page on which the run stands, after it was brought there silently: its words and
--- question, without running its code again.
function Runner:show_page()
  self:say{kind = "title", lesson = self.lesson}
  local first = self.pages[#self.pages] or 1
  for i = first, math.min(self.at, #self.steps) do
    local step = self.steps[i]
    local kind = kinds[step.kind]
    if step.kind == "code" and not step.quiet then
      self:say{kind = "code", source = kind.source(step), caption = step.caption}
    elseif step.kind == "text" or i == self.at and step.kind ~= "fix" then
      kind.present(self, step)
    elseif i == self.at then
      kind.ask_again(self, step)
    end
    if i == self.at then remind(self, step) end
  end
  if self.done then self:say{kind = "end", lesson = self.lesson, score = self:score()} end
  self.on_step(self)
end

--- Runner:start()
--- Begins the lesson: seeds the generators and shows the first page.
function Runner:start()
  self.world:seed(self.seed)
  self.record{event = "start", lesson = self.lesson.file, title = self.lesson.title,
    hash = self.lesson.hash, seed = self.seed}
  self:say{kind = "title", lesson = self.lesson}
  self.at = 1
  flow(self)
end

--- Runner:advance()
--- Leaves the present step and shows what follows.
function Runner:advance()
  self:flatten()
  self.at = self.at + 1
  flow(self)
end

--- Runner:back()
--- Shows the page before this one again.
function Runner:back()
  if #self.pages < 2 then
    return self:say{kind = "note", text = "This is the first page."}
  end
  self.done = false
  table.remove(self.pages)
  self.at = table.remove(self.pages)
  self.record{event = "back"}
  flow(self)
end

function Runner:restart()
  self.done = false
  self.world:clear()
  self:reset()
  self:start()
end

--- Runner:next()
--- Leaves a pause or free play.
function Runner:next()
  local step = self:step()
  if not step then return self:say{kind = "note", text = "The lesson is over."} end
  if kinds[step.kind].asks and not self:answered(step) then
    return self:say{kind = "note",
      text = "This step waits for an answer. `:hint` helps, `:skip` shows it and goes on."}
  end
  self.record{event = "next", step = step.id}
  self:advance()
end

-- --- verdicts ---------------------------------------------------------------------------

-- The first right answer counts: what is typed after `:back` changes no score.
local function count_right(a, value)
  if a.right then return end
  a.tries = a.tries + 1
  a.right, a.value, a.skipped = true, value, nil
  a.first = a.tries == 1 and a.hints == 0
  a.seconds = os.time() - a.since
end

-- A number written as such is right where its value is; how it is computed is worth seeing.
local function is_literal(source)
  return tonumber(source) ~= nil
end

local function show_ways(run, step, attempt)
  if step.variant then
    run:say{kind = "variant", solution = step.solution, variant = step.variant}
  elseif is_literal(attempt.source) and not is_literal(step.solution) then
    run:say{kind = "code", source = markup.dedent(step.solution), caption = "Computed:"}
  end
end

--- Runner:accept(step, value: any, attempt: table?)
--- The answer is right: praises, and goes on.
function Runner:accept(step, value, attempt)
  local a = self:answer(step)
  local again = a.right
  self.pending = nil
  count_right(a, value)
  self:say{kind = "right", text = step.after, first = a.first and not again}
  if attempt then show_ways(self, step, attempt) end
  self.record{event = "verdict", step = step.id, right = true, tries = a.tries,
    hints = a.hints, seconds = a.seconds, again = again}
  self:commit(step)
  self:advance()
end

-- After so many misses help is offered.
local function offer_help(run, step, a)
  run:say{kind = "note", text = #step.hints > a.hints
    and "Three tries: `:hint` helps; `:solution` shows the answer, `:skip` goes on."
    or "Three tries: `:solution` shows the answer, `:skip` goes on."}
end

--- Runner:refuse(step, why: string?, mistake: table?)
--- The answer is wrong: says so, with the sentence of a recognised mistake if there is one.
function Runner:refuse(step, why, mistake)
  local a = self:answer(step)
  if not a.right then a.tries, a.misses = a.tries + 1, a.misses + 1 end
  self:say{kind = "wrong", text = mistake and mistake.say or why, recognised = mistake ~= nil}
  self.record{event = "verdict", step = step.id, right = false, tries = a.tries,
    why = why, mistake = mistake and mistake.say, again = a.right}
  if a.misses == 3 and not a.right then offer_help(self, step, a) end
end

-- --- what the student types -------------------------------------------------------------

--- Runner:take(text: string) -> boolean
--- The first look at what was typed: true if it needs no evaluation.
function Runner:take(text)
  local step, kind = self:step(), self:kind()
  if not step or not kind.take then return false end
  self.typed = text
  local taken = kind.take(self, step, text) or false
  self.typed = nil
  Snapshot.done()
  return taken
end

--- Runner:commit(step)
--- Keeps the answer that was just typed, before anything else is shown: a run that is killed
--- after that comes back behind it.
function Runner:commit(step)
  if not self.typed then return end
  table.insert(self.journal, {step = self:signature(step), text = self.typed, answer = true})
  self.typed = nil
end

-- Keeps what is needed to come back here: inputs that had an effect.
function Runner:note_input(step, text)
  table.insert(self.journal, {step = self:signature(step), text = text})
  self.on_step(self)
end

--- Runner:before(text: string)
--- Before a command runs: keeps the world, so that a wrong answer can be undone.
function Runner:before()
  self.muted = false
  local step, kind = self:step(), self:kind()
  self.kept = nil
  if not step or not kind.judge then return end
  self.kept = self.world:snapshot()
  local check = step.check
  self.counts, self.stop_counting = calls.watch(check and check.calls, self.world,
    self.kept.tables)
end

local function attempt_of(run, outcome)
  local attempt = {n = outcome.n or 0, source = outcome.input, calls = run.counts or {},
    vars = run.world:names(), world = run.world, ok = outcome.ok, message = outcome.message}
  for i = 1, attempt.n do attempt[i] = outcome[i] end
  attempt.changed = run.kept and compare.freeze(run.kept:changed()) or {}
  attempt.value = compare.freeze(outcome[1])
  return attempt
end

--- Runner:after(outcome)
--- After a command has run: `outcome` is {ok, n, [1..n], input, message, interrupted}.
function Runner:after(outcome)
  local step, kind = self:step(), self:kind()
  if self.stop_counting then self.stop_counting() end
  self.stop_counting = nil
  if not step then return end
  self.record{event = "input", step = step.id, text = outcome.input,
    result = require("gradus.lesson.digest").of(outcome)}
  if not self.kept then
    if outcome.ok then self:note_input(step, outcome.input) end
    return
  end
  local kept = self.kept
  self.typed, self.pending = outcome.input, kept
  local verdict = kind.judge(self, step, attempt_of(self, outcome), outcome)
  self.pending = nil
  if verdict == "kept" and outcome.ok then self:note_input(step, outcome.input) end
  self.typed = nil
  if verdict == "wrong" then self.on_step(self) end
  if self.kept == kept then self.kept = nil end
  Snapshot.done()
end

--- Runner:feed(text: string)
--- Does what the prompt does with a line: a command, an answer, or code, run as a guest.
function Runner:feed(text)
  local name, rest = text:match("^%s*:(%a+)%s*(.-)%s*$")
  if name then return self:command(name, rest) end
  if self:take(text) then return end
  if not text:find("%S") then return end
  self:before(text)
  local outcome = self.world:evaluate(text, "input")
  self:show(outcome)
  self:after(outcome)
end

local LONGEST = 2e4

--- Runner:show(outcome)
--- Shows what a command gave.
function Runner:show(outcome)
  if not outcome.ok then return self:say{kind = "error", text = outcome.message} end
  if outcome.n == 0 or compile.is_silent(outcome.input or "") then return end
  local block = {kind = "result", n = outcome.n, table.unpack(outcome, 1, outcome.n)}
  for i = 1, block.n do
    if type(block[i]) == "string" and #block[i] > LONGEST then
      block[i] = block[i]:sub(1, LONGEST) .. " ..."
    end
  end
  self:say(block)
end

-- --- commands ---------------------------------------------------------------------------

local commands = {}

function commands.next(run) run:next() end
function commands.back(run) run:back() end
function commands.restart(run) run:restart() end

function commands.hint(run)
  local step = run:step()
  if not step or #step.hints == 0 then
    return run:say{kind = "note", text = "There is no hint for this step."}
  end
  local a = run:answer(step)
  if a.hints >= #step.hints then
    return run:say{kind = "note", text = "No more hints; `:solution` shows the answer."}
  end
  a.hints = a.hints + 1
  run:say{kind = "hint", text = step.hints[a.hints], n = a.hints, of = #step.hints}
  run.record{event = "hint", step = step.id, n = a.hints}
end

-- The step whose solution is asked for: this one or, after a success, the last one.
local function with_solution(run)
  for i = math.min(run.at, #run.steps), 1, -1 do
    local step = run.steps[i]
    if kinds[step.kind].solution then
      return (i == run.at or run:answer(step).right) and step or nil
    end
  end
end

function commands.solution(run)
  local step = with_solution(run)
  if not step then return run:say{kind = "note", text = "There is nothing to solve here."} end
  run:answer(step).shown = true
  run:say(kinds[step.kind].solution(run, step))
  if step.variant then run:say{kind = "code", source = step.variant, caption = "Another way:"} end
  run.record{event = "solution", step = step.id}
end

function commands.skip(run)
  local step, kind = run:step(), run:kind()
  if not step then return run:say{kind = "note", text = "The lesson is over."} end
  local a = run:answer(step)
  a.skipped = not a.right
  run.record{event = "skip", step = step.id}
  table.insert(run.journal, {step = run:signature(step), text = ":skip", answer = true})
  if kind.skip then kind.skip(run, step) end
  run:advance()
end

function commands.where(run)
  run:say{kind = "note", text = run:where()}
end

--- Runner:where() -> string
--- The place in the lesson in one line.
function Runner:where()
  local step = self:step()
  if not step then return ("%s: done"):format(self.lesson.title) end
  return ("%s: step %d of %d"):format(self.lesson.title, self:place())
end

Runner.commands = commands

--- Runner:command(name: string, rest: string)
--- One of next, back, hint, solution, skip, restart, where.
function Runner:command(name, rest)
  local f = commands[name] or error((":%s is no command of a lesson"):format(name), 0)
  f(self, rest)
end

--- Runner:score() -> {asked, right, first, skipped}
--- How many questions there were and how they went.
function Runner:score()
  local score = {asked = 0, right = 0, first = 0, skipped = 0}
  for _, step in ipairs(self.steps) do
    if kinds[step.kind].asks and step.kind ~= "predict" then
      local a = self.answers[step.id] or {}
      score.asked = score.asked + 1
      if a.right then score.right = score.right + 1 end
      if a.first then score.first = score.first + 1 end
      if a.skipped then score.skipped = score.skipped + 1 end
    end
  end
  return score
end

return Runner
