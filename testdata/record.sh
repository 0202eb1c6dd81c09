#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Record the captures of real programs: one function a scenario, one capture each
# (a few make two).  Needs root: everything happens in network namespaces that the
# script makes and removes, without a way to the outside.
#
#   record.sh             all scenarios
#   record.sh NAME...     these
#   record.sh -l          their names
#
#   client 192.0.2.10 ---- 192.0.2.1 router 198.51.100.1 ---- 198.51.100.20 server
#          2001:db8:1::10      :1::1        2001:db8:2::1     2001:db8:2::20
#              eth0            left             right              eth0
#
# The captures are taken at the router's left side unless the scenario says otherwise.
# Offloads are off, so that the checksums are those of the wire, and the neighbours
# are known, so that no ARP gets in between; scenarios that want these undo that.

set -u

here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
prefix=ctr$$
started=()                    # process ids of what runs now

server=198.51.100.20
server6=2001:db8:2::20
all=(http-curl http-curl6 telnet dns ping ping6 traceroute traceroute6 traceroute-icmp traceroute-tcp
     tcp-refused tcp-timeout udp-unreachable icmp-unreachable midstream port-scan port-scan-udp
     tcp-abort tcp-simopen tcp-half-close tcp-zero-window tcp-loss tcp-keepalive tcp-port-reuse
     tcp-self-lo ftp-active ftp-passive ftp6 ftp-session tftp tftp6 irc sane sane6 amanda
     pptp netbios snmp sip sip-tcp sip6 pmtu pmtu6 udp-stream vrrp ospf vlan vlan-qinq sll sll2 sll2-twice raw-tun
     snaplen-60 nanosecond one-way offload-client editcap-pcapng)

packages() {
	cat <<-END
		tcpdump tcpdump
		ip iproute2
		ethtool ethtool
		nft nftables
		python3 python3
		curl curl
		dig bind9-dnsutils
		dnsmasq dnsmasq-base
		ping iputils-ping
		traceroute traceroute
		nmap nmap
		telnet inetutils-telnet
		telnetd inetutils-telnetd
		keepalived keepalived
		bird bird2
		vsftpd vsftpd
		tnftp tnftp
		in.tftpd tftpd-hpa
		tftp tftp-hpa
		ngircd ngircd
		saned sane-utils
		scanimage sane-utils
		amservice amanda-common
		/usr/lib/amanda/sendbackup amanda-client
		pptp pptp-linux
		pptpd pptpd
		nmbd samba
		nmblookup samba-common-bin
		snmpsimd snmpsim
		snmpget snmp
		sipp sip-tester
		editcap wireshark-common
	END
}

exec 3>&1 4>&2                # what is for the person at the terminal; the rest goes to a log

die() { echo "record.sh: $*" >&4; exit 1; }

check() {
	local missing=()
	while read -r program package; do
		command -v "$program" >/dev/null || missing+=("$package")
	done < <(packages)
	[ ${#missing[@]} -eq 0 ] || die "programs are missing; try: apt-get install ${missing[*]}"
	[ "$(id -u)" -eq 0 ] || die "needs root, for the network namespaces"
}

# Processes: what starts here ends here -------------------------------------------------

on() {                                    # on client|router|server COMMAND...
	local where=$1; shift
	ip netns exec "$prefix-$where" "$@"
}

start() {                                 # start WHERE COMMAND...; the process id is in $pid
	local where=$1; shift
	ip netns exec "$prefix-$where" "$@" </dev/null >>"$tmp/log" 2>&1 &
	pid=$!
	started+=("$pid")
}

stop() {                                  # stop PID [SIGNAL]
	kill -s "${2:-TERM}" "$1" 2>/dev/null
	wait "$1" 2>/dev/null
	local p kept=()
	for p in ${started[@]+"${started[@]}"}; do [ "$p" = "$1" ] || kept+=("$p"); done
	started=(${kept[@]+"${kept[@]}"})
}

tear_down() {
	local p ns
	for p in ${started[@]+"${started[@]}"}; do stop "$p"; done
	for ns in client router server; do
		ip netns del "$prefix-$ns" 2>/dev/null
	done
	return 0
}

finish() { tear_down; rm -rf "$tmp"; }
trap finish EXIT
trap 'exit 130' INT TERM

wait_for() {                              # wait_for COMMAND...: until it succeeds, five seconds
	local _
	for _ in $(seq 50); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	die "waited in vain: $*"
}

listening() { on "$1" ss -Hln${3:-t} "sport = :$2" | grep -q .; }   # listening WHERE PORT [t|u]

serve() {                                 # serve tcp|udp PORT COMMAND...: on the server, until it listens
	local kind=$1 port=$2; shift 2
	start server "$@"
	wait_for listening server "$port" "${kind:0:1}"
}

# The network ------------------------------------------------------------------------------

link_up() {                               # link_up WHERE DEVICE MAC ADDRESS...
	local where=$1 dev=$2 mac=$3 a; shift 3
	on "$where" ip link set "$dev" addrgenmode none 2>/dev/null
	[ "$mac" = - ] || on "$where" ip link set "$dev" address "$mac"
	on "$where" ethtool -K "$dev" tx off rx off tso off gso off gro off >>"$tmp/log" 2>&1
	on "$where" ip link set "$dev" up
	for a; do
		case $a in
		*:*) on "$where" ip addr add "$a" dev "$dev" nodad ;;
		*)   on "$where" ip addr add "$a" dev "$dev" ;;
		esac
	done
}

