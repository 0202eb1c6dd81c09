#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh - generates captures and measures ctreplay over them, beside a bare
# reader and whatever other readers of captures are installed.
#
# make bench calls it, with these in the environment:
#   CTREPLAY     the program
#   BENCH_BIN    where generate, split, floor and measure are
#   BENCH_DIR    where captures are made, and kept
#   RUNS         of each program
#   PARTS        of: main kinds options full large growth memory start state rules live
#   BASELINE     another build of the program to compare with, in turn; or empty
#   OTHERS       other programs to try; empty for none
set -eu

scratch=$BENCH_DIR/ctreplay-bench.$$
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$scratch"

# More entries than the kernel's default allows.
more="--hashsize 262144"

# Sets $capture, made with the generator's options "$@".
capture()
{
	capture=$BENCH_DIR/ctreplay-bench$(printf '%s' "$@").pcap
	# A capture of an older generator is not taken for today's.
	if [ ! -f "$capture" ] || [ "$BENCH_BIN/generate" -nt "$capture" ]; then
		"$BENCH_BIN/generate" "$@" "$scratch/capture"
		mv "$scratch/capture" "$capture"
	fi
	cat "$capture" >/dev/null	# into the page cache
}

# Makes a directory $scratch/$1 of the last capture's frames in several files, by the
# rest of split's arguments.
in_files()
{
	mkdir "$scratch/$1"
	"$BENCH_BIN/split" "$2" "$3" "$capture" "$scratch/$1"
	cat "$scratch/$1"/* >/dev/null
}

# The last capture's entries at their most.
most_entries()
{
	"$CTREPLAY" -q -s $more "$capture" |
		awk '$1 == "entries" && $2 == "most-at-once" { print $3 }'
}

# The title, then the command lines for measure.
measured()
{
	printf '\n# %s\n' "$1"
	shift
	if [ -n "$BASELINE" ]; then
		"$BENCH_BIN/measure" -r "$RUNS" -b "$BASELINE" -n "$CTREPLAY" "$@"
	else
		"$BENCH_BIN/measure" -r "$RUNS" "$@"
	fi
}

# What is asked of most: lines, events, the table.  Other programs beside it.
main()
{
	capture -n 2000000 -c 100000 -l 5001 -d 600
	# The words of the other programs, in the order in which measure gets
	# them; "$@" grows, so that no name of a file is ever split.
	set -- "floor: pcap_next_ex" "$BENCH_BIN/floor" "$capture" \
		';' "table only" "$CTREPLAY" -q "$capture" \
		';' "a line a packet" "$CTREPLAY" -p "$capture" \
		';' "a JSON line a packet" "$CTREPLAY" -p -o json "$capture" \
		';' "events and statistics" "$CTREPLAY" -e -s "$capture" \
		';' "a line a connection" "$CTREPLAY" -C "$capture" \
		';' "the largest sources" "$CTREPLAY" --top src "$capture"

	for program in $OTHERS; do
		command -v "$program" >/dev/null || continue
		case $program in
		tcpdump)
			# As root it would become another user, who may not
			# read here.
			set -- "$@" ';' "tcpdump -w" tcpdump -Z "$(id -un)" \
				-r "$capture" -w /dev/null ;;
		softflowd)
			set -- "$@" ';' softflowd softflowd -d -r "$capture" \
				-p "$scratch/pid" -c none ;;
		nfpcapd)
			mkdir -p "$scratch/nfpcapd"
			set -- "$@" ';' nfpcapd nfpcapd -r "$capture" \
				-w "$scratch/nfpcapd" ;;
		argus)
			set -- "$@" ';' argus argus -X -r "$capture" \
				-w /dev/null ;;
		tshark)
			set -- "$@" ';' "tshark, a line a packet" \
				tshark -n -r "$capture" ;;
		esac
	done
	measured "2 million packets, 100,000 connections" -p 2000000 "$@"
}

# Other formats, and other ways to read and to write.
kinds()
{
	capture -n 2000000 -c 100000 -l 5001 -d 600 -s 2
	other=$capture
	capture -n 2000000 -c 100000 -l 5001 -d 600
	set -- "table, no lines" "$CTREPLAY" -t "$capture" \
		';' "a CSV line a packet" "$CTREPLAY" -p -o csv "$capture" \
		';' "Timesketch" "$CTREPLAY" -o timesketch "$capture" \
		';' "frames written with -w" "$CTREPLAY" -q -w /dev/null "$capture" \
		';' "a filter of libpcap" "$CTREPLAY" -q -f tcp "$capture" \
		';' "two files, merged" "$CTREPLAY" -q "$capture" "$other"
	for packer in gzip zstd; do
		command -v "$packer" >/dev/null || continue
		"$packer" -c "$capture" >"$scratch/$packer"
		set -- "$@" ';' "from $packer" "$CTREPLAY" -q "$scratch/$packer"
	done
	# What people without a reader of gzip do.
	[ ! -f "$scratch/gzip" ] || set -- "$@" \
		';' "zcat |" sh -c 'zcat "$1" | "$2" -q -' sh "$scratch/gzip" "$CTREPLAY"
	in_files row -x 20
	in_files turns -t 4
	set -- "$@" ';' "20 pcapng files in a row" "$CTREPLAY" -q "$scratch/row" \
		';' "4 files in turn" "$CTREPLAY" -q "$scratch/turns"
	measured "2 million packets, other formats and files" -p 2000000 "$@"
}

# Options that do more than one replay of the table; --versus with the same kernel, as
# a difference is a status other than 0.  What is written is in memory: a file system on a
# disk may write a file to it when that is truncated or closed, which is not measured.
options()
{
	written=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
	capture -n 2000000 -c 100000 -l 5001 -d 600
	set -- "table only" "$CTREPLAY" -q "$capture" \
		';' "--kernel 5.10" "$CTREPLAY" -q --kernel 5.10 "$capture" \
		';' "--versus the same kernel" "$CTREPLAY" -q --versus '--kernel 6.18' \
			"$capture" \
		';' "lines of some (--show)" "$CTREPLAY" -p --show 'udp port 53' "$capture" \
		';' "frames written with -w" "$CTREPLAY" -q -w "$written/frames" "$capture" \
		';' "--annotate" "$CTREPLAY" -q --annotate "$written/annotated" "$capture"
	measured "2 million packets, options" -p 2000000 "$@"
	rm -rf "$written"
}

# Checksums, and copying from the page cache.
full()
{
	capture -n 1000000 -c 50000 -l 2501 -d 300 -f
	measured "1 million packets, most with 1,514 bytes" -p 1000000 \
		"floor: pcap_next_ex" "$BENCH_BIN/floor" "$capture" \
		';' "table only" "$CTREPLAY" -q "$capture"
}

# Two packets each of 10 million connections, all of which live at the end.
live()
{
	capture -n 20000000 -c 10000000 -l 10000000 -d 60 -t -4
	measured "20 million packets, 10 million live connections" -p 20000000 \
		"floor: pcap_next_ex" "$BENCH_BIN/floor" "$capture" \
		';' "table only" "$CTREPLAY" -q --hashsize 4194304 \
			--sysctl nf_conntrack_max=20000000 "$capture"
}

large()
{
	capture -n 10000000 -c 1000000 -l 50001 -d 600
	measured "10 million packets, 1 million connections" -p 10000000 \
		"floor: pcap_next_ex" "$BENCH_BIN/floor" "$capture" \
		';' "table only" "$CTREPLAY" -q $more "$capture"
}

# The same packets of the same connections, one time a thousand of them open
# together, one time all.  Sparse in time in the first, so that those that are
# done are gone, too.
growth()
{
	more="$more --sysctl nf_conntrack_tcp_timeout_established=60"
	capture -n 8000000 -c 1000000 -l 1000 -d 120000
	few=$capture few_most=$(most_entries)
	capture -n 8000000 -c 1000000 -l 1000000 -d 60
	many=$capture many_most=$(most_entries)
	measured "wall time with few entries and with many" -p 8000000 \
		"$few_most entries at most" "$CTREPLAY" -q $more "$few" \
		';' "$many_most entries" "$CTREPLAY" -q $more "$many"
}

# Bytes an entry: what a million more of them cost.
memory()
{
	for version in 4 6; do
		capture -n 1000 -c 1000 -l 1000 -d 1 -"$version" -t
		few=$capture few_most=$(most_entries)
		capture -n 1000000 -c 1000000 -l 1000000 -d 60 -"$version" -t
		many_most=$(most_entries)
		measured "memory of IPv$version TCP connections" -p 1000000 \
			"$few_most entries" "$CTREPLAY" -q $more "$few" \
			';' "$many_most entries" "$CTREPLAY" -q $more "$capture" |
			tee "$scratch/memory"
		[ -z "$BASELINE" ] || continue
		awk -v few="$few_most" -v many="$many_most" '
			/ entries / { mib[++n] = $(NF - 4) }
			END {
				printf "%.0f bytes an entry, %.1f MiB beside\n",
				(mib[2] - mib[1]) * 1048576 / (many - few),
				mib[1]
			}' "$scratch/memory"
	done
}

# What a program costs that has nearly nothing to do.
start()
{
	capture -n 10 -c 2
	measured "ten packets: start and end" -p 10 \
		"floor: pcap_next_ex" "$BENCH_BIN/floor" "$capture" \
		';' "a line a packet and the table" "$CTREPLAY" "$capture"
}

# A state of a million connections: what saving adds to a replay, and loading alone.  The
# file is in memory, as a disk's speed is not what is measured.
state()
{
	saved=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
	capture -n 1000000 -c 1000000 -l 1000000 -d 60 -4 -t
	"$CTREPLAY" -q -s $more --save-state "$saved/state" "$capture" >/dev/null
	measured "a state of 1,000,000 connections" -p 1000000 \
		"replay, statistics" "$CTREPLAY" -q -s $more "$capture" \
		';' "replay, save" "$CTREPLAY" -q -s $more \
			--save-state "$saved/new" "$capture" \
		';' "load, statistics" "$CTREPLAY" -q -s $more \
			--load-state "$saved/state" \
		';' "load, save" "$CTREPLAY" -q -s $more \
			--load-state "$saved/state" --save-state "$saved/new"
	wc -c <"$saved/state" |
		awk '{ printf "%.0f bytes a connection\n", $1 / 1000000 }'
	rm -rf "$saved"
}

# $1 rules of filter FORWARD behind one that accepts what is ESTABLISHED: no packet of
# the captures matches them.
make_rules()
{
	awk -v n="$1" 'BEGIN {
		print "*filter"
		print ":INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]"
		rule = "-A FORWARD "
		print rule "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"
		for (i = 1; i < n; i++) {
			a = i % 250 "." int(i / 250)
			if (i % 4 == 0)
				print rule "-s 172.16." a "/32 -p tcp -m tcp --dport 22 -j ACCEPT"
			else if (i % 4 == 1)
				print rule "-d 172.17." a "/32 -j DROP"
			else if (i % 4 == 2)
				print rule "-p udp -m multiport --dports 7,9 -j DROP"
			else
				print rule "-i eth9 -p tcp -m state --state NEW -j DROP"
		}
		print "COMMIT"
	}'
}

# A firewall: rules for most packets and for few, a set, and what loading costs.
rules()
{
	make_rules 100 >"$scratch/rules"
	make_rules 20000 >"$scratch/many"
	awk 'BEGIN {
		print "create s hash:ip family inet maxelem 200000"
		for (i = 0; i < 100000; i++)
			printf "add s 172.%d.%d.%d\n", 18 + int(i / 65536), \
				int(i / 256) % 256, i % 256
	}' >"$scratch/set"
	printf '%s\n' '*filter' ':FORWARD ACCEPT [0:0]' \
		'-A FORWARD -m set --match-set s src -j DROP' COMMIT >"$scratch/setrules"
	printf '%s\n' 'local 10.255.255.1 dev lan0 table local scope host' \
		'10.0.0.0/8 dev lan0 scope link' 'default via 203.0.113.1 dev wan0' \
		>"$scratch/routes"
	capture -n 2000000 -c 100000 -l 5001 -d 600
	measured "2 million packets through a firewall" -p 2000000 \
		"table only, no rules" "$CTREPLAY" -q "$capture" \
		';' "100 rules" "$CTREPLAY" -q --rules "$scratch/rules" --hook forward \
		"$capture" \
		';' "100 rules and routes" "$CTREPLAY" -q --rules "$scratch/rules" \
		--routes "$scratch/routes" "$capture" \
		';' "a set of 100,000 addresses" "$CTREPLAY" -q --rules \
		"$scratch/setrules" --ipsets "$scratch/set" --hook forward "$capture"
	capture -n 10 -c 2
	measured "ten packets, and rules to load" -p 10 \
		"no rules" "$CTREPLAY" -q "$capture" \
		';' "20,000 rules" "$CTREPLAY" -q --rules "$scratch/many" \
		--hook forward "$capture" \
		';' "a set of 100,000 addresses" "$CTREPLAY" -q --rules \
		"$scratch/setrules" --ipsets "$scratch/set" --hook forward "$capture"
}

model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
echo "# ${model:-unknown processor}, $(nproc) processors, $(uname -sr)"
for part in $PARTS; do
	"$part"
done
