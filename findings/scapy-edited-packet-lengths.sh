#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A packet that scapy read, that a script made longer or shorter, and that scapy
#           wrote has its new length in both length fields of the record.
# Really:   The length on the wire is still that of the packet that was read.  The longer one
#           is a packet of which more was captured than there was, the shorter one is a
#           packet that was cut.
# Package:  python3-scapy 2.5.0+dfsg-2 with tcpdump 4.99.3-1 (Debian 12), python3-scapy
#           2.6.1+dfsg-1 with tcpdump 4.99.5-2 (Debian 13)
# Seen:     in the records that scapy wrote, and in the output of tcpdump
# Matters:  Test captures are made this way.  tcpdump shows nothing of the longer packet but
#           a complaint, and a reader that stops there loses the rest of the file.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

cd "$tmp"

edit()
{
	PYTHONPATH=$root/usr/lib/python3/dist-packages python3 -W ignore - 2>said <<'END'
import struct
from scapy.all import Ether, IP, Raw, UDP, rdpcap, wrpcap

packet = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
packet /= IP(src="192.0.2.1", dst="198.51.100.2") / UDP(sport=40000, dport=5000) / Raw(b"12345678")
wrpcap("in.pcap", [packet] * 2)
longer, shorter = rdpcap("in.pcap")
longer = longer / Raw(b"more of it")
shorter[UDP].remove_payload()
for edited in longer, shorter:
	del edited[IP].len, edited[IP].chksum, edited[UDP].len, edited[UDP].chksum
wrpcap("out.pcap", [longer, shorter])

data = open("out.pcap", "rb").read()[24:]
while data:
	_, _, captured, wire = struct.unpack_from("<IIII", data)
	print(f"	captured {captured} of {wire}")
	data = data[16 + captured:]
END
	run tcpdump -Z root -tnqr out.pcap 2>said | sed 's/^/	tcpdump: /'
}
for suite in bookworm trixie; do
	case $suite in
	bookworm) unpack bookworm python3-scapy=2.5.0+dfsg-2 tcpdump=4.99.3-1 ;;
	*)	  unpack trixie python3-scapy=2.6.1+dfsg-1 tcpdump=4.99.5-2 ;;
	esac
	echo "$suite"
	edit
done >got

check <<'END'
bookworm
	captured 60 of 50
	captured 42 of 50
	tcpdump: [Invalid header: len(50) < caplen(60)]
	tcpdump: IP 192.0.2.1.40000 > 198.51.100.2.5000: UDP, length 0
trixie
	captured 60 of 50
	captured 42 of 50
	tcpdump: [Invalid header: len(50) < caplen(60)]
	tcpdump: IP 192.0.2.1.40000 > 198.51.100.2.5000: UDP, length 0
END
