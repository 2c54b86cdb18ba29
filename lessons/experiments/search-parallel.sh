#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The search of search.lua in shards under GNU parallel, then its whole table:
#
#     ./search-parallel.sh            4 shards, as many at a time as there are cores
#     ./search-parallel.sh 8 --trials 48
#
# Stopped and started again it goes on: finished trials are in
# search-results.1of4.jsonl and so on, in the folder where it was started.
# With --sshlogin and --transfer, parallel spreads shards over machines.
set -eu
shards=4
case ${1:-} in
[1-9]*)
    shards=$1
    shift
    ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
gradus=${GRADUS:-gradus}

seq "$shards" | parallel --halt soon,fail=1 --line-buffer --tagstring 'shard {}' \
    "$gradus" "$here/search.lua" --shard "{}/$shards" "$@"
exec "$gradus" "$here/search.lua" "$@"
