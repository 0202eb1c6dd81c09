#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    To append a rule to FORWARD leaves the rules of OUTPUT as they are: what "-m quota"
#           has used up stays used up, and the bucket of "-m limit" stays empty.
# Really:   The legacy back end sends the kernel the whole table anew, for each change.  The
#           counters of the rules come along, what the matches remember does not: each quota
#           and each bucket is full again.  With the nft back end they go on.
# Package:  iptables 1.8.9-2 (Debian 12); the tables are the kernel's, here Linux 6.18
# Seen:     in the rules' counters after five datagrams over the loopback, a change of
#           another chain, and five more
# Matters:  A program that changes some rule each minute gives a "1/hour" out again each
#           minute.  A replay of the last saved ruleset starts with full buckets once.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2 iproute2=6.1.0-3
export tmp

send_and_change()
{
	local backend
	run ip link set lo up
	for backend in legacy nft; do
		firewall() { run xtables-$backend-multi iptables "$@"; }
		firewall -A OUTPUT -p udp -m quota --quota 100
		firewall -A OUTPUT -p udp -m limit --limit 1/hour --limit-burst 2
		for _ in 1 2 3 4 5; do echo >/dev/udp/127.0.0.1/9; done
		firewall -A FORWARD -j ACCEPT
		for _ in 1 2 3 4 5; do echo >/dev/udp/127.0.0.1/9; done
		run xtables-$backend-multi iptables-save -c |
			sed -n "s/^\[\(.*\):.*\(quota\|limit\) --.*/$backend: \2 \1/p"
		firewall -F
	done
}
in_netns send_and_change 2>"$tmp/said" >"$tmp/got" || skip "this kernel has not what it takes"

check <<'END'
legacy: quota 6
legacy: limit 4
nft: quota 3
nft: limit 2
END
