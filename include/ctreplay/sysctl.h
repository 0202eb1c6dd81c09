/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sysctl.h - the kernel's settings: one list, from which names, defaults,
 * limits, the structure's members and the manual's table are made.
 *
 * X(member, name, legacy, default, min, max, help)
 *
 * name    below net.netfilter.
 * legacy  the name in Linux 2.4 and 2.6, below net.ipv4.netfilter., or ""
 *
 * Defaults and limits are those of a running Linux 6.18; those of sysctls that it
 * lacks are Linux 5.10's.  kernel.h has the others.  Times are in seconds.
 * The largest time is the largest that proc_dointvec_jiffies() takes at HZ=250.
 */
#ifndef CTREPLAY_SYSCTL_H
#define CTREPLAY_SYSCTL_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CT_SECONDS_MAX 8589934u
#define CT_INT_MAX     2147483647u

#define CT_SYSCTLS(X) \
X(acct,                 "nf_conntrack_acct",                        "",                                       0, 0, 1, "count packets and bytes of each connection") \
X(buckets,              "nf_conntrack_buckets",                     "ip_conntrack_buckets",              262144, 1, CT_INT_MAX, "size of the kernel's hash table; no effect here") \
X(checksum,             "nf_conntrack_checksum",                    "ip_conntrack_checksum",                  1, 0, 1, "verify checksums") \
X(dccp_loose,             "nf_conntrack_dccp_loose",              "",                                      1, 0, 1, "no effect, as in the kernel") \
X(dccp_timeout_request,   "nf_conntrack_dccp_timeout_request",    "",                                    240, 0, CT_SECONDS_MAX, "DCCP REQUEST") \
X(dccp_timeout_respond,   "nf_conntrack_dccp_timeout_respond",    "",                                    480, 0, CT_SECONDS_MAX, "DCCP RESPOND") \
X(dccp_timeout_partopen,  "nf_conntrack_dccp_timeout_partopen",   "",                                    480, 0, CT_SECONDS_MAX, "DCCP PARTOPEN") \
X(dccp_timeout_open,      "nf_conntrack_dccp_timeout_open",       "",                                  43200, 0, CT_SECONDS_MAX, "DCCP OPEN") \
X(dccp_timeout_closereq,  "nf_conntrack_dccp_timeout_closereq",   "",                                     64, 0, CT_SECONDS_MAX, "DCCP CLOSEREQ") \
X(dccp_timeout_closing,   "nf_conntrack_dccp_timeout_closing",    "",                                     64, 0, CT_SECONDS_MAX, "DCCP CLOSING") \
X(dccp_timeout_timewait,  "nf_conntrack_dccp_timeout_timewait",   "",                                    240, 0, CT_SECONDS_MAX, "DCCP TIMEWAIT") \
X(events,               "nf_conntrack_events",                      "",                                       2, 0, 2, "event delivery; no effect here") \
X(expect_max,           "nf_conntrack_expect_max",                  "",                                    4096, 1, CT_INT_MAX, "most expectations at once") \
X(frag6_high_thresh,    "nf_conntrack_frag6_high_thresh",           "",                                 4194304, 0, CT_INT_MAX, "memory for IPv6 reassembly, bytes") \
X(frag6_low_thresh,     "nf_conntrack_frag6_low_thresh",            "",                                 3145728, 0, CT_INT_MAX, "no effect, as in the kernel") \
X(frag6_timeout,        "nf_conntrack_frag6_timeout",               "",                                      60, 0, CT_SECONDS_MAX, "time to complete an IPv6 datagram") \
X(generic_timeout,      "nf_conntrack_generic_timeout",             "ip_conntrack_generic_timeout",         600, 0, CT_SECONDS_MAX, "protocols without a tracker") \
X(gre_timeout,          "nf_conntrack_gre_timeout",                 "",                                      30, 0, CT_SECONDS_MAX, "GRE, no reply yet") \
X(gre_timeout_stream,   "nf_conntrack_gre_timeout_stream",          "",                                     180, 0, CT_SECONDS_MAX, "GRE, both ways") \
X(helper,               "nf_conntrack_helper",                      "",                                       0, 0, 1, "give new connections a helper by port") \
X(icmp_timeout,         "nf_conntrack_icmp_timeout",                "ip_conntrack_icmp_timeout",             30, 0, CT_SECONDS_MAX, "ICMP requests") \
X(icmpv6_timeout,       "nf_conntrack_icmpv6_timeout",              "",                                      30, 0, CT_SECONDS_MAX, "ICMPv6 requests") \
X(log_invalid,          "nf_conntrack_log_invalid",                 "ip_conntrack_log_invalid",               0, 0, 255, "kernel log; no effect here") \
X(max,                  "nf_conntrack_max",                         "ip_conntrack_max",                  262144, 0, CT_INT_MAX, "most connections at once; 0 is no limit") \
X(sctp_timeout_closed,            "nf_conntrack_sctp_timeout_closed",            "ip_conntrack_sctp_timeout_closed",             10, 0, CT_SECONDS_MAX, "SCTP CLOSED") \
X(sctp_timeout_cookie_wait,       "nf_conntrack_sctp_timeout_cookie_wait",       "ip_conntrack_sctp_timeout_cookie_wait",         3, 0, CT_SECONDS_MAX, "SCTP COOKIE_WAIT") \
X(sctp_timeout_cookie_echoed,     "nf_conntrack_sctp_timeout_cookie_echoed",     "ip_conntrack_sctp_timeout_cookie_echoed",       3, 0, CT_SECONDS_MAX, "SCTP COOKIE_ECHOED") \
X(sctp_timeout_established,       "nf_conntrack_sctp_timeout_established",       "ip_conntrack_sctp_timeout_established",       210, 0, CT_SECONDS_MAX, "SCTP ESTABLISHED") \
X(sctp_timeout_shutdown_sent,     "nf_conntrack_sctp_timeout_shutdown_sent",     "ip_conntrack_sctp_timeout_shutdown_sent",       3, 0, CT_SECONDS_MAX, "SCTP SHUTDOWN_SENT") \
X(sctp_timeout_shutdown_recd,     "nf_conntrack_sctp_timeout_shutdown_recd",     "ip_conntrack_sctp_timeout_shutdown_recd",       3, 0, CT_SECONDS_MAX, "SCTP SHUTDOWN_RECD") \
X(sctp_timeout_shutdown_ack_sent, "nf_conntrack_sctp_timeout_shutdown_ack_sent", "ip_conntrack_sctp_timeout_shutdown_ack_sent",   3, 0, CT_SECONDS_MAX, "SCTP SHUTDOWN_ACK_SENT") \
X(sctp_timeout_heartbeat_sent,    "nf_conntrack_sctp_timeout_heartbeat_sent",    "",                                             30, 0, CT_SECONDS_MAX, "SCTP HEARTBEAT_SENT") \
X(sctp_timeout_heartbeat_acked,   "nf_conntrack_sctp_timeout_heartbeat_acked",   "",                                            210, 0, CT_SECONDS_MAX, "SCTP HEARTBEAT_ACKED") \
X(tcp_be_liberal,         "nf_conntrack_tcp_be_liberal",          "ip_conntrack_tcp_be_liberal",           0, 0, 1, "accept what is outside of the window") \
X(tcp_ignore_invalid_rst, "nf_conntrack_tcp_ignore_invalid_rst",  "",                                      0, 0, 1, "accept RSTs before the acknowledged data") \
X(tcp_loose,              "nf_conntrack_tcp_loose",               "ip_conntrack_tcp_loose",                1, 0, 1, "pick up connections in mid-stream") \
X(tcp_max_retrans,        "nf_conntrack_tcp_max_retrans",         "ip_conntrack_tcp_max_retrans",          3, 0, 255, "retransmissions before the timeout shrinks") \
X(tcp_timeout_syn_sent,       "nf_conntrack_tcp_timeout_syn_sent",       "ip_conntrack_tcp_timeout_syn_sent",       120, 0, CT_SECONDS_MAX, "TCP SYN_SENT") \
X(tcp_timeout_syn_recv,       "nf_conntrack_tcp_timeout_syn_recv",       "ip_conntrack_tcp_timeout_syn_recv",        60, 0, CT_SECONDS_MAX, "TCP SYN_RECV") \
X(tcp_timeout_established,    "nf_conntrack_tcp_timeout_established",    "ip_conntrack_tcp_timeout_established", 432000, 0, CT_SECONDS_MAX, "TCP ESTABLISHED") \
X(tcp_timeout_fin_wait,       "nf_conntrack_tcp_timeout_fin_wait",       "ip_conntrack_tcp_timeout_fin_wait",       120, 0, CT_SECONDS_MAX, "TCP FIN_WAIT") \
X(tcp_timeout_close_wait,     "nf_conntrack_tcp_timeout_close_wait",     "ip_conntrack_tcp_timeout_close_wait",      60, 0, CT_SECONDS_MAX, "TCP CLOSE_WAIT") \
X(tcp_timeout_last_ack,       "nf_conntrack_tcp_timeout_last_ack",       "ip_conntrack_tcp_timeout_last_ack",        30, 0, CT_SECONDS_MAX, "TCP LAST_ACK") \
X(tcp_timeout_time_wait,      "nf_conntrack_tcp_timeout_time_wait",      "ip_conntrack_tcp_timeout_time_wait",      120, 0, CT_SECONDS_MAX, "TCP TIME_WAIT") \
X(tcp_timeout_close,          "nf_conntrack_tcp_timeout_close",          "ip_conntrack_tcp_timeout_close",           10, 0, CT_SECONDS_MAX, "TCP CLOSE") \
X(tcp_timeout_max_retrans,    "nf_conntrack_tcp_timeout_max_retrans",    "ip_conntrack_tcp_timeout_max_retrans",    300, 0, CT_SECONDS_MAX, "TCP after tcp_max_retrans retransmissions") \
X(tcp_timeout_unacknowledged, "nf_conntrack_tcp_timeout_unacknowledged", "",                                        300, 0, CT_SECONDS_MAX, "TCP with data not acknowledged") \
X(timestamp,            "nf_conntrack_timestamp",                   "",                                       0, 0, 1, "show the age of each connection") \
X(udp_timeout,          "nf_conntrack_udp_timeout",                 "ip_conntrack_udp_timeout",              30, 0, CT_SECONDS_MAX, "UDP, no reply yet") \
X(udp_timeout_stream,   "nf_conntrack_udp_timeout_stream",          "ip_conntrack_udp_timeout_stream",      120, 0, CT_SECONDS_MAX, "UDP streams")

