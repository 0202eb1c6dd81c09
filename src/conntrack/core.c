/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * core.c - the engine's creation, its clock, and the way of any packet to its
 * connection and verdict: nf_conntrack_in() and resolve_normal_ct() of the
 * kernel's nf_conntrack_core.c.
 *
 * No address is ever translated here, so the reply tuple of a connection is the
 * inverse of its original tuple, and one cell of the index serves both
 * directions.
 */
#include "conntrack/core.h"

#include <stdlib.h>

#include "conntrack/debug.h"
#include "conntrack/helper/gre_key.h"
#include "conntrack/helper/helper.h"
#include "conntrack/lifecycle.h"
#include "conntrack/table/index.h"
#include "conntrack/tuple.h"

const struct ct_proto *ct_proto_find(const struct ct_kernel *k, uint8_t protonum)
{
	switch (protonum) {
	case CT_L4_TCP:
		return &ct_proto_tcp;
	case CT_L4_UDP:
		return &ct_proto_udp;
	case CT_L4_ICMP:
		return &ct_proto_icmp;
	case CT_L4_ICMPV6:
		return &ct_proto_icmpv6;
	case CT_L4_SCTP:
		return &ct_proto_sctp;
	case CT_L4_UDPLITE:
		return ct_kernel_has(k, CT_HAS_UDPLITE_GENERIC) ?
		       &ct_proto_generic : &ct_proto_udplite;
	case CT_L4_DCCP:
		return ct_kernel_has(k, CT_HAS_DCCP_GENERIC) ?
		       &ct_proto_generic : &ct_proto_dccp;
	case CT_L4_GRE:
		return &ct_proto_gre;
	}
	return &ct_proto_generic;
}

struct ct *core_create(const struct ct_config *cfg)
{
	struct ct *ct = aligned_alloc(CACHE_LINE, sizeof(*ct));

	if (!ct)
		return NULL;
	memset(ct, 0, sizeof(*ct));
	ct->cfg = *cfg;
	hash_key_expand(&ct->hash_key, cfg->hash_key);
	reason_variants(ct->reason_variant, &cfg->kernel);
	tcp_timeouts(ct);
	helper_ports_init(ct);
	if (cfg->sysctl.acct || cfg->track_bounds)
		ct->slow = SLOW_ALWAYS;
	ct->sends_updates = cfg->on_event &&
			    !(cfg->skip_events & 1u << CT_EVENT_UPDATE);
	ct->check_sums = cfg->checksum != CT_CHECKSUM_NONE &&
			 cfg->sysctl.checksum;
	if (table_init(&ct->table, cfg->sysctl.acct, cfg->track_bounds))
		return ct;
	ct_destroy(ct);
	return NULL;
}

static void free_exts(struct ct *ct)
{
	const struct table *t = &ct->table;

	for (uint32_t i = ENTRY_NONE; (i = table_next(t, i)) != ENTRY_NONE; ) {
		/* Of most slabs no entry has one. */
		if (t->slab[i >> SLAB_SHIFT].ext)
			ext_put(entry_ext(ct, i));
		else
			i |= SLAB_MASK;
	}
}

void ct_destroy(struct ct *ct)
{
	if (!ct)
		return;
	if (ct->table.timers.block && !ct->half_loaded)	/* else its creation failed */
		engine_check(ct);
	free_exts(ct);
	expect_free_all(ct);
	gre_keys_free(ct);
	table_free(&ct->table);
	free(ct);
}

ct_time ct_now(const struct ct *ct)
{
	return ct->now;
}

size_t ct_count(const struct ct *ct)
{
	return ct->table.count;
}

const struct ct_stats *ct_stats(const struct ct *ct)
{
	return &ct->stats;
}

void core_expire(struct ct *ct, ct_time now)
{
	uint32_t number;

	/* The clock stops at each expiry, for its event. */
	while ((number = timer_due(&ct->table, now)) != ENTRY_NONE) {
		if (number & EXPECT_BIT) {
			ct->now = expect_get(ct, number)->timed.timer.expires;
			expect_expire(ct, number);
		} else {
			ct->now = entry_get(ct, number)->timer.expires;
			entry_delete(ct, number, ct->now, CT_END_EXPIRED);
		}
	}
	ct->now = now;
}

void ct_advance(struct ct *ct, ct_time now)
{
	if (now < ct->now)
		now = ct->now;
	if (likely(now < ct->table.timers.due))
		ct->now = now;
	else
		core_expire(ct, now);
}

