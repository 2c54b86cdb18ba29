-- SPDX-License-Identifier: GPL-3.0-or-later
-- What is saved is loaded again, and errors name the file.
local core = require("gradus.core")
data.save_npy("a.npy", tensor{{1, 2, 3}, {4, 5, 6}}:t())
print(data.npy("a.npy"):t()) -- expect: tensor{{1, 2, 3},
-- expect:        {4, 5, 6}}  -- float32 (2, 3)
data.save_npy("e.npy", tensor.zeros(0, 3, {dtype = "float64"}))
print(data.npy("e.npy")) -- expect: tensor{}  -- float64 (0, 3)
data.save_npy("n.npy", tensor(4))
print(data.npy("n.npy")) -- expect: tensor(4)  -- float32 ()

local list = {{"z", tensor{1, 2}}, {"é \"q\"", tensor({3}, {dtype = "float64"})}, {"a", tensor(5)}}
data.save_safetensors("a.st", list, {format = "pt", text = "line\nline"})
local t, about = data.safetensors("a.st")
print(table.concat(t, " "), about.format, #about.text) -- expect: z é "q" a	pt	9
print(t.z, t["é \"q\""], t.a)
-- expect: tensor{1, 2}  -- float32 (2)	tensor{3}  -- float64 (1)	tensor(5)  -- float32 ()

local function failing(f, ...) print((select(2, pcall(f, ...)))) end
failing(data.npy, "none.npy") -- expect: cannot open 'none.npy': No such file or directory
failing(data.npy, ".") -- expect: cannot read '.': it is a folder, not a file
failing(data.save_npy, "none/x.npy", tensor{1})
-- expect: cannot save 'none/x.npy': no file can be made in the folder 'none': No such file or directory
failing(data.save_npy, "/dev/full", tensor{1}) -- expect: cannot save '/dev/full': No space left on device
failing(core.safetensors.save, "b.st", {{name = "x", tensor = tensor{1}}, {name = "x", tensor = tensor{1}}})
-- expect: safetensors.save: the name 'x' comes twice
failing(core.safetensors.load, "a.npy")
-- expect: a.npy: at byte 0: a header of 379676406402707 bytes; the file has 144 more, and 100000000 is the most. Hint: is this a safetensors file?
print(io.open("b.st")) -- expect: nil	b.st: No such file or directory	2
