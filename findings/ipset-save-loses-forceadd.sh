#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    What "ipset save" prints of a set makes the same set with "ipset restore", but
#           for what timeouts have run down.
# Really:   "forceadd", with which a full set drops an element for a new one, is not in
#           it, nor in "ipset list".  The restored set refuses what the first one took.
# Package:  ipset 7.17-1 (Debian 12); 7.22-1+b1 (Debian 13) and 7.10-1 (Debian 11) do the
#           same, each with Linux 6.18
# Seen:     in the output of "ipset save", and in what both sets take when they are full
# Matters:  Such a set holds the last addresses that a rule saw.  After a reboot with
#           saved sets it holds the first ones, and the rule's log says nothing.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm ipset=7.17-1
export tmp

# fill: to the last element, and then 64 more.
fill()
{
	local n taken=0
	for n in {1..64}; do run ipset add last "192.0.2.$n" 2>"$tmp/said" || return 1; done
	for n in {101..164}; do
		run ipset add last "192.0.2.$n" 2>"$tmp/said" && taken=$((taken + 1))
	done
	[ $taken -gt 0 ] && echo "took more" || echo "took no more"
}
export -f fill

both()
{
	run ipset create last hash:ip hashsize 64 maxelem 64 forceadd
	run ipset save >"$tmp/saved"
	sed 's/ bucketsize.*//' "$tmp/saved"
	fill
	run ipset destroy
	run ipset restore <"$tmp/saved"
	fill
}
in_netns both >"$tmp/got" || skip "this kernel has no hash:ip"

check <<'END'
create last hash:ip family inet hashsize 64 maxelem 64
took more
took no more
END
