#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- The gradient of a deep linear net goes as S^(m-1): W = 2I explodes, W = I/2 vanishes.
--
--     gradus lessons/experiments/scale_depth.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.scale_depth():report("scale_depth", folder, quiet)
