-- SPDX-License-Identifier: GPL-3.0-or-later
local Lambda = require("gradus.nn.Module").class("Lambda")

--- nn.Lambda(fn: function, name: string = "") -> Module
--- A function as a layer.
--- > nn.Sequential(nn.Lambda(function(x) return x * 2 end))(tensor{1, 2})
--- tensor{2, 4}  -- float32 (2)
function Lambda:init(fn, name)
  if type(fn) ~= "function" then
    error("nn.Lambda: expected a function; got " .. type(fn), 3)
  end
  self.fn, self.name = fn, name or ""
end

function Lambda:forward(x, ...)
  return self.fn(x, ...)
end

function Lambda:extra_repr()
  return self.name
end

return Lambda