neighbour() { on "$1" ip neigh replace "$3" lladdr "$4" dev "$2" nud permanent; }

make_namespaces() {
	local ns
	for ns in client router server; do
		ip netns add "$prefix-$ns"
		on $ns ip link set lo up
		on $ns sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 \
			net.ipv6.conf.all.accept_ra=0 net.ipv6.conf.default.accept_ra=0 \
			net.ipv6.conf.default.router_solicitations=0 net.ipv4.tcp_no_metrics_save=1
		# Multicast listener reports would come at any time.
		on $ns nft -f - <<-END
			table ip6 quiet {
				chain output {
					type filter hook output priority 0
					icmpv6 type { mld-listener-query, mld-listener-report, mld2-listener-report } drop
				}
			}
		END
	done
	on router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# The addresses, on whatever devices join the namespaces.
make_addresses() {
	link_up client eth0 02:00:00:00:01:10 192.0.2.10/24 2001:db8:1::10/64
	link_up router left 02:00:00:00:01:01 192.0.2.1/24 2001:db8:1::1/64
	link_up router right 02:00:00:00:02:01 198.51.100.1/24 2001:db8:2::1/64
	link_up server eth0 02:00:00:00:02:20 $server/24 $server6/64
	on client ip route add default via 192.0.2.1
	on client ip route add default via 2001:db8:1::1
	on server ip route add default via 198.51.100.1
	on server ip route add default via 2001:db8:2::1
	neighbour client eth0 192.0.2.1 02:00:00:00:01:01
	neighbour client eth0 2001:db8:1::1 02:00:00:00:01:01
	neighbour router left 192.0.2.10 02:00:00:00:01:10
	neighbour router left 2001:db8:1::10 02:00:00:00:01:10
	neighbour router right $server 02:00:00:00:02:20
	neighbour router right $server6 02:00:00:00:02:20
	neighbour server eth0 198.51.100.1 02:00:00:00:02:01
	neighbour server eth0 2001:db8:2::1 02:00:00:00:02:01
}

network() {
	make_namespaces
	ip link add eth0 netns "$prefix-client" type veth peer name left netns "$prefix-router"
	ip link add eth0 netns "$prefix-server" type veth peer name right netns "$prefix-router"
	make_addresses
}

network_with_wire() {                     # network_with_wire OPTION...: the left link is wire.py's
	make_namespaces
	ip link add eth0 netns "$prefix-server" type veth peer name right netns "$prefix-router"
	start router python3 "$here/wire.py" "$@" far left
	wait_for on router ip link show left
	on router ip link set far netns "$prefix-client" name eth0
	make_addresses
}

serve_router() {                          # the same on the router
	local kind=$1 port=$2; shift 2
	start router "$@"
	wait_for listening router "$port" "${kind:0:1}"
}

# Captures -----------------------------------------------------------------------------------

record() {                                # record NAME [TCPDUMP OPTION...]: at the router's left side
	record_at router left "$@"
}

record_at() {                             # record_at WHERE DEVICE NAME [TCPDUMP OPTION...]
	local where=$1 dev=$2
	capture=$here/$3.pcap
	shift 3
	: >"$tmp/tcpdump"
	ip netns exec "$prefix-$where" tcpdump -Z root -i "$dev" -s 0 --immediate-mode -U -w "$capture" "$@" \
		2>"$tmp/tcpdump" &
	recorder=$!
	started+=("$recorder")
	wait_for grep -q 'listening on' "$tmp/tcpdump"
}

recorded() {                              # stop the capture, after what is under way has arrived
	sleep 0.4
	stop "$recorder" INT
	count
}

count() {
	chmod 644 "$capture"
	printf '%-28s %4d frames %7d octets\n' "$(basename "$capture")" \
		"$(tcpdump -r "$capture" --count 2>/dev/null | awk '{print $1}')" "$(stat -c %s "$capture")" >&3
}

peers() {                                 # peers PROGRAM [tcp|udp]: both ends of a program of peers.py, to their end
	serve "${2:-tcp}" 7000 python3 "$here/peers.py" "$1" server $server
	on client python3 "$here/peers.py" "$1" client $server
	wait "$pid"
}

web_server() {                            # a page of some size, on port 80
	mkdir -p "$tmp/www"
	printf '<!DOCTYPE html>\n<title>It works</title>\n' >"$tmp/www/index.html"
	seq -f 'line %g of a file that takes some segments' 1 "${2:-100}" >"$tmp/www/file.txt"
	serve tcp 80 python3 -m http.server --bind "${1:-$server}" --directory "$tmp/www" 80
}

fetch() { on client curl -sS -o /dev/null "$@"; }

# Scenarios: real programs ---------------------------------------------------------------------

http_curl() {
	network; web_server
	record http-curl
	fetch "http://$server/" "http://$server/file.txt"; fetch -I "http://$server/nothing"
	recorded
}

http_curl6() {
	network; web_server $server6
	record http-curl6
	fetch "http://[$server6]/" "http://[$server6]/file.txt"
	recorded
}

telnet_() {
	network
	PEERS_EXEC="$(command -v telnetd)|-h|-E|$tmp/session" serve tcp 7000 python3 "$here/peers.py" exec server
	printf '#!/bin/sh\nPS1="$ " exec env -i PS1="$ " PATH=/usr/bin:/bin HOME=/ sh -i\n' >"$tmp/session"
	chmod 755 "$tmp" "$tmp/session"
	record telnet
	{ sleep 0.7; echo 'echo hello'; sleep 0.3; echo 'expr 6 \* 7'; sleep 0.3; echo exit; sleep 0.5; } |
		on client env -i TERM=dumb telnet $server 7000 >>"$tmp/log" 2>&1
	recorded
}

dns() {
	network
	serve udp 53 dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root \
		--pid-file --listen-address=$server,$server6 --bind-interfaces --local=/example.org/ \
		--host-record=www.example.org,192.0.2.80,2001:db8::80
	record dns
	on client dig @$server www.example.org A
	on client dig @$server www.example.org AAAA
	on client dig @$server nothing.example.org A
	on client dig @$server +tcp www.example.org A
	on client dig @$server6 www.example.org AAAA
	recorded
}

ping_() {                                 # with the ARP exchange before it
	network
	on client ip neigh flush nud permanent; on router ip neigh flush dev left nud permanent
	record ping
	on client ping -n -c 3 -i 0.3 $server
	on client ping -n -c 1 -s 1000 192.0.2.1
	recorded
}

ping6() {                                 # with neighbour discovery before it
	network
	on client ip -6 neigh flush nud permanent; on router ip -6 neigh flush dev left nud permanent
	record ping6
	on client ping -n -c 3 -i 0.3 $server6
	recorded
}

traceroute_()     { network; record traceroute; on client traceroute -n $server; recorded; }
traceroute6_()    { network; record traceroute6; on client traceroute -n $server6; recorded; }
traceroute_icmp() { network; record traceroute-icmp; on client traceroute -n -I $server; recorded; }
traceroute_tcp()  { network; record traceroute-tcp; on client traceroute -n -T -p 81 $server; recorded; }

tcp_refused() {
	network
	record tcp-refused
	fetch "http://$server:81/"; fetch "http://[$server6]:81/"
	recorded
}

tcp_timeout() {                           # the router drops what goes there, silently
	network
	on router ip route add blackhole 203.0.113.0/24
	record tcp-timeout
	fetch --connect-timeout 8 http://203.0.113.30/
	recorded
}

udp_unreachable() {
	network
	record udp-unreachable
	on client dig @$server -p 5300 +tries=1 +time=1 www.example.org A
	on client dig @$server6 -p 5300 +tries=1 +time=1 www.example.org A
	recorded
}

icmp_unreachable() {                      # network, host, prohibited, no route for IPv6; TCP and ping
	network
	on router ip route add unreachable 203.0.113.0/25
	on router ip route add prohibit 203.0.113.128/25
	on router ip route add prohibit 2001:db8:3::/48
	record icmp-unreachable
	on client ping -n -c 1 -W 1 203.0.113.1
	on client ping -n -c 1 -W 1 203.0.113.129
	fetch --connect-timeout 2 http://203.0.113.129/
	on client ping -n -c 1 -W 1 2001:db8:3::1
	fetch --connect-timeout 2 'http://[2001:db8:4::1]/'
	on client ping -n -c 1 -W 5 198.51.100.77
	recorded
}

midstream() {                             # the connection is open when the capture starts
	network
	serve tcp 7000 python3 "$here/peers.py" chat server $server
	start client python3 "$here/peers.py" chat client $server
	sleep 1
	record midstream
	wait "$pid"
	recorded
}

port_scan() {                             # SYN, FIN, Xmas, Null, ACK and connect scan of an open and three closed ports
	local kind
	network; web_server
	record port-scan
	for kind in S F X N A T; do
		on client nmap -n -Pn --send-ip -s$kind -p 22,23,80,443 --max-retries 0 --host-timeout 5s $server
	done
	recorded
}

port_scan_udp() {
	network
	record port-scan-udp
	on client nmap -n -Pn --send-ip -sU -p 7,53,123 --max-retries 0 --host-timeout 5s $server
	recorded
}

# Scenarios: helpers ---------------------------------------------------------------------------

ftp_server() {                            # ftp_server ADDRESS: vsftpd with two files for anybody, and a folder to put some
	mkdir -p "$tmp/ftp/in" "$tmp/empty"
	seq -f 'line %g' 1 100 >"$tmp/ftp/file.txt"
	seq -f 'another line %g' 1 30 >"$tmp/ftp/other.txt"
	chmod 755 "$tmp" "$tmp/ftp"; chmod 777 "$tmp/ftp/in"
	cat >"$tmp/vsftpd.conf" <<-END
		background=NO
		anonymous_enable=YES
		local_enable=NO
		no_anon_password=YES
		anon_root=$tmp/ftp
		write_enable=YES
		anon_upload_enable=YES
		connect_from_port_20=YES
		seccomp_sandbox=NO
		secure_chroot_dir=$tmp/empty
	END
	case $1 in
	*:*) printf 'listen=NO\nlisten_ipv6=YES\nlisten_address6=%s\n' "$1" ;;
	*)   printf 'listen=YES\nlisten_ipv6=NO\nlisten_address=%s\n' "$1" ;;
	esac >>"$tmp/vsftpd.conf"
	serve tcp 21 vsftpd "$tmp/vsftpd.conf"
}

