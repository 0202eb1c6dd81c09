/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * conntrack.c - the core: from packet to connection to word.
 *
 * nf_conntrack_in(), resolve_normal_ct() and nf_confirm() of the kernel's
 * nf_conntrack_core.c.  No address is ever translated here, so a connection's
 * reply tuple is the inverse of its original one, and one place in the index
 * serves both directions.
 */
#include "ctreplay/conntrack.h"

#include <stdlib.h>

#include "conntrack/helper/helper.h"
#include "conntrack/table/index.h"
#include "conntrack/proto/tcp_fast_path.h"
#include "packet/ip.h"

const struct ct_proto *ct_proto_find(uint8_t protonum)
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
		return &ct_proto_udplite;
	case CT_L4_GRE:
		return &ct_proto_gre;
	}
	return &ct_proto_generic;
}

void ct_config_defaults(struct ct_config *cfg)
{
	*cfg = (struct ct_config){ .checksum = CT_CHECKSUM_AUTO };
	ct_sysctl_defaults(&cfg->sysctl);
}

struct ct *ct_create(const struct ct_config *cfg)
{
	struct ct *ct = aligned_alloc(CACHE_LINE, sizeof(*ct));

	if (!ct)
		return NULL;
	memset(ct, 0, sizeof(*ct));
	ct->cfg = *cfg;
	ct->made = ENTRY_NONE + 1;
	hash_key_expand(&ct->hash_key, cfg->hash_key);
	tcp_timeouts(ct);
	helper_ports_init(ct);
	ct->fast_path = !cfg->sysctl.acct && !cfg->track_bounds;
	ct->check_sums = cfg->checksum != CT_CHECKSUM_NONE && cfg->sysctl.checksum;
	if (index_init(ct) && timer_init(ct))
		return ct;
	ct_destroy(ct);
	return NULL;
}

void ct_destroy(struct ct *ct)
{
	if (!ct)
		return;
	for (uint32_t i = 1; i < ct->made; i++)
		ext_put(entry_ext(ct, i));
	expect_free_all(ct);
	gre_keys_free(ct);
	index_free(ct);
	table_free(ct);
	early_drop_free(ct);
	timer_free(ct);
	free(ct);
}

ct_time ct_now(const struct ct *ct)
{
	return ct->now;
}

size_t ct_count(const struct ct *ct)
{
	return ct->count;
}

const struct ct_stats *ct_stats(const struct ct *ct)
{
	return &ct->stats;
}

static noinline void expire(struct ct *ct, ct_time now)
{
	uint32_t number;

	/* The clock stands at each expiry in turn, for its event. */
	while ((number = timer_due(ct, now)) != ENTRY_NONE) {
		if (number & EXPECT_BIT) {
			ct->now = expect_get(ct, number)->expires;
			expect_expire(ct, number);
		} else {
			ct->now = table_entry(ct, number)->expires;
			entry_delete(ct, number, ct->now);
		}
	}
	ct->now = now;
}

void ct_advance(struct ct *ct, ct_time now)
{
	if (now < ct->now)
		now = ct->now;
	if (likely(now < ct->timers.due))
		ct->now = now;
	else
		expire(ct, now);
}

