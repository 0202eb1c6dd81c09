#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "tcpdump -r any.pcap -Q in" shows the packets that came in, as a file of "-i any"
#           has each packet's way beside it; or it says that it cannot.
# Really:   It shows all packets, and with -w it writes all, without a word.  The filter
#           "inbound" does what -Q was meant to.
# Package:  tcpdump 4.99.3-1 with libpcap0.8 1.10.3-1 (Debian 12), 4.99.5-2 with
#           libpcap0.8t64 1.10.5-2 (Debian 13)
# Seen:     in the output of tcpdump for a file of LINUX_SLL with a packet of each way
# Matters:  On a router "in" and "out" are the same packet before and after the firewall, with
#           NAT even with other addresses.  A replay of what -Q left has each of them twice.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

cd "$tmp"

python3 <<'END'
import struct

packet = bytes.fromhex("4500001c0001000040118e99c0000201c6336402" "9c40138800080000")

with open("any.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 113))
	# Packet types of LINUX_SLL: 0 is to this host, 4 is sent by it.
	for seconds, way in (1, 0), (2, 4):
		frame = struct.pack("!HHH8sH", way, 1, 6, b"\2\0\0\0\0\1", 0x0800) + packet
		out.write(struct.pack("<IIII", seconds, 0, len(frame), len(frame)) + frame)
END

# ways: the direction of each packet that tcpdump printed.
ways()
{
	awk '{ print $2 }' | paste -sd' '
}

for suite in bookworm trixie; do
	case $suite in
	bookworm) unpack bookworm tcpdump=4.99.3-1 libpcap0.8=1.10.3-1 ;;
	*)	  unpack trixie tcpdump=4.99.5-2 libpcap0.8t64=1.10.5-2 ;;
	esac
	echo "$suite"
	echo "	-Q in:   $(run tcpdump -Z root -Q in -ttner any.pcap 2>said | ways)"
	sed '/^reading from file/d; s/^/	/' said
	run tcpdump -Z root -Q in -r any.pcap -w copy.pcap 2>said
	echo "	and -w:  $(run tcpdump -Z root -ttner copy.pcap 2>said | ways)"
	echo "	inbound: $(run tcpdump -Z root -ttner any.pcap inbound 2>said | ways)"
done >got

check <<'END'
bookworm
	-Q in:   In Out
	and -w:  In Out
	inbound: In
trixie
	-Q in:   In Out
	and -w:  In Out
	inbound: In
END
