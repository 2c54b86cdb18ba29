-- SPDX-License-Identifier: GPL-3.0-or-later
-- The experiments on training at a reduced budget: where theory or mechanism decides, the claims hold
-- even so; elsewhere only what has to be there is looked at.
local function held(r, i) return r.claims[i].held == r.claims[i].of end

local r = lab.dropout {steps = 600, feature_steps = 400, width = 64, seeds = 2, progress = false}
print("dropout", #r.rows, held(r, 2), #r.figures.order) -- expect: dropout	4	true	4
-- Dropout's units are silent more often.
print(r.rows[3].zeros > r.rows[1].zeros + 0.1) -- expect: true

r = lab.lsuv {depth = 12, width = 32, steps = 5, seeds = 2, progress = false}
print("lsuv", #r.rows, held(r, 1), held(r, 2)) -- expect: lsuv	240	true	true

r = lab.depth_skip {depth = 20, width = 32, steps = 60, seeds = 2, progress = false}
print("depth_skip", #r.rows, held(r, 3)) -- expect: depth_skip	160	true
-- The plain net's gradient falls as sqrt(1/6) a block.
local decades = 0
for _, run in ipairs(r.runs.plain) do decades = decades + run.decades / 2 end
print(math.abs(decades / (19 / 2 * math.log(1 / 6, 10)) - 1) < 0.15) -- expect: true
print(math.abs(r.runs.skip[1].decades) < 3) -- expect: true

r = lab.regularise {steps = 400, seeds = 2, progress = false}
print("regularise", #r.rows, held(r, 1), held(r, 2)) -- expect: regularise	20	true	true
-- Decay does something, L1 makes zeros.
print(r.rows[3].small > r.rows[1].small + 20, r.rows[5].norm < r.rows[1].norm) -- expect: true	true

r = lab.ema {seeds = 3}
print("ema", held(r, 1), held(r, 2), held(r, 3), held(r, 4)) -- expect: ema	true	true	true	true
local day = r.rows[1] -- corrected, the first average is the first day
print(math.abs(day["ema_0.98"] - day.temperature) < 1e-9) -- expect: true
print((pcall(lab.ema, {days = 10}))) -- expect: false

r = lab.rates {rates = {0.001, 0.3, 30}, steps = 150, seeds = 2, progress = false}
print("rates", #r.rows, held(r, 1)) -- expect: rates	22	true

r = lab.batch_size {epochs = 2, draws = 60, seeds = 2, progress = false}
print("batch_size", held(r, 1), held(r, 2)) -- expect: batch_size	false	true
-- Nothing is lost: each arm has seen all samples twice.
local last = {}
for _, row in ipairs(r.rows) do last[row.batch] = row end
print(last["1"].steps, last["32"].steps, last.all.steps, last["8"].samples) -- expect: 2874	90	2	2874.0
print(last["1"].loss < last["32"].loss, last["32"].loss < last.all.loss) -- expect: true	true

r = lab.norms {samples = 64, epochs = 1, seeds = 5, progress = false}
print("norms", held(r, 1), #r.figures.axes.grid) -- expect: norms	true	6

r = lab.order {samples = 300, width = 64, steps = 200, seeds = 2, progress = false}
print("order", #r.rows, held(r, 2)) -- expect: order	8	true

r = lab.mc_dropout {steps = 1000, width = 128, passes = 50, seeds = 2, progress = false}
print("mc_dropout", held(r, 1), held(r, 3)) -- expect: mc_dropout	true	true

r = lab.pretrain {steps = 100, epochs = 10, width = 32, seeds = 2, progress = false}
print("pretrain", #r.rows, held(r, 3)) -- expect: pretrain	36	true

r = lab.augment {samples = 50, copies = 3, steps = 300, seeds = 2, progress = false}
print("augment", #r.rows, #r.figures.order) -- expect: augment	16	2

r = lab.importance {seeds = 2, steps = 800, progress = false}
print("importance", held(r, 1), held(r, 2), held(r, 3)) -- expect: importance	true	true	true

-- A failed claim says why.
local text = tostring(lab.rates {steps = 60, seeds = 1, progress = false})
print(text:find("Claim: a rate that falls.-holds in 0 of 1 seeds.-Why: ") ~= nil) -- expect: true
