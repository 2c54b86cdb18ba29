-- SPDX-License-Identifier: GPL-3.0-or-later
local Identity = require("gradus.nn.Module").class("Identity")

--- nn.Identity(...) -> Module
--- Gives back what it gets: a place in a net where nothing happens. Arguments mean nothing to it, so
--- that it can stand in the place of any other layer.
--- > nn.Identity()(tensor{1, 2})
--- tensor{1, 2}  -- float32 (2)
--- > norm = nn.Identity   -- or nn.BatchNorm1d
--- > nn.Sequential(nn.Linear(3, 4), norm(4))(tensor.ones(2, 3)):size()
--- {2, 4}
function Identity:init() end

function Identity:forward(x)
  return x
end

return Identity
