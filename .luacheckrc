std = "lua54"
max_line_length = 100
-- The parts of the library are globals at the prompt and in scripts.
read_globals = {
  "gradus", "tensor", "nn", "optim", "autograd", "data", "metrics",
  "train", "plot", "lab", "lesson", "help", "why", "who",
}
