#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh
#
# A machine's faults: full disks, closed pipes, files that cannot be read on,
# that grow and shrink, interrupts, input that stalls.  What must come of each
# is in EXIT STATUS of the manual.  CTREPLAY is the program, SHIM is preloaded
# into it (shim.c), GENERATE makes captures.

set -u
export LC_ALL=C TZ=UTC
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
CTREPLAY=$(realpath "${CTREPLAY:-build/ctreplay}")
SHIM=$(realpath "${SHIM:-build/tests/faults/shim.so}")
GENERATE=$(realpath "${GENERATE:-build/tests/bench/generate}")

tmp=$(mktemp -d) || exit 2
out=$tmp/out
err=$tmp/err

. tests/tally.sh
. tests/input.sh
# shellcheck disable=SC2086 # words are wanted
trap '[ -z "$children" ] || kill $children 2>/dev/null; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# expect WHAT STATUS WANTED MESSAGE: the status was to be WANTED, and $err one
# line with MESSAGE in it, or empty.
expect()
{
	local lines=1

	[ -n "$4" ] || lines=0
	if [ "$2" -ne "$3" ]; then
		fail "$1: status $2, not $3"
	elif [ "$(wc -l <"$err")" -ne "$lines" ] || ! grep -q -e "$4" - "$err" <<<''; then
		fail "$1: not '$4' on standard error"
	else
		pass "$1"
	fi
}

# begins_like WHAT FILE WHOLE: FILE has something, and is how WHOLE begins.
begins_like()
{
	local size

	size=$(stat -c %s "$2")
	if [ "$size" -gt 0 ] && cmp -s -n "$size" "$2" "$3"; then
		pass "$1"
	else
		fail "$1: $size bytes: $(cmp -n "$size" "$2" "$3" 2>&1)"
	fi
}

big=$tmp/big.pcap
"$GENERATE" -n 20000 -c 1000 "$big" || exit 2
"$CTREPLAY" "$big" >"$tmp/whole" || exit 2
"$CTREPLAY" -p "$big" >"$tmp/lines" || exit 2
small=testdata/tcp-rst.pcap
nospace='No space left on device'

# Full disks.
for options in -p -t '-p -o json' '-e' '-s' '-o timesketch'; do
	# shellcheck disable=SC2086
	"$CTREPLAY" $options "$big" >/dev/full 2>"$err"
	expect "a full disk, $options" $? 3 "cannot write standard output: $nospace"
done
"$CTREPLAY" "$small" >/dev/full 2>"$err"
expect "a full disk, less than a buffer" $? 3 "cannot write standard output: $nospace"
for option in --help --version; do
	"$CTREPLAY" $option >/dev/full 2>"$err"
	expect "a full disk, $option" $? 3 "standard output: $nospace"
done
"$CTREPLAY" -w /dev/full "$big" >"$out" 2>"$err"
expect "a full disk for -w" $? 3 "cannot write /dev/full: $nospace"
"$CTREPLAY" -w - "$big" >/dev/full 2>"$err"
expect "a full disk for -w -" $? 3 "cannot write standard output: $nospace"
(ulimit -f 16 && exec "$CTREPLAY" -p "$big") >"$out" 2>"$err"
expect "a limit on files' size" $? 3 "cannot write standard output: File too large"
begins_like "what was written until then is right" "$out" "$tmp/lines"
(ulimit -f 16 && exec "$CTREPLAY" -w "$tmp/written" "$big") 2>"$err"
expect "a limit on files' size, -w" $? 3 "cannot write $tmp/written: File too large"
begins_like "the capture until then is right" "$tmp/written" "$big"

mkdir "$tmp/tiny"
# shellcheck disable=SC2016 # for the inner shell
if unshare -m sh -c 'mount -t tmpfs -o size=64k none "$1/tiny"' - "$tmp" 2>"$err"; then
	unshare -m bash -c '
		mount -t tmpfs -o size=64k none "$1/tiny"
		"$2" -p "$3" >"$1/tiny/out" 2>"$1/err"
		status=$?
		cp "$1/tiny/out" "$1/out"
		exit $status' - "$tmp" "$CTREPLAY" "$big"
	expect "a file system that becomes full" $? 3 "$nospace"
	begins_like "all that it can hold is there" "$out" "$tmp/lines"
	unshare -m bash -c '
		mount -t tmpfs -o size=64k none "$1/tiny"
		"$2" -w "$1/tiny/out" "$3" 2>"$1/err"
		status=$?
		cp "$1/tiny/out" "$1/out"
		exit $status' - "$tmp" "$CTREPLAY" "$big"
	expect "a file system that becomes full, -w" $? 3 "cannot write .*/out: $nospace"
	begins_like "all of the capture that it can hold is there" "$out" "$big"
else
	echo "SKIP a small file system: $(head -n 1 "$err")"
fi