ftp_active() {                            # PORT, then EPRT: a list and a file each
	network; ftp_server $server
	record ftp-active
	fetch -P - --disable-eprt "ftp://$server/" "ftp://$server/file.txt"
	fetch -P - "ftp://$server/" "ftp://$server/file.txt"
	recorded
}

ftp_passive() {                           # PASV, then EPSV
	network; ftp_server $server
	record ftp-passive
	fetch --disable-epsv "ftp://$server/" "ftp://$server/file.txt"
	fetch "ftp://$server/" "ftp://$server/file.txt"
	recorded
}

ftp6() {                                  # EPRT, then EPSV, over IPv6
	network; ftp_server $server6
	record ftp6
	fetch -P - "ftp://[$server6]/" "ftp://[$server6]/file.txt"
	fetch "ftp://[$server6]/" "ftp://[$server6]/file.txt"
	recorded
}

ftp_session() {                           # an interactive client: active, then passive; get and put
	network; ftp_server $server
	cp "$tmp/ftp/other.txt" "$tmp/mine.txt"
	record ftp-session
	(cd "$tmp" && on client tnftp -n -A $server) <<-END
		user anonymous nobody@example.org
		ls
		get other.txt
		passive
		cd in
		put mine.txt
		nlist
		bye
	END
	recorded
}

