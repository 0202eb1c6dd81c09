#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# initrd.sh TREE OUT
#
# Makes OUT/vmlinuz and OUT/initrd of the kernel packages unpacked in TREE.
# The initial file system has busybox, the modules that connection tracking,
# its helpers, a bridge, taps and the machine's own file system need, and an
# init that boot.sh talks to.
set -eu

tree=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)

# Debian 13 moved /lib to /usr/lib, 7.2 the kernel beside its modules.
for modules in "$tree"/lib/modules/* "$tree"/usr/lib/modules/*; do
	[ -d "$modules/kernel" ] && break
done
[ -d "$modules/kernel" ] || {
	echo "${0##*/}: $1 has no modules" >&2
	exit 1
}
release=${modules##*/}
for kernel in "$tree"/boot/vmlinuz-* "$modules"/vmlinuz*; do
	[ -f "$kernel" ] && break
done
cp "$kernel" "$out/vmlinuz"

root=$(mktemp -d "$out/root.XXXXXX")
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bin" "$root/sbin" "$root/proc" "$root/sys" "$root/dev" \
	"$root/mnt" "$root/lib/modules/$release"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in sh mount mkdir cat cp echo chroot depmod poweroff; do
	ln -s busybox "$root/bin/$applet"
done
# The path at which the kernel itself looks for it.
ln -s ../bin/busybox "$root/sbin/modprobe"

(
	cd "$modules"
	for part in net lib crypto arch/x86/crypto drivers/net/tun.ko \
		drivers/net/veth.ko drivers/net/dummy.ko drivers/virtio \
		fs/9p fs/netfs fs/fscache fs/overlayfs; do
		for file in "kernel/$part"*; do
			[ ! -e "$file" ] || echo "$file"
		done
	done
	for file in modules.builtin modules.builtin.modinfo modules.order; do
		[ ! -f "$file" ] || echo "$file"
	done
) | tar -C "$modules" -cf - -T - | tar -C "$root/lib/modules/$release" -xf -
find "$root/lib/modules" -name '*.ko.xz' -exec xz -d {} +
find "$root/lib/modules" -name '*.ko.zst' -exec zstd -q -d --rm {} +
depmod -b "$root" "$release" 2>/dev/null

cat >"$root/init" <<'INIT'
#!/bin/sh
# The machine's root, which nothing can write to, below a file system in
# memory; "share=" on the command line is the one directory that is written.
export PATH=/bin
end() {
	echo "init: $*"
	poweroff -f
}
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in virtio_pci 9pnet_virtio 9p overlay; do
	modprobe $module 2>/dev/null
done
options=trans=virtio,version=9p2000.L,msize=1048576
mkdir /mnt/host /mnt/memory /mnt/root
mount -t 9p -o ro,cache=loose,$options host /mnt/host || end no root
mount -t tmpfs memory /mnt/memory
mkdir /mnt/memory/upper /mnt/memory/work
mount -t overlay -o lowerdir=/mnt/host,upperdir=/mnt/memory/upper,workdir=/mnt/memory/work \
	overlay /mnt/root || end no overlay
share=$(cat /proc/cmdline)
share=${share##*share=}
share=${share%% *}
for directory in proc sys dev; do
	mount -o bind /$directory /mnt/root/$directory
done
mkdir -p /mnt/root/dev/pts /mnt/root/dev/shm
mount -t devpts pts /mnt/root/dev/pts
mount -t tmpfs shm /mnt/root/dev/shm
mount -t tmpfs run /mnt/root/run
mkdir -p /mnt/root/lib/modules /mnt/root$share
mount -t tmpfs modules /mnt/root/lib/modules
cp -a /lib/modules/* /mnt/root/lib/modules/
mount -t 9p -o cache=none,$options share /mnt/root$share || end no share
chroot /mnt/root /bin/sh "$share/.vm/command" >"/mnt/root$share/.vm/output" 2>&1
echo $? >"/mnt/root$share/.vm/status"
poweroff -f
INIT
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$out/initrd.new"
mv "$out/initrd.new" "$out/initrd"
