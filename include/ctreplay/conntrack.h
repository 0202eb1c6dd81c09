/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * conntrack.h - connection tracking as Linux 6.18 does it, as a library.
 *
 * The engine is a function of packets and time.  It opens no files, prints
 * nothing and has no clock: the caller says what time it is, and time only
 * moves forward.  Typical use:
 *
 *	struct ct_config cfg;
 *	ct_config_defaults(&cfg);
 *	struct ct *ct;
 *	struct ct_error error;
 *	if (ct_create(&ct, &cfg, &error) != 0)
 *		... error.text says why ...
 *
 *	for each frame of the capture {
 *		ct_advance(ct, nanoseconds);
 *		if (ct_packet_parse(&pkt, ...) != CT_PACKET_OK)
 *			continue;
 *		... reassembly.h, if pkt.flags has CT_PACKET_FRAGMENT ...
 *		ct_track(ct, &pkt, &verdict);
 *		... rules could look at verdict.ctstate here ...
 *		ct_confirm(ct, &verdict);	// or ct_drop()
 *	}
 *	ct_table(ct, print_record, arg);
 *	ct_destroy(ct);
 *
 * ct_track() is nf_conntrack_in(), the PRE_ROUTING hook: it finds or creates
 * the connection and runs the protocol's tracker.  A new connection is not in
 * the table yet.  ct_confirm() is nf_confirm(), the POST_ROUTING hook: it puts
 * the connection into the table.  ct_drop() stands for a rule that drops the
 * packet in between: it frees a new connection, and keeps the tracker's changes
 * to an old one.
 * After a ct_track() that returns true one of the two must follow; without them
 * the next ct_track() drops the packet.  Where ct_track() returns false, neither
 * does anything.
 *
 * Records hold codes and numbers, never text or pointers into the engine, so
 * they stay valid after the next call and in another thread.  Only one thread
 * at a time may use an engine; fast.h names two exceptions.  Several engines
 * are independent of each other.
 *
 * All functions are safe against any packet bytes.  Memory grows with the
 * number of live connections only, and no more than sysctl.max allows.
 *
 * Other headers: packet.h for packets, reassembly.h for fragments, reason.h for
 * the reasons of verdicts, sysctl.h for settings, fast.h for speed, firewall.h for
 * what a firewall's rules do with connections, version.h.
 */
#ifndef CTREPLAY_CONNTRACK_H
#define CTREPLAY_CONNTRACK_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctreplay/kernel.h"
#include "ctreplay/packet.h"
#include "ctreplay/reason.h"
#include "ctreplay/sysctl.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ct;			/* the engine; opaque */

/* Time, in nanoseconds since the epoch. */
typedef uint64_t ct_time;
#define CT_NSEC_PER_SEC 1000000000ull

/* The states that a rule sees as ctstate, and two for packets that no rule
 * sees. */
enum ct_ctstate {
	CT_NEW,
	CT_ESTABLISHED,
	CT_RELATED,
	CT_INVALID,
	CT_UNTRACKED,
	CT_FRAGMENT,	/* held by reassembly; not from ct_track() */
	CT_DROP,	/* dropped by connection tracking itself */
	CT_CTSTATES
};

enum ct_dir { CT_DIR_ORIGINAL, CT_DIR_REPLY, CT_DIR_NONE };

/* TCP states, numbered as in the kernel's enum tcp_conntrack. */
enum ct_tcp_state {
	CT_TCP_NONE, CT_TCP_SYN_SENT, CT_TCP_SYN_RECV, CT_TCP_ESTABLISHED,
	CT_TCP_FIN_WAIT, CT_TCP_CLOSE_WAIT, CT_TCP_LAST_ACK, CT_TCP_TIME_WAIT,
	CT_TCP_CLOSE, CT_TCP_SYN_SENT2, CT_TCP_STATES
};

/* SCTP states, numbered as in the kernel's enum sctp_conntrack. */
enum ct_sctp_state {
	CT_SCTP_NONE, CT_SCTP_CLOSED, CT_SCTP_COOKIE_WAIT,
	CT_SCTP_COOKIE_ECHOED, CT_SCTP_ESTABLISHED, CT_SCTP_SHUTDOWN_SENT,
	CT_SCTP_SHUTDOWN_RECD, CT_SCTP_SHUTDOWN_ACK_SENT,
	CT_SCTP_HEARTBEAT_SENT,
	CT_SCTP_HEARTBEAT_ACKED,	/* in old kernels only */
	CT_SCTP_STATES
};

/* DCCP states, numbered as in the kernel's enum ct_dccp_states. */
enum ct_dccp_state {
	CT_DCCP_NONE, CT_DCCP_REQUEST, CT_DCCP_RESPOND, CT_DCCP_PARTOPEN,
	CT_DCCP_OPEN, CT_DCCP_CLOSEREQ, CT_DCCP_CLOSING, CT_DCCP_TIMEWAIT,
	CT_DCCP_STATES
};

