#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Mishkin and Matas 2016: 50 layers, five initialisers, the last of which looks at data.
--
--     gradus lessons/experiments/lsuv.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.lsuv():report("lsuv", folder, quiet)
