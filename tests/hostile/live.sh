#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# live.sh BUILD
#
# Frames come one by one, from a program that waits until it sees what becomes of
# each: the next never comes before.  So it is with whoever captures and watches;
# no thread may wait for the next frame while it is the only one that could go on
# with this.  With threads of all speeds, since most of the time all goes well.

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
# shellcheck disable=SC2086 # words are wanted
trap '[ -z "$children" ] || kill $children 2>/dev/null; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

frames=40
# The first frame of it, a TCP SYN: again and again.
capture=testdata/tcp-rst.pcap
header=$(frame_offset "$capture" 1)
record=$(($(frame_offset "$capture" 2) - header))
tail -c "+$((header + 1))" "$capture" | head -c "$record" >"$tmp/frame"

# Whether frame N, and no more, is written.
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
