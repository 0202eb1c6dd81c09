#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "--timestart 10:00 --timestop 12:00" and its translation "meta hour
#           10:00-12:00" are true at the same time of day.
# Really:   -m time counts in UTC, nft in the time zone of the process that loads the
#           rule.  Five hours west of Greenwich the translated rule is true from 15 to
#           17 UTC.  nft list counts in its own zone too, and shows what was typed.
# Package:  iptables 1.8.9-2 with nftables 1.0.6-2+deb12u2 (Debian 12); 1.8.11-2 with
#           1.1.3-1 (Debian 13) does the same
# Seen:     in nft list with two values of TZ, for a rule loaded with one of them
# Matters:  The rule depends on the environment of whoever loads it, at boot often
#           another one than in a shell, and the list hides that.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2 nftables=1.0.6-2+deb12u2

run xtables-nft-multi iptables-translate -A INPUT -m time \
	--timestart 10:00 --timestop 12:00 -j ACCEPT >"$tmp/got"
{
	echo "table ip filter { chain INPUT { } ; }"
	sed "s/^nft '//; s/'$//" "$tmp/got"
} >"$tmp/rules"
export tmp

load()
{
	TZ=WEST5 run nft -f "$tmp/rules"
	for zone in WEST5 UTC; do
		echo "listed in $zone: $(TZ=$zone run nft list ruleset | grep -o 'hour [^ ]*')"
	done
}
in_netns load >>"$tmp/got"

check <<'END'
nft 'add rule ip filter INPUT  meta hour "10:00:00"-"12:00:00" counter accept'
listed in WEST5: hour "10:00"-"12:00"
listed in UTC: hour "15:00"-"17:00"
END
