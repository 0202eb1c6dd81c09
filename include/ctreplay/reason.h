/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reason.h - why a packet got its state: one list, from which the codes, the
 * texts, the statistics and the manual's table are made.
 *
 * X(symbol, code, origin, text)
 *
 * code    stable name for programs; never renamed once released
 * origin  KERNEL  the text is what nf_conntrack_log_invalid (or the kernel's
 *                 own log) prints, without the "nf_ct_proto_N: " in front
 *         OWN     the kernel prints nothing here; the text is ctreplay's
 * text    %d %u %x print the next number, %s the next number as the name of a
 *         TCP state, %F as an FTP command or reply, %A the next address (IPv4
 *         dotted, IPv6 in full), %a the same with IPv6 compressed
 *
 * Sources: Linux 6.18, net/netfilter/nf_conntrack_proto_*.c; each tracker's
 * file here names the function.
 */
#ifndef CTREPLAY_REASON_H
#define CTREPLAY_REASON_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/packet.h"

#define CT_REASONS(X) \
X(NONE,              "none",               OWN,    "") \
/* before the packet reaches a tracker */ \
X(NOTRACK,           "notrack",            OWN,    "matched a --notrack filter") \
X(NO_L4,             "no-transport",       OWN,    "no transport header can be found") \
X(NO_TUPLE,          "no-tuple",           OWN,    "transport header too short for a connection's identity") \
X(CUT_HEADER,        "cut-in-header",      OWN,    "cut by the snap length within the header") \
X(TABLE_FULL,        "table-full",         KERNEL, "table full, dropping packet") \
X(FRAG_HELD,         "fragment-held",      OWN,    "held until the datagram is whole") \
X(FRAG_DUPLICATE,    "fragment-duplicate", OWN,    "duplicate of a held fragment") \
X(FRAG_OVERLAP,      "fragment-overlap",   OWN,    "fragment overlaps another, datagram discarded") \
X(FRAG_EMPTY,        "fragment-empty",     OWN,    "fragment without data") \
X(FRAG_END,          "fragment-end",       OWN,    "fragments disagree about the datagram's end") \
X(FRAG_ECN,          "fragment-ecn",       OWN,    "fragments with and without ECN, datagram discarded") \
X(FRAG_LONG,         "fragment-long",      OWN,    "datagram longer than 65535 octets, discarded") \
X(FRAG_PAST,         "fragment-past",      OWN,    "fragment reaches beyond 65535 octets") \
X(FRAG_HEADER,       "fragment-header",    OWN,    "fragment header is cut short") \
X(FRAG_WHOLE,        "fragment-whole",     OWN,    "header of the whole datagram is broken") \
X(FRAG_LIMIT,        "fragment-limit",     OWN,    "fragment memory is used up") \
X(FRAG_MEMORY,       "fragment-memory",    OWN,    "no memory for the fragment") \
/* TCP */ \
X(TCP_SHORT,         "tcp-short",          OWN,    "fewer than 20 bytes of TCP header") \
X(TCP_TRUNCATED,     "tcp-truncated",      KERNEL, "truncated packet") \
X(TCP_CHECKSUM,      "tcp-checksum",       KERNEL, "bad checksum") \
X(TCP_FLAGS,         "tcp-flags",          KERNEL, "invalid tcp flag combination") \
X(TCP_INVALID_NEW,   "tcp-invalid-new",    KERNEL, "invalid new") \
X(TCP_NO_PICKUP,     "tcp-no-pickup",      OWN,    "not picked up in mid-stream (tcp_loose is 0)") \
X(TCP_PICKED_UP,     "tcp-picked-up",      OWN,    "picked up in mid-stream, without a SYN") \
X(TCP_IGNORED,       "tcp-ignored",        KERNEL, "packet (index %d) in dir %d ignored, state %s") \
X(TCP_INVALID_STATE, "tcp-invalid-state",  KERNEL, "packet (index %d) in dir %d invalid, state %s") \
X(TCP_CHALLENGE_ACK, "tcp-challenge-ack",  KERNEL, "challenge-ack ignored") \
X(TCP_INVALID_RST,   "tcp-invalid-rst",    KERNEL, "invalid rst") \
X(TCP_MORE_BYTES,    "tcp-more-bytes",     KERNEL, "%u bytes more than expected") \
X(TCP_SEQ_OVER,      "tcp-seq-over",       KERNEL, "SEQ is over upper bound %u (over the window of the receiver)") \
X(TCP_ACK_OVER,      "tcp-ack-over",       KERNEL, "ACK is over upper bound %u (ACKed data not seen yet)") \
X(TCP_SEQ_UNDER,     "tcp-seq-under",      KERNEL, "SEQ is under lower bound %u (already ACKed data retransmitted)") \
X(TCP_ACK_UNDER,     "tcp-ack-under",      KERNEL, "ignored ACK under lower bound %u (possible overly delayed)") \
X(TCP_LOWER_TIMEOUT, "tcp-lower-timeout",  KERNEL, "packet (index %d, dir %d) response for index %d lower timeout to %u") \
/* UDP, UDP-Lite */ \
X(UDP_SHORT,         "udp-short",          KERNEL, "short packet") \
X(UDP_TRUNCATED,     "udp-truncated",      KERNEL, "truncated/malformed packet") \
X(UDP_CHECKSUM,      "udp-checksum",       KERNEL, "bad checksum") \
X(UDPLITE_SHORT,     "udplite-short",      KERNEL, "short packet") \
X(UDPLITE_COVERAGE,  "udplite-coverage",   KERNEL, "invalid checksum coverage") \
X(UDPLITE_MISSING,   "udplite-no-checksum", KERNEL, "checksum missing") \
X(UDPLITE_CHECKSUM,  "udplite-checksum",   KERNEL, "bad checksum") \
/* ICMP, ICMPv6 */ \
X(ICMP_SHORT,        "icmp-short",         KERNEL, "short packet") \
X(ICMP_CHECKSUM,     "icmp-checksum",      KERNEL, "bad hw icmp checksum") \
X(ICMP_TYPE,         "icmp-type",          KERNEL, "invalid icmp type") \
X(ICMP_OUTER,        "icmp-outer",         KERNEL, "outer daddr %A != inner %A") \
X(ICMP_INNER,        "icmp-inner",         OWN,    "the quoted packet cannot be read") \
X(ICMP_UNKNOWN,      "icmp-unknown",       OWN,    "the quoted packet belongs to no known connection") \
X(ICMP_NEW,          "icmp-new",           OWN,    "type %u opens no flow, and answers none that is known") \
X(ICMP_FAMILY,       "icmp-family",        OWN,    "ICMP of the other IP version") \
X(ICMPV6_SHORT,      "icmpv6-short",       KERNEL, "short packet") \
X(ICMPV6_CHECKSUM,   "icmpv6-checksum",    KERNEL, "ICMPv6 checksum failed") \
X(ICMPV6_REDIR_SHORT, "icmpv6-redirect-short", KERNEL, "short redirect") \
X(ICMPV6_REDIR_FROM, "icmpv6-redirect-from", KERNEL, "invalid saddr or hoplimit for redirect") \
X(ICMPV6_REDIR_OPTS, "icmpv6-redirect-options", KERNEL, "redirect without options") \
X(ICMPV6_OUTER,      "icmpv6-outer",       KERNEL, "outer daddr %A != inner %A") \
X(ICMPV6_UNTRACKED,  "icmpv6-untracked",   OWN,    "type %u (neighbour discovery, multicast listener, router) is never tracked") \
/* SCTP */ \
X(SCTP_SHORT,        "sctp-short",         KERNEL, "nf_ct_sctp: short packet") \
X(SCTP_CRC,          "sctp-crc",           KERNEL, "nf_ct_sctp: bad CRC") \
X(SCTP_CHUNKS,       "sctp-chunks",        KERNEL, "do_basic_checks failed. chunk num %d, type %d, len %d flag %d") \
X(SCTP_NO_CHUNK,     "sctp-no-chunk",      OWN,    "no chunk at all") \
X(SCTP_OOTB,         "sctp-ootb",          OWN,    "ABORT, SHUTDOWN COMPLETE or COOKIE ACK outside of an association") \
X(SCTP_NEW,          "sctp-new",           OWN,    "INIT with a tag, or cut short, opens no association") \
X(SCTP_VTAG,         "sctp-vtag",          KERNEL, "verification tag check failed %x vs %x for dir %d") \
X(SCTP_CHUNK_VTAG,   "sctp-chunk-vtag",    OWN,    "chunk type %u with a wrong verification tag") \
X(SCTP_INIT_TAG,     "sctp-init-tag",      OWN,    "INIT or INIT ACK that is cut short or answers no INIT seen") \
X(SCTP_STATE,        "sctp-state",         KERNEL, "Invalid, old_state %d, dir %d, type %d") \
/* DCCP, in kernels that track it */ \
X(DCCP_SHORT,        "dccp-short",         OWN,    "DCCP header cut short") \
X(DCCP_TRUNCATED,    "dccp-truncated",     KERNEL, "nf_ct_dccp: truncated/malformed packet") \
X(DCCP_COVERAGE,     "dccp-coverage",      KERNEL, "nf_ct_dccp: bad checksum coverage") \
X(DCCP_CHECKSUM,     "dccp-checksum",      KERNEL, "nf_ct_dccp: bad checksum") \
X(DCCP_TYPE,         "dccp-type",          KERNEL, "nf_ct_dccp: reserved packet type") \
X(DCCP_SHORT_SEQ,    "dccp-short-seq",     KERNEL, "nf_ct_dccp: type lacks 48bit sequence numbers") \
X(DCCP_IGNORED,      "dccp-ignored",       KERNEL, "invalid packet") \
X(DCCP_STATE,        "dccp-state",         KERNEL, "invalid state transition") \
/* GRE */ \
X(GRE_PROTO,         "gre-proto",          OWN,    "GRE version 1 that carries no PPP") \
/* helpers: the packet is dropped after the rules saw it */ \
X(HELP_NO_EXPECT,    "helper-no-expectation", KERNEL, "dropping packet: cannot add expectation") \
X(HELP_FTP_PARTIAL,  "helper-ftp-partial", KERNEL, "dropping packet: partial matching of `%F'") \
X(HELP_SIP_PORT,     "helper-sip-port",    KERNEL, "dropping packet: wrong port %u") \
X(HELP_SIP_SDP,      "helper-sip-sdp",     KERNEL, "dropping packet: cannot parse SDP message") \
X(HELP_SIP_VOICE,    "helper-sip-voice",   KERNEL, "dropping packet: cannot add expectation for voice") \
X(HELP_SIP_CONTACT,  "helper-sip-contact", KERNEL, "dropping packet: cannot parse contact") \
X(HELP_SIP_EXPIRES,  "helper-sip-expires", KERNEL, "dropping packet: cannot parse expires") \
X(HELP_SIP_CODE,     "helper-sip-code",    KERNEL, "dropping packet: cannot get code") \
X(HELP_SIP_CSEQ,     "helper-sip-cseq",    KERNEL, "dropping packet: cannot parse cseq") \
X(HELP_SIP_NO_CSEQ,  "helper-sip-no-cseq", KERNEL, "dropping packet: cannot get cseq") \
X(HELP_H323_H245,    "helper-h323-h245",   KERNEL, "dropping packet: cannot process H.245 message") \
X(HELP_H323_Q931,    "helper-h323-q931",   KERNEL, "dropping packet: cannot process Q.931 message") \
X(HELP_H323_RAS,     "helper-h323-ras",    KERNEL, "dropping packet: cannot process RAS message") \
X(HELP_CUT,          "helper-cut",         OWN,    "cut by the snap length, the helper read what is there") \
X(HELP_OTHER_ADDR,   "helper-other-address", OWN,  "announces %a, not the sender's own address %a: nothing is expected") \
X(HELP_TLS,          "helper-tls",         OWN,    "TLS from here on: the helper cannot read it, nothing is expected") \
X(GROUP_ANSWER,      "group-answer",       OWN,    "answers the question to a group or broadcast address in frame %u, which connection tracking cannot match")

