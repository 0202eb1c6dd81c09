#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A "ct expectation" object of nft with "timeout 2m" makes expectations that the
#           kernel keeps for two minutes.
# Really:   It keeps them for 120000 seconds, a day and nine hours: nft passes milliseconds,
#           the kernel takes them for seconds, and the list turns them into minutes again.
# Package:  nftables 1.0.6-2+deb12u2 with conntrack 1:1.4.7-1+b2 (Debian 12), nftables
#           1.1.3-1 with conntrack 1:1.4.8-2 (Debian 13); the kernel is Linux 6.18
# Seen:     in conntrack's list of expectations after a datagram over the loopback, and in
#           nft's list of the object
# Matters:  A connection that comes hours later is still RELATED, and nothing that nft lists
#           tells why.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

export tmp

cat >"$tmp/rules" <<'END'
table ip t {
	ct expectation e {
		protocol udp
		dport 9876
		timeout 2m
		size 12
		l3proto ip
	}
	chain c {
		type filter hook output priority 0
		udp dport 9 ct expectation set "e"
	}
}
END

expect()
{
	run ip link set lo up
	run nft -f "$tmp/rules"
	echo >/dev/udp/127.0.0.1/9
	run nft list ct expectation ip t e | grep timeout
	# The time that is left, up to a multiple of 10 seconds.
	run conntrack -L expect |
		awk '{ print "		conntrack: " int(($1 + 9) / 10) * 10 " seconds" }'
}
both_releases expect "nftables=1.0.6-2+deb12u2 conntrack=1:1.4.7-1+b2 iproute2=6.1.0-3" \
	"nftables=1.1.3-1 conntrack=1:1.4.8-2 iproute2=6.15.0-1" >"$tmp/got"

check <<'END'
bookworm
		timeout 2m
		conntrack: 120000 seconds
trixie
		timeout 2m
		conntrack: 120000 seconds
END
