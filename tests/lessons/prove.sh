#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# prove.sh GRADUS FOLDER DIGIT: proves the lessons whose number begins with a
# digit; skipped (77) where there are none.
set -eu
set -- "$1" "$2/$3"
gradus=$1
first=$2
set -- "$first"*.lua
[ -e "$1" ] || exit 77
exec "$gradus" check "$@"
