#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- A hundred passes with dropout on: their mean and how far they differ.
--
--     gradus lessons/experiments/mc_dropout.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.mc_dropout():report("mc_dropout", folder, quiet)
