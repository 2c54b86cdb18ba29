#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Norm before or after the activation, dropout before or after the norm.
--
--     gradus lessons/experiments/order.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
lab.order():report("order", folder, quiet)
