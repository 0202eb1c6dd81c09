#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    Connections count packets and bytes when net.netfilter.nf_conntrack_acct
#           is 1, which the administrator sets; where it is 0, "-m connbytes" and
#           "ct bytes" see zeros.
# Really:   To load such a rule sets the sysctl to 1, also by nft, and it stays 1 when
#           the rule is gone.  Connections from before count nothing to their end.
# Package:  iptables 1.8.9-2 and nftables 1.0.6-2+deb12u2 (Debian 12); the kernel does
#           it, here Linux 6.18
# Seen:     in the sysctl before and after each rule, and in conntrack -L
# Matters:  A table has "packets=" and "bytes=" for part of its entries, and what a
#           ruleset does depends on one that was loaded before.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2 nftables=1.0.6-2+deb12u2 conntrack=1:1.4.7-1+b2 iproute2=6.1.0-3

load()
{
	local acct=/proc/sys/net/netfilter/nf_conntrack_acct
	run ip link set lo up
	run xtables-nft-multi iptables -A INPUT -m conntrack --ctstate NEW
	echo >/dev/udp/127.0.0.1/9
	echo "before:    $(<$acct)"
	run xtables-nft-multi iptables -A INPUT -m connbytes --connbytes 1 \
		--connbytes-mode packets --connbytes-dir both
	echo "connbytes: $(<$acct)"
	run xtables-nft-multi iptables -D INPUT 2
	echo "without:   $(<$acct)"
	echo >/dev/udp/127.0.0.1/10
	run conntrack -L | sed -En 's/.*dport=(9|10) (packets=[0-9]*)?.*\[.*/to port \1: \2/p' |
		sed 's/: $/: no counters/' | sort -t' ' -k3n
	echo 0 >$acct
	run nft add rule ip filter INPUT ct bytes gt 1000
	echo "ct bytes:  $(<$acct)"
}
in_netns load 2>"$tmp/said" >"$tmp/got" || skip "this kernel has not what it takes"

check <<'END'
before:    0
connbytes: 1
without:   1
to port 9: no counters
to port 10: packets=1
ct bytes:  1
END
