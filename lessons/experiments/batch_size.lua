#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- One sample, 8, 32, 128 or all at once, for the same number of samples.
--
--     gradus lessons/experiments/batch_size.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.batch_size():report("batch_size", folder, quiet)
