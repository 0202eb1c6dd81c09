#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "wrpcap(rdpcap())" of scapy cuts the nanoseconds of a capture to
#           microseconds, or rounds them.
# Really:   It rounds the fraction alone, without a carry: what is nearer than half a
#           microsecond to the next second becomes a fraction of 1000000 microseconds,
#           which no pcap file can have.  tcpdump prints it as ".1000000".
# Package:  python3-scapy 2.5.0+dfsg-2 with tcpdump 4.99.3-1 (Debian 12); 2.6.1+dfsg-1
#           (Debian 13) does the same
# Seen:     in the record of the copy, and in the output of tcpdump
# Matters:  One packet in two million of a capture with nanoseconds.  A reader that
#           checks the fraction rejects the file, or stops in its middle; one that
#           compares seconds first is right by luck.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm python3-scapy=2.5.0+dfsg-2 tcpdump=4.99.3-1
cd "$tmp"

PYTHONPATH=$root/usr/lib/python3/dist-packages python3 -W ignore <<'END'
import struct
import scapy.layers.l2
from scapy.utils import rdpcap, wrpcap

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 1))
	for nanoseconds in 123456789, 999999400, 999999600:
		out.write(struct.pack("<IIII", 1, nanoseconds, len(frame), len(frame)) + frame)
wrpcap("out.pcap", rdpcap("in.pcap"))
END

{
	run tcpdump -Z root --nano -ttnqr in.pcap | cut -d' ' -f1
	echo "copied"
	run tcpdump -Z root -ttnqr out.pcap | cut -d' ' -f1
} >got 2>said

check <<'END'
1.123456789
1.999999400
1.999999600
copied
1.123457
1.999999
1.1000000
END
