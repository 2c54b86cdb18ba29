// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/pattern.h"

#include <ctype.h>
#include <lauxlib.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "bind/watch.h"

enum {
    MAX_DEPTH = 200,  // of repetitions that wait for what follows them
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

typedef struct grad_node node;
typedef struct grad_search search;

// --- making the nodes --------------------------------------------------------

struct maker {
    lua_State *L;
    const char *at, *end; // of the pattern
    node *node;           // the one being made
    int captures;
    bool is_open[GRAD_MAX_CAPTURES];
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
    case 'z': // an old name for the byte 0, which Lua still knows
        return byte == 0;
    default:
        return isxdigit(byte);
    }
}

// The classes as sets, made anew when the locale has changed.
static const char class_letters[] = "acdglpsuwxz";
static uint64_t classes[sizeof class_letters][4];

static void follow_locale(void)
{
    static char locale[64];
    const char *now = setlocale(LC_CTYPE, NULL);
    if (*locale && !strcmp(locale, now))
        return;
    memset(classes, 0, sizeof classes);
    for (int k = 0; class_letters[k]; k++)
        for (int byte = 0; byte < 256; byte++)
            if (in_class(class_letters[k], byte))
                put(classes[k], (unsigned char)byte);
    snprintf(locale, sizeof locale, "%s", strlen(now) < 64 ? now : "");
}

// What stands behind a %: a class like %d, its opposite like %D, or the byte.
static void put_escaped(uint64_t *set, unsigned char letter)
{
    const char *class = letter ? strchr(class_letters, tolower(letter)) : NULL;
    if (!class) {
        put(set, letter);
        return;
    }
    follow_locale();
    uint64_t opposite = islower(letter) ? 0 : UINT64_MAX;
    for (int i = 0; i < 4; i++)
        set[i] |= classes[class - class_letters][i] ^ opposite;
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
    node *n = m->node;
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
    if (m->captures == GRAD_MAX_CAPTURES)
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

int grad_pattern_make(lua_State *L, const char *pattern, size_t length,
                      node *nodes)
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

static const char *match(search *s, const node *n, const char *p);

static void step(search *s)
{
    if (++s->steps % STRIDE == 0)
        grad_watch_poll(s->L);
}

static bool fits(const search *s, const node *n, const char *p)
{
    return p < s->end && has(n->set, (unsigned char)*p);
}

// What follows a repetition, in a call of its own: it may fail.
static const char *rest(search *s, const node *n, const char *p)
{
    if (++s->depth > MAX_DEPTH)
        luaL_error(s->L, "pattern too complex");
    const char *end = match(s, n + 1, p);
    s->depth--;
    return end;
}

// As many as there are, then fewer and fewer.
static const char *most(search *s, const node *n, const char *p,
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

static const char *fewest(search *s, const node *n, const char *p)
{
    for (;; p++) {
        const char *end = rest(s, n, p);
        if (end)
            return end;
        if (!fits(s, n, p))
            return NULL;
    }
}

static const char *repeat(search *s, const node *n, const char *p)
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

static const char *balance(search *s, const node *n, const char *p)
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

static const char *again(search *s, const node *n, const char *p)
{
    const struct grad_capture *c = &s->capture[n->number];
    if (c->length == GRAD_IS_POSITION || s->end - p < c->length ||
        memcmp(p, c->from, (size_t)c->length) != 0)
        return NULL;
    s->steps |= STRIDE - 1; // the comparison may have been a long one
    return p + c->length;
}

static bool at_frontier(const search *s, const node *n, const char *p)
{
    unsigned char before = p > s->begin ? (unsigned char)p[-1] : 0;
    unsigned char after = p < s->end ? (unsigned char)*p : 0;
    return !has(n->set, before) && has(n->set, after);
}

// Nodes that fit in one way only: where they lead to, or NULL.
static const char *single(search *s, const node *n, const char *p)
{
    struct grad_capture *c = &s->capture[n->number];
    switch (n->kind) {
    case BYTE:
        return fits(s, n, p) ? p + 1 : NULL;
    case OPEN:
        c->from = p;
        return p;
    case POSITION:
        *c = (struct grad_capture){p, GRAD_IS_POSITION};
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
static const char *match(search *s, const node *n, const char *p)
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

const char *grad_pattern_match(search *s, const char *p)
{
    s->depth = 0;
    return match(s, s->nodes, p);
}
