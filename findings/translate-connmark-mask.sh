#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    iptables-translate makes of "CONNMARK --set-mark 0x1/0xff" an nft
#           statement that clears the low byte and sets its lowest bit, as it does
#           for MARK.
# Really:   It writes "ct mark xor 0x1 and 0xffffff00".  In nft "and" binds tighter
#           than "xor", the constant folds to 0, and nft loads "ct mark set ct
#           mark": a rule that changes nothing.  The MARK rule is right.
# Package:  iptables 1.8.9-2 with nftables 1.0.6-2+deb12u2 (Debian 12)
# Seen:     after "nft add rule" with the translation, in "nft list"
# Matters:  A policy by connection marks stops working without an error, and a
#           "ct mark" in a live table is no proof that the CONNMARK rule ran.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2 nftables=1.0.6-2+deb12u2

for target in CONNMARK MARK; do
	run xtables-nft-multi iptables-translate -A INPUT -j $target --set-mark 0x1/0xff
done >"$tmp/got"

{
	echo "table ip filter { chain INPUT { } ; }"
	sed "s/^nft '//; s/'$//" "$tmp/got"
} >"$tmp/rules"
export tmp

load()
{
	run nft -f "$tmp/rules"
	run nft list ruleset
}
in_netns load >>"$tmp/got"

check <<'END'
nft 'add rule ip filter INPUT counter ct mark set ct mark xor 0x1 and 0xffffff00'
nft 'add rule ip filter INPUT counter meta mark set mark and 0xffffff00 xor 0x1'
table ip filter {
	chain INPUT {
		counter packets 0 bytes 0 ct mark set ct mark
		counter packets 0 bytes 0 meta mark set meta mark & 0xffffff01 | 0x00000001
	}
}
END
