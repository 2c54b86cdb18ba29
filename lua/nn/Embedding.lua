-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local mark = require("gradus.nn.mark")
local tensor = require("gradus.tensor")

local Embedding = require("gradus.nn.Module").class("Embedding")

--- nn.Embedding(num_embeddings: integer, embedding_dim: integer) -> Module
--- A table of vectors, one for each index 1..num_embeddings: indices (*) become (*, embedding_dim).
--- Rows begin as N(0, 1).
--- > nn.Embedding(10, 3)(tensor{{1, 10}}):size()
--- {1, 2, 3}
function Embedding:init(...)
  local o = arguments("nn.Embedding", {"num_embeddings", "embedding_dim"}, {}, ...)
  self.num_embeddings, self.embedding_dim = o.num_embeddings, o.embedding_dim
  self.weight = mark.Parameter(tensor.randn(o.num_embeddings, o.embedding_dim))
end

function Embedding:forward(index)
  return tensor.embedding(index, self.weight)
end

function Embedding:extra_repr()
  return ("%d, %d"):format(self.num_embeddings, self.embedding_dim)
end

return Embedding
