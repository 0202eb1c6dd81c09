#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "nft -j list ruleset" has what "nft list ruleset" has, so that both load as the
#           same ruleset.
# Really:   With Debian 13 the JSON has no comment of a set, with Debian 12 none of tables
#           and chains either; those of rules and elements are there.  A set's timeout is
#           cut to whole seconds.
# Package:  nftables 1.0.6-2+deb12u2 (Debian 12), 1.1.3-1 (Debian 13)
# Seen:     in what the list lacks after the JSON was loaded
# Matters:  Programs that keep rulesets as JSON change what they only wanted to store.  A
#           comparison of two rulesets by JSON does not see these differences.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

export tmp

cat >"$tmp/rules" <<'END'
table ip t {
	comment "of the table"
	set s {
		type ipv4_addr
		flags timeout
		timeout 1m500ms
		comment "of the set"
	}
	set e {
		type ipv4_addr
		elements = { 192.0.2.1 comment "of the element" }
	}
	chain c {
		comment "of the chain"
		ip saddr @s accept comment "of the rule"
	}
}
END

there_and_back()
{
	run nft -f "$tmp/rules"
	run nft list ruleset >"$tmp/before"
	run nft -j list ruleset >"$tmp/json"
	run nft flush ruleset
	run nft -j -f "$tmp/json"
	run nft list ruleset >"$tmp/after"
}
for suite in bookworm=1.0.6-2+deb12u2 trixie=1.1.3-1; do
	unpack "${suite%%=*}" "nftables=${suite#*=}"
	echo "${suite%%=*}"
	in_netns there_and_back 2>"$tmp/said" || skip "this kernel has not what it takes"
	diff "$tmp/before" "$tmp/after" | grep '^[<>]' || true
done >"$tmp/got"

check <<'END'
bookworm
< 	comment "of the table"
< 		timeout 1m500ms
< 		comment "of the set"
> 		timeout 1m
< 		comment "of the chain"
trixie
< 		timeout 1m500ms
< 		comment "of the set"
> 		timeout 1m
END
