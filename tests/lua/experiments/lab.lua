-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every experiment of the lab at its full budget. What theory or a mechanism decides holds in every seed;
-- claims that only luck or a finer budget would settle are counted, not asked for.
local function run(name, result, ...)
  assert(#result.rows > 0, name .. " has no rows")
  for i, c in ipairs(result.claims) do
    assert(c.of >= 5 or name == "race", ("%s: claim %d has %d seeds"):format(name, i, c.of))
    assert(c.held == c.of or c.otherwise, ("%s: claim %d fails without a reason"):format(name, i))
  end
  local held = {}
  for i, number in ipairs {...} do
    held[i] = tostring(result.claims[number].held == result.claims[number].of)
  end
  print(name, table.concat(held, " "))
end

run("init_variance", lab.init_variance {activation = "relu", progress = false,
  init = {"xavier_normal", "kaiming_normal"}}, 1, 2) -- expect: init_variance	true true
run("scale_depth", lab.scale_depth {progress = false}, 1) -- expect: scale_depth	true
run("constant_init", lab.constant_init {progress = false}, 1, 2) -- expect: constant_init	true true
run("race", lab.race {surface = "rosenbrock", progress = false}, 1) -- expect: race	true
run("net", lab.race {surface = "net", progress = false}, 1, 2, 3) -- expect: net	true true true
run("glorot", lab.glorot {progress = false}, 1, 2) -- expect: glorot	true true
run("he", lab.he {progress = false}, 3) -- expect: he	true
run("batchnorm", lab.batchnorm {progress = false}, 1, 2, 3) -- expect: batchnorm	true true true
run("dropout", lab.dropout {progress = false}, 2) -- expect: dropout	true
run("lsuv", lab.lsuv {progress = false}, 1, 2) -- expect: lsuv	true true
run("depth_skip", lab.depth_skip {progress = false}, 3) -- expect: depth_skip	true
run("regularise", lab.regularise {progress = false}, 1, 2, 3) -- expect: regularise	true true true
run("ema", lab.ema {}, 1, 2, 3, 4) -- expect: ema	true true true true
run("rates", lab.rates {progress = false}, 1) -- expect: rates	true
run("batch_size", lab.batch_size {progress = false}, 1, 2, 3) -- expect: batch_size	true true true
run("norms", lab.norms {progress = false}, 1) -- expect: norms	true
run("order", lab.order {progress = false}, 2) -- expect: order	true
run("mc_dropout", lab.mc_dropout {progress = false}, 1, 3) -- expect: mc_dropout	true true
run("pretrain", lab.pretrain {progress = false}, 1, 3) -- expect: pretrain	true true
run("augment", lab.augment {progress = false}, 2) -- expect: augment	true
run("importance", lab.importance {progress = false}, 1, 2, 3) -- expect: importance	true true true
