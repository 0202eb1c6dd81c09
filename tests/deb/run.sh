#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh
#
# The Debian packages as their users meet them: built by "make deb", which
# fails where lintian has an error or a warning to tell, installed by apt in a
# bare Debian (debootstrap's minbase) of this machine's release, run there, and
# removed without a trace.  MAKE, B and VERSION are the Makefile's.
#
#	BASE_CACHE=DIR  the bare Debian is kept there and used again
#	TMPDIR=DIR      where it is unpacked; must allow devices and programs

set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/../.."
B=${B:-build}

skip() {
	echo "SKIP: check-deb: $*"
	exit 0
}

[ "$(id -u)" -eq 0 ] || skip "needs root, for chroot"
for tool in debootstrap lintian dpkg-buildpackage dh; do
	command -v "$tool" >/dev/null ||
		skip "no $tool here; .ci/setup ci installs it"
done

tmp=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay-deb.XXXXXX")
root=$tmp/root
log=$tmp/log

# debootstrap mounts these, and leaves them where it is stopped.
clean() {
	umount "$root/proc" "$root/sys" 2>/dev/null || :
	rm -rf --one-file-system "$tmp"
}
trap clean EXIT
trap 'exit 130' INT TERM

fail() {
	echo "FAIL check-deb: $*"
	exit 1
}

# quiet WHAT COMMAND...: what the command says is worth reading when it fails.
quiet() {
	what=$1
	shift
	begin=$(date +%s)
	if "$@" >"$log" 2>&1 </dev/null; then
		echo "check-deb: $what: $(($(date +%s) - begin)) s"
		return
	fi
	tail -n 40 "$log"
	fail "$what"
}

# Nothing of this machine's environment is to be seen in there but the way to
# the mirror.
inside() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
		DEBIAN_FRONTEND=noninteractive \
		${http_proxy:+http_proxy="$http_proxy"} \
		${https_proxy:+https_proxy="$https_proxy"} \
		chroot "$root" "$@"
}

# The machine's first Debian mirror, which is one that it can reach.
mirror() {
	cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources \
		/etc/apt/sources.list.d/*.list 2>/dev/null |
		sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)*//p' |
		awk '$1 ~ /debian\/*$/ { print $1; exit }'
}

bare_debian() {
	suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	[ -n "$suite" ] || fail "/etc/os-release names no release of Debian"
	base=${BASE_CACHE:+$BASE_CACHE/ctreplay-base-$suite.tar}
	mkdir "$root"
	if [ -n "$base" ] && [ -s "$base" ]; then
		quiet "unpack $base" tar -xpf "$base" -C "$root"
		return
	fi
	quiet "debootstrap $suite, minbase" debootstrap --variant=minbase \
		"$suite" "$root" "$(mirror)"
	if [ -n "$base" ]; then
		mkdir -p "$BASE_CACHE"
		tar -cf "$base.new" -C "$root" .
		mv "$base.new" "$base"
	fi
}

# As this machine does: mirrors, keys, certificates, names.
network() {
	rm -f "$root/etc/apt/sources.list"
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian* \
		    /etc/apt/apt.conf.d /etc/resolv.conf /etc/hosts \
		    /usr/share/keyrings /etc/ssl/certs \
		    /usr/local/share/ca-certificates; do
		[ -e "$file" ] || continue
		mkdir -p "$root$(dirname "$file")"
		cp -RL "$file" "$root$(dirname "$file")/" 2>/dev/null || :
	done
}

# same CASE: what the installed program says is what the golden test demands.
same() {
	inside sh -c "cd /src && ctreplay $(cat "tests/golden/$1/cmd")" |
		cmp - "tests/golden/$1/expected" || fail "golden case $1"
}

quiet "make deb, with lintian" $MAKE deb
bare_debian
network

mkdir "$root/packages" "$root/src"
cp "$B"/deb/*.deb "$root/packages/"
cp -R testdata "$root/src/"
quiet "apt-get update" inside apt-get -qq update
quiet "apt-get install the packages" inside sh -c \
	'apt-get -qq -y --no-install-recommends install /packages/*.deb'

# The program, without what is only recommended; gzip needs nothing.
inside ctreplay --version | grep -q "^ctreplay $VERSION" || fail "--version"
same telnet-syn
same ftp-active
same opt-json
gzip -nc testdata/telnet-syn.pcap >"$root/src/telnet-syn.pcap.gz"
inside ctreplay /src/telnet-syn.pcap.gz |
	cmp - tests/golden/telnet-syn/expected || fail "a compressed capture"

# What comes along.
for file in share/man/man1/ctreplay.1.gz share/fish/vendor_completions.d \
	    share/bash-completion/completions/ctreplay \
	    share/zsh/vendor-completions/_ctreplay \
	    share/doc/ctreplay/copyright include/ctreplay/conntrack.h; do
	[ -e "$root/usr/$file" ] || fail "/usr/$file is missing"
done

# The library: its example, built from the installed headers, runs there.
lib=$(dirname "$(find "$root/usr/lib" -name libctreplay.so)")
${CC:-cc} -o "$root/src/states" -I"$root/usr/include" examples/states.c \
	-L"$lib" -lctreplay -lpcap || fail "the example does not build"
inside /src/states /src/testdata/tcp-rst.pcap >"$tmp/got" ||
	fail "the example does not run"
grep -q '^INVALID  *2$' "$tmp/got" || fail "the example says: $(cat "$tmp/got")"

quiet "apt-get purge" inside \
	apt-get -qq -y purge ctreplay libctreplay1 libctreplay-dev
inside find / -xdev -name '*ctreplay*' ! -path '/packages/*' ! -path '/src/*' \
	! -path '/var/lib/apt/*' ! -path '/var/cache/*' >"$tmp/left"
[ ! -s "$tmp/left" ] || fail "left behind: $(cat "$tmp/left")"
echo "check-deb: passed"
