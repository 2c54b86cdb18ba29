-- SPDX-License-Identifier: GPL-3.0-or-later
-- The global `why`.

return require("gradus.lab.why").why
