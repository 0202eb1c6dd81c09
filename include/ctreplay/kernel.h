/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel.h - the releases of Linux that the engine can behave as.
 *
 * A kernel is a set of behaviours.  Each behaviour has a name that never
 * changes and came with a mainline release; stable branches took many of them
 * in a later release of their own.  The engine asks for a behaviour, never for
 * a version, so a release is nothing but the set of what it has.
 *
 * X(symbol, name, text): what kernels do that have the behaviour, and, after
 * "before:", what kernels without it do.  Which releases have it says
 * src/conntrack/kernel/history.c; ct_behaviour_releases() tells that in words.
 */
#ifndef CTREPLAY_KERNEL_H
#define CTREPLAY_KERNEL_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctreplay/reason.h"
#include "ctreplay/sysctl.h"

#define CT_BEHAVIOURS(X) \
/* TCP */ \
X(TCP_RST_CLOSING_UNCHECKED, "tcp-rst-closing-unchecked", \
  "an RST for a connection that is closing is not checked; before: its numbers are, like any other's") \
X(TCP_RST_AFTER_SYN, "tcp-rst-after-syn", \
  "an RST that follows a SYN is not held against the acknowledged data; before: it is, and is INVALID below it") \
X(TCP_RST_SEQ0, "tcp-rst-seq0", \
  "an RST with sequence number 0 passes on to the window check unless the connection is established; before: it is INVALID") \
X(TCP_IGNORE_INVALID_RST, "tcp-ignore-invalid-rst", \
  "the sysctl nf_conntrack_tcp_ignore_invalid_rst exists") \
X(TCP_SYN_RETRANSMIT_NO_REFRESH, "tcp-syn-retransmit-no-refresh", \
  "a repeated SYN does not prolong an unanswered connection; before: each SYN gives it the whole timeout again") \
X(TCP_REINIT_NEEDS_SYN, "tcp-reinit-needs-syn", \
  "only a SYN starts a side's numbers anew while a connection opens; before: any segment beyond them does") \
X(TCP_OVERSHOOT_ACCEPTED, "tcp-overshoot-accepted", \
  "data beyond the window by no more than the window's size is accepted; before: it is INVALID") \
X(TCP_OLD_SEGMENT_ACCEPTED, "tcp-old-segment-accepted", \
  "data and ACKs below the window are accepted and change nothing; before: they are INVALID") \
X(TCP_BOUNDS_IN_TEXT, "tcp-bounds-in-text", \
  "the log names the bound, the packet's index and its direction; before: it names neither") \
X(TCP_INVALID_LOWERS_TIMEOUT, "tcp-invalid-lowers-timeout", \
  "INVALID FINs or RSTs from both sides cut an established connection's timeout to 300 s; before: it keeps five days") \
X(TCP_RST_CHALLENGE_ACK, "tcp-rst-challenge-ack", \
  "an RST that answers a challenge ACK closes the new connection; before: it is INVALID, and the SYN hangs") \
X(TCP_INVALID_NEW_LOGGED, "tcp-invalid-new-logged", \
  "the log says \"invalid new\" of a segment that opens nothing; before: the log is silent") \
X(TCP_WSCALE_BY_REPLY, "tcp-wscale-by-reply", \
  "only the reply's SYN decides whether windows are scaled; before: a repeated SYN switches scaling off") \
X(TCP_RST_SYN_DIRECTION, "tcp-rst-syn-direction", \
  "an RST closes unchecked only if the SYN before it came from the other side; before: whichever side sent that SYN") \
X(TCP_LOWERED_TEXT, "tcp-lowered-text", \
  "the log says \"lowered timeout to UNACK\"; before: it gives indexes and the timeout in ticks") \
X(TCP_RST_TIMEOUT_UNACK, "tcp-rst-timeout-unack", \
  "an inexact RST leaves an established connection 300 s; before: 10 s") \
/* UDP, UDP-Lite */ \
X(UDP_ASSURED_STREAM, "udp-assured-stream", \
  "a UDP connection is ASSURED once it has lasted two seconds; before: at the first packet after an answer") \
X(UDPLITE_GENERIC, "udplite-generic", \
  "UDP-Lite has no tracker: no ports, no checksum, 600 s; before: it is tracked as UDP is") \
/* ICMPv6 */ \
X(ICMPV6_REDIRECT_RELATED, "icmpv6-redirect-related", \
  "a redirect is RELATED to the connection that it quotes; before: it is INVALID") \
X(ICMPV6_MRD_UNTRACKED, "icmpv6-mrd-untracked", \
  "multicast router discovery (types 151, 152) is UNTRACKED; before: it is INVALID") \
/* SCTP */ \
X(SCTP_CLOSED_NO_REFRESH, "sctp-closed-no-refresh", \
  "an INIT in CLOSED does not prolong the entry; before: it does") \
