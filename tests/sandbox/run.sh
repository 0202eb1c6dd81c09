#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh
#
# Is ctreplay confined, and do captures read the same as without the sandbox?
#
# SHIM is preloaded into CTREPLAY and tries from inside what an attacker would try
# (shim.c).  Without the sandbox all attempts must succeed, or the test would prove
# nothing.  Then each way to name captures is tried with and without the sandbox.
#
# LIBSECCOMP is not empty if the build has libseccomp; WITHOUT is what the build leaves
# out on purpose: "seccomp", "all" or nothing.

set -u
export LC_ALL=C TZ=UTC
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
WITHOUT=${WITHOUT-}
LIBSECCOMP=${LIBSECCOMP-}
CTREPLAY=$(realpath "${CTREPLAY:-build/ctreplay}")
SHIM=$(realpath "${SHIM:-build/tests/sandbox/shim.so}")
OLDER=$(realpath "${OLDER:-build/tests/sandbox/older}")

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

. tests/tally.sh

# The attempts that must succeed, and those that Landlock, seccomp, or both refuse.
works='read_capture thread memory'
by_landlock='read_secret read_passwd list_root'
by_both='write_secret write_capture truncate_capture create_file rename_file
	make_link'
by_seccomp='change_mode make_socket make_unix_socket make_netlink_socket
	connect_socket signal_parent make_process run_program make_code
	turn_into_code read_process make_ring make_memory_file make_namespace
	change_directory push_input trace'

# try OPTION...: writes the shim's lines to $tmp/said.
try()
{
	echo secret >"$tmp/secret"
	rm -f "$tmp"/secret.*
	SHIM_SECRET=$tmp/secret SHIM_CAPTURE=$tmp/capture timeout -k 5 60 \
		env LD_PRELOAD="$SHIM" "$CTREPLAY" -v "$@" "$tmp/capture" \
		>"$tmp/out" 2>"$tmp/said" </dev/null
}

# demand WHEN done|refused NAME...: the outcomes that the shim must have reported.
demand()
{
	local when=$1 what=$2 name bad=

	shift 2
	for name; do
		grep -q "^shim $when $name $what" "$tmp/said" ||
			bad="$bad $(grep "^shim $when $name " "$tmp/said" ||
				    echo "shim $when $name reports nothing");"
	done
	[ -z "$bad" ] && return
	echo "$bad"
	return 1
}

# Whether the kernel and the build have part $1; it must be on then.
kernel_has()
{
	case $1 in
	Landlock)	grep -q '^shim kernel landlock [1-9]' "$tmp/said" ;;
	seccomp)	grep -q '^shim kernel .* seccomp 1' "$tmp/said" &&
			[ -n "$LIBSECCOMP" ] ;;
	esac
}

check_part()
{
	local part=$1 when

	shift
	if [ "$WITHOUT" = "$part" ]; then
		if grep -q "$part is off, this build has no" "$tmp/said"; then
			pass "$part is left out, as -v says"
		else
			fail "$part should be left out: $(grep sandbox "$tmp/said")"
		fi
		return
	fi
	if ! kernel_has "$part"; then
		echo "SKIP $part: $(grep -o "$part is off.*" "$tmp/said" ||
				    echo "this kernel has none")"
		return
	fi
	grep -q "^ctreplay: note: sandbox: .*$part is on" "$tmp/said" ||
		fail "-v does not say that $part is on: $(grep sandbox "$tmp/said")"
	for when in thread write exit; do
		# shellcheck disable=SC2068 # names are words
		if demand "$when" refused $@; then
			pass "$part, $when: $# attempts are refused"
		else
			fail "$part, $when"
		fi
	done
}

cp testdata/tcp-rst.pcap "$tmp/capture"
if try --sandbox=no; then
	cp "$tmp/out" "$tmp/open"
	# shellcheck disable=SC2086
	if demand exit "done" $works $by_landlock $by_both $by_seccomp; then
		pass "without the sandbox all attempts succeed"
	else
		fail "without the sandbox some attempts fail: the test proves nothing"
	fi
	grep -q 'sandbox: off, by --sandbox=no' "$tmp/said" ||
		fail "-v does not say that the sandbox is off"
else
	fail "--sandbox=no: status $?"
	cat "$tmp/said"
fi

