#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Srivastava et al. 2014: a fit, features and errors with and without dropout.
--
--     gradus lessons/experiments/dropout.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.dropout():report("dropout", folder, quiet)
