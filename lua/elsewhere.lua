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
