std = "lua54"
max_line_length = 120
-- The signature of a doc comment is one line, however long.
max_comment_line_length = false
-- 212/self: a method need not use itself. 581: `not (a < b)` is true for NaN.
ignore = {"212/self", "212/_.*", "581"}
-- The parts of the library are globals at the prompt and in scripts.
read_globals = {
  "gradus", "tensor", "nn", "optim", "autograd", "data", "metrics",
  "train", "plot", "lab", "lesson", "help", "why", "who",
}
-- Tests are written as at the prompt, where a variable is a global.
files["tests"] = {allow_defined_top = true, max_line_length = false, ignore = {"122", "212/self", "212/_.*", "581"}}
files["lessons"] = {ignore = {"11.", "113", "6.."}, max_line_length = false}
files["tests/lessons/every.lua"] = files["lessons"]
-- Lessons with mistakes, made on purpose.
exclude_files = {"tests/lessons/planted", "tests/lessons/hostile"}
