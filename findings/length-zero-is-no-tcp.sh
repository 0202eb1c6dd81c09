#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A packet whose IPv4 header says "total length 0" is broken, and no reader
#           has a use for it; or, as a sender with segmentation offload may look so
#           in its own capture, all of them take the frame's length.
# Really:   tshark takes the frame's length and shows the data.  tcpdump 4.99.3 calls
#           the length bad and says nothing of TCP (4.99.5 shows the data).  tcptrace
#           counts no TCP packet, argus files the frame as a flow between two
#           Ethernet addresses, and neither says why.
# Package:  tcpdump 4.99.3-1, tshark 4.0.17-0+deb12u3, tcptrace 6.6.7-6+b1, argus
#           2:3.0.8.2-2.2 with its clients 1:3.0.8.2-6.1+b3 (Debian 12)
# Seen:     in the output of the four for one file
# Matters:  The largest data packets of a connection are missing in the flows of a
#           capture that tshark shows whole.  A reader has to decide, and to say so.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1 tshark=4.0.17-0+deb12u3 tcptrace=6.6.7-6+b1 \
	argus-server=2:3.0.8.2-2.2 argus-client=1:3.0.8.2-6.1+b3

python3 - "$tmp/in.pcap" <<'END'
import struct, sys

frame = bytes.fromhex("020000000002020000000001" "0800"
	"450000000001000040068ec0c0000201c6336402"
	"9c40005000000001000000005018faf03fc30000") + b"z" * 100

with open(sys.argv[1], "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	out.write(struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame)
END

{
	run tcpdump -Z root -tnqr "$tmp/in.pcap" 2>"$tmp/said"
	run tshark -r "$tmp/in.pcap" -T fields -e _ws.col.Protocol -e tcp.len 2>"$tmp/said"
	run tcptrace -n "$tmp/in.pcap" | grep 'packets seen'
	run argus -r "$tmp/in.pcap" -w "$tmp/flows" 2>"$tmp/said"
	run ra -n -r "$tmp/flows" -s proto saddr:20 daddr:20 spkts 2>"$tmp/said" | tail -n1 |
		sed 's/  */ /g; s/^ //; s/ $//'
} >"$tmp/got"

check <<'END'
IP bad-len 0
TCP	100
1 packets seen, 0 TCP packets traced
ip 02:00:00:00:00:01 02:00:00:00:00:02 1
END
