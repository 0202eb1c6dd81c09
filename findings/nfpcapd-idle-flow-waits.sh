#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "nfpcapd -e 300,60" ends a flow at a pause of more than 60 seconds, the inactive
#           timeout.  A packet after 1000 seconds begins another flow, and is past the active
#           timeout as well.
# Really:   Only other packets make the clock go on.  Where nothing else comes by, both packets
#           are one flow, after 200 seconds as after 1000.  With packets of another flow in
#           the pause they are two.
# Package:  nfdump 1.7.1-2+deb12u1 (Debian 12); 1.7.5-2+deb13u1 (Debian 13) does the same
# Seen:     in the output of nfdump for three captures
# Matters:  A capture that was filtered to one host has fewer flows for this host than the
#           whole one.  Connection tracking ends the entry in each of them.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

cd "$tmp"

python3 <<'END'
import struct

ethernet = bytes.fromhex("020000000002020000000001" "0800")
ip = bytes.fromhex("4500001c0001000040118e99" "c0000201c6336402")

def write(name, packets):
	with open(name, "wb") as out:
		out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
		for seconds, port in sorted(packets):
			frame = ethernet + ip + struct.pack(">HHHH", 40000, port, 8, 0)
			out.write(struct.pack("<IIII", 1700000000 + seconds, 0, 42, 42) + frame)

write("200-alone", [(0, 5000), (200, 5000)])
write("1000-alone", [(0, 5000), (1000, 5000)])
write("200-with-others", [(0, 5000), (200, 5000)] + [(n, 5001) for n in range(5, 250, 10)])
END

for suite in bookworm=1.7.1-2+deb12u1 trixie=1.7.5-2+deb13u1; do
	unpack "${suite%%=*}" "nfdump=${suite#*=}"
	for name in 200-alone 1000-alone 200-with-others; do
		rm -rf flows
		mkdir flows
		run nfpcapd -e 300,60 -r $name -w flows >said 2>&1
		echo "${suite%%=*}, $name: $(run nfdump -q -R flows -o fmt:%pkt 'dst port 5000' |
			tr -d ' ' | paste -sd' ')"
	done
done >got

check <<'END'
bookworm, 200-alone: 2
bookworm, 1000-alone: 2
bookworm, 200-with-others: 1 1
trixie, 200-alone: 2
trixie, 1000-alone: 2
trixie, 200-with-others: 1 1
END
