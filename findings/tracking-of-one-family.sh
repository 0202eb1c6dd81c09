#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A kernel with connection tracking tracks what passes; a rule of the firewall
#           only asks for the state.
# Really:   In a network namespace nothing is tracked until a rule asks, and a rule of
#           iptables turns it on for IPv4 alone.  It goes off with the last such rule.
# Package:  iptables 1.8.9-2 with conntrack 1:1.4.7-1+b2 (Debian 12); the kernel does
#           it, here Linux 6.18
# Seen:     in the number of entries after a datagram of each family
# Matters:  A table that is empty, or empty of IPv6, is no sign that nothing came by.
#           Whoever compares a replay with a live table needs a rule for each family.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2 conntrack=1:1.4.7-1+b2 iproute2=6.1.0-3

track()
{
	local round seen rule=(INPUT -m conntrack --ctstate INVALID)
	run ip link set lo up
	for round in "no rule" iptables ip6tables "no rule"; do
		case $round in
		iptables)
			run xtables-nft-multi iptables -A "${rule[@]}" ;;
		ip6tables)
			run xtables-nft-multi iptables -F
			run xtables-nft-multi ip6tables -A "${rule[@]}" ;;
		*)
			run xtables-nft-multi iptables -F
			run xtables-nft-multi ip6tables -F ;;
		esac
		run conntrack -F
		echo >/dev/udp/127.0.0.1/9
		echo >/dev/udp/::1/9
		seen=$(run conntrack -L -o extended | cut -d' ' -f1)
		echo "$round: ${seen:-nothing}"
	done
}
in_netns track 2>"$tmp/said" >"$tmp/got" || skip "this kernel has not what it takes"

check <<'END'
no rule: nothing
iptables: ipv4
ip6tables: ipv6
no rule: nothing
END
