// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/strings.h"

#include <ctype.h>
#include <lauxlib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "bind/pattern.h"
#include "bind/watch.h"

enum {
    FEW_NODES = 64,  // need no memory of their own
    PIECE = 1 << 20, // bytes copied between two looks at the watch
};

// --- searching ---------------------------------------------------------------

// Room for the nodes of a pattern: `few` if that is enough, or memory that
// stays on Lua's stack.
static struct grad_node *room(lua_State *L, size_t length,
                              struct grad_node *few)
{
    if (few && length < FEW_NODES)
        return few;
    if (length > SIZE_MAX / sizeof(struct grad_node) - 1)
        luaL_error(L, "pattern too long");
    return lua_newuserdatauv(L, (length + 1) * sizeof(struct grad_node), 0);
}

static void begin(struct grad_search *s, lua_State *L, const char *subject,
                  size_t length)
{
    s->L = L;
    s->begin = subject;
    s->end = subject + length;
    s->depth = 0;
    s->steps = 0;
}

// Pushes capture i, or for a pattern without captures the whole match.
static void push_capture(struct grad_search *s, int i, const char *from,
                         const char *to)
{
    if (i >= s->captures) {
        if (i > 0)
            luaL_error(s->L, "invalid capture index %%%d", i + 1);
        lua_pushlstring(s->L, from, (size_t)(to - from));
        return;
    }
    const struct grad_capture *c = &s->capture[i];
    if (c->length == GRAD_IS_POSITION)
        lua_pushinteger(s->L, c->from - s->begin + 1);
    else
        lua_pushlstring(s->L, c->from, (size_t)c->length);
}

static int push_captures(struct grad_search *s, const char *from,
                         const char *to)
{
    int n = s->captures == 0 && from ? 1 : s->captures;
    luaL_checkstack(s->L, n, "too many captures");
    for (int i = 0; i < n; i++)
        push_capture(s, i, from, to);
    return n;
}

// Where a search begins, counted from 0; beyond the subject: length + 1.
static size_t start_of(lua_State *L, int index, size_t length)
{
    lua_Integer init = luaL_optinteger(L, index, 1);
    if (init > 0)
        return (size_t)init - 1 > length ? length + 1 : (size_t)init - 1;
    if (init == 0 || init < -(lua_Integer)length)
        return 0;
    return length + (size_t)init;
}

static bool has_specials(const char *pattern, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (pattern[i] && strchr("^$*+?.([%-", pattern[i]))
            return true;
    return false;
}

static int find_plain(lua_State *L, const char *subject, size_t length,
                      const char *wanted, size_t size, size_t from)
{
    const char *found = memmem(subject + from, length - from, wanted, size);
    if (!found) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, found - subject + 1);
    lua_pushinteger(L, (lua_Integer)(found - subject) + (lua_Integer)size);
    return 2;
}

static int search(lua_State *L, bool find)
{
    size_t length, size;
    struct grad_node few[FEW_NODES + 1];
    struct grad_search s;
    const char *subject = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &size);
    size_t from = start_of(L, 3, length);
    if (from > length) {
        lua_pushnil(L);
        return 1;
    }
    if (find && (lua_toboolean(L, 4) || !has_specials(pattern, size)))
        return find_plain(L, subject, length, pattern, size, from);
    bool anchored = size > 0 && *pattern == '^';
    struct grad_node *nodes = room(L, size, few);
    begin(&s, L, subject, length);
    s.captures =
        grad_pattern_make(L, pattern + anchored, size - anchored, nodes);
    s.nodes = nodes;
    for (const char *p = subject + from; p <= s.end; p++) {
        const char *end = grad_pattern_match(&s, p);
        if (end && !find)
            return push_captures(&s, p, end);
        if (end) {
            lua_pushinteger(L, p - subject + 1);
            lua_pushinteger(L, end - subject);
            return push_captures(&s, NULL, NULL) + 2;
        }
        if (anchored)
            break;
    }
    lua_pushnil(L);
    return 1;
}

static int find(lua_State *L)
{
    return search(L, true);
}

static int match_once(lua_State *L)
{
    return search(L, false);
}

// Upvalues: subject, nodes, number of captures, where to go on, where the last
// match ended.
static int next_match(lua_State *L)
{
    size_t length;
    struct grad_search s;
    const char *subject = lua_tolstring(L, lua_upvalueindex(1), &length);
    lua_Integer last = lua_tointeger(L, lua_upvalueindex(5));
    begin(&s, L, subject, length);
    s.nodes = lua_touserdata(L, lua_upvalueindex(2));
    s.captures = (int)lua_tointeger(L, lua_upvalueindex(3));
    const char *p = subject + lua_tointeger(L, lua_upvalueindex(4));
    for (; p <= s.end; p++) {
        const char *end = grad_pattern_match(&s, p);
        if (!end || end - subject == last)
            continue;
        lua_pushinteger(L, end - subject);
        lua_copy(L, -1, lua_upvalueindex(4));
        lua_replace(L, lua_upvalueindex(5));
        return push_captures(&s, p, end);
    }
    lua_pushinteger(L, (lua_Integer)length + 1);
    lua_replace(L, lua_upvalueindex(4));
    return 0;
}

