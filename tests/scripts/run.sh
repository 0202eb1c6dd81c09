#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh - what is no C: the syntax of shell scripts, the manual's markup, and
# whether testdata is what its generator makes.

cd "$(dirname "$0")/../.." || exit 2
. tests/tally.sh
err=$(mktemp) || exit 2
trap 'rm -f "$err"' EXIT

for script in .ci/setup $(git ls-files '*.sh' 2>/dev/null || find tests -name '*.sh') \
		.ci/run completions/ctreplay.bash; do
	case $(head -n 3 "$script") in
	*bash*)	shell=bash ;;
	*)	shell=sh ;;
	esac
	case $script in
	*.bash|.ci/run)	shell=bash ;;
	esac
	if "$shell" -n "$script" 2>"$err"; then
		pass "$script"
	else
		fail "$script"
	fi
done

if ! command -v mandoc >/dev/null 2>&1; then
	echo "SKIP: the manual's markup needs mandoc"
elif mandoc -T lint -W warning man/*.1 >"$err" 2>&1 && [ ! -s "$err" ]; then
	pass "man: mandoc -T lint"
else
	fail "man: mandoc -T lint"
fi

if python3 testdata/generate.py --check >"$err" 2>&1; then
	pass "testdata: generate.py --check"
else
	fail "testdata: generate.py --check"
fi

tally scripts
