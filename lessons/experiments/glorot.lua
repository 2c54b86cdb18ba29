#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Figures 6 and 7 of Glorot and Bengio 2010: tanh, the standard initialisation and Xavier's.
--
--     gradus lessons/experiments/glorot.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.glorot():report("glorot", folder, quiet)
