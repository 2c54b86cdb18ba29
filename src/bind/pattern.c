// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/pattern.h"

#include <ctype.h>
#include <lauxlib.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "bind/watch.h"

enum {
    MAX_CAPTURES = 32,
    MAX_DEPTH = 200,  // of repetitions that wait for what follows them
    FEW_NODES = 64,   // need no memory of their own
    STRIDE = 1 << 16, // steps between two looks at the watch
};

enum kind {
    BYTE,     // one byte of a set, maybe repeated
    OPEN,     // capture `number` begins
    POSITION, // capture `number` is this place
    CLOSE,    // capture `number` ends
    AGAIN,    // the text of capture `number` once more
    BALANCE,  // from `open` to the `close` that belongs to it
    FRONTIER, // between a byte outside of a set and one in it
    END,      // of the subject
    FOUND,
};

struct node {
    enum kind kind;
    char repeat; // '*', '+', '-', '?' or 0
    unsigned char number, open, close;
    uint64_t set[4];
};

struct capture {
    const char *from;
    ptrdiff_t length; // IS_POSITION: no text
};

enum { IS_POSITION = -1 };

struct search {
    lua_State *L;
    const char *begin, *end; // of the subject
    const struct node *nodes;
    int captures, depth;
    unsigned steps;
    struct capture capture[MAX_CAPTURES];
};

// --- making the nodes --------------------------------------------------------

struct maker {
    lua_State *L;
    const char *at, *end; // of the pattern
    struct node *node;    // the one being made
    int captures;
    bool is_open[MAX_CAPTURES];
};

static void put(uint64_t *set, unsigned char byte)
{
    set[byte >> 6] |= UINT64_C(1) << (byte & 63);
}

static bool has(const uint64_t *set, unsigned char byte)
{
    return set[byte >> 6] >> (byte & 63) & 1;
}

static void invert(uint64_t *set)
{
    for (int i = 0; i < 4; i++)
        set[i] = ~set[i];
}

static bool in_class(int letter, int byte)
{
    switch (letter) {
    case 'a':
        return isalpha(byte);
    case 'c':
        return iscntrl(byte);
    case 'd':
        return isdigit(byte);
    case 'g':
        return isgraph(byte);
    case 'l':
        return islower(byte);
    case 'p':
        return ispunct(byte);
    case 's':
        return isspace(byte);
    case 'u':
        return isupper(byte);
    case 'w':
        return isalnum(byte);
    default:
        return isxdigit(byte);
    }
}

// What stands behind a %: a class like %d, its opposite like %D, or the byte.
static void put_escaped(uint64_t *set, unsigned char letter)
{
    int small = tolower(letter);
    if (!small || !strchr("acdglpsuwx", small)) {
        put(set, letter);
        return;
    }
    for (int byte = 0; byte < 256; byte++)
        if (in_class(small, byte) == (islower(letter) != 0))
            put(set, (unsigned char)byte);
}

// The ] that ends the set whose first member is at `p`; it may be a ] itself.
static const char *set_end(const struct maker *m, const char *p)
{
    do {
        if (p < m->end && *p == '%')
            p++;
        if (p >= m->end)
            luaL_error(m->L, "malformed pattern (missing ']')");
        p++;
    } while (p < m->end && *p != ']');
    if (p >= m->end)
        luaL_error(m->L, "malformed pattern (missing ']')");
    return p;
}

// m->at is behind the [.
static void read_set(struct maker *m, uint64_t *set)
{
    bool inverted = m->at < m->end && *m->at == '^';
    const char *p = m->at + inverted, *last = set_end(m, p);
    while (p < last) {
        if (*p == '%') {
            put_escaped(set, (unsigned char)p[1]);
            p += 2;
        } else if (p + 2 < last && p[1] == '-') {
            for (int b = (unsigned char)p[0]; b <= (unsigned char)p[2]; b++)
                put(set, (unsigned char)b);
            p += 3;
        } else {
            put(set, (unsigned char)*p++);
        }
    }
    if (inverted)
        invert(set);
    m->at = last + 1;
}

