-- SPDX-License-Identifier: GPL-3.0-or-later
local function put(text)
  local file = io.open("t.csv", "wb")
  file:write(text)
  file:close()
end
put('size,kind,"say ""it"""\r\n1,b,2.5\r\n-3e-1,"a\nb",\r\n4,b,NA\r\n')
local set = data.csv("t.csv", {y = "kind"})
print(set.x) -- expect: tensor{{ 1.0000,  2.5000},
-- expect:        {-0.3000,     nan},
-- expect:        { 4.0000,     nan}}  -- float32 (3, 2)
print(set.y, #set.classes, set.classes[1] == "a\nb", set.features[2])
-- expect: tensor{2, 1, 2}  -- float32 (3)	2	true	say "it"
print(data.csv("t.csv", {x = {"kind", "size"}}).x:select(2, 1)) -- expect: tensor{2, 1, 2}  -- float32 (3)
put("# made by hand\n1;10\n2;20\n3;10")
set = data.csv("t.csv", {separator = ";", header = false, skip = 1, y = "x 2", classes = true})
print(set.x:size(1), set.y, table.concat(set.classes, " "))
-- expect: 3	tensor{1, 2, 1}  -- float32 (3)	10 20

local function failing(text, o)
  put(text)
  print((select(2, pcall(data.csv, "t.csv", o))))
end
failing("a,b\n1,2\n3\n") -- expect: t.csv: at byte 8: line 3 has 1 field, the first row has 2
failing('a,b\n1,"x\n') -- expect: t.csv: at byte 6: line 3: this quoted field does not end
failing('a,b\n1,x"y\n') -- expect: t.csv: at byte 7: line 2: a quote inside a field. Hint: quote the whole field and double the quotes in it
failing('a,b\n1,"x"y\n') -- expect: t.csv: at byte 9: line 2: a quoted field goes on behind its quote
failing("a\0b\n") -- expect: t.csv: at byte 1: line 1: a zero byte. Hint: is this text?
failing("") -- expect: t.csv: at byte 0: line 1: there are no rows
failing("a,kind\n1,x\n", {y = "kin"}) -- expect: data.csv: no column 'kin'. Did you mean 'kind'? Columns: a, kind