tftp_transfer() {                         # tftp_transfer NAME ADDRESS: read, write, and read what is not there
	local at=$2:69
	case $2 in *:*) at=[$2]:69 ;; esac
	network
	mkdir -p "$tmp/tftp"
	seq -f 'line %g' 1 300 >"$tmp/tftp/boot.txt"
	cp "$tmp/tftp/boot.txt" "$tmp/upload"
	chmod 755 "$tmp" "$tmp/tftp"; : >"$tmp/tftp/in.txt"; chmod 666 "$tmp/tftp/in.txt"
	serve udp 69 in.tftpd -L -u nobody -a "$at" -s "$tmp/tftp"
	record "$1"
	on client tftp "$2" -m binary -c get boot.txt /dev/null
	on client tftp "$2" -m netascii -c put "$tmp/upload" in.txt
	on client tftp "$2" -m binary -c get nothing.txt /dev/null
	recorded
}

tftp_() { tftp_transfer tftp $server; }
tftp6() { tftp_transfer tftp6 $server6; }

irc() {                                   # DCC SEND and CHAT by way of a server, from the client and to it
	network
	cat >"$tmp/ngircd.conf" <<-END
		[Global]
			Name = irc.example.org
			Info = example
			Listen = $server
			Ports = 6667
			ServerUID = nobody
			ServerGID = nogroup
			MotdPhrase = hello
			PidFile = $tmp/ngircd.pid
		[Options]
			DNS = no
			Ident = no
			PAM = no
			ChrootDir =
	END
	chmod 755 "$tmp"; chmod 644 "$tmp/ngircd.conf"
	serve tcp 6667 ngircd -n -f "$tmp/ngircd.conf"
	record irc
	start server python3 "$here/peers.py" irc server $server
	on client python3 "$here/peers.py" irc client $server
	wait "$pid"
	recorded
}

