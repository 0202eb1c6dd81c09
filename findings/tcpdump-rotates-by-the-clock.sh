#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "tcpdump -r big.pcap -G 60 -w part-%s.pcap" splits a capture into one file for
#           each minute of it, as it would have done when it captured.
# Really:   -G goes by the clock of the machine, also when tcpdump reads a file.  All
#           packets are in one file, and its name is the time of the splitting.
# Package:  tcpdump 4.99.3-1 (Debian 12); 4.99.5-2 (Debian 13) does the same
# Seen:     in the files that it wrote for five packets, a minute apart, of 2023
# Matters:  The parts of a long capture are to be replayed one after the other: there is
#           one, or, where reading takes long, some that end anywhere.  editcap -i
#           splits by the packets' times.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1

python3 - "$tmp/in.pcap" <<'END'
import struct, sys

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

with open(sys.argv[1], "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for minute in range(5):
		out.write(struct.pack("<IIII", 1700000000 + 60 * minute, 0, len(frame), len(frame)) +
			  frame)
END
cd "$tmp"

run tcpdump -Z root -r in.pcap -G 60 -w 'part-%Y.pcap' 2>said
for part in part-*; do
	year=${part//[^0-9]/}
	echo "a file of $([ "$year" = 2023 ] && echo 2023 || echo today):" \
		"$(run tcpdump -Z root -nr "$part" 2>said | wc -l) packets"
done >got

check <<'END'
a file of today: 5 packets
END
