-- SPDX-License-Identifier: GPL-3.0-or-later
-- What numpy, Matlab and older versions of Torch call things, and the name here: for "did you
-- mean" where no spelling is near.

local M = {}

local names = {
  mean = "avg average", std = "stdev stddev sd", var = "variance",
  cat = "concat concatenate hstack vstack", transpose = "swapaxes transposed",
  argmax = "indmax whichmax", argmin = "indmin", max = "amax", min = "amin",
  numel = "len length nelement count", dim = "ndim ndimension rank", size = "sizes",
  matmul = "mmul dotproduct bmm mv", inverse = "inv invert", pow = "power",
  clone = "copy deepcopy", to = "astype type cast double float", totable = "tolist tonumpy numpy",
  item = "value tonumber", uniform_ = "uniform", normal_ = "normal", zero_ = "zero", fill_ = "fill",
  clamp = "clip", abs = "absolute fabs", cumsum = "cumulative", flatten = "ravel",
  unsqueeze = "expand_dims", randn = "normal gaussian", rand = "random uniform",
  randperm = "permutation shuffle", eye = "identity", neg = "negative",
  zeros = "empty", masked_fill = "putmask", index_select = "take", ne = "not_equal", eq = "equal",
  log = "ln", norm = "magnitude length2", histc = "histogram", square = "sqr", allclose = "isclose",
}

-- other name -> {names here}; the first that a place has is meant.
local here = {}
for _, name in ipairs(require("gradus.options").keys(names)) do
  for other in names[name]:gmatch("%S+") do
    here[other] = here[other] or {}
    table.insert(here[other], name)
  end
end

-- Words of other languages that are no names here.
local words = {
  True = "Lua writes true", False = "Lua writes false", None = "Lua writes nil", null = "Lua writes nil",
  NULL = "Lua writes nil", len = "the length of x is #x", range = "Lua counts with: for i = 1, n do ... end",
  str = "Lua writes tostring(x)", int = "Lua writes math.floor(x), or a // b for a whole quotient",
  float = "Lua writes tonumber(text)", input = "Lua writes io.read()",
  np = "what numpy does, tensors do: tensor.zeros(3)",
  numpy = "what numpy does, tensors do: tensor.zeros(3)",
  torch = "what torch has is in tensor, nn and optim: tensor.zeros(3)",
  plt = "pictures are in plot: plot.curve(y)", pd = "tables are read by data.csv", exit = ":quit or Ctrl-D leaves",
  quit = ":quit or Ctrl-D leaves", clear = "Ctrl-L clears the screen", cls = "Ctrl-L clears the screen",
  ls = "this is Lua, no shell; :who lists the variables", dir = ":who lists the variables",
  whos = ":who lists the variables", append = "Lua writes t[#t + 1] = v, or table.insert(t, v)",
  elif = "Lua writes elseif", isinstance = "Lua writes type(x) == \"number\"", enumerate =
  "Lua writes: for i, v in ipairs(t) do ... end", map = "Lua writes a loop: for i, v in ipairs(t) do ... end",
}

--- elsewhere.word(name: string) -> string?
--- What takes the place here of a word that other languages have.
--- > require("gradus.elsewhere").word("True")
--- Lua writes true
function M.word(name)
  return words[name]
end

--- elsewhere.nearest(word: string, names: {string, ...}) -> string?
--- The name in a list that others call `word`; else the one that is spelt most like it.
--- > require("gradus.elsewhere").nearest("avg", {"sum", "mean"})
--- mean
--- > require("gradus.elsewhere").nearest("mxa", {"sum", "max"})
--- max
function M.nearest(word, list)
  for _, name in ipairs(here[word:lower()] or {}) do
    for _, known in ipairs(list) do
      if known == name then return known end
    end
  end
  return require("gradus.options").nearest(word, list)
end

return M
