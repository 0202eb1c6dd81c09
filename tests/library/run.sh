#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Can other programs use the library?  Installs it into a folder and builds
# programs against it with pkg-config, in C and in C++.  The example must say of
# every packet of testdata's Ethernet captures what ctreplay says.
#
# usage: run.sh BUILD-DIRECTORY
set -eu

build=$1
version=$(sed -n 's/^VERSION *= *//p' Makefile)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
passed=0

pass()
{
	passed=$((passed + 1))
	echo "ok: $1"
}

fail()
{
	echo "check-library: $1" >&2
	exit 1
}

command -v "${CXX:-c++}" >/dev/null ||
	fail "needs a C++ compiler; there is no ${CXX:-c++} (Debian: g++)"

make -s install B="$build" DESTDIR= prefix="$root" >"$root/log"
PKG_CONFIG_PATH=$root/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH
flags=$(pkg-config --cflags --libs libctreplay libpcap)
# A library that was built with sanitizers needs programs that are.
flags="${CFLAGS-} $flags"
warnings="-Wall -Wextra -Werror"

# shellcheck disable=SC2086 # words are wanted
{
${CC:-cc} -std=c17 -D_DEFAULT_SOURCE $warnings examples/states.c \
	-o "$root/states" $flags
${CXX:-c++} -std=c++17 $warnings tests/library/embed.cc -o "$root/embed" $flags
}
want='NEW          1
ESTABLISHED  11
INVALID      2
  tcp-invalid-rst          1
  tcp-seq-over             1
1 connections are left'
got=$(LD_LIBRARY_PATH=$root/lib "$root/states" testdata/tcp-rst.pcap)
[ "$got" = "$want" ] || fail "the example says: $got"
pass "the example, with the shared library"
LD_LIBRARY_PATH=$root/lib "$root/embed"
pass "a C++ program, with the shared library"

rm "$root"/lib/libctreplay.so*
# shellcheck disable=SC2086
{
${CC:-cc} -std=c17 -D_DEFAULT_SOURCE examples/states.c -o "$root/states" $flags
${CXX:-c++} -std=c++17 tests/library/embed.cc -o "$root/embed" $flags
}
got=$("$root/states" testdata/tcp-rst.pcap)
[ "$got" = "$want" ] || fail "the example says: $got"
pass "the example, with the static library"
"$root/embed"
pass "a C++ program, with the static library"

# Number, state and reason of each packet, by both.  The example refuses what is
# not Ethernet, and files that libpcap does not read.  That a packet answers a
# question to a group is found around the engine.
same=0
for capture in testdata/*.pcap testdata/*.pcapng; do
	"$root/states" -p "$capture" >"$root/out" 2>"$root/errors" || {
		[ "$(wc -l <"$root/errors")" -eq 1 ] ||
			fail "$capture: $(cat "$root/errors")"
		continue
	}
	sed -n '/^[0-9]* [A-Z]/p' "$root/out" >"$root/got"
	# It is the packets that count, also those before a damage.
	"$build/ctreplay" -p -o json "$capture" 2>"$root/errors" >"$root/out" ||
		[ $? -eq 3 ] || fail "$capture: $(cat "$root/errors")"
	sed -En 's/^\{"type":"packet","number":([0-9]+),.*"ctstate":"([A-Z]+)",.*"reason_code":(null|"([a-z0-9-]+)"),.*/\1 \2 \4/p' \
		"$root/out" | sed 's/ group-answer$/ /' >"$root/want"
	cmp -s "$root/got" "$root/want" || {
		diff "$root/want" "$root/got" | head -n 5 >&2
		fail "$capture: the example differs from ctreplay"
	}
	[ -s "$root/want" ] && same=$((same + 1))
done
[ "$same" -ge 100 ] || fail "only $same captures are compared"
pass "the example says what ctreplay says, on $same captures"

# Each header must do on its own, in both languages.
for h in include/ctreplay/*.h; do
	echo "#include \"${h#include/}\"" >"$root/header.c"
	# shellcheck disable=SC2086
	{
	${CC:-cc} -std=c17 $warnings -Iinclude -fsyntax-only -xc "$root/header.c"
	${CXX:-c++} -std=c++17 $warnings -Iinclude -fsyntax-only -xc++ \
		"$root/header.c"
	}
done
pass "each header on its own, as C and as C++"

# Every declared function is exported, and nothing else.
exported=$(nm -D --defined-only "$build"/libctreplay.so.*.*.* |
	sed -n 's/.* [TWDRB] \([a-z_0-9]*\).*/\1/p' | sort)
declared=$(cat include/ctreplay/*.h | ${CC:-cc} -Iinclude -E -xc - 2>/dev/null |
	sed '/^static inline/,/^}/d' | grep -o '\bct_[a-z0-9_]* *(' | tr -d ' (' | sort -u)
[ "$exported" = "$declared" ] || {
	printf '%s\n%s\n' "$exported" "$declared" | sort | uniq -u >&2
	fail "exported and declared functions differ"
}
pass "exactly the declared functions are exported"

# One version: the Makefile's, the header's in both forms, pkg-config's, the
# program's.
header=$(printf '#include <ctreplay/version.h>\n%s.%s.%s %s\n' \
	CTREPLAY_VERSION_MAJOR CTREPLAY_VERSION_MINOR CTREPLAY_VERSION_PATCH \
	CTREPLAY_VERSION | ${CC:-cc} -Iinclude -E -P -xc - | tail -n 1 | tr -d ' ')
[ "$header" = "$version\"$version\"" ] ||
	fail "the Makefile has version $version, version.h $header"
[ "$(pkg-config --modversion libctreplay)" = "$version" ] ||
	fail "pkg-config has another version than $version"
"$build/ctreplay" --version | grep -q "^ctreplay $version " ||
	fail "ctreplay --version is not $version"
pass "one version: $version"
echo "$passed passed, 0 failed"
