-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mistake an author makes here is found:
-- finds: 4: 200 minutes are not believable
lesson "Planted" {topic = "a mistake", minutes = 200}
code [[ x = tensor{1, 2, 4} ]]
number "One?" {answer = 1, hints = "h"}
