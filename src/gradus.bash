# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Completion of the command line of gradus.

# Lesson names: the files and folders of the lessons' folder.
_gradus_lessons() {
    gradus -e 'local l = require("gradus.lesson")
        for _, e in ipairs(l.names and l.names() or {}) do print(e) end' 2>/dev/null
}

_gradus() {
    local word=${COMP_WORDS[COMP_CWORD]}
    local before=${COMP_WORDS[COMP_CWORD - 1]}
    local options="-e -i --seed --threads --terminal --no-color --no-history --version --help"
    COMPREPLY=()
    case $before in
    -e | --seed | --threads) return ;;
    --terminal)
        mapfile -t COMPREPLY < <(compgen -W "qt x11 wxt dumb sixelgd png svg pdfcairo" -- "$word")
        return
        ;;
    esac
    if [[ ${COMP_WORDS[1]} == lesson && $COMP_CWORD -eq 2 ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_gradus_lessons) list new report replay" -- "$word")
    elif [[ $word == -* && ${COMP_WORDS[1]} == lesson ]]; then
        mapfile -t COMPREPLY < <(compgen -W "--batch --present --export" -- "$word")
    elif [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    elif [[ $COMP_CWORD -eq 1 ]]; then
        mapfile -t COMPREPLY < <(compgen -W "lesson check" -- "$word")
    fi
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -X '!*.lua' -- "$word"; compgen -d -- "$word")
}

complete -o filenames -F _gradus gradus
