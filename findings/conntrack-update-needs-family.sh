#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    "conntrack -U -p udp --mark 7" sets the mark of the entries that "conntrack -L -p
#           udp" lists; where no family is given, both take IPv4.
# Really:   Without a family or an address to tell it, -U says "Operation not supported", as
#           if the kernel had no marks, and changes nothing.  -L and -D with the same filter
#           work, and so does -U with "-f ipv4".
# Package:  conntrack 1:1.4.7-1+b2 (Debian 12); 1:1.4.8-2 (Debian 13) is as guessed
# Seen:     in the marks of one entry after each call, and in what -U says
# Matters:  The message leads to the kernel's configuration, where nothing is wrong.  And a
#           script that was tried with "-s" in it fails for the connections that it is
#           meant for, those from anywhere.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

export tmp

# update MARK [OPTION...]: what the mark is afterwards.
update()
{
	local mark=$1
	shift
	run conntrack -U "$@" --mark "$mark" >"$tmp/out" 2>"$tmp/error" || true
	echo "	-U $* --mark $mark: $(run conntrack -L -p udp 2>"$tmp/said" |
		grep -o 'mark=[0-9]*') $(sed -n '/^Operation/p' "$tmp/error")"
}
export -f update

mark()
{
	run conntrack -I -p udp -s 192.0.2.1 -d 198.51.100.2 --sport 40000 --dport 5000 -t 600 \
		>"$tmp/out"
	update 5 -p udp
	update 6 -p udp -s 192.0.2.1
	update 7 -p udp -f ipv4
	run conntrack -D -p udp >"$tmp/out"
	echo "	-D -p udp: $(wc -l <"$tmp/out") entry"
}
both_releases mark conntrack=1:1.4.7-1+b2 conntrack=1:1.4.8-2 | sed 's/ *$//' >"$tmp/got"

check <<'END'
bookworm
	-U -p udp --mark 5: mark=0 Operation failed: Operation not supported
	-U -p udp -s 192.0.2.1 --mark 6: mark=6
	-U -p udp -f ipv4 --mark 7: mark=7
	-D -p udp: 1 entry
trixie
	-U -p udp --mark 5: mark=5
	-U -p udp -s 192.0.2.1 --mark 6: mark=6
	-U -p udp -f ipv4 --mark 7: mark=7
	-D -p udp: 1 entry
END
