# SPDX-License-Identifier: GPL-2.0-only
# fish completion for ctreplay(1)

function __ctreplay_sysctls
	for name in nf_conntrack_acct nf_conntrack_buckets nf_conntrack_checksum \
		nf_conntrack_dccp_loose \
		nf_conntrack_dccp_timeout_request \
		nf_conntrack_dccp_timeout_respond \
		nf_conntrack_dccp_timeout_partopen \
		nf_conntrack_dccp_timeout_open \
		nf_conntrack_dccp_timeout_closereq \
		nf_conntrack_dccp_timeout_closing \
		nf_conntrack_dccp_timeout_timewait \
		nf_conntrack_events nf_conntrack_expect_max \
		nf_conntrack_frag6_high_thresh nf_conntrack_frag6_low_thresh \
		nf_conntrack_frag6_timeout nf_conntrack_generic_timeout \
		nf_conntrack_gre_timeout nf_conntrack_gre_timeout_stream \
		nf_conntrack_helper \
		nf_conntrack_icmp_timeout nf_conntrack_icmpv6_timeout \
		nf_conntrack_log_invalid nf_conntrack_max \
		nf_conntrack_sctp_timeout_closed \
		nf_conntrack_sctp_timeout_cookie_wait \
		nf_conntrack_sctp_timeout_cookie_echoed \
		nf_conntrack_sctp_timeout_established \
		nf_conntrack_sctp_timeout_shutdown_sent \
		nf_conntrack_sctp_timeout_shutdown_recd \
		nf_conntrack_sctp_timeout_shutdown_ack_sent \
		nf_conntrack_sctp_timeout_heartbeat_sent \
		nf_conntrack_sctp_timeout_heartbeat_acked \
		nf_conntrack_tcp_be_liberal nf_conntrack_tcp_ignore_invalid_rst \
		nf_conntrack_tcp_loose nf_conntrack_tcp_max_retrans \
		nf_conntrack_tcp_timeout_syn_sent \
		nf_conntrack_tcp_timeout_syn_recv \
		nf_conntrack_tcp_timeout_established \
		nf_conntrack_tcp_timeout_fin_wait \
		nf_conntrack_tcp_timeout_close_wait \
		nf_conntrack_tcp_timeout_last_ack \
		nf_conntrack_tcp_timeout_time_wait nf_conntrack_tcp_timeout_close \
		nf_conntrack_tcp_timeout_max_retrans \
		nf_conntrack_tcp_timeout_unacknowledged nf_conntrack_timestamp \
		nf_conntrack_udp_timeout nf_conntrack_udp_timeout_stream \
		ipfrag_high_thresh ipfrag_max_dist ipfrag_time
		echo $name=
	end
end

function __ctreplay_states
	set -l before (string match -r '^.*,' -- (commandline -ct))
	for name in NEW ESTABLISHED RELATED INVALID UNTRACKED FRAGMENT DROP
		echo "$before$name"
	end
end

function __ctreplay_tunnels
	set -l before (string match -r '^.*,' -- (commandline -ct))
	for name in vxlan geneve gre erspan ipip gtpu all
		echo "$before$name"
	end
end