static void make_byte(struct maker *m)
{
    struct node *n = m->node;
    unsigned char c = (unsigned char)*m->at++;
    n->kind = BYTE;
    if (c == '.')
        invert(n->set);
    else if (c == '[')
        read_set(m, n->set);
    else if (c == '%')
        put_escaped(n->set, (unsigned char)*m->at++);
    else
        put(n->set, c);
    if (m->at < m->end && *m->at && strchr("*+-?", *m->at))
        n->repeat = *m->at++;
}

static void make_open(struct maker *m)
{
    if (m->captures == MAX_CAPTURES)
        luaL_error(m->L, "too many captures");
    bool is_position = m->at < m->end && *m->at == ')';
    m->at += is_position;
    m->node->kind = is_position ? POSITION : OPEN;
    m->node->number = (unsigned char)m->captures;
    m->is_open[m->captures++] = !is_position;
}

static void make_close(struct maker *m)
{
    int i = m->captures;
    while (--i >= 0)
        if (m->is_open[i])
            break;
    if (i < 0)
        luaL_error(m->L, "invalid pattern capture");
    m->is_open[i] = false;
    m->node->kind = CLOSE;
    m->node->number = (unsigned char)i;
}

static void make_again(struct maker *m)
{
    int i = *m->at++ - '1';
    if (i < 0 || i >= m->captures || m->is_open[i])
        luaL_error(m->L, "invalid capture index %%%d in pattern", i + 1);
    m->node->kind = AGAIN;
    m->node->number = (unsigned char)i;
}

static void make_balance(struct maker *m)
{
    if (m->end - m->at < 3)
        luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    m->node->kind = BALANCE;
    m->node->open = (unsigned char)m->at[1];
    m->node->close = (unsigned char)m->at[2];
    m->at += 3;
}

static void make_frontier(struct maker *m)
{
    if (m->end - m->at < 2 || m->at[1] != '[')
        luaL_error(m->L, "missing '[' after '%%f' in pattern");
    m->node->kind = FRONTIER;
    m->at += 2;
    read_set(m, m->node->set);
}

// m->at is at a %.
static void make_escape(struct maker *m)
{
    if (m->end - m->at < 2)
        luaL_error(m->L, "malformed pattern (ends with '%%')");
    char c = m->at[1];
    if (!isdigit((unsigned char)c) && c != 'b' && c != 'f') {
        make_byte(m);
        return;
    }
    m->at++;
    if (c == 'b')
        make_balance(m);
    else if (c == 'f')
        make_frontier(m);
    else
        make_again(m);
}

static void make_node(struct maker *m)
{
    char c = *m->at;
    memset(m->node, 0, sizeof *m->node);
    if (c == '%') {
        make_escape(m);
    } else if (c == '(' || c == ')') {
        m->at++;
        (c == '(' ? make_open : make_close)(m);
    } else if (c == '$' && m->at + 1 == m->end) {
        m->node->kind = END;
        m->at++;
    } else {
        make_byte(m);
    }
    m->node++;
}

// Fills `nodes`, which has room for one node more than the pattern has bytes;
// returns the number of captures.
static int make(lua_State *L, const char *pattern, size_t length,
                struct node *nodes)
{
    struct maker m = {.L = L, .at = pattern, .end = pattern + length};
    m.node = nodes;
    while (m.at < m.end)
        make_node(&m);
    for (int i = 0; i < m.captures; i++)
        if (m.is_open[i])
            luaL_error(L, "unfinished capture");
    memset(m.node, 0, sizeof *m.node);
    m.node->kind = FOUND;
    return m.captures;
}

// --- matching ----------------------------------------------------------------

static const char *match(struct search *s, const struct node *n, const char *p);

static void step(struct search *s)
{
    if (++s->steps % STRIDE == 0)
        grad_watch_poll(s->L);
}

static bool fits(const struct search *s, const struct node *n, const char *p)
{
    return p < s->end && has(n->set, (unsigned char)*p);
}

