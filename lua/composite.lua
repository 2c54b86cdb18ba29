-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tensor functions that are a few others in a row. Gradients come by
-- themselves, since the parts have them.

local core = require("gradus.core")

local M = {}

local function is_tensor(x) return core.is_tensor(x) end

-- Refuses what is no tensor, in the words of the operations in C.
local function need(who, name, x)
  if is_tensor(x) then return end
  local hint = name == "x" and (". Hint: a method needs a colon, x:%s()"):format(who) or ""
  local came = x == nil and "is missing; expected a tensor" .. hint or "should be a tensor; got " .. type(x)
  error(("%s: '%s' %s"):format(who, name, came), 3)
end

-- keepdim from a boolean or from {keepdim = true}.
local function keeps(o)
  if type(o) == "table" then o = o.keepdim end
  return o == true
end

-- How many elements the dimensions hold together.
local function count(x, dims)
  if dims == nil then return x:numel() end
  local n = 1
  for _, d in ipairs(type(dims) == "table" and dims or {dims}) do n = n * x:size(d) end
  return n
end

-- Applies `one(x, dim, keepdim)` to several dimensions, one after the other.
local function in_turn(x, dims, keepdim, one)
  for _, d in ipairs(dims) do x = (one(x, d, true)) end
  return keepdim and x or x:squeeze(dims)
end

-- An extreme over everything, or along one dimension with positions.
local function extreme(along)
  return function(x, dim, keepdim)
    if is_tensor(dim) or dim == nil then return (along(x:reshape(-1), 1)) end
    if type(dim) == "table" then return in_turn(x, dim, keeps(keepdim), along) end
    return along(x, dim, keeps(keepdim))
  end
end

local largest, smallest = extreme(core.max_dim), extreme(core.min_dim)

--- tensor.max(x: tensor, dim?: integer|{integer}|tensor, keepdim: boolean = false) -> tensor, tensor?
--- The largest element; along a dimension the largest ones and their positions; over several
--- dimensions the largest ones alone; with a second
--- tensor the larger of the two, element by element.
--- > tensor{{1, 5}, {7, 2}}:max():item()
--- 7.0
function M.max(x, dim, keepdim)
  if is_tensor(dim) then return core.maximum(x, dim) end
  need("max", "x", x)
  return largest(x, dim, keepdim)
end

--- tensor.min(x: tensor, dim?: integer|{integer}|tensor, keepdim: boolean = false) -> tensor, tensor?
--- The smallest element; along a dimension the smallest ones and their positions; over several
--- dimensions the smallest ones alone; with a second
--- tensor the smaller of the two, element by element.
--- > tensor{{1, 5}, {7, 2}}:min():item()
--- 1.0
function M.min(x, dim, keepdim)
  if is_tensor(dim) then return core.minimum(x, dim) end
  need("min", "x", x)
  return smallest(x, dim, keepdim)
end

local function place(who, along)
  return function(x, dim, keepdim)
    need(who, "x", x)
    if dim == nil then return along(x:reshape(-1), 1) end
    return along(x, dim, keeps(keepdim))
  end
end

--- tensor.argmax(x: tensor, dim?: integer, keepdim: boolean = false) -> tensor
--- The position (from 1) of the largest element, of all or along a dimension.
--- > tensor{3, 9, 4}:argmax():item()
--- 2.0
M.argmax = place("argmax", core.argmax_dim)

--- tensor.argmin(x: tensor, dim?: integer, keepdim: boolean = false) -> tensor
--- The position (from 1) of the smallest element, of all or along a dimension.
--- > tensor{3, 9, 4}:argmin():item()
--- 1.0
M.argmin = place("argmin", core.argmin_dim)

--- tensor.prod(x: tensor, dim?: integer|{integer}, keepdim: boolean = false) -> tensor
--- The product of all elements, or over the dimensions given.
--- > tensor{2, 3, 4}:prod():item()
--- 24.0
function M.prod(x, dim, keepdim)
  need("prod", "x", x)
  if dim == nil then return core.prod_dim(x:reshape(-1), 1) end
  if type(dim) == "table" then return in_turn(x, dim, keeps(keepdim), core.prod_dim) end
  return core.prod_dim(x, dim, keeps(keepdim))
