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
. tests/tally.sh
case $1 in
/*)	build=$1 ;;
*)	build=$PWD/$1 ;;
esac
tmp=$(mktemp -d)
child=
trap 'rm -rf "$tmp"; [ -z "$child" ] || kill "$child" 2>/dev/null' EXIT
err=$tmp/err

header=24
frames=40
# The first frame of it, a TCP SYN: again and again.
capture=testdata/tcp-rst.pcap
record=$((16 + $(od -A n -t u4 -j $((header + 8)) -N 4 "$capture")))
tail -c "+$((header + 1))" "$capture" | head -c "$record" >"$tmp/frame"
mkfifo "$tmp/fifo"

# await COMMAND...: until it succeeds, ten seconds at most.
await()
{
	local i

	for ((i = 0; i < 1000; i++)); do
		"$@" && return
		sleep 0.01
	done
	return 1
}

# What is to be seen of frame N.
lines() { [ "$(wc -l <"$tmp/out")" -eq "$1" ]; }
written() { [ "$(stat -c %s "$tmp/written")" -eq $((header + $1 * record)) ]; }

# live SEEN OPTION...
live()
{
	local seen=$1 seed n=0 processors name

	shift
	name=${*//$tmp\//}
	for seed in 1 2 3; do
		processors=$((seed == 3 ? 8 : 2))
		: >"$tmp/written"
		exec 9<>"$tmp/fifo"
		LD_PRELOAD=$build/tests/hostile/timing.so TIMING=$seed \
			PROCESSORS=$processors "$build/ctreplay" --sandbox no \
			"$@" - <"$tmp/fifo" >"$tmp/out" 2>"$err" 9>&- &
		child=$!
		head -c "$header" "$capture" >&9
		for ((n = 1; n <= frames; n++)); do
			cat "$tmp/frame" >&9
			await "$seen" "$n" || break
		done
		exec 9>&-
		wait "$child" || fail "$name: exit status $?"
		child=
		[ "$n" -gt "$frames" ] || break
	done
	if [ "$n" -gt "$frames" ]; then
		pass "$name: each frame before the next"
	else
		fail "$name: frame $n only when the next had come (seed $seed)"
	fi
}

live written -q -w "$tmp/written"
live lines -p
tally live
