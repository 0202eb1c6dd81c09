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
check "Wireshark's Lua file is installed" \
	test -s "$root/tree/usr/lib/wireshark/plugins/ctreplay.lua"
check "Wireshark's profile is installed" \
	test -s "$root/tree/usr/share/wireshark/profiles/ctreplay/preferences"
check "Wireshark's colours are installed" \
	test -s "$root/tree/usr/share/wireshark/profiles/ctreplay/colorfilters"
check "the library's headers are installed" \
	test -s "$root/tree/usr/include/ctreplay/conntrack.h"
# shellcheck disable=SC2086
check "make uninstall" ${MAKE:-make} uninstall DESTDIR="$root/tree" prefix=/usr
check "nothing is left" nothing_left

# In the folders where this machine's Wireshark looks, if that is installed.
folder()
{
	tshark -G folders 2>/dev/null | sed -n "s/^$1:[[:blank:]]*//p"
}

# With a home where the file is linked to, as the manual says.
fields_are_known()
{
	personal=$root/home/.local/lib/wireshark/plugins
	mkdir -p "$personal"
	ln -s "$root/tree$lua/ctreplay.lua" "$personal"
	env -u WIRESHARK_CONFIG_DIR -u XDG_CONFIG_HOME HOME="$root/home" \
		tshark -G fields 2>/dev/null | grep '	ct\.state	FT_STRING	'
}

lua=$(folder 'Global Lua Plugins')
if [ -n "$lua" ]; then
	data=$(folder 'Global configuration')
	# shellcheck disable=SC2086
	check "make install for Wireshark's prefix" ${MAKE:-make} install \
		DESTDIR="$root/tree" prefix="${data%/share/wireshark}" \
		libdir="${lua%/wireshark/plugins}"
	check "Wireshark reads the Lua file" fields_are_known
	check "the Lua file is where Wireshark looks" test -s "$root/tree$lua/ctreplay.lua"
	check "the profile is where Wireshark looks" \
		test -s "$root/tree$data/profiles/ctreplay/preferences"
else
	echo "SKIP: check-install: no tshark here to ask for Wireshark's folders"
fi

tally install
