#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "udp port 53" finds the first fragment of a datagram, which has the ports, and
#           not the others.
# Really:   It does over IPv4.  Over IPv6 it finds no fragment at all, though "udp" finds
#           all of them.
# Package:  libpcap0.8 1.10.3-1 with tcpdump 4.99.3-1 (Debian 12); libpcap0.8t64 1.10.5-2
#           with 4.99.5-2 (Debian 13) does the same
# Seen:     in the output of tcpdump for both fragments of a datagram over each
# Matters:  A capture of DNS over IPv6 has no large answer, not even a piece to show that
#           there was one.  "udp port 53 or (ip6 and ip6[6] = 44)" has them.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1 libpcap0.8=1.10.3-1
cd "$tmp"

python3 <<'END'
import struct

datagram = struct.pack("!HHHH", 53, 40000, 1608, 0) + bytes(1600)

def ipv4(data, flags_and_offset):
	head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(data), 7, flags_and_offset, 64, 17, 0)
	return b"\x08\0" + head + bytes((192, 0, 2, 1, 198, 51, 100, 2)) + data

def ipv6(data, flags_and_offset):
	head = struct.pack("!IHBB", 6 << 28, 8 + len(data), 44, 64)
	head += bytes.fromhex("20010db8000000000000000000000001"
			      "20010db8000000000000000000000002")
	return b"\x86\xdd" + head + struct.pack("!BBHI", 17, 0, flags_and_offset, 7) + data

for name, packets in (
	("IPv4", (ipv4(datagram[:1200], 0x2000), ipv4(datagram[1200:], 150))),
	("IPv6", (ipv6(datagram[:1200], 1), ipv6(datagram[1200:], 1200)))):
	with open(name, "wb") as out:
		out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
		for packet in packets:
			frame = bytes.fromhex("020000000002020000000001") + packet
			out.write(struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame)
END

for version in IPv4 IPv6; do
	for filter in "" udp "udp port 53" "udp port 53 or (ip6 and ip6[6] = 44)"; do
		echo "$version, ${filter:-all}: $(run tcpdump -Z root -nr $version "$filter" 2>said | wc -l)"
	done
done >got

check <<'END'
IPv4, all: 2
IPv4, udp: 2
IPv4, udp port 53: 1
IPv4, udp port 53 or (ip6 and ip6[6] = 44): 1
IPv6, all: 2
IPv6, udp: 2
IPv6, udp port 53: 0
IPv6, udp port 53 or (ip6 and ip6[6] = 44): 2
END
