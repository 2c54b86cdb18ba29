// SPDX-License-Identifier: GPL-3.0-or-later
// The command line. Exit codes: 0 fine, 1 the script failed, 2 usage, 130
// interrupted.
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bind/open.h"
#include "engine/interrupt.h"
#include "repl/repl.h"
#include "repl/script.h"
#include "repl/traceback.h"

enum { exit_fine = 0, exit_failed = 1, exit_usage = 2, exit_interrupted = 130 };

static const char help_text[] =
    "usage: gradus [OPTIONS] [FILE [ARGS]]\n"
    "       gradus lesson [NAME] [OPTIONS]\n"
    "       gradus check FILE...\n"
    "\n"
    "Train neural networks step by step: at the prompt, in lessons, in "
    "scripts.\n"
    "Without FILE and -e it opens the prompt; FILE is a script or a lesson, -\n"
    "is standard input, ARGS are in the script's table `arg`.\n"
    "\n"
    "  -e CODE          run CODE, then FILE if there is one\n"
    "  -i               open the prompt afterwards\n"
    "  --seed N         begin with this seed of the random numbers\n"
    "  --threads N      compute on N threads\n"
    "  --terminal NAME  draw pictures on this gnuplot terminal\n"
    "  --no-color       no colours, as with NO_COLOR set\n"
    "  --no-history     inputs are neither remembered nor recalled\n"
    "  --version        print the version\n"
    "  --help           print this help\n"
    "\n"
    "  gradus lesson    list the lessons, take one, make or export one\n"
    "  gradus check     prove that lesson files work, for their authors\n"
    "\n"
    "Exit codes: 0 fine, 1 the script failed, 2 usage, 130 interrupted.\n";

struct request {
    const char **code; // the values of -e, in order
    int codes;
    const char *seed, *threads, *terminal;
    bool interactive, no_color, no_history, help, version;
    int script;   // index in argv of FILE or the command, or argc
    bool literal; // after --: FILE is no command
};

struct program {
    int argc;
    char **argv;
    struct request request;
    int code;    // the exit code
    bool prompt; // a lesson asks for the prompt
};

static int usage(const char *format, const char *what)
{
    fputs("gradus: ", stderr);
    fprintf(stderr, format, what);
    fputs("\nTry: gradus --help\n", stderr);
    return exit_usage;
}

// The rows of the command line: what takes a value, and what does not.
struct option_row {
    const char *name;
    const char **value;
    bool *flag;
};

static const struct option_row *find_option(const struct option_row *rows,
                                            const char *word, size_t length)
{
    for (; rows->name; rows++)
        if (strlen(rows->name) == length && !strncmp(rows->name, word, length))
            return rows;
    return NULL;
}

// Reads the option at argv[*i], moving *i over its value.
static int parse_option(struct program *p, const struct option_row *rows,
                        int *i)
{
    const char *word = p->argv[*i];
    const char *equals = word[1] == '-' ? strchr(word, '=') : NULL;
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    const struct option_row *row = find_option(rows, word, length);
    if (!row)
        return usage("unknown option '%s'. Options: -e -i --seed --threads "
                     "--terminal --no-color --no-history --version --help",
                     word);
    if (row->flag && equals)
        return usage("option '%s' takes no value", row->name);
    if (row->flag) {
        *row->flag = true;
        return exit_fine;
    }
    const char *value = equals ? equals + 1 : p->argv[*i + 1];
    if (!value)
        return usage("option '%s' needs a value", row->name);
    *i += equals ? 0 : 1;
    *row->value = value;
    return exit_fine;
}

static int parse(struct program *p)
{
    struct request *r = &p->request;
    const char *code = NULL;
    const struct option_row rows[] = {
        {"-e", &code, NULL},
        {"--seed", &r->seed, NULL},
        {"--threads", &r->threads, NULL},
        {"--terminal", &r->terminal, NULL},
        {"-i", NULL, &r->interactive},
        {"--no-color", NULL, &r->no_color},
        {"--no-history", NULL, &r->no_history},
        {"--version", NULL, &r->version},
        {"--help", NULL, &r->help},
        {"-h", NULL, &r->help},
        {NULL, NULL, NULL},
    };
    int i = 1;
    for (; i < p->argc && p->argv[i][0] == '-' && p->argv[i][1]; i++) {
        if (!strcmp(p->argv[i], "--")) {
            r->literal = true;
            i++;
            break;
        }
        int status = parse_option(p, rows, &i);
        if (status != exit_fine)
            return status;
        if (code)
            r->code[r->codes++] = code;
        code = NULL;
    }
    r->script = i;
    return exit_fine;
}

