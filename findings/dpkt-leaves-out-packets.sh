#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A reader of pcapng returns all packets of a file, or says which kind of
#           block it does not read.
# Really:   dpkt passes over Simple Packet Blocks as over a block without a packet.  A
#           file that has only those looks empty, and of a mixed one the rest is
#           returned.  The obsolete Packet Block it reads.
# Package:  python3-dpkt 1.9.8-1 with tcpdump 4.99.3-1 (Debian 12); 1.9.8-2 (Debian 13)
#           does the same
# Seen:     in the number of packets for three blocks of each kind
# Matters:  Small devices write such blocks, to save the 16 bytes.  A script over the
#           capture counts less than Wireshark, and nothing tells why.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm python3-dpkt=1.9.8-1 tcpdump=4.99.3-1
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")
size, padded = len(frame), frame + bytes(-len(frame) % 4)

def block(kind, body):
	length = struct.pack("<I", 12 + len(body))
	return struct.pack("<I", kind) + length + body + length

blocks = {
	"enhanced": block(6, struct.pack("<IIIII", 0, 0, 1000000, size, size) + padded),
	"obsolete": block(2, struct.pack("<HHIIII", 0, 0xffff, 0, 1000000, size, size) + padded),
	"simple": block(3, struct.pack("<I", size) + padded),
}
blocks["mixed"] = blocks["simple"] + blocks["enhanced"]
for name, packets in blocks.items():
	with open(name, "wb") as out:
		out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
		out.write(block(1, struct.pack("<HHI", 1, 0, 65535)))
		out.write(packets * 3)
END

for file in enhanced obsolete simple mixed; do
	echo "$file: tcpdump $(run tcpdump -Z root -nr $file 2>said | wc -l), dpkt $(
		PYTHONPATH=$root/usr/lib/python3/dist-packages python3 -c '
import dpkt, sys
print(len(list(dpkt.pcapng.Reader(open(sys.argv[1], "rb")))))' $file)"
done >got

check <<'END'
enhanced: tcpdump 3, dpkt 3
obsolete: tcpdump 3, dpkt 3
simple: tcpdump 3, dpkt 0
mixed: tcpdump 6, dpkt 3
END
