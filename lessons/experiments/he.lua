#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Figures 2 and 3 of He et al. 2015: ReLU nets of 22 and 30 layers, Xavier against Kaiming.
--
--     gradus lessons/experiments/he.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.he():report("he", folder, quiet)
