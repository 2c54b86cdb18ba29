// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/traceback.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    shown_first = 10, // frames at each end of a long traceback
    shown_last = 10,
    searched = 100 // levels looked at, at each end of a deep stack
};

// The stack as it is looked at.
struct walk {
    lua_State *L;
    const char *library; // folder of the frames to leave out
    int depth;
};

static const char *library_folder(lua_State *L)
{
    lua_getfield(L, LUA_REGISTRYINDEX, "gradus.library");
    const char *folder = lua_tostring(L, -1);
    lua_pop(L, 1); // the registry keeps it alive
    return folder ? folder : "";
}

static bool is_users(const lua_Debug *frame, const char *library)
{
    size_t n = strlen(library);
    if (*frame->what == 'C' || frame->currentline <= 0)
        return false;
    return n == 0 || frame->source[0] != '@' ||
           strncmp(frame->source + 1, library, n) != 0 ||
           frame->source[1 + n] != '/';
}

// The number of levels; lua_getstack walks from the top, so asking for each
// level of a deep stack in turn would take minutes.
static int stack_depth(lua_State *L)
{
    lua_Debug frame;
    int low = 0, high = 1;
    while (lua_getstack(L, high, &frame)) {
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (lua_getstack(L, middle, &frame))
            low = middle;
        else
            high = middle;
    }
    return high;
}

// The next frame of the user's from `level` on; its level, or -1. The middle
// of a deep stack is passed over.
static int next_frame(const struct walk *w, int level, lua_Debug *frame)
{
    for (;; level++) {
        if (level == searched && w->depth > 2 * searched)
            level = w->depth - searched;
        if (!lua_getstack(w->L, level, frame))
            return -1;
        lua_getinfo(w->L, "Sl", frame);
        if (is_users(frame, w->library))
            return level;
    }
}

// Whether a message looks like "FILE:LINE: ...".
static bool has_place(const char *message)
{
    const char *colon = strchr(message, ':');
    if (!colon || colon == message)
        return false;
    size_t digits = strspn(colon + 1, "0123456789");
    return digits > 0 && colon[1 + digits] == ':';
}

// The message without the place of a library frame at its front.
static const char *without_library_place(const struct walk *w,
                                         const char *message)
{
    lua_State *L = w->L;
    lua_Debug frame;
    char place[LUA_IDSIZE + 24];
    for (int i = 1; i < searched && lua_getstack(L, i, &frame); i++) {
        lua_getinfo(L, "Sl", &frame);
        int n = snprintf(place, sizeof place, "%s:%d: ", frame.short_src,
                         frame.currentline);
        if (strncmp(message, place, (size_t)n) == 0)
            return is_users(&frame, w->library) ? message : message + n;
    }
    return message;
}

// Pushes the error value at index 1 as text, with a place of the user's.
static void push_message(const struct walk *w)
{
    lua_State *L = w->L;
    if (!lua_isstring(L, 1) && !luaL_getmetafield(L, 1, "__tostring")) {
        lua_pushfstring(L, "the error is a %s without text",
                        luaL_typename(L, 1));
        lua_replace(L, 1);
    }
    lua_settop(L, 1);
    const char *message = luaL_tolstring(L, 1, NULL);
    const char *rest = without_library_place(w, message);
    lua_Debug frame;
    if ((rest == message && has_place(message)) || next_frame(w, 1, &frame) < 0)
        lua_pushstring(L, rest);
    else
        lua_pushfstring(L, "%s:%d: %s", frame.short_src, frame.currentline,
                        rest);
    lua_remove(L, -2);
}

static void add_name(luaL_Buffer *b, const lua_Debug *frame)
{
    char text[2 * LUA_IDSIZE];
    if (*frame->what == 'm')
        snprintf(text, sizeof text, "in main chunk");
    else if (*frame->namewhat)
        snprintf(text, sizeof text, "in %s '%s'", frame->namewhat, frame->name);
    else
        snprintf(text, sizeof text, "in function <%s:%d>", frame->short_src,
                 frame->linedefined);
    luaL_addstring(b, text);
}

static void add_frame(lua_State *L, luaL_Buffer *b, lua_Debug *frame)
{
    char place[LUA_IDSIZE + 24];
    lua_getinfo(L, "Slnt", frame);
    snprintf(place, sizeof place, "\n\t%s:%d: ", frame->short_src,
             frame->currentline);
    luaL_addstring(b, place);
    add_name(b, frame);
    if (frame->istailcall)
        luaL_addstring(b, "\n\t(...tail calls...)");
}

static int count_frames(const struct walk *w)
{
    lua_Debug frame;
    int n = 0;
    for (int i = 0; (i = next_frame(w, i, &frame)) >= 0; i++)
        n++;
    return n;
}

// Whether the one frame there is says no more than the message does.
static bool is_said(const struct walk *w, const char *message)
{
    lua_Debug frame;
    char place[LUA_IDSIZE + 24];
    if (next_frame(w, 0, &frame) < 0)
        return true;
    int n = snprintf(place, sizeof place, "%s:%d:", frame.short_src,
                     frame.currentline);
    return strncmp(message, place, (size_t)n) == 0;
}

int grad_traceback(lua_State *L)
{
    const struct walk walk = {L, library_folder(L), stack_depth(L)};
    const struct walk *w = &walk;
    lua_settop(L, 1);
    push_message(w);
    int n = count_frames(w);
    if (n == 0 || (n == 1 && is_said(w, lua_tostring(L, 2))))
        return 1;
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    lua_pushvalue(L, 2);
    luaL_addvalue(&b);
    luaL_addstring(&b, "\nstack traceback:");
    lua_Debug frame;
    int seen = 0;
    for (int i = 0; (i = next_frame(w, i, &frame)) >= 0; i++) {
        if (seen < shown_first || seen >= n - shown_last)
            add_frame(L, &b, &frame);
        else if (seen == shown_first)
            luaL_addstring(&b, "\n\t...");
        seen++;
    }
    luaL_pushresult(&b);
    return 1;
}
