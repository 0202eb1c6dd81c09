#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "iptables-restore --noflush" adds to what is there and removes nothing; a line
#           ":name - [0:0]" only makes the chain if there is none.
# Really:   Such a line empties a user's chain that exists.  Of a built-in chain it sets
#           the policy and leaves the rules.
# Package:  iptables 1.8.9-2 (Debian 12), both back ends; 1.8.11-2 (Debian 13) does the same
# Seen:     in iptables-save after a file with two such lines
# Matters:  A script that adds a rule to its chain this way keeps the last rule alone; one
#           that changes its chain as a whole depends on just that, for it is the way to
#           do it in one step.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm iptables=1.8.9-2
export tmp

cat >"$tmp/first" <<'END'
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:mine - [0:0]
-A INPUT -j mine
-A mine -s 192.0.2.1 -j ACCEPT
-A mine -s 192.0.2.2 -j ACCEPT
COMMIT
END
cat >"$tmp/second" <<'END'
*filter
:INPUT DROP [0:0]
:mine - [0:0]
-A INPUT -s 192.0.2.9 -j ACCEPT
-A mine -s 192.0.2.3 -j ACCEPT
COMMIT
END

load()
{
	run "xtables-$backend-multi" iptables-restore "$tmp/first"
	run "xtables-$backend-multi" iptables-restore --noflush "$tmp/second"
	run "xtables-$backend-multi" iptables-save | grep -e ^:INPUT -e ^-A
}
export backend
for backend in nft legacy; do
	echo "$backend"
	in_netns load 2>"$tmp/said" || skip "this kernel has not what it takes"
done >"$tmp/got"

check <<'END'
nft
:INPUT DROP [0:0]
-A INPUT -j mine
-A INPUT -s 192.0.2.9/32 -j ACCEPT
-A mine -s 192.0.2.3/32 -j ACCEPT
legacy
:INPUT DROP [0:0]
-A INPUT -j mine
-A INPUT -s 192.0.2.9/32 -j ACCEPT
-A mine -s 192.0.2.3/32 -j ACCEPT
END
