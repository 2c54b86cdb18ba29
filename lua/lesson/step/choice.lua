-- SPDX-License-Identifier: GPL-3.0-or-later
-- choice "Which?" { {"this", "why"}, {"that", "why", right = true} }: one or several of a list.

local random = require("gradus.lesson.random")
local words = require("gradus.lesson.words")

local M = {asks = true, stops = true}

--- step.choice.order(run, step) -> {choice, ...}
--- The choices in the order in which this run shows them.
function M.order(run, step)
  if step.shuffle == false then return step.choices end
  return random.new(run.seed, "choice " .. step.id).shuffle(step.choices)
end

function M.present(run, step)
  run:say{kind = "question", text = step.body, choices = M.order(run, step),
    how = step.several and "Type the numbers of all that are right, like 1, 3."
      or "Type a number."}
  return true
end

-- An answer's text as it is compared: without its marks, capitals, the dot at its end and the
-- blanks that are a matter of taste, as in (32,3).
local function plain(text)
  text = text:lower():gsub("[`*]", ""):gsub("%s+", " "):gsub(" ?([,;:()=+]) ?", "%1")
  return (text:match("^%s*(.-)[%s.]*$"))
end

local function by_text(order, text)
  local wanted = plain(text)
  for i, c in ipairs(order) do
    if plain(c.text) == wanted then return {[i] = true}, {i} end
  end
end

local FILLERS = {}
for word in ("a an and are be because been by has have i in is it its maybe of that the there "
    .. "think to was were"):gmatch("%a+") do
  FILLERS[word] = true
end

local function stem(word)
  local cut = #word > 4 and (word:match("^(.-)ing$") or word:match("^(.-)ed$") or word:match("^(.-)s$"))
  return cut and #cut > 2 and cut or word
end

local function stems(text)
  local set = {}
  for word in plain(text):gsub("n't%f[%W]", " not"):gmatch("[%w_]+") do
    if not FILLERS[word] then set[stem(word)] = true end
  end
  return set
end

-- "rate too high" names "The learning rate is far too high": the one choice that has all the words.
local function by_words(order, text)
  local wanted, found = stems(text), nil
  if not next(wanted) then return nil end
  for i, c in ipairs(order) do
    local has, all = stems(c.text), true
    for word in next, wanted do all = all and has[word] end
    if all and found then return nil end
    found = all and i or found
  end
  return found
end

-- "1, 3", "3 1", "(1) and 3": the numbers, or nil if there is anything else.
local function numbers_in(text)
  local rest = text:lower():gsub("and", " "):gsub("[,;&()]", " ")
  if not rest:find("^[%s%d]*%d[%s%d]*$") then return nil end
  local list = {}
  for digits in rest:gmatch("%d+") do list[#list + 1] = math.tointeger(tonumber(digits)) end
  return list
end

-- The chosen set and list, or nil if the text is no choice; third, what is wrong with it.
local function chosen(run, step, text)
  local order = M.order(run, step)
  local numbers = numbers_in(text)
  if not numbers then return by_text(order, text) end
  local set, list = {}, {}
  if #numbers > 1 or not order[numbers[1]] then -- "(3, 4)" may be an answer's text
    local other, others = by_text(order, text)
    if other then return other, others end
  end
  for _, i in ipairs(numbers) do
    if not order[i] then return nil, nil, ("There is no answer %d."):format(i) end
    if not set[i] then list[#list + 1] = i end
    set[i] = true
  end
  return set, list
end

-- The first thing that is wrong with a set of choices.
local function fault(order, set)
  for i, c in ipairs(order) do
    if set[i] and not c.right then return c.say or "That is not it.", c end
  end
  for i, c in ipairs(order) do
    if c.right and not set[i] then return "Right so far, but not all.", nil end
  end
end

-- What is said to the right answers: to several, with their numbers, a line each.
local function praise(order, list)
  local parts = {}
  for _, i in ipairs(list) do
    local say = order[i].say
    parts[#parts + 1] = say and #list > 1 and ("%d) %s"):format(i, say) or say
  end
  return table.concat(parts, "\n")
end

function M.take(run, step, text)
  local set, list, complaint = chosen(run, step, text)
  if complaint then
    run:say{kind = "note", text = complaint}
    return true
  end
  local is_prose = not set and words.is_prose(text, run.world)
  local named = not set and not step.several and (is_prose or words.is_no_code(text))
    and by_words(M.order(run, step), text)
  if named then
    run:say{kind = "note", text = ("%d) %s"):format(named, M.order(run, step)[named].text)}
    set, list = {[named] = true}, {named}
  end
  if not set and is_prose then
    run:say{kind = "note", text = ("Type the number of an answer, 1 to %d%s."):format(
      #step.choices, step.several and ", or several numbers" or "")}
    return true
  end
  if not set then return false end
  local order = M.order(run, step)
  run.record{event = "input", step = step.id, text = text}
  local why, wrong = fault(order, set)
  run:answer(step).choice = order[list[1]].text
  if why then
    run:refuse(step, why, wrong and wrong.say and {say = wrong.say})
  else
    run:say{kind = "explain", text = praise(order, list)}
    run:accept(step, #list == 1 and order[list[1]].text or list)
  end
  return true
end

function M.solution(run, step)
  local parts = {}
  for i, c in ipairs(M.order(run, step)) do
    if c.right then parts[#parts + 1] = ("%d) %s  %s"):format(i, c.text, c.say or "") end
  end
  return {kind = "answer", text = table.concat(parts, "\n")}
end

function M.skip(run, step)
  run:say(M.solution(run, step))
end

function M.right(run, step)
  local parts = {}
  for i, c in ipairs(M.order(run, step)) do
    if c.right then parts[#parts + 1] = tostring(i) end
  end
  return table.concat(parts, ", ")
end

return M
