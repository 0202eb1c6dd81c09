#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    Readers either take a pcapng file whose second section has another byte
#           order than the first, which the format allows, or say that they do not.
# Really:   tshark and scapy take it.  tcpdump complains about the size of a block that
#           is fine.  dpkt stops before the second section as at the end of the file,
#           though it goes on at one with the same order.
# Package:  tcpdump 4.99.3-1 with libpcap0.8 1.10.3-1, tshark 4.0.17-0+deb12u3,
#           python3-scapy 2.5.0+dfsg-2, python3-dpkt 1.9.8-1 (Debian 12)
# Seen:     in the output of the four for one file
# Matters:  "cat a.pcapng b.pcapng" of two machines makes such a file.  A reader that
#           stops has to say at which byte; a short list of packets looks complete.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1 libpcap0.8=1.10.3-1 tshark=4.0.17-0+deb12u3 \
	python3-scapy=2.5.0+dfsg-2 python3-dpkt=1.9.8-1
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

def block(order, kind, body):
	size = struct.pack(order + "I", 12 + len(body))
	return struct.pack(order + "I", kind) + size + body + size

with open("in.pcapng", "wb") as out:
	for order, seconds in ("<", 1), (">", 2):
		head = struct.pack(order + "IIIII", 0, 0, seconds * 1000000, len(frame), len(frame))
		out.write(block(order, 0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1)))
		out.write(block(order, 1, struct.pack(order + "HHI", 1, 0, 65535)))
		out.write(block(order, 6, head + frame + bytes(-len(frame) % 4)))
END

{
	run tcpdump -Z root -ttnqr in.pcapng 2>&1 | grep -v '^reading'
	echo "tshark:" "$(run tshark -r in.pcapng 2>said | wc -l)"
	PYTHONPATH=$root/usr/lib/python3/dist-packages python3 -W ignore -c '
import dpkt
from scapy.utils import PcapNgReader
print("scapy:", len(list(PcapNgReader("in.pcapng"))))
print("dpkt:", len(list(dpkt.pcapng.Reader(open("in.pcapng", "rb")))))'
} >got

check <<'END'
1.000000 IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
tcpdump: pcap_loop: pcapng block size 469762048 > maximum 16777216
tshark: 2
scapy: 2
dpkt: 1
END
