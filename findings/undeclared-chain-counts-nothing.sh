#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A line ":OUTPUT ACCEPT [0:0]" of iptables-save only sets a policy and counters.
#           Leaving it out of a file for iptables-restore changes nothing, since ACCEPT and
#           0 are what a chain has anyhow.
# Really:   With the nft back end such a chain has no counter of its policy: it stays
#           [0:0] whatever passes.  With the legacy back end it counts.
# Package:  iptables 1.8.9-2 (Debian 12); the kernel is Linux 6.18
# Seen:     in iptables-save -c after three datagrams over the loopback, which three
#           ICMP errors answer
# Matters:  Rulesets written by hand often lack these lines.  A policy that shows no
#           packets then says nothing about whether there were any.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2 iproute2=6.1.0-3

count()
{
	local backend line
	run ip link set lo up
	for backend in nft legacy; do
		for line in "" ":OUTPUT ACCEPT [0:0]"; do
			{
				echo '*filter'
				[ -z "$line" ] || echo "$line"
				echo '-A OUTPUT -p 99 -j DROP'
				echo COMMIT
			} | run xtables-$backend-multi iptables-restore
			for _ in 1 2 3; do
				echo >/dev/udp/127.0.0.1/9
			done
			echo "$backend, ${line:-no line}: $(run xtables-$backend-multi \
				iptables-save -c | grep '^:OUTPUT')"
		done
		# What comes next must not be counted by the other back end's rules.
		run xtables-$backend-multi iptables -F OUTPUT
	done
}
in_netns count >"$tmp/got" || skip "this kernel has not both back ends"

check <<'END'
nft, no line: :OUTPUT ACCEPT [0:0]
nft, :OUTPUT ACCEPT [0:0]: :OUTPUT ACCEPT [6:258]
legacy, no line: :OUTPUT ACCEPT [6:258]
legacy, :OUTPUT ACCEPT [0:0]: :OUTPUT ACCEPT [6:258]
END
