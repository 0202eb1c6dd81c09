#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A UDP datagram of 3000 bytes that came in three fragments is one flow of three
#           packets, in all tools that make flows of a capture.
# Really:   argus says so.  For nfpcapd it is one packet, put together, as for connection
#           tracking.  tshark counts the last fragment alone, with 82 bytes, as the whole
#           conversation.  softflowd makes two flows: the first fragment is one, and the
#           others, which have no ports, are another.
# Package:  nfdump 1.7.1-2+deb12u1, argus-server 2:3.0.8.2-2.2 with argus-client
#           1:3.0.8.2-6.1+b3, softflowd 1.1.0-1+b1, tshark 4.0.17-0+deb12u3 (Debian 12)
# Seen:     in the output of the four for one file
# Matters:  DNS, NFS and tunnels send such datagrams.  Packets, bytes and even the number of
#           flows are no measure of a lost packet before one knows whose they are.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm nfdump=1.7.1-2+deb12u1 argus-server=2:3.0.8.2-2.2 \
	argus-client=1:3.0.8.2-6.1+b3 softflowd=1.1.0-1+b1 tshark=4.0.17-0+deb12u3
cd "$tmp"

python3 <<'END'
import struct

ethernet = bytes.fromhex("020000000002020000000001" "0800")
datagram = struct.pack("!HHHH", 40000, 5000, 3008, 0) + bytes(3000)

def fragment(offset, more):
	data = datagram[offset:offset + 1480]
	head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(data), 7, more << 13 | offset // 8,
		64, 17, 0) + bytes((192, 0, 2, 1, 198, 51, 100, 2))
	total = sum(struct.unpack("!10H", head))
	total = (total & 0xffff) + (total >> 16)
	return ethernet + head[:10] + struct.pack("!H", ~total & 0xffff) + head[12:] + data

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for n, frame in enumerate((fragment(0, 1), fragment(1480, 1), fragment(2960, 0))):
		out.write(struct.pack("<IIII", 1700000000, n, len(frame), len(frame)) + frame)
END

{
	mkdir flows
	run nfpcapd -r in.pcap -w flows >said 2>&1
	echo "nfpcapd, packets and bytes of each flow:"
	run nfdump -q -R flows -o fmt:%pkt,%byt 2>said | tr -d ' '
	echo "argus:"
	run argus -r in.pcap -w out.argus >said 2>&1
	run ra -nr out.argus -s proto pkts bytes 2>said | sed -n 's/ *udp *\([0-9]*\) */\1,/p'
	echo "tshark:"
	run tshark -r in.pcap -q -z conv,udp 2>said |
		sed -n 's/.*<->.* \([0-9]*\) \([0-9]*\) bytes  *[0-9.]* *[0-9.]*$/\1,\2/p'
	echo "softflowd, packets and flows:"
	run softflowd -d -r in.pcap -n 127.0.0.1:9 >said 2>&1
	sed -n 's/Packets processed: //p; s/Flows expired: \([0-9]*\).*/\1/p' said | paste -sd,
} | sed 's/ *$//' >got

check <<'END'
nfpcapd, packets and bytes of each flow:
1,3028
argus:
3,3110
tshark:
1,82
softflowd, packets and flows:
3,2
END
