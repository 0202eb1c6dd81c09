#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    The interface name that tcpdump prints for a frame of "-i any", say
#           "eth0  In", is in the file.
# Really:   A frame of LINUX_SLL2 has a number.  tcpdump looks it up on the machine
#           that reads the file, and prints whatever has this number there.  A word
#           on standard error says that names might be wrong, once, before all.
# Package:  tcpdump 4.99.3-1 (Debian 12); 4.99.5-2 (Debian 13) does the same
# Seen:     number 3 of a made-up capture was "ifb1", as on the machine that read it
# Matters:  Rules on interfaces need names.  A reader may take them from the user, not
#           from the machine that it happens to run on.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcpdump=4.99.3-1

# Number 1 is "lo" in each network namespace, so that this machine's other
# interfaces do not matter.
python3 - "$tmp/in.pcap" <<'END'
import struct, sys

packet = bytes.fromhex("4500001c0001000040118e99c0000201c6336402" "9c40003500080000")
to_us, ethernet = 0, 1
frame = struct.pack(">HHIHBB8s", 0x0800, 0, 1, ethernet, to_us, 6,
		    bytes.fromhex("0200000000010000")) + packet

with open(sys.argv[1], "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 276))
	out.write(struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame)
END

run tcpdump -Z root -ttnqr "$tmp/in.pcap" 2>"$tmp/said" >"$tmp/got"
grep Warning "$tmp/said" >>"$tmp/got"

check <<'END'
1.000000 lo    In  IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0
Warning: interface names might be incorrect
END
