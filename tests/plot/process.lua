-- SPDX-License-Identifier: GPL-3.0-or-later
-- The gnuplot process: errors come back, death and silence are survived, nothing is left over.

local gnuplot = require "gradus.gnuplot"

local function seconds(f, ...)
  local begin = gnuplot.clock()
  f(...)
  return gnuplot.clock() - begin
end

local function say(...)
  local ok, why = pcall(...)
  print(ok, (tostring(why):gsub("\n.*", "")))
end

print(gnuplot.pid())
-- expect: nil
print((gnuplot.run("print 1 + 2"):gsub("\n", "")))
-- expect: 3
local first = gnuplot.pid()

-- gnuplot's own words come back as an error, and it lives on.
say(gnuplot.run, "plot [0:1] nofunction(x)")
-- expect: false	gnuplot: undefined function: nofunction
say(gnuplot.run, "set titel 'x'")
-- expect: false	gnuplot: unrecognized option - see 'help set'.
say(gnuplot.run, "plot '/does/not/exist'")
-- expect: false	gnuplot: No data in plot
print(gnuplot.pid() == first, #gnuplot.run("x = 1"))
-- expect: true	0

-- Notices alone are no error.
print(pcall(gnuplot.run, "set terminal dumb\nset output 'dumb.txt'\nplot sin(x)\nset output"))
-- expect: true

-- No answer in time: the process is ended, the next text starts a new one.
local slow = seconds(say, gnuplot.run, "pause 600", 0.3)
-- expect: false	gnuplot did not answer within 0.3 seconds and was ended. It is started again for the next picture
print(slow < 300, gnuplot.pid())
-- expect: true	nil
print(#gnuplot.run("x = 1"), gnuplot.pid() ~= first)
-- expect: 0	true

-- An unfinished datablock swallows the end mark: it is not waited for longer than asked.
say(gnuplot.run, "$d << EOD\n1 2", 0.3)
-- expect: false	gnuplot did not answer within 0.3 seconds and was ended. It is started again for the next picture

-- It ends by itself, or is killed from outside.
say(gnuplot.run, "exit")
-- expect: false	gnuplot ended unexpectedly. It is started again for the next picture
gnuplot.run("x = 1")
local killed = gnuplot.pid()
os.execute("kill -9 " .. killed)
local function state()
  local file = io.open("/proc/" .. killed .. "/stat")
  local text = file and file:read("a") or ") Z"
  if file then file:close() end
  return text:match("%) (%a)")
end
while state() ~= "Z" do gnuplot.sleep(0.01) end
print(pcall(gnuplot.run, "x = 1"))
-- expect: true
os.execute("kill -STOP " .. gnuplot.pid())
say(gnuplot.run, "x = 1", 0.3)
-- expect: false	gnuplot did not answer within 0.3 seconds and was ended. It is started again for the next picture

-- A megabyte of text in one go, past every pipe's size; and thousands of messages back.
local rows = {}
for i = 1, 100000 do rows[i] = i .. " " .. i % 7 end
print(#gnuplot.run("$d << EOD\n" .. table.concat(rows, "\n") .. "\nEOD\nstats $d using 2 nooutput", 300))
-- expect: 0
print(#gnuplot.run("do for [i=1:20000] { print 'a message that fills the pipe' }", 300) > 1000)
-- expect: true

-- A missing program is one sentence, and the same session goes on when there is one.
gnuplot.program("no-such-gnuplot")
say(gnuplot.run, "x = 1")
-- expect: false	no-such-gnuplot does not start: No such file or directory
gnuplot.program("/dev/null")
say(gnuplot.run, "x = 1")
-- expect: false	/dev/null does not start: Permission denied
gnuplot.program("true") -- starts, ends at once
say(gnuplot.run, "x = 1")
-- expect: false	gnuplot ended unexpectedly. It is started again for the next picture
local silent = io.open("silent.sh", "w")
silent:write("#!/bin/sh\nexec sleep 600\n")
silent:close()
os.execute("chmod +x silent.sh")
gnuplot.program("./silent.sh") -- takes everything and never answers
say(gnuplot.run, "x = 1", 0.2)
-- expect: false	gnuplot did not answer within 0.2 seconds and was ended. It is started again for the next picture
gnuplot.program()
print(pcall(gnuplot.run, "x = 1"))
-- expect: true

-- Start-up files and GNUTERM are not read.
local file = io.open(os.getenv("HOME") .. "/.gnuplot", "w")
file:write("!touch marker\n")
file:close()
gnuplot.close()
print((gnuplot.run("print GPVAL_TERM"):gsub("\n", "")), io.open("marker") == nil)
-- expect: unknown	true

-- A hundred figures: one process, no zombie, no open file left.
local function count(command)
  local pipe = io.popen(command)
  local n = tonumber(pipe:read("a"))
  pipe:close()
  return n
end
local pid = gnuplot.pid()
local me = count("echo $PPID")
local function open_files() return #require("gradus.terminal").list("/proc/self/fd") end
local files = open_files()
local fig = plot.curve({1, 4, 9})
for i = 1, 100 do fig:save("f" .. i % 3 .. (i % 2 == 0 and ".svg" or ".png")) end
print(gnuplot.pid() == pid, open_files() - files)
-- expect: true	0
for _ = 1, 20 do
  gnuplot.run("x = 1")
  gnuplot.close()
end
print(count("grep -l 'PPid:.*\\b" .. me .. "$' /proc/[0-9]*/status 2>/dev/null | xargs grep -l 'State:.*Z' | wc -l"),
  open_files() - files)
-- expect: 0	-2

-- The private folder goes with the process that owns it.
local folder = gnuplot.folder()
print(count("stat -c %a '" .. folder .. "'"))
-- expect: 700
gnuplot.close()
print(count("ls -d '" .. folder .. "' 2>/dev/null | wc -l"))
-- expect: 0

-- A zero byte is refused.
say(gnuplot.run, "a\0b")
-- expect: false	gnuplot: the text has a zero byte in it

-- Posted text is not waited for; `busy` tells when it is done.
gnuplot.post("x = system('while [ ! -e go-on ]; do sleep 0.02; done')\nprint 'done'")
local busy = gnuplot.busy()
io.open("go-on", "w"):close()
while gnuplot.busy() do gnuplot.sleep(0.01) end
print(busy, (gnuplot.reply():gsub("\n", "")))
-- expect: true	done

-- A script that leaves by os.exit leaves no folder behind either.
local program = io.open("/proc/self/cmdline"):read("a"):match("^[^\0]+")
print(os.execute("TMPDIR=$PWD '" .. program ..
  "' -e 'plot.curve({1, 2}):save([[y.svg]]) os.exit(0)' && ls -d gradus-* 2>/dev/null | grep -v test"))
-- expect: nil	exit	1

-- What gnuplot uses of the processor is known; where there is none, nothing.
gnuplot.close()
print(gnuplot.seconds())                             -- expect: 0.0
gnuplot.run("x = 1")
local before = gnuplot.seconds()
gnuplot.run("do for [i=1:100000] { x = sin(x) }", 60)
print(before >= 0, gnuplot.seconds() > before + 0.01)  -- expect: true	true
