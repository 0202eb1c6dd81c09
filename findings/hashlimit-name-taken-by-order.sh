#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    Two rules whose hashlimit has one name share a table of buckets; its limit is
#           that of the rule which comes first in the file of iptables-save.
# Really:   It is that of the rule which the kernel is given first.  The nft back end keeps
#           the file's order; the legacy back end sends built-in chains before those
#           that users made, wherever they stand in the file, so that the same file has
#           another limit there.
# Package:  iptables 1.8.9-2 (Debian 12); the kernel is Linux 6.18
# Seen:     in the counters after five datagrams over the loopback, where a user's chain
#           with a burst of 1 comes before INPUT with a burst of 3
# Matters:  Moving from iptables-legacy to iptables-nft changes what such a rule lets
#           through, though iptables-save prints the same file.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2 iproute2=6.1.0-3

count()
{
	local backend limit="-m hashlimit --hashlimit-upto 1/hour --hashlimit-name both"
	run ip link set lo up
	for backend in nft legacy; do
		{
			echo '*filter'
			echo ':INPUT ACCEPT [0:0]'
			echo ':OWN - [0:0]'
			echo "-A OWN $limit --hashlimit-burst 1"
			echo "-A INPUT -p udp $limit --hashlimit-burst 3"
			echo COMMIT
		} | run xtables-$backend-multi iptables-restore
		for _ in 1 2 3 4 5; do
			echo >/dev/udp/127.0.0.1/9
		done
		echo "$backend: $(run xtables-$backend-multi iptables-save -c |
			sed -n 's/^\(\[.*\]\) -A INPUT.*/\1/p')"
		run xtables-$backend-multi iptables -F
	done
}
in_netns count >"$tmp/got" || skip "this kernel has not both back ends, or no hashlimit"

check <<'END'
nft: [1:29]
legacy: [3:87]
END
