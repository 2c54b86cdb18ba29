#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Units that begin equal stay equal.
--
--     gradus lessons/experiments/constant_init.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.constant_init():report("constant_init", folder, quiet)
