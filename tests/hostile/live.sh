#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# live.sh BUILD
#
# Frames come one at a time, from a program that sends the next frame only when it
# has seen the output for the last one, as with a live capture that someone
# watches.  So no thread may wait for the next frame if it is the only one that
# could process this one.  The timing of threads is varied, since the fault would
# be rare.

set -u
cd "$(dirname "$0")/../.." || exit
case $1 in
/*)	build=$1 ;;
*)	build=$PWD/$1 ;;
esac
tmp=$(mktemp -d) || exit 2
out=$tmp/out
err=$tmp/err

. tests/tally.sh
. tests/input.sh
# shellcheck disable=SC2086 # to be split
trap '[ -z "$children" ] || kill $children 2>/dev/null; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

frames=40
# Its first frame, a TCP SYN, which is sent repeatedly.
capture=testdata/tcp-rst.pcap
header=$(frame_offset "$capture" 1)
record=$(($(frame_offset "$capture" 2) - header))
tail -c "+$((header + 1))" "$capture" | head -c "$record" >"$tmp/frame"

# Whether frame N, and no later one, is written.
written()
{
	[ "$(stat -c %s "$tmp/written")" -eq $((header + $1 * record)) ]
}

# live SEEN OPTION...
live()
{
	local seen=$1 seed n=0 processors name

	shift
	name=${*//$tmp\//}
	for seed in 1 2 3; do
		processors=$((seed == 3 ? 8 : 2))
		: >"$tmp/written"
		background env "LD_PRELOAD=$build/tests/hostile/timing.so" \
			TIMING=$seed PROCESSORS=$processors \
			"$build/ctreplay" --sandbox no "$@" -
		head -c "$header" "$capture" >&9
		for ((n = 1; n <= frames; n++)); do
			cat "$tmp/frame" >&9
			await "$seen" "$n" || break
		done
		finish || fail "$name: exit status $?"
		[ "$n" -gt "$frames" ] || break
	done
	if [ "$n" -gt "$frames" ]; then
		pass "$name: each frame before the next"
	else
		fail "$name: frame $n only when the next had come (seed $seed)"
	fi
}

live written -q -w "$tmp/written"
live has_lines -p
tally live
