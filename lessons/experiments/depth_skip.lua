#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- 50 blocks with and without skips and norm.
--
--     gradus lessons/experiments/depth_skip.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.depth_skip():report("depth_skip", folder, quiet)
