#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    iptables-translate of "-I INPUT 3" yields an nft command that makes
#           the new rule the third of the chain.
# Really:   It becomes the fourth.  iptables counts rules from 1, the "index" of
#           nft counts from 0, and the number is copied.
# Package:  iptables 1.8.11-2 with nftables 1.1.3-1 (Debian 13); 1.8.9-2 leaves the
#           number out, so that the rule becomes the first
# Seen:     after "nft insert rule" with the translation, in "nft list"
# Matters:  The order decides: a rule that stood before a "ct state established
#           accept" may stand behind it afterwards.  Compare the lists of both.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack trixie iptables=1.8.11-2 nftables=1.1.3-1

run xtables-nft-multi iptables-translate -I INPUT 3 -p tcp -j DROP >"$tmp/got"

{
	echo "table ip filter { chain INPUT {"
	printf 'meta mark %d accept\n' 1 2 3 4 5
	echo "} ; }"
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
nft 'insert rule ip filter INPUT index 3 ip protocol tcp counter drop'
table ip filter {
	chain INPUT {
		meta mark 0x00000001 accept
		meta mark 0x00000002 accept
		meta mark 0x00000003 accept
		ip protocol tcp counter packets 0 bytes 0 drop
		meta mark 0x00000004 accept
		meta mark 0x00000005 accept
	}
}
END
