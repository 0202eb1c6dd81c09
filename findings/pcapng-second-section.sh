#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    tshark and its kin know of each packet in a pcapng file which interface it
#           came from, also where the file has two sections, as "cat a.pcapng b.pcapng"
#           makes it.  Each section numbers its interfaces from 0.
# Really:   Those of Debian 12 look the number up among all interfaces of the file:
#           packets of the second section get the first one's interface, in what
#           tshark prints and in each copy.  The second interface has no packet.
# Package:  tshark and wireshark-common 4.0.17-0+deb12u3 (Debian 12); 4.4.19-0+deb13u1
#           (Debian 13) is right
# Seen:     in tshark's interface names for the file and for the copies
# Matters:  A rule on an interface ("-i eth1") sees the packets of another one, and of
#           two captures of a router that were put together only one side is left.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

python3 - "$tmp" <<'END'
import struct, sys

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001c0001000040118e99c0000201c6336402" "9c40003500080000")

def block(kind, body):
	size = struct.pack("<I", 12 + len(body))
	return struct.pack("<I", kind) + size + body + size

with open(sys.argv[1] + "/in.pcapng", "wb") as out:
	for second, name in (1, b"eth0"), (2, b"eth1"):
		out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
		out.write(block(1, struct.pack("<HHIHH", 1, 0, 65535, 2, 4) + name + bytes(4)))
		out.write(block(6, struct.pack("<IIIII", 0, 0, second * 1000000, len(frame),
					       len(frame)) + frame + bytes(-len(frame) % 4)))
END
cd "$tmp"

# names FILE: the interface of each packet.
names()
{
	run tshark -r "$1" -T fields -e frame.interface_name 2>said | paste -sd ' '
}

for suite in bookworm trixie; do
	case $suite in
	bookworm)	version=4.0.17-0+deb12u3 ;;
	*)		version=4.4.19-0+deb13u1 ;;
	esac
	unpack $suite wireshark-common=$version tshark=$version
	echo "$suite: $(names in.pcapng)"
	for command in editcap mergecap reordercap; do
		case $command in
		mergecap)	run mergecap -w out.pcapng in.pcapng ;;
		*)		run $command in.pcapng out.pcapng ;;
		esac >said 2>&1
		echo "	$command: $(names out.pcapng)"
	done
done >got

check <<'END'
bookworm: eth0 eth0
	editcap: eth0 eth0
	mergecap: eth0 eth0
	reordercap: eth0 eth0
trixie: eth0 eth1
	editcap: eth0 eth1
	mergecap: eth0 eth1
	reordercap: eth0 eth1
END
