#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    The version in the head of a pcap file may be left aside: all files that one
#           meets have the two lengths of a packet in one order.
# Really:   Before version 2.3 the length on the wire stands first, and in 2.3 either
#           may.  tcpdump and tshark turn them; dpkt and scapy do not, and take bytes of
#           the next packet for this one's, without an error.
# Package:  tcpdump 4.99.3-1, tshark 4.0.17-0+deb12u3, python3-dpkt 1.9.8-1,
#           python3-scapy 2.5.0+dfsg-2 (Debian 12)
# Seen:     in the output of the four for two cut packets in a file of version 2.2
# Matters:  Archives of the 1990s have such files, with packets that were cut at 68
#           bytes.  For whole packets both orders are the same, so that tests on
#           those say nothing.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1 tshark=4.0.17-0+deb12u3 python3-dpkt=1.9.8-1 \
	python3-scapy=2.5.0+dfsg-2
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"450003e8000100004011" "8acd" "c0000201c6336402" "9c40003503d40000")

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 2, 0, 0, len(frame), 1))
	for seconds in 1, 2:
		out.write(struct.pack("<IIII", seconds, 0, 1014, len(frame)) + frame)
END

{
	echo "tcpdump: $(run tcpdump -Z root -ettnqr in.pcap 2>said | grep -o 'length 1014' | paste -sd,)"
	echo "tshark:  $(run tshark -r in.pcap -T fields -e frame.cap_len 2>said | paste -sd' ') captured"
	PYTHONPATH=$root/usr/lib/python3/dist-packages python3 -W ignore -c '
import dpkt
from scapy.utils import RawPcapReader
print("dpkt:   ", [len(data) for time, data in dpkt.pcap.Reader(open("in.pcap", "rb"))])
print("scapy:  ", [len(data) for data, head in RawPcapReader("in.pcap")])'
} >got

check <<'END'
tcpdump: length 1014,length 1014
tshark:  42 42 captured
dpkt:    [100]
scapy:   [100]
END
