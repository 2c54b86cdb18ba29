-- SPDX-License-Identifier: GPL-3.0-or-later
-- The scripts of lessons/experiments: one for each experiment, all of them with a page.
local folder = arg[0]:match("^(.*)/tests/") .. "/lessons/experiments/"
local file <close> = assert(io.open(folder .. "all.lua"))
local all = file:read("a")
local docs, experiments = require("gradus.help.docs"), 0
for _, name in ipairs(lab._names()) do
  if docs.find("lab." .. name).signature:find("-> result", 1, true) then
    local script = io.open(folder .. name .. ".lua")
    if not (script and all:find('{"' .. name .. '"', 1, true)) then print("no script for " .. name) end
    experiments = experiments + 1
  end
end
print(experiments >= 20) -- expect: true

local run = io.popen(("'%s' '%sall.lua' out --only ema,scale_depth 2>&1"):format(arg[-1], folder))
local said = run:read("a")
print(run:close(), said:match("5 claims, 2 reports in %d+ s: out/index.html") ~= nil) -- expect: true	true
local page <close> = assert(io.open("out/index.html"))
local text = page:read("a")
print(select(2, text:gsub('<td class="all">5 of 5<td>', ""))) -- expect: 5
for name in text:gmatch('src="([^"]+)"') do
  local picture <close> = assert(io.open("out/" .. name, "rb"))
  print(name, picture:read(8) == "\137PNG\r\n\26\n")
end
-- expect: scale_depth-depth.png	true
-- expect: ema-series.png	true
-- expect: ema-start.png	true
-- The numbers: a row a day and seed, below their names.
local numbers <close> = assert(io.open("out/ema.csv"))
print(numbers:read("l")) -- expect: seed,day,temperature,ema_0.5,ema_0.9,ema_0.98
print(select(2, numbers:read("a"):gsub("\n", ""))) -- expect: 3650
-- One by itself prints what it found.
local one = io.popen(("'%s' '%sscale_depth.lua' out 2>&1"):format(arg[-1], folder))
print(one:read("a"):match("Verdict: holds in 5 of 5 seeds") ~= nil, (one:close())) -- expect: true	true
-- What fails is said, and the exit code tells.
local bad = io.popen(("'%s' '%sall.lua' /dev/null/x --only ema 2>&1"):format(arg[-1], folder))
print(bad:read("a"):match("FAILED") ~= nil, (bad:close())) -- expect: true	nil
