#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "conntrack -L -n" prints numbers for addresses and ports, as -n does for
#           iptables -L, netstat, ss and tcpdump.
# Really:   It lists only connections with source NAT; conntrack prints numbers anyway.
#           Without NAT the list is empty, and the exit status is 0.
# Package:  conntrack 1:1.4.7-1+b2 (Debian 12); 1:1.4.8-2 (Debian 13) does the same
# Seen:     in the lists of a table with and without a translated connection
# Matters:  An empty list looks like a firewall that tracks nothing.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm conntrack=1:1.4.7-1+b2

list()
{
	local plain="-I -p udp -s 192.0.2.1 -d 198.51.100.2 --dport 53 -t 600"
	# shellcheck disable=SC2086
	run conntrack $plain --sport 1
	# shellcheck disable=SC2086
	run conntrack $plain --sport 2 --src-nat 203.0.113.1
	for list in -L "-L -n"; do
		# shellcheck disable=SC2086
		run conntrack $list | sed -En "s/.* (sport=[12] .*) \[.*/$list: \1/p" | sort
	done
}
in_netns list 2>"$tmp/said" >"$tmp/got" || skip "this kernel has no table to fill"

check <<'END'
-L: sport=1 dport=53
-L: sport=2 dport=53
-L -n: sport=2 dport=53
END
