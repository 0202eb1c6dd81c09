#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "editcap -d" removes packets that a capture has twice because it was taken at
#           two places: the same bytes within a short time.
# Really:   The time does not matter.  A packet goes if one of the four before it has the
#           same bytes, be it an hour ago; and the same packet with a TTL that is less
#           by one, as a router sends it on, stays.  -w looks at the time.
# Package:  wireshark-common 4.0.17-0+deb12u3 with tcpdump 4.99.3-1 (Debian 12);
#           4.4.19-0+deb13u1 (Debian 13) does the same
# Seen:     in the times of what is left
# Matters:  Where a host repeats a datagram, as for time, heartbeats or syslog, and the
#           kernel numbers none of its packets, a quiet capture loses all but the first.
#           The connection seems to end there by timeout.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm wireshark-common=4.0.17-0+deb12u3 tcpdump=4.99.3-1
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0000400040114e9ac0000201c6336402" "9c40003500080000")
routed = frame[:22] + b"\x3f\x11\x4f\x9a" + frame[26:]

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for second, packet in (0, frame), (0, routed), (1, frame), (3600, frame), (7200, frame):
		out.write(struct.pack("<IIII", second, 0, len(packet), len(packet)) + packet)
END

for option in "" -d "-w 2"; do
	# shellcheck disable=SC2086
	run editcap $option in.pcap out.pcap 2>said
	echo "editcap${option:+ $option}:" "$(run tcpdump -Z root -ttvnr out.pcap 2>said |
		sed -n 's/^\([0-9]*\)[.0-9]* IP .*ttl \([0-9]*\),.*/\1\/\2/p' | paste -sd ' ')"
done >got

check <<'END'
editcap: 0/64 0/63 1/64 3600/64 7200/64
editcap -d: 0/64 0/63
editcap -w 2: 0/64 0/63 3600/64 7200/64
END
