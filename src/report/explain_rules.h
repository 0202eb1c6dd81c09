/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * explain_rules.h - for each reason of reason.h the function of the kernel that has
 * the rule, and the rule in plain words.
 *
 * RULE_SYMBOL is "function", "sentences"; the function is "" where the kernel has no
 * part in it.  explain_text.c makes a table of them with
 * CT_REASONS, so that a reason without a rule does not compile.
 */
#ifndef REPORT_EXPLAIN_RULES_H
#define REPORT_EXPLAIN_RULES_H 1

#define RULE_NONE "", ""

/* before the packet reaches a tracker */
#define RULE_NOTRACK "xt_ct_target()", \
	"A filter of -N matches the packet. As with the target CT --notrack in the raw table, connection tracking does not look at it."
#define RULE_NO_L4 "nf_conntrack_in()", \
	"Connection tracking needs the transport header (TCP, UDP, ...) of a packet. It finds none in this one, so it cannot know to which connection the packet belongs."
#define RULE_NO_TUPLE "nf_ct_get_tuple()", \
	"A connection is known by its addresses and ports. The packet ends before these are complete."
#define RULE_CUT_HEADER "", \
	"The capture holds only the first bytes of this packet (its snap length is too small), and the rest of the header is missing. The live kernel saw the whole packet and may have called it something else."
#define RULE_TABLE_FULL "__nf_conntrack_alloc()", \
	"A new connection needs a place in the table. There was none left, and none of the connections that the kernel looked at could be given up, so the packet was dropped before any rule saw it."
#define RULE_FRAG_HELD "nf_ct_frag6_gather(), ip_defrag()", \
	"This is a fragment (a part) of a larger packet. The kernel holds it until all parts are there. The frame that completes the packet carries the state."
#define RULE_FRAG_DUPLICATE "inet_frag_queue_insert()", \
	"The kernel holds this very part of the packet already, so it drops the copy. The packet itself is not harmed."
#define RULE_FRAG_OVERLAP "inet_frag_queue_insert()", \
	"Two fragments (parts) of a packet claim the same bytes. Since attackers do this to get past filters, the kernel drops all parts of the packet."
#define RULE_FRAG_EMPTY "nf_ct_frag6_queue(), ip_frag_queue()", \
	"The fragment carries no data, so it contributes nothing to its packet, and the kernel drops it."
#define RULE_FRAG_END "nf_ct_frag6_queue(), ip_frag_queue()", \
	"A packet has one end only, but its fragments (parts) say different things about where that is: the kernel drops this one, or a part that is not the last one has a length that is no multiple of 8."
#define RULE_FRAG_ECN "ip_frag_reasm()", \
	"Some fragments (parts) of the packet say that they know explicit congestion notification, and others say that they do not. No honest sender does that, so the kernel drops the packet (RFC 3168, section 5.3)."
#define RULE_FRAG_LONG "ip_frag_reasm()", \
	"The fragments (parts) make a packet of more than 65535 bytes, which is the longest that there can be. The kernel drops it."
#define RULE_FRAG_PAST "nf_ct_frag6_queue()", \
	"The fragment would end beyond byte 65535, where no packet can reach. The kernel drops it."
#define RULE_FRAG_HEADER "nf_ct_frag6_gather()", \
	"The header that says which part of which packet this is, is cut short. The kernel drops the packet."
#define RULE_FRAG_WHOLE "br_validate_ipv4(), br_validate_ipv6()", \
	"All fragments (parts) are there, but the headers of the packet that they make are broken, or lead to another destination than the parts. The kernel drops it."
#define RULE_FRAG_LIMIT "inet_frag_find()", \
	"The kernel holds fragments (parts of packets) only up to a limit of memory. The limit is reached, so it drops this one."
#define RULE_FRAG_MEMORY "", \
	"ctreplay itself ran out of memory for this fragment. The kernel has not said this."

/* TCP */
#define RULE_TCP_SHORT "nf_conntrack_tcp_packet()", \
	"A TCP header has 20 bytes at least. The packet ends before that."