static int report(lua_State *L, int status)
{
    if (status == LUA_OK)
        return exit_fine;
    fflush(stdout);
    fprintf(stderr, "gradus: %s\n", luaL_tolstring(L, -1, NULL));
    lua_pop(L, 2);
    return exit_failed;
}

// Runs the function below its nargs arguments; Ctrl-C stops it.
static int run(lua_State *L, int nargs, int nresults)
{
    int function = lua_gettop(L) - nargs;
    lua_pushcfunction(L, grad_traceback);
    lua_insert(L, function);
    int status = grad_interrupt_call(L, nargs, nresults, function);
    lua_remove(L, function);
    int code = report(L, status);
    return grad_interrupt_happened() ? exit_interrupted : code;
}

static void interrupt_engine(void)
{
    grad_interrupt_flag = 1;
}

static void clear_engine(void)
{
    grad_interrupt_flag = 0;
}

// arg[0] is the script, arg[1] and on its arguments, below 0 what was before.
static void set_arg(lua_State *L, const struct program *p)
{
    int zero = p->request.script < p->argc ? p->request.script : 0;
    lua_createtable(L, p->argc - zero, zero + 1);
    for (int i = 0; i < p->argc; i++) {
        lua_pushstring(L, p->argv[i]);
        lua_rawseti(L, -2, i - zero);
    }
    lua_setglobal(L, "arg");
}

static int push_arguments(lua_State *L, const struct program *p, int from)
{
    luaL_checkstack(L, p->argc, "too many arguments");
    for (int i = from; i < p->argc; i++)
        lua_pushstring(L, p->argv[i]);
    return p->argc > from ? p->argc - from : 0;
}

// Calls function `name` of the lesson module with a table of the words from
// argv[from] on; what it returns is the exit code, or "prompt".
static int run_lesson(lua_State *L, struct program *p, const char *name,
                      int from)
{
    static const char call[] =
        "local name = ...\n"
        "return require('gradus.lesson')[name]({select(2, ...)})";
    int status = luaL_loadbufferx(L, call, sizeof call - 1, "=gradus", "t");
    if (status != LUA_OK)
        return report(L, status);
    lua_pushstring(L, name);
    int failed = run(L, 1 + push_arguments(L, p, from), 1);
    if (failed)
        return failed;
    int code = lua_isinteger(L, -1) ? (int)lua_tointeger(L, -1) : exit_fine;
    p->prompt = lua_type(L, -1) == LUA_TSTRING;
    lua_pop(L, 1);
    return code;
}

static int run_script(lua_State *L, struct program *p)
{
    const char *path = p->argv[p->request.script];
    struct grad_script script;
    if (!grad_script_read(&script, path)) {
        fprintf(stderr, "gradus: %s\n", script.message);
        return exit_failed;
    }
    bool lesson = strcmp(path, "-") != 0 && grad_script_is_lesson(&script);
    int status = lesson ? LUA_OK : grad_script_load(L, &script, path);
    grad_script_free(&script);
    if (lesson)
        return run_lesson(L, p, "main", p->request.script);
    if (status != LUA_OK)
        return report(L, status);
    return run(L, push_arguments(L, p, p->request.script + 1), 0);
}

static int run_code(lua_State *L, const char *code)
{
    int status = luaL_loadbufferx(L, code, strlen(code), "=-e", "t");
    return status == LUA_OK ? run(L, 0, 0) : report(L, status);
}

// --seed and --threads: calls gradus.NAME(value).
static int set_number(lua_State *L, const char *name, const char *text,
                      lua_Integer least, lua_Integer most)
{
    if (!text)
        return exit_fine;
    bool fits = lua_stringtonumber(L, text) != 0 && lua_isinteger(L, -1) &&
                lua_tointeger(L, -1) >= least && lua_tointeger(L, -1) <= most;
    if (!fits)
        return usage(lua_pushfstring(L,
                                     "--%s: expected a whole number from "
                                     "%I to %I; got '%%s'",
                                     name, least, most),
                     text);
    lua_getglobal(L, "gradus");
    lua_getfield(L, -1, name);
    lua_replace(L, -2);
    lua_insert(L, -2);
    return run(L, 1, 0);
}

