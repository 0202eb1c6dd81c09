#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# sysctls.sh ask [all]
# sysctls.sh check CTREPLAY FILE...
#
# ask    prints connection tracking's sysctls on the running kernel: a line
#        "NAME takes VALUE... refuses VALUE..." each, after a line with the
#        kernel's version.  Needs root, and writes to all of them: in a network
#        namespace of its own, or with "ask all" in the first one, the only one
#        that has them all.
# check  demands that ctreplay, told to be the kernel of each FILE, has the
#        same sysctls and takes and refuses the same values.  A sysctl that
#        another FILE has and this one has not must be refused.
# shellcheck disable=SC2046,SC2086 # words are wanted
set -eu

values="0 1 2 3 255 256 65535 65536 2147483647 2147483648 4294967295 4294967296"

# Of a sysctl that is read-only here, only the name is known.
ask_one() {
	takes=''
	refuses=''
	[ -w "$1" ] || {
		echo "${1##*/}"
		return
	}
	before=$(cat "$1")
	for value in $values; do
		# A hash table of any size would be allocated.
		case ${1##*/}:$value in
		nf_conntrack_buckets:?????*) continue ;;
		esac
		if echo "$value" 2>/dev/null >"$1"; then
			takes="$takes $value"
		else
			refuses="$refuses $value"
		fi
	done
	echo "$before" >"$1"
	echo "${1##*/} takes$takes refuses$refuses"
}

ask() {
	echo "kernel $(uname -r) $(uname -v)"
	for file in /proc/sys/net/netfilter/nf_conntrack_* \
		/proc/sys/net/ipv4/ipfrag_time; do
		case $file in
		*_count|*_thresh) ;;	# read-only; limited by each other
		*) ask_one "$file" ;;
		esac
	done
}

version() {
	sed -n '1s/.* Debian \([^ ]*\).*/\1/p; 1s/^kernel \([^ ]*\) .*/\1/p' "$1" |
		head -n 1
}

# Whether ctreplay takes the settings.
takes() {
	settings=''
	for setting; do
		settings="$settings --sysctl $setting"
	done
	"$program" --kernel "$kernel" $settings testdata/no-frames.pcap \
		>/dev/null 2>&1
}

failed=0 passed=0
expect() {
	wanted=$1 setting=$2
	got=refuses
	! takes "$setting" || got=takes
	if [ $got = "$wanted" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "kernel $kernel $wanted $setting, ctreplay $got it"
	fi
}

check_line() {
	name=$1
	shift
	taken='' refused=''
	for word; do
		case $word in
		takes|refuses) wanted=$word ;;
		*)	[ "$wanted" = refuses ] || taken="$taken $name=$word"
			[ "$wanted" = takes ] || refused="$refused $name=$word" ;;
		esac
	done
	# All at once; which of them it refuses matters only where it does.
	if takes $taken; then
		set -- $taken
		passed=$((passed + $#))
	else
		for setting in $taken; do
			expect takes "$setting"
		done
	fi
	for setting in $refused; do
		expect refuses "$setting"
	done
}

check() {
	program=$1
	shift
	all=$(sed -s 1d "$@" | cut -d ' ' -f 1 | sort -u)
	for file; do
		kernel=$(version "$file")
		while read -r line; do
			case $line in
			kernel\ *) ;;
			*) check_line $line ;;
			esac
		done <"$file"
		for name in $all; do
			grep -q -w "^$name" "$file" || expect refuses "$name=1"
		done
	done
	echo "sysctls: $passed passed, $failed failed"
	[ $failed -eq 0 ]
}

case ${1:-} in
ask)
	if [ "${2:-}" = all ]; then
		ask
	else
		unshare -n "$0" ask all
	fi ;;
check) shift; check "$@" ;;
*) sed -n 's/^# \{0,1\}//; 4,17p' "$0" >&2; exit 2 ;;
esac
