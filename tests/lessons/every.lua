-- SPDX-License-Identifier: GPL-3.0-or-later
-- A lesson with a step of every kind, taken by student_test.py.
lesson "Every step" {topic = "a step of every kind", minutes = 8}

text [[ This is *the first page*. ]]

code [[
  x = tensor{1, 2, 3, 6}
  box = {count = 1}
]]

pause "Press Enter."

ask "What is the sum of `x`?" {
  name = "sum",
  solution = "x:sum()",
  hints = {"There is a method for it.", "It is called like what it gives."},
  mistakes = {{"x:mean()", "That is the mean."}},
  variant = "tensor.sum(x)",
}

ask "Make `y`, twice `x`, and leave `x` alone." {
  solution = "y = x * 2",
  check = all_of{variable "y", variable "x"},
  hints = "Multiply by a number.",
  mistakes = {{"y = x:mul_(2)", "That changed `x` itself."}},
}

number "How many numbers does `x` hold?" {
  name = "many",
  answer = "#x",
  unit = "numbers",
  hints = "Count.",
  mistakes = {{3, "One was forgotten."}},
}

after("many", function(answer)
  if answer.first then text "You counted well." else text "You counted twice." end
end)

choice "Which are even?" {
  {"two", "Two is even.", right = true},
  {"four", "Four is even.", right = true},
  {"seven", "Seven is odd."},
}

predict "The largest of `x`?" {reveal = "x:max()", unit = "cm"}

predict "Sketch `x`." {reveal = "x", sketch = {x = "place", y = "value"}}

fresh(function(random)
  local n = random(3, 9)
  number(("What is %d times %d?"):format(n, n)) {answer = n * n, hints = "A square."}
end)

picture "A line" {code = [[ plot.curve({1, 2, 3}, {title = "three points"}) ]]}

fix "`double` should double." {
  broken = [[
    function double(v)
      return v + 1
    end
  ]],
  solution = [[
    function double(v)
      return v * 2
    end
  ]],
  check = behaves("double", {{1}, {5}, {-2}}),
  hints = "Adding is not multiplying.",
  mistakes = {{"function double(v) return v + 2 end", "That adds two."}},
}

try "Play." {suggest = {"double(21)"}}

text [[ The last page. ]]