#define RULE_TCP_TRUNCATED "tcp_error()", \
	"The TCP header says how long it is itself. That must be 20 bytes at least, and no more than the packet holds."
#define RULE_TCP_CHECKSUM "tcp_error()", \
	"The checksum tells whether a packet was damaged on its way. It must match the rest of the packet."
#define RULE_TCP_FLAGS "tcp_error()", \
	"Only some combinations of the TCP flags have a meaning. This one has none; port scanners use such packets."
#define RULE_TCP_INVALID_NEW "tcp_new()", \
	"The packet belongs to no connection in the table, and it cannot begin one: only a SYN, or a plain ACK or data, may."
#define RULE_TCP_NO_PICKUP "tcp_new()", \
	"The packet belongs to no connection in the table, and it is no SYN, which would begin one. Taking up connections that are already under way is switched off (nf_conntrack_tcp_loose is 0)."
#define RULE_TCP_PICKED_UP "tcp_new()", \
	"The packet belongs to no connection in the table, and it is no SYN, which would begin one. The kernel takes it for one of a connection that is already under way (nf_conntrack_tcp_loose is 1), and does not check sequence numbers strictly."
#define RULE_TCP_IGNORED "nf_conntrack_tcp_packet()", \
	"In this state of the connection such a packet is unexpected, but it may be right. The kernel lets it pass and changes nothing; the answer to it will tell."
#define RULE_TCP_INVALID_STATE "nf_conntrack_tcp_packet()", \
	"The kernel keeps a table of which packet may come in which state of a connection, and from which side. This one may not come now."
#define RULE_TCP_CHALLENGE_ACK "nf_conntrack_tcp_packet()", \
	"A SYN reached a server whose old connection is still closing. The server answers with an ACK, to ask whether the SYN is meant (RFC 5961). The kernel lets that ACK pass, and does not take it for the last one of the closing."
#define RULE_TCP_INVALID_RST "nf_conntrack_tcp_packet()", \
	"A RST (which breaks a connection off) must not have a sequence number from before the data that the other side has already acknowledged. Old or forged RSTs do."
#define RULE_TCP_MORE_BYTES "tcp_in_window()", \
	"A segment must not begin behind the receiver's window, the data that it is ready to take. This one does, but by no more than the size of a window: the kernel lets it pass, and notes where it ends."
#define RULE_TCP_SEQ_OVER "tcp_in_window()", \
	"A segment must not begin behind the receiver's window, the data that it is ready to take. The receiver would throw this one away."
#define RULE_TCP_ACK_OVER "tcp_in_window()", \
	"A segment can only acknowledge data that was sent. This one acknowledges data that connection tracking has not seen: it went another way, or the capture lost it."
#define RULE_TCP_SEQ_UNDER "tcp_in_window()", \
	"The segment repeats data from far before what the receiver has acknowledged. The receiver throws it away, so since Linux 6.0 the kernel lets it pass without learning from it; before, it is INVALID."
#define RULE_TCP_ACK_UNDER "tcp_in_window()", \
	"The segment acknowledges less than is plausible by now: it is very late. Since Linux 6.0 the kernel lets it pass without learning from it; before, it is INVALID."
#define RULE_TCP_LOWER_TIMEOUT "nf_tcp_handle_invalid()", \
	"Both sides have sent a FIN or RST that is INVALID, so the connection is probably over. The kernel shortens the time that its entry stays in the table."

/* UDP, UDP-Lite */
#define RULE_UDP_SHORT "udp_error()", \
	"A UDP header has 8 bytes. The packet ends before that."
#define RULE_UDP_TRUNCATED "udp_error()", \
	"The UDP header says how long the datagram is. That must be 8 bytes at least, and no more than the packet holds."
#define RULE_UDP_CHECKSUM "udp_error()", \
	"The checksum tells whether a packet was damaged on its way. It must match the rest of the packet, or be 0, which means that there is none."
