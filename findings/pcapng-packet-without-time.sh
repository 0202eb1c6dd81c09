#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    Readers agree about the time of a packet in a pcapng Simple Packet
#           Block, which has no field for it: there is none.
# Really:   tcpdump says 0, the first second of 1970.  tshark shows nothing, but
#           editcap writes 1970 into the copy.  scapy takes the time of reading, so
#           that each run has another one and the gaps are those of its own loop.
# Package:  tcpdump 4.99.3-1, tshark 4.0.17-0+deb12u3, python3-scapy 2.5.0+dfsg-2
#           (Debian 12)
# Seen:     in the output of the four for one file
# Matters:  Timeouts of connections come from these times.  A reader has to say that
#           a capture has none, not to count with a made-up clock.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tshark=4.0.17-0+deb12u3 tcpdump=4.99.3-1 python3-scapy=2.5.0+dfsg-2

python3 - "$tmp/in.pcapng" <<'END'
import struct, sys

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

def block(kind, body):
	size = struct.pack("<I", 12 + len(body))
	return struct.pack("<I", kind) + size + body + size

with open(sys.argv[1], "wb") as out:
	out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
	out.write(block(1, struct.pack("<HHI", 1, 0, 65535)))
	out.write(block(3, struct.pack("<I", len(frame)) + frame + bytes(-len(frame) % 4)))
END

seconds()
{
	run tshark -r "$1" -T fields -e frame.time_epoch 2>"$tmp/said" | sed 's/^$/none/'
}

{
	echo "tcpdump: $(run tcpdump -Z root -ttnqr "$tmp/in.pcapng" 2>"$tmp/said" | cut -d' ' -f1)"
	echo "tshark:  $(seconds "$tmp/in.pcapng")"
	run editcap "$tmp/in.pcapng" "$tmp/copy.pcapng"
	echo "editcap: $(seconds "$tmp/copy.pcapng")"
	PYTHONPATH=$root/usr/lib/python3/dist-packages python3 -W ignore - "$tmp/in.pcapng" <<-'END'
	import sys, time
	from scapy.utils import RawPcapNgReader, PcapNgReader
	before = time.time()
	seen = float(next(iter(PcapNgReader(sys.argv[1]))).time)
	print("scapy:   now" if before <= seen <= time.time() else f"scapy:   {seen}")
	END
} >"$tmp/got"

check <<'END'
tcpdump: 0.000000
tshark:  none
editcap: 0.000000000
scapy:   now
END