sane_scan() {                             # sane_scan NAME ADDRESS: scanimage fetches a picture from saned's test device
	local address=$2
	case $2 in *:*) address=[$2] ;; esac
	network
	mkdir -p "$tmp/sane-server" "$tmp/sane-client"
	echo test >"$tmp/sane-server/dll.conf"; printf '192.0.2.10\n2001:db8:1::10\n' >"$tmp/sane-server/saned.conf"
	: >"$tmp/sane-server/test.conf"
	echo net >"$tmp/sane-client/dll.conf"; echo "$address" >"$tmp/sane-client/net.conf"
	serve tcp 6566 env SANE_CONFIG_DIR="$tmp/sane-server" saned -l -b "$2"
	record "$1"
	on client env SANE_CONFIG_DIR="$tmp/sane-client" scanimage -d "net:$address:test:0" --mode Gray --depth 8 \
		--resolution 25 -x 60 -y 60 -o "$tmp/picture.pnm"
	recorded
}

amanda_files() {                          # $amanda runs a command with names and trust that are nobody else's
	local dir=$tmp/amanda
	mkdir -p "$dir/home" "$dir/log" "$dir/lists" "$dir/disk" /var/log/amanda
	printf '127.0.0.1 localhost\n192.0.2.10 client.example.org\n%s server.example.org\n' $server >"$dir/hosts"
	printf 'amanda 10080/udp\namanda 10080/tcp\n' >"$dir/services"
	echo "client.example.org root amdump amindexd amidxtaped" >"$dir/home/.amandahosts"
	seq -f 'line %g' 1 30 >"$dir/disk/file.txt"
	cat >"$dir/request" <<-\END
		<dle>
		  <program>GNUTAR</program>
		  <disk>/srv</disk>
		  <level>0</level>
		  <auth>bsdudp</auth>
		  <record>NO</record>
		  <index>YES</index>
		  <datapath>AMANDA</datapath>
		</dle>
	END
	chmod -R a+rX "$tmp"; chmod 600 "$dir/home/.amandahosts"
	chown -R backup: "$dir/home" "$dir/log" "$dir/lists"
	# shellcheck disable=SC2016             # the inner shell's words
	amanda=(sh -c 'mount --bind "$0/hosts" /etc/hosts && mount --bind "$0/services" /etc/services &&
		mount --bind "$0/home" /var/backups && mount --bind "$0/log" /var/log/amanda &&
		mount --bind "$0/lists" /var/lib/amanda/gnutar-lists && mount --bind "$0/disk" /srv &&
		mount -t tmpfs shm /dev/shm && exec "$@"' "$dir")
}

amanda() {                                # a backup server asks whether one is there, then for a directory, in four streams
	network; amanda_files
	serve udp 10080 "${amanda[@]}" python3 "$here/peers.py" amanda server $server
	record amanda
	on client "${amanda[@]}" amservice server.example.org bsdudp noop </dev/null
	on client "${amanda[@]}" timeout 5 amservice -f "$tmp/amanda/request" --stream DATA,3,4 --stream MESG,5,6 \
		--stream INDEX,7,8 --stream STATE,9,10 server.example.org bsdudp sendbackup </dev/null \
		3< <(sleep 2) 4>"$tmp/data" 5<&3 6>"$tmp/mesg" 7<&3 8>"$tmp/index" 9<&3 10>"$tmp/state"
	recorded
}

sane()  { sane_scan sane $server; }
sane6() { sane_scan sane6 $server6; }

pptp_() {                                 # pptp calls pptpd; peers.py speaks PPP, which the kernel here cannot
	network
	printf '#!/bin/sh\nexec python3 "%s/peers.py" ppp server\n' "$here" >"$tmp/ppp"
	printf 'localip 192.0.2.200\nremoteip 192.0.2.201\n' >"$tmp/pptpd.conf"
	chmod 755 "$tmp" "$tmp/ppp"
	serve tcp 1723 pptpd --fg --conf "$tmp/pptpd.conf" --ppp "$tmp/ppp" --option /dev/null --pidfile "$tmp/pptpd.pid" \
		--listen $server
	record pptp
	on client python3 "$here/peers.py" ppp client $server
	sleep 1
	recorded
}

netbios() {                               # the client asks all for the name of the router's nmbd, for one that nobody has, for a group
	network
	mkdir -p "$tmp/samba"
	cat >"$tmp/smb.conf" <<-END
		[global]
			netbios name = ROUTER
			workgroup = EXAMPLE
			interfaces = 192.0.2.1/24
			bind interfaces only = yes
			local master = no
			lock directory = $tmp/samba
			state directory = $tmp/samba
			cache directory = $tmp/samba
			private directory = $tmp/samba
			pid directory = $tmp/samba
			log file = $tmp/samba/log
	END
	start router nmbd --foreground --no-process-group --configfile="$tmp/smb.conf"
	sleep 10
	record netbios
	on client nmblookup --configfile=/dev/null -B 192.0.2.255 ROUTER
	on client nmblookup --configfile=/dev/null -B 192.0.2.255 NOBODY
	on client nmblookup --configfile=/dev/null -B 192.0.2.255 -S EXAMPLE
	recorded
}

snmp() {                                  # the client asks all for their names, the router's agent answers, and is then asked alone
	network
	mkdir -p "$tmp/snmp"
	printf '1.3.6.1.2.1.1.5.0|4|router\n' >"$tmp/snmp/public.snmprec"
	chmod 755 "$tmp"; chmod 777 "$tmp/snmp"
	serve_router udp 161 snmpsimd --data-dir="$tmp/snmp" --cache-dir="$tmp/snmp" --process-user=nobody \
		--process-group=nogroup --agent-udpv4-endpoint=0.0.0.0:161
	record snmp
	on client python3 "$here/peers.py" snmp client 192.0.2.255
	on client snmpget -v2c -c public -r 0 -t 1 192.0.2.1 1.3.6.1.2.1.1.5.0
	recorded
}

sipp_() {                                 # sipp_ WHERE ADDRESS PORT ARGUMENT...: one call, for ten seconds at most
	local where=$1 address=$2 port=$3; shift 3
	(cd "$tmp" && on "$where" sipp -nostdin -m 1 -timeout 10 -t "$sip_transport" -i "$address" -mi "$address" \
		-p "$port" "$@" </dev/null)
}

sip_pair() {                              # sip_pair WHERE ADDRESS PORT ARGUMENTS of who listens, and of who calls
	local callee=$2:$3 listener
	case $2 in *:*) callee=[$2]:$3 ;; esac
	# shellcheck disable=SC2086             # arguments are words
	sipp_ "$1" "$2" "$3" $4 &
	listener=$!
	wait_for listening "$1" "$3" "${sip_transport%1}"
	# shellcheck disable=SC2086
	sipp_ "$5" "$6" "$7" $8 "$callee"
	wait "$listener"
}

