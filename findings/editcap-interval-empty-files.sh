#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "editcap -i 60" writes a file for each minute that has packets, named by its
#           number and the time at which it begins.
# Really:   It writes files without packets for the minutes between, too.  With Debian 12
#           their names have the time of the next packet, all the same one; with Debian
#           13 that of the minute.
# Package:  wireshark-common 4.0.17-0+deb12u3 (Debian 12) and 4.4.19-0+deb13u1 (Debian 13)
# Seen:     in the names and packets of the files for a gap of four minutes
# Matters:  Of a capture with a pause over night there are hundreds of empty files, and
#           whoever picks a file by the time in its name gets one of those.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

python3 - "$tmp/in.pcap" <<'END'
import struct, sys

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

with open(sys.argv[1], "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for second in 0, 1, 250:
		out.write(struct.pack("<IIII", second, 0, len(frame), len(frame)) + frame)
END
cd "$tmp"

for suite in bookworm=4.0.17-0+deb12u3 trixie=4.4.19-0+deb13u1; do
	unpack "${suite%%=*}" "wireshark-common=${suite#*=}"
	echo "${suite%%=*}"
	mkdir parts
	run editcap -F pcap -i 60 in.pcap parts/x.pcap
	for part in parts/*; do
		# A head has 24 bytes, each packet 16 and 42.
		echo "$(basename "$part") $((($(stat -c %s "$part") - 24) / 58))"
	done
	rm -r parts
done >got

check <<'END'
bookworm
x_00000_19700101000000.pcap 2
x_00001_19700101000410.pcap 0
x_00002_19700101000410.pcap 0
x_00003_19700101000410.pcap 0
x_00004_19700101000410.pcap 1
trixie
x_00000_19700101000000.pcap 2
x_00001_19700101000100.pcap 0
x_00002_19700101000200.pcap 0
x_00003_19700101000300.pcap 0
x_00004_19700101000400.pcap 1
END
