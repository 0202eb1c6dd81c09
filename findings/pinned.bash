# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# pinned.bash - sourced by the findings: packages of a Debian release, of exact
# versions, in a temporary directory, and programs from there.
#
# It needs apt, the keyring of Debian's archive, and the network; nothing is
# installed on the machine.  A finding exits with 0 when all is as its head says,
# with 1 when the output is another one, and with 77 when it could not be tried.
#
#	MIRROR    another mirror of Debian's archive than http://deb.debian.org/debian

set -eu
export LC_ALL=C TZ=UTC

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
root=$tmp/root
export root HOME=$tmp

# skip REASON: the finding cannot be tried here.
skip()
{
	echo "SKIP: $*" >&2
	exit 77
}

# unpack SUITE PACKAGE=VERSION...: these, and what they depend on, into $root, in place of
# what an earlier call left there.
unpack()
{
	local suite=$1 key=/usr/share/keyrings/debian-archive-keyring.gpg deb
	shift
	rm -rf "$root" "${tmp:?}/var"
	mkdir -p "$root" "$tmp"/var/lib/dpkg "$tmp"/etc/apt/{apt.conf,preferences}.d \
		"$tmp"/var/{lib/apt/lists,cache/apt/archives}/partial
	: >"$tmp/var/lib/dpkg/status"
	echo "deb [signed-by=$key] ${MIRROR:-http://deb.debian.org/debian} $suite main" \
		>"$tmp/etc/apt/sources.list"
	cat >"$tmp/apt.conf" <<-END
	Dir "$tmp/";
	Dir::State::status "$tmp/var/lib/dpkg/status";
	Acquire::Languages "none";
	APT::Update::Error-Mode "any";
	APT::Sandbox::User "";
	END
	export APT_CONFIG=$tmp/apt.conf
	apt-get -qq update >&2 || skip "the package list of $suite cannot be fetched"
	apt-get -qq --no-install-recommends --download-only install "$@" >&2 ||
		skip "$suite has not all of $* any more"
	for deb in "$tmp"/var/cache/apt/archives/*.deb; do
		dpkg-deb -x "$deb" "$root"
	done
}

# run PROGRAM [ARGUMENT...]: from $root, with the loader and the libraries there.
run()
{
	local name=$1 loader arch
	shift
	loader=$(find "$root" -type f \( -name 'ld-linux*.so.*' -o -name 'ld-2*.so' \))
	arch=$(basename "$(dirname "$(find "$root" -name libc.so.6)")")
	XTABLES_LIBDIR=$root/usr/lib/$arch/xtables WIRESHARK_DATA_DIR=$root/usr/share/wireshark \
		"$loader" --library-path "$root/lib/$arch:$root/usr/lib/$arch" \
		"$(find "$root" -path "*bin/$name" -print -quit)" "$@"
}

# in_netns FUNCTION: calls it in a network namespace of its own.
in_netns()
{
	unshare --map-root-user --net true || skip "no network namespace can be made here"
	unshare --map-root-user --net bash -euc "$(declare -f run "$1"); $1"
}

# both_releases FUNCTION BOOKWORM TRIXIE: for each of the two, its name, and the function
# in a network namespace with that release's packages, which are words of one argument.
both_releases()
{
	local suite packages
	for suite in bookworm trixie; do
		packages=$2
		[ $suite = bookworm ] || packages=$3
		# The packages are words.
		# shellcheck disable=SC2086
		unpack $suite $packages
		echo "$suite"
		in_netns "$1" 2>"$tmp/said" || skip "this kernel has not what it takes"
	done
}

# check: what is in $tmp/got is what standard input says.
check()
{
	cat "$tmp/got"
	if ! diff -u --label expected --label seen - "$tmp/got" >"$tmp/diff"; then
		echo "CHANGED: the output is another one" >&2
		cat "$tmp/diff" >&2
		exit 1
	fi
}
