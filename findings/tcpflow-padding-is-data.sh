#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    What fills an Ethernet frame up to its least length of 60 bytes is no part
#           of a TCP stream: the IP header says where the packet ends.
# Really:   tcpflow takes the segment to reach to the end of the frame.  A request of
#           three bytes becomes one of six, with three zeros.  tshark takes three.
# Package:  tcpflow 1.6.1-2+b1, tshark 4.0.17-0+deb12u3 (Debian 12); tcpflow
#           1.6.1-3+b1 (Debian 13) does the same
# Seen:     in the stream that tcpflow writes, and in tshark's count of data
# Matters:  Over IPv4 a segment with up to five bytes, or none, comes filled up from
#           every Ethernet card.  Sequence numbers, windows and states counted with
#           the filling are other ones.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpflow=1.6.1-2+b1 tshark=4.0.17-0+deb12u3
cd "$tmp"

python3 <<'END'
import struct

ethernet = bytes.fromhex("020000000002020000000001" "0800")
syn = bytes.fromhex("450000280001000040068e98c0000201c6336402"
	"9c40005000000000000000005002faf02c2a0000") + bytes(6)
data = bytes.fromhex("4500002b0001000040068e95c0000201c6336402"
	"9c40005000000001000000005018faf0908a0000") + b"GET" + bytes(3)

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for frame in ethernet + syn, ethernet + data:
		out.write(struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame)
END

{
	echo "tshark:  $(run tshark -r in.pcap -T fields -e tcp.payload 2>said | tail -n1)"
	run tcpflow -r in.pcap >said 2>&1
	echo "tcpflow: $(od -An -tx1 192.000.002.001.40000-198.051.100.002.00080 | tr -d ' ')"
} >got

check <<'END'
tshark:  474554
tcpflow: 474554000000
END
