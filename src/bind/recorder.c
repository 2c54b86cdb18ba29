// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/recorder.h"

#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "bind/box.h"
#include "engine/curve.h"

// The clock is looked at once in `STRIDE` calls at most: it costs as much as a
// call. What a slow call and one with a table cost, in quick ones, is in
// tests/bench/README.md.
enum { STRIDE = 16, SLOW = 16, TABLE = 3, MOST_IN_TABLE = 8 };
static const double PATIENCE = 0.005; // seconds between two looks, if possible

struct entry {
    const void *name; // the string, anchored in the user value: equal short
                      // ones are one
    struct grad_curve curve;
};

struct recorder {
    struct entry *entries;
    size_t n, room;
    size_t hint; // which is likely to be named next
    size_t calls, looked_at, look_at;
    size_t work;
    double looked, due;
    bool log;
};

static const char metatable_key;

// --- curves and their names --------------------------------------------------

static struct entry *find(struct recorder *r, const void *name)
{
    for (size_t k = 0; k < r->n; k++) {
        size_t i = r->hint + k < r->n ? r->hint + k : r->hint + k - r->n;
        if (r->entries[i].name == name) {
            r->hint = i + 1 < r->n ? i + 1 : 0;
            return &r->entries[i];
        }
    }
    return NULL;
}

// The table of names, pushed: name -> place, place -> name.
static void push_names(lua_State *L, int recorder)
{
    lua_getiuservalue(L, recorder, 1);
}

static struct entry *new_entry(lua_State *L, struct recorder *r, int name)
{
    if (r->n == r->room) {
        size_t room = r->room * 2 + 4;
        void *more = realloc(r->entries, room * sizeof *r->entries);
        if (!more)
            luaL_error(L, "out of memory");
        r->entries = more;
        r->room = room;
    }
    push_names(L, 1);
    lua_pushvalue(L, name);
    lua_rawseti(L, -2, (lua_Integer)r->n + 1);
    lua_pushvalue(L, name);
    lua_pushinteger(L, (lua_Integer)r->n + 1);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    struct entry *e = &r->entries[r->n++];
    *e = (struct entry){.name = lua_topointer(L, name),
                        .curve = {.log = r->log}};
    return e;
}

// The curve whose name is at an index, or NULL; the recorder is at 1.
static struct entry *entry_at(lua_State *L, struct recorder *r, int name)
{
    push_names(L, 1);
    lua_pushvalue(L, name);
    lua_rawget(L, -2);
    lua_Integer place = lua_tointeger(L, -1);
    lua_pop(L, 2);
    return place > 0 ? &r->entries[place - 1] : NULL;
}

static void make_room(lua_State *L, struct grad_curve *c)
{
    struct grad_error error = {0};
    if (!grad_curve_make_room(c, &error))
        grad_raise(L, &error);
}

static void add_point(lua_State *L, struct entry *e, double x, double y)
{
    if (!grad_curve_has_room(&e->curve))
        make_room(L, &e->curve);
    grad_curve_add(&e->curve, x, y);
}

// --- what stands in loops ----------------------------------------------------

// A number, or a tensor of one.
static bool number_at(lua_State *L, int index, double *y)
{
    if (lua_type(L, index) == LUA_TNUMBER) {
        *y = lua_tonumber(L, index);
        return true;
    }
    struct grad_tensor *t = grad_tensor_at(L, index);
    if (!t || t->numel != 1)
        return false;
    *y = grad_tensor_get(t, 0);
    return true;
}

// The table at an index, if all of it is known; nothing is added before that.
static bool add_table(lua_State *L, struct recorder *r, int index,
                      const double *x)
{
    struct entry *e[MOST_IN_TABLE];
    double y[MOST_IN_TABLE];
    size_t n = 0;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1), n++) {
        if (n == MOST_IN_TABLE || !(e[n] = find(r, lua_topointer(L, -2))) ||
            !number_at(L, lua_gettop(L), &y[n])) {
            lua_settop(L, index);
            return false;
        }
    }
    for (size_t i = 0; i < n; i++)
        add_point(L, e[i], x ? *x : e[i]->curve.last + 1, y[i]);
    r->work += TABLE + n;
    return true;
}

