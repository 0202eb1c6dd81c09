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

# Files that differ soon come first.
files="walk helpers sctp dccp tcp icmp expiry timed captures-helpers captures host"

# Whether a recording of any release finds the inverted behaviour.
is_seen() {
	for file in $files; do
		for directory in "$here"/recorded/[0-9]*; do
			INVERTED=$1 "$build/check-kernel" --first --most 1 \
				--ctreplay "$work/ctreplay" recorded \
				"$here/recorded/blocks/$file.xz" \
				"$directory/$file.xz" >"$work/log" 2>&1 || {
				echo "$1: ${directory##*/}, $file"
				return 0
			}
		done
	done
	return 1
}

[ $# -gt 0 ] ||
	set -- $(sed -n 's/^X([A-Z0-9_]*, "\([a-z0-9-]*\)".*/\1/p' "$header")
passed=0 failed=0
for behaviour; do
	if echo "$unseen" | grep -q "^$behaviour "; then
		continue
	elif is_seen "$behaviour"; then
		passed=$((passed + 1))
	else
		echo "FAIL: no recording sees it when $behaviour is inverted"
		failed=$((failed + 1))
	fi
done
echo "inverted behaviours: $passed passed, $failed failed"
[ $failed -eq 0 ]
