#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Closes the windows whose name contains a text, as a window manager does: by
the message WM_DELETE_WINDOW. Prints how many there were.

    close_window.py TEXT [--count]

With --count they stay open."""
import ctypes
import sys

X = ctypes.CDLL("libX11.so.6")
X.XOpenDisplay.restype = ctypes.c_void_p
X.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
X.XDefaultRootWindow.restype = ctypes.c_ulong
X.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
X.XInternAtom.restype = ctypes.c_ulong
X.XFetchName.argtypes = [ctypes.c_void_p, ctypes.c_ulong,
                         ctypes.POINTER(ctypes.c_char_p)]
X.XQueryTree.argtypes = [
    ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(ctypes.c_ulong),
    ctypes.POINTER(ctypes.c_ulong),
    ctypes.POINTER(ctypes.POINTER(ctypes.c_ulong)),
    ctypes.POINTER(ctypes.c_uint)]
X.XSendEvent.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int,
                         ctypes.c_long, ctypes.c_void_p]
X.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]


class ClientMessage(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong),
                ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("window", ctypes.c_ulong), ("message", ctypes.c_ulong),
                ("format", ctypes.c_int), ("data", ctypes.c_long * 5),
                ("room", ctypes.c_long * 24)]


def windows(display, root):
    parent, top = ctypes.c_ulong(), ctypes.c_ulong()
    children, n = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
    X.XQueryTree(display, root, ctypes.byref(top), ctypes.byref(parent),
                 ctypes.byref(children), ctypes.byref(n))
    return [children[i] for i in range(n.value)]


def name_of(display, window):
    name = ctypes.c_char_p()
    X.XFetchName(display, window, ctypes.byref(name))
    return (name.value or b"").decode(errors="replace")


class Attributes(ctypes.Structure):
    _fields_ = [("geometry", ctypes.c_int * 5), ("visual", ctypes.c_void_p),
                ("root", ctypes.c_ulong), ("class_", ctypes.c_int),
                ("gravity", ctypes.c_int * 3), ("planes", ctypes.c_ulong * 2),
                ("save_under", ctypes.c_int), ("colormap", ctypes.c_ulong),
                ("installed", ctypes.c_int), ("map_state", ctypes.c_int),
                ("room", ctypes.c_long * 16)]


def is_shown(display, window):
    a = Attributes()
    X.XGetWindowAttributes(ctypes.c_void_p(display), ctypes.c_ulong(window),
                           ctypes.byref(a))
    return a.map_state != 0


def close(display, window):
    event = ClientMessage(type=33, display=display, window=window, format=32,
                          message=X.XInternAtom(display, b"WM_PROTOCOLS", 0))
    event.data[0] = X.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
    X.XSendEvent(display, window, 0, 0, ctypes.byref(event))
    X.XSync(display, 0)


def main(text):
    display = X.XOpenDisplay(None)
    if not display:
        sys.exit("no display")
    found = [w for w in windows(display, X.XDefaultRootWindow(display))
             if text in name_of(display, w) and is_shown(display, w)]
    for window in found if "--count" not in sys.argv else []:
        close(display, window)
    print(len(found), flush=True)


main(sys.argv[1])
