#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    A set with "forceadd" never says that it is full: as its manual has it, a
#           random element makes room for the new one.
# Really:   Only an element of the same bucket does.  Where the new one's bucket is empty,
#           the set is full.  A set of 64 elements in 64 buckets refuses about a third of
#           what comes, one of a few elements in the usual 1024 buckets nearly all.
# Package:  ipset 7.17-1 (Debian 12), 7.22-1+b1 (Debian 13); the set is the kernel's, here
#           Linux 6.18
# Seen:     in the errors of "ipset add"
# Matters:  "-j SET --add-set" into such a set misses addresses, without a sign.  Which
#           ones depends on the set's random seed: no replay can tell.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm ipset=7.17-1
export tmp

# refused SET FIRST LAST: how many of these it does not take.
refused()
{
	local n refused=0
	for ((n = $2; n <= $3; n++)); do
		run ipset add "$1" "192.0.2.$n" 2>"$tmp/said" || refused=$((refused + 1))
	done
	echo "$refused of $(($3 - $2 + 1)) refused"
}
export -f refused

add()
{
	# The seed, so that the numbers are the same each time.
	run ipset create small hash:ip maxelem 2 forceadd initval 0x12345678
	run ipset create large hash:ip hashsize 64 maxelem 64 forceadd initval 0x12345678
	refused small 1 2
	refused small 3 6
	refused large 1 64
	refused large 65 128
}
in_netns add >"$tmp/got" || skip "this kernel has no hash:ip"

check <<'END'
0 of 2 refused
4 of 4 refused
0 of 64 refused
25 of 64 refused
END
