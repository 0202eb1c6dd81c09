#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    iptables-save writes a rule with "-m time --timestart 10:00 --timestop 12:00"
#           as it was given.
# Really:   It adds "--datestop 2038-01-19T03:14:07": a rule without dates has the last
#           second of a signed 32-bit clock for its last.  iptables-translate leaves
#           this out, unless there is a --datestart: then nft gets the end too.
# Package:  iptables 1.8.11-2 (Debian 13); 1.8.9-2 does the same
# Seen:     in the output of iptables-save for a rule that was just loaded
# Matters:  A reader of rulesets meets dates where nobody wrote one, and has to take
#           them as dates of the rule, not as a mistake.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack trixie iptables=1.8.11-2

save()
{
	local rule="-A INPUT -m time --timestart 10:00 --timestop 12:00 -j DROP"
	# shellcheck disable=SC2086
	run xtables-nft-multi iptables $rule
	run xtables-nft-multi iptables-save | grep '^-A'
	# shellcheck disable=SC2086
	run xtables-nft-multi iptables-translate $rule
	run xtables-nft-multi iptables-translate -A INPUT -m time --datestart 2026-01-01 -j DROP
}
in_netns save >"$tmp/got" || skip "this kernel has no nf_tables with the match time"

check <<'END'
-A INPUT -m time --timestart 10:00:00 --timestop 12:00:00 --datestop 2038-01-19T03:14:07 -j DROP
nft 'add rule ip filter INPUT  meta hour "10:00:00"-"12:00:00" counter drop'
nft 'add rule ip filter INPUT meta time "2026-01-01 00:00:00"-"2038-01-19 03:14:07" counter drop'
END
