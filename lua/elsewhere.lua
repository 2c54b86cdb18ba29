-- SPDX-License-Identifier: GPL-3.0-or-later
-- What PyTorch, numpy, scikit-learn, Matlab and older versions of Torch call things, and the name
-- here: for "did you mean" where no spelling is near.

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
  hist = "histogram distplot", image = "imshow matshow", curve = "plot line", bar = "barplot",
  batches = "dataloader loader", split = "train_test_split", iris = "load_iris", wine = "load_wine",
  digits = "load_digits", moons = "make_moons", blobs = "make_blobs", circles = "make_circles",
  csv = "read_csv", accuracy = "accuracy_score", confusion = "confusion_matrix", f1 = "f1_score",
  precision = "precision_score", recall = "recall_score", mse = "mean_squared_error",
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

-- Names that a part has in PyTorch or matplotlib, and what takes their place.
local PICTURE = "titles and axes are options: plot.curve(y, {title = \"...\", xlabel = \"...\"})"
local TYPES = "types are words: tensor({1, 2}, {dtype = \"float64\"}), x:to(\"float64\")"
local FILES = "a net is saved by net:save(path), tensors by data.save_npy(path, x)"
local CPU = "everything computes on the processor; there is nothing to move"
local MAKE = "numbers become a tensor with tensor{1, 2, 3}"
local members = {
  nn = {functional = "its functions are methods, x:relu(), and its losses are in nn: nn.cross_entropy(output, y)",
    save = FILES, load = FILES},
  tensor = {save = FILES, load = FILES, cuda = CPU, device = CPU, manual_seed = "gradus.seed(1) does it",
    no_grad = "autograd.no_grad(function() ... end)", from_numpy = "data.npy(path) reads numpy's files",
    tensor = MAKE, Tensor = MAKE, FloatTensor = MAKE, array = MAKE, float32 = TYPES, float64 = TYPES,
    float = TYPES, double = TYPES, nn = "nn stands alone: nn.Linear(2, 3)",
    optim = "optim stands alone: optim.SGD(net:parameters(), {lr = 0.1})"},
  autograd = {grad = "loss:backward(), then x.grad", backward = "loss:backward()"},
  gradus = {manual_seed = "gradus.seed(1) does it"},
  plot = {show = "a figure appears when it is what an input gives, or by fig:show()",
    save = "a figure is saved by fig:save(\"a.png\")", savefig = "a figure is saved by fig:save(\"a.png\")",
    figure = "each picture is a figure: fig = plot.curve(y)", subplot = "plot.grid{a, b} puts figures side by side",
    subplots = "plot.grid{a, b} puts figures side by side", title = PICTURE, xlabel = PICTURE, ylabel = PICTURE,
    axis = PICTURE, legend = PICTURE},
}

--- elsewhere.member(part: string, name: string) -> string?
--- What takes the place here of a name that a part of another library has.
--- > require("gradus.elsewhere").member("autograd", "grad")
--- loss:backward(), then x.grad
function M.member(part, name)
  return members[part] and members[part][name]
end

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
