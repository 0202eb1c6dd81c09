#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    The number of a frame in Wireshark is the number of the packet in the
#           file: a pcapng block that is no packet has none.
# Really:   A Custom Block is a frame.  It takes a number, every packet behind it
#           counts one more than in tcpdump, and it has neither time nor length.
# Package:  tshark 4.0.17-0+deb12u3 and tcpdump 4.99.3-1 (Debian 12); tshark
#           4.4.19-0+deb13u1 (Debian 13) does the same
# Seen:     in the frame numbers of both for one file
# Matters:  A report that says "frame 2" points to another packet in Wireshark.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tshark=4.0.17-0+deb12u3 tcpdump=4.99.3-1

# Two packets, and between them a custom block of the number that IANA keeps for
# examples.
python3 - "$tmp/in.pcapng" <<'END'
import struct, sys

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

def block(kind, body):
	size = struct.pack("<I", 12 + len(body))
	return struct.pack("<I", kind) + size + body + size

def packet(microseconds):
	head = struct.pack("<IIIII", 0, 0, microseconds, len(frame), len(frame))
	return block(6, head + frame + bytes(-len(frame) % 4))

with open(sys.argv[1], "wb") as out:
	out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
	out.write(block(1, struct.pack("<HHI", 1, 0, 65535)))
	out.write(packet(1000000))
	out.write(block(0xbad, struct.pack("<I", 32473) + b"note"))
	out.write(packet(2000000))
END

{
	echo "tcpdump:"
	run tcpdump -Z root -#ttnqr "$tmp/in.pcapng" 2>"$tmp/said"
	echo "tshark:"
	run tshark -r "$tmp/in.pcapng" -T fields -e frame.number -e frame.time_epoch \
		-e udp.dstport 2>"$tmp/said" | sed 's/\t*$//'
} >"$tmp/got"

check <<'END'
tcpdump:
    1  1.000000 IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
    2  2.000000 IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
tshark:
1	1.000000000	53
2
3	2.000000000	53
END
