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
#	BUILD		where the programs are (default build)
#	SEEDS		how many walks, seeds 1 to SEEDS (default 4)
#	FRAMES		frames in all walks together (default 100000); helper
#			sessions have a third of that on top
#	CAPTURES	a directory with captures, besides testdata
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

judge() {
	answers=$1
	set --
	for file in "$blocks"/*; do
		set -- "$@" "$file" "$answers/${file##*/}"
	done
	"$check" --ctreplay "$build/ctreplay" ${CHECK_KERNEL:-} recorded "$@"
}

summary=''
status=0
for version; do
	kernel=$("$here/vm/fetch.sh" "$version")
	judged=${kernel##*/}
	echo "kernel $judged"
	before=$(date +%s)
	"$here/vm/record.sh" "$kernel" "$blocks" "$keep/$judged"
	echo "recorded in $(($(date +%s) - before)) s"
	judge "$keep/$judged" >"$keep/$judged.log" || status=1
	grep -v '^[^ ].*: kernel ' "$keep/$judged.log" || :
	summary="$summary
kernel $judged: $(grep ' frames compared' "$keep/$judged.log" || echo failed)"
done
echo "$summary"
exit $status
