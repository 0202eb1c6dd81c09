#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "-m limit --limit 1/hour --limit-burst 50" lets the first 50 packets through.
#           What is too large for the kernel is refused.
# Really:   The legacy back end's kernel match counts in 32 bits.  37 is right, 38 is refused,
#           and 50 is taken and lets 12 through, 100 lets 25.  Burst times hours wraps, and
#           the check only sees a product that ends below a single packet's.  "2/day" lets 1
#           through instead of the usual 5, "1/day" is refused.  With the nft back end all
#           are as guessed.
# Package:  iptables 1.8.9-2 (Debian 12); 1.8.11-2 (Debian 13) does the same.  The match is
#           the kernel's, here Linux 6.18 with HZ=250, as Debian's; others wrap elsewhere.
# Seen:     in the rules' counters after 120 datagrams over the loopback
# Matters:  Limits by the hour or day are those of log rules: the log lacks three of four
#           lines that were to be there.  A replay has to know which back end it stands for.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

export tmp

send()
{
	local backend rate n
	run ip link set lo up
	for backend in legacy nft; do
		for rate in "1/hour --limit-burst 37" "1/hour --limit-burst 38" \
				"1/hour --limit-burst 50" "1/hour --limit-burst 100" \
				1/day 2/day; do
			# The rate is words.
			# shellcheck disable=SC2086
			run xtables-$backend-multi iptables -A OUTPUT -p udp -m limit --limit $rate ||
				echo "	$backend: refused --limit $rate"
		done
		for ((n = 0; n < 120; n++)); do echo >/dev/udp/127.0.0.1/9; done
		run xtables-$backend-multi iptables-save -c |
			sed -n "s/^\[\(.*\):.*-m limit/	$backend: \1/p"
		run xtables-$backend-multi iptables -F
	done
}
both_releases send "iptables=1.8.9-2 iproute2=6.1.0-3" \
	"iptables=1.8.11-2 iproute2=6.15.0-1" >"$tmp/got"

check <<'END'
bookworm
	legacy: refused --limit 1/hour --limit-burst 38
	legacy: refused --limit 1/day
	legacy: 37 --limit 1/hour --limit-burst 37
	legacy: 12 --limit 1/hour --limit-burst 50
	legacy: 25 --limit 1/hour --limit-burst 100
	legacy: 1 --limit 2/day
	nft: 37 --limit 1/hour --limit-burst 37
	nft: 38 --limit 1/hour --limit-burst 38
	nft: 50 --limit 1/hour --limit-burst 50
	nft: 100 --limit 1/hour --limit-burst 100
	nft: 5 --limit 1/day
	nft: 5 --limit 2/day
trixie
	legacy: refused --limit 1/hour --limit-burst 38
	legacy: refused --limit 1/day
	legacy: 37 --limit 1/hour --limit-burst 37
	legacy: 12 --limit 1/hour --limit-burst 50
	legacy: 25 --limit 1/hour --limit-burst 100
	legacy: 1 --limit 2/day
	nft: 37 --limit 1/hour --limit-burst 37
	nft: 38 --limit 1/hour --limit-burst 38
	nft: 50 --limit 1/hour --limit-burst 50
	nft: 100 --limit 1/hour --limit-burst 100
	nft: 5 --limit 1/day
	nft: 5 --limit 2/day
END