#define RULE_UDPLITE_SHORT "udplite_error()", \
	"A UDP-Lite header has 8 bytes. The packet ends before that."
#define RULE_UDPLITE_COVERAGE "udplite_error()", \
	"The UDP-Lite header says how much of the packet its checksum covers: all (0), or 8 bytes at least and no more than the packet holds."
#define RULE_UDPLITE_MISSING "udplite_error()", \
	"UDP-Lite does not allow a packet without a checksum, and this one has none."
#define RULE_UDPLITE_CHECKSUM "udplite_error()", \
	"The checksum tells whether a packet was damaged on its way. It must match what it covers; the kernel computes it with the protocol number of UDP, so that even right packets may fail."

/* ICMP, ICMPv6 */
#define RULE_ICMP_SHORT "nf_conntrack_icmpv4_error()", \
	"An ICMP header has 8 bytes. The packet ends before that."
#define RULE_ICMP_CHECKSUM "nf_conntrack_icmpv4_error()", \
	"The checksum tells whether a packet was damaged on its way. It must match the rest of the packet."
#define RULE_ICMP_TYPE "nf_conntrack_icmpv4_error()", \
	"The kernel knows the ICMP types up to 18. This one is above."
#define RULE_ICMP_OUTER "nf_conntrack_inet_error()", \
	"An ICMP error quotes the packet that it is about, and goes to the sender of that packet. This one goes to somebody else."
#define RULE_ICMP_INNER "nf_conntrack_inet_error()", \
	"An ICMP error quotes the packet that it is about, so that connection tracking can find the connection. This quotation is too short, or is of a packet that belongs to none."
#define RULE_ICMP_UNKNOWN "nf_conntrack_inet_error()", \
	"An ICMP error quotes the packet that it is about, and is RELATED to the connection of that packet. There is no such connection in the table."
#define RULE_ICMP_NEW "nf_conntrack_icmp_packet(), nf_conntrack_icmpv6_packet()", \
	"Only questions, such as an echo request (ping), begin something that the table keeps. This message is an answer whose question is not in the table, or it is neither."
#define RULE_ICMP_FAMILY "nf_conntrack_icmp_packet(), nf_conntrack_icmpv6_packet()", \
	"ICMP belongs to IPv4 and ICMPv6 to IPv6. Here they are mixed."
#define RULE_ICMPV6_SHORT "nf_conntrack_icmpv6_error()", \
	"An ICMPv6 header has 8 bytes. The packet ends before that."
#define RULE_ICMPV6_CHECKSUM "nf_conntrack_icmpv6_error()", \
	"The checksum tells whether a packet was damaged on its way. It must match the rest of the packet."
#define RULE_ICMPV6_REDIR_SHORT "nf_conntrack_icmpv6_redirect()", \
	"A redirect tells a host of a better router, and has 40 bytes at least. The packet ends before that."
#define RULE_ICMPV6_REDIR_FROM "nf_conntrack_icmpv6_redirect()", \
	"A redirect tells a host of a better router. It must come from a router on the same link: from a link-local address (fe80::...) and with a hop limit of 255. This one does not."
#define RULE_ICMPV6_REDIR_OPTS "nf_conntrack_icmpv6_redirect()", \
	"A redirect tells a host of a better router, and has the packet that caused it in its options. Without that, connection tracking cannot find the connection."
#define RULE_ICMPV6_OUTER "nf_conntrack_inet_error()", \
	"An ICMPv6 error quotes the packet that it is about, and goes to the sender of that packet. This one goes to somebody else."
#define RULE_ICMPV6_UNTRACKED "nf_conntrack_icmpv6_error()", \
	"Neighbour discovery, multicast listener and router messages concern one link only, and connection tracking never looks at them. Rules must accept them by their type, or IPv6 stops working."

/* SCTP */
#define RULE_SCTP_SHORT "sctp_error()", \
	"An SCTP header has 12 bytes. The packet ends before that."
