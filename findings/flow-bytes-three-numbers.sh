#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    The bytes of a flow are those of its IP packets, as a router counts them, in all
#           tools that make flows of a capture.
# Really:   nfpcapd counts so, and so does connection tracking.  argus counts whole
#           frames, with the Ethernet header.  softflowd counts frames without that
#           header, and with the filling up to Ethernet's least length of 60 bytes.
# Package:  nfdump 1.7.1-2+deb12u1, argus-server 2:3.0.8.2-2.2 with argus-client
#           1:3.0.8.2-6.1+b3, softflowd 1.1.0-1+b1 (Debian 12)
# Seen:     in the output of the three for ten datagrams of 29 bytes in frames of 60
# Matters:  For small packets, as of DNS, telephony or plain ACKs, the number is twice as
#           large in one tool as in another.  It is no sign of a lost packet when a
#           counter of the firewall differs.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm nfdump=1.7.1-2+deb12u1 argus-server=2:3.0.8.2-2.2 \
	argus-client=1:3.0.8.2-6.1+b3 softflowd=1.1.0-1+b1
cd "$tmp"

python3 <<'END'
import struct

frame = bytes.fromhex("020000000002020000000001" "0800"
	"4500001d0001000040118e98c0000201c6336402" "9c400035000900000a").ljust(60, b"\0")

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for n in range(10):
		# Port 5000, since nfpcapd has its own way with port 53.
		packet = frame[:36] + struct.pack("!H", 5000) + frame[38:]
		out.write(struct.pack("<IIII", 1700000000, n, 60, 60) + packet)
END

{
	mkdir flows
	run nfpcapd -r in.pcap -w flows >said 2>&1
	echo "nfpcapd:   $(run nfdump -R flows -o fmt:%byt 2>said | sed -n 's/^ *\([0-9][0-9]*\)$/\1/p')"
	run softflowd -d -r in.pcap -n 127.0.0.1:9 >said 2>&1
	echo "softflowd: $(sed -n 's/.*udp (17): *\([0-9]*\).*/\1/p' said)"
	run argus -r in.pcap -w out.argus >said 2>&1
	echo "argus:     $(run ra -nr out.argus -s proto bytes 2>said | sed -n 's/ *udp *//p')"
} >got

check <<'END'
nfpcapd:   290
softflowd: 460
argus:     600
END