static bool add_lists(lua_State *L, struct recorder *r, int n)
{
    double x;
    if (n == 2 && lua_istable(L, 2))
        return add_table(L, r, 2, NULL);
    return n == 3 && lua_istable(L, 3) && number_at(L, 2, &x) &&
           add_table(L, r, 3, &x);
}

// The arguments behind self, if they are of a usual kind.
static bool add_quickly(lua_State *L, struct recorder *r)
{
    double x, y;
    int n = lua_gettop(L);
    struct entry *e = find(r, lua_topointer(L, 2));
    if (e && n == 3 && number_at(L, 3, &y))
        x = e->curve.last + 1;
    else if (!e || n != 4 || !number_at(L, 3, &x) || !number_at(L, 4, &y))
        return add_lists(L, r, n);
    add_point(L, e, x, y);
    r->work++;
    return true;
}

static double seconds(lua_State *L, int clock)
{
    if (!lua_isnil(L, clock)) {
        lua_pushvalue(L, clock);
        lua_call(L, 0, 1);
        double now = lua_tonumber(L, -1);
        lua_pop(L, 1);
        return now;
    }
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Looks at the clock, so often that a picture is not late and short steps do
// not pay for it.
static void look(lua_State *L, struct recorder *r)
{
    double now = seconds(L, lua_upvalueindex(4));
    double each = (now - r->looked) / (double)(r->calls - r->looked_at);
    double stride = each > 0 ? PATIENCE / each : STRIDE;
    r->looked = now;
    r->looked_at = r->calls;
    r->look_at = r->calls + (stride >= STRIDE ? STRIDE
                             : stride > 1     ? (size_t)stride
                                              : 1);
    if (now < r->due)
        return;
    lua_pushvalue(L, lua_upvalueindex(3));
    lua_call(L, 0, 0);
}

static int recorder_add(lua_State *L)
{
    struct recorder *r = lua_touserdata(L, lua_upvalueindex(1));
    if (!add_quickly(L, r)) {
        r->work += SLOW;
        lua_pushvalue(L, lua_upvalueindex(2));
        lua_insert(L, 1);
        lua_call(L, lua_gettop(L) - 1, 0);
    }
    if (++r->calls >= r->look_at)
        look(L, r);
    return 0;
}

static int recorder_update(lua_State *L)
{
    struct recorder *r = lua_touserdata(L, lua_upvalueindex(1));
    r->work++;
    if (++r->calls >= r->look_at)
        look(L, r);
    return 0;
}

// --- methods -----------------------------------------------------------------

static struct recorder *check(lua_State *L)
{
    struct recorder *r = lua_touserdata(L, 1);
    if (!r || !lua_getmetatable(L, 1))
        luaL_typeerror(L, 1, "recorder");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    if (!lua_rawequal(L, -1, -2))
        luaL_typeerror(L, 1, "recorder");
    lua_pop(L, 2);
    return r;
}

static int recorder_put(lua_State *L)
{
    struct recorder *r = check(L);
    luaL_checktype(L, 2, LUA_TSTRING);
    double y = luaL_checknumber(L, 4);
    struct entry *e = entry_at(L, r, 2);
    if (!e)
        e = new_entry(L, r, 2);
    add_point(L, e, luaL_optnumber(L, 3, e->curve.last + 1), y);
    return 0;
}

static int recorder_names(lua_State *L)
{
    struct recorder *r = check(L);
    lua_createtable(L, (int)r->n, 0);
    push_names(L, 1);
    for (size_t i = 1; i <= r->n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        lua_rawseti(L, -3, (lua_Integer)i);
    }
    lua_pop(L, 1);
    return 1;
}

static struct entry *check_entry(lua_State *L)
{
    struct entry *e = entry_at(L, check(L), 2);
    if (!e)
        luaL_argerror(L, 2, "no such curve");
    return e;
}

static void push_list(lua_State *L, const double *v, size_t n)
{
    lua_createtable(L, (int)n, 0);
    for (size_t i = 0; i < n; i++) {
        lua_pushnumber(L, v[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

// Pushes the curve thinned, as two lists.
static void push_thinned(lua_State *L, size_t n, const double *x,
                         const double *y, size_t parts, bool log)
{
    double *room = lua_newuserdatauv(L, (2 * n + 1) * sizeof *room, 0);
    size_t kept = grad_curve_thin(n, x, y, parts, log, room, room + n);
    push_list(L, room, kept);
    push_list(L, room + n, kept);
}

static int recorder_read(lua_State *L)
{
    struct entry *e = check_entry(L);
    lua_Integer parts = luaL_checkinteger(L, 3);
    luaL_argcheck(L, parts > 0, 3, "positive number expected");
    push_thinned(L, e->curve.n, e->curve.x, e->curve.y, (size_t)parts,
                 e->curve.log);
    return 2;
}

static int recorder_counts(lua_State *L)
{
    struct grad_curve *c = &check_entry(L)->curve;
    lua_pushinteger(L, (lua_Integer)c->given);
    lua_pushinteger(L, (lua_Integer)c->nans);
    lua_pushinteger(L, (lua_Integer)c->infs);
    lua_pushinteger(L, (lua_Integer)c->first_bad);
    lua_pushinteger(L, (lua_Integer)c->low);
    return 5;
}

static int recorder_work(lua_State *L)
{
    struct recorder *r = check(L);
    lua_pushinteger(L, (lua_Integer)r->work);
    r->work = 0;
    return 1;
}

static int recorder_due(lua_State *L)
{
    struct recorder *r = check(L);
    r->due = luaL_checknumber(L, 2);
    return 0;
}

static int recorder_gc(lua_State *L)
{
    struct recorder *r = lua_touserdata(L, 1);
    for (size_t i = 0; i < r->n; i++)
        grad_curve_free(&r->entries[i].curve);
    free(r->entries);
    *r = (struct recorder){0};
    return 0;
}

static const luaL_Reg methods[] = {{"put", recorder_put},
                                   {"names", recorder_names},
                                   {"read", recorder_read},
                                   {"counts", recorder_counts},
                                   {"work", recorder_work},
                                   {"due", recorder_due},
                                   {NULL, NULL}};

static void push_closure(lua_State *L, lua_CFunction f)
{
    lua_pushvalue(L, 5); // the recorder
    for (int i = 1; i <= 3; i++)
        lua_pushvalue(L, i);
    lua_pushcclosure(L, f, 4);
}

static int recorder_new(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 4);
    struct recorder *r = lua_newuserdatauv(L, sizeof *r, 1);
    *r = (struct recorder){.log = lua_toboolean(L, 4), .look_at = 1};
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(L, 5);
    lua_newtable(L);
    lua_setiuservalue(L, 5, 1);
    r->looked = seconds(L, 3);
    push_closure(L, recorder_add);
    push_closure(L, recorder_update);
    return 3;
}

// --- lists -------------------------------------------------------------------

static void read_list(lua_State *L, int index, size_t n, double *to)
{
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, index, (lua_Integer)i + 1);
        to[i] = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
}

// Short lists come back themselves.
static int thin(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_Integer parts = luaL_checkinteger(L, 3);
    luaL_argcheck(L, parts > 0, 3, "positive number expected");
    bool log = lua_toboolean(L, 4);
    size_t n = lua_rawlen(L, 1);
    lua_settop(L, 2);
    if (n / 4 <= (size_t)parts && n <= 4 * (size_t)parts)
        return 2;
    double *room = lua_newuserdatauv(L, 2 * n * sizeof *room, 0);
    read_list(L, 1, n, room);
    read_list(L, 2, n, room + n);
    push_thinned(L, n, room, room + n, (size_t)parts, log);
    return 2;
}

int grad_open_recorder(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"new", recorder_new}, {"thin", thin}, {NULL, NULL}};
    lua_createtable(L, 0, 3);
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, recorder_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushliteral(L, "recorder");
    lua_setfield(L, -2, "__name");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
    luaL_newlib(L, functions);
    return 1;
}
