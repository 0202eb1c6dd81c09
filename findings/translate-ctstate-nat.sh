#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    iptables-translate turns "! --ctstate NEW,DNAT" into a rule that says
#           the same, or says that it cannot.
# Really:   With SNAT or DNAT among the states, the other states and the "!" are
#           gone.  The rule that matched what is neither new nor translated
#           becomes one that matches what is translated.
# Package:  iptables 1.8.11-2 (Debian 13); 1.8.7-1 and 1.8.9-2 do the same
# Seen:     in the output of iptables-translate, and of "nft list" for a rule that
#           iptables-nft had loaded, though the kernel has the whole rule there
# Matters:  SNAT and DNAT stand in the bits of --ctstate but are a status of the
#           connection.  Whoever reads nft's listing of a ruleset of iptables-nft
#           does not see the condition that the kernel judges by.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack trixie iptables=1.8.11-2

for states in "--ctstate NEW" "--ctstate NEW,DNAT" "! --ctstate NEW,DNAT"; do
	echo "$states"
	# shellcheck disable=SC2086
	run xtables-nft-multi iptables-translate -A FORWARD -m conntrack $states -j ACCEPT
done >"$tmp/got"

check <<'END'
--ctstate NEW
nft 'add rule ip filter FORWARD ct state new counter accept'
--ctstate NEW,DNAT
nft 'add rule ip filter FORWARD ct status dnat counter accept'
! --ctstate NEW,DNAT
nft 'add rule ip filter FORWARD ct status dnat counter accept'
END
