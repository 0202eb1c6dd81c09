#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A TCP connection ends with its FINs.  A SYN of the same ports ten seconds
#           later begins another one, in each tool that counts connections or flows.
# Really:   For tcptrace and argus it does, as for conntrack.  softflowd and nfpcapd make
#           one flow of both, though the flags that they note have SYN and FIN.
# Package:  tcptrace 6.6.7-6+b1, argus-server 2:3.0.8.2-2.2 with argus-client
#           1:3.0.8.2-6.1+b3, softflowd 1.1.0-1+b1, nfdump 1.7.1-2+deb12u1 (Debian 12)
# Seen:     in the output of the four for one file with two whole connections
# Matters:  Load balancers and proxies use ports again after seconds.  Numbers of
#           connections from two of these tools, or from one and the firewall, do not
#           agree, and a duration has the pause in it.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm tcptrace=6.6.7-6+b1 argus-server=2:3.0.8.2-2.2 \
	argus-client=1:3.0.8.2-6.1+b3 softflowd=1.1.0-1+b1 nfdump=1.7.1-2+deb12u1
cd "$tmp"

python3 <<'END'
import struct

client, server = bytes((192, 0, 2, 1)), bytes((198, 51, 100, 2))
SYN, ACK, FIN = 2, 16, 1

def checksum(data):
	total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
	while total >> 16:
		total = (total & 0xffff) + (total >> 16)
	return struct.pack("!H", ~total & 0xffff)

def frame(source, target, ports, seq, ack, flags):
	tcp = struct.pack("!HHIIBBHHH", *ports, seq, ack, 5 << 4, flags, 64240, 0, 0)
	sum_ = checksum(source + target + struct.pack("!HH", 6, len(tcp)) + tcp)
	ip = struct.pack("!BBHHHBBH", 0x45, 0, 40, 1, 0, 64, 6, 0) + source + target
	return (bytes.fromhex("020000000002020000000001" "0800") +
		ip[:10] + checksum(ip) + ip[12:] + tcp[:16] + sum_ + tcp[18:])

def there(seq, ack, flags):
	return frame(client, server, (40000, 80), seq, ack, flags)

def back(seq, ack, flags):
	return frame(server, client, (80, 40000), seq, ack, flags)

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for second, isn in (1700000000, 100), (1700000010, 500000):
		connection = (there(isn, 0, SYN), back(900, isn + 1, SYN | ACK),
			      there(isn + 1, 901, ACK), there(isn + 1, 901, FIN | ACK),
			      back(901, isn + 2, FIN | ACK), there(isn + 2, 902, ACK))
		for n, packet in enumerate(connection):
			out.write(struct.pack("<IIII", second, n, 54, 54) + packet)
END

{
	echo "tcptrace:  $(run tcptrace -n in.pcap 2>said | grep -c complete) of" \
		"$(run tcptrace -n in.pcap 2>said | sed -n 's/^\([0-9]*\) packets seen.*/\1/p') packets"
	run argus -r in.pcap -w out.argus >said 2>&1
	echo "argus:     $(run ra -nr out.argus -s proto pkts - tcp 2>said | grep -c tcp)"
	echo "softflowd: $(run softflowd -d -r in.pcap -n 127.0.0.1:9 2>&1 |
		sed -n 's/^Flows expired: \([0-9]*\).*/\1/p')"
	mkdir flows
	run nfpcapd -r in.pcap -w flows >said 2>&1
	echo "nfpcapd:   $(run nfdump -R flows -o 'fmt:%sp %dp' 2>said | grep -c '^ *40000 ')," \
		"and as many back"
} >got

check <<'END'
tcptrace:  2 of 12 packets
argus:     2
softflowd: 1
nfpcapd:   1, and as many back
END
