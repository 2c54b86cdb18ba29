#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- The exponential moving average of daily temperatures.
--
--     gradus lessons/experiments/ema.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.ema():report("ema", folder, quiet)
