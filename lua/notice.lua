-- SPDX-License-Identifier: GPL-3.0-or-later
-- Remarks that teach: said once each, never fatal, each can be silenced.

local M = {}

--- notice.topics: {string = string}
--- What the library may remark on, by topic.
M.topics = {
  train_mode = "predicting while dropout or batch norm is in training mode",
  softmax = "a softmax or sigmoid before a loss that has its own",
  zero_grad = "a step without zero_grad since the last one",
  forgotten = "parameters with a gradient that no optimiser has",
  labels = "labels that a loss cannot mean",
  nan = "a loss that is not a number, and where that began",
  undefined = "metrics that are 0 / 0 for the data at hand",
  plain_table = "layers in a plain table, where they are not found",
}

local said, silent, hushed = {}, {}, 0

-- Replaced by tests, and by a prompt that wants remarks elsewhere.
function M.write(text)
  io.stderr:write(text, "\n")
end

-- Where a long call says line by line how far it is; a lesson replaces it while its code runs.
function M.tell(text) print(text) end

--- notice.hush(fn: function, ...) -> ...
--- Calls fn; nothing is remarked meanwhile, and nothing counts as said.
function M.hush(fn, ...)
  hushed = hushed + 1
  local done <close> = setmetatable({}, {__close = function() hushed = hushed - 1 end}) -- luacheck: ignore 211
  return fn(...)
end

--- notice.say(topic: string, text: string, key?: any) -> boolean
--- Says something once: a topic once, or once for each key.
function M.say(topic, text, key)
  local once = key or topic
  local seen = said[topic]
  if hushed > 0 or silent[topic] or silent.all or (seen and seen[once]) then return false end
  said[topic] = seen or setmetatable({}, {__mode = "k"})
  said[topic][once] = true
  M.write(("note: %s (nn.quiet(\"%s\") silences this)"):format(text, topic))
  return true
end

--- notice.is_open(topic: string, key?: any) -> boolean
--- Whether `say` would still say something; asked before a costly check.
function M.is_open(topic, key)
  local seen = said[topic]
  return not (hushed > 0 or silent[topic] or silent.all or (seen and seen[key or topic]))
end

--- nn.quiet(topic: string = "all", on: boolean = true)
--- Silences the remarks on a topic: train_mode, softmax, zero_grad, forgotten, labels, nan,
--- undefined, plain_table, or all of them; `false` lets them speak again, also those already said.
--- > nn.quiet("softmax")
--- > nn.quiet("softmax", false)
function M.quiet(topic, on)
  topic = topic or "all"
  if topic ~= "all" and not M.topics[topic] then
    local options = require("gradus.options")
    local names = options.keys(M.topics)
    local near = options.nearest(tostring(topic), names)
    error(("nn.quiet: no topic '%s'.%s Topics: %s, all"):format(tostring(topic),
      near and (" Did you mean '%s'?"):format(near) or "", table.concat(names, ", ")), 2)
  end
  silent[topic] = on ~= false or nil
  if on == false then
    for name in pairs(M.topics) do
      if topic == "all" or topic == name then said[name], silent[name] = nil, nil end
    end
  end
end

--- notice.silenced() -> function
--- Remembers what is silenced; the function that comes back puts that back.
--- > back = require("gradus.notice").silenced()
--- > nn.quiet("nan"); back()
--- > require("gradus.notice").is_open("nan")
--- true
function M.silenced()
  local before = {}
  for topic, on in pairs(silent) do before[topic] = on end
  return function() silent = before end
end

return M
