#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Ioffe and Szegedy 2015: sigmoid nets at growing rates, with and without batch norm.
--
--     gradus lessons/experiments/batchnorm.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.batchnorm():report("batchnorm", folder, quiet)
