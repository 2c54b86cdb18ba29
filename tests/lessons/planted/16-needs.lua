-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mistake an author makes here is found:
-- finds: 4: needs: there is no lesson '01-first-step'. Did you mean '01-first-steps'?
lesson "Planted" {topic = "a mistake", minutes = 2, needs = {"01-first-step"}}
code [[ x = tensor{1, 2, 4} ]]
ask "Sum?" {solution = "x:sum()", hints = "h"}
