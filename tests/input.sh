# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
#
# input.sh - sourced: programs whose input comes bit by bit.  For scripts with a
# directory $tmp, where $out and $err are; they kill $children in the end.

children=

# frame_offset FILE N: where record N of a pcap file begins, from 1; of a small
# machine's order, with frames under 64 KiB.
frame_offset()
{
	od -An -v -tu1 -w1 "$1" | awk -v n="$2" '
		BEGIN { at = 24 }
		n == 1 { exit }
		NR - 1 == at + 8 { len = $1 }
		NR - 1 == at + 9 { len += $1 * 256; at += 16 + len; n-- }
		END { print at }'
}

# background COMMAND...: runs on, its input is $tmp/fifo, which stays open as 9
# for us to write to.
background()
{
	rm -f "$tmp/fifo"
	mkfifo "$tmp/fifo"
	exec 9<>"$tmp/fifo"
	"$@" <"$tmp/fifo" >"$out" 2>"$err" 9>&- &
	child=$!
	children="$children $child"
}

# Its input ends; its status.
finish()
{
	exec 9>&-
	wait "$child"
}

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

# Whether it has put out so many lines.
has_lines()
{
	[ "$(wc -l <"$out")" -eq "$1" ]
}
