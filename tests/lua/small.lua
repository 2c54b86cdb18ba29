-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every experiment of the lab with options that make it small: seconds become hundredths. What it
-- claims need not hold then.
return {
  {"init_variance", {depth = 3, width = 16}},
  {"scale_depth", {depth = 4}},
  {"constant_init", {steps = 10}},
  {"glorot", {width = 16}},
  {"he", {depths = {3, 4}, width = 8, steps = 5}},
  {"lsuv", {depth = 4, width = 16, steps = 3}},
  {"batchnorm", {rates = {0.1, 1}, width = 8, steps = 25}},
  {"norms", {samples = 64, epochs = 1}},
  {"order", {samples = 64, width = 16, steps = 5}},
  {"depth_skip", {depth = 3, width = 8, steps = 3}},
  {"dropout", {steps = 20, feature_steps = 10, width = 16}},
  {"mc_dropout", {steps = 20, width = 16, passes = 4}},
  {"regularise", {steps = 10}},
  {"augment", {samples = 20, copies = 1, steps = 5}},
  {"pretrain", {steps = 5, epochs = 1, width = 16}},
  {"importance", {samples = 20, steps = 5}},
  {"ema", {days = 300}},
  {"batch_size", {epochs = 1, draws = 4}},
  {"rates", {rates = {0.01, 0.1}, steps = 20}},
  {"race", {steps = 3, rates = {0.001, 0.01}}},
  {"race", {surface = "net", rates = {0.01}, steps = 3, optimisers = {"SGD", "Adam"}}},
}
