-- SPDX-License-Identifier: GPL-3.0-or-later
-- Optimisers on surfaces of two numbers (and, race_net.lua, on a small net).
--
-- Recipe, fixed before claims were added: the start, rates and noise of surfaces.lua, 100 steps
-- (0.0001 and 0.0005 on the bowl, 0.0005 and 0.05 on Rosenbrock, also the lecture's, came after the
-- first run). For each optimiser beside plain descent: a seed counts if, each at its best rate (the
-- lowest mean height over the seeds), it ends lower than plain descent; on the saddle, if at the
-- highest rate it leaves sooner.

local core = require("gradus.core")
local experiment = require("gradus.lab.experiment")
local options = require("gradus.options")
local pictures = require("gradus.lab.race_pictures")
local surfaces = require("gradus.lab.surfaces")
local tensor = require("gradus.tensor")

local M = {}

local WHO = "lab.race"
local FAR = 1e6 -- further from the origin a run has diverged

local function scalar(x, grad)
  return tensor({x}, {dtype = "float64", requires_grad = grad})
end

-- A function of one's own as one from numbers to a number, even if it knows only tensors.
local function heights(f, x, y)
  local of_numbers = pcall(f, x, y) or not pcall(f, scalar(x), scalar(y))
  return function(a, b)
    local z
    if of_numbers then z = f(a, b) else z = f(scalar(a), scalar(b)) end
    if core.is_tensor(z) and z:numel() == 1 then z = z:item() end
    if type(z) ~= "number" then
      error(("%s: the surface should give a number for x = %g, y = %g; got %s"):format(WHO, a, b,
        core.is_tensor(z) and "a tensor" or type(z)), 0)
    end
    return z
  end
end

