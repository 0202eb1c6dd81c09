#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [CASE]...
#
# Checks ctreplay against the demands of the kernel's own tests of connection
# tracking, all cases or the named ones; the file "demands" lists them and explains
# their notation.  CTREPLAY is the program to run.

LC_ALL=C
TZ=UTC
export LC_ALL TZ
unset NO_COLOR

cd "$(dirname "$0")/../.." || exit 2
CTREPLAY=${CTREPLAY:-build/ctreplay}
demands=tests/selftests/demands
wanted=" $* "

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# replay OPTION...: replays the case's capture to $tmp/out; prints a failure.
replay() {
	$CTREPLAY -f "$filter" ${sysctl:+--sysctl "$sysctl"} "$@" \
		"testdata/selftest-$name.pcap" >"$tmp/raw" </dev/null && return
	echo "  ctreplay $*: exit status $?"
	return 1
}

# One line per packet, from the state on.
packet_lines() {
	replay -p || return
	sed 's/^ *[0-9]* *[0-9.]* *//; s/  */ /g; s/ $//' "$tmp/raw" >"$tmp/out"
}

# The table at $1.
table_lines() {
	replay -t --table-style conntrack --at "+$1" || return
	awk -v at="$1" '
		/^# / { inside = /^# table at / && $4 + 0 == at + 0; next }
		inside
	' "$tmp/raw" >"$tmp/out"
}

# count RE FILE
count() {
	grep -Ec -e "$1" "$2"
}

# holds KEYWORD REST: whether a demand is met; prints the result if it is not.
holds() {
	number=${2%% *}
	re=${2#* }
	case $1 in
	packets)
		packet_lines || return
		came=$(count "^$re" "$tmp/out")
		[ "$came" -eq "$number" ] && return
		echo "  $came packets, not $number: $re"
		;;
	packet)
		packet_lines || return
		sed -n "${number}p" "$tmp/out" >"$tmp/one"
		[ "$(count "^$re" "$tmp/one")" -eq 1 ] && return
		echo "  packet $number does not match: $re"
		sed 's/^/  but: /' "$tmp/one"
		;;
	octets)
		replay -p -o json || return
		octets=${re%% *}
		re=${re#* }
		came=$(grep -E -e "$re" "$tmp/raw" |
			sed 's/.*"length":\([0-9]*\).*/\1/' |
			awk '{ sum += $1 } END { print NR, sum + 0 }')
		[ "$came" = "$number $octets" ] && return
		echo "  packets and octets are $came, not $number $octets: $re"
		;;
	table)
		table_lines "$number" || return
		if [ "$re" = - ]; then
			[ -s "$tmp/out" ] || return 0
		elif [ "$(wc -l <"$tmp/out")" -eq 1 ]; then
			[ "$(count "^$re" "$tmp/out")" -eq 1 ] && return
		fi
		echo "  the table at $number does not match: $re"
		sed 's/^/  but: /' "$tmp/out"
		;;
	events)
		replay -e || return
		came=$(count "$re" "$tmp/raw")
		[ "$came" -eq "$number" ] && return
		echo "  $came events, not $number: $re"
		;;
	*)
		echo "  $demands: no such keyword: $1"
		;;
	esac
	return 1
}

passed=0
failed=0

# Runs the case that was read, once for each of its filters.
finish() {
	[ "$name" ] || return
	for filter in $filters; do
		ok=ok
		said=0
		: >"$tmp/said"
		while read -r word rest; do
			said=$((said + 1))
			holds "$word" "$rest" >>"$tmp/said" || ok=FAIL
		done <"$tmp/case"
		[ "$said" -gt 0 ] || ok=FAIL
		if [ "$ok" = ok ]; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
		fi
		printf '%-4s %s, %s: %s demands\n' "$ok" "$name" "$filter" "$said"
		cat "$tmp/said"
	done
}

name=
while read -r line; do
	case $line in
	''|'#'*)
		;;
	case\ *)
		finish
		line=${line#case }
		name=${line%% *}
		filters=${line#* }
		sysctl=
		: >"$tmp/case"
		case $wanted in
		'  '|*" $name "*) ;;
		*) name= ;;
		esac
		;;
	sysctl\ *)
		sysctl=${line#* }
		;;
	*)
		printf '%s\n' "$line" >>"$tmp/case"
		;;
	esac
done <"$demands"
finish

echo "selftests: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
