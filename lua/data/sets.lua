-- SPDX-License-Identifier: GPL-3.0-or-later
-- The small data sets that come along; data/sets/README.md tells of them.

local files = require("gradus.data.files")
local options = require("gradus.options")

local M = {}

-- The second argument is the path of this file.
local _, here = ...
local folder = here:match("^(.*)/") .. "/sets/"

local about = {
  digits = {name = "digits", y = "digit", classes = true, licence = "CC BY 4.0",
    source = "E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI, 1998"},
  iris = {name = "iris", y = "species", licence = "CC BY 4.0",
    source = "R. A. Fisher, 1936, UCI"},
  wine = {name = "wine", y = "cultivar", licence = "CC BY 4.0",
    source = "S. Aeberhard, M. Forina: Wine, UCI, 1991"},
  diabetes = {name = "diabetes", y = "progression",
    licence = "published with the article; copy of scikit-learn, BSD-3-Clause",
    source = "B. Efron and others: Least Angle Regression, Annals of Statistics 32, 2004"},
}

local function load(name, o)
  o = options.read("data." .. name, o, {dtype = "float32"})
  local one = about[name]
  local set = files.csv(folder .. name .. ".csv.gz",
    {y = one.y, classes = one.classes, dtype = o.dtype})
  set.name, set.source, set.licence = one.name, one.source, one.licence
  return set
end

--- data.digits({dtype: string = "float32"}) -> Dataset
--- 1797 handwritten digits of 8 x 8 pixels, x (1797, 64) with values 0 to 16, ten classes.
--- Divide by 16 before a net sees them; x:reshape(-1, 8, 8) are the pictures.
--- > #data.digits()
--- 1797
function M.digits(o) return load("digits", o) end

--- data.iris({dtype: string = "float32"}) -> Dataset
--- 150 flowers of three species by four lengths in centimetres.
--- > data.iris()
--- iris: 150 samples of 4 features
---   classes: setosa (50), versicolor (50), virginica (50)
---   sepal length (cm): 4.3 to 7.9
---   sepal width (cm): 2 to 4.4
---   petal length (cm): 1 to 6.9
---   petal width (cm): 0.1 to 2.5
---   source: R. A. Fisher, 1936, UCI (CC BY 4.0)
function M.iris(o) return load("iris", o) end

--- data.wine({dtype: string = "float32"}) -> Dataset
--- 178 wines of three cultivars by 13 chemical values of very different size.
--- > data.wine().x:size()
--- {178, 13}
function M.wine(o) return load("wine", o) end

--- data.diabetes({dtype: string = "float32"}) -> Dataset
--- For regression: 442 patients, ten values as measured, the progression after one year.
--- > data.diabetes().y:mean():item() // 1
--- 152.0
function M.diabetes(o) return load("diabetes", o) end

return M
