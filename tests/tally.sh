# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# tally.sh - sourced: a line for each check, and their number in the end.

passed=0
failed=0

pass()
{
	passed=$((passed + 1))
	echo "ok   $1"
}

# fail WHAT [FILE]: FILE tells more, or $err in a script that has it.
fail()
{
	failed=$((failed + 1))
	echo "FAIL $1"
	[ -z "${2-${err-}}" ] || head -n 40 "${2-$err}"
}

# tally NAME: as the last command, whose status is the script's.
tally()
{
	echo "$1: $passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}
