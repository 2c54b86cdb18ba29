-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mistake an author makes here is found:
-- finds: 6: there is no word 'aks'. Did you mean 'ask'?
lesson "Planted" {topic = "a mistake", minutes = 2}
code [[ x = tensor{1, 2, 4} ]]
aks "Sum?" {solution = "x:sum()", hints = "h"}
