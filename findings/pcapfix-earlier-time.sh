#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    pcapfix, which repairs damaged captures, says "nothing to fix" of a sound
#           one, and does no harm to it at worst.
# Really:   A packet whose second is earlier than that of the packet before it counts
#           as damage.  pcapfix looks for another reading of the bytes, moves the
#           packets' borders, and reports two corruptions that it repaired.  Its copy
#           has neither of the two packets whole.
# Package:  pcapfix 1.1.7-2 with tcpdump 4.99.3-1 (Debian 12; Debian 13 has the same)
# Seen:     in the output of pcapfix, and of tcpdump before and after
# Matters:  Packets out of order are common where an interface has several queues.
#           Repair only what a reader rejects, and compare the copy with the original.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm pcapfix=1.1.7-2 tcpdump=4.99.3-1
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for seconds in 2, 1:
		out.write(struct.pack("<IIII", seconds, 0, len(frame), len(frame)) + frame)
END

{
	run tcpdump -Z root -ttnqr in.pcap 2>said
	run pcapfix -o out.pcap in.pcap 2>said | grep -E 'SUCCESS|Nothing to fix'
	echo "UDP packets afterwards: $(run tcpdump -Z root -ttnqr out.pcap 2>said | grep -c UDP)"
} >got

check <<'END'
2.000000 IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
1.000000 IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
[+] SUCCESS: 2 Corruption(s) fixed!
UDP packets afterwards: 0
END
