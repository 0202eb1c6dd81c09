#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "conntrack -L -o save" writes a table as options of conntrack, so that
#           "conntrack --load-file" makes the same entries of it.
# Really:   The mark is not in it: all entries come back with mark 0.  State, timeout,
#           status and addresses after NAT are kept.
# Package:  conntrack 1:1.4.7-1+b2 (Debian 12); 1:1.4.8-2 (Debian 13) does the same
# Seen:     in the saved options, and in the list before and after
# Matters:  Marks choose routes, queues and rules.  Connections that were carried over to
#           another firewall this way take another way there.  The plain list has them.

# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack bookworm conntrack=1:1.4.7-1+b2
export tmp

list()
{
	run conntrack -L 2>"$tmp/said" | sed 's/^\([a-z]* *[0-9]*\) [0-9]*/\1/'
}
export -f list

carry()
{
	run conntrack -I -p tcp -s 192.0.2.1 -d 198.51.100.2 --sport 40000 --dport 80 \
		--state ESTABLISHED -u ASSURED,SEEN_REPLY -t 600 --mark 5
	list
	run conntrack -L -o save 2>"$tmp/said" >"$tmp/saved"
	sed 's/-t [0-9]* //' "$tmp/saved"
	run conntrack -F
	run conntrack --load-file "$tmp/saved"
	list
}
in_netns carry 2>"$tmp/said" >"$tmp/got" || skip "this kernel has not what it takes"

check <<'END'
tcp      6 ESTABLISHED src=192.0.2.1 dst=198.51.100.2 sport=40000 dport=80 src=198.51.100.2 dst=192.0.2.1 sport=80 dport=40000 [ASSURED] mark=5 use=1
-A -u SEEN_REPLY,ASSURED -s 192.0.2.1 -d 198.51.100.2 -r 198.51.100.2 -q 192.0.2.1 -p tcp --sport 40000 --dport 80 --reply-port-src 80 --reply-port-dst 40000 --state ESTABLISHED
tcp      6 ESTABLISHED src=192.0.2.1 dst=198.51.100.2 sport=40000 dport=80 src=198.51.100.2 dst=192.0.2.1 sport=80 dport=40000 [ASSURED] mark=0 use=1
END
