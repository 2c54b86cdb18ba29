// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/signature.h"

#include <lauxlib.h>
#include <string.h>

#include "bind/arguments.h"
#include "bind/box.h"

static int fail_type(struct grad_reading *r, const struct grad_param *p,
                     const char *expected, int index)
{
    return luaL_error(r->L, "%s: '%s' should be %s; got %s", r->op->name,
                      p->name, expected, luaL_typename(r->L, index));
}

// Puts the value for p on the stack's top: the next argument, or the named
// one. Returns whether there is one.
static bool next_value(struct grad_reading *r, const struct grad_param *p)
{
    lua_State *L = r->L;
    if (r->options) {
        lua_pushstring(L, p->name);
        if (lua_rawget(L, r->options) != LUA_TNIL)
            return true;
        lua_pop(L, 1);
        return false;
    }
    if (lua_isnoneornil(L, r->arg)) {
        r->arg++;
        return false;
    }
    lua_pushvalue(L, r->arg++);
    return true;
}

static bool is_list(enum grad_param_kind kind)
{
    return kind == GRAD_PARAM_DIMS || kind == GRAD_PARAM_SIZES ||
           kind == GRAD_PARAM_PAIR || kind == GRAD_PARAM_TENSORS;
}

// From here on arguments have names, if a plain table stands where none is
// expected or one with string keys.
static void look_for_options(struct grad_reading *r, const struct grad_param *p)
{
    lua_State *L = r->L;
    if (r->options || !p->optional || !lua_istable(L, r->arg) ||
        lua_getmetatable(L, r->arg))
        return;
    if (is_list(p->kind) && lua_rawlen(L, r->arg) > 0)
        return;
    if (is_list(p->kind)) {
        lua_pushnil(L);
        if (!lua_next(L, r->arg))
            return;
        lua_pop(L, 2);
    }
    r->options = r->arg;
}

static void read_tensor(struct grad_reading *r, const struct grad_param *p)
{
    lua_State *L = r->L;
    int k = r->n_in++;
    r->in[k] = r->options ? NULL : grad_tensor_at(L, r->arg);
    if (r->in[k]) { // the usual case
        r->arg++;
        return;
    }
    if (!next_value(r, p)) {
        if (!p->optional)
            luaL_error(L,
                       lua_gettop(L) == 0
                           ? "%s: '%s' is missing; expected a tensor. Hint: "
                             "a method needs a colon, x:%s()"
                           : "%s: '%s' is missing; expected a tensor",
                       r->op->name, p->name, r->op->name);
        return;
    }
    r->in[k] = grad_tensor_at(L, -1);
    if (!r->in[k] && lua_type(L, -1) == LUA_TNUMBER) {
        r->number[k] = lua_tonumber(L, -1);
        r->is_number |= 1u << k;
    } else if (!r->in[k]) {
        fail_type(r, p, "a tensor", -1);
    }
    lua_pop(L, 1); // it stays alive: it is an argument
}

// A table of tensors; the array lives in a userdata left on the stack.
static void read_tensors(struct grad_reading *r, const struct grad_param *p)
{
    lua_State *L = r->L;
    int table = r->arg++;
    if (!lua_istable(L, table))
        fail_type(r, p, "a table of tensors", table);
    int n = (int)lua_rawlen(L, table);
    if (n == 0)
        luaL_error(L, "%s: the table of tensors is empty", r->op->name);
    r->in = lua_newuserdatauv(L, (size_t)n * sizeof *r->in, 0);
    lua_insert(L, 1);
    r->arg++;
    for (int i = 0; i < n; i++) {
        lua_rawgeti(L, table + 1, i + 1);
        r->in[i] = grad_tensor_at(L, -1);
        if (!r->in[i])
            luaL_error(L, "%s: entry %d of '%s' should be a tensor; got %s",
                       r->op->name, i + 1, p->name, luaL_typename(L, -1));
        lua_pop(L, 1);
    }
    r->n_in = n;
}

static int first_ndim(const struct grad_reading *r)
{
    return r->n_in > 0 && r->in[0] ? r->in[0]->ndim : 0;
}

static int64_t read_integer(struct grad_reading *r, const struct grad_param *p,
                            int index)
{
    int exact;
    lua_Integer n = lua_tointegerx(r->L, index, &exact);
    if (!exact)
        fail_type(r, p, "a whole number", index);
    return n;
}

static int64_t read_entry(struct grad_reading *r, const struct grad_param *p,
                          int index)
{
    if (p->kind == GRAD_PARAM_DIMS)
        return grad_dim_check(r->L, index, first_ndim(r), r->op->name);
    return read_integer(r, p, index);
}

static void add_entry(struct grad_reading *r, const struct grad_param *p)
{
    if (r->attrs.count == GRAD_MAX_DIMS)
        luaL_error(r->L, "%s: at most %d entries in '%s'", r->op->name,
                   GRAD_MAX_DIMS, p->name);
    int64_t entry = read_entry(r, p, -1);
    for (int k = 0; k < r->attrs.count && p->kind == GRAD_PARAM_DIMS; k++) {
        if (r->attrs.list[k] == entry)
            luaL_error(r->L, "%s: dimension %d is named twice", r->op->name,
                       (int)entry + 1);
    }
    r->attrs.list[r->attrs.count++] = entry;
    lua_pop(r->L, 1);
}