# Closed pipes and descriptors.
"$CTREPLAY" -p "$big" 2>"$err" | head -n 1 >"$out"
expect "a pipe that is closed" "${PIPESTATUS[0]}" 3 ''
"$CTREPLAY" -w - "$big" 2>"$err" | head -c 100 >"$out"
expect "a pipe that is closed, -w -" "${PIPESTATUS[0]}" 3 ''
"$CTREPLAY" "$small" >&- 2>"$err"
expect "no standard output" $? 3 'cannot write standard output: Bad file'
"$CTREPLAY" --sandbox=no -p -w "$tmp/written" "$small" >&- 2>"$err"
expect "no standard output, -w" $? 3 'cannot write standard output: Bad file'
: >"$err"
if cmp -s "$small" "$tmp/written"; then
	pass "no line went into the capture"
else
	fail "a line went into the capture"
fi
"$CTREPLAY" --sandbox=no -v -w "$tmp/written" "$small" 2>&-
expect "no standard error, -w" $? 0 ''
if cmp -s "$small" "$tmp/written"; then
	pass "no message went into the capture"
else
	fail "a message went into the capture"
fi
"$CTREPLAY" - <&- >"$out" 2>"$err"
expect "no standard input" $? 2 'standard input: cannot be '
"$CTREPLAY" "$small" <&- >"$out" 2>"$err"
expect "no standard input, which is not needed" $? 0 ''

# bad ASSIGNMENT... FILE: reads FILE with the shim in it.
bad()
{
	local file=${*: -1}

	timeout -k 5 60 env LD_PRELOAD="$SHIM" FAULT_FILE="$file" \
		"${@:1:$#-1}" "$CTREPLAY" "$file" >"$out" 2>"$err"
}

# whole_until N: the lines of $out are those of the first N-1 frames of $big.
whole_until()
{
	local want=$(($1 - 1))

	"$CTREPLAY" -c $want "$big" >"$tmp/want"
	if cmp -s "$out" "$tmp/want"; then
		pass "the frames before that, and their table"
	else
		fail "not the frames before that: $(cmp "$out" "$tmp/want" 2>&1)"
	fi
}

# Files that cannot be read on.
at=$(frame_offset "$big" 9000)
bad FAULT_EIO=$((at + 40)) "$big"
expect "a block that cannot be read" $? 3 \
	"big.pcap: cannot be read on at byte $at, frame 9000: Input/output error"
whole_until 9000
bad FAULT_EIO=0 "$big"
expect "a file that cannot be read at all" $? 2 'cannot be read: Input/output'
bad FAULT_EIO=24 "$big"
expect "nothing but its header can be read" $? 3 'at byte 24, frame 1: Input/'
gzip <"$big" >"$tmp/big.gz"
if "$CTREPLAY" "$tmp/big.gz" >/dev/null 2>"$err"; then
	bad FAULT_EIO=100000 "$tmp/big.gz"
	expect "a block of a compressed file" $? 3 'cannot be read on .*Input/output'
	begins_like "its frames before that" <(head -n 5000 "$out") "$tmp/lines"
else
	echo "SKIP a compressed file: $(cat "$err")"
fi
"$CTREPLAY" /proc/self/mem >"$out" 2>"$err"
expect "a file of the kernel's that cannot be read" $? 2 'mem: cannot be read: Input'

