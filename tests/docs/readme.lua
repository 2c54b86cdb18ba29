-- SPDX-License-Identifier: GPL-3.0-or-later
-- Types the Lua of README.md at a prompt, in order, and looks at what it promises.
--     gradus tests/docs/readme.lua README.md

local Session = require("gradus.repl.session")

local function blocks(path)
  local file <close> = assert(io.open(path))
  local list = {}
  for block in file:read("a"):gmatch("\n```lua\n(.-)\n```") do list[#list + 1] = block end
  return list
end

-- The inputs of a block: lines, joined until they are complete.
local function inputs(block)
  local compile, list, text = require("gradus.repl.compile"), {}, nil
  for line in block:gmatch("[^\n]+") do
    text = text and text .. "\n" .. line or line
    local _, failure = compile.load(text, "=readme")
    if not (failure and failure.unfinished) then
      list[#list + 1], text = text, nil
    end
  end
  assert(not text, "README.md: a block ends inside a statement")
  return list
end

local session = Session.new{write = function() end}

local function type_in(text)
  local outcome = session:process(text)
  assert(outcome.ok, ("README.md: %s\n%s"):format(text, outcome.message))
  return outcome[1]
end

local shares = {}
local list = blocks(arg[1])
for i, block in ipairs(list) do
  if block:find("^local ") then -- a script, whose locals live to its end
    type_in(block)
  else
    for _, text in ipairs(inputs(block)) do
      local value = type_in(text)
      if text:find("the share", 1, true) or text:find("more than", 1, true) then
        shares[#shares + 1] = value
      end
    end
  end
  print(("block %d of %d runs"):format(i, #list))
end
assert(#list >= 5, "README.md: fewer blocks of Lua than expected")
assert(#shares == 2 and shares[1] < 0.8, "before training about a half is right")
assert(shares[2] > 0.9, "after training more than 0.9 is right")
for _, name in ipairs{"boundary.png", "sweep.png"} do
  local file <close> = assert(io.open(name, "rb"))
  assert(file:read(4) == "\x89PNG", name)
end
