#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- The learning rate: too low, good, too high; the finder; schedules.
--
--     gradus lessons/experiments/rates.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.rates():report("rates", folder, quiet)
