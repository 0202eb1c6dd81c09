#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "--icmp-type 255" matches ICMP messages of type 255, a reserved number that
#           no packet has; "icmp type 255" in nft is the same.
# Really:   255 is how iptables writes "any" to the kernel: the rule matches each ICMP
#           packet, and is saved as "--icmp-type any".  The one in nft matches none.
# Package:  iptables 1.8.9-2 and nftables 1.0.6-2+deb12u2 (Debian 12); 1.8.11-2 and
#           1.1.3-1 (Debian 13) do the same
# Seen:     in the rules' counters after a "port unreachable" over the loopback
# Matters:  A test of "a type that never comes" counts everything, and a ruleset that
#           a program generated for types 0 to 255 ends in a rule for all of them.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2 nftables=1.0.6-2+deb12u2 iproute2=6.1.0-3

unreachable()
{
	run ip link set lo up
	run nft -f - <<<"table ip other { chain in { type filter hook input priority 0; } ; }"
	for type in 254 255; do
		run xtables-nft-multi iptables -A INPUT -p icmp --icmp-type $type
		run nft add rule ip other in icmp type $type counter
	done
	echo >/dev/udp/127.0.0.1/9
	run xtables-nft-multi iptables-save -c | sed -n 's/^\[\([01]\):.*\(--.*\)/\1 packets: \2/p'
	run nft list table ip other |
		sed -En 's/.*(icmp type 25[45]) counter packets ([0-9]*).*/\2 packets: \1/p'
}
in_netns unreachable >"$tmp/got" 2>"$tmp/said" || skip "this kernel has not what it takes"

check <<'END'
0 packets: --icmp-type 254
1 packets: --icmp-type any
0 packets: icmp type 254
0 packets: icmp type 255
END
