-- SPDX-License-Identifier: GPL-3.0-or-later
-- Batch norm's running statistics move in place, with the unbiased variance,
-- and only while training.
local mean, var = tensor.zeros(2), tensor.ones(2)
local x = tensor{{1, 10}, {3, 30}}
tensor.batch_norm(x, mean, var, {training = true, momentum = 0.5})
print(mean:totable()[1], mean:totable()[2], var:totable()[1], var:totable()[2])
-- expect: 1.0	10.0	1.5	100.5
local y = tensor.batch_norm(x, mean, var, nil, nil, {eps = 0})
print(mean:totable()[1], ("%.4f"):format(y:totable()[2][1]))
-- expect: 1.0	1.6330
-- A view of a longer tensor is moved, not a copy of it.
local both = tensor.zeros(2, 2)
tensor.batch_norm(x, both:select(2, 1), nil, {training = true, momentum = 1})
print(both:totable()[1][1], both:totable()[2][1], both:totable()[1][2])
-- expect: 2.0	20.0	0.0
