#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A tool that reads a pcap file with nanoseconds and writes a pcap file
#           keeps the nanoseconds.
# Really:   tcpdump, tcpslice, tcprewrite and editcap -F pcap all write
#           microseconds, and none says so; they cut, they do not round.  Of those
#           tried only reordercap keeps them; tcpdump does with --nano, editcap with
#           another name of the format.
# Package:  tcpdump 4.99.3-1, tcpslice 1.5-1, tcpreplay 4.4.3-1, wireshark-common
#           4.0.17-0+deb12u3 (Debian 12)
# Seen:     in the magic numbers of the copies
# Matters:  Two packets within a microsecond have one time in the copy, and whatever
#           sorts or merges it later may change their order.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1 tcpslice=1.5-1 tcpreplay=4.4.3-1 \
	wireshark-common=4.0.17-0+deb12u3

python3 - "$tmp/in.pcap" <<'END'
import struct, sys

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

with open(sys.argv[1], "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 1))
	for seconds in 1, 2:
		out.write(struct.pack("<IIII", seconds, 123456999, len(frame), len(frame)) + frame)
END
cd "$tmp"

# copied COMMAND...: what kind of file out.pcap is after that.
copied()
{
	rm -f out.pcap
	run "$@" >said 2>&1
	python3 - "$1" <<-'END'
	import struct, sys
	head = open("out.pcap", "rb").read(32)
	magic, = struct.unpack("<I", head[:4])
	units = {0xa1b2c3d4: "microseconds", 0xa1b23c4d: "nanoseconds"}[magic]
	print(f"{sys.argv[1]:10} {struct.unpack('<I', head[28:])[0]} {units}")
	END
}

{
	copied tcpdump -Z root -r in.pcap -w out.pcap
	copied tcpslice -w out.pcap in.pcap
	copied tcprewrite --infile=in.pcap --outfile=out.pcap
	copied editcap -F pcap in.pcap out.pcap
	echo
	copied reordercap in.pcap out.pcap
	copied tcpdump -Z root --nano -r in.pcap -w out.pcap
	copied editcap -F nsecpcap in.pcap out.pcap
} >got

check <<'END'
tcpdump    123456 microseconds
tcpslice   123456 microseconds
tcprewrite 123456 microseconds
editcap    123456 microseconds

reordercap 123456999 nanoseconds
tcpdump    123456999 nanoseconds
editcap    123456999 nanoseconds
END
