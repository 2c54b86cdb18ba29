-- SPDX-License-Identifier: GPL-3.0-or-later
-- Optimisers on surfaces of two numbers.

local core = require("gradus.core")
local options = require("gradus.options")
local pictures = require("gradus.lab.race_pictures")
local result = require("gradus.lab.result")
local surfaces = require("gradus.lab.surfaces")
local tensor = require("gradus.tensor")

local M = {}

local WHO = "lab.race"
local FAR = 1e6 -- further from the origin a run has diverged

local function find_surface(o)
  if type(o.surface) == "function" then
    return {formula = "f(x, y)", start = {-2, 2}, rates = {0.001, 0.01, 0.1}, f = o.surface,
      xrange = {-3, 3}, yrange = {-3, 3}}
  end
  local found = surfaces[o.surface]
  if found then return found end
  local names = options.keys(surfaces)
  local near = options.nearest(tostring(o.surface), names)
  error(("%s: no surface '%s'.%s Known: %s, or a function of x and y"):format(WHO,
    tostring(o.surface), near and (" Did you mean '%s'?"):format(near) or "",
    table.concat(names, ", ")), 3)
end

-- "Adam", or {"momentum", "SGD", {momentum = 0.9}}.
local function entry_of(entry)
  if type(entry) == "string" then entry = {entry, entry, {}} end
  local optim = require("gradus.optim")
  local class = type(entry[2]) == "string" and optim[entry[2]] or entry[2]
  if not class then
    error(("%s: optim has no '%s'"):format(WHO, tostring(entry[2])), 3)
  end
  return {name = entry[1], class = class, given = entry[3] or {}}
end

-- Central differences, for functions that tensors cannot go through (math.sin and the like).
local function differences(f, x, y)
  local h = 1e-5
  return (f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h)
end

local function by_autograd(f, x, y)
  local tx = tensor({x}, {dtype = "float64", requires_grad = true})
  local ty = tensor({y}, {dtype = "float64", requires_grad = true})
  local z = f(tx, ty)
  if not core.is_tensor(z) then error("no tensor", 0) end
  z:sum():backward()
  return tx.grad and tx.grad:item() or 0, ty.grad and ty.grad:item() or 0
end

-- The slope of f at (x, y), by autograd where it can be had.
local function slope_of(f, start)
  local through = pcall(by_autograd, f, start[1], start[2])
  return through and by_autograd or differences
end

local function inside(surface, x, y)
  if surface.bounded ~= false then return x * x + y * y < FAR * FAR end
  local xr, yr = surface.xrange, surface.yrange
  return x >= xr[1] and x <= xr[2] and y >= yr[1] and y <= yr[2]
end

-- One run: the points it visits. The slope reaches the optimiser as the gradient of slope . p.
local function run(entry, rate, o, surface, seed)
  core.seed(seed)
  local p = tensor({o.start[1], o.start[2]}, {dtype = "float64", requires_grad = true})
  local given = {lr = rate}
  for k, v in pairs(entry.given) do given[k] = v end
  local opt = entry.class({p}, given)
  local slope = slope_of(surface.f, o.start)
  local x, y = o.start[1], o.start[2]
  local seen = {xs = {x}, ys = {y}, loss = {surface.f(x, y)}, rate = rate, entry = entry}
  for step = 1, o.steps do
    local gx, gy = slope(surface.f, x, y)
    local g = tensor({gx, gy}, {dtype = "float64"})
    if o.noise > 0 then g = g + tensor.randn({2}, {dtype = "float64"}) * o.noise end
    opt:zero_grad()
    ;(p * g):sum():backward()
    opt:step()
    local at = p:totable()
    x, y = at[1], at[2]
    if not inside(surface, x, y) then
      seen.left = step
      break
    end
    seen.xs[step + 1], seen.ys[step + 1], seen.loss[step + 1] = x, y, surface.f(x, y)
  end
  return seen
end

local function add_rows(rows, seen, seed)
  for i = 1, #seen.xs do
    rows[#rows + 1] = {optimiser = seen.entry.name, rate = seen.rate, seed = seed, step = i - 1,
      x = seen.xs[i], y = seen.ys[i], loss = seen.loss[i]}
  end
end