end

-- The distances from the mean, what the sum of their squares is divided by, dims and keepdim.
local function distances(x, dims, o, keepdim)
  if type(dims) == "boolean" or (type(dims) == "table" and #dims == 0) then
    dims, o, keepdim = nil, dims, o
  end
  local unbiased = true
  if type(o) == "table" then
    if o.unbiased == false then unbiased = false end
    keepdim = o.keepdim
  elseif o == false then
    unbiased = false
  end
  return x - x:mean(dims, true), math.max(count(x, dims) - (unbiased and 1 or 0), 0), dims, keeps(keepdim)
end

-- A power of two that brings the largest distance near 1, when squares of it might leave float32.
local function scale_of(far, squares)
  squares = squares:detach():reshape(-1)
  if far:numel() == 0 or squares:numel() == 0 then return 1 end
  if squares:max():item() < math.huge and squares:min():item() > 1e-30 then return 1 end
  local most = far:detach():abs():max():item()
  if not (most > 0 and most < math.huge) then return 1 end
  return 2.0 ^ -math.max(-120, math.min(120, math.floor(math.log(most, 2))))
end

-- The variance of s x, and s, which is 1 unless the numbers are very large or small: signals that explode reach
-- 1e20 long before they are infinite. With one element (or none) it is 0 / 0, which is nan.
local function scaled_var(...)
  local far, n, dims, keepdim = distances(...)
  local squares = (far * far):sum(dims, keepdim)
  local s = scale_of(far, squares)
  if s == 1 then return squares / n, s end
  far = far * s
  return (far * far):sum(dims, keepdim) / n, s
end

--- tensor.var(x: tensor, dims?: integer|{integer}, {unbiased: boolean = true, keepdim: boolean = false}) -> tensor
--- The variance: the mean squared distance from the mean, divided by n - 1 (unbiased) or n.
--- > tensor{1, 2, 3, 4}:var():item()
--- 1.6666666269302
function M.var(...)
  need("var", "x", (...))
  local v, s = scaled_var(...)
  return s == 1 and v or v / s / s
end

--- tensor.std(x: tensor, dims?: integer|{integer}, {unbiased: boolean = true, keepdim: boolean = false}) -> tensor
--- The standard deviation, the root of the variance.
--- > tensor{1, 1, 1}:std():item()
--- 0.0
function M.std(...)
  need("std", "x", (...))
  local v, s = scaled_var(...)
  return s == 1 and v:sqrt() or v:sqrt() / s
end

--- tensor.norm(x: tensor, p: number = 2, dims?: integer|{integer}, keepdim: boolean = false) -> tensor
--- (sum |x|^p)^(1/p); p = math.huge is the largest absolute value.
--- > tensor{3, 4}:norm():item()
--- 5.0
function M.norm(x, p, dims, keepdim)
  need("norm", "x", x)
  p = p or 2
  if p == math.huge then
    if dims == nil then return x:abs():max() end
    return (x:abs():max(dims, keepdim))
  end
  if p == 1 then return x:abs():sum(dims, keeps(keepdim)) end
  if p == 2 then return x:square():sum(dims, keeps(keepdim)):sqrt() end
  return (x:abs() ^ p):sum(dims, keeps(keepdim)) ^ (1 / p)
end

--- tensor.logsumexp(x: tensor, dims: integer|{integer}, keepdim: boolean = false) -> tensor
--- log(sum(exp(x))) over dimensions, without overflow.
--- > ("%.4f"):format(tensor{1000, 1000}:logsumexp(1):item())
--- 1000.6932
function M.logsumexp(x, dims, keepdim)
  need("logsumexp", "x", x)
  local top = x:detach()
  for _, d in ipairs(type(dims) == "table" and dims or {dims}) do top = (top:max(d, true)) end
  top = core.where(top:abs():lt(math.huge), top, 0)
  local sum = (x - top):exp():sum(dims, true):log() + top
  return keeps(keepdim) and sum or sum:squeeze(dims)
end

--- tensor.any(x: tensor, dims?: integer|{integer}, keepdim: boolean = false) -> boolean|tensor
--- Whether any element is not 0; over dimensions a mask of 0 and 1.
--- > tensor{0, 2}:any()
--- true
--- > tensor{{0, 2}, {0, 0}}:any(2)
--- tensor{1, 0}  -- float32 (2)
function M.any(x, dims, keepdim)
  need("any", "x", x)
  local others = x:detach():ne(0):sum(dims, keeps(keepdim))
  if dims == nil then return others:item() > 0 end
  return others:gt(0)
end

--- tensor.all(x: tensor, dims?: integer|{integer}, keepdim: boolean = false) -> boolean|tensor
--- Whether no element is 0; over dimensions a mask of 0 and 1.
--- > tensor{0, 2}:all()
--- false
function M.all(x, dims, keepdim)
  need("all", "x", x)
  local zeros = x:detach():eq(0):sum(dims, keeps(keepdim))
  if dims == nil then return zeros:item() == 0 end
  return zeros:eq(0)
end

-- Positions (from 1) where a mask is not 0, as a tensor.
local function positions(mask)
  local list = {}
  for i, v in ipairs(mask:detach():reshape(-1):totable()) do
    if v ~= 0 then list[#list + 1] = i end
  end
  return core.tensor(list, {dtype = "float64"})
end

local function same_shape(a, b)
  return a:dim() == b:dim() and table.concat(a:size(), " ") == table.concat(b:size(), " ")
end

--- tensor.masked_select(x: tensor, mask: tensor) -> tensor
--- The elements where a mask of x's shape is not 0, one after the other.
--- > x = tensor{3, -1, 4}
--- > x:masked_select(x:gt(0))
--- tensor{3, 4}  -- float32 (2)
function M.masked_select(x, mask)
  need("masked_select", "x", x)
  if not same_shape(x, mask) then
    error(("masked_select: the mask is (%s), x (%s); expected the same shape"):format(
      table.concat(mask:size(), ", "), table.concat(x:size(), ", ")), 2)
  end
  return x:reshape(-1):index_select(1, positions(mask))
end

-- What a tensor between brackets means: "mask" or "places". A list of ones could be both.
local function meaning(x, index)
  if index:dim() > 1 then return "mask" end
  local alike, ones = same_shape(x, index) and index:numel() > 1, index:eq(1):all()
  if index:eq(0):any() then return "mask" end
  if alike and ones then
    error("x[ones] could mean a mask or the first place again and again. Hint: " ..
      "x:masked_select(mask) or x:index_select(1, places)", 3)
  end
  return "places"
end

-- x[t]: rows by their places, or elements by a mask.
function M._index_tensor(x, index)
  if meaning(x, index) == "mask" then return M.masked_select(x, index) end
  return x:index_select(1, index)
end

-- x[t] = value, one value for all or one for each.
function M._set_tensor(x, index, value)
  if meaning(x, index) == "mask" then
    if not same_shape(x, index) then error("the mask and x differ in shape", 2) end
    if core.is_tensor(value) and value:dim() > 0 and not same_shape(x, value) then
      local flat = x:reshape(-1)
      for k, i in ipairs(positions(index):totable()) do
        flat[math.tointeger(i)] = value:reshape(-1)[k]
      end
      if not x:is_contiguous() then x:copy_(flat:reshape(x:size())) end
      return
    end
    x:copy_(core.where(index, value, x:detach()))
    return
  end
  for k, i in ipairs(index:totable()) do
    local each = core.is_tensor(value) and value:dim() == x:dim()
    x[math.tointeger(i)] = each and value[k] or value
  end
end

--- tensor.t(x: tensor) -> tensor
--- A matrix transposed; a view.
--- > tensor{{1, 2}, {3, 4}}:t()
--- tensor{{1, 3},
---        {2, 4}}  -- float32 (2, 2)
function M.t(x)
  need("t", "x", x)
  if x:dim() > 2 then
    error("t: a tensor of " .. x:dim() .. " dimensions. Hint: x:transpose(d1, d2) or x:permute", 2)
  end
  if x:dim() < 2 then return x end
  return x:transpose(1, 2)
end

--- tensor.view(x: tensor, ...: integer) -> tensor
--- The same as reshape.
--- > tensor.zeros(2, 3):view(-1):size(1)
--- 6
M.view = core.reshape

--- tensor.flatten(x: tensor, first: integer = 1, last: integer = -1) -> tensor
--- The dimensions from `first` to `last` made one.
--- > tensor.zeros(2, 3, 4):flatten(2):size()
--- {2, 12}
function M.flatten(x, first, last)
  need("flatten", "x", x)
  local n = x:dim()
  first, last = first or 1, last or -1
  if n == 0 then return x:reshape(1) end
  if first < 0 then first = first + n + 1 end
  if last < 0 then last = last + n + 1 end
  if first < 1 or last > n or first > last then
    error(("flatten: dimensions %d to %d of a tensor of %d"):format(first, last, n), 2)
  end
  local sizes, product = {}, 1
  for d, size in ipairs(x:size()) do
    if d >= first and d <= last then product = product * size end
    if d < first or d > last then sizes[#sizes + 1] = size end
    if d == last then sizes[#sizes + 1] = product end
  end
  return x:reshape(sizes)
end

--- tensor.stack(tensors: {tensor, ...}, dim: integer = 1) -> tensor
--- Tensors of one shape put together along a new dimension.
--- > tensor.stack{tensor{1, 2}, tensor{3, 4}}
--- tensor{{1, 2},
---        {3, 4}}  -- float32 (2, 2)
function M.stack(tensors, dim)
  if type(tensors) ~= "table" then
    error(("stack: 'tensors' should be a table of tensors; got %s"):format(type(tensors)), 2)
  end
  local list = {}
  for i, x in ipairs(tensors) do list[i] = x:unsqueeze(dim or 1) end
  return core.cat(list, dim or 1)
end

--- tensor.split(x: tensor, size: integer|{integer}, dim: integer = 1) -> {tensor, ...}
--- Pieces of that size along a dimension, the last one what is left; or of the sizes given.
--- > #tensor.arange(5):split(2)
--- 3
function M.split(x, size, dim)
  need("split", "x", x)
  dim = dim or 1
  local total, pieces, at = x:size(dim), {}, 1
  local k = 1
  while at <= total do
    local length = type(size) == "table" and size[k] or math.min(size, total - at + 1)
    if not length or length < 1 then
      error(("split: the sizes do not add up to %d"):format(total), 2)
    end
    pieces[k] = x:narrow(dim, at, length)
    at, k = at + length, k + 1
  end
  return pieces
end

--- tensor.chunk(x: tensor, n: integer, dim: integer = 1) -> {tensor, ...}
--- At most n pieces of equal size along a dimension, the last one smaller if need be.
--- > tensor.arange(5):chunk(2)[2]:size(1)
--- 2
function M.chunk(x, n, dim)
  need("chunk", "x", x)
  return M.split(x, math.max(1, (x:size(dim or 1) + n - 1) // n), dim)
end

--- tensor.unbind(x: tensor, dim: integer = 1) -> {tensor, ...}
--- The slices of a dimension, one by one.
--- > #tensor.zeros(3, 2):unbind()
--- 3
function M.unbind(x, dim)
  need("unbind", "x", x)
  local list = {}
  for i = 1, x:size(dim or 1) do list[i] = x:select(dim or 1, i) end
  return list
end

--- tensor.masked_fill(x: tensor, mask: tensor, value: number) -> tensor
--- x with `value` where the mask is not 0.
--- > tensor{1, 2}:masked_fill(tensor{0, 1}, 9)
--- tensor{1, 9}  -- float32 (2)
function M.masked_fill(x, mask, value)
  need("masked_fill", "x", x)
  return core.where(mask, value, x)
end

--- tensor.clamp(x: tensor, low: number, high: number) -> tensor
--- Elements below `low` become low, those above `high` become high.
--- > tensor{-2, 0.5, 2}:clamp(-1, 1)
--- tensor{-1.0000, 0.5000, 1.0000}  -- float32 (3)
function M.clamp(x, low, high)
  need("clamp", "x", x)
  if low and low > -math.huge then x = core.where(x:lt(low), low, x) end
  if high and high < math.huge then x = core.where(x:gt(high), high, x) end
  return x
end

--- tensor.topk(x: tensor, k: integer, dim: integer = -1, largest: boolean = true) -> tensor, tensor
--- The k largest (or smallest) elements along a dimension, in order, and their positions.
--- > (tensor{3, 9, 4}:topk(2))
--- tensor{9, 4}  -- float32 (2)
function M.topk(x, k, dim, is_largest)
  need("topk", "x", x)
  local values, places = x:sort(dim or -1, is_largest ~= false)
  return values:narrow(dim or -1, 1, k), places:narrow(dim or -1, 1, k)
end

--- tensor.argsort(x: tensor, dim: integer = -1, descending: boolean = false) -> tensor
--- The positions that would put the elements in order.
--- > tensor{3, 1, 2}:argsort()
--- tensor{2, 3, 1}  -- float64 (3)
function M.argsort(x, dim, descending)
  need("argsort", "x", x)
  return select(2, x:sort(dim or -1, descending or false))
end

--- tensor.dot(a: tensor, b: tensor) -> tensor
--- The sum of the products of two vectors.
--- > tensor{1, 2}:dot(tensor{3, 4}):item()
--- 11.0
function M.dot(a, b)
  need("dot", "a", a)
  need("dot", "b", b)
  return (a * b):sum()
end

--- tensor.outer(a: tensor, b: tensor) -> tensor
--- All products of an element of a and one of b: a column times a row.
--- > tensor{1, 2}:outer(tensor{3, 4})
--- tensor{{3, 4},
---        {6, 8}}  -- float32 (2, 2)
function M.outer(a, b)
  need("outer", "a", a)
  need("outer", "b", b)
  return a:unsqueeze(2) * b:unsqueeze(1)
end

-- A mask of ones where column - row compares with k.
local function triangle(x, k, compare)
  local rows, columns = x:size(-2), x:size(-1)
  local i = core.arange(rows, {dtype = x:dtype()}):unsqueeze(2)
  local j = core.arange(columns, {dtype = x:dtype()}):unsqueeze(1)
  return compare(j - i, k)
end

--- tensor.tril(x: tensor, k: integer = 0) -> tensor
--- The lower triangle of a matrix, zeros above the k-th diagonal.
--- > tensor.ones(2, 2):tril()
--- tensor{{1, 0},
---        {1, 1}}  -- float32 (2, 2)
function M.tril(x, k)
  need("tril", "x", x)
  return core.where(triangle(x, k or 0, core.le), x, 0)
end

--- tensor.triu(x: tensor, k: integer = 0) -> tensor
--- The upper triangle of a matrix, zeros below the k-th diagonal.
--- > tensor.ones(2, 2):triu()
--- tensor{{1, 1},
---        {0, 1}}  -- float32 (2, 2)
function M.triu(x, k)
  need("triu", "x", x)
  return core.where(triangle(x, k or 0, core.ge), x, 0)
end

--- tensor.diag(x: tensor) -> tensor
--- The diagonal of a matrix; or, of a vector, the matrix with that diagonal.
--- > tensor{{1, 2}, {3, 4}}:diag()
--- tensor{1, 4}  -- float32 (2)
function M.diag(x)
  need("diag", "x", x)
  if x:dim() == 1 then return core.eye(x:numel(), {dtype = x:dtype()}) * x end
  local n = math.min(x:size(1), x:size(2))
  local index = core.arange(n, {dtype = "float64"}):unsqueeze(2)
  return x:narrow(1, 1, n):gather(2, index):squeeze(2)
end

--- tensor.trace(x: tensor) -> tensor
--- The sum of the diagonal.
--- > tensor{{1, 2}, {3, 4}}:trace():item()
--- 5.0
function M.trace(x)
  need("trace", "x", x)
  return M.diag(x):sum()
end

--- tensor.tile(x: tensor, ...: integer) -> tensor
--- x repeated that often in each dimension.
--- > tensor{1, 2}:tile(2)
--- tensor{1, 2, 1, 2}  -- float32 (4)
function M.tile(x, ...)
  need("tile", "x", x)
  local times = type(...) == "table" and ... or {...}
  while x:dim() < #times do x = x:unsqueeze(1) end
  for d, n in ipairs(times) do
    local list = {}
    for i = 1, n do list[i] = x end
    if n > 1 then x = core.cat(list, d - #times - 1) end
  end
  return x
end

--- tensor.roll(x: tensor, shift: integer, dim: integer) -> tensor
--- The positions of a dimension moved up by `shift`; those that leave at the end come back in front.
--- > tensor{1, 2, 3, 4}:roll(1, 1)
--- tensor{4, 1, 2, 3}  -- float32 (4)
function M.roll(x, shift, dim)
  need("roll", "x", x)
  local n = x:size(dim)
  if n == 0 or shift % n == 0 then return x:clone() end
  local cut = n - shift % n
  return core.cat({x:narrow(dim, cut + 1, n - cut), x:narrow(dim, 1, cut)}, dim)
end

--- tensor.mm(a: tensor, b: tensor) -> tensor
--- The product of two matrices; matmul knows more shapes.
--- > tensor{{1, 2}, {3, 4}}:mm(tensor{{1}, {1}})
--- tensor{{3},
---        {7}}  -- float32 (2, 1)
function M.mm(a, b)
  need("mm", "a", a)
  need("mm", "b", b)
  if a:dim() ~= 2 or b:dim() ~= 2 then
    error(("mm: two matrices are expected; got %d and %d dimensions. Hint: matmul"):format(a:dim(), b:dim()), 2)
  end
  return core.matmul(a, b)
end

--- tensor.zeros_like(x: tensor) -> tensor
--- Zeros of x's shape and type.
--- > tensor.zeros_like(tensor{1, 2})
--- tensor{0, 0}  -- float32 (2)
function M.zeros_like(x)
  need("zeros_like", "x", x)
  return core.zeros(x:size(), {dtype = x:dtype()})
end

--- tensor.ones_like(x: tensor) -> tensor
--- Ones of x's shape and type.
--- > tensor.ones_like(tensor{1, 2})
--- tensor{1, 1}  -- float32 (2)
function M.ones_like(x)
  need("ones_like", "x", x)
  return core.ones(x:size(), {dtype = x:dtype()})
end

--- tensor.full_like(x: tensor, value: number) -> tensor
--- One value in x's shape and type.
--- > tensor.full_like(tensor{1, 2}, 7)
--- tensor{7, 7}  -- float32 (2)
function M.full_like(x, value)
  need("full_like", "x", x)
  return core.full(x:size(), value, {dtype = x:dtype()})
end

--- tensor.rand_like(x: tensor) -> tensor
--- Uniform random numbers of x's shape and type.
--- > tensor.rand_like(tensor{1, 2}):size(1)
--- 2
function M.rand_like(x)
  need("rand_like", "x", x)
  return core.rand(x:size(), {dtype = x:dtype()})
end

--- tensor.randn_like(x: tensor) -> tensor
--- Normal random numbers of x's shape and type.
--- > tensor.randn_like(tensor{1, 2}):size(1)
--- 2
function M.randn_like(x)
  need("randn_like", "x", x)
  return core.randn(x:size(), {dtype = x:dtype()})
end

--- tensor.allclose(a: tensor, b: tensor, {rtol: number = 1e-5, atol: number = 1e-8}) -> boolean
--- Whether |a - b| <= atol + rtol |b| everywhere.
--- > tensor{1, 2}:allclose(tensor{1, 2.000001})
--- true
function M.allclose(a, b, o)
  need("allclose", "a", a)
  need("allclose", "b", b)
  o = require("gradus.options").read("tensor.allclose", o, {rtol = 1e-5, atol = 1e-8})
  a, b = a:detach(), b:detach()
  local near = (a - b):abs():le(b:abs() * o.rtol + o.atol)
  return core.maximum(near, a:eq(b)):all()
end

return M
