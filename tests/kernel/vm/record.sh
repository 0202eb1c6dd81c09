#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# record.sh KERNEL BLOCKS ANSWERS
#
# Boots the kernel in the directory KERNEL (fetch.sh) and records what it says
# to each file in the directory BLOCKS, as a file of the same name, without
# ".xz", in the directory ANSWERS, which is made anew; the file "sysctls" there
# says which values its sysctls take.
#
#	BUILD	where check-kernel is (default build)
set -eu

[ $# -eq 3 ] || {
	sed -n 's/^# \{0,1\}//; 4,10p' "$0" >&2
	exit 2
}
here=$(cd "$(dirname "$0")" && pwd)
check=$(cd "${BUILD:-build}" && pwd)/check-kernel
kernel=$(cd "$1" && pwd)
blocks=$(cd "$2" && pwd)
rm -rf "$3"
mkdir -p "$3"
answers=$(cd "$3" && pwd)

# Writing to the shared directory is slow, so that answers first go to memory.
VM_SECONDS=${VM_SECONDS:-14400} "$here/boot.sh" "$kernel" "$answers" "
	export TMPDIR=/dev/shm
	for file in '$blocks'/*; do
		name=\${file##*/}
		name=\${name%.xz}
		'$check' record \"\$file\" /dev/shm/answers >/dev/shm/log 2>&1 || {
			cat /dev/shm/log
			exit 1
		}
		cp /dev/shm/answers '$answers'/\"\$name\"
	done
	'$here'/../sysctls.sh ask all >'$answers'/sysctls"
