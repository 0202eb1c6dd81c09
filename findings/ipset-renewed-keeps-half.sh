#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "-j SET --add-set NAME src --exist", and "ipset -exist add", of an element that is
#           there starts its timeout again and leaves the rest of it alone.
# Really:   Each leaves another half.  The rule keeps the comment and begins the counters
#           anew with this packet; ipset keeps the counters and drops the comment.
# Package:  ipset 7.17-1 with iptables 1.8.9-2 (Debian 12), 7.22-1+b1 with 1.8.11-2 (Debian
#           13); the set is the kernel's, here Linux 6.18
# Seen:     in the set after five datagrams over the loopback, which one rule counts and
#           the next one renews, and after "ipset add"
# Matters:  Sets of "hosts seen in the last minutes" are made with --exist.  Their counters
#           look like a host's traffic and are that of its last packet.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

export tmp

renew()
{
	run ip link set lo up
	run ipset create seen hash:ip timeout 600 counters comment
	run ipset add seen 127.0.0.1 comment first
	run xtables-nft-multi iptables -A OUTPUT -p udp -m set --match-set seen dst
	for way in "" --exist; do
		# Without an option there is no word.
		# shellcheck disable=SC2086
		run xtables-nft-multi iptables -A OUTPUT -p udp -j SET --add-set seen dst $way
		for _ in 1 2 3 4 5; do echo >/dev/udp/127.0.0.1/9; done
		echo "	rule $way: $(run ipset list seen | tail -n 1)"
	done
	run ipset -exist add seen 127.0.0.1
	echo "	ipset -exist add: $(run ipset list seen | tail -n 1)"
}
both_releases renew "ipset=7.17-1 iptables=1.8.9-2 iproute2=6.1.0-3" \
	"ipset=7.22-1+b1 iptables=1.8.11-2 iproute2=6.15.0-1" |
	sed 's/127.0.0.1 timeout [0-9]* //; s/ :/:/' >"$tmp/got"

check <<'END'
bookworm
	rule: packets 5 bytes 145 comment "first"
	rule --exist: packets 1 bytes 29 comment "first"
	ipset -exist add: packets 1 bytes 29
trixie
	rule: packets 5 bytes 145 comment "first"
	rule --exist: packets 1 bytes 29 comment "first"
	ipset -exist add: packets 1 bytes 29
END
