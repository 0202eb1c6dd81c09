/* SPDX-License-Identifier: GPL-2.0-only */
/* state_entry.c - connections as bytes.  Their order among timers that expire at one
 * time, and in the early-drop queue, follows from their ids. */
#include <stdlib.h>

#include "conntrack/proto/dccp.h"
#include "conntrack/proto/tcp.h"
#include "conntrack/state.h"
#include "conntrack/table/index.h"
#include "conntrack/tuple.h"

STATE_COVERS(struct ct_tuple, 40);
STATE_COVERS(struct ct_entry, 128);
STATE_COVERS(struct entry_rest, 24);
STATE_COVERS(struct tcp_info, 56);
STATE_COVERS(struct tcp_side, 18);
STATE_COVERS(struct sctp_info, 16);
STATE_COVERS(struct dccp_info, 11);
STATE_COVERS(struct gre_info, 8);
STATE_COVERS(struct tcp_bounds, 64);

#define SCALE_MAX	14u	/* RFC 7323, section 2.3 */

/* Of an entry's byte of flags. */
#define HAS_MARK	0x4u
#define FLAGS		0x8u

void addr_state(struct state_io *io, union ct_addr *a, uint8_t l3num)
{
	if (!io->save)
		*a = (union ct_addr){ .d = { 0 } };
	state_bytes(io, a, l3num == CT_L3_IPV4 ? 4 : 16);
}

void tuple_state(struct state_io *io, struct ct_tuple *t)
{
	state_u8(io, &t->l3num);
	state_check(io, t->l3num == CT_L3_IPV4 || t->l3num == CT_L3_IPV6,
		    "a tuple is neither of IPv4 nor of IPv6");
	state_u8(io, &t->protonum);
	addr_state(io, &t->src, t->l3num);
	addr_state(io, &t->dst, t->l3num);
	if (t->protonum == CT_L4_ICMP || t->protonum == CT_L4_ICMPV6) {
		state_u16(io, &t->icmp_id);
		state_u8(io, &t->icmp_type);
		state_u8(io, &t->icmp_code);
	} else {
		state_u16(io, &t->sport);
		state_u16(io, &t->dport);
	}
	state_u16(io, &t->zero);
}

static void side_state(struct state_io *io, struct tcp_side *packed)
{
	struct tcp_side s = *packed;
	uint32_t n[4] = { s.td_end, s.td_maxend, s.td_maxwin, s.td_maxack };

	for (unsigned int i = 0; i < 4; i++)
		state_u32(io, &n[i]);
	s.td_end = n[0];
	s.td_maxend = n[1];
	s.td_maxwin = n[2];
	s.td_maxack = n[3];
	state_below8(io, &s.td_scale, SCALE_MAX + 1);
	state_u8(io, &s.flags);
	*packed = s;
}

static void tcp_state(struct state_io *io, struct tcp_info *tcp)
{
	state_below8(io, &tcp->state, CT_TCP_STATES);
	state_u8(io, &tcp->retrans);
	state_below8(io, &tcp->last_index, TCP_INDEXES);
	state_below8(io, &tcp->last_dir, 2);
	side_state(io, &tcp->seen[0]);
	side_state(io, &tcp->seen[1]);
	state_u32(io, &tcp->last_seq);
	state_u32(io, &tcp->last_ack);
	state_u32(io, &tcp->last_end);
	state_u16(io, &tcp->last_win);
	state_below8(io, &tcp->last_wscale, SCALE_MAX + 1);
	state_u8(io, &tcp->last_flags);
}

static void sctp_state(struct state_io *io, struct sctp_info *sctp)
{
	state_below8(io, &sctp->state, CT_SCTP_STATES);
	state_below8(io, &sctp->last_dir, 2);
	state_u8(io, &sctp->flags);
	for (unsigned int dir = 0; dir < 2; dir++) {
		state_below8(io, &sctp->init[dir], 2);
		state_bytes(io, &sctp->vtag[dir], sizeof(sctp->vtag[dir]));
	}
}

