-- SPDX-License-Identifier: GPL-3.0-or-later
-- Changing images a little so that few look like many. An augmentation is a
-- list of steps; applied to a batch (N, H, W) or (N, C, H, W) it draws, for
-- every image, how much of each step to take.

local core = require("gradus.core")
local no_grad = require("gradus.autograd").no_grad
local options = require("gradus.options")
local stack = require("gradus.tensor").stack

local M = {}

-- Every step is a function of (x (N, C, H, W), low, high) that draws an amount
-- from [low, high] for each image and returns as many images.
local steps = {}

local function per_image(n, low, high)
  return core.rand(n, 1, 1, 1) * (high - low) + low
end

-- noise: + N(0, s^2), s in [low, high]
function steps.noise(x, low, high)
  return x + core.randn(x:size()) * per_image(x:size(1), low, high)
end

-- brightness: + b, b in [low, high]
function steps.brightness(x, low, high)
  return x + per_image(x:size(1), low, high)
end

-- contrast: mean + (1 + c) (x - mean), c in [low, high]
function steps.contrast(x, low, high)
  local mean = x:mean({2, 3, 4}, true)
  return mean + (x - mean) * (per_image(x:size(1), low, high) + 1)
end

-- flip: left to right with a probability from [low, high]
function steps.flip(x, low, high)
  local n = x:size(1)
  local turned = core.rand(n, 1, 1, 1):lt(per_image(n, low, high))
  return core.where(turned, x:flip(4), x)
end

-- x (N, C, H, W) looked at through one 2 x 3 matrix an image: pixel (i, j) of
-- the result is taken at centre + A (i, j) + t, between its four neighbours;
-- outside is 0.
local function warp(x, matrices)
  local n, c, h, w = table.unpack(x:size())
  local images, out = x:reshape(n, c, h * w), {}
  local rows, columns = core.arange(h):unsqueeze(2) - (h + 1) / 2, core.arange(w):unsqueeze(1) - (w + 1) / 2
  for k = 1, n do
    local m = matrices[k]
    local i = rows * m[1] + columns * m[2] + ((h + 1) / 2 + m[3])
    local j = rows * m[4] + columns * m[5] + ((w + 1) / 2 + m[6])
    local i0, j0 = i:floor(), j:floor()
    local fi, fj = i - i0, j - j0
    local sum
    for di = 0, 1 do
      for dj = 0, 1 do
        local a, b = i0 + di, j0 + dj
        local inside = a:ge(1) * a:le(h) * b:ge(1) * b:le(w)
        local weight = (di == 1 and fi or 1 - fi) * (dj == 1 and fj or 1 - fj) * inside
        local at = (a:clamp(1, h) - 1) * w + b:clamp(1, w)
        local value = images:select(1, k):index_select(2, at:reshape(-1)) *
          weight:reshape(1, -1):to(x:dtype())
        sum = sum and sum + value or value
      end
    end
    out[k] = sum:reshape(c, h, w)
  end
  return n > 0 and stack(out) or x
end

local function draws(n, low, high)
  return (core.rand(n) * (high - low) + low):totable()
end

-- shift: by pixels down and to the right, each from [low, high]
function steps.shift(x, low, high)
  local n = x:size(1)
  local down, right, matrices = draws(n, low, high), draws(n, low, high), {}
  for k = 1, n do matrices[k] = {1, 0, -down[k], 0, 1, -right[k]} end
  return warp(x, matrices)
end

-- rotate: clockwise by degrees from [low, high]
function steps.rotate(x, low, high)
  local angles, matrices = draws(x:size(1), low, high), {}
  for k, degrees in ipairs(angles) do
    local s, c = math.sin(math.rad(degrees)), math.cos(math.rad(degrees))
    matrices[k] = {c, -s, 0, s, c, 0}
  end
  return warp(x, matrices)
end

-- crop: a window that leaves out a share from [low, high] of each side, anywhere
-- in the image, scaled back up
function steps.crop(x, low, high)
  local n, h, w = x:size(1), x:size(3), x:size(4)
  local share, down, right, matrices = draws(n, low, high), draws(n, -1, 1), draws(n, -1, 1), {}
  for k = 1, n do
    local s = 1 - share[k]
    matrices[k] = {s, 0, down[k] * (1 - s) * (h - 1) / 2, 0, s, right[k] * (1 - s) * (w - 1) / 2}
  end
  return warp(x, matrices)
end

-- A 3 x 3 filter over every image, the border repeated.
local function filter(x, weights)
  local h, w = x:size(3), x:size(4)
  local sum
  for di = -1, 1 do
    local rows = (core.arange(h) + di):clamp(1, h)
    local moved = x:index_select(3, rows)
    for dj = -1, 1 do
      local columns = (core.arange(w) + dj):clamp(1, w)
      local part = moved:index_select(4, columns) * weights[(di + 1) * 3 + dj + 2]
      sum = sum and sum + part or part
    end
  end
  return sum
