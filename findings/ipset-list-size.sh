#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "create all list:set size 3" makes a list that holds three sets, as the
#           manual's word "size" and the maxelem of the other types suggest.
# Really:   It is saved as "size 4", the least there is, and takes a fifth member,
#           and a sixth: the list grows, and the number is kept for show.
# Package:  ipset 7.17-1 (Debian 12); the list is the kernel's, here Linux 6.18
# Seen:     in the output of "ipset save" after "ipset restore"
# Matters:  A reader of saved sets that checks a list's length against its size
#           rejects what the kernel holds.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm ipset=7.17-1

{
	echo "create all list:set size 3"
	for name in a b c d e f; do
		echo "create $name bitmap:port range 0-9"
		echo "add all $name"
	done
} >"$tmp/sets"
export tmp

load()
{
	run ipset restore <"$tmp/sets" && run ipset save all
}
in_netns load >"$tmp/got" || skip "this kernel has not both list:set and bitmap:port"

check <<'END'
create all list:set size 4
add all a
add all b
add all c
add all d
add all e
add all f
END