void track_why(struct track *t, enum ct_reason reason, uint32_t a, uint32_t b,
	       uint32_t c, uint32_t d)
{
	struct ct_why *why;

	if (t->v->nwhy == sizeof(t->v->why) / sizeof(t->v->why[0]))
		return;
	why = &t->v->why[t->v->nwhy++];
	*why = (struct ct_why){ .reason = (uint16_t)reason,
				.variant = t->ct->reason_variant[reason],
				.l3num = t->pkt->l3num };
	why->n[0] = a;
	why->n[1] = b;
	why->n[2] = c;
	why->n[3] = d;
}

void track_why_addr(struct track *t, enum ct_reason reason,
		    const union ct_addr *a, const union ct_addr *b)
{
	track_why(t, reason, 0, 0, 0, 0);
	t->v->why[t->v->nwhy - 1].addr[0] = *a;
	t->v->why[t->v->nwhy - 1].addr[1] = *b;
}

enum track_result track_invalid(struct track *t, enum ct_reason reason)
{
	track_why(t, reason, 0, 0, 0, 0);
	return TRACK_INVALID;
}

/* A packet without a connection opens one, if there is space in the table. */
static bool open_entry(struct track *t, const struct ct_tuple *tuple)
{
	if (entry_create(t, tuple))
		return true;
	t->v->ctstate = CT_DROP;
	track_why(t, CT_REASON_TABLE_FULL, 0, 0, 0, 0);
	return false;
}

/* open_entry() for a packet that was prepared. */
static noinline bool open_prepared(struct track *t)
{
	struct ct_tuple tuple;

	t->hash = t->pkt->priv.hash;
	tuple_of_packet(t->ct, t->pkt, &tuple);
	if (unlikely(t->ct->zones) && zone_find(t, &tuple))
		return true;
	return open_entry(t, &tuple);
}

/* resolve() for a packet whose flow was not prepared, or whose other direction
 * is more than its ends swapped. */
static noinline bool resolve_tuple(struct track *t)
{
	struct ct_tuple tuple;
	enum ct_reason reason;
	uint32_t inverse_l4;

	reason = tuple_of_packet(t->ct, t->pkt, &tuple);
	if (reason != CT_REASON_NONE) {
		track_why(t, reason, 0, 0, 0, 0);
		return false;
	}
	if (!tuple_invert_l4(&inverse_l4, &tuple)) {
		track_why(t, CT_REASON_ICMP_NEW, tuple.icmp_type, 0, 0, 0);
		return false;
	}
	t->hash = t->pkt->priv.prepared & CT_PREPARED_FLOW ?
		  t->pkt->priv.hash : tuple_hash(&t->ct->hash_key, &tuple);
	if (unlikely(t->ct->zones))
		return zone_find(t, &tuple) || open_entry(t, &tuple);
	t->number = index_find(&t->ct->table, &tuple, inverse_l4, t->hash,
			       &t->entry, &t->dir);
	return t->number != ENTRY_NONE || open_entry(t, &tuple);
}

/* Finds or creates the connection; false where the verdict is complete. */
static inline bool resolve(struct track *t)
{
	const struct ct_packet *pkt = t->pkt;

	if (likely((pkt->priv.prepared & CT_PREPARED_FLOW) &&
		   pkt->protonum != CT_L4_ICMP &&
		   pkt->protonum != CT_L4_ICMPV6)) {
		t->number = index_find_ports(&t->ct->table, pkt, &t->entry,
					     &t->dir);
		return likely(t->number != ENTRY_NONE) || open_prepared(t);
	}
	return resolve_tuple(t);
}

/* The ctstate if the tracker accepts the packet; resolve_normal_ct(). */
static enum ct_ctstate ctstate_for(const struct track *t)
{
	/* The direction comes second, because it cannot be predicted. */
	if (likely(t->entry->status & CT_STATUS_SEEN_REPLY) ||
	    t->dir == CT_DIR_REPLY)
		return CT_ESTABLISHED;
	return t->entry->status & CT_STATUS_EXPECTED ? CT_RELATED : CT_NEW;
}

/* The tracker accepts the packet. */
static void accept_packet(struct track *t, enum ct_ctstate ctstate)
{
	struct ct_entry *e = t->entry;

	t->v->ctstate = (uint8_t)ctstate;
	t->v->dir = (uint8_t)t->dir;
	e->last_seen = t->ct->now;
	if (unlikely(!(e->status & CT_STATUS_SEEN_REPLY)) &&
	    t->dir == CT_DIR_REPLY) {
		e->status |= CT_STATUS_SEEN_REPLY;
		e->changed |= CT_CHANGED_REPLY;
	}
	core_set_state(t);
	if (likely(!t->killed)) {
		core_accept(t, ctstate);
	} else {
		t->ct->current = t->number;
		t->ct->slow |= SLOW_ENDED;
	}
}