/* Which transport checksums are verified; with sysctl.checksum = 0, none. */
enum ct_checksum_mode {
	CT_CHECKSUM_AUTO,	/* as ALL, but accepts a checksum that is left to
				 * the sender's card, and a packet that was not
				 * captured whole */
	CT_CHECKSUM_ALL,	/* as the kernel does at PRE_ROUTING */
	CT_CHECKSUM_NONE,
};

/* One direction of a connection; ports in host order. */
struct ct_tuple {
	union ct_addr src, dst;
	union {
		struct { uint16_t sport, dport; };	/* TCP, UDP, SCTP, UDP-Lite */
		struct { uint16_t icmp_id; uint8_t icmp_type, icmp_code; };
		struct { uint16_t srckey, dstkey; };	/* GRE version 1 */
		uint32_t l4;				/* 0: other protocols */
	};
	uint8_t l3num;		/* enum ct_l3 */
	uint8_t protonum;
	uint16_t zero;		/* always 0, so that tuples compare by bytes */
};

/* Entry status, the bits of the kernel's enum ip_conntrack_status used here. */
#define CT_STATUS_EXPECTED	0x001u
#define CT_STATUS_SEEN_REPLY	0x002u
#define CT_STATUS_ASSURED	0x004u
#define CT_STATUS_CONFIRMED	0x008u

struct ct_counter { uint64_t packets, bytes; };

/* One connection as the table or an event shows it. */
struct ct_record {
	uint64_t id;		/* from 1, in order of creation */
	uint64_t master;	/* id of the connection that expected it; 0 none */
	uint32_t slot;		/* as in struct ct_verdict */
	uint8_t  zone_dirs;	/* where 'zone' counts; see firewall.h */
	struct ct_tuple tuple[2];	/* original, reply */
	const char *helper;	/* its helper's name, or NULL; static storage */
	uint32_t status;	/* CT_STATUS_... */
	uint8_t  state;		/* enum ct_tcp_state, ct_sctp_state or
				 * ct_dccp_state, else 0 */
	bool	 generic;	/* the kernel has no tracker for the protocol: the
				 * tuples are two addresses */
	uint16_t zone;		/* 0 unless a rule gave it one */
	uint32_t use;		/* references, as a reader of /proc sees them */
	uint32_t mark;		/* connmark: 0 unless a rule set it */
	ct_time  first_seen, last_seen;
	ct_time  expires;	/* when the entry times out */
	ct_time  now;		/* the engine's time when the record was made */
	uint32_t gre_timeout, gre_timeout_stream;	/* seconds; GRE only */
	struct ct_counter counter[2];	/* with nf_conntrack_acct, else 0 */
};

/*
 * A TCP segment that failed the window check, and the bounds of that check: seq
 * must not exceed seq_upper, end must not fall below seq_lower, ack (with its
 * selective edges) must lie from ack_lower to ack_upper; all modulo 2^32.
 * 'frame' is the number of the frame that set the crossed bound; 0 unknown.
 */
struct ct_window {
	uint32_t seq, end, ack;
	uint32_t seq_lower, seq_upper, ack_lower, ack_upper;
	uint64_t frame;
};

/* What happened to one packet. */
struct ct_verdict {
	uint64_t id;		/* connection; 0 none */
	uint32_t slot;		/* of the connection while it lives: a small number,
				 * which another one gets after its end */
	uint8_t  ctstate;	/* enum ct_ctstate */
	uint8_t  dir;		/* enum ct_dir */
	uint8_t  proto;		/* whose 'state' it is: CT_L4_TCP, CT_L4_SCTP, 0 */
	uint8_t  state;		/* the connection's internal state afterwards */
	bool	 dropped;	/* a helper dropped it after the rules */
	bool	 windowed;	/* 'window' is filled in (config.track_bounds) */
	uint8_t  nwhy;		/* reasons in 'why'; 0 to 2 */
	struct ct_why why[2];	/* the first 'nwhy' are filled in */
	struct ct_window window;
};

enum ct_event_type { CT_EVENT_NEW, CT_EVENT_UPDATE, CT_EVENT_DESTROY };

/* The changes that a CT_EVENT_UPDATE reports. */
#define CT_CHANGED_REPLY	0x1u
#define CT_CHANGED_ASSURED	0x2u
#define CT_CHANGED_PROTOINFO	0x4u
#define CT_CHANGED_MARK		0x8u

