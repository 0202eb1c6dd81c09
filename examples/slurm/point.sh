#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# point.sh CAPTURES RESULTS [POINT]
#
# Replays the captures of one capture point, the files of CAPTURES/POINT in the order of
# their names, and writes RESULTS/POINT.json.  As a task of a job array it takes the
# point from the line of RESULTS/points that has the task's number.
#
# Files that were replayed before are not read again: what each has added to the output,
# and the state after it, stay in RESULTS/POINT.  So a run that was killed goes on where
# it was, and new files are added by another run.  A file gets its name when it is whole,
# and its content depends on the captures alone: so it does no harm if two runs of one
# point meet, such as that of a node which was taken for dead, and the one in its place.
#
#	CTREPLAY		the program; ctreplay
#	CTREPLAY_OPTIONS	what to print, and all settings; a state does not go on
#				with others, so that these need new RESULTS
#
#SBATCH --job-name=ctreplay
#SBATCH --requeue
#SBATCH --cpus-per-task=2

set -eu
export LC_ALL=C
program=${CTREPLAY:-ctreplay}
options=${CTREPLAY_OPTIONS:--s -C --top src:1000 --top dst:1000 --top port:1000}
captures=$1
results=$(cd "$2" && pwd)
point=${3-$(sed -n "${SLURM_ARRAY_TASK_ID}p" "$results/points")}
work=$results/$point
unique=$(uname -n).$$

cd "$captures/$point"
mkdir -p "$work"
trap 'rm -f "$work/"*".$unique" "$results/.$point.$unique"' EXIT
trap 'exit 143' HUP INT TERM

# Options are words.
# shellcheck disable=SC2086
replay()
{
	"$program" $options -q -o json "$@"
}

# NUMBER.FILE.state: the state after that file.
state=
for s in "$work"/*.state; do
	[ ! -f "$s" ] || state=$s
done

for file in *; do
	[ -f "$file" ] || continue
	number=000000
	last=
	if [ -n "$state" ]; then
		last=${state##*/}
		number=${last%%.*}
		last=${last#*.}
		last=${last%.state}
	fi
	if [ -n "$last" ] && ! expr "x$file" \> "x$last" >/dev/null; then
		set -- "$work"/[0-9][0-9][0-9][0-9][0-9][0-9]."$file.json"
		[ -f "$1" ] && continue
		echo "$point: $file came late: $last has been replayed" >&2
		exit 1
	fi
	next=$work/$(printf %06d $((1$number - 1000000 + 1))).$file
	status=0
	replay ${state:+--load-state "$state"} --save-state "$work/state.$unique" \
		-- "$file" >"$work/json.$unique" || status=$?
	# Of a damaged capture all is replayed up to the damage, and the next one follows.
	[ -f "$work/state.$unique" ] || exit "$status"
	[ "$status" -eq 0 ] || echo "$point: $file: status $status" >&2
	mv "$work/json.$unique" "$next.json"
	mv "$work/state.$unique" "$next.state"
	# Another run may be at the file before.
	for s in "$work"/*.state; do
		[ "$s" = "$state" ] || [ "$s" = "$next.state" ] || rm -f "$s"
	done
	state=$next.state
done
if [ -z "$state" ]; then
	echo "$point: there is no capture" >&2
	exit 1
fi

# The connections that have ended by then, and what is printed once, at the end.
{
	for piece in "$work"/*.json; do
		cat "$piece"
	done
	replay --load-state "$state"
} >"$results/.$point.$unique"
mv "$results/.$point.$unique" "$results/$point.json"
