#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# ctreplay-snapshot - writes what ctreplay --firewall reads: the rules, sets, routes
# and settings of this machine.
#
# For the firewall itself: it needs a POSIX shell and root, and takes what is there of
# iptables-save, ip6tables-save, ipset, ip, sysctl and uname.  It changes nothing but
# the files in DIR.

usage()
{
	cat <<'END'
Usage: ctreplay-snapshot DIR
Write the rules, sets, routes and settings of this machine into files in DIR, for
ctreplay --firewall DIR.  Run it as root on the firewall.

  rules, rules6   iptables-save, ip6tables-save
  ipsets          ipset save
  routes          ip route show table all, ip -6 route show table all
  links           ip link show
  sysctls         sysctl -a, of the network
  kernel          the kernel's version

Exit status: 0 if there are rules, 1 if something failed, 2 usage error.
END
}

say()
{
	echo "ctreplay-snapshot: $*" >&2
}

have()
{
	command -v "$1" >/dev/null 2>&1
}

# take FILE COMMAND...: its output into DIR/FILE, if it prints anything.  A file of
# before goes away with it: a half of each would be no firewall.
take()
{
	file=$dir/$1
	shift
	rm -f "$file"
	if ! "$@" >"$file.new" 2>"$file.error"; then
		say "$*: $(head -n 1 "$file.error")"
		failed=1
	elif [ -s "$file.new" ]; then
		mv "$file.new" "$file"
	fi
	rm -f "$file.new" "$file.error"
}

routes()
{
	ip route show table all && {
		# Without IPv6 in the kernel there is nothing to say of it.
		ip -6 route show table all 2>/dev/null || :
	}
}

# What of sysctl -a is about the network; without that program the files themselves.
sysctls()
{
	if have sysctl; then
		sysctl -a 2>/dev/null | grep '^net\.'
		return 0
	fi
	find /proc/sys/net -type f | while read -r name; do
		read -r value 2>/dev/null <"$name" &&
			echo "${name#/proc/sys/} = $value" | tr / .
	done
	return 0
}

# Debian's uname -r has the ABI's number, uname -v the release.
kernel()
{
	release=$(uname -v | sed -n 's/.*Debian \([0-9][0-9.]*\).*/\1/p')
	echo "${release:-$(uname -r)}"
}

# Rules of the other back end are in force, too, and are not in the file.
warn_of_other()
{
	case $(iptables-save 2>/dev/null | head -n 1) in
	*nf_tables*)	other=iptables-legacy-save ;;
	*)		other=iptables-nft-save ;;
	esac
	if have "$other" && "$other" 2>/dev/null | grep -q '^-A'; then
		say "$other prints rules as well; only those of iptables-save are taken"
	fi
}

case $1 in
-h | --help)
	usage
	exit 0 ;;
esac
if [ $# -ne 1 ] || [ "${1#-}" != "$1" ]; then
	usage >&2
	exit 2
fi
dir=$1
failed=
umask 077
mkdir -p "$dir" || exit 1

for command in iptables:rules ip6tables:rules6; do
	if have "${command%:*}-save"; then
		take "${command#*:}" "${command%:*}-save"
	fi
done
if have iptables-save; then
	warn_of_other
fi
if have ipset; then
	take ipsets ipset save
fi
if have ip; then
	take routes routes
	take links ip link show
else
	say "there is no ip(8): routes are missing"
	failed=1
fi
take sysctls sysctls
take kernel kernel
if [ ! -e "$dir/rules" ] && [ ! -e "$dir/rules6" ]; then
	say "neither iptables-save nor ip6tables-save prints rules here"
	failed=1
fi
exit ${failed:-0}