X(SCTP_ONE_ESTABLISHED, "sctp-one-established", \
  "associations have one state ESTABLISHED of 210 s; before: it is five days, and HEARTBEAT_ACKED a state of its own") \
X(SCTP_VTAG_BY_T, "sctp-vtag-by-t", \
  "the T bit says whose verification tag an ABORT or SHUTDOWN COMPLETE carries; before: either side's will do") \
X(SCTP_REASONS, "sctp-reasons", \
  "the log says why an SCTP packet is INVALID; before: it is silent") \
X(SCTP_SHUTDOWN_3S, "sctp-shutdown-3s", \
  "SHUTDOWN_SENT and SHUTDOWN_RECD last 3 s, and a new INIT ends them; before: 0.3 s") \
X(SCTP_INIT_COLLISION, "sctp-init-collision", \
  "crossing INITs are told apart by their tags; before: an INIT ACK always sets the peer's tag") \
X(SCTP_FIRST_VTAG, "sctp-first-vtag", \
  "of first packets only an INIT, HEARTBEAT or SHUTDOWN ACK fixes a tag; before: any other chunk does, too") \
X(SCTP_STALE_INIT, "sctp-stale-init", \
  "an INIT that repeats a known tag is no new one; before: it counts as a crossing INIT") \
/* DCCP */ \
X(DCCP_SHORT_INVALID, "dccp-short-invalid", \
  "a DCCP packet cut within its header is INVALID; before: it is dropped") \
X(DCCP_GENERIC, "dccp-generic", \
  "DCCP has no tracker: no ports, no states, 600 s; before: it has states of its own") \
/* the table, settings, events */ \
X(DESTROY_HAS_STATE, "destroy-has-state", \
  "DESTROY events carry the state and the time left; before: they do not") \
X(LARGE_DEFAULTS, "large-defaults", \
  "262144 buckets and 4096 expectations by default with more than 4 GB of memory; before: 65536 and 1024") \
X(EVENTS_ON_DEMAND, "events-on-demand", \
  "nf_conntrack_events may be 2, the default: events only while somebody listens; before: 0 or 1, the default") \
X(MAX_RETRANS_8BIT, "max-retrans-8bit", \
  "nf_conntrack_tcp_max_retrans is at most 255; before: any number") \
X(LIMITS_CHECKED, "limits-checked", \
  "nf_conntrack_expect_max is at least 1; before: 0 is taken, too, and refuses every expectation") \
X(MAX_NOT_ZERO, "max-not-zero", \
  "nf_conntrack_max is at least 1; before: 0 means no limit") \
/* expectations */ \
X(EXPECT_INHERITS_HELPER, "expect-inherits-helper", \
  "an expected connection gets its master's helper; other kernels: only if the helper asks for it") \
X(EXPECT_LAZY, "expect-lazy", \
  "expired expectations stay until something meets them, and count till then; before: a timer removes them") \
/* helpers */ \
X(HELPER_BY_RULE, "helper-by-rule", \
  "only a rule gives a connection its helper; before: nf_conntrack_helper=1 does, by port") \
X(FTP_STRICT_NUMBERS, "ftp-strict-numbers", \
  "FTP: octets above 255 and ports above 65535 are no address, and the packet is dropped; before: they wrap around") \
X(IRC_AFTER_PRIVMSG, "irc-after-privmsg", \
  "IRC: a DCC request follows PRIVMSG and \" :\"; before: it may stand anywhere in the data") \
X(IRC_4095, "irc-4095", \
  "IRC: only the first 4095 bytes of a packet are read; before: all are") \
X(IRC_OWN_ADDRESS, "irc-own-address", \
  "IRC: a DCC request names the client's own address; before: the server's is accepted, too") \
X(IRC_END, "irc-end", \
  "IRC: the newline of a request is within the 4095 bytes that are read; before: it may be the byte behind them") \
X(IRC_NUMBER_SATURATES, "irc-number-saturates", \
  "IRC: an address or port beyond 64 bits is the largest number; before: its lower 64 bits") \
X(IRC_STOP_AFTER_BAD, "irc-stop-after-bad", \
  "IRC: a bad DCC request ends the reading of the packet; before: reading goes on behind it") \
X(SIP_STRICT_NUMBERS, "sip-strict-numbers", \
  "SIP: ports and numbers are read with bounds, and a header with a bad port is not there; before: strtoul() reads them") \
X(SIP_EXPIRES_NUMBER, "sip-expires-number", \
  "SIP: a Contact with expires= and no number drops the packet; before: it is 0") \
X(SIP_WALK_HEADERS, "sip-walk-headers", \
  "SIP: behind a Contact that cannot be read the next one is found; before: headers in between are jumped over") \
X(SIP_CONTENT_LENGTH, "sip-content-length", \
  "SIP over TCP: a Content-Length beyond the packet ends the reading; before: it wraps at 32 bits") \
