#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    The snapshot length in the head of a pcap file tells how the file was
#           taken; a reader takes each packet by the length beside it.
# Really:   libpcap cuts each packet that is longer to it, without a word, and 0 means
#           no limit.  tshark does as guessed.
# Package:  libpcap0.8 1.10.3-1 with tcpdump 4.99.3-1, and tshark 4.0.17-0+deb12u3
#           (Debian 12)
# Seen:     in the output of both for one packet in files with different heads
# Matters:  A file put together by hand or by a script often has any number there, and
#           a replay through libpcap gets half packets that Wireshark shows whole.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1 libpcap0.8=1.10.3-1 tshark=4.0.17-0+deb12u3
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

for snaplen in 0, 38, 42:
	with open(f"{snaplen}.pcap", "wb") as out:
		out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, snaplen, 1))
		out.write(struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame)
END

for snaplen in 0 38 42; do
	echo "$snaplen:"
	run tcpdump -Z root -tnqr $snaplen.pcap 2>said
	run tshark -r $snaplen.pcap -T fields -e frame.cap_len -e udp.length 2>said
done >got

check <<'END'
0:
IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
42	8
38:
IP 192.0.2.1.40000 > 198.51.100.2.53:  [|udp]
42	8
42:
IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
42	8
END