// What follows a repetition, in a call of its own: it may fail.
static const char *rest(struct search *s, const struct node *n, const char *p)
{
    if (++s->depth > MAX_DEPTH)
        luaL_error(s->L, "pattern too complex");
    const char *end = match(s, n + 1, p);
    s->depth--;
    return end;
}

// As many as there are, then fewer and fewer.
static const char *most(struct search *s, const struct node *n, const char *p,
                        ptrdiff_t least, ptrdiff_t limit)
{
    ptrdiff_t count = 0;
    for (; count < limit && fits(s, n, p + count); count++)
        step(s);
    for (; count >= least; count--) {
        const char *end = rest(s, n, p + count);
        if (end)
            return end;
    }
    return NULL;
}

static const char *fewest(struct search *s, const struct node *n, const char *p)
{
    for (;; p++) {
        const char *end = rest(s, n, p);
        if (end)
            return end;
        if (!fits(s, n, p))
            return NULL;
    }
}

static const char *repeat(struct search *s, const struct node *n, const char *p)
{
    switch (n->repeat) {
    case '*':
        return most(s, n, p, 0, PTRDIFF_MAX);
    case '+':
        return most(s, n, p, 1, PTRDIFF_MAX);
    case '?':
        return most(s, n, p, 0, 1);
    default:
        return fewest(s, n, p);
    }
}

static const char *balance(struct search *s, const struct node *n,
                           const char *p)
{
    if (p >= s->end || (unsigned char)*p != n->open)
        return NULL;
    size_t depth = 1;
    while (++p < s->end) {
        step(s);
        if ((unsigned char)*p == n->close) {
            if (--depth == 0)
                return p + 1;
        } else if ((unsigned char)*p == n->open) {
            depth++;
        }
    }
    return NULL;
}

static const char *again(struct search *s, const struct node *n, const char *p)
{
    const struct capture *c = &s->capture[n->number];
    if (c->length == IS_POSITION || s->end - p < c->length ||
        memcmp(p, c->from, (size_t)c->length) != 0)
        return NULL;
    s->steps |= STRIDE - 1; // the comparison may have been a long one
    return p + c->length;
}

static bool at_frontier(const struct search *s, const struct node *n,
                        const char *p)
{
    unsigned char before = p > s->begin ? (unsigned char)p[-1] : 0;
    unsigned char after = p < s->end ? (unsigned char)*p : 0;
    return !has(n->set, before) && has(n->set, after);
}

// Nodes that fit in one way only: where they lead to, or NULL.
static const char *single(struct search *s, const struct node *n, const char *p)
{
    struct capture *c = &s->capture[n->number];
    switch (n->kind) {
    case BYTE:
        return fits(s, n, p) ? p + 1 : NULL;
    case OPEN:
        c->from = p;
        return p;
    case POSITION:
        *c = (struct capture){p, IS_POSITION};
        return p;
    case CLOSE:
        c->length = p - c->from;
        return p;
    case AGAIN:
        return again(s, n, p);
    case BALANCE:
        return balance(s, n, p);
    case FRONTIER:
        return at_frontier(s, n, p) ? p : NULL;
    default:
        return p == s->end ? p : NULL;
    }
}

// The end of a match of the nodes from n on at p, or NULL. What a failed try
// left in the captures does not matter: whoever needs them sets them first.
static const char *match(struct search *s, const struct node *n, const char *p)
{
    for (; n->kind != FOUND; n++) {
        step(s);
        if (n->repeat)
            return repeat(s, n, p);
        p = single(s, n, p);
        if (!p)
            return NULL;
    }
    return p;
}

// --- what Lua sees -----------------------------------------------------------

// Room for the nodes of a pattern: `few`, or memory that stays on Lua's stack.
static struct node *room(lua_State *L, size_t length, struct node *few)
{
    if (length < FEW_NODES)
        return few;
    if (length > SIZE_MAX / sizeof(struct node) - 1)
        luaL_error(L, "pattern too long");
    return lua_newuserdatauv(L, (length + 1) * sizeof(struct node), 0);
}

