-- SPDX-License-Identifier: GPL-3.0-or-later
-- The sets that come along print themselves; their sums are those of the sources.
for _, name in ipairs{"digits", "iris", "wine", "diabetes"} do
  local s = data[name]{dtype = "float64"}
  print(name, #s, s.x:size(2), ("%.4f %.4f"):format(s.x:sum():item(), s.y:sum():item()))
end
-- expect: digits	1797	64	561718.0000 9867.0000
-- expect: iris	150	4	2078.7000 300.0000
-- expect: wine	178	13	159975.2960 345.0000
-- expect: diabetes	442	10	276404.2336 67243.0000
print(data.iris())
-- expect: iris: 150 samples of 4 features
-- expect:   classes: setosa (50), versicolor (50), virginica (50)
-- expect:   sepal length (cm): 4.3 to 7.9
-- expect:   sepal width (cm): 2 to 4.4
-- expect:   petal length (cm): 1 to 6.9
-- expect:   petal width (cm): 0.1 to 2.5
-- expect:   source: R. A. Fisher, 1936, UCI (CC BY 4.0)
