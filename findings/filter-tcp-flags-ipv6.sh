#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "tcp[tcpflags] & tcp-syn != 0" captures SYNs, as "tcp" captures TCP, over
#           IPv4 and IPv6.
# Really:   "tcp" and "tcp port" look at both, tcp[...] at IPv4 only: of a SYN over IPv6
#           it is false, and "not" that is true.
# Package:  libpcap0.8 1.10.3-1 with tcpdump 4.99.3-1 (Debian 12)
# Seen:     in the output of tcpdump for one SYN over each
# Matters:  A capture of "SYNs and all of UDP" has IPv6 connections that begin with
#           nothing.  "ip6[6] = 6 and ip6[53] & 2 != 0" finds them, without extension
#           headers.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1 libpcap0.8=1.10.3-1
cd "$tmp"

python3 <<'END'
import struct

ethernet = bytes.fromhex("020000000002020000000001")
ipv4 = bytes.fromhex("0800" "450000280001000040068e98c0000201c6336402"
	"9c40005000000001000000005002faf02c290000")
ipv6 = bytes.fromhex("86dd" "6000000000140640" "20010db8000000000000000000000001"
	"20010db8000000000000000000000002" "9c40005000000001000000005002faf0bceb0000")

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for frame in ethernet + ipv4, ethernet + ipv6:
		out.write(struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame)
END

for filter in "tcp port 80" "tcp[tcpflags] & tcp-syn != 0" "not tcp[tcpflags] & tcp-syn != 0" \
	"ip6[6] = 6 and ip6[53] & 2 != 0"; do
	seen=$(run tcpdump -Z root -tnqr in.pcap "$filter" 2>said | cut -d' ' -f1 | paste -sd' ')
	echo "$filter: $seen"
done >got

check <<'END'
tcp port 80: IP IP6
tcp[tcpflags] & tcp-syn != 0: IP
not tcp[tcpflags] & tcp-syn != 0: IP6
ip6[6] = 6 and ip6[53] & 2 != 0: IP6
END
