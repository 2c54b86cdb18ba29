#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# check.sh NAME runs one style check, check.sh lists their names.
set -eu
cd "$(dirname "$0")/../.."

c_files() {
    find src tests -name '*.[ch]'
}

case ${1:-} in
'') echo floors spdx listed tree format luacheck shellcheck whitespace ;;
floors | spdx | listed | tree) exec python3 "tests/style/$1.py" ;;
format) c_files | xargs clang-format --dry-run -Werror ;;
luacheck) exec luacheck -q lua lessons tests ;;
shellcheck)
    shellcheck run .ci/run
    find src tests lessons '(' -name '*.sh' -o -name '*.slurm' ')' -exec shellcheck {} +
    ;;
whitespace)
    # A blank at a line's end, or a tab that indents.
    if grep -rnIE --include='*.[ch]' --include='*.lua' --include='*.py' \
        --include='*.sh' --include=meson.build "[ $(printf '\t')]+$|^$(printf '\t')" \
        meson.build run src lua lessons tests; then
        exit 1
    fi
    ;;
*)
    echo "no check named $1" >&2
    exit 2
    ;;
esac
