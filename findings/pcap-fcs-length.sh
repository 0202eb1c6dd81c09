#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    The link type of a pcap file is one number, and readers agree about it.
# Really:   Its upper bits may say how long the check sequence is that ends each
#           frame, in units of two bytes.  tshark takes it off; tcpdump reads the
#           same number as plain Ethernet and takes nothing off; scapy looks up the
#           whole number, finds no such link type, and has no packet but bytes.
# Package:  tshark 4.0.17-0+deb12u3, tcpdump 4.99.3-1, python3-scapy 2.5.0+dfsg-2
#           (Debian 12)
# Seen:     in the output of the three for one file with 0x24000001
# Matters:  A reader that compares the whole number with 1 rejects an Ethernet
#           capture, and one that counts the units as bytes leaves half of the check
#           sequence behind the packet.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tshark=4.0.17-0+deb12u3 tcpdump=4.99.3-1 python3-scapy=2.5.0+dfsg-2

python3 - "$tmp/in.pcap" <<'END'
import struct, sys

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")
frame += bytes.fromhex("01020304")
check_sequence_of_2_units = 0x24000000

with open(sys.argv[1], "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535,
			      check_sequence_of_2_units | 1))
	out.write(struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame)
END

{
	run tshark -r "$tmp/in.pcap" -T fields -E separator=' ' -e frame.protocols \
		-e frame.len -e eth.trailer -e eth.fcs 2>"$tmp/said"
	run tcpdump -Z root -ettnqr "$tmp/in.pcap" 2>&1 | sed 's/^reading from file [^,]*, //'
	PYTHONPATH=$root/usr/lib/python3/dist-packages python3 -W ignore - "$tmp/in.pcap" <<-'END'
	import logging, sys
	logging.disable()
	from scapy.utils import rdpcap
	print("scapy:", rdpcap(sys.argv[1])[0].summary())
	END
} >"$tmp/got"

check <<'END'
eth:ethertype:ip:udp 46  0x01020304
link-type EN10MB (Ethernet), snapshot length 65535
1.000000 02:00:00:00:00:01 > 02:00:00:00:00:02, IPv4, length 46: 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
scapy: Raw
END