# Reads that give a byte, or nothing yet.
for file in testdata/tcp-rst.pcap testdata/pcapng-mixed.pcapng testdata/bad/*; do
	[ -e "$file" ] || continue
	"$CTREPLAY" "$file" >"$tmp/want" 2>"$tmp/want.err"
	wanted=$?
	bad FAULT_SHORT=1 "$file"
	status=$?
	[ $status -eq $wanted ] && cmp -s "$out" "$tmp/want" &&
		cmp -s "$err" "$tmp/want.err" || fail "a byte at a time: $file"
done
pass "files read a byte at a time"

# Files that shrink and grow.
cp "$big" "$tmp/changing"
at=$(frame_offset "$big" 15000)
bad FAULT_CUT=$((at + 20)) "$tmp/changing"
expect "a file that shrinks while it is read" $? 3 \
	"changing: cut short at byte $at, frame 15000"
whole_until 15000
cp "$big" "$tmp/changing"
bad FAULT_CUT="$at" "$tmp/changing"
expect "a file that shrinks to whole frames" $? 0 ''
whole_until 15000
cp "$big" "$tmp/changing"
bad FAULT_CUT=10 "$tmp/changing"
status=$?
if [ $status -eq 3 ] && grep -q 'changing: cut short at byte' "$err"; then
	pass "a file that becomes all but empty"
else
	fail "a file that becomes all but empty: status $status"
fi
begins_like "what had been read by then" <(grep -v -e '^#' -e '^tcp  ' "$out") "$tmp/lines"
head -c "$at" "$big" >"$tmp/changing"
tail -c "+$((at + 1))" "$big" >"$tmp/rest"
bad FAULT_GROW="$tmp/rest" "$tmp/changing"
expect "a file that grows" $? 0 ''
if cmp -s "$out" "$tmp/whole"; then
	pass "it is read to where it ends then"
else
	fail "it is not read to where it ends then"
fi

# The program's process waits for input; not the shell's before it.
is_waiting()
{
	grep -q ctreplay "/proc/$child/comm" &&
		grep -q '^State:	S' "/proc/$child/status"
}

at=$(frame_offset "$small" 6)
for signal in INT TERM; do
	background "$CTREPLAY" -
	head -c $((at + 30)) "$small" >&9
	if await has_lines 5; then
		pass "input that stalls: all whole frames are shown"
	else
		fail "input that stalls: $(wc -l <"$out") of 5 frames are shown"
	fi
	kill -$signal "$child"
	wait "$child"
	expect "SIG$signal while it stalls" $? 130 ''
	"$CTREPLAY" -c 5 "$small" | cmp -s - "$out" &&
		pass "with what there is, and the table" ||
		fail "not what there is"
	exec 9>&-
done

background "$CTREPLAY" -
head -c $((at + 30)) "$small" >&9
await has_lines 5 || fail "nothing came"
tail -c "+$((at + 31))" "$small" >&9
if await has_lines 14; then
	pass "and when it goes on, the rest"
else
	fail "and when it goes on, not the rest"
fi
finish
expect "to its end" $? 0 ''

background "$CTREPLAY" -
await is_waiting
kill -INT "$child"
wait "$child"
expect "SIGINT before there is any input" $? 130 ''
exec 9>&-

background "$CTREPLAY" -w - -
head -c $((at + 30)) "$small" >&9
size() { [ "$(stat -c %s "$out")" -eq "$at" ]; }
if await size; then
	pass "-w - writes all whole frames of input that stalls"
else
	fail "-w - has written $(stat -c %s "$out") of $at bytes"
fi
kill -INT "$child"
wait "$child"
expect "SIGINT then" $? 130 ''
exec 9>&-
begins_like "the capture ends with a whole frame" "$out" "$small"

# -w that fails when it is flushed, since live input makes a pause: too few
# frames to fill a buffer, and they keep coming.  It ends at the next of them.
tail -c +25 "$small" | head -c $(($(frame_offset "$small" 2) - 24)) >"$tmp/frame"
ends_at_a_frame()
{
	cat "$tmp/frame" >&9
	[ ! -e "/proc/$child" ]
}
background "$CTREPLAY" -w /dev/full -
head -c 24 "$small" >&9
if await ends_at_a_frame; then
	pass "-w that fails on live input ends at the next frame"
else
	fail "-w that fails on live input: more frames do not end it"
	kill "$child"
fi
wait "$child"
expect "a full disk for -w on live input" $? 3 \
	"cannot write /dev/full: $nospace"
exec 9>&-

# blocked_in PATTERN: a thread of the program sleeps in that function of the kernel.
# Where the kernel tells no names (it says 0), it is enough that the program sleeps.
blocked_in()
{
	is_waiting || return
	grep -q -E "$1" /proc/"$child"/task/*/wchan 2>/dev/null ||
		[ -z "$kernel_tells" ]
}

# Whether the first SIGINT has been caught: the second one will end the program.
caught_interrupt()
{
	local caught

	caught=$(sed -n 's/^SigCgt:	/0x/p' "/proc/$child/status")
	[ $((caught & 2)) -eq 0 ]
}

is_reading()
{
	grep -q '^cat$' "/proc/$child/comm" &&
		grep -q '^State:	S' "/proc/$child/status"
}

kernel_tells=
background cat
await is_reading
grep -q '[a-z]' "/proc/$child/wchan" && kernel_tells=yes
finish

# A pipe that no other program has opened yet.
mkfifo "$tmp/nobody"
for option in '' -w; do
	# shellcheck disable=SC2086
	"$CTREPLAY" "$small" $option "$tmp/nobody" >"$out" 2>"$err" &
	child=$!
	children="$children $child"
	await blocked_in 'wait_for_partner|fifo_open' ||
		fail "${option:-a FILE}: the program does not wait for its pipe"
	kill -INT "$child"
	wait "$child"
	expect "SIGINT while ${option:-a FILE} waits for its pipe to be opened" \
		$? 130 ''
done

# Output that nobody reads: the first signal waits with it, the second ends it.
mkfifo "$tmp/full"
exec 8<>"$tmp/full"
"$CTREPLAY" -p "$big" >"$tmp/full" 2>"$err" 8>&- &
child=$!
children="$children $child"
await blocked_in pipe_write || fail "the program does not wait for its output"
kill -INT "$child"
await caught_interrupt || fail "SIGINT is not caught"
kill -INT "$child" 2>/dev/null
wait "$child"
expect "a second SIGINT while nobody reads the output" $? 130 ''
exec 8>&-

tally faults
