#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# merge.sh RESULTS
#
# Merges RESULTS/POINT.json of all lines of RESULTS/points to RESULTS/merged.json, which is
# replaced when the new one is whole.
#
#SBATCH --job-name=ctreplay-merge
#SBATCH --requeue

set -eu
program=${CTREPLAY:-ctreplay}
cd "$1"
unique=$(uname -n).$$
trap 'rm -f ".merged.$unique"' EXIT
trap 'exit 143' HUP INT TERM

set --
while IFS= read -r point; do
	set -- "$@" "$point.json"
done <points
"$program" --merge -q -o json -- "$@" >".merged.$unique"
mv ".merged.$unique" merged.json
