#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Is the library fit for others?  Installs it into a folder, builds the example
# against it with pkg-config, shared and static, runs it, and looks at what the
# shared library shows.
#
# usage: run.sh BUILD-DIRECTORY
set -eu

build=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
passed=0

pass()
{
	passed=$((passed + 1))
	echo "ok: $1"
}

make -s install B="$build" DESTDIR= prefix="$root" >"$root/log"
PKG_CONFIG_PATH=$root/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH
flags=$(pkg-config --cflags --libs libctreplay libpcap)
# What the library was built with, as sanitizers, the program needs as well.
flags="${CFLAGS-} $flags"
want='NEW          1
ESTABLISHED  11
INVALID      2
  tcp-invalid-rst          1
  tcp-seq-over             1
1 connections are left'

# shellcheck disable=SC2086 # words are wanted
${CC:-cc} -std=c17 -D_DEFAULT_SOURCE -Wall -Wextra -Werror examples/states.c \
	-o "$root/shared" $flags
got=$(LD_LIBRARY_PATH=$root/lib "$root/shared" testdata/tcp-rst.pcap)
[ "$got" = "$want" ] || { echo "the example says: $got" >&2; exit 1; }
pass "the example, with the shared library"

rm "$root"/lib/libctreplay.so*
# shellcheck disable=SC2086
${CC:-cc} -std=c17 -D_DEFAULT_SOURCE examples/states.c -o "$root/static" $flags
got=$("$root/static" testdata/tcp-rst.pcap)
[ "$got" = "$want" ] || { echo "the example says: $got" >&2; exit 1; }
pass "the example, with the static library"

# Each header must do on its own, and each function that one declares must be
# shown; nothing else may.
for h in include/ctreplay/*.h; do
	echo "#include \"${h#include/}\"" |
		${CC:-cc} -std=c17 -Wall -Wextra -Werror -Iinclude -fsyntax-only -xc -
done
pass "headers on their own"
shown=$(nm -D --defined-only "$build"/libctreplay.so.*.*.* |
	sed -n 's/.* [TWDRB] \([a-z_0-9]*\).*/\1/p' | sort)
declared=$(cat include/ctreplay/*.h | ${CC:-cc} -Iinclude -E -xc - 2>/dev/null |
	grep -o '\bct_[a-z0-9_]* *(' | tr -d ' (' | sort -u)
[ "$shown" = "$declared" ] || {
	echo "shown and declared differ:" >&2
	printf '%s\n%s\n' "$shown" "$declared" | sort | uniq -u >&2
	exit 1
}
pass "exactly the declared functions are shown"
echo "$passed passed, 0 failed"