/* Why a connection ended. */
enum ct_end {
	CT_END_NONE,		/* it did not */
	CT_END_EXPIRED,		/* its timeout passed */
	CT_END_REOPENED,	/* a SYN took its ports for a new connection */
	CT_END_RESET,		/* a reset of either side came before any reply */
	CT_END_EARLY_DROP,	/* it made room in a full table */
	CT_END_HELPER,		/* its helper ended it: PPTP's calls */
	CT_ENDS
};

/* "expired", "early-drop", ...; NULL for CT_END_NONE.  Static storage. */
const char *ct_end_name(enum ct_end end);

struct ct_event {
	enum ct_event_type type;
	uint32_t changed;	/* CT_CHANGED_... */
	ct_time  when;		/* a DESTROY's is the moment of expiry */
	bool	 bare;		/* the kernel's message has no state and no timeout */
	enum ct_end end;	/* of a DESTROY */
	struct ct_record record;
};

/* An expectation as /proc/net/nf_conntrack_expect or an event shows it. */
struct ct_expect_record {
	uint64_t id;		/* from 1, in order of creation */
	uint64_t master;	/* id of the connection whose helper made it */
	struct ct_tuple tuple;	/* source port 0: any */
	struct ct_tuple mask;	/* source address and port; all else exact */
	struct ct_tuple master_tuple;	/* original direction */
	const char *helper;	/* "ftp"; static storage */
	const char *class_name;	/* "" for most; static storage */
	uint8_t  class_number;	/* of the helper's classes, from 0 */
	bool	 permanent, inactive;
	ct_time  expires, now;
};

struct ct_expect_event {
	enum ct_event_type type;	/* NEW or DESTROY */
	ct_time when;
	struct ct_expect_record record;
};

/* A helper and a port on which it listens. */
struct ct_helper_rule {
	uint8_t helper;		/* its number, as for ct_helper_name() */
	uint16_t port;
};
#define CT_HELPER_RULES 64u
#define CT_HELPERS 10u

#define CT_CONFIG_RESERVED 8u
#define CT_CONFIG_SIZE_MAX 65536u

/*
 * ct_config_defaults() fills it in; then set what should differ.  'size' is that
 * of the structure in the program, so that a library with more sysctls knows
 * which members the program has: a release may append sysctls, and may use some
 * of 'reserved' for other members, without a new soname.
 */
struct ct_config {
	size_t size;		/* sizeof(struct ct_config) */
	enum ct_checksum_mode checksum;
	bool track_bounds;	/* remember which frame set which TCP bound, and
				 * report the bounds of segments that fail */
	uint8_t skip_events;	/* bits 1 << CT_EVENT_...: on_event gets none of
				 * these types, which costs less than to ignore them */
	uint8_t hash_key[16];	/* of the table; random where inputs may be hostile */
	/* Called for each event, in order of time; NULL for none.  The event is
	 * valid during the call only.  The callback must not call the engine. */
	void (*on_event)(void *arg, const struct ct_event *event);
	/* The same for expectations. */
	void (*on_expect)(void *arg, const struct ct_expect_event *event);
	void *event_arg;
	struct ct_helper_rule helper[CT_HELPER_RULES];
	uint32_t nhelpers;
	/* Prefix length of the subnets whose broadcasts netbios-ns and snmp
	 * follow; 0, 31 and 32: none.  The kernel takes it from the interface. */
	uint8_t netbios_prefix, snmp_prefix;
	struct ct_kernel kernel;	/* set by ct_config_set_kernel() */
	uint64_t reserved[CT_CONFIG_RESERVED];	/* 0 */
	struct ct_sysctl sysctl;	/* last: new sysctls are appended */
};

/* Why ct_create() failed. */
struct ct_error {
	int code;		/* -EINVAL or -ENOMEM */
	const char *member;	/* with -EINVAL: the member of struct ct_config, or
				 * the sysctl's name; static storage */
	char text[128];		/* the reason in English, with the value */
};

struct ct_stats {
	uint64_t created, destroyed, early_dropped, refused;
	uint64_t expected, met;	/* expectations made; connections that met one */
	/* Allocations that failed and had an effect: verdicts and the table may
	 * differ from the kernel's since. */
	uint64_t no_memory;
	uint64_t most;		/* most entries at once ... */
	ct_time  most_when;	/* ... and when there were first so many */
};

/* Fills in Linux 6.18's defaults and no helpers; hash_key is all zero. */
#define ct_config_defaults(cfg) ct_config_init(cfg, sizeof(*(cfg)))
/* The same for a structure of 'size' bytes. */
void ct_config_init(struct ct_config *cfg, size_t size);
/* The engine is to behave as 'k', and all sysctls get its defaults. */
void ct_config_set_kernel(struct ct_config *cfg, const struct ct_kernel *k);

/* The name of helper number 'i' below CT_HELPERS: "ftp", ...; static
 * storage. */
