#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    An element of a set with counters counts the packets that came from it.  A rule
#           with "-m set --packets-gt 5" reads this number: of four packets none matches.
# Really:   Each rule that looks a packet up counts it again, before it compares, whether
#           it matches in the end or not.  With two such rules the element has eight after
#           four packets, and the third packet matches; "--packets-eq 0" is never true.
# Package:  iptables 1.8.9-2 with ipset 7.17-1 (Debian 12); 1.8.11-2 with 7.22-1+b1 (Debian
#           13) do the same.  The match is the kernel's, here Linux 6.18.
# Seen:     in the rules' counters and the set's after four datagrams over the loopback
# Matters:  To add a rule to a ruleset changes what the rules behind it match.  With
#           "! --update-counters" a rule reads and leaves the number.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2 ipset=7.17-1 iproute2=6.1.0-3

match()
{
	run ip link set lo up
	run ipset create s hash:ip counters
	run ipset add s 127.0.0.1
	run xtables-nft-multi iptables -A INPUT -p udp -m set --match-set s src --packets-eq 0
	run xtables-nft-multi iptables -A INPUT -p udp -m set --match-set s src --packets-gt 5
	run xtables-nft-multi iptables -A INPUT -p udp -m set --match-set s src \
		! --update-counters --packets-gt 5
	for _ in 1 2 3 4; do echo >/dev/udp/127.0.0.1/9; done
	run xtables-nft-multi iptables-save -c | grep -e -A
	run ipset save s | grep ^add
}
in_netns match 2>"$tmp/said" >"$tmp/got" || skip "this kernel has not what it takes"

check <<'END'
[0:0] -A INPUT -p udp -m set --match-set s src --packets-eq 0
[2:58] -A INPUT -p udp -m set --match-set s src --packets-gt 5
[2:58] -A INPUT -p udp -m set --match-set s src ! --update-counters --packets-gt 5
add s 127.0.0.1 packets 8 bytes 232
END