if try; then
	if [ "$WITHOUT" = all ] &&
	   grep -q 'sandbox: off, this build has none' "$tmp/said"; then
		pass "the sandbox is left out, as -v says"
	elif grep 'sandbox: off, ' "$tmp/said"; then
		echo "SKIP the sandbox: see the line above"
	else
		# shellcheck disable=SC2086
		if demand thread "done" $works &&
		   demand write "done" $works && demand exit "done" $works; then
			pass "in the sandbox reading, memory and threads work"
		else
			fail "in the sandbox reading, memory or threads fail"
		fi
		# shellcheck disable=SC2086
		check_part Landlock $by_landlock $by_both
		# shellcheck disable=SC2086
		check_part seccomp $by_both $by_seccomp
	fi
	cmp "$tmp/open" "$tmp/out" || fail "the output differs"
else
	fail "status $?"
	cat "$tmp/said"
fi

# --merge reads other files, and has a sandbox of its own.
"$CTREPLAY" --sandbox=no -sC -o json testdata/tcp-rst.pcap >"$tmp/capture" 2>/dev/null
if ! try --sandbox=no --merge; then
	echo "SKIP --merge: $(cat "$tmp/said")"
elif ! try --merge; then
	fail "--merge: status $?" "$tmp/said"
else
	# shellcheck disable=SC2086
	if [ -n "$WITHOUT" ]; then
		pass "--merge works without $WITHOUT"
	elif kernel_has Landlock && ! demand exit refused $by_landlock $by_both; then
		fail "--merge, Landlock"
	elif kernel_has seccomp && ! demand exit refused $by_both $by_seccomp; then
		fail "--merge, seccomp"
	else
		pass "--merge is confined"
	fi
fi
cp testdata/tcp-rst.pcap "$tmp/capture"

# older WHAT LANDLOCK SECCOMP: on a kernel without WHAT, -v reports these states of
# Landlock and seccomp, and the output is the same.
older()
{
	local status

	"$OLDER" "$1" "$CTREPLAY" -v "$tmp/capture" >"$tmp/out" 2>"$tmp/older"
	status=$?
	if [ $status -eq 77 ]; then
		echo "SKIP a kernel without $1: $(cat "$tmp/older")"
	elif [ $status -eq 0 ] && cmp "$tmp/open" "$tmp/out" &&
	     grep -q "sandbox: Landlock is $2; seccomp is $3\$" "$tmp/older"; then
		pass "a kernel without $1"
	else
		fail "a kernel without $1: status $status"
		cat "$tmp/older"
	fi
}

if [ -z "$WITHOUT" ] && kernel_has seccomp && kernel_has Landlock; then
	older landlock 'off, this kernel has none' on
	older seccomp 'on (version [0-9]*)' 'off, this kernel has none'
	older seccomp-refused 'on (version [0-9]*)' \
		'off, the kernel says: .*'
fi

# The sandbox is entered before the first byte of a capture is read.
mkfifo "$tmp/fifo"
if [ -z "$WITHOUT" ] && kernel_has seccomp; then
	"$CTREPLAY" "$tmp/fifo" >"$tmp/out" 2>&1 &
	pid=$!
	for _ in {1..100}; do
		status=$(grep '^Seccomp:' "/proc/$pid/status" 2>/dev/null || true)
		case $status in *2) break ;; esac
		sleep 0.05
	done
	cat testdata/tcp-rst.pcap >"$tmp/fifo"
	wait "$pid"
	case $status in
	*2)	pass "the sandbox is entered before anything is read" ;;
	*)	fail "the sandbox is not entered before anything is read: $status" ;;
	esac
fi

# same WHAT COMMAND PATTERN: COMMAND must give the same output, messages, status and
# files with and without the sandbox, and PATTERN must be in the output.  "ctreplay" in
# COMMAND is the program; it runs in an empty directory.
same()
{
	local mode

	for mode in auto no; do
		rm -rf "$tmp/dir"
		mkdir "$tmp/dir"
		(
			cd "$tmp/dir" || exit
			ctreplay() { "$CTREPLAY" --sandbox=$mode "$@"; }
			eval "$2"
		) >"$tmp/$mode.out" 2>"$tmp/$mode.err" </dev/null
		echo "status $?" >>"$tmp/$mode.err"
		(cd "$tmp/dir" && find . -type f -exec cksum {} + | sort) \
			>"$tmp/$mode.left"
	done
	if cmp "$tmp/auto.out" "$tmp/no.out" && cmp "$tmp/auto.err" "$tmp/no.err" &&
	   cmp "$tmp/auto.left" "$tmp/no.left" && grep -q "$3" "$tmp/auto.out"; then
		pass "$1"
	else
		fail "$1: $2"
		cat "$tmp/auto.err"
	fi
}

