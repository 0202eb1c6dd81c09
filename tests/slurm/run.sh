#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [parallel]
#
# Runs examples/slurm over 64 capture points and compares the result with that of
# one run after the other, byte for byte.
#
# With Slurm: a controller and two nodes on this machine, everything below a temporary
# directory, on loopback alone, with a munge of its own.  A node is killed on the way, with
# all its processes, since it is a PID namespace; the other node must run its tasks again.
# "parallel": with GNU parallel, and what else point.sh promises.  CTREPLAY is the program.

set -u
export LC_ALL=C TZ=UTC
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
here=$PWD
program=$(realpath "${CTREPLAY:-build/ctreplay}")
options='-s -C --top src:1000 --top dst:1000 --top port:1000'

. tests/tally.sh

need=(slurmctld slurmd sbatch squeue scontrol munged unshare)
[ "${1-}" = parallel ] && need=(parallel)
for tool in "${need[@]}"; do
	command -v "$tool" >/dev/null && continue
	echo "SKIP: check-slurm: no $tool (Debian: slurmctld slurmd slurm-client munge parallel)"
	exit 0
done
if [ "${1-}" != parallel ] &&
   ! unshare --pid --fork --mount-proc true 2>/dev/null; then
	echo "SKIP: check-slurm: no PID namespaces (are you root?)"
	exit 0
fi

tmp=$(mktemp -d) || exit 2
chmod 755 "$tmp"
pids=()

# children PID
children()
{
	cat "/proc/$1/task/$1/children" 2>/dev/null
}

# The first process of a PID namespace takes all others with it, and unshare, which
# started it, waits for its end.
kill_node()
{
	local first

	for first in $(children "$1"); do
		kill -KILL "$first"
	done
}

are_gone()
{
	local pid

	for pid in "${pids[@]}"; do
		! kill -0 "$pid" 2>/dev/null || return 1
	done
}

# Ends what was started, by its number.
cleanup()
{
	local pid

	for pid in ${one-} ${two-}; do
		kill_node "$pid"
	done
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null
	done
	await 5 are_gone || kill -KILL "${pids[@]}" 2>/dev/null
	rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

captures=$tmp/captures
python3 tests/slurm/points.py "$captures" || exit 2

# One after the other, each point at once, without states.
mkdir "$tmp/serial"
for point in "$captures"/*; do
	# shellcheck disable=SC2086 # options are words
	"$program" $options -q -o json "$point"/* >"$tmp/serial/${point##*/}.json" || exit 2
done
(cd "$tmp/serial" && "$program" --merge -q -o json -- *.json) >"$tmp/wanted" || exit 2

# same NAME RESULTS: compares with these.
same()
{
	if cmp "$tmp/wanted" "$2/merged.json"; then
		pass "$1: $(wc -c <"$tmp/wanted") bytes of $(wc -l <"$2/points") points"
	else
		fail "$1" /dev/null
	fi
}

check_parallel()
{
	local results=$tmp/parallel damaged=$captures/point-07/0.pcap

	export CTREPLAY=$program CTREPLAY_OPTIONS=$options
	if examples/slurm/parallel.sh "$captures" "$results" >"$tmp/said" 2>&1; then
		same "GNU parallel" "$results"
	else
		fail "GNU parallel" "$tmp/said"
	fi
	# Again, after a point has lost all, and one was killed between its two files: the same,
	# and nothing else is done.
	touch "$tmp/before"
	rm -r "$results/point-03" "$results/point-03.json" "$results/merged.json"
	rm "$results/point-05/000003.2.pcap.state"
	if examples/slurm/parallel.sh "$captures" "$results" >"$tmp/said" 2>&1 &&
	   [ "$(find "$results" -name '*.state' -newer "$tmp/before" | wc -l)" -le 5 ]; then
		same "what is there is not done again" "$results"
	else
		fail "again" "$tmp/said"
	fi
	# A file that came late would change what was printed.
	cp "$damaged" "$captures/point-07/0-late.pcap"
	if examples/slurm/point.sh "$captures" "$results" point-07 >"$tmp/said" 2>&1 ||
	   ! grep -q 'came late' "$tmp/said"; then
		fail "a late file" "$tmp/said"
	else
		pass "a late file is refused"
	fi
	rm "$captures/point-07/0-late.pcap"
	# No result is left of a run that fails, and there is no merge.
	rm -rf "$results/merged.json" "$results/point-07" "$results/point-07.json"
	cp "$damaged" "$tmp/kept"
	echo nonsense >"$damaged"
	if examples/slurm/parallel.sh "$captures" "$results" >"$tmp/said" 2>&1 ||
	   [ -e "$results/merged.json" ] || [ -e "$results/point-07.json" ]; then
		fail "a file that is no capture" "$tmp/said"
	else
		pass "a file that is no capture stops the merge"
	fi
	cp "$tmp/kept" "$damaged"
	if [ -n "$(find "$results" -name '*.*.[0-9]*[0-9]' ! -name '*.json')" ]; then
		fail "temporary files are left" /dev/null
	fi
}

# start COMMAND...: in the background; $pid is its number.
start()
{
	"$@" >>"$tmp/log/${1##*/}" 2>&1 &
	pid=$!
	disown
	pids+=("$pid")
}

