#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    The magic number and the version of a pcap file say how its records look.
# Really:   Files of some old libraries have the plain magic number, version 2.4, and
#           other records: Nokia's have 4 bytes more.  Only tshark looks at the first
#           records and finds out.  tcpdump gives up at the second; dpkt and scapy
#           return two packets of wrong bytes for four, and no error.
# Package:  wireshark-common and tshark 4.0.17-0+deb12u3, tcpdump 4.99.3-1, python3-dpkt
#           1.9.8-1, python3-scapy 2.5.0+dfsg-2 (Debian 12)
# Seen:     in the output of the four for a capture that editcap wrote in that format
# Matters:  A first packet with the right time and length and with nonsense in it is a
#           sign of such a file: "editcap -F pcap" makes a plain one of it.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm wireshark-common=4.0.17-0+deb12u3 tshark=4.0.17-0+deb12u3 tcpdump=4.99.3-1 \
	python3-dpkt=1.9.8-1 python3-scapy=2.5.0+dfsg-2
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

with open("plain", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for seconds in 0, 1, 2, 3:
		out.write(struct.pack("<IIII", 1700000000 + seconds, 250000, len(frame), len(frame)))
		out.write(frame)
END

run editcap -F nokiapcap plain nokia
{
	cmp -n 24 plain nokia && echo "one header"
	echo "tshark:  $(run tshark -r nokia -T fields -e udp.dstport 2>said | paste -sd' ')"
	echo "tcpdump: $(run tcpdump -Z root -tnr nokia 2>&1 | tail -n1)"
	PYTHONPATH=$root/usr/lib/python3/dist-packages python3 -W ignore -c '
import dpkt
from scapy.utils import RawPcapReader
print("dpkt:   ", [len(data) for time, data in dpkt.pcap.Reader(open("nokia", "rb"))])
print("scapy:  ", [len(data) for data, head in RawPcapReader("nokia")])'
} >got

check <<'END'
one header
tshark:  53 53 53 53
tcpdump: tcpdump: pcap_loop: truncated dump file; tried to read 65535 captured bytes, only got 174
dpkt:    [42, 174]
scapy:   [42, 174]
END
