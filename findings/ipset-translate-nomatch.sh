#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    ipset-translate refuses an element with "nomatch", a hole in a larger
#           net, or finds a way to say it in nft, whose sets know no holes.
# Really:   It writes the hole as one more element.  What the set left out becomes
#           what it names, and the exit status is 0.
# Package:  ipset 7.17-1 (Debian 12); 7.22-1+b1 (Debian 13) does the same
# Seen:     in the output of ipset-translate for a saved set of type hash:net
# Matters:  The translated element overlaps the net around it, so that the loss is
#           found out by nft at best.  Ask the set itself for an address in the hole.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm ipset=7.17-1

cat >"$tmp/sets" <<'END'
create office hash:net
add office 192.0.2.0/24
add office 192.0.2.128/25 nomatch
END
export tmp

translate()
{
	run ipset-translate restore <"$tmp/sets"
}
in_netns translate >"$tmp/got"

check <<'END'
add table inet global
add set inet global office { type ipv4_addr; flags interval; }
add element inet global office { 192.0.2.0/24 }
add element inet global office { 192.0.2.128/25 }
END