# Ports that nobody has now.
ports()
{
	python3 -c 'import socket
s = [socket.socket() for _ in range(3)]
for x in s: x.bind(("127.0.0.1", 0))
print(*(x.getsockname()[1] for x in s))'
}

configure()
{
	local host control first second

	host=$(uname -n)
	host=${host%%.*}
	read -r control first second < <(ports)
	cat >"$tmp/slurm.conf" <<-END
	ClusterName=test
	SlurmctldHost=$host(127.0.0.1)
	SlurmUser=root
	SlurmdUser=root
	AuthType=auth/munge
	CredType=cred/munge
	AuthInfo=socket=$tmp/munge/socket
	SlurmctldPort=$control
	SlurmctldPidFile=$tmp/slurmctld.pid
	SlurmdPidFile=$tmp/%n.pid
	SlurmdSpoolDir=$tmp/spool.%n
	StateSaveLocation=$tmp/state
	ProctrackType=proctrack/linuxproc
	TaskPlugin=task/none
	JobAcctGatherType=jobacct_gather/none
	AccountingStorageType=accounting_storage/none
	SelectType=select/cons_tres
	SelectTypeParameters=CR_Core
	SwitchType=switch/none
	MpiDefault=none
	SlurmdParameters=config_overrides
	SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=10000,bf_interval=1
	SlurmdTimeout=3
	MessageTimeout=5
	KillWait=1
	NodeName=one NodeHostname=$host NodeAddr=127.0.0.1 Port=$first CPUs=4
	NodeName=two NodeHostname=$host NodeAddr=127.0.0.1 Port=$second CPUs=4
	PartitionName=all Nodes=one,two Default=YES State=UP
	END
	mkdir "$tmp/state" "$tmp/spool.one" "$tmp/spool.two"
	export SLURM_CONF=$tmp/slurm.conf
}

# await SECONDS COMMAND...: until it succeeds.
await()
{
	local until=$((SECONDS + $1))

	shift
	until "$@"; do
		[ "$SECONDS" -lt "$until" ] || return 1
		sleep 0.2
	done
}

nodes_are_idle()
{
	[ "$(sinfo -h -t idle -o %D 2>/dev/null)" = 2 ]
}

start_cluster()
{
	mkdir "$tmp/munge" "$tmp/log"
	(umask 077 && head -c 1024 /dev/urandom >"$tmp/munge/key")
	start munged --foreground --force --num-threads=2 --key-file="$tmp/munge/key" \
		--socket="$tmp/munge/socket" --pid-file="$tmp/munge/pid" \
		--log-file="$tmp/munge/log" --seed-file="$tmp/munge/seed"
	configure
	await 10 test -S "$tmp/munge/socket" || return
	start slurmctld -D -c
	for node in one two; do
		start unshare --pid --fork --kill-child --mount-proc slurmd -D -N "$node"
		eval "$node=$pid"
	done
	await 30 nodes_are_idle
}

tasks_on()
{
	[ "$(squeue -h -r -t running -w "$1" | wc -l)" -ge 2 ] &&
		[ "$(find "$tmp/slurm" -name 'point-*.json' | wc -l)" -ge 5 ]
}

# Tasks of a node that has failed wait for two minutes; here they begin at once.
begin_at_once()
{
	local task

	for task in $(squeue -h -r -t pending -o '%i %r' | sed -n 's/ BeginTime$//p'); do
		echo "$task" >>"$tmp/again"
		scontrol update JobId="$task" StartTime=now
	done
}

is_done()
{
	begin_at_once
	! squeue -h -j "$1" 2>/dev/null | grep -q .
}

check_slurm()
{
	local results=$tmp/slurm array merge killed

	start_cluster || {
		fail "the cluster does not start" /dev/null
		tail -n 20 "$tmp"/log/*
		return
	}
	# So slow that the node is killed in the middle of its tasks.
	printf '#!/bin/sh\nsleep 0.2\nexec %s "$@"\n' "$program" >"$tmp/slow"
	chmod +x "$tmp/slow"
	export CTREPLAY=$tmp/slow CTREPLAY_OPTIONS=$options
	read -r array merge < <(examples/slurm/submit.sh "$captures" "$results" \
		--cpus-per-task=1 2>"$tmp/said")
	if [ -z "${merge-}" ]; then
		fail "jobs are submitted" "$tmp/said"
		return
	fi
	if await 30 tasks_on two; then
		killed=$(squeue -h -r -t running -w two -o %i | tr '\n' ' ')
		# shellcheck disable=SC2154 # start_cluster() sets it
		kill_node "$two"
		pass "node two is killed with the tasks $killed"
	else
		fail "tasks run on node two" /dev/null
		squeue
	fi
	if ! await 90 is_done "$merge"; then
		fail "the jobs end" /dev/null
		squeue -r
		sinfo
		tail -n 20 "$tmp"/log/*
		return
	fi
	if [ -s "$tmp/again" ] && grep -qi requeue "$tmp/log/slurmctld"; then
		pass "run again: $(sort -u "$tmp/again" | tr '\n' ' ')"
	else
		fail "no task was put back into the queue" "$tmp/log/slurmctld"
	fi
	if [ -f "$results/merged.json" ]; then
		same "Slurm, with the death of a node" "$results"
	else
		fail "there is a merge" /dev/null
		tail -n 5 "$results"/log/*
	fi
}

if [ "${1-}" = parallel ]; then
	check_parallel
else
	check_slurm
fi
tally slurm
