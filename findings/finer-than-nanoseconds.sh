#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    Programs that know if_tsresol, the resolution of times in pcapng, read each
#           value of it, or refuse what they cannot.  What is finer than their own
#           clock they cut off.
# Really:   With picoseconds, 10^-12, tshark shows another fraction of the second: .25
#           becomes .010, .75 becomes .012.  With 2^-40 tcpdump does so as well, and the
#           second packet is earlier than the first.  scapy and dpkt are right, and the
#           whole seconds are right everywhere.
# Package:  tshark 4.0.17-0+deb12u3, tcpdump 4.99.3-1 with libpcap0.8 1.10.3-1,
#           python3-scapy 2.5.0+dfsg-2, python3-dpkt 1.9.8-1 (Debian 12); tshark
#           4.4.19-0+deb13u1 and libpcap0.8t64 1.10.5-2 (Debian 13) do the same
# Seen:     in the output of the four for two packets, half a second apart
# Matters:  Capture cards count picoseconds.  In what is left of such times, packets
#           stand in another order than in the file.  A reader has to multiply with
#           more than 64 bits.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1 libpcap0.8=1.10.3-1 tshark=4.0.17-0+deb12u3 \
	python3-scapy=2.5.0+dfsg-2 python3-dpkt=1.9.8-1
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

def block(kind, body):
	size = struct.pack("<I", 12 + len(body))
	return struct.pack("<I", kind) + size + body + size

for name, resolution, second in ("10^-12", 12, 10**12), ("2^-40", 0x80 | 40, 2**40):
	with open(name, "wb") as out:
		out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
		out.write(block(1, struct.pack("<HHIHHBxxxHH", 1, 0, 65535, 9, 1, resolution, 0, 0)))
		for quarters in 1, 3:
			time = 1000000 * second + quarters * second // 4
			out.write(block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xffffffff,
						       len(frame), len(frame)) +
					frame + bytes(-len(frame) % 4)))
END

for file in 10^-12 2^-40; do
	echo "$file"
	echo "tcpdump: $(run tcpdump -Z root --nano -ttnqr $file 2>said | cut -c1-14 | paste -sd ' ')"
	echo "tshark:  $(run tshark -r $file -T fields -e frame.time_epoch 2>said |
		cut -c1-14 | paste -sd ' ')"
	PYTHONPATH=$root/usr/lib/python3/dist-packages python3 -W ignore - "$file" <<-'END'
	import sys, dpkt
	from scapy.utils import PcapNgReader
	print("scapy:  ", *("%.6f" % p.time for p in PcapNgReader(sys.argv[1])))
	print("dpkt:   ", *("%.6f" % t for t, _ in dpkt.pcapng.Reader(open(sys.argv[1], "rb"))))
	END
done >got

check <<'END'
10^-12
tcpdump: 1000000.250000 1000000.750000
tshark:  1000000.010192 1000000.012130
scapy:   1000000.250000 1000000.750000
dpkt:    1000000.250000 1000000.750000
2^-40
tcpdump: 1000000.015118 1000000.011802
tshark:  1000000.015118 1000000.011802
scapy:   1000000.250000 1000000.750000
dpkt:    1000000.250000 1000000.750000
END
