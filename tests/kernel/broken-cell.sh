#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Does the differential test see a mistake?  Builds ctreplay with one cell of
# the TCP table changed, and demands that a random walk finds the difference.
#
# usage: OBJECTS=... LIBS=... broken-cell.sh BUILD-DIRECTORY
#
# OBJECTS are the program's but for the library, LIBS what it is linked with.
set -eu

build=$1
work=$build/broken-cell
states=src/conntrack/proto/tcp_states.c

rm -rf "$work"
mkdir -p "$work/src/conntrack/proto"
# A SYN/ACK in reply direction is ignored in LAST_ACK; here it is invalid.
awk '/TCP_IX_SYNACK/ { n++ }
     n == 2 && /LAST_ACK .*= IGNORE,/ && !done { done = 1; next }
     { print }
     END { exit !done }' "$states" >"$work/src/conntrack/proto/tcp_states.c"

${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O2 -Isrc -Iinclude \
	-c -o "$work/tcp_states.o" "$work/src/conntrack/proto/tcp_states.c"
cp "$build/libctreplay.a" "$work/libctreplay.a"
ar d "$work/libctreplay.a" tcp_states.o
ar r "$work/libctreplay.a" "$work/tcp_states.o"
# shellcheck disable=SC2086 # words are wanted
${CC:-cc} -o "$work/ctreplay" $OBJECTS "$work/libctreplay.a" -pthread \
	${LDFLAGS:-} ${LIBS:-}

status=0
"$build/check-kernel" --ctreplay "$work/ctreplay" --seed 1 --frames 40000 \
	--protocols tcp --minimise 0 --most 1 walk >"$work/log" 2>&1 || status=$?
case $status in
1)	echo "a changed cell of the TCP table is found: 1 passed, 0 failed" ;;
77)	cat "$work/log"; exit 77 ;;
*)	cat "$work/log"
	echo "a changed cell of the TCP table goes unseen (status $status)" >&2
	exit 1 ;;
esac