#define RULE_SCTP_CRC "sctp_error()", \
	"The checksum (a CRC-32C) tells whether a packet was damaged on its way. It must match the rest of the packet."
#define RULE_SCTP_CHUNKS "do_basic_checks()", \
	"An SCTP packet is made of chunks. One of them has no length, stands beside others although it must be alone, or comes later although it must be first."
#define RULE_SCTP_NO_CHUNK "do_basic_checks()", \
	"An SCTP packet is made of chunks, and must have one at least. This one has none."
#define RULE_SCTP_OOTB "sctp_new()", \
	"An ABORT, SHUTDOWN COMPLETE or COOKIE ACK belongs to an association (SCTP's word for a connection) that exists. There is none in the table, and such a chunk cannot begin one."
#define RULE_SCTP_NEW "sctp_new()", \
	"The packet belongs to no association (SCTP's word for a connection) in the table, and it cannot begin one: an INIT with a verification tag of 0 may, or a HEARTBEAT of one that is under way."
#define RULE_SCTP_VTAG "nf_conntrack_sctp_packet()", \
	"Each side of an association chooses a number, the verification tag, when it begins. Every packet to it must carry that number. This one carries another. (The kernel prints both with their bytes in reverse order.)"
#define RULE_SCTP_CHUNK_VTAG "nf_conntrack_sctp_packet()", \
	"Each side of an association chooses a number, the verification tag, when it begins. Chunks that open or close it have rules of their own about which tag they carry, and this one breaks them."
#define RULE_SCTP_INIT_TAG "nf_conntrack_sctp_packet()", \
	"An INIT ACK answers an INIT, and both are complete. Here the INIT was not seen, or the chunk is cut short."
#define RULE_SCTP_STATE "nf_conntrack_sctp_packet()", \
	"The kernel keeps a table of which chunk may come in which state of an association, and from which side. This one may not come now."

/* DCCP */
#define RULE_DCCP_SHORT "nf_conntrack_dccp_packet()", \
	"A DCCP header has 12 bytes at least, and more for most packet types. The packet ends before that."
#define RULE_DCCP_TRUNCATED "dccp_error()", \
	"The DCCP header says how long it is itself. That must be 12 bytes at least, and no more than the packet holds."
#define RULE_DCCP_COVERAGE "dccp_error()", \
	"The DCCP header says how much of the packet its checksum covers. That is more than the packet holds."
#define RULE_DCCP_CHECKSUM "dccp_error()", \
	"The checksum tells whether a packet was damaged on its way. It must match what it covers."
#define RULE_DCCP_TYPE "dccp_error()", \
	"DCCP knows the packet types 0 to 9. This one is above."
#define RULE_DCCP_SHORT_SEQ "dccp_error()", \
	"Only Data, Ack and DataAck packets may have short sequence numbers. This one is of another type."
#define RULE_DCCP_IGNORED "nf_conntrack_dccp_packet()", \
	"In this state of the connection such a packet is unexpected, but it may be right. The kernel lets it pass and changes nothing."
#define RULE_DCCP_STATE "nf_conntrack_dccp_packet()", \
	"The kernel keeps a table of which packet may come in which state of a connection, and from which side. This one may not come now; no other packet than a Request can begin a connection."

/* GRE */
#define RULE_GRE_PROTO "gre_pkt_to_tuple()", \
	"GRE version 1 is PPTP's, and carries PPP. This packet carries something else."

/* helpers: the packet is dropped after the rules saw it */
#define RULE_HELP_NO_EXPECT "nf_ct_expect_related()", \
	"The packet announces another connection, and the helper that reads it could not note that: there are too many such notes (nf_conntrack_expect_max), or one that contradicts it. The helper drops the packet."
#define RULE_HELP_FTP_PARTIAL "help() of nf_conntrack_ftp", \
	"The packet begins like a command or answer of FTP that announces a data connection, but ends within it or cannot be read. The helper drops it, so that it is sent again whole."
