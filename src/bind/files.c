// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/files.h"

#include <lauxlib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bind/box.h"
#include "io/cifar10.h"
#include "io/csv.h"
#include "io/idx.h"
#include "io/npy.h"
#include "io/safetensors.h"

// A file's error names the file; the line of the library that opened it would
// only hide that.
static int raise(lua_State *L, const struct grad_error *error)
{
    if (error->code != GRAD_ERROR_FILE)
        return grad_raise(L, error);
    lua_pushstring(L, error->message);
    return lua_error(L);
}

// --- arguments ---------------------------------------------------------------

static const char *path_check(lua_State *L, int index)
{
    size_t length;
    const char *path = luaL_checklstring(L, index, &length);
    luaL_argcheck(L, strlen(path) == length, index,
                  "a path with a zero byte in it");
    luaL_argcheck(L, length > 0, index, "an empty path");
    return path;
}

// Pushes the option `name` of the table at `index`, nil where there is none;
// true where it is there.
static bool option(lua_State *L, int index, const char *name)
{
    if (lua_isnoneornil(L, index)) {
        lua_pushnil(L);
        return false;
    }
    luaL_checktype(L, index, LUA_TTABLE);
    return lua_getfield(L, index, name) != LUA_TNIL;
}

// A whole number from 0, or `fallback`.
static size_t size_option(lua_State *L, int index, const char *name,
                          size_t fallback)
{
    int exact = 1;
    bool there = option(L, index, name);
    lua_Integer n = there ? lua_tointegerx(L, -1, &exact) : 0;
    if (!exact || n < 0)
        luaL_error(L, "%s must be a whole number from 0; got %s", name,
                   luaL_tolstring(L, -1, NULL));
    lua_pop(L, 1);
    return there ? (size_t)n : fallback;
}

// What Lua must free if an error passes by: one pointer and its function.
struct holder {
    void *thing;
    void (*release)(void *thing);
};

static int holder_release(lua_State *L)
{
    struct holder *holder = lua_touserdata(L, 1);
    void *thing = holder->thing;
    holder->thing = NULL;
    if (thing)
        holder->release(thing);
    return 0;
}

