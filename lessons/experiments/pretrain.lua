#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Few labels: layers as drawn, learnt as autoencoders, learnt greedily.
--
--     gradus lessons/experiments/pretrain.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.pretrain():report("pretrain", folder, quiet)