static int gmatch(lua_State *L)
{
    size_t length, size;
    luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &size);
    size_t from = start_of(L, 3, length);
    lua_settop(L, 2);
    struct grad_node *nodes = room(L, size, NULL);
    int captures = grad_pattern_make(L, pattern, size, nodes);
    lua_replace(L, 2);
    lua_pushinteger(L, captures);
    lua_pushinteger(L, (lua_Integer)from);
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, next_match, 5);
    return 1;
}

// --- gsub --------------------------------------------------------------------

static void add_text(struct grad_search *s, luaL_Buffer *out, const char *from,
                     const char *to)
{
    size_t length;
    const char *text = lua_tolstring(s->L, 3, &length);
    for (const char *end = text + length; text < end; text++) {
        if (*text != '%') {
            luaL_addchar(out, *text);
            continue;
        }
        text++; // a string of Lua ends in a zero byte
        if (*text == '%') {
            luaL_addchar(out, '%');
        } else if (*text == '0') {
            luaL_addlstring(out, from, (size_t)(to - from));
        } else if (isdigit((unsigned char)*text)) {
            push_capture(s, *text - '1', from, to);
            luaL_tolstring(s->L, -1, NULL);
            lua_remove(s->L, -2);
            luaL_addvalue(out);
        } else {
            luaL_error(s->L, "invalid use of '%%' in replacement string");
        }
    }
}

// Adds what takes the place of a match; false if the match stays.
static bool add_value(struct grad_search *s, luaL_Buffer *out, const char *from,
                      const char *to)
{
    lua_State *L = s->L;
    int type = lua_type(L, 3);
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(s, from, to), 1);
    } else if (type == LUA_TTABLE) {
        push_capture(s, 0, from, to);
        lua_gettable(L, 3);
    } else {
        add_text(s, out, from, to);
        return true;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(out, from, (size_t)(to - from));
        return false;
    }
    if (!lua_isstring(L, -1))
        luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    luaL_addvalue(out);
    return true;
}

static void check_replacement(lua_State *L)
{
    int type = lua_type(L, 3);
    luaL_argexpected(L,
                     type == LUA_TNUMBER || type == LUA_TSTRING ||
                         type == LUA_TFUNCTION || type == LUA_TTABLE,
                     3, "string/function/table");
    if (type == LUA_TNUMBER)
        lua_tostring(L, 3);
}

static int gsub(lua_State *L)
{
    size_t length, size;
    struct grad_node few[FEW_NODES + 1];
    struct grad_search s;
    const char *subject = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &size);
    check_replacement(L);
    lua_Integer most_often = luaL_optinteger(L, 4, (lua_Integer)length + 1);
    bool anchored = size > 0 && *pattern == '^', changed = false;
    lua_settop(L, 3);
    struct grad_node *nodes = room(L, size, few);
    begin(&s, L, subject, length);
    s.captures =
        grad_pattern_make(L, pattern + anchored, size - anchored, nodes);
    s.nodes = nodes;
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    const char *p = subject, *last = NULL;
    lua_Integer count = 0;
    while (count < most_often) {
        const char *end = grad_pattern_match(&s, p);
        if (end && end != last) {
            count++;
            changed = add_value(&s, &out, p, end) || changed;
            p = last = end;
        } else if (p < s.end) {
            luaL_addchar(&out, *p++);
        } else {
            break;
        }
        if (anchored)
            break;
    }
    luaL_addlstring(&out, p, (size_t)(s.end - p));
    luaL_pushresult(&out);
    if (!changed)
        lua_pushvalue(L, 1);
    lua_pushinteger(L, count);
    return 2;
}

// --- rep ---------------------------------------------------------------------

// Copies the first `unit` bytes of `to` on and on until it holds `total`, in
// pieces of many. A short text does not ask the watch: what tidies up after
// Ctrl-C may still need one.
static void repeat(lua_State *L, char *to, size_t unit, size_t total)
{
    size_t piece = unit < PIECE ? PIECE / unit * unit : unit;
    for (size_t done = unit, quiet = 0; done < total;) {
        size_t n = done < piece ? done : piece;
        n = n < total - done ? n : total - done;
        memcpy(to + done, to, n);
        done += n;
        quiet += n;
        if (quiet < PIECE)
            continue;
        quiet = 0;
        grad_watch_poll(L);
    }
}

// s, separator, s, ..., s
static int rep(lua_State *L)
{
    size_t length, between;
    const char *text = luaL_checklstring(L, 1, &length);
    lua_Integer n = luaL_checkinteger(L, 2);
    const char *separator = luaL_optlstring(L, 3, "", &between);
    size_t unit = length + between;
    if (n <= 0 || unit == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    if (unit < length || unit > (size_t)PTRDIFF_MAX / (size_t)n)
        return luaL_error(L, "resulting string too large");
    luaL_Buffer out;
    size_t total = unit * (size_t)n - between;
    char *to = luaL_buffinitsize(L, &out, total);
    memcpy(to, text, length);
    if (n > 1)
        memcpy(to + length, separator, between);
    repeat(L, to, unit, total);
    luaL_pushresultsize(&out, total);
    return 1;
}

// -----------------------------------------------------------------------------

void grad_strings_install(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"find", find}, {"match", match_once}, {"gmatch", gmatch},
        {"gsub", gsub}, {"rep", rep},          {NULL, NULL},
    };
    lua_getglobal(L, "string");
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
