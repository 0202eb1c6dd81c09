#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests what each shell offers after some words.  bash and fish are asked; zsh,
# which offers words on a terminal only, checks the syntax of its file.  run.sh
# compares the lists in the files with the options.

cd "$(dirname "$0")/../.." || exit 2
failed=0

check() {
	[ "$2" = "$3" ] && return
	echo "FAIL completions: $1: '$2', not '$3'"
	failed=$((failed + 1))
}

in_bash() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMPREPLY=()
	_ctreplay
	printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '
}

# The last word is the one being typed.
in_fish() {
	fish --no-config -c "source completions/ctreplay.fish; complete -C '$*'" |
		cut -f1 | sort | tr '\n' ' '
}

try_all() {
	check "$1, options" "$($1 ctreplay --ct)" "--ctstate "
	check "$1, a format" "$($1 ctreplay -o '')" "csv json text timesketch "
	check "$1, a style" "$($1 ctreplay --table-style n)" "nf_conntrack "
	check "$1, a helper" "$($1 ctreplay --helper s)" "sane sip snmp "
	check "$1, a setting" "$($1 ctreplay --sysctl nf_conntrack_tcp_be)" \
		"nf_conntrack_tcp_be_liberal= "
	check "$1, a key" "$($1 ctreplay --top p)" "pair port "
	check "$1, a state" "$($1 ctreplay --ctstate UN)" "UNTRACKED "
	check "$1, a file" "$($1 ctreplay testdata/tcp-wr)" "testdata/tcp-wrap.pcap "
}

# shellcheck source=/dev/null
source completions/ctreplay.bash
try_all in_bash
check "bash, a second state" "$(in_bash ctreplay --ctstate NEW,I)" "NEW,INVALID "
if command -v fish >/dev/null; then
	try_all in_fish
else
	echo "SKIP: completions: fish is not installed"
fi
if command -v zsh >/dev/null; then
	zsh -n completions/_ctreplay || failed=$((failed + 1))
else
	echo "SKIP: completions: zsh is not installed"
fi
echo "completions: $failed failed"
[ "$failed" -eq 0 ]
