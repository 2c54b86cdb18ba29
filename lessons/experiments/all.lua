#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every experiment, and a page of all pictures:
--
--     gradus lessons/experiments/all.lua [FOLDER]
--
-- runs the scripts beside this one in two processes of one thread each and writes pictures, numbers
-- and FOLDER/index.html (FOLDER: experiments). It takes some minutes. `--only a,b` runs just these;
-- `--seeds 101,102,103` takes these seeds and not 1 to 5.

local here = arg[0]:match("^(.*)/") or "."

-- In the order of the page: a script, and about how many seconds it takes.
local scripts = {
  {"init_variance", 6}, {"scale_depth", 1}, {"constant_init", 1}, {"glorot", 1}, {"he", 30},
  {"lsuv", 15}, {"batchnorm", 20}, {"norms", 5}, {"order", 5}, {"depth_skip", 15}, {"dropout", 20},
  {"mc_dropout", 5}, {"regularise", 8}, {"augment", 15}, {"pretrain", 3}, {"importance", 2},
  {"ema", 1}, {"batch_size", 3}, {"rates", 2}, {"race", 40},
}

local folder, only, seeds, worker = "experiments", nil, nil, nil
do
  local i = 1
  while arg[i] do
    if arg[i] == "--only" then only, i = arg[i + 1], i + 1
    elseif arg[i] == "--seeds" then seeds, i = arg[i + 1], i + 1
    elseif arg[i] == "--worker" then worker, i = math.tointeger(tonumber(arg[i + 1])), i + 1
    else folder = arg[i] end
    i = i + 1
  end
end

local function wanted()
  if not only then return scripts end
  local list = {}
  for _, s in ipairs(scripts) do
    if ("," .. only .. ","):find("," .. s[1] .. ",", 1, true) then list[#list + 1] = s end
  end
  return list
end

-- The share of one of two workers: the longest first, each to the one with less to do.
local function share(k)
  local list, load, mine = {table.unpack(wanted())}, {0, 0}, {}
  for place, s in ipairs(list) do s.place = place end
  table.sort(list, function(a, b)
    if a[2] ~= b[2] then return a[2] > b[2] end
    return a.place < b.place
  end)
  for _, s in ipairs(list) do
    local to = load[1] <= load[2] and 1 or 2
    load[to] = load[to] + s[2]
    if to == k then mine[#mine + 1] = s[1] end
  end
  return mine
end

-- "101,102" as a list of integers.
local function numbers(text)
  local list = {}
  for word in text:gmatch("[^,]+") do
    list[#list + 1] = assert(math.tointeger(tonumber(word)),
      "--seeds takes whole numbers with commas between them, got " .. text)
  end
  return list
end

if worker then
  if seeds then lab.seeds(numbers(seeds)) end
  for _, name in ipairs(share(worker)) do
    local began = os.time()
    local run = assert(loadfile(here .. "/" .. name .. ".lua", "t"))
    local ok, why = pcall(run, folder, true)
    print(ok and ("%-14s %4d s"):format(name, os.time() - began) or ("%s FAILED: %s"):format(name,
      why))
    io.stdout:flush()
  end
  return
end

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- This program, this script, one thread.
local function command(k)
  local program = -1
  while arg[program - 1] do program = program - 1 end
  return table.concat({quoted(arg[program]), "--threads 1", quoted(arg[0]), quoted(folder),
    "--worker", k,
    only and "--only " .. quoted(only) or "", seeds and "--seeds " .. quoted(seeds) or "", "2>&1"}, " ")
end

local began, failed = os.time(), {}
os.execute("mkdir -p " .. quoted(folder))
local workers = {io.popen(command(1)), io.popen(command(2))}
for _, lines in ipairs(workers) do
  for line in lines:lines() do
    print(line)
    if not line:find("^%S+ +%d+ s$") then failed[#failed + 1] = line end
  end
  lines:close()
end

-- The page --------------------------------------------------------------------------------------

local function escape(text)
  return (text:gsub("[&<>\"]", {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;"}))
end

local function read(path)
  local file = io.open(path)
  if not file then return nil end
  local text = file:read("a")
  file:close()
  return text
end

-- The reports that a script writes: NAME, or NAME-PART several times.
local parts = {
  init_variance = {"tanh", "relu", "sigmoid", "gelu", "plain"},
  race = {"quadratic", "rosenbrock", "beale", "saddle", "valley", "own", "net"},
}

local function reports(script)
  if not parts[script] then return {script} end
  local list = {}
  for i, part in ipairs(parts[script]) do list[i] = script .. "-" .. part end
  return list
end

local rows, sections = {}, {}

-- A line of the table for each claim, and a section with words and pictures.
local function add(name, text)
  local title = text:match("^[^\n]*")
  for claim, rest in text:gmatch("\n  Claim: ([^\n]*)%.\n(.-Verdict: [^\n]*)") do
    local held, of, effect = rest:match("holds in (%d+) of (%d+) seeds, effect ([^\n]*)%.")
    rows[#rows + 1] = ('<tr><td><a href="#%s">%s</a><td>%s<td class="%s">%s of %s<td>%s'):format(name,
      name, escape(claim), held == of and "all" or held == "0" and "none" or "some", held, of,
      escape(effect))
  end
  local pictures = {}
  for figure in text:match("figures: ([^;]*);"):gmatch("[%w_]+") do
    pictures[#pictures + 1] = ('<a href="%s-%s.png"><img src="%s-%s.png" alt="%s: %s"></a>'):format(name,
      figure, name, figure, escape(title), figure)
  end
  if name == "race-rosenbrock" then
    pictures[#pictures + 1] = '<img src="race-rosenbrock.gif" alt="the paths, moving">'
  end
  local words = text:gsub("^[^\n]*\n", ""):gsub("\n  figures:.*$", "")
  sections[#sections + 1] = ('<h2 id="%s">%s</h2>\n<pre>%s</pre>\n%s\n<p><a href="%s.csv">the numbers</a>'):format(
    name, escape(title), escape(words), table.concat(pictures, "\n"), name)
end

for _, script in ipairs(wanted()) do
  for _, name in ipairs(reports(script[1])) do
    local text = read(folder .. "/" .. name .. ".txt")
    if text then add(name, text) else failed[#failed + 1] = name .. " wrote no report" end
  end
end

local page = assert(io.open(folder .. "/index.html", "w"))
page:write([[<!doctype html><html lang="en"><meta charset="utf-8"><title>Experiments</title>
<style>body{max-width:75em;margin:auto;padding:1em;font-family:sans-serif}img{max-width:100%}
pre{white-space:pre-wrap;background:#f4f4f4;padding:1em}td{padding:.2em .8em;vertical-align:top}
td:nth-child(1),td:nth-child(3){white-space:nowrap}th{text-align:left;padding:.2em .8em}
.all{background:#cfe8cf}.some{background:#f6e7b8}.none{background:#f3c9c0}</style>
<h1>Experiments</h1>
<p>Each claim, in how many of its seeds it holds, and by how much: the mean over the seeds and their standard deviation.
Recipes and thresholds stand in the experiments' files and were fixed before the first run; where one was changed after it, the
file says what and why.
<table><tr><th>experiment<th>claim<th>holds in<th>effect
]], table.concat(rows, "\n"), "\n</table>\n", table.concat(sections, "\n"), "\n")
page:close()
print(("%d claims, %d reports in %d s: %s/index.html"):format(#rows, #sections, os.time() - began,
  folder))
for _, why in ipairs(failed) do print("failed: " .. why) end
if #failed > 0 then os.exit(1) end
