#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "text2pcap -T" puts a TCP header before the bytes of a hex dump as a data
#           segment has one: with ACK, perhaps with PSH.
# Really:   The header has no flag at all, a combination that no TCP sends.  Only with
#           -D, where each packet is marked I or O, it has ACK.
# Package:  wireshark-common 4.0.17-0+deb12u3 with tcpdump 4.99.3-1 (Debian 12);
#           4.4.19-0+deb13u1 (Debian 13) does the same
# Seen:     in the output of tcpdump for one dump, converted in both ways
# Matters:  Connection tracking calls a segment without flags invalid, so that a test
#           capture made this way shows another thing than the test is about.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm wireshark-common=4.0.17-0+deb12u3 tcpdump=4.99.3-1
cd "$tmp"

echo "0000 47 45 54" >plain
echo "O 0000 47 45 54" >marked

{
	run text2pcap -F pcap -4 192.0.2.1,198.51.100.2 -T 40000,80 plain plain.pcap
	run text2pcap -F pcap -4 192.0.2.1,198.51.100.2 -T 40000,80 -D marked marked.pcap
} 2>said

for name in plain marked; do
	echo "$name: $(run tcpdump -Z root -tnr $name.pcap 2>said | grep -o 'Flags [^,]*')"
done >got

check <<'END'
plain: Flags [none]
marked: Flags [.]
END
