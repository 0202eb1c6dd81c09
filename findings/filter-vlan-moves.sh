#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    In a capture filter "and" and "or" may change sides: "tcp and not vlan"
#           is "not vlan and tcp".
# Really:   "vlan" is a condition and moves the offsets of all that stands behind
#           it, under "not" and beyond "or" as well.  "not vlan and tcp" looks for TCP
#           four bytes too far and finds nothing; "vlan or udp" finds UDP only
#           in tags.
# Package:  libpcap0.8 1.10.3-1 with tcpdump 4.99.3-1 (Debian 12)
# Seen:     in the output of tcpdump for one file with a tagged and a plain frame
# Matters:  Where one direction is tagged and the other is not, such a filter keeps
#           half of each conversation, and a replay calls the firewall wrong for it.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1 libpcap0.8=1.10.3-1

python3 - "$tmp/in.pcap" <<'END'
import struct, sys

addresses = bytes.fromhex("020000000002020000000001")
packet = bytes.fromhex("0800" "4500001c0001000040118e99c0000201c6336402" "9c40003500080000")
tag = bytes.fromhex("81000005")

with open(sys.argv[1], "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for frame in addresses + packet, addresses + tag + packet:
		out.write(struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame)
END

for filter in "udp and not vlan" "not vlan and udp" "udp or vlan" "vlan or udp"; do
	echo "$filter:"
	run tcpdump -Z root -etnqr "$tmp/in.pcap" "$filter" 2>"$tmp/said" |
		sed 's/.*802.1Q.*/	the tagged one/; t; s/.*/	the plain one/'
done >"$tmp/got"

check <<'END'
udp and not vlan:
	the plain one
not vlan and udp:
udp or vlan:
	the plain one
	the tagged one
vlan or udp:
	the tagged one
END
