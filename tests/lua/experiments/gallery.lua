-- SPDX-License-Identifier: GPL-3.0-or-later
-- The page of all pictures, in full.
local root = arg[0]:match("^(.*)/tests/")
local run = assert(loadfile(root .. "/lessons/gallery.lua", "t"))
local print_ = print
print = function() end -- luacheck: ignore
run("gallery")
print = print_ -- luacheck: ignore
for _, name in ipairs{"gallery/index.html", "gallery/activations.png", "gallery/depth.png"} do
  local file <close> = assert(io.open(name, "rb"))
  print(name, #file:read("a") > 1000)
end
-- expect: gallery/index.html	true
-- expect: gallery/activations.png	true
-- expect: gallery/depth.png	true
