#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which features matter to an overfitted net, and on which data.
--
--     gradus lessons/experiments/importance.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.importance():report("importance", folder, quiet)
