-- SPDX-License-Identifier: GPL-3.0-or-later
-- One sample, one feature, one class, a class without samples, nothing at all:
-- whatever is done with such data works, or says in one sentence why not.
nn.quiet()
gradus.seed(1)

local function named(n, d, classes, y)
  local names = {}
  for c = 1, classes do names[c] = "class " .. c end
  return {x = tensor.randn(n, d), y = y or tensor.randint(1, classes, {n}), classes = names}
end

local function save(f)
  return function(...) f(...):save("picture.svg") end
end

-- What is tried, with a net for classes, one for a number, and their data.
local function trials(c, r, good)
  local d = c.x:size(2)
  local function classifier() return nn.Sequential(nn.Linear(d, 4), nn.Tanh(), nn.Linear(4, #c.classes)) end
  local function build(part)
    local net = classifier()
    train.fit(net, {data = part, epochs = 2, progress = "none"})
    return net
  end
  local net, line = classifier(), nn.Sequential(nn.Linear(d, 4), nn.Tanh(), nn.Linear(4, 1))
  local with_norm = nn.Sequential(nn.Linear(d, 4), nn.BatchNorm1d(4), nn.Linear(4, #c.classes))
  local binary, chance = c.y:eq(1), tensor.rand(c.y:size(1))
  local function fit(model, o)
    return function()
      o.epochs, o.progress = 2, "none"
      train.fit(model, o)
    end
  end
  local list = {
    {"fit", fit(net, {data = c, valid = c, metrics = {"accuracy"}, early_stop = true})},
    {"fit without names", fit(classifier(), {data = {x = c.x, y = c.y}})},
    {"fit a number", fit(line, {data = r, valid = r, metrics = {"r2", "mse"}})},
    {"fit with this as valid", fit(net, {data = good, valid = c, metrics = {"accuracy"}})},
    {"fit with batch norm", fit(with_norm, {data = c})},
    {"predict", function() train.predict(net, c) end},
    {"evaluate", function() train.evaluate(net, c, nn.CrossEntropyLoss()) end},
    {"find_lr", function() train.find_lr(net, {data = c, steps = 5}) end},
    {"split", function() data.split(c, 0.2) data.split(c, 0.2, {stratify = true}) end},
    {"kfold", function() data.kfold(c, 2) data.kfold(c, 2, {stratify = true}) end},
    {"batches", function() for _ in data.batches(c, 8) do local _ = nil end end},
    {"cross_validate", function() train.cross_validate(c, build, {k = 2}) end},
    {"learning_curve", function() plot.scores(train.learning_curve(c, build, {0.1, 1}, {k = 2})):save("p.svg") end},
    {"validation_curve", function() train.validation_curve(c, build, {1, 2}, {k = 2}) end},
    {"log_loss", function() metrics.log_loss(c.y, train.predict(net, c):softmax(2)) end},
    {"importance", function() metrics.permutation_importance(net, c) end},
    {"autoencoder", function() train.autoencoder(c, 2, {epochs = 1}) end},
    {"stack", function() train.stack(c, {3, 2}, {epochs = 1, fine_tune = 1}) end},
    {"print", function() tostring(data.set{x = c.x, y = c.y, classes = c.classes}) end},
    {"OneHot", function() data.OneHot(#c.classes):fit_apply(c.y) end},
    {"augment", function() data.augment{"noise"}(c.x:reshape(-1, 1, d)) end},
    {"plot.loss", function() save(plot.loss)(train.last) end},
    {"plot.confusion", function() save(plot.confusion)(metrics.confusion(c.y, train.predict(net, c))) end},
    {"plot.roc", function() save(plot.roc)(metrics.roc(binary, chance)) end},
    {"plot.scatter", function() save(plot.scatter)(c.x:select(2, 1), c.x:select(2, 1)) end},
    {"plot.hist", function() save(plot.hist)(c.x) end},
    {"plot.boundary", function() save(plot.boundary)(net, c) end},
    {"plot.activations", function() save(plot.activations)(net, c.x) end},
    {"plot.weights", function() save(plot.weights)(net) end},
  }
  for _, name in ipairs{"Standardize", "MinMax", "PCA", "Whiten"} do
    list[#list + 1] = {name, function()
      local t = data[name]():fit(c)
      t:invert(t:apply(c))
    end}
  end
  for _, name in ipairs{"accuracy", "f1", "mcc", "report"} do
    list[#list + 1] = {name, function()
      metrics[name](c.y, train.predict(net, c), name == "f1" and {average = "macro"} or nil)
    end}
  end
  for _, name in ipairs{"mse", "rmse", "mae", "r2", "huber"} do
    list[#list + 1] = {name, function() metrics[name](r.y, train.predict(line, r)) end}
  end
  for _, name in ipairs{"auc", "average_precision"} do
    list[#list + 1] = {name, function() metrics[name](binary, chance) end}
  end
  return list
end

-- One line that is no complaint of Lua itself.
local function is_sentence(why)
  return #why > 20 and not why:find("\n") and not why:find("attempt to") and not why:find("bad argument")
    and not why:find("is missing") and why:find("^[^\n]-[%w_.]+: ")
end

local function try(title, c, r)
  print("== " .. title)
  local worked, list = 0, trials(c, r, named(30, c.x:size(2), #c.classes))
  for _, trial in ipairs(list) do
    local ok, why = pcall(trial[2])
    if ok then
      worked = worked + 1
    else
      print(trial[1], is_sentence(why) and "says why" or why)
    end
  end
  print(worked, #list)
end

local function numbers(n, d) return {x = tensor.randn(n, d), y = tensor.randn(n, 1)} end

try("one sample", named(1, 2, 2), numbers(1, 2))
-- expect: == one sample
-- expect: fit with batch norm	says why
-- expect: split	says why
-- expect: kfold	says why
-- expect: cross_validate	says why
-- expect: learning_curve	says why
-- expect: validation_curve	says why
-- expect: plot.roc	says why
-- expect: 37	44
try("one feature", named(20, 1, 2), numbers(20, 1))
-- expect: == one feature
-- expect: plot.boundary	says why
-- expect: 43	44
try("one class", named(20, 2, 1), numbers(20, 2))
-- expect: == one class
-- expect: plot.roc	says why
-- expect: 43	44
try("a class without samples", named(20, 2, 3, tensor.randint(2, 3, {20})), numbers(20, 2))
-- expect: == a class without samples
-- expect: plot.roc	says why
-- expect: 43	44
try("one of each", named(1, 1, 1), numbers(1, 1))
-- expect: == one of each
-- expect: fit with batch norm	says why
-- expect: split	says why
-- expect: kfold	says why
-- expect: cross_validate	says why
-- expect: learning_curve	says why
-- expect: validation_curve	says why
-- expect: plot.roc	says why
-- expect: plot.boundary	says why
-- expect: 36	44
try("nothing", named(0, 2, 2), numbers(0, 2))
-- expect: == nothing
-- expect: fit	says why
-- expect: fit without names	says why
-- expect: fit a number	says why
-- expect: fit with this as valid	says why
-- expect: fit with batch norm	says why
-- expect: evaluate	says why
-- expect: find_lr	says why
-- expect: kfold	says why
-- expect: cross_validate	says why
-- expect: learning_curve	says why
-- expect: validation_curve	says why
-- expect: log_loss	says why
-- expect: importance	says why
-- expect: autoencoder	says why
-- expect: stack	says why
-- expect: plot.confusion	says why
-- expect: plot.roc	says why
-- expect: plot.scatter	says why
-- expect: plot.hist	says why
-- expect: plot.boundary	says why
-- expect: plot.activations	says why
-- expect: Standardize	says why
-- expect: MinMax	says why
-- expect: PCA	says why
-- expect: Whiten	says why
-- expect: accuracy	says why
-- expect: f1	says why
-- expect: mcc	says why
-- expect: report	says why
-- expect: mse	says why
-- expect: rmse	says why
-- expect: mae	says why
-- expect: r2	says why
-- expect: huber	says why
-- expect: auc	says why
-- expect: average_precision	says why
-- expect: 8	44

-- The data set in the place of the options.
print((select(2, pcall(train.fit, nn.Linear(4, 3), data.iris())):gsub("^.-%d+: ", "")))
-- expect: train.fit: the data set stands among the options. Hint: train.fit(net, {data = set})
print((select(2, pcall(plot.confusion, tensor{1, 2}, tensor{1, 2})):gsub("^.-%d+: ", "")))
-- expect: plot.confusion: it draws counts. Hint: plot.confusion(metrics.confusion(truth, output))
print((select(2, pcall(train.find_lr, nn.Linear(4, 3), data.iris())):gsub("^.-%d+: ", "")))
-- expect: train.find_lr: the data set stands among the options. Hint: train.find_lr(net, {data = set})
local iris = data.iris()
local untrained = nn.Linear(4, 3)
print(train.evaluate(untrained, iris) == train.evaluate(untrained, iris, nn.CrossEntropyLoss())) -- expect: true
print((select(2, pcall(train.evaluate, untrained, iris, {"accuracy"})):gsub("^.-%d+: ", "")))
-- expect: train.evaluate: the loss is a function of output and target, such as nn.MSELoss(); got table. Hint: metrics.accuracy(set.y, train.predict(net, set.x))
print((select(2, pcall(train.evaluate, iris, untrained)):gsub("^.-%d+: ", "")))
-- expect: train.evaluate: set: expected a data set: a table with tensors x and y
print((select(2, pcall(data.moons, {n = 10})):gsub("^.-%d+: ", "")))
-- expect: data.moons: expected a number of samples, a whole number from 0; got a table. Hint: data.moons(100, {seed = 1})
print((select(2, pcall(plot.roc, iris.y, untrained(iris.x))):gsub("^.-%d+: ", "")))
-- expect: plot.roc: scores is a tensor of shape (150, 3); expected one number a sample. Hint: one class is a column, x:select(2, 1)
