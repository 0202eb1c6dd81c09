#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "tcpdump --nano -V list" reads the files of a list, one after the other, each as
#           "tcpdump --nano -r" reads it.
# Really:   It does so with the first.  Of all others the microseconds are taken for
#           nanoseconds: half a second past becomes half a millisecond past, in what is
#           printed and in what -w writes.  Without --nano all is right.
# Package:  tcpdump 4.99.3-1 (Debian 12); 4.99.0-2+deb11u1 and 4.99.5-2 (Debian 11 and 13)
#           do the same
# Seen:     in the times of one file that the list names twice
# Matters:  Within each second the packets of such a capture crowd into a millisecond, and
#           the gaps of the rest are a second long.  Timeouts hardly notice, which is why
#           nobody does; rates and round trips are nonsense.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 1))
	for nanoseconds in 1000, 500000000, 999999999:
		out.write(struct.pack("<IIII", 1, nanoseconds, len(frame), len(frame)) + frame)
END
printf 'in.pcap\nin.pcap\n' >list

# times ARGUMENT...: of the packets, by tcpdump.
times()
{
	run tcpdump -Z root -ttnq "$@" 2>said | cut -d' ' -f1 | paste -sd ' '
}

{
	echo "list:          $(times -V list)"
	echo "--nano, file:  $(times --nano -r in.pcap)"
	echo "--nano, list:  $(times --nano -V list)"
	run tcpdump -Z root --nano -V list -w out.pcap 2>said
	echo "--nano, copy:  $(times --nano -r out.pcap)"
} >got

check <<'END'
list:          1.000001 1.500000 1.999999 1.000001 1.500000 1.999999
--nano, file:  1.000001000 1.500000000 1.999999999
--nano, list:  1.000001000 1.500000000 1.999999999 1.000000001 1.000500000 1.000999999
--nano, copy:  1.000001000 1.500000000 1.999999999 1.000000001 1.000500000 1.000999999
END