static void begin(struct search *s, lua_State *L, const char *subject,
                  size_t length)
{
    s->L = L;
    s->begin = subject;
    s->end = subject + length;
    s->depth = 0;
    s->steps = 0;
}

static const char *try_at(struct search *s, const char *p)
{
    s->depth = 0;
    return match(s, s->nodes, p);
}

// Pushes capture i, or for a pattern without captures the whole match.
static void push_capture(struct search *s, int i, const char *from,
                         const char *to)
{
    if (i >= s->captures) {
        if (i > 0)
            luaL_error(s->L, "invalid capture index %%%d", i + 1);
        lua_pushlstring(s->L, from, (size_t)(to - from));
        return;
    }
    const struct capture *c = &s->capture[i];
    if (c->length == IS_POSITION)
        lua_pushinteger(s->L, c->from - s->begin + 1);
    else
        lua_pushlstring(s->L, c->from, (size_t)c->length);
}

static int push_captures(struct search *s, const char *from, const char *to)
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
    struct node few[FEW_NODES + 1];
    struct search s;
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
    struct node *nodes = room(L, size, few);
    begin(&s, L, subject, length);
    s.captures = make(L, pattern + anchored, size - anchored, nodes);
    s.nodes = nodes;
    for (const char *p = subject + from; p <= s.end; p++) {
        const char *end = try_at(&s, p);
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

// Upvalues: subject, pattern, where to go on, where the last match ended.
static int next_match(lua_State *L)
{
    size_t length, size;
    struct node few[FEW_NODES + 1];
    struct search s;
    const char *subject = lua_tolstring(L, lua_upvalueindex(1), &length);
    const char *pattern = lua_tolstring(L, lua_upvalueindex(2), &size);
    lua_Integer last = lua_tointeger(L, lua_upvalueindex(4));
    struct node *nodes = room(L, size, few);
    begin(&s, L, subject, length);
    s.captures = make(L, pattern, size, nodes);
    s.nodes = nodes;
    const char *p = subject + lua_tointeger(L, lua_upvalueindex(3));
    for (; p <= s.end; p++) {
        const char *end = try_at(&s, p);
        if (!end || end - subject == last)
            continue;
        lua_pushinteger(L, end - subject);
        lua_copy(L, -1, lua_upvalueindex(3));
        lua_replace(L, lua_upvalueindex(4));
        return push_captures(&s, p, end);
    }
    lua_pushinteger(L, (lua_Integer)length + 1);
    lua_replace(L, lua_upvalueindex(3));
    return 0;
}

static int gmatch(lua_State *L)
{
    size_t length;
    luaL_checklstring(L, 1, &length);
    luaL_checkstring(L, 2);
    size_t from = start_of(L, 3, length);
    lua_settop(L, 2);
    lua_pushinteger(L, (lua_Integer)from);
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, next_match, 4);
    return 1;
}

// --- gsub --------------------------------------------------------------------

static void add_text(struct search *s, luaL_Buffer *out, const char *from,
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
static bool add_value(struct search *s, luaL_Buffer *out, const char *from,
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
    struct node few[FEW_NODES + 1];
    struct search s;
    const char *subject = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &size);
    check_replacement(L);
    lua_Integer most_often = luaL_optinteger(L, 4, (lua_Integer)length + 1);
    bool anchored = size > 0 && *pattern == '^', changed = false;
    lua_settop(L, 3);
    struct node *nodes = room(L, size, few);
    begin(&s, L, subject, length);
    s.captures = make(L, pattern + anchored, size - anchored, nodes);
    s.nodes = nodes;
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    const char *p = subject, *last = NULL;
    lua_Integer count = 0;
    while (count < most_often) {
        const char *end = try_at(&s, p);
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

int grad_open_pattern(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"find", find}, {"match", match_once}, {"gmatch", gmatch},
        {"gsub", gsub}, {NULL, NULL},
    };
    luaL_newlib(L, functions);
    return 1;
}
