#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "tcprewrite --pnat" maps an address wherever it stands in the headers of a
#           capture, also in the packet that an ICMP error quotes: the address stands
#           there in an IP header as well.
# Really:   Only the outer header changes.  The error quotes a packet that is no longer
#           in the capture.
# Package:  tcpreplay 4.4.3-1 with tcpdump 4.99.3-1 (Debian 12); 4.5.1-1 (Debian 13)
#           does the same
# Seen:     in the output of tcpdump for a datagram and the error that answers it
# Matters:  Connection tracking finds an error's connection by the quoted packet: the
#           error was RELATED before, and belongs to nothing afterwards.  And the
#           address that was to be replaced is still in the file.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpreplay=4.4.3-1 tcpdump=4.99.3-1
cd "$tmp"

# A datagram, and "host unreachable" from a router, which quotes it.
python3 <<'END'
import struct

ethernet = bytes.fromhex("020000000002020000000001" "0800")
datagram = bytes.fromhex("4500001c0001000040118e99c0000201c6336402" "9c40003500080000")
error = bytes.fromhex("4500003800010000" "40018d91" "c63364fe" "c0000201" "0301607e" "00000000")

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for frame in ethernet + datagram, ethernet + error + datagram:
		out.write(struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame)
END

run tcprewrite --pnat=192.0.2.0/24:203.0.113.0/24 --infile=in.pcap --outfile=out.pcap
run tcpdump -Z root -tnqvr out.pcap 2>said | grep -o '[0-9.]* > .*' >got

check <<'END'
203.0.113.1.40000 > 198.51.100.2.53: UDP, length 0
198.51.100.254 > 203.0.113.1: ICMP host 198.51.100.2 unreachable, length 36
192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
END
