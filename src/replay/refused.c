/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/refused.h"

#include <stdlib.h>
#include <string.h>

#include "base/state_io.h"
#include "ctreplay/firewall.h"
#include "replay/firewall.h"

STATE_COVERS(struct ct_record, 200);
STATE_COVERS(struct connection_view, 304);
STATE_COVERS(struct refused, 80);

#define CAPACITY_MIN 64u

void refused_init(struct refused *r)
{
	*r = (struct refused){ .limit = REFUSED_MAX };
	keyed_hash_init(&r->hash);
}

void refused_free(struct refused *r)
{
	free(r->view);
	hash_index_free(&r->index);
}

static bool has_tuple(const void *view, const void *record)
{
	const struct ct_record *a = &((const struct connection_view *)view)->record;
	const struct ct_record *b = record;

	return a->zone == b->zone &&
	       memcmp(&a->tuple[0], &b->tuple[0], sizeof(a->tuple[0])) == 0;
}

static uint32_t hash(const struct refused *r, const struct ct_record *rec)
{
	uint64_t words[sizeof(rec->tuple[0]) / 8 + 1] = { rec->zone };

	memcpy(words + 1, &rec->tuple[0], sizeof(rec->tuple[0]));
	return keyed_hash_words(&r->hash, words, sizeof(words) / 8);
}

static bool grow(struct refused *r)
{
	struct connection_view *view =
		hash_index_grow(&r->index, r->view, sizeof(*view), CAPACITY_MIN);

	if (view)
		r->view = view;
	return view != NULL;
}

/* '*found' is NULL if there are too many.  False: no memory. */
static bool find(struct refused *r, const struct ct_record *rec,
		 struct connection_view **found)
{
	uint32_t h = hash(r, rec);
	struct hash_place *p;

	*found = NULL;
	if (r->n == r->index.capacity && r->n < r->limit && !grow(r))
		return false;
	p = hash_index_place(&r->index, h, r->view, sizeof(*r->view), has_tuple, rec);
	if (!p->number && r->n == r->limit)
		return true;
	if (!p->number) {
		r->view[r->n] = (struct connection_view){ .record = *rec, .refused = true };
		*p = (struct hash_place){ .hash = h, .number = ++r->n };
	}
	*found = &r->view[p->number - 1];
	return true;
}

/* What never was in the table has no number of its own, and nothing was counted. */
static void strip(struct ct_record *to, const struct ct_record *from)
{
	*to = *from;
	to->id = 0;
	to->helper = NULL;
	memset(to->counter, 0, sizeof(to->counter));
}

bool refused_packet(struct refused *r, const struct ct_record *rec,
		    const struct ct_packet *pkt, const struct ct_verdict *v,
		    const struct rule_place *rule)
{
	struct connection_view *c;
	struct ct_record bare;

	strip(&bare, rec);
	if (!find(r, &bare, &c))
		return false;
	if (!c) {
		r->others++;
		return true;
	}
	c->record.last_seen = c->when = rec->now;
	c->record.counter[CT_DIR_ORIGINAL].packets++;
	c->record.counter[CT_DIR_ORIGINAL].bytes += pkt->len;
	if (v->ctstate < CONNECTION_CTSTATES)
		c->ctstate[v->ctstate]++;
	if (!c->drops.packets++)
		c->drops.first = *rule;
	c->drops.last = *rule;
	return true;
}

static void tuple_state(struct state_io *io, struct ct_tuple *t)
{
	state_bytes(io, &t->src, sizeof(t->src));
	state_bytes(io, &t->dst, sizeof(t->dst));
	state_u32(io, &t->l4);
	state_u8(io, &t->l3num);
	state_u8(io, &t->protonum);
}

static void record_state(struct state_io *io, struct ct_record *rec)
{
	tuple_state(io, &rec->tuple[0]);
	tuple_state(io, &rec->tuple[1]);
	state_u64(io, &rec->master);
	state_u32(io, &rec->status);
	state_u8(io, &rec->state);
	state_bool(io, &rec->generic);
	state_u16(io, &rec->zone);
	state_below8(io, &rec->zone_dirs, CT_ZONE_BOTH + 1);
	state_u32(io, &rec->mark);
	state_u64(io, &rec->first_seen);
	state_u64(io, &rec->last_seen);
	state_u64(io, &rec->counter[0].packets);
	state_u64(io, &rec->counter[0].bytes);
}

static void view_state(struct state_io *io, const struct firewall *fw,
		       struct connection_view *c)
{
	record_state(io, &c->record);
	state_u64s(io, c->ctstate, CONNECTION_CTSTATES);
	state_u64(io, &c->drops.packets);
	firewall_place_state(fw, &c->drops.first, io);
	firewall_place_state(fw, &c->drops.last, io);
}

static bool is_family(const struct ct_tuple *t)
{
	return t->l3num == CT_L3_IPV4 || t->l3num == CT_L3_IPV6;
}

static uint8_t count_states(const struct ct_record *rec)
{
	if (rec->generic)
		return 1;
	switch (rec->tuple[0].protonum) {
	case CT_L4_TCP:
		return CT_TCP_STATES;
	case CT_L4_SCTP:
		return CT_SCTP_STATES;
	case CT_L4_DCCP:
		return CT_DCCP_STATES;
	}
	return 1;
}

static void check_view(struct state_io *io, const struct connection_view *c,
		       ct_time now)
{
	const struct ct_record *rec = &c->record;

	state_check(io, is_family(&rec->tuple[0]) &&
		    rec->tuple[0].l3num == rec->tuple[1].l3num &&
		    rec->tuple[0].protonum == rec->tuple[1].protonum,
		    "a dropped connection is of no known family");
	state_check(io, rec->state < count_states(rec),
		    "a dropped connection has a state that it cannot have");
	state_check(io, rec->first_seen <= rec->last_seen && rec->last_seen <= now,
		    "a dropped connection has a time that it cannot have");
	state_check(io, c->drops.packets && c->drops.first.chain && c->drops.last.chain,
		    "a dropped connection was dropped by no rule");
}

static void load(struct refused *r, const struct firewall *fw, ct_time now,
		 struct state_io *io)
{
	struct connection_view *made;

	while (state_more(io)) {
		struct connection_view c = { .refused = true };

		view_state(io, fw, &c);
		c.when = c.record.last_seen;
		check_view(io, &c, now);
		if (state_failed(io))
			return;
		if (!find(r, &c.record, &made)) {
			state_no_memory(io);
			return;
		}
		state_check(io, made, "it has too many dropped connections");
		if (made)
			*made = c;
	}
}

void refused_state(struct refused *r, const struct firewall *fw, ct_time now,
		   struct state_io *io)
{
	state_begin(io, STATE_TAG('R', 'F', 'S', 'N'));
	state_u64(io, &r->others);
	state_end(io);
	state_begin(io, STATE_TAG('R', 'F', 'S', 'D'));
	for (uint32_t i = 0; io->save && i < r->n; i++)
		view_state(io, fw, &r->view[i]);
	if (!io->save)
		load(r, fw, now, io);
	state_end(io);
}
