#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A set of type hash:net that has 192.0.0.0/16 has 192.0.2.0/24 as well: each
#           address of it matches.
# Really:   "ipset test" says that it is not in the set.  An address is looked up in all
#           networks, a network only as the element that it would be.
# Package:  ipset 7.17-1 (Debian 12), 7.22-1+b1 (Debian 13); the set is the kernel's, here
#           Linux 6.18
# Seen:     in the answers of "ipset test"
# Matters:  A script that adds a network only if it is not there yet adds each part of
#           what the set has, and one that asks whether a network is blocked is told no.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm ipset=7.17-1
export tmp

ask()
{
	local what
	run ipset create nets hash:net
	run ipset add nets 192.0.0.0/16
	for what in 192.0.0.0/16 192.0.2.0/24 192.0.2.0/31 192.0.2.1/32 192.0.2.1; do
		run ipset test nets $what 2>"$tmp/said" && echo "$what yes" || echo "$what no"
	done
}
in_netns ask >"$tmp/got" || skip "this kernel has no hash:net"

check <<'END'
192.0.0.0/16 yes
192.0.2.0/24 no
192.0.2.0/31 no
192.0.2.1/32 yes
192.0.2.1 yes
END