X(H323_CHOICE_LENGTH, "h323-choice-length", \
  "H.323: an alternative's length is read if two octets are left; before: one octet will do") \
X(PPTP_KEYS_PAIR, "pptp-keys-pair", \
  "PPTP: both call ids of a call are kept or neither is; before: one may be kept alone, and a clash removes all") \
X(BROADCAST_SOURCE_PORT, "broadcast-source-port", \
  "NetBIOS and SNMP answers are expected from the port that was asked; before: from the helper's own port") \
/* IPv6 */ \
X(IPV6_CHAIN_LIMIT, "ipv6-chain-limit", \
  "a packet with more than 12 IPv6 extension headers has no transport header and is INVALID; before: there is no limit")

enum ct_behaviour {
#define CT_BEHAVIOUR_ENUM(sym, name, text) CT_HAS_##sym,
	CT_BEHAVIOURS(CT_BEHAVIOUR_ENUM)
#undef CT_BEHAVIOUR_ENUM
	CT_BEHAVIOUR_COUNT
};

/* A release and what it has.  A value: copy it as you like. */
struct ct_kernel {
	uint16_t version[3];	/* as in 6.12.117 */
	uint64_t has[2];	/* a bit for each behaviour; see ct_kernel_has() */
};

static inline bool ct_kernel_has(const struct ct_kernel *k, enum ct_behaviour b)
{
	return k->has[(unsigned int)b / 64] >> ((unsigned int)b % 64) & 1;
}

/* How much is known of a version that was asked for. */
enum ct_kernel_result {
	CT_KERNEL_JUDGED,	/* this very release was compared with the engine */
	CT_KERNEL_HISTORY,	/* its branch's history is known, between judged ones */
	CT_KERNEL_MAINLINE,	/* only mainline's history says what it has */
	CT_KERNEL_ABI,		/* "6.1.0-50-amd64" names no release: the judged
				 * one of the branch was taken */
	/* '*k' is not set: */
	CT_KERNEL_RANGE,	/* older or newer than all that is known */
	CT_KERNEL_SYNTAX,	/* no version */
};

#ifdef __cplusplus
extern "C" {
#endif

/* The kernel that ct_config_defaults() sets: the newest judged 6.18. */
void ct_kernel_default(struct ct_kernel *k);

/*
 * Finds the kernel that 'version' names: a branch ("6.12": its newest judged
 * release), a release ("6.12.40"), or either with what uname -r or a Debian
 * package version has behind it ("6.12.40-1", "6.12.117+deb13-amd64").  Of
 * Debian's "6.1.0-50-amd64" the number tells the release, if that was judged.
 */
enum ct_kernel_result ct_kernel_find(struct ct_kernel *k, const char *version);

/* The number of judged releases, and the one at 'i', oldest first. */
size_t ct_kernel_count(void);
void ct_kernel_judged(struct ct_kernel *k, size_t i);

/* "6.12.117", into 'text'. */
#define CT_KERNEL_NAME_SIZE 20u
void ct_kernel_name(const struct ct_kernel *k, char text[CT_KERNEL_NAME_SIZE]);

/* A behaviour's stable name, and its sentence; static storage. */
const char *ct_behaviour_name(enum ct_behaviour b);
const char *ct_behaviour_text(enum ct_behaviour b);

/*
 * Which releases have the behaviour, such as "7.1, 6.18.35, 6.12.93, 5.10.259":
 * the mainline release, then the stable ones.  At most 'size' bytes of 'text'
 * are written, the terminating NUL among them.
 */
void ct_behaviour_releases(enum ct_behaviour b, char *text, size_t size);

/* Whether the kernel's log has a text for packets with this reason. */
bool ct_kernel_logs(const struct ct_kernel *k, enum ct_reason reason);

/* What sysctl.h has for the default kernel, for any. */
#define ct_kernel_sysctl_defaults(k, s) ct_kernel_sysctl_init(k, s, sizeof(*(s)))
void ct_kernel_sysctl_init(const struct ct_kernel *k, struct ct_sysctl *s,
			   size_t size);
#define ct_kernel_sysctl_set(k, s, name, value) \
	ct_kernel_sysctl_set_sized(k, s, sizeof(*(s)), name, value)
enum ct_sysctl_result ct_kernel_sysctl_set_sized(const struct ct_kernel *k,
						 struct ct_sysctl *s, size_t size,
						 const char *name,
						 const char *value);
bool ct_kernel_sysctl_limits(const struct ct_kernel *k, const char *name,
			     uint32_t *min, uint32_t *max);

/*
 * Which kernels have the sysctl 'name', such as "since 5.14" or "before 6.17,
 * 5.10.166"; "" where all have it or it is unknown.  At most 'size' bytes are
 * written.
 */
void ct_sysctl_releases(const char *name, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
