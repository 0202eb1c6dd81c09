#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "conntrack -L -o xml" says of an SCTP association what "conntrack -L"
#           says of it.
# Really:   The XML has TCP's name of the same number: ESTABLISHED is number 4 of
#           SCTP's states, and comes out as FIN_WAIT; COOKIE_ECHOED, number 3, as
#           ESTABLISHED.
# Package:  conntrack 1:1.4.7-1+b2 with libnetfilter-conntrack3 1.0.9-3 (Debian 12);
#           1:1.4.8-2 with 1.1.0-1 (Debian 13) does the same
# Seen:     in the output of both for one table
# Matters:  The XML is for programs, and a program that compares tables by it sees
#           open associations as closing ones.  Take the plain lines.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm conntrack=1:1.4.7-1+b2 libnetfilter-conntrack3=1.0.9-3

associations()
{
	local port=0 state
	for state in ESTABLISHED COOKIE_ECHOED; do
		port=$((port + 1))
		run conntrack -I -p sctp -s 192.0.2.1 -d 198.51.100.2 --sport 5000 --dport $port \
			--state $state --orig-vtag 1 --reply-vtag 2 -t 600
	done
	run conntrack -L -p sctp |
		sed -En 's/.* ([A-Z_]+) src.*dport=([12]) \[.*/line: to \2 \1/p' | sort
	run conntrack -L -p sctp -o xml |
		sed -En 's/.*<dport>([12])<.*<state>([A-Z_]+)<.*/XML:  to \1 \2/p' | sort
}
in_netns associations 2>"$tmp/said" >"$tmp/got" || skip "this kernel has no table to fill"

check <<'END'
line: to 1 ESTABLISHED
line: to 2 COOKIE_ECHOED
XML:  to 1 FIN_WAIT
XML:  to 2 ESTABLISHED
END
