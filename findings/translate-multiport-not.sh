#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    iptables-translate keeps the "!" of "-m multiport ! --ports", as it
#           keeps the one of "! --dports".
# Really:   With --ports, which is "source or destination", the "!" is lost: both
#           rules have one translation.
# Package:  iptables 1.8.11-2 (Debian 13); 1.8.9-2 does the same, while 1.8.7-1
#           declines to translate, and shows the rule without its "!" as a comment
# Seen:     in the output of iptables-translate for rules of this kind
# Matters:  A ruleset that went through the translation is another ruleset, though
#           the program exits with 0; a replay of it against one of the original
#           shows the difference, the translated text alone does not.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack trixie iptables=1.8.11-2

for ports in "--ports 80" "! --ports 80" "! --dports 80"; do
	echo "$ports"
	# shellcheck disable=SC2086
	run xtables-nft-multi iptables-translate -A INPUT -p tcp -m multiport $ports -j DROP
done >"$tmp/got"

check <<'END'
--ports 80
nft 'add rule ip filter INPUT ip protocol tcp tcp sport . tcp dport { 0-65535 . 80, 80 . 0-65535 } counter drop'
! --ports 80
nft 'add rule ip filter INPUT ip protocol tcp tcp sport . tcp dport { 0-65535 . 80, 80 . 0-65535 } counter drop'
! --dports 80
nft 'add rule ip filter INPUT ip protocol tcp tcp dport != 80 counter drop'
END