// A table of whole numbers, or numbers one after another.
static void read_list(struct grad_reading *r, const struct grad_param *p)
{
    lua_State *L = r->L;
    bool more = p->kind == GRAD_PARAM_SIZES || !p->optional;
    if (!next_value(r, p)) {
        if (!p->optional)
            luaL_error(L, "%s: '%s' is missing", r->op->name, p->name);
        return;
    }
    r->attrs.count = 0;
    if (!lua_istable(L, -1)) {
        add_entry(r, p);
        while (more && !r->options && lua_type(L, r->arg) == LUA_TNUMBER) {
            lua_pushvalue(L, r->arg++);
            add_entry(r, p);
        }
        return;
    }
    int n = (int)lua_rawlen(L, -1);
    for (int i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, i);
        add_entry(r, p);
    }
    lua_pop(L, 1);
}

static int64_t read_choice(struct grad_reading *r, const struct grad_param *p)
{
    size_t length;
    const char *word = lua_tolstring(r->L, -1, &length);
    int64_t index = 0;
    for (const char *c = p->choices; word; c++, index++) {
        size_t left = (size_t)(p->choices + p->choices_length - c), n = 0;
        while (n < left && c[n] != '|')
            n++;
        if (n == length && !memcmp(c, word, n))
            return index;
        c += n;
        if (n == left)
            break;
    }
    const char *given = luaL_tolstring(r->L, -1, NULL);
    const char *choices =
        lua_pushlstring(r->L, p->choices, (size_t)p->choices_length);
    choices = luaL_gsub(r->L, choices, "|", " or ");
    return luaL_error(r->L, "%s: '%s' is %s; got %s", r->op->name, p->name,
                      choices, given);
}

static void read_pair(struct grad_reading *r, const struct grad_param *p)
{
    lua_State *L = r->L;
    int64_t *pair = &r->attrs.i[r->n_i];
    if (!lua_istable(L, -1)) {
        pair[0] = pair[1] = read_integer(r, p, -1);
    } else if (lua_rawlen(L, -1) == 2) {
        for (int k = 0; k < 2; k++) {
            lua_rawgeti(L, -1, k + 1);
            pair[k] = read_integer(r, p, -1);
            lua_pop(L, 1);
        }
    } else {
        fail_type(r, p, "one whole number or {height, width}", -1);
    }
}

static void read_scalar(struct grad_reading *r, const struct grad_param *p)
{
    lua_State *L = r->L;
    bool given = next_value(r, p);
    if (!given && !p->optional)
        luaL_error(L, "%s: '%s' is missing", r->op->name, p->name);
    if (given) {
        int64_t *i = &r->attrs.i[r->n_i];
        switch (p->kind) {
        case GRAD_PARAM_NUMBER:
            if (!lua_isnumber(L, -1))
                fail_type(r, p, "a number", -1);
            r->attrs.f[r->n_f] = lua_tonumber(L, -1);
            break;
        case GRAD_PARAM_BOOL:
            if (!lua_isboolean(L, -1))
                fail_type(r, p, "true or false", -1);
            *i = lua_toboolean(L, -1);
            break;
        case GRAD_PARAM_DIM:
            *i = grad_dim_check(L, -1, first_ndim(r), r->op->name);
            break;
        case GRAD_PARAM_CHOICE:
            *i = read_choice(r, p);
            break;
        case GRAD_PARAM_PAIR:
            read_pair(r, p);
            break;
        default:
            *i = read_integer(r, p, -1);
        }
        lua_pop(L, 1);
    } else if (p->kind == GRAD_PARAM_DIM) {
        r->attrs.i[r->n_i] = (int64_t)p->fallback > 0
                                 ? (int64_t)p->fallback - 1
                                 : (int64_t)p->fallback + first_ndim(r);
    }
    if (p->kind == GRAD_PARAM_NUMBER)
        r->n_f++;
    else
        r->n_i += p->kind == GRAD_PARAM_PAIR ? 2 : 1;
}

// Every key of the options must name a parameter.
static void check_options(struct grad_reading *r)
{
    lua_State *L = r->L;
    luaL_Buffer names;
    for (lua_pushnil(L); lua_next(L, r->options); lua_pop(L, 1)) {
        bool known = false;
        const char *key =
            lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        for (int k = 0; k < r->op->n_params; k++)
            known |=
                r->op->param[k].optional && !strcmp(r->op->param[k].name, key);
        if (known)
            continue;
        luaL_tolstring(L, -2, NULL);
        const char *word = lua_tostring(L, -1);
        luaL_buffinit(L, &names);
        for (int k = 0; k < r->op->n_params; k++) {
            if (!r->op->param[k].optional)
                continue;
            luaL_addchar(&names, ' ');
            luaL_addstring(&names, r->op->param[k].name);
        }
        luaL_pushresult(&names);
        luaL_error(L, "%s: unknown option '%s'. Options:%s", r->op->name, word,
                   lua_tostring(L, -1));
    }
}

void grad_read_arguments(struct grad_reading *r)
{
    lua_State *L = r->L;
    const struct grad_op *op = r->op;
    r->arg = 1;
    r->options = 0;
    r->n_f = r->n_i = r->n_in = 0;
    r->is_number = 0;
    r->in = r->few;
    if (op->has_attrs)
        grad_attrs_default(op, &r->attrs);
    for (int k = 0; k < op->n_params; k++) {
        const struct grad_param *p = &op->param[k];
        look_for_options(r, p);
        if (p->kind == GRAD_PARAM_TENSORS)
            read_tensors(r, p);
        else if (p->kind <= GRAD_PARAM_DATA)
            read_tensor(r, p);
        else if (p->kind == GRAD_PARAM_DIMS || p->kind == GRAD_PARAM_SIZES)
            read_list(r, p);
        else
            read_scalar(r, p);
    }
    if (!r->options && lua_istable(L, r->arg) && !lua_getmetatable(L, r->arg))
        r->options = r->arg;
    if (r->options)
        check_options(r);
    else if (!lua_isnoneornil(L, r->arg))
        luaL_error(L, "%s: too many arguments; it takes %s", op->name,
                   op->signature);
}
