#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "-m tos --tos Minimize-Delay" is "--tos 0x10" by name, or leaves out the ECN
#           bits, which the manual says of names.
# Really:   A name stands for a mask of 0x3f.  That takes in the two ECN bits, which
#           are the lowest, and leaves out the two highest.  0x10 with an ECN mark is
#           not Minimize-Delay, and 0xd0 is.
# Package:  iptables 1.8.9-2 (Debian 12); 1.8.11-2 (Debian 13) does the same.  The
#           match is the kernel's, here Linux 6.18.
# Seen:     in the rules' counters after one datagram of each value over the loopback
# Matters:  A host that turns ECN on leaves such a rule with part of its packets.  A
#           reader of rulesets has to give names and numbers different masks.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2 iproute2=6.1.0-3

send()
{
	local values="0x10 0x11 0x12 0x50 0xd0" value
	run ip link set lo up
	for value in Minimize-Delay 0x10 0x10/0xfc; do
		run xtables-nft-multi iptables -A INPUT -p udp -m tos --tos $value
	done
	for value in $values; do
		run xtables-nft-multi iptables -Z
		python3 -c "
import socket
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, $value)
out.sendto(b'', ('127.0.0.1', 9))"
		echo "$value:"
		run xtables-nft-multi iptables-save -c | sed -n 's/^\[1:.*--tos/	matches/p'
	done
}
in_netns send >"$tmp/got" || skip "this kernel has no nf_tables with the match tos"

check <<'END'
0x10:
	matches 0x10/0x3f
	matches 0x10/0xff
	matches 0x10/0xfc
0x11:
	matches 0x10/0xfc
0x12:
	matches 0x10/0xfc
0x50:
	matches 0x10/0x3f
0xd0:
	matches 0x10/0x3f
END
