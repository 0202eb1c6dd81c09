#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "-m limit --limit 6000/second" lets 6000 packets a second pass; what
#           the program cannot hold it refuses.
# Really:   It becomes 10000/second, without a word.  iptables stores the whole
#           number of tenths of a millisecond between two packets, rounded down:
#           1.67 becomes 1.  Of the rates above 5000 a second only 10000 exists,
#           and 900 becomes 909.  What one asked for is nowhere afterwards.
# Package:  iptables 1.8.9-2 (Debian 12); 1.8.7-1 and 1.8.11-2 do the same
# Seen:     in the output of iptables-save and nft list, for a rule with 3000/s
# Matters:  A limit read back from a firewall is not the limit in its script, and
#           a replay must count with the one that was stored.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2

for rate in 6000/second 3000/second 900/second 500/second 120/minute; do
	echo "$rate"
	run xtables-nft-multi iptables-translate -A INPUT -m limit --limit $rate -j ACCEPT
done >"$tmp/got"

check <<'END'
6000/second
nft 'add rule ip filter INPUT limit rate 10000/second burst 5 packets counter accept'
3000/second
nft 'add rule ip filter INPUT limit rate 3333/second burst 5 packets counter accept'
900/second
nft 'add rule ip filter INPUT limit rate 909/second burst 5 packets counter accept'
500/second
nft 'add rule ip filter INPUT limit rate 500/second burst 5 packets counter accept'
120/minute
nft 'add rule ip filter INPUT limit rate 2/second burst 5 packets counter accept'
END
