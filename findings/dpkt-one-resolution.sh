#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A library that knows if_tsresol, the resolution of an interface's times in
#           pcapng, takes for each packet the one of its interface.
# Really:   dpkt takes the first interface's for all.  A packet of a second interface
#           that counts nanoseconds is a thousand times as late: in the year 55840.
# Package:  python3-dpkt 1.9.8-1 beside tshark 4.0.17-0+deb12u3 (Debian 12)
# Seen:     in the output of both for one file with a packet of each interface
# Matters:  mergecap keeps the resolution of each source, so that such files are
#           common.  In a replay the gap ends every connection by timeout.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm python3-dpkt=1.9.8-1 tshark=4.0.17-0+deb12u3
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

def block(kind, body):
	size = struct.pack("<I", 12 + len(body))
	return struct.pack("<I", kind) + size + body + size

def interface(digits):
	resolution = struct.pack("<HHB3xHH", 9, 1, digits, 0, 0)
	return block(1, struct.pack("<HHI", 1, 0, 65535) + resolution)

def packet(number, time):
	head = struct.pack("<IIIII", number, time >> 32, time & 0xffffffff, len(frame), len(frame))
	return block(6, head + frame + bytes(-len(frame) % 4))

with open("in.pcapng", "wb") as out:
	out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
	out.write(interface(6) + interface(9))
	out.write(packet(0, 1700000000 * 10**6) + packet(1, 1700000001 * 10**9))
END

{
	echo "tshark:"
	run tshark -r in.pcapng -T fields -e frame.time_epoch 2>said
	echo "dpkt:"
	PYTHONPATH=$root/usr/lib/python3/dist-packages python3 -c '
import dpkt
for time, data in dpkt.pcapng.Reader(open("in.pcapng", "rb")):
	print("%.9f" % time)'
} >got

check <<'END'
tshark:
1700000000.000000000
1700000001.000000000
dpkt:
1700000000.000000000
1700000001000.000000000
END
