#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    tcpslice without times copies all of a file.
# Really:   The copy ends before the first packet that is earlier than the one before
#           it, whatever follows, and the exit status is 0: of packets of the seconds
#           1 3 2 4 5 the last three are gone.  mergecap keeps them all.
# Package:  tcpslice 1.5-1 and wireshark-common 4.0.17-0+deb12u3 with tcpdump 4.99.3-1
#           (Debian 12); tcpslice 1.8-1 (Debian 13) does the same
# Seen:     in the output of tcpdump for the copies
# Matters:  Captures of several queues or interfaces are out of order by microseconds
#           all the time.  The rest of such a capture is missing in the copy, and
#           all connections seem to stop at once.  Sort first, with reordercap.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpslice=1.5-1 wireshark-common=4.0.17-0+deb12u3 tcpdump=4.99.3-1
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

for name, order in ("sorted", (1, 2, 3, 4, 5)), ("unsorted", (1, 3, 2, 4, 5)):
	with open(name, "wb") as out:
		out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
		for seconds in order:
			out.write(struct.pack("<IIII", seconds, 0, len(frame), len(frame)) + frame)
END

# seconds FILE: of its packets.
seconds()
{
	run tcpdump -Z root -ttnqr "$1" 2>said | cut -d. -f1 | paste -sd' '
}

for name in sorted unsorted; do
	run tcpslice -w out.pcap $name
	echo "tcpslice, exit $?: $(seconds out.pcap)"
	run mergecap -F pcap -w out.pcap $name
	echo "mergecap, exit $?: $(seconds out.pcap)"
done >got

check <<'END'
tcpslice, exit 0: 1 2 3 4 5
mergecap, exit 0: 1 2 3 4 5
tcpslice, exit 0: 1 3
mergecap, exit 0: 1 3 2 4 5
END