/*
 * Append-only: a new setting goes to the end of CT_SYSCTLS, so that programs that
 * were compiled with a shorter structure go on to work; functions that take the
 * structure are told its size.  To keep padding out of its end, the number of
 * members is even.
 */
struct ct_sysctl {
	/* net.ipv4.ipfrag_*: the settings of IPv4 reassembly are not below
	 * net.netfilter. */
	uint32_t ipfrag_time;		/* seconds */
	uint32_t ipfrag_high_thresh;	/* bytes */
	uint32_t ipfrag_low_thresh;	/* no effect, as in the kernel */
	uint32_t ipfrag_max_dist;	/* fragments of others in between; 0 is off */
#define CT_SYSCTL_MEMBER(member, name, legacy, def, min, max, help) uint32_t member;
	CT_SYSCTLS(CT_SYSCTL_MEMBER)
#undef CT_SYSCTL_MEMBER
};

#ifdef __cplusplus
extern "C" {
#endif

/* Sets every member to the default of the default kernel, Linux 6.18. */
#define ct_sysctl_defaults(s) ct_sysctl_init(s, sizeof(*(s)))
/* The same for a structure of 'size' bytes. */
void ct_sysctl_init(struct ct_sysctl *s, size_t size);

enum ct_sysctl_result {
	CT_SYSCTL_OK,
	CT_SYSCTL_UNKNOWN,	/* looks like a setting of connection tracking,
				 * but there is none with this name */
	CT_SYSCTL_FOREIGN,	/* no setting of connection tracking */
	CT_SYSCTL_READONLY,	/* exists, but cannot be set */
	CT_SYSCTL_VALUE,	/* not a number, or outside the limits */
	CT_SYSCTL_ABSENT,	/* exists in other kernels only */
};

/*
 * Sets one value by name.  Accepts "nf_conntrack_x", "net.netfilter.nf_..."
 * (dots or slashes), "net.nf_conntrack_max", the legacy names with or without
 * "net.ipv4.netfilter." or "net.ipv4.", and "net.ipv4.ipfrag_...".  'value' is
 * a decimal number; blanks around it are ignored.
 */
#define ct_sysctl_set(s, name, value) \
	ct_sysctl_set_sized(s, sizeof(*(s)), name, value)
/* The same for a structure of 'size' bytes; a setting beyond it is UNKNOWN. */
enum ct_sysctl_result ct_sysctl_set_sized(struct ct_sysctl *s, size_t size,
					  const char *name, const char *value);

/*
 * The known name nearest to 'name' by edit distance, or NULL when none is
 * close; static storage.
 */
const char *ct_sysctl_nearest(const char *name);

/* The limits of a setting, for messages; false if the name is unknown. */
bool ct_sysctl_limits(const char *name, uint32_t *min, uint32_t *max);

#ifdef __cplusplus
}
#endif

#endif
