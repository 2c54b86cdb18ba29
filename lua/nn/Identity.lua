-- SPDX-License-Identifier: GPL-3.0-or-later
local Identity = require("gradus.nn.Module").class("Identity")

--- nn.Identity() -> Module
--- Gives back what it gets: a place in a net where nothing happens.
--- > nn.Identity()(tensor{1, 2})
--- tensor{1, 2}  -- float32 (2)
function Identity:forward(x)
  return x
end

return Identity
