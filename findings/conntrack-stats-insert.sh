#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "insert" of "conntrack -S" is the number of connections that were put into
#           the table, so that its growth is the rate of new connections.
# Really:   It counts only entries that a program puts there, as with "conntrack -I".
#           Those of packets are not counted, here or elsewhere; "new" in
#           /proc/net/stat/nf_conntrack is always 0.
# Package:  conntrack 1:1.4.7-1+b2 (Debian 12); the counters are the kernel's, here
#           Linux 6.18
# Seen:     in the output of conntrack for two datagrams and then an entry by hand
# Matters:  A graph of "insert" is flat on a busy firewall.  To compare a replay's
#           number of connections with a live one's takes the events.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm conntrack=1:1.4.7-1+b2 iptables=1.8.9-2 iproute2=6.1.0-3

count()
{
	local what=$1 stat="/proc/net/stat/nf_conntrack"
	echo "$what: $(run conntrack -C) entries, insert" \
		"$(run conntrack -S | grep -o ' insert=[0-9]*' | awk -F= '{ n += $2 } END { print n }'), new" \
		"$(awk 'NR == 1 { for (i = 1; $i != "new"; i++); next } { n += $i } END { print n + 0 }' $stat)"
}

insert()
{
	run ip link set lo up
	run xtables-nft-multi iptables -A INPUT -m conntrack --ctstate NEW
	echo >/dev/udp/127.0.0.1/9
	echo >/dev/udp/127.0.0.1/10
	count "by packets"
	run conntrack -I -p udp -s 192.0.2.1 -d 198.51.100.2 --sport 1 --dport 2 -t 600
	count "and by hand"
}
export -f count
in_netns insert 2>"$tmp/said" >"$tmp/got" || skip "this kernel has not what it takes"

check <<'END'
by packets: 2 entries, insert 0, new 0
and by hand: 3 entries, insert 1, new 0
END
