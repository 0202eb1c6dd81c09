#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    The seconds of a pcap file have 32 bits without a sign, so that today's
#           programs show times until 2106; "tcpdump -tt" prints the number anyway.
# Really:   Of a packet of 2040 tcpdump says "[Error converting time]", with -tt too,
#           and nfpcapd makes it one of the year 584555953.
# Package:  tcpdump 4.99.3-1, nfdump 1.7.1-2+deb12u1 (Debian 12); 4.99.5-2 and
#           1.7.5-2+deb13u1 (Debian 13) say 2040
# Seen:     in the output of both for a capture with such a time
# Matters:  A clock that is wrong, or seconds read in the wrong byte order, give times
#           like these today.  A reader compares them as unsigned.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm nfdump=1.7.1-2+deb12u1 tcpdump=4.99.3-1
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	out.write(struct.pack("<IIII", 2208988800, 0, len(frame), len(frame)) + frame)
END

mkdir flows
{
	run tcpdump -Z root -ttnqr in.pcap 2>said
	run nfpcapd -r in.pcap -w flows >said 2>&1
	run nfdump -q -R flows -o 'fmt:%ts %pr %sap %dap' | cut -d' ' -f1
} >got

check <<'END'
[Error converting time] IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
584555953-02-25
END
