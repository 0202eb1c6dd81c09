#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A program that reads pcapng and writes pcapng keeps the blocks of interface
#           statistics, or at least those of interfaces whose packets it keeps.
# Really:   editcap, mergecap and tshark -w drop them all, with the number of packets
#           that the capture lost.  reordercap of Debian 12 does too; the one of
#           Debian 13 keeps them.
# Package:  wireshark-common and tshark 4.0.17-0+deb12u3 (Debian 12), 4.4.19-0+deb13u1
#           (Debian 13)
# Seen:     in the blocks of the copies
# Matters:  Whether packets are missing decides how far one may trust a state that
#           follows from what was captured.  Look at the first file, not at a copy.

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
	out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
	out.write(block(1, struct.pack("<HHI", 1, 0, 65535)))
	out.write(block(6, struct.pack("<IIIII", 0, 0, 1000000, len(frame), len(frame)) +
			frame + bytes(-len(frame) % 4)))
	dropped = struct.pack("<HHQHH", 5, 8, 7, 0, 0)
	out.write(block(5, struct.pack("<III", 0, 0, 2000000) + dropped))
END

# statistics FILE: how many blocks of them it has.
statistics()
{
	python3 -c '
import struct, sys
data, at, kinds = open(sys.argv[1], "rb").read(), 0, []
while at < len(data):
	kind, size = struct.unpack_from("<II", data, at)
	kinds.append(kind)
	at += size
print(kinds.count(5))' "$1"
}

cd "$tmp"
for suite in bookworm trixie; do
	case $suite in
	bookworm)	version=4.0.17-0+deb12u3 ;;
	*)		version=4.4.19-0+deb13u1 ;;
	esac
	unpack $suite wireshark-common=$version tshark=$version
	echo "$suite: $(statistics in.pcapng)"
	for command in editcap "mergecap -w out.pcapng" reordercap "tshark -w out.pcapng -r"; do
		rm -f out.pcapng
		case $command in
		editcap|reordercap)	run $command in.pcapng out.pcapng ;;
		*)			run $command in.pcapng ;;
		esac >said 2>&1
		echo "	${command%% *}: $(statistics out.pcapng)"
	done
done >got

check <<'END'
bookworm: 1
	editcap: 0
	mergecap: 0
	reordercap: 0
	tshark: 0
trixie: 1
	editcap: 0
	mergecap: 0
	reordercap: 1
	tshark: 0
END
