#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "tshark -Y 'udp.port == 40000' -w" copies a datagram that came in two
#           fragments whole, since tshark puts it together to know its port; or, as
#           a filter of tcpdump does, the first fragment, which has the port.
# Really:   It copies the last fragment, in which the datagram is complete, and not the
#           first.  With -2, two passes, Debian 12 copies both; Debian 13 the last one.
# Package:  tshark 4.0.17-0+deb12u3 with tcpdump 4.99.3-1 (Debian 12), tshark
#           4.4.19-0+deb13u1 with tcpdump 4.99.5-2 (Debian 13)
# Seen:     in the output of tcpdump for the copies
# Matters:  Nothing can put the copy's datagram together: in a replay it is no packet at
#           all, where the capture has a connection.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

python3 - "$tmp/in.pcap" <<'END'
import struct, sys

ethernet = bytes.fromhex("020000000002020000000001" "0800")
datagram = struct.pack("!HHHH", 40000, 5000, 1508, 0) + bytes(1500)

def fragment(data, flags_and_offset):
	head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(data), 7, flags_and_offset, 64, 17, 0)
	head += bytes((192, 0, 2, 1, 198, 51, 100, 2))
	total = sum(struct.unpack("!10H", head))
	total = (total & 0xffff) + (total >> 16)
	return ethernet + head[:10] + struct.pack("!H", ~total & 0xffff) + head[12:] + data

with open(sys.argv[1], "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for frame in fragment(datagram[:1480], 0x2000), fragment(datagram[1480:], 185):
		out.write(struct.pack("<IIII", 1700000000, 0, len(frame), len(frame)) + frame)
END
cd "$tmp"

# offsets FILE: of the fragments in it.
offsets()
{
	run tcpdump -Z root -tvnr "$1" 2>said | grep -o 'offset [0-9]*' | paste -sd ,
}

for suite in bookworm trixie; do
	case $suite in
	bookworm)	unpack bookworm tshark=4.0.17-0+deb12u3 tcpdump=4.99.3-1 ;;
	*)		unpack trixie tshark=4.4.19-0+deb13u1 tcpdump=4.99.5-2 ;;
	esac
	echo "$suite: $(offsets in.pcap)"
	for passes in "" -2; do
		# Without an option there is no word.
		# shellcheck disable=SC2086
		run tshark $passes -r in.pcap -Y 'udp.port == 40000' -w out.pcap 2>said
		echo "	-Y${passes:+ and -2}: $(offsets out.pcap)"
	done
done >got

check <<'END'
bookworm: offset 0,offset 1480
	-Y: offset 1480
	-Y and -2: offset 0,offset 1480
trixie: offset 0,offset 1480
	-Y: offset 1480
	-Y and -2: offset 1480
END
