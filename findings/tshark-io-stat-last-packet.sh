#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    The frames in the rows of "tshark -z io,stat,5" add up to those of the capture.
# Really:   Where the last packet is a whole number of intervals behind the first, it is in
#           no row: the rows end at its time, and a row does not take in its own end.
# Package:  tshark 4.0.17-0+deb12u3 (Debian 12); 4.4.19-0+deb13u1 (Debian 13) does the same
# Seen:     in the rows for three packets, the last of which comes 10 seconds after the first,
#           or a microsecond earlier
# Matters:  Packets that a timer sends, as keepalives, and captures that a script made come
#           at whole seconds.  The number of packets is then one less than that of the table,
#           and it looks like a packet that a reader lost.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40138800080000")

for name, last in ("whole", (20, 0)), ("earlier", (19, 999999)):
	with open(name, "wb") as out:
		out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
		for time in (10, 0), (12, 0), last:
			out.write(struct.pack("<IIII", *time, len(frame), len(frame)) + frame)
END

for suite in bookworm=4.0.17-0+deb12u3 trixie=4.4.19-0+deb13u1; do
	unpack "${suite%%=*}" "tshark=${suite#*=}"
	for name in whole earlier; do
		echo "${suite%%=*}, $name:"
		run tshark -r $name -q -z io,stat,5 2>said |
			sed -n 's/^|  *\([0-9]*\) *<> *\([0-9A-Za-z]*\) *| *\([0-9]*\) .*/	\1-\2: \3/p'
	done
done >got

check <<'END'
bookworm, whole:
	0-5: 2
	5-Dur: 0
bookworm, earlier:
	0-5: 2
	5-Dur: 1
trixie, whole:
	0-5: 2
	5-Dur: 0
trixie, earlier:
	0-5: 2
	5-Dur: 1
END
