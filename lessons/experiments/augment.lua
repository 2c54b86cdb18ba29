#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Few digits, and changed copies of them.
--
--     gradus lessons/experiments/augment.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.augment():report("augment", folder, quiet)