local function find_surface(o)
  if type(o.surface) == "function" then
    local start = o.start or {-2, 2}
    return {formula = "f(x, y)", start = start, rates = {0.001, 0.01, 0.1}, through = o.surface,
      f = heights(o.surface, start[1], start[2]), xrange = {-3, 3}, yrange = {-3, 3}}
  end
  local found = surfaces[o.surface]
  if found then return found end
  local names = options.keys(surfaces)
  names[#names + 1] = "net"
  local near = options.nearest(tostring(o.surface), names)
  error(("%s: no surface '%s'.%s Known: %s, or a function of x and y"):format(WHO,
    tostring(o.surface), near and (" Did you mean '%s'?"):format(near) or "",
    table.concat(names, ", ")), 3)
end

-- "Adam", or {"momentum", "SGD", {momentum = 0.9}}.
local function entry_of(entry)
  if type(entry) == "string" then entry = {entry, entry, {}} end
  if type(entry) ~= "table" then
    error(("%s: an optimiser is a name or {name, class, {options}}; got %s"):format(WHO, tostring(entry)), 0)
  end
  local optim = require("gradus.optim")
  local class = type(entry[2]) == "string" and optim._find(entry[2]) or entry[2]
  if type(class) ~= "table" then
    local near = options.nearest(tostring(entry[2]), optim._names())
    error(("%s: optim has no '%s'%s"):format(WHO, tostring(entry[2]),
      near and ("; did you mean '%s'?"):format(near) or ""), 3)
  end
  return {name = entry[1], class = class, given = entry[3] or {}}
end

-- Central differences, for functions that tensors cannot go through (math.sin and the like).
local function differences(f, x, y)
  local h = 1e-5
  return (f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h)
end

local function by_autograd(f, x, y)
  local tx, ty = scalar(x, true), scalar(y, true)
  local z = f(tx, ty)
  if not core.is_tensor(z) then error("no tensor", 0) end
  z:sum():backward()
  return tx.grad and tx.grad:item() or 0, ty.grad and ty.grad:item() or 0
end

-- The slope of a surface as a function of x and y, by autograd where it can be had.
local function slope_of(surface, start)
  local through = surface.through or surface.f
  local smooth = pcall(by_autograd, through, start[1], start[2])
  return function(x, y)
    if smooth then return by_autograd(through, x, y) end
    return differences(surface.f, x, y)
  end
end

local function inside(surface, x, y)
  if surface.bounded ~= false then return x * x + y * y < FAR * FAR end
  local xr, yr = surface.xrange, surface.yrange
  return x >= xr[1] and x <= xr[2] and y >= yr[1] and y <= yr[2]
end

-- One run: the points it visits. The slope reaches the optimiser as the gradient of slope . p.
local function run(entry, rate, o, surface, first)
  local x, y = o.start[1], o.start[2]
  local away = tensor.randn({2}, {dtype = "float64"}):totable()
  if not first then x, y = x + o.jitter * away[1], y + o.jitter * away[2] end
  local p = tensor({x, y}, {dtype = "float64", requires_grad = true})
  local given = {lr = rate}
  for k, v in pairs(entry.given) do given[k] = v end
  local opt = entry.class({p}, given)
  local slope = slope_of(surface, o.start)
  local seen = {xs = {x}, ys = {y}, loss = {surface.f(x, y)}, rate = rate, entry = entry}
  for step = 1, o.steps do
    local gx, gy = slope(x, y)
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

-- The height at the end; infinity if the run has left.
local function height(seen) return seen.left and math.huge or seen.loss[#seen.loss] end

-- The mean height over the seeds at the end.
local function final(cell)
  local sum = 0
  for _, seen in ipairs(cell.runs) do sum = sum + height(seen) end
  return sum / #cell.runs
end

-- An optimiser's cell of the lowest mean height, and the one of the highest rate.
local function best_of(cells, name)
  local best, highest
  for _, cell in ipairs(cells) do
    if cell.entry.name == name then
      if not best or final(cell) < final(best) then best = cell end
      if not highest or cell.rate > highest.rate then highest = cell end
    end
  end
  return best, highest
end

-- Why an optimiser may not come as low.
local function why_not(entry, o)
  if o.noise > 0 then
    return "near the bottom the noise of the gradients decides: what is gained on the way is "
      .. "lost there, and "
      .. "seeds differ by more than the optimisers do"
  end
  local beta = entry.given.momentum
  if beta and beta > 0 then
    return ("with momentum %g a swing dies away by %.2g a step, no faster; on a plain bowl a "
      .. "good rate "
      .. "alone does better"):format(beta, math.sqrt(beta))
  end
  return ("its step is about as long as the rate, however steep the slope: %d steps of these "
    .. "rates do not "
    .. "go far enough"):format(o.steps)
end

local function lower(e, plain, other, name, surface)
  local decades = surface.minimum == 0
  e:claim {text = ("%s ends lower than plain descent, each at its best rate"):format(name),
    threshold = "its height at the end is lower", unit = decades and "powers of ten lower" or "lower",
    otherwise = why_not(other.entry, e.o),
    each = function(k)
      local a, b = height(plain.runs[k]), height(other.runs[k])
      local effect = a - b
      if decades then effect = math.log(math.max(a, 1e-30) / math.max(b, 1e-30), 10) end
      return effect, b < a
    end}
end

local function sooner(e, plain, other, name)
  local function steps(cell, k) return cell.runs[k].left or e.o.steps + 1 end
  e:claim {text = ("%s leaves the saddle sooner than plain descent"):format(name),
    threshold = ("at rate %g it takes fewer steps (%d: it stays)"):format(plain.rate,
      e.o.steps + 1),
    unit = "steps sooner", otherwise = "its step is about as long as the rate; plain descent's "
      .. "grows with the "
      .. "slope, and from a start away from the ridge it is the faster one",
    each = function(k)
      return steps(plain, k) - steps(other, k), steps(other, k) < steps(plain, k)
    end}
end

local function claims(e, cells, entries, surface)
  local best, highest = best_of(cells, "SGD")
  if not best then return end
  for _, entry in ipairs(entries) do
    if entry.name ~= "SGD" then
      local other, fastest = best_of(cells, entry.name)
      if surface.bounded == false then sooner(e, highest, fastest, entry.name)
      else lower(e, best, other, entry.name, surface) end
    end
  end
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

local function race(e, entries, surface)
  local o, cells = e.o, {}
  for _, rate in ipairs(o.rates) do
    for _, entry in ipairs(entries) do cells[#cells + 1] = {entry = entry, rate = rate} end
  end
  local runs = e:run(cells, function(cell, _, k)
    return run(cell.entry, cell.rate, o, surface, k == 1)
  end)
  for i, cell in ipairs(cells) do
    cell.runs = runs[i]
    for k, seen in ipairs(cell.runs) do
      for j = 1, #seen.xs do
        e:row {optimiser = cell.entry.name, rate = cell.rate, seed = e.seeds[k], step = j - 1,
          x = seen.xs[j], y = seen.ys[j], loss = seen.loss[j]}
      end
    end
  end
  claims(e, cells, entries, surface)
  for _, entry in ipairs(entries) do e:note("%s", note(cells, entry.name, o, surface)) end
  local figures = pictures.make(cells, o, surface)
  for _, name in ipairs(figures.order) do e:figure(name, figures[name]) end
  return e:finish {name = ("A race on %s from (%g, %g)"):format(surface.formula, o.start[1],
    o.start[2]), runs = cells, look = "where each path bends, and which one still moves at the "
      .. "end.",
    columns = {"optimiser", "rate", "seed", "step", "x", "y", "loss"},
    animate = pictures.animator(cells, o, surface), frames = pictures.framer(cells, o, surface)}
end

local function entries_of(list)
  local entries = {}
  for i, entry in ipairs(list) do entries[i] = entry_of(entry) end
  return entries
end

--- lab.race{surface: string|function = "quadratic", optimisers: {...}, rates: {number, ...}, start: {number, number}, steps: integer = 100, noise: number, jitter: number = 0.2, seeds: integer = 5} -> result
--- Optimisers against each other on a surface: "quadratic" (10 x^2 + 100 y^2), "rosenbrock" (b =
--- 10), "beale", "saddle", "valley" (noisy gradients), or any function of two numbers; or, with
--- surface = "net", on a small net that learns digits.
---
--- Every optimiser runs at every rate from the same start. optimisers are names of optim or
--- {name, class, options}; if not given SGD, momentum 0.9, RMSprop and Adam (on a net eleven).
--- rates and start if not given belong to the surface (for the first two the lecture's rates).
--- noise is the std of what is added to each slope; jitter that of what each seed but the first
--- adds to the start; where both are 0 all seeds are alike, and there is one. rows: optimiser,
--- rate, seed, step, x, y, loss; figures: paths and loss, a panel a rate; result:animate(path)
--- makes a gif, result:frames({5, 20, 80}) a figure of the paths after so many steps, both at the
--- first rate if {rate = r} does not name another. A function through which tensors can go is
--- differentiated by autograd, others by differences.
--- > r = lab.race{surface = "quadratic", optimisers = {"SGD"}, rates = {0.005, 0.011}, steps = 200}
--- > r.runs[1].runs[1].left, r.rows[2].y
--- nil	0.0
--- > math.abs(r.runs[2].runs[1].ys[11]) > 2
--- true
--- > r = lab.race{surface = "net", optimisers = {"SGD", "Adam"}, rates = {0.01, 0.1}, steps = 20, seeds = 1}
--- > #r.rows, #r.claims
--- 4	2
--- > r = lab.race{surface = "quadratic", optimisers = {"SGD"}, rates = {0.005}, steps = 20, seeds = 1}
--- > #r:frames({1, 5, 20}).grid
--- 3
function M.race(given)
  local e = experiment.new(WHO, given, {surface = "quadratic", jitter = 0.2},
    {"optimisers", "steps", "rates", "start", "noise", "xrange", "yrange"})
  local o = e.o
  if o.surface == "net" then
    local net = require("gradus.lab.race_net")
    o.rates, o.steps = o.rates or net.rates, o.steps or 300
    return net.race(e, entries_of(o.optimisers or net.optimisers))
  end
  local surface = find_surface(o)
  o.rates, o.start, o.steps = o.rates or surface.rates, o.start or surface.start, o.steps or 100
  o.noise = o.noise or surface.noise or 0
  if not (given and given.seeds) and o.noise == 0 and o.jitter == 0 then e.seeds = {1} end
  return race(e, entries_of(o.optimisers or {"SGD", {"momentum", "SGD", {momentum = 0.9}},
    "RMSprop",
    "Adam"}), surface)
end

return M