void track_why(struct track *t, enum ct_reason reason, uint32_t a, uint32_t b,
	       uint32_t c, uint32_t d)
{
	struct ct_why *why;

	if (t->v->nwhy == sizeof(t->v->why) / sizeof(t->v->why[0]))
		return;
	why = &t->v->why[t->v->nwhy++];
	*why = (struct ct_why){ .reason = (uint16_t)reason,
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

static inline void set_state(struct track *t)
{
	uint8_t protonum = t->entry->tuple.protonum;

	t->v->id = t->entry->id;
	if (protonum == CT_L4_TCP || protonum == CT_L4_SCTP) {
		t->v->proto = protonum;
		t->v->state = t->entry->proto.state;
	}
}

/* A packet that no entry was found for opens a connection, if there is room. */
static bool open_entry(struct track *t, const struct ct_tuple *tuple)
{
	if (entry_create(t, tuple))
		return true;
	t->v->ctstate = CT_DROP;
	track_why(t, CT_REASON_TABLE_FULL, 0, 0, 0, 0);
	return false;
}

/* The same of a packet that was prepared. */
static noinline bool open_prepared(struct track *t)
{
	struct ct_tuple tuple;

	t->hash = t->pkt->priv.hash;
	tuple_of_packet(t->ct, t->pkt, &tuple);
	return open_entry(t, &tuple);
}

/* The entry of a packet whose flow was not prepared, or whose other direction
 * is not just the ends exchanged; made if need be. */
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
	t->number = index_find(t->ct, &tuple, inverse_l4, t->hash, &t->entry,
			       &t->dir);
	return t->number != ENTRY_NONE || open_entry(t, &tuple);
}

/* Finds or makes the entry; false when the packet's word is said. */
static inline bool resolve(struct track *t)
{
	const struct ct_packet *pkt = t->pkt;

	if (likely((pkt->priv.prepared & CT_PREPARED_FLOW) &&
		   pkt->protonum != CT_L4_ICMP &&
		   pkt->protonum != CT_L4_ICMPV6)) {
		t->number = index_find_ports(t->ct, pkt, &t->entry, &t->dir);
		return likely(t->number != ENTRY_NONE) || open_prepared(t);
	}
	return resolve_tuple(t);
}

/* resolve_normal_ct(): what ctstate says if the tracker agrees. */
static enum ct_ctstate word_for(const struct track *t)
{
	/* In this order: the direction cannot be foreseen. */
	if (likely(t->entry->status & CT_STATUS_SEEN_REPLY) ||
	    t->dir == CT_DIR_REPLY)
		return CT_ESTABLISHED;
	return t->entry->status & CT_STATUS_EXPECTED ? CT_RELATED : CT_NEW;
}

/* The packet goes on to ct_confirm(), which has nothing to do for most: their
 * connection is in the table, has no helper, and nothing to tell, or nobody to tell. */
static inline void leaving(struct track *t, enum ct_ctstate word)
{
	struct ct_entry *e = t->entry;

	if (likely((e->status & (CT_STATUS_CONFIRMED | ENTRY_EXT)) ==
		   CT_STATUS_CONFIRMED && (!e->changed || !t->ct->cfg.on_event))) {
		e->changed = 0;
		return;
	}
	t->ct->current = t->number;
	t->ct->pkt = t->pkt;
	t->ct->dir = t->dir;
	t->ct->word = word;
}

/* The tracker took the packet. */
static void accept_packet(struct track *t, enum ct_ctstate word)
{
	struct ct_entry *e = t->entry;

	t->v->ctstate = (uint8_t)word;
	t->v->dir = (uint8_t)t->dir;
	e->last_seen = t->ct->now;
	if (unlikely(!(e->status & CT_STATUS_SEEN_REPLY)) &&
	    t->dir == CT_DIR_REPLY) {
		e->status |= CT_STATUS_SEEN_REPLY;
		e->changed |= CT_CHANGED_REPLY;
	}
	set_state(t);
	if (t->killed)
		entry_free(t->ct, t->number);
	else
		leaving(t, word);
}

/* Most packets are TCP's, which saves them a call through a pointer. */
static inline enum track_result run_tracker(struct track *t)
{
	uint8_t protonum = t->entry->tuple.protonum;

	return likely(protonum == CT_L4_TCP) ? tcp_packet(t) :
	       ct_proto_find(protonum)->packet(t);
}

static always_inline void track_flow(struct track *t)
{
	enum ct_ctstate word;
	enum track_result result;

	do {
		if (!resolve(t))
			return;
		word = word_for(t);
		result = run_tracker(t);
	} while (result == TRACK_REPEAT);

	if (result == TRACK_ACCEPT)
		accept_packet(t, word);
	else if (entry_confirmed(t->entry))
		set_state(t);
	else
		entry_free(t->ct, t->number);
}

/*
 * nf_conntrack_inet_error().  The quoted packet went the other way, so its
 * inverse is looked up, and the error is for whoever sent what it quotes.
 */
void icmp_related(struct track *t, uint32_t off, enum ct_reason outer)
{
	const struct ct_packet *pkt = t->pkt;
	struct ct_tuple quoted, inverse;
	const union ct_addr *inner;
	uint8_t protonum;
	uint32_t l4off;

	if (!ip_transport(&t->bytes, off, pkt->l3num, &l4off, &protonum) ||
	    tuple_read(t->ct, &t->bytes, off, l4off, pkt->l3num, protonum,
		       &quoted) != CT_REASON_NONE || !tuple_invert(&inverse, &quoted)) {
		track_why(t, CT_REASON_ICMP_INNER, 0, 0, 0, 0);
		return;
	}
	t->number = index_find(t->ct, &inverse, quoted.l4,
			       tuple_hash(&t->ct->hash_key, &inverse), &t->entry,
			       &t->dir);
	if (t->number == ENTRY_NONE) {
		track_why(t, CT_REASON_ICMP_UNKNOWN, 0, 0, 0, 0);
		return;
	}
	set_state(t);
	inner = t->dir == CT_DIR_ORIGINAL ? &t->entry->tuple.dst :
					    &t->entry->tuple.src;
	if (memcmp(inner, &pkt->dst, sizeof(*inner)) != 0) {
		track_why_addr(t, outer, &pkt->dst, inner);
		return;
	}
	t->v->ctstate = CT_RELATED;
	t->v->dir = (uint8_t)t->dir;
	leaving(t, CT_RELATED);
}

/* False when the packet's word is said without any lookup. */
static noinline bool is_tracked(struct track *t)
{
	const struct ct_packet *pkt = t->pkt;

	if (pkt->flags & CT_PACKET_NOTRACK) {
		t->v->ctstate = CT_UNTRACKED;
		track_why(t, CT_REASON_NOTRACK, 0, 0, 0, 0);
		return false;
	}
	if (pkt->flags & CT_PACKET_NO_L4) {
		track_why(t, CT_REASON_NO_L4, 0, 0, 0, 0);
		return false;
	}
	if (pkt->protonum == CT_L4_ICMP && pkt->l3num == CT_L3_IPV4)
		return !icmp_error(t);
	if (pkt->protonum == CT_L4_ICMPV6 && pkt->l3num == CT_L3_IPV6)
		return !icmpv6_error(t);
	return true;
}

/* All marks of a connection that has come of age, and none that takes more. */
#define STATUS_FAST \
	(CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED | CT_STATUS_CONFIRMED)

/* Its entry, if it is in the table, is the packet's, and has nothing to tell. */
static always_inline bool is_fast(const struct ct_entry *e,
				   const struct ct_packet *pkt, enum ct_dir *dir)
{
	const struct wanted w = packet_wanted(pkt);

	return e->status == STATUS_FAST && !e->changed &&
	       (pkt->l3num == CT_L3_IPV4 ? index_matches(e, &w, true, dir) :
					   index_matches(e, &w, false, dir));
}

/*
 * The short way of most packets of most captures: ct_prefetch_entry() has seen
 * the connection, tcp_fast_path() takes the segment.  The long way would do the same.
 * False: it has to, and nothing has changed.
 */
static always_inline bool track_fast(struct ct *ct,
				      const struct ct_packet *pkt,
				      struct ct_verdict *v)
{
	const unsigned int known = CT_PREPARED_FLOW | CT_PREPARED_SEGMENT;
	struct ct_entry *e;
	enum ct_dir dir;

	if ((pkt->priv.prepared & known) != known || pkt->priv.entry == ENTRY_NONE ||
	    pkt->priv.entry >= ct->made || (pkt->flags & CT_PACKET_NOTRACK) ||
	    !ct->fast_path)
		return false;
	e = table_entry(ct, pkt->priv.entry);
	if (!is_fast(e, pkt, &dir) ||
	    !tcp_fast_path(ct, pkt, e, pkt->priv.entry, dir))
		return false;
	e->last_seen = ct->now;
	v->id = e->id;
	v->ctstate = CT_ESTABLISHED;
	v->dir = (uint8_t)dir;
	v->proto = CT_L4_TCP;
	v->state = CT_TCP_ESTABLISHED;
	v->nwhy = 0;
	v->dropped = v->windowed = false;
	return true;
}

/* The long way. */
static noinline bool track_slow(struct ct *ct, const struct ct_packet *pkt,
			       struct ct_verdict *v)
{
	struct track t;

	/* Member by member: the rest of both is large, and seldom used. */
	t.ct = ct;
	t.pkt = pkt;
	t.bytes = (struct bytes){ pkt->data, pkt->caplen, pkt->len };
	t.v = v;
	t.killed = false;
	v->id = 0;
	v->ctstate = CT_INVALID;
	v->dir = CT_DIR_NONE;
	v->proto = v->state = v->nwhy = 0;
	v->dropped = v->windowed = false;
	ct->current = ENTRY_NONE;
	if (likely(pkt->protonum == CT_L4_TCP &&
		   !(pkt->flags & (CT_PACKET_NOTRACK | CT_PACKET_NO_L4))) ||
	    is_tracked(&t))
		track_flow(&t);
	return ct->current != ENTRY_NONE;
}

bool ct_track(struct ct *ct, const struct ct_packet *pkt, struct ct_verdict *v)
{
	return !track_fast(ct, pkt, v) && track_slow(ct, pkt, v);
}

/* A rule for the port gives a new connection its helper, unless whoever
 * announced it did; nft_ct_helper_obj_eval(). */
static void assign_helper(struct ct *ct, uint32_t number)
{
	const struct ct_helper *helper =
		helper_for(ct, &table_entry(ct, number)->tuple);
	struct ct_ext *ext = entry_ext(ct, number);

	if (!helper || (ext && ext->helper))
		return;
	ext = ext_get(ct, number);
	if (ext)
		ext->helper = helper;
	else
		ct->stats.no_memory++;
}

static noinline void confirm(struct ct *ct, uint32_t number,
			     struct ct_verdict *v)
{
	struct ct_entry *e = table_entry(ct, number);
	const struct ct_helper *helper;

	if (!entry_confirmed(e) && ct->cfg.nhelpers)
		assign_helper(ct, number);
	helper = e->status & ENTRY_EXT ? entry_ext(ct, number)->helper : NULL;
	if (helper && !helper->late && helper_run(ct, v) == HELP_DROP) {
		v->dropped = true;
		/* A connection that is forgotten has no number. */
		if (!entry_confirmed(e)) {
			v->id = 0;
			v->proto = v->state = 0;
		}
		ct_drop(ct);
		return;
	}
	if (!entry_confirmed(e)) {
		entry_insert(ct, number);
		entry_event(ct, number, CT_EVENT_NEW, e->changed, ct->now);
	} else if (e->changed) {
		entry_event(ct, number, CT_EVENT_UPDATE, e->changed, ct->now);
	}
	e->changed = 0;
	if (helper && helper->late)
		helper_run(ct, v);
	ct->current = ENTRY_NONE;
}

void ct_confirm(struct ct *ct, struct ct_verdict *v)
{
	if (unlikely(ct->current != ENTRY_NONE))
		confirm(ct, ct->current, v);
}

void ct_drop(struct ct *ct)
{
	uint32_t number = ct->current;

	ct->current = ENTRY_NONE;
	if (number == ENTRY_NONE || entry_confirmed(table_entry(ct, number)))
		return;
	/* TFTP expects its transfer before the request's connection exists. */
	expect_remove_all(ct, entry_ext(ct, number));
	entry_free(ct, number);
}
