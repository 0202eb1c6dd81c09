#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# check.sh SUITE[,SUITE...]...
#
# Runs "make check-SUITE" for each SUITE, as many at a time as JOBS says; those with a
# comma between them, which share a build directory or the kernel's settings, one after
# the other.  Prints one line a suite with what it counted and how long it took, the
# whole output of those that failed (of all with V=1), and one closing total.  A suite
# counts by lines "N passed, N failed" and by cmocka's summaries; one that prints
# "SKIP ..." or exits with 77 was left out.
#
#	MAKE      make, perhaps with options
#	JOBS      suites at a time (default: the number of processors)
#	NAME      what the total is of (default "check")
#	ABOUT     minutes that this takes on two processors, for the first line
#	V         not empty: print the output of every suite

set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2

make=${MAKE:-make}
jobs=${JOBS:-$(nproc)}
name=${NAME:-check}
show=${V:-}
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# Of the calling make's flags only the variables of its command line go on: the
# suites run at the same time and take no part in its job server.
case ${MAKEFLAGS-} in
*'-- '*)	export MAKEFLAGS="-- ${MAKEFLAGS#*-- }" ;;
*)		unset MAKEFLAGS ;;
esac
unset MFLAGS MAKELEVEL

run_suite()
{
	local start=$SECONDS status=0

	# Words in $make are separate arguments.
	# shellcheck disable=SC2086
	$make --no-print-directory "check-$1" </dev/null >"$tmp/$1.log" 2>&1 ||
		status=$?
	# Whole at once: collect() may look at any moment.
	echo "$status $((SECONDS - start))" >"$tmp/$1.ending"
	mv "$tmp/$1.ending" "$tmp/$1.status"
}

# The suites of group $1, in order.
run_group()
{
	local suite

	for suite in ${1//,/ }; do run_suite "$suite"; done
	: >"$tmp/$1.ended"
}

# "PASSED FAILED", as the log of suite $1 counts them.
count()
{
	sed -n -e 's/^.*\b\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed.*$/\1 \2/p' \
		-e 's/^\[  PASSED  \] \([0-9]*\) test.*/\1 0/p' \
		-e 's/^\[  FAILED  \] \([0-9]*\) test.*/0 \1/p' "$tmp/$1.log" |
		awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }'
}

passed=0
failed=0
skipped=0

# One line for suite $1, which has ended.
report()
{
	local status took ok bad word

	read -r status took <"$tmp/$1.status"
	read -r ok bad < <(count "$1")
	if [ "$status" -ne 0 ] && [ "$status" -ne 77 ]; then
		word=FAIL
		[ "$bad" -gt 0 ] || bad=1
	elif [ "$status" -eq 77 ] || grep -q '^SKIP' "$tmp/$1.log"; then
		word=SKIP
		skipped=$((skipped + 1))
	else
		word=ok
		# A suite whose commands only succeed or not is one test.
		[ "$ok" -gt 0 ] || ok=1
	fi
	passed=$((passed + ok))
	failed=$((failed + bad))
	printf '%-4s  %-16s %6d passed, %d failed  %4d s\n' "$word" "$1" "$ok" \
		"$bad" "$took"
	case $word in
	FAIL)	cat "$tmp/$1.log" ;;
	SKIP)	grep '^SKIP' "$tmp/$1.log" ;;
	*)	[ -z "$show" ] || cat "$tmp/$1.log" ;;
	esac
}

# Reports the suites that have ended since, and keeps in "running" the groups that
# have not.
collect()
{
	local group suite left=()

	for group in "${running[@]+"${running[@]}"}"; do
		[ -e "$tmp/$group.ended" ] || left+=("$group")
		for suite in ${group//,/ }; do
			[ -e "$tmp/$suite.status" ] || break
			[ ! -e "$tmp/$suite.reported" ] || continue
			: >"$tmp/$suite.reported"
			report "$suite"
		done
	done
	running=("${left[@]+"${left[@]}"}")
}

suites=${*//,/ }
echo "$name: $(wc -w <<<"$suites") suites${ABOUT:+, about $ABOUT on two processors}: $suites"
running=()
for group; do
	while [ "${#running[@]}" -ge "$jobs" ]; do
		wait -n || [ $? -ne 127 ] || break
		collect
	done
	run_group "$group" &
	running+=("$group")
done
wait
collect
for group in "${running[@]+"${running[@]}"}"; do
	echo "FAIL  $group: its shell was killed"
	failed=$((failed + 1))
done

printf '%s: %d passed, %d failed, %d suites skipped, %d s\n' "$name" "$passed" \
	"$failed" "$skipped" "$SECONDS"
[ "$failed" -eq 0 ]
