#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    Packets of one time come out of mergecap in the order of its arguments.
# Really:   In the reverse one: at equal times the last file goes first.  Each file
#           keeps its own order.
# Package:  wireshark-common 4.0.17-0+deb12u3 (Debian 12); 4.4.19-0+deb13u1
#           (Debian 13) does the same
# Seen:     in the merged file of two with equal times
# Matters:  Two captures of a firewall, one for each interface, have equal times when
#           their clock is coarse.  "mergecap inside outside" puts the answer before
#           the question, and the state of both packets is another one.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm wireshark-common=4.0.17-0+deb12u3 tcpdump=4.99.3-1
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

for name, first_port in ("first", 11), ("second", 21), ("third", 31):
	with open(name, "wb") as out:
		out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
		for port in first_port, first_port + 1:
			packet = frame[:34] + struct.pack(">H", port) + frame[36:]
			out.write(struct.pack("<IIII", 1, 0, len(packet), len(packet)) + packet)
END

run mergecap -F pcap -w merged first second third
run tcpdump -Z root -ttnqr merged 2>said >got

check <<'END'
1.000000 IP 192.0.2.1.31 > 198.51.100.2.53: UDP, length 0
1.000000 IP 192.0.2.1.32 > 198.51.100.2.53: UDP, length 0
1.000000 IP 192.0.2.1.21 > 198.51.100.2.53: UDP, length 0
1.000000 IP 192.0.2.1.22 > 198.51.100.2.53: UDP, length 0
1.000000 IP 192.0.2.1.11 > 198.51.100.2.53: UDP, length 0
1.000000 IP 192.0.2.1.12 > 198.51.100.2.53: UDP, length 0
END