sip_calls() {                             # sip_calls NAME u1|t1 PHONE REGISTRAR: a phone registers on port 5080, is
	local phone=$3 registrar=$4 xml=$here/sipp  # called by the registrar with some sound that it echoes, calls
	sip_transport=$2                  # the registrar likewise, and takes its registration back
	network
	head -c 1280 /dev/zero | tr '\0' '\325' >"$tmp/sound.al"
	record "$1"
	sip_pair server "$registrar" 5060 "-sf $xml/registrar.xml" \
		client "$phone" 5070 "-sf $xml/register.xml -key seq 1 -key seconds 600"
	sip_pair client "$phone" 5080 "-sn uas -rtp_echo -mp 6000" server "$registrar" 5060 "-sf $xml/call.xml -mp 6002"
	sip_pair server "$registrar" 5060 "-sn uas -rtp_echo -mp 6010" client "$phone" 5080 "-sf $xml/call.xml -mp 6012"
	sip_pair server "$registrar" 5060 "-sf $xml/registrar.xml" \
		client "$phone" 5070 "-sf $xml/register.xml -key seq 2 -key seconds 0"
	recorded
}

sip()     { sip_calls sip u1 192.0.2.10 $server; }
sip_tcp() { sip_calls sip-tcp t1 192.0.2.10 $server; }
sip6()    { sip_calls sip6 u1 2001:db8:1::10 $server6; }

