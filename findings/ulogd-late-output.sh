#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    The packets in a capture that ulogd writes (NFLOG to PCAP) have the times
#           at which they passed the rules.
# Really:   Of a packet in OUTPUT the kernel passes no time on, and ulogd takes its own
#           clock when it comes to write, about a second later.  One datagram, logged
#           on its way out and on its way in, comes in before it goes out.
# Package:  ulogd2 and ulogd2-pcap 2.0.8-1 with iptables 1.8.9-2, tcpdump 4.99.3-1
#           (Debian 12)
# Seen:     in the times of the two records for one datagram over the loopback
# Matters:  Such a capture of a machine's own connections has answers before questions,
#           in time though not in the file.  After sorting by time the answers begin
#           the connections.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm ulogd2=2.0.8-1 ulogd2-pcap=2.0.8-1 iptables=1.8.9-2 tcpdump=4.99.3-1 \
	iproute2=6.1.0-3

plugins=$(dirname "$(find "$root" -name ulogd_inppkt_NFLOG.so)")
cat >"$tmp/ulogd.conf" <<END
[global]
logfile="$tmp/log"
plugin="$plugins/ulogd_inppkt_NFLOG.so"
plugin="$plugins/ulogd_raw2packet_BASE.so"
plugin="$plugins/ulogd_output_PCAP.so"
stack=in:NFLOG,base:BASE,out:PCAP
[in]
group=1
[out]
file="$tmp/out.pcap"
sync=1
END
export tmp

record()
{
	run ip link set lo up
	run xtables-nft-multi iptables -A OUTPUT -p udp -j NFLOG --nflog-group 1
	run xtables-nft-multi iptables -A INPUT -p udp -j NFLOG --nflog-group 1
	run ulogd -d -p "$tmp/pid" -c "$tmp/ulogd.conf" </dev/null >/dev/null 2>&1
	trap 'kill "$(<"$tmp/pid")"' EXIT
	sleep 1
	echo >/dev/udp/127.0.0.1/9
	sleep 2
}
in_netns record 2>"$tmp/said" || skip "this kernel has no NFLOG"

run tcpdump -Z root -ttnqr "$tmp/out.pcap" 2>"$tmp/said" | awk '
	NR == 1 { out = $1 }
	NR == 2 { print (out > $1 ? "out after in" : "out before in") }
	END { print NR " records" }' >"$tmp/got"

check <<'END'
out after in
2 records
END
