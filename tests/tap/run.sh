#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh
#
# --check and --check-update: exit status, files, and what node-tap's parser reads in
# the output, which must be TAP 14 without a line that is not.  CTREPLAY is the program.

LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/../.." || exit 2
. tests/tally.sh

# Debian's parser is a module of Debian's node; there may be another one.
NODE_PATH=/usr/share/nodejs
export NODE_PATH
if ! command -v tap-parser >/dev/null; then
	echo "SKIP: check-tap: no tap-parser (Debian: node-tap-parser)"
	exit 0
fi

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
dir=$tmp/captures
mkdir "$dir"
# Relative paths in CTREPLAY hold in the top directory.
program=${CTREPLAY:-build/ctreplay}

# What a script that uses TAP sees: "ok NAME" or "not ok NAME" for each test, and
# members of the YAML block.
read_tap() {
	tap-parser -j <"$tmp/out" >"$tmp/json"
	python3 -c '
import json, sys
for event, value in json.load(open(sys.argv[1])):
    if event == "version":
        print("version", value)
    elif event == "plan":
        print("plan", value["start"], value["end"])
    elif event == "assert":
        print("ok" if value["ok"] else "not ok", value["name"])
        for key, text in sorted(value.get("diag", {}).items()):
            print(" ", key, repr(text))
    elif event not in ("comment", "complete"):
        print(event, repr(value))
' "$tmp/json"
}

# check STATUS WHAT OPTION...: runs --check, and compares its exit status, and what
# the parser reads with standard input, which is without the first two lines.
check() {
	wanted=$1
	what=$2
	shift 2
	$program --check "$dir" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
	read_tap >"$tmp/got"
	n=$(find "$dir" -name '*.expected' | wc -l)
	{ printf 'version 14\nplan 1 %d\n' "$n"; cat; } >"$tmp/want"
	if [ "$status" -ne "$wanted" ]; then
		echo "exit status $status, not $wanted" >"$tmp/diff"
		cat "$tmp/err" >>"$tmp/diff"
		fail "$what" "$tmp/diff"
	elif diff -u "$tmp/want" "$tmp/got" >"$tmp/diff"; then
		pass "$what"
	else
		fail "$what" "$tmp/diff"
	fi
}

# is WHAT COMMAND...
is() {
	what=$1
	shift
	if "$@" >"$tmp/diff" 2>&1; then pass "$what"; else fail "$what" "$tmp/diff"; fi
}

cp testdata/dns.pcap testdata/tcp-rst.pcap testdata/ftp-passive.pcap "$dir"
printf '%s\n' '# comment' '' '--no-helpers' '  -T   epoch ' \
	"--show 'port 21 and tcp'" >"$dir/ftp-passive.pcap.options"
$program testdata/dns.pcap >"$dir/dns.pcap.expected" 2>/dev/null
$program testdata/tcp-rst.pcap >"$dir/tcp-rst.pcap.expected" 2>/dev/null
$program --no-helpers -T epoch --show 'port 21 and tcp' testdata/ftp-passive.pcap \
	>"$dir/ftp-passive.pcap.expected" 2>/dev/null

check 0 "all as expected" <<'END'
ok dns.pcap
ok ftp-passive.pcap
ok tcp-rst.pcap
END

# What the command line and CAPTURE.options say both count.
for f in dns tcp-rst; do
	$program -p testdata/$f.pcap >"$dir/$f.pcap.expected" 2>/dev/null
done
$program -p --no-helpers -T epoch --show 'port 21 and tcp' testdata/ftp-passive.pcap \
	>"$dir/ftp-passive.pcap.expected" 2>/dev/null
check 0 "options of the command line" -p <<'END'
ok dns.pcap
ok ftp-passive.pcap
ok tcp-rst.pcap
END

check 1 "a packet of --fail-on" -p --fail-on invalid,DROP <<'END'
ok dns.pcap
ok ftp-passive.pcap
not ok tcp-rst.pcap
  message 'the exit status is not 0'
  status 1
  stderr 'ctreplay: --fail-on invalid,DROP: 2 packets, the first is frame 6\n'
END

sed -i '3s/NEW     /RELATED /' "$dir/dns.pcap.expected"
truncate -s -1 "$dir/tcp-rst.pcap.expected"
sed -n 3p "$dir/dns.pcap.expected" >"$tmp/third"
check 1 "a changed line, and an end that is cut" -p <<END
not ok dns.pcap
  actual '$($program -p testdata/dns.pcap 2>/dev/null | sed -n 3p)'
  expected '$(cat "$tmp/third")'
  line 3
  message 'the output differs'
  status 0