end

local smooth = {1 / 16, 2 / 16, 1 / 16, 2 / 16, 4 / 16, 2 / 16, 1 / 16, 2 / 16, 1 / 16}

-- blur: towards the smoothed image, by a share from [low, high]
function steps.blur(x, low, high)
  return x + (filter(x, smooth) - x) * per_image(x:size(1), low, high)
end

-- sharpen: away from the smoothed image, by from [low, high] times the difference
function steps.sharpen(x, low, high)
  return x + (x - filter(x, smooth)) * per_image(x:size(1), low, high)
end

-- The amounts if none are given, and what a single amount a means: a itself,
-- anything from 0 to a, or anything from -a to a.
local defaults = {noise = 0.1, shift = 1, rotate = 15, flip = 0.5, crop = 0.2, contrast = 0.3,
  brightness = 0.2, blur = 1, sharpen = 1}
local single = {noise = "exact", flip = "exact", crop = "up to", blur = "up to", sharpen = "up to",
  shift = "both", rotate = "both", contrast = "both", brightness = "both"}

local function range_of(name, amount)
  if amount == nil then amount = defaults[name] end
  local low, high = amount, amount
  if type(amount) == "table" then
    low, high = amount[1], amount[2]
  elseif single[name] == "up to" then
    low = 0
  elseif single[name] == "both" and type(amount) == "number" then
    low = -amount
  end
  if type(low) ~= "number" or type(high) ~= "number" then
    error(("data.augment: the amount of '%s' should be a number or a range {low, high}"):format(name), 3)
  end
  return low, high
end

local Augment = {__name = "Augment"}
Augment.__index = Augment
require("gradus.strict").class(Augment, "augmentations", {"low", "high"})

--- data.augment(steps: table, {low: number?, high: number?}) -> Augment
--- A chain of random changes to images, as a function of a batch: data.augment{"flip", {"rotate",
--- 10}, {"noise", 0.05}}. Steps with their amounts: noise (std), shift (pixels down and right),
--- rotate (degrees clockwise), flip (probability), crop (share), contrast, brightness, blur,
--- sharpen. Each image gets its own draw from the session's generator: an amount a stands for -a
--- to a (crop, blur, sharpen: 0 to a), a range {low, high} for itself. Results are cut to
--- [low, high] where those are given. data.batches takes it as the option `augment`.
--- > a = data.augment{{"brightness", 0}}
--- > a(tensor.ones(2, 8, 8)):sum():item()
--- 128.0
function M.augment(list, o)
  o = options.read("data.augment", o, {}, {"low", "high"})
  if type(list) ~= "table" or #list == 0 then
    error('data.augment: expected a list of steps like {"flip", {"rotate", 10}}', 2)
  end
  local chain = {}
  for i, step in ipairs(list) do
    local name, amount = step, nil
    if type(step) == "table" then name, amount = step[1], step[2] end
    if not steps[name] then
      local names = options.keys(steps)
      local near = options.nearest(tostring(name), names)
      error(("data.augment: no step '%s'.%s Steps: %s"):format(tostring(name),
        near and (" Did you mean '%s'?"):format(near) or "", table.concat(names, ", ")), 2)
    end
    chain[i] = {name, range_of(name, amount)}
  end
  return setmetatable({chain = chain, low = o.low, high = o.high}, Augment)
end

local function changed(self, x)
  for _, step in ipairs(self.chain) do x = steps[step[1]](x, step[2], step[3]) end
  if self.low or self.high then x = x:clamp(self.low or -math.huge, self.high or math.huge) end
  return x
end

function Augment:__call(images)
  local x = core.is_tensor(images) and images or images.x
  local shape = x:size()
  if #shape ~= 3 and #shape ~= 4 then
    error(("data.augment: images are (%s); expected (N, H, W) or (N, C, H, W)"):format(
      table.concat(shape, ", ")), 2)
  end
  local y = no_grad(changed, self, #shape == 3 and x:unsqueeze(2) or x):reshape(shape)
  if core.is_tensor(images) then return y end
  local set = {}
  for k, v in pairs(images) do set[k] = v end
  set.x = y
  return setmetatable(set, getmetatable(images))
end

function Augment:__tostring()
  local parts = {}
  for i, step in ipairs(self.chain) do
    parts[i] = ("%s %g"):format(step[1], step[2])
    if step[2] ~= step[3] then parts[i] = parts[i] .. (" to %g"):format(step[3]) end
  end
  return "Augment(" .. table.concat(parts, ", ") .. ")"
end

return M
