# SPDX-License-Identifier: GPL-2.0-only
# bash completion for ctreplay(1)

_ctreplay_sysctls='
	nf_conntrack_acct nf_conntrack_buckets nf_conntrack_checksum
	nf_conntrack_dccp_loose
	nf_conntrack_dccp_timeout_request
	nf_conntrack_dccp_timeout_respond
	nf_conntrack_dccp_timeout_partopen
	nf_conntrack_dccp_timeout_open
	nf_conntrack_dccp_timeout_closereq
	nf_conntrack_dccp_timeout_closing
	nf_conntrack_dccp_timeout_timewait
	nf_conntrack_events nf_conntrack_expect_max
	nf_conntrack_frag6_high_thresh nf_conntrack_frag6_low_thresh
	nf_conntrack_frag6_timeout nf_conntrack_generic_timeout
	nf_conntrack_gre_timeout nf_conntrack_gre_timeout_stream
	nf_conntrack_helper
	nf_conntrack_icmp_timeout nf_conntrack_icmpv6_timeout
	nf_conntrack_log_invalid nf_conntrack_max
	nf_conntrack_sctp_timeout_closed nf_conntrack_sctp_timeout_cookie_wait
	nf_conntrack_sctp_timeout_cookie_echoed
	nf_conntrack_sctp_timeout_established
	nf_conntrack_sctp_timeout_shutdown_sent
	nf_conntrack_sctp_timeout_shutdown_recd
	nf_conntrack_sctp_timeout_shutdown_ack_sent
	nf_conntrack_sctp_timeout_heartbeat_sent nf_conntrack_tcp_be_liberal
	nf_conntrack_sctp_timeout_heartbeat_acked
	nf_conntrack_tcp_ignore_invalid_rst nf_conntrack_tcp_loose
	nf_conntrack_tcp_max_retrans nf_conntrack_tcp_timeout_syn_sent
	nf_conntrack_tcp_timeout_syn_recv nf_conntrack_tcp_timeout_established
	nf_conntrack_tcp_timeout_fin_wait nf_conntrack_tcp_timeout_close_wait
	nf_conntrack_tcp_timeout_last_ack nf_conntrack_tcp_timeout_time_wait
	nf_conntrack_tcp_timeout_close nf_conntrack_tcp_timeout_max_retrans
	nf_conntrack_tcp_timeout_unacknowledged nf_conntrack_timestamp
	nf_conntrack_udp_timeout nf_conntrack_udp_timeout_stream
	ipfrag_high_thresh ipfrag_max_dist ipfrag_time
'
_ctreplay_options='
	-r -f -c -p -t -e -C -x -s -o -T -w -q -v -n -N -k -h -V --read --filter
	--interface --dedup --decap --merge --count --packets --table --events --expect --stats --at --output
	--table-style --time --ctstate --color --quiet --verbose --numeric
	--kernel --notrack --sysctl --sysctl-file --hashsize --helper --no-helpers
	--checksum --help --version --versus --annotate --report --save-state
	--load-state --write --progress --sandbox
	--connections --top --show --conn --frame --explain --id --fail-on --check --check-update
	-R --rule-counters --firewall --rules --rules6 --ipsets --routes --hook --in --out
	--local --rules-unknown --rules-seed
'
_ctreplay_helpers='ftp irc tftp sip h323 pptp amanda netbios-ns snmp sane'
_ctreplay_states='NEW ESTABLISHED RELATED INVALID UNTRACKED FRAGMENT DROP'

# Words that begin with the current one; those of a list separated by commas
# keep what is before the last comma.
_ctreplay_words()
{
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_ctreplay_list()
{
	local before=''

	[[ $cur == *,* ]] && before=${cur%,*},
	compopt -o nospace 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur##*,}")
}

_ctreplay_files()
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

_ctreplay()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev='' i

	COMPREPLY=()
	((COMP_CWORD > 0)) && prev=${COMP_WORDS[COMP_CWORD - 1]}
	# The shell breaks words at '=': --option=value, --sysctl NAME=VALUE.
	if [[ $cur == = ]]; then
		[[ $prev == --* ]] || return
		cur=
	elif [[ $prev == = ]] && ((COMP_CWORD > 1)); then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
		[[ $prev == --* ]] || return
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} == -- ]]; then
			_ctreplay_files
			return
		fi
	done
	case $prev in
	-o | --output)
		_ctreplay_words 'text json csv timesketch'
		return ;;
	--table-style)
		_ctreplay_words 'ip_conntrack nf_conntrack conntrack short'
		return ;;
	-T | --time)
		_ctreplay_words 'relative epoch iso delta'
		return ;;
	--top)
		# A number may follow.
		compopt -o nospace 2>/dev/null
		_ctreplay_words 'src dst port pair'
		return ;;
	--helper)
		# A prefix, or ports, may follow.
		compopt -o nospace 2>/dev/null
		_ctreplay_words "$_ctreplay_helpers"
		return ;;
	--sandbox)
		_ctreplay_words 'auto no'
		return ;;
	--color | --progress)
		_ctreplay_words 'auto always never'
		return ;;
	-k | --checksum)
		_ctreplay_words 'auto all none'
		return ;;
	--fail-on)
		_ctreplay_list "$_ctreplay_states ACCEPT"
		return ;;
	--hook)
		_ctreplay_words 'forward input output'
		return ;;
	--check | --firewall)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return ;;
	--decap)
		_ctreplay_list 'vxlan geneve gre erspan ipip gtpu all'
		return ;;
	--ctstate)
		_ctreplay_list "$_ctreplay_states"
		return ;;
	--sysctl)
		compopt -o nospace 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -S = -W "$_ctreplay_sysctls" -- "$cur")
		return ;;
	-r | --read | -w | --write | --annotate | --report | --sysctl-file | --rules | --rules6 | \
	--ipsets | --routes | --save-state | --load-state)
		_ctreplay_files
		return ;;
	-f | --filter | --interface | -N | --notrack | -c | --count | --at | --hashsize | \
		--show | --conn | --frame | --explain | --versus | --in | --out | \
		--local | --rules-seed)
		return ;;
	esac
	if [[ $cur == -?* ]]; then
		_ctreplay_words "$_ctreplay_options"
	else
		_ctreplay_files
	fi
}

complete -F _ctreplay ctreplay
