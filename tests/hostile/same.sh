#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# same.sh BUILD FILE...
#
#	ALL=1	each FILE in each format in each environment, not in turn
#
# Replays each FILE in other locales, time zones and environments, with and without
# address space randomisation, on one processor, without threads, with varied
# timing of threads, and through a pipe: output, messages and exit status must be
# the same bytes in every format.  The hash's key differs in every run.

set -u
cd "$(dirname "$0")/../.." || exit
case $1 in
/*)	build=$1 ;;
*)	build=$PWD/$1 ;;
esac
shift
program=$build/ctreplay
timing=$build/tests/hostile/timing.so
locales=$build/tests/hostile/locales
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

ways=(
	"-p -v -e -t -x -s"
	"-p -v -e -t -x -s -o json -T epoch"
	"-p -o csv"
	"-o timesketch"
	"-t --table-style conntrack --at +1.5 -T iso -e"
	"-t -x -s --at +0.5"
)

# Those that need no privilege; a name, then the prefix of the command.
surroundings=(
	"german"	"env -i LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 LANGUAGE=de LOCPATH=$locales TZ=Europe/Berlin"
	"turkish"	"env -i LC_ALL=tr_TR.UTF-8 LOCPATH=$locales TZ=America/St_Johns COLUMNS=20 TERM=xterm-256color"
	"latin-1"	"env -i LC_ALL=de_DE.ISO-8859-1 LOCPATH=$locales TZ=<+1245>-12:45 HOME=/nowhere"
	"perturbed"	"env -i LC_ALL=C.UTF-8 MALLOC_PERTURB_=165 TZ=UTC0 NO_COLOR=1 POSIXLY_CORRECT=1"
	"crowded"	"env -i X=$(printf '%04000d' 7) TZ=Asia/Kathmandu SOURCE_DATE_EPOCH=1 GLIBC_TUNABLES=glibc.malloc.tcache_count=0"
	"not random"	"setarch -R env -i"
	"one processor"	"taskset 1 nice env -i"
	"no threads"	"env -i LD_PRELOAD=$timing TIMING=none"
	"slow, two processors"	"env -i LD_PRELOAD=$timing TIMING=1 PROCESSORS=2"
	"slow, eight processors"	"env -i LD_PRELOAD=$timing TIMING=2 PROCESSORS=8"
)

runs=0
failed=0

complain()
{
	failed=$((failed + 1))
	[ "$failed" -gt 10 ] || echo "FAILED: $1: $2 $3"
}

# replay NAME COMMAND...: writes to files of that name
replay()
{
	local name=$1

	shift
	timeout 100 "$@" >"$tmp/$name.out" 2>"$tmp/$name.err" </dev/null
	echo $? >>"$tmp/$name.err"
	runs=$((runs + 1))
}

# same WHAT FORMAT FILE: compares with the plain run.
same()
{
	if ! cmp -s "$tmp/good.out" "$tmp/this.out" ||
		! cmp -s "$tmp/good.err" "$tmp/this.err"; then
		complain "$1" "$2" "$3"
	fi
}

# try N FILE: every environment, each with the next format in turn, or with all
# formats (ALL).
try()
{
	local n=$1 file=$2 w i way

	for ((w = 0; w < ${#ways[@]}; w++)); do
		way=${ways[w]}
		# shellcheck disable=SC2086
		replay good env -i "$program" --sandbox no $way "$file"
		[ -s "$tmp/good.out" ] || [ -s "$tmp/good.err" ] ||
			complain "nothing came" "$way" "$file"
		for ((i = 0; i < ${#surroundings[@]}; i += 2)); do
			[ -n "${ALL-}" ] ||
				[ $(((n + i / 2) % ${#ways[@]})) -eq "$w" ] ||
				continue
			# shellcheck disable=SC2086
			replay this ${surroundings[i + 1]} "$program" \
				--sandbox no $way "$file"
			same "${surroundings[i]}" "$way" "$file"
		done
	done
	# Through a pipe, with reads of any length; the name differs.
	# shellcheck disable=SC2086
	replay good env -i "$program" $way "$file"
	# shellcheck disable=SC2016,SC2086
	replay this sh -c 'cat "$1" | { shift; exec "$@"; }' sh "$file" \
		env -i "$program" $way -
	sed -i 's|standard input|'"$file"'|g' "$tmp/this.err"
	same "pipe" "$way" "$file"
}

for locale in de_DE.UTF-8 de_DE.ISO-8859-1 tr_TR.UTF-8; do
	[ -d "$locales/$locale" ] && continue
	mkdir -p "$locales"
	if ! localedef -i "${locale%%.*}" -f "${locale#*.}" "$locales/$locale"
	then
		echo "SKIP: localedef cannot make $locale (Debian: locales)"
		exit 0
	fi
done

n=0
for file; do
	try $n "$file"
	n=$((n + 1))
done
echo "$# captures, $runs runs, $failed differ"
[ "$failed" -eq 0 ] && [ "$runs" -gt 0 ]
