#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# recorded.sh check [RELEASE]...
# recorded.sh compose
# recorded.sh record [VERSION]...
# recorded.sh new [-s SUITE] [VERSION]
#
# check    holds ctreplay against all that is kept in recorded/, or against
#          some of its releases: neither root nor those kernels are needed
# compose  makes the block files in recorded/blocks anew; then all kernels
#          have to be recorded anew
# record   boots kernels and keeps what they say in recorded/RELEASE; without
#          VERSION those that are there already.  "running" is the kernel of
#          this machine, which needs root
# new      compares a kernel that has no record yet (default: the newest in
#          Debian's sid and experimental) with ctreplay as the newest one that
#          has: prints each frame with both answers where they differ, and the
#          sysctls that differ
#
#	BUILD	where the programs are (default build)
#	CHECK_KERNEL	more options for check-kernel, as --most 1000
# shellcheck disable=SC2046,SC2086 # words are wanted
set -eu

prog=${0##*/}
here=$(cd "$(dirname "$0")" && pwd)
build=${BUILD:-build}
check=$build/check-kernel
records=$here/recorded
KERNEL_CACHE=${KERNEL_CACHE:-$build/kernels}
BUILD=$build
export KERNEL_CACHE BUILD

usage() {
	sed -n 's/^# \{0,1\}//; 4,21p' "$0" >&2
	exit 2
}

# The releases that are kept, the oldest first.
releases() {
	for directory in "$records"/[0-9]*; do
		[ ! -d "$directory" ] || echo "${directory##*/}"
	done | sort -V
}

# The operands of check-kernel: each block file with the answers of a release,
# or of two.
each_file() {
	for blocks in "$records"/blocks/*.xz; do
		name=${blocks##*/}
		echo "$blocks"
		for directory; do
			file=$directory/${name%.xz}
			[ -f "$file" ] || file=$directory/$name
			echo "$file"
		done
	done
}

# One release; what it prints, in one piece.
check_one() {
	log=$build/recorded-$1.log
	status=0
	"$check" ${CHECK_KERNEL:-} --ctreplay "$build/ctreplay" \
		recorded $(each_file "$records/$1") >"$log" || status=1
	{
		[ $status -eq 0 ] || grep -v '^[^ ].*: kernel ' "$log" || :
		echo "kernel $1: $(grep ' frames compared' "$log"), $(
			tail -n 1 "$log")"
	} >"$log.said"
	cat "$log.said"
	rm "$log.said"
	exit $status
}

check() {
	[ $# -gt 0 ] || set -- $(releases)
	for release; do
		[ -d "$records/$release" ] || {
			echo "$prog: recorded/$release does not exist" >&2
			exit 2
		}
	done
	status=0
	echo "$@" | tr ' ' '\n' | xargs -n 1 -P "$(nproc)" "$0" one || status=1
	"$here/sysctls.sh" check "$build/ctreplay" "$records"/*/sysctls ||
		status=1
	exit $status
}

compose() {
	rm -rf "$records/blocks"
	mkdir -p "$records/blocks"
	while read -r name arguments; do
		# The shell expands the names of captures.
		"$check" --compose "$records/blocks/$name" $arguments >/dev/null
		xz -9e "$records/blocks/$name"
	done <<-END
		captures diff testdata/*.pcap testdata/*.pcapng
		captures-helpers --helpers diff testdata/*.pcap testdata/*.pcapng
		host --host 192.0.2.10/24 diff testdata/netbios*.pcap testdata/snmp*.pcap
		kernels --helpers diff testdata/kernels/*.pcap testdata/ipv6-chains.pcap
		kernels-host --host 192.0.2.10/24 diff testdata/kernels/netbios-port.pcap
		walk --seed 1 --frames 20000 --sysctl-random walk
		tcp --seed 2 --frames 10000 --protocols tcp --sysctl-random walk
		sctp --seed 3 --frames 8000 --protocols sctp --sysctl-random walk
		dccp --seed 4 --frames 8000 --protocols dccp --sysctl-random walk
		icmp --seed 5 --frames 4000 --protocols tcp,udp,icmp,icmp6 walk
		helpers --seed 6 --frames 12000 --helpers walk testdata/ftp*.pcap testdata/irc*.pcap testdata/tftp*.pcap testdata/sip*.pcap testdata/h323*.pcap testdata/pptp*.pcap testdata/amanda*.pcap testdata/sane*.pcap
		expiry --seed 7 --frames 2000 --expiry walk
		timed timed
	END
}

# The answers in the directory $1 become those of the release they name.
keep() {
	release=$(sed -n '2s/.* Debian \([0-9.]*\).*/\1/p' "$1/walk")
	[ -n "$release" ] ||
		release=$(sed -n '2s/^kernel \([0-9.]*\).*/\1/p' "$1/walk")
	rm -rf "${records:?}/$release"
	mkdir "$records/$release"
	for file in "$1"/*; do
		case ${file##*/} in
		sysctls) cp "$file" "$records/$release/" ;;
		*) xz -9e -c "$file" >"$records/$release/${file##*/}.xz" ;;
		esac
	done
	echo "$prog: recorded/$release"
}

record_running() {
	rm -rf "$build/answers"
	mkdir "$build/answers"
	for blocks in "$records"/blocks/*.xz; do
		name=${blocks##*/}
		"$check" record "$blocks" "$build/answers/${name%.xz}"
	done
	"$here/sysctls.sh" ask >"$build/answers/sysctls"
}

record() {
	[ $# -gt 0 ] || set -- $(releases)
	for version; do
		if [ "$version" = running ]; then
			record_running
		else
			kernel=$("$here/vm/fetch.sh" "$version")
			"$here/vm/record.sh" "$kernel" "$records/blocks" \
				"$build/answers"
		fi
		keep "$build/answers"
	done
}

# The release of a Debian version: 6.12.117 of 6.12.117-1.
release_of() {
	echo "${1%%[-~+]*}"
}

whats_new() {
	suites=
	while [ "${1:-}" = -s ]; do
		suites="$suites -s $2"
		shift 2
	done
	[ $# -gt 0 ] || [ -n "$suites" ] || suites="-s sid -s experimental"
	kernel=$("$here/vm/fetch.sh" $suites "$@")
	release=$(release_of "${kernel##*/}")
	judged=$(releases | tail -n 1)
	if [ $# -eq 0 ] && [ "$(printf '%s\n' "$release" "$judged" | sort -V |
			tail -n 1)" = "$judged" ]; then
		echo "$prog: nothing new: $judged has a record, and the newest kernel there is ${kernel##*/}"
		return
	fi
	"$here/vm/record.sh" "$kernel" "$records/blocks" "$build/answers"
	diff "$records/$judged/sysctls" "$build/answers/sysctls" || :
	echo "kernel: $(sed -n '2s/^kernel //p' "$build/answers/walk")"
	echo "ctreplay: what it does as $judged"
	"$check" --ctreplay "$build/ctreplay" --kernel "$judged" \
		--most 1000000 ${CHECK_KERNEL:-} recorded \
		$(each_file "$build/answers")
}

[ $# -gt 0 ] || usage
mode=$1
shift
case $mode in
check|compose|record) "$mode" "$@" ;;
one) check_one "$1" ;;
new) whats_new "$@" ;;
*) usage ;;
esac