ok ftp-passive.pcap
not ok tcp-rst.pcap
  actual '$($program -p testdata/tcp-rst.pcap 2>/dev/null | tail -n 1)'
  expected '$(tail -n 1 "$dir/tcp-rst.pcap.expected")'
  line 14
  message 'the output differs'
  status 0
END

cp -p "$dir/ftp-passive.pcap.expected" "$tmp/before"
check 0 "--check-update" -p --check-update <<'END'
ok changed: dns.pcap
ok unchanged: ftp-passive.pcap
ok changed: tcp-rst.pcap
END
is "an unchanged file is left alone" \
	test ! "$dir/ftp-passive.pcap.expected" -nt "$tmp/before"
is "no other file is left" test "$(ls -A "$dir" | wc -l)" -eq 7
check 0 "after --check-update" -p <<'END'
ok dns.pcap
ok ftp-passive.pcap
ok tcp-rst.pcap
END

# Names and output that TAP and YAML must not misread.
mv "$dir/dns.pcap" "$dir/a #2 \\ skip.pcap"
mv "$dir/dns.pcap.expected" "$dir/a #2 \\ skip.pcap.expected"
printf 'a "quoted" \\ line: with\ttab and \377\n' >"$dir/tcp-rst.pcap.expected"
check 1 "names and output with special characters" -p <<END
ok a #2 \\ skip.pcap
ok ftp-passive.pcap
not ok tcp-rst.pcap
  actual '$($program -p testdata/tcp-rst.pcap 2>/dev/null | sed -n 1p)'
  expected 'a "quoted" \\\\ line: with\\ttab and ÿ'
  line 1
  message 'the output differs'
  status 0
END
rm "$dir/a #2 "* "$dir/tcp-rst.pcap.expected"

# What is not there, or cannot be used.
echo 'some text' >"$dir/text.pcap"
: >"$dir/text.pcap.expected"
: >"$dir/gone.pcap.expected"
printf -- '-p\ntestdata/dns.pcap\n' >"$dir/ftp-passive.pcap.options"
check 1 "no capture, a file that is none, an operand among the options" -p <<END
not ok ftp-passive.pcap
  message 'line 2 of its options is no option'
  status 0
not ok gone.pcap
  message 'there is $dir/gone.pcap.expected, but no capture of that name'
  status 0
not ok text.pcap
  message 'the replay failed'
  status 2
  stderr $(python3 -c 'import sys; print(repr(open(sys.argv[1]).read()))' \
	"$( (exec 2>"$tmp/said"; $program -p "$dir/text.pcap" >/dev/null); echo "$tmp/said")")
END
for bad in '-w out' '-r testdata/dns.pcap' '--ctstate NO' '-V' '-'; do
	printf '%s\n' "$bad" >"$dir/ftp-passive.pcap.options"
	$program --check "$dir" >"$tmp/out" 2>&1
	is "refused among the options: $bad" test $? -eq 1
	is "by name: $bad" grep -q '^not ok 1 - ftp-passive' "$tmp/out"
done
is "no file is written" test ! -e out
cp "$dir/text.pcap.expected" "$tmp/before"
check 1 "--check-update writes nothing for a replay that failed" -p --check-update <<END
not ok ftp-passive.pcap
  message 'line 1 of its options is no option'
  status 0
not ok gone.pcap
  message 'there is $dir/gone.pcap.expected, but no capture of that name'
  status 0
not ok text.pcap
  message 'the replay failed'
  status 2
  stderr $(python3 -c 'import sys; print(repr(open(sys.argv[1]).read()))' "$tmp/said")
END
is "its file is as it was" cmp "$tmp/before" "$dir/text.pcap.expected"

# usage MESSAGE OPTION...: status 2 and the message.
usage() {
	message=$1
	shift
	$program "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
	is "usage: $*: status $status" test "$status" -eq 2
	is "usage: $*: $(cat "$tmp/err")" grep -q -F -e "$message" "$tmp/err"
}
usage "leave out 'testdata/dns.pcap'" --check "$dir" testdata/dns.pcap
usage "leave out -w" --check "$dir" -w out
usage "--check-update belongs to --check DIR" --check-update testdata/dns.pcap
usage "cannot be listed" --check "$tmp/none"
mkdir "$tmp/empty"
usage "ends in .expected" --check "$tmp/empty"
$program --check "$dir" >/dev/full 2>"$tmp/err"
is "standard output is full: status 3" test $? -eq 3

tally tap
