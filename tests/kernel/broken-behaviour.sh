#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Do the recordings see a wrong kernel?  Builds a ctreplay in which one
# behaviour of a kernel can be inverted, inverts each in turn, and demands that
# at least one recording finds a difference.
#
# usage: OBJECTS=... LIBS=... broken-behaviour.sh BUILD-DIRECTORY [BEHAVIOUR]...
#
# OBJECTS are the program's without the library, LIBS what it is linked with.
# shellcheck disable=SC2046,SC2086 # words are wanted
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$1
shift
work=$build/broken-behaviour
kernel=src/conntrack/kernel/kernel.c
header=include/ctreplay/kernel.h

# What packets of the recordings cannot show, and where it is tested instead.
unseen="
large-defaults        depends on the machine's memory; tests/unit
events-on-demand      values that a sysctl accepts; tests/unit
max-retrans-8bit      values that a sysctl accepts; tests/unit
limits-checked        values that a sysctl accepts; tests/unit
max-not-zero          values that a sysctl accepts; tests/unit
helper-by-rule        the recordings assign helpers by rules; tests/unit
tcp-invalid-new-logged  ctreplay gives the reason whether or not it is logged
sctp-reasons          the same; tests/unit
"

# Whether the recording $2 of release $3 finds the inverted behaviour $1.
sees() {
	INVERTED=$1 "$build/check-kernel" --first --most 1 \
		--ctreplay "$work/ctreplay" recorded \
		"$here/recorded/blocks/$2.xz" "$here/recorded/$3/$2.xz" \
		>"$work/$1.log" 2>&1 && return 1
	# Not for any other reason, as a file that cannot be read.
	grep -q ': [0-9]* differences in ' "$work/$1.log" || return 1
	echo "ok   $1 $2 $3"
}

# Files that differ soon come first.
files="kernels kernels-host walk helpers sctp dccp tcp icmp expiry timed \
	captures-helpers captures host"

# A recording of any release that finds it; first the one that did last time.
look_for() {
	while read -r behaviour file release; do
		[ "$behaviour" != "$1" ] || ! sees "$1" "$file" "$release" ||
			return 0
	done <"$here/recorded/seen"
	for file in $files; do
		for directory in "$here"/recorded/[0-9]*; do
			! sees "$1" "$file" "${directory##*/}" || return 0
		done
	done
	echo "FAIL $1: no recording sees it when it is inverted"
}

# A ctreplay that inverts the behaviour that the variable INVERTED names.
make_invertible() {
	rm -rf "$work"
	mkdir -p "$work"
	awk '/if \(has\(&kernel_history\[b\],.*\)\)$/ {
			sub(/has\(/, "inverted(b) != has("); done = 1
	     }
	     /^static void fill\(/ {
			print "#include <stdlib.h>"
			print "static bool inverted(unsigned int b)"
			print "{"
			print "\tconst char *name = getenv(\"INVERTED\");"
			print "\treturn name && !strcmp(name, ct_behaviour_name(b));"
			print "}"
	     }
	     { print }
	     END { exit !done }' "$kernel" >"$work/kernel.c"
	${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O2 -Isrc -Iinclude -c -o "$work/kernel.o" \
		"$work/kernel.c"
	cp "$build/libctreplay.a" "$work/libctreplay.a"
	ar d "$work/libctreplay.a" kernel.o
	ar r "$work/libctreplay.a" "$work/kernel.o"
	${CC:-cc} -o "$work/ctreplay" $OBJECTS "$work/libctreplay.a" -pthread \
		${LDFLAGS:-} ${LIBS:-}
}

case ${1:-} in
look-for)
	look_for "$2"
	exit ;;
esac

make_invertible
[ $# -gt 0 ] ||
	set -- $(sed -n 's/^X([A-Z0-9_]*, "\([a-z0-9-]*\)".*/\1/p' "$header")
for behaviour; do
	echo "$unseen" | grep -q "^$behaviour " || echo "$behaviour"
done | xargs -n 1 -P "$(nproc)" "$0" "$build" look-for | tee "$work/said"
failed=$(grep -c '^FAIL' "$work/said") || :
passed=$(grep -c '^ok' "$work/said") || :
echo "inverted behaviours: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
