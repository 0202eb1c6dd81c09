#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "-p udp --dport 0:65535" is a long way to write "-p udp", and
#           iptables-translate makes the same of both.
# Really:   The range that says nothing is left out, and the protocol with it: the
#           translated rule drops every packet.  The negated range, which no
#           packet matches, has the same translation.  With SCTP the range stays.
# Package:  iptables 1.8.9-2 (Debian 12), and 1.8.7-1; 1.8.11-2 is right
# Seen:     in the output of iptables-translate for rules of this kind
# Matters:  Scripts write whole ranges when their range comes from a variable.
#           Two releases of one distribution translate one ruleset into different
#           firewalls, so the version belongs beside a translated ruleset.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2

for rule in "-p udp" "-p udp --dport 0:65535" "-p udp ! --dport 0:65535" \
	"-p sctp --dport 0:65535"; do
	echo "$rule"
	# shellcheck disable=SC2086
	run xtables-nft-multi iptables-translate -A INPUT $rule -j DROP
done >"$tmp/got"

check <<'END'
-p udp
nft 'add rule ip filter INPUT ip protocol udp counter drop'
-p udp --dport 0:65535
nft 'add rule ip filter INPUT counter drop'
-p udp ! --dport 0:65535
nft 'add rule ip filter INPUT counter drop'
-p sctp --dport 0:65535
nft 'add rule ip filter INPUT sctp dport 0-65535 counter drop'
END
