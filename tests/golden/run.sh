#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [--update] [CASE]...
#
# Runs the golden tests, all or the named ones.  A case is a folder here:
#
#   cmd           the arguments, as in a shell, on one line; or a whole command
#                 with @ for the program ("cat testdata/a.pcap | @ -")
#   expected      standard output, byte for byte
#   expected.err  standard error; absent if there is none
#   status        exit status; absent if it is 0
#
# Commands run in the top directory.  CTREPLAY is the program.  After GOLDEN_LIMIT
# seconds it is killed, and the case fails.  A run of all cases fails, too, if a
# capture of testdata has no case; --update makes the missing ones.

LC_ALL=C
TZ=UTC
export LC_ALL TZ
unset NO_COLOR COLUMNS POSIXLY_CORRECT

cd "$(dirname "$0")/../.." || exit 2
CTREPLAY="timeout -k 5 ${GOLDEN_LIMIT:-300} ${CTREPLAY:-build/ctreplay}"
golden=tests/golden
update=
if [ "$1" = --update ]; then
	update=yes
	shift
fi

# Prints the captures that no case reads.
without_case() {
	for file in testdata/*.pcap testdata/*.pcapng testdata/bad/*; do
		grep -q -F -w -e "$file" "$golden"/*/cmd || echo "$file"
	done
}

# Makes a case with default output for capture $1.
make_case() {
	name=${1#testdata/}
	case $name in
	bad/*)	name=bad-${name#bad/} ;;
	esac
	mkdir -p "$golden/${name%%.*}" || exit 2
	echo "$1" >"$golden/${name%%.*}/cmd"
}

passed=0
failed=0
if [ $# -eq 0 ]; then
	for file in $(without_case); do
		if [ "$update" ]; then
			make_case "$file"
		else
			echo "FAIL no case reads $file"
			failed=$((failed + 1))
		fi
	done
	set -- "$golden"/*/
fi

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# Runs the command of case $1 into $tmp/{expected,expected.err,status}.
run_case() {
	line=$(cat "$1/cmd")
	case $line in
	*@*)	line=$(printf '%s\n' "$line" | sed "s|@|\$CTREPLAY|g") ;;
	*)	line="\$CTREPLAY $line" ;;
	esac
	eval "$line" >"$tmp/expected" 2>"$tmp/stderr" </dev/null
	echo $? >"$tmp/status"
	# What -v says about the sandbox depends on the kernel and the build.
	sed '/^ctreplay: note: sandbox: /d' "$tmp/stderr" >"$tmp/expected.err"
}

# Puts $tmp/$2 into case $1; the file is left out if it has the default content $3.
bless() {
	if [ "$(cat "$tmp/$2")" = "$3" ]; then
		rm -f "$1/$2"
	else
		cp "$tmp/$2" "$1/$2"
	fi
}

# Compares file $2 of case $1 with the result; $3 is its content where it is absent.
same() {
	if [ -e "$1/$2" ]; then
		wanted=$1/$2
	else
		wanted=$tmp/default
		printf '%s' "$3" >"$wanted"
	fi
	diff -u "$wanted" "$tmp/$2" >"$tmp/diff" && return 0
	cat "$tmp/diff"
	return 1
}

for dir; do
	dir=${dir%/}
	dir=$golden/${dir##*/}
	name=${dir##*/}
	lacks=
	if [ ! -r "$dir/cmd" ]; then
		lacks=cmd
	elif [ -z "$update" ] && [ ! -r "$dir/expected" ]; then
		lacks=expected
	fi
	if [ "$lacks" ]; then
		echo "FAIL $name: no $dir/$lacks"
		failed=$((failed + 1))
		continue
	fi
	run_case "$dir"
	if [ "$update" ]; then
		cp "$tmp/expected" "$dir/expected"
		bless "$dir" expected.err ''
		bless "$dir" status 0
		passed=$((passed + 1))
		continue
	fi
	ok=yes
	same "$dir" expected '' || ok=
	same "$dir" expected.err '' || ok=
	same "$dir" status '0
' || ok=
	if [ "$ok" ]; then
		passed=$((passed + 1))
	else
		echo "FAIL $name: $(cat "$dir/cmd")"
		failed=$((failed + 1))
	fi
done

if [ "$update" ]; then
	echo "$passed written; look at the difference before you commit"
else
	echo "golden: $passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