td=$PWD/testdata
rst='invalid rst'
same "a file by a relative path" "cp $td/tcp-rst.pcap . && ctreplay tcp-rst.pcap" "$rst"
same "a file by a symbolic link" "ln -s $td/tcp-rst.pcap l && ctreplay l" "$rst"
same "standard input, a file" "ctreplay - <$td/tcp-rst.pcap" "$rst"
same "standard input, a pipe" "cat $td/tcp-rst.pcap | ctreplay -" "$rst"
same "/dev/stdin" "cat $td/tcp-rst.pcap | ctreplay /dev/stdin" "$rst"
same "a process substitution" "ctreplay <(cat $td/tcp-rst.pcap)" "$rst"
same "a named pipe" "mkfifo p; cat $td/tcp-rst.pcap >p & ctreplay p" "$rst"
if gzip <"$td/tcp-rst.pcap" | "$CTREPLAY" --sandbox=no - >"$tmp/out" 2>&1; then
	same "compressed" "gzip <$td/tcp-rst.pcap >a.gz && ctreplay a.gz" "$rst"
	same "compressed, in a pipe" "gzip <$td/tcp-rst.pcap | ctreplay -" "$rst"
	same "compressed, standard input, a file" \
		"gzip <$td/tcp-rst.pcap >a.gz && ctreplay - <a.gz" "$rst"
	same "compressed, in a directory" \
		"mkdir d; gzip <$td/tcp-rst.pcap >d/b; cp $td/telnet-syn.pcap d; ctreplay d" "$rst"
else
	echo "SKIP compressed captures: $(cat "$tmp/out")"
fi
same "a directory of links to elsewhere" \
	"mkdir d; ln -s $td/tcp-rst.pcap $td/telnet-syn.pcap d; ctreplay d/" "$rst"
same "more files than are kept open" \
	"mkdir d; for i in {1..40}; do cp $td/tcp-rst.pcap d/\$i; done; ctreplay d" "$rst"
same "and each by its name" \
	"for i in {1..40}; do cp $td/tcp-rst.pcap \$i; done; ctreplay {1..40}" "$rst"
same "a name of a port in a filter" \
	"ctreplay -f 'tcp port http' $td/tcp-rst.pcap" "$rst"
same "a name of a protocol in a filter" \
	"ctreplay -f 'not ip proto ospf' -N 'port domain' $td/tcp-rst.pcap" "$rst"
same "a wrong filter" \
	"ctreplay -f 'tcp port nonesuch' $td/tcp-rst.pcap; echo end" end
same "a settings' file" \
	"echo net.netfilter.nf_conntrack_tcp_loose=0 >s; ctreplay --sysctl-file s $td/tcp-rst.pcap" "$rst"
same "no such file, and nothing is made" "ctreplay -w out none; echo end" end
same "no capture, and nothing is made" \
	"echo no >none; ctreplay -w out none; echo end" end
same "-w into another directory" \
	"mkdir d; ctreplay -w d/out $td/tcp-rst.pcap && ctreplay d/out" "$rst"
same "-w over a file" \
	"cp $td/traceroute.pcap out; ctreplay -w out $td/tcp-rst.pcap && ctreplay out" "$rst"
same "-w into a pipe" "ctreplay -w - $td/tcp-rst.pcap | ctreplay -" "$rst"
same "-w into the directory that is read" \
	"mkdir d; cp $td/tcp-rst.pcap d; ctreplay -p -w d/out d 2>said; cat said; test -s said || echo no note" 'no note'
same "-w onto what is read" \
	"cp $td/tcp-rst.pcap c; ctreplay -w c c; ctreplay c" "$rst"
result="ctreplay -sC -o json $td/tcp-rst.pcap"
if "$CTREPLAY" -sC -o json "$td/tcp-rst.pcap" | "$CTREPLAY" --merge - >"$tmp/out" 2>&1; then
	same "results" "$result >a; $result >b; ctreplay --merge -o json a b" '"file":"b"'
	same "a result in a pipe" "$result | ctreplay --merge -" tcp-invalid-rst
	same "a result in a process substitution" "ctreplay --merge <($result)" tcp-invalid-rst
	same "a result in a named pipe" "mkfifo p; $result >p & ctreplay --merge p" tcp-invalid-rst
	same "more results than files may be open" \
		"$result >a; for i in {1..60}; do cp a r\$i; done; ulimit -Sn 30; ctreplay --merge r*" tcp-invalid-rst
else
	echo "SKIP results: $(cat "$tmp/out")"
fi
same "every capture at once" \
	"ctreplay -t -e -x -s -o json $td/*.pcap" conntrack

tally sandbox
