#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# check-kernels.sh VERSION...
#
# The differential test against kernels other than the running one: each is
# fetched from Debian's archive and booted in a virtual machine (vm/), where
# check-kernel records what it says to captures, random walks, damaged helper
# sessions, walks with expiry and timed sequences; then ctreplay, told to be
# that kernel, is held against all of it.  Says which releases were judged.
#
# A file of blocks with a difference is put to the kernel once more, and counts
# only if it differs again: a slow machine may read a table late, or send a
# packet within a jiffy of a timeout.  Both answers are kept, and shown.
#
#	BUILD		where the programs are (default build)
#	SEEDS		how many walks, seeds 1 to SEEDS (default 4)
#	FRAMES		frames in all walks together (default 100000); helper
#			sessions have a third of that on top
#	CAPTURES	a directory with captures, besides testdata
#	BUDGET		seconds for each kernel: what it has not answered by then
#			is left out, and said to be (default 14400)
#	CHECK_KERNEL	more options for check-kernel recorded, as --kernel none
#	KEEP		a directory in which blocks and answers are kept
# shellcheck disable=SC2046,SC2086 # words are wanted
set -eu

prog=${0##*/}
here=$(cd "$(dirname "$0")" && pwd)
build=${BUILD:-build}
seeds=${SEEDS:-4}
frames=${FRAMES:-100000}
keep=${KEEP:-$build/kernels/judged}
check=$build/check-kernel
KERNEL_CACHE=${KERNEL_CACHE:-$build/kernels}
BUILD=$build
export KERNEL_CACHE BUILD

[ $# -gt 0 ] || {
	echo "usage: $prog VERSION..." >&2
	exit 2
}
for tool in qemu-system-x86_64 busybox cpio apt-get dpkg-deb; do
	command -v $tool >/dev/null || {
		echo "SKIP: $tool is missing"
		exit 77
	}
done

blocks=$keep/blocks
rm -rf "$blocks"
mkdir -p "$blocks"

# compose NAME ARGUMENT...
compose() {
	name=$1
	shift
	"$check" --compose "$blocks/$name" "$@" >"$keep/compose.log" 2>&1 || {
		cat "$keep/compose.log" >&2
		exit 1
	}
}

captures() {
	name=$1
	shift
	compose "$name" "$@" diff testdata/*.pcap testdata/*.pcapng
	[ -z "${CAPTURES:-}" ] ||
		find "$CAPTURES" -type f ! -name '*.md' -print0 | sort -z |
		xargs -0 -x -n 100000 "$check" --compose "$blocks/$name-more" "$@" diff \
			>/dev/null
}

sessions=$(ls testdata/ftp*.pcap testdata/irc*.pcap testdata/tftp*.pcap \
	testdata/sip*.pcap testdata/h323*.pcap testdata/pptp*.pcap \
	testdata/amanda*.pcap testdata/sane*.pcap)
captures captures
captures captures-helpers --helpers
compose host --host 192.0.2.10/24 diff testdata/netbios.pcap \
	testdata/netbios-broadcast.pcap testdata/snmp.pcap \
	testdata/snmp-broadcast.pcap
seed=1
while [ "$seed" -le "$seeds" ]; do
	compose "walk-$seed" --seed "$seed" --frames $((frames / seeds)) \
		--sysctl-random walk
	compose "helpers-$seed" --seed "$seed" --helpers \
		--frames $((frames / seeds / 3)) walk $sessions
	seed=$((seed + 1))
done
compose expiry --seed 1 --frames $((frames / 50)) --expiry walk
compose timed timed

# judge BLOCKS ANSWERS: prints what differs; the names of the files that differ
# go to ANSWERS.differ.
judge() {
	same=0
	: >"$2.differ"
	for file in "$1"/*; do
		name=${file##*/}
		[ -f "$2/$name" ] || continue
		"$check" --ctreplay "$build/ctreplay" ${CHECK_KERNEL:-} recorded \
			"$file" "$2/$name" >"$2/$name.log" && continue
		grep -v '^[^ ].*: kernel ' "$2/$name.log" || :
		echo "$name" >>"$2.differ"
		same=1
	done
	return $same
}

# The sum of a number of the logs in the directory $1: "frames compared" or
# "differences".
sum() {
	sed -n 's/^\([0-9]*\) frames compared, \([0-9]*\) differences$/\1 frames compared \2 differences/p' \
		"$1"/*.log | awk -v what="$2" '
			{ n += what == "differences" ? $4 : $1 } END { print n + 0 }'
}

# ask KERNEL BLOCKS ANSWERS
ask() {
	before=$(date +%s)
	VM_SECONDS=${BUDGET:-14400} "$here/vm/record.sh" "$1" "$2" "$3" ||
		[ -n "${BUDGET:-}" ] || return 1
	said=0 asked=0
	for file in "$2"/*; do
		asked=$((asked + 1))
		[ ! -f "$3/${file##*/}" ] || said=$((said + 1))
	done
	echo "recorded $said of $asked files in $(($(date +%s) - before)) s"
	[ $said -gt 0 ]
}

# The files that differ, once more.
ask_again() {
	rm -rf "$keep/again"
	mkdir "$keep/again"
	while read -r name; do
		cp "$blocks/$name" "$keep/again/"
	done <"$2.differ"
	ask "$1" "$keep/again" "$2.again" && [ $said -eq $asked ] &&
		judge "$keep/again" "$2.again"
}

summary=''
status=0
for version; do
	kernel=$("$here/vm/fetch.sh" "$version")
	judged=${kernel##*/}
	answers=$keep/$judged
	rm -rf "$answers" "$answers.again"
	echo "kernel $judged"
	ask "$kernel" "$blocks" "$answers" || {
		summary="$summary
kernel $judged: no answers"
		status=1
		continue
	}
	result='' left=''
	[ $said -eq $asked ] || left=", $((asked - said)) of $asked files not asked"
	if ! judge "$blocks" "$answers"; then
		result="$(sum "$answers" differences) differences, asked again "
		ask_again "$kernel" "$answers" || status=1
		[ -d "$answers.again" ] || mkdir "$answers.again"
		result="$result$(sum "$answers.again" differences) in $(
			sum "$answers.again" frames) frames"
	fi
	summary="$summary
kernel $judged: $(sum "$answers" frames) frames compared, ${result:-0 differences}$left"
done
echo "$summary"
exit $status