static int set_terminal(lua_State *L, const char *name)
{
    static const char call[] = "plot.terminal(...)";
    if (!name)
        return exit_fine;
    int status = luaL_loadbufferx(L, call, sizeof call - 1, "=gradus", "t");
    if (status != LUA_OK)
        return report(L, status);
    lua_pushstring(L, name);
    return run(L, 1, 0) ? exit_usage : exit_fine;
}

static int apply_settings(lua_State *L, const struct request *r)
{
    int code = set_number(L, "seed", r->seed, 0, LUA_MAXINTEGER);
    if (code == exit_fine)
        code = set_number(L, "threads", r->threads, 1, 1024);
    return code == exit_fine ? set_terminal(L, r->terminal) : code;
}

static bool is_command(const struct program *p, const char *name)
{
    const struct request *r = &p->request;
    return r->script < p->argc && !r->literal &&
           !strcmp(p->argv[r->script], name);
}

// Runs -e, then the command or the script; the first failure ends it.
static int run_all(lua_State *L, struct program *p)
{
    int code = exit_fine, from = p->request.script + 1;
    for (int i = 0; i < p->request.codes && code == exit_fine; i++)
        code = run_code(L, p->request.code[i]);
    if (code != exit_fine || p->request.script >= p->argc)
        return code;
    if (is_command(p, "lesson"))
        return run_lesson(L, p, "main", from);
    if (is_command(p, "check"))
        return run_lesson(L, p, "check_main", from);
    return run_script(L, p);
}

static int work(lua_State *L)
{
    struct program *p = lua_touserdata(L, 1);
    const struct request *r = &p->request;
    const struct grad_repl_options options = {.no_color = r->no_color,
                                              .no_history = r->no_history,
                                              .version = GRADUS_VERSION};
    static const struct grad_interrupt_hooks hooks = {interrupt_engine,
                                                      clear_engine};
    lua_settop(L, 0);
    grad_repl_open(L, &hooks);
    grad_bind_open(L);
    lua_pushliteral(L, GRADUS_VERSION);
    lua_setfield(L, LUA_REGISTRYINDEX, "gradus.version");
    set_arg(L, p);
    p->code = apply_settings(L, r);
    if (p->code != exit_fine)
        return 0;
    p->code = run_all(L, p);
    lua_settop(L, 0);
    if (r->interactive || p->prompt || (r->codes == 0 && r->script >= p->argc))
        p->code = grad_repl_run(L, &options);
    return 0;
}

// Whatever was printed must have been written, also when a script leaves with
// os.exit.
static void check_output(void)
{
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) == 0 && !failed)
        return;
    const char *why = errno ? strerror(errno) : "not all of it was written";
    fprintf(stderr, "gradus: cannot write standard output: %s\n", why);
    _exit(exit_failed);
}

// A closed standard stream would lend its number to the next file opened,
// which print would then write into. An end that only fails takes its place.
static void occupy_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

static int show_version(void)
{
    puts("gradus " GRADUS_VERSION " (" LUA_RELEASE ")\n"
         "Licence: GPL-3.0-or-later. There is no warranty.");
    return exit_fine;
}

static int start(struct program *p)
{
    lua_State *L = grad_bind_new();
    if (!L) {
        fputs("gradus: out of memory\n", stderr);
        return exit_failed;
    }
    lua_pushcfunction(L, work);
    lua_pushlightuserdata(L, p);
    if (report(L, lua_pcall(L, 1, 0, 0)) != exit_fine)
        p->code = exit_failed;
    grad_bind_close(L);
    return p->code;
}

int main(int argc, char **argv)
{
    struct program p = {.argc = argc, .argv = argv};
    occupy_standard_streams();
    setlocale(LC_CTYPE, "");
    atexit(check_output);
    p.request.code = calloc((size_t)argc + 1, sizeof *p.request.code);
    p.code = p.request.code ? parse(&p) : exit_failed;
    if (p.request.no_color)
        setenv("NO_COLOR", "1", 1);
    if (p.code == exit_fine) {
        if (p.request.help)
            fputs(help_text, stdout);
        else if (p.request.version)
            show_version();
        else
            start(&p);
    }
    free(p.request.code);
    return p.code;
}
