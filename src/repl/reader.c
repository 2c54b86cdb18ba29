// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/reader.h"

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ttydefaults.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "repl/input.h"

static grad_reader_complete complete;
static bool done, cut_off;
static char *result;

static void on_line(char *line)
{
    rl_callback_handler_remove();
    result = line;
    done = true;
}

// Shows text above the line and draws the line again.
static void show_above(const char *text)
{
    int point = rl_point;
    rl_point = rl_end;
    rl_redisplay();
    fprintf(rl_outstream, "\r\n%s", text);
    rl_point = point;
    rl_on_new_line();
    rl_redisplay();
}

static void apply(struct grad_completion *c)
{
    rl_begin_undo_group();
    if (c->remove > 0 && c->remove <= (size_t)rl_point) {
        int from = rl_point - (int)c->remove;
        rl_delete_text(from, rl_point);
        rl_point = from;
    }
    if (c->insert)
        rl_insert_text(c->insert);
    rl_end_undo_group();
    if (c->show)
        show_above(c->show);
    if (!c->insert && !c->show)
        rl_ding();
}

// A paste that the terminal does not bracket looks like fast typing; there a
// TAB with more text behind it is taken as text.
static bool is_plain_paste(void)
{
    const char *term = getenv("TERM");
    const char *bracketed = rl_variable_value("enable-bracketed-paste");
    bool brackets = term && strcmp(term, "dumb") != 0 && bracketed &&
                    !strcmp(bracketed, "on");
    return !brackets && grad_input_pending();
}

// TAB. In pasted text it is an ordinary character.
static int on_tab(int times, int key)
{
    struct grad_completion c = {0, NULL, NULL};
    if (is_plain_paste() || !complete)
        return rl_insert(1, '\t');
    complete(rl_line_buffer, (size_t)rl_point, rl_last_func == on_tab, &c);
    apply(&c);
    free(c.insert);
    free(c.show);
    return 0;
}

// Ctrl-D ends the input on a line of blanks, too: the ones a continuation
// begins with.
static int on_end(int times, int key)
{
    if (strspn(rl_line_buffer, " ") < (size_t)rl_end)
        return rl_delete(times, key);
    cut_off = true;
    return 0;
}

// Home and End stay in the line of an input that has several; a second one goes
// to the beginning or end of all.
static int on_home(int times, int key)
{
    int begin = rl_point;
    while (begin > 0 && rl_line_buffer[begin - 1] != '\n')
        begin--;
    rl_point = begin < rl_point ? begin : 0;
    return 0;
}

static int on_line_end(int times, int key)
{
    int end = rl_point + (int)strcspn(rl_line_buffer + rl_point, "\n");
    rl_point = end > rl_point ? end : rl_end;
    return 0;
}

// Arrow up and down search for entries that begin like the text before the
// cursor; on an empty line they walk through all.
static void bind_keys(void)
{
    rl_bind_keyseq("\\e[A", rl_history_search_backward);
    rl_bind_keyseq("\\eOA", rl_history_search_backward);
    rl_bind_keyseq("\\e[B", rl_history_search_forward);
    rl_bind_keyseq("\\eOB", rl_history_search_forward);
    static const char *const home[] = {"\\e[H", "\\eOH", "\\e[1~", "\\C-a"};
    static const char *const end[] = {"\\e[F", "\\eOF", "\\e[4~", "\\C-e"};
    for (int i = 0; i < 4; i++) {
        rl_bind_keyseq(home[i], on_home);
        rl_bind_keyseq(end[i], on_line_end);
    }
    rl_bind_key('\t', on_tab);
    rl_bind_key(CTRL('D'), on_end);
}

// UTF-8 is read and shown as such in the C locale too.
static void choose_character_set(void)
{
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

static void prepare_terminal(int meta)
{
    rl_prep_terminal(meta);
    grad_input_prepare();
}

void grad_reader_open(grad_reader_complete callback)
{
    complete = callback;
    choose_character_set();
    rl_readline_name = "gradus";
    rl_instream = stdin;
    rl_outstream = stdout;
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_prep_term_function = prepare_terminal;
    rl_getc_function = grad_input_getc;
    rl_input_available_hook = grad_input_available;
    bind_keys(); // before the user's inputrc is read, which may change them
    rl_initialize();
    rl_variable_bind("enable-active-region", "off");
    rl_variable_bind("input-meta", "on");
    rl_variable_bind("output-meta", "on");
    rl_variable_bind("convert-meta", "off");
}

// Brackets escape sequences as Readline wants them, which counts columns.
static char *mark_escapes(const char *prompt)
{
    char *marked = malloc(3 * strlen(prompt) + 1);
    char *out = marked;
    if (!marked)
        return NULL;
    for (const char *p = prompt; *p;) {
        if (*p != '\033') {
            *out++ = *p++;
            continue;
        }
        *out++ = RL_PROMPT_START_IGNORE;
        do
            *out++ = *p;
        while (*p && *p++ != 'm');
        *out++ = RL_PROMPT_END_IGNORE;
    }
    *out = '\0';
    return marked;
}

// Ends the line from whatever state Readline is in: plain, ^R, half a key.
static void cancel(void)
{
    rl_free_line_state();
    rl_callback_sigcleanup();
    rl_clear_message();
    rl_point = rl_end;
    rl_redisplay();
    fputs("^C\n", rl_outstream);
    fflush(rl_outstream);
    grad_input_discard(); // before the terminal holds back unfinished lines
    rl_callback_handler_remove();
}

static enum grad_reader_end leave_on(enum grad_input_event event)
{
    free(result);
    result = NULL;
    if (event == GRAD_INPUT_INTERRUPT) {
        cancel();
        return GRAD_READER_INTERRUPT;
    }
    rl_callback_sigcleanup();
    rl_callback_handler_remove();
    return event == GRAD_INPUT_TERMINATION ? GRAD_READER_TERMINATION
                                           : GRAD_READER_HANGUP;
}

// Ctrl-Z: the shell gets the terminal as it was.
static void suspend(void)
{
    rl_deprep_terminal();
    raise(SIGSTOP);
    prepare_terminal(1);
    rl_on_new_line();
    rl_redisplay();
}

static enum grad_reader_end read_line(void)
{
    while (!done) {
        enum grad_input_event event = grad_input_wait();
        if (event == GRAD_INPUT_BYTES) {
            rl_callback_read_char();
            event = grad_input_take_event();
        }
        if (cut_off) {
            rl_callback_handler_remove();
            return GRAD_READER_EOF;
        }
        if (event == GRAD_INPUT_RESIZE)
            rl_resize_terminal();
        else if (event != GRAD_INPUT_BYTES)
            return leave_on(event);
    }
    return result ? GRAD_READER_LINE : GRAD_READER_EOF;
}

enum grad_reader_end grad_reader_read(const char *prompt, const char *initial,
                                      char **line)
{
    char *marked = mark_escapes(prompt);
    done = cut_off = false;
    result = NULL;
    grad_input_begin(suspend);
    rl_callback_handler_install(marked ? marked : prompt, on_line);
    if (initial && *initial) {
        rl_insert_text(initial);
        rl_redisplay();
    }
    enum grad_reader_end end = read_line();
    grad_input_end();
    free(marked);
    *line = end == GRAD_READER_LINE ? result : NULL;
    return end;
}

void grad_reader_size(int *columns, int *rows)
{
    struct winsize size = {0};
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    *columns = size.ws_col > 0 ? size.ws_col : 80;
    *rows = size.ws_row > 0 ? size.ws_row : 24;
}