-- The mean height over the seeds at the end; infinity if one has left.
local function final(cell)
  local sum = 0
  for _, seen in ipairs(cell.runs) do
    sum = sum + (seen.left and math.huge or seen.loss[#seen.loss])
  end
  return sum / #cell.runs
end

local function note(cells, name, o, surface)
  local best, left = nil, {}
  for _, cell in ipairs(cells) do
    if cell.entry.name == name then
      local at_end = final(cell)
      if at_end == math.huge then
        left[#left + 1] = ("%g (step %d)"):format(cell.rate, cell.runs[1].left or o.steps)
      elseif not best or at_end < final(best) then
        best = cell
      end
    end
  end
  if surface.bounded == false then
    return ("%s: %s"):format(name, #left == 0 and ("still on the saddle after %d steps."):format(
      o.steps) or ("leaves the saddle at rate %s."):format(table.concat(left, ", ")))
  end
  local text = name .. ": "
  if best then
    local seen = best.runs[1]
    text = text .. ("best at rate %g: height %.3g at (%.3g, %.3g) after %d steps."):format(best.rate,
      final(best), seen.xs[#seen.xs], seen.ys[#seen.ys], o.steps)
  end
  if #left == 0 then return text end
  return text .. (" Diverges at rate %s."):format(table.concat(left, ", "))
end

--- lab.race{surface: string|function = "quadratic", optimisers: {...}, rates: {number, ...}, start: {number, number}, steps: integer = 100, noise: number, seeds: integer} -> result
--- Optimisers against each other on a surface: "quadratic" (10 x^2 + 100 y^2), "rosenbrock" (b = 10),
--- "beale", "saddle", "valley" (noisy gradients), or any function of two numbers.
---
--- Every optimiser runs at every rate from the same start. optimisers are names of optim or
--- {name, class, options}; if not given SGD, momentum 0.9, RMSprop and Adam. rates and start if
--- not given belong to the surface (for the first two the lecture's rates). noise is the std of what is
--- added to each slope. rows: optimiser, rate, seed, step, x, y, loss; figures: paths and loss, a
--- panel a rate; result:animate(path) makes a gif.
--- A function through which tensors can go is differentiated by autograd, others by differences.
--- > r = lab.race{surface = "quadratic", optimisers = {"SGD"}, rates = {0.005, 0.011}, steps = 200}
--- > r.runs[1].runs[1].left, r.rows[2].y
--- nil	0.0
--- > math.abs(r.runs[2].runs[1].ys[11]) > 2
--- true
function M.race(given)
  local o = options.read(WHO, given, {surface = "quadratic", steps = 100, progress = true,
    optimisers = {"SGD", {"momentum", "SGD", {momentum = 0.9}}, "RMSprop", "Adam"}},
    {"rates", "start", "noise", "seeds", "xrange", "yrange"})
  local surface = find_surface(o)
  o.rates, o.start = o.rates or surface.rates, o.start or surface.start
  o.noise = o.noise or surface.noise or 0
  local seeds = result.seeds(WHO, o.seeds or (o.noise > 0 and 5 or 1))
  local cells, rows, notes, entries = {}, {}, {}, {}
  for i, entry in ipairs(o.optimisers) do entries[i] = entry_of(entry) end
  local bar = result.progress(o.progress)
  for _, rate in ipairs(o.rates) do
    for _, entry in ipairs(entries) do
      local cell = {entry = entry, rate = rate, runs = {}}
      for k, seed in ipairs(seeds) do
        cell.runs[k] = run(entry, rate, o, surface, seed)
        add_rows(rows, cell.runs[k], seed)
      end
      cells[#cells + 1] = cell
      bar(#cells, #o.rates * #entries)
    end
  end
  for i, entry in ipairs(entries) do notes[i] = note(cells, entry.name, o, surface) end
  notes[#notes + 1] = "Look at: where each path bends, and which one still moves at the end."
  return result.new {name = ("A race on %s from (%g, %g)"):format(surface.formula, o.start[1],
    o.start[2]), rows = rows, notes = notes, runs = cells,
    columns = {"optimiser", "rate", "seed", "step", "x", "y", "loss"},
    figures = pictures.make(cells, o, surface), animate = pictures.animator(cells, o, surface)}
end

return M
