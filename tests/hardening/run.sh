#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh PROGRAM LIBRARY OBJECT...
#
# Reads from the files themselves what they were built with: the flags on the
# command line of a compiler say only what was wished for.  CC built them.

set -u
LC_ALL=C
export LC_ALL
unset MAKEFLAGS MAKELEVEL
program=$1
library=$2
shift 2

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

if ! command -v readelf >/dev/null; then
	echo "SKIP: readelf is not installed (Debian: binutils)"
	exit 0
fi

. "${0%/*}/../tally.sh"

# check WHAT COMMAND...: COMMAND must succeed.
check() {
	what=$1
	shift
	if "$@"; then
		pass "$what"
	else
		fail "$what"
	fi
}

has() {
	grep -q -E -e "$1" "$2"
}

lacks() {
	[ -s "$2" ] && ! grep -q -E -e "$1" "$2"
}

# Whether CC takes $1; as the Makefile asks.
takes() {
	# shellcheck disable=SC2086 # words are wanted
	$CC -Werror $1 -include string.h -x c -c -o "$tmp/o" /dev/null \
		2>/dev/null
}

for file in "$program" "$library"; do
	name=${file##*/}
	readelf -W -h "$file" >"$tmp/header"
	readelf -W -l "$file" >"$tmp/segments"
	readelf -W -d "$file" >"$tmp/dynamic"
	readelf -W --dyn-syms "$file" >"$tmp/symbols"
	check "$name: at any address" has 'Type: +DYN' "$tmp/header"
	check "$name: tables that are read-only once it runs" \
		has 'GNU_RELRO' "$tmp/segments"
	check "$name: all of them" has 'FLAGS.*(BIND_NOW|NOW)' "$tmp/dynamic"
	check "$name: no code on the stack" \
		has 'GNU_STACK.* RW +0x' "$tmp/segments"
	check "$name: no segment to write and to run" \
		lacks '(LOAD|STACK).* RWE ' "$tmp/segments"
	check "$name: code that is never changed" lacks 'TEXTREL' "$tmp/dynamic"
	check "$name: stacks with canaries" has '__stack_chk_fail' "$tmp/symbols"
done

readelf -W -d "$program" >"$tmp/dynamic"
readelf -W --dyn-syms "$program" >"$tmp/symbols"
check "${program##*/}: PIE says so" has 'FLAGS_1.*PIE' "$tmp/dynamic"
check "${program##*/}: the C library checks lengths" \
	has '__(memcpy|memset|snprintf|vsnprintf|fprintf|read|pread(64)?)_chk' \
	"$tmp/symbols"
check "${program##*/}: no path to libraries of its own" \
	lacks 'R(UN)?PATH' "$tmp/dynamic"

# The level is in what the compiler notes about itself, if it does.
if takes '-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3'; then
	# A buffer whose size is known only at run time: level 3 checks it.
	cat >"$tmp/t.c" <<-'E'
	#include <stdlib.h>
	#include <string.h>
	void *f(size_t n, const char *from, size_t m);
	void *f(size_t n, const char *from, size_t m)
	{
		char *p = malloc(n);

		return p ? memcpy(p, from, m) : p;
	}
	E
	flags=$(make -s CC="$CC" print-harden-flags)
	# shellcheck disable=SC2086
	$CC -O2 $flags -c -o "$tmp/t.o" "$tmp/t.c" &&
		readelf -W -s "$tmp/t.o" >"$tmp/symbols"
	check "_FORTIFY_SOURCE is 3" has '__memcpy_chk' "$tmp/symbols"
fi

# Each object says whether its code can be jumped into anywhere.  What the C
# library adds to the program may say nothing, and then the program does not.
if takes -fcf-protection; then
	readelf -W -n "$@" >"$tmp/notes"
	said=$(grep -c 'x86 feature: IBT, SHSTK' "$tmp/notes")
	check "$# objects with IBT and SHSTK" [ "$said" -eq $# ]
fi

# Nobody is told of our flags who chose others.
for flags in '-O0 -g' '-O2 -D_FORTIFY_SOURCE=2' '-Og -fno-stack-protector'; do
	make -s B="$tmp/b" CC="$CC" CFLAGS="$flags -Werror" "$tmp/b/src/main.o" \
		"$tmp/b/src/cli/options.o" "$tmp/b/src/base/diag.o" >"$tmp/said" 2>&1
	check "CFLAGS='$flags' builds without a word" [ ! -s "$tmp/said" ]
	cat "$tmp/said"
	rm -rf "$tmp/b"
done

tally hardening