static void dccp_state(struct state_io *io, struct dccp_info *dccp)
{
	state_below8(io, &dccp->state, CT_DCCP_STATES);
	state_below8(io, &dccp->role[0], DCCP_SERVER + 1);
	state_below8(io, &dccp->role[1], DCCP_SERVER + 1);
	state_below8(io, &dccp->last_pkt, DCCP_TYPES);
	state_below8(io, &dccp->last_dir, 2);
	state_bytes(io, dccp->handshake_seq, sizeof(dccp->handshake_seq));
}

static void proto_state(struct state_io *io, const struct ct_proto *proto,
			struct ct_entry *e)
{
	ct_time stream = e->proto.udp_stream;

	if (proto == &ct_proto_tcp) {
		tcp_state(io, &e->proto.tcp);
	} else if (proto == &ct_proto_udp || proto == &ct_proto_udplite) {
		state_u64(io, &stream);
		e->proto.udp_stream = stream;
	} else if (proto == &ct_proto_sctp) {
		sctp_state(io, &e->proto.sctp);
	} else if (proto == &ct_proto_dccp) {
		dccp_state(io, &e->proto.dccp);
	} else if (proto == &ct_proto_gre) {
		state_u32(io, &e->proto.gre.timeout);
		state_u32(io, &e->proto.gre.stream_timeout);
	}
}

/* The zone's directions, and whether there is a mark; loading: sets the mark. */
static void mark_state(struct engine_state *s, uint32_t number)
{
	struct table *t = &s->ct->table;
	struct entry_rest *rest = table_rest(t, number);
	uint32_t mark = s->io->save ? table_mark(t, number) : 0;
	uint8_t flags = (uint8_t)(rest->zone_dirs | (mark ? HAS_MARK : 0));

	state_below8(s->io, &flags, FLAGS);
	rest->zone_dirs = flags & CT_ZONE_BOTH;
	if (!(flags & HAS_MARK))
		return;
	state_u32(s->io, &mark);
	if (!s->io->save && !table_set_mark(t, number, mark))
		state_no_memory(s->io);
}

static void counters_state(struct engine_state *s, uint32_t number)
{
	struct ct_counter *acct = table_counters(&s->ct->table, number);
	struct tcp_bounds *bounds = table_bounds(&s->ct->table, number);

	for (int dir = 0; acct && dir < 2; dir++) {
		state_u64(s->io, &acct[dir].packets);
		state_u64(s->io, &acct[dir].bytes);
	}
	for (int dir = 0; bounds && dir < 2; dir++) {
		state_u64(s->io, &bounds->end[dir]);
		state_u64(s->io, &bounds->maxend[dir]);
		state_u64(s->io, &bounds->maxwin[dir]);
		state_u64(s->io, &bounds->maxack[dir]);
	}
}

/* All of an entry but its tuple. */
static void entry_state(struct engine_state *s, uint32_t number)
{
	struct ct_entry *e = entry_get(s->ct, number);
	struct entry_rest *rest = entry_rest(s->ct, number);
	struct state_io *io = s->io;
	uint64_t expires = e->timer.expires;
	/* The ext says itself whose it is. */
	uint8_t status = e->status & ENTRY_PUBLIC;

	state_below8(io, &status, CT_STATUS_CONFIRMED * 2);
	state_u8(io, &e->changed);
	state_u64(io, &e->id);
	state_u64(io, &expires);
	state_u64(io, &e->last_seen);
	state_u64(io, &rest->first_seen);
	mark_state(s, number);
	proto_state(io, ct_proto_find(&s->ct->cfg.kernel, e->protonum), e);
	counters_state(s, number);
	if (io->save)
		return;
	e->timer.expires = expires;
	e->status = status;
}

/* Whether the engine could have made the entry. */
static void check_entry(struct engine_state *s, uint32_t number)
{
	const struct ct_entry *e = entry_get(s->ct, number);
	const struct entry_rest *rest = entry_rest(s->ct, number);
	ct_time now = s->ct->now;

	state_check(s->io, e->id && e->id <= s->ct->last_id,
		    "a connection has a number that none can have");
	state_check(s->io, e->status & CT_STATUS_CONFIRMED,
		    "a connection was not confirmed");
	state_check(s->io, e->timer.expires >= now && rest->first_seen <= now &&
		    e->last_seen <= now, "a connection has a time that it cannot have");
	state_check(s->io, (!e->zone && !rest->zone_dirs) ||
		    (e->zone && rest->zone_dirs && s->ct->zones),
		    "a connection has a zone that it cannot have");
}

