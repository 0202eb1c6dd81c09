/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/page/lanes.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

#define CAPACITY_MIN	256u
#define LANES_MAX	(2 * LANES_KEPT)
#define SCORES		65536u

void lanes_free(struct lanes *l)
{
	free(l->lane);
	free(l->segment);
	free(l->slot);
}

/* Room for one more element; NULL, with the old array as it was: no memory. */
static void *more(void *array, uint32_t n, uint32_t *capacity, size_t size)
{
	uint32_t wanted = *capacity ? *capacity * 2 : CAPACITY_MIN;
	void *grown;

	if (n < *capacity)
		return array;
	grown = realloc(array, wanted * size);
	if (grown)
		*capacity = wanted;
	return grown;
}

static bool reserve_slot(struct lanes *l, uint32_t slot)
{
	size_t slots = l->slots ? l->slots : CAPACITY_MIN;
	struct lane_slot *grown;

	if (slot < l->slots)
		return true;
	while (slots <= slot)
		slots *= 2;
	grown = realloc(l->slot, slots * sizeof(*grown));
	if (!grown)
		return false;
	memset(grown + l->slots, 0, (slots - l->slots) * sizeof(*grown));
	l->slot = grown;
	l->slots = (uint32_t)slots;
	return true;
}

/* The state of a lane, number + 1, from 'when' on. */
static bool add_segment(struct lanes *l, uint32_t lane, uint8_t state, ct_time when)
{
	struct page_connection *c = &l->lane[lane - 1];
	struct page_segment *grown;

	l->segments_seen++;
	if (l->nsegments == SEGMENTS_KEPT || c->segments == SEGMENTS_EACH)
		return true;
	grown = more(l->segment, l->nsegments, &l->segments_capacity, sizeof(*grown));
	if (!grown)
		return false;
	l->segment = grown;
	l->segment[l->nsegments++] = (struct page_segment){
		.at = when - l->start, .connection = lane - 1, .state = state,
	};
	c->segments++;
	return true;
}

static void set_ports(struct page_connection *c, const struct ct_tuple *t)
{
	switch (c->protonum) {
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
	case CT_L4_DCCP:
		c->sport = t->sport;
		c->dport = t->dport;
		break;
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		c->sport = (uint16_t)(t->icmp_type << 8 | t->icmp_code);
		c->dport = t->icmp_id;
		break;
	}
}

/* A new lane; its number + 1, or 0: no memory. */
static uint32_t add_lane(struct lanes *l, const struct ct_record *rec, uint8_t state)
{
	const struct ct_tuple *t = &rec->tuple[CT_DIR_ORIGINAL];
	struct page_connection *grown, *c;

	if (l->n == LANES_MAX && !lanes_reduce(l))
		return 0;
	grown = more(l->lane, l->n, &l->capacity, sizeof(*grown));
	if (!grown)
		return 0;
	l->lane = grown;
	c = &l->lane[l->n++];
	*c = (struct page_connection){
		.id = rec->id, .master = rec->master,
		.src = t->src, .dst = t->dst, .l3num = t->l3num,
		.protonum = t->protonum, .status = rec->status, .state = state,
		.first = rec->first_seen - l->start,
	};
	if (!rec->generic)
		set_ports(c, t);
	return l->n;
}

bool lanes_new(struct lanes *l, const struct ct_record *rec, struct bins *b)
{
	uint8_t state = page_state(rec), protonum = rec->tuple[0].protonum;
	struct lane_slot *s;
	uint32_t lane;

	l->seen++;
	bins_add(b, state);
	lane = add_lane(l, rec, state);
	if (!lane || !reserve_slot(l, rec->slot))
		return false;
	s = &l->slot[rec->slot];
	*s = (struct lane_slot){ .id = rec->id, .lane = lane, .state = state };
	if (!rec->generic && page_state_base(protonum))
		s->protonum = protonum;
	return add_segment(l, lane, state, rec->first_seen);
}

static struct lane_slot *slot_of(const struct lanes *l, uint32_t slot, uint64_t id)
{
	return slot < l->slots && l->slot[slot].id == id && id ? &l->slot[slot] : NULL;
}

static noinline bool move(struct lanes *l, struct lane_slot *s, uint8_t state,
			  ct_time when, struct bins *b)
{
	bins_move(b, s->state, state);
	s->state = state;
	if (!s->lane)
		return true;
	l->lane[s->lane - 1].state = state;
	return add_segment(l, s->lane, state, when);
}

bool lanes_update(struct lanes *l, const struct ct_record *rec, ct_time when,
		  struct bins *b)
{
	struct lane_slot *s = slot_of(l, rec->slot, rec->id);
	uint8_t state = page_state(rec);

	if (!s)
		return true;
	if (s->lane)
		l->lane[s->lane - 1].status = rec->status;
	return state == s->state || move(l, s, state, when, b);
}

