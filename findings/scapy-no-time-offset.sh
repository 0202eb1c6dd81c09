#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    Readers of pcapng add if_tsoffset, the seconds that an interface's times
#           start from, as they do all other arithmetic of its times.
# Really:   tcpdump, tshark and dpkt add it, scapy does not: its packets are off by the
#           whole offset, without a warning.
# Package:  python3-scapy 2.5.0+dfsg-2, python3-dpkt 1.9.8-1, tcpdump 4.99.3-1, tshark
#           4.0.17-0+deb12u3 (Debian 12)
# Seen:     in the output of the four for one file
# Matters:  Times of one section compare, those of two captures do not: a comparison of
#           a capture through scapy with a kernel's log finds no common packet.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm python3-scapy=2.5.0+dfsg-2 python3-dpkt=1.9.8-1 tcpdump=4.99.3-1 \
	tshark=4.0.17-0+deb12u3
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

def block(kind, body):
	size = struct.pack("<I", 12 + len(body))
	return struct.pack("<I", kind) + size + body + size

microseconds = 700000000 * 10**6
with open("in.pcapng", "wb") as out:
	out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
	out.write(block(1, struct.pack("<HHIHHqHH", 1, 0, 65535, 14, 8, 1000000000, 0, 0)))
	out.write(block(6, struct.pack("<IIIII", 0, microseconds >> 32, microseconds & 0xffffffff,
				       len(frame), len(frame)) + frame + bytes(-len(frame) % 4)))
END

{
	echo "tcpdump: $(run tcpdump -Z root -ttnqr in.pcapng 2>said | cut -d. -f1)"
	echo "tshark:  $(run tshark -r in.pcapng -T fields -e frame.time_epoch 2>said | cut -d. -f1)"
	PYTHONPATH=$root/usr/lib/python3/dist-packages python3 -W ignore -c '
import dpkt
from scapy.utils import PcapNgReader
print("dpkt:    %d" % next(iter(dpkt.pcapng.Reader(open("in.pcapng", "rb"))))[0])
print("scapy:   %d" % next(iter(PcapNgReader("in.pcapng"))).time)'
} >got

check <<'END'
tcpdump: 1700000000
tshark:  1700000000
dpkt:    1700000000
scapy:   700000000
END