# Scenarios: TCP --------------------------------------------------------------------------------

tcp_abort()      { network; record tcp-abort; peers abort; recorded; }
tcp_half_close() { network; record tcp-half-close; peers half; recorded; }
tcp_keepalive()  { network; record tcp-keepalive; peers idle; recorded; }
tcp_port_reuse() { network; record tcp-port-reuse; peers again; recorded; }
tcp_zero_window() { network; record tcp-zero-window; peers slow; recorded; }

tcp_simopen() {                           # the wire takes 150 ms, so that the SYNs cross
	network_with_wire --delay 0.15
	record tcp-simopen
	start server python3 "$here/peers.py" crossed server $server
	on client python3 "$here/peers.py" crossed client $server
	recorded
}

tcp_loss() {                              # every eighth segment is lost behind the capture (at the router's right side)
	network; web_server $server 600
	on router nft -f - <<-END
		table ip lossy {
			chain forward {
				type filter hook forward priority 0
				ip saddr $server tcp sport 80 numgen inc mod 8 == 5 drop
				ip daddr $server tcp dport 80 numgen inc mod 8 == 0 drop
			}
		}
	END
	record_at router right tcp-loss
	fetch "http://$server/file.txt"
	recorded
}

tcp_self_lo() {                           # a socket connected to itself; the loopback device never completes checksums
	network
	record_at server lo tcp-self-lo
	on server python3 "$here/peers.py" self client $server
	recorded
}

pmtu_upload() {                           # pmtu_upload NAME ADDRESS: the router's link to the server is narrower
	network
	on router ip link set right mtu 1400
	serve tcp 7000 python3 "$here/peers.py" idle server "$2"
	head -c 6000 /dev/zero | tr '\0' x >"$tmp/upload"
	record "$1"
	on client bash -c "exec 3<>/dev/tcp/$2/7000; cat $tmp/upload >&3"
	recorded
}

pmtu()  { pmtu_upload pmtu $server; }
pmtu6() { pmtu_upload pmtu6 $server6; }

# Scenarios: other protocols ------------------------------------------------------------------------

udp_stream() { network; record udp-stream; peers stream udp; recorded; }

keepalived_conf() {                       # keepalived_conf PRIORITY DEVICE
	cat <<-END
		global_defs {
			vrrp_version 3
			vrrp_garp_master_repeat 1
			vrrp_garp_master_delay 0
		}
		vrrp_instance four {
			interface $2
			virtual_router_id 4
			priority $1
			virtual_ipaddress { 192.0.2.254/24 }
		}
		vrrp_instance six {
			interface $2
			virtual_router_id 6
			priority $1
			virtual_ipaddress {
				fe80::254/64
				2001:db8:1::254/64
			}
		}
	END
}

link_locals() {                           # of the left link, for protocols that speak from them
	on client ip addr add fe80::10/64 dev eth0 nodad
	on router ip addr add fe80::1/64 dev left nodad
}

start_keepalived() {                      # start_keepalived WHERE CONF
	start "$1" keepalived --dont-fork --vrrp --log-console --use-file "$2" \
		--pid "$tmp/$1.pid" --vrrp_pid "$tmp/$1.vrrp.pid"
}

vrrp() {                                  # two routers, the better one goes away
	network; link_locals
	keepalived_conf 100 eth0 >"$tmp/client.conf"
	keepalived_conf 200 left >"$tmp/router.conf"
	record vrrp
	start_keepalived client "$tmp/client.conf"
	start_keepalived router "$tmp/router.conf"
	local better=$pid
	sleep 8
	stop "$better"
	sleep 3
	recorded
}

