-- SPDX-License-Identifier: GPL-3.0-or-later
-- The fields of a module: what was assigned to it, in order.

local notice = require("gradus.notice")

local function check_plain_table(self, key, value, is_module)
  if type(value) ~= "table" or getmetatable(value) or not is_module(value[1]) then return end
  notice.say("plain_table", ("%s.%s is a plain table: the layers in it are not found, trained or " ..
    "saved. Hint: nn.ModuleList(...) or nn.Sequential(...)"):format(getmetatable(self).__name,
    tostring(key)), self)
end

return function(M)
  -- Fields in the order of assignment: key, value.
  function M:_fields()
    local order, i = self._order, 0
    return function()
      repeat
        i = i + 1
        local key = order[i]
        local value = key ~= nil and rawget(self, key)
        if key ~= nil and value ~= nil and value ~= false then return key, value end
      until key == nil
    end
  end

  -- Children: the key as the user writes it (an integer or a name), and the module.
  function M:_children()
    local fields = self:_fields()
    return function()
      for key, value in fields do
        if M.is_module(value) then return key, value end
        check_plain_table(self, key, value, M.is_module)
      end
    end
  end

  -- The name under which a field is saved: PyTorch counts from 0.
  function M:_saved_name(key)
    return type(key) == "number" and tostring(key - 1) or key
  end

  -- The name by which a user may call the child at a place; the place where it has none.
  function M:_name_of(key) return key end
end
