// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/script.h"

#include <ctype.h>
#include <errno.h>
#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool refuse(struct grad_script *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool refuse(struct grad_script *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(s->message, sizeof s->message, format, args);
    va_end(args);
    grad_script_free(s);
    return false;
}

// Bytes 0 to 8 stand in no text; compiled Lua begins with an escape.
static bool is_text(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)bytes[i] < '\t')
            return false;
    return true;
}

static bool append(struct grad_script *s, const char *bytes, size_t n)
{
    char *text = realloc(s->text, s->length + n + 1);
    if (!text)
        return false;
    memcpy(text + s->length, bytes, n);
    s->text = text;
    s->length += n;
    s->text[s->length] = '\0';
    return true;
}

static bool read_all(struct grad_script *s, FILE *file, const char *name)
{
    char bytes[1 << 16];
    size_t n;
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0) {
        if (s->length == 0 && bytes[0] == LUA_SIGNATURE[0])
            return refuse(s, "%s is compiled Lua; gradus runs Lua source only",
                          name);
        if (!is_text(bytes, n))
            return refuse(s, "%s is not text; expected a Lua script", name);
        if (!append(s, bytes, n))
            return refuse(s, "%s is too long: out of memory", name);
    }
    if (ferror(file))
        return refuse(s, "cannot read %s: %s", name, strerror(errno));
    return s->text || append(s, "", 0) || refuse(s, "out of memory");
}

static bool is_folder(FILE *file)
{
    struct stat status;
    return fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode);
}

bool grad_script_read(struct grad_script *s, const char *path)
{
    memset(s, 0, sizeof *s);
    if (!strcmp(path, "-"))
        return read_all(s, stdin, "standard input");
    char name[300];
    snprintf(name, sizeof name, "'%s'", path);
    FILE *file = fopen(path, "rbe");
    if (!file)
        return refuse(s, "cannot open %s: %s", name, strerror(errno));
    bool fine = is_folder(file)
                    ? refuse(s, "%s is a folder; expected a Lua script", name)
                    : read_all(s, file, name);
    fclose(file);
    return fine;
}

void grad_script_free(struct grad_script *s)
{
    free(s->text);
    s->text = NULL;
    s->length = 0;
}

// Past a byte order mark and a first line like "#!/usr/bin/env gradus"; the
// line's end stays, so that line numbers are right.
static const char *code(const struct grad_script *s)
{
    const char *p = s->text;
    if (!strncmp(p, "\xEF\xBB\xBF", 3))
        p += 3;
    return *p == '#' ? p + strcspn(p, "\n") : p;
}

// Past one comment that begins at p, long or short.
static const char *skip_comment(const char *p)
{
    p += 2;
    size_t level = *p == '[' ? strspn(p + 1, "=") : 0;
    if (*p != '[' || p[1 + level] != '[')
        return p + strcspn(p, "\n");
    for (p += 2 + level; *p; p++)
        if (*p == ']' && strspn(p + 1, "=") == level && p[1 + level] == ']')
            return p + 2 + level;
    return p;
}

static const char *skip_blanks(const char *p)
{
    for (;;) {
        p += strspn(p, " \t\r\n\f\v;");
        if (p[0] != '-' || p[1] != '-')
            return p;
        p = skip_comment(p);
    }
}

bool grad_script_is_lesson(const struct grad_script *s)
{
    const char *p = skip_blanks(code(s));
    if (strncmp(p, "lesson", 6) != 0)
        return false;
    p = skip_blanks(p + 6);
    return *p && strchr("({\"'", *p) != NULL;
}

int grad_script_load(lua_State *L, const struct grad_script *s,
                     const char *path)
{
    const char *text = code(s);
    size_t skipped = (size_t)(text - s->text);
    if (!strcmp(path, "-"))
        lua_pushliteral(L, "=stdin");
    else
        lua_pushfstring(L, "@%s", path);
    int status = luaL_loadbufferx(L, text, s->length - skipped,
                                  lua_tostring(L, -1), "t");
    lua_remove(L, -2);
    return status;
}