static struct holder *holder_push(lua_State *L, void (*release)(void *thing))
{
    struct holder *holder = lua_newuserdatauv(L, sizeof *holder, 0);
    *holder = (struct holder){NULL, release};
    if (luaL_newmetatable(L, "gradus.holder")) {
        lua_pushcfunction(L, holder_release);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return holder;
}

// Frees what the holder at `index` holds, without waiting for the collector.
static void holder_empty(lua_State *L, int index)
{
    lua_pushcfunction(L, holder_release);
    lua_pushvalue(L, index);
    lua_call(L, 1, 0);
}

// --- npy and IDX -------------------------------------------------------------

static struct grad_tensor *read_npy(struct grad_input *in, size_t limit,
                                    struct grad_error *error)
{
    return grad_npy_read(in, error);
}

static int load_tensor(lua_State *L, size_t limit,
                       struct grad_tensor *(*read)(struct grad_input *in,
                                                   size_t limit,
                                                   struct grad_error *error))
{
    struct grad_error error = {0};
    const char *path = path_check(L, 1);
    grad_collect_check(L);
    struct grad_tensor **box = grad_box_push(L);
    struct grad_input *in = grad_input_open(path, &error);
    if (in)
        *box = read(in, limit, &error);
    grad_input_close(in);
    return *box ? 1 : raise(L, &error);
}

// npy.load(path) -> tensor
static int npy_load(lua_State *L)
{
    return load_tensor(L, SIZE_MAX, read_npy);
}

// idx.load(path, {limit = n}) -> tensor
static int idx_load(lua_State *L)
{
    return load_tensor(L, size_option(L, 2, "limit", SIZE_MAX), grad_idx_read);
}

// Keeps what was written to `out` if it is fine, or drops it and raises.
static int finish(lua_State *L, struct grad_output *out, bool fine,
                  struct grad_error *error)
{
    if (fine)
        fine = grad_output_commit(out, error);
    else
        grad_output_abandon(out);
    return fine ? 0 : raise(L, error);
}

// npy.save(path, tensor)
static int npy_save(lua_State *L)
{
    struct grad_error error = {0};
    const char *path = path_check(L, 1);
    struct grad_tensor *t = grad_tensor_check(L, 2);
    struct grad_output *out = grad_output_open(path, &error);
    bool fine = out && grad_npy_write(out, t, &error);
    return finish(L, out, fine, &error);
}

// cifar10.load(path, {limit = n}) -> images (n,3,32,32), labels (n)
static int cifar10_load(lua_State *L)
{
    struct grad_error error = {0};
    const char *path = path_check(L, 1);
    size_t limit = size_option(L, 2, "limit", SIZE_MAX);
    grad_collect_check(L);
    struct grad_tensor **images = grad_box_push(L);
    struct grad_tensor **labels = grad_box_push(L);
    struct grad_input *in = grad_input_open(path, &error);
    bool fine = in && grad_cifar10_read(in, limit, images, labels, &error);
    grad_input_close(in);
    return fine ? 2 : raise(L, &error);
}

// --- safetensors -------------------------------------------------------------

static void free_safetensors(void *thing)
{
    grad_safetensors_free(thing);
}

// Sets a field of the table on the stack's top to a tensor that `file` or the
// like goes on holding.
static void set_tensor(lua_State *L, const char *name, struct grad_tensor *t)
{
    *grad_box_push(L) = grad_tensor_retain(t);
    lua_setfield(L, -2, name);
}

static void push_tensors(lua_State *L, struct grad_safetensors *file)
{
    lua_createtable(L, file->count < 1 << 20 ? (int)file->count : 0, 0);
    for (size_t i = 0; i < file->count; i++) {
        lua_createtable(L, 0, 2);
        lua_pushstring(L, file->tensors[i].name);
        lua_setfield(L, -2, "name");
        set_tensor(L, "tensor", file->tensors[i].tensor);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_metadata(lua_State *L, const struct grad_safetensors *file)
{
    lua_newtable(L);
    for (size_t i = 0; i < file->metadata_count; i++) {
        lua_pushstring(L, file->metadata[i].text);
        lua_setfield(L, -2, file->metadata[i].name);
    }
}

// safetensors.load(path) -> {{name =, tensor =}, ...}, {name = text, ...}
static int safetensors_load(lua_State *L)
{
    struct grad_error error = {0};
    const char *path = path_check(L, 1);
    grad_collect_check(L);
    lua_settop(L, 1);
    struct holder *holder = holder_push(L, free_safetensors); // at 2
    struct grad_input *in = grad_input_open(path, &error);
    if (in)
        holder->thing = grad_safetensors_read(in, &error);
    grad_input_close(in);
    if (!holder->thing)
        return raise(L, &error);
    push_tensors(L, holder->thing);
    push_metadata(L, holder->thing);
    holder_empty(L, 2);
    return 2;
}

// A text that lives as long as the Lua value at `index`, which the caller
// keeps alive.
static const char *text_check(lua_State *L, int index, const char *what)
{
    size_t length;
    if (lua_type(L, index) != LUA_TSTRING)
        luaL_error(L, "safetensors.save: %s must be a string; got %s", what,
                   luaL_typename(L, index));
    const char *text = lua_tolstring(L, index, &length);
    if (strlen(text) != length)
        luaL_error(L, "safetensors.save: %s has a zero byte in it", what);
    return text;
}

// Borrows from the list at `index`; the array is left on the stack.
static void tensors_check(lua_State *L, int index,
                          struct grad_safetensors *file)
{
    luaL_checktype(L, index, LUA_TTABLE);
    file->count = (size_t)lua_rawlen(L, index);
    file->tensors =
        lua_newuserdatauv(L, (file->count + 1) * sizeof *file->tensors, 0);
    for (size_t i = 0; i < file->count; i++) {
        if (lua_rawgeti(L, index, (lua_Integer)i + 1) != LUA_TTABLE)
            luaL_error(L,
                       "safetensors.save: entry %d is a %s; expected "
                       "{name = ..., tensor = ...}",
                       (int)i + 1, luaL_typename(L, -1));
        lua_pushliteral(L, "name");
        lua_rawget(L, -2);
        file->tensors[i].name = text_check(L, -1, "a tensor's name");
        lua_pushliteral(L, "tensor");
        lua_rawget(L, -3);
        struct grad_tensor *t = grad_tensor_at(L, -1);
        if (!t)
            luaL_error(L, "safetensors.save: '%s' is a %s; expected a tensor",
                       file->tensors[i].name, luaL_typename(L, -1));
        file->tensors[i].tensor = t;
        lua_pop(L, 3);
    }
}

static int compare_texts(const void *a, const void *b)
{
    const struct grad_named_text *x = a, *y = b;
    return strcmp(x->name, y->name);
}

// The same for the table of texts at `index`, in the order of the names.
static void metadata_check(lua_State *L, int index,
                           struct grad_safetensors *file)
{
    size_t n = 0;
    if (lua_isnoneornil(L, index))
        return;
    luaL_checktype(L, index, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
        n++;
    file->metadata = lua_newuserdatauv(L, (n + 1) * sizeof *file->metadata, 0);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const char *name = text_check(L, -2, "a name in metadata");
        const char *text = text_check(L, -1, "a text in metadata");
        file->metadata[file->metadata_count++] =
            (struct grad_named_text){name, text};
    }
    qsort(file->metadata, n, sizeof *file->metadata, compare_texts);
}

// safetensors.save(path, {{name =, tensor =}, ...}, {name = text, ...}?)
static int safetensors_save(lua_State *L)
{
    struct grad_error error = {0};
    struct grad_safetensors file = {0};
    const char *path = path_check(L, 1);
    lua_settop(L, 3);
    tensors_check(L, 2, &file);
    metadata_check(L, 3, &file);
    struct grad_output *out = grad_output_open(path, &error);
    bool fine = out && grad_safetensors_write(out, &file, &error);
    return finish(L, out, fine, &error);
}

// --- CSV ---------------------------------------------------------------------

static void free_csv(void *thing)
{
    grad_csv_free(thing);
}

// The list of texts stays on the stack.
static void missing_check(lua_State *L, int index,
                          struct grad_csv_options *options)
{
    if (!option(L, index, "missing"))
        return;
    luaL_checktype(L, -1, LUA_TTABLE);
    int list = lua_gettop(L);
    size_t n = (size_t)lua_rawlen(L, list);
    const char **missing = lua_newuserdatauv(L, (n + 1) * sizeof *missing, 0);
    for (size_t i = 0; i < n; i++) {
        if (lua_rawgeti(L, list, (lua_Integer)i + 1) != LUA_TSTRING)
            luaL_error(L, "missing must be a list of strings; got a %s",
                       luaL_typename(L, -1));
        missing[i] = lua_tostring(L, -1);
        lua_pop(L, 1);
    }
    missing[n] = NULL;
    options->missing = missing;
}

static struct grad_csv_options csv_options_check(lua_State *L, int index)
{
    struct grad_csv_options options = grad_csv_defaults;
    size_t length;
    if (option(L, index, "separator")) {
        const char *text = luaL_checklstring(L, -1, &length);
        if (length != 1 || strchr("\"\r\n", *text))
            luaL_error(L,
                       "separator must be one byte, not a quote or a line "
                       "end; got '%s'",
                       text);
        options.separator = *text;
    }
    if (option(L, index, "header"))
        options.header = lua_toboolean(L, -1);
    options.skip = size_option(L, index, "skip", 0);
    missing_check(L, index, &options);
    return options;
}

// Pushes the list of columns: {name =, number = row of numbers} or
// {name =, text = {...}}; a table without a header has no names.
static void push_columns(lua_State *L, const struct grad_csv *csv)
{
    const char *field = csv->fields;
    lua_newtable(L);
    for (size_t c = 0; c < csv->columns; c++) {
        lua_createtable(L, 0, 2);
        if (csv->header) {
            lua_pushstring(L, field);
            lua_setfield(L, -2, "name");
            field = grad_csv_next(field);
        }
        if (csv->number[c] >= 0) {
            lua_pushinteger(L, csv->number[c] + 1);
            lua_setfield(L, -2, "number");
        } else {
            lua_newtable(L);
            lua_setfield(L, -2, "text");
        }
        lua_rawseti(L, -2, (lua_Integer)c + 1);
    }
}

// Appends a field to the column at place `c`; the list of columns is on the
// stack's top.
static void put_text(lua_State *L, size_t c, size_t row, const char *field)
{
    lua_rawgeti(L, -1, (lua_Integer)c + 1);
    lua_getfield(L, -1, "text");
    lua_pushstring(L, field);
    lua_rawseti(L, -2, (lua_Integer)row + 1);
    lua_pop(L, 2);
}

static void fill_texts(lua_State *L, const struct grad_csv *csv)
{
    const char *field = csv->fields;
    for (size_t c = 0; csv->header && c < csv->columns; c++)
        field = grad_csv_next(field);
    for (size_t r = 0; r < csv->rows; r++) {
        for (size_t c = 0; c < csv->columns; c++) {
            if (csv->number[c] < 0)
                put_text(L, c, r, field);
            field = grad_csv_next(field);
        }
    }
}

// csv.load(path, {separator =, header =, skip =, missing =}) ->
//   {rows = n, columns = {...}, numbers = tensor (columns of numbers, rows)}
static int csv_load(lua_State *L)
{
    struct grad_error error = {0};
    const char *path = path_check(L, 1);
    lua_settop(L, 2);
    struct holder *holder = holder_push(L, free_csv); // at 3
    struct grad_csv_options options = csv_options_check(L, 2);
    grad_collect_check(L);
    struct grad_input *in = grad_input_open(path, &error);
    if (in)
        holder->thing = grad_csv_read(in, &options, &error);
    grad_input_close(in);
    if (!holder->thing)
        return raise(L, &error);
    struct grad_csv *csv = holder->thing;
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, (lua_Integer)csv->rows);
    lua_setfield(L, -2, "rows");
    push_columns(L, csv);
    fill_texts(L, csv);
    lua_setfield(L, -2, "columns");
    set_tensor(L, "numbers", csv->numbers);
    holder_empty(L, 3);
    return 1;
}

// --- opening -----------------------------------------------------------------

static const struct {
    const char *name;
    luaL_Reg functions[3];
} formats[] = {
    {"npy", {{"load", npy_load}, {"save", npy_save}}},
    {"idx", {{"load", idx_load}}},
    {"cifar10", {{"load", cifar10_load}}},
    {"csv", {{"load", csv_load}}},
    {"safetensors", {{"load", safetensors_load}, {"save", safetensors_save}}},
};

// While a lesson's code runs, gradus.guest decides what may be read and gives
// the path to use. Upvalues: the function, its name, "read" or "write".
static int permitted(lua_State *L)
{
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    if (lua_getfield(L, -1, "gradus.guest") == LUA_TTABLE) {
        lua_getfield(L, -1, "check");
        lua_pushvalue(L, lua_upvalueindex(2));
        lua_pushvalue(L, 1);
        lua_pushvalue(L, lua_upvalueindex(3));
        lua_call(L, 3, 1);
        lua_replace(L, 1);
    }
    lua_pop(L, 2);
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

static void add_permitted(lua_State *L, const char *format, const luaL_Reg *f)
{
    lua_pushcfunction(L, f->func);
    lua_pushfstring(L, "%s.%s", format, f->name);
    lua_pushstring(L, strcmp(f->name, "load") ? "write" : "read");
    lua_pushcclosure(L, permitted, 3);
    lua_setfield(L, -2, f->name);
}

void grad_files_open(lua_State *L)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        lua_newtable(L);
        for (const luaL_Reg *f = formats[i].functions; f->name; f++)
            add_permitted(L, formats[i].name, f);
        lua_setfield(L, -2, formats[i].name);
    }
}