bird_conf() {                             # bird_conf ROUTER-ID DEVICE
	cat <<-END
		router id $1;
		protocol device {}
		protocol ospf v2 four { ipv4; area 0 { interface "$2" { hello 1; dead 4; }; }; }
		protocol ospf v3 six { ipv6; area 0 { interface "$2" { hello 1; dead 4; }; }; }
	END
}

ospf() {                                  # two routers become neighbours, OSPFv2 and OSPFv3
	network; link_locals
	bird_conf 192.0.2.10 eth0 >"$tmp/client.conf"
	bird_conf 192.0.2.1 left >"$tmp/router.conf"
	record ospf
	start client bird -f -c "$tmp/client.conf" -s "$tmp/client.ctl" -P "$tmp/client.pid"
	start router bird -f -c "$tmp/router.conf" -s "$tmp/router.ctl" -P "$tmp/router.pid"
	sleep 12
	recorded
}

# Scenarios: link layers and ways to record -------------------------------------------------------------

some_traffic() {                          # a web page, a ping, a DNS question that nobody answers
	fetch "http://$server/"
	on client ping -n -c 2 -i 0.3 $server
	on client ping -n -c 1 $server6
	on client dig @$server -p 5300 +tries=1 +time=1 www.example.org A
}

mirrored() {                              # mirrored NAME WIRE-OPTION...: as a switch's mirror port shows the trunk
	local name=$1; shift
	network_with_wire --mirror mirror "$@"; web_server
	on router ip link set mirror addrgenmode none
	on router ip link set mirror up
	record_at router mirror "$name"
	some_traffic
	recorded
}

vlan()      { mirrored vlan --tag 0x8100:5; }
vlan_qinq() { mirrored vlan-qinq --tag 0x88a8:100 --tag 0x8100:5; }

sll()        { network; web_server; record_at client any sll -y LINUX_SLL; some_traffic; recorded; }
sll2()       { network; web_server; record_at client any sll2 -y LINUX_SLL2; some_traffic; recorded; }
sll2_twice() { network; web_server; record_at router any sll2-twice; some_traffic; recorded; }

raw_tun() {                               # client and server joined by tun devices
	make_namespaces
	start router python3 "$here/wire.py" --tun one two
	wait_for on router ip link show two
	on router ip link set one netns "$prefix-client"
	on router ip link set two netns "$prefix-server"
	link_up client one - 192.0.2.10/32 2001:db8:1::10/128
	link_up server two - $server/32 $server6/128
	on client ip route add $server dev one; on client ip route add $server6 dev one
	on server ip route add 192.0.2.10 dev two; on server ip route add 2001:db8:1::10 dev two
	web_server
	record_at client one raw-tun
	some_traffic
	recorded
}

snaplen_60()  { network; web_server; record snaplen-60 -s 60; some_traffic; recorded; }
nanosecond()  { network; web_server; record nanosecond --time-stamp-precision=nano; some_traffic; recorded; }
one_way()     { network; web_server; record one-way -Q in; some_traffic; recorded; }

offload_client() {                        # on the sending host itself, offloads on: half-made checksums, long frames
	network; web_server $server 300
	on client ethtool -K eth0 tx on rx on tso on gso on gro on >>"$tmp/log" 2>&1
	on server ethtool -K eth0 tx on rx on tso on gso on gro on >>"$tmp/log" 2>&1
	record_at client eth0 offload-client
	some_traffic
	fetch "http://$server/file.txt"
	recorded
}

editcap_pcapng() {                        # http-curl6 as Wireshark's tools write it
	[ -e "$here/http-curl6.pcap" ] || die "record http-curl6 first"
	capture=$here/editcap.pcapng
	editcap -F pcapng "$here/http-curl6.pcap" "$capture"
	count
}

# ---------------------------------------------------------------------------------------------------

scenario() {                              # a name is its function's, "-" for "_"; "_" behind where a program is called so
	local name=${1//-/_}
	declare -F "${name}_" >/dev/null && name=${name}_
	"$name" >>"$tmp/log" 2>&1
}

main() {
	[ "${1:-}" != -l ] || { printf '%s\n' "${all[@]}"; return; }
	[ $# -gt 0 ] || set -- "${all[@]}"
	local name
	for name; do
		case " ${all[*]} " in *" $name "*) ;; *) die "no such scenario: $name (-l lists them)" ;; esac
	done
	check
	for name; do
		: >"$tmp/log"
		scenario "$name"
		tear_down
	done
}

main "$@"
