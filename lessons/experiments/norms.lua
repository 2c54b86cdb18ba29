#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Batch, layer, instance and group norm: which axes, and small batches.
--
--     gradus lessons/experiments/norms.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.norms():report("norms", folder, quiet)