bool lanes_end(struct lanes *l, const struct ct_event *ev, struct bins *b)
{
	const struct ct_record *rec = &ev->record;
	struct lane_slot *s = slot_of(l, rec->slot, rec->id);
	struct page_connection *c;

	if (!s)
		return true;
	/* A reset may change the state and end the connection at once. */
	if (!lanes_update(l, rec, ev->when, b))
		return false;
	bins_remove(b, s->state);
	l->ended = *s;
	*s = (struct lane_slot){ .id = 0 };
	if (!l->ended.lane)
		return true;
	c = &l->lane[l->ended.lane - 1];
	c->ended = ev->end == CT_END_EXPIRED ? PAGE_TIMED_OUT : PAGE_DESTROYED;
	c->last = ev->when - l->start;
	return true;
}

const struct lane_slot *lanes_find(const struct lanes *l, uint32_t slot, uint64_t id)
{
	const struct lane_slot *s = slot_of(l, slot, id);

	return s ? s : l->ended.id == id && id ? &l->ended : NULL;
}

void lanes_packet(struct lanes *l, const struct lane_slot *s, const struct ct_verdict *v,
		  bool dropped)
{
	struct page_connection *c;

	if (!s->lane)
		return;
	c = &l->lane[s->lane - 1];
	c->seen++;
	c->trouble += dropped || v->ctstate == CT_INVALID;
	c->dropped += dropped;
}

bool lanes_follow(struct lanes *l, const struct ct_verdict *v, ct_time now,
		  struct bins *b)
{
	struct lane_slot *s = slot_of(l, v->slot, v->id);
	uint8_t state;

	if (!s || !s->protonum || s->protonum != v->proto)
		return true;
	state = (uint8_t)(page_state_base(s->protonum) + v->state);
	return likely(state == s->state) || move(l, s, state, now, b);
}

struct page_connection *lanes_by_id(const struct lanes *l, uint64_t id)
{
	uint32_t low = 0, high = l->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (l->lane[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < l->n && l->lane[low].id == id ? &l->lane[low] : NULL;
}

void lanes_count(struct lanes *l, const struct connection_view *v)
{
	struct page_connection *c = lanes_by_id(l, v->record.id);

	if (!c)
		return;
	c->status = v->record.status;
	c->invalid = v->ctstate[CT_INVALID];
	for (unsigned int i = 0; i < 2; i++)
		c->counter[i] = v->record.counter[i];
}

static uint32_t log2_of(uint32_t n)
{
	return n ? 32 - (uint32_t)__builtin_clz(n) : 0;
}

/* Below SCORES; the more, the rather it is kept. */
static uint32_t score(const struct page_connection *c)
{
	return log2_of(c->trouble) << 10 | log2_of(c->seen) << 4 |
	       !(c->status & CT_STATUS_SEEN_REPLY) << 1 | !c->ended;
}

/* The least score that is kept, and how many that have just this one, the first, are
 * kept, too. */
static bool find_limit(const struct lanes *l, uint32_t *limit, uint32_t *spare)
{
	uint32_t *count = calloc(SCORES, sizeof(*count)), left = LANES_KEPT;

	if (!count)
		return false;
	for (uint32_t i = 0; i < l->n; i++)
		count[score(&l->lane[i])]++;
	*limit = SCORES - 1;
	while (*limit && count[*limit] <= left)
		left -= count[(*limit)--];
	*spare = left;
	free(count);
	return true;
}

/* Moves what is kept together: where each lane is now, + 1, or 0. */
static void move_lanes(struct lanes *l, uint32_t *to, uint32_t limit, uint32_t spare)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->n; i++) {
		uint32_t s = score(&l->lane[i]);
		bool kept = s > limit || (s == limit && spare);

		if (s == limit && spare)
			spare--;
		to[i] = kept ? n + 1 : 0;
		if (kept)
			l->lane[n++] = l->lane[i];
	}
	l->n = n;
}

static void move_segments(struct lanes *l, const uint32_t *to)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->nsegments; i++) {
		struct page_segment s = l->segment[i];

		if (!to[s.connection])
			continue;
		s.connection = to[s.connection] - 1;
		l->segment[n++] = s;
	}
	l->nsegments = n;
}

bool lanes_reduce(struct lanes *l)
{
	uint32_t limit, spare, *to;

	if (l->n <= LANES_KEPT)
		return true;
	to = calloc(l->n, sizeof(*to));
	if (!to || !find_limit(l, &limit, &spare)) {
		free(to);
		return false;
	}
	move_lanes(l, to, limit, spare);
	move_segments(l, to);
	for (uint32_t i = 0; i < l->slots; i++)
		if (l->slot[i].lane)
			l->slot[i].lane = to[l->slot[i].lane - 1];
	if (l->ended.lane)
		l->ended.lane = to[l->ended.lane - 1];
	free(to);
	return true;
}
