#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    iptables-save prints what the kernel has: a rule that matches no packet comes
#           out of save and restore as a rule that matches no packet.
# Really:   A range that takes in everything is left out, and a "!" before it too.  Of "-p udp
#           ! --dport 0:65535" and "-p udp ! -o +" the legacy back end saves "-p udp", twice.
#           The nft back end keeps the second, and makes the first match all at once.
# Package:  iptables 1.8.9-2 (Debian 12); 1.8.11-2 (Debian 13) is as guessed
# Seen:     in the rules and their counters for a datagram over the loopback, before save
#           and restore and after
# Matters:  Such rules are what programs make of "all but" and a range that a user gave,
#           often to switch a rule off.  After the next boot the rule is on, for everything.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

export tmp

# rules BACKEND: with the number of packets of each.
rules()
{
	echo >/dev/udp/127.0.0.1/9
	run "xtables-$1-multi" iptables-save -c | sed -n 's/^\[\(.*\):.*\] -A/		\1/p'
}
export -f rules

save_and_restore()
{
	local backend
	run ip link set lo up
	for backend in legacy nft; do
		run xtables-$backend-multi iptables -A OUTPUT -p udp ! --dport 0:65535
		run xtables-$backend-multi iptables -A OUTPUT -p udp ! -o +
		echo "	$backend, as given:"
		rules $backend
		run xtables-$backend-multi iptables-save >"$tmp/saved"
		run xtables-$backend-multi iptables-restore "$tmp/saved"
		echo "	$backend, restored:"
		rules $backend
		run xtables-$backend-multi iptables -F
	done
}
for suite in bookworm trixie; do
	case $suite in
	bookworm) unpack bookworm iptables=1.8.9-2 iproute2=6.1.0-3 ;;
	*)	  unpack trixie iptables=1.8.11-2 iproute2=6.15.0-1 ;;
	esac
	echo "$suite"
	in_netns save_and_restore 2>"$tmp/said" || skip "this kernel has not what it takes"
done >"$tmp/got"

check <<'END'
bookworm
	legacy, as given:
		0 OUTPUT -p udp -m udp
		0 OUTPUT -p udp
	legacy, restored:
		1 OUTPUT -p udp -m udp
		1 OUTPUT -p udp
	nft, as given:
		1 OUTPUT -p udp
		0 OUTPUT ! -o + -p udp
	nft, restored:
		1 OUTPUT -p udp
		0 OUTPUT ! -o + -p udp
trixie
	legacy, as given:
		0 OUTPUT -p udp -m udp ! --dport 0:65535
		0 OUTPUT ! -o + -p udp
	legacy, restored:
		0 OUTPUT -p udp -m udp ! --dport 0:65535
		0 OUTPUT ! -o + -p udp
	nft, as given:
		0 OUTPUT -p udp -m udp ! --dport 0:65535
		0 OUTPUT ! -o + -p udp
	nft, restored:
		0 OUTPUT -p udp -m udp ! --dport 0:65535
		0 OUTPUT ! -o + -p udp
END
