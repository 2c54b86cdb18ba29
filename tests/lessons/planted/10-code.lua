-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mistake an author makes here is found:
-- finds: 6: code fails: step 2:1: tensors have no field or method 'summ'
lesson "Planted" {topic = "a mistake", minutes = 2}
code [[ x = tensor{1, 2, 4} ]]
code [[ y = x:summ() ]]
number "One?" {answer = 1, hints = "h"}
