#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    tcpdump reads what mergecap makes of two captures of tcpdump.
# Really:   Not if they were taken with different -s: mergecap keeps one interface
#           for each in a pcapng file, and libpcap reads only files whose interfaces
#           have one snapshot length.  It shows no packet, not even of the first.
# Package:  tcpdump 4.99.3-1 with libpcap0.8 1.10.3-1, and wireshark-common
#           4.0.17-0+deb12u3 (Debian 12); 4.99.5-2, 1.10.5-2 and 4.4.19-0+deb13u1
#           (Debian 13) do the same
# Seen:     in tcpdump's error for a file of mergecap
# Matters:  Such a file is valid and common.  "mergecap -F pcap" makes one that
#           tcpdump takes, with a third length in its head.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm wireshark-common=4.0.17-0+deb12u3 tcpdump=4.99.3-1 libpcap0.8=1.10.3-1

python3 - "$tmp" <<'END'
import struct, sys

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

for snaplen in 96, 65535:
	with open(f"{sys.argv[1]}/{snaplen}.pcap", "wb") as out:
		out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, snaplen, 1))
		out.write(struct.pack("<IIII", 1, snaplen, len(frame), len(frame)) + frame)
END

for format in pcapng pcap; do
	echo "$format:"
	run mergecap -F $format -w "$tmp/both" "$tmp/96.pcap" "$tmp/65535.pcap"
	run tcpdump -Z root -ttnqr "$tmp/both" 2>&1 | sed 's/^reading from file [^,]*, //'
done >"$tmp/got"

check <<'END'
pcapng:
link-type EN10MB (Ethernet), snapshot length 96
tcpdump: pcap_loop: an interface has a snapshot length 65535 different from the snapshot length of the first interface
pcap:
link-type EN10MB (Ethernet), snapshot length 262144
1.000096 IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
1.065535 IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
END
