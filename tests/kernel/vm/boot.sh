#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# boot.sh KERNEL SHARE COMMAND
#
# Boots the kernel that fetch.sh put into KERNEL in a virtual machine, runs
# COMMAND there as root and ends with its exit status.  The machine sees this
# one's root file system: whatever it writes goes to memory, except below the
# directory SHARE.  It has no network.  COMMAND's output appears when it ends.
#
#	VM_ACCEL	"kvm" where that works (default "tcg": emulation)
#	VM_MEMORY	megabytes (default 3072)
#	VM_SECONDS	how long it may take (default 7200)
set -eu

[ $# -eq 3 ] || {
	sed -n 's/^# \{0,1\}//; 4,14p' "$0" >&2
	exit 2
}
kernel=$1
mkdir -p "$2/.vm"
share=$(cd "$2" && pwd)
command -v qemu-system-x86_64 >/dev/null || {
	echo "${0##*/}: qemu-system-x86_64 is missing (Debian: qemu-system-x86)" >&2
	exit 1
}

modules="tun bridge br_netfilter nf_conntrack nf_conntrack_netlink \
nfnetlink_log nf_tables nft_ct nft_log nft_fib_inet nf_log_syslog nf_log_ipv4 \
nf_log_ipv6"
rm -f "$share/.vm/status" "$share/.vm/output"
{
	echo 'export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root'
	# What check-kernel cannot load from within its namespaces.
	echo "for m in $modules; do modprobe -q \$m; done"
	echo 'ip link set lo up'
	echo "cd '$(pwd)'"
	echo "$3"
} >"$share/.vm/command"

timeout "${VM_SECONDS:-7200}" qemu-system-x86_64 -accel "${VM_ACCEL:-tcg}" \
	-cpu max -m "${VM_MEMORY:-3072}" -smp 1 -nographic -no-reboot -net none \
	-kernel "$kernel/vmlinuz" -initrd "$kernel/initrd" \
	-append "console=ttyS0 quiet panic=-1 share=$share " \
	-virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
	-virtfs "local,path=$share,mount_tag=share,security_model=none" \
	</dev/null >"$share/.vm/console" 2>&1 || :

[ ! -f "$share/.vm/output" ] || cat "$share/.vm/output"
[ -f "$share/.vm/status" ] || {
	echo "${0##*/}: the machine ended before the command did:" >&2
	tail -n 5 "$share/.vm/console" >&2
	exit 1
}
exit "$(cat "$share/.vm/status")"
