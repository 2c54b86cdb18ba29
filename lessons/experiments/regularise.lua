#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- L1, L2, elastic net and decoupled decay.
--
--     gradus lessons/experiments/regularise.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.regularise():report("regularise", folder, quiet)
