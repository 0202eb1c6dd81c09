#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# fetch.sh [-s SUITE]... [-l] [VERSION]
#
# Fetches a Debian kernel for boot.sh and prints its directory.  VERSION is a
# branch ("6.1": the newest kernel of it), an upstream release ("6.1.176") or
# the version of the Debian package ("6.1.176-1"); without it the newest
# kernel of the suites.  -l lists the versions that the suites have instead.
#
# apt(8) does the work, with lists and a package cache of its own below the
# cache directory, so that it checks signatures and uses the mirror and the
# proxy that this machine is set up for.  Nothing is installed.
#
#	KERNEL_CACHE	the cache directory (default build/kernels)
#	KERNEL_SUITES	the suites in place of those of the branch
# shellcheck disable=SC2046,SC2086 # words are wanted
set -eu

prog=${0##*/}
here=$(cd "$(dirname "$0")" && pwd)
cache=${KERNEL_CACHE:-build/kernels}
suites=${KERNEL_SUITES:-}
list=

fail() {
	echo "$prog: $*" >&2
	exit 1
}

while getopts s:l option; do
	case $option in
	s) suites="$suites $OPTARG" ;;
	l) list=1 ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
want=${1:-}
[ $# -le 1 ] || fail "one version at a time"

PATH=$PATH:/usr/sbin:/sbin
for tool in apt-get apt-cache dpkg-deb cpio busybox depmod gzip; do
	command -v "$tool" >/dev/null || fail "$tool is missing"
done

# A suite and its security updates.
suites_of() {
	case $1 in
	5.10|5.10.*) echo bullseye bullseye-security ;;
	6.1|6.1.*) echo bookworm bookworm-security ;;
	6.12|6.12.*) echo trixie trixie-security bookworm-backports ;;
	6|7|6.*|7.*) echo trixie-backports bookworm-backports sid experimental ;;
	*) echo sid ;;
	esac
}
[ -n "$suites" ] || suites=$(suites_of "$want")

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
apt=$cache/apt-$(echo $suites | tr ' ' +)

# The first URI that apt is set up for and that matches: "security" or not.
mirror() {
	cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources \
		/etc/apt/sources.list.d/*.list 2>/dev/null |
		sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\{0,1\}\([a-z]*:[^ ]*\).*/\2/p' |
		tr ' ' '\n' | grep 'debian' | grep $1 security | head -n 1
}
main=$(mirror -v) || main=http://deb.debian.org/debian
security=$(mirror -e) || security=http://deb.debian.org/debian-security

with_apt() {
	command=$1
	shift
	"$command" -o Dir::Etc::SourceList="$apt/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State="$apt/state" -o Dir::Cache="$apt/cache" \
		-o Dir::State::status="$apt/status" \
		-o APT::Architecture=amd64 -o APT::Architectures=amd64 \
		-o APT::Sandbox::User=root -o Acquire::Languages=none \
		-o Acquire::Check-Valid-Until=false "$@"
}

# Lists that are a day old are read anew.
update() {
	[ -z "$(find "$apt/updated" -mtime -1 2>/dev/null)" ] || return 0
	mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
	: >"$apt/status"
	for suite in $suites; do
		uri=$main
		case $suite in *-security) uri=$security ;; esac
		echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main"
	done >"$apt/sources.list"
	if ! with_apt apt-get -q update >"$apt/log" 2>&1 ||
		grep -q '^[EW]:' "$apt/log"; then
		cat "$apt/log" >&2
		fail "apt-get update fails"
	fi
	: >"$apt/updated"
}

# "VERSION NAME" of each kernel image, the oldest first.  The archive removes
# the modules of some kernels before the kernels.
kernels() {
	with_apt apt-cache dumpavail |
		awk '$1 == "Package:" { name = $2 }
		     $1 == "Version:" { version = $2; has[name, version] = 1 }
		     $1 == "Version:" && name ~ /^linux-image-[0-9].*-amd64$/ {
			image[version, name] = substr(name, 13) }
		     $1 == "Depends:" && / linux-modules-/ {
			needs[version, name] = 1 }
		     END {
			for (i in image) {
				split(i, part, SUBSEP)
				if (!needs[i] || has["linux-modules-" image[i],
						     part[1]])
					print part[1], image[i]
			} }' |
		grep -vE ' .*(cloud|-rt-|unsigned|dbg)' | sort -uV
}

# Those of the wanted version: the whole of it, or up to a separator.
matching() {
	awk -v want="$want" '
		want == "" || $1 == want { print; next }
		index($1, want) == 1 &&
			index(".-~+", substr($1, length(want) + 1, 1)) { print }'
}

update
if [ -n "$list" ]; then
	kernels | matching
	exit
fi
found=$(kernels | matching | tail -n 1)
[ -n "$found" ] || fail "no kernel ${want:-at all} in $suites"
version=${found% *} name=${found#* }
dir=$cache/$version
if [ -f "$dir/initrd" ]; then
	echo "$dir"
	exit
fi

work=$(mktemp -d "$cache/unpack.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# Since 7.2 the kernel and its modules are packages of their own.
cd "$work"
for part in image binary modules; do
	package=linux-$part-$name
	with_apt apt-cache show "$package=$version" >/dev/null 2>&1 || continue
	with_apt apt-get -q download "$package=$version" >&2 ||
		fail "cannot download $package $version"
	dpkg-deb -x linux-"$part"-*.deb tree
	rm linux-"$part"-*.deb
done
"$here/initrd.sh" tree new
gzip -dc tree/usr/share/doc/linux-*/changelog.Debian.gz >new/changelog 2>/dev/null || :
echo "$name" >new/release
mv new "$dir"
echo "$dir"