#define RULE_HELP_SIP_PORT "process_sdp()", \
	"The packet announces a call, with a port below 1024 (and not 0) or above 65535. The helper for SIP drops it."
#define RULE_HELP_SIP_SDP "process_sdp()", \
	"The packet announces a call, and the part that describes it (SDP) has no address for voice or picture that can be read. The helper for SIP drops it."
#define RULE_HELP_SIP_VOICE "process_sdp()", \
	"The packet announces the voice of a call, and the helper for SIP could not note that: there are too many such notes (nf_conntrack_expect_max), or one that contradicts it. The helper drops the packet."
#define RULE_HELP_SIP_CONTACT "process_register_request()", \
	"The packet registers a telephone, and the address where it can be reached cannot be read. The helper for SIP drops it."
#define RULE_HELP_SIP_EXPIRES "process_register_request()", \
	"The packet registers a telephone, and the time for which it does cannot be read. The helper for SIP drops it."
#define RULE_HELP_SIP_CODE "process_sip_response()", \
	"The packet is an answer of SIP without a status code such as 200. The helper for SIP drops it."
#define RULE_HELP_SIP_CSEQ "process_sip_request(), process_sip_response()", \
	"Each message of SIP has a line CSeq that begins with a number. This packet has no such line. The helper for SIP drops it."
#define RULE_HELP_SIP_NO_CSEQ "process_sip_request(), process_sip_response()", \
	"Each message of SIP has a line CSeq that begins with a number. In this packet the number cannot be read. The helper for SIP drops it."
#define RULE_HELP_H323_H245 "h245_help()", \
	"The packet opens a channel of a telephone call (H.245), and the helper for H.323 could not read it or could not note what it announces. It drops the packet."
#define RULE_HELP_H323_Q931 "q931_help()", \
	"The packet sets up a telephone call (Q.931), and the helper for H.323 could not read it or could not note what it announces. It drops the packet."
#define RULE_HELP_H323_RAS "ras_help()", \
	"The packet registers or admits a telephone call (RAS), and the helper for H.323 could not read it or could not note what it announces. It drops the packet."
#define RULE_HELP_CUT "", \
	"The capture holds only the first bytes of this packet (its snap length is too small). The helper read what is there; the live kernel saw the whole packet and may have found an announcement in it."
#define RULE_HELP_OTHER_ADDR "help()", \
	"The packet announces a connection to another address than its sender's. A helper does not believe that, so nothing is noted, and the announced connection will be NEW, not RELATED."
#define RULE_HELP_TLS "help()", \
	"From here on the connection is encrypted, so that the helper cannot read what it announces. Connections that are announced will be NEW, not RELATED."
#define RULE_GROUP_ANSWER "resolve_normal_ct()", \
	"The question went to a multicast group or a broadcast address, and the answer comes from an address of its own. Connection tracking looks for an answer from the address that was asked, and so takes this packet for a new connection."

/* The classes of frames without a state, by the names that packet and capture give
 * them. */
#define EXPLAIN_CLASSES(X) \
X("arp", "It is ARP, which asks for the hardware address of a neighbour. That is not IP.") \
X("other", "It is of a protocol other than IP.") \
X("link-control", "It is a message of the link itself, such as a beacon of a wireless network or the negotiation of PPP.") \
X("compressed", "Its IP header is compressed, in a way that ctreplay cannot undo.") \
X("encrypted", "It is encrypted, so its packet cannot be read.") \
X("short", "It ends within the headers, before there is a whole IP header.") \
X("ip-short", "It ends before there is a whole IP header.") \
X("ip-version", "The version in its IP header is not the one that the link announces.") \
X("ip-header-length", "The length of its IP header is impossible: below 20 bytes, or beyond the packet.") \
X("ip-checksum", "The checksum of its IPv4 header is wrong, so the kernel throws it away first.") \
X("ip-total-length", "The length in its IP header is beyond the frame, or below that of the header.") \
X("ip-hop-by-hop", "Its IPv6 hop-by-hop options are broken.")

#endif