/*
 * Texts of other kernels than 6.18.
 *
 * X(symbol, variant, condition, behaviour, origin, text)
 *
 * variant    1 or more; ct_why.variant
 * condition  WITH     kernels that have the behaviour (kernel.h) print this text
 *            WITHOUT  kernels that lack it do
 * text       as above; "%2s" takes argument number 2, counted from 0
 */
#define CT_REASON_VARIANTS(X) \
X(TCP_INVALID_NEW,   1, WITHOUT, TCP_INVALID_NEW_LOGGED, OWN,    "invalid new") \
X(TCP_IGNORED,       1, WITHOUT, TCP_BOUNDS_IN_TEXT,     KERNEL, "invalid packet ignored in state %2s") \
X(TCP_INVALID_STATE, 1, WITHOUT, TCP_BOUNDS_IN_TEXT,     KERNEL, "invalid state") \
X(TCP_SEQ_OVER,      1, WITHOUT, TCP_BOUNDS_IN_TEXT,     KERNEL, "SEQ is over the upper bound (over the window of the receiver)") \
X(TCP_ACK_OVER,      1, WITHOUT, TCP_BOUNDS_IN_TEXT,     KERNEL, "ACK is over the upper bound (ACKed data not seen yet)") \
X(TCP_SEQ_UNDER,     1, WITHOUT, TCP_BOUNDS_IN_TEXT,     KERNEL, "SEQ is under the lower bound (already ACKed data retransmitted)") \
X(TCP_ACK_UNDER,     1, WITHOUT, TCP_BOUNDS_IN_TEXT,     KERNEL, "ACK is under the lower bound (possible overly delayed ACK)") \
X(TCP_LOWER_TIMEOUT, 1, WITH,    TCP_LOWERED_TEXT,       KERNEL, "lowered timeout to UNACK") \
X(SCTP_CHUNKS,       1, WITHOUT, SCTP_REASONS,           OWN,    "do_basic_checks failed. chunk num %d, type %d, len %d flag %d") \
X(SCTP_VTAG,         1, WITHOUT, SCTP_REASONS,           OWN,    "verification tag check failed %x vs %x for dir %d") \
X(SCTP_STATE,        1, WITHOUT, SCTP_REASONS,           OWN,    "Invalid, old_state %d, dir %d, type %d")