const char *ct_helper_name(unsigned int i);
/* Writes its well-known ports to 'ports'; returns their number, at most 4. */
unsigned int ct_helper_ports(unsigned int i, uint16_t ports[4]);
/* Lets helper 'i' listen on 'port'; false after CT_HELPER_RULES of them. */
bool ct_config_add_helper(struct ct_config *cfg, unsigned int i, uint16_t port);
/* Lets all helpers listen on their well-known ports. */
void ct_config_all_helpers(struct ct_config *cfg);

/*
 * Creates an engine with a copy of '*cfg' in '*ct'.  0; or -EINVAL where '*cfg'
 * is not valid, or -ENOMEM.  Then '*ct' is NULL and '*error' says more, unless
 * 'error' is NULL.
 */
int ct_create(struct ct **ct, const struct ct_config *cfg,
	      struct ct_error *error);
/* Frees it; NULL is fine.  No events are sent. */
void ct_destroy(struct ct *ct);

/*
 * Moves the clock to 'now'; a time before the clock's is taken as the clock's.
 * Removes the entries that have expired, in order of their expiry.
 */
void ct_advance(struct ct *ct, ct_time now);
/* The clock. */
ct_time ct_now(const struct ct *ct);

/*
 * Tracks one packet at the clock's time.  '*pkt' and its bytes must stay valid
 * until ct_confirm() or ct_drop(), where helpers read them.  Fills in '*v', but
 * for the entries of 'why' from nwhy on, and 'window' unless 'windowed' is set.
 * When there is no memory for a new connection, the packet is CT_DROP with the
 * reason TABLE_FULL, as in the kernel; ct_stats()->no_memory counts this and
 * any other lack of memory that changes a verdict.
 *
 * Fragments go through a reassembly first (reassembly.h).  An IPv4 packet with
 * CT_PACKET_FRAGMENT is CT_INVALID here, with the reason NO_L4, and changes
 * nothing: the kernel never tracks one.  IPv6 fragments are tracked, since the
 * kernel's reassembly lets some of them through.
 *
 * Returns true if ct_confirm() has work to do.  Otherwise, as for most packets,
 * '*v' is final and neither ct_confirm() nor ct_drop() is needed.
 */
bool ct_track(struct ct *ct, const struct ct_packet *pkt, struct ct_verdict *v);
/* The packet of the last ct_track() leaves: confirms its connection and runs
 * its helper, which may drop the packet (v->dropped). */
void ct_confirm(struct ct *ct, struct ct_verdict *v);
/* A rule dropped the packet of the last ct_track(): frees a new connection. */
void ct_drop(struct ct *ct);

/*
 * The connection of the packet of the last ct_track(ct, pkt, v), as it is now;
 * for use until the next ct_track(), before or after ct_confirm().  False where
 * the packet has none: it is INVALID or UNTRACKED, or was dropped.  A new
 * connection has the id that it gets if it is confirmed.
 */
bool ct_current(const struct ct *ct, const struct ct_packet *pkt,
		const struct ct_verdict *v, struct ct_record *record);
/*
 * The connection in the table of which 'tuple' is one direction, and which
 * direction in '*dir', unless 'dir' is NULL.  False where there is none.
 */
bool ct_lookup(const struct ct *ct, const struct ct_tuple *tuple,
	       enum ct_dir *dir, struct ct_record *record);

/* Live entries. */
size_t ct_count(const struct ct *ct);
const struct ct_stats *ct_stats(const struct ct *ct);

/*
 * Calls 'fn' for each live connection in order of creation until it returns
 * false.  0, or -1 when there was no memory for the order.
 */
int ct_table(struct ct *ct, bool (*fn)(void *arg, const struct ct_record *r),
	     void *arg);

/* The same for expectations. */
int ct_expectations(struct ct *ct,
		    bool (*fn)(void *arg, const struct ct_expect_record *r),
		    void *arg);

/* "NEW", "ESTABLISHED", ...; static storage. */
const char *ct_ctstate_name(enum ct_ctstate s);
/* The state's name as /proc prints it, or NULL for protocols without states. */
const char *ct_proto_state_name(uint8_t protonum, uint8_t state);
/* "PORT", "227 ", ...: a pattern of the FTP helper, by number; static
 * storage. */
const char *ct_ftp_pattern(uint32_t i);
/* "tcp", "icmpv6", ..., or "unknown" for a protocol that no kernel tracks; a
 * record with 'generic' set is "unknown" in /proc whatever this says. */
const char *ct_proto_name(uint8_t protonum);
/* Whether no kernel has a tracker for the protocol. */
bool ct_proto_is_generic(uint8_t protonum);

#ifdef __cplusplus
}
#endif

#endif
