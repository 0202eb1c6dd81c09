/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * track.h - what the trackers of proto/ get from the core, and what the core
 * asks of them.
 */
#ifndef CONNTRACK_TRACK_H
#define CONNTRACK_TRACK_H 1

#include "base/bytes.h"
#include "conntrack/engine.h"

/* The kernel measures some times in jiffies; Debian's are 1/250 of a second. */
#define KERNEL_HZ 250u

/* One packet on its way through a tracker. */
struct track {
	struct ct *ct;
	const struct ct_packet *pkt;
	struct bytes bytes;	/* the packet, from the IP header */
	struct ct_segment segment;	/* if ct_prepare() did not read it */
	struct ct_entry *entry;	/* this and the next from the lookup on */
	uint32_t number;
	uint32_t hash;		/* of the packet's flow */
	struct ct_verdict *v;
	enum ct_dir dir;
	bool killed;		/* track_kill() was called */
};

enum track_result {
	TRACK_ACCEPT,
	TRACK_INVALID,
	TRACK_REPEAT,		/* the entry was removed: look up again (NF_REPEAT) */
};

/* A protocol's tracker (struct nf_conntrack_l4proto). */
struct ct_proto {
	/* Judges a packet of t->entry in direction t->dir. */
	enum track_result (*packet)(struct track *t);
	/* The transport header begins with two ports. */
	bool ports;
	/* Names of internal states; NULL for protocols without. */
	const char *(*state_name)(uint8_t state);
};

extern const struct ct_proto ct_proto_tcp, ct_proto_udp, ct_proto_udplite,
			     ct_proto_icmp, ct_proto_icmpv6, ct_proto_sctp,
			     ct_proto_gre, ct_proto_dccp, ct_proto_generic;

/* nf_ct_l4proto_find() */
const struct ct_proto *ct_proto_find(const struct ct_kernel *k, uint8_t protonum);
/* Sets for each reason the variant of its text that kernel 'k' has; reason.c. */
void reason_variants(uint8_t variant[CT_REASON_COUNT], const struct ct_kernel *k);

/* The tracker of most packets, for a direct call. */
enum track_result tcp_packet(struct track *t);
/* Derives ct->tcp_timeout and ct->tcp_fast_life from the configuration. */
void tcp_timeouts(struct ct *ct);

/* Errors, and messages that are never tracked; before any lookup.  True where
 * that settles the verdict.  nf_conntrack_icmpv4_error() and its neighbour. */
bool icmp_error(struct track *t);
bool icmpv6_error(struct track *t);
/*
 * The packet is RELATED if the packet quoted at 'off' belongs to a connection;
 * 'outer' is the reason where the two do not fit.  nf_conntrack_inet_error().
 */
void icmp_related(struct track *t, uint32_t off, enum ct_reason outer);

/* Finds the connection of the tuple in the zone of the packet at hand, which it puts
 * into the tuple: t->number, or ENTRY_NONE and false; zone.c. */
bool zone_find(struct track *t, struct ct_tuple *tuple);

/* Adds a reason with its numbers, unless the verdict has two already. */
void track_why(struct track *t, enum ct_reason reason, uint32_t a, uint32_t b,
	       uint32_t c, uint32_t d);
/* Adds a reason with two addresses. */
void track_why_addr(struct track *t, enum ct_reason reason,
		    const union ct_addr *a, const union ct_addr *b);
/* Adds a reason; TRACK_INVALID, to be returned. */
enum track_result track_invalid(struct track *t, enum ct_reason reason);

/* Whether the configuration calls the transport checksum wrong; prepare.c. */
bool track_judge_checksum(const struct track *t, uint8_t protonum,
			  uint32_t field);
bool track_bad_checksum_partial(const struct track *t, uint8_t protonum,
				uint32_t coverage);
bool track_bad_checksum_sctp(const struct track *t);

/* The connection ends with this packet: it leaves the table, with its event.
 * The entry itself stays readable until the verdict is complete. */
void track_kill(struct track *t);

static inline void track_set_assured(struct track *t)
{
	if (likely(t->entry->status & CT_STATUS_ASSURED))
		return;
	t->entry->status |= CT_STATUS_ASSURED;
	t->entry->changed |= CT_CHANGED_ASSURED;
}

static inline void track_account(struct track *t)
{
	struct ct_counter *acct = table_counters(&t->ct->table, t->number);

	if (acct) {
		acct[t->dir].packets++;
		acct[t->dir].bytes += t->pkt->len;
	}
}

/* The bounds of t->entry, or NULL: none are kept. */
static inline struct tcp_bounds *track_bounds(const struct track *t)
{
	return table_bounds(&t->ct->table, t->number);
}

/* The connection expires 'seconds' from now. */
static inline void track_set_timeout(struct track *t, uint32_t seconds)
{
	entry_set_expiry(t->ct, t->number, t->entry,
			 t->ct->now + seconds * CT_NSEC_PER_SEC);
}

/* The same, and the packet is counted; nf_ct_refresh_acct(). */
static inline void track_refresh(struct track *t, uint32_t seconds)
{
	track_set_timeout(t, seconds);
	track_account(t);
}

/* Whether ct_prepare() verified the transport checksum. */
static inline bool packet_judged(const struct ct_packet *pkt)
{
	return pkt->priv.prepared & CT_PREPARED_CHECKSUM;
}

static inline bool track_bad_checksum(const struct track *t, uint8_t protonum,
				      uint32_t field)
{
	if (likely(packet_judged(t->pkt)))
		return t->pkt->priv.prepared & CT_PREPARED_BAD;
	return track_judge_checksum(t, protonum, field);
}

#endif