/* A direct call for TCP, which most packets are. */
static inline enum track_result run_tracker(struct track *t)
{
	uint8_t protonum = t->entry->protonum;

	return likely(protonum == CT_L4_TCP) ? tcp_packet(t) :
	       ct_proto_find(&t->ct->cfg.kernel, protonum)->packet(t);
}

static always_inline void track_flow(struct track *t)
{
	enum ct_ctstate ctstate;
	enum track_result result;

	do {
		if (!resolve(t))
			return;
		ctstate = ctstate_for(t);
		result = run_tracker(t);
	} while (result == TRACK_REPEAT);

	if (result == TRACK_ACCEPT)
		accept_packet(t, ctstate);
	else if (entry_confirmed(t->entry))
		core_set_state(t);
	else
		entry_free(t->ct, t->number);
}

/* False where the verdict is complete without a lookup. */
static noinline bool is_tracked(struct track *t)
{
	const struct ct_packet *pkt = t->pkt;

	if (pkt->flags & CT_PACKET_NOTRACK) {
		t->v->ctstate = CT_UNTRACKED;
		if (!t->ct->tmpl.notrack)	/* else a rule says it */
			track_why(t, CT_REASON_NOTRACK, 0, 0, 0, 0);
		return false;
	}
	/* ipv4_get_l4proto() refuses fragments, which nf_defrag_ipv4 keeps from
	 * it; nf_defrag_ipv6 lets some through. */
	if ((pkt->flags & CT_PACKET_NO_L4) ||
	    (pkt->flags & CT_PACKET_LONG_CHAIN &&
	     kernel_has(t->ct, CT_HAS_IPV6_CHAIN_LIMIT)) ||
	    ((pkt->flags & CT_PACKET_FRAGMENT) && pkt->l3num == CT_L3_IPV4)) {
		track_why(t, CT_REASON_NO_L4, 0, 0, 0, 0);
		return false;
	}
	if (pkt->protonum == CT_L4_ICMP && pkt->l3num == CT_L3_IPV4)
		return !icmp_error(t);
	if (pkt->protonum == CT_L4_ICMPV6 && pkt->l3num == CT_L3_IPV6)
		return !icmpv6_error(t);
	return true;
}

/* How many bytes of the transport header the verdict depends on. */
static uint32_t header_bytes(uint8_t protonum)
{
	switch (protonum) {
	case CT_L4_TCP:
		return 16;	/* up to the window */
	case CT_L4_SCTP:
		return 16;	/* with the first chunk's header */
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		return 8;
	}
	return 0;
}

/* What was not captured reads as zero: it is the cause that the packet is
 * INVALID, and not what the tracker made of the zeros. */
static noinline void blame_cut(const struct ct_packet *pkt, struct ct_verdict *v)
{
	uint32_t end = pkt->l4off + header_bytes(pkt->protonum);

	if (v->nwhy && pkt->caplen < end && end <= pkt->len) {
		v->nwhy = 1;
		v->why[0] = (struct ct_why){ .reason = CT_REASON_CUT_HEADER,
					     .l3num = pkt->l3num };
	}
}

bool core_track(struct ct *ct, const struct ct_packet *pkt, struct ct_verdict *v)
{
	struct track t;

	/* Not all members: those that few packets use are large. */
	t.ct = ct;
	t.pkt = pkt;
	t.bytes = (struct bytes){ pkt->data, pkt->caplen, pkt->len };
	t.v = v;
	t.killed = false;
	v->id = 0;
	v->slot = 0;
	v->ctstate = CT_INVALID;
	v->dir = CT_DIR_NONE;
	v->proto = v->state = v->nwhy = 0;
	v->dropped = v->windowed = false;
	if (unlikely(ct->slow & (SLOW_PENDING | SLOW_ENDED)))
		ct_drop(ct);
	ct->current = ENTRY_NONE;
	if (likely(pkt->protonum == CT_L4_TCP &&
		   !(pkt->flags & (CT_PACKET_NOTRACK | CT_PACKET_NO_L4 |
				   CT_PACKET_FRAGMENT | CT_PACKET_LONG_CHAIN))) ||
	    is_tracked(&t))
		track_flow(&t);
	if (unlikely(v->ctstate == CT_INVALID && (pkt->flags & CT_PACKET_CUT)))
		blame_cut(pkt, v);
	return ct->slow & SLOW_PENDING;
}

