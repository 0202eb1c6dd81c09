#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    tcpslice copies a capture whole, and "tcpslice -R" prints its first and last
#           time, whatever number of packets it has.
# Really:   Of a file with a single packet it says "problems finding end packet", and it
#           writes no copy.  Two packets are enough.
# Package:  tcpslice 1.5-1 (Debian 12); 1.8-1 (Debian 13) does the same
# Seen:     in what it says, and in the copy
# Matters:  A script that goes over a directory of captures by the hour stops at the quiet
#           hours, as at damaged files.  tcpdump and editcap take such files.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpslice=1.5-1
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

for name, packets in ("one", 1), ("two", 2):
	with open(name, "wb") as out:
		out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
		for n in range(packets):
			out.write(struct.pack("<IIII", 1700000000 + n, 0, 42, 42) + frame)
END

for file in two one; do
	run tcpslice -R $file 2>&1 || true
	run tcpslice -w copy $file 2>said && echo "copied" || echo "not copied"
done >got

check <<'END'
two	1700000000.000000	1700000001.000000
copied
tcpslice: problems finding end packet of file one
not copied
END
