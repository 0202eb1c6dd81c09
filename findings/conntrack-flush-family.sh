#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "conntrack -F -f ipv4" empties the table of IPv4 entries, as "conntrack -L
#           -f ipv4" lists them.
# Really:   It empties the whole table.  The family is taken and left aside.
# Package:  conntrack 1:1.4.7-1+b2 (Debian 12); 1:1.4.8-2 (Debian 13) does the same
# Seen:     in the lists before and after, for a table with one entry of each family
# Matters:  Connections over IPv6 that were open become new ones in the middle, or
#           invalid ones, and the capture shows no reason.  "conntrack -D -f ipv4"
#           deletes what the flush was meant to.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm conntrack=1:1.4.7-1+b2

# What is left of two entries, one of each family, after each command.
flush()
{
	local arguments left
	for arguments in "-F -f ipv4" "-D -f ipv4"; do
		run conntrack -I -p udp -s 192.0.2.1 -d 198.51.100.2 --sport 1 --dport 2 -t 600
		run conntrack -I -p udp -s 2001:db8::1 -d 2001:db8::2 --sport 1 --dport 2 -t 600
		# shellcheck disable=SC2086
		run conntrack $arguments >/dev/null
		left=$(run conntrack -L -o extended | cut -d' ' -f1)
		echo "$arguments leaves ${left:-nothing}"
		run conntrack -F
	done
}
in_netns flush 2>"$tmp/said" >"$tmp/got" || skip "this kernel has no table to fill"

check <<'END'
-F -f ipv4 leaves nothing
-D -f ipv4 leaves ipv6
END
