#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    In nft "ct state established,related" matches either state, so
#           "ct state != established,related" matches all others.
# Really:   The first tests bits, the second compares the whole word with 6, the
#           two bits together.  No packet has two states: the rule matches each.
#           "ct state ! established,related", without "=", is the opposite.
# Package:  nftables 1.0.6-2+deb12u2 (Debian 12).  iptables-translate 1.8.7-1 of
#           Debian 11 writes "!=" for "! --ctstate ESTABLISHED,RELATED"; 1.8.9-2
#           writes "!".
# Seen:     in the instructions that nft prints with --debug=netlink
# Matters:  "drop what is neither" drops everything.  In a capture such a drop looks
#           like a state that tracking got wrong, which it did not.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm nftables=1.0.6-2+deb12u2

cat >"$tmp/rules" <<'END'
table ip filter { chain INPUT { } ; }
add rule ip filter INPUT ct state established,related
add rule ip filter INPUT ct state != established,related
add rule ip filter INPUT ct state ! established,related
END
export tmp

load()
{
	run nft --debug=netlink -f "$tmp/rules"
}
in_netns load | sed -n 's/^  *\[/[/p' >"$tmp/got"

check <<'END'
[ ct load state => reg 1 ]
[ bitwise reg 1 = ( reg 1 & 0x00000006 ) ^ 0x00000000 ]
[ cmp neq reg 1 0x00000000 ]
[ ct load state => reg 1 ]
[ cmp neq reg 1 0x00000006 ]
[ ct load state => reg 1 ]
[ bitwise reg 1 = ( reg 1 & 0x00000006 ) ^ 0x00000000 ]
[ cmp eq reg 1 0x00000000 ]
END
