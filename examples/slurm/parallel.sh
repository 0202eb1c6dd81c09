#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# parallel.sh CAPTURES RESULTS [PARALLEL-OPTION...]
#
# The same on one machine, or with --sshlogin on several that have one file system, by GNU
# parallel: a job for each folder of CAPTURES, then the merge.

set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
captures=$(cd "$1" && pwd)
mkdir -p "$2"
results=$(cd "$2" && pwd)
shift 2

(cd "$captures" && for p in */; do echo "${p%/}"; done) >"$results/.points.$$"
mv "$results/.points.$$" "$results/points"
parallel -q --halt soon,fail=1 "$@" -a "$results/points" \
	"$here/point.sh" "$captures" "$results"
"$here/merge.sh" "$results"
