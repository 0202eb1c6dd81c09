#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A "ct timeout" object of nft that names one state, as "policy = { replied : 300 }",
#           changes the timeout of this state.  The others are the sysctls' as before, for
#           nothing else stands in the object.
# Really:   nft fills in the others with numbers that it has itself, and leaves out of the
#           list what is equal to them.  The sysctls no longer count for such a connection:
#           with nf_conntrack_udp_timeout at 90 an unanswered datagram has 30 seconds.
# Package:  nftables 1.0.6-2+deb12u2 with conntrack 1:1.4.7-1+b2 (Debian 12), nftables
#           1.1.3-1 with conntrack 1:1.4.8-2 (Debian 13)
# Seen:     in conntrack's list after a datagram over the loopback, without the object and
#           with it
# Matters:  An object that was to lengthen one timeout shortens another, and neither the
#           sysctl nor the ruleset shows the number by which connections end.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

export tmp

cat >"$tmp/without" <<'END'
table ip t {
	chain c {
		type filter hook output priority -150
		ct state new
	}
}
END
cat >"$tmp/with" <<'END'
table ip t {
	ct timeout longer {
		protocol udp
		policy = { replied : 300 }
	}
	chain c {
		type filter hook output priority -150
		meta l4proto udp ct timeout set "longer"
	}
}
END

send()
{
	local rules
	run ip link set lo up
	echo 90 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout
	for rules in without with; do
		run nft flush ruleset
		run nft -f "$tmp/$rules"
		run conntrack -F
		echo >/dev/udp/127.0.0.1/9
		# The time that is left, up to a multiple of 30 seconds.
		run conntrack -L | awk -v rules=$rules \
			'{ print "	" rules " the object: " int(($3 + 29) / 30) * 30 }'
	done
	run nft list ct timeout ip t longer | grep policy
}
both_releases send "nftables=1.0.6-2+deb12u2 conntrack=1:1.4.7-1+b2 iproute2=6.1.0-3" \
	"nftables=1.1.3-1 conntrack=1:1.4.8-2 iproute2=6.15.0-1" >"$tmp/got"

check <<'END'
bookworm
	without the object: 90
	with the object: 30
		policy = { replied : 300 }
trixie
	without the object: 90
	with the object: 30
		policy = { replied : 5m }
END
