#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh - what make install puts below DESTDIR works from there, and nothing is
# left after make uninstall.  MAKE and B as for make.

cd "$(dirname "$0")/../.." || exit 2
. tests/tally.sh
root=$(mktemp -d) || exit 2
err=$root/log
trap 'rm -rf "$root"' EXIT

check()
{
	what=$1
	shift
	if "$@" >"$err" 2>&1; then pass "$what"; else fail "$what"; fi
}

nothing_left()
{
	find "$root/tree" ! -type d | tee "$err" | { ! grep -q .; }
}

# shellcheck disable=SC2086
check "make install" ${MAKE:-make} install DESTDIR="$root/tree" prefix=/usr
check "the installed program says its version" "$root/tree/usr/bin/ctreplay" --version
check "the installed program replays" "$root/tree/usr/bin/ctreplay" testdata/telnet-syn.pcap
check "the installed script for firewalls says how it is used" \
	"$root/tree/usr/bin/ctreplay-snapshot" --help
check "its manual is installed" test -s "$root/tree/usr/share/man/man1/ctreplay-snapshot.1"
check "the manual is installed" test -s "$root/tree/usr/share/man/man1/ctreplay.1"
check "the schema is installed" \
	test -s "$root/tree/usr/share/ctreplay/ctreplay.schema.json"
check "the library's headers are installed" \
	test -s "$root/tree/usr/include/ctreplay/conntrack.h"
# shellcheck disable=SC2086
check "make uninstall" ${MAKE:-make} uninstall DESTDIR="$root/tree" prefix=/usr
check "nothing is left" nothing_left

tally install
