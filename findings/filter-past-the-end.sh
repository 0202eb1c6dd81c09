#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A comparison with a byte that a packet does not have is false, so that
#           its "not" is true, and "or" leads to the other side.
# Really:   To read past the end ends the whole filter with "no".  "not" does not
#           turn it, and "A or B" is not "B or A": the side that reads goes last.
# Package:  libpcap0.8 1.10.3-1 with tcpdump 4.99.3-1 (Debian 12)
# Seen:     in the output of tcpdump for a packet of 8 bytes of UDP
# Matters:  A filter on payload silently leaves out the short packets, and for TCP
#           those are the SYNs and the plain ACKs: a capture with data and without
#           the handshakes is picked up in the middle by connection tracking.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1 libpcap0.8=1.10.3-1

python3 - "$tmp/in.pcap" <<'END'
import struct, sys

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

with open(sys.argv[1], "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	out.write(struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame)
END

for filter in "udp[100] = 0" "not udp[100] = 0" "port 53 or udp[100] = 0" \
	"udp[100] = 0 or port 53"; do
	seen=$(run tcpdump -Z root -tnqr "$tmp/in.pcap" "$filter" 2>"$tmp/said" | wc -l)
	echo "$seen of 1: $filter"
done >"$tmp/got"

check <<'END'
0 of 1: udp[100] = 0
0 of 1: not udp[100] = 0
1 of 1: port 53 or udp[100] = 0
0 of 1: udp[100] = 0 or port 53
END
