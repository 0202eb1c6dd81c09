#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# submit.sh CAPTURES RESULTS [SBATCH-OPTION...]
#
# Submits a job array with a task for each folder of CAPTURES, a capture point, and a job
# that merges their results when all are there.  Prints both numbers.

set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
captures=$(cd "$1" && pwd)
mkdir -p "$2/log"
results=$(cd "$2" && pwd)
shift 2

# Tasks know their points by number: a folder that appears later must not move them.
(cd "$captures" && for p in */; do echo "${p%/}"; done) >"$results/.points.$$"
mv "$results/.points.$$" "$results/points"
n=$(wc -l <"$results/points")

array=$(sbatch --parsable --array="1-$n" --output="$results/log/%A_%a" "$@" \
	"$here/point.sh" "$captures" "$results")
merge=$(sbatch --parsable --dependency="afterok:${array%%;*}" --kill-on-invalid-dep=yes \
	--output="$results/log/%j" "$@" "$here/merge.sh" "$results")
echo "${array%%;*} ${merge%%;*}"
