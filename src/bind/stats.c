// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/stats.h"

#include <lauxlib.h>
#include <math.h>
#include <string.h>

#include "bind/box.h"
#include "bind/entry.h"
#include "engine/stats.h"

struct wanted {
    double bound;
    struct grad_histogram histogram;
    bool has_bins, has_bound;
};

static void read_range(lua_State *L, struct wanted *w)
{
    luaL_checktype(L, -1, LUA_TTABLE);
    lua_rawgeti(L, -1, 1);
    lua_rawgeti(L, -2, 2);
    if (!lua_isnumber(L, -1) || !lua_isnumber(L, -2))
        luaL_error(L, "stats: 'range' is {lo, hi}, two numbers");
    w->histogram.lo = lua_tonumber(L, -2);
    w->histogram.hi = lua_tonumber(L, -1);
    w->histogram.automatic = false;
    lua_pop(L, 2);
}

static int bins_at(lua_State *L, int index)
{
    lua_Integer n = luaL_checkinteger(L, index);
    return n < 1 || n > GRAD_MAX_BINS ? -1 : (int)n;
}

// The options at index 2.
static void read_options(lua_State *L, struct wanted *w)
{
    *w = (struct wanted){.bound = INFINITY, .histogram = {.automatic = true}};
    if (lua_isnoneornil(L, 2))
        return;
    luaL_checktype(L, 2, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
        const char *key =
            lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        if (!strcmp(key, "bins")) {
            w->histogram.bins = bins_at(L, -1);
            w->has_bins = true;
        } else if (!strcmp(key, "range")) {
            read_range(L, w);
        } else if (!strcmp(key, "bound")) {
            w->bound = luaL_checknumber(L, -1);
            w->has_bound = true;
        } else {
            luaL_error(L,
                       "stats: unknown option '%s'. Options: bins, bound, "
                       "range",
                       luaL_tolstring(L, -2, NULL));
        }
    }
}

static void set_number(lua_State *L, const char *name, double value)
{
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name);
}

static void set_count(lua_State *L, const char *name, size_t value)
{
    lua_pushinteger(L, (lua_Integer)value);
    lua_setfield(L, -2, name);
}

static void push_stats(lua_State *L, const struct wanted *w,
                       const struct grad_stats *s)
{
    double n = (double)s->n, var = s->n > 1 ? s->squares / (n - 1) : NAN;
    lua_createtable(L, 0, 14);
    set_count(L, "n", s->n);
    set_number(L, "mean", s->mean);
    set_number(L, "var", var);
    set_number(L, "std", sqrt(var));
    set_number(L, "min", s->min);
    set_number(L, "max", s->max);
    set_number(L, "zeros", (double)s->zeros / n);
    set_count(L, "nans", s->nans);
    set_count(L, "infs", s->infs);
    if (w->has_bound)
        set_number(L, "beyond", (double)s->beyond / n);
}

// Adds the histogram to the table on the stack's top.
static void set_histogram(lua_State *L, const struct grad_histogram *h)
{
    lua_createtable(L, h->bins, 0);
    for (int i = 0; i < h->bins; i++) {
        lua_pushinteger(L, (lua_Integer)h->count[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "counts");
    set_number(L, "lo", h->lo);
    set_number(L, "hi", h->hi);
}

static int tensor_stats(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    struct grad_error error = {0};
    struct grad_stats stats;
    struct wanted w;
    read_options(L, &w);
    if (w.histogram.bins > 0)
        w.histogram.count = lua_newuserdatauv(
            L, (size_t)w.histogram.bins * sizeof *w.histogram.count, 0);
    if (!grad_stats_collect(t, w.bound, w.has_bins ? &w.histogram : NULL,
                            &stats, &error))
        return grad_raise(L, &error);
    push_stats(L, &w, &stats);
    if (w.has_bins)
        set_histogram(L, &w.histogram);
    return 1;
}

static int tensor_histc(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    struct grad_error error = {0};
    struct grad_histogram h = {.bins =
                                   lua_isnoneornil(L, 2) ? 100 : bins_at(L, 2),
                               .lo = luaL_optnumber(L, 3, 0),
                               .hi = luaL_optnumber(L, 4, 0)};
    h.automatic = h.lo == 0 && h.hi == 0;
    size_t bins = h.bins > 0 ? (size_t)h.bins : 1;
    h.count = lua_newuserdatauv(L, bins * sizeof *h.count, 0);
    struct grad_tensor **box = grad_box_push(L);
    if (!grad_histogram_collect(t, &h, &error))
        return grad_raise(L, &error);
    *box = grad_tensor_new(t->dtype, 1, &bins, &error);
    if (!*box)
        return grad_raise(L, &error);
    for (size_t i = 0; i < bins; i++)
        grad_tensor_set(*box, i, (double)h.count[i]);
    return 1;
}

static const struct grad_entry entries[] = {
    {"stats", tensor_stats,
     "tensor.stats(x: tensor, {bins?: integer, range?: {number}, bound?: "
     "number}) -> table\n"
     "What is in a tensor, counted in one pass: n, mean, var and std (by\n"
     "n - 1), min, max, the share of zeros, how many nans and infs; with a\n"
     "bound the share `beyond` it in magnitude; with bins a histogram:\n"
     "counts, lo, hi. Without a range it goes from the smallest to the\n"
     "largest finite element.\n"
     "> s = tensor{0, 1, 2, 5}:stats{bins = 2, bound = 4}\n"
     "> s.mean, s.zeros, s.beyond\n"
     "2.0\n"
     "0.25\n"
     "0.25\n"
     "> s.counts[1], s.counts[2], s.hi\n"
     "3\n"
     "1\n"
     "5.0"},
    {"histc", tensor_histc,
     "tensor.histc(x: tensor, bins: integer = 100, lo: number = 0, hi: "
     "number = 0) -> tensor\n"
     "How many elements fall into each of `bins` equal parts of [lo, hi];\n"
     "with lo = hi = 0 from the smallest to the largest element. Elements\n"
     "outside are not counted.\n"
     "> tensor{1, 2, 2, 5}:histc(4, 1, 5)\n"
     "tensor{1, 2, 0, 1}  -- float32 (4)"},
    {NULL, NULL, NULL},
};

void grad_stats_open(lua_State *L)
{
    grad_entries_open(L, entries, "tensor.");
    grad_methods_push(L);
    for (const struct grad_entry *e = entries; e->name; e++) {
        lua_pushcfunction(L, e->function);
        lua_setfield(L, -2, e->name);
    }
    lua_pop(L, 1);
}
