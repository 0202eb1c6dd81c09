#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "meta hour 17:00-20:00" is a plain range within a day, in each time zone.
# Really:   nft turns both ends into UTC.  West of Greenwich the evening runs past
#           midnight there: nft of Debian 13 refuses the range as one of negative size,
#           and nft of Debian 12 takes it and lists it with an hour 1193042.
#           "22:00"-"06:00", past midnight here, is fine with both.
# Package:  nftables 1.1.3-1 (Debian 13) and 1.0.6-2+deb12u2 (Debian 12)
# Seen:     in the output of nft with TZ five hours west
# Matters:  A ruleset that loads on one machine does not on another of the same
#           release.  Load rules with hours in UTC.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

load()
{
	run nft -f - <<<"table ip filter { chain INPUT { } ; }"
	for range in '"17:00"-"20:00"' '"22:00"-"06:00"'; do
		TZ=WEST5 run nft add rule ip filter INPUT meta hour "$range" 2>&1 | grep Error || true
	done
	TZ=WEST5 run nft list ruleset | grep -o 'hour.*'
}

for suite in trixie bookworm; do
	case $suite in
	trixie)	unpack trixie nftables=1.1.3-1 ;;
	*)	unpack bookworm nftables=1.0.6-2+deb12u2 ;;
	esac
	echo "$suite:" >>"$tmp/got"
	in_netns load >>"$tmp/got"
done

check <<'END'
trixie:
Error: Range negative size
hour "22:00"-"06:00"
bookworm:
hour != "1193042:28:16"-"17:00"
hour "1193044:28:16"-"06:00"
END
