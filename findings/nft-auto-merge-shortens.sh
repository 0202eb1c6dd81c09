#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    In an nft set with "auto-merge" a permanent network stays when an interval with
#           a timeout is added that overlaps it: after the timeout the set has the network
#           again, or nft refuses to merge the two.
# Really:   They become one interval with the timeout of the one that came last.  When it
#           runs out, the permanent network is gone as well.  The other way round a ban of
#           a second never ends.
# Package:  nftables 1.0.6-2+deb12u2 (Debian 12), 1.1.3-1 (Debian 13)
# Seen:     in the elements that nft lists at once and two seconds later
# Matters:  A list of networks from a file and bans for an hour, in one set, spoil each
#           other.  The same set in ipset keeps both, since it does not merge.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

export tmp

elements()
{
	echo "	$1: $(run nft list set ip t s | sed -n 's/.*elements = //p' |
		sed 's/expires [0-9a-z]*/expires soon/')"
}
export -f elements

merge()
{
	local order whole='10.0.0.0/24' ban='10.0.0.200-10.0.1.10 timeout 1s'
	for order in network-first ban-first; do
		run nft flush ruleset
		run nft add table ip t
		run nft 'add set ip t s { type ipv4_addr; flags interval, timeout; auto-merge; }'
		case $order in
		network-first)	set -- "$whole" "$ban" ;;
		*)		set -- "$ban" "$whole" ;;
		esac
		run nft "add element ip t s { $1 }"
		run nft "add element ip t s { $2 }"
		elements "$order"
		sleep 2
		elements "later"
	done
}
both_releases merge nftables=1.0.6-2+deb12u2 nftables=1.1.3-1 | sed 's/ *$//' >"$tmp/got"

check <<'END'
bookworm
	network-first: { 10.0.0.0-10.0.1.10 timeout 1s expires soon }
	later:
	ban-first: { 10.0.0.0-10.0.1.10 }
	later: { 10.0.0.0-10.0.1.10 }
trixie
	network-first: { 10.0.0.0-10.0.1.10 timeout 1s expires soon }
	later:
	ban-first: { 10.0.0.0-10.0.1.10 }
	later: { 10.0.0.0-10.0.1.10 }
END
