#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    nfpcapd makes one flow of the packets that go one way between two UDP ports,
#           for as long as the gaps are short.
# Really:   With port 53 on a side each packet is a flow of its own: two questions and
#           two answers are four flows, and two with any other port.
# Package:  nfdump 1.7.1-2+deb12u1 (Debian 12); 1.7.5-2+deb13u1 (Debian 13) does the
#           same
# Seen:     in the output of nfdump for two captures that differ in the port
# Matters:  A count of flows is no count of connections.  Connection tracking has one
#           entry for all four packets, as for any other port.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm nfdump=1.7.1-2+deb12u1
cd "$tmp"

python3 <<'END'
import struct

ethernet = bytes.fromhex("020000000002020000000001" "0800")
question = bytes.fromhex("4500001c0001000040118e99" "c0000201c6336402")
answer = bytes.fromhex("4500001c0001000040118e99" "c6336402c0000201")

for port in 53, 5300:
	with open(f"{port}.pcap", "wb") as out:
		out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
		for seconds in 1, 2:
			for header, ports in (question, (40000, port)), (answer, (port, 40000)):
				frame = ethernet + header + struct.pack(">HHHH", *ports, 8, 0)
				out.write(struct.pack("<IIII", seconds, 0, len(frame), len(frame)) + frame)
END

for port in 53 5300; do
	echo "port $port:"
	mkdir flows.$port
	run nfpcapd -r $port.pcap -w flows.$port >said 2>&1
	run nfdump -q -R flows.$port -o 'fmt:%sa %sp %da %dp %pkt' | sed 's/^ *//; s/  */ /g'
done >got

check <<'END'
port 53:
192.0.2.1 40000 198.51.100.2 53 1
198.51.100.2 53 192.0.2.1 40000 1
192.0.2.1 40000 198.51.100.2 53 1
198.51.100.2 53 192.0.2.1 40000 1
port 5300:
192.0.2.1 40000 198.51.100.2 5300 2
198.51.100.2 5300 192.0.2.1 40000 2
END
