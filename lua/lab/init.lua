-- SPDX-License-Identifier: GPL-3.0-or-later
-- lab: experiments. Each is one call: it gives a table with figures, which printed says what to look
-- at. An experiment is loaded when it is first used.

local places = {why = "why.why", patient = "patient.patient", seeds = "experiment.seeds"}
for name in ([[init_variance theory scale_depth constant_init race glorot he batchnorm dropout lsuv
  depth_skip regularise ema rates batch_size norms order mc_dropout pretrain augment
  importance]]):gmatch("%S+") do
  places[name] = name .. "." .. name
end

return require("gradus.lazy").part({}, "lab", places)
