#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    The XML of "conntrack -L -o xml" has all that the plain line has.
# Really:   For ICMP the element of layer 4 is empty: no type, code or id.  Two
#           pings between the same hosts differ in nothing but the entry's own id.
# Package:  conntrack 1:1.4.7-1+b2 with libnetfilter-conntrack3 1.0.9-3 (Debian 12)
# Seen:     in the output of both for one table
# Matters:  The key of an ICMP entry cannot be had from the XML.  A comparison of
#           two tables through it cannot tell their pings apart.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm conntrack=1:1.4.7-1+b2 libnetfilter-conntrack3=1.0.9-3

ping()
{
	run conntrack -I -p icmp -s 192.0.2.1 -d 198.51.100.2 \
		--icmp-type 8 --icmp-code 0 --icmp-id 77 -t 600
	run conntrack -L -p icmp | grep -o 'type=.*id=77 \[UN'
	run conntrack -L -p icmp -o xml |
		sed -n 's|.*<layer4|<layer4|; s|</layer4>.*|</layer4>|p'
}
in_netns ping 2>"$tmp/said" >"$tmp/got" || skip "this kernel has no table to fill"

check <<'END'
type=8 code=0 id=77 [UN
<layer4 protonum="1" protoname="icmp"></layer4>
END
