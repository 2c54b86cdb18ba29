// SPDX-License-Identifier: GPL-3.0-or-later
// What the place where pictures are shown can do: the terminal, and the
// display of a window system. Nothing here waits longer than it says.
#ifndef GRAD_GNUPLOT_SCREEN_H
#define GRAD_GNUPLOT_SCREEN_H

#include <stdbool.h>

struct grad_screen_size {
    int columns, rows; // of characters; 0 if unknown
    int width, height; // in pixels; 0 if unknown
};

// The size of the terminal on standard output.
struct grad_screen_size grad_screen_size(void);

// True if the terminal answers the device attributes query with attribute 4
// (sixel pictures) within `milliseconds`. It is not asked, and `*asked` says
// so, when standard input or output is no terminal or typed input is waiting,
// which the answer would be mixed with.
bool grad_screen_has_sixel(int milliseconds, bool *asked);

// Asks the terminal for its size in pixels; false if it does not say it within
// `milliseconds`, or could not be asked. For terminals that leave the pixels
// of grad_screen_size at 0.
bool grad_screen_ask_pixels(int milliseconds, int *width, int *height);

// True if an X server answers at DISPLAY (or a Wayland one at
// WAYLAND_DISPLAY takes the connection) within `milliseconds`.
bool grad_screen_has_display(int milliseconds);

#endif
