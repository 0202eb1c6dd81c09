#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    What iptables-legacy-save prints of a ruleset is that ruleset: restored, it
#           counts the same packets.
# Really:   "! -i +", on no interface at all, is left out.  The rule that matched
#           nothing comes back as one that matches everything.
# Package:  iptables 1.8.9-2 (Debian 12).  iptables-nft of the same package keeps the
#           condition, and so does iptables-legacy 1.8.11-2 (Debian 13).
# Seen:     in the rule's counter before and after iptables-legacy-restore
# Matters:  "+" comes from a script's variable, for example as the default for an
#           interface.  A replay of the saved rules is not a replay of the live ones.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2 iproute2=6.1.0-3
export tmp

restore()
{
	run ip link set lo up
	run xtables-legacy-multi iptables -A INPUT ! -i + -p udp
	for round in live restored; do
		echo >/dev/udp/127.0.0.1/9
		run xtables-legacy-multi iptables -nvxL INPUT |
			awk -v round=$round '/17/ { print round ": " $1 " packets" }'
		run xtables-legacy-multi iptables-save | tee "$tmp/rules" | grep '^-A'
		run xtables-legacy-multi iptables-restore <"$tmp/rules"
	done
}
in_netns restore >"$tmp/got" 2>"$tmp/said" || skip "this kernel has no legacy tables"

check <<'END'
live: 0 packets
-A INPUT -p udp
restored: 1 packets
-A INPUT -p udp
END
