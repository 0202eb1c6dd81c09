#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A rule with "-m nfacct" matches each packet and counts it; with a quota, as
#           with "-m quota", it matches until the quota is used up.
# Really:   With a quota it is the other way round: the rule counts all and matches
#           only the packets behind the quota.
# Package:  nfacct 1.0.2-3 with iptables 1.8.9-2 (Debian 12); the match is the kernel's,
#           here Linux 6.18
# Seen:     in the counters after five datagrams over the loopback
# Matters:  The rule's own counter and its object's differ by the quota, and nothing in
#           the saved ruleset tells that there is one.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm nfacct=1.0.2-3 iptables=1.8.9-2 iproute2=6.1.0-3

match()
{
	run ip link set lo up
	run nfacct add plain
	run nfacct add quota packet 2
	run xtables-nft-multi iptables -A INPUT -p udp -m nfacct --nfacct-name plain
	run xtables-nft-multi iptables -A INPUT -p udp -m nfacct --nfacct-name quota
	run xtables-nft-multi iptables -A INPUT -p udp -m quota --quota 60
	for _ in 1 2 3 4 5; do
		echo >/dev/udp/127.0.0.1/9
	done
	run xtables-nft-multi iptables-save -c | sed -n 's/^\[\(.*\):.*-m \(.*\)/\1 matched: \2/p' |
		tr -s ' '
	run nfacct list | sed -n 's/.*pkts = 0*\([0-9]*\),.* \(.*\);/\1 counted: \2/p'
}
in_netns match >"$tmp/got" 2>"$tmp/said" || skip "this kernel has no match nfacct"

check <<'END'
5 matched: nfacct --nfacct-name plain
3 matched: nfacct --nfacct-name quota
2 matched: quota --quota 60
5 counted: plain
5 counted: quota
END