complete -c ctreplay -s r -l read -r -F -d 'replay FILE, like an operand; - is standard input'
complete -c ctreplay -s f -l filter -x -d 'replay only the frames that match a libpcap filter'
complete -c ctreplay -l interface -x -d 'only frames of this interface, by name or number'
complete -c ctreplay -l dedup -d 'leave out copies of packets, within 0.002 seconds'
complete -c ctreplay -l decap -x -a '(__ctreplay_tunnels)' -d 'track the packets in tunnels: vxlan,gre,... or all'
complete -c ctreplay -l merge -d 'add up FILEs that -s, -C, --top -o json printed'
complete -c ctreplay -s c -l count -x -d 'stop after reading N frames'
complete -c ctreplay -s p -l packets -d 'print a line for each packet'
complete -c ctreplay -s t -l table -d 'print the table at the end; default: -p -t'
complete -c ctreplay -s e -l events -d 'print connections as they start, change and end'
complete -c ctreplay -s C -l connections -d 'print each connection when it ends, or at the end'
complete -c ctreplay -l top -x -a 'src dst port pair' -d 'print the N largest by src, dst, port or pair'
complete -c ctreplay -s x -l expect -d 'print the expectations at the end'
complete -c ctreplay -s s -l stats -d 'print the counters at the end'
complete -c ctreplay -l at -x -d 'also print the table as of TIME; may be repeated'
complete -c ctreplay -s o -l output -x -a 'text json csv timesketch' -d 'text (default), json, csv, timesketch'
complete -c ctreplay -l table-style -x -a 'ip_conntrack nf_conntrack conntrack short' -d 'ip_conntrack, nf_conntrack, conntrack or short'
complete -c ctreplay -s T -l time -x -a 'relative epoch iso delta' -d 'relative (default), epoch, iso, delta'
complete -c ctreplay -l show -x -d 'show only packets that match a libpcap filter'
complete -c ctreplay -l conn -x -d 'show only these connections and their children'
complete -c ctreplay -l frame -x -d 'show only these frames'
complete -c ctreplay -l explain -x -d 'tell why frame N has its state, and what decides'
complete -c ctreplay -l id -d 'print the connection\'s id in each line of text'
complete -c ctreplay -l ctstate -x -a '(__ctreplay_states)' -d 'show only these states, such as NEW,INVALID'
complete -c ctreplay -l color -x -a 'auto always never' -d 'auto (default), always, never'
complete -c ctreplay -s w -l write -r -F -d 'write the selected frames to a capture file'
complete -c ctreplay -l save-state -r -F -d 'at the end, save all to go on with later'
complete -c ctreplay -l load-state -r -F -d 'go on from what --save-state wrote to FILE'
complete -c ctreplay -l annotate -r -F -d 'write all frames as pcapng, with their states'
complete -c ctreplay -l report -r -F -d 'write a page for a browser, with curves and lanes'
complete -c ctreplay -s R -l rule-counters -d 'print the firewall\'s rules with their counters'
complete -c ctreplay -l firewall -x -a '(__fish_complete_directories)' -d 'judge packets by the rules, sets, routes in DIR'
complete -c ctreplay -l rules -r -F -d 'the rules, as iptables-save prints them'
complete -c ctreplay -l rules6 -r -F -d 'those of IPv6, as ip6tables-save prints them'
complete -c ctreplay -l ipsets -r -F -d 'the sets, as \'ipset save\' prints them'
complete -c ctreplay -l routes -r -F -d 'as \'ip route show table all\' prints them'
complete -c ctreplay -l hook -x -a 'forward input output' -d 'without routes: forward, input or output'
complete -c ctreplay -l in -x -d 'the interface that packets come in by'
complete -c ctreplay -l out -x -d 'the interface that packets leave by'
complete -c ctreplay -l local -x -d 'an address of the firewall; may be repeated'
complete -c ctreplay -l rules-unknown -d 'go on where answers of rules are not known'
complete -c ctreplay -l rules-seed -x -d 'for rules that match at random'
complete -c ctreplay -l fail-on -x -a '(__ctreplay_states)' -d 'exit status 1 if a packet shown is one of LIST'
complete -c ctreplay -l check -x -a '(__fish_complete_directories)' -d 'compare each CAPTURE of DIR with CAPTURE.expected'
complete -c ctreplay -l check-update -d 'with --check: write CAPTURE.expected anew'
complete -c ctreplay -l sandbox -x -a 'auto no' -d 'confine the program: auto (default), no'
complete -c ctreplay -l versus -x -d 'print only what differs with OPTIONS as well'
complete -c ctreplay -l progress -x -a 'auto always never' -d 'auto (default), always, never'
complete -c ctreplay -s q -l quiet -d 'print no packet lines and no notes'
complete -c ctreplay -s v -l verbose -d 'also print frames without a state, window bounds'
complete -c ctreplay -s n -l numeric -d 'no effect: names are never looked up'
complete -c ctreplay -l kernel -x -a 'list 5.10 6.1 6.12 6.18 7.3' -d 'behave as that Linux, 6.18 by default; or list'
complete -c ctreplay -s N -l notrack -x -d 'matching packets are UNTRACKED; may be repeated'
complete -c ctreplay -l sysctl -x -a '(__ctreplay_sysctls)' -d 'set a sysctl of the kernel; may be repeated'
complete -c ctreplay -l sysctl-file -r -F -d 'set the sysctls in FILE, as \'sysctl -a\' prints them'
complete -c ctreplay -l hashsize -x -d 'number of buckets; allows 8 times as many entries'
complete -c ctreplay -l helper -x -a 'ftp irc tftp sip h323 pptp amanda netbios-ns snmp sane' -d 'ports that a helper listens on; may be repeated'
complete -c ctreplay -l no-helpers -d 'no helpers but those of a later --helper'
complete -c ctreplay -s k -l checksum -x -a 'auto all none' -d 'checksums to verify: auto (default), all, none'
complete -c ctreplay -s h -l help -d 'print this help'
complete -c ctreplay -s V -l version -d 'print the version'
