-- SPDX-License-Identifier: GPL-3.0-or-later
-- How all pictures look: colours that people with any colour vision can tell
-- apart (Okabe and Ito), palettes whose lightness grows evenly, and the sizes of
-- the letters. A picture names roles and numbers, never colours.

local M = {}

M.font = "DejaVu Sans"

M.light = {
  name = "light", faint = 0.31, background = "#ffffff", text = "#1f2328", dim = "#59636e", axis = "#8c959f",
  grid = "#e4e8ec", empty = "#d0d7de", alarm = "#c0182a",
  leaf = "#d6e9f8",
  series = {"#0072b2", "#d55e00", "#009e73", "#b75f95", "#c98a00", "#3fa3dc", "#5b5b5b", "#7a3b00"},
}

M.dark = {
  name = "dark", faint = 0.435, background = "#15191f", text = "#f0f3f6", dim = "#aab4be", axis = "#7d8790",
  grid = "#2b323b", empty = "#3d444d", alarm = "#ff6b6b",
  leaf = "#1d3a52",
  series = {"#56b4e9", "#ff8a3d", "#2fd6a1", "#e59ac8", "#f0c000", "#9ad1f5", "#c9c9c9", "#d9a066"},
}

-- Drawn as text, on a background that nobody knows: colours of middle lightness. No colour for
-- text is the terminal's own.
M.terminal = {
  name = "terminal", dim = "#8a8a8a", axis = "#8a8a8a", grid = "#6c6c6c", empty = "#6c6c6c",
  alarm = "#ff5f5f",
  series = {"#3a9ad9", "#e8702a", "#1fae82", "#c97bab", "#d1a000", "#66c2ee", "#9a9a9a", "#b07a4a"},
}

-- On a dark background what is near nothing is dark, and the bright colours of the series stand out.
M.dark.palettes = {
  viridis = {"#6b4fa0", "#5b5fb0", "#4a7ab5", "#3a96b0", "#35ab9b", "#4cc084", "#78d46a", "#b2e03e",
             "#fde725"},
  diverging = {"#8cc4f5", "#4a90cc", "#26557e", "#1f252d", "#7a4325", "#c96f3f", "#f5b08c"},
  blues = {"#1b232d", "#1d3a55", "#255f8f", "#3a8bc4", "#78b9e6", "#cfe6f7"},
  sides = {"#1d4b70", "#1b3850", "#20262e", "#4a3322", "#6e4120"},
  soft = {"#1d4b70", "#6e4120", "#175744", "#5e3b50", "#5f5012", "#2f566e", "#4c4c4c", "#5c4326"},
}

M.current = M.light

--- The colours of a heat map, from low to high.
M.palettes = {
  viridis = {"#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962",
             "#addc30", "#fde725"},
  diverging = {"#0f4c8a", "#3f86c4", "#a3c9e8", "#f4f4f2", "#f2b694", "#cf6a3a", "#8f2d0a"},
  blues = {"#f3f7fb", "#cfe1f2", "#93c1e2", "#4a94c9", "#1c66a8", "#0b3c74"},
  gray = {"#000000", "#ffffff"},
  sides = {"#a9cfe9", "#d4e7f4", "#f7f7f5", "#fbe0cd", "#f3b995"},
  -- Light shades of the colours of the series, class by class.
  soft = {"#cfe3f3", "#fbdcc6", "#cdeee2", "#f2ddea", "#f7e8c3", "#d9eefa", "#dddddd", "#e6d3c3"},
}

local function check(who, name, level)
  if name ~= "light" and name ~= "dark" then
    error(("%s: there are 'light' and 'dark'; got '%s'"):format(who, tostring(name)), level and level + 1 or 0)
  end
end

--- theme.use(name) chooses "light" or "dark" for what is drawn from now on.
function M.use(name)
  check("plot.theme", name, 3)
  M.current = M[name]
end

--- The theme of that name; without one the theme chosen.
function M.get(name)
  if name == nil then return M.current end
  check("theme", name)
  return M[name]
end

--- The colour of the i-th curve, a role ("alarm", "dim") or "#rrggbb" as it is.
function M.color(theme, which)
  if type(which) == "number" then
    return theme.series[(which - 1) % #theme.series + 1]
  end
  if type(which) == "string" and which:match("^#%x%x%x%x%x%x$") then return which end
  return theme[which] or theme.series[1]
end

function M.rgb(hex)
  return tonumber(hex:sub(2, 3), 16), tonumber(hex:sub(4, 5), 16), tonumber(hex:sub(6, 7), 16)
end

--- The colours of a palette, as they are in a theme.
function M.palette(name, theme)
  local colors = theme and theme.palettes and theme.palettes[name] or M.palettes[name]
  if not colors then
    error(("a figure: no palette is called '%s'. Palettes: viridis diverging blues gray"):format(tostring(name)), 0)
  end
  return colors
end

local function mix(a, b, f)
  local r1, g1, b1 = M.rgb(a)
  local r2, g2, b2 = M.rgb(b)
  local function between(x, y) return math.floor(x + (y - x) * f + 0.5) end
  return ("#%02x%02x%02x"):format(between(r1, r2), between(g1, g2), between(b1, b2))
end

--- A colour that lets through what is behind it, #aarrggbb; `opaque`, for terminals without such lines, mixed
--- with the background.
function M.faint(theme, hex, opaque)
  if opaque then return mix(theme.background, hex, theme.faint) end
  return ("#%02x%s"):format(math.floor(255 * (1 - theme.faint) + 0.5), hex:sub(2))
end

--- The colour at t in [0, 1] of a palette, by straight lines between its entries.
function M.at(palette, t, theme)
  local colors = M.palette(palette, theme)
  local place = math.max(0, math.min(1, t)) * (#colors - 1)
  local i = math.min(math.floor(place), #colors - 2)
  return mix(colors[i + 1], colors[i + 2], place - i)
end

--- Black or white, whichever is easier to read on a colour (relative luminance).
function M.contrast(hex)
  local function linear(c)
    c = c / 255
    return c <= 0.04045 and c / 12.92 or ((c + 0.055) / 1.055) ^ 2.4
  end
  local r, g, b = M.rgb(hex)
  local luminance = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  return luminance > 0.20 and "#101418" or "#ffffff"
end

return M
