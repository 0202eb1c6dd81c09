#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh - generates a capture and measures ctreplay over it, beside a bare
# reader and whatever other readers of captures are installed.
#
# make bench calls it, with these in the environment:
#   CTREPLAY                    the program
#   BENCH_BIN                   where generate, floor and measure are
#   BENCH_DIR                   where the capture is made, and kept
#   PACKETS CONNECTIONS LIVE    its size; connections open at a time
#   DURATION                    seconds of capture time
#   RUNS                        of each program
#   OTHERS                      other programs to try; empty for none
set -eu

capture=$BENCH_DIR/ctreplay-bench-$PACKETS-$CONNECTIONS-$LIVE-$DURATION.pcap
scratch=$BENCH_DIR/ctreplay-bench.$$
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$scratch"

# A capture of an older generator is not taken for today's.
if [ ! -f "$capture" ] || [ "$BENCH_BIN/generate" -nt "$capture" ]; then
	"$BENCH_BIN/generate" -n "$PACKETS" -c "$CONNECTIONS" -l "$LIVE" \
		-d "$DURATION" \
		"$scratch/capture"
	mv "$scratch/capture" "$capture"
fi
cat "$capture" >/dev/null	# into the page cache

model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
echo "# ${model:-unknown processor}, $(nproc) processors, $(uname -sr)"
echo "# $PACKETS packets, $CONNECTIONS connections, $LIVE at a time, $DURATION seconds"

# The words of the other programs, in the order in which measure gets them;
# "$@" grows, so that no name of a file is ever split.
set -- "floor: pcap_next_ex" "$BENCH_BIN/floor" "$capture" \
	';' "table only" "$CTREPLAY" -q "$capture" \
	';' "a line a packet" "$CTREPLAY" -p "$capture" \
	';' "a JSON line a packet" "$CTREPLAY" -p -o json "$capture" \
	';' "events and statistics" "$CTREPLAY" -e -s "$capture"

for program in $OTHERS; do
	command -v "$program" >/dev/null || continue
	case $program in
	tcpdump)
		# As root it would become another user, who may not read here.
		set -- "$@" ';' "tcpdump -w" tcpdump -Z "$(id -un)" \
			-r "$capture" -w /dev/null ;;
	softflowd)
		set -- "$@" ';' softflowd softflowd -d -r "$capture" \
			-p "$scratch/pid" -c none ;;
	nfpcapd)
		mkdir -p "$scratch/nfpcapd"
		set -- "$@" ';' nfpcapd nfpcapd -r "$capture" \
			-w "$scratch/nfpcapd" ;;
	argus)
		set -- "$@" ';' argus argus -X -r "$capture" -w /dev/null ;;
	tshark)
		set -- "$@" ';' "tshark, a line a packet" tshark -n -r "$capture" ;;
	esac
done

"$BENCH_BIN/measure" -r "$RUNS" -p "$PACKETS" "$@"