/* The hash without the zone; a tuple that is there already is refused, but for zones,
 * where the other direction may differ. */
static void hash_entry(struct engine_state *s, uint32_t number)
{
	struct ct_tuple t = entry_tuple(entry_get(s->ct, number));
	uint32_t hash = tuple_hash(&s->ct->hash_key, &t), inverse = 0;
	struct ct_entry *other;
	enum ct_dir dir;

	entry_rest(s->ct, number)->hash = hash;
	state_check(s->io, tuple_invert_l4(&inverse, &t),
		    "a connection has no other direction");
	if (!t.zero && !state_failed(s->io) &&
	    index_find(&s->ct->table, &t, inverse, hash, &other, &dir) != ENTRY_NONE)
		state_fail(s->io, "two connections have one tuple");
}

/* Gives the entry its place; false: no memory. */
static bool add_rank(struct engine_state *s, uint32_t number)
{
	if (s->ranks == s->rank_capacity) {
		uint32_t capacity = s->rank_capacity ? s->rank_capacity * 2 : 1024;
		uint32_t *to = realloc(s->rank, capacity * sizeof(*to));

		if (!to)
			return false;
		s->rank = to;
		s->rank_capacity = capacity;
	}
	s->rank[s->ranks++] = number;
	return true;
}

static uint32_t make_entry(struct engine_state *s, const struct ct_tuple *tuple)
{
	struct table *t = &s->ct->table;
	uint32_t number = ENTRY_NONE;

	if (timer_reserve(t) && index_reserve(t))
		number = table_alloc(t, tuple->l3num);
	if (number == ENTRY_NONE)
		return ENTRY_NONE;
	if (!add_rank(s, number)) {
		table_release(t, number);
		return ENTRY_NONE;
	}
	entry_set_tuple(table_entry(t, number), tuple);
	t->shuffled = true;	/* the saved table may have been */
	return number;
}

static void load_entry(struct engine_state *s)
{
	struct table *t = &s->ct->table;
	struct ct_tuple tuple = { 0 };
	uint32_t number;

	tuple_state(s->io, &tuple);
	if (state_failed(s->io))
		return;
	number = make_entry(s, &tuple);
	if (number == ENTRY_NONE) {
		state_no_memory(s->io);
		return;
	}
	entry_state(s, number);
	if (!state_failed(s->io))
		check_entry(s, number);
	if (!state_failed(s->io))
		hash_entry(s, number);
	if (state_failed(s->io)) {
		table_entry(t, number)->status = 0;
		table_release(t, number);
		return;
	}
	index_insert(t, number);
	timer_add(t, number, s->ct->now);
}

static void save_entry(struct engine_state *s, uint32_t number)
{
	struct ct_tuple tuple = entry_tuple(entry_get(s->ct, number));

	tuple_state(s->io, &tuple);
	entry_state(s, number);
}

/* Whether there are as many as the counts say, and no more than there may be. */
static void check_count(struct engine_state *s)
{
	const struct ct_stats *stats = &s->ct->stats;
	uint32_t count = s->ct->table.count, max = s->ct->cfg.sysctl.max;

	state_check(s->io, count == stats->created - stats->destroyed,
		    "there are not as many connections as its counts say");
	state_check(s->io, count <= stats->most,
		    "there are more connections than there ever were");
	state_check(s->io, !max || count <= max,
		    "there are more connections than nf_conntrack_max");
}

void entries_state(struct engine_state *s)
{
	const struct table *t = &s->ct->table;

	state_begin(s->io, STATE_TAG('C', 'O', 'N', 'N'));
	if (!s->io->save) {
		while (state_more(s->io))
			load_entry(s);
	} else {
		for (uint32_t i = ENTRY_NONE; (i = table_next_indexed(t, i)) != ENTRY_NONE; )
			save_entry(s, i);
	}
	state_end(s->io);
	if (!s->io->save)
		check_count(s);
}
