#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "editcap -a 1:text" adds a comment to those that the first packet has, as
#           pcapng allows several.
# Really:   With Debian 12 it does.  With Debian 13 the packet loses all comments that it
#           had, without a word.
# Package:  wireshark-common 4.0.17-0+deb12u3 (Debian 12), 4.4.19-0+deb13u1 (Debian 13)
# Seen:     in the comments of a packet after two calls
# Matters:  Notes that several people or programs put into a capture one after the other
#           are the last one's alone, and the same script keeps them elsewhere.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

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
	out.write(block(6, struct.pack("<IIIII", 0, 0, 1000000, len(frame), len(frame)) +
			frame + bytes(-len(frame) % 4)))
END
cd "$tmp"

# comments FILE: of its only packet, which has 42 bytes.
comments()
{
	python3 -c '
import struct, sys
data, at = open(sys.argv[1], "rb").read(), 0
while struct.unpack_from("<I", data, at)[0] != 6:
	at += struct.unpack_from("<I", data, at + 4)[0]
at += 8 + 20 + 44
words = []
while struct.unpack_from("<H", data, at)[0] == 1:
	size, = struct.unpack_from("<H", data, at + 2)
	words.append(data[at + 4:at + 4 + size].decode())
	at += 4 + (size + 3) // 4 * 4
print(*words)' "$1"
}

for suite in bookworm=4.0.17-0+deb12u3 trixie=4.4.19-0+deb13u1; do
	unpack "${suite%%=*}" "wireshark-common=${suite#*=}"
	run editcap -a 1:one in.pcapng first.pcapng
	run editcap -a 1:two first.pcapng second.pcapng
	echo "${suite%%=*}: $(comments first.pcapng), then $(comments second.pcapng)"
done >got 2>said

check <<'END'
bookworm: one, then one two
trixie: one, then two
END