enum ct_reason {
#define CT_REASON_ENUM(sym, code, origin, text) CT_REASON_##sym,
	CT_REASONS(CT_REASON_ENUM)
#undef CT_REASON_ENUM
	CT_REASON_COUNT
};

/*
 * A reason with its numbers.  'n' holds the arguments of %d, %u, %x and %s in
 * order; texts with %A or %a take 'addr' instead, in the packet's own family.
 * TCP_INVALID_RST has numbers that its text does not show: the reset's, the highest
 * acknowledged one, and the frame that acknowledged it (low and high half; 0 if
 * unknown).
 */
struct ct_why {
	uint16_t reason;	/* enum ct_reason */
	uint8_t  l3num;		/* family of addr[] */
	uint8_t  variant;	/* of the text: 0, or one of CT_REASON_VARIANTS */
	union {
		uint32_t n[4];
		union ct_addr addr[2];
	};
};

#ifdef __cplusplus
extern "C" {
#endif

/* The stable code of 'reason'; static storage. */
const char *ct_reason_code(enum ct_reason reason);
/* The text with its placeholders; static storage. */
const char *ct_reason_text(enum ct_reason reason);
/* Whether Linux 6.18 prints this text itself. */
bool ct_reason_is_kernel(enum ct_reason reason);
/* The text that the kernel in force has for the reason; static storage. */
const char *ct_why_text(const struct ct_why *why);

#ifdef __cplusplus
}
#endif

#endif
