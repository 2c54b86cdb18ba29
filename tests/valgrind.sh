#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the engine's tests and the generated tests of every op under valgrind.
#
#   tests/valgrind.sh [BUILD_FOLDER] [FILE...]
#
# With files, those alone: executables or Lua scripts. Takes some ten minutes.
# Valgrind 3.19 knows no AVX-512, so the kernels of the level below are chosen.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../build}
[ $# -gt 0 ] && shift
export GRADUS_CPU=x86-64-v3 OPENBLAS_CORETYPE=Haswell OPENBLAS_NUM_THREADS=1
failed=0

# Runs a command whose last word is the file; a script may be meant to fail.
check() {
  for file in "$@"; do :; done
  name=$(basename "$file")
  meant=0
  case $file in
    *.lua) ! grep -q -e '-- expect error:' "$file" || meant=1 ;;
  esac
  began=$(date +%s)
  valgrind -q --error-exitcode=99 --leak-check=full \
    --errors-for-leak-kinds=definite "$@" >"$log" 2>&1
  if [ $? -eq $meant ]; then
    echo "ok   $name ($(($(date +%s) - began)) s)"
  else
    echo "FAIL $name"
    { grep -A 12 '^==' "$log" || tail -5 "$log"; } | head -40
    failed=$((failed + 1))
  fi
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
[ $# -gt 0 ] || set -- "$build"/tests/engine/*_test "$here"/lua/ops/*.lua \
  "$here"/lua/kernels/*.lua
for file in "$@"; do
  case $file in
    *.lua) check "$build/src/gradus" --threads 2 "$file" ;;
    *) check "$file" ;;
  esac
done
[ $failed -eq 0 ]
